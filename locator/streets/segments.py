"""The straight segments that points are snapped to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from locator.geo.crs import WGS84, haversine_m, local_metres

if TYPE_CHECKING:
    from locator.streets.graph import StreetGraph
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

    @cached_property
    def _grid(self) -> SegmentGrid:
        from locator.streets.segment_grid import segment_grid

        return segment_grid(self.ends.reshape(-1, 4))


def segments_of(graph: StreetGraph, pieces: NDArray[np.int32]) -> Segments:
    """The segments of some ``pieces`` of a graph (edges, of twins the first)."""
    plane = Transformer.from_crs(
        WGS84,
        local_metres(float(np.mean(graph.node_lon)), float(np.mean(graph.node_lat))),
        always_xy=True,
    )
    lon, lat = graph.shape_lon, graph.shape_lat
    xy = np.stack(plane.transform(lon, lat), axis=-1)
    step = np.append(haversine_m(lon[:-1], lat[:-1], lon[1:], lat[1:]), 0.0)
    last = graph.shape_start[1:] - 1
    step[last] = 0.0
    before = np.cumsum(step) - step

    edge = np.repeat(np.arange(len(last), dtype=np.int32), np.diff(graph.shape_start))
    chosen = np.isin(edge, pieces)
    chosen[last] = False
    tail = np.flatnonzero(chosen)
    return Segments(
        plane=plane,
        ends=np.stack([xy[tail], xy[tail + 1]], axis=1),
        edge=edge[tail],
        before_m=before[tail] - before[graph.shape_start[edge[tail]]],
        length_m=step[tail],
    )
