"""Opening hours taken apart: the rules of a canonical OSM ``opening_hours`` text.

`hours.normalise_hours` makes the canonical text; here it is split into its rules, so that they can
be put into words, and so that public holidays can be resolved for one date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from locator.stations.workdays import is_holiday, is_makeup_workday

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


def on_date(rules: tuple[Rule, ...], day: date, country: str) -> str:
    """The hours of one date as OSM text without PH and SH; empty where no rule applies.

    Every rule is bound to the weekday of ``day``, so that the text says nothing of the days around.
    Hours that name holidays follow the official calendar both ways: on a make-up workday they are
    those of the nearest weekday (Friday for a Saturday, Monday for a Sunday). School holidays
    are not in any calendar known here, so SH never applies.
    """
    weekday = day.weekday()
    lived = weekday
    if is_makeup_workday(day, country):
        lived = 4 if weekday == 5 else 0
    holiday = is_holiday(day, country)
    text = ""
    for rule in rules:
        bound = [
            WEEKDAYS[weekday] + token[2:] if "[" in token else WEEKDAYS[weekday]
            for token in rule.days or ("Mo-Su",)
            if (token == "PH" and holiday) or (token[:2] in WEEKDAYS and _covers(token, lived))
        ]
        if not bound:
            continue
        selector = WEEKDAYS[weekday] if WEEKDAYS[weekday] in bound else ",".join(bound)
        comment = f'"{rule.comment}"' if rule.comment else ""
        times = ",".join(rule.times) or "00:00-24:00"
        body = " ".join(filter(None, (rule.dates, selector, times, rule.state, comment)))
        text += (rule.separator if text else "") + body
    return text


def weekdays_of(token: str) -> tuple[int, ...]:
    """The weekdays (Monday 0) of ``Mo``, ``Fr-Mo`` or ``Sa[1]``, in the order of the range."""
    first = WEEKDAYS.index(token[:2])
    last = WEEKDAYS.index(token[3:5]) if token[2:3] == "-" else first
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _covers(token: str, weekday: int) -> bool:
    return weekday in weekdays_of(token)


def _split_days(days: str | None) -> tuple[str, ...]:
    # Not at the commas inside Sa[1,3].
    return tuple(re.split(r",(?![-\d])", days)) if days else ()
