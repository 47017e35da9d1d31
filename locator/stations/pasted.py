"""A position in one cell: two numbers, degrees with their letters, or what a map app shared."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from locator.stations.cells import number
from locator.stations.shared_links import GivenPoint, shared_point

Axis = Literal["lon", "lat"]

_PLAIN = r"([+-]?\d{1,9}(?:\.\d{0,20})?)"
_PAIR = re.compile(rf"[(（\[]?\s*{_PLAIN}\s*[,;、\s]\s*{_PLAIN}\s*[)）\]]?")
# 116°57′03″, 116°57.05′, 116.95°; a plain number only beside a letter or a word.
_DEGREES = r"\d{1,3}(?:\.\d{1,20})?(?:°(?:\d{1,2}(?:\.\d{1,20})?'(?:\d{1,2}(?:\.\d{1,20})?\"?)?)?)?"
_DMS = re.compile(
    r"(?P<degrees>\d{1,3}(?:\.\d{1,20})?)(?P<mark>°(?:(?P<minutes>\d{1,2}(?:\.\d{1,20})?)'"
    r"(?:(?P<seconds>\d{1,2}(?:\.\d{1,20})?)\"?)?)?)?"
)
_EAST = "东经|西经|经度|[ew]|lng|longitude|lon"
_NORTH = "北纬|南纬|纬度|[ns]|latitude|lat"
_LABELS: dict[Axis, str] = {"lon": _EAST, "lat": _NORTH}
#: The letter before each number, or behind it: a text keeps to one of the two.
_BEFORE, _BEHIND = (
    {
        axis: re.compile(form.format(label=label, value=_DEGREES), re.IGNORECASE)
        for axis, label in _LABELS.items()
    }
    for form in (
        r"(?<![a-z])(?P<label>{label})[:=]?(?P<value>{value})(?![\d.])",
        r"(?<![\d.])(?P<value>{value})(?P<label>{label})(?![a-z])",
    )
)
_ANY_LABEL = re.compile(rf"{_EAST}|{_NORTH}", re.IGNORECASE)
_TWO_DMS = re.compile(rf"({_DEGREES})[,;、\s]+({_DEGREES})")
_PLAIN_NUMBER = re.compile(r"[\d.]+")
_NEGATIVE = ("西经", "南纬", "w", "s")


def pasted_point(text: str) -> GivenPoint | None:
    """The point that a cell gives, as written there; None where it gives none.

    ``116.95,31.46`` (lon, lat), ``北纬31.46 东经116.95``, ``N31°27′36″ E116°57′03″`` in either
    order, or a link (see ``shared_links``). Only a link declares its datum.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    pair = _PAIR.fullmatch(plain)
    if pair:
        return GivenPoint(pair[1], pair[2])
    shared = shared_point(text)
    if shared is not None:
        return shared
    marked = _one_spelling(text)
    label, figure = _ANY_LABEL.search(marked), re.search(r"\d", marked)
    if label and figure:
        styles = (_BEFORE, _BEHIND) if label.start() < figure.start() else (_BEHIND, _BEFORE)
        for style in styles:
            lon, lat = (list(style[axis].finditer(marked)) for axis in ("lon", "lat"))
            if len(lon) == len(lat) == 1:
                return GivenPoint(_written(lon[0]), _written(lat[0]))
    both = _TWO_DMS.fullmatch(marked)
    if both and all("°" in value for value in both.groups()):
        return GivenPoint(both[1], both[2])
    return None


def is_pair(text: str) -> bool:
    """Whether a cell holds two plain numbers, which might be either way round."""
    return _PAIR.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def degrees(text: str, axis: Axis) -> float | None:
    """A longitude or latitude in decimal degrees: ``116.95``, ``116°57′03″E``, ``东经116.95``.

    None for text that is no such number, also for one of the other axis (a longitude ``N31.46``).
    """
    value = number(text)
    if value is not None or not text:
        return value
    marked = _one_spelling(text)
    labelled = _BEFORE[axis].fullmatch(marked) or _BEHIND[axis].fullmatch(marked)
    if labelled is None:
        return _decimal(marked) if "°" in marked else None
    value = _decimal(labelled["value"])
    return -value if value is not None and labelled["label"].lower() in _NEGATIVE else value


def _decimal(text: str) -> float | None:
    found = _DMS.fullmatch(text)
    if found is None:
        return None
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    if minutes >= 60 or seconds >= 60 or (found["minutes"] and "." in found["degrees"]):
        return None
    return float(found["degrees"]) + minutes / 60 + seconds / 3600


def _one_spelling(text: str) -> str:
    """One mark for degrees, minutes and seconds, no blanks between a figure and its mark."""
    marked = text.replace("º", "°").replace("˚", "°").replace("″", '"').replace("”", '"')
    marked = unicodedata.normalize("NFKC", marked.replace("“", '"')).strip()
    marked = re.sub(r"(?<=\d)\s*度", "°", marked)
    marked = re.sub(r"(?<=\d)\s*[′’‘´分]", "'", marked)
    marked = re.sub(r"(?<=\d)\s*(?:秒|′′|'')", '"', marked)
    return re.sub(r"(?<=[°'])\s+(?=[\d\"ewns])|(?<=[\d\"]) (?=[ewns])|(?<=[ewns经纬]) (?=\d)", "",
                  marked, flags=re.IGNORECASE)  # fmt: skip


def _written(found: re.Match[str]) -> str:
    """The number alone where it is a plain one, else with its marks and letter."""
    plain = _PLAIN_NUMBER.fullmatch(found["value"]) and found["label"].lower() not in _NEGATIVE
    return found["value"] if plain else found[0]
