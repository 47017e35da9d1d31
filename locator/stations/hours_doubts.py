"""What of spoken hours stays unknown, and how it would be written so that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from locator.errors import HoursError
from locator.stations.hours import normalise_hours, week_text
from locator.stations.hours_clauses import NO_MONTHS
from locator.stations.hours_rules import Rule, parse_rules

#: Months for an example only: where a season begins and ends is the county's to say.
_MONTHS = (("夏季|夏天|夏令时", "5-10月"), ("冬季|冬天|冬令时", "11-4月"))
#: What `week_text` says of times of which nothing is sure.
_STATE = re.compile(r" (?:不一定开|not always open).*", re.IGNORECASE)
_EXAMPLE = "夏季（5-10月）6:00-21:00，冬季（11-4月）7:00-20:00"


@dataclass(frozen=True, slots=True)
class UnknownPart:
    """The days of which nothing is known, in Chinese and English, and why, as the text has it."""

    kind: Literal["season", "festival", "appointment", "remark"]
    why: str
    zh: str
    en: str


def unknown_part(texts: Iterable[str]) -> UnknownPart | None:
    """What of hours as people write them stays unknown; the first of several kinds."""
    for text in texts:
        try:
            osm = normalise_hours(text) or ""
        except HoursError:
            continue
        parts = parse_rules(osm) or ()
        unknown = [at for at, part in enumerate(parts) if part.state == "unknown"]
        if unknown:
            zh, en = (
                [_STATE.sub("", " ".join(lines[at])) for at in unknown]
                for lines in (week_text(osm, lang="zh"), week_text(osm, lang="en"))
            )
            first = parts[unknown[0]]
            return UnknownPart(_kind(first), first.comment, "、".join(zh), ", ".join(en))
    return None


def with_months(given: str) -> str:
    """The text with months, as an example, behind each season that has none; where that would not
    do, an example of its own."""
    text = given
    for words, months in _MONTHS:
        text = re.sub(words, rf"\g<0>（{months}）", text, count=1)
    try:
        return text if "unknown" not in (normalise_hours(text) or "unknown") else _EXAMPLE
    except HoursError:
        return _EXAMPLE


def _kind(part: Rule) -> Literal["season", "festival", "appointment", "remark"]:
    if part.comment == NO_MONTHS:
        return "season"
    if part.days == ("PH",) and not part.times:
        return "festival"
    return "appointment" if "预约" in part.comment else "remark"
