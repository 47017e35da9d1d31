"""The clock by the plainest arithmetic: one station after the other, every arrival looked up."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from locator.coverage.demand import DAYS, SLOTS
from locator.coverage.supply import ANY_STOP
from locator.stations.hours import open_intervals, service_intervals


def count_covering(matrix, stations, county, dates, reach_min):
    """How many stations cover each cell: services × 48 × cells."""
    services = (ANY_STOP, *county.clock_services)
    zone = ZoneInfo(county.timezone)
    columns = matrix.tocsc()
    counts = np.zeros((len(services), len(SLOTS), columns.shape[0]), dtype=int)
    departures = np.array(
        [
            int(datetime.combine(dates[day], time(hour, 30), zone).timestamp()) * 10
            for day, hour in SLOTS
        ]
    )
    for at, station in enumerate(stations.itertuples()):
        entries = slice(columns.indptr[at], columns.indptr[at + 1])
        within = columns.data[entries] <= reach_min * 600
        cells = columns.indices[entries][within]
        arrivals = departures[:, None] + columns.data[entries][within].astype(np.int64)
        for row, service in enumerate(services):
            intervals = _intervals(station, service, county, dates)
            counts[row][:, cells] += _open_for_a_stay(intervals, arrivals)
    return counts


def _intervals(station, service, county, dates):
    is_stop = county.kinds[station.kind].stop
    offered = is_stop if service == ANY_STOP else service in station.services
    if station.status != "open" or not isinstance(station.hours, str) or not offered:
        return np.empty((0, 2), dtype=np.int64)
    found = []
    for day in DAYS:
        where = (dates[day], 1, county.timezone, county.country)
        if service == ANY_STOP:
            found.append(open_intervals(station.hours, *where))
        else:
            own = station.service_hours or {}
            found.append(service_intervals(station.hours, own, [service], *where)[service])
    both = np.concatenate(found)
    return both[np.argsort(both[:, 0], kind="stable")]


def _open_for_a_stay(intervals, arrivals_ds):
    if len(intervals) == 0:
        return np.zeros(arrivals_ds.shape, dtype=bool)
    start, end = intervals.T * 600
    at = np.searchsorted(start, arrivals_ds, side="right") - 1
    return (at >= 0) & (arrivals_ds + 6000 <= end[at])
