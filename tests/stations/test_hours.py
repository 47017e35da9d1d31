"""Opening hours, from the cell of a ledger to minutes on the clock."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours, State

from locator.errors import HoursError
from locator.stations.hours import normalise_hours, open_intervals, service_intervals

SHANGHAI = "Asia/Shanghai"
HELSINKI = "Europe/Helsinki"
MONDAY = date(2026, 11, 2)  # a week without a holiday


def clock(minute: int, timezone: str = SHANGHAI) -> str:
    return datetime.fromtimestamp(minute * 60, ZoneInfo(timezone)).strftime("%d %H:%M")


def opened(hours: str, start: date, days: int, timezone: str = SHANGHAI, country: str = "CN"):
    """The intervals as a person reads them: ("02 08:00", "02 20:00")."""
    intervals = open_intervals(hours, start, days, timezone, country)
    assert intervals.dtype == np.int64
    assert intervals.shape == (len(intervals), 2)
    return [(clock(a, timezone), clock(b, timezone)) for a, b in intervals]


# What is written in the ledger


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("24/7", "24/7"),
        ("08:00-20:00", "08:00-20:00"),
        ("Mo-Fr 08:00-20:00; PH off", "Mo-Fr 08:00-20:00; PH off"),
        ("Mo-Fr 08:30-12:00,13:00-17:30", "Mo-Fr 08:30-12:00,13:00-17:30"),
        ("18:00-02:00", "18:00-02:00"),
        ("Mo-Su 06:00-24:00", "Mo-Su 06:00-24:00"),
        (
            "Nov 01-Mar 31 06:00-22:00; Apr 01-Oct 31 07:00-21:00",
            "Nov 1-Mar 31 06:00-22:00; Apr 1-Oct 31 07:00-21:00",
        ),
        ("Mo-Fr 08:00-20:00; Sa,Su,PH off", "Mo-Fr 08:00-20:00; Sa,Su,PH off"),
        # respelt
        ("  8:00-20:00 ; ", "08:00-20:00"),
        ("mo-fr 8:00-20:00", "Mo-Fr 08:00-20:00"),
        ("Mo–Fr 08:00–20:00", "Mo-Fr 08:00-20:00"),
        ("Mo - Fr 08:00 - 20:00", "Mo-Fr 08:00-20:00"),
        ("Mo-Fr: 08:00-20:00", "Mo-Fr 08:00-20:00"),
        ("Mo-Fr 08:00-20:00,Sa 09:00-12:00", "Mo-Fr 08:00-20:00, Sa 09:00-12:00"),
        ("Mo-Fr 08:00-20:00; Sa closed", "Mo-Fr 08:00-20:00; Sa off"),
        ("Mo-Su 00:00-24:00", "24/7"),
        ("00:00-24:00", "24/7"),
        ("open", "24/7"),
        ("closed", "24/7 off"),
        ("24/7; PH off", "24/7; PH off"),
        # comments
        ('Mo-Fr 10:00-12:00 "by appointment"', 'Mo-Fr 10:00-12:00 unknown "by appointment"'),
        ('10:00-12:00 open "后门，右转"', '10:00-12:00 open "后门，右转"'),
        (
            'Mo 11:00-15:00 open "a"; Sa 12:00-22:00 open "b"',
            'Mo 11:00-15:00 open "a"; Sa 12:00-22:00 open "b"',
        ),
        ('10:00-12:00 "Mo 9:00,Sa"; PH off', '10:00-12:00 unknown "Mo 9:00,Sa"; PH off'),
        ("We-Fr 13:00-18:00 Sa 12:00-18:00", "We-Fr 13:00-18:00; Sa 12:00-18:00"),
        ("8:00-12:00 14:00-18:00", "08:00-12:00,14:00-18:00"),
        ("8:00-12:00\n14:00-18:00", "08:00-12:00,14:00-18:00"),
        (
            "Mo-Fr 8:30-12:00 13:00-17:30; Sa 9:00-12:00",
            "Mo-Fr 08:30-12:00,13:00-17:30; Sa 09:00-12:00",
        ),
        ("Mo-Th 11:00-23:00; Fr11:00-24:00", "Mo-Th 11:00-23:00; Fr 11:00-24:00"),
        ('Mo off "ring; then closed, or not"', 'Mo off "ring; then closed, or not"'),
    ],
)
def test_osm_syntax(text, canonical):
    assert normalise_hours(text) == canonical
    assert normalise_hours(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("24小时", "24/7"),
        ("24小时开放", "24/7"),
        ("二十四小时营业", "24/7"),
        ("7×24小时", "24/7"),
        ("２４小时", "24/7"),
        ("24h", "24/7"),
        ("全天", "24/7"),
        ("全天开放", "24/7"),
        ("每天 全天", "24/7"),
        ("8:00-20:00", "08:00-20:00"),
        ("8：00－20：00", "08:00-20:00"),
        ("8：00—20：00", "08:00-20:00"),
        ("08:00～20:00", "08:00-20:00"),
        ("08:00至20:00", "08:00-20:00"),
        ("８：００到２０：００", "08:00-20:00"),
        ("8:00——20:00", "08:00-20:00"),
        ("8点-20点", "08:00-20:00"),
        ("8时30分-20时", "08:30-20:00"),
        ("8点半至20点", "08:30-20:00"),
        ("每天6:00-次日2:00", "Mo-Su 06:00-02:00"),
        ("周一至周日 8:00-20:00", "Mo-Su 08:00-20:00"),
        ("周一至周五 08:30-12:00,13:00-17:30", "Mo-Fr 08:30-12:00,13:00-17:30"),
        ("周一至周五 08:30-12:00、13:00-17:30", "Mo-Fr 08:30-12:00,13:00-17:30"),
        ("星期一到星期五：8:30－17:30", "Mo-Fr 08:30-17:30"),
        ("周六、周日 9:00-12:00", "Sa,Su 09:00-12:00"),
        ("周一至周五8:00-18:00，周末休息", "Mo-Fr 08:00-18:00; Sa-Su off"),
        (
            "周一至周五 8:00-18:00；周六 9:00-12:00；法定节假日休息",
            "Mo-Fr 08:00-18:00; Sa 09:00-12:00; PH off",
        ),
        ("周一至周五 8:00-18:00。节假日不开放", "Mo-Fr 08:00-18:00; PH off"),
    ],
)
def test_common_chinese_forms(text, canonical):
    assert normalise_hours(text) == canonical
    assert normalise_hours(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("8：30-11：30；14：00-17：30", "08:30-11:30,14:00-17:30"),
        ("08:00-12:00; 13:00-15:00; 16:00-18:00", "08:00-12:00,13:00-15:00,16:00-18:00"),
        # One over the other: as OSM has it, the later holds.
        ("08:00-20:00; 10:00-18:00", "08:00-20:00; 10:00-18:00"),
        ("Mo-Su 08:00-12:00; Sa 14:00-18:00", "Mo-Su 08:00-12:00; Sa 14:00-18:00"),
    ],
)
def test_the_second_half_of_a_day_does_not_replace_the_first(text, canonical):
    """A clerk's semicolon between morning and afternoon; to OSM it would mean afternoons only."""
    assert normalise_hours(text) == canonical
    assert normalise_hours(canonical) == canonical


