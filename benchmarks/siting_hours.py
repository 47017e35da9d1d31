"""Hours and services: 5,000 cells × 48 hours × 3 services, 2,000 sites, within 1 % in a minute.

Synthetic towns (`drawn_towns.py`). Each site has one of five opening times and offers one, two or
three of the services; riders come and go through the day. 720,000 items, model building included.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from benchmarks.drawn_towns import CHOSEN, SEED, SITES, towns
from benchmarks.harness import Budget
from locator.coverage.siting.exact import within
from locator.coverage.siting.problem import merged_problem

SERVICES, GAP = 3, 0.01
OPENING = ((0, 24), (6, 24), (8, 20), (8, 22), (17, 24))


def claim() -> Budget:
    covers, riders = towns()
    rng = np.random.default_rng(SEED)
    hour = np.arange(48) % 24
    open_ = np.array([(hour >= begin) & (hour < end) for begin, end in OPENING])
    kind = rng.integers(0, len(OPENING), SITES)
    offers = rng.random((SITES, SERVICES)) < 0.6
    offers[np.arange(SITES), rng.integers(0, SERVICES, SITES)] = True
    of_site = (offers[:, :, None] & open_[kind][:, None, :]).reshape(SITES, -1)
    day = 1.0 + np.sin((hour - 6) / 24 * 2 * np.pi) + 0.2 * rng.random((SERVICES, 48))
    weight = riders[:, None] * day.reshape(1, -1)

    def run() -> Mapping[str, float]:
        begun = time.perf_counter()
        problem = merged_problem(covers, of_site[covers.indices], weight, np.ones(SITES))
        choice = within(problem, CHOSEN, GAP)
        return {"time": time.perf_counter() - begun, "gap": choice.gap * 100}

    return Budget(
        name="MCLP 5,000 cells × 48 hours × 3 services × 2,000 sites, p = 10, bound within 1 %",
        run=run,
        limits={"time": (60.0, "s"), "gap": (100 * GAP, "%")},
        note="Synthetic towns, opening times and services.",
    )
