"""The access matrix by scipy, against which the compiled searches are held.

Distances per node are dense here, so that it is for small places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from locator.streets.access import Access
from locator.streets.graph import StreetGraph, fastest
from locator.streets.pieces import Floats, Ints
from locator.streets.snap import Snap

#: Distances held at once: stations go through in blocks, so that memory stays flat.
BLOCK = 4_000_000
NEVER = np.inf


def access_matrix(
    graph: StreetGraph,
    cells: Snap,
    stations: Snap,
    limit_s: int = 900,
    parking_s: int = 60,
    counts: NDArray[np.bool_] | None = None,
) -> Access:
    """Travel times from ``cells`` to ``stations``, both snapped to ``graph``.

    ``limit_s`` (seconds, parking and both snaps included) bounds the matrix. ``counts`` says
    which stations may be a cell's nearest one (all, if not given).

    >>> access_matrix(graph, snap(graph, lon, lat), snap(graph, table.geometry.x, table.geometry.y))
    """
    allowed = np.ones(len(stations.edge), dtype=bool) if counts is None else counts
    exits, entries = _ends(graph, cells, leaving=True), _ends(graph, stations, leaving=False)
    along = _same_piece(graph, cells, stations)
    overhead = parking_s * 10
    matrix = _bounded(graph, cells, stations, exits, entries, along, limit_s * 10, overhead)

    nearest, which = _nearest(graph.times.T.tocsr(), entries, stations, allowed, exits)
    pair = along.tocoo()
    direct = pair.data - 1 + stations.time_ds[pair.col]
    for cell, station, ride in zip(pair.row, pair.col, direct, strict=True):
        if allowed[station] and ride < nearest[cell]:
            nearest[cell], which[cell] = ride, station
    reached = np.isfinite(nearest)
    nearest_ds = np.full(len(cells.edge), -1, dtype=np.int32)
    nearest_ds[reached] = np.maximum(1, nearest[reached] + cells.time_ds[reached] + overhead)

    everyone = np.ones(len(cells.edge), dtype=bool)
    to_station, _ = _nearest(graph.times, exits, cells, everyone, entries)
    to_station[pair.col] = 0
    if len(cells.edge) == 0:  # nobody sets out: all that can be said is whether a street is near
        to_station = np.where(stations.edge < 0, NEVER, 0.0)
    return Access(
        matrix=matrix,
        nearest_ds=nearest_ds,
        nearest_station=np.where(reached, which, -1).astype(np.int32),
        unreachable_cells=np.flatnonzero(~reached).astype(np.int32),
        unreachable_stations=np.flatnonzero(~np.isfinite(to_station)).astype(np.int32),
    )


@dataclass(frozen=True)
class _Ends:
    """For each point the two ends of its piece: node numbers and times, shape (points, 2)."""

    node: Ints
    time: Floats


def _position(graph: StreetGraph, points: Snap) -> Floats:
    """Tenths of a second from the start of each point's edge to the point."""
    fraction = np.nan_to_num(points.fraction)
    return np.floor(fraction * graph.edge_time_ds[points.edge] + 0.5)


def _ends(graph: StreetGraph, points: Snap, *, leaving: bool) -> _Ends:
    """Times between points and the ends of their pieces, infinite against a one-way street."""
    edge, position = points.edge, _position(graph, points)
    both_ways = graph.edge_twin[edge] >= 0
    to_start, to_end = position, graph.edge_time_ds[edge] - position
    # At a junction (fraction exactly 0 or 1) every street of the junction is open.
    if leaving:
        to_start = np.where(both_ways | (points.fraction == 0), to_start, NEVER)
    else:
        to_end = np.where(both_ways | (points.fraction == 1), to_end, NEVER)
    times = np.stack([to_start, to_end], axis=1)
    times[edge < 0] = NEVER
    return _Ends(np.stack([graph.edge_from[edge], graph.edge_to[edge]], axis=1), times)


