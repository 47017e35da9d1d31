"""A county's coverage from its files: the way through this room, in the order one walks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd

from locator.county import County
from locator.coverage.clock import Coverage, coverage
from locator.coverage.demand import Demand, read_demand
from locator.coverage.gaps import find_gaps
from locator.coverage.nearest_open import Nearest, nearest_by_service
from locator.coverage.supply import stops, supply_of
from locator.coverage.townships import read_townships
from locator.errors import StreetsError
from locator.geo.crs import require_wgs84
from locator.streets.access import Access, access_matrix, nearest_search
from locator.streets.frozen import read_frozen
from locator.streets.graph import StreetGraph
from locator.streets.snap import Snap, snap


@dataclass(frozen=True)
class Study:
    """The coverage of one county, its gaps by service, and what they were made from.

    ``cells`` says where the demand's cells meet the streets, ``access`` how far they are from the
    stations, ``nearest`` the nearest ones of each cell, whatever their hours and open then.
    """

    streets: StreetGraph
    demand: Demand
    cells: Snap
    access: Access
    coverage: Coverage
    nearest: dict[str, Nearest]
    gaps: dict[str, gpd.GeoDataFrame]


def study(
    county: County,
    stations: gpd.GeoDataFrame,
    as_of: date,
    reach_min: float | None = None,
    *,
    streets: StreetGraph | None = None,
) -> Study:
    """Measure how ``stations`` (the station table, EPSG:4326) cover a county's riders.

    Reads the demand file that ``county.toml`` names, and its street file where ``streets`` are not
    given; without a demand file the demand is unknown, and so are clock and gaps. Raises
    StreetsError or DemandError when one cannot be read, StreetsError also when the streets have
    changed since they were frozen, or come near no station at all.
    """
    require_wgs84(stations)
    graph = read_frozen(county) if streets is None else streets
    demand = read_demand(county)

    speed = (county.streets.snap_max_m, county.streets.snap_kmh)
    doors = snap(graph, stations.geometry.x, stations.geometry.y, *speed)
    if len(stations) and (doors.edge < 0).all():
        raise StreetsError(
            f"{county.path(county.streets.file)}: none of the {len(stations)} stations of "
            f"{county.name_zh} lies within {county.streets.snap_max_m:.0f} m of a street of this "
            "file; is it the street file of another place?"
        )
    lon, lat = demand.centres.T
    cells = snap(graph, lon, lat, *speed)
    parking_s = county.streets.parking_s
    access = access_matrix(graph, cells, doors, parking_s=parking_s, counts=stops(stations, county))
    found = coverage(access, stations, demand, county, as_of, reach_min)
    search = nearest_search(graph, cells, doors, parking_s)
    nearest = nearest_by_service(search, supply_of(stations, county, found.dates))
    gaps = find_gaps(found, nearest, graph, stations, county, read_townships(county))
    return Study(graph, demand, cells, access, found, nearest, gaps)
