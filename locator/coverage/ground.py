"""What a county's coverage is made from: its streets, riders and doors, and the ways between."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from locator.county import County
from locator.coverage.demand import Demand, read_demand
from locator.coverage.supply import stops
from locator.coverage.townships import Townships, read_townships, stated_townships, township_of
from locator.errors import StreetsError
from locator.geo.crs import require_wgs84
from locator.streets.access import Access, Search, access_matrix, nearest_search
from locator.streets.frozen import read_frozen
from locator.streets.graph import StreetGraph
from locator.streets.snap import Snap, snap


@dataclass(frozen=True)
class Ground:
    """The inputs of a county's coverage, read and joined by the streets.

    ``cells`` and ``doors`` are the places on the streets of the demand's cells and of the
    stations, ``access`` the times between, ``search`` the nearest of any set of stations.
    ``cell_townships`` and ``station_townships`` are the names of theirs, None where nobody knows.
    """

    streets: StreetGraph
    demand: Demand
    stations: gpd.GeoDataFrame
    cells: Snap
    doors: Snap
    access: Access
    search: Search
    townships: Townships
    cell_townships: list[str | None]
    station_townships: list[str | None]


def ground_of(
    county: County, stations: gpd.GeoDataFrame, streets: StreetGraph | None = None
) -> Ground:
    """Read what ``county.toml`` names, and join it to the ``stations`` (EPSG:4326).

    Raises what the readers raise, and StreetsError when the streets come near no station at all.
    """
    require_wgs84(stations)
    graph = read_frozen(county) if streets is None else streets
    demand = read_demand(county)
    speed = (county.streets.snap_max_m, county.streets.snap_kmh)
    doors = snap(graph, stations.geometry.x, stations.geometry.y, *speed)
    if len(stations) and (doors.edge < 0).all():
        raise StreetsError(
            f"{county.path(county.streets.file)}：{county.name_zh} {len(stations)} 处站点附近都没有"
            "这个文件里的街道，是不是别处的街道文件 / "
            f"none of the {len(stations)} stations of {county.name_zh} lies within "
            f"{county.streets.snap_max_m:.0f} m of a street of this file; "
            "is it the street file of another place?"
        )
    lon, lat = demand.centres.T
    cells = snap(graph, lon, lat, *speed)
    parking_s = county.streets.parking_s
    townships, stated = read_townships(county), stated_townships(graph, stations)
    door_lon, door_lat = stations.geometry.x, stations.geometry.y
    return Ground(
        streets=graph,
        demand=demand,
        stations=stations,
        cells=cells,
        doors=doors,
        access=access_matrix(
            graph, cells, doors, parking_s=parking_s, counts=stops(stations, county)
        ),
        search=nearest_search(graph, cells, doors, parking_s),
        townships=townships,
        cell_townships=township_of(townships, stated, lon, lat),
        station_townships=[
            name if isinstance(name, str) and name else near
            for name, near in zip(
                stations["township"],
                township_of(townships, stated, door_lon, door_lat),
                strict=True,
            )
        ],
    )
