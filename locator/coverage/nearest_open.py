"""Where a rider goes when the nearest stop is closed: the nearest one that is open then, however
far it is.

The answer of an hour depends on which stops are open, and many hours share them, so one search of
the streets answers for every hour with the same stops. A stop that closes while the rider is on the
way is left out by a second search, among those that stay open longer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from locator.coverage.demand import DAYS, SLOTS
from locator.coverage.supply import ANY_STOP, DS_PER_MIN, STAY_MIN, Supply, open_times
from locator.streets.access import Search

#: Rows of station, slot, lo, hi: who leaves in the slot and rides for lo to hi tenths of a second
#: arrives while the station is open, with ten minutes to stay. ``hi`` is not bounded by a reach.
Windows = NDArray[np.int64]

#: Nobody sets out for a door that opens later than this after they leave.
OPENS_WITHIN_MIN = 15
#: Long enough for any ride from the last slot of a day.
_DAYS_AHEAD = 2


@dataclass(frozen=True)
class NearestOpen:
    """Of each slot and cell the nearest stop that is open then; both arrays 48 slots × cells.

    ``time_ds`` is in tenths of a second (snaps and parking included), ``station`` the position in
    the station table; both -1 where no stop that is open can be reached.
    """

    time_ds: NDArray[np.int32]
    station: NDArray[np.int32]


@dataclass(frozen=True)
class Nearest:
    """Of one service and each cell: the nearest station in service that offers it, whatever its
    hours (``time_ds`` in tenths of a second and its position, -1 where there is none), and
    ``then`` the nearest that is open at each slot."""

    time_ds: NDArray[np.int32]
    station: NDArray[np.int32]
    then: NearestOpen


def nearest_by_service(search: Search, supply: Supply) -> dict[str, Nearest]:
    """The nearest stations of each cell, for each service of the clock, ``any_stop`` first."""
    ask = remembering(search)
    found = {}
    for service, windows in open_windows(supply).items():
        offering = [
            offer.in_service and (offer.stop if service == ANY_STOP else service in offer.services)
            for offer in supply.offers
        ]
        then = nearest_open(ask, windows, len(supply.offers))
        found[service] = Nearest(*ask(np.array(offering, dtype=bool)), then)
    return found


def nearest_open(search: Search, windows: Windows, stations: int) -> NearestOpen:
    """The nearest of so many ``stations`` that is open on arrival and for ten minutes more.

    ``search`` is `locator.streets.access.nearest_search`'s; ``windows`` are those of one service
    (`open_windows`). A rider leaves at half past the hour, for a stop that is open by then, or that
    opens within 15 minutes and before they arrive. Exact, without a limit of distance: a cell whose
    nearest stop closes too early is asked again among those that close later, for a farther stop
    that closes as early is too late as well. One search for each distinct set of open stops; a
    search that is `remembering` shares them among several calls.
    """
    ask = remembering(search)
    slots = [
        _nearest_then(ask, windows[windows[:, 1] == slot], stations) for slot in range(len(SLOTS))
    ]
    times, which = zip(*slots, strict=True)
    return NearestOpen(np.stack(times), np.stack(which))


def open_windows(supply: Supply) -> dict[str, Windows]:
    """When the stations are open to a stay, for each service of the clock.

    Those of `supply.windows`, but for rides of any length.
    """
    found: dict[str, list[Windows]] = {service: [] for service in supply.services}
    leave_ds = supply.calendar.departures_ds
    for at, offer in enumerate(supply.offers):
        for first, day in enumerate(DAYS):
            open_ = open_times(offer, supply.services, supply.calendar, day, _DAYS_AHEAD)
            slots = slice(first * 24, first * 24 + 24)
            for service, intervals in open_.items():
                found[service].append(_windows(at, first * 24, leave_ds[slots], intervals))
    none = np.empty((0, 4), dtype=np.int64)
    return {service: np.concatenate([none, *parts]) for service, parts in found.items()}


def remembering(search: Search) -> Search:
    """The same search, which asks the streets only once for the same set of stations."""
    answers: dict[bytes, tuple[NDArray[np.int32], NDArray[np.int32]]] = {}

    def ask(allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        key = allowed.tobytes()
        if key not in answers:
            answers[key] = search(allowed)
        return answers[key]

    return ask


def _nearest_then(
    ask: Search, windows: Windows, stations: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Time and position of each cell's nearest open stop in the slot of these windows."""
    last_ds = np.full(stations + 1, -1, dtype=np.int64)  # the last stands for "none"
    at_once = windows[windows[:, 2] == 0]
    last_ds[at_once[:, 0]] = at_once[:, 3]
    time_ds, station = (answer.copy() for answer in ask(last_ds[:-1] >= 0))
    while (late := (station >= 0) & (time_ds > last_ds[station])).any():
        closes = np.where(late, last_ds[station], -1)
        for limit in np.unique(closes[late]):
            cells = closes == limit
            ride, other = ask(last_ds[:-1] > limit)
            time_ds[cells], station[cells] = ride[cells], other[cells]
    for at, _, lo, hi in windows[windows[:, 2] > 0]:
        ride, _ = ask(np.arange(stations) == at)
        nearer = (ride >= lo) & (ride <= hi) & ((time_ds < 0) | (ride < time_ds))
        time_ds[nearer], station[nearer] = ride[nearer], at
    return time_ds, station


def _windows(
    station: int, first_slot: int, leave_ds: NDArray[np.int64], intervals: NDArray[np.int64]
) -> Windows:
    """The windows of one station on one day, from its intervals in minutes since 1970."""
    start, end = (intervals * DS_PER_MIN).T
    lo = np.maximum(0, start - leave_ds[:, None])
    hi = end - leave_ds[:, None] - STAY_MIN * DS_PER_MIN
    slot, which = np.nonzero((lo <= hi) & (lo <= OPENS_WITHIN_MIN * DS_PER_MIN))
    return np.stack(
        [np.full(len(slot), station), first_slot + slot, lo[slot, which], hi[slot, which]], axis=1
    )
