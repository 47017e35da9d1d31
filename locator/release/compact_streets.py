"""The street graph as a file for phones: all that snapping and riding need, and nothing else.

The format is told in ``docs/street-graph-format.md``, the reader is ``street-graph.js``. Times are
the graph's own whole tenths of a second and every point of every shape is kept on OpenStreetMap's
grid of 1e-7 degrees, so whoever reads it finds the times that are found here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from locator.county import County
from locator.release.columns import pack
from locator.release.manifest import attribution
from locator.streets.graph import StreetGraph

FORMAT, VERSION = "yizhangtu-streets", 1
#: Degrees are kept as whole numbers of 1e-7, as OpenStreetMap keeps them.
UNIT = 10_000_000
BOTH_WAYS, TRAP = 1, 2


def compact_streets(graph: StreetGraph, county: County) -> bytes:
    """``graph``, and how ``county`` snaps to it and parks, as the bytes of ``streets.bin``.

    Pieces come in the graph's order, so the first of streets equally near is the first here too;
    nodes are numbered anew, as the pieces meet them. Positions finer than 1e-7 degrees (1 cm; only
    GraphML may have them) are rounded to it.
    """
    piece = graph.pieces
    ends = np.stack([graph.edge_from[piece], graph.edge_to[piece]], axis=1).ravel()
    order, back = _as_met(ends)
    first, last = graph.shape_start[:-1][piece], graph.shape_start[1:][piece] - 1
    inner = np.zeros(len(graph.shape_lon), dtype=bool)
    inner[np.concatenate([np.arange(a + 1, b) for a, b in zip(first, last, strict=True)])] = True
    names, called = _names(graph.edge_name[piece])
    twin = graph.edge_twin[piece] >= 0
    header = {
        "format": FORMAT,
        "version": VERSION,
        "unit": UNIT,
        "plane": [float(np.mean(graph.node_lon)), float(np.mean(graph.node_lat))],
        "snap_max_m": county.streets.snap_max_m,
        "snap_kmh": county.streets.snap_kmh,
        "parking_ds": county.streets.parking_s * 10,
        "provenance": county.streets.provenance,
        "attribution": attribution(county),
    }
    return pack(
        header,
        {
            "flags": ("uint", twin * BOTH_WAYS + graph.edge_trap[piece] * TRAP),
            "ends": ("uint", back),
            "time_ds": ("uint", graph.edge_time_ds[piece]),
            "inner": ("uint", last - first - 1),
            "node_lon": ("delta", _grid(graph.node_lon[order])),
            "node_lat": ("delta", _grid(graph.node_lat[order])),
            "shape_lon": ("int", _steps(_grid(graph.shape_lon), inner)),
            "shape_lat": ("int", _steps(_grid(graph.shape_lat), inner)),
            "name": ("uint", called),
            "names": ("text", names),
        },
    )


def _as_met(ends: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """The nodes in the order in which ``ends`` meets them, and for each end how many nodes back
    its own was met: 0 for one that is new."""
    order, at, place = np.unique(ends, return_index=True, return_inverse=True)
    rank = np.empty(len(order), dtype=np.intp)
    rank[np.argsort(at)] = np.arange(len(order))
    number = rank[place]
    met = np.maximum.accumulate(np.concatenate([[-1], number[:-1]])) + 1
    return order[np.argsort(at)], met - number


def _grid(degrees: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint(degrees * UNIT).astype(np.int64)


def _steps(grid: NDArray[np.int64], chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How far each chosen point is from the point before it in its shape."""
    return np.diff(grid, prepend=0)[chosen]


def _names(called: NDArray[np.object_]) -> tuple[list[str], list[int]]:
    """The names that occur, as met, and for each piece its name's place among them, from 1 on; 0
    where a piece has none."""
    places: dict[str, int] = {"": 0}
    number = [places.setdefault(name, len(places)) for name in called.tolist()]
    return list(places)[1:], number
