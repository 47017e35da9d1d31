"""The county at a glance: one small drawing of its ground, there before the map and without it.

An SVG of a few tens of kilobytes, in pixels of web mercator at one zoom, so that a page can lay
stations on it. It says what is what by classes; the page that holds it has the colours, by day and
by night. Equal input gives equal bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from locator.release.mvt import web_mercator

#: The longer side in pixels is this at most, and more than half of it.
LONGEST_PX = 1600
MIN_ZOOM, MAX_ZOOM = 8, 15
#: A page shows the stations without the tenth that lies farthest out, on a map of another shape
#: than theirs: as much ground again on each side of them, at least so many metres.
AROUND, AROUND_M = 0.75, 1500.0
SHOWN_OF = 0.9
#: What is smaller on the ground is left out, in square pixels and pixels.
SMALLEST_PX2, TOLERANCE_PX = 24.0, 0.8
#: So many names at most, of places and landmarks of this rank or more important ones.
NAMES, LEAST_RANK = 40, 3
#: Layers of ground from below, and the class in the drawing of what is not in KINDS.
GROUND = {"landuse": "built", "bare": "rock", "green": "green", "water": "water"}
#: Classes of the base map that are told apart on the ground → those of the drawing.
KINDS = {
    "civic": "civic", "industrial": "industrial", "sand": "sand", "ice": "ice", "wood": "wood",
    "scrub": "scrub", "grass": "grass", "orchard": "grass",
}  # fmt: skip
#: Roads from below: class of the drawing → classes of the base map.
ROADS = {
    "minor": ("service", "minor"),
    "tertiary": ("tertiary", "link"),
    "secondary": ("secondary",),
    "major": ("major",),
    "motorway": ("motorway",),
}
#: So many letters of streets at most: in a dense town the small ones stay away.
MOST_ROADS = 80_000
#: Those that are drawn with an edge.
EDGED = ("secondary", "major", "motorway")

#: Characters that no XML may hold.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Geometries = npt.NDArray[np.object_]


class Frame(NamedTuple):
    """What is drawn: ``zoom``, and the box [west, north, east, south] in pixels of that zoom."""

    zoom: int
    box: tuple[int, int, int, int]

    def pixels(self, lon_lat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """WGS-84 degrees (n, 2) → pixels of the zoom, y southwards; a tile has 512."""
        return web_mercator(lon_lat) * float(512 * 2**self.zoom)


def frame_of(stations: npt.NDArray[np.float64], bounds: Sequence[float]) -> Frame:
    """The frame around most of the stations, (n, 2) WGS-84 degrees, or without any the bounds.

    ``bounds`` are the base map's: [west, south, east, north], beyond which there is nothing.
    """
    west, south, east, north = bounds
    edges = web_mercator(np.array([[west, north], [east, south]]))
    shown = web_mercator(_most(stations)) if len(stations) else edges
    low, high = shown.min(axis=0), shown.max(axis=0)
    # A metre in the unit square, in the middle of what is shown.
    metre = math.cosh((0.5 - (low[1] + high[1]) / 2) * 2 * math.pi) / 40_075_016.7
    around = max(AROUND * float((high - low).max()), AROUND_M * metre)
    low, high = np.maximum(low - around, edges[0]), np.minimum(high + around, edges[1])
    if (low >= high).any():  # the stations are elsewhere
        low, high = edges
    longest = max(float((high - low).max()), 1e-9)
    zoom = min(MAX_ZOOM, max(MIN_ZOOM, math.floor(math.log2(LONGEST_PX / 512 / longest))))
    size = 512 * 2**zoom
    (left, top), (right, bottom) = np.floor(low * size), np.ceil(high * size)
    return Frame(zoom, (int(left), int(top), int(right), int(bottom)))


def _most(stations: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The stations without the tenth farthest from the middle."""
    middle = np.median(stations, axis=0)
    east = (stations[:, 0] - middle[0]) * math.cos(math.radians(middle[1]))
    far = np.hypot(east, stations[:, 1] - middle[1])
    return stations[np.argsort(far, kind="stable")[: math.ceil(SHOWN_OF * len(stations))]]


