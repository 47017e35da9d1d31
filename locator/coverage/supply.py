"""What the stations offer, by the clock, and which cells they cover.

The windows of a station (see `windows`) say all that any question about its hours needs. Its
*masks* are the same turned round, for each travel time one bit a service and slot, and a cell's
coverage is the union of the masks of the stations that it reaches. So the whole clock is one pass
over the matrix of travel times, and every what-if is another set of windows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from locator.county import County
from locator.coverage import mask_kernel
from locator.coverage.demand import DAYS, SLOTS
from locator.coverage.windows import (
    ANY_STOP,
    DEPARTURE_MINUTE,
    DS_PER_MIN,
    LONGEST_DS,
    STAY_MIN,
    Calendar,
    Offer,
    Windows,
    open_times,
    windows_of,
)

__all__ = [
    "ANY_STOP",
    "DEPARTURE_MINUTE",
    "DS_PER_MIN",
    "LONGEST_DS",
    "STAY_MIN",
    "Calendar",
    "Masks",
    "Offer",
    "Supply",
    "Windows",
    "covered",
    "covered_words",
    "mask_arrays",
    "open_times",
    "station_masks",
    "stops",
    "supply_of",
]


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
        """The same with one stop more, which the matrix takes as its last column.

        On a day that ``hours`` do not name it is closed. Without ``services`` it offers all of
        the clock.
        """
        offered = self.services[1:] if services is None else tuple(services)
        door = {**dict.fromkeys(DAYS), **_of_each_day(hours)}
        offer = Offer(station, True, True, door, service_hours or {}, offered)
        return self._with_offer(len(self.offers), offer)

    def only(self, chosen: NDArray[np.bool_]) -> Supply:
        """The same with none but the ``chosen`` stations (a truth value each) in service."""
        offers = tuple(
            offer if keep else replace(offer, in_service=False)
            for offer, keep in zip(self.offers, chosen, strict=True)
        )
        return replace(self, offers=offers, windows=self.windows[chosen[self.windows[:, 0]]])

    def _with_offer(self, at: int, offer: Offer) -> Supply:
        begin, end = np.searchsorted(self.windows[:, 0], [at, at + 1])
        own = _of_station(at, windows_of(offer, self.services, self.calendar))
        windows = np.concatenate([self.windows[:begin], own, self.windows[end:]])
        offers = (*self.offers[:at], offer, *self.offers[at + 1 :])
        return replace(self, offers=offers, windows=windows)


def stops(stations: gpd.GeoDataFrame, county: County) -> NDArray[np.bool_]:
    """Which stations are places to rest and in service (a friendly estate is no such place)."""
    kinds = [code for code, kind in county.kinds.items() if kind.stop]
    return np.asarray((stations["status"] == "open") & stations["kind"].isin(kinds), dtype=bool)


def supply_of(stations: gpd.GeoDataFrame, county: County, dates: Mapping[str, date]) -> Supply:
    """The supply of a station table on the clock's two ``dates`` (of "workday" and "dayoff")."""
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
    return supply_of_offers(offers, county, dates)


def supply_of_offers(offers: Sequence[Offer], county: County, dates: Mapping[str, date]) -> Supply:
    """The supply of these ``offers``, in their order."""
    services = (ANY_STOP, *county.clock_services)
    calendar = Calendar(dict(dates), county.timezone, county.country)
    known: dict[object, Windows] = {}  # most stations keep the hours of another
    parts = [np.empty((0, 5), dtype=np.int32)]
    for at, offer in enumerate(offers):
        own = tuple(sorted(offer.service_hours.items()))
        key = (offer.in_service, offer.stop, *offer.hours.values(), own, offer.services)
        if key not in known:
            known[key] = windows_of(offer, services, calendar)
        parts.append(_of_station(at, known[key]))
    return Supply(services, tuple(offers), np.concatenate(parts), calendar)


def station_masks(supply: Supply) -> Masks:
    """The windows of each station, turned into what is open after each travel time."""
    bits = len(supply.services) * len(SLOTS)
    return Masks(*mask_kernel.masks(supply.windows, len(supply.offers), len(SLOTS), bits))


def covered(matrix: csr_array, supply: Supply, reach_min: float) -> NDArray[np.bool_]:
    """Which cells have each service in each slot within reach: services × 48 × cells.

    ``matrix`` (cells × stations) holds the travel times in tenths of a second.
    """
    return _unpacked(covered_words(matrix, supply, reach_min), len(supply.services))


def covered_words(matrix: csr_array, supply: Supply, reach_min: float) -> NDArray[np.uint64]:
    """The same, packed as the masks are: cells × words."""
    words: NDArray[np.uint64] = mask_kernel.covered(*mask_arrays(matrix, supply), reach_min)
    return words


def mask_arrays(
    matrix: csr_array, supply: Supply
) -> tuple[
    NDArray[np.int32], NDArray[np.int32], NDArray[np.int32],
    NDArray[np.int32], NDArray[np.int32], NDArray[np.uint64],
]:  # fmt: skip
    """What the compiled passes take: the matrix row by row, and the masks."""
    masks = supply.masks
    return (
        matrix.indptr.astype(np.int32, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.data.astype(np.int32, copy=False),
        masks.start,
        masks.tau,
        masks.words,
    )


def _of_each_day(hours: str | Mapping[str, str]) -> Mapping[str, str]:
    return dict.fromkeys(DAYS, hours) if isinstance(hours, str) else hours


def _of_station(at: int, windows: Windows) -> Windows:
    return np.insert(windows, 0, at, axis=1)


def _unpacked(words: NDArray[np.uint64], services: int) -> NDArray[np.bool_]:
    """A bit for each service and slot of each cell, as truth values: services × 48 × cells."""
    octets = words.astype("<u8", copy=False).view(np.uint8)
    bits = np.unpackbits(octets, axis=1, count=services * len(SLOTS), bitorder="little")
    return np.ascontiguousarray(bits.T).view(bool).reshape(services, len(SLOTS), -1)
