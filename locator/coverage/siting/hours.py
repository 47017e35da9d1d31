"""A door's hours on the clock's two days, and what they become when it stays open longer.

Spans are minutes of the day, sorted, apart: ``{"workday": [(480, 1200)], "dayoff": []}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from locator.coverage.demand import DAYS
from locator.coverage.supply import Calendar
from locator.coverage.week import DAYS_A_WEEK
from locator.stations.hours import open_intervals

Spans = Mapping[str, tuple[tuple[int, int], ...]]

DAY_MIN = 24 * 60
ALL_DAY = ((0, DAY_MIN),)
#: A span from midnight that ends before this is the rest of the night before, no day of its own.
_NOON = 12 * 60

#: How a station may stay open longer, in the order of what it takes: code → (Chinese, English).
LONGER: dict[str, tuple[str, str]] = {
    "days": ("休息日也开", "open on days off as well"),
    "22": ("开到 22:00", "stay open to 22:00"),
    "22days": ("开到 22:00，休息日也开", "stay open to 22:00, on days off as well"),
    "24": ("开到 24:00", "stay open to 24:00"),
    "24days": ("开到 24:00，休息日也开", "stay open to 24:00, on days off as well"),
    "24h": ("全天开放", "stay open day and night"),
}


def spans_of(hours: str, calendar: Calendar) -> Spans:
    """When a door with these (canonical) hours is open on the clock's two dates."""
    zone = ZoneInfo(calendar.timezone)
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for day in DAYS:
        start = calendar.dates[day]
        midnight = int(datetime.combine(start, time(), zone).timestamp()) // 60
        open_min = open_intervals(hours, start, 1, calendar.timezone, calendar.country) - midnight
        found[day] = _joined(*((int(a), int(b)) for a, b in open_min.clip(0, DAY_MIN) if a < b))
    return found


def longer(today: Spans) -> dict[str, Spans]:
    """What ``today`` may become, by the codes of `LONGER`; only those that add something."""
    found: dict[str, Spans] = {}
    for code in LONGER:
        spans = _longer(today, code)
        if hours_more(today, spans) > 0 and spans not in found.values():
            found[code] = spans
    return found


def _longer(today: Spans, code: str) -> Spans:
    if code == "24h":
        return dict.fromkeys(DAYS, ALL_DAY)
    spans = dict(today)
    if code.endswith("days") and all(_night(span) for span in spans["dayoff"]):
        spans["dayoff"] = _joined(*spans["dayoff"], *spans["workday"])
    until = int(code.removesuffix("days") or 0) * 60
    return {day: _to(spans[day], until) for day in DAYS}


def _night(span: tuple[int, int]) -> bool:
    begin, end = span
    return begin == 0 and end < _NOON


def _to(spans: tuple[tuple[int, int], ...], until: int) -> tuple[tuple[int, int], ...]:
    """The last span of a day held open to ``until``, if it ends before that."""
    if not spans or spans[-1][1] >= until or _night(spans[-1]):
        return spans
    return (*spans[:-1], (spans[-1][0], until))


def _joined(*spans: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Spans sorted, and those that touch made one."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(found)


def hours_more(before: Spans, after: Spans) -> float:
    """Opening hours added, on the average day of a week."""
    added = sum(
        DAYS_A_WEEK[day] * (_length(after.get(day, ())) - _length(before.get(day, ())))
        for day in DAYS
    )
    return added / sum(DAYS_A_WEEK.values()) / 60


def _length(spans: tuple[tuple[int, int], ...]) -> int:
    return sum(end - begin for begin, end in spans)


def as_hours(spans: Spans) -> dict[str, str]:
    """The same as (canonical) opening hours, day by day."""
    return {
        day: ",".join(f"{_clock(a)}-{_clock(b)}" for a, b in spans[day]) or "off" for day in DAYS
    }


def scenario_hours(spans: Spans) -> dict[str, list[tuple[int, int]] | None]:
    """The same as the item of a scenario has it: what goes on after midnight ends after 1440.

    >>> scenario_hours({"workday": ((0, 120), (1080, 1440)), "dayoff": ()})
    {'workday': [(1080, 1560)], 'dayoff': []}
    """
    return {day: _nights(spans[day]) for day in DAYS}


def _nights(spans: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    if len(spans) > 1 and spans[0][0] == 0 and spans[-1][1] == DAY_MIN:
        return [*spans[1:-1], (spans[-1][0], DAY_MIN + spans[0][1])]
    return list(spans)


def hours_words(spans: Spans) -> tuple[str, str]:
    """The same for people: Chinese, English."""
    if all(spans[day] == ALL_DAY for day in DAYS):
        return "全天开放", "day and night"
    workday, dayoff = (_nights(spans[day]) for day in DAYS)
    if workday == dayoff:
        return f"每天 {_zh(workday)}", f"every day {_en(workday)}"
    return (
        f"工作日 {_zh(workday)}，休息日 {_zh(dayoff)}",
        f"on workdays {_en(workday)}, on days off {_en(dayoff)}",
    )


def _zh(spans: list[tuple[int, int]]) -> str:
    ends = [(a, f"次日 {_clock(b - DAY_MIN)}" if b > DAY_MIN else _clock(b)) for a, b in spans]
    return "、".join(f"{_clock(begin)}–{end}" for begin, end in ends) or "休息"


def _en(spans: list[tuple[int, int]]) -> str:
    ends = [(a, b - DAY_MIN if b > DAY_MIN else b) for a, b in spans]
    return " and ".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in ends) or "closed"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