def overview(tables: dict[str, gpd.GeoDataFrame], frame: Frame) -> str:
    """The drawing of the ``tables`` of `read_features` within ``frame``, an SVG document.

    Its ``viewBox`` is the frame's box, ``data-zoom`` its zoom. Areas have the class ``ground`` and
    one of :data:`GROUND` and :data:`KINDS`, rivers ``river``, streets ``edge`` or ``road`` and one
    of :data:`ROADS`; names are ``text``, the most important first.
    """
    west, north, east, south = frame.box
    ground = [*_ground(tables, frame), *_rivers(tables["waterways"], frame)]
    names = list(_names(pd.concat([tables["places"], tables["pois"]]), frame))
    roads: list[str] = []
    for least in range(len(ROADS)):
        roads = list(_roads(tables["roads"], frame, tuple(ROADS)[least:]))
        if sum(map(len, roads)) <= MOST_ROADS:
            break
    return "".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" '
            f'viewBox="{west} {north} {east - west} {south - north}" data-zoom="{frame.zoom}">',
            *ground,
            *roads,
            *names,
            "</svg>\n",
        ]
    )


def _ground(tables: dict[str, gpd.GeoDataFrame], frame: Frame) -> Iterator[str]:
    for layer, usual in GROUND.items():
        table = _shown(tables[layer], frame)
        if table.empty:
            continue
        told = {} if layer == "water" else KINDS
        kinds = np.array([told.get(each, usual) for each in table["class"]])
        for kind, part in table.groupby(kinds):
            areas = _within(part.geometry.to_numpy(), frame)
            areas = areas[shapely.area(areas) >= SMALLEST_PX2]
            if path := _path(areas, close=True):
                yield f'<path class="ground {kind}" d="{path}"/>'


def _rivers(table: gpd.GeoDataFrame, frame: Frame) -> Iterator[str]:
    shown = _shown(table[~table["tunnel"].astype(bool)], frame)
    if path := _path(_joined(shown.geometry.to_numpy(), frame), close=False):
        yield f'<path class="river" d="{path}"/>'


def _roads(table: gpd.GeoDataFrame, frame: Frame, names: tuple[str, ...]) -> Iterator[str]:
    table = _shown(table, frame)
    drawn = {}
    for name in names:
        lines = table.geometry[table["class"].isin(ROADS[name])].to_numpy()
        if path := _path(_joined(lines, frame), close=False):
            drawn[name] = path
    paths = (f'<path id="overview-{name}" d="{path}"/>' for name, path in drawn.items())
    yield f"<defs>{''.join(paths)}</defs>"
    for part, shown in (("edge", EDGED), ("road", names)):
        for name in shown:
            if name in drawn:
                yield f'<use class="{part} {name}" href="#overview-{name}"/>'


def _names(table: gpd.GeoDataFrame, frame: Frame) -> Iterator[str]:
    table = table[table["name"].astype(bool) & (table["rank"] <= LEAST_RANK)]
    table = table.sort_values("rank", kind="stable")
    at = np.rint(frame.pixels(shapely.get_coordinates(table.geometry.to_numpy()))).astype(int)
    west, north, east, south = frame.box
    within = (west < at[:, 0]) & (at[:, 0] < east) & (north < at[:, 1]) & (at[:, 1] < south)
    for name, (x, y) in list(zip(table["name"][within], at[within].tolist(), strict=True))[:NAMES]:
        yield f'<text x="{x}" y="{y}">{escape(_NO_XML.sub("", str(name)))}</text>'


def _shown(table: gpd.GeoDataFrame, frame: Frame) -> gpd.GeoDataFrame:
    return table[table["minzoom"] <= frame.zoom]


def _within(geometry: Geometries, frame: Frame) -> Geometries:
    """Geometry in pixels, cut at the frame and simplified."""
    west, north, east, south = frame.box
    drawn = shapely.simplify(shapely.transform(geometry, frame.pixels), TOLERANCE_PX)
    cut: Geometries = shapely.clip_by_rect(drawn, west, north, east, south)
    return cut


def _joined(lines: Geometries, frame: Frame) -> Geometries:
    """Lines in pixels, joined where they meet end to end: a street in one go is shorter to tell."""
    if not len(lines):
        return lines
    whole = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(lines)))
    return _within(shapely.get_parts(whole), frame)


def _path(geometry: Iterable[shapely.Geometry], *, close: bool) -> str:
    """Lines, or the rings of areas, in whole pixels, as the ``d`` of one path."""
    parts: Geometries = shapely.get_parts([each for each in geometry if each])
    if close:
        parts = shapely.get_rings(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    else:
        parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    return "".join(filter(None, (_moves(part, close=close) for part in parts)))


def _moves(line: shapely.Geometry, *, close: bool) -> str:
    at = np.rint(shapely.get_coordinates(line)).astype(int)
    steps = np.diff(at, axis=0)
    if close:
        steps = steps[:-1]
    steps = steps[steps.any(axis=1)]
    if len(steps) < (2 if close else 1):
        return ""
    told = " ".join(map(str, steps.ravel().tolist())).replace(" -", "-")
    return f"M{at[0, 0]} {at[0, 1]}l{told}{'z' if close else ''}"
