"""How coverage is put in words: hours, slots, counts of riders, shares; Chinese and English.

The same on the planner's page, in the report and in the files to take away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from locator.coverage.week import DAY_WORDS

#: Key → Chinese and English.
Words = Mapping[str, tuple[str, str]]

DAYS = ("workday", "dayoff")
#: What the planner's page and the report both say.
SHARED = {
    "rule": (
        "骑行 {reach} 分钟内、到时开着、还能停 10 分钟，才算有站可去。",
        "A stop counts when it is within {reach} minutes by e-bike, open on arrival and for 10 "
        "minutes more.",
    ),
    "any_stop": ("任一站点", "Any stop"),
    "rider_hours": ("{count} 骑手时/周", "{count} rider-hours a week"),
    "nearest": ("最近的站", "Nearest stop"),
    "nearest_text": ("{name}，约 {minutes} 分钟", "{name}, about {minutes} minutes"),
    "col_township": ("乡镇", "Township"),
    "townships_title": ("各乡镇", "By township"),
    "unknown_township": ("乡镇不详", "Township unknown"),
    "col_riders": ("骑手时/周", "Rider-hours a week"),
    "changes_title": ("和上一版比", "Since the last release"),
    "change_closed": ("补上了", "Closed"),
    "change_shrunk": ("变小", "Shrunk"),
    "change_new": ("新出现", "New"),
    "change_grown": ("变大", "Grown"),
    "dates": ("时钟的两天", "The clock's two days"),
    "dates_text": (
        "工作日取 {workday}，休息日取 {dayoff}：数据日期 {as_of} 之后第一个寻常的周三和周日。",
        "Workday {workday}, day off {dayoff}: the first ordinary Wednesday and Sunday after "
        "{as_of}.",
    ),
    "unknown_hours": ("开放时间不详", "Unknown hours"),
    "unknown_hours_text": (
        "{count} 处站点没写开放时间，一律不算覆盖。补上时间，覆盖率只会升高。",
        "{count} stations state no hours and never count. Once known, coverage can only rise.",
    ),
    "withheld": ("不公开的人数", "Riders withheld"),
    "withheld_text": (
        "骑手数据里有 {count} 个格子时段人太少，不公开。那里是未知，不是没有；没有算进去，"
        "缺口只会更大。",
        "For {count} cells and hours the riders are too few to be shown. They are unknown, not "
        "none, and in no figure here; the gaps can only be larger.",
    ),
}
_EVERY_DAY = {"zh": "每天", "en": "Every day"}
_ALL_DAY = {"zh": "全天", "en": "All day"}
#: In Chinese a blank beside a figure is thin; tied to it, the line never breaks there.
_THIN_BLANK = re.compile(r"(?<![A-Za-z])[ \u2009](?![A-Za-z])")
_TIED = "\u202f"


def tied(zh: str) -> str:
    """Chinese text with thin blanks that keep a figure and its unit on one line: 5 分钟, 41 %."""
    return _THIN_BLANK.sub(_TIED, zh)


def worded(words: Words, lang: str, key: str, **values: Any) -> str:
    """The words ``key`` of a table in ``lang`` ("zh" or "en") with ``values`` put in."""
    zh, en = words[key]
    text = tied(zh) if lang == "zh" else en
    return text.format(**values) if values else text


def listed(names: list[str], lang: str) -> str:
    """Names in a row: 饮水、热饭."""
    return ("、" if lang == "zh" else ", ").join(names)


def people(count: float) -> str:
    """Riders as one says it: whole from ten up, else with one decimal."""
    if count >= 9.95 or count == round(count):
        return f"{count:,.0f}"
    return f"{count:.1f}" if count >= 0.05 else "<0.1"


def percent(part: float, whole: float) -> int:
    """A share in per cent, 0 and 100 kept for none and all."""
    if whole <= 0 or part <= 0:
        return 0
    if part >= whole:
        return 100
    return min(99, max(1, round(100 * part / whole)))


def hour_runs(hours: Iterable[int]) -> list[tuple[int, int]]:
    """Hours of a day as runs (first, end) on the circle: 20, 21, …, 5 give (20, 6).

    All 24 give (0, 24); an end of 24 is midnight.
    """
    inside = set(hours)
    if len(inside) == 24:
        return [(0, 24)]
    runs = []
    for first in sorted(hour for hour in inside if (hour - 1) % 24 not in inside):
        end = first
        while end % 24 in inside:
            end += 1
        runs.append((first, end if end <= 24 else end - 24))
    return runs


def hours_text(lang: str, hours: Iterable[int]) -> str:
    """Hours of a day in words: 11:00–14:00、20:00–次日 06:00; 全天 for all of them."""
    parts = []
    for first, end in hour_runs(hours):
        if (first, end) == (0, 24):
            return _ALL_DAY[lang]
        after = end < first
        next_day = (f"次日{_TIED}" if lang == "zh" else "next day ") if after else ""
        parts.append(f"{first:02}:00–{next_day}{end:02}:00")
    return ("、" if lang == "zh" else ", ").join(parts)


def slots_text(lang: str, slots: Iterable[str]) -> str:
    """Slots such as "workday 20" in words, day by day; together where both days agree."""
    by_day: dict[str, list[int]] = {day: [] for day in DAYS}
    for slot in slots:
        day, hour = slot.split()
        by_day[day].append(int(hour))
    texts = {day: hours_text(lang, hours) for day, hours in by_day.items() if hours}
    blank, semicolon = (_TIED, "；") if lang == "zh" else (" ", "; ")
    if len(texts) == 2 and len(set(texts.values())) == 1:
        return f"{_EVERY_DAY[lang]}{blank}{texts['workday']}"
    return semicolon.join(f"{DAY_WORDS[day][lang]}{blank}{text}" for day, text in texts.items())
