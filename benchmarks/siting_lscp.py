"""LSCP: the fewest of 800 sites that cover all of 2,000 cells that can be covered, both proven.

Synthetic towns (`drawn_towns.py`). At 5,000 × 2,000 ours did not prove the number within minutes
(every site costs the same, which is the hard case), so the claim is on smaller towns. spopt calls a
model infeasible where a cell has no site near, so it is given the others.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from benchmarks.drawn_towns import by_spopt, distances, need_spopt, towns
from benchmarks.harness import Claim, Contestant
from locator.coverage.siting.exact import cover_all
from locator.coverage.siting.problem import make_problem

CELLS, SITES = 2_000, 800


def claim() -> Claim:
    need_spopt()
    covers, riders = towns(CELLS, SITES)
    near = np.flatnonzero(np.diff(covers.indptr))
    covers, riders = csr_array(covers[near]), riders[near]
    apart = distances(covers)

    def proven() -> float:
        choice = cover_all(make_problem(covers, riders, np.ones(SITES)))
        if choice.status != "optimal":
            raise RuntimeError(f"not proven: {choice.gain} sites, {choice.bound} at least")
        return choice.gain

    return Claim(
        name="LSCP 2,000 × 800, proven optimum",
        unit="sites",
        ours=Contestant("ours (proven optimal)", proven, 1),
        peers=(
            Contestant(
                "spopt (CBC, Optimal)",
                lambda: by_spopt("LSCP", apart, service_radius=0.5),
                1,
                "spopt",
                tolerance=0.0,
                target=3.0,
                note="Synthetic towns; cells without a site near are left out.",
            ),
        ),
        difference=lambda ours, theirs: abs(ours - theirs),
        rounds=3,
    )
