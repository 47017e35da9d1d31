"""The county's ledger beside a list that somebody else keeps: which entry is which station.

Two keepers name, place and describe one door differently, so nothing here is taken for granted:
each pair gets points for what speaks for it and against it, and is certain, doubtful (a person
decides) or not a pair. Pairs are one to one. A decision made before goes before all points. How a
station is found in a *new list of the same keeper* is another matter: ``succession``.

The points are logarithms of how much likelier a sign is in one place listed twice than in two
places; their weights were set on lists corrupted on purpose (``benchmarks/reconcile.py``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching
from scipy.spatial import cKDTree

from locator.checks import likeness
from locator.checks.list_shift import Shift, find_shift
from locator.county import County
from locator.geo.crs import EARTH_RADIUS_M, bearing_deg, haversine_m

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

#: Pairs are looked for this far apart: farther than any mix-up of datums moves a point.
REACH_M = 1_600.0
#: So many of the nearest are looked at, and so many of like name anywhere in the county.
NEAREST, NAMESAKES = 40, 8
#: Points from which a pair is certain, and from which a person is asked.
CERTAIN, DOUBTFUL = 7.0, 2.0
#: A certain pair has so many points more than any other that either of the two could be in.
#: Of one that goes by the same name it takes more: the nearer of two is often the wrong one.
CLEAR, CLEAR_OF_NAMESAKE = 3.0, 5.0
#: Two entries of one list, so near and of one name, are one place listed twice.
TWICE_M = 120.0
#: Two that nobody else is near to may be one place under two names.
SAME_DOOR_M = 40.0
_ALIKE = 80.0
#: What a hostile list may cost: names are compared, and pairs are scored, only so many times.
_MOST_COMPARED, _BLOCK, _MOST_PAIRS, _LEAST_NEAREST = 200_000_000, 500, 1_000_000, 3
_OTHERS = 2

Verdict = Literal["certain", "doubtful", "decided"]
#: What both lists are given as: texts ("" where empty) and WGS-84 degrees (NaN where not known).
COLUMNS = ("name", "host", "address", "phone", "kind", "lon", "lat")


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
    """Match the tables ``ours`` and ``theirs`` (see `COLUMNS`), rows by position.

    ``same`` and ``different`` are pairs that a person has decided: the first are pairs whatever the
    points say, the second never are.
    """
    a, b = _List.of(ours, county), _List.of(theirs, county)
    pairs = _candidates(a, b)
    shift = find_shift(a, b, *pairs)
    if shift is not None:
        b = b.moved(-shift.east_m, -shift.north_m)
        pairs = _candidates(a, b)
    decided, refused = dict(same), set(different)
    taken = {j for _, j in decided.items()}
    keep = np.array(
        [i not in decided and j not in taken and (i, j) not in refused
         for i, j in zip(*(side.tolist() for side in pairs), strict=True)], dtype=bool,
    )  # fmt: skip
    scored = _score(a, b, pairs[0][keep], pairs[1][keep])
    matches = [*_settle(a, b, scored), *_decided(a, b, list(decided.items()))]
    matches.sort(key=lambda match: (match.ours, match.rival, -match.points, match.theirs))
    return Reconciled(
        tuple(matches),
        _rest(len(a.names), (match.ours for match in matches)),
        _rest(len(b.names), (match.theirs for match in matches)),
        shift,
    )


def _rest(size: int, used: Any) -> tuple[int, ...]:
    gone = set(used)
    return tuple(at for at in range(size) if at not in gone)


# --- the two lists -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _List:
    names: list[likeness.Name]
    hosts: list[likeness.Name]
    addresses: list[str]
    phones: list[frozenset[str]]
    kinds: list[str]
    lon: Floats
    lat: Floats

    @classmethod
    def of(cls, table: pd.DataFrame, county: County) -> _List:
        common = likeness.common_words(county)
        return cls(
            [likeness.name_of(text, common) for text in table["name"]],
            [likeness.name_of(text, common) for text in table["host"]],
            [likeness.address_core(text, county) for text in table["address"]],
            [likeness.phones_of(text) for text in table["phone"]],
            table["kind"].tolist(),
            table["lon"].to_numpy(dtype=np.float64),
            table["lat"].to_numpy(dtype=np.float64),
        )

    def moved(self, east_m: float, north_m: float) -> _List:
        """The list with every point moved along the ground."""
        lat = self.lat + np.degrees(north_m / EARTH_RADIUS_M)
        lon = self.lon + np.degrees(east_m / EARTH_RADIUS_M / np.cos(np.radians(self.lat)))
        return _List(self.names, self.hosts, self.addresses, self.phones, self.kinds, lon, lat)

    @property
    def placed(self) -> Indices:
        return np.flatnonzero(np.isfinite(self.lon) & np.isfinite(self.lat))

    @property
    def xyz(self) -> Floats:
        lon, lat = np.radians(self.lon), np.radians(self.lat)
        return EARTH_RADIUS_M * np.column_stack(
            [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
        )


def _candidates(a: _List, b: _List) -> tuple[Indices, Indices]:
    """The pairs worth a look: near each other, or of like name, or of one telephone number."""
    found: list[NDArray[np.intp]] = []
    here, there = a.placed, b.placed
    if len(here) and len(there):
        at, to = a.xyz[here], b.xyz[there]
        for points, others, turned in ((at, to, False), (to, at, True)):
            reach = min(NEAREST, len(others), max(_LEAST_NEAREST, _MOST_PAIRS // len(points)))
            metres, near = cKDTree(others).query(
                points, k=range(1, reach + 1), distance_upper_bound=REACH_M
            )
            rows, columns = np.nonzero(np.isfinite(metres))
            pair = [rows, np.asarray(near)[rows, columns]]
            one, other = pair[::-1] if turned else pair
            found.append(np.column_stack([here[one], there[other]]))
    found.append(_namesakes(a, b))
    found.append(_phone_mates(a, b))
    pairs = np.unique(np.concatenate([each.reshape(-1, 2) for each in found]), axis=0)
    return pairs[:, 0].astype(np.intp), pairs[:, 1].astype(np.intp)


def _namesakes(a: _List, b: _List) -> Indices:
    """Pairs of like name anywhere, for each name the few most alike; names are compared once."""
    ours, theirs = _by_core(a), _by_core(b)
    cores, others = list(ours), list(theirs)
    alike = [(core, core) for core in cores if core in theirs]
    if 0 < len(cores) * len(others) <= _MOST_COMPARED:
        for start in range(0, len(cores), _BLOCK):
            block = cores[start : start + _BLOCK]
            likes = process.cdist(
                block, others, scorer=fuzz.ratio, score_cutoff=_ALIKE, dtype=np.uint8
            )
            best = np.argsort(-likes.astype(np.int16), axis=1, kind="stable")[:, :NAMESAKES]
            alike += [
                (core, others[column])
                for core, row, columns in zip(block, likes, best.tolist(), strict=True)
                for column in columns
                if row[column] >= _ALIKE
            ]
    pairs = [
        (i, j)
        for core, other in dict.fromkeys(alike)
        for i in ours[core][:NAMESAKES]
        for j in theirs[other][:NAMESAKES]
    ]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def _by_core(each: _List) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(each.names):
        if name.core:
            found[name.core].append(at)
    return dict(found)


def _phone_mates(a: _List, b: _List) -> Indices:
    of_b: defaultdict[str, list[int]] = defaultdict(list)
    for j, phones in enumerate(b.phones):
        for phone in phones:
            of_b[phone].append(j)
    pairs = [
        (i, j)
        for i, phones in enumerate(a.phones)
        for phone in phones
        for j in of_b.get(phone, [])[:NAMESAKES]
    ]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


# --- points --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scored:
    i: Indices
    j: Indices
    points: Floats
    signs: dict[str, NDArray[Any]]

    def at(self, k: int) -> Signs:
        values: dict[str, Any] = {name: each[k].item() for name, each in self.signs.items()}
        return Signs(**values)


def _score(a: _List, b: _List, i: Indices, j: Indices) -> _Scored:
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
    return _Scored(i, j, points, signs)


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


# --- who is whose --------------------------------------------------------------------------------


def _settle(a: _List, b: _List, scored: _Scored) -> list[Match]:
    """The best pairing one to one, and what of it is certain."""
    open_pairs = np.flatnonzero(scored.points >= DOUBTFUL)
    if not len(open_pairs):
        return []
    i, j, points = scored.i[open_pairs], scored.j[open_pairs], scored.points[open_pairs]
    partner = _assign(i, j, points)
    of_pair = {pair: k for k, pair in enumerate(zip(i.tolist(), j.tolist(), strict=True))}
    own_a = {p: points[of_pair[p, q]] for p, q in partner.items()}
    own_b = {q: points[of_pair[p, q]] for p, q in partner.items()}
    holder = {q: p for p, q in partner.items()}
    rows: defaultdict[int, list[int]] = defaultdict(list)
    columns: defaultdict[int, list[int]] = defaultdict(list)
    for k, (p, q) in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
        rows[p].append(k)
        columns[q].append(k)
    matches: list[Match] = []
    certain: set[int] = set()

    def rivals(p: int, q: int) -> list[int]:
        """Pairs that leave in doubt whether p is q: nearly as good, and not clearly another's."""
        mine, found = float(own_a[p]), []
        for k in (*rows[p], *columns[q]):
            other_p, other_q = int(i[k]), int(j[k])
            if (other_p, other_q) == (p, q):
                continue
            namesake = (
                b.names[q].core == b.names[other_q].core
                if other_p == p
                else a.names[p].core == a.names[other_p].core
            )
            clear = CLEAR_OF_NAMESAKE if namesake else CLEAR
            elsewhere = own_b.get(other_q) if other_p == p else own_a.get(other_p)
            spoken_for = elsewhere is not None and elsewhere >= points[k] + CLEAR
            if points[k] > mine - clear and not spoken_for:
                found.append(k)
        return found

    for p, q in partner.items():
        k = of_pair[p, q]
        found = rivals(p, q)
        real = [n for n in found if int(i[n]) != p or not _twice(b, q, int(j[n]))]
        sure = points[k] >= CERTAIN and not real
        if sure:
            certain.add(p)
        matches.append(_match(scored, open_pairs[k], "certain" if sure else "doubtful"))
        if not sure:
            shown = sorted(real, key=lambda n: -points[n])[:_OTHERS]
            matches += [
                _match(scored, open_pairs[n], "doubtful", rival=True)
                for n in shown
                if holder.get(int(j[n])) != int(i[n])
            ]
    sure_b = {partner[p] for p in certain}
    # Nothing is asked of what is certain already, except whether it stands on the map twice.
    matches = [
        match
        for match in matches
        if match.verdict == "certain" or (match.ours not in certain and match.theirs not in sure_b)
    ]
    used = {match.theirs for match in matches}
    for p in sorted(certain):
        for k in rows[p]:
            q = int(j[k])
            if q not in used and _twice(b, partner[p], q):
                used.add(q)
                matches.append(
                    _match(scored, open_pairs[k], "doubtful", rival=True, twice=partner[p])
                )
    return list({(m.ours, m.theirs): m for m in reversed(matches)}.values())


def _match(
    scored: _Scored, k: int, verdict: Verdict, *, rival: bool = False, twice: int | None = None
) -> Match:
    points = float(scored.points[k])
    return Match(
        int(scored.i[k]), int(scored.j[k]), points, verdict, scored.at(int(k)), rival, twice
    )


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


def _twice(b: _List, one: int, other: int) -> bool:
    """Whether two entries of the map look like one place listed twice."""
    metres = float(haversine_m(b.lon[one], b.lat[one], b.lon[other], b.lat[other]))
    names = [b.names[one]], [b.names[other]]
    alike = float(likeness.alike(*names)[0])
    return metres <= TWICE_M and alike >= 0.9 and not bool(likeness.apart(*names)[0])


def _decided(a: _List, b: _List, pairs: Sequence[tuple[int, int]]) -> list[Match]:
    if not pairs:
        return []
    i, j = (np.array(side, dtype=np.intp) for side in zip(*pairs, strict=True))
    scored = _score(a, b, i, j)
    return [_match(scored, k, "decided") for k in range(len(pairs))]
