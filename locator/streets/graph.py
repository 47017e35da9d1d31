"""The street graph: directed, simplified, its times in whole tenths of a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from locator.errors import StreetsError
from locator.streets.pieces import (
    Floats,
    Ints,
    Line,
    Lines,
    Pieces,
    cut,
    flipped,
    merge,
    pack,
    runs,
)
from locator.streets.segments import NO_SHAPES, Segments, Shapes, plane_about, segments_of

if TYPE_CHECKING:
    from locator.streets.kernels import Network

#: Streets that hang together with less than this, in metres and as a share of all, are an islet;
#: and streets among which one can ride there and back with less than this are a trap.
ISLET_M = 1000.0
ISLET_SHARE = 0.01


@dataclass(frozen=True)
class StreetGraph:
    """A directed graph of the streets open to an e-bike; positions in WGS-84 degrees.

    Nodes are junctions, the ends of streets, and the places where a street changes its name,
    class, speed or direction. Edge ``e`` leads from ``edge_from[e]`` to ``edge_to[e]`` in
    ``edge_time_ds[e]`` tenths of a second (at least 1) over ``edge_length_m[e]`` metres; its shape
    is ``shape_lon/lat[shape_start[e]:shape_start[e + 1]]``. ``edge_twin[e]`` is the same piece of
    street the other way, -1 on a one-way street; twins take the same time. ``edge_trap`` marks the
    edges from which one cannot ride to the town and back: they may be ridden through, but no point
    stands on them. ``townships`` are places that state the township they lie in: (name, lon, lat).
    ``report`` counts what was read, and what was left out and why; ``islets`` are the lines that
    were left out as such.
    """

    node_lon: Floats
    node_lat: Floats
    edge_from: Ints
    edge_to: Ints
    edge_twin: Ints
    edge_time_ds: Ints
    edge_length_m: Floats
    edge_name: NDArray[np.object_]
    edge_class: NDArray[np.object_]
    edge_trap: NDArray[np.bool_]
    shape_start: NDArray[np.int64]
    shape_lon: Floats
    shape_lat: Floats
    townships: tuple[tuple[str, float, float], ...]
    report: dict[str, Any]
    islets: Shapes = NO_SHAPES

    @cached_property
    def times(self) -> csr_array:
        """Node × node times of single edges in tenths of a second; the fastest of parallel ones."""
        return fastest(self.edge_from, self.edge_to, self.edge_time_ds, len(self.node_lon))

    @cached_property
    def onward(self) -> Network:
        """The edges by the node that they leave, as the compiled searches take them."""
        return self._network(self.edge_from, self.edge_to)

    @cached_property
    def backward(self) -> Network:
        """The same against the direction of travel: searches from where one wants to go."""
        return self._network(self.edge_to, self.edge_from)

    def _network(self, from_: Ints, to: Ints) -> Network:
        from locator.streets.kernels import network  # loads numba

        return network(from_, to, self.edge_time_ds, len(self.node_lon))

    @cached_property
    def segments(self) -> Segments:
        """The straight segments of all pieces that are no trap: what points are snapped to."""
        return self._segments(self._shapes, self.pieces[~self.edge_trap[self.pieces]])

    @cached_property
    def trap_segments(self) -> Segments:
        """Those of the traps, in the same plane."""
        return self._segments(self._shapes, self.pieces[self.edge_trap[self.pieces]])

    @cached_property
    def islet_segments(self) -> Segments:
        """Those of the islets, in the same plane."""
        return self._segments(self.islets, np.arange(len(self.islets.start) - 1, dtype=np.int32))

    @property
    def _shapes(self) -> Shapes:
        return Shapes(self.shape_start, self.shape_lon, self.shape_lat)

    def _segments(self, shapes: Shapes, lines: Ints) -> Segments:
        return segments_of(plane_about(self.node_lon, self.node_lat), shapes, lines)

    @cached_property
    def pieces(self) -> Ints:
        """One edge for each piece of street: of twins, the first."""
        edges = np.arange(len(self.edge_from), dtype=np.int32)
        return edges[(self.edge_twin < 0) | (edges < self.edge_twin)]


def fastest(from_: Ints, to: Ints, time: Ints, size: int) -> csr_array:
    """A size × size matrix of edge times, which of parallel edges keeps the fastest."""
    order = np.lexsort((time, to, from_))
    pairs = np.stack([from_[order], to[order]])
    first = np.ones(len(order), dtype=bool)
    first[1:] = (pairs[:, 1:] != pairs[:, :-1]).any(axis=0)
    times = time[order][first].astype(np.float64)
    return csr_array((times, pairs[:, first]), shape=(size, size))


def time_ds(length_m: Floats, speed_kmh: Floats) -> Ints:
    """Whole tenths of a second for ``length_m`` at ``speed_kmh``: to the nearest, halves up, ≥ 1.

    Whole numbers, so that every engine that adds them finds the same time. An edge is rounded once,
    over its whole length, so it is never more than half a tenth of a second off, however many ways
    it was drawn in.
    """
    return np.maximum(1, np.floor(length_m * 36.0 / speed_kmh + 0.5)).astype(np.int32)


def build_graph(
    lines: Sequence[Line],
    report: dict[str, Any],
    townships: tuple[tuple[str, float, float], ...] = (),
) -> StreetGraph:
    """The graph of ``lines``; see ``graph_of``."""
    return graph_of(pack(lines), report, townships)


def graph_of(
    lines: Lines,
    report: dict[str, Any],
    townships: tuple[tuple[str, float, float], ...] = (),
) -> StreetGraph:
    """Cut ``lines`` at their junctions, join what is one street, and direct it.

    Islets are left out: streets that hang together with less than a kilometre, and less than a
    hundredth of all. Courtyard paths that nobody joined to the street are such, and a point beside
    one would else count as cut off from the town. Traps stay in but are marked: pieces that lie in
    no part of that size in which every place can be reached from every other, such as a one-way
    street that the edge of the extract cuts. The counts of the graph are added to a copy of
    ``report``. Raises StreetsError when no line is open.
    """
    if len(lines.kind) == 0:
        raise StreetsError(
            "里面没有电动车能走的街道，文件拿对了吗 / "
            "the file holds no street open to an e-bike; is it the right extract?"
        )
    drawn = cut(lines)
    part, islet = _parts(drawn, np.ones(len(drawn.kind), dtype=bool))
    ashore = drawn.only(~islet)
    pieces = merge(ashore, lines.kinds)
    both_ways = np.array([kind.forward and kind.backward for kind in lines.kinds])[pieces.kind]
    _, trap = _parts(pieces, both_ways)
    counts = {
        "islets": len(np.unique(part[islet])),
        "islets_ways": len(np.setdiff1d(drawn.way[islet], ashore.way)),
        "islets_km": km(drawn.length_m[islet]),
        "ways_used": len(np.unique(ashore.way)),
        "traps": int(trap.sum()),
        "traps_km": km(pieces.length_m[trap]),
        "components": len(np.unique(part[~islet])),
        "pieces_joined": len(ashore.kind) - len(pieces.kind),
        "pieces": len(pieces.kind),
        "km": km(pieces.length_m),
    }
    lost = drawn.only(islet)
    islets = Shapes(lost.start, lines.lon[lost.point], lines.lat[lost.point])
    graph = _directed(lines, pieces, both_ways, trap, townships, {**report, **counts})
    return replace(graph, islets=islets)


def km(length_m: Floats) -> float:
    """The sum of lengths in metres, in kilometres to the metre."""
    return round(float(length_m.sum()) / 1000, 3)


def _parts(pieces: Pieces, both_ways: NDArray[np.bool_]) -> tuple[Ints, NDArray[np.bool_]]:
    """Which part each piece lies in, where a part is what can be ridden to and fro without leaving
    it (-1: none), and whether that part is too small to count."""
    places, ends = np.unique(pieces.ends, return_inverse=True)
    from_, to = ends.reshape(-1, 2).T
    size = len(places)
    row, column = np.append(from_, to[both_ways]), np.append(to, from_[both_ways])
    joined = csr_array((np.ones(len(row)), (row, column)), shape=(size, size))
    _, group = connected_components(joined, connection="strong")
    part = np.where(group[from_] == group[to], group[from_], -1).astype(np.int32)
    total_m = np.bincount(part + 1, weights=pieces.length_m)
    total_m[0] = -1.0  # part -1 is none
    least_m = min(ISLET_M, ISLET_SHARE * float(pieces.length_m.sum()))
    return part, total_m[part + 1] < least_m


def _directed(
    lines: Lines,
    pieces: Pieces,
    both_ways: NDArray[np.bool_],
    trap: NDArray[np.bool_],
    townships: tuple[tuple[str, float, float], ...],
    report: dict[str, Any],
) -> StreetGraph:
    """The graph of the pieces; a piece open both ways gives two edges, one after the other."""
    places, where, ends = np.unique(pieces.ends, return_index=True, return_inverse=True)
    ends = ends.reshape(-1, 2).astype(np.int32)
    corner = pieces.point[
        np.stack([pieces.start[:-1], pieces.start[1:] - 1], axis=1).ravel()[where]
    ]
    edge = np.flatnonzero(np.stack([np.ones_like(both_ways), both_ways], axis=1))
    piece, turned = edge // 2, edge % 2 == 1
    twin = np.full(len(edge), -1, dtype=np.int32)
    second = np.flatnonzero(turned).astype(np.int32)
    twin[second], twin[second - 1] = second - 1, second

    first, last = pieces.start[:-1][piece], pieces.start[1:][piece] - 1
    shape_start, place = runs(first, last)
    shape = pieces.point[flipped(place, shape_start, first + last, turned)]
    names, classes, speeds = (
        np.array([kind[column] for kind in lines.kinds], dtype=type_)[pieces.kind]
        for column, type_ in ((0, object), (1, object), (2, float))
    )
    by_class = {name: km(pieces.length_m[classes == name]) for name in sorted(set(classes))}
    return StreetGraph(
        node_lon=lines.lon[corner],
        node_lat=lines.lat[corner],
        edge_from=np.where(turned, ends[piece, 1], ends[piece, 0]),
        edge_to=np.where(turned, ends[piece, 0], ends[piece, 1]),
        edge_twin=twin,
        edge_time_ds=time_ds(pieces.length_m, speeds)[piece],
        edge_length_m=pieces.length_m[piece],
        edge_name=names[piece],
        edge_class=classes[piece],
        edge_trap=trap[piece],
        shape_start=shape_start,
        shape_lon=lines.lon[shape],
        shape_lat=lines.lat[shape],
        townships=townships,
        report={
            **report,
            "nodes": len(places),
            "edges": len(edge),
            "km_unnamed": km(pieces.length_m[names == ""]),
            "km_by_class": by_class,
        },
    )
