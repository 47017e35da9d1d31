"""The paper of signs, and how much ground their maps show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from locator.errors import UsageError
from locator.outputs.signs.sign_words import Lang

Format = Literal["pdf", "svg", "png"]

#: Paper in mm, upright.
SIZES = {"A4": (210.0, 297.0), "A3": (297.0, 420.0), "A1": (594.0, 841.0)}
#: Smaller paper holds no code that is read from an arm's length; larger is no paper.
LEAST_MM, MOST_MM = 148.0, 2000.0
#: The long side by the short one, at most: a strip has no room for map and words.
LONGEST = 2.5
#: Ground millimetres for one on a map.
_ROUND = (1000, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 7500, 10_000)


@dataclass(frozen=True, slots=True)
class Paper:
    """What a run of signs is printed on, and how.

    ``size`` in mm, ``scale`` ground mm for one on the map (None for the default of the size),
    ``facing`` degrees from north for all sites (None for each site's own), ``bleed`` in mm.
    """

    size: tuple[float, float]
    scale: int | None = None
    lang: Lang = "zh"
    facing: float | None = None
    format: Format = "pdf"
    bleed: float = 0.0


def paper_size(said: str) -> tuple[float, float]:
    """``A4``, ``A3``, ``A1`` (upright), or width × height in mm (``600x900mm``) as two lengths.

    Raises UsageError for anything else, and for paper too small or too large for a sign.
    """
    if said.upper() in SIZES:
        return SIZES[said.upper()]
    found = re.fullmatch(r"(\d{1,5}(?:\.\d)?)\s*[x×]\s*(\d{1,5}(?:\.\d)?)\s*(?:mm)?", said.lower())
    if found is None:
        raise UsageError(
            f"纸张 {said!r} 不认得：请写 A4、A3、A1，或宽x高（毫米），如 600x900mm / no paper "
            f"size {said!r}; give one of {', '.join(SIZES)}, or width x height such as 600x900mm."
        )
    size = (float(found[1]), float(found[2]))
    if not min(size) >= LEAST_MM or not max(size) <= MOST_MM:
        raise UsageError(
            f"纸张 {said!r}：每边须在 {LEAST_MM:g} 到 {MOST_MM:g} 毫米之间 / "
            f"each side of the paper must be {LEAST_MM:g} to {MOST_MM:g} mm."
        )
    if max(size) > LONGEST * min(size):
        raise UsageError(
            f"纸张 {said!r}：长边最多是短边的 {LONGEST:g} 倍 / "
            f"the long side of the paper may be {LONGEST:g} times the short one at most."
        )
    return size


def map_scale(said: str) -> int:
    """``1:2000`` as 2000; raises UsageError for what is no scale from 1:500 to 1:50000."""
    found = re.fullmatch(r"(?:1\s*[:：])?\s*(\d{3,5})", said.strip())
    if found is None or not 500 <= int(found[1]) <= 50_000:
        raise UsageError(
            f"比例尺 {said!r} 不认得：请写 1:500 到 1:50000，如 1:2500 / no scale {said!r}; "
            "give one from 1:500 to 1:50000, such as 1:2500."
        )
    return int(found[1])


def default_scale(map_mm: tuple[float, ...], ground_m: float = 1200) -> int:
    """The finest round scale at which the longer side of a map shows ``ground_m``, the same on any
    paper: 1,200 m is a walk of some ten minutes to either side."""
    wanted = ground_m * 1000 / max(map_mm)
    return next((scale for scale in _ROUND if scale >= wanted), _ROUND[-1])