@pytest.mark.parametrize(
    "text", ["周一至周五 8:00-12:00；14:00-18:00", "Mo 08:00-12:00; 14:00-18:00"]
)
def test_a_second_half_of_unnamed_days_is_refused(text):
    with pytest.raises(HoursError):
        normalise_hours(text)


@pytest.mark.parametrize(
    "text",
    [None, "", "  ", "　", "不详", " 以现场为准 ", "待定", "-", "—", "／", "N/A", "？", "unknown"],
)
def test_hours_that_nobody_knows_are_none(text):
    assert normalise_hours(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "8-20", "看情况",
        "25:00-26:00", "2026", "24", "８",
        "08:00-20:60", "Mo-Xx 08:00-20:00", "Monday 08:00-20:00", "10:00+", "10:00-18:00+",
        "sunrise-sunset", "(sunset-01:00)-22:00", "PH +1 day off", "SH -1 day off", "08:00",
        "10:00-16:00/02:00", "x" * 10_000, "Mo-Fr " * 60, "((((", '"', '08:00-20:00 "', "\x00",
        "=1+1", "08:00-20:00; " * 40, "周" * 100,
    ],
)  # fmt: skip
def test_what_would_have_to_be_guessed_is_refused(text):
    with pytest.raises(HoursError) as error:
        normalise_hours(text)
    assert "读不懂" in str(error.value)
    assert "cannot be read" in str(error.value)
    assert len(str(error.value)) < 600


