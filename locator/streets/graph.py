"""The street graph: directed, simplified, its times in whole tenths of a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from locator.errors import StreetsError
from locator.geo.crs import haversine_m

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

#: Streets that hang together with less than this, in metres and as a share of all, are an islet.
ISLET_M = 1000.0
ISLET_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Line:
    """An open way as it was read: its points in order, with the directions that may be taken.

    Two lines meet where they share a point's ``key``, and nowhere else: a bridge that crosses a
    street does not touch it.
    """

    name: str
    street_class: str
    speed_kmh: float
    forward: bool
    backward: bool
    keys: Sequence[Hashable]
    lon: Sequence[float]
    lat: Sequence[float]


@dataclass(frozen=True)
class StreetGraph:
    """A directed graph of the streets open to an e-bike; positions in WGS-84 degrees.

    Nodes are junctions and the ends of ways. Edge ``e`` leads from ``edge_from[e]`` to
    ``edge_to[e]`` in ``edge_time_ds[e]`` tenths of a second (at least 1) over
    ``edge_length_m[e]`` metres; its shape is ``shape_lon/lat[shape_start[e]:shape_start[e + 1]]``.
    ``edge_twin[e]`` is the same piece of street the other way, -1 on a one-way street; twins take
    the same time. ``townships`` are places that state the township they lie in: (name, lon, lat).
    ``report`` counts what was read, and what was left out and why.
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
    shape_start: NDArray[np.int64]
    shape_lon: Floats
    shape_lat: Floats
    townships: tuple[tuple[str, float, float], ...]
    report: dict[str, Any]

    @cached_property
    def times(self) -> csr_array:
        """Node × node times of single edges in tenths of a second; the fastest of parallel ones."""
        return fastest(self.edge_from, self.edge_to, self.edge_time_ds, len(self.node_lon))

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

    Whole numbers, so that every engine that adds them finds the same time.
    """
    return np.maximum(1, np.floor(length_m * 36.0 / speed_kmh + 0.5)).astype(np.int32)


def build_graph(
    lines: Sequence[Line],
    report: dict[str, Any],
    townships: tuple[tuple[str, float, float], ...] = (),
) -> StreetGraph:
    """Cut ``lines`` at their junctions and make the directed graph of the pieces.

    Islets are left out: lines that hang together with less than a kilometre of street, and less
    than a hundredth of all. Courtyard paths that nobody joined to the street are such, and a point
    beside one would else count as cut off from the town. A point is a junction where it is the end
    of a line or belongs to lines twice. The counts of the graph are added to a copy of ``report``.
    Raises StreetsError when no line is open.
    """
    lines, islets = _without_islets(lines)
    uses: Counter[Hashable] = Counter()
    for line in lines:
        uses.update(line.keys)
        uses.update((line.keys[0], line.keys[-1]))

    number: dict[Hashable, int] = {}
    node_lon: list[float] = []
    node_lat: list[float] = []
    ends: list[tuple[int, int]] = []  # of each piece: its first and last node
    owner: list[int] = []  # of each piece: its line
    lon: list[float] = []
    lat: list[float] = []
    start = [0]  # of each piece: where its shape begins in lon, lat

    def node(line: Line, at: int) -> int:
        key = line.keys[at]
        if key not in number:
            number[key] = len(node_lon)
            node_lon.append(line.lon[at])
            node_lat.append(line.lat[at])
        return number[key]

    for index, line in enumerate(lines):
        begin = 0
        for at in range(1, len(line.keys)):
            if uses[line.keys[at]] > 1:
                ends.append((node(line, begin), node(line, at)))
                owner.append(index)
                lon.extend(line.lon[begin : at + 1])
                lat.extend(line.lat[begin : at + 1])
                start.append(len(lon))
                begin = at
    if not ends:
        raise StreetsError("the file holds no street open to an e-bike; is it the right extract?")

    return _directed(
        lines,
        np.array(ends, dtype=np.int32),
        np.array(owner),
        np.array(start, dtype=np.int64),
        (np.array(lon), np.array(lat)),
        (np.array(node_lon), np.array(node_lat)),
        townships,
        {**report, **islets},
    )


def _without_islets(lines: Sequence[Line]) -> tuple[Sequence[Line], dict[str, Any]]:
    """The lines that are no islets, and what the report says of those left out."""
    number: dict[Hashable, int] = {}
    touches = [
        (at, number.setdefault(key, len(number)))
        for at, line in enumerate(lines)
        for key in line.keys
    ]
    if not touches:
        return lines, {}
    line, point = np.array(touches).T
    size = len(lines) + len(number)
    joined = csr_array((np.ones(len(line)), (line, len(lines) + point)), shape=(size, size))
    _, group = connected_components(joined, directed=False)
    length_m = np.array([_length_m(line) for line in lines])
    total_m = np.bincount(group[: len(lines)], weights=length_m)
    islet = total_m[group[: len(lines)]] < min(ISLET_M, ISLET_SHARE * length_m.sum())
    kept = [line for line, left_out in zip(lines, islet, strict=True) if not left_out]
    return kept, {
        "islets": len(set(group[: len(lines)][islet])),
        "islets_km": round(float(length_m[islet].sum()) / 1000, 3),
    }


def _length_m(line: Line) -> float:
    lon, lat = np.asarray(line.lon), np.asarray(line.lat)
    return float(haversine_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())


def _directed(
    lines: Sequence[Line],
    ends: Ints,
    owner: NDArray[np.int64],
    start: NDArray[np.int64],
    shape: tuple[Floats, Floats],
    nodes: tuple[Floats, Floats],
    townships: tuple[tuple[str, float, float], ...],
    report: dict[str, Any],
) -> StreetGraph:
    """The graph of the pieces; a piece open both ways gives two edges, one after the other."""
    lon, lat = shape
    step = np.append(haversine_m(lon[:-1], lat[:-1], lon[1:], lat[1:]), 0.0)
    step[start[1:] - 1] = 0.0  # from one piece's end to the next one's start is no street
    length_m = np.add.reduceat(step, start[:-1])
    speed = np.array([line.speed_kmh for line in lines])[owner]
    duration = time_ds(length_m, speed)

    ways = [(line.forward, line.backward) for line in lines]
    edge_piece, edge_reversed = [], []
    for piece, line in enumerate(owner):
        for reverse in (False, True):
            if ways[line][reverse]:
                edge_piece.append(piece)
                edge_reversed.append(reverse)
    piece_of = np.array(edge_piece)
    turned = np.array(edge_reversed, dtype=bool)
    twin = np.full(len(piece_of), -1, dtype=np.int32)
    pair = np.flatnonzero(piece_of[1:] == piece_of[:-1]).astype(np.int32)
    twin[pair], twin[pair + 1] = pair + 1, pair

    counts = np.diff(start)[piece_of]
    shape_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    offset = np.arange(shape_start[-1]) - np.repeat(shape_start[:-1], counts)
    point = np.repeat(start[:-1][piece_of], counts) + np.where(
        np.repeat(turned, counts), np.repeat(counts, counts) - 1 - offset, offset
    )
    names = np.array([line.name for line in lines], dtype=object)[owner]
    classes = np.array([line.street_class for line in lines], dtype=object)[owner]
    edge_from = np.where(turned, ends[piece_of, 1], ends[piece_of, 0]).astype(np.int32)
    edge_to = np.where(turned, ends[piece_of, 0], ends[piece_of, 1]).astype(np.int32)
    size = len(nodes[0])
    islands, _ = connected_components(
        csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size)),
        directed=False,
    )
    km = {
        name: round(float(length_m[classes == name].sum()) / 1000, 3)
        for name in sorted(set(classes))
    }
    return StreetGraph(
        node_lon=nodes[0],
        node_lat=nodes[1],
        edge_from=edge_from,
        edge_to=edge_to,
        edge_twin=twin,
        edge_time_ds=duration[piece_of],
        edge_length_m=length_m[piece_of],
        edge_name=names[piece_of],
        edge_class=classes[piece_of],
        shape_start=shape_start,
        shape_lon=lon[point],
        shape_lat=lat[point],
        townships=townships,
        report={
            **report,
            "nodes": size,
            "pieces": len(ends),
            "edges": len(piece_of),
            "components": int(islands),
            "km": round(float(length_m.sum()) / 1000, 3),
            "km_by_class": km,
        },
    )
