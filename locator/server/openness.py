"""When the stations of a release are open in the coming days, as the page's script wants it."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from locator.release.publish import Release, canonical_json
from locator.stations.hours import open_intervals, service_intervals

#: How far ahead; a phone that stays offline longer shows the printed hours alone.
DAYS = 14


def open_json(release: Release, now: datetime) -> bytes:
    """Today and the 13 days after in the county's own time; see `openness` for its shape."""
    county = release.county
    today = now.astimezone(ZoneInfo(county["timezone"])).date()
    return _open_json(
        release.file("public/stations.geojson"),
        county["timezone"],
        county.get("country", "CN"),
        today,
    )


@lru_cache(maxsize=32)
def _open_json(stations: Path, timezone: str, country: str, today: date) -> bytes:
    features = json.loads(stations.read_text("utf-8"))["features"]
    table = [feature["properties"] for feature in features]
    return canonical_json(openness(table, today, DAYS, timezone, country))


def openness(
    stations: list[dict[str, Any]], start: date, days: int, timezone: str, country: str
) -> dict[str, Any]:
    """{from, to, as_of, timezone, stations: {id: {door: [[from, to], …] or null, services}}}.

    Times are minutes since 1970 UTC, half-open. ``door`` is null where nobody knows the hours;
    only services whose times differ from the door's are listed.
    """
    first, last = (
        int(datetime.combine(day, datetime.min.time(), ZoneInfo(timezone)).timestamp()) // 60
        for day in (start, date.fromordinal(start.toordinal() + days))
    )
    found: dict[str, Any] = {}
    for said in stations:
        hours, own = said.get("hours"), said.get("service_hours") or {}
        if not hours:
            found[said["id"]] = {"door": None, "services": {}}
            continue
        door = open_intervals(hours, start, days, timezone, country)
        services = service_intervals(hours, own, list(own), start, days, timezone, country)
        found[said["id"]] = {
            "door": door.tolist(),
            "services": {
                code: spans.tolist()
                for code, spans in services.items()
                if spans.tolist() != door.tolist()
            },
        }
    return {
        "as_of": start.isoformat(),
        "from": first,
        "to": last,
        "timezone": timezone,
        "stations": found,
    }
