"""Which station of a new list is which of the old one, so that an id never wanders.

A sign on a door carries an id for years, and the office's sheet has none. So a row takes an old id
only where there is no doubt; where there is some, a person is asked; and an id that a row states
for another place is a conflict.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from locator.checks.neighbours import NEAR_M, alike
from locator.geo.crs import EARTH_RADIUS_M
from locator.stations.cells import fold
from locator.stations.table import stations_to_geojson

#: One station is entered twice this far apart at most: a new reading of the same door.
SAME_NAME_M = 150.0
#: Within this no other row is asked whether it might be the one.
SAME_PLACE_M = 20.0
#: Another of the same name must lie farther away than the match by more than this.
CLEAR_M = 30.0
#: A row of the same name this near is worth a question: as far as datums mixed up move a station.
ASK_M = 1500.0
#: A row that states an id, but has another name and lies farther away than this, is another place.
ELSEWHERE_M = 500.0
#: Questions asked of one row at most.
_MOST = 3

_PUNCTUATION = re.compile(r"[\W_]+")
_SUFFIX = re.compile(r"驿?站$")

Key = TypeVar("Key", bound=Hashable)
Points = NDArray[np.float64]
Mask = NDArray[np.bool_]
Why = Literal["id", "unchanged", "name", "near", "elsewhere", "other"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A station of the old list and a row of the new one, by id, ``metres`` apart.

    ``why`` they are matched: the same ``id`` stated, ``unchanged`` in all but the id, or ``name``.
    Why it is asked: one ``name``, or ``near``. Why they conflict: the row states this id but is
    ``elsewhere``, or has the name and place of an ``other`` old station.
    """

    old: str
    new: str
    metres: float
    why: Why


@dataclass(frozen=True, slots=True)
class Matches:
    """Each old station is in ``kept``, ``conflicts`` or ``gone``; each new row in ``kept``,
    ``conflicts`` or ``added``. ``questions`` pair some that are gone with some that are added.
    """

    kept: tuple[Pair, ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]
    questions: tuple[Pair, ...]
    conflicts: tuple[Pair, ...]


def find_successors(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, *, unnumbered: Collection[str] = ()
) -> Matches:
    """Match the station tables ``old`` and ``new`` (WGS-84), one to one.

    Ids of ``new`` that are in ``unnumbered`` name rows for this run alone: only these take an id by
    likeness. Certain are, in this order: an id stated; a row that says in all but the id what an
    old one says; rows of one name and kind within 150 m, each the other's nearest and any other of
    that name clearly farther, and, past 20 m, no row left over at either end that could have been
    renamed. Two stations of one name and kind that exchange places to the centimetre can't be told.
    """
    a, b = _List.of(old), _List.of(new)
    nameless = set(unnumbered)
    free = np.array([id_text in nameless for id_text in b.ids], dtype=bool)
    kept, conflicts = _stated(a, b, free)
    open_a, open_b = np.ones(len(a.ids), bool), np.ones(len(b.ids), bool)
    for i, j in [*kept, *conflicts]:
        open_a[i] = open_b[j] = False
    for found in (_unchanged, _named):
        matched = found(a, b, open_a, open_b, free)
        kept |= matched
        for i, j in matched:
            open_a[i] = open_b[j] = False
    return Matches(
        kept=tuple(_pair(a, b, i, j, why) for (i, j), why in sorted(kept.items())),
        added=tuple(b.ids[j] for j in np.flatnonzero(open_b)),
        gone=tuple(a.ids[i] for i in np.flatnonzero(open_a)),
        questions=tuple(_questions(a, b, open_a, open_b)),
        conflicts=tuple(_pair(a, b, i, j, why) for (i, j), why in sorted(conflicts.items())),
    )


def name_key(name: str) -> str:
    """One spelling of a station's name: width, case, blanks, brackets and punctuation folded.

    A last 驿站 or 站 is left out: 鼓楼、鼓楼站 and 鼓楼驿站 are one name. What brackets hold stays,
    so that 鼓楼驿站（东门） is not 鼓楼驿站（西门）.
    """
    folded = fold(name)
    plain = _PUNCTUATION.sub("", folded) or folded
    return _SUFFIX.sub("", plain) or plain


