"""The coverage clock: by hour, day and service, the riders who can reach an open station.

A rider who leaves the cell at half past the hour is covered when some station is open on arrival
and for ten minutes more, offers the service at that time, and is reached within the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from locator.county import County, Provenance, weakest
from locator.coverage.demand import SLOTS, Demand
from locator.coverage.served import need_of
from locator.coverage.supply import ANY_STOP, DS_PER_MIN, Supply, covered, stops, supply_of
from locator.errors import UsageError
from locator.stations.hours import clock_dates
from locator.streets.access import Access


@dataclass(frozen=True)
class Coverage:
    """Who is covered when.

    ``covered`` is services × 48 slots × cells; ``clock`` a table of day, hour, service, covered
    and total in rider-hours (of a service: hours of riders who need it), without a row where the
    demand is unknown. ``nearest_ds`` is each cell's time in tenths of a second to the nearest stop
    that is in service, whatever its hours (-1: none), ``nearest_station`` that stop's id (or None),
    ``near`` whether one is within reach. ``unknown_hours`` are the ids of stations in service
    whose hours nobody knows: they cover nobody. ``unreachable_cells`` are cells that no street
    leads from. ``provenance`` is that of the stations (the weakest), the streets and the demand;
    ``mixed_stations`` says that some stations are of a better one. ``supply`` is what they offer
    by the clock.
    """

    as_of: date
    dates: dict[str, date]
    reach_min: float
    demand: Demand
    services: tuple[str, ...]
    covered: NDArray[np.bool_]
    clock: pd.DataFrame
    nearest_ds: NDArray[np.int32]
    nearest_station: list[str | None]
    near: NDArray[np.bool_]
    unknown_hours: list[str]
    unreachable_cells: list[str]
    unreachable_stations: list[str]
    provenance: dict[str, Provenance]
    mixed_stations: bool
    supply: Supply

    @property
    def uncovered(self) -> NDArray[np.float64]:
        """Riders without any stop to go to, cells × 48 slots."""
        return np.where(self.covered[0].T, 0.0, self.demand.riders)


def coverage(
    access: Access,
    stations: gpd.GeoDataFrame,
    demand: Demand,
    county: County,
    as_of: date,
    reach_min: float | None = None,
) -> Coverage:
    """Measure the coverage of ``demand`` by ``stations`` (WGS-84; in the order of ``access``).

    ``reach_min`` is the time limit in minutes, the county's own if not given; at most 15. The
    clock's two dates are the first ordinary Wednesday and Sunday after ``as_of``.
    """
    reach = reach_of(county, reach_min)
    dates = clock_dates(as_of, county.country)
    services = (ANY_STOP, *county.clock_services)
    supply = supply_of(stations, county, dates)
    within = covered(access.matrix, supply, reach)

    weights = need_of(county)
    total = weights * demand.riders.sum(axis=0)
    met = weights * np.einsum("vsc,cs->vs", within, demand.riders)
    clock = pd.DataFrame(
        {
            "day": [day for _ in services for day, _ in SLOTS],
            "hour": [hour for _ in services for _, hour in SLOTS],
            "service": np.repeat(services, len(SLOTS)),
            "covered": met.ravel(),
            "total": total.ravel(),
        }
    )
    if demand.provenance is None:
        clock = clock.iloc[:0]  # nought out of nought would look like a measurement
    ids = stations["id"].tolist()
    in_service = stations["status"] == "open"
    provenance: dict[str, Provenance] = {"streets": county.streets.provenance}
    if demand.provenance is not None:
        provenance["demand"] = demand.provenance
    if ids:
        provenance["stations"] = weakest(stations["provenance"].tolist())
    return Coverage(
        as_of=as_of,
        dates=dates,
        reach_min=reach,
        demand=demand,
        services=services,
        covered=within,
        clock=clock,
        nearest_ds=access.nearest_ds,
        nearest_station=[ids[at] if at >= 0 else None for at in access.nearest_station],
        near=_near(access, stops(stations, county), reach),
        unknown_hours=stations.loc[in_service & stations["hours"].isna(), "id"].tolist(),
        unreachable_cells=[demand.cells[at] for at in access.unreachable_cells],
        unreachable_stations=[ids[at] for at in access.unreachable_stations],
        provenance=provenance,
        mixed_stations=stations["provenance"].nunique() > 1,
        supply=supply,
    )


def reach_of(county: County, reach_min: float | None) -> float:
    """The time limit in minutes: the county's own if none is given; UsageError beyond 15."""
    reach = county.reach_min if reach_min is None else reach_min
    if not 0 < reach <= 15:
        raise UsageError(
            f"{reach:g} 分钟算不了，请写 0 到 15 / a reach of {reach:g} minutes cannot be asked "
            "for; give 0 to 15."
        )
    return reach


def _near(access: Access, is_stop: NDArray[np.bool_], reach_min: float) -> NDArray[np.bool_]:
    entries = access.matrix.tocoo()
    counts = (entries.data <= reach_min * DS_PER_MIN) & is_stop[entries.col]
    near = np.zeros(access.matrix.shape[0], dtype=bool)
    near[entries.row[counts]] = True
    return near
