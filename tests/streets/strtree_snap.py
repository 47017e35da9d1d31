"""Snapping by shapely's STRtree, against which the compiled grid is held."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from locator.geo.crs import WGS84, haversine_m, local_metres
from locator.streets.graph import StreetGraph
from locator.streets.snap import Snap


def snap(
    graph: StreetGraph,
    lon: ArrayLike,
    lat: ArrayLike,
    max_m: float = 300.0,
    kmh: float = 4.5,
) -> Snap:
    """The nearest place on a street for each point (WGS-84 degrees); never in a trap.

    ``max_m`` is the farthest distance in metres, still included; ``kmh`` the speed from the point
    to the street. Of streets equally near, the first of the graph.
    """
    points_lon = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    points_lat = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    plane = Transformer.from_crs(
        WGS84,
        local_metres(float(np.mean(graph.node_lon)), float(np.mean(graph.node_lat))),
        always_xy=True,
    )
    at = np.stack(plane.transform(points_lon, points_lat), axis=-1)
    segments = _segments(graph, plane)
    tree = shapely.STRtree(np.asarray(shapely.linestrings(segments.ends)))
    point, segment = tree.query_nearest(shapely.points(at), max_distance=max_m)
    order = np.lexsort((segment, point))
    point, first = np.unique(point[order], return_index=True)
    segment = segment[order][first]

    start, end = segments.ends[segment, 0], segments.ends[segment, 1]
    along = end - start
    share = ((at[point] - start) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-18)
    share = np.clip(share, 0.0, 1.0)
    away = at[point] - (start + share[:, None] * along)
    piece = segments.edge[segment]
    total = graph.edge_length_m[piece]
    reached = segments.before_m[segment] + share * segments.length_m[segment]
    # Within a micrometre of its end is the end, so that a junction is met as one. A piece without
    # length (two nodes on one spot) is met at its end.
    ended = reached > total - 1e-6
    fraction = np.where(ended, 1.0, reached / np.where(ended, 1.0, total))

    count = len(points_lon)
    edge = np.full(count, -1, dtype=np.int32)
    fractions, distance = np.full(count, np.nan), np.full(count, np.nan)
    time = np.full(count, -1, dtype=np.int32)
    edge[point] = piece
    fractions[point] = fraction
    distance[point] = np.hypot(away[:, 0], away[:, 1])
    time[point] = np.floor(distance[point] * 36.0 / kmh + 0.5)
    return Snap(edge, fractions, distance, time)


class _Segments(NamedTuple):
    """The straight segments of all pieces of street that are no trap, in a plane in metres."""

    ends: NDArray[np.float64]  # (segments, 2, 2): first and last point, x and y
    edge: NDArray[np.int32]
    before_m: NDArray[np.float64]  # of the edge, up to the segment
    length_m: NDArray[np.float64]


def _segments(graph: StreetGraph, plane: Transformer) -> _Segments:
    lon, lat = graph.shape_lon, graph.shape_lat
    xy = np.stack(plane.transform(lon, lat), axis=-1)
    step = np.append(haversine_m(lon[:-1], lat[:-1], lon[1:], lat[1:]), 0.0)
    last = graph.shape_start[1:] - 1
    step[last] = 0.0
    before = np.cumsum(step) - step

    edge = np.repeat(np.arange(len(last), dtype=np.int32), np.diff(graph.shape_start))
    chosen = np.isin(edge, graph.pieces[~graph.edge_trap[graph.pieces]])
    chosen[last] = False
    tail = np.flatnonzero(chosen)
    return _Segments(
        ends=np.stack([xy[tail], xy[tail + 1]], axis=1),
        edge=edge[tail],
        before_m=before[tail] - before[graph.shape_start[edge[tail]]],
        length_m=step[tail],
    )
