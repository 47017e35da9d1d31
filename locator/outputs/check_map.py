"""The map of a check: each row where its ledger puts it, over the streets, as one quiet SVG.

No boundary is drawn, and nothing is loaded: the streets are those that the checks were handed. A
point far off (swapped, in another county) would shrink the rest to a dot; it is named beside the
map instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from locator.checks.surroundings import Surroundings
from locator.geo.crs import EARTH_RADIUS_M

#: Units of the drawing across; a mark is about 7 of them wide on a screen of that width.
WIDTH = 1000
_LOW, _HIGH = 420, 760
_MARGIN = 0.06
#: A row is on the map within so many times the distance that holds four fifths of all.
_FAR = 4.0
_LEAST_M = 800.0
#: Corners of streets that are drawn at most: about a hundred kilobytes.
MOST_CORNERS = 16_000
_CLASSES = (
    frozenset({"motorway", "trunk", "primary", "motorway_link", "trunk_link", "primary_link"}),
    frozenset({"secondary", "tertiary", "secondary_link", "tertiary_link"}),
    frozenset({"residential", "unclassified", "living_street", "road", "pedestrian"}),
)
_NAMES = ("major", "middle", "minor", "path")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spot:
    """A row on the map: WGS-84 degrees; ``severity`` is "" where nothing was found.

    ``anchor`` is the name of its place in the page, ``number`` what stands beside the mark.
    """

    anchor: str
    number: str
    title: str
    severity: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A spot in units of the drawing."""

    spot: Spot
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the page draws: path data by class of street, water, the spots, and those outside.

    ``fine`` is a dot for each spot with nothing found, as one path; ``bar_units`` is how long
    ``bar_m`` metres are.
    """

    width: int
    height: int
    streets: tuple[tuple[str, str], ...]
    water: str
    fine: str
    placed: tuple[Placed, ...]
    outside: tuple[Spot, ...]
    bar_m: int
    bar_units: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """Degrees to units of the drawing: an equidistant map about its middle."""

    lon0: float
    lat0: float
    half_width_m: float
    half_height_m: float

    @property
    def units_per_m(self) -> float:
        return WIDTH / (2 * self.half_width_m)

    @property
    def height(self) -> int:
        return round(2 * self.half_height_m * self.units_per_m)

    def xy(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        x, y = _metres(lon, lat, self.lon0, self.lat0)
        scale = self.units_per_m
        return (x + self.half_width_m) * scale, (self.half_height_m - y) * scale


def findings_map(spots: Sequence[Spot], grounds: Iterable[Surroundings]) -> Drawing | None:
    """The map of ``spots`` over the streets and water of ``grounds``; None without a spot."""
    if not spots:
        return None
    lon = np.array([spot.lon for spot in spots])
    lat = np.array([spot.lat for spot in spots])
    frame, near = _frame(lon, lat)
    x, y = frame.xy(lon, lat)
    # The worst last, so that it lies on top.
    inside = np.flatnonzero(near).tolist()
    found = [at for at in inside if spots[at].severity]
    found.sort(key=lambda at: _RANK[spots[at].severity])
    streets: dict[str, str] = dict.fromkeys(_NAMES, "")
    water = ""
    for ground in grounds:
        for name, path in _streets(ground, frame):
            streets[name] += path
        water += _water(ground, frame)
    bar_m = _bar_m(frame)
    return Drawing(
        width=WIDTH,
        height=frame.height,
        streets=tuple((name, path) for name, path in reversed(streets.items()) if path),
        water=water,
        fine="".join(f"M{x[at]:.0f} {y[at]:.0f}h0" for at in inside if not spots[at].severity),
        placed=tuple(Placed(spots[at], round(x[at], 1), round(y[at], 1)) for at in found),
        outside=tuple(spots[at] for at in np.flatnonzero(~near).tolist()),
        bar_m=bar_m,
        bar_units=round(bar_m * frame.units_per_m, 1),
    )


_RANK = {"info": 1, "warning": 2, "error": 3}


def _metres(lon: Floats, lat: Floats, lon0: float, lat0: float) -> tuple[Floats, Floats]:
    x = np.radians(lon - lon0) * math.cos(math.radians(lat0)) * EARTH_RADIUS_M
    return x, np.radians(lat - lat0) * EARTH_RADIUS_M


def _frame(lon: Floats, lat: Floats) -> tuple[_Frame, NDArray[np.bool_]]:
    """The frame about the rows that lie together, and which rows those are."""
    lon0, lat0 = float(np.median(lon)), float(np.median(lat))
    x, y = _metres(lon, lat, lon0, lat0)
    away = np.hypot(x, y)
    near = away <= max(_FAR * float(np.quantile(away, 0.8)), _LEAST_M)
    middle_lon = (lon[near].min() + lon[near].max()) / 2
    middle_lat = (lat[near].min() + lat[near].max()) / 2
    x, y = _metres(lon[near], lat[near], middle_lon, middle_lat)
    half_width = max(float(np.abs(x).max()), _LEAST_M) * (1 + 2 * _MARGIN)
    half_height = max(float(np.abs(y).max()), _LEAST_M / 2) * (1 + 2 * _MARGIN)
    half_height = max(half_height, half_width * _LOW / WIDTH)
    half_width = max(half_width, half_height * WIDTH / _HIGH)
    return _Frame(float(middle_lon), float(middle_lat), half_width, half_height), near


def _streets(ground: Surroundings, frame: _Frame) -> list[tuple[str, str]]:
    """Path data by class, the small streets left out where there are too many."""
    graph = ground.streets
    pieces = graph.pieces
    if not len(pieces):
        return []
    x, y = frame.xy(graph.shape_lon, graph.shape_lat)
    start = graph.shape_start
    left, right = np.minimum.reduceat(x, start[:-1]), np.maximum.reduceat(x, start[:-1])
    top, bottom = np.minimum.reduceat(y, start[:-1]), np.maximum.reduceat(y, start[:-1])
    seen = (right >= 0) & (left <= WIDTH) & (bottom >= 0) & (top <= frame.height)
    drawn, corners = [], 0
    classes = graph.edge_class
    for rank, name in enumerate(_NAMES):
        edges = [edge for edge in pieces[seen[pieces]].tolist() if _rank(classes[edge]) == rank]
        parts = [_path(x[start[e] : start[e + 1]], y[start[e] : start[e + 1]]) for e in edges]
        corners += sum(part.count("l") + part.count(" ") for part in parts)
        if corners > MOST_CORNERS and rank:
            break
        drawn.append((name, "".join(parts)))
    return drawn


def _rank(street_class: str) -> int:
    return next((at for at, names in enumerate(_CLASSES) if street_class in names), len(_CLASSES))


def _water(ground: Surroundings, frame: _Frame) -> str:
    """Lakes and rivers; those smaller than a mark are left out."""
    parts = []
    for polygon in shapely.get_parts(ground.water):
        lon, lat = shapely.get_coordinates(polygon.exterior).T
        x, y = frame.xy(lon, lat)
        if x.max() < 0 or x.min() > WIDTH or y.max() < 0 or y.min() > frame.height:
            continue
        if max(np.ptp(x), np.ptp(y)) > 6:
            parts.append(_path(x, y) + "z")
            parts += [
                _path(*frame.xy(*shapely.get_coordinates(hole).T)) + "z"
                for hole in polygon.interiors
            ]
    path = "".join(parts)
    return path if path.count(" ") <= MOST_CORNERS else ""


def _path(x: Floats, y: Floats) -> str:
    """SVG path data in whole units, each step from the corner before: short."""
    points = np.unique(np.round(np.stack([x, y], axis=1)).astype(int), axis=0, return_index=True)[1]
    corners = np.round(np.stack([x, y], axis=1)).astype(int)[np.sort(points)]
    steps = np.diff(corners, axis=0)
    first = f"M{corners[0][0]} {corners[0][1]}"
    return first + "".join(f"l{dx} {dy}" for dx, dy in steps.tolist())


def _bar_m(frame: _Frame) -> int:
    """The roundest length of the scale bar that takes up to a fifth of the width."""
    longest = frame.half_width_m * 2 / 5
    power = 10 ** math.floor(math.log10(longest))
    return int(next(step * power for step in (5, 2, 1) if step * power <= longest))
