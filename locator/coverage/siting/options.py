"""The actions as a problem: whom each would cover, in which hours, and what that is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from locator.county import County
from locator.coverage.demand import SLOTS, Demand
from locator.coverage.served import need_of
from locator.coverage.siting.actions import Action, Aim
from locator.coverage.siting.problem import Bools, Problem, merged_problem
from locator.coverage.supply import ANY_STOP, DS_PER_MIN, Supply
from locator.streets.access import Access

_STEPS = 10_000  # more than the longest ride in tenths of a second


@dataclass(frozen=True)
class Options:
    """The actions as columns: who reaches them, and in which slots they would cover whom.

    ``entries`` (cells × actions) holds travel times within reach; ``offered`` (a row an entry) the
    slots of each service of the aim, service by service.
    """

    actions: tuple[Action, ...]
    entries: csr_array
    offered: Bools


def options_of(
    actions: Sequence[Action],
    stations: Sequence[str],
    access: Access,
    sites: Sequence[str],
    to_sites: Access,
    supply: Supply,
    aim: Aim,
    reach_min: float,
) -> Options:
    """Whom each action would cover; ``access`` is to ``stations``, ``to_sites`` to ``sites``, and
    ``supply`` is what the actions would offer."""
    columns = csr_array(hstack([access.matrix, to_sites.matrix], format="csc"))
    number = {place: at for at, place in enumerate([*stations, *sites])}
    times = columns.tocsc()[:, [number[action.place] for action in actions]]
    times.data[times.data > reach_min * DS_PER_MIN] = 0
    times.eliminate_zeros()
    entries = csr_array(times.tocsr())
    entries.sort_indices()
    return Options(tuple(actions), entries, _offered(entries, supply, aim))


def _offered(entries: csr_array, supply: Supply, aim: Aim) -> Bools:
    """What each entry covers, in the slots of the aim: entries × (services × slots)."""
    masks = supply.masks
    steps = np.repeat(np.arange(len(supply.offers)), np.diff(masks.start)) * _STEPS + masks.tau
    at = np.searchsorted(steps, entries.indices * _STEPS + entries.data, side="right") - 1
    octets = masks.words.astype("<u8").view(np.uint8)
    bits = np.unpackbits(octets, axis=1, bitorder="little")
    rows = [supply.services.index(code) for code in aim.services]
    columns = np.array([row * len(SLOTS) + slot for row in rows for slot in aim.slots], dtype=int)
    return np.asarray(bits[:, columns].astype(bool)[at])


def problem_of(
    options: Options,
    demand: Demand,
    covered: NDArray[np.bool_],
    county: County,
    aim: Aim,
) -> Problem:
    """What there is to gain: rider-hours a week that no station covers today.

    ``covered`` is today's coverage, services × 48 × cells, as `Coverage` has it.
    """
    services = (ANY_STOP, *county.clock_services)
    slots = list(aim.slots)
    need = need_of(county)[:, slots]
    weights = []
    for row in (services.index(code) for code in aim.services):
        missing = ~covered[row][slots].T
        weights.append(demand.riders[:, slots] * missing * need[row] * aim.weight)
    places = [action.place for action in options.actions]
    numbers = {place: at for at, place in enumerate(dict.fromkeys(places))}
    return merged_problem(
        options.entries,
        options.offered,
        np.concatenate(weights, axis=1),
        [action.cost for action in options.actions],
        [numbers[place] for place in places],
    )
