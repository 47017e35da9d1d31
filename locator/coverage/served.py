"""Who is served when, cell by cell: what all measures of coverage add up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from locator.county import County
from locator.coverage import mask_kernel
from locator.coverage.demand import SLOTS, Demand
from locator.coverage.ground import Ground
from locator.coverage.nearest_open import NearestOpen
from locator.coverage.supply import Supply, mask_arrays

Words = NDArray[np.uint64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Served:
    """The cells of a county by what serves them, within ``reach_min`` minutes.

    ``once`` and ``twice`` have a bit for each service and slot (as `supply.Masks` have): at least
    one station covers the cell, at least two do. ``nearest`` is the nearest open stop of each slot
    and cell, however far. ``need`` (services × 48) says how many of the riders present need a
    service in a slot; ``no_street`` are cells that no trip leaves.
    """

    demand: Demand
    matrix: csr_array
    supply: Supply
    reach_min: float
    need: Floats
    once: Words
    twice: Words
    nearest: NearestOpen
    no_street: NDArray[np.bool_]


def served(
    ground: Ground, supply: Supply, nearest: NearestOpen, county: County, reach_min: float
) -> Served:
    """Find out what serves each cell.

    ``supply`` is that of the stations of ``ground``, ``nearest`` the nearest open ones among them
    (`nearest_open`).
    """
    matrix = ground.access.matrix
    once, twice = mask_kernel.covered_twice(*mask_arrays(matrix, supply), reach_min)
    no_street = np.zeros(matrix.shape[0], dtype=bool)
    no_street[ground.access.unreachable_cells] = True
    return Served(
        demand=ground.demand,
        matrix=matrix,
        supply=supply,
        reach_min=reach_min,
        need=need_of(county),
        once=once,
        twice=twice,
        nearest=nearest,
        no_street=no_street,
    )


def need_of(county: County) -> Floats:
    """Riders in need of each service in each slot, for each rider present: services × 48.

    Everyone needs a place to stop.
    """
    hours = [hour for _, hour in SLOTS]
    services = [county.services[code] for code in county.clock_services]
    return np.array(
        [[1.0] * len(SLOTS), *([code.need(hour) for hour in hours] for code in services)]
    )


def rider_sums(found: Served, words: Words, group: NDArray[np.int32], groups: int) -> Floats:
    """The rider-hours of the bits that are set: groups × services × 48.

    ``group`` is that of each cell, -1 for one that does not count.
    """
    bits = found.need.size
    sums = mask_kernel.rider_sums(words, found.demand.riders, group, groups, bits)
    weighted: Floats = sums.reshape(groups, *found.need.shape) * found.need
    return weighted
