"""The administrative boundaries of an extract, put together from their ways.

An extract's edge cuts the boundaries of the neighbours, and sometimes a way or two out of the one
that matters. A ring of which only a little is lacking is closed by straight lines, and says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import osmium
import shapely

from locator.geo.crs import haversine_m
from locator.starter.extract import ground_m2
from locator.starter.source import Source
from locator.stations.cells import clean

#: A ring is closed by straight lines where they make up no more of its length than this …
MOST_CLOSED = 0.10
#: … and at least this share of its ways is there (else a long loop outside may be cut off).
LEAST_WAYS = 2 / 3
#: More open ends than this are no gap but an edge.
_MOST_ENDS = 20

Line = list[tuple[float, float]]


@dataclass(frozen=True)
class Boundary:
    """One administrative boundary: ``shape`` in WGS-84 degrees, ``closed_m`` metres of straight
    lines that close its rings (0 of one that is whole)."""

    ref: str
    level: int
    tags: Mapping[str, str]
    shape: shapely.Geometry
    area_m2: float
    closed_m: float = 0.0

    @property
    def name(self) -> str:
        """Its name as it stands on the ground."""
        return local_name(self.tags)


@dataclass(frozen=True)
class Boundaries:
    """The ``whole`` boundaries, largest first, and the ``names`` of those that are not whole."""

    whole: list[Boundary]
    cut: list[str]


def local_name(tags: Mapping[str, str]) -> str:
    """The name as it stands on the ground, in one printable line; else the first of the others."""
    return clean(tags.get("name", "")) or min(names_of(tags))


def names_of(tags: Mapping[str, str]) -> set[str]:
    """Every name that an object goes by."""
    keys = ("name", "official_name", "short_name", "alt_name", "int_name")
    return {
        clean(text)
        for key, value in tags.items()
        if key.split(":")[0] in keys
        for text in value.split(";")
        if clean(text)
    }


def read_boundaries(source: Source) -> Boundaries:
    """Every ``boundary=administrative`` with a level and a name, relations and closed ways."""
    relations: list[tuple[str, dict[str, str], list[tuple[int, bool]]]] = []
    wanted: set[int] = set()
    item: Any
    for item in osmium.FileProcessor(source.file, osmium.osm.RELATION).with_filter(
        osmium.filter.TagFilter(("boundary", "administrative"))
    ):
        tags = dict(item.tags)
        if tags.get("type") in ("boundary", "multipolygon") and _level(tags) and names_of(tags):
            ways = [(m.ref, m.role == "inner") for m in item.members if m.type == "w"]
            relations.append((f"r{item.id}", tags, ways))
            wanted.update(way for way, _ in ways)
    lines: dict[int, list[Line]] = {}
    found: list[Boundary | None] = []
    cut: list[str] = []
    for item in (
        osmium.FileProcessor(source.file, osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    ):
        alone = item.tags.get("boundary") == "administrative" and item.is_closed()
        if not alone and item.id not in wanted:
            continue
        lines[item.id] = _runs(item)
        tags = dict(item.tags)
        if alone and item.id not in wanted and _level(tags) and names_of(tags):
            relations.append((f"w{item.id}", tags, [(item.id, False)]))
    for ref, tags, ways in relations:
        boundary = assembled(ref, tags, ways, lines)
        if boundary is None:
            cut.append(local_name(tags))
        found.append(boundary)
    whole = sorted(filter(None, found), key=lambda each: (-each.area_m2, each.ref))
    return Boundaries(whole, sorted(cut))


def _level(tags: Mapping[str, str]) -> int:
    """The admin level, 0 where there is none."""
    text = tags.get("admin_level", "").strip()
    return int(text) if text.isascii() and text.isdigit() else 0


def _runs(way: Any) -> list[Line]:
    """The way's points; in several runs where nodes of it are lacking."""
    runs: list[Line] = [[]]
    for node in way.nodes:
        if not node.location.valid():
            runs.append([])
        elif runs[-1][-1:] != [(node.lon, node.lat)]:
            runs[-1].append((node.lon, node.lat))
    return [run for run in runs if len(run) > 1]


def assembled(
    ref: str,
    tags: Mapping[str, str],
    ways: Sequence[tuple[int, bool]],
    lines: Mapping[int, list[Line]],
) -> Boundary | None:
    """A boundary of ``ways`` (id, inner) whose points ``lines`` has, as far as they are known.

    None where too little of its rings is known (see :data:`MOST_CLOSED`, :data:`LEAST_WAYS`).
    """
    outer = [way for way, inner in ways if not inner]
    there = [way for way in outer if lines.get(way)]
    if not there or len(there) < LEAST_WAYS * len(outer):
        return None
    drawn = [run for way in there for run in lines[way]]
    closing = _closing(drawn)
    if closing is None:
        return None
    closed_m = sum(map(_length_m, closing))
    if closed_m > MOST_CLOSED * (closed_m + sum(map(_length_m, drawn))):
        return None
    shape = _filled(drawn + closing)
    holes = [run for way, inner in ways if inner for run in lines.get(way, [])]
    if holes:
        shape = shapely.difference(shape, _filled(holes))
    if shapely.is_empty(shape):
        return None
    return Boundary(ref, _level(tags), tags, shape, ground_m2(shape), closed_m)


def _closing(lines: Sequence[Line]) -> list[Line] | None:
    """The straight lines that lead each open end to the nearest other; None for too many ends.

    In a ring as many lines begin at a point as end there: an end is open where their number is odd.
    """
    meet = Counter(end for line in lines for end in (line[0], line[-1]))
    ends = [end for end, count in meet.items() if count % 2]
    if len(ends) > _MOST_ENDS:
        return None
    pairs = sorted(
        (_length_m([one, other]), one, other)
        for number, one in enumerate(ends)
        for other in ends[number + 1 :]
    )
    closing: list[Line] = []
    done: set[tuple[float, float]] = set()
    for _, one, other in pairs:
        if done.isdisjoint((one, other)):
            done |= {one, other}
            closing.append([one, other])
    return closing


def _filled(lines: Sequence[Line]) -> shapely.Geometry:
    """The ground within rings, given as lines in any order; EPSG:4326."""
    noded = shapely.union_all([shapely.LineString(line) for line in lines])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return shapely.normalize(shapely.union_all(faces))


def _length_m(line: Line) -> float:
    points = np.array(line)
    return float(haversine_m(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1]).sum())
