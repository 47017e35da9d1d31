"""The text of a what-if, as ``docs/what-if.md`` has it; the twin of ``scenario.js``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_ID = r"[a-z0-9][a-z0-9-]{0,31}"
_CLOSE = re.compile(rf"-({_ID})")
_CHANGE = re.compile(rf"({_ID})(@[^;]*)?(;.*)?", re.DOTALL)
_ADD = re.compile(r"[+ ]([^@;]*)(@[^;]*)?(;.*)?", re.DOTALL)
_PLACE = re.compile(r"(-?[0-9]{1,3}(?:\.[0-9]+)?),(-?[0-9]{1,2}(?:\.[0-9]+)?)")
_DAY = re.compile(r"(wd|do):(.+)")
_SPAN = re.compile(r"([01][0-9]|2[0-4])([0-5][0-9])-([01][0-9]|2[0-4])([0-5][0-9])")
_CODE = re.compile(r"\*|[a-z0-9_]+")
_DAYS = {"wd": "workday", "do": "dayoff"}
_DAY_MIN = 1440

#: From and to, in minutes of the day; one over midnight ends after 1440.
Spans = list[tuple[int, int]]
FAULTS = {
    "unreadable": ("读不懂", "cannot be read"),
    "hours": ("时间读不懂", "hours that cannot be read"),
    "services": ("服务读不懂", "services that cannot be read"),
    "place": ("坐标读不懂", "a place that cannot be read"),
    "twice": ("同一站说了两次", "the same station twice"),
}


@dataclass(frozen=True)
class Item:
    """One change: ``kind`` is "close", "change" or "add".

    ``station`` is the id (None of a new stop), ``place`` the longitude and latitude of a new stop.
    ``hours`` has the spans of each day, None where the day is not named; ``services`` are codes,
    ``*`` for those of today. Both are None where nothing is said of them.
    """

    kind: str
    station: str | None = None
    place: tuple[float, float] | None = None
    hours: dict[str, Spans | None] | None = None
    services: list[str] | None = None


@dataclass(frozen=True)
class Fault:
    """A part of the text that cannot be read, and the code of why (see `FAULTS`)."""

    text: str
    code: str


class _Unreadable(Exception):
    pass


def read_scenario(text: str) -> tuple[list[Item], list[Fault]]:
    """The changes that a text names, and what of it cannot be read.

    >>> read_scenario("-341523-017~+116.95,31.46@wd:0600-2400")
    """
    items: list[Item] = []
    faults: list[Fault] = []
    named: set[str] = set()
    for part in filter(None, text.split("~")):
        try:
            item = _item(part)
            if item.station in named:
                raise _Unreadable("twice")
        except _Unreadable as error:
            faults.append(Fault(part, str(error)))
            continue
        if item.station is not None:
            named.add(item.station)
        items.append(item)
    return items, faults


def print_scenario(items: list[Item]) -> str:
    """The text of some changes; reading it gives the same."""
    return "~".join(_printed(item) for item in items)


def clock(minute: int) -> str:
    """A minute of the day (or of the next) as ``HH:MM``; 1440 is 24:00."""
    within = minute - _DAY_MIN if minute > _DAY_MIN else minute
    return f"{within // 60:02d}:{within % 60:02d}"


def _item(text: str) -> Item:
    if closed := _CLOSE.fullmatch(text):
        return Item("close", station=closed[1])
    if added := _ADD.fullmatch(text):
        place = _place(added[1])
        return Item("add", place=place, hours=_hours(added[2]), services=_services(added[3]))
    changed = _CHANGE.fullmatch(text)
    if changed is None or (changed[2] is None and changed[3] is None):
        raise _Unreadable("unreadable")
    hours, services = _hours(changed[2]), _services(changed[3])
    return Item("change", station=changed[1], hours=hours, services=services)


def _place(text: str) -> tuple[float, float]:
    found = _PLACE.fullmatch(text)
    if found is None:
        raise _Unreadable("place")
    lon, lat = (math.floor(float(number) * 1e6 + 0.5) / 1e6 for number in found.groups())
    if abs(lon) > 180 or abs(lat) > 90:
        raise _Unreadable("place")
    return lon, lat


def _hours(text: str | None) -> dict[str, Spans | None] | None:
    if text is None:
        return None
    hours: dict[str, Spans | None] = dict.fromkeys(_DAYS.values())
    for part in text[1:].split(","):
        found = _DAY.fullmatch(part)
        if found is None or hours[_DAYS[found[1]]] is not None:
            raise _Unreadable("hours")
        hours[_DAYS[found[1]]] = [] if found[2] == "off" else _spans(found[2])
    return hours


def _spans(text: str) -> Spans:
    spans: Spans = []
    for part in text.split("_"):
        found = _SPAN.fullmatch(part)
        if found is None:
            raise _Unreadable("hours")
        first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
        begin, end = first_hour * 60 + first_minute, last_hour * 60 + last_minute
        if begin >= _DAY_MIN or end > _DAY_MIN or begin == end:
            raise _Unreadable("hours")
        spans.append((begin, end if end > begin else end + _DAY_MIN))
    spans.sort(key=lambda span: span[0])
    following = [*(begin for begin, _ in spans[1:]), spans[0][0] + _DAY_MIN]
    whole_day = len(spans) == 1 and spans[0][1] - spans[0][0] == _DAY_MIN
    if not whole_day and any(
        end >= begin for (_, end), begin in zip(spans, following, strict=True)
    ):
        raise _Unreadable("hours")
    return spans


def _services(text: str | None) -> list[str] | None:
    if text is None:
        return None
    codes = text[1:].split(",")
    if not all(_CODE.fullmatch(code) for code in codes):
        raise _Unreadable("services")
    return list(dict.fromkeys(codes))


def _printed(item: Item) -> str:
    if item.kind == "close":
        return f"-{item.station}"
    what = item.station or "+" + ",".join(_degrees(number) for number in item.place or ())
    if item.hours is not None:
        days = [
            f"{short}:{'_'.join(_printed_span(span) for span in spans) or 'off'}"
            for short, day in _DAYS.items()
            if (spans := item.hours[day]) is not None
        ]
        what += "@" + ",".join(days)
    return what + (f";{','.join(item.services)}" if item.services else "")


def _printed_span(span: tuple[int, int]) -> str:
    return "-".join(clock(minute).replace(":", "") for minute in span)


def _degrees(number: float) -> str:
    return re.sub(r"\.?0+$", "", f"{number:.6f}")
