"""An OSM extract, read for what a county is started from: the places in it.

A place is any object that one of :data:`KEYS` speaks of, reduced to its tags and one position.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

#: What is read: key → its values, or None for any. Of ``barrier``, ``entrance`` and ``place`` only
#: nodes.
KEYS: dict[str, frozenset[str] | None] = {
    "amenity": None,
    "shop": None,
    "leisure": None,
    "tourism": None,
    "office": None,
    "building": None,
    "landuse": None,
    "place": None,
    "barrier": None,
    "entrance": None,
    "public_transport": None,
    "drinking_water": None,
    "toilets": None,
    "highway": frozenset({"rest_area", "services"}),
    "man_made": frozenset({"water_tap", "water_well"}),
}


@dataclass(frozen=True, slots=True)
class Place:
    """An object of the extract.

    ``ref`` is its OSM type and id: n123, w123, r123. ``lon``, ``lat`` (WGS-84, 7 decimals) are a
    node's position; of a building the main entrance drawn on its outline, else another entrance;
    else a point inside the area, or midway along a line. ``area_m2`` is the ground that an area
    covers, 0.0 of a node or a line.
    """

    ref: str
    tags: Mapping[str, str]
    lon: float
    lat: float
    area_m2: float = 0.0


@dataclass(frozen=True)
class Extract:
    """What was read of an extract.

    ``dated`` is the day of its data (its header's, else that of its newest object); ``places`` are
    those within the outline, nodes, then ways, then relations, each by id; ``report`` counts what
    was read, what lay outside, and what could not be put together.
    """

    path: Path
    dated: date | None
    sha256: str
    places: list[Place]
    report: dict[str, Any]
