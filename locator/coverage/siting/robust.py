"""How far an answer depends on what is assumed: the same question asked of other assumptions.

Demand by 20 % more or less in each township and, by seeded chance, in every neighbourhood; speed by
20 %; the hours at which riders rest an hour earlier or later. (20 % more riders everywhere changes
every gain alike and no choice, so it is told and not counted.) Each time the question is answered
anew, and one sees which of the recommended actions are taken again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import h3
import numpy as np

from locator.coverage.demand import DAYS, Demand
from locator.coverage.siting.actions import Action, Aim
from locator.coverage.siting.options import problem_of
from locator.coverage.siting.plan import Case, Plan, Seen, in_order
from locator.coverage.siting.problem import Floats, Problem

CHANGE = 0.2
LAG_H = 1
#: Demand of every neighbourhood (H3 cells of this resolution, 5 km²) drawn by chance, so often.
NEIGHBOURHOOD = 7
DRAWS = 8
SEED = 20261129
TOP = 3
#: A township with less of the demand than this does not count as an assumption of its own.
_LEAST_SHARE = 0.02


@dataclass(frozen=True)
class Steadiness:
    """Of ``scenarios`` in how many an action is ``chosen`` again, and among the ``top`` three.

    ``least`` and ``most`` are what it gains by itself, in rider-hours a week, in these scenarios
    and with 20 % fewer or more riders everywhere.
    """

    scenarios: int
    chosen: int
    top: int
    least: float
    most: float


def steadiness(plan: Plan) -> list[Steadiness]:
    """Of each recommended action, in the order of the plan."""
    if len(plan.order) == 0:
        return []
    chosen = np.zeros(len(plan.order), dtype=int)
    top = np.zeros(len(plan.order), dtype=int)
    base = [plan.problem.gain([j]) for j in plan.order]
    gains = [[(1 - CHANGE) * gain, gain, (1 + CHANGE) * gain] for gain in base]
    scenarios = 0
    for problem in _problems(plan):
        scenarios += 1
        answer = in_order(problem, plan.question.answer(problem).chosen)
        chosen += np.isin(plan.order, answer)
        top += np.isin(plan.order, answer[:TOP])
        for at, option in enumerate(plan.order):
            gains[at].append(problem.gain([option]))
    return [
        Steadiness(scenarios, int(chosen[at]), int(top[at]), min(found), max(found))
        for at, found in enumerate(gains)
    ]


def _problems(plan: Plan) -> Iterator[Problem]:
    aim, actions = plan.question.aim, plan.seen.options.actions
    for demand, seen in assumptions(plan.case, actions, aim):
        yield problem_of(seen.options, demand, seen.covered, plan.case.county, aim)


def assumptions(case: Case, actions: Sequence[Action], aim: Aim) -> Iterator[tuple[Demand, Seen]]:
    """Other riders, and others whom the actions would cover: one pair a scenario."""
    seen = case.seen(actions, aim)
    for factor in _by_cell(case):
        yield replace(case.demand, riders=case.demand.riders * factor[:, None]), seen
    for hours in (-LAG_H, LAG_H):
        yield _later(case.demand, hours), seen
    for speed in (1 - CHANGE, 1 + CHANGE):
        yield case.demand, case.seen(actions, aim, speed)


def _by_cell(case: Case) -> Iterator[Floats]:
    """Factors on the demand of each cell: township by township, then by chance."""
    names = np.array(case.found.ground.cell_townships, dtype=object)
    riders = case.demand.riders.sum(axis=1)
    kinds = sorted({name for name in names if name is not None})
    of_some = [name for name in kinds if riders[names == name].sum() > _LEAST_SHARE * riders.sum()]
    for name in of_some if len(of_some) > 1 else []:
        for factor in (1 - CHANGE, 1 + CHANGE):
            yield np.where(names == name, factor, 1.0)
    around = [
        h3.cell_to_parent(cell, min(NEIGHBOURHOOD, h3.get_resolution(cell)))
        for cell in case.demand.cells
    ]
    number = np.unique(around, return_inverse=True)[1]
    rng = np.random.default_rng(SEED)
    for _ in range(DRAWS):
        yield rng.uniform(1 - CHANGE, 1 + CHANGE, number.max() + 1)[number]


def _later(demand: Demand, hours: int) -> Demand:
    """Riders rest so many hours later, on the same kind of day."""
    days = np.split(demand.riders, len(DAYS), axis=1)
    return replace(
        demand, riders=np.concatenate([np.roll(day, hours, axis=1) for day in days], axis=1)
    )
