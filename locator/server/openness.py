"""When the stations are open from today on: what the release says for its own first fortnight."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any
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
    return canonical_json(packed(openness(table, today, timezone, country)))


def packed(said: dict[str, Any]) -> dict[str, Any]:
    """``said`` with each timetable once, for many stations keep the same hours.

    {…, plans: [[wait, length, wait, length, …], …], stations: {id: [door, {code: plan}, maybe]}}:
    minutes, the first from ``from`` on; a plan is its place in ``plans``, ``door`` may be null and
    ``maybe`` be left out. ``readOpen`` of openness.js undoes it.
    """
    plans: dict[tuple[int, ...], int] = {}

    def place(spans: list[list[int]] | None) -> int | None:
        if spans is None:
            return None
        edges = [said["from"], *(edge for span in spans for edge in span)]
        steps = tuple(after - before for before, after in pairwise(edges))
        return plans.setdefault(steps, len(plans))

    stations = {
        station: [
            place(entry["door"]),
            {code: place(spans) for code, spans in entry["services"].items()},
            *([place(entry["maybe"])] if "maybe" in entry else []),
        ]
        for station, entry in said["stations"].items()
    }
    return {**said, "plans": [list(plan) for plan in plans], "stations": stations}
