"""Where a rider stayed for hours: a phone that sends all night makes home the middle of a trip."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

#: A stay lies within so many metres of its first point and lasts so many seconds. Waiting for
#: orders or at a stop is shorter, and is what the demand is of.
STAY_M, STAY_S = 150.0, 2 * 3600
#: A position that jumps away does not end a stay if it is back within so many seconds.
BACK_S = 300
_METRES_A_DEGREE = 111_195.0

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@njit(cache=True)
def stays(rider: Ints, second: Ints, lon: Floats, lat: Floats) -> Any:
    """For each point the number of the stay it belongs to, -1 for none (int64).

    The points are in the order of riders and time. After Li et al. 2008, "Mining user similarity
    based on location history", with `BACK_S` for positions that jump. A silence belongs to the
    stay where the next position is where the last one was.
    """
    count = len(rider)
    found = np.full(count, -1, np.int64)
    stay = 0
    at = 0
    while at < count:
        shrink = np.cos(np.radians(lat[at]))
        last = at
        for to in range(at + 1, count):
            if rider[to] != rider[at]:
                break
            north = (lat[to] - lat[at]) * _METRES_A_DEGREE
            east = (lon[to] - lon[at]) * _METRES_A_DEGREE * shrink
            if north * north + east * east <= STAY_M * STAY_M:
                last = to
            elif second[to] - second[last] > BACK_S:
                break
        if second[last] - second[at] >= STAY_S:
            found[at : last + 1] = stay
            stay += 1
            at = last + 1
        else:
            at += 1
    return found
