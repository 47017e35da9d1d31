"""A good choice at once: greedy by gain for each yuan, then swaps as long as one helps."""

from __future__ import annotations

import numpy as np

from locator.coverage.siting.problem import SAME, Bools, Floats, Ints, Problem


def greedy(problem: Problem, budget: float) -> Ints:
    """Options within ``budget``, in the order in which they were taken; each adds something.

    Where the single best option gives more than all of these, it is taken alone (with that, the
    gain is at least a third of the best one's).
    """
    state = _State(problem, np.empty(0, dtype=np.int64), budget)
    alone = np.where(problem.cost <= budget, state.gain, 0.0)
    chosen: list[int] = []
    while True:
        fits = ~state.inside & ~state.used[problem.group] & (problem.cost <= state.left)
        rate = np.where(
            fits & (state.gain > state.least),
            state.gain / np.maximum(problem.cost, 1e-9),
            0.0,
        )
        best = int(rate.argmax()) if len(rate) else 0
        if not len(rate) or rate[best] <= 0:
            break
        state.turn(best, 1)
        chosen.append(best)
    if len(alone) and alone.max() > problem.gain(chosen) * (1 + SAME):
        chosen = [int(alone.argmax())]
    return np.array(chosen, dtype=np.int64)


def improved(problem: Problem, chosen: Ints, budget: float) -> Ints:
    """``chosen`` (sorted) after swaps of one option, or none, for another, while one helps."""
    state = _State(problem, chosen, budget)
    while True:
        # Out goes nobody (None) or one of the chosen; in comes the one that then adds most.
        best, best_out, best_in = state.least, None, -1
        for out in (None, *np.flatnonzero(state.inside)):
            gain = state.gain_without(out)
            fits = state.fits_without(out)
            gain[~fits] = 0.0
            candidate = int(gain.argmax()) if len(gain) else 0
            if len(gain) and gain[candidate] > best:
                best, best_out, best_in = gain[candidate], out, candidate
        if best_in < 0:
            return np.flatnonzero(state.inside)
        if best_out is not None:
            state.turn(int(best_out), -1)
        state.turn(best_in, 1)


class _State:
    """A choice on the way: what is inside, what is left, what each option would newly cover."""

    def __init__(self, problem: Problem, chosen: Ints, budget: float) -> None:
        options = len(problem.cost)
        self.problem = problem
        self.count = np.zeros(len(problem.weight), dtype=np.int64)
        self.inside: Bools = np.zeros(options, dtype=bool)
        self.used: Bools = np.zeros(options, dtype=bool)  # by group
        self.left = float(budget)
        self.least = problem.coverable * SAME
        self.gain: Floats = np.asarray(problem.items_of.T @ problem.weight, dtype=np.float64)
        for option in chosen:
            self.turn(int(option), 1)

    def turn(self, option: int, step: int) -> None:
        """Take an option (step 1) or leave it (-1)."""
        items = self.problem.items(option)
        before = self.count[items]
        self.count[items] += step
        self.gain -= step * self._worth(items[(before == 0) | (before + step == 0)])
        self.inside[option] = step > 0
        self.used[self.problem.group[option]] = step > 0
        self.left -= step * self.problem.cost[option]

    def gain_without(self, out: int | None) -> Floats:
        """What a choice without ``out`` and with each option gains more than with ``out``."""
        if out is None:
            return self.gain.copy()
        items = self.problem.items(out)
        only = items[self.count[items] == 1]
        lost = float(self.problem.weight[only].sum())
        return self.gain + self._worth(only) - lost

    def fits_without(self, out: int | None) -> Bools:
        """Which options can come in when ``out`` leaves."""
        spare, used = self.left, self.used[self.problem.group]
        if out is not None:
            spare += self.problem.cost[out]
            used = used & (self.problem.group != self.problem.group[out])
        return ~self.inside & ~used & (self.problem.cost <= spare)

    def _worth(self, items: Ints) -> Floats:
        """The weight of these items under each option."""
        part = self.problem.options_of[items]
        return np.asarray(part.T @ self.problem.weight[items], dtype=np.float64)
