"""Which landmark, street or township a row's words name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from locator.checks.surroundings import Landmarks
from locator.geo.crs import haversine_m
from locator.stations.cells import fold

#: Namesakes within this of each other are one place, mapped twice (a gate, a building, a site).
ONE_PLACE_M = 150.0
#: A community's people work anywhere in it, and its point on the map stands somewhere in it.
COMMUNITY_M = 400.0
#: Letters that a name must have to be told from chance: of Chinese ones, and of others.
_LEAST_CHINESE, _LEAST_OTHER = 3, 6

_REMARK = re.compile(r"[(（\[【].*?[)）\]】]")
_PUNCTUATION = re.compile(r"[\W_]+")
_COMMUNITY = re.compile(r"(社区|居委会|村委会|[^新]村)$")
#: Names that every town has: even where the map knows one only, the ledger may mean another.
_COMMON = frozenset({
    "菜市场", "卫生院", "卫生室", "便利店", "幼儿园", "加油站", "居委会", "停车场", "派出所",
    "敬老院", "小广场", "体育场", "公交站", "电影院", "图书馆", "农贸市场", "中心小学",
    "中心学校", "卫生服务中心", "党群服务中心", "便民服务中心", "社区服务中心", "文化广场",
    "人民广场", "公共厕所", "中国石化", "中国石油", "中国邮政", "农业银行", "建设银行",
    "工商银行", "中国银行", "bahnhof", "bushof", "schule", "kirche", "kapelle", "primarschule",
    "kindergarten", "parkplatz", "spielplatz",
})  # fmt: skip


def plain(text: str, county: str = "") -> str:
    """One spelling of a name: width, case, remarks, punctuation, 示意 and the county left out."""
    folded = _PUNCTUATION.sub("", _REMARK.sub("", fold(text[:200])))
    for word in ("示意", fold(county)):
        folded = folded.replace(word, "") if word and folded != word else folded
    return folded


@dataclass(frozen=True)
class Gazetteer:
    """Names of one place each, in their plain spelling; WGS-84 degrees, ``reach_m`` metres."""

    names: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    reach_m: NDArray[np.float64]


def gazetteer(landmarks: Landmarks, county: str) -> Gazetteer:
    """The landmarks whose name tells one place: long enough, uncommon, without a namesake."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(landmarks.names):
        word = plain(name, county)
        if _telling(word):
            members[word].append(at)
    names, kept = [], []
    lon, lat = landmarks.lon, landmarks.lat
    for word, found in members.items():
        apart = haversine_m(lon[found[0]], lat[found[0]], lon[found], lat[found])
        if float(np.max(apart)) <= ONE_PLACE_M + float(landmarks.extent_m[found[0]]):
            names.append(word)
            kept.append(found[0])
    reach = np.array(
        [
            max(float(landmarks.extent_m[at]), COMMUNITY_M if _COMMUNITY.search(word) else 0.0)
            for word, at in zip(names, kept, strict=True)
        ]
    )
    return Gazetteer(tuple(names), lon[kept], lat[kept], reach)


def mentions(texts: Sequence[str], names: Sequence[str]) -> NDArray[np.int64]:
    """For each text (plain spelling) the longest of ``names`` that it holds, by index; -1: none."""
    heads: defaultdict[str, list[int]] = defaultdict(list)
    for at in sorted(range(len(names)), key=lambda at: -len(names[at])):
        if len(names[at]) >= 2:
            heads[names[at][:2]].append(at)
    known: dict[str, int] = {}
    for text in texts:
        if text not in known:
            known[text] = _longest(text, names, heads)
    return np.array([known[text] for text in texts], dtype=np.int64)


def _longest(text: str, names: Sequence[str], heads: dict[str, list[int]]) -> int:
    best, size = -1, 0
    for start in range(len(text) - 1):
        for at in heads.get(text[start : start + 2], ()):
            if len(names[at]) <= size:
                break  # the longest of a head come first
            if text.startswith(names[at], start):
                best, size = at, len(names[at])
                break
    return best


def _telling(word: str) -> bool:
    least = _LEAST_OTHER if word.isascii() else _LEAST_CHINESE
    return len(word) >= least and word not in _COMMON and not word.isdigit()
