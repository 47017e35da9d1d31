"""An OSM extract, read for what a county is started from: the places in it.

A place is any object that one of :data:`KEYS` speaks of, reduced to its tags and one position.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import osmium
import shapely

from locator.geo.crs import EARTH_RADIUS_M
from locator.starter.source import Source

#: What is read: key → its values, or None for any.
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
#: Keys that are read of nodes alone: as a line a barrier is a wall, as an area a place a region.
ON_NODES = frozenset({"barrier", "entrance", "place"})
#: But this one is a plaza, and drawn as an area mostly.
PLAZA = ("place", "square")
#: An area with one of these is ground, not a building: a door on its edge is not its own.
NO_BUILDINGS = frozenset({"landuse", "leisure"})
_BATCH = 20_000
_SHAPES = osmium.geom.WKBFactory()


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


def read_places(
    source: Source, outline: shapely.Geometry | None
) -> tuple[list[Place], dict[str, int]]:
    """Every object of the extract with one of :data:`KEYS` whose position lies in ``outline``
    (WGS-84 degrees; all, when there is none): nodes, then ways, then relations, each by id.

    With it the counts: ``places`` taken and ``outside``; ``without_position`` (their nodes are not
    in the extract); ``groups``, relations that are no ground but several things (a bus stop's two
    poles); and multipolygons that could not be assembled, for lack of members (``areas_cut``) or
    because they are drawn wrongly (``areas_broken``).
    """
    gathered = _Gathered(outline)
    doors: dict[int, bool] = {}
    lines: dict[int, _Raw] = {}
    multipolygons: dict[int, set[int]] = {}
    assembled: set[int] = set()
    groups = 0
    reader = (
        osmium.FileProcessor(source.file)
        .with_locations()
        .with_areas(osmium.filter.KeyFilter(*KEYS))
        .with_filter(osmium.filter.KeyFilter(*KEYS))
    )
    item: Any
    for item in reader:
        tags = dict(item.tags)
        if item.is_node():
            if "entrance" in tags:
                doors[item.id] = tags["entrance"] == "main"
            if _wanted(tags, node=True):
                point = _SHAPES.create_point(item) if item.location.valid() else None
                gathered.add(_Raw("n", item.id, tags, point))
        elif not _wanted(tags, node=False):
            continue
        elif item.is_way():
            lines[item.id] = _line(item, tags, doors)
        elif item.is_relation():
            if tags.get("type") in ("multipolygon", "boundary"):
                multipolygons[item.id] = {m.ref for m in item.members if m.type == "w"}
            else:
                groups += 1
        elif item.num_rings()[0]:
            gathered.add(_area(item, tags, doors))
            if item.from_way():
                lines.pop(item.orig_id(), None)
            else:
                assembled.add(item.orig_id())
    broken = [ways for relation, ways in multipolygons.items() if relation not in assembled]
    for line in lines.values():
        gathered.add(line)
    places = gathered.settled()
    members = set().union(*broken)
    lacking = members - _ways_there(source, members)
    cut = sum(not lacking.isdisjoint(ways) for ways in broken)
    return places, {
        "places": len(places),
        "outside": gathered.outside,
        "without_position": gathered.without_position,
        "groups": groups,
        "areas_cut": cut,
        "areas_broken": len(broken) - cut,
    }


@dataclass(slots=True)
class _Raw:
    """An object as it was read: ``shape`` (WKB) None where its nodes are not in the extract."""

    type: str
    id: int
    tags: dict[str, str]
    shape: str | None
    door: tuple[float, float] | None = None


@dataclass
class _Gathered:
    """Objects that become places in batches, so that what lies outside takes no room."""

    outline: shapely.Geometry | None
    outside: int = 0
    without_position: int = 0
    _batch: list[_Raw] = field(default_factory=list)
    _places: list[tuple[int, int, Place]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.outline is not None:
            shapely.prepare(self.outline)

    def add(self, raw: _Raw) -> None:
        if raw.shape is None:
            self.without_position += 1
            return
        self._batch.append(raw)
        if len(self._batch) >= _BATCH:
            self._settle()

    def settled(self) -> list[Place]:
        self._settle()
        return [place for _, _, place in sorted(self._places, key=lambda entry: entry[:2])]

    def _settle(self) -> None:
        if not self._batch:
            return
        shapes = shapely.from_wkb([raw.shape for raw in self._batch])
        if self.outline is not None:
            near = _meet(shapely.bounds(shapes), shapely.bounds(self.outline))
            self.outside += len(near) - int(near.sum())
            shapes = shapes[near]
            self._batch = [raw for raw, is_near in zip(self._batch, near, strict=True) if is_near]
        points = shapely.point_on_surface(shapes)
        line = shapely.get_dimensions(shapes) == 1
        points[line] = shapely.line_interpolate_point(shapes[line], 0.5, normalized=True)
        at = shapely.get_coordinates(points)
        for number, raw in enumerate(self._batch):
            if raw.door is not None:
                at[number] = raw.door
        at = at.round(7)
        ground = ground_m2(shapes)
        inside = np.ones(len(at), dtype=bool)
        if self.outline is not None:
            inside = shapely.contains_xy(self.outline, at)
        for number in np.flatnonzero(inside).tolist():
            raw = self._batch[number]
            (lon, lat), area = at[number].tolist(), round(float(ground[number]), 1)
            place = Place(f"{raw.type}{raw.id}", raw.tags, lon, lat, area)
            self._places.append(("nwr".index(raw.type), raw.id, place))
        self.outside += len(at) - int(inside.sum())
        self._batch.clear()


def _meet(boxes: Any, box: Any) -> Any:
    """Whether boxes (west, south, east, north) meet a box, row by row."""
    return (boxes[:, :2] <= box[2:]).all(axis=1) & (boxes[:, 2:] >= box[:2]).all(axis=1)


def ground_m2(shapes: Any) -> Any:
    """The ground that shapes in WGS-84 degrees cover, in m², element by element.

    On the sphere, as if each lay on the parallel through the middle of its bounds: within 1 % for
    whatever is no larger than a province.
    """
    bounds = shapely.bounds(shapes)
    parallel = np.radians((bounds[..., 1] + bounds[..., 3]) / 2)
    return shapely.area(shapes) * (np.radians(1.0) * EARTH_RADIUS_M) ** 2 * np.cos(parallel)


def _wanted(tags: Mapping[str, str], *, node: bool) -> bool:
    for key, value in tags.items():
        if key in KEYS and (node or key not in ON_NODES or (key, value) == PLAZA):
            values = KEYS[key]
            if values is None or value in values:
                return True
    return False


def _line(way: Any, tags: dict[str, str], doors: dict[int, bool]) -> _Raw:
    """A way that is no area, or one that may come as an area yet."""
    try:
        shape: str | None = _SHAPES.create_linestring(way)
    except (osmium.InvalidLocationError, RuntimeError):  # nodes are lacking, or all are at one spot
        points = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
        known = shapely.LineString(points if len(points) > 1 else points * 2)
        shape = shapely.to_wkb(known, hex=True) if points else None
    return _Raw("w", way.id, tags, shape, _door(way.nodes, tags, doors))


def _area(area: Any, tags: dict[str, str], doors: dict[int, bool]) -> _Raw:
    shape = _SHAPES.create_multipolygon(area)
    nodes = (node for ring in area.outer_rings() for node in ring)
    type_ = "w" if area.from_way() else "r"
    return _Raw(type_, area.orig_id(), tags, shape, _door(nodes, tags, doors))


def _door(
    nodes: Iterable[Any], tags: Mapping[str, str], doors: dict[int, bool]
) -> tuple[float, float] | None:
    """The main entrance on a building's outline, else its first other one."""
    if not doors or NO_BUILDINGS & tags.keys():
        return None
    found = [node for node in nodes if node.ref in doors and node.location.valid()]
    best = next((node for node in found if doors[node.ref]), found[0] if found else None)
    return None if best is None else (best.lon, best.lat)


def _ways_there(source: Source, wanted: set[int]) -> set[int]:
    if not wanted:
        return set()
    ways = osmium.FileProcessor(source.file, osmium.osm.WAY).with_filter(
        osmium.filter.IdFilter(wanted)
    )
    return {way.id for way in ways}
