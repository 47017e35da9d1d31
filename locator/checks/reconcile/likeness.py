"""How alike two names, addresses and telephone numbers are, as texts of different keepers.

A map app shortens a name, a clerk writes it out; one writes the host, the other the sign. What all
stations have in their names (驿站, the county) says nothing and is taken off first. What tells two
apart for certain are figures and directions: 1 号 and 2 号, 东门 and 西门 are two places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from locator.county import County

Floats = NDArray[np.float64]

#: No name is longer than this; the rest of a hostile cell is not compared.
_LONGEST = 60
#: A name that is a part of the other is this alike: what is left out says little.
_WITHIN = 0.85
#: What brackets hold is the same remark from here on; otherwise it tells two of one name apart.
_ONE_REMARK = 0.6

_BRACKETS = re.compile(r"[(（\[【〔](.*?)[)）\]】〕]")
_PUNCTUATION = re.compile(r"[\W_]+")
_EMPTY_REMARK = re.compile(
    r"示意|高德|百度|腾讯|地图|已?关闭|已?停业|暂停\w{2}|装修中|维修中|已?搬迁|永久|新|旧|原"
)
_GENERIC = re.compile(
    r"户外劳动者|新就业群体|快递员?|外卖员?|骑手|小哥|职工|工会|暖新|暖心|爱心|红色|司机|环卫工?人?|"
    r"服务驿站|驿站|服务站点?|服务点|站点|阵地|之家|港湾|歇脚点|休息点|休息室"
)
_HAN_NUMBER = re.compile(r"[一二三四五六七八九十]+")
_HAN = {digit: str(at) for at, digit in enumerate("一二三四五六七八九", start=1)}
_FIGURES = re.compile(r"\d+|(?<![a-z])[a-z](?=座|栋|区|馆|口|门)")
_DIRECTIONS = re.compile(r"[东西南北](?=门|口|侧|区|站|街|路|广场|社区|村|苑|院)|(?<=城)[东西南北]")
_NUMBER = re.compile(r"(\d+)(?:-\d+)?号?(?!\d)")
_STREET = re.compile(r".*(?:省|市|县|区|镇|乡|街道)(?=.{3})")
_PHONE = re.compile(r"\d{5,}")


@dataclass(frozen=True, slots=True)
class Name:
    """What a name says: ``core`` without what every station has, ``remark`` what brackets hold.

    ``figures``, ``directions`` and ``inside`` (those of the remark) are the marks by which two of
    one core are told apart.
    """

    core: str
    remark: str
    figures: tuple[str, ...]
    directions: tuple[str, ...]
    inside: tuple[str, ...]


def common_words(county: County) -> tuple[str, ...]:
    """What every station's name may hold: the county and the kinds, the longest first."""
    short = county.name_zh.rstrip("县市区旗")
    words = {_plain(kind.zh) for kind in county.kinds.values()}
    words |= {_plain(county.name_zh)} | ({_plain(short)} if len(short) >= 2 else set())
    return tuple(sorted(words, key=len, reverse=True))


def name_of(text: str, common: Sequence[str]) -> Name:
    """A name taken apart; ``core`` is empty where it holds only what every station's name has.

    ``common`` are the `common_words` of the county.
    """
    plain = _plain(text)
    core = outside = _BRACKETS.sub("", plain)
    for word in common:
        core = core.replace(word, "")
    core = _PUNCTUATION.sub("", _GENERIC.sub("", core))
    inside = " ".join(_BRACKETS.findall(plain))
    remark = _PUNCTUATION.sub("", _EMPTY_REMARK.sub("", inside))
    return Name(
        core,
        remark,
        tuple(_FIGURES.findall(core)),
        tuple(sorted(_DIRECTIONS.findall(outside))),
        (*_FIGURES.findall(remark), *sorted(_DIRECTIONS.findall(remark))),
    )


