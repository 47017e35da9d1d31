"""How coverage is put in words: hours, slots, counts of riders, shares; Chinese and English.

The same on the planner's page, in the report and in the files to take away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

DAYS = ("workday", "dayoff")
DAY_WORDS = {
    "workday": {"zh": "工作日", "en": "Workday"},
    "dayoff": {"zh": "休息日", "en": "Day off"},
}
#: What page and report say of riders who are too few to be shown: a heading and a sentence.
WITHHELD = {
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
