"""The week that rider-hours are summed over: five workdays and two days off.

A *rider-hour* is one rider in need of rest for one hour. Wherever rider-hours are shown as a total
(gaps, townships, stations, actions) they are those of a week, so that any two can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from locator.coverage.demand import DAYS, SLOTS

DAY_WORDS = {
    "workday": {"zh": "工作日", "en": "Workday"},
    "dayoff": {"zh": "休息日", "en": "Day off"},
}
#: How often each of the 48 slots comes in a week.
DAYS_A_WEEK = {"workday": 5, "dayoff": 2}
WEEK: NDArray[np.float64] = np.array([float(DAYS_A_WEEK[day]) for day, _ in SLOTS])
#: The slots of each kind of day, and of the week: weights of the 48.
PERIODS: dict[str, NDArray[np.float64]] = {
    **{kind: np.array([float(day == kind) for day, _ in SLOTS]) for kind in DAYS},
    "week": WEEK,
}


def week_hours(slots: Iterable[str], riders: Iterable[float]) -> float:
    """The rider-hours a week of so many riders in each of some slots ("workday 20")."""
    pairs = zip(slots, riders, strict=True)
    return float(sum(DAYS_A_WEEK[slot.split()[0]] * count for slot, count in pairs))
