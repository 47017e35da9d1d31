"""The way between two points along the streets, as a line to draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from locator.streets import ends
from locator.streets.graph import StreetGraph
from locator.streets.pieces import Floats
from locator.streets.snap import Snap


def route(graph: StreetGraph, start: Snap, goal: Snap) -> NDArray[np.float64] | None:
    """The fastest way from one snapped point to another: n × 2 WGS-84 degrees, or None.

    It begins and ends on the streets, where the points were snapped to. Of ways equally fast, the
    first edges of the graph.
    """
    from locator.streets.kernels import nearest

    if start.edge[0] < 0 or goal.edge[0] < 0:
        return None
    entry, exit_ = ends.entries(graph, goal), ends.exits(graph, start)
    left, _ = nearest(graph.backward, entry.node, entry.time_ds, np.zeros_like(entry.node))
    through = np.where(
        left[exit_.node] < 0, np.iinfo(np.int64).max, exit_.time_ds + left[exit_.node]
    )
    best = int(through.argmin()) if len(through) else -1
    along = ends.same_piece(graph, start, goal)
    if len(along.time_ds) and (best < 0 or along.time_ds[0] <= through[best]):
        return _part(graph, int(start.edge[0]), float(start.fraction[0]), float(goal.fraction[0]))
    if best < 0 or left[exit_.node[best]] < 0:
        return None
    at = int(exit_.node[best])
    lines = [_to_node(graph, start, at)]
    while not ((entry.node == at) & (entry.time_ds == left[at])).any():
        out = np.flatnonzero(graph.edge_from == at)
        on = out[left[graph.edge_to[out]] + graph.edge_time_ds[out] == left[at]]
        edge = int(on[left[graph.edge_to[on]] >= 0][0])
        lines.append(_shape(graph, edge))
        at = int(graph.edge_to[edge])
    lines.append(_to_node(graph, goal, at)[::-1])
    line: Floats = np.concatenate(lines)
    moves = np.concatenate([[True], (np.diff(line, axis=0) != 0).any(axis=1)])
    return np.asarray(line[moves])


def _shape(graph: StreetGraph, edge: int) -> Floats:
    run = slice(graph.shape_start[edge], graph.shape_start[edge + 1])
    return np.stack([graph.shape_lon[run], graph.shape_lat[run]], axis=1)


def _to_node(graph: StreetGraph, point: Snap, node: int) -> Floats:
    """From a point along its piece to an end of it."""
    edge = int(point.edge[0])
    return _part(
        graph, edge, float(point.fraction[0]), 0.0 if graph.edge_from[edge] == node else 1.0
    )


def _part(graph: StreetGraph, edge: int, begin: float, end: float) -> Floats:
    """The shape of an edge between two shares of its length, in that direction."""
    line = _shape(graph, edge)
    # Shares of the length in degrees stretched to the ground: enough for so short a line.
    stretched = line * (np.cos(np.radians(line[0, 1])), 1.0)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stretched, axis=0).T))])
    low, high = sorted((begin * along[-1], end * along[-1]))
    inner = line[(along > low) & (along < high)]
    tips = [[np.interp(at, along, line[:, axis]) for axis in (0, 1)] for at in (low, high)]
    part = np.concatenate([[tips[0]], inner, [tips[1]]])
    return part if begin <= end else part[::-1]
