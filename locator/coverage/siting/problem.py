"""Which actions to take: the mathematics as arrays, without a map or a clock.

Maximal covering with groups and costs. Items i (what may be covered: the riders of a cell in an
hour who need a service) have weights w_i; options j (what may be done) cover the items N_j at a
cost c_j; of the options of one group (one station, one candidate site) at most one is taken:

    maximise    sum_i w_i y_i
    subject to  y_i <= sum(x_j : i in N_j)           for every item
                sum(x_j : j in g) <= 1               for every group
                sum_j c_j x_j <= budget
                x_j in {0, 1},  0 <= y_i <= 1

"At most p actions" is the same with every cost 1. (Church & ReVelle 1974; the groups are those of
multiple-choice knapsacks.) Items covered by the very same options are one item, with the sum of
their weights: of 48 hours and several services that leaves a small part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array, csr_array

from locator.errors import UsageError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Two gains closer than this (relative) are the same: the sums are of rounded numbers.
SAME = 1e-9
#: Entries whose slots are looked at together, so that memory stays flat.
_BLOCK = 50_000


@dataclass(frozen=True)
class Problem:
    """Items, options, and which option covers which item.

    ``options_of`` (items × options) and ``items_of`` (the same by column) hold ones. ``cost`` and
    ``group`` are by option; groups are numbered from 0. ``unmerged`` counts the items before those
    with the same options were made one.
    """

    weight: Floats
    options_of: csr_array
    items_of: csc_array
    cost: Floats
    group: Ints
    unmerged: int

    @property
    def coverable(self) -> float:
        """The weight that all options together would cover."""
        return float(self.weight.sum())

    def items(self, option: int) -> NDArray[np.int32]:
        """The items that an option covers."""
        begin, end = self.items_of.indptr[option : option + 2]
        return np.asarray(self.items_of.indices[begin:end])

    def covered(self, chosen: ArrayLike) -> Bools:
        """Which items the options ``chosen`` (their numbers) cover together."""
        found = np.zeros(len(self.weight), dtype=bool)
        for option in np.asarray(chosen, dtype=np.int64):
            found[self.items(option)] = True
        return found

    def gain(self, chosen: ArrayLike) -> float:
        """The weight that they cover together."""
        return float(self.weight[self.covered(chosen)].sum())

    def counted(self) -> Problem:
        """The same with every cost 1, so that a budget is a number of actions."""
        return replace(self, cost=np.ones(len(self.cost)))


def make_problem(
    covers: csr_array, weight: ArrayLike, cost: ArrayLike, group: ArrayLike | None = None
) -> Problem:
    """A problem of ``covers`` (items × options, whatever is stored counts), items merged.

    ``weight`` is by item, ``cost`` by option; every option is a group of its own if none is given.

    >>> make_problem(csr_array([[1, 0], [1, 1]]), weight=[3, 2], cost=[1, 1])
    """
    always = np.ones((covers.nnz, 1), dtype=bool)
    return merged_problem(covers, always, np.asarray(weight)[:, None], cost, group)


def merged_problem(
    entries: csr_array,
    offered: Bools,
    weight: ArrayLike,
    cost: ArrayLike,
    group: ArrayLike | None = None,
) -> Problem:
    """A problem of cells, each with slots (hours and services) in which options may cover it.

    ``entries`` (cells × options) says which option reaches which cell; ``offered[e, t]`` (a row an
    entry, in the order of ``entries.indices``) whether it covers the cell in slot t; ``weight``
    (cells × slots) is what there is to gain. The items are told apart by two 64-bit sums of random
    numbers, one for each option, before they are written out (two different sets of options share
    both by chance once in 10**20).
    """
    weights = np.array(weight, dtype=np.float64)
    costs = np.array(cost, dtype=np.float64)
    groups = np.arange(len(costs)) if group is None else np.asarray(group)
    _check(entries, offered, weights, costs, groups)
    first, second = _sums(entries, offered, weights > 0)
    items = np.flatnonzero(first | second)
    order = items[np.lexsort((items, second[items], first[items]))]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (first[order[1:]] != first[order[:-1]]) | (second[order[1:]] != second[order[:-1]])
    total: Floats = np.zeros(int(new.sum()))
    np.add.at(total, np.cumsum(new) - 1, weights.ravel()[order])
    # In the order of the cells, whatever the random numbers.
    leaders = order[new]
    sorted_ = np.argsort(leaders)
    options_of = _written_out(entries, offered, leaders[sorted_], weights.shape[1])
    number = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    return Problem(total[sorted_], options_of, options_of.tocsc(), costs, number, len(items))


def _check(
    entries: csr_array, offered: Bools, weight: Floats, cost: Floats, group: NDArray[np.int64]
) -> None:
    cells, options = entries.shape
    found = (offered.shape, weight.shape, len(cost), len(group))
    if found != ((entries.nnz, offered.shape[1]), (cells, offered.shape[1]), options, options):
        raise UsageError("slots, weights, costs or groups do not fit the entries in size.")
    if not (np.isfinite(weight).all() and (weight >= 0).all()):
        raise UsageError("weights must be numbers from 0 up.")
    if not (np.isfinite(cost).all() and (cost >= 0).all()):
        raise UsageError("costs must be numbers from 0 up.")


def _sums(
    entries: csr_array, offered: Bools, counts: Bools
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """For each cell and slot the two sums over the options that cover it; 0 and 0 if none does."""
    cells, slots = counts.shape
    numbers = np.random.default_rng(20261129).integers(
        1, 2**64, size=(2, entries.shape[1]), dtype=np.uint64
    )
    sums = np.zeros((2, cells, slots), dtype=np.uint64)
    cell_of = np.repeat(np.arange(cells), np.diff(entries.indptr))
    for begin in range(0, entries.nnz, _BLOCK):
        part = slice(begin, begin + _BLOCK)
        cell = cell_of[part]
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        for which in range(2):
            number = numbers[which, entries.indices[part]]
            # Sums run over 2**64; a cell may go on in the next block.
            sums[which, cell[starts]] += np.add.reduceat(number[:, None] * offered[part], starts)
    sums[:, ~counts] = 0
    return sums[0].ravel(), sums[1].ravel()


def _written_out(entries: csr_array, offered: Bools, items: Ints, slots: int) -> csr_array:
    """The options (by item) that cover each of some items, items numbered cell * slots + slot."""
    cell, slot = np.divmod(items, slots)
    begin = entries.indptr[cell].astype(np.int64)
    length = entries.indptr[cell + 1] - begin
    row = np.repeat(np.arange(len(items)), length)
    within = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    entry = begin[row] + within
    covers = offered[entry, slot[row]]
    ones = np.ones(int(covers.sum()), dtype=np.int8)
    found = csr_array(
        (ones, (row[covers], entries.indices[entry[covers]])),
        shape=(len(items), entries.shape[1]),
    )
    found.sort_indices()
    return found
