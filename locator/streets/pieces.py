"""From ways to pieces of street: cut at the junctions, then joined where nothing changes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from locator.geo.crs import haversine_m

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Places = NDArray[np.int64]


class Kind(NamedTuple):
    """What a stretch of street is: two that are of one kind may be one piece."""

    name: str
    street_class: str
    speed_kmh: float
    forward: bool
    backward: bool


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
class Lines:
    """Many lines as columns.

    Line ``i`` is of kind ``kinds[kind[i]]``, a stretch of way ``way[i]`` (a number of the reader's
    own), and its points are ``start[i]`` to ``start[i + 1]``, two or more. ``key`` numbers the
    places where lines may meet, from 0.
    """

    kinds: Sequence[Kind]
    kind: Ints
    way: Ints
    start: Places
    key: Places
    lon: Floats
    lat: Floats


def pack(lines: Iterable[Line]) -> Lines:
    """``lines`` as columns, each a way of its own."""
    kinds: dict[Kind, int] = {}
    places: dict[Hashable, int] = {}
    kind: list[int] = []
    start, key = [0], list[int]()
    lon, lat = list[float](), list[float]()
    for line in lines:
        what = Kind(line.name, line.street_class, line.speed_kmh, line.forward, line.backward)
        kind.append(kinds.setdefault(what, len(kinds)))
        key.extend(places.setdefault(place, len(places)) for place in line.keys)
        lon.extend(line.lon)
        lat.extend(line.lat)
        start.append(len(key))
    return Lines(
        kinds=list(kinds),
        kind=np.array(kind, dtype=np.int32),
        way=np.arange(len(kind), dtype=np.int32),
        start=np.array(start, dtype=np.int64),
        key=np.array(key, dtype=np.int64),
        lon=np.array(lon, dtype=np.float64),
        lat=np.array(lat, dtype=np.float64),
    )


@dataclass(frozen=True)
class Pieces:
    """Pieces of street between nodes; a one-way piece leads from its first end to its second.

    ``ends`` (pieces × 2) are places as ``Lines.key`` numbers them. The shape of piece ``i`` are the
    points ``point[start[i]:start[i + 1]]`` of the lines.
    """

    ends: Places
    kind: Ints
    way: Ints
    length_m: Floats
    start: Places
    point: Places

    def only(self, chosen: NDArray[np.bool_]) -> Pieces:
        """The pieces that are ``chosen`` (a mask)."""
        first, last = self.start[:-1][chosen], self.start[1:][chosen] - 1
        start, place = runs(first, last)
        return Pieces(
            self.ends[chosen],
            self.kind[chosen],
            self.way[chosen],
            self.length_m[chosen],
            start,
            self.point[place],
        )


def runs(first: Places, last: Places) -> tuple[Places, Places]:
    """Where each run starts, and the whole numbers from each ``first`` to its ``last``, one run
    after the other."""
    counts = last - first + 1
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return start, np.arange(start[-1]) + np.repeat(first - start[:-1], counts)


def flipped(run: Places, start: Places, ends: Places, turned: NDArray[np.bool_]) -> Places:
    """``run`` with those that are ``turned`` the other way round; ``ends`` is first plus last."""
    counts = np.diff(start)
    return np.where(np.repeat(turned, counts), np.repeat(ends, counts) - run, run)


def cut(lines: Lines) -> Pieces:
    """Cut lines where they meet: at each place that ends a line or belongs to lines twice."""
    ends = np.concatenate([lines.start[:-1], lines.start[1:] - 1])
    uses = np.bincount(lines.key) + np.bincount(lines.key[ends], minlength=lines.key.max() + 1)
    line = np.repeat(np.arange(len(lines.kind)), np.diff(lines.start))
    at = np.flatnonzero(uses[lines.key] > 1)
    together = line[at[:-1]] == line[at[1:]]
    first, last = at[:-1][together], at[1:][together]
    step = np.append(haversine_m(lines.lon[:-1], lines.lat[:-1], lines.lon[1:], lines.lat[1:]), 0.0)
    kind = lines.kind[line[first]]
    # What is open against its drawing alone is turned round.
    turned = np.array([what.backward and not what.forward for what in lines.kinds])[kind]
    start, point = runs(first, last)
    point = flipped(point, start, first + last, turned)
    ends = np.stack([lines.key[first], lines.key[last]], axis=1)
    ends[turned] = ends[turned, ::-1]
    return Pieces(
        ends=ends,
        kind=kind,
        way=lines.way[line[first]],
        length_m=np.add.reduceat(step, np.stack([first, last], axis=1).ravel())[::2],
        start=start,
        point=point,
    )


def merge(pieces: Pieces, kinds: Sequence[Kind]) -> Pieces:
    """Join pieces at the places where two of one kind meet and nothing else does.

    A joined piece keeps all points and the whole length of its parts. One-way pieces are joined
    only one behind the other. A ring without a junction stays cut at one place.
    """
    both_ways = np.array([what.forward and what.backward for what in kinds])[pieces.kind]
    walk, first = _walk(_partners(pieces, both_ways), both_ways)
    part, turned = walk // 2, walk % 2 == 1
    begins = np.zeros(len(walk), dtype=bool)
    begins[first] = True

    # The point that a part shares with the one before it is taken once.
    low, high = pieces.start[:-1][part], pieces.start[1:][part] - 1
    start, place = runs(low, high)
    count = np.diff(start)
    place = flipped(place, start, low + high, turned)
    kept = np.ones(len(place), dtype=bool)
    kept[start[:-1][~begins]] = False
    size = np.add.reduceat(np.where(begins, count, count - 1), first)
    final = np.append(first[1:], len(walk)) - 1
    return Pieces(
        ends=np.stack(
            [
                pieces.ends[part[first], turned[first].astype(int)],
                pieces.ends[part[final], 1 - turned[final]],
            ],
            axis=1,
        ),
        kind=pieces.kind[part[first]],
        way=pieces.way[part[first]],
        length_m=np.add.reduceat(pieces.length_m[part], first),
        start=np.concatenate([[0], np.cumsum(size)]),
        point=pieces.point[place[kept]],
    )


def _partners(pieces: Pieces, both_ways: NDArray[np.bool_]) -> Places:
    """For each end of a piece (number ``2 * piece + side``) the end it may be joined to, or -1."""
    place = pieces.ends.ravel()
    order = np.argsort(place, kind="stable")
    sorted_ = place[order]
    begin = np.flatnonzero(np.append(True, sorted_[1:] != sorted_[:-1]))
    pairs = begin[np.diff(np.append(begin, len(sorted_))) == 2]
    one, other = order[pairs], order[pairs + 1]
    alike = pieces.kind[one // 2] == pieces.kind[other // 2]
    fits = alike & (both_ways[one // 2] | (one % 2 != other % 2))
    partner = np.full(len(place), -1, dtype=np.int64)
    partner[one[fits]], partner[other[fits]] = other[fits], one[fits]
    return partner


def _walk(partner: Places, both_ways: NDArray[np.bool_]) -> tuple[Places, Places]:
    """The pieces in the order in which they are joined, each as the number of the end by which it
    is entered; and where in this order each joined piece begins. Those that stay alone come first.
    """
    alone = np.flatnonzero((partner[0::2] < 0) & (partner[1::2] < 0))
    done = bytearray(len(both_ways))
    walk: list[int] = []
    first: list[int] = []
    next_ = partner.tolist()
    other = partner.reshape(-1, 2)[:, ::-1].ravel()
    loose = np.flatnonzero((partner < 0) & (other >= 0))
    loose = loose[(loose % 2 == 0) | both_ways[loose // 2]]
    # From the loose ends first; what is left then are rings, which are entered anywhere.
    rings = 2 * np.flatnonzero(partner[0::2] >= 0)
    for begin in (*loose.tolist(), *rings.tolist()):
        if done[begin // 2]:
            continue
        first.append(len(walk))
        end = begin
        while end >= 0 and not done[end // 2]:
            done[end // 2] = 1
            walk.append(end)
            end = next_[end ^ 1]
    return (
        np.concatenate([2 * alone, np.array(walk, dtype=np.int64)]),
        np.concatenate([np.arange(len(alone)), len(alone) + np.array(first, dtype=np.int64)]),
    )
