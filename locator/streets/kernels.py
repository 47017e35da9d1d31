"""Shortest times over whole tenths of a second, compiled.

Arrays in, arrays out: what the nodes are, and what stands at them, is the caller's. A search
touches what it reaches and nothing else: a small one costs as little in a country as in a town.

Importing this module loads numba (half a second); the first run on a machine compiles (some
seconds, then cached beside the module).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from locator.streets import bucket_queue

Ints = NDArray[np.int32]
Places = NDArray[np.int64]
#: An unsigned index cannot count from the end, which compiled code else asks of each.
Whole = NDArray[np.uint32]

#: No ring of buckets is longer (29 hours): an edge that is waits apart until the ring comes round.
LONGEST_RING = 1 << 20
#: No search takes as long.
NO_TIME = 2**31 - 1


class Network(NamedTuple):
    """Directed edges by the node that they leave.

    Those of node ``v`` are the rows ``start[v]`` to ``start[v + 1]`` of ``edge``: the node that
    each leads to and its time in tenths of a second, at least 1. ``ring`` is how many buckets a
    search needs, a power of two.
    """

    start: Whole
    edge: Whole
    ring: int


class Found(NamedTuple):
    """What some searches reached: the pairs of search ``i`` are those from ``start[i]`` to
    ``start[i + 1]``, in no order that means anything. ``at`` are nodes, or points."""

    start: Places
    at: Ints
    time_ds: Ints


def network(from_: Ints, to: Ints, time_ds: Ints, size: int) -> Network:
    """The edges ``from_`` → ``to`` among ``size`` nodes; swap the two to search backwards."""
    order = np.argsort(from_, kind="stable")
    start = np.zeros(size + 1, dtype=np.uint32)
    np.cumsum(np.bincount(from_, minlength=size), out=start[1:])
    edge = np.stack([to[order], time_ds[order]], axis=1).astype(np.uint32)
    longest = int(time_ds.max(initial=1))
    return Network(start, edge, min(LONGEST_RING, 1 << max(10, longest.bit_length())))


def nearest(roads: Network, node: Ints, time_ds: Ints, source: Ints) -> tuple[Ints, Ints]:
    """For each node the time from its nearest source, and which one; -1 twice where none leads.

    A source ``source[i]`` (a number from 0) sets out from ``node[i]`` at ``time_ds[i]``; it may do
    so from several nodes. Of sources equally near, the first.
    """
    found: tuple[Ints, Ints] = bucket_queue.nearest(
        *roads, _unlabelled(roads), *_seeds(node, time_ds, source)
    )
    return found


def nearest_k(roads: Network, node: Ints, time_ds: Ints, source: Ints, k: int) -> tuple[Ints, Ints]:
    """The same of the ``k`` nearest different sources: nodes × k, the nearest first, -1 at the end
    where there are fewer."""
    found: tuple[Ints, Ints] = bucket_queue.nearest_k(*roads, *_seeds(node, time_ds, source), k)
    return found


def bounded(roads: Network, start: Places, node: Ints, time_ds: Ints, limit_ds: int) -> Found:
    """The nodes that each of some searches reaches within ``limit_ds``, and when.

    Search ``i`` sets out from ``node[start[i]:start[i + 1]]`` at the ``time_ds`` of each.
    """
    return _found(
        *bucket_queue.bounded(*roads, _unlabelled(roads), start, *_seeds(node, time_ds), limit_ds)
    )


def bounded_points(
    roads: Network,
    start: Places,
    node: Ints,
    time_ds: Ints,
    limit_ds: int,
    *,
    point_start: Places,
    point: Ints,
    point_ds: Ints,
    along_start: Places,
    along: Ints,
    along_ds: Ints,
    size: int,
) -> Found:
    """The same of ``size`` points beside the network; a point's time is the least of all its ways.

    From node ``v`` one gets to the points ``point[point_start[v]:point_start[v + 1]]``, in the
    ``point_ds`` of each. Search ``i`` also gets to ``along[along_start[i]:along_start[i + 1]]``
    without a node, in ``along_ds`` in all.
    """
    points = (point_start, *_seeds(point, point_ds), along_start, *_seeds(along, along_ds), size)
    return _found(
        *bucket_queue.bounded_points(
            *roads, _unlabelled(roads), start, *_seeds(node, time_ds), limit_ds, *points
        )
    )


def _unlabelled(roads: Network) -> Places:
    return np.zeros(len(roads.start) - 1, dtype=np.int64)


def _found(start: Places, at: Ints, time_ds: Ints) -> Found:
    return Found(start, at[: start[-1]], time_ds[: start[-1]])


def _seeds(*columns: Any) -> tuple[Ints, ...]:
    """One type each, so that a function is compiled once."""
    return tuple(np.ascontiguousarray(column, dtype=np.int32) for column in columns)
