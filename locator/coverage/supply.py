"""What the stations offer, by the clock: for each slot the travel times that find a door open.

A rider leaves at half past the hour, rides τ tenths of a second, and stays for ten minutes. For a
station, a service and a slot those τ that do are one window [lo, hi] (none where it is closed,
several round a short break). The windows of a station say all that any question about its hours
needs: its *masks* are the same turned round, for each τ one bit a service and slot, and a cell's
coverage is the union of the masks of the stations that it reaches. So the whole clock is one pass
over the matrix of travel times, and every what-if is another set of windows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from locator.county import County
from locator.coverage import mask_kernel
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
_NO_WINDOWS: Windows = np.empty((0, 4), dtype=np.int32)


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


@dataclass(frozen=True)
class Masks:
    """For each station a step function from travel time to what is open then.

    Station s has the steps ``start[s]`` to ``start[s + 1]``; step k holds from ``tau[k]`` (tenths
    of a second; the first is 0) up to the next one's. Its ``words`` hold a bit for each service
    and slot: bit ``service * 48 + slot``, the lowest first.
    """

    start: NDArray[np.int32]
    tau: NDArray[np.int32]
    words: NDArray[np.uint64]


@dataclass(frozen=True)
class Supply:
    """The offers of all stations, in the order of the matrix's columns.

    ``windows`` has the rows (station, service, slot, lo, hi), sorted, lo and hi in tenths of a
    second, both included, 0 ≤ lo ≤ hi ≤ 9000. ``services`` are the rows of the clock: `ANY_STOP`,
    then the county's own.
    """

    services: tuple[str, ...]
    offers: tuple[Offer, ...]
    windows: Windows
    calendar: Calendar

    @cached_property
    def masks(self) -> Masks:
        """`station_masks` of this supply."""
        return station_masks(self)

    def position(self, station: str) -> int:
        """The column of a station; raises KeyError where there is none of this id."""
        for at, offer in enumerate(self.offers):
            if offer.station == station:
                return at
        raise KeyError(station)

    def replaced(
        self,
        station: str,
        *,
        hours: str | Mapping[str, str] | None = None,
        service_hours: Mapping[str, str] | None = None,
        services: Sequence[str] | None = None,
    ) -> Supply:
        """The same with other hours, service hours or services for one station.

        ``hours`` (canonical) are for both days, or for those that are named. What is not given
        stays as it was. Hours put a station in service that was not, on the days they are given
        for. Raises KeyError for a station that is not among these.
        """
        at = self.position(station)
        old = self.offers[at]
        today = old.hours if old.in_service else dict.fromkeys(DAYS)
        offer = replace(
            old,
            in_service=old.in_service or hours is not None,
            hours=old.hours if hours is None else {**today, **_of_each_day(hours)},
            service_hours=old.service_hours if service_hours is None else service_hours,
            services=old.services if services is None else tuple(services),
        )
        return self._with_offer(at, offer)

    def without(self, station: str) -> Supply:
        """The same with one station closed: its column stays, and covers nobody."""
        at = self.position(station)
        return self._with_offer(at, replace(self.offers[at], in_service=False))

    def with_station(
        self,
        station: str,
        hours: str | Mapping[str, str],
        services: Sequence[str] | None = None,
        service_hours: Mapping[str, str] | None = None,
    ) -> Supply:
        """The same with one stop more, as the last column; see `with_column` for the matrix.

        On a day that ``hours`` do not name it is closed. Without ``services`` it offers all of
        the clock.
        """
        offered = self.services[1:] if services is None else tuple(services)
        door = {**dict.fromkeys(DAYS), **_of_each_day(hours)}
        offer = Offer(station, True, True, door, service_hours or {}, offered)
        return self._with_offer(len(self.offers), offer)

    def _with_offer(self, at: int, offer: Offer) -> Supply:
        begin, end = np.searchsorted(self.windows[:, 0], [at, at + 1])
        own = _of_station(at, _windows(offer, self.services, self.calendar))
        windows = np.concatenate([self.windows[:begin], own, self.windows[end:]])
        offers = (*self.offers[:at], offer, *self.offers[at + 1 :])
        return replace(self, offers=offers, windows=windows)


def stops(stations: gpd.GeoDataFrame, county: County) -> NDArray[np.bool_]:
    """Which stations are places to rest and in service (a friendly estate is no such place)."""
    kinds = [code for code, kind in county.kinds.items() if kind.stop]
    return np.asarray((stations["status"] == "open") & stations["kind"].isin(kinds), dtype=bool)


def supply_of(stations: gpd.GeoDataFrame, county: County, dates: Mapping[str, date]) -> Supply:
    """The supply of a station table on the clock's two ``dates`` (of "workday" and "dayoff")."""
    services = (ANY_STOP, *county.clock_services)
    calendar = Calendar(dict(dates), county.timezone, county.country)
    kinds = {code for code, kind in county.kinds.items() if kind.stop}
    offers = tuple(
        Offer(
            station=row.id,
            in_service=row.status == "open",
            stop=row.kind in kinds,
            hours=dict.fromkeys(DAYS, row.hours if isinstance(row.hours, str) else None),
            service_hours=row.service_hours or {},
            services=tuple(row.services),
        )
        for row in stations.itertuples()
    )
    known: dict[object, Windows] = {}  # most stations keep the hours of another
    parts = [np.empty((0, 5), dtype=np.int32)]
    for at, offer in enumerate(offers):
        own = tuple(sorted(offer.service_hours.items()))
        key = (offer.in_service, offer.stop, *offer.hours.values(), own, offer.services)
        if key not in known:
            known[key] = _windows(offer, services, calendar)
        parts.append(_of_station(at, known[key]))
    return Supply(services, offers, np.concatenate(parts), calendar)


