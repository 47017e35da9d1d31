"""Gaps: neighbouring cells whose riders have no stop to go to, worst first.

A gap has one cause, and each cause its own remedy. Where no stop is within reach at any hour
(``no_stop``), a new one is wanted. Where the nearest stop is within reach but closed (``closed``),
its hours are the remedy; where nobody knows its hours (``hours_unknown``), a telephone call. Where
no street leads from a cell (``no_street``), the street file wants mending. Neighbouring cells with
the same cause (and stop) make one gap, and every uncovered rider-hour belongs to exactly one, so
that a night without stations does not melt a whole town into a single gap.
"""

from __future__ import annotations

import hashlib
from typing import Any

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.clock import Coverage
from locator.coverage.demand import SLOTS
from locator.coverage.supply import ANY_STOP
from locator.coverage.townships import Townships, stated_townships, township_of
from locator.geo.crs import WGS84
from locator.streets.graph import StreetGraph
from locator.streets.names import streets_near

COLUMNS = (
    "id", "name", "name_en", "rider_hours", "hours", "services", "cause", "township", "street",
    "nearest_station", "nearest_minutes", "cells", "geometry",
)  # fmt: skip
#: From the north, clockwise; and the middle.
_SIDES = (
    ("北侧", "north side"), ("东北侧", "north-east side"), ("东侧", "east side"),
    ("东南侧", "south-east side"), ("南侧", "south side"), ("西南侧", "south-west side"),
    ("西侧", "west side"), ("西北侧", "north-west side"), ("中间", "in the middle"),
)  # fmt: skip
#: Why a cell goes without, and the stop whose hours would be the remedy.
_Cause = tuple[str, str | None]
#: Letters before this are set with blanks between words; behind it Chinese begins.
_LATIN_ENDS = "\u2e80"


def find_gaps(
    coverage: Coverage,
    graph: StreetGraph,
    stations: gpd.GeoDataFrame,
    county: County,
    townships: Townships,
) -> gpd.GeoDataFrame:
    """The gaps of a coverage, ranked by uncovered rider-hours (EPSG:4326).

    ``rider_hours`` sums a workday and a day off; ``hours`` lists the slots ("workday 20") in which
    riders go without; ``cause`` is one of the four above; ``services`` are those of the clock that
    no cell of the gap has at any hour. ``street``, ``township`` and the nearest stop (whatever its
    hours) are those of the gap's worst cell; its township is that in whose outline it lies, else
    that of the nearest place or station within 3 km that states one, or None. No two gaps have one
    ``name``; ``name_en`` is the same in English.
    """
    missing = coverage.uncovered
    by_cell = missing.sum(axis=1)
    causes = _causes(coverage, by_cell)
    groups = _connected(coverage, causes)
    worst = [max(group, key=lambda cell: (by_cell[cell], -cell)) for group in groups]
    lon, lat = coverage.demand.centres[worst].T
    streets = streets_near(graph, lon, lat) if groups else []
    within = township_of(townships, stated_townships(graph, stations), lon, lat)
    rows: list[dict[str, Any]] = []
    for group, cell, near, township in zip(groups, worst, streets, within, strict=True):
        at = coverage.demand.centres[cell]
        time_ds = int(coverage.nearest_ds[cell])
        never = np.flatnonzero(~coverage.covered[:, :, group].any(axis=(1, 2)))
        name = coverage.demand.cells[cell]
        rows.append(
            {
                "id": f"{county.code}-gap-{hashlib.sha256(name.encode()).hexdigest()[:8]}",
                "rider_hours": float(by_cell[group].sum()),
                "hours": [
                    f"{day} {hour}"
                    for (day, hour), riders in zip(SLOTS, missing[group].sum(axis=0), strict=True)
                    if riders > 0
                ],
                "services": [
                    coverage.services[row] for row in never if coverage.services[row] != ANY_STOP
                ],
                "cause": causes[name][0],
                "township": township,
                "street": near[0] if near else None,
                "nearest_station": coverage.nearest_station[cell],
                "nearest_minutes": round(time_ds / 600, 1) if time_ds >= 0 else None,
                "cells": [coverage.demand.cells[member] for member in group],
                "geometry": _outline([coverage.demand.cells[member] for member in group]),
                "streets": near[:2],
                "centre": at,
            }
        )
    rows.sort(key=lambda row: (-row["rider_hours"], row["id"]))
    _name(rows)
    # As objects: pandas would turn an unknown street or station (None) into NaN.
    table = {column: pd.Series([row[column] for row in rows], dtype=object) for column in COLUMNS}
    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84)


def _causes(coverage: Coverage, by_cell: np.ndarray) -> dict[str, _Cause]:
    """Of each cell with riders to serve, why it goes without."""
    unknown = frozenset(coverage.unknown_hours)
    cells = np.flatnonzero(by_cell > 0).tolist()
    return {coverage.demand.cells[at]: _cause(coverage, at, unknown) for at in cells}


def _connected(coverage: Coverage, cause: dict[str, _Cause]) -> list[list[int]]:
    """Cells with riders to serve, grouped with those neighbours that lack for the same cause."""
    number = {cell: at for at, cell in enumerate(coverage.demand.cells)}
    groups: list[list[int]] = []
    seen: set[str] = set()
    for first in cause:
        if first in seen:
            continue
        seen.add(first)
        group, queue = [], [first]
        while queue:
            cell = queue.pop()
            group.append(number[cell])
            for other in h3.grid_disk(cell, 1):
                if other not in seen and cause.get(other) == cause[cell]:
                    seen.add(other)
                    queue.append(other)
        groups.append(sorted(group))
    return groups


def _cause(coverage: Coverage, cell: int, unknown_hours: frozenset[str]) -> _Cause:
    """Why a cell goes without at some hour, and the stop whose hours would be the remedy."""
    nearest = coverage.nearest_station[cell]
    if coverage.near[cell]:
        unknown = nearest in unknown_hours and not coverage.covered[0, :, cell].any()
        return "hours_unknown" if unknown else "closed", nearest
    return ("no_street" if coverage.nearest_ds[cell] < 0 else "no_stop"), None


def _name(rows: list[dict[str, Any]]) -> None:
    """Name each gap by its street; gaps that would share a name by a second street as well, then
    by their side of the place that they share, then by a number, the largest first."""
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


def _outline(cells: list[str]) -> shapely.Geometry:
    shape = h3.cells_to_h3shape(cells, tight=True)
    return shapely.geometry.shape(shape)
