"""A piece of paper laid over a release's layers: what lies on it, and where, in millimetres."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Proj
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from locator.geo.crs import local_metres


@dataclass(frozen=True)
class Layers:
    """A release's layers, indexed once for many maps; shapes in WGS-84 degrees."""

    shapes: dict[str, NDArray[np.object_]]
    properties: dict[str, list[dict[str, Any]]]
    trees: dict[str, shapely.STRtree]


@dataclass(frozen=True)
class Frame:
    """The piece of paper: its size in mm, its scale (ground mm for 1 mm), and its centre.

    ``facing`` is the bearing (degrees from north) that points up: the way the reader looks.
    ``grow`` is how much larger than on A4 lines and letters are, for paper read from farther off.
    """

    lon: float
    lat: float
    width_mm: float
    height_mm: float
    scale: int
    facing: float = 0.0
    grow: float = 1.0

    def to_paper(self, geometry: Any) -> Any:
        """A WGS-84 geometry (or an array of them) in mm on the paper: x to the right, y downward,
        from the top left."""
        return shapely.transform(geometry, self._project)

    def _project(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        east, north = self._metres(lonlat[:, 0], lonlat[:, 1])
        mm, cos, sin = 1000 / self.scale, *self._turn
        right, up = east * cos - north * sin, east * sin + north * cos
        return np.column_stack([self.width_mm / 2 + right * mm, self.height_mm / 2 - up * mm])

    @property
    def _turn(self) -> tuple[float, float]:
        turn = math.radians(self.facing)
        return math.cos(turn), math.sin(turn)

    @cached_property
    def _metres(self) -> Proj:
        # From WGS-84 degrees to a plane on WGS-84 there is no datum to change, and a projection is
        # made in a fraction of a transformer's time.
        return Proj(local_metres(self.lon, self.lat))

    def spot(self, lon: float, lat: float) -> Point:
        """A position on the paper."""
        return Point(*shapely.get_coordinates(self.to_paper(Point(lon, lat)))[0])

    def to_ground(self, x: float, y: float) -> tuple[float, float]:
        """A place on the paper as WGS-84 longitude and latitude."""
        metres = self.scale / 1000
        right, up = (x - self.width_mm / 2) * metres, (self.height_mm / 2 - y) * metres
        cos, sin = self._turn
        east, north = right * cos + up * sin, up * cos - right * sin
        lon, lat = self._metres(east, north, inverse=True)
        return float(lon), float(lat)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees, a little wider than the paper."""
        cos, sin = (abs(share) for share in self._turn)
        wide, high = self.width_mm * self.scale / 1900, self.height_mm * self.scale / 1900
        half_x, half_y = wide * cos + high * sin, wide * sin + high * cos
        to_lat = 1 / 110_500
        to_lon = to_lat / math.cos(math.radians(self.lat))
        return (
            self.lon - half_x * to_lon, self.lat - half_y * to_lat,
            self.lon + half_x * to_lon, self.lat + half_y * to_lat,
        )  # fmt: skip


def index_layers(layers: Mapping[str, list[dict[str, Any]]]) -> Layers:
    """Index what ``Release.layers()`` gives; features without a shape are passed over."""
    shapes: dict[str, NDArray[np.object_]] = {}
    properties: dict[str, list[dict[str, Any]]] = {}
    for name, features in layers.items():
        drawn = [feature for feature in features if feature.get("geometry")]
        array = np.empty(len(drawn), dtype=object)
        array[:] = [shape(feature["geometry"]) for feature in drawn]
        shapes[name], properties[name] = array, [feature["properties"] for feature in drawn]
    return Layers(shapes, properties, {name: shapely.STRtree(s) for name, s in shapes.items()})


def inside(
    layers: Layers, layer: str, frame: Frame
) -> Iterator[tuple[BaseGeometry, dict[str, Any]]]:
    """The layer's shapes that reach into the frame, on paper, cut a little outside its edge."""
    if layer not in layers.trees:
        return
    hits = np.sort(layers.trees[layer].query(shapely.box(*frame.bounds)))
    paper = frame.to_paper(layers.shapes[layer][hits])
    areas = shapely.get_dimensions(paper) == 2
    paper[areas] = shapely.make_valid(paper[areas])
    cut = shapely.clip_by_rect(paper, -9, -9, frame.width_mm + 9, frame.height_mm + 9)
    for index, piece, empty in zip(hits, cut, shapely.is_empty(cut), strict=True):
        if not empty:
            yield piece, layers.properties[layer][index]
