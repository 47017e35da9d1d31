"""When each station is open in the coming days, as intervals that a phone holds to its clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from locator.stations.hours import open_intervals, service_intervals, unknown_intervals

#: How far ahead; a phone that stays offline longer shows the printed hours alone.
DAYS = 14


def openness(
    stations: Iterable[Mapping[str, Any]],
    start: date,
    timezone: str,
    country: str = "CN",
    *,
    days: int = DAYS,
) -> dict[str, Any]:
    """What ``open.json`` says of ``stations`` (properties as in ``stations.geojson``).

    {as_of, from, to, timezone, stations: {id: {door: [[from, to], …] or null, maybe: [[from, to],
    …], services: {code: [[from, to], …]}}}}: minutes since 1970 UTC, half-open, from the midnight
    that begins ``start``. ``door`` is null where nobody knows the hours. ``maybe`` is there only
    where the hours leave times open (以现场为准, a season without its months): then the door is
    neither open nor closed. Only services whose times differ from the door's are listed.
    """
    zone = ZoneInfo(timezone)
    first, last = (
        int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) // 60
        for day in (start, start + timedelta(days=days))
    )
    # Thousands of stations keep a few dozen timetables between them.
    timetables: dict[tuple[str, ...], dict[str, Any]] = {}
    found: dict[str, Any] = {}
    for said in stations:
        hours = said["hours"]
        if not hours:
            found[said["id"]] = {"door": None, "services": {}}
            continue
        own = said["service_hours"] or {}
        key = (hours, *(word for pair in sorted(own.items()) for word in pair))
        if key not in timetables:
            door = open_intervals(hours, start, days, timezone, country).tolist()
            times = service_intervals(hours, own, sorted(own), start, days, timezone, country)
            maybe = unknown_intervals(hours, start, days, timezone, country).tolist()
            services = {
                code: spans.tolist() for code, spans in times.items() if spans.tolist() != door
            }
            timetables[key] = {
                "door": door, **({"maybe": maybe} if maybe else {}), "services": services
            }  # fmt: skip
        found[said["id"]] = timetables[key]
    return {
        "as_of": start.isoformat(),
        "from": first,
        "to": last,
        "timezone": timezone,
        "stations": found,
    }
