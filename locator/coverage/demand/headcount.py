"""A headcount sheet: places with riders by time of day, spread over H3 cells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import h3
import numpy as np
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.demand.sheets import (
    DAY_HEADINGS,
    HOUR_HEADINGS,
    RIDER_HEADINGS,
    Fault,
    SetAside,
    by_name,
    number,
    outside,
    rider_hours,
    sheet_rows,
    slots_of,
    wgs84_point,
)
from locator.coverage.demand.table import RESOLUTION, SLOTS, Demand
from locator.geo.crs import haversine_m

#: Column → its headings, the first one being that of the documentation.
HEADINGS: dict[str, tuple[str, ...]] = {
    "place": ("商圈", "地点", "place"),
    "lon": ("经度", "lon"),
    "lat": ("纬度", "lat"),
    "radius_m": ("半径米", "radius_m"),
    "day": DAY_HEADINGS,
    "hours": HOUR_HEADINGS,
    "riders": RIDER_HEADINGS,
    "datum": ("坐标来源", "source_datum"),
}
_OPTIONAL = frozenset({"place", "radius_m", "datum"})

MAX_RADIUS_M = 20_000
#: No two neighbouring cells' centres are closer, anywhere on earth.
_CELL_PITCH_M = 200.0


@dataclass(frozen=True)
class _Count:
    row: int
    place: str
    lon: float
    lat: float
    radius_m: float
    slots: list[int]
    riders: float


def read_headcount(path: Path, county: County) -> Demand:
    """Read a sheet of places with headcounts by time of day (XLSX; CSV in UTF-8 or GB18030).

    Columns, in Chinese or English: 商圈 place, 经度 lon, 纬度 lat, 半径米 radius_m, 日类型 day
    (工作日 or 休息日), 时段 hours (``10:00-14:00``, whole hours; ``22:00-02:00`` runs over midnight
    within the same kind of day), 人数 riders: there on average in each of these hours. They are
    spread evenly over the cells whose centre lies within the radius, or stand in the cell of the
    point where there is none. Degrees are WGS-84 unless 坐标来源 says otherwise. Counts of the same
    place and hour add up. Rows with a fault and places outside the county's outline are set aside
    and named in the report. Raises DemandError where none is left, in Chinese and English.
    """
    counts: list[_Count] = []
    aside = SetAside()
    for row, fields in sheet_rows(path, HEADINGS, _OPTIONAL):
        try:
            counts.append(_count(row, fields, county))
        except Fault as fault:
            aside.fault(row, fault)
    out = outside(county, [count.lon for count in counts], [count.lat for count in counts])
    aside.outside += [
        {"row": one.row, "place": one.place, "rider_hours": one.riders * len(one.slots)}
        for one, is_out in zip(counts, out, strict=True)
        if is_out
    ]
    counts = [one for one, is_out in zip(counts, out, strict=True) if not is_out]
    aside.require_some(path, len(counts))
    totals: dict[str, NDArray[np.float64]] = {}
    for count in counts:
        cells_of_place = cells_within(count.lon, count.lat, count.radius_m)
        for cell in cells_of_place:
            there = totals.setdefault(cell, np.zeros(len(SLOTS)))
            there[count.slots] += count.riders / len(cells_of_place)
    cells, riders = by_name(totals)
    return Demand(
        cells=cells,
        riders=riders,
        provenance=county.demand.provenance if county.demand else "headcount",
        report={
            "format": "headcount",
            "lines": len(counts),
            "places": len({count.place for count in counts}),
            "cells": len(cells),
            "rider_hours": rider_hours(riders),
            **aside.report(),
        },
    )


def _count(row: int, fields: dict[str, str], county: County) -> _Count:
    lon, lat = wgs84_point(fields["lon"], fields["lat"], fields.get("datum", ""), county)
    radius = fields.get("radius_m")
    return _Count(
        row=row,
        place=fields.get("place") or f"{lon},{lat}",
        lon=lon,
        lat=lat,
        radius_m=number(radius, "半径米", "radius_m", highest=MAX_RADIUS_M) if radius else 0.0,
        riders=number(fields["riders"], "人数", "riders"),
        slots=slots_of(fields["day"], fields["hours"]),
    )


def cells_within(lon: float, lat: float, radius_m: float) -> list[str]:
    """The cells whose centre lies within ``radius_m``; at least the one that holds the point."""
    own = str(h3.latlng_to_cell(lat, lon, RESOLUTION))
    disk = sorted(h3.grid_disk(own, math.ceil(radius_m / _CELL_PITCH_M)))
    centres = np.array([h3.cell_to_latlng(cell) for cell in disk])
    near = haversine_m(lon, lat, centres[:, 1], centres[:, 0]) <= radius_m
    return [cell for cell, inside in zip(disk, near, strict=True) if inside] or [own]