def station_masks(supply: Supply) -> Masks:
    """The windows of each station, turned into what is open after each travel time."""
    bits = len(supply.services) * len(SLOTS)
    return Masks(*mask_kernel.masks(supply.windows, len(supply.offers), len(SLOTS), bits))


def covered(matrix: csr_array, supply: Supply, reach_min: float) -> NDArray[np.bool_]:
    """Which cells have each service in each slot within reach: services × 48 × cells.

    ``matrix`` (cells × stations) holds the travel times in tenths of a second.
    """
    masks = supply.masks
    words = mask_kernel.covered(*_arrays(matrix), masks.start, masks.tau, masks.words, reach_min)
    return _unpacked(words, len(supply.services))


def backup(matrix: csr_array, supply: Supply, reach_min: float) -> NDArray[np.uint8]:
    """How many stations cover each cell: services × 48 × cells; 255 stands for more, too."""
    masks = supply.masks
    bits = len(supply.services) * len(SLOTS)
    counts = mask_kernel.backup(
        *_arrays(matrix), masks.start, masks.tau, masks.words, reach_min, bits
    )
    return np.ascontiguousarray(counts.T).reshape(len(supply.services), len(SLOTS), -1)


def with_column(
    matrix: csr_array, cells: NDArray[np.intp], time_ds: NDArray[np.int32]
) -> csr_array:
    """The matrix with one station more, reached from these cells in so many tenths of a second."""
    entries = matrix.tocoo()
    rows = np.concatenate([entries.row, cells])
    columns = np.concatenate([entries.col, np.full(len(cells), matrix.shape[1])])
    times = np.concatenate([entries.data, time_ds]).astype(np.int32)
    return csr_array((times, (rows, columns)), shape=(matrix.shape[0], matrix.shape[1] + 1))


def _windows(offer: Offer, services: tuple[str, ...], calendar: Calendar) -> Windows:
    """The rows (service, slot, lo, hi) of one station, sorted."""
    if not offer.in_service:
        return _NO_WINDOWS
    offered = [code for code in services if code in offer.services]
    open_by_service: dict[str, list[NDArray[np.int64]]] = {code: [] for code in services}
    for day in DAYS:
        hours = offer.hours[day]
        if hours is None:
            continue
        where = (calendar.dates[day], 1, calendar.timezone, calendar.country)
        if offer.stop:
            open_by_service[ANY_STOP].append(open_intervals(hours, *where))
        own = service_intervals(hours, offer.service_hours, offered, *where)
        for code, found in own.items():
            open_by_service[code].append(found)
    parts = [_NO_WINDOWS]
    for row, code in enumerate(services):
        if open_by_service[code]:
            parts.append(_open_for_a_stay(row, np.concatenate(open_by_service[code]), calendar))
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


def _of_each_day(hours: str | Mapping[str, str]) -> Mapping[str, str]:
    return dict.fromkeys(DAYS, hours) if isinstance(hours, str) else hours


def _of_station(at: int, windows: Windows) -> Windows:
    return np.insert(windows, 0, at, axis=1)


def _arrays(matrix: csr_array) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    return (
        matrix.indptr.astype(np.int32, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.data.astype(np.int32, copy=False),
    )


def _unpacked(words: NDArray[np.uint64], services: int) -> NDArray[np.bool_]:
    """A bit for each service and slot of each cell, as truth values: services × 48 × cells."""
    octets = words.astype("<u8", copy=False).view(np.uint8)
    bits = np.unpackbits(octets, axis=1, count=services * len(SLOTS), bitorder="little")
    return np.ascontiguousarray(bits.T).view(bool).reshape(services, len(SLOTS), -1)
