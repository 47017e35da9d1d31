"""The ways of an OpenStreetMap file, as they come: dirty ones too, and each accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from locator.geo.crs import haversine_m
from locator.streets.graph import km
from locator.streets.pieces import Kind, Lines, Places

#: OpenStreetMap keeps degrees as whole numbers of 1e-7.
UNIT = 10_000_000
#: What osmium has for the position of a node that it did not find.
NOWHERE = 2**31 - 1


class Verdict(NamedTuple):
    """What the tags of a way say, its name apart.

    ``closed`` is why it is closed, empty where it is open; ``level`` tells streets apart that lie
    one above the other; ``conditional`` are its tags with conditions, which are not read: a street
    is taken as its other tags say.
    """

    closed: str
    street_class: str
    speed_kmh: float
    forward: bool
    backward: bool
    level: tuple[str, ...]
    conditional: tuple[str, ...]
    area: bool


@dataclass(frozen=True)
class Ways:
    """All streets of a file as columns.

    Way ``i`` is judged by ``verdicts[verdict[i]]``, is called ``name[i]`` and has ``count[i]``
    nodes. ``node`` are their ids, one way after the other (any number of its own where nothing can
    meet), ``x`` and ``y`` their WGS-84 positions
    in units of 1e-7 degrees (``NOWHERE`` where the file does not say). ``blocked`` are the ids of
    nodes that no e-bike passes.
    """

    verdicts: Sequence[Verdict]
    name: Sequence[str]
    verdict: Places
    count: Places
    node: Places
    x: Places
    y: Places
    blocked: Places


def assemble(ways: Ways) -> tuple[Lines, dict[str, Any]]:
    """The stretches of open ways that can be drawn, and the account of all ways.

    A way is broken where the position of a node is missing (the extract was cut there). At a
    blocked node both stretches end on the spot, but do not meet there. Where two ends of streets on
    the same level lie on one spot, but are two nodes, they are joined. An area is passed along its
    outline, as a street that is drawn so.
    """
    total = len(ways.name)
    way = np.repeat(np.arange(total), ways.count)
    fresh = np.ones(len(way), dtype=bool)
    fresh[1:] = (way[1:] != way[:-1]) | (ways.node[1:] != ways.node[:-1])
    way, node, x, y = way[fresh], ways.node[fresh], ways.x[fresh], ways.y[fresh]
    known = (np.abs(x) <= 180 * UNIT) & (np.abs(y) <= 90 * UNIT)
    closed = np.array([verdict.closed for verdict in ways.verdicts], dtype=object)[ways.verdict]
    closed[(closed == "") & (np.bincount(way, minlength=total) < 2)] = "fewer than two nodes"

    gate = np.isin(node, ways.blocked)
    used, start = _stretches(way, known & (closed == "")[way], gate)
    line_way = way[used[start[:-1]]].astype(np.int32)
    drawn = np.zeros(total, dtype=bool)
    drawn[line_way] = True
    cut_off = (closed == "") & (np.bincount(way, weights=~known, minlength=total) > 0)
    closed[(closed == "") & ~drawn] = "fewer than two known nodes"

    levels: dict[tuple[str, ...], int] = {}
    level = np.array([levels.setdefault(v.level, len(levels)) for v in ways.verdicts])
    spot = (x << 32) + y
    key, joined, doubled = _places(
        node[used], spot[used], gate[used], start, level[ways.verdict[line_way]]
    )
    kinds: dict[Kind, int] = {}
    kind = np.zeros(total, dtype=np.int32)
    numbers = np.flatnonzero(drawn)
    for number, said in zip(numbers.tolist(), ways.verdict[numbers].tolist(), strict=True):
        what = Kind(ways.name[number], *ways.verdicts[said][1:5])
        kind[number] = kinds.setdefault(what, len(kinds))

    lon, lat = x / UNIT, y / UNIT
    measured = known[1:] & known[:-1] & (way[1:] == way[:-1])
    step = np.where(measured, haversine_m(lon[:-1], lat[:-1], lon[1:], lat[1:]), 0.0)
    way_m = np.bincount(way[:-1], weights=step, minlength=total).astype(np.float64)
    area = np.array([verdict.area for verdict in ways.verdicts])[ways.verdict]
    often = np.bincount(ways.verdict, minlength=len(ways.verdicts)).tolist()
    conditional = Counter[str]()
    for verdict, times in zip(ways.verdicts, often, strict=True):
        conditional.update(dict.fromkeys(verdict.conditional, times))
    reasons = sorted(set(closed) - {""})
    lines = Lines(list(kinds), kind[line_way], line_way, start, key, lon[used], lat[used])
    return lines, {
        "ways_read": total,
        "ways_open": int(drawn.sum()),
        "ways_closed": {why: int((closed == why).sum()) for why in reasons},
        "ways_cut": int(cut_off.sum()),
        "ways_conditional": dict(sorted(conditional.items())),
        "areas": int((drawn & area).sum()),
        "km_read": km(way_m),
        "km_closed": {why: km(way_m[closed == why]) for why in reasons},
        "nodes_missing": len(np.unique(node[~known])),
        "nodes_blocked": len(ways.blocked),
        "nodes_joined": joined,
        "nodes_doubled": doubled,
    }


def _stretches(
    way: Places, usable: NDArray[np.bool_], gate: NDArray[np.bool_]
) -> tuple[Places, Places]:
    """Which points to draw, in order, and where each line of two points or more starts among them;
    a point at a gate ends one line and starts the next."""
    used = np.flatnonzero(usable)
    breaks = np.ones(len(used), dtype=bool)
    breaks[1:] = (np.diff(used) > 1) | (way[used[1:]] != way[used[:-1]])
    twice = np.repeat(np.arange(len(used)), 1 + gate[used])
    used, breaks = used[twice], breaks[twice]
    breaks[1:] |= twice[1:] == twice[:-1]
    start = np.append(np.flatnonzero(breaks), len(used))
    size = np.diff(start)
    drawn = size > 1
    return used[np.repeat(drawn, size)], np.concatenate([[0], np.cumsum(size[drawn])])


def _places(
    node: Places, spot: Places, gate: NDArray[np.bool_], start: Places, level: Places
) -> tuple[Places, int, int]:
    """Number the places where lines may meet, one for each node, except that a gate is another
    place each time, and that nodes on one spot are one place where they end lines of one level.

    Also how many nodes were joined to another so, and how many still lie on another.
    """
    shut = np.flatnonzero(gate)
    node, spot = node.copy(), spot.copy()
    node[shut] = np.iinfo(np.int64).max - np.arange(len(shut))
    spot[shut] = np.iinfo(np.int64).min + np.arange(len(shut))
    _, first, place = np.unique(node, return_index=True, return_inverse=True)
    _, where, size = np.unique(spot[first], return_inverse=True, return_counts=True)
    doubled = size[where] > 1
    if not doubled.any():
        return place, 0, 0

    end = place[np.concatenate([start[:-1], start[1:] - 1])]
    meeting = where[end] * (level.max() + 1) + np.tile(level, 2)
    end, meeting = end[doubled[end]], meeting[doubled[end]]
    met, meeting = np.unique(meeting, return_inverse=True)
    total = len(first) + len(met)
    ends = csr_array((np.ones(len(end)), (end, len(first) + meeting)), shape=(total, total))
    left, group = connected_components(ends, directed=False)
    still = len(np.unique(group[: len(first)][doubled])) - len(np.unique(where[doubled]))
    return group[place].astype(np.int64), len(first) - left, still
