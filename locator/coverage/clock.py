"""The coverage clock: by hour, day and service, the riders who can reach an open station.

A rider who leaves the cell at half past the hour is covered when some station is open on arrival
and for ten minutes more, offers the service at that time, and is reached within the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from locator.county import County, Provenance, weakest
from locator.coverage.demand import DAYS, SLOTS, Demand
from locator.errors import UsageError
from locator.stations.hours import clock_dates, open_intervals, service_intervals
from locator.streets.access import Access

#: The service that every stop offers: a door to go in by.
ANY_STOP = "any_stop"
DEPARTURE_MINUTE = 30
STAY_MIN = 10
_DS_PER_MIN = 600

Intervals = NDArray[np.int64]


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
    ``mixed_stations`` says that some stations are of a better one.
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

    @property
    def uncovered(self) -> NDArray[np.float64]:
        """Riders without any stop to go to, cells × 48 slots."""
        return np.where(self.covered[0].T, 0.0, self.demand.riders)


def stops(stations: gpd.GeoDataFrame, county: County) -> NDArray[np.bool_]:
    """Which stations are places to rest and in service (a friendly estate is no such place)."""
    kinds = [code for code, kind in county.kinds.items() if kind.stop]
    return np.asarray((stations["status"] == "open") & stations["kind"].isin(kinds), dtype=bool)


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
    reach = county.reach_min if reach_min is None else reach_min
    if not 0 < reach <= 15:
        raise UsageError(f"a reach of {reach:g} minutes cannot be asked for; give 0 to 15.")
    dates = clock_dates(as_of, county.country)
    services = (ANY_STOP, *county.clock_services)
    covered = _covered(access, stations, county, services, dates, reach)

    weights = np.ones((len(services), len(SLOTS)))
    for row, code in enumerate(county.clock_services, start=1):
        weights[row] = [county.services[code].need(hour) for _, hour in SLOTS]
    total = weights * demand.riders.sum(axis=0)
    met = weights * np.einsum("vsc,cs->vs", covered, demand.riders)
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
        covered=covered,
        clock=clock,
        nearest_ds=access.nearest_ds,
        nearest_station=[ids[at] if at >= 0 else None for at in access.nearest_station],
        near=_near(access, stops(stations, county), reach),
        unknown_hours=stations.loc[in_service & stations["hours"].isna(), "id"].tolist(),
        unreachable_cells=[demand.cells[at] for at in access.unreachable_cells],
        unreachable_stations=[ids[at] for at in access.unreachable_stations],
        provenance=provenance,
        mixed_stations=stations["provenance"].nunique() > 1,
    )


def _near(access: Access, is_stop: NDArray[np.bool_], reach_min: float) -> NDArray[np.bool_]:
    entries = access.matrix.tocoo()
    counts = (entries.data <= reach_min * _DS_PER_MIN) & is_stop[entries.col]
    near = np.zeros(access.matrix.shape[0], dtype=bool)
    near[entries.row[counts]] = True
    return near


def _covered(
    access: Access,
    stations: gpd.GeoDataFrame,
    county: County,
    services: tuple[str, ...],
    dates: dict[str, date],
    reach_min: float,
) -> NDArray[np.bool_]:
    columns = access.matrix.tocsc()
    covered = np.zeros((len(services), len(SLOTS), columns.shape[0]), dtype=bool)
    departures = _departures_ds(dates, county.timezone)
    is_stop = stops(stations, county)
    for at, station in enumerate(stations.itertuples()):
        entries = slice(columns.indptr[at], columns.indptr[at + 1])
        time_ds = columns.data[entries]
        within = time_ds <= reach_min * _DS_PER_MIN
        if station.status != "open" or not within.any():
            continue
        cells = columns.indices[entries][within]
        arrivals = departures[:, None] + time_ds[within].astype(np.int64)
        answers: dict[bytes, NDArray[np.bool_]] = {}
        for service, intervals in _intervals(station, services, county, dates).items():
            if service == ANY_STOP and not is_stop[at]:
                continue
            key = intervals.tobytes()
            if key not in answers:
                answers[key] = _open_for_a_stay(intervals, arrivals)
            covered[services.index(service)][:, cells] |= answers[key]
    return covered


def _departures_ds(dates: dict[str, date], timezone: str) -> Intervals:
    """Tenths of a second since 1970 at which riders leave, one for each slot."""
    zone = ZoneInfo(timezone)
    return np.array(
        [
            int(datetime.combine(dates[day], time(hour, DEPARTURE_MINUTE), zone).timestamp()) * 10
            for day, hour in SLOTS
        ]
    )


def _intervals(
    station: object, services: tuple[str, ...], county: County, dates: dict[str, date]
) -> dict[str, Intervals]:
    """When the door is open and each of the asked services is on, on both dates."""
    hours: str | None = station.hours  # type: ignore[attr-defined]
    own: dict[str, str] = station.service_hours or {}  # type: ignore[attr-defined]
    offered = [code for code in services if code in station.services]  # type: ignore[attr-defined]
    if hours is None:
        return {}
    parts: dict[str, list[Intervals]] = {code: [] for code in (ANY_STOP, *offered)}
    for day in DAYS:
        where = (dates[day], 1, county.timezone, county.country)
        parts[ANY_STOP].append(open_intervals(hours, *where))
        for code, found in service_intervals(hours, own, offered, *where).items():
            parts[code].append(found)
    return {code: _in_order(np.concatenate(found)) for code, found in parts.items()}


def _in_order(intervals: Intervals) -> Intervals:
    return intervals[np.argsort(intervals[:, 0], kind="stable")]


def _open_for_a_stay(intervals: Intervals, arrivals_ds: Intervals) -> NDArray[np.bool_]:
    """Whether one interval (minutes, sorted, apart) holds arrival and the ten minutes after it."""
    if len(intervals) == 0:
        return np.zeros(arrivals_ds.shape, dtype=bool)
    start, end = intervals.T * _DS_PER_MIN
    at = np.searchsorted(start, arrivals_ds, side="right") - 1
    return np.asarray((at >= 0) & (arrivals_ds + STAY_MIN * _DS_PER_MIN <= end[at]))
