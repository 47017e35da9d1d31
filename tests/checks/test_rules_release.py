"""The release before: what moved, and what is gone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from locator.checks.rule import Known
from locator.checks.validate import Report, validate
from locator.county import County
from locator.geo.datum import convert_datum

from .conftest import AS_OF
from .ledgers import GOOD, Row, codes, write_csv

#: Ten stations, some two hundred metres apart.
TEN = [
    {**GOOD[0], "编号": f"341523-8{at:02}", "名称": f"{name}驿站",
     "经度": f"{116.94003 + at * 0.002:.5f}"}
    for at, name in enumerate("甲乙丙丁戊己庚辛壬癸")
]  # fmt: skip


@pytest.fixture
def against(shucheng: County, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Check rows against a release of other rows."""

    def run(
        rows: Sequence[Row],
        before: Sequence[Row] = TEN,
        *,
        datum: str = "wgs84",
        accepted: frozenset[str] = frozenset(),
        was: str = "wgs84",
    ) -> Report:
        old = validate(
            [write_csv(tmp_path / "old.csv", before)], shucheng, datum=was, as_of=AS_OF
        ).stations
        known = {shucheng.code: Known(before=old, accepted=accepted)}
        path = write_csv(tmp_path / "new.csv", rows)
        return validate([path], shucheng, datum=datum, as_of=AS_OF, known=known)

    return run


def moved(at: int, **fields: str) -> list[Row]:
    return [{**row, **fields} if i == at else dict(row) for i, row in enumerate(TEN)]


def test_the_same_again_is_quiet(against) -> None:  # type: ignore[no-untyped-def]
    assert codes(against(TEN)) == []
    assert codes(against(moved(3, 纬度="31.46240"))) == []  # 37 m


def test_one_that_moved_is_told_with_distance_and_direction(against) -> None:  # type: ignore[no-untyped-def]
    report = against(moved(3, 纬度="31.46307"))
    assert codes(report) == [("moved_since_last_release", 5)]
    assert report.findings[0].detail == {"metres": 111, "bearing": 0}
    assert "向北挪了 111 米" in report.findings[0].message_zh
    assert report.counts["published"] == 10


def test_a_row_that_is_held_back_is_no_move(against) -> None:  # type: ignore[no-untyped-def]
    assert codes(against(moved(3, 纬度="32.9"))) == [("outside_county", 5)]


def test_all_together_stop_the_file_and_name_the_mistake(against) -> None:  # type: ignore[no-untyped-def]
    report = against(TEN, datum="wgs84", was="gcj02")
    assert codes(report) == [("moved_as_a_whole", None)]
    (finding,) = report.findings
    assert report.blocked
    assert report.counts == {"rows": 10, "published": 10, "quarantined": 0, "duplicates": 0}
    assert "高德、腾讯的坐标当成了 WGS-84" in finding.message_zh
    assert finding.detail is not None
    assert 530 < finding.detail["metres"] < 560
    assert 110 < finding.detail["bearing"] < 122


def test_a_shift_that_is_no_known_mistake_is_not_explained(against) -> None:  # type: ignore[no-untyped-def]
    south = [{**row, "纬度": "31.45907"} for row in TEN]
    report = against(south)
    assert codes(report) == [("moved_as_a_whole", None)]
    assert "当成" not in report.findings[0].message_zh
    assert "向南挪了约 334 米" in report.findings[0].message_zh


def test_one_other_among_them_is_still_a_whole(against) -> None:  # type: ignore[no-untyped-def]
    rows = [{**row, "纬度": "31.45907"} for row in TEN]
    rows[0]["纬度"] = TEN[0]["纬度"]
    assert codes(against(rows)) == [("moved_as_a_whole", None)]


def test_one_that_went_by_the_step_between_two_datums_is_told_so(against) -> None:  # type: ignore[no-untyped-def]
    # 甲 in Baidu's coordinates, declared as Amap's like the others.
    x, y = convert_datum([116.94003], [31.46207], source="gcj02", target="bd09")
    rows = [{**row, "纬度": "31.46207"} for row in TEN]
    wrong = [{**rows[0], "经度": f"{x[0]:.6f}", "纬度": f"{y[0]:.6f}"}, *rows[1:]]
    report = against(wrong, rows, datum="gcj02", was="gcj02")
    assert codes(report) == [("moved_since_last_release", 2)]
    (found,) = report.findings
    assert found.field == "source_datum"
    assert "说是 GCJ-02（高德、腾讯），照 BD-09（百度）算正好还在原处" in found.message_zh
    assert found.detail is not None
    assert (found.detail["from"], found.detail["as"]) == ("bd09", "gcj02")


def test_what_a_person_accepts_is_published(against) -> None:  # type: ignore[no-untyped-def]
    report = against(TEN, was="gcj02", accepted=frozenset({"moved_as_a_whole"}))
    assert codes(report) == [("moved_as_a_whole", None)]
    assert not report.has_errors
    assert report.counts["published"] == 10


@pytest.mark.parametrize(("left", "stops"), [(10, False), (8, False), (7, True)])
def test_a_fifth_may_go(against, left: int, stops: bool) -> None:  # type: ignore[no-untyped-def]
    report = against(TEN[:left])
    assert report.blocked == stops
    assert codes(report) == ([("count_dropped", None)] if stops else [])
    assert report.counts["published"] == left  # the rows are good; that there are so few is not
    if stops:
        assert "只有 7 个，上一版有 10 个，少了 30%" in report.findings[0].message_zh


def test_rows_held_back_count_as_gone(against) -> None:  # type: ignore[no-untyped-def]
    rows = [{**row, "类型": "小屋"} if i < 3 else dict(row) for i, row in enumerate(TEN)]
    report = against(rows)
    assert codes(report)[0] == ("count_dropped", None)
    assert report.blocked
    assert report.counts["quarantined"] == 3


def test_a_drop_that_is_accepted_is_published(against) -> None:  # type: ignore[no-untyped-def]
    report = against(TEN[:5], accepted=frozenset({"count_dropped"}))
    assert not report.has_errors
    assert report.counts["published"] == 5


def test_what_stood_in_makes_way(against) -> None:  # type: ignore[no-untyped-def]
    made_up = [{**row, "名称": f"{row['名称']}（示意）"} for row in TEN]
    assert codes(against(TEN[:3], made_up)) == []


def test_a_stopped_file_is_one_fault(against) -> None:  # type: ignore[no-untyped-def]
    report = against(TEN[:3], datum=None)
    assert codes(report) == [("datum_undeclared", None)]
