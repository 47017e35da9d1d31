"""What a gap is called: its street, then whatever tells it from the next one of that name."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: From the north, clockwise; and the middle.
_SIDES = (
    ("北侧", "north side"), ("东北侧", "north-east side"), ("东侧", "east side"),
    ("东南侧", "south-east side"), ("南侧", "south side"), ("西南侧", "south-west side"),
    ("西侧", "west side"), ("西北侧", "north-west side"), ("中间", "in the middle"),
)  # fmt: skip
#: Letters before this are set with blanks between words; behind it Chinese begins.
_LATIN_ENDS = "\u2e80"


def name_gaps(rows: list[dict[str, Any]]) -> None:
    """Give each gap (in place) a ``name`` and a ``name_en``, no two of them alike.

    A gap goes by its nearest street (of ``streets``, the nearest two); gaps that would share a name
    by the second street as well, then by their side of the place that they share (``centre``, lon
    and lat), then by a number in the order of ``rows``. The ``township``, where known, comes last.
    """
    for row in rows:
        row["said"], row["side"], row["nth"] = row["streets"][:1], None, 0
    for row in _alike(rows):
        row["said"] = row["streets"][:2]
    for members in _namesakes(rows):
        for row, side in zip(members, _sides([row["centre"] for row in members]), strict=True):
            row["side"] = side
    for members in _namesakes(rows):
        for number, row in enumerate(members, start=1):
            row["nth"] = number
    for row in rows:
        row["name"], row["name_en"] = _zh(row), _en(row)


def _alike(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The gaps that share their name with another."""
    return [row for members in _namesakes(rows) for row in members]


def _namesakes(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The gaps that share a name, together; each of them in the order of the rows."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_name.setdefault(_zh(row), []).append(row)
    return [members for members in by_name.values() if len(members) > 1]


def _zh(row: dict[str, Any]) -> str:
    lon, lat = row["centre"]
    place = _apart("近", "、".join(row["said"])) if row["said"] else f"{lat:.4f}, {lon:.4f} 一带"
    if row["side"] is not None:
        place = _apart(place, _SIDES[row["side"]][0])
    if row["nth"]:
        place = f"{place} {row['nth']}"
    return place + (f"（{row['township']}）" if row["township"] else "")


def _en(row: dict[str, Any]) -> str:
    lon, lat = row["centre"]
    place = f"near {', '.join(row['said'])}" if row["said"] else f"around {lat:.4f}, {lon:.4f}"
    if row["side"] is not None:
        place = f"{place}, {_SIDES[row['side']][1]}"
    if row["nth"]:
        place = f"{place} {row['nth']}"
    return place + (f" ({row['township']})" if row["township"] else "")


def _apart(before: str, after: str) -> str:
    """Two words, with a blank where Chinese and Latin letters would touch."""
    return before + (" " if (before[-1] < _LATIN_ENDS) != (after[0] < _LATIN_ENDS) else "") + after


def _sides(centres: list[NDArray[np.float64]]) -> list[int]:
    """On which side of their common middle places lie (positions in `_SIDES`)."""
    lon, lat = np.transpose(centres)
    east = (lon - lon.mean()) * np.cos(np.radians(lat.mean()))
    north = lat - lat.mean()
    bearing = np.round(np.degrees(np.arctan2(east, north)) / 45).astype(int) % 8
    away = np.hypot(east, north)
    return np.where(away <= away.max() / 4, len(_SIDES) - 1, bearing).tolist()  # type: ignore[no-any-return]