PIECES = (
    "Mo", "Fr", "Sa", "PH", "SH", "Nov", "2026", "week", "easter", "24/7", "08:00", "20:00",
    "02:00", "0", "1", "12", "-", ",", ";", ":", "||", "off", "open", "unknown", "[1]", "[-1]",
    "+", "/", '"', "(", ")", "周一", "周五", "周末", "每天", "法定节假日", "至", "点", "半", "分",
    "休息", "次日", "24小时", "全天", "：", "－", "～", "；", "，",
)  # fmt: skip


@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(st.sampled_from([*PIECES, " ", " "]), max_size=12).map("".join),
    )
)
def test_any_text_is_read_or_refused(text):
    try:
        hours = normalise_hours(text)
    except HoursError:
        return
    if hours is not None:
        assert normalise_hours(hours) == hours
        open_intervals(hours, MONDAY, 3, SHANGHAI)


# When it is open


def test_every_day():
    assert opened("08:00-20:00", MONDAY, 2) == [("02 08:00", "02 20:00"), ("03 08:00", "03 20:00")]


def test_the_minutes_are_those_since_1970_in_utc():
    (begin, end), *_ = open_intervals("08:00-20:00", MONDAY, 1, SHANGHAI)
    assert begin * 60 == datetime(2026, 11, 2, 0, 0, tzinfo=UTC).timestamp()
    assert end - begin == 12 * 60


def test_no_days_and_closed_doors_give_an_empty_table():
    assert open_intervals("24/7", MONDAY, 0, SHANGHAI).shape == (0, 2)
    assert open_intervals("24/7 off", MONDAY, 7, SHANGHAI).shape == (0, 2)
    assert open_intervals("Dec 25 08:00-20:00", MONDAY, 7, SHANGHAI).shape == (0, 2)


@pytest.mark.parametrize("hours", ["24/7", "00:00-24:00", "Mo-Su", "00:00-12:00,12:00-24:00"])
def test_round_the_clock_is_one_interval(hours):
    assert opened(hours, MONDAY, 7) == [("02 00:00", "09 00:00")]


def test_a_split_day():
    assert opened("Mo-Fr 08:30-12:00,13:00-17:30", MONDAY, 1) == [
        ("02 08:30", "02 12:00"),
        ("02 13:00", "02 17:30"),
    ]


def test_past_midnight_belongs_to_the_evening_before():
    # The night before the window runs in; the last one is cut at midnight.
    assert opened("18:00-02:00", MONDAY, 2) == [
        ("02 00:00", "02 02:00"),
        ("02 18:00", "03 02:00"),
        ("03 18:00", "04 00:00"),
    ]
    assert opened("18:00-26:00", MONDAY, 2) == opened("18:00-02:00", MONDAY, 2)


def test_a_day_off_closes_its_own_evening_and_no_other():
    assert opened("Mo-Su 22:00-06:00; We off", MONDAY, 4) == [
        ("02 00:00", "02 06:00"),
        ("02 22:00", "03 06:00"),
        ("03 22:00", "04 06:00"),  # Tuesday's night ends on Wednesday
        ("05 22:00", "06 00:00"),  # and Wednesday's never began
    ]


def test_midnight_in_all_its_spellings():
    assert opened("09:00-24:00", MONDAY, 1) == [("02 09:00", "03 00:00")]
    assert opened("09:00-00:00", MONDAY, 1) == [("02 09:00", "03 00:00")]
    assert opened("Mo 08:00-08:00", MONDAY, 7) == [("02 08:00", "03 08:00")]
    assert opened("20:00-24:00,00:00-06:00", MONDAY, 2)[1] == ("02 20:00", "03 06:00")


