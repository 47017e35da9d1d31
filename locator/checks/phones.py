"""Telephone numbers as people write them: can they be dialled?"""

from __future__ import annotations

import re
import unicodedata
from functools import partial

_SPLIT = re.compile(r"[;,、/|\n]|或者?|和|以及")
_LABELS = re.compile(r"[一-鿿]+[:：]?|[()\[\]【】]")
_EXTENSION_WORDS = re.compile(r"(?:转|分机(?:号)?)[:：]?\s*(\d{1,6})\s*$")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|-)\s*\d{1,6}$", re.IGNORECASE)
_JOINTS = re.compile(r"[\s().\-–—]")
#: What can be dialled in China, once blanks, hyphens and the country's code are taken away.
_CHINA = re.compile(
    r"""1[3-9]\d{9}              # a mobile
    |0(?:10|2\d)[2-8]\d{7}       # a landline of a city with a code of three figures
    |0[3-9]\d{2}[2-8]\d{6,7}     # and of four
    |[2-8]\d{6,7}                # a landline as it is dialled in town
    |[48]00\d{7}                 # 400 and 800
    |1[012]\d{1,3}|12\d{3}       # 110, 10086, 12345
    |9[56]\d{3,6}                # 95598, 96100
    """,
    re.VERBOSE,
)
_SHORT = re.compile(r"\d{1,4}")
_ELSEWHERE = re.compile(r"\+?[\d\s().\-–/]+(?:(?:ext\.?|x|#)\s*\d{1,6})?", re.IGNORECASE)
#: E.164 allows fifteen figures; the shortest numbers anywhere have three.
_FEWEST, _MOST = 3, 15
_FEWEST_ALONE = 5
_NOTHING = frozenset(("无", "暂无", "没有", "不详", "未知", "none", "n/a", "na", "-", "--", "/"))


def not_a_number(text: str, country: str) -> str | None:
    """The first part of a cell that is no telephone number, or None where all can be dialled.

    Several numbers may stand in a cell, with words beside them (``值班室 0564-…``). For China the
    lengths and beginnings that are in use are asked for; for other countries, and for numbers with
    another country's code, only that the figures are three to fifteen.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or plain.lower() in _NOTHING:
        return None
    before = False
    for part in _SPLIT.split(plain):
        if not part.strip():
            continue
        good = _dialled(part, country) or (before and _SHORT.fullmatch(part.strip()) is not None)
        if not good and not all(map(partial(_dialled_whole, country=country), part.split())):
            return part.strip()
        before = True  # what follows 「0564-…/35」 may be the end of a second number
    return None


def _dialled_whole(word: str, country: str) -> bool:
    """Whether a word between blanks is a number of its own, and no group of figures of one."""
    return len(re.sub(r"\D", "", word)) >= _FEWEST_ALONE and _dialled(word, country)


def _dialled(part: str, country: str) -> bool:
    bare = _LABELS.sub(" ", _EXTENSION_WORDS.sub(r"-\1", part)).strip()
    if country != "CN" or (bare.startswith("+") and not bare.startswith("+86")):
        figures = re.sub(r"\D", "", bare)
        return _ELSEWHERE.fullmatch(bare) is not None and _FEWEST <= len(figures) <= _MOST
    return any(
        _CHINA.fullmatch(re.sub(r"^(?:\+|00)?86(?=\d{7})", "", _JOINTS.sub("", form)))
        for form in (bare, _EXTENSION.sub("", bare))
    )
