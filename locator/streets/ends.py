"""Where a trip leaves its piece of street, and where it comes to another.

Points stand on pieces of street, not on nodes: each piece is cut, in whole tenths of a second,
where a point meets it. A trip leaves its piece by either end that the traffic rules allow, or,
when cell and station share a piece, runs along it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from locator.streets.graph import StreetGraph
from locator.streets.pieces import Floats, Ints, runs
from locator.streets.snap import Snap


class Ends(NamedTuple):
    """The ends of their pieces that points can get to, or come from: which ``point`` (in order),
    the ``node``, and the tenths of a second along the piece."""

    point: Ints
    node: Ints
    time_ds: Ints


class Pairs(NamedTuple):
    """Cells and stations on one piece of street, in the order of the stations, and the tenths of a
    second along it."""

    cell: Ints
    station: Ints
    time_ds: Ints


def exits(graph: StreetGraph, cells: Snap) -> Ends:
    """The nodes by which one may leave the piece that a cell stands on."""
    to_start, to_end = _ways(graph, cells)
    return _open(graph, cells, to_start, to_end, start=cells.fraction == 0, end=cells.edge >= 0)


def entries(graph: StreetGraph, stations: Snap) -> Ends:
    """The nodes by which one may come to the piece that a station stands on."""
    from_start, from_end = _ways(graph, stations)
    return _open(
        graph, stations, from_start, from_end, start=stations.edge >= 0, end=stations.fraction == 1
    )


def same_piece(graph: StreetGraph, cells: Snap, stations: Snap) -> Pairs:
    """The cells and stations that need not leave their piece to meet."""
    order = np.argsort(cells.edge, kind="stable")
    edges = cells.edge[order]
    first = np.searchsorted(edges, stations.edge, "left")
    last = np.searchsorted(edges, stations.edge, "right") - 1
    last = np.where(stations.edge < 0, first - 1, last)
    start, place = runs(first, last)
    station = np.repeat(np.arange(len(stations.edge)), np.diff(start))
    cell = order[place]
    ride = position(graph, stations)[station] - position(graph, cells)[cell]
    allowed = (ride >= 0) | (graph.edge_twin[cells.edge[cell]] >= 0)
    found = (cell[allowed], station[allowed], np.abs(ride[allowed]))
    return Pairs(*(column.astype(np.int32) for column in found))


def position(graph: StreetGraph, points: Snap) -> Floats:
    """Tenths of a second from the start of each point's edge to the point."""
    fraction = np.nan_to_num(points.fraction)
    return np.floor(fraction * graph.edge_time_ds[points.edge] + 0.5)


def _ways(graph: StreetGraph, points: Snap) -> tuple[Floats, Floats]:
    along = position(graph, points)
    return along, graph.edge_time_ds[points.edge] - along


def _open(
    graph: StreetGraph,
    points: Snap,
    by_start: Floats,
    by_end: Floats,
    start: np.ndarray,
    end: np.ndarray,
) -> Ends:
    """Both ends of a two-way street; of a one-way street those for which a mask is set."""
    edge = points.edge
    # At a junction (fraction exactly 0 or 1) every street of the junction is open.
    both_ways = (graph.edge_twin[edge] >= 0) & (edge >= 0)
    open_ = np.stack([both_ways | start, both_ways | end], axis=1)
    point, side = np.nonzero(open_)
    node = np.stack([graph.edge_from[edge], graph.edge_to[edge]], axis=1)
    time = np.stack([by_start, by_end], axis=1)
    return Ends(point.astype(np.int32), node[point, side], time[point, side].astype(np.int32))
