"""What each station means to its county: what its closing would cost, and how crowded it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from locator.coverage import mask_kernel
from locator.coverage.demand import SLOTS
from locator.coverage.served import Floats, Served
from locator.coverage.supply import DS_PER_MIN, mask_arrays
from locator.coverage.week import WEEK


@dataclass(frozen=True)
class StationMeasures:
    """All stations, in the order of the supply.

    ``lost`` (stations × services × 48) are the rider-hours that would no longer be covered were
    the station closed: those that it alone covers. ``guests`` (stations × 48) are the riders for
    whom it is the nearest open stop, and within reach.
    """

    lost: Floats
    guests: Floats

    @property
    def lost_a_week(self) -> Floats:
        """The rider-hours a week lost with each station, stations × services."""
        return self.lost @ WEEK


def station_measures(found: Served) -> StationMeasures:
    """Leave each station out in turn, and send every rider to the nearest open one."""
    bits = found.need.size
    lost = mask_kernel.lost_without(
        *mask_arrays(found.matrix, found.supply),
        found.reach_min,
        found.twice,
        found.demand.riders,
        bits,
    )
    stations = len(found.supply.offers)
    return StationMeasures(
        lost=lost.reshape(stations, *found.need.shape) * found.need, guests=_guests(found, stations)
    )


def ranks(lost: Floats) -> NDArray[np.int64]:
    """The rank of each station by what its closing costs, 1 for the most; equals share one."""
    return 1 + np.array([(lost > value + 1e-9).sum() for value in lost], dtype=np.int64)


def _guests(found: Served, stations: int) -> Floats:
    near = (found.nearest.station >= 0) & (found.nearest.time_ds <= found.reach_min * DS_PER_MIN)
    slot, cell = np.nonzero(near)
    place = found.nearest.station[slot, cell] * len(SLOTS) + slot
    riders = found.demand.riders[cell, slot]
    counted = np.bincount(place, weights=riders, minlength=stations * len(SLOTS))
    return counted.astype(float).reshape(stations, len(SLOTS))
