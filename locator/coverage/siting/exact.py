"""The best choice, proven, or one with a bound: greedy, bound, and what is left for HiGHS.

The bound drops the options that are in no better choice; the few that stay go to the mixed-integer
solver HiGHS (by scipy), which searches at most ``NODES`` nodes. No clock ends a search: the same
problem always gets the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array

from locator.coverage.siting.bound import Bound, bound
from locator.coverage.siting.greedy import greedy, improved
from locator.coverage.siting.problem import SAME, Bools, Ints, Problem
from locator.coverage.siting.reduce import hardest, restricted, undominated
from locator.coverage.siting.solver import INFEASIBLE, groups_of, least_cost, milp_of, most_gain

Status = Literal["optimal", "bounded", "infeasible", "unknown"]

#: "Proven" means that no choice gains more by this part: the tolerance of the solver.
PROVEN = 1e-6
NODES = 2_000
#: More entries than this are not given to the solver: its first linear program alone takes minutes.
SOLVABLE = 150_000
#: Fewer than this are given to it at once: the bound would take longer.
SMALL = 5_000
_ROUNDS = 6


@dataclass(frozen=True)
class Choice:
    """Options (sorted numbers), what they gain, and that no choice gains more than ``bound``.

    ``status``: ``optimal`` proven within ``PROVEN``; ``bounded``: at most ``gap`` (a share of the
    gain) from the best. Of `cover_all`, gain is the cost, ``infeasible`` that no choice covers
    everything, and ``unknown`` that none was found, nor that there is none.
    """

    chosen: Ints
    gain: float
    bound: float
    status: Status

    @property
    def gap(self) -> float:
        """How much more, as a share of the gain, the best choice could gain at most."""
        return (
            0.0 if self.gain == self.bound else abs(self.bound - self.gain) / max(self.gain, 1e-300)
        )


def within(problem: Problem, budget: float, gap: float = 0.0) -> Choice:
    """A choice by greedy, swaps and the bound alone; ends when they are ``gap`` (a share) apart."""
    known = improved(problem, greedy(problem, budget), budget)
    top = np.inf if len(known) else 0.0
    found: Bound | None = None
    for _ in range(_ROUNDS):
        if top <= problem.gain(known) * (1.0 + max(gap, PROVEN)):
            break
        known, found = _round(problem, budget, known, gap, found)
        top = min(top, found.value)
    return _choice(problem, known, top)


def best_choice(problem: Problem, budget: float, nodes: int = NODES) -> Choice:
    """The choice that gains most within ``budget``, proven where ``nodes`` nodes suffice."""
    known = improved(problem, greedy(problem, budget), budget)
    if len(known) == 0:  # nothing that covers anybody is within the budget
        return _choice(problem, known, 0.0)
    top, found = np.inf, None
    open_ = problem.cost <= budget
    for _ in range(_ROUNDS):
        if _entries(problem, open_) <= SMALL:
            break
        known, found = _round(problem, budget, known, 0.0, found)
        top, open_ = min(top, found.value), found.open
        if top <= problem.gain(known) * (1.0 + PROVEN):
            return _choice(problem, known, top)
    numbers, small = np.flatnonzero(open_), restricted(problem, open_)
    keep = undominated(small)
    numbers, small = numbers[keep], restricted(small, keep)
    if small.options_of.nnz > SOLVABLE:
        return _choice(problem, known, top)
    chosen, most = most_gain(small, budget, nodes)
    if chosen is not None and problem.gain(numbers[chosen]) > problem.gain(known):
        known = numbers[chosen]
    # Whoever takes a dropped option gains no more than is known.
    return _choice(problem, _needed(problem, known), max(problem.gain(known), min(top, most)))


def _round(
    problem: Problem, budget: float, known: Ints, gap: float, last: Bound | None
) -> tuple[Ints, Bound]:
    """A bound, and a better choice if swaps make one of what the relaxation takes."""
    begin = None if last is None else last.multipliers
    found = bound(problem, budget, known, gap, begin=begin)
    other = improved(problem, _affordable(problem, found.picked, budget), budget)
    return (other if problem.gain(other) > problem.gain(known) else known), found


def _entries(problem: Problem, options: Bools) -> int:
    return int(np.diff(problem.items_of.indptr)[options].sum())


def another(problem: Problem, budget: float, choice: Choice, nodes: int = NODES) -> Ints | None:
    """A choice that gains the same as ``choice`` without all of its options, if one is found."""
    open_ = problem.cost <= budget
    if _entries(problem, open_) > SMALL:
        open_ = bound(problem, budget, choice.chosen).open
        open_[choice.chosen] = True
    numbers, small = np.flatnonzero(open_), restricted(problem, open_)
    if small.options_of.nnz > SOLVABLE or len(choice.chosen) == 0:
        return None
    without = csr_array(np.isin(numbers, choice.chosen).astype(np.float64)[None, :])
    chosen, _ = most_gain(small, budget, nodes, (without, len(choice.chosen) - 1))
    if chosen is None:
        return None
    other = _needed(problem, numbers[chosen].astype(np.int64))
    return other if problem.gain(other) >= choice.gain * (1.0 - PROVEN) else None


def cheapest_alike(problem: Problem, actions: float, choice: Choice, nodes: int = NODES) -> Choice:
    """The choice of at most so many ``actions`` that gains what ``choice`` does at the least cost.

    ``problem`` has the true costs; ``choice`` is the best of its `Problem.counted`. Where ``nodes``
    nodes do not suffice, the cheapest that was found.
    """
    counted = problem.counted()
    open_ = np.ones(len(problem.cost), dtype=bool)
    if problem.options_of.nnz > SMALL:
        # One that is in no choice of this gain is in none of the cheaper ones.
        open_ = bound(counted, actions, choice.chosen).open
        open_[choice.chosen] = True
    numbers, small = np.flatnonzero(open_), restricted(problem, open_)
    keep = undominated(small)
    numbers, small = numbers[keep], restricted(small, keep)
    if len(choice.chosen) == 0 or small.options_of.nnz > SOLVABLE:
        return choice
    chosen = least_cost(small, actions, choice.gain * (1.0 - SAME), nodes)
    if chosen is None:
        return choice
    found = _needed(problem, numbers[chosen].astype(np.int64))
    gain = problem.gain(found)
    if gain < choice.gain * (1.0 - PROVEN) or _cost(problem, found) >= _cost(
        problem, choice.chosen
    ):
        return choice
    return replace(choice, chosen=found, gain=gain, bound=max(gain, choice.bound))


def cover_all(problem: Problem, nodes: int = NODES) -> Choice:
    """The cheapest choice that covers every item that can be covered (Toregas et al. 1971)."""
    numbers = np.arange(len(problem.cost))
    small = problem
    while True:
        before = small.options_of.shape
        keep = undominated(small)
        numbers, small = numbers[keep], restricted(small, keep)
        rows = np.flatnonzero(hardest(small))
        small = _items(small, rows)
        if small.options_of.shape == before:
            break
    if len(small.weight) == 0:
        return Choice(np.empty(0, dtype=np.int64), 0.0, 0.0, "optimal")
    limits = [
        LinearConstraint(small.options_of.astype(np.float64), lb=1.0),
        LinearConstraint(groups_of(small), ub=1.0),
    ]
    result = milp_of(small.cost, limits, nodes, np.ones(len(small.cost), dtype=np.int64))
    if result.status == INFEASIBLE:
        return Choice(np.empty(0, dtype=np.int64), 0.0, 0.0, "infeasible")
    if result.x is None:
        found = greedy(problem, np.inf)
        if not problem.covered(found).all():
            return Choice(np.empty(0, dtype=np.int64), 0.0, 0.0, "unknown")
    else:
        found = numbers[result.x > 0.5].astype(np.int64)
    chosen = _needed(problem, found)
    spent = float(problem.cost[chosen].sum())
    least = min(spent, float(result.mip_dual_bound or 0.0))
    proven = spent - least <= PROVEN * max(1.0, spent)
    return Choice(chosen, spent, spent if proven else least, "optimal" if proven else "bounded")


def _items(problem: Problem, rows: Ints) -> Problem:
    every = restricted(problem, np.ones(len(problem.cost), dtype=bool))
    options_of = csr_array(every.options_of[rows])
    return Problem(every.weight[rows], options_of, options_of.tocsc(), every.cost, every.group,
                   every.unmerged)  # fmt: skip


def _choice(problem: Problem, chosen: Ints, top: float) -> Choice:
    gain = problem.gain(chosen)
    proven = top <= gain * (1.0 + PROVEN)
    return Choice(
        np.sort(chosen), gain, gain if proven else top, "optimal" if proven else "bounded"
    )


def _affordable(problem: Problem, picked: Ints, budget: float) -> Ints:
    """The options of the relaxation as far as the budget goes, the best for its cost first."""
    alone = np.asarray(problem.items_of.T @ problem.weight)[picked]
    order = picked[np.argsort(-alone / np.maximum(problem.cost[picked], 1e-300), kind="stable")]
    spent = np.cumsum(problem.cost[order])
    return np.asarray(order[spent <= budget], dtype=np.int64)


def _needed(problem: Problem, chosen: Ints) -> Ints:
    """``chosen`` without the options that add nothing to the others, the dearest left out first."""
    kept = list(chosen)
    whole = problem.gain(kept)
    for option in sorted(chosen, key=lambda j: (-problem.cost[j], -j)):
        rest = [other for other in kept if other != option]
        if problem.gain(rest) >= whole:
            kept = rest
    return np.sort(np.array(kept, dtype=np.int64))


def _cost(problem: Problem, chosen: Ints) -> float:
    return float(problem.cost[chosen].sum())
