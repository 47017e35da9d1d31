# ruff: noqa: E501  (tables: one line, one item)
"""Opening hours as clerks write them in Chinese: what is understood, and what is not guessed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.errors import HoursError
from locator.stations.hours import normalise_hours, open_intervals

REST = 'unknown "没写明月份"'

READ = [
    # Without the colon, where the minutes cannot be a year's.
    ("0800-2000", "08:00-20:00"),
    ("0830-1200，1430-1730", "08:30-12:00,14:30-17:30"),
    ("周一至周五0830-1730", "Mo-Fr 08:30-17:30"),
    # The twelve-hour clock: a word leaves one reading.
    ("早8点到晚8点", "08:00-20:00"),
    ("早8点至晚8点", "08:00-20:00"),
    ("早八点到晚八点", "08:00-20:00"),
    ("早8:00-晚8:00", "08:00-20:00"),
    ("早 8 点到晚 8 点", "08:00-20:00"),
    ("早8晚8", "08:00-20:00"),
    ("朝九晚五", "09:00-17:00"),
    ("早上8点到晚上10点半", "08:00-22:30"),
    ("上午九点半到下午五点半", "09:30-17:30"),
    ("上午8点整到下午6点一刻", "08:00-18:15"),
    ("早8点开门，晚8点关门", "08:00-20:00"),
    ("上午8:00-12:00，下午2:00-6:00", "08:00-12:00,14:00-18:00"),
    ("上午8:00-12:00；下午2:00-6:00", "08:00-12:00,14:00-18:00"),
    ("上午 8:00-12:00 下午 2:00-6:00", "08:00-12:00,14:00-18:00"),
    ("上午08:00-12:00、下午02:00-06:00", "08:00-12:00,14:00-18:00"),
    ("上午8：00-11：30，下午14：00-17：00", "08:00-11:30,14:00-17:00"),
    ("周一至周五 上午8:30-12:00；下午2:30-5:30", "Mo-Fr 08:30-12:00,14:30-17:30"),
    ("中午12点到下午2点", "12:00-14:00"),
    ("中午11:30-1:30", "11:30-13:30"),
    ("早7:00-中午12:00", "07:00-12:00"),
    ("早6点到晚12点", "06:00-24:00"),
    ("8点到晚8点", "08:00-20:00"),
    ("下午2点-6点", "14:00-18:00"),
    # Past midnight.
    ("晚8点到凌晨2点", "20:00-02:00"),
    ("晚上8点-2点", "20:00-02:00"),
    ("18点到次日2点", "18:00-02:00"),
    ("18点-2点", "18:00-02:00"),
    ("晚上8点至次日早上6点", "20:00-06:00"),
    ("夜间10点-次日6点", "22:00-06:00"),
    ("凌晨0点-6点", "00:00-06:00"),
    # The 24-hour clock.
    ("8-20点", "08:00-20:00"),
    ("八点至二十点", "08:00-20:00"),
    ("8.00-20.00", "08:00-20:00"),
    ("8:00-11:30/14:00-17:30", "08:00-11:30,14:00-17:30"),
    ("8时30分至17时30分", "08:30-17:30"),
    ("8点-12点，14点-18点", "08:00-12:00,14:00-18:00"),
    ("8:00起至20:00止", "08:00-20:00"),
    ("开放时间：8:00-20:00", "08:00-20:00"),
    # As it is written; a rule asks about it.
    ("8:00-12:00,2:00-6:00", "08:00-12:00,02:00-06:00"),
    # All day.
    ("7*24", "24/7"),
    ("7×24小时", "24/7"),
    ("24 小时", "24/7"),
    ("全天候", "24/7"),
    ("全天24小时", "24/7"),
    ("全年无休，24小时", "24/7"),
    ("全天（周日休）", "24/7; Su off"),
    # Days.
    ("星期一至五 8:00-17:00", "Mo-Fr 08:00-17:00"),
    ("周1至周5 8:00-18:00", "Mo-Fr 08:00-18:00"),
    ("周一三五 8:00-20:00", "Mo,We,Fr 08:00-20:00"),
    ("每周一、三、五 9:00-17:00", "Mo,We,Fr 09:00-17:00"),
    ("全年8:00-20:00", "Mo-Su 08:00-20:00"),
    ("周六日 9:00-12:00", "Sa,Su 09:00-12:00"),
    ("周五至周一 9:00-17:00", "Fr-Mo 09:00-17:00"),
    ("8:00-20:00（周一至周五）", "Mo-Fr 08:00-20:00"),
    ("周一至周五（8:00-18:00），周末（9:00-17:00）", "Mo-Fr 08:00-18:00; Sa-Su 09:00-17:00"),
    ("周二至周日9:00-17:00，周一闭馆", "Tu-Su 09:00-17:00; Mo off"),
    ("周一闭馆，9:00-17:00", "09:00-17:00; Mo off"),
    ("除周一外 9:00-17:00", "09:00-17:00; Mo off"),
    ("周日休息，其余8:00-20:00", "08:00-20:00; Su off"),
    ("8:00-20:00（周末休息）", "08:00-20:00; Sa-Su off"),
    ("平时8:00-20:00，周末9:00-17:00", "08:00-20:00; Sa-Su 09:00-17:00"),
    # Workdays and holidays.
    ("工作日8:00-18:00", "Mo-Fr 08:00-18:00; PH off"),
    ("8:00-18:00（工作日）", "Mo-Fr 08:00-18:00; PH off"),
    ("工作日 8:00-18:00，周末 9:00-17:00", "Mo-Fr 08:00-18:00; PH off; Sa-Su 09:00-17:00"),
    ("周末9:00-17:00，工作日8:00-18:00", "Mo-Fr 08:00-18:00; PH off; Sa-Su 09:00-17:00"),
    ("工作日8:00-18:00，节假日9:00-17:00", "Mo-Fr 08:00-18:00; PH 09:00-17:00"),
    ("工作日8:00-18:00（节假日照常）", "Mo-Fr 08:00-18:00"),
    ("8:00-20:00，节假日照常", "Mo-Su,PH 08:00-20:00"),
    ("每天8:00-20:00，全年无休", "Mo-Su,PH 08:00-20:00"),
    ("节假日休息，周一至周五8:00-18:00", "Mo-Fr 08:00-18:00; PH off"),
    ("周一至周五（法定节假日除外）8:30-17:30", "Mo-Fr 08:30-17:30; PH off"),
    ("8:00-20:00（春节除外）", '08:00-20:00; PH unknown "春节除外"'),
    ("24小时，春节期间休息", '24/7; PH unknown "春节期间休息"'),
    # Breaks.
    ("8:00-18:00，中午12:00-14:00休息", "08:00-18:00; 12:00-14:00 off"),
    ("8:00-20:00，午休12:00-13:30", "08:00-20:00; 12:00-13:30 off"),
    ("周一至周五 8:00-18:00（12:00-14:00休息）", "Mo-Fr 08:00-18:00; 12:00-14:00 off"),
    # Seasons.
    ("夏季6:00-21:00", f"Jun-Aug 06:00-21:00; Sep-May {REST}"),
    (
        "夏季6:00-21:00，冬季7:00-20:00",
        f"Jun-Aug 06:00-21:00; Dec-Feb 07:00-20:00; Mar-May,Sep-Nov {REST}",
    ),
    (
        "夏季6:00-21:00，其他8:00-20:00",
        f"08:00-20:00; Jun-Aug 06:00-21:00; Apr-May,Sep-Oct {REST}",
    ),
    (
        "夏季6:00-21:00，其余时间8:00-20:00",
        f"08:00-20:00; Jun-Aug 06:00-21:00; Apr-May,Sep-Oct {REST}",
    ),
    ("8:00-20:00（冬季9:00-18:00）", f"08:00-20:00; Dec-Feb 09:00-18:00; Mar-Apr,Oct-Nov {REST}"),
    (
        "夏季（5-9月）6:00-21:00；冬季（10-4月）7:00-20:00",
        "May-Sep 06:00-21:00; Oct-Apr 07:00-20:00",
    ),
    (
        "5月1日至9月30日 6:00-21:00，10月1日至次年4月30日 7:00-20:00",
        "May 1-Sep 30 06:00-21:00; Oct 1-Apr 30 07:00-20:00",
    ),
    (
        "夏季 周一至周五 8:00-18:00，周末9:00-17:00；冬季 8:00-17:00",
        "Jun-Aug Mo-Fr 08:00-18:00; Jun-Aug Sa-Su 09:00-17:00; Dec-Feb 08:00-17:00; "
        f"Mar-May,Sep-Nov {REST}",
    ),
    # Nobody is sure.
    ("8:00-20:00，以现场为准", '08:00-20:00 unknown "以现场为准"'),
    ("8:00-20:00（需预约）", '08:00-20:00 unknown "需预约"'),
    # Ledgers that mix OSM with their own way.
    ("Mo-Fr 9-17", "Mo-Fr 09:00-17:00"),
    ("Sa 10-18", "Sa 10:00-18:00"),
    ("Su-Th 15-00; Fr-Sa 15-02", "Su-Th 15:00-24:00; Fr-Sa 15:00-02:00"),
    ("Mo-Fr 7:00-21; Sa-Su 12:00-18:00", "Mo-Fr 07:00-21:00; Sa-Su 12:00-18:00"),
    (
        "Mo-Fr 10:00-20:00, Sa 10-18, Su 12-18",
        "Mo-Fr 10:00-20:00, Sa 10:00-18:00, Su 12:00-18:00",
    ),
]


@pytest.mark.parametrize(("text", "canonical"), READ)
def test_what_leaves_one_reading_is_read(text: str, canonical: str) -> None:
    assert normalise_hours(text) == canonical
    assert normalise_hours(canonical) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "以现场为准", "具体时间以现场公示为准", "电话预约", "需提前预约", "不定时", "电话联系",
    ],
)  # fmt: skip
def test_what_says_that_nobody_knows(text: str) -> None:
    assert normalise_hours(text) is None


UNREAD = [
    "1900-2030",
    # Two readings.
    "周一到周五8点半到5点半", "9点到11点", "8点到12点", "早8点-10点", "8点到晚10点", "13点-5点",
    "18点-10点", "早上8点到5点", "上午9:00-5:00", "上午8:00-12:00，2:00-6:00", "Mo-Fr 9-5", "Mo 9-11", "Sa 15-5",
    "星期二十点到十二点", "10:00-凌晨2:00",
    # Days without times, or times of nobody knows which days.
    "工作日开放", "周一闭馆", "全年无休", "春节除外", "节假日照常", "夜间", "夜间开放", "夏季",
    "白天", "周一至周五 8:00-12:00；14:00-18:00", "周末9:00-18:00，每天8:00-20:00",
    "夏季6:00-21:00，8:00-20:00", "夏季8:00-18:00；周末休息", "春季8:00-18:00", "6:30-21:30（夏季），7:00-21:00（冬季）",
    "夏季（5-9月）6:00-21:00；冬季7:00-20:00", "8:00-20:00，节假日以公告为准", "8:00-20:00，周末需预约",
    # A word that is not known, or no such time.
    "8:00-20:00左右", "24小时，夜间需按铃", "8:00-20:00（免费）", "早上13点到晚上8点",
    "上午8:00-25:00", "周八 8:00-20:00", "13月-14月 8:00-20:00", "8:00-20:00 全天", "8点到8点", "（8:00-20:00",
]  # fmt: skip


@pytest.mark.parametrize("text", UNREAD)
def test_what_leaves_two_readings_or_none_is_not_guessed(text: str) -> None:
    with pytest.raises(HoursError):
        normalise_hours(text)


# --- written in many ways, and read again ---------------------------------------------------------

MONDAY = date(2026, 11, 2)  # a week without a holiday
ZH = "一二三四五六日"
Spans = tuple[tuple[int, int], ...]
NUMERALS = "零一二三四五六七八九"


def numeral(value: int) -> str:
    tens, units = divmod(value, 10)
    return (NUMERALS[tens] if tens > 1 else "") + ("十" if tens else "") + (
        NUMERALS[units] if units or not tens else ""
    )  # fmt: skip


def word(minute: int) -> str:
    for until, name in ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午")):
        if minute < until * 60:
            return name
    return "晚上"


def by_colon(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


def by_dots(minute: int) -> str:
    return f"{minute // 60}.{minute % 60:02d}"


def by_words(minute: int) -> str:
    hour, minute_of = (minute // 60 - 1) % 12 + 1, minute % 60
    if minute == 0:
        return "凌晨0点"
    rest = {0: "", 30: "半"}.get(minute_of, f"{minute_of:02d}分")
    return f"{word(minute)}{hour}点{rest}"


def by_numerals(minute: int) -> str:
    hour, minute_of = minute // 60, minute % 60
    rest = {0: "", 15: "一刻", 30: "半", 45: "三刻"}.get(minute_of, f"{numeral(minute_of)}分")
    return f"{word(minute)}{numeral((hour - 1) % 12 + 1) if minute else '零'}点{rest}"


STYLES = (by_colon, by_dots, by_words, by_numerals)
spans_strategy = st.lists(
    st.integers(0, 24 * 12 - 1), min_size=2, max_size=4, unique=True
).map(
    lambda ticks: tuple(
        (begin * 5, end * 5) for begin, end in list(pairwise(sorted(ticks)))[::2]
    )
)  # fmt: skip
#: Runs of weekdays that together make a week: (first, last, spans), no spans where closed.
weeks = st.lists(st.integers(1, 6), max_size=2, unique=True).map(sorted).flatmap(
    lambda cuts: st.tuples(
        *(
            st.tuples(st.just(first), st.just(last - 1), st.one_of(spans_strategy, st.just(())))
            for first, last in pairwise([0, *cuts, 7])
        )
    )
).filter(lambda week: any(spans for _, _, spans in week))  # fmt: skip


@given(
    week=weeks,
    style=st.sampled_from(STYLES),
    dash=st.sampled_from(("-", "—", "至", "到", "～", " - ")),
    comma=st.sampled_from((",", "，", "、", " ")),
    stop=st.sampled_from(("；", ";", "，", "。")),
    name=st.sampled_from(("周", "星期", "礼拜")),
    closed=st.sampled_from(("休息", "不开放", "闭馆", "休")),
)
def test_a_week_written_in_any_style_is_read_to_the_minute(
    week, style, dash, comma, stop, name, closed
) -> None:
    said, expected = [], np.zeros(7 * 1440, dtype=bool)
    for first, last, spans in week:
        days = f"{name}{ZH[first]}" + (f"{dash.strip()}{name}{ZH[last]}" if last > first else "")
        times = comma.join(f"{style(begin)}{dash}{style(end)}" for begin, end in spans)
        said.append(f"{days} {times}" if spans else f"{days}{closed}")
        for day in range(first, last + 1):
            for begin, end in spans:
                expected[day * 1440 + begin : day * 1440 + end] = True
    hours = normalise_hours(stop.join(said))
    assert hours is not None
    assert normalise_hours(hours) == hours
    found = np.zeros(7 * 1440, dtype=bool)
    midnight = int(datetime.fromisoformat(f"{MONDAY}T00:00+08:00").timestamp()) // 60
    for begin, end in open_intervals(hours, MONDAY, 7, "Asia/Shanghai") - midnight:
        found[begin:end] = True
    assert np.array_equal(found, expected), (stop.join(said), hours)


WORDS = (
    "早", "晚", "上午", "下午", "凌晨", "中午", "夜间", "次日", "周一", "周五", "周末", "工作日",
    "节假日", "春节", "夏季", "冬季", "5-9月", "每天", "除", "外", "除外", "休息", "午休", "照常", "全天",
    "24小时", "8点", "8:00", "20:00", "2:00", "6:00", "12:00", "8", "20", "半", "至", "到", "-", "，",
    "；", " ", "（", "）", "以现场为准", "其余", "八点", "：",
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map("".join))
def test_what_is_read_is_read_the_same_again(text: str) -> None:
    try:
        hours = normalise_hours(text)
    except HoursError:
        return
    if hours is not None:
        assert normalise_hours(hours) == hours
        open_intervals(hours, MONDAY, 3, "Asia/Shanghai")


def test_workdays_are_those_of_the_calendar() -> None:
    """National Day is no workday; the Saturday that pays for it is one."""
    hours = normalise_hours("工作日8:00-18:00")
    assert hours is not None

    def open_on(day: date) -> bool:
        return len(open_intervals(hours, day, 1, "Asia/Shanghai")) > 0

    assert open_on(date(2026, 9, 30))
    assert not open_on(date(2026, 10, 1))
    assert not open_on(date(2026, 11, 7))
    assert open_on(date(2026, 10, 10))  # a make-up workday


def test_a_season_without_months_claims_only_what_is_sure() -> None:
    hours = normalise_hours("夏季6:00-21:00")
    assert hours is not None
    days = [date(2026, 1, 15) + timedelta(days=30 * step) for step in range(12)]
    lived = [bool(len(open_intervals(hours, day, 1, "Asia/Shanghai"))) for day in days]
    assert [day.month for day, is_open in zip(days, lived, strict=True) if is_open] == [6, 7, 8]
