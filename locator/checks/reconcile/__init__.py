"""The county's ledger beside a list that somebody else keeps: which entry is which station.

Two keepers name, place and describe one door differently, so nothing here is taken for granted:
each pair gets points (`pair_points`), and is certain, doubtful (a person decides) or not a pair.
Pairs are one to one. A decision made before goes before all points. How a station is found in a
*new list of the same keeper* is another matter: ``succession``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from locator.checks.reconcile import likeness
from locator.checks.reconcile.list_shift import Shift, find_shift
from locator.checks.reconcile.listing import Floats, Indices, Listing, candidate_pairs
from locator.checks.reconcile.pair_points import CERTAIN, DOUBTFUL, Scored, Signs, score_pairs
from locator.county import County
from locator.geo.crs import haversine_m

#: A certain pair has so many points more than any other that either of the two could be in.
#: Of one that goes by the same name it takes more: the nearer of two is often the wrong one.
CLEAR, CLEAR_OF_NAMESAKE = 3.0, 5.0
#: Two entries of one list, so near and of one name, are one place listed twice.
TWICE_M = 120.0
#: Other pairs shown beside a doubtful one.
_OTHERS = 2

Verdict = Literal["certain", "doubtful", "decided"]


@dataclass(frozen=True, slots=True)
class Match:
    """Row ``ours`` of the ledger and row ``theirs`` of the map (positions in the two tables).

    ``rival`` is set on a doubtful pair that is not the best one of its rows. ``twice`` is the row
    of the map that is certainly this station, where this entry looks like a second one of it.
    """

    ours: int
    theirs: int
    points: float
    verdict: Verdict
    signs: Signs
    rival: bool = False
    twice: int | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Each row of the ledger is in ``matches`` or in ``ours_alone``, each of the map in ``matches``
    or in ``theirs_alone``; certain and decided pairs are one to one, doubtful ones are questions.
    ``shift`` is how the map's list lies beside the ledger as a whole, if it does.
    """

    matches: tuple[Match, ...]
    ours_alone: tuple[int, ...]
    theirs_alone: tuple[int, ...]
    shift: Shift | None


def reconcile(
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    county: County,
    *,
    same: Collection[tuple[int, int]] = (),
    different: Collection[tuple[int, int]] = (),
) -> Reconciled:
    """Match the tables ``ours`` and ``theirs`` (see `listing.COLUMNS`), rows by position.

    ``same`` and ``different`` are pairs that a person has decided: the first are pairs whatever the
    points say, the second never are.
    """
    a, b = Listing.of(ours, county), Listing.of(theirs, county)
    pairs = candidate_pairs(a, b)
    shift = find_shift(a, b, *pairs)
    if shift is not None:
        b = b.moved(-shift.east_m, -shift.north_m)
        pairs = candidate_pairs(a, b)
    decided, refused = dict(same), set(different)
    taken = {j for _, j in decided.items()}
    keep = np.array(
        [i not in decided and j not in taken and (i, j) not in refused
         for i, j in zip(*(side.tolist() for side in pairs), strict=True)], dtype=bool,
    )  # fmt: skip
    scored = score_pairs(a, b, pairs[0][keep], pairs[1][keep])
    matches = [*_settle(a, b, scored), *_decided(a, b, list(decided.items()))]
    matches.sort(key=lambda match: (match.ours, match.rival, -match.points, match.theirs))
    return Reconciled(
        tuple(matches),
        _rest(len(a.names), (match.ours for match in matches)),
        _rest(len(b.names), (match.theirs for match in matches)),
        shift,
    )


def _rest(size: int, used: Iterable[int]) -> tuple[int, ...]:
    gone = set(used)
    return tuple(at for at in range(size) if at not in gone)


# --- who is whose --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pairing:
    """The pairs worth a question (rows ``i`` and ``j`` of the lists ``a`` and ``b``), those of each
    row, and the best of them one to one: ``partner`` is i → j, ``best`` i or j → its pair."""

    a: Listing
    b: Listing
    i: list[int]
    j: list[int]
    points: list[float]
    of_ours: dict[int, list[int]]
    of_theirs: dict[int, list[int]]
    partner: dict[int, int]
    best_ours: dict[int, int]
    best_theirs: dict[int, int]

    def rivals(self, k: int) -> list[int]:
        """Pairs that leave the pair ``k`` in doubt: nearly as good, and not clearly another's."""
        p, q = self.i[k], self.j[k]
        found = []
        for n in (*self.of_ours[p], *self.of_theirs[q]):
            if n == k:
                continue
            if self.i[n] == p:
                namesake = self.b.names[q].core == self.b.names[self.j[n]].core
                elsewhere = self.best_theirs.get(self.j[n])
            else:
                namesake = self.a.names[p].core == self.a.names[self.i[n]].core
                elsewhere = self.best_ours.get(self.i[n])
            clear = CLEAR_OF_NAMESAKE if namesake else CLEAR
            taken = elsewhere is not None and self.points[elsewhere] >= self.points[n] + CLEAR
            if self.points[n] > self.points[k] - clear and not taken:
                found.append(n)
        # The same entry a second time is no rival.
        return [n for n in found if self.i[n] != p or not _twice(self.b, q, self.j[n])]


