"""Which hexagon of H3's grids holds each point: the loop of `hexes`, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: A point nearer than this to an edge (in sides of a hexagon) is left to `h3`. At resolution 9 the
#: rounding of a double errs by some 1e-11 of a side, at 15 by 1e-8.
_DOUBTFUL = 1e-7
#: Likewise between the middles of two faces, as a difference of cosines.
_DOUBTFUL_FACE = 1e-12
#: So near its middle, a point is of that face and no other (the cosine of 20.9°).
_SURELY = np.cos(np.radians(20.9))


@njit(cache=True)
def hexagons(
    lon: Floats, lat: Floats, middle: Floats, first: Floats, second: Floats, side: float
) -> Any:
    """For each point the number of its hexagon, in the order in which they are met (-1: see below);
    the first point of each; and the points that are too near an edge to tell."""
    count = len(lon)
    number = np.empty(count, np.int32)
    firsts = np.empty(1024, np.int64)
    doubtful = np.empty(1024, np.int64)
    many, unclear = 0, 0
    size = 4096
    keys = np.full(size, -1, np.int64)
    values = np.empty(size, np.int32)
    last_key, last_value = np.int64(-1), np.int32(-1)
    face = 0
    rad = np.pi / 180
    for at in range(count):
        number[at] = -1
        if not (np.isfinite(lon[at]) and np.isfinite(lat[at])):
            continue
        phi, lam = lat[at] * rad, lon[at] * rad
        flat = np.cos(phi)
        px, py, pz = flat * np.cos(lam), flat * np.sin(lam), np.sin(phi)
        best = middle[face, 0] * px + middle[face, 1] * py + middle[face, 2] * pz
        clear = True
        if best < _SURELY:
            best, other = -2.0, -2.0
            for f in range(20):
                near = middle[f, 0] * px + middle[f, 1] * py + middle[f, 2] * pz
                if near > best:
                    other, best, face = best, near, f
                elif near > other:
                    other = near
            clear = best - other > _DOUBTFUL_FACE
        u = (first[face, 0] * px + first[face, 1] * py + first[face, 2] * pz) / (best * side)
        v = (second[face, 0] * px + second[face, 1] * py + second[face, 2] * pz) / (best * side)
        # Hexagons in three coordinates that add up to nought.
        r = v * 1.1547005383792515
        q = u - r / 2
        s = -q - r
        i, j, k = np.round(q), np.round(r), np.round(s)
        dq, dr, ds = q - i, r - j, s - k
        if abs(dq) > abs(dr) and abs(dq) > abs(ds):
            i = -j - k
        elif abs(dr) > abs(ds):
            j = -i - k
        k = -i - j
        dq, dr, ds = q - i, r - j, s - k
        edge = max(abs(dq - dr), abs(dr - ds), abs(ds - dq))
        if not clear or edge > 1 - _DOUBTFUL:
            if unclear == len(doubtful):
                doubtful = np.concatenate((doubtful, np.empty_like(doubtful)))
            doubtful[unclear] = at
            unclear += 1
            continue
        key = (np.int64(face) << 58) | ((np.int64(i) + (1 << 28)) << 29) | (np.int64(j) + (1 << 28))
        if key == last_key:
            number[at] = last_value
            continue
        slot = _scattered(key) & (size - 1)
        while keys[slot] != -1 and keys[slot] != key:
            slot = (slot + 1) & (size - 1)
        if keys[slot] == -1:
            if many == len(firsts):
                firsts = np.concatenate((firsts, np.empty_like(firsts)))
            keys[slot], values[slot], firsts[many] = key, many, at
            many += 1
        last_key, last_value = key, values[slot]
        number[at] = last_value
        if 2 * many > size:
            size *= 4
            grown, moved = np.full(size, -1, np.int64), np.empty(size, np.int32)
            for old in range(len(keys)):
                if keys[old] != -1:
                    slot = _scattered(keys[old]) & (size - 1)
                    while grown[slot] != -1:
                        slot = (slot + 1) & (size - 1)
                    grown[slot], moved[slot] = keys[old], values[old]
            keys, values = grown, moved
    return number, firsts[:many].copy(), doubtful[:unclear].copy()


@njit(cache=True, inline="always")
def _scattered(key: Any) -> Any:
    """Keys of neighbours far apart (the multiplier is that of splitmix64)."""
    mixed = np.uint64(key) * np.uint64(0xBF58476D1CE4E5B9)
    return np.int64((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(20))
