"""The same question as `siting.py`, answered by a choice with a bound within 0.1 %.

What must hold: the bound is not below spopt's proven optimum, and the gain is within 0.1 % of it.
"""

from __future__ import annotations

import numpy as np

from benchmarks.drawn_towns import CHOSEN, SITES, by_spopt, distances, need_spopt, towns
from benchmarks.harness import Claim, Contestant
from locator.coverage.siting.exact import within
from locator.coverage.siting.problem import make_problem

GAP = 0.001


def claim() -> Claim:
    need_spopt()
    covers, riders = towns()
    apart = distances(covers)

    def bounded() -> tuple[float, float]:
        choice = within(make_problem(covers, riders, np.ones(SITES)), CHOSEN, GAP)
        if choice.gap > GAP:
            raise RuntimeError(f"the bound is {choice.gap:.3%} away")
        return choice.gain, choice.bound

    def difference(ours: tuple[float, float], optimum: float) -> float:
        gain, top = ours
        return float("inf") if top < optimum * (1 - 1e-9) else (optimum / gain - 1) * 100

    return Claim(
        name="MCLP 5,000 × 2,000, p = 10, bound within 0.1 %",
        unit="% of the gain",
        ours=Contestant("ours (bound within 0.1 %)", bounded, 1),
        peers=(
            Contestant(
                "spopt (CBC, Optimal)",
                lambda: by_spopt("MCLP", apart, riders, service_radius=0.5, p_facilities=CHOSEN),
                1,
                "spopt",
                tolerance=100 * GAP,
                target=50.0,
                note="Synthetic towns. Ours states a bound, spopt proves the optimum; one round.",
            ),
        ),
        difference=difference,
        rounds=1,
    )