# --- the two lists -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _List:
    ids: list[str]
    names: list[str]
    kinds: list[str]
    said: list[str]
    xyz: Points

    @classmethod
    def of(cls, stations: gpd.GeoDataFrame) -> _List:
        features = stations_to_geojson(stations)["features"]
        said = [feature["properties"] for feature in features]
        points = [feature["geometry"]["coordinates"] for feature in features]
        lon, lat = np.radians(np.array(points, dtype=np.float64).reshape(-1, 2)).T
        return cls(
            ids=[each["id"] for each in said],
            names=[name_key(each["name"] or "") for each in said],
            kinds=[each["kind"] or "" for each in said],
            said=[_content(each, point) for each, point in zip(said, points, strict=True)],
            xyz=EARTH_RADIUS_M
            * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]),
        )


def _content(said: dict[str, object], point: list[float]) -> str:
    rest = {name: value for name, value in said.items() if name != "id"}
    return json.dumps([rest, point], sort_keys=True, ensure_ascii=False)


def _metres(a: _List, i: int, b: _List, j: int) -> float:
    # Straight through the earth: a millimetre less than along the ground on the longest compared.
    return float(np.linalg.norm(a.xyz[i] - b.xyz[j]))


def _pair(a: _List, b: _List, i: int, j: int, why: Why) -> Pair:
    return Pair(a.ids[i], b.ids[j], _metres(a, i, b, j), why)


# --- what is certain -----------------------------------------------------------------------------

Found = dict[tuple[int, int], Why]


def _stated(a: _List, b: _List, free: Mask) -> tuple[Found, Found]:
    """Rows that state the id of an old station: the same one, or a conflict.

    The id is suspect where the row reads like a different old station that no row of its own
    accounts for (a column pasted one row off), or has another name and lies elsewhere. A station
    that moved under its name, or was renamed where it stands, is neither.
    """
    at = {id_text: i for i, id_text in enumerate(a.ids)}
    stated = [(at[id_text], j) for j, id_text in enumerate(b.ids) if id_text in at and not free[j]]
    one_name = [(i, j) for i, j in stated if a.names[i] == b.names[j]]
    renamed = [(i, j) for i, j in stated if a.names[i] != b.names[j]]
    settled = {i for i, j in one_name if _metres(a, i, b, j) <= SAME_PLACE_M}
    kept: Found = {}
    conflicts: Found = {}
    # A renamed row may be any namesake that is not kept by then, so those of one name go first.
    for pairs in (one_name, renamed):
        namesakes = _by(a.names, (i for i in range(len(a.ids)) if i not in settled))
        for i, j in pairs:
            if doubt := _doubt(a, i, b, j, namesakes.get(b.names[j], [])):
                conflicts[i, j] = doubt
            else:
                kept[i, j] = "id"
        settled = {i for i, _ in kept}
    return kept, conflicts


def _doubt(a: _List, i: int, b: _List, j: int, namesakes: list[int]) -> Why | None:
    """Why row j cannot be the station i whose id it states."""
    one_name, metres = a.names[i] == b.names[j], _metres(a, i, b, j)
    others = [k for k in namesakes if k != i]
    nearest = np.linalg.norm(a.xyz[others] - b.xyz[j], axis=1).min(initial=np.inf)
    if nearest <= SAME_NAME_M and (not one_name or nearest + CLEAR_M < metres):
        return "other"
    if one_name or metres <= ELSEWHERE_M or _longer(a.names[i], b.names[j]):
        return None
    return "elsewhere"


def _longer(one: str, other: str) -> bool:
    """Whether one name is the other with something added. Being alike is not enough far away:
    there 城关镇鼓楼社区工会 and 城关镇桥头社区工会 are two."""
    return alike(one, other) and (one in other or other in one)


def _unchanged(a: _List, b: _List, open_a: Mask, open_b: Mask, free: Mask) -> Found:
    """Rows that differ in nothing but the id; of several such any is as good, so in order."""
    of_content = _by(a.said, np.flatnonzero(open_a).tolist())
    same = {j: of_content.get(b.said[j], []) for j in np.flatnonzero(open_b & free).tolist()}
    return {(waiting.pop(0), j): "unchanged" for j, waiting in same.items() if waiting}


