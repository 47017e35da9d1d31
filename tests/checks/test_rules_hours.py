"""Hours that can be read, but hardly mean what they say: the cases in detail."""

from __future__ import annotations

import pytest

from .conftest import Check
from .ledgers import GOOD, changed, codes


@pytest.mark.parametrize(
    "hours",
    [
        "16:00-02:00", "10:30-14:00,16:30-20:30", "20:00-次日08:00", "24小时", "00:00-24:00",
        "06:00-09:00,10:30-13:30,16:30-19:30", "11:00-15:00,17:00-02:00",
        "06:00-02:00", "08:00-01:00", "05:00-09:00", "04:00-08:30", "09:00-次日06:00",
    ],
)  # fmt: skip
def test_true_nights_and_breaks_are_believed(check: Check, hours: str) -> None:
    found = codes(check(changed(0, 开放时间=hours)))
    assert ("overnight_ambiguous", 2) not in found


@pytest.mark.parametrize(
    ("hours", "meant"),
    [
        ("8:00-12:00,2:00-6:00", "08:00-12:00,14:00-18:00"),
        ("8:00-12:00,14:00-6:00", "08:00-12:00,14:00-18:00"),
        ("20:00-08:00", "08:00-20:00"),
        ("8:00-8:00", "24小时"),
        ("9:00-6:00", "09:00-18:00"),
        ("每天8:30-5:30", "08:30-17:30"),
        ("2:00-6:00", "14:00-18:00"),
    ],
)
def test_what_may_be_meant_is_proposed(check: Check, hours: str, meant: str) -> None:
    (finding,) = check(changed(0, 开放时间=hours)).findings
    assert finding.detail == {"proposed": meant}
    assert meant in finding.message_zh


def test_a_kind_that_is_open_at_night_is_believed(check: Check) -> None:
    rows = [dict(GOOD[0], 编号=f"341523-91{i}", 名称=f"夜间{i}号驿站") for i in range(3)]
    for at, row in enumerate(rows):
        row["经度"] = f"116.9{at}403"
        row["开放时间"] = "24小时"
    rows[2]["开放时间"] = "20:00-08:00"
    assert ("overnight_ambiguous", 4) not in codes(check(rows))


@pytest.mark.parametrize(
    ("hours", "over"),
    [
        ("2025 08:00-20:00", True), ("2024-2025 08:00-20:00", True),
        ("2025 Nov 1-2026 Mar 31 08:00-20:00", True), ("2026 08:00-20:00", False),
        ("2024-2027 08:00-20:00", False), ("2024+ 08:00-20:00", False),
        ("2027 Jan 1-2027 Feb 28 08:00-20:00", False), ("Jun-Aug 08:00-20:00", False),
        ("08:00-20:00; 2025 Oct 1 off", False),
    ],
)  # fmt: skip
def test_only_what_never_opens_again_is_over(check: Check, hours: str, over: bool) -> None:
    found = {code for code, _ in codes(check(changed(0, 开放时间=hours)))}
    assert ("season_expired" in found) == over
    if over:
        assert found == {"season_expired"}


def test_hours_that_cannot_be_read_are_one_fault(check: Check) -> None:
    report = check(changed(0, 开放时间="周一到周五看情况", 服务时间="如厕: 24小时"))
    assert codes(report) == [("hours_unparsable", 2)]


def test_a_doubtful_night_is_one_fault(check: Check) -> None:
    """Neither shut at the peak nor shorter than its services."""
    rows = changed(0, 开放时间="20:00-08:00", 服务时间="如厕: 09:00-19:00")
    assert codes(check(rows)) == [("overnight_ambiguous", 2)]


@pytest.mark.parametrize(
    "own",
    [
        "如厕: 08:00-20:00",
        "如厕: Mo-Fr 09:00-12:00 | 热饭: 11:00-13:00",
        "取暖: Nov-Mar 08:00-20:00",
    ],
)
def test_services_within_the_door_are_quiet(check: Check, own: str) -> None:
    assert codes(check(changed(0, 服务时间=own))) == []


def test_a_service_beyond_the_door_on_one_day_is_found(check: Check) -> None:
    rows = changed(
        2,
        服务="如厕、停车",
        服务时间="如厕: 08:00-18:00",
        开放时间="Mo-Fr 08:00-18:00; Sa,Su,PH off",
    )
    assert ("service_hours_outside_hours", 4) in codes(check(rows))