def test_the_weekend():
    friday = MONDAY + timedelta(days=4)
    assert opened("Mo-Fr 08:00-20:00; Sa 09:00-12:00", friday, 3) == [
        ("06 08:00", "06 20:00"),
        ("07 09:00", "07 12:00"),
    ]
    assert opened("Sa-Mo 09:00-12:00", friday, 4) == [
        ("07 09:00", "07 12:00"),
        ("08 09:00", "08 12:00"),
        ("09 09:00", "09 12:00"),
    ]


def test_winter_heating_in_and_out_of_season():
    hours = normalise_hours("Nov 01-Mar 31 06:00-22:00; Apr 01-Oct 31 07:00-21:00")
    assert hours is not None
    assert opened(hours, date(2026, 10, 31), 2) == [
        ("31 07:00", "31 21:00"),
        ("01 06:00", "01 22:00"),
    ]
    assert opened(hours, date(2027, 3, 31), 2) == [
        ("31 06:00", "31 22:00"),
        ("01 07:00", "01 21:00"),
    ]
    only_winter = "Nov 15-Mar 15 06:00-22:00"
    assert opened(only_winter, date(2026, 7, 1), 14) == []
    assert opened(only_winter, date(2027, 1, 1), 1) == [("01 06:00", "01 22:00")]
    assert len(opened(only_winter, date(2026, 11, 14), 3)) == 2


def test_dates_weeks_and_nth_days():
    assert opened("2026 Nov 3-2026 Nov 4 off", MONDAY, 3) == []
    assert opened("08:00-09:00; Nov 3-Nov 4 off", MONDAY, 3) == [("02 08:00", "02 09:00")]
    assert opened("08:00-09:00; 2027 Nov 3 off", MONDAY, 2)[-1] == ("03 08:00", "03 09:00")
    assert opened("Tu[1] 08:00-09:00", MONDAY, 14) == [("03 08:00", "03 09:00")]
    assert opened("Su[-1] 08:00-09:00", date(2026, 11, 22), 8) == [("29 08:00", "29 09:00")]
    assert opened("week45 Mo 08:00-09:00", MONDAY, 14) == [("02 08:00", "02 09:00")]
    assert opened("Nov Mo 08:00-09:00", MONDAY, 2) == [("02 08:00", "02 09:00")]


def test_off_with_times_takes_only_those_away():
    assert opened("08:00-20:00; Mo 12:00-13:00 off", MONDAY, 2) == [
        ("02 08:00", "02 12:00"),
        ("02 13:00", "02 20:00"),
        ("03 08:00", "03 20:00"),
    ]


def test_a_comma_adds_and_a_semicolon_replaces():
    assert opened("Mo-Su 08:00-10:00, Mo 12:00-13:00", MONDAY, 1) == [
        ("02 08:00", "02 10:00"),
        ("02 12:00", "02 13:00"),
    ]
    assert opened("Mo-Su 08:00-10:00; Mo 12:00-13:00", MONDAY, 1) == [("02 12:00", "02 13:00")]
    assert opened("Mo 08:00-10:00 || 09:00-11:00", MONDAY, 2) == [
        ("02 08:00", "02 11:00"),
        ("03 09:00", "03 11:00"),
    ]


@pytest.mark.parametrize(
    "text", ['"by appointment"', "24/7 unknown", 'Mo-Su 08:00-20:00 "ring first"', "SH 08:00-20:00"]
)
def test_perhaps_open_is_not_open(text):
    hours = normalise_hours(text)
    assert hours is not None
    assert opened(hours, MONDAY, 7) == []


def test_a_comment_that_says_open_is_open():
    assert opened('08:00-20:00 open "side door"', MONDAY, 1) == [("02 08:00", "02 20:00")]
    assert opened('08:00-20:00; 12:00-13:00 unknown "lunch"', MONDAY, 1) == []
    assert len(opened('08:00-20:00, 12:00-13:00 unknown "lunch"', MONDAY, 1)) == 2


