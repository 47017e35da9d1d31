"""From a point to the street beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from locator.streets.graph import StreetGraph


@dataclass(frozen=True)
class Snap:
    """Where points meet the streets; one entry a point.

    The point lies ``fraction`` (0–1) of the way along ``edge``, ``distance_m`` from where it was
    given, and getting there takes ``time_ds`` whole tenths of a second (halves up). A point with
    no street near has edge -1, time -1, and NaN for the rest. ``edge`` is the first of a pair of
    twins; on a one-way street it is the only one, so that one leaves in its direction alone.
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
    """The nearest place on a street for each point (WGS-84 degrees); never in a trap.

    ``max_m`` is the farthest distance in metres, still included; ``kmh`` the speed from the point
    to the street. Of streets equally near, the first of the graph.
    """
    points_lon = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    points_lat = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    segments = graph.segments
    at = np.stack(segments.plane.transform(points_lon, points_lat), axis=-1)
    found = segments.nearest(at, max_m)
    point = np.flatnonzero(found >= 0)
    segment = found[point]

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
