"""What one cell says: text, a number, a list of words, a date.

Each function takes the text of a cell and gives its value, or None (or the words left over) where
it can't be understood; none raises, and none guesses.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

#: Other words that ledgers use for a service. 「充电」 alone is not among them: it may mean the
#: phone or the bike, and only the clerk knows.
SERVICE_SYNONYMS: dict[str, str] = {
    "饮用水": "drinking_water", "热水": "drinking_water", "喝水": "drinking_water",
    "加热饭菜": "meal_heating", "饭菜加热": "meal_heating", "热餐": "meal_heating",
    "休息": "rest_seats", "座椅": "rest_seats", "休息座椅": "rest_seats", "累可歇脚": "rest_seats",
    "手机充电宝": "phone_charging", "给手机充电": "phone_charging",
    "药箱": "first_aid", "医药箱": "first_aid", "急救箱": "first_aid", "急救": "first_aid",
    "供暖": "heating", "避暑": "cooling",
    "厕所": "toilet", "卫生间": "toilet", "洗手间": "toilet", "公厕": "toilet",
    "图书": "reading", "阅读": "reading", "书报": "reading", "看书": "reading",
    "无线网络": "wifi", "免费wifi": "wifi", "无线上网": "wifi",
    "用餐": "hot_meal", "就餐": "hot_meal",
    "电瓶车充电": "ebike_charging", "电动自行车充电": "ebike_charging",
    "雨伞": "rain_gear", "雨衣": "rain_gear", "打印复印": "printing",
    "洗澡": "shower", "停车位": "parking", "午休": "sleep", "母婴室": "mother_care",
}  # fmt: skip

_SPLIT = re.compile(r"[;；、,，\n]+")
# A single bar: OSM's fallback rule is written with two.
_SPLIT_RECORD = re.compile(r"(?<!\|)\|(?!\|)")
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,3})?")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d.*)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_COUNT = re.compile(r"(\d{1,5})(?:\.0+)?\s*[个座位张处只]{0,2}")
_JOINERS = "\u200c\u200d"  # inside emoji and some scripts


def clean(text: str) -> str:
    """The text without what the eye doesn't see: outer blanks, controls, direction marks.

    Line ends and odd blanks become one blank. Letters, digits and punctuation stay as they are.
    """
    if text.isprintable():
        return text.strip()
    kept = []
    for letter in text:
        category = unicodedata.category(letter)
        if category[0] == "Z" or letter in "\t\n\r\v\f\x85":
            kept.append(" ")
        elif category not in ("Cc", "Cf", "Cs", "Cn") or letter in _JOINERS:
            kept.append(letter)
    return " ".join("".join(kept).split())


def cleaned(texts: Iterable[str]) -> list[str]:
    """`clean` of every text."""
    return [text.strip() if text.isprintable() else clean(text) for text in texts]


def fold(text: str) -> str:
    """One spelling for looking a word up: full-width folded, lower case, no blanks."""
    if text.isascii():  # most ids, for which there is nothing to fold
        return "".join(text.split()).lower()
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def number(text: str) -> float | None:
    """A finite decimal number (full-width digits too), or None."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain)
    return value if math.isfinite(value) else None


def words(text: str) -> list[str]:
    """The words of a list cell, in order, each once."""
    return list(dict.fromkeys(word for part in _SPLIT.split(text) if (word := part.strip())))


def record(text: str) -> dict[str, str]:
    """The parts of ``hot_meal: Mo-Su 11:00-13:00 | toilet: 24/7`` (full-width colon too)."""
    parts: dict[str, str] = {}
    for part in _SPLIT_RECORD.split(text):
        if not part.strip():
            continue
        name, _, value = part.replace("：", ":").partition(":")
        parts[name.strip()] = value.strip()
    return parts


def day(text: str) -> date | None:
    """A date as Chinese clerks write it; a month alone is its first day (the older reading)."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _DATE.fullmatch(plain) or _COMPACT_DATE.fullmatch(plain)
    month = None if found else _MONTH.fullmatch(plain)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if month:
            return date(int(month[1]), int(month[2]), 1)
    except ValueError:
        return None
    return None


def count(text: str) -> int | None:
    """A whole number of things: ``12``, ``12 个``."""
    found = _COUNT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(found[1]) if found else None


def lookup(names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Folded word → code, from code → its names."""
    return {fold(word): code for code, all_names in names.items() for word in (code, *all_names)}


def each(values: pd.Series[Any], read: Callable[[Any], Any]) -> pd.Series[Any]:
    """``read`` of every cell of text, called once for each different one."""
    (read_as,) = parts(values, lambda text: (read(text),), 1)
    return read_as


def parts(
    values: pd.Series[Any], read: Callable[[Any], tuple[Any, ...]], size: int
) -> list[pd.Series[Any]]:
    """The ``size`` parts of ``read`` of every cell of text, each a column of its own.

    As with `each`, cells of the same text share what was read of them.
    """
    at, texts = pd.factorize(values.to_numpy(object))
    results = [read(text) for text in texts.tolist()]
    columns = []
    for part in range(size):
        of = np.empty(len(results), dtype=object)
        of[:] = [result[part] for result in results]
        columns.append(pd.Series(of[at], index=values.index, dtype=object))
    return columns
