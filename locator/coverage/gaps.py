"""Gaps: neighbouring cells whose riders have no stop to go to, worst first.

A gap has one cause, and each cause its own remedy. Where no stop is within reach at any hour
(``no_stop``), a new one is wanted. Where the nearest stop is within reach but closed (``closed``),
its hours are the remedy; where nobody knows its hours (``hours_unknown``), a telephone call. Where
no street leads from a cell (``no_street``), the street file wants mending. Gaps are found for each
service of the clock too: there the nearest *stop with the service* is meant, and where stops are
within reach but none of them offers it (``no_service``), it is to be added at the nearest one.
Neighbouring cells with the same cause (and stop) make one gap, and every uncovered rider-hour
belongs to exactly one, so that a night without stations does not melt a whole town into a single
gap. Cells of different sizes are never in one gap: they have no common neighbours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.clock import Coverage
from locator.coverage.demand import SLOTS
from locator.coverage.gap_groups import grouped, uncovered
from locator.coverage.gap_names import name_gaps
from locator.coverage.nearest_open import Nearest
from locator.coverage.supply import ANY_STOP, DS_PER_MIN
from locator.coverage.townships import Townships, stated_townships, township_of
from locator.coverage.week import WEEK
from locator.geo.crs import WGS84
from locator.streets.graph import StreetGraph
from locator.streets.names import streets_near

COLUMNS = (
    "id", "name", "name_en", "rider_hours", "hours", "riders", "open_station", "open_minutes",
    "services", "lacking", "cause", "township", "street", "nearest_station", "nearest_minutes",
    "cells", "geometry",
)  # fmt: skip


class _Place(NamedTuple):
    """What is said of where a cell lies: the two nearest named streets, and the township."""

    streets: list[str]
    township: str | None


def find_gaps(
    coverage: Coverage,
    nearest: Mapping[str, Nearest],
    graph: StreetGraph,
    stations: gpd.GeoDataFrame,
    county: County,
    townships: Townships,
) -> dict[str, gpd.GeoDataFrame]:
    """The gaps of each service of the clock, ``any_stop`` first, ranked by uncovered rider-hours.

    ``rider_hours`` are those of a week (of a service: hours of riders who need it);
    ``hours`` lists the slots ("workday 20") in which riders go without, and in the same order are
    ``riders``, how many, and ``open_station`` and ``open_minutes``: the nearest stop (with the
    service) that is open then, for the cell where most of them are (None: none can be reached).
    ``cause`` is one of the five above. ``lacking`` has, of each service that riders of the gap lack
    (of a service's gap: of that alone), the ``rider_hours`` and a bit for each of the 48 ``slots``;
    ``services`` are those that no cell of the gap has at any hour. ``street``, ``township`` and the
    nearest stop (with the service, whatever its hours) are those of the gap's worst cell; its
    township is that in whose outline it lies, else that of the nearest place or station within 3 km
    that states one, or None. No two gaps of a service have one ``name``; ``name_en`` is the same in
    English. EPSG:4326.
    """
    missing = uncovered(coverage, county)
    ids = stations["id"].tolist()
    found = {
        service: grouped(coverage, row, nearest[service], ids, missing[row] @ WEEK)
        for row, service in enumerate(coverage.services)
    }
    worst = sorted({group.worst for groups in found.values() for group in groups})
    places = _places(coverage, worst, graph, stations, townships)
    tables = {}
    for service, groups in found.items():
        without = missing[coverage.services.index(service)]
        rows = []
        for group in groups:
            names = [coverage.demand.cells[member] for member in group.cells]
            place = places[group.worst]
            rows.append(
                {
                    "id": gap_id(county.code, service, coverage.demand.cells[group.worst]),
                    **_when(without, group.cells, nearest[service], ids),
                    **_lacking(coverage, missing, group.cells, service),
                    "cause": group.cause,
                    "township": place.township,
                    "street": place.streets[0] if place.streets else None,
                    **_nearest(nearest[service], group.worst, ids),
                    "cells": names,
                    "geometry": outline(names),
                    "streets": place.streets,
                    "centre": coverage.demand.centres[group.worst],
                }
            )
        rows.sort(key=lambda row: (-row["rider_hours"], row["id"]))
        name_gaps(rows)
        tables[service] = _table(rows)
    return tables


def gap_id(county_code: str, service: str, cell: str) -> str:
    """The id of a gap that is new: its worst cell's name, and its service's, as eight digits."""
    said = cell if service == ANY_STOP else f"{cell} {service}"
    return f"{county_code}-gap-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def outline(cells: list[str]) -> shapely.Geometry:
    """The outline of H3 cells (WGS-84, to a millionth of a degree); their sizes may be mixed."""
    by_size: dict[int, list[str]] = {}
    for cell in cells:
        by_size.setdefault(h3.get_resolution(cell), []).append(cell)
    shapes = [
        shapely.geometry.shape(h3.cells_to_h3shape(sorted(of_size), tight=True))
        for of_size in by_size.values()
    ]
    whole = shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)
    return shapely.set_precision(whole, 1e-6, mode="pointwise")


def _table(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    # As objects: pandas would turn an unknown street or station (None) into NaN.
    table = {column: pd.Series([row[column] for row in rows], dtype=object) for column in COLUMNS}
    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84)


def _when(
    missing: NDArray[np.float64], group: list[int], near: Nearest, ids: list[str]
) -> dict[str, Any]:
    """When riders of a gap go without, how many, and the nearest open stop then."""
    riders = missing[group]
    slots = np.flatnonzero(riders.sum(axis=0) > 0)
    most = np.array(group)[riders[:, slots].argmax(axis=0)]
    time_ds, station = near.then.time_ds[slots, most], near.then.station[slots, most]
    return {
        "rider_hours": float(riders.sum(axis=0) @ WEEK),
        "hours": [f"{SLOTS[slot][0]} {SLOTS[slot][1]}" for slot in slots],
        "riders": [round(float(count), 3) for count in riders[:, slots].sum(axis=0)],
        "open_station": [ids[at] if at >= 0 else None for at in station.tolist()],
        "open_minutes": [_minutes(time) for time in time_ds.tolist()],
    }


def _lacking(
    coverage: Coverage, missing: NDArray[np.float64], group: list[int], service: str
) -> dict[str, Any]:
    """Which services riders of a gap lack, and when; those that it never has."""
    asked = [code for code in coverage.services if code != ANY_STOP]
    if service != ANY_STOP:
        asked = [service]
    lacking, never = {}, []
    for code in asked:
        row = coverage.services.index(code)
        by_slot = missing[row][group].sum(axis=0)
        if not coverage.covered[row][:, group].any():
            never.append(code)
        if by_slot.any():
            lacking[code] = {
                "rider_hours": round(float(by_slot @ WEEK), 3),
                "slots": "".join("1" if riders else "0" for riders in by_slot),
            }
    return {"services": never, "lacking": lacking}


def _nearest(near: Nearest, cell: int, ids: list[str]) -> dict[str, Any]:
    at, time_ds = int(near.station[cell]), int(near.time_ds[cell])
    return {
        "nearest_station": ids[at] if at >= 0 else None,
        "nearest_minutes": _minutes(time_ds),
    }


def _minutes(time_ds: int) -> float | None:
    return round(time_ds / DS_PER_MIN, 1) if time_ds >= 0 else None


def _places(
    coverage: Coverage,
    cells: list[int],
    graph: StreetGraph,
    stations: gpd.GeoDataFrame,
    townships: Townships,
) -> dict[int, _Place]:
    """Street and township of each of these cells; asked once, for the gaps of every service."""
    if not cells:
        return {}
    lon, lat = coverage.demand.centres[cells].T
    within = township_of(townships, stated_townships(graph, stations), lon, lat)
    near = streets_near(graph, lon, lat)
    return {
        cell: _Place(list(streets[:2]), township)
        for cell, streets, township in zip(cells, near, within, strict=True)
    }