def _same_piece(graph: StreetGraph, cells: Snap, stations: Snap) -> csr_array:
    """Cells × stations on the same piece of street: the time along it, plus 1 so that none is 0."""
    size = len(graph.edge_from)

    def incidence(points: Snap) -> csr_array:
        on = np.flatnonzero(points.edge >= 0)
        return csr_array((np.ones(len(on)), (on, points.edge[on])), shape=(len(points.edge), size))

    pair = (incidence(cells) @ incidence(stations).T).tocoo()
    ride = _position(graph, stations)[pair.col] - _position(graph, cells)[pair.row]
    allowed = (ride >= 0) | (graph.edge_twin[cells.edge[pair.row]] >= 0)
    pair.data = np.where(allowed, np.abs(ride) + 1, 0.0)
    pair.eliminate_zeros()
    times: csr_array = pair.tocsr()
    return times


def _bounded(
    graph: StreetGraph,
    cells: Snap,
    stations: Snap,
    exits: _Ends,
    entries: _Ends,
    along: csr_array,
    limit_ds: int,
    overhead_ds: int,
) -> csr_array:
    """All times within the limit, by searching backwards from the ends of the stations' pieces."""
    backwards = graph.times.T.tocsr()
    block = max(1, BLOCK // (2 * max(1, backwards.shape[0])))
    by_station = along.tocsc()
    columns: list[tuple[NDArray[np.intp], Floats]] = []
    for begin in range(0, len(stations.edge), block):
        part = slice(begin, begin + block)
        sources, place = np.unique(entries.node[part], return_inverse=True)
        # A trip may share a node with another station's, so each node is searched from once.
        reached = dijkstra(backwards, indices=sources, limit=limit_ds)
        for station, rows in enumerate(place.reshape(-1, 2), start=begin):
            from_node = (reached[rows] + entries.time[station][:, None]).min(axis=0)
            ride = (from_node[exits.node] + exits.time).min(axis=1, initial=NEVER)
            direct = slice(by_station.indptr[station], by_station.indptr[station + 1])
            near = by_station.indices[direct]
            ride[near] = np.minimum(ride[near], by_station.data[direct] - 1)
            total = cells.time_ds + ride + overhead_ds + stations.time_ds[station]
            within = np.flatnonzero(total <= limit_ds)
            columns.append((within, np.maximum(1, total[within])))
    sizes = [len(cell) for cell, _ in columns]
    entries_of = (
        np.concatenate([np.empty(0), *(time for _, time in columns)]),
        np.stack(
            [
                np.concatenate([np.empty(0, dtype=np.intp), *(cell for cell, _ in columns)]),
                np.repeat(np.arange(len(columns)), sizes),
            ]
        ),
    )
    return csr_array(entries_of, shape=(len(cells.edge), len(stations.edge)), dtype=np.int32)


def _nearest(
    times: csr_array, from_ends: _Ends, from_: Snap, allowed: NDArray[np.bool_], to_ends: _Ends
) -> tuple[Floats, Ints]:
    """For each target its time from the nearest allowed source (snap included), and which.

    One search for all: every source becomes a node of its own. The times to their ends are made
    one longer, because a sparse matrix has no edge of length 0, and the one is taken off again.
    """
    size, count = times.shape[0], len(to_ends.node)
    source, end = np.nonzero(np.isfinite(from_ends.time) & allowed[:, None])
    if len(source) == 0:
        return np.full(count, NEVER), np.full(count, -1, dtype=np.int32)
    lead = from_ends.time[source, end] + from_.time_ds[source] + 1
    streets = times.tocoo()
    whole = fastest(
        np.concatenate([streets.row, size + source]),
        np.concatenate([streets.col, from_ends.node[source, end]]),
        np.concatenate([streets.data, lead]),
        size + len(from_.edge),
    )
    time, _, origin = dijkstra(
        whole, indices=size + np.unique(source), min_only=True, return_predecessors=True
    )
    by_end = time[to_ends.node] + to_ends.time - 1
    best = by_end.argmin(axis=1)
    row = np.arange(count)
    return by_end[row, best], (origin[to_ends.node[row, best]] - size).astype(np.int32)