def _named(a: _List, b: _List, open_a: Mask, open_b: Mask, free: Mask) -> Found:
    """Rows of one name and kind, each the other's nearest and nobody else near as good."""
    claims: dict[tuple[int, int], float] = {}
    of_b = _by(list(zip(b.names, b.kinds, strict=True)), np.flatnonzero(open_b).tolist())
    of_a = _by(list(zip(a.names, a.kinds, strict=True)), np.flatnonzero(open_a).tolist())
    for key, olds in of_a.items():
        news = of_b.get(key)
        if not news:
            continue
        back = dict(_clear(a.xyz[olds], b.xyz[news]))
        for here, there in _clear(b.xyz[news], a.xyz[olds]):
            if back.get(there) == here and free[news[here]]:
                i, j = olds[there], news[here]
                claims[i, j] = _metres(a, i, b, j)
    left_a, left_b = open_a.copy(), open_b.copy()
    for i, j in claims:
        left_a[i] = left_b[j] = False
    rival_a = _within(a.xyz, b.xyz[left_b], NEAR_M)
    rival_b = _within(b.xyz, a.xyz[left_a], NEAR_M)
    return {
        (i, j): "name"
        for (i, j), metres in claims.items()
        if metres <= SAME_PLACE_M or not (rival_a[i] or rival_b[j])
    }


def _clear(points: Points, others: Points) -> Iterator[tuple[int, int]]:
    """For each point its nearest other within reach, where the second is clearly farther."""
    metres, nearest = _nearest(points, others, 2)
    clear = (metres[:, 0] <= SAME_NAME_M) & (metres[:, 1] > metres[:, 0] + CLEAR_M)
    for at in np.flatnonzero(clear).tolist():
        yield at, int(nearest[at, 0])


def _within(points: Points, others: Points, reach_m: float) -> Mask:
    """Which points have one of the others within reach."""
    return _nearest(points, others, 1)[0][:, 0] <= reach_m


def _nearest(points: Points, others: Points, most: int) -> tuple[Points, NDArray[np.intp]]:
    """Distances to the nearest others and their indices, ``most`` columns; infinite past them."""
    if not len(points) or not len(others):
        return np.full((len(points), most), np.inf), np.zeros((len(points), most), np.intp)
    metres, at = cKDTree(others).query(points, k=range(1, most + 1))
    return np.asarray(metres), np.asarray(at)


# --- what is asked -------------------------------------------------------------------------------


def _questions(a: _List, b: _List, open_a: Mask, open_b: Mask) -> Iterator[Pair]:
    """For each row left over the old stations left over that it may be, the nearest first."""
    left_a, left_b = np.flatnonzero(open_a).tolist(), np.flatnonzero(open_b).tolist()
    asked: defaultdict[int, dict[int, Why]] = defaultdict(dict)
    of_name, rows_of_name = _by(a.names, left_a), _by(b.names, left_b)
    for name in of_name.keys() & rows_of_name.keys():
        olds, rows = of_name[name], rows_of_name[name]
        for j, i in _asked(a, b, olds, rows, _MOST, ASK_M):
            asked[j][i] = "name"
    for j, i in _asked(a, b, left_a, left_b, 2 * _MOST, NEAR_M):
        if a.kinds[i] == b.kinds[j] or alike(a.names[i], b.names[j]):
            asked[j].setdefault(i, "near")
    for j in left_b:
        pairs = [_pair(a, b, i, j, why) for i, why in asked[j].items()]
        if any(p.why == "name" and p.metres <= SAME_NAME_M for p in pairs):
            # Where one is at the door, it has not come from the next street.
            pairs = [p for p in pairs if p.metres <= SAME_NAME_M]
        yield from sorted(pairs, key=lambda pair: (pair.metres, pair.old))[:_MOST]


def _asked(
    a: _List, b: _List, olds: list[int], rows: list[int], most: int, reach_m: float
) -> Iterator[tuple[int, int]]:
    metres, nearest = _nearest(b.xyz[rows], a.xyz[olds], most)
    for at, column in np.argwhere(metres <= reach_m).tolist():
        yield rows[at], olds[int(nearest[at, column])]


def _by(keys: Sequence[Key], among: Iterable[int]) -> dict[Key, list[int]]:
    """The indices ``among`` by their key, in order."""
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for at in among:
        found[keys[at]].append(at)
    return dict(found)
