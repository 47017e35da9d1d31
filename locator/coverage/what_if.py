"""What if: a county with some stations closed, some changed and some new.

Nothing of the county is computed anew but what changes: the windows of the stations named, and the
ways to the new ones, a column of the matrix each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from locator.county import County
from locator.coverage.ground import Ground
from locator.coverage.scenario import Item, Spans, clock, print_scenario
from locator.coverage.supply import Supply
from locator.coverage.townships import stated_townships, township_of
from locator.geo.water import in_water
from locator.stations.table import make_stations
from locator.streets.access import access_matrix, nearest_search
from locator.streets.snap import Snap, snap

ALWAYS = "24/7"
PROBLEMS = {
    "no_station": ("没有这个编号的站", "there is no such station"),
    "no_street": ("附近没有街道", "no street is near"),
    "in_water": (
        "在水里，立不了站；数字照算",
        "lies in the water, where no stop can stand; counted all the same",
    ),
}


@dataclass(frozen=True)
class Supposed:
    """A county as a scenario has it; ``problems`` are what could not be, or should not, and why."""

    ground: Ground
    supply: Supply
    problems: list[tuple[str, str]]


def suppose(
    items: list[Item],
    ground: Ground,
    supply: Supply,
    county: County,
    water: NDArray[np.object_] | None = None,
) -> Supposed:
    """The county with these changes.

    ``supply`` is that of the stations of ``ground``; neither is changed. A station that does not
    exist, and a new stop with no street near, are told as problems (``no_station``,
    ``no_street``), and the rest is supposed; so is a new stop in the ``water`` (polygons), which is
    told as well (``in_water``), as the planner's page does, for a map may be wrong.
    """
    problems: list[tuple[str, str]] = []
    known = {offer.station for offer in supply.offers}
    for item in items:
        if item.place is not None:
            name = print_scenario([Item("add", place=item.place)])
            wider = _with_stop(ground, name, *item.place, county)
            if wider is None:
                problems.append((name, "no_street"))
                continue
            lon, lat = np.array([item.place]).T
            if in_water(lon, lat, water).any():
                problems.append((name, "in_water"))
            ground = wider
            hours = ALWAYS if item.hours is None else _osm_hours(item.hours)
            services = _named(item.services, supply.services[1:])
            supply = supply.with_station(name, hours, services)
        elif item.station not in known:
            problems.append((str(item.station), "no_station"))
        elif item.kind == "close":
            supply = supply.without(str(item.station))
        else:
            offer = supply.offers[supply.position(str(item.station))]
            supply = supply.replaced(
                offer.station,
                hours=None if item.hours is None else _osm_hours(item.hours),
                services=_named(item.services, offer.services),
            )
    return Supposed(ground, supply, problems)


def _osm_hours(hours: dict[str, Spans | None]) -> dict[str, str]:
    return {
        day: ",".join(f"{clock(begin)}-{clock(end)}" for begin, end in spans) or "off"
        for day, spans in hours.items()
        if spans is not None
    }


def _named(codes: list[str] | None, today: tuple[str, ...]) -> list[str] | None:
    if codes is None:
        return None
    return [each for code in codes for each in (today if code == "*" else [code])]


def _with_stop(ground: Ground, name: str, lon: float, lat: float, county: County) -> Ground | None:
    """The same with one door more, the last one; None where no street is near."""
    graph, streets = ground.streets, county.streets
    door = snap(graph, [lon], [lat], streets.snap_max_m, streets.snap_kmh)
    if door.edge[0] < 0:
        return None
    doors = _joined(ground.doors, door)
    column = access_matrix(graph, ground.cells, door, parking_s=streets.parking_s)
    access = replace(
        ground.access,
        matrix=csr_array(hstack([ground.access.matrix, column.matrix])),
        unreachable_cells=np.intersect1d(ground.access.unreachable_cells, column.unreachable_cells),
    )
    kind = next(code for code, kind in county.kinds.items() if kind.stop)
    stop = {"id": name, "county": county.code, "kind": kind, "name": name, "status": "open"}
    township = township_of(ground.townships, stated_townships(graph, ground.stations), [lon], [lat])
    return replace(
        ground,
        stations=_appended(ground.stations, make_stations([stop], [lon], [lat])),
        doors=doors,
        access=access,
        search=nearest_search(graph, ground.cells, doors, streets.parking_s),
        station_townships=[*ground.station_townships, *township],
    )


def _appended(stations: gpd.GeoDataFrame, more: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.concat([stations, more], ignore_index=True), crs=stations.crs)


def _joined(doors: Snap, more: Snap) -> Snap:
    return Snap(
        edge=np.concatenate([doors.edge, more.edge]),
        fraction=np.concatenate([doors.fraction, more.fraction]),
        distance_m=np.concatenate([doors.distance_m, more.distance_m]),
        time_ds=np.concatenate([doors.time_ds, more.time_ds]),
    )