def test_unreadable_hours_are_refused_here_too():
    with pytest.raises(HoursError):
        open_intervals("early till late", MONDAY, 1, SHANGHAI)


# Holidays: National Day of 2026 is 1 to 7 October; 20 September and 10 October are worked for it.


def test_public_holidays_of_china():
    assert opened("Mo-Fr 08:00-20:00; PH off", date(2026, 9, 30), 9) == [
        ("30 08:00", "30 20:00"),
        ("08 08:00", "08 20:00"),
    ]
    assert opened("Mo-Fr 08:00-20:00", date(2026, 10, 2), 1) == [("02 08:00", "02 20:00")]
    assert opened("Mo-Su 08:00-20:00; PH 10:00-16:00", date(2026, 10, 2), 1) == [
        ("02 10:00", "02 16:00")
    ]
    assert opened("PH,Su 10:00-16:00", date(2026, 10, 7), 5) == [
        ("07 10:00", "07 16:00"),
        ("11 10:00", "11 16:00"),
    ]
    assert opened("24/7; PH off", date(2026, 9, 30), 9) == [
        ("30 00:00", "01 00:00"),
        ("08 00:00", "09 00:00"),
    ]
    assert opened("Mo-Su,PH 10:00-16:00", date(2026, 10, 1), 1) == [("01 10:00", "01 16:00")]


def test_the_night_before_a_holiday_is_worked_to_its_end():
    assert opened("Mo-Fr 22:00-06:00; PH off", date(2026, 9, 30), 4) == [
        ("30 00:00", "30 06:00"),
        ("30 22:00", "01 06:00"),
    ]


def test_hours_that_name_holidays_take_a_make_up_workday_for_a_weekday():
    saturday = date(2026, 10, 10)
    assert opened("Mo-Fr 08:00-20:00; Sa-Su off; PH off", saturday, 2) == [("10 08:00", "10 20:00")]
    assert opened("Mo-Fr 08:00-20:00; Sa-Su off", saturday, 2) == []  # taken at its word
    sunday = date(2026, 9, 20)
    assert opened("Mo 09:00-10:00; Fr 11:00-12:00; PH off", sunday, 1) == [("20 09:00", "20 10:00")]


def test_a_later_weekday_rule_wins_over_an_earlier_holiday_rule():
    # As in OSM: the order of the rules decides.
    assert opened("PH off; Mo-Fr 08:00-20:00", date(2026, 10, 2), 1) == [("02 08:00", "02 20:00")]


def test_the_holidays_are_those_of_the_country():
    christmas = date(2026, 12, 25)
    assert opened("08:00-20:00; PH off", christmas, 1, HELSINKI, "FI") == []
    assert len(opened("08:00-20:00; PH off", christmas, 1, SHANGHAI, "CN")) == 1


# Clocks that change (Helsinki: 29 March 2026 at 03:00, 25 October 2026 at 04:00)


def minutes_open(hours: str, day: date) -> int:
    return int(np.diff(open_intervals(hours, day, 1, HELSINKI)).sum())


@pytest.mark.parametrize(
    ("hours", "spring", "autumn"),
    [
        ("24/7", 23 * 60, 25 * 60),
        ("08:00-20:00", 12 * 60, 12 * 60),
        ("02:00-05:00", 2 * 60, 4 * 60),
        ("02:30-03:30", 30, 60),  # until the clocks jump; the first 03:30 of two
        ("03:15-03:45", 0, 30),  # never comes; comes twice, the first is meant
        ("03:30-05:00", 60, 150),
    ],
)
def test_the_days_of_23_and_25_hours(hours, spring, autumn):
    assert minutes_open(hours, date(2026, 3, 29)) == spring
    assert minutes_open(hours, date(2026, 10, 25)) == autumn


def test_a_night_over_the_change_of_clocks():
    assert opened("22:00-06:00", date(2026, 3, 28), 2, HELSINKI)[1] == ("28 22:00", "29 06:00")
    intervals = open_intervals("22:00-06:00", date(2026, 3, 28), 2, HELSINKI)
    assert intervals[1, 1] - intervals[1, 0] == 7 * 60
    autumn = open_intervals("22:00-06:00", date(2026, 10, 24), 2, HELSINKI)
    assert autumn[1, 1] - autumn[1, 0] == 9 * 60


