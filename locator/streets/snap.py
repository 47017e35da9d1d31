"""From a point to the street beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from locator.geo.crs import WGS84, local_metres
from locator.streets.graph import StreetGraph, time_ds


@dataclass(frozen=True)
class Snap:
    """Where points meet the streets; one entry a point.

    The point lies ``fraction`` (0–1) of the way along ``edge``, ``distance_m`` from where it was
    given, and walking there takes ``time_ds`` tenths of a second. A point with no street near has
    edge -1, time -1, and NaN for the rest. ``edge`` is the first of a pair of twins; on a one-way
    street it is the only one, so that one leaves in its direction alone.
    """

    edge: NDArray[np.int32]
    fraction: NDArray[np.float64]
    distance_m: NDArray[np.float64]
    time_ds: NDArray[np.int32]


def snap(
    graph: StreetGraph,
    lon: ArrayLike,
    lat: ArrayLike,
    max_m: float = 300.0,
    kmh: float = 4.5,
) -> Snap:
    """The nearest place on a street for each point (WGS-84 degrees).

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
    tail, owner, before, total, xy = _segments(graph, plane)
    at = np.stack(plane.transform(points_lon, points_lat), axis=-1)
    segments = shapely.linestrings(np.stack([xy[tail], xy[tail + 1]], axis=1))
    tree = shapely.STRtree(np.asarray(segments))
    point, segment = tree.query_nearest(shapely.points(at), max_distance=max_m)
    order = np.lexsort((segment, point))
    point, first = np.unique(point[order], return_index=True)
    segment = segment[order][first]

    start, along = xy[tail[segment]], xy[tail[segment] + 1] - xy[tail[segment]]
    length = np.hypot(along[:, 0], along[:, 1])
    share = ((at[point] - start) * along).sum(axis=1) / np.maximum(length, 1e-9) ** 2
    share = np.clip(share, 0.0, 1.0)
    away = at[point] - (start + share[:, None] * along)
    piece = owner[segment]
    with np.errstate(invalid="ignore"):
        fraction = (before[segment] + share * length) / total[piece]

    count = len(points_lon)
    edge = np.full(count, -1, dtype=np.int32)
    fractions, distance = np.full(count, np.nan), np.full(count, np.nan)
    time = np.full(count, -1, dtype=np.int32)
    edge[point] = piece
    # A piece without length (two nodes on one spot) is met at its start.
    fractions[point] = np.clip(np.nan_to_num(fraction, nan=0.0), 0.0, 1.0)
    distance[point] = np.hypot(away[:, 0], away[:, 1])
    # Rounded to the centimetre first, so that a hair of projection error moves no result.
    metres = np.round(distance[point], 2)
    time[point] = np.where(metres > 0, time_ds(metres, np.full(len(point), kmh)), 0)
    return Snap(edge, fractions, distance, time)


def _segments(
    graph: StreetGraph, plane: Transformer
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int32],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
]:
    """The straight segments of all pieces: (index of the first point, edge, metres of the edge
    before it), then metres of each edge of the graph, and the points' x, y."""
    xy = np.stack(plane.transform(graph.shape_lon, graph.shape_lat), axis=-1)
    counts = np.diff(graph.shape_start)
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    step = np.zeros(len(xy))
    step[:-1] = np.hypot(*(xy[1:] - xy[:-1]).T)
    step[graph.shape_start[1:] - 1] = 0.0
    run = np.concatenate([[0.0], np.cumsum(step)])
    total = run[graph.shape_start[1:]] - run[graph.shape_start[:-1]]

    chosen = np.zeros(len(counts), dtype=bool)
    chosen[graph.pieces] = True
    last = np.zeros(len(xy), dtype=bool)
    last[graph.shape_start[1:] - 1] = True
    tail = np.flatnonzero(chosen[owner] & ~last)
    edge = owner[tail]
    return tail, edge, run[tail] - run[graph.shape_start[edge]], total, xy
