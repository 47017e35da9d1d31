"""How much any choice can gain at most, by Lagrangian relaxation.

With multipliers u_i in [0, w_i] on ``y_i <= sum x_j`` and a price lambda >= 0 on the budget, no
choice gains more than

    L(u, lambda) = sum_i (w_i - u_i) + lambda budget + sum_g max(0, max_{j in g} s_j - lambda c_j)
    s_j = sum_{i in N_j} u_i,

whatever u and lambda are. lambda is the best one for each u, by bisection; u follows the
subgradient in Polyak's steps towards the gain of a choice that is known (Fisher 1981; the
direction keeps part of the last one, Camerini, Fratta & Maffioli 1975). An option with which L
falls below that gain is in no better choice: such options are dropped on the way, and what is left
at the end is small enough for an exact search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from locator.coverage.siting.problem import SAME, Bools, Floats, Ints, Problem

#: Passes of the subgradient in one search.
PASSES = 200
_MOMENTUM = 0.8
_PATIENCE = 15  # passes without a better bound, after which steps are made shorter
_SHORTER = 0.6
_SHORTEST = 1e-3
_DROP_EVERY = 25
_BISECTIONS = 60


@dataclass(frozen=True)
class Bound:
    """``value``: no choice within the budget gains more.

    ``open`` marks the options that may be in a choice that gains as much as the known one,
    ``picked`` are those that the relaxation takes, ``multipliers`` are where a later search may
    begin.
    """

    value: float
    open: Bools
    picked: Ints
    multipliers: Floats


@dataclass(frozen=True)
class _Options:
    """The options that are still open, sorted by group."""

    number: Ints
    covers: csr_array  # options × items
    covered_by: csr_array  # the same, items × options
    cost: Floats
    group: Ints  # numbered from 0 again
    start: Ints  # of each group

    def picked(self, score: Floats, price: float) -> tuple[Ints, Floats]:
        """The best option of each group at a price for cost, and what it is worth to the group."""
        worth = score - price * self.cost
        best = np.maximum(np.maximum.reduceat(worth, self.start), 0.0)
        pick = np.flatnonzero((worth == best[self.group]) & (worth > 0))
        if len(self.start) < len(self.group):  # one a group, the first of those that are alike
            pick = pick[np.diff(self.group[pick], prepend=-1) != 0]
        return pick, best


def bound(
    problem: Problem,
    budget: float,
    known: Ints,
    gap: float = 0.0,
    *,
    passes: int = PASSES,
    begin: Floats | None = None,
) -> Bound:
    """A bound on the gain within ``budget``; stops when it is within ``gap`` of that of ``known``.

    ``gap`` is relative; ``known`` is a choice within the budget; ``begin`` are the multipliers of
    an earlier search.
    """
    weight, reached = problem.weight, problem.gain(known)
    u = np.where(problem.covered(known), 0.5, 1.0) * weight if begin is None else begin
    options = _open(problem, np.flatnonzero(problem.cost <= budget))
    best, best_u, best_price = np.inf, u, 0.0
    picked = np.empty(0, dtype=np.int64)
    before = np.zeros(len(weight))
    size, waited, price = 1.0, 0, 0.0
    for number in range(1, passes + 1):
        if len(options.number) == 0:  # nothing gains more than what is known
            best = reached
            break
        score = np.asarray(options.covers @ u)
        low, high = _prices(options, score, budget, price)
        dear, _ = options.picked(score, low)
        cheap, worth = options.picked(score, high)
        price = high
        total = float(worth.sum() + price * budget + (weight - u).sum())
        waited = 0 if total < best * (1.0 - 1e-6) else waited + 1
        if total < best:
            best, best_u, best_price, picked = total, u, price, options.number[cheap]
        if best <= reached * (1.0 + max(gap, SAME)):
            break
        if waited > _PATIENCE:
            size, waited = size * _SHORTER, 0
            if size < _SHORTEST:
                break
        slope = _taken(options, dear, cheap, budget) - 1.0 + _MOMENTUM * before
        slope[((u <= 0) & (slope > 0)) | ((u >= weight) & (slope < 0))] = 0.0
        before = slope
        norm = float(slope @ slope)
        if norm == 0.0:
            break
        u = np.clip(u - size * max(total - reached, SAME * total) / norm * slope, 0.0, weight)
        if number % _DROP_EVERY == 0:
            options = _open(problem, _hopeful(options, best, best_u, best_price, reached))
    left = np.zeros(len(problem.cost), dtype=bool)
    left[_hopeful(options, best, best_u, best_price, reached)] = True
    return Bound(max(best, reached), left, picked, best_u)


def _open(problem: Problem, numbers: Ints) -> _Options:
    by_group = numbers[np.argsort(problem.group[numbers], kind="stable")]
    start, group = np.unique(problem.group[by_group], return_index=True, return_inverse=True)[1:]
    covers = csr_array(problem.items_of[:, by_group].T.astype(np.float64))
    covered_by = csr_array(problem.options_of[:, by_group].astype(np.float64))
    return _Options(by_group, covers, covered_by, problem.cost[by_group], group, start)


def _prices(options: _Options, score: Floats, budget: float, last: float) -> tuple[float, float]:
    """Prices at which the picked options cost more than the budget, and no more than it."""

    def spent(price: float) -> float:
        return float(options.cost[options.picked(score, price)[0]].sum())

    if spent(0.0) <= budget:
        return 0.0, 0.0
    dear = options.cost > 0
    low, high = 0.0, float((score[dear] / options.cost[dear]).max())
    # The price seldom moves far from one pass to the next.
    for near, far in ((0.99 * last, 1.01 * last), (0.8 * last, 1.25 * last)):
        if low < near < high and spent(near) > budget:
            low = near
        if low < far < high and spent(far) <= budget:
            high = far
    for _ in range(_BISECTIONS):
        if high - low <= 1e-6 * high:
            break
        middle = 0.5 * (low + high)
        if spent(middle) > budget:
            low = middle
        else:
            high = middle
    return low, high


def _taken(options: _Options, dear: Ints, cheap: Ints, budget: float) -> Floats:
    """How often the relaxation covers each item: a mixture of two picks that costs the budget."""
    too_much, enough = options.cost[dear].sum(), options.cost[cheap].sum()
    part = (too_much - budget) / (too_much - enough) if too_much > enough else 1.0
    share = np.zeros(len(options.number))
    share[cheap] += part
    share[dear] += 1.0 - part
    return np.asarray(options.covered_by @ share, dtype=np.float64)


def _hopeful(
    options: _Options, best: float, u: NDArray[np.float64], price: float, reached: float
) -> Ints:
    """The options with which a choice may gain as much as ``reached``."""
    if len(options.number) == 0:
        return options.number
    score = np.asarray(options.covers @ u)
    _, worth = options.picked(score, price)
    if_taken = best - worth[options.group] + score - price * options.cost
    return np.asarray(options.number[if_taken >= reached * (1.0 - SAME)])
