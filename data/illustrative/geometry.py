"""Plane geometry for drawing a town: metres east and north of its centre, degrees at the door."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from shapely import LineString, Point, Polygon
from shapely.affinity import rotate
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

XY = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """A local plane: metres (x east, y north) around a centre in WGS-84 degrees.

    Good to about a metre over ten kilometres, which is plenty for a town that does not exist.
    """

    lon: float
    lat: float

    def lonlat(self, x: float, y: float) -> XY:
        """Degrees (lon, lat) of a point in metres, rounded to 1 cm (seven decimals)."""
        phi = math.radians(self.lat)
        north = 111132.954 - 559.822 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
        east = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi)
        return round(self.lon + x / east, 7), round(self.lat + y / north, 7)


def smooth(points: Sequence[XY], *, closed: bool = False, tolerance: float = 1.2) -> LineString:
    """A curve through hand-drawn points (Catmull-Rom), thinned to ``tolerance`` metres."""
    if len(points) < 3:
        return LineString(points)
    if closed:
        ring = [points[-1], *points, points[0], points[1]]
    else:
        first = (2 * points[0][0] - points[1][0], 2 * points[0][1] - points[1][1])
        last = (2 * points[-1][0] - points[-2][0], 2 * points[-1][1] - points[-2][1])
        ring = [first, *points, last]
    curve: list[XY] = []
    for p0, p1, p2, p3 in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        steps = max(4, int(math.dist(p1, p2) / 30))
        curve += [_catmull(p0, p1, p2, p3, i / steps) for i in range(steps)]
    curve.append(curve[0] if closed else points[-1])
    line = LineString(curve).simplify(tolerance)
    return LineString([(round(x, 2), round(y, 2)) for x, y in line.coords])


def _catmull(p0: XY, p1: XY, p2: XY, p3: XY, t: float) -> XY:
    def axis(i: int) -> float:
        a, b, c, d = p0[i], p1[i], p2[i], p3[i]
        return 0.5 * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t * t
            + (3 * b - a - 3 * c + d) * t**3
        )

    return axis(0), axis(1)


def ribbon(line: LineString, width: float, *, swell: float = 0.0, rng: Random) -> Polygon:
    """A river of about ``width`` metres along ``line``, its banks swelling by a part of that."""
    phase, pieces = rng.uniform(0, 6), max(8, int(line.length / 60))
    left: list[XY] = []
    right: list[XY] = []
    for i in range(pieces + 1):
        s = line.length * i / pieces
        a, b = line.interpolate(max(0, s - 5)), line.interpolate(min(line.length, s + 5))
        heading = math.atan2(b.y - a.y, b.x - a.x)
        here = line.interpolate(s)
        for side, bank in ((1, left), (-1, right)):
            wave = math.sin(s / 310 + phase) + 0.6 * math.sin(s / 127 + side + phase)
            half = width / 2 * (1 + swell * wave)
            bank.append(
                (
                    round(here.x - side * half * math.sin(heading), 2),
                    round(here.y + side * half * math.cos(heading), 2),
                )
            )
    return Polygon(left + right[::-1]).buffer(0).simplify(0.8)


def blob(
    centre: XY, radius: float, *, rng: Random, squeeze: float = 1.0, turn: float = 0
) -> Polygon:
    """A rounded, irregular patch: a lake, a wood, a hill."""
    points = []
    phases = [rng.uniform(0, 6.28) for _ in range(3)]
    for i in range(36):
        angle = 2 * math.pi * i / 36
        wave = sum(math.sin(k * angle + phases[k - 2]) / k for k in (2, 3, 4))
        reach = radius * (1 + 0.22 * wave)
        points.append((reach * math.cos(angle), squeeze * reach * math.sin(angle)))
    patch = rotate(Polygon(points), turn, origin=(0, 0))
    return Polygon(
        [(round(x + centre[0], 2), round(y + centre[1], 2)) for x, y in patch.exterior.coords]
    )


def long_side_angle(area: Polygon) -> float:
    """The direction (radians, -pi/2 … pi/2] of the longer side of the smallest rectangle around."""
    corners = list(area.minimum_rotated_rectangle.exterior.coords)
    a, b = max(
        ((corners[0], corners[1]), (corners[1], corners[2])), key=lambda side: math.dist(*side)
    )
    angle = math.atan2(b[1] - a[1], b[0] - a[0])
    return (angle + math.pi / 2) % math.pi - math.pi / 2


def subdivide(
    area: Polygon, target_m2: float, *, rng: Random, crook: float = 0.0
) -> tuple[list[Polygon], list[LineString]]:
    """Cut a block across its longer side until no lot is larger than ``target_m2``.

    Returns the lots and the cuts, which become streets. ``crook`` (radians) lets a cut go askew.
    """
    if area.area <= target_m2:
        return [area], []
    angle = long_side_angle(area) + math.pi / 2 + rng.uniform(-crook, crook)
    box = area.minimum_rotated_rectangle
    along = long_side_angle(area)
    shift = rng.uniform(-0.09, 0.09) * math.sqrt(box.area)
    x = box.centroid.x + shift * math.cos(along)
    y = box.centroid.y + shift * math.sin(along)
    far = 4000
    knife = LineString(
        [
            (x - far * math.cos(angle), y - far * math.sin(angle)),
            (x + far * math.cos(angle), y + far * math.sin(angle)),
        ]
    )
    parts = [part for part in split(area, knife).geoms if part.area > 1]
    if len(parts) < 2 or min(part.area for part in parts) < 0.12 * target_m2:
        return [area], []
    lots: list[Polygon] = []
    cuts = list(lines_of(knife.intersection(area)))
    for part in parts:
        inner_lots, inner_cuts = subdivide(part, target_m2, rng=rng, crook=crook)
        lots += inner_lots
        cuts += inner_cuts
    return lots, cuts


def rectangle(x: float, y: float, length: float, depth: float, angle: float) -> Polygon:
    """A rectangle around (x, y), ``length`` along ``angle`` (radians)."""
    cos, sin = math.cos(angle), math.sin(angle)
    corners = [
        (-length / 2, -depth / 2),
        (length / 2, -depth / 2),
        (length / 2, depth / 2),
        (-length / 2, depth / 2),
    ]
    return Polygon(
        [(round(x + u * cos - v * sin, 2), round(y + u * sin + v * cos, 2)) for u, v in corners]
    )


def lines_of(geometry: BaseGeometry) -> list[LineString]:
    """The lines in a geometry of any sort."""
    if isinstance(geometry, LineString):
        return [geometry] if geometry.length > 0 else []
    return [line for part in getattr(geometry, "geoms", ()) for line in lines_of(part)]


def polygons_of(geometry: BaseGeometry) -> list[Polygon]:
    """The polygons in a geometry of any sort."""
    if isinstance(geometry, Polygon):
        return [] if geometry.is_empty else [geometry]
    return [area for part in getattr(geometry, "geoms", ()) for area in polygons_of(part)]


def points_of(geometry: BaseGeometry) -> list[Point]:
    """The points in a geometry of any sort; a stretch in common gives its two ends."""
    if isinstance(geometry, Point):
        return [] if geometry.is_empty else [geometry]
    if isinstance(geometry, LineString):
        ends = [geometry.coords[0], geometry.coords[-1]] if geometry.length > 0 else []
        return [Point(end) for end in ends]
    return [point for part in getattr(geometry, "geoms", ()) for point in points_of(part)]
