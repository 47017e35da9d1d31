"""The passes over the matrix of travel times, compiled.

Each walks the matrix once, cell by cell, and looks every travel time up among the few steps of its
station (see `supply.Masks`). Importing this module loads numba (half a second); the first run on a
machine compiles (some seconds, then cached beside the module).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Words = NDArray[np.uint64]

_MOST_STEPS = 9002


def _compiled(function: Any) -> Any:
    return njit(function, cache=True)


@_compiled
def _breaks(windows, begin, end, found):  # type: ignore[no-untyped-def]
    """Write the travel times at which a station's mask changes into ``found``, sorted; how many."""
    found[0] = 0
    count = 1
    for row in range(begin, end):
        for side in range(2):
            tau = windows[row, 3 + side] + side
            place = count
            while found[place - 1] > tau:
                place -= 1
            if found[place - 1] == tau:
                continue
            for later in range(count, place, -1):
                found[later] = found[later - 1]
            found[place] = tau
            count += 1
    return count


@_compiled
def masks(windows: Int32, stations: int, slots: int, bits: int) -> tuple[Int32, Int32, Words]:
    """The steps of every station (`supply.Masks`) from the windows, which are sorted by station."""
    found = np.empty(_MOST_STEPS, dtype=np.int32)
    rows = np.zeros(stations + 1, dtype=np.int64)
    for row in range(len(windows)):
        rows[windows[row, 0] + 1] += 1
    start = np.zeros(stations + 1, dtype=np.int32)
    for station in range(stations):
        rows[station + 1] += rows[station]
        count = _breaks(windows, rows[station], rows[station + 1], found)
        start[station + 1] = start[station] + count
    tau = np.empty(start[stations], dtype=np.int32)
    words = np.zeros((start[stations], (bits + 63) // 64), dtype=np.uint64)
    for station in range(stations):
        _breaks(windows, rows[station], rows[station + 1], found)
        first, last = start[station], start[station + 1]
        for step in range(first, last):
            tau[step] = found[step - first]
        for row in range(rows[station], rows[station + 1]):
            bit = windows[row, 1] * slots + windows[row, 2]
            one = np.uint64(1) << np.uint64(bit % 64)
            for step in range(first, last):
                if windows[row, 3] <= tau[step] <= windows[row, 4]:
                    words[step, bit // 64] |= one
    return start, tau, words


@_compiled
def _step(start, tau, station, time):  # type: ignore[no-untyped-def]
    step = start[station + 1] - 1
    while tau[step] > time:
        step -= 1
    return step


@_compiled
def covered(
    indptr: Int32, indices: Int32, times: Int32,
    start: Int32, tau: Int32, words: Words, reach_min: float,
) -> Words:  # fmt: skip
    """The union of the masks of the stations within reach of each cell."""
    limit = reach_min * 600
    union = np.zeros((len(indptr) - 1, words.shape[1]), dtype=np.uint64)
    for cell in range(len(indptr) - 1):
        for entry in range(indptr[cell], indptr[cell + 1]):
            if times[entry] <= limit:
                step = _step(start, tau, indices[entry], times[entry])
                for word in range(words.shape[1]):
                    union[cell, word] |= words[step, word]
    return union


@_compiled
def covered_twice(
    indptr: Int32, indices: Int32, times: Int32,
    start: Int32, tau: Int32, words: Words, reach_min: float,
) -> tuple[Words, Words]:  # fmt: skip
    """What at least one station within reach of each cell covers, and what at least two do."""
    limit = reach_min * 600
    once = np.zeros((len(indptr) - 1, words.shape[1]), dtype=np.uint64)
    twice = np.zeros_like(once)
    for cell in range(len(indptr) - 1):
        for entry in range(indptr[cell], indptr[cell + 1]):
            if times[entry] <= limit:
                step = _step(start, tau, indices[entry], times[entry])
                for word in range(words.shape[1]):
                    twice[cell, word] |= once[cell, word] & words[step, word]
                    once[cell, word] |= words[step, word]
    return once, twice


@_compiled
def lost_without(
    indptr: Int32, indices: Int32, times: Int32,
    start: Int32, tau: Int32, words: Words, reach_min: float,
    twice: Words, riders: NDArray[np.float64], bits: int,
) -> NDArray[np.float64]:  # fmt: skip
    """The riders whom each station alone covers, stations × bits."""
    limit = reach_min * 600
    slots = riders.shape[1]
    lost = np.zeros((len(start) - 1, bits))
    one = np.uint64(1)
    for cell in range(len(indptr) - 1):
        for entry in range(indptr[cell], indptr[cell + 1]):
            if times[entry] <= limit:
                station = indices[entry]
                step = _step(start, tau, station, times[entry])
                for word in range(words.shape[1]):
                    alone = words[step, word] & ~twice[cell, word]
                    bit = word * 64
                    while alone:
                        if alone & one:
                            lost[station, bit] += riders[cell, bit % slots]
                        alone >>= one
                        bit += 1
    return lost


@_compiled
def rider_sums(
    words: Words, riders: NDArray[np.float64], group: Int32, groups: int, bits: int
) -> NDArray[np.float64]:
    """The riders of the cells whose bit is set, groups × bits; a cell of group -1 is in none."""
    slots = riders.shape[1]
    sums = np.zeros((groups, bits))
    one = np.uint64(1)
    for cell in range(len(words)):
        into = group[cell]
        if into < 0:
            continue
        for first in range(0, bits, slots):
            # The bits of one service, which may begin in one word and end in the next.
            word, skipped = first // 64, first % 64
            own = words[cell, word] >> np.uint64(skipped)
            if skipped + slots > 64:
                own |= words[cell, word + 1] << np.uint64(64 - skipped)
            for slot in range(slots):
                if own & one:
                    sums[into, first + slot] += riders[cell, slot]
                own >>= one
    return sums
