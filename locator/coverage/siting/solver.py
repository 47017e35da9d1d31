"""What is left of a problem, as mixed-integer programs for HiGHS (by scipy)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from locator.coverage.siting.problem import Floats, Ints, Problem

INFEASIBLE = 2  # scipy's status
_STDOUT = 1  # as a compiled library knows it


def most_gain(
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
    groups = groups_of(problem)
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
    result = milp_of(cost, limits, nodes, whole)
    if result.x is None:
        return None, -np.inf if result.status == INFEASIBLE else np.inf
    return np.flatnonzero(result.x[:options] > 0.5), -float(result.mip_dual_bound) / scale


def least_cost(problem: Problem, actions: float, gain: float, nodes: int) -> Ints | None:
    """The cheapest options, at most so many, that gain so much; None where none are found."""
    items, options = problem.options_of.shape
    scale = 1000.0 / problem.coverable
    groups = groups_of(problem)
    on_options = vstack([csr_array(np.ones((1, options))), groups], format="csr")
    of_items = hstack([-problem.options_of.astype(np.float64), eye_array(items)], format="csr")
    none = csr_array((on_options.shape[0], items))
    gained = np.concatenate([np.zeros(options), problem.weight * scale])
    limits = [
        LinearConstraint(of_items, ub=0.0),
        LinearConstraint(
            hstack([on_options, none], format="csr"), ub=[actions, *[1.0] * groups.shape[0]]
        ),
        LinearConstraint(csr_array(gained[None, :]), lb=gain * scale),
    ]
    cost = np.concatenate([problem.cost, np.zeros(items)])
    result = milp_of(cost, limits, nodes, np.repeat([1, 0], [options, items]))
    return None if result.x is None else np.flatnonzero(result.x[:options] > 0.5)


def groups_of(problem: Problem) -> csr_array:
    """A row for each group of more than one option, with ones at its options."""
    size = np.bincount(problem.group, minlength=1)
    row = (np.cumsum(size > 1) - 1)[problem.group]
    shared = np.flatnonzero(size[problem.group] > 1)
    shape = (int((size > 1).sum()), len(problem.cost))
    return csr_array((np.ones(len(shared)), (row[shared], shared)), shape=shape)


def milp_of(
    cost: Floats, limits: list[LinearConstraint], nodes: int, whole: Ints
) -> OptimizeResult:
    """The program with options (and items) from 0 to 1, ``whole`` where they must be 0 or 1."""
    with _nothing_printed():
        return milp(
            cost,
            constraints=limits,
            integrality=whole,
            bounds=Bounds(0.0, 1.0),
            options={"node_limit": nodes, "mip_rel_gap": 0.0},
        )


@contextmanager
def _nothing_printed() -> Iterator[None]:
    """HiGHS at times tells standard output what it is about, asked or not; ours may be JSON."""
    kept, nowhere = os.dup(_STDOUT), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, _STDOUT)
        yield
    finally:
        os.dup2(kept, _STDOUT)
        os.close(kept)
        os.close(nowhere)
