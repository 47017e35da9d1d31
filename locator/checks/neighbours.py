"""Which rows stand at the same point, and which are likely to be one station entered twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from locator.county import County
from locator.geo.crs import EARTH_RADIUS_M, haversine_m
from locator.stations.cells import fold

#: Two entrances of different stations are rarely nearer to each other than this.
NEAR_M = 30.0
_ALIKE = 0.8
#: A hostile ledger may put everything at one point: comparing all pairs would take for ever.
_MOST = 20
_SAME_DECIMALS = 6  # 0.1 m
#: As many neighbours of a point are looked at.
_NEAREST = 7

_REMARK = re.compile(r"[(（\[【].*?[)）\]】]")
_PUNCTUATION = re.compile(r"[\W_]+")
_GENERIC = re.compile(
    r"驿站|服务站|服务点|站点|阵地|户外劳动者|党群服务中心|爱心|红色|骑手|外卖小哥|小哥|之家"
)


def find_neighbours(rows: pd.DataFrame, county: County) -> pd.DataFrame:
    """For each row the earlier row at the same point, and the earlier row that it likely repeats.

    Columns ``same_point``, ``same_station`` and ``other_kind`` (index of the other row, -1 for
    none) and ``distance_m`` (to one of the latter two): ``other_kind`` is a row that it likely
    repeats as another kind. A pair is in one of them only; rows that share an id are left out,
    that is another fault.
    """
    found = pd.DataFrame(
        {"same_point": -1, "same_station": -1, "other_kind": -1, "distance_m": 0.0},
        index=rows.index,
    )
    told = (rows["position_fault"] == "") & np.isfinite(rows["lon"])
    placed = rows.loc[told, ["lon", "lat", "name", "station_id", "kind_code"]]
    if len(placed) < 2:
        return found
    lon, lat = placed["lon"].to_numpy(), placed["lat"].to_numpy()
    points, group = _points(lon, lat)
    at_point, next_to = near_points(points[:, 0], points[:, 1], NEAR_M)
    # Most stations stand alone: only the others are looked at one by one.
    near: dict[int, list[int]] = {}
    for one, other in zip(at_point.tolist(), next_to.tolist(), strict=True):
        near.setdefault(one, []).append(other)
    busy = np.bincount(group, minlength=len(points)) > 1
    busy[at_point] = True
    members: dict[int, list[int]] = {of: [] for of in np.flatnonzero(busy).tolist()}
    for at in np.flatnonzero(busy[group]).tolist():
        members[int(group[at])].append(at)
    common = {fold(kind.zh) for kind in county.kinds.values()} | {fold(county.name_zh)}
    common_words = sorted(common, key=len, reverse=True)
    names = placed["name"].tolist()

    @cache
    def core(at: int) -> str:
        return _core(names[at], common_words)

    ids, kinds = placed["station_id"].tolist(), placed["kind_code"].tolist()
    labels = placed.index.to_numpy()
    twins: list[tuple[int, int]] = []
    twofold: list[tuple[int, int]] = []
    shared: list[tuple[int, int]] = []
    for of, here in members.items():
        # The first at a point, then those around: the nearest earlier row of like name counts.
        for position, at in enumerate(here):
            before = [other for other in here[:_MOST] if other < at and ids[other] != ids[at]]
            around = [other for point in near.get(of, ()) for other in members[point][:_MOST]]
            candidates = before + [o for o in around if o < at and ids[o] != ids[at]]
            twin = next((other for other in candidates if alike(core(at), core(other))), None)
            if twin is not None:
                two_kinds = kinds[at] and kinds[twin] and kinds[at] != kinds[twin]
                (twofold if two_kinds else twins).append((at, twin))
            elif position and before:
                shared.append((at, before[0]))
    for column, pairs in (
        ("same_station", twins), ("other_kind", twofold), ("same_point", shared)
    ):  # fmt: skip
        later, earlier = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        found.loc[labels[later], column] = labels[earlier]
        if column != "same_point":
            found.loc[labels[later], "distance_m"] = haversine_m(
                lon[later], lat[later], lon[earlier], lat[earlier]
            )
    return found


def alike(one: str, other: str) -> bool:
    """Whether two names (their cores, see `_core`) may mean one place.

    Equal, one within the other, or nearly equal; but never with different figures: 1 号 and 2 号
    are two places.
    """
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= 2 and short in long:
        return True
    matcher = SequenceMatcher(None, short, long, autojunk=False)
    return len(short) >= 4 and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def near_points(
    lon: NDArray[np.float64], lat: NDArray[np.float64], reach_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which points (WGS-84 degrees) lie within ``reach_m`` of which: (point, other), as indices.

    Every pair comes both ways, ordered by the point and then the nearest first. Of each point only
    the seven nearest are told, so that a crowd costs no more than its number.
    """
    x, y = np.radians(lon), np.radians(lat)
    xyz = EARTH_RADIUS_M * np.column_stack(
        [np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)]
    )
    tree = cKDTree(xyz)
    distance_m = np.asarray(tree.query(xyz, k=2, distance_upper_bound=reach_m)[0])
    busy = np.flatnonzero(np.isfinite(distance_m[:, 1]))
    _, others = tree.query(xyz[busy], k=_NEAREST + 1, distance_upper_bound=reach_m)
    others = np.asarray(others, dtype=np.int64).reshape(len(busy), _NEAREST + 1)
    at, position = np.nonzero((others < len(xyz)) & (others != busy[:, None]))
    return busy[at], others[at, position]


def _points(
    lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The different points, west to east, as (lon, lat); and which of them each row is at."""
    scale = 10**_SAME_DECIMALS
    east, north = np.rint(lon * scale).astype(np.int64), np.rint(lat * scale).astype(np.int64)
    width = 360 * scale
    keys, group = np.unique(east * width + (north + width // 4), return_inverse=True)
    east, north = np.divmod(keys, width)
    points = np.column_stack([east, north - width // 4]) / scale
    return points, np.asarray(group, dtype=np.int64).reshape(-1)


def _core(name: str, common: Sequence[str]) -> str:
    """A name without what every station's name has: its kind, the county, remarks, punctuation."""
    core = _REMARK.sub("", fold(name)[:60])
    for word in common:
        core = core.replace(word, "")
    core = _PUNCTUATION.sub("", _GENERIC.sub("", core))
    return core or _PUNCTUATION.sub("", fold(name)[:60])
