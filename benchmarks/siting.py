"""Ten of 2,000 candidate sites for 5,000 cells (MCLP), the optimum proven, model building included.

Synthetic towns (`drawn_towns.py`). The gains must agree; both solvers state that theirs is the
optimum, or the run stops. spopt takes minutes, so there is one round.
"""

from __future__ import annotations

import numpy as np

from benchmarks.drawn_towns import CHOSEN, SITES, by_spopt, distances, need_spopt, towns
from benchmarks.harness import Claim, Contestant
from locator.coverage.siting.exact import best_choice
from locator.coverage.siting.problem import make_problem


def claim() -> Claim:
    need_spopt()
    covers, riders = towns()
    apart = distances(covers)

    def proven() -> float:
        choice = best_choice(make_problem(covers, riders, np.ones(SITES)), CHOSEN)
        if choice.status != "optimal":
            raise RuntimeError(f"not proven: {choice.gap:.3%} apart")
        return choice.gain

    return Claim(
        name="MCLP 5,000 × 2,000, p = 10, proven optimum",
        unit="% of the gain",
        ours=Contestant("ours (proven optimal)", proven, 1),
        peers=(
            Contestant(
                "spopt (CBC, Optimal)",
                lambda: by_spopt("MCLP", apart, riders, service_radius=0.5, p_facilities=CHOSEN),
                1,
                "spopt",
                tolerance=1e-4,
                target=5.0,
                note="Synthetic towns. Both prove the optimum; one round, for spopt takes minutes.",
            ),
        ),
        difference=lambda ours, theirs: abs(ours / theirs - 1) * 100,
        rounds=1,
    )
