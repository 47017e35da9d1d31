"""What speaks for it, and against it, that two entries of two lists are one place: points a pair.

The points are logarithms (base 2, about) of how much likelier a sign is in one place listed twice
than in two places; their weights were set on lists corrupted on purpose
(``benchmarks/reconcile.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locator.checks.reconcile import likeness
from locator.checks.reconcile.listing import Floats, Indices, Listing
from locator.geo.crs import bearing_deg, haversine_m

#: Points from which a pair is certain, and from which a person is asked.
CERTAIN, DOUBTFUL = 7.0, 2.0
#: Two that nobody else is near to may be one place under two names.
SAME_DOOR_M = 40.0


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a pair and against it; NaN where nothing is known.

    ``metres`` after a shift of the whole list is taken off, ``bearing_deg`` from the ledger's point
    to the map's. ``name`` and ``host`` (a name against the other's host) are 0 to 1, and so is
    ``address``; ``phone`` is 1 for the same number, 0 for another.
    """

    metres: float
    bearing_deg: float
    name: float
    host: float
    address: float
    phone: float
    told_apart: bool
    nearest: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs of rows ``i`` and ``j`` with their ``points`` and, by name, their `Signs`."""

    i: Indices
    j: Indices
    points: Floats
    signs: dict[str, NDArray[Any]]

    def at(self, k: int) -> Signs:
        """The signs of the pair at position ``k``."""
        values: dict[str, Any] = {name: each[k].item() for name, each in self.signs.items()}
        return Signs(**values)


def score_pairs(a: Listing, b: Listing, i: Indices, j: Indices) -> Scored:
    """The points of the pairs of rows ``i`` of ``a`` and ``j`` of ``b``."""
    ours, theirs = [a.names[k] for k in i.tolist()], [b.names[k] for k in j.tolist()]
    our_hosts, their_hosts = [a.hosts[k] for k in i.tolist()], [b.hosts[k] for k in j.tolist()]
    name = likeness.alike(ours, theirs)
    host = np.fmax(likeness.alike(our_hosts, theirs), likeness.alike(ours, their_hosts))
    told_apart = likeness.apart(ours, theirs)
    address = likeness.addresses_alike(
        [a.addresses[k] for k in i.tolist()], [b.addresses[k] for k in j.tolist()]
    )
    phone = np.array(
        [_one_phone(a.phones[p], b.phones[q]) for p, q in zip(i.tolist(), j.tolist(), strict=True)]
    )
    metres = haversine_m(a.lon[i], a.lat[i], b.lon[j], b.lat[j])
    nearest = _nearest(metres, i, j)
    kinds = np.array(
        [_one_kind(a.kinds[p], b.kinds[q]) for p, q in zip(i.tolist(), j.tolist(), strict=True)]
    )
    by_name = _name_points(name) - np.where(
        name > 0.7, np.log2(_rarity(a.names, b.names, i, j)), 0.0
    )
    by_name -= np.where(likeness.figures_missing(ours, theirs) & (name < 1.0), 1.5, 0.0)
    by_host = _name_points(host) - 1.0 - np.log2(_rarity(a.hosts, b.hosts, i, j))
    said = np.where(told_apart, -6.0, np.fmax(np.nan_to_num(by_name, nan=0.0), by_host))
    points = (
        said
        + np.nan_to_num(np.maximum(4.0 - 2.0 * np.log2(1.0 + metres / 50.0), -6.0), nan=-1.0)
        + np.where(nearest, 1.0, 0.0)
        + np.where(nearest & (metres <= SAME_DOOR_M), 1.5, 0.0)
        + np.nan_to_num(np.where(phone > 0, 5.0, -1.0) + 0.0 * phone, nan=0.0)
        + _address_points(address)
        + kinds
    )
    # Whatever they are called: two that stand at one door are worth a question.
    one_door = nearest & (metres <= SAME_DOOR_M / 2) & ~told_apart
    points = np.where(one_door, np.maximum(points, DOUBTFUL), points)
    signs = {
        "metres": metres,
        "bearing_deg": bearing_deg(a.lon[i], a.lat[i], b.lon[j], b.lat[j]),
        "name": name,
        "host": host,
        "address": address,
        "phone": phone,
        "told_apart": told_apart,
        "nearest": nearest,
    }
    return Scored(i, j, points, signs)


def _name_points(alike: Floats) -> Floats:
    known = np.interp(alike, [0.0, 0.4, 0.6, 0.75, 0.85, 1.0], [-5.0, -3.0, -1.0, 3.0, 4.5, 8.0])
    return np.where(np.isfinite(alike), known, np.nan)


def _address_points(alike: Floats) -> Floats:
    known = np.interp(alike, [0.0, 0.4, 0.7, 0.85, 1.0], [-1.5, -1.0, 0.0, 2.0, 3.0])
    return np.where(np.isfinite(alike), known, 0.0)


def _rarity(
    ours: Sequence[likeness.Name], theirs: Sequence[likeness.Name], i: Indices, j: Indices
) -> Floats:
    """How many of a list have the name of each pair: what many are called tells little.

    What brackets hold counts as a part of the name where both have the same in them.
    """
    whole = np.maximum(_count([_whole(n) for n in ours])[i], _count([_whole(n) for n in theirs])[j])
    short = np.maximum(_count([n.core for n in ours])[i], _count([n.core for n in theirs])[j])
    one = [
        bool(ours[p].remark) and ours[p].remark == theirs[q].remark
        for p, q in zip(i.tolist(), j.tolist(), strict=True)
    ]
    return np.where(np.array(one, dtype=bool), whole, short)


def _whole(name: likeness.Name) -> str:
    return f"{name.core}({name.remark})" if name.core else ""


def _count(texts: Sequence[str]) -> Floats:
    counts = Counter(texts)
    return np.array([counts[text] if text else 1 for text in texts], dtype=np.float64)


def _one_phone(one: frozenset[str], other: frozenset[str]) -> float:
    return float(bool(one & other)) if one and other else np.nan


def _one_kind(one: str, other: str) -> float:
    return (0.5 if one == other else -1.5) if one and other else 0.0


def _nearest(metres: Floats, i: Indices, j: Indices) -> NDArray[np.bool_]:
    """Which pairs are each other's nearest."""
    best_i: dict[int, float] = {}
    best_j: dict[int, float] = {}
    for p, q, apart_m in zip(i.tolist(), j.tolist(), metres.tolist(), strict=True):
        if apart_m < best_i.get(p, np.inf):
            best_i[p] = apart_m
        if apart_m < best_j.get(q, np.inf):
            best_j[q] = apart_m
    return np.array(
        [
            apart_m == best_i.get(p) and apart_m == best_j.get(q)
            for p, q, apart_m in zip(i.tolist(), j.tolist(), metres.tolist(), strict=True)
        ],
        dtype=bool,
    )
