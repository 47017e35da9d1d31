"""Which landmark, street or township a row's words name."""

from __future__ import annotations

import re
import unicodedata
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

#: How many code points there are.
_UNICODE = 0x110000

_REMARK = re.compile(r"[(\[【].*?[)\]】]")
_PUNCTUATION = re.compile(r"[^\w\n]+|_+")
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
    return plain_all([text], county)[0]


def plain_all(texts: Sequence[str], county: str = "") -> list[str]:
    """The same of many; together, because a ledger may have 200,000."""
    whole = "\n".join(text[:200].replace("\n", " ") for text in texts)
    whole = unicodedata.normalize("NFKC", whole).lower()
    found = _PUNCTUATION.sub("", _REMARK.sub("", whole)).split("\n")
    for word in ("示意", fold(county)):
        if word:
            found = [text.replace(word, "") if text != word else text for text in found]
    return found


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
    """For each text (plain spelling) the longest of ``names`` that it holds, by index; -1: none.

    Of several equally long the first in the text. All texts are walked together, letter by letter
    of the names: after each letter stay the places where some name goes on just so.
    """
    best = np.full(len(texts), -1, dtype=np.int64)
    length = np.array([len(name) if len(name) >= 2 else 0 for name in names], dtype=np.int64)
    longest = int(length.max(initial=0))
    if not longest or not len(texts):
        return best
    spelt = np.zeros((len(names), longest), dtype=np.int64)
    for at in np.flatnonzero(length).tolist():
        spelt[at, : length[at]] = _letters(names[at])
    letters = np.append(_letters("\n".join(texts)), np.zeros(longest, dtype=np.int64))
    starts = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])
    begins = np.zeros(_UNICODE, dtype=bool)
    begins[spelt[length > 0, 0]] = True
    place = np.flatnonzero(begins[letters])
    # What has been read so far, numbered: by the names, and at each place.
    own, read = np.zeros(len(names), dtype=np.int64), np.zeros(len(place), dtype=np.int64)
    for depth in range(longest):
        going = np.flatnonzero(length > depth)
        known, own[going] = np.unique(
            own[going] * _UNICODE + spelt[going, depth], return_inverse=True
        )
        key = read * _UNICODE + letters[place + depth]
        read = np.minimum(np.searchsorted(known, key), len(known) - 1)
        goes_on = known[read] == key
        place, read = place[goes_on], read[goes_on]
        whole = going[length[going] == depth + 1][::-1]
        ends = np.full(len(known), -1, dtype=np.int64)
        ends[own[whole]] = whole
        found = np.flatnonzero(ends[read] >= 0)[::-1]  # the first in a text is written last
        best[np.searchsorted(starts, place[found], side="right") - 1] = ends[read[found]]
    return best


def _letters(text: str) -> NDArray[np.int64]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)


def _telling(word: str) -> bool:
    least = _LEAST_OTHER if word.isascii() else _LEAST_CHINESE
    return len(word) >= least and word not in _COMMON and not word.isdigit()