@pytest.mark.parametrize(
    "hours", ["Mo-Su 08:00-20:00", "Tu-Su 08:00-20:00", "24/7", "PH off; Mo-Fr 08:00-18:00"]
)
def test_holidays_matter_only_where_the_weekend_differs(check: Check, hours: str) -> None:
    assert "holiday_rule_missing" not in {
        code for code, _ in codes(check(changed(0, 开放时间=hours)))
    }


def test_the_peak_is_the_countys_own(check: Check) -> None:
    """Basic services are needed most after lunch; meals at lunch."""
    post = check(changed(0, 开放时间="08:00-14:00"))
    assert "13:00-16:00" in post.findings[0].message_zh
    canteen = check(changed(1, 开放时间="10:30-14:00,16:30-20:30"))
    assert codes(canteen) == []
    estate = check(changed(3, 开放时间="18:00-23:00"))
    assert codes(estate) == []


def test_a_sheet_without_dates_is_told_of_once(check: Check) -> None:
    rows = [{**row, "核实日期": ""} for row in GOOD]
    report = check(rows)
    assert codes(report) == [("never_verified", None)]
    assert not report.blocked
    assert report.counts["published"] == 4


def test_a_canteen_that_lists_no_meal_is_one_fault(check: Check) -> None:
    rows = changed(1, 服务="饮水", 服务时间="供餐: 11:00-13:00")
    assert codes(check(rows)) == [("canteen_without_hot_meal", 3)]


def test_holidays_that_a_whole_sheet_is_silent_on_are_told_of_once(check: Check) -> None:
    rows = [{**row, "开放时间": "Mo-Fr 08:00-18:00"} for row in GOOD]
    report = check(rows)
    assert codes(report) == [("holiday_rule_missing", None)]
    assert "4 个驿站" in report.findings[0].message_zh
    rows[3]["开放时间"] = "Mo-Fr 08:00-18:00; PH off"
    assert codes(check(rows)) == [("holiday_rule_missing", at) for at in (2, 3, 4)]


@pytest.mark.parametrize(
    ("hours", "unknown", "instead"),
    [
        (
            "夏天6:00-21:00，冬天7:00-20:00",
            "3月–5月、9月–11月，当作时间不详",
            "「夏天（5-10月）6:00-21:00，冬天（11-4月）7:00-20:00」",
        ),
        ("夏季6:00-21:00", "9月–5月，当作时间不详", "「夏季（5-10月）6:00-21:00」"),
        (
            "8:00-20:00（冬季9:00-18:00）",
            "3月–4月、10月–11月，当作时间不详",
            "「8:00-20:00（冬季（11-4月）9:00-18:00）」",
        ),
        ("8:00-20:00，以现场为准", "每天 08:00–20:00，当作时间不详", "请删去「以现场为准」"),
        ("8:00-20:00（春节除外）", "法定节假日，当作时间不详", "「；法定节假日休息」"),
    ],
)
def test_the_half_that_stays_unknown_is_named(
    check: Check, hours: str, unknown: str, instead: str
) -> None:
    (finding,) = check(changed(0, 开放时间=hours)).findings
    assert finding.code == "hours_partly_unknown"
    assert unknown in finding.message_zh
    assert instead in finding.message_zh


@pytest.mark.parametrize(
    "hours",
    [
        '08:00-20:00 unknown "by appointment"',
        '08:00-20:00; Dec-Feb "ask at the desk"',
        "夏季（5-10月）6:00-21:00，冬季（11-4月）7:00-20:00",
    ],
)
def test_who_writes_osm_or_months_is_believed(check: Check, hours: str) -> None:
    found = {code for code, _ in codes(check(changed(0, 开放时间=hours)))}
    assert "hours_partly_unknown" not in found


def test_the_half_of_a_service_is_named_once(check: Check) -> None:
    report = check(changed(0, 开放时间="夏季6:00-21:00", 服务时间="热饭: 24小时"))
    assert codes(report) == [("hours_partly_unknown", 2)]
    (finding,) = check(changed(0, 服务时间="热饭: 冬季9:00-18:00")).findings
    assert (finding.code, finding.field) == ("hours_partly_unknown", "service_hours")
    assert "3月–11月，当作时间不详" in finding.message_zh
