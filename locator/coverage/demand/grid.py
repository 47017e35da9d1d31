"""Counts on a grid of polygons or points (GeoJSON, GeoPackage), laid onto H3 cells by area."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h3
import numpy as np
import shapely
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.demand.hexes import cells_at
from locator.coverage.demand.sheets import (
    DAY_HEADINGS,
    FAR_M,
    HOUR_HEADINGS,
    RIDER_HEADINGS,
    Fault,
    SetAside,
    by_name,
    number,
    outside,
    rider_hours,
    slots_of,
)
from locator.coverage.demand.table import RESOLUTION, SLOTS, Demand
from locator.errors import DemandError, LedgerError
from locator.geo.crs import EARTH_RADIUS_M, haversine_m
from locator.geo.datum import convert_datum
from locator.stations.readers_child import in_child

#: A column for each slot: workday_08, dayoff_23.
_SLOT_COLUMNS = {f"{day}_{hour:02}": at for at, (day, hour) in enumerate(SLOTS)}
_COLUMNS = (*DAY_HEADINGS, *HOUR_HEADINGS, *RIDER_HEADINGS, *_SLOT_COLUMNS)
#: A shape over more cells than this (2,000 km²) says nothing of where riders are.
MOST_CELLS = 20_000


def read_grid(path: Path, county: County) -> Demand:
    """Read counts by shape: polygons or points in WGS-84 or CGCS2000 degrees.

    Each feature says 日类型 day, 时段 hours and 人数 riders, as a headcount sheet does, or has a
    number for each slot in columns ``workday_00`` … ``dayoff_23``. A polygon's riders are spread
    evenly over its area, and each cell gets the share that lies in it: none is lost. Features with
    a fault, and those whose middle lies outside the county, are set aside and named in the report.
    Raises DemandError for a file that is no such grid, and where no feature is left.
    """
    try:
        found = in_child(path, "locator.coverage.grid_features", {"columns": _COLUMNS})
    except LedgerError as error:
        raise DemandError(f"{path}: {error.zh} / {error.en}") from error
    aside = SetAside()
    rows: list[int] = []
    shapes: list[shapely.Geometry] = []
    counts: list[NDArray[np.float64]] = []
    for row, fields, wkb in found["rows"]:
        try:
            counts.append(_counts(fields))
            shapes.append(_placed(wkb, found["datum"], county))
            rows.append(row)
        except Fault as fault:
            del counts[len(shapes) :]
            aside.fault(row, fault)
    table = np.array(counts).reshape(-1, len(SLOTS))
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    out = outside(county, middle[:, 0].tolist(), middle[:, 1].tolist())
    for at in np.flatnonzero(out).tolist():
        place = f"{middle[at, 0]:.4f}, {middle[at, 1]:.4f}"
        hours = float(table[at].sum())
        aside.outside.append({"row": rows[at], "place": place, "rider_hours": hours})
    totals: dict[str, NDArray[np.float64]] = {}
    for at in np.flatnonzero(~out).tolist():
        try:
            shares = cell_shares(shapes[at])
        except Fault as fault:
            aside.fault(rows[at], fault)
            continue
        for cell, share in shares.items():
            there = totals.setdefault(cell, np.zeros(len(SLOTS)))
            there += share * table[at]
    aside.require_some(path, len(totals))
    cells, riders = by_name(totals)
    return Demand(
        cells=cells,
        riders=riders,
        provenance=county.demand.provenance if county.demand else "grid",
        report={
            "format": "grid",
            "lines": len(rows) - len(aside.outside),
            "cells": len(cells),
            "rider_hours": rider_hours(riders),
            **aside.report(),
        },
    )


def cell_shares(shape: Any) -> dict[str, float]:
    """The share of a shape's area (of a line of points: of its points) in each cell; they add up
    to 1. Degrees, WGS-84. Raises Fault for a shape too large or of no size."""
    corners = shapely.get_coordinates(shape)
    cells, at = cells_at(corners[:, 0], corners[:, 1], RESOLUTION)
    names = [h3.int_to_str(int(cell)) for cell in cells]
    if len(names) == 1:  # a cell bends nowhere inwards: all of the shape is in it
        return {names[0]: 1.0}
    if shape.geom_type in ("Point", "MultiPoint"):
        shares = np.bincount(at) / len(at)
        return dict(zip(names, shares.tolist(), strict=True))
    if _cells_touched(shape) > MOST_CELLS:  # before they are counted out, which takes its time
        raise Fault("形状太大，说不出骑手在哪", "the shape is too large to say where riders are")
    try:
        inside = h3.h3shape_to_cells_experimental(
            h3.geo_to_h3shape(shape), RESOLUTION, contain="overlap"
        )
    except (h3.H3BaseException, ValueError) as error:
        raise Fault("形状没有面积", "the shape has no area") from error
    found = sorted({*inside, *names})
    outlines = np.array(
        [shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(c)]) for c in found]
    )
    areas = shapely.area(shapely.intersection(_equal_area(outlines), _equal_area(shape)))
    if not areas.sum() > 0:
        raise Fault("形状没有面积", "the shape has no area")
    shares = areas / areas.sum()
    return {cell: share for cell, share in zip(found, shares.tolist(), strict=True) if share > 0}


def _cells_touched(shape: Any) -> float:
    """About how many cells a shape lies over: those in it, and those along its outline."""
    area_km2 = float(shapely.area(_equal_area(shape))) * EARTH_RADIUS_M**2 / 1e6
    outline_km = float(shapely.length(shape)) * 111.2  # eastward, a degree is shorter than that
    across_km = 2 * h3.average_hexagon_edge_length(RESOLUTION, unit="km")
    touched = area_km2 / h3.average_hexagon_area(RESOLUTION, unit="km^2") + outline_km / across_km
    return float(touched)


def _equal_area(shapes: shapely.Geometry | NDArray[np.object_]) -> NDArray[np.object_]:
    """Degrees to a plane of true areas (Lambert's cylinder: longitude, sine of latitude)."""
    return np.asarray(
        shapely.transform(
            shapes, lambda xy: np.column_stack([np.radians(xy[:, 0]), np.sin(np.radians(xy[:, 1]))])
        )
    )


def _counts(fields: Mapping[str, str]) -> NDArray[np.float64]:
    """The riders of one feature, 48 slots."""
    riders = np.zeros(len(SLOTS))
    by_slot = {name: text for name, text in fields.items() if name in _SLOT_COLUMNS and text}
    for name, text in by_slot.items():
        riders[_SLOT_COLUMNS[name]] = number(text, name, name)
    if by_slot:
        return riders
    day, hours, count = (
        next((fields[name] for name in names if fields.get(name)), "")
        for names in (DAY_HEADINGS, HOUR_HEADINGS, RIDER_HEADINGS)
    )
    riders[slots_of(day, hours)] = number(count, "人数", "riders")
    return riders


def _placed(wkb: str, datum: str, county: County) -> Any:
    shape = shapely.from_wkb(bytes.fromhex(wkb)) if wkb else shapely.Point()
    if shape.is_empty:
        raise Fault("没有形状", "there is no shape")
    if datum != "wgs84":
        shape = shapely.transform(
            shape,
            lambda xy: np.column_stack(
                convert_datum(xy[:, 0], xy[:, 1], source=datum, target="wgs84")
            ),
        )
    lon, lat = shapely.get_coordinates(shapely.centroid(shape))[0]
    if haversine_m(lon, lat, *county.centre) > FAR_M:
        raise Fault(
            f"形状远在{county.name_zh}之外，经纬度是否颠倒",
            f"the shape is far from {county.name_en}; are its degrees swapped?",
        )
    return shape
