"""What a planner asks of one area: how it is served today, and how it would be if.

Computed from the county's files, so that any area, any reach and any scenario can be asked for.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.areas import cells_in
from locator.coverage.clock import reach_of
from locator.coverage.ground import Ground, ground_of
from locator.coverage.measures import AreaMeasures, area_measures, kind_measures
from locator.coverage.measures_report import area_json, clock_json, kinds_json
from locator.coverage.nearest_open import nearest_open, open_windows
from locator.coverage.scenario import read_scenario
from locator.coverage.served import served
from locator.coverage.supply import ANY_STOP, Supply, supply_of
from locator.coverage.week import WEEK
from locator.coverage.what_if import suppose
from locator.errors import UsageError
from locator.stations.hours import clock_dates

Mask = NDArray[np.bool_]


def inquire(
    county: County,
    stations: gpd.GeoDataFrame,
    as_of: date,
    *,
    area: shapely.Geometry | None = None,
    township: str | None = None,
    reach_min: float | None = None,
    what_if: str = "",
    water: NDArray[np.object_] | None = None,
) -> dict[str, Any]:
    """How an area (WGS-84 polygons), a township or the whole county is served, as JSON.

    ``stations`` is the station table. ``clock`` is in the form of ``coverage.json["clock"]``,
    ``measures`` in that of `area_json`; both are None where the demand is unknown. With a scenario
    (``docs/what-if.md``) ``what_if`` has the same as it would be, the ``gain`` in rider-hours a
    week for each service, and what of the text could not be read (``faults``) or supposed
    (``problems``, with the new stops that lie in the ``water``, polygons). Raises UsageError for a
    township that the county does not have.
    """
    ground = ground_of(county, stations)
    reach = reach_of(county, reach_min)
    supply = supply_of(stations, county, clock_dates(as_of, county.country))
    inside = _inside(ground, area, township)
    today = _measured(ground, supply, county, reach, inside)
    known = ground.demand.provenance is not None
    found: dict[str, Any] = {
        "county": county.slug,
        "as_of": as_of.isoformat(),
        "dates": {day: each.isoformat() for day, each in supply.calendar.dates.items()},
        "area": township,
        "drawn": area is not None,
        "cells": int(inside.sum()),
        "reach_min": reach,
        **_told(today, ground, supply, known),
        "what_if": None,
    }
    if what_if:
        items, faults = read_scenario(what_if)
        supposed = suppose(items, ground, supply, county, water)
        then = _measured(supposed.ground, supposed.supply, county, reach, inside)
        gain = (then[0].covered - today[0].covered) @ WEEK
        found["what_if"] = {
            "text": what_if,
            "faults": [{"text": fault.text, "code": fault.code} for fault in faults],
            "problems": [{"station": name, "code": code} for name, code in supposed.problems],
            **_told(then, supposed.ground, supposed.supply, known),
            "gain": {
                service: round(float(gain[row]), 3) + 0.0
                for row, service in enumerate(supply.services)
            }
            if known
            else None,
        }
    return found


def _inside(ground: Ground, area: shapely.Geometry | None, township: str | None) -> Mask:
    if area is not None and township is not None:
        raise UsageError(
            "乡镇和画出的范围只给一样 / ask for a township or for a drawn area, not for both."
        )
    if area is not None:
        return cells_in(ground.demand, area)
    if township is None:
        return np.ones(len(ground.demand.cells), dtype=bool)
    names = sorted({name for name in (*ground.cell_townships, *ground.station_townships) if name})
    if township not in names:
        raise UsageError(
            f"这里没有叫“{township}”的乡镇，有：{'、'.join(names) or '（都不详）'} / "
            f"no township {township!r} here; take one of these."
        )
    return np.array([name == township for name in ground.cell_townships], dtype=bool)


_Found = tuple[AreaMeasures, dict[str, NDArray[np.float64]]]


def _measured(
    ground: Ground, supply: Supply, county: County, reach_min: float, inside: Mask
) -> _Found:
    windows = open_windows(supply)[ANY_STOP]
    nearest = nearest_open(ground.search, windows, len(supply.offers))
    found = served(ground, supply, nearest, county, reach_min)
    kinds = kind_measures(found, ground.stations["kind"].tolist(), inside)
    return area_measures(found, inside), kinds


def _told(found: _Found, ground: Ground, supply: Supply, known: bool) -> dict[str, Any]:
    if not known:
        return {"clock": None, "kinds": None, "measures": None}
    area, kinds = found
    return {
        "clock": clock_json(area, supply.services),
        "kinds": kinds_json(kinds, supply.services),
        "measures": area_json(area, supply.services, ground),
    }
