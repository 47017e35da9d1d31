"""For each slot the travel times that find a station open for a stay.

A rider leaves at half past the hour, rides τ tenths of a second, and stays for ten minutes. For a
station, a service and a slot those τ that do are one window [lo, hi] (none where it is closed,
several round a short break).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from locator.coverage.demand import DAYS, SLOTS
from locator.stations.hours import open_intervals, service_intervals

#: The service that every stop offers: a door to go in by.
ANY_STOP = "any_stop"
DEPARTURE_MINUTE = 30
STAY_MIN = 10
#: The longest ride that the windows tell of (15 minutes); the matrix of travel times ends there.
LONGEST_DS = 9000
DS_PER_MIN = 600

Windows = NDArray[np.int32]
NO_WINDOWS: Windows = np.empty((0, 4), dtype=np.int32)


@dataclass(frozen=True)
class Calendar:
    """The clock's two dates, and where its hours are counted."""

    dates: Mapping[str, date]
    timezone: str
    country: str

    @cached_property
    def departures_ds(self) -> NDArray[np.int64]:
        """Tenths of a second since 1970 at which riders leave, one for each slot."""
        zone = ZoneInfo(self.timezone)
        leave = [
            datetime.combine(self.dates[day], time(hour, DEPARTURE_MINUTE), zone)
            for day, hour in SLOTS
        ]
        return np.array([int(moment.timestamp()) * 10 for moment in leave])


@dataclass(frozen=True)
class Offer:
    """What one station offers.

    ``hours`` (canonical) are those of each day of the clock, None where nobody knows them;
    ``service_hours`` are of the services that have their own. A station that is not
    ``in_service`` covers nobody, one that is no ``stop`` (a friendly estate) counts for its
    services alone.
    """

    station: str
    in_service: bool
    stop: bool
    hours: Mapping[str, str | None]
    service_hours: Mapping[str, str]
    services: tuple[str, ...]


def open_times(
    offer: Offer, services: Sequence[str], calendar: Calendar, day: str, days: int = 1
) -> dict[str, NDArray[np.int64]]:
    """When a station offers each service on a day of the clock, and so many ``days`` from it.

    The intervals are those of `open_intervals` (minutes since 1970). A service that it never
    offers, that day, is left out.
    """
    hours = offer.hours[day]
    if not offer.in_service or hours is None:
        return {}
    where = (calendar.dates[day], days, calendar.timezone, calendar.country)
    offered = [code for code in services if code in offer.services]
    door = {ANY_STOP: open_intervals(hours, *where)} if offer.stop else {}
    return door | service_intervals(hours, offer.service_hours, offered, *where)


def windows_of(offer: Offer, services: tuple[str, ...], calendar: Calendar) -> Windows:
    """The rows (service, slot, lo, hi) of one station, sorted."""
    by_day = [open_times(offer, services, calendar, day) for day in DAYS]
    parts = [NO_WINDOWS]
    for row, code in enumerate(services):
        open_min = [found[code] for found in by_day if code in found]
        if open_min:
            parts.append(_open_for_a_stay(row, np.concatenate(open_min), calendar))
    return np.concatenate(parts)


def _open_for_a_stay(service: int, open_min: NDArray[np.int64], calendar: Calendar) -> Windows:
    """The τ for which arrival and the ten minutes after it lie within one interval (minutes)."""
    begin, end = open_min[np.argsort(open_min[:, 0], kind="stable")].T * DS_PER_MIN
    departures = calendar.departures_ds[:, None]
    lo = np.maximum(begin - departures, 0)
    hi = np.minimum(end - STAY_MIN * DS_PER_MIN - departures, LONGEST_DS)
    slot, which = np.nonzero(lo <= hi)
    columns = (np.full(len(slot), service), slot, lo[slot, which], hi[slot, which])
    return np.stack(columns, axis=1).astype(np.int32)
