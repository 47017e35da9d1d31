"""Smaller problems with the same best choice, before an exact search."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from locator.coverage.siting.problem import Problem, make_problem


def restricted(problem: Problem, keep: NDArray[np.bool_]) -> Problem:
    """The problem with the options of the mask ``keep`` alone; items merged again."""
    options_of = csr_array(problem.options_of[:, np.flatnonzero(keep)])
    return make_problem(options_of, problem.weight, problem.cost[keep], problem.group[keep])


def undominated(problem: Problem) -> NDArray[np.bool_]:
    """A mask of the options that are worth a look.

    One that covers nothing beyond what another covers for no more is never needed, if that other
    can stand in its place: if it is of the same group, or the only one of its own. Of options
    that are alike the first stays.
    """
    size = np.diff(problem.items_of.indptr)
    common = (problem.items_of.astype(np.int32).T @ problem.items_of.astype(np.int32)).tocoo()
    less, more = common.row, common.col
    alone = np.bincount(problem.group)[problem.group] == 1
    stands_in = (
        (common.data == size[less])
        & (less != more)
        & (problem.cost[more] <= problem.cost[less])
        & (alone[more] | (problem.group[less] == problem.group[more]))
    )
    alike = (size[less] == size[more]) & (problem.cost[less] == problem.cost[more])
    # Where each could stand in for the other (both alone, or of one group), the first stays.
    mutual = alike & (alone[less] | (problem.group[less] == problem.group[more]))
    stands_in &= ~mutual | (more < less)
    keep = size > 0
    keep[less[stands_in]] = False
    return keep


def hardest(problem: Problem) -> NDArray[np.bool_]:
    """A mask of the items to cover, if all must be: whoever covers these covers the others.

    An item whose options include all those of another is covered with it.
    """
    size = np.diff(problem.options_of.indptr)
    common = (problem.options_of.astype(np.int32) @ problem.options_of.astype(np.int32).T).tocoo()
    # Items are merged, so none has the very options of another.
    implied = (common.data == size[common.row]) & (common.row != common.col)
    keep = np.ones(len(size), dtype=bool)
    keep[common.col[implied]] = False
    return keep
