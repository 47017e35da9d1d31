"""The best choice, proven, or one with a bound: greedy, bound, and what is left for HiGHS.

The bound drops the options that are in no better choice; the few that stay go to the mixed-integer
solver HiGHS (by scipy), which searches at most ``NODES`` nodes. No clock ends a search: the same
problem always gets the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from locator.coverage.siting.bound import Bound, bound
from locator.coverage.siting.greedy import greedy, improved
from locator.coverage.siting.problem import Bools, Floats, Ints, Problem
from locator.coverage.siting.reduce import hardest, restricted, undominated

Status = Literal["optimal", "bounded", "infeasible"]

#: "Proven" means that no choice gains more by this part: the tolerance of the solver.
PROVEN = 1e-6
NODES = 2_000
#: More entries than this are not given to the solver: its first linear program alone takes minutes.
SOLVABLE = 150_000
#: Fewer than this are given to it at once: the bound would take longer.
SMALL = 5_000
_ROUNDS = 6
_INFEASIBLE = 2  # scipy's status


@dataclass(frozen=True)
class Choice:
    """Options (sorted numbers), what they gain, and that no choice gains more than ``bound``.

    ``status``: ``optimal`` proven within ``PROVEN``; ``bounded``: at most ``gap`` (a share of the
    gain) from the best. Of `cover_all`, gain is the cost, and ``infeasible`` that no choice covers
    everything.
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
    chosen, most = _solve(small, budget, nodes)
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
    chosen, _ = _solve(small, budget, nodes, (without, len(choice.chosen) - 1))
    if chosen is None:
        return None
    other = _needed(problem, numbers[chosen].astype(np.int64))
    return other if problem.gain(other) >= choice.gain * (1.0 - PROVEN) else None


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
        LinearConstraint(_groups(small), ub=1.0),
    ]
    result = _milp(small.cost, limits, nodes, np.ones(len(small.cost), dtype=np.int64))
    if result.status == _INFEASIBLE or result.x is None:
        return Choice(np.empty(0, dtype=np.int64), 0.0, 0.0, "infeasible")
    chosen = _needed(problem, numbers[result.x > 0.5].astype(np.int64))
    spent = float(problem.cost[chosen].sum())
    least = min(spent, float(result.mip_dual_bound))
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


def _solve(
    problem: Problem,
    budget: float,
    nodes: int,
    at_most: tuple[csr_array, float] | None = None,
) -> tuple[Ints | None, float]:
    """Options chosen by HiGHS and its bound; ``at_most`` is one more limit on the options."""
    items, options = problem.options_of.shape
    if options == 0:
        return np.empty(0, dtype=np.int64), 0.0
    scale = 1000.0 / problem.coverable
    rows, most = [csr_array(problem.cost[None, :])], [budget]
    groups = _groups(problem)
    rows.append(groups)
    most += [1.0] * groups.shape[0]
    if at_most is not None:
        rows.append(at_most[0])
        most.append(at_most[1])
    on_options = vstack(rows, format="csr")
    of_items = hstack([-problem.options_of.astype(np.float64), eye_array(items)], format="csr")
    limits = [
        LinearConstraint(of_items, ub=0.0),
        LinearConstraint(
            hstack([on_options, csr_array((len(most), items))], format="csr"), ub=most
        ),
    ]
    cost = np.concatenate([np.zeros(options), -problem.weight * scale])
    whole = np.repeat([1, 0], [options, items])
    result = _milp(cost, limits, nodes, whole)
    if result.x is None:
        return None, -np.inf if result.status == _INFEASIBLE else np.inf
    return np.flatnonzero(result.x[:options] > 0.5), -float(result.mip_dual_bound) / scale


def _groups(problem: Problem) -> csr_array:
    """A row for each group of more than one option, with ones at its options."""
    size = np.bincount(problem.group, minlength=1)
    row = (np.cumsum(size > 1) - 1)[problem.group]
    shared = np.flatnonzero(size[problem.group] > 1)
    shape = (int((size > 1).sum()), len(problem.cost))
    return csr_array((np.ones(len(shared)), (row[shared], shared)), shape=shape)


def _milp(cost: Floats, limits: list[LinearConstraint], nodes: int, whole: Ints) -> OptimizeResult:
    return milp(
        cost,
        constraints=limits,
        integrality=whole,
        bounds=Bounds(0.0, 1.0),
        options={"node_limit": nodes, "mip_rel_gap": 0.0},
    )