def alike(ours: Sequence[Name], theirs: Sequence[Name]) -> Floats:
    """How alike names are, pair by pair: 1 is one name, 0 another; NaN where one says nothing.

    The better of the share of characters in common and of one being a part of the other.
    """
    one, other = [name.core for name in ours], [name.core for name in theirs]
    ratio = _pairwise(one, other, fuzz.ratio)
    part = _pairwise(one, other, fuzz.partial_ratio)
    short = np.array([min(len(a), len(b)) for a, b in zip(one, other, strict=True)])
    within = np.where((part >= 1.0) & (short >= 2), _WITHIN, 0.0)
    found = np.maximum(ratio, np.maximum(within, 0.8 * np.where(short >= 4, part, 0.0)))
    inside = _pairwise([a.remark for a in ours], [b.remark for b in theirs], fuzz.partial_ratio)
    both = np.array([bool(a.remark and b.remark) for a, b in zip(ours, theirs, strict=True)], bool)
    found = np.where(both & (inside < _ONE_REMARK), np.minimum(found, 0.8), found)
    return np.where(short == 0, np.nan, found)


def apart(ours: Sequence[Name], theirs: Sequence[Name]) -> NDArray[np.bool_]:
    """Whether figures or directions say, pair by pair, that the names are of two places."""
    return np.array(
        [
            _differ(a.figures, b.figures)
            or _differ(a.directions, b.directions)
            or _differ(a.inside, b.inside)
            for a, b in zip(ours, theirs, strict=True)
        ],
        dtype=bool,
    )


def figures_missing(ours: Sequence[Name], theirs: Sequence[Name]) -> NDArray[np.bool_]:
    """Whether one name of a pair holds a figure and the other none."""
    return np.array(
        [bool(a.figures) != bool(b.figures) for a, b in zip(ours, theirs, strict=True)], dtype=bool
    )


def address_core(text: str, county: County) -> str:
    """An address from the street on: without brackets, province, city, county and township."""
    plain = _BRACKETS.sub("", _plain(text))
    for word in (county.name_zh, *county.townships):
        plain = plain.replace(word, "")
    return _PUNCTUATION.sub("", _STREET.sub("", plain))


def addresses_alike(ours: Sequence[str], theirs: Sequence[str]) -> Floats:
    """How alike address cores are, pair by pair, 0 to 1; NaN where one is empty.

    The same street with another number is at most 0.7: it may be the next door.
    """
    ratio = _pairwise(ours, theirs, fuzz.ratio)
    part = 0.95 * _pairwise(ours, theirs, fuzz.partial_ratio)
    short = np.array([min(len(a), len(b)) for a, b in zip(ours, theirs, strict=True)])
    found = np.maximum(ratio, np.where(short >= 4, part, 0.0))
    other = np.array(
        [_differ(tuple(_NUMBER.findall(a)), tuple(_NUMBER.findall(b)))
         for a, b in zip(ours, theirs, strict=True)], dtype=bool,
    )  # fmt: skip
    found = np.where(other, np.minimum(found, 0.7), found)
    return np.where(short == 0, np.nan, found)


def phones_of(text: str) -> frozenset[str]:
    """The telephone numbers of a cell by their last seven digits: area codes come and go."""
    plain = unicodedata.normalize("NFKC", text).replace("-", "").replace(" ", "")
    return frozenset(number[-7:] for number in _PHONE.findall(plain) if len(number) >= 7)


def _differ(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return bool(one) and bool(other) and one != other


def _pairwise(one: Sequence[str], other: Sequence[str], scorer: Any) -> Floats:
    if not len(one):
        return np.zeros(0)
    found = process.cpdist(one, other, scorer=scorer, dtype=np.float32)
    return np.asarray(found, dtype=np.float64) / 100.0


def _plain(text: str) -> str:
    """Width, case, accents and blanks folded, Chinese figures written as Arabic ones."""
    decomposed = unicodedata.normalize("NFKD", text[:_LONGEST])
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    folded = "".join(unicodedata.normalize("NFKC", letters).casefold().split())
    return _HAN_NUMBER.sub(_arabic, folded)


def _arabic(found: re.Match[str]) -> str:
    text = found[0]
    if "十" not in text:
        return "".join(_HAN[digit] for digit in text)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return text
    return f"{_HAN.get(tens, '1')}{_HAN.get(ones, '0')}"
