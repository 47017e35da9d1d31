"""Minutes from every cell to every station, and to the nearest ones however far.

All times are tenths of a second: snap + ride + parking + snap. The searches run backwards, from
the stations, on the kernels of :mod:`locator.streets.kernels`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from locator.streets import ends
from locator.streets.graph import StreetGraph
from locator.streets.pieces import Ints, Places
from locator.streets.snap import Snap

#: From a mask of the stations to each cell's time to the nearest of them, and its position.
Search = Callable[[NDArray[np.bool_]], tuple[Ints, Ints]]


@dataclass(frozen=True)
class Access:
    """Travel times in tenths of a second: snap + ride + parking + snap.

    ``matrix`` (cells × stations, sparse, every entry > 0) holds the times within the limit.
    ``nearest_ds`` is each cell's time to its nearest station without limit, -1 where none can be
    reached; ``nearest_station`` is that station's position, -1 likewise. ``unreachable_cells``
    and ``unreachable_stations`` are the positions of those that no trip leaves, or reaches.
    """

    matrix: csr_array
    nearest_ds: Ints
    nearest_station: Ints
    unreachable_cells: Ints
    unreachable_stations: Ints


@dataclass(frozen=True)
class Nearest:
    """Each cell's nearest stations, the nearest first: cells × k, -1 at the end where fewer can be
    reached. ``time_ds`` in tenths of a second, ``station`` as positions."""

    time_ds: Ints
    station: Ints


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
    which stations may be a cell's nearest one (all, if not given); of stations equally near it is
    the first.

    >>> access_matrix(graph, snap(graph, lon, lat), snap(graph, table.geometry.x, table.geometry.y))
    """
    nearest = nearest_k(graph, cells, stations, 1, parking_s, counts)
    return Access(
        matrix=times_within(graph, cells, stations, limit_s, parking_s),
        nearest_ds=nearest.time_ds[:, 0],
        nearest_station=nearest.station[:, 0],
        unreachable_cells=np.flatnonzero(nearest.station[:, 0] < 0).astype(np.int32),
        unreachable_stations=np.flatnonzero(~_reached(graph, cells, stations)).astype(np.int32),
    )


def times_within(
    graph: StreetGraph, cells: Snap, stations: Snap, limit_s: int = 900, parking_s: int = 60
) -> csr_array:
    """Cells × stations, sparse: the times within ``limit_s`` seconds, every entry > 0.

    A search for each station touches only what it reaches, so the column of one new station takes
    milliseconds and memory does not grow with stations × nodes.
    """
    from locator.streets.kernels import bounded_points

    size = len(graph.node_lon)
    entry = ends.entries(graph, stations)
    start = _starts(entry.point, len(stations.edge))
    exit_ = _by_node(ends.exits(graph, cells))
    pairs = ends.same_piece(graph, cells, stations)
    found = bounded_points(
        graph.backward,
        start,
        entry.node,
        entry.time_ds + stations.time_ds[entry.point] + parking_s * 10,
        limit_s * 10,
        point_start=_starts(exit_.node, size),
        point=exit_.point,
        point_ds=exit_.time_ds + cells.time_ds[exit_.point],
        along_start=_starts(pairs.station, len(stations.edge)),
        along=pairs.cell,
        along_ds=pairs.time_ds
        + cells.time_ds[pairs.cell]
        + stations.time_ds[pairs.station]
        + parking_s * 10,
        size=len(cells.edge),
    )
    columns = (np.maximum(1, found.time_ds), found.at, found.start)
    matrix: csr_array = csc_array(columns, shape=(len(cells.edge), len(stations.edge))).tocsr()
    return matrix


def nearest_k(
    graph: StreetGraph,
    cells: Snap,
    stations: Snap,
    k: int,
    parking_s: int = 60,
    counts: NDArray[np.bool_] | None = None,
) -> Nearest:
    """Each cell's ``k`` nearest stations without limit, of stations equally near the first.

    ``counts`` says which stations are meant (all, if not given).
    """
    allowed = np.ones(len(stations.edge), dtype=bool) if counts is None else np.asarray(counts)
    return _search(graph, cells, stations, k, parking_s)(allowed)


