"""The straight segments that points are snapped to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from locator.geo.crs import WGS84, haversine_m, local_metres

if TYPE_CHECKING:
    from locator.streets.segment_grid import SegmentGrid


@dataclass(frozen=True)
class Segments:
    """Straight segments of pieces of street, in the order of the graph.

    ``plane`` leads from WGS-84 degrees to the metres in which they lie: ``ends`` (segments × 2 × 2)
    are first and last point, x and y. A segment belongs to ``edge`` and begins ``before_m`` metres
    along it.
    """

    plane: Transformer
    ends: NDArray[np.float64]
    edge: NDArray[np.int32]
    before_m: NDArray[np.float64]
    length_m: NDArray[np.float64]

    def nearest(self, at: NDArray[np.float64], max_m: float) -> NDArray[np.int32]:
        """The nearest segment of each point (points × 2, in the plane) within ``max_m`` metres, -1
        where there is none; of segments equally near, the first."""
        from locator.streets.segment_grid import nearest_segments  # loads numba

        if len(self.ends) == 0:
            return np.full(len(at), -1, dtype=np.int32)
        return nearest_segments(self._grid, at[:, 0], at[:, 1], max_m)

    def distance_m(
        self, at: NDArray[np.float64], segment: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Metres from each point to its segment; infinite where that is -1."""
        away = np.full(len(at), np.inf)
        near = np.flatnonzero(segment >= 0)
        lines = shapely.linestrings(self.ends[segment[near]])
        away[near] = shapely.distance(shapely.points(at[near]), lines)
        return away

    @cached_property
    def _grid(self) -> SegmentGrid:
        from locator.streets.segment_grid import segment_grid

        return segment_grid(self.ends.reshape(-1, 4))


class Shapes(NamedTuple):
    """Lines in WGS-84 degrees: line ``i`` are the points ``start[i]`` to ``start[i + 1]``."""

    start: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


#: No line at all.
NO_SHAPES = Shapes(np.zeros(1, dtype=np.int64), np.empty(0), np.empty(0))


def plane_about(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Transformer:
    """From WGS-84 degrees to metres in the plane around the middle of some points."""
    middle = local_metres(float(np.mean(lon)), float(np.mean(lat)))
    return Transformer.from_crs(WGS84, middle, always_xy=True)


def segments_of(plane: Transformer, shapes: Shapes, lines: NDArray[np.int32]) -> Segments:
    """The segments of some ``lines`` of ``shapes``, in metres of the ``plane``."""
    start, lon, lat = shapes
    xy = np.stack(plane.transform(lon, lat), axis=-1)
    step = np.append(haversine_m(lon[:-1], lat[:-1], lon[1:], lat[1:]), 0.0)
    last = start[1:] - 1
    step[last] = 0.0
    before = np.cumsum(step) - step

    edge = np.repeat(np.arange(len(last), dtype=np.int32), np.diff(start))
    chosen = np.isin(edge, lines)
    chosen[last] = False
    tail = np.flatnonzero(chosen)
    return Segments(
        plane=plane,
        ends=np.stack([xy[tail], xy[tail + 1]], axis=1),
        edge=edge[tail],
        before_m=before[tail] - before[start[edge[tail]]],
        length_m=step[tail],
    )