def _pairing(a: Listing, b: Listing, i: Indices, j: Indices, points: Floats) -> _Pairing:
    partner = _assign(i, j, points)
    ours, theirs = i.tolist(), j.tolist()
    of_ours: defaultdict[int, list[int]] = defaultdict(list)
    of_theirs: defaultdict[int, list[int]] = defaultdict(list)
    for k, (p, q) in enumerate(zip(ours, theirs, strict=True)):
        of_ours[p].append(k)
        of_theirs[q].append(k)
    best = [k for k, (p, q) in enumerate(zip(ours, theirs, strict=True)) if partner.get(p) == q]
    return _Pairing(
        a, b, ours, theirs, points.tolist(), dict(of_ours), dict(of_theirs), partner,
        {ours[k]: k for k in best}, {theirs[k]: k for k in best},
    )  # fmt: skip


def _settle(a: Listing, b: Listing, scored: Scored) -> list[Match]:
    """The best pairing one to one, and what of it is certain."""
    shown = np.flatnonzero(scored.points >= DOUBTFUL)
    if not len(shown):
        return []
    pairing = _pairing(a, b, scored.i[shown], scored.j[shown], scored.points[shown])
    certain: list[int] = []
    asked: list[tuple[int, bool]] = []
    for k in pairing.best_ours.values():
        rivals = pairing.rivals(k)
        if pairing.points[k] >= CERTAIN and not rivals:
            certain.append(k)
        else:
            rivals.sort(key=lambda n: -pairing.points[n])
            asked += [(k, False), *((n, True) for n in rivals[:_OTHERS])]
    # Nothing is asked of what is certain already, except whether it stands on the map twice.
    sure, sure_theirs = ({side[k] for k in certain} for side in (pairing.i, pairing.j))
    questions: dict[int, bool] = {}
    for k, rival in asked:
        if pairing.i[k] not in sure and pairing.j[k] not in sure_theirs:
            questions[k] = questions.get(k, True) and rival
    return [
        *(_match(scored, int(shown[k]), "certain") for k in certain),
        *(_match(scored, int(shown[k]), "doubtful", rival=r) for k, r in questions.items()),
        *_repeats(pairing, scored, shown, certain, {pairing.j[k] for k in questions}),
    ]


def _repeats(
    pairing: _Pairing, scored: Scored, shown: Indices, certain: Iterable[int], used: set[int]
) -> list[Match]:
    """Entries that are left over and look like a certain pair's entry once more."""
    used = used | {pairing.j[k] for k in certain}
    found = []
    for k in sorted(certain):
        p, q = pairing.i[k], pairing.j[k]
        for n in pairing.of_ours[p]:
            other = pairing.j[n]
            if other not in used and _twice(pairing.b, q, other):
                used.add(other)
                found.append(_match(scored, int(shown[n]), "doubtful", rival=True, twice=q))
    return found


def _match(
    scored: Scored, k: int, verdict: Verdict, *, rival: bool = False, twice: int | None = None
) -> Match:
    return Match(
        int(scored.i[k]), int(scored.j[k]), float(scored.points[k]), verdict, scored.at(k), rival,
        twice,
    )  # fmt: skip


def _assign(i: Indices, j: Indices, points: Floats) -> dict[int, int]:
    """The one-to-one pairing with the most points above `DOUBTFUL` in all.

    Each row of the ledger may also stay alone, at a column of its own, so that a full matching
    always exists and costs are sparse.
    """
    rows, i_at = np.unique(i, return_inverse=True)
    columns, j_at = np.unique(j, return_inverse=True)
    top = float(points.max()) + 1.0
    alone = top - DOUBTFUL + 0.01
    costs = np.concatenate([top - points, np.full(len(rows), alone)])
    at = np.concatenate([i_at, np.arange(len(rows))])
    to = np.concatenate([j_at, len(columns) + np.arange(len(rows))])
    graph = csr_array((costs, (at, to)), shape=(len(rows), len(columns) + len(rows)))
    left, right = min_weight_full_bipartite_matching(graph)
    return {
        int(rows[p]): int(columns[q])
        for p, q in zip(left.tolist(), right.tolist(), strict=True)
        if q < len(columns)
    }


def _twice(b: Listing, one: int, other: int) -> bool:
    """Whether two entries of the map look like one place listed twice."""
    metres = float(haversine_m(b.lon[one], b.lat[one], b.lon[other], b.lat[other]))
    names = [b.names[one]], [b.names[other]]
    alike = float(likeness.alike(*names)[0])
    return metres <= TWICE_M and alike >= 0.9 and not bool(likeness.apart(*names)[0])


def _decided(a: Listing, b: Listing, pairs: Sequence[tuple[int, int]]) -> list[Match]:
    if not pairs:
        return []
    i, j = (np.array(side, dtype=np.intp) for side in zip(*pairs, strict=True))
    scored = score_pairs(a, b, i, j)
    return [_match(scored, k, "decided") for k in range(len(pairs))]
