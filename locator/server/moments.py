"""Open or closed by the server's own clock, in words: for a page that runs no script.

What ``openness.js`` and ``card-facts.js`` say on a phone is said here in the same words; a test
holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from locator.release.openness import DAYS
from locator.release.publish import Release
from locator.server.words import Language, say
from locator.stations.hours import open_intervals, unknown_intervals

#: A station that closes within this many minutes is "closing".
CLOSING_MINUTES = 30
_DAY = 24 * 60

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Door:
    """When a door is open: half-open spans of minutes since 1970 UTC, None where nobody knows.

    ``maybe`` are the times that the hours themselves leave open.
    """

    status: str
    spans: tuple[Span, ...] | None
    maybe: tuple[Span, ...] = ()

    def span_at(self, minute: float) -> Span | None:
        """The opening that holds ``minute``; none of a station that is not in service."""
        return _span_at(self.spans or (), minute) if self.status == "open" else None


@dataclass(frozen=True, slots=True)
class State:
    """``code`` is open, closing, closed or unknown; ``text`` says it, and until when."""

    code: str
    text: str


def doors(release: Release, now: datetime) -> dict[str, Door]:
    """When each station of ``release`` is open, for a fortnight from the county's own today."""
    county = release.county
    today = now.astimezone(ZoneInfo(county["timezone"])).date()
    stations = release.file("public/stations.geojson")
    return _doors(stations, today, county["timezone"], county["country"])


@lru_cache(maxsize=32)
def _doors(stations: Path, today: date, timezone: str, country: str) -> dict[str, Door]:
    table = [each["properties"] for each in json.loads(stations.read_text("utf-8"))["features"]]
    # Many stations keep the same hours: each is worked out once.
    times = {
        hours: [
            tuple((begin, end) for begin, end in found.tolist())
            for found in (
                open_intervals(hours, today, DAYS, timezone, country),
                unknown_intervals(hours, today, DAYS, timezone, country),
            )
        ]
        for hours in {said["hours"] for said in table if said["hours"]}
    }
    return {
        said["id"]: Door(said["status"], *times[said["hours"]])
        if said["hours"]
        else Door(said["status"], None)
        for said in table
    }


def state_of(door: Door, now: datetime, zone: ZoneInfo, lang: Language) -> State:
    """The state of a station as one says it: 开着 · 20:00 关门."""
    minute = now.timestamp() / 60
    if door.status != "open":
        known = door.status in {"temporarily_closed", "planned"}
        return State("closed", _say(f"state_{door.status}" if known else "state_gone", lang))
    span = door.span_at(minute)
    if door.spans is None or (span is None and _span_at(door.maybe, minute)):
        return State("unknown", _say("state_unknown", lang))
    if span is None:
        begins = next((each[0] for each in door.spans if each[0] > minute), None)
        if begins is None:
            return State("closed", _say("state_closed", lang))
        when = _moment(begins, now, zone, lang)
        return State("closed", _say("state_closed_until", lang, time=when))
    left = span[1] - minute
    if left <= CLOSING_MINUTES:
        minutes = max(1, -int(-left // 1))
        return State("closing", _say("state_closing", lang, minutes=minutes))
    if left >= _DAY:
        return State("open", _say("state_always", lang))
    ends = _local(span[1], zone)
    midnight = (ends.hour, ends.minute) == (0, 0)  # that which ends today
    when = "24:00" if midnight else _moment(span[1], now, zone, lang)
    return State("open", _say("state_open_until", lang, time=when))


def today_text(door: Door, now: datetime, zone: ZoneInfo, lang: Language) -> str:
    """Today's hours, holidays counted: 今天 10:00–20:00; "" where nobody knows them."""
    if door.status != "open" or door.spans is None:
        return ""
    start = datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)
    midnight = int(start.timestamp()) // 60
    today = _within_day(door.spans, midnight)
    if not today:
        return _say("today_maybe" if _within_day(door.maybe, midnight) else "today_shut", lang)
    if today[0] == (0, _DAY):
        return _say("today_all", lang)
    return _say("today_open", lang, times="、".join(map(_times, today)))


def distance_text(metres: float, lang: Language) -> str:
    """350 米, 1.2 公里."""
    if metres < 950:
        return _say("metres", lang, metres=max(10, round(metres / 10) * 10))
    kilometres = metres / 1000
    short = f"{kilometres:.1f}" if kilometres < 9.95 else str(round(kilometres))
    return _say("kilometres", lang, kilometres=short)


def _span_at(spans: Sequence[Span], minute: float) -> Span | None:
    return next((span for span in spans if span[0] <= minute < span[1]), None)


def _within_day(spans: Sequence[Span], midnight: int) -> list[Span]:
    cut = [(max(0, begin - midnight), min(_DAY, end - midnight)) for begin, end in spans]
    return [span for span in cut if span[0] < span[1]]


def _moment(minute: int, now: datetime, zone: ZoneInfo, lang: Language) -> str:
    then = _local(minute, zone)
    time = then.strftime("%H:%M")
    ahead = (then.date() - now.astimezone(zone).date()).days
    if ahead == 0:
        return time
    if ahead == 1:
        return _say("tomorrow", lang, time=time)
    if ahead < 7:
        return _say(f"weekday_{then.isoweekday() % 7}", lang, time=time)
    return _say("on_date", lang, month=then.month, day=then.day, time=time)


def _local(minute: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)


def _times(span: Sequence[int]) -> str:
    return "–".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in span)


def _say(key: str, lang: Language, **values: object) -> str:
    return say(key, lang, "script", **values)