@given(
    st.integers(0, 365),
    st.lists(st.integers(0, 24 * 4 - 1), min_size=2, max_size=4, unique=True).filter(
        lambda quarters: len(quarters) % 2 == 0
    ),
)
def test_intervals_are_sorted_apart_and_within_the_window_whatever_the_clocks_do(day, quarters):
    times = [f"{q // 4:02d}:{q % 4 * 15:02d}" for q in sorted(quarters)]
    hours = ",".join(f"{a}-{b}" for a, b in zip(times[::2], times[1::2], strict=True))
    start = date(2026, 1, 1) + timedelta(days=day)
    flat = open_intervals(hours, start, 2, HELSINKI).ravel()
    assert (np.diff(flat) > 0).all()
    zone = ZoneInfo(HELSINKI)
    for edge, at in ((flat[:1], start), (flat[-1:], start + timedelta(days=2))):
        midnight = datetime(at.year, at.month, at.day, tzinfo=zone).timestamp() / 60
        assert all(edge >= midnight) if at == start else all(edge <= midnight)


# Services within the door's hours


def test_a_service_keeps_its_own_hours_within_those_of_the_door():
    got = service_intervals(
        "08:00-20:00",
        {"hot_meal": "11:00-13:00,19:00-22:00", "toilet": "24/7"},
        ["hot_meal", "toilet", "drinking_water"],
        MONDAY,
        1,
        SHANGHAI,
    )
    read = {name: [(clock(a), clock(b)) for a, b in rows] for name, rows in got.items()}
    assert read == {
        "hot_meal": [("02 11:00", "02 13:00"), ("02 19:00", "02 20:00")],
        "toilet": [("02 08:00", "02 20:00")],
        "drinking_water": [("02 08:00", "02 20:00")],
    }


def test_services_that_never_meet_the_door_and_services_not_offered():
    got = service_intervals(
        "08:00-10:00",
        {"hot_meal": "11:00-13:00", "heating": "24/7"},
        ["hot_meal"],
        MONDAY,
        7,
        SHANGHAI,
    )
    assert list(got) == ["hot_meal"]
    assert got["hot_meal"].shape == (0, 2)


def test_nothing_is_known_of_services_behind_a_door_with_unknown_hours():
    assert service_intervals(None, {"toilet": "24/7"}, ["toilet"], MONDAY, 1, SHANGHAI) == {}


def test_service_holidays_are_those_of_the_country():
    got = service_intervals(
        "24/7",
        {"hot_meal": "11:00-13:00; PH off"},
        ["hot_meal"],
        date(2026, 10, 2),
        1,
        SHANGHAI,
        "CN",
    )
    assert len(got["hot_meal"]) == 0


# Against an oracle that knows nothing but minutes of a week


DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
WEEK = 7 * 24 * 60


@st.composite
def weekly_rules(draw):
    """A few rules, as data: (separator, weekdays, spans, state)."""
    rules = []
    for _ in range(draw(st.integers(1, 4))):
        first, last = draw(st.integers(0, 6)), draw(st.integers(0, 6))
        weekdays = [(first + i) % 7 for i in range((last - first) % 7 + 1)]
        spans = []
        for _ in range(draw(st.integers(1, 2))):
            begin = draw(st.integers(0, 23)) * 60 + draw(st.sampled_from([0, 15, 30, 59]))
            length = draw(st.integers(1, 20 * 60))
            spans.append((begin, begin + length))
        separator = draw(st.sampled_from(["; ", "; ", ", "])) if rules else ""
        rules.append((separator, weekdays, spans, draw(st.sampled_from(["", "", "", " off"]))))
    return rules


def as_text(rules) -> str:
    def clock_of(minute: int) -> str:
        return f"{minute // 60:02d}:{minute % 60:02d}"

    return "".join(
        f"{separator}{DAYS[weekdays[0]]}-{DAYS[weekdays[-1]]} "
        + ",".join(f"{clock_of(a)}-{clock_of(b)}" for a, b in spans)
        + state
        for separator, weekdays, spans, state in rules
    )


