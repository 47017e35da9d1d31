"""When a station is open: from what the ledger says to minutes on the clock.

The canonical form is OSM ``opening_hours``. Three states are kept apart. Hours that nobody knows
are None, and a station with such hours covers nobody. Times that the text calls ``unknown``, or
that carry a comment without saying ``open`` ("by appointment"), count as not open: nobody should
ride there on the strength of them. All else is open or closed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from locator.errors import HoursError
from locator.stations.hours_rules import (
    Rule,
    names_holidays,
    open_spans,
    parse_rules,
    unknown_spans,
)
from locator.stations.hours_slips import halves_joined, without_slips
from locator.stations.hours_spoken import osm_from_spoken, says_unknown
from locator.stations.hours_words import week_text
from locator.stations.workdays import clock_dates

__all__ = [
    "clock_dates",
    "normalise_hours",
    "open_intervals",
    "service_intervals",
    "unknown_intervals",
    "week_text",
]

Intervals = NDArray[np.int64]
Span = tuple[datetime, datetime]

#: OSM's own limit for a value; also keeps a hostile ledger from costing time.
MAX_LENGTH = 255

#: 0800-2000, on the quarters of an hour; 1900-2030 may be years.
_UNPOINTED = re.compile(
    r"(?<![\d:])(?!(?:19|20)\d\d-20\d\d)([01]\d|2[0-4])(00|15|30|45)"
    r"-([01]\d|2[0-4])(00|15|30|45)(?![\d:])"
)
#: What no OSM syntax has outside a comment: Chinese, 8.00, 24h, 7*24, a slash.
_SPOKEN = re.compile(r"[一-鿿.*×/]|\d[hx]", re.IGNORECASE)


def normalise_hours(text: str | None) -> str | None:
    """The canonical OSM ``opening_hours`` of a cell, or None where it says that nobody knows.

    OSM syntax is checked and respelt; hours as people write them in Chinese are understood where
    they leave one reading (``早8点到晚8点``, ``周一至周五 08:30-12:00；周末休息``; see
    ``hours_spoken``). The result is its own canonical form. Raises HoursError for all else, also
    for OSM syntax without a closing time (``10:00+``) or without a time on the clock
    (``sunrise-sunset``): what would have to be guessed is not taken.
    """
    if text is None:
        return None
    plain = _plain(text)
    if not plain or says_unknown(plain):
        return None
    plain = _UNPOINTED.sub(r"\1:\2-\3:\4", plain)
    # To the parser lone numbers are years, open throughout.
    if len(plain) > MAX_LENGTH or re.fullmatch(r"\d+(?:-\d+)?", plain):
        raise _unreadable(text)
    spoken = osm_from_spoken(plain) if _SPOKEN.search(plain) else None
    return _canonical(spoken or plain, text)


def open_intervals(
    hours: str, start: date, days: int, timezone: str, country: str = "CN"
) -> Intervals:
    """When a station with these (canonical) hours is open, on ``days`` local days from ``start``.

    Returns an array of shape (n, 2): half-open [from, to) in minutes since 1970 UTC, sorted,
    merged, and cut at the first and the last midnight of the window in ``timezone``. What ran past
    midnight into the first day is included. On the night when clocks go forward a time that does
    not exist is the moment of the change; when they go back, a time that comes twice is its first.

    PH means the public holidays of ``country``; hours that name them also take a make-up workday
    for a weekday. SH (school holidays) never applies: no calendar has them.
    Raises HoursError for text that `normalise_hours` would not give.
    """
    return _intervals(hours, start, days, timezone, country, State.OPEN)


def unknown_intervals(
    hours: str, start: date, days: int, timezone: str, country: str = "CN"
) -> Intervals:
    """When a station with these hours may be open, and they say that they cannot tell; as
    `open_intervals`, with which these have no time in common."""
    return _intervals(hours, start, days, timezone, country, State.UNKNOWN)


def _intervals(
    hours: str, start: date, days: int, timezone: str, country: str, state: State
) -> Intervals:
    zone = _zone(timezone)
    first = datetime.combine(start, time())
    last = first + timedelta(days=days)
    rules = _rules(hours)
    if rules is None:
        spans = _spans(hours, first, last, state)
    else:
        of_day = open_spans if state == State.OPEN else unknown_spans
        spans = _by_date(rules, start, days, country, of_day)
    clipped = ((max(a, first), min(b, last)) for a, b in spans)
    return _merged((_minute(a, zone), _minute(b, zone)) for a, b in clipped if a < b)


def service_intervals(
    hours: str | None,
    service_hours: Mapping[str, str],
    services: Sequence[str],
    start: date,
    days: int,
    timezone: str,
    country: str = "CN",
) -> dict[str, Intervals]:
    """When each service can be had: its own hours within those of the door, else the door's.

    Where the hours of the door are unknown (None), nothing is known of any service, and the result
    is empty. For the other arguments and the arrays see `open_intervals`.
    """
    if hours is None:
        return {}
    door = open_intervals(hours, start, days, timezone, country)
    return {
        service: _common(door, open_intervals(own, start, days, timezone, country))
        if (own := service_hours.get(service)) is not None
        else door
        for service in services
    }


def _plain(text: str) -> str:
    """One spelling for full-width letters, dashes and blanks; comments stay as they are."""
    pieces = re.split(r'("[^"]*")', text.replace("“", '"').replace("”", '"'))
    for i in range(0, len(pieces), 2):
        plain = unicodedata.normalize("NFKC", pieces[i]).replace("、", ",").replace("。", ";")
        plain = re.sub(r"\s*[-‐‑‒–—―−~∼〜]+\s*", "-", plain)
        pieces[i] = re.sub(r"\s+", " ", plain)
    return "".join(pieces).strip(" ;,")


def _canonical(osm: str, text: str) -> str:
    joined = halves_joined(without_slips(osm))
    if joined is None:
        raise _unreadable(text)
    # A comment without a state means "ask first" in OSM; the parser takes it for open.
    osm = _comments_after(joined, "unknown", unless=("open", "closed", "off", "unknown"))
    try:
        canonical = _respelt(osm)
        stable = _respelt(canonical) == canonical
    except ParserError as error:
        raise _unreadable(text) from error
    outside = re.sub(r'"[^"]*"', "", canonical)
    guessed = re.search(r"\d\+|sun|dusk|dawn|:\d\d/\d|[PS]H [-+]?\d+ day", outside)
    split = parse_rules(canonical)
    if guessed or not stable or (split is None and names_holidays(canonical)):
        raise _unreadable(text)
    return canonical


def _respelt(osm: str) -> str:
    parsed = OpeningHours(osm)
    if str(parsed.normalize()) == "24/7":
        return "24/7"
    canonical = _comments_after(str(parsed), "open", unless=("closed", "unknown"))
    pieces = re.split(r'("[^"]*")', canonical)
    return "".join(
        piece if piece.startswith('"') else re.sub(r"\bclosed\b", "off", piece) for piece in pieces
    )


def _comments_after(osm: str, state: str, *, unless: tuple[str, ...]) -> str:
    """The same with ``state`` before each comment that follows none of the states ``unless``."""
    pieces = re.split(r'("[^"]*")', osm)
    for i in range(1, len(pieces), 2):
        said = pieces[i - 1].rstrip().rpartition(" ")[2]
        if said not in unless:
            pieces[i] = f"{state} {pieces[i]}"
    return "".join(pieces)


def _unreadable(text: str) -> HoursError:
    shown = text if len(text) <= 60 else text[:60] + "…"
    return HoursError(
        f"开放时间“{shown}”读不懂：请写成 08:00-20:00、周一至周五 08:30-17:30、24小时，"
        "或 OSM 写法；不知道就留空。"
        f" / Opening hours {shown!r} cannot be read: write 08:00-20:00, Mo-Fr 08:30-17:30 or 24/7 "
        "(OSM opening_hours, with a time for opening and for closing), or leave the cell empty."
    )


@lru_cache(maxsize=4096)
def _rules(hours: str) -> tuple[Rule, ...] | None:
    try:
        OpeningHours(hours)
    except ParserError as error:
        raise _unreadable(hours) from error
    return parse_rules(hours)


def _by_date(
    rules: tuple[Rule, ...],
    start: date,
    days: int,
    country: str,
    of_day: Callable[[tuple[Rule, ...], date, str], tuple[tuple[int, int], ...]],
) -> list[Span]:
    """The spans of each day in local time; the day before may run into the first."""
    spans = []
    for offset in range(-1, days):
        day = start + timedelta(days=offset)
        midnight = datetime.combine(day, time())
        for begin, end in of_day(rules, day, country):
            spans.append((midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end)))
    return spans


def _spans(hours: str, first: datetime, last: datetime, wanted: State) -> list[Span]:
    """The same as the parsing library has it, for syntax that is not taken apart here."""
    return [
        (begin, end)
        for begin, end, state, _ in OpeningHours(hours).intervals(first, last)
        if state == wanted
    ]


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=65536)
def _minute(local: datetime, zone: ZoneInfo) -> int:
    """Local time as minutes since 1970 UTC, never running backwards as local time runs on."""
    existing = local
    while _to_utc(existing, zone).astimezone(zone).replace(tzinfo=None) != existing:
        existing -= timedelta(minutes=1)  # into the hour that the clocks skip, so back out of it
    return int(_to_utc(existing, zone).timestamp()) // 60 + (existing != local)


def _to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


def _merged(spans: Iterable[tuple[int, int]]) -> Intervals:
    merged: list[list[int]] = []
    for begin, end in sorted(spans):
        if begin >= end:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([begin, end])
    return np.array(merged, dtype=np.int64).reshape(-1, 2)


def _common(left: Intervals, right: Intervals) -> Intervals:
    """The times in both of two sorted lists of intervals."""
    begins = np.maximum(left[:, None, 0], right[None, :, 0])
    ends = np.minimum(left[:, None, 1], right[None, :, 1])
    return _merged(zip(begins.ravel().tolist(), ends.ravel().tolist(), strict=True))
