"""When the stations are open from today on: what the release says for its own first fortnight."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from locator.release.openness import openness
from locator.release.publish import Release, canonical_json


def open_json(release: Release, now: datetime) -> bytes:
    """``open.json`` of ``release`` from the county's own today on, so that it never runs out."""
    county = release.county
    today = now.astimezone(ZoneInfo(county["timezone"])).date()
    stations = release.file("public/stations.geojson")
    return _open_json(stations, today, county["timezone"], county["country"])


@lru_cache(maxsize=32)
def _open_json(stations: Path, today: date, timezone: str, country: str) -> bytes:
    features = json.loads(stations.read_text("utf-8"))["features"]
    table = [feature["properties"] for feature in features]
    return canonical_json(openness(table, today, timezone, country))
