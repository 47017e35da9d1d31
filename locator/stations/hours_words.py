"""Opening hours in words, for people: a few short lines, Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from locator.stations.hours_rules import Rule, parse_rules, weekdays_of

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS_EN = {
    "Jan": "January", "Feb": "February", "Mar": "March", "Apr": "April", "May": "May",
    "Jun": "June", "Jul": "July", "Aug": "August", "Sep": "September", "Oct": "October",
    "Nov": "November", "Dec": "December",
}  # fmt: skip
_DATE = re.compile(
    rf"(?P<year>\d{{4}})?(?: ?(?P<month>{'|'.join(_MONTHS)})(?: (?P<day>\d{{1,2}}))?)?"
)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language; a sentence's first letter is raised afterwards."""

    weekdays: tuple[str, ...]
    ordinals: dict[int, str]
    of_month: str
    public_holidays: str
    school_holidays: str
    every_day: str
    all_day: str
    off: str
    unknown: str
    otherwise: str
    raw: str
    range: str
    next_day: str
    among: str
    beside: str
    brackets: str
    date: Callable[[str, str, str], str]
    year_said_at: int  # which end of a range keeps quiet about a year that both share


def week_text(hours: str, *, lang: Literal["zh", "en"] = "zh") -> list[tuple[str, str]]:
    """Canonical hours as lines of (days, times), in the order in which they were written.

    ``[("周一至周五", "08:00–20:00"), ("法定节假日", "休息")]``. Later lines override earlier ones,
    as in OSM. Syntax for which there are no words comes back as one line with the text as it is.
    """
    words = _ZH if lang == "zh" else _EN
    rules = parse_rules(hours)
    lines = [_line(rule, words) for rule in rules or ()]
    if not lines or None in lines:
        return [(words.raw, hours)]
    return [line for line in lines if line is not None]


def _line(rule: Rule, words: _Words) -> tuple[str, str] | None:
    dates = _dates(rule.dates, words)
    if dates is None:
        return None
    days = words.among.join(_day(token, words) for token in rule.days)
    if not (days or dates):
        days = words.otherwise if rule.separator == " || " else words.every_day
    return _sentence(words.beside.join(filter(None, (dates, days)))), _sentence(_times(rule, words))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _times(rule: Rule, words: _Words) -> str:
    spans = words.among.join(_span(span, words) for span in rule.times)
    said = {"off": words.off, "unknown": words.unknown}.get(rule.state, "")
    said = f"{spans} {said}".strip() or words.all_day
    return said + (words.brackets.format(rule.comment) if rule.comment else "")


def _span(span: str, words: _Words) -> str:
    begin, end = span.split("-")
    if end == "00:00":
        end = "24:00"
    if (begin, end) == ("00:00", "24:00"):
        return words.all_day
    if end > "24:00":
        return f"{begin}–{words.next_day.format(f'{int(end[:2]) - 24:02d}{end[2:]}')}"
    return f"{begin}–{words.next_day.format(end) if end <= begin else end}"


def _day(token: str, words: _Words) -> str:
    if token in ("PH", "SH"):
        return words.public_holidays if token == "PH" else words.school_holidays
    if "[" in token:
        which = (words.ordinals[int(nth)] for nth in token[3:-1].split(","))
        return words.of_month.format(words.among.join(which), words.weekdays[weekdays_of(token)[0]])
    names = [words.weekdays[day] for day in weekdays_of(token)]
    if len(names) == 7:
        return words.every_day
    return words.among.join(names) if len(names) < 3 else words.range.format(names[0], names[-1])


def _dates(dates: str, words: _Words) -> str | None:
    """``Nov 1-Mar 31`` as 11月1日–3月31日; None where there are no words for it."""
    said = []
    for part in filter(None, dates.split(",")):
        ends = [_date(end) for end in part.split("-")]
        if len(ends) > 2 or None in ends:
            return None
        known = [end for end in ends if end is not None]
        if len(known) == 2 and known[0][0] == known[1][0]:  # the year is said once
            known[words.year_said_at] = ("", *known[words.year_said_at][1:])
        said.append("–".join(words.date(*end) for end in known))
    return words.among.join(said)


def _date(text: str) -> tuple[str, str, str] | None:
    """Year, month and day, each perhaps empty."""
    match = _DATE.fullmatch(text.strip())
    return (match["year"] or "", match["month"] or "", match["day"] or "") if match else None


def _date_zh(year: str, month: str, day: str) -> str:
    number = f"{_MONTHS.index(month) + 1}月" if month else ""
    return (f"{year}年" if year else "") + number + (f"{day}日" if day else "")


def _date_en(year: str, month: str, day: str) -> str:
    return " ".join(filter(None, (day, _MONTHS_EN[month] if month else "", year)))


_ZH = _Words(
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    ordinals={1: "第一", 2: "第二", 3: "第三", 4: "第四", 5: "第五", -1: "最后一", -2: "倒数第二",
              -3: "倒数第三", -4: "倒数第四", -5: "倒数第五"},
    of_month="每月{}个{}",
    public_holidays="法定节假日",
    school_holidays="学校假期",
    every_day="每天",
    all_day="全天",
    off="休息",
    unknown="不一定开",
    otherwise="其他时间",
    raw="开放时间",
    range="{}至{}",
    next_day="次日 {}",
    among="、",
    beside=" ",
    brackets="（{}）",
    date=_date_zh,
    year_said_at=1,
)  # fmt: skip
_EN = _Words(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ordinals={1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last",
              -2: "second last", -3: "third last", -4: "fourth last", -5: "fifth last"},
    of_month="{} {} of the month",
    public_holidays="public holidays",
    school_holidays="school holidays",
    every_day="every day",
    all_day="all day",
    off="closed",
    unknown="not always open",
    otherwise="other times",
    raw="Hours",
    range="{} to {}",
    next_day="{} next day",
    among=", ",
    beside=", ",
    brackets=" ({})",
    date=_date_en,
    year_said_at=0,
)  # fmt: skip