def oracle(rules) -> list[bool]:
    """Open or not, for each minute of a week that repeats for ever."""
    week = [False] * WEEK
    for day in range(7):
        today = [False] * (2 * 24 * 60)
        for separator, weekdays, spans, state in rules:
            if day not in weekdays:
                continue
            if separator != ", " and not state:
                today = [False] * (2 * 24 * 60)
            for begin, end in spans:
                for minute in range(begin, end):
                    today[minute] = not state
        for minute, is_open in enumerate(today):
            if is_open:
                week[(day * 24 * 60 + minute) % WEEK] = True
    return week


@given(weekly_rules())
def test_weekly_rules_against_the_oracle(rules):
    hours = normalise_hours(as_text(rules))
    assert hours is not None
    intervals = open_intervals(hours, MONDAY, 7, SHANGHAI)
    monday = int(datetime(2026, 11, 2, tzinfo=ZoneInfo(SHANGHAI)).timestamp()) // 60
    week = [False] * WEEK
    for begin, end in intervals - monday:
        week[begin:end] = [True] * (end - begin)
    assert week == oracle(rules)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["Mo-Fr", "Sa", "Su", "Tu,Th", "Mo-Su", "Fr-Mo", "Nov", "Nov 3", "Th[1]", "week45",
                 "2026", "Nov 1-Mar 31 Mo-We", "2026 Nov 4-2026 Nov 9", ""]
            ),
            st.sampled_from(
                ["08:00-20:00", "08:30-12:00,13:00-17:30", "00:00-24:00", "off",
                 "06:00-07:00 unknown"]
            ),
        ),
        min_size=1,
        max_size=4,
    )
)  # fmt: skip
def test_by_day_we_agree_with_the_parsing_library(rules):
    # Where no rule runs past midnight, both must say the same.
    text = "; ".join(f"{days} {times}".strip() for days, times in rules)
    hours = normalise_hours(text)
    assert hours is not None
    start = datetime(2026, 11, 1)
    theirs = [
        (a, b)
        for a, b, state, _ in OpeningHours(text).intervals(start, start + timedelta(days=16))
        if state == State.OPEN
    ]
    ours = [
        tuple(datetime.fromtimestamp(m * 60, ZoneInfo(SHANGHAI)).replace(tzinfo=None) for m in row)
        for row in open_intervals(hours, start.date(), 16, SHANGHAI).tolist()
    ]
    merged: list[tuple[datetime, datetime]] = []
    for a, b in theirs:
        if merged and merged[-1][1] == a:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    assert ours == merged


@given(st.integers(0, 13), st.integers(1, 6))
def test_a_longer_window_says_the_same(offset, days):
    hours = "Mo-Fr 18:00-02:00; Sa 09:00-12:00; Nov 10-Nov 12 off; PH off"
    start = MONDAY + timedelta(days=offset)
    whole = open_intervals(hours, MONDAY, 21, SHANGHAI)
    part = open_intervals(hours, start, days, SHANGHAI)
    begin = int(datetime(start.year, start.month, start.day, tzinfo=ZoneInfo(SHANGHAI)).timestamp())
    low, high = begin // 60, begin // 60 + days * 24 * 60
    cut = np.clip(whole, low, high)
    np.testing.assert_array_equal(part, cut[cut[:, 0] < cut[:, 1]])


def test_a_county_of_stations_is_quick():
    kinds = [
        "08:00-20:00", "24/7", "Mo-Fr 08:30-12:00,13:00-17:30", "18:00-02:00",
        "Mo-Fr 08:00-20:00; Sa 09:00-12:00; PH off",
        "Nov 1-Mar 31 06:00-22:00; Apr 1-Oct 31 07:00-21:00",
    ]  # fmt: skip
    begun = time.process_time()
    for i in range(1000):
        open_intervals(kinds[i % len(kinds)], MONDAY, 14, SHANGHAI)
    assert time.process_time() - begun < 2.0  # 0.15 s on an idle machine
