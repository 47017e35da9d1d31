"""Which rows stand at the same point, and which are likely to be one station entered twice."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

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

_REMARK = re.compile(r"[(（\[【].*?[)）\]】]")
_PUNCTUATION = re.compile(r"[\W_]+")
_GENERIC = re.compile(
    r"驿站|服务站|服务点|站点|阵地|户外劳动者|党群服务中心|爱心|红色|骑手|外卖小哥|小哥|之家"
)


def find_neighbours(rows: pd.DataFrame, county: County) -> pd.DataFrame:
    """For each row the earlier row at the same point, and the earlier row that it likely repeats.

    Columns ``same_point`` and ``same_station`` (index of the other row, -1 for none) and
    ``distance_m`` (to the latter). A pair is in one of them, not in both; rows that share an id
    are left out, that is another fault.
    """
    found = pd.DataFrame(
        {"same_point": -1, "same_station": -1, "distance_m": 0.0}, index=rows.index
    )
    placed = rows[(rows["position_fault"] == "") & np.isfinite(rows["lon"])]
    if len(placed) < 2:
        return found
    lon, lat = placed["lon"].to_numpy(), placed["lat"].to_numpy()
    names = _cores(placed["name"], county)
    ids = placed["station_id"].tolist()
    labels = placed.index.to_numpy()
    points, group = np.unique(
        np.round(np.column_stack([lon, lat]), _SAME_DECIMALS), axis=0, return_inverse=True
    )
    members: list[list[int]] = [[] for _ in range(len(points))]
    for at, of in enumerate(group.reshape(-1).tolist()):
        members[of].append(at)
    near = _near(points)
    for of, here in enumerate(members):
        # The first at a point, then those around: the nearest earlier row of like name counts.
        for position, at in enumerate(here):
            before = [other for other in here[:_MOST] if other < at and ids[other] != ids[at]]
            around = [other for next_to in near[of] for other in members[next_to][:_MOST]]
            candidates = before + [o for o in around if o < at and ids[o] != ids[at]]
            twin = next((other for other in candidates if alike(names[at], names[other])), None)
            if twin is not None:
                found.loc[labels[at], "same_station"] = labels[twin]
                found.loc[labels[at], "distance_m"] = float(
                    haversine_m(lon[at], lat[at], lon[twin], lat[twin])
                )
            elif position and before:
                found.loc[labels[at], "same_point"] = labels[before[0]]
    return found


def alike(one: str, other: str) -> bool:
    """Whether two names (their cores, see `_cores`) may mean one place.

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


def _cores(names: pd.Series[Any], county: County) -> list[str]:
    """Names without what every station's name has: its kind, the county, remarks, punctuation."""
    common = sorted(
        {fold(kind.zh) for kind in county.kinds.values()} | {fold(county.name_zh)},
        key=len,
        reverse=True,
    )
    cores = []
    for name in names:
        core = _REMARK.sub("", fold(name)[:60])
        for word in common:
            core = core.replace(word, "")
        core = _PUNCTUATION.sub("", _GENERIC.sub("", core))
        cores.append(core or _PUNCTUATION.sub("", fold(name)[:60]))
    return cores


def _near(points: NDArray[np.float64]) -> list[list[int]]:
    """For each point the others within reach, nearest first, at most seven."""
    lon, lat = np.radians(points).T
    xyz = EARTH_RADIUS_M * np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )
    _, indices = cKDTree(xyz).query(xyz, k=8, distance_upper_bound=NEAR_M)
    return [
        [other for other in row if other != at and other < len(points)]
        for at, row in enumerate(np.asarray(indices).tolist())
    ]
