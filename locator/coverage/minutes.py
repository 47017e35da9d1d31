"""Minutes to the nearest open stop: their quantiles, and the tenth that is served worst.

Every rider-hour counts alike, also one that no open stop can be reached from (time -1): it comes
after all the others, as if infinitely far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from locator.coverage.supply import DS_PER_MIN

Floats = NDArray[np.float64]

WORST_SHARE = 0.1
#: Sums of riders are exact to about this; a quantile must not hang on the last digit.
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class WorstTenth:
    """The tenth of the rider-hours that has farthest to go.

    ``weights`` (in the shape of the times) are its rider-hours; where the limit falls among equal
    times, each of them has the same part in it. ``from_min`` is the time at which it begins,
    ``mean_min`` its mean over those who can reach an open stop at all; both None where nobody can.
    ``without`` are the rider-hours that cannot.
    """

    weights: Floats
    from_min: float | None
    mean_min: float | None
    without: float


def quantile_min(time_ds: NDArray[np.int32], weights: Floats, share: float) -> float | None:
    """The least time (minutes) within which at least ``share`` of the rider-hours have a stop.

    None where more than the rest can reach none, or where there are no riders.
    """
    time, riders = time_ds.ravel(), weights.ravel()
    total = float(riders.sum())
    if total <= 0:
        return None
    reached = time >= 0
    by_time = np.bincount(time[reached], weights=riders[reached])
    wanted = total * (share - _TOLERANCE)
    at = int(np.searchsorted(np.cumsum(by_time), wanted))
    return at / DS_PER_MIN if at < len(by_time) else None


def worst_tenth(time_ds: NDArray[np.int32], weights: Floats) -> WorstTenth:
    """The tenth of the rider-hours ``weights`` with the longest times."""
    never = np.iinfo(np.int32).max
    time = np.where(time_ds < 0, never, time_ds)
    wanted = WORST_SHARE * float(weights.sum())
    levels, level = np.unique(time.ravel(), return_inverse=True)
    at_level = np.bincount(level, weights=weights.ravel(), minlength=len(levels)).astype(float)
    # Of each time the part that is left when all longer ones have been taken.
    longer = np.cumsum(at_level[::-1])[::-1] - at_level
    taken = np.clip(wanted - longer, 0, at_level)
    part = np.divide(taken, at_level, out=np.zeros_like(at_level), where=at_level > 0)
    chosen = weights * part[level].reshape(weights.shape)
    reached = levels < never
    some = float(taken[reached].sum())
    begins = levels[reached & (taken > _TOLERANCE * wanted)]
    return WorstTenth(
        weights=chosen,
        from_min=float(begins[0]) / DS_PER_MIN if len(begins) else None,
        mean_min=float(levels[reached] @ taken[reached]) / some / DS_PER_MIN if some > 0 else None,
        without=float(taken[~reached].sum()),
    )
