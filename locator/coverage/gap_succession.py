"""Which gap of this release is which of the one before: ids that stay with their gaps.

A gap is a handful of cells, and next month it has one cell more or falls into two. It keeps the id
of that earlier gap with which it shares most uncovered rider-hours; of several heirs the one that
shares most has the id, and the others are new. So every earlier gap has one heir, or is closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import h3
import pandas as pd

from locator.county import County
from locator.coverage.clock import Coverage
from locator.coverage.gap_groups import uncovered
from locator.coverage.gaps import gap_id
from locator.coverage.week import WEEK


@dataclass(frozen=True)
class Before:
    """What the release before says: its name and day, its gaps by service (as `gap_records` writes
    them), its stations (the table), and the riders of each cell by slot."""

    release: str
    as_of: date
    dates: Mapping[str, date]
    reach_min: float
    gaps: Mapping[str, Sequence[Mapping[str, Any]]]
    stations: gpd.GeoDataFrame
    riders: Mapping[str, Sequence[float]]


def inherited(
    gaps: Mapping[str, gpd.GeoDataFrame], before: Before, coverage: Coverage, county: County
) -> dict[str, gpd.GeoDataFrame]:
    """The gaps of each service (see `find_gaps`) with the ids of those that they follow."""
    missing = uncovered(coverage, county) @ WEEK
    return {
        service: inherit_ids(
            gaps[service],
            before.gaps.get(service, ()),
            dict(zip(coverage.demand.cells, missing[row].tolist(), strict=True)),
            service,
            county.code,
        )
        for row, service in enumerate(coverage.services)
    }


def inherit_ids(
    gaps: gpd.GeoDataFrame,
    before: Sequence[Mapping[str, Any]],
    rider_hours: Mapping[str, float],
    service: str,
    county_code: str,
) -> gpd.GeoDataFrame:
    """A service's gaps with the ids of those ``before``.

    ``rider_hours`` are the uncovered ones of each cell now. A gap that follows none keeps its own
    id, unless an earlier gap goes by it.
    """
    old = {gap["id"]: gap["cells"] for gap in before}
    new = dict(zip(gaps["id"], gaps["cells"], strict=True))
    heir = heirs(old, new, rider_hours)
    taken = {*old, *new}
    ids: list[str] = []
    for own in new:
        given = str(heir.get(own, own))
        if own not in heir and own in old:  # the gap of that id has another heir
            while given in taken:
                given = gap_id(county_code, service, given)
            taken.add(given)
        ids.append(given)
    return gaps.assign(id=pd.Series(ids, index=gaps.index, dtype=object))


def heirs(
    old: Mapping[str, Sequence[str]],
    new: Mapping[str, Sequence[str]],
    rider_hours: Mapping[str, float],
) -> dict[str, str]:
    """New gap → the old gap it follows, by the cells of each; one to one.

    The pair that shares most goes first; of pairs alike the first by name. Where a cell has been
    merged into a larger one, or taken apart, the part that both cover is shared.
    """
    pairs = sorted(
        (-round(share, 6), before, now)
        for (before, now), share in _shared(old, new, rider_hours).items()
    )
    found: dict[str, str] = {}
    followed: set[str] = set()
    for _, before, now in pairs:
        if now not in found and before not in followed:
            found[now] = before
            followed.add(before)
    return found


def _shared(
    old: Mapping[str, Sequence[str]],
    new: Mapping[str, Sequence[str]],
    rider_hours: Mapping[str, float],
) -> dict[tuple[str, str], float]:
    """Of each pair of gaps with a place in common, the rider-hours of that place now."""
    old_of = {cell: gap for gap, cells in old.items() for cell in cells}
    new_of = {cell: gap for gap, cells in new.items() for cell in cells}
    old_sizes = {h3.get_resolution(cell) for cell in old_of}
    new_sizes = {h3.get_resolution(cell) for cell in new_of}
    shared: dict[tuple[str, str], float] = {}

    def add(before: str | None, now: str | None, amount: float) -> None:
        if before is not None and now is not None:
            shared[before, now] = shared.get((before, now), 0.0) + amount

    for cell in sorted(new_of):
        for size in old_sizes & set(range(h3.get_resolution(cell) + 1)):
            whole = h3.cell_to_parent(cell, size)
            add(old_of.get(whole), new_of[cell], rider_hours.get(cell, 0.0))
    for cell in sorted(old_of):
        own = h3.get_resolution(cell)
        for size in new_sizes & set(range(own)):
            larger = h3.cell_to_parent(cell, size)
            part = rider_hours.get(larger, 0.0) / 7 ** (own - size)
            add(old_of[cell], new_of.get(larger), part)
    return shared
