"""Opening hours as a person reads them."""

from __future__ import annotations

import pytest

from locator.stations.hours import normalise_hours, week_text

LINES = [
    ("24/7", [("每天", "全天")], [("Every day", "All day")]),
    ("24/7 off", [("每天", "休息")], [("Every day", "Closed")]),
    ("08:00-20:00", [("每天", "08:00–20:00")], [("Every day", "08:00–20:00")]),
    ("Mo-Su 06:00-02:00", [("每天", "06:00–次日 02:00")], [("Every day", "06:00–02:00 next day")]),
    ("18:00-26:30", [("每天", "18:00–次日 02:30")], [("Every day", "18:00–02:30 next day")]),
    ("09:00-24:00", [("每天", "09:00–24:00")], [("Every day", "09:00–24:00")]),
    ("09:00-00:00", [("每天", "09:00–24:00")], [("Every day", "09:00–24:00")]),
    ("Sa 00:00-24:00", [("周六", "全天")], [("Saturday", "All day")]),
    (
        "Mo-Fr 08:30-12:00,13:00-17:30",
        [("周一至周五", "08:30–12:00、13:00–17:30")],
        [("Monday to Friday", "08:30–12:00, 13:00–17:30")],
    ),
    (
        "Mo-Fr 08:00-20:00; Sa,Su 09:00-12:00; PH off",
        [("周一至周五", "08:00–20:00"), ("周六、周日", "09:00–12:00"), ("法定节假日", "休息")],
        [
            ("Monday to Friday", "08:00–20:00"),
            ("Saturday, Sunday", "09:00–12:00"),
            ("Public holidays", "Closed"),
        ],
    ),
    ("Sa-Su off", [("周六、周日", "休息")], [("Saturday, Sunday", "Closed")]),
    ("Fr-Mo off", [("周五至周一", "休息")], [("Friday to Monday", "Closed")]),
    (
        "Tu,Th-Sa,SH off",
        [("周二、周四至周六、学校假期", "休息")],
        [("Tuesday, Thursday to Saturday, school holidays", "Closed")],
    ),
    (
        "Nov 01-Mar 31 06:00-22:00; Apr 01-Oct 31 07:00-21:00",
        [("11月1日–3月31日", "06:00–22:00"), ("4月1日–10月31日", "07:00–21:00")],
        [("1 November–31 March", "06:00–22:00"), ("1 April–31 October", "07:00–21:00")],
    ),
    (
        "Nov-Mar Mo-Fr 06:00-22:00",
        [("11月–3月 周一至周五", "06:00–22:00")],
        [("November–March, Monday to Friday", "06:00–22:00")],
    ),
    (
        "2026 Oct 1-7 off",
        [("2026年10月1日–10月7日", "休息")],
        [("1 October–7 October 2026", "Closed")],
    ),
    (
        "2026 Dec 30-2027 Jan 3,Feb 1 off",
        [("2026年12月30日–2027年1月3日、2月1日", "休息")],
        [("30 December 2026–3 January 2027, 1 February", "Closed")],
    ),
    ("2027 Mo off", [("2027年 周一", "休息")], [("2027, Monday", "Closed")]),
    (
        "Sa[1,3] 10:00-12:00",
        [("每月第一、第三个周六", "10:00–12:00")],
        [("First, third Saturday of the month", "10:00–12:00")],
    ),
    (
        "Su[-1] 10:00-12:00",
        [("每月最后一个周日", "10:00–12:00")],
        [("Last Sunday of the month", "10:00–12:00")],
    ),
    (
        '10:00-12:00 "先打电话"',
        [("每天", "10:00–12:00 不一定开（先打电话）")],
        [("Every day", "10:00–12:00 not always open (先打电话)")],
    ),
    (
        '10:00-12:00 open "后门"',
        [("每天", "10:00–12:00（后门）")],
        [("Every day", "10:00–12:00 (后门)")],
    ),
    (
        'Mo-Fr 08:00-20:00 || "致电"',
        [("周一至周五", "08:00–20:00"), ("其他时间", "不一定开（致电）")],
        [("Monday to Friday", "08:00–20:00"), ("Other times", "Not always open (致电)")],
    ),
    (
        "08:00-20:00; Mo 12:00-13:00 off",
        [("每天", "08:00–20:00"), ("周一", "12:00–13:00 休息")],
        [("Every day", "08:00–20:00"), ("Monday", "12:00–13:00 closed")],
    ),
    # Syntax without words is shown as it is, rather than half.
    (
        "Mo 08:00-12:00; week01-53/2 We 10:00-12:00",
        [("开放时间", "Mo 08:00-12:00; week01-53/2 We 10:00-12:00")],
        [("Hours", "Mo 08:00-12:00; week01-53/2 We 10:00-12:00")],
    ),
    ("easter off", [("开放时间", "easter off")], [("Hours", "easter off")]),
]


@pytest.mark.parametrize(("text", "zh", "en"), LINES)
def test_hours_in_words(text, zh, en):
    hours = normalise_hours(text)
    assert hours is not None
    assert week_text(hours) == zh
    assert week_text(hours, lang="en") == en
