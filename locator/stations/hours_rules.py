"""Opening hours taken apart: the rules of a canonical OSM ``opening_hours`` text.

`hours.normalise_hours` makes the canonical text; here it is split into its rules, so that they can
be put into words, and so that each date can be read with its holiday and its late night.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from opening_hours import OpeningHours

from locator.stations.workdays import is_holiday, is_makeup_workday

_FRIDAY = 4
_NOON = time(12)
_DAY_MIN = 24 * 60

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

_DAY = r"(?:PH|SH|(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su)|\[[-\d,]+\])?)"
_SPAN = r"\d\d:\d\d-\d\d:\d\d"
# Dates come first and in many forms (seasons, years, weeks): whatever stands before the rest.
_RULE = re.compile(
    rf"""(?:24/7|(?P<dates>[^"]*?)\s*(?:(?<![^\s])(?P<days>{_DAY}(?:,{_DAY})*))?)\s*
    (?P<times>{_SPAN}(?:,{_SPAN})*)?\s*
    (?P<state>open|off|unknown)?\s*
    (?P<comment>"[^"]*")?""",
    re.VERBOSE,
)
_DATES = re.compile(
    r"(?:[\d+/,\- ]|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week|easter|days?)*"
)
_SEPARATOR = re.compile(r'(; | \|\| |, )(?=(?:[^"]*"[^"]*")*[^"]*$)')


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Empty ``dates``, ``days`` or ``times`` mean every date, every day, all day.

    ``separator`` says how it joins what stands before it: ``"; "`` replaces, ``", "`` adds,
    ``" || "`` applies where nothing else does.
    """

    separator: str
    dates: str
    days: tuple[str, ...]
    times: tuple[str, ...]
    state: str
    comment: str


def parse_rules(hours: str) -> tuple[Rule, ...] | None:
    """The rules of a canonical text, in order; None where it uses syntax unknown here."""
    parts = ["; ", *_SEPARATOR.split(hours)]
    rules = []
    for separator, text in zip(parts[::2], parts[1::2], strict=True):
        match = _RULE.fullmatch(text)
        if match is None or not _DATES.fullmatch(match["dates"] or ""):
            return None
        rules.append(
            Rule(
                separator,
                match["dates"] or "",
                _split_days(match["days"]),
                tuple(match["times"].split(",")) if match["times"] else (),
                match["state"] or "open",
                (match["comment"] or "").strip('"'),
            )
        )
    return tuple(rules)


def names_holidays(hours: str) -> bool:
    """Whether the hours speak of public or school holidays."""
    return bool(re.search(r"\b[PS]H\b", re.sub(r'"[^"]*"', "", hours)))


def open_spans(rules: tuple[Rule, ...], day: date, country: str) -> tuple[tuple[int, int], ...]:
    """When the doors that open on ``day`` are open: [from, to) in minutes after its midnight.

    Beyond 1440 it is the next morning, which belongs to the evening before: ``Mo-Fr 22:00-06:00;
    We off`` is shut from Wednesday 06:00 to Thursday 22:00. (The parsing library cuts Wednesday
    out instead, and opens on Thursday at midnight.) A rule for a day replaces what earlier ones
    said of that day, except that ``off`` with times only takes those times away.

    Hours that name holidays follow the official calendar both ways: on a make-up workday they are
    those of the nearest weekday (Friday for a Saturday, Monday for a Sunday). School holidays
    are in no calendar known here, so SH never applies.
    """
    return _day_spans(_applying(rules, day, country))[0]


def unknown_spans(rules: tuple[Rule, ...], day: date, country: str) -> tuple[tuple[int, int], ...]:
    """When the doors may be open on ``day``, and the text says that it cannot tell; as
    `open_spans`."""
    return _day_spans(_applying(rules, day, country))[1]


def weekdays_of(token: str) -> tuple[int, ...]:
    """The weekdays (Monday 0) of ``Mo``, ``Fr-Mo`` or ``Sa[1]``, in the order of the range."""
    first = WEEKDAYS.index(token[:2])
    last = WEEKDAYS.index(token[3:5]) if token[2:3] == "-" else first
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _applying(rules: tuple[Rule, ...], day: date, country: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if _applies(rule, day, country, _official(rules)))


@lru_cache(maxsize=4096)
def _day_spans(
    rules: tuple[Rule, ...],
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """The spans of a day to which all these rules apply: those open, and those unknown."""
    is_open = np.zeros(2 * _DAY_MIN, dtype=bool)
    is_unknown = np.zeros(2 * _DAY_MIN, dtype=bool)
    for rule in rules:
        if rule.separator == "; " and (rule.state != "off" or not rule.times):
            is_open[:] = is_unknown[:] = False
        for begin, end in map(_minutes, rule.times or ("00:00-24:00",)):
            said = np.zeros(2 * _DAY_MIN, dtype=bool)
            said[begin:end] = True
            if rule.separator == " || ":
                said &= ~(is_open | is_unknown)
            is_open[said] = rule.state == "open"
            is_unknown[said] = rule.state == "unknown"
    return _runs(is_open), _runs(is_unknown)


def _runs(holds: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    edges = np.flatnonzero(np.diff(holds, prepend=False, append=False)).tolist()
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _minutes(span: str) -> tuple[int, int]:
    begin, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in span.split("-"))
    return begin, min(end if end > begin else end + _DAY_MIN, 2 * _DAY_MIN)


@lru_cache(maxsize=1024)
def _official(rules: tuple[Rule, ...]) -> bool:
    return any(token in ("PH", "SH") for rule in rules for token in rule.days)


def _applies(rule: Rule, day: date, country: str, official: bool) -> bool:
    if rule.dates and not _within(f"{rule.dates} Mo-Su", day):
        return False
    lived = day.weekday()  # the weekday as which the day is lived
    if official and is_makeup_workday(day, country):
        lived = _FRIDAY if lived == _FRIDAY + 1 else 0
    return not rule.days or any(
        is_holiday(day, country)
        if token == "PH"
        else token != "SH"
        and lived in weekdays_of(token)
        and ("[" not in token or _within(token, day))
        for token in rule.days
    )


@lru_cache(maxsize=65536)
def _within(selector: str, day: date) -> bool:
    """Whether a season, a date, a week, an nth weekday holds ``day``."""
    return bool(_selector(selector).is_open(datetime.combine(day, _NOON)))


@lru_cache(maxsize=1024)
def _selector(selector: str) -> OpeningHours:
    return OpeningHours(f"{selector} 00:00-24:00")


def _split_days(days: str | None) -> tuple[str, ...]:
    # Not at the commas inside Sa[1,3].
    return tuple(re.split(r",(?![-\d])", days)) if days else ()
