"""A source that was copied from two apps: which of its rows are in which datum.

Part of a table was copied on one day from one app, the rest on another day from another, and
everywhere the same 坐标来源 was filled in. What holds for most of such rows does not hold for the
others, so that nothing may be said of a row that gives no evidence of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: A datum is in a mixture where so many rows stand for it that do not repeat each other, and this
#: share of all that stand for any; fewer were pasted from elsewhere, or name another place.
FEWEST, LEAST_SHARE = 2, 0.1


@dataclass(frozen=True)
class Mixed:
    """Of a source that is a mixture: how many rows have evidence of their own for what is declared,
    and how many have none for any datum."""

    as_declared: int
    untold: int


def shares(total: Floats, group: Ints, sure: float) -> Floats | None:
    """Of each truth, how much of the source is in it; None where the source is no mixture.

    ``total`` are the log-likelihoods of the rows' own clues (rows, truths), and rows of one
    ``group`` say one thing. A row stands for a truth that it makes ``sure`` by itself.
    """
    likely = np.exp(total - total.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    stands = likely.max(axis=1) >= sure
    each = np.unique(np.column_stack([group[stands], likely[stands].argmax(axis=1)]), axis=0)
    count = np.bincount(each[:, 1], minlength=total.shape[1]).astype(np.float64)
    there = count >= max(FEWEST, LEAST_SHARE * count.sum())
    if there.sum() < 2:
        return None
    # One row of another truth than these is as likely as half a row more.
    count = np.where(there, count, 0.5)
    return np.asarray(count / count.sum())
