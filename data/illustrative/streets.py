"""Streets that meet: shared nodes at junctions, bridges over water, no street cut off."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise

from shapely import LineString, Point, STRtree
from shapely.geometry.base import BaseGeometry

from illustrative.geometry import XY, lines_of, points_of

#: Junctions nearer to each other than this become one (metres).
MERGE_M = 7.0
#: Half the width of a street of each class, to keep buildings off it (metres).
HALF_WIDTH_M = {
    "motorway": 14.0, "motorway_link": 6.0, "trunk": 13.0, "primary": 13.0, "secondary": 11.0,
    "tertiary": 8.0, "unclassified": 6.0, "residential": 6.0, "living_street": 4.0,
    "service": 4.0, "pedestrian": 5.0, "footway": 2.5, "track": 3.0, "path": 2.0, "steps": 2.0,
}  # fmt: skip


@dataclass(frozen=True)
class Street:
    """A street as drawn. ``level`` keeps a motorway from meeting what it passes over."""

    line: LineString
    highway: str
    name: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    level: int = 0
    #: Name of the bridge where the street crosses the river ("" = a bridge without a name).
    bridge: str = ""
    #: The street's name takes 东/西 or 南/北 on either side of this point ("" = it does not).
    halves: tuple[str, float] | None = None


def meet(streets: list[Street]) -> list[Street]:
    """The same streets with a vertex of its own at every junction, shared to the centimetre."""
    lines = [street.line for street in streets]
    tree = STRtree(lines)
    cuts: dict[int, list[XY]] = defaultdict(list)
    canonical: dict[tuple[int, int], list[XY]] = defaultdict(list)

    def settle(point: Point) -> XY:
        column, row = int(point.x // 20), int(point.y // 20)
        near = [
            known
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
            for known in canonical.get((column + i, row + j), ())
            if math.dist(known, (point.x, point.y)) < MERGE_M
        ]
        if near:
            return min(near, key=lambda known: math.dist(known, (point.x, point.y)))
        here = (round(point.x, 2), round(point.y, 2))
        canonical[column, row].append(here)
        return here

    for i, line in enumerate(lines):
        for j in sorted(int(k) for k in tree.query(line.buffer(4))):
            if j <= i or streets[i].level != streets[j].level:
                continue
            met = points_of(line.intersection(lines[j]))
            for a, b in ((line, lines[j]), (lines[j], line)):
                if not a.is_ring:
                    ends = (Point(a.coords[0]), Point(a.coords[-1]))
                    met += [b.interpolate(b.project(end)) for end in ends if b.distance(end) < 3]
            for point in met:
                here = settle(point)
                cuts[i].append(here)
                cuts[j].append(here)
    joined = []
    for i, street in enumerate(streets):
        line = _with_vertices(street.line, cuts[i])
        if line is not None:
            joined.append(replace(street, line=line))
    return joined


def _with_vertices(line: LineString, cuts: list[XY]) -> LineString | None:
    kept = [
        (
            line.project(Point(xy))
            if 0 < k < len(line.coords) - 1
            else (0.0 if k == 0 else line.length),
            xy,
        )
        for k, xy in enumerate(line.coords)
        if all(math.dist(xy, cut) > MERGE_M for cut in cuts)
    ]
    marks = [(line.project(Point(cut)), cut) for cut in sorted(set(cuts))]
    ordered = [xy for _, xy in sorted(kept + marks)]
    if line.is_ring and ordered and ordered[0] != ordered[-1]:
        ordered.append(ordered[0])
    clean = [xy for k, xy in enumerate(ordered) if k == 0 or xy != ordered[k - 1]]
    return LineString(clean) if len(clean) > 1 else None


def largest_part(streets: list[Street]) -> list[Street]:
    """The streets that hang together; anything cut off from the rest is left out."""
    parent: dict[XY, XY] = {}

    def root(xy: XY) -> XY:
        while parent.setdefault(xy, xy) != xy:
            parent[xy] = parent[parent[xy]]
            xy = parent[xy]
        return xy

    ground = [street for street in streets if street.level == 0]
    for street in ground:
        first = root(street.line.coords[0])
        for xy in street.line.coords[1:]:
            parent[root(xy)] = first
    sizes: dict[XY, float] = defaultdict(float)
    for street in ground:
        sizes[root(street.line.coords[0])] += street.line.length
    main = max(sizes, key=lambda xy: sizes[xy])
    return [s for s in streets if s.level or root(s.line.coords[0]) == main]


def without_stubs(streets: list[Street], shortest_m: float = 60.0) -> list[Street]:
    """The streets without the bits that overshoot a junction by less than ``shortest_m``."""
    met = Counter(xy for street in streets for xy in set(street.line.coords))
    trimmed = []
    for street in streets:
        coords = list(street.line.coords)
        if street.level or street.line.is_ring:
            trimmed.append(street)
            continue
        for _ in range(2):  # one end, then the other
            first = next((k for k, xy in enumerate(coords) if met[xy] > 1), 0)
            tail = sum(math.dist(a, b) for a, b in pairwise(coords[: first + 1]))
            if 0 < tail < shortest_m:
                coords = coords[first:]
            coords.reverse()
        if len(coords) > 1:
            trimmed.append(replace(street, line=LineString(coords)))
    return trimmed


def with_bridges(streets: list[Street], water: BaseGeometry, river: BaseGeometry) -> list[Street]:
    """Cut each street where it is a bridge or changes its name; every piece is one OSM way."""
    over = [street.line for street in streets if street.level == 0]
    tree = STRtree(over)
    ways: list[Street] = []
    for street in streets:
        line = street.line
        spans = [
            (line.project(Point(wet.coords[0])), line.project(Point(wet.coords[-1])))
            for wet in lines_of(line.intersection(water))
        ]
        margin = 7.0
        if street.level:
            crossed = [over[int(k)] for k in tree.query(line)]
            spans += [
                (s - 16, s + 16)
                for other in crossed
                for point in points_of(line.intersection(other))
                for s in [line.project(point)]
            ]
        stretches: list[tuple[float, float]] = []
        for a, b in sorted((min(span) - margin, max(span) + margin) for span in spans):
            a, b = max(0.0, a), min(line.length, b)
            if stretches and a <= stretches[-1][1] + 5:
                stretches[-1] = (stretches[-1][0], max(b, stretches[-1][1]))
            else:
                stretches.append((a, b))
        marks = sorted({0.0, line.length, *(s for span in stretches for s in span)})
        for a, b in pairwise(marks):
            if b - a < 0.5:
                continue
            piece = _between(line, a, b)
            tags = dict(street.tags)
            if any(x - 0.1 <= a and b <= y + 0.1 for x, y in stretches):
                tags |= {"bridge": "yes", "layer": "1"}
                if street.bridge and piece.intersects(river):
                    tags["bridge:name"] = street.bridge
            ways += _named(replace(street, line=piece, tags=tags))
    return ways


def _between(line: LineString, a: float, b: float) -> LineString:
    """The stretch of ``line`` from ``a`` to ``b`` metres; its own vertices stay untouched."""

    def at(s: float) -> XY:
        point = line.interpolate(s)
        return round(point.x, 2), round(point.y, 2)

    run, inside = 0.0, []
    coords = list(line.coords)
    for k, xy in enumerate(coords):
        run += math.dist(coords[k - 1], xy) if k else 0.0
        if a + 0.4 < run < b - 0.4:
            inside.append(xy)
    first = coords[0] if a <= 0.4 else at(a)
    last = coords[-1] if b >= line.length - 0.4 else at(b)
    return LineString([first, *inside, last])


def _named(street: Street) -> list[Street]:
    """Give the halves of a long street their names: 长虹东路 and 长虹西路."""
    if street.halves is None:
        return [street]
    axis, middle = street.halves
    index, words = (0, "西东") if axis == "x" else (1, "南北")
    coords = list(street.line.coords)
    turns = [
        k for k in range(1, len(coords) - 1)
        if (coords[k - 1][index] < middle) != (coords[k + 1][index] < middle)
        and (coords[k][index] < middle) != (coords[k + 1][index] < middle)
    ]  # fmt: skip
    cuts = [0, *turns, len(coords) - 1]
    pieces = []
    for a, b in pairwise(cuts):
        half = LineString(coords[a : b + 1])
        word = words[half.interpolate(0.5, normalized=True).coords[0][index] >= middle]
        name = street.name[:-1] + word + street.name[-1]
        if street.name.endswith(("大道", "大街")):
            name = street.name[:-2] + word + street.name[-2:]
        pieces.append(replace(street, line=half, name=name))
    return pieces