def nearest_search(graph: StreetGraph, cells: Snap, stations: Snap, parking_s: int = 60) -> Search:
    """A search, without limit, for each cell's nearest station among those that are allowed.

    The search takes a mask of the stations, and gives each cell's time in tenths of a second
    (parking and both snaps included) and that station's position, both -1 where there is none.

    >>> time_ds, which = nearest_search(graph, cells, stations)(is_open)
    """
    search = _search(graph, cells, stations, 1, parking_s)

    def nearest(allowed: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        found = search(allowed)
        return found.time_ds[:, 0], found.station[:, 0]

    return nearest


def _search(
    graph: StreetGraph, cells: Snap, stations: Snap, k: int, parking_s: int
) -> Callable[[NDArray[np.bool_]], Nearest]:
    """The search for the ``k`` nearest stations of a mask, with all made ready that it shares."""
    from locator.streets import kernels

    entry, exit_ = ends.entries(graph, stations), ends.exits(graph, cells)
    lead = entry.time_ds + stations.time_ds[entry.point]
    pairs = ends.same_piece(graph, cells, stations)
    direct = pairs.time_ds + stations.time_ds[pairs.station]
    at_exit = np.broadcast_to(exit_.point[:, None], (len(exit_.point), k))

    def search(allowed: NDArray[np.bool_]) -> Nearest:
        chosen, meant = allowed[entry.point], allowed[pairs.station]
        seeds = (entry.node[chosen], lead[chosen], entry.point[chosen])
        if k == 1:
            time, source = (one[:, None] for one in kernels.nearest(graph.backward, *seeds))
        else:
            time, source = kernels.nearest_k(graph.backward, *seeds, k)
        by_node = source[exit_.node]
        led = by_node >= 0
        return _least(
            np.concatenate([at_exit[led], pairs.cell[meant]]),
            np.concatenate([by_node[led], pairs.station[meant]]),
            np.concatenate([(time[exit_.node] + exit_.time_ds[:, None])[led], direct[meant]]),
            k,
            cells.time_ds + parking_s * 10,
        )

    return search


def _least(cell: Ints, station: Ints, time_ds: Ints, k: int, lead_ds: Ints) -> Nearest:
    """The ``k`` least times to different stations for each cell, of which ``lead_ds`` are all;
    the lead is added."""
    order = np.lexsort((time_ds, station, cell))
    cell, station, time_ds = cell[order], station[order], time_ds[order]
    first = np.ones(len(cell), dtype=bool)
    first[1:] = (cell[1:] != cell[:-1]) | (station[1:] != station[:-1])
    cell, station, time_ds = cell[first], station[first], time_ds[first]
    order = np.lexsort((station, time_ds, cell))
    cell, station, time_ds = cell[order], station[order], time_ds[order]
    rank = np.arange(len(cell)) - np.searchsorted(cell, cell)
    kept = rank < k
    times = np.full((len(lead_ds), k), -1, dtype=np.int32)
    stations = times.copy()
    place = cell[kept], rank[kept]
    times[place] = np.maximum(1, time_ds[kept] + lead_ds[cell[kept]])
    stations[place] = station[kept]
    return Nearest(times, stations)


def _reached(graph: StreetGraph, cells: Snap, stations: Snap) -> NDArray[np.bool_]:
    """Which stations some cell has a way to; without a cell, which have a street near."""
    from locator.streets.kernels import nearest

    if len(cells.edge) == 0:  # nobody sets out
        return stations.edge >= 0
    exit_, entry = ends.exits(graph, cells), ends.entries(graph, stations)
    _, source = nearest(graph.onward, exit_.node, exit_.time_ds, exit_.point)
    reached = np.zeros(len(stations.edge), dtype=bool)
    reached[entry.point[source[entry.node] >= 0]] = True
    reached[ends.same_piece(graph, cells, stations).station] = True
    return reached


def _starts(owner: Ints, size: int) -> Places:
    """Where the rows of each owner begin, in rows sorted by their owner."""
    return np.searchsorted(owner, np.arange(size + 1)).astype(np.int64)


def _by_node(found: ends.Ends) -> ends.Ends:
    order = np.argsort(found.node, kind="stable")
    return ends.Ends(*(column[order] for column in found))
