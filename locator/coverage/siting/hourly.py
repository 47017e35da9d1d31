"""For each hour of the clock the single actions that gain most riders just then.

The week's plan asks what pays over all hours together; who looks at one hour and one service wants
to know what helps there. One action alone needs no search: what each would gain is a sum. Of the
actions at one place that gain the same, the cheapest stands for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from locator.coverage.demand import DAYS, SLOTS, Demand
from locator.coverage.served import need_of
from locator.coverage.siting.actions import Action, aim_of
from locator.coverage.siting.plan import Case, Seen, every_action
from locator.coverage.siting.problem import Floats, Ints
from locator.coverage.siting.report import action_json
from locator.coverage.siting.robust import TOP, assumptions
from locator.coverage.supply import ANY_STOP

#: A gain below this many riders is none.
LEAST = 0.05


@dataclass(frozen=True)
class Helpful:
    """An action that helps in one hour: ``riders`` more find the service then.

    Under ``kept`` of the ``scenarios`` of `robust.py` it is among the best three of that hour.
    """

    action: Action
    riders: float
    kept: int
    scenarios: int


def hourly(case: Case, service: str = ANY_STOP) -> list[list[Helpful]]:
    """Of each of the 48 slots the best three single actions for a service, the best first.

    Fewer where fewer gain anything, none at all where demand is unknown.
    """
    aim = aim_of(() if service == ANY_STOP else (service,))
    actions = every_action(case, aim)
    if not actions or case.demand.provenance is None:
        return [[] for _ in SLOTS]
    places = np.unique([action.place for action in actions], return_inverse=True)[1]
    cost = np.array([action.cost for action in actions])
    gains = _gains(case, case.seen(actions, aim), case.demand, service)
    best = _best(gains, places, cost)
    scenarios = 0
    kept = np.zeros(best.shape, dtype=int)
    for demand, seen in assumptions(case, actions, aim):
        scenarios += 1
        then = _best(_gains(case, seen, demand, service), places, cost)
        known = np.where(then < 0, -1, places[then])
        for rank in range(TOP):
            kept[:, rank] += (known == places[best[:, rank]][:, None]).any(axis=1)
    return [
        [
            Helpful(actions[option], float(gains[option, slot]), int(kept[slot, rank]), scenarios)
            for rank, option in enumerate(best[slot])
            if option >= 0
        ]
        for slot in range(len(SLOTS))
    ]


def _gains(case: Case, seen: Seen, demand: Demand, service: str) -> Floats:
    """Riders that each action alone would serve more, by slot: actions × 48."""
    row = (ANY_STOP, *case.county.clock_services).index(service)
    need = need_of(case.county)[row]
    missing = demand.riders * ~seen.covered[row].T * need
    entries = seen.options.entries
    cell = np.repeat(np.arange(entries.shape[0]), np.diff(entries.indptr))
    gains = np.zeros((entries.shape[1], len(SLOTS)))
    np.add.at(gains, entries.indices, seen.options.offered * missing[cell])
    return gains


def _best(gains: Floats, places: Ints, cost: Floats) -> Ints:
    """The best options of each slot, slots × three; -1 where no more of them gain anything."""
    found = np.full((gains.shape[1], TOP), -1)
    for slot, gain in enumerate(np.round(gains.T, 6)):
        taken: set[int] = set()
        for option in np.lexsort((np.arange(len(cost)), cost, -gain)):
            if gain[option] < LEAST or len(taken) == TOP:
                break
            if places[option] not in taken:
                found[slot, len(taken)] = option
                taken.add(int(places[option]))
    return found


def hourly_json(case: Case) -> dict[str, Any]:
    """``public/hourly.json``: of any stop and of each service, by day and hour, the best three as
    [id of the action, riders, kept]; the actions by their ids; ``scenarios`` were tried."""
    actions: dict[str, dict[str, Any]] = {}
    told: dict[str, dict[str, list[list[list[Any]]]]] = {}
    scenarios = 0
    for service in (ANY_STOP, *case.county.clock_services):
        hours = []
        for found in hourly(case, service):
            actions |= {each.action.id: action_json(each.action) for each in found}
            scenarios = max([scenarios, *(each.scenarios for each in found)])
            hours.append([[each.action.id, round(each.riders, 1), each.kept] for each in found])
        if any(hours):
            told[service] = {day: hours[24 * at : 24 * (at + 1)] for at, day in enumerate(DAYS)}
    return {
        "reach_min": case.reach_min,
        "scenarios": scenarios,
        "actions": dict(sorted(actions.items())),
        "best": told,
    }
