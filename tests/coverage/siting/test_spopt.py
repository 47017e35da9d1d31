"""Our choices against those that spopt makes of the same static cases, where spopt is installed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from benchmarks.drawn_towns import by_spopt, distances
from locator.coverage.siting.exact import best_choice, cover_all
from locator.coverage.siting.problem import make_problem

pytest.importorskip("spopt", reason="spopt is not installed; make bench installs it beside.")

CELLS, SITES = 60, 14


def drawn(seed: int) -> tuple[csr_array, np.ndarray]:
    """Sites that cover a third of the cells around them, and the riders of each cell."""
    rng = np.random.default_rng(seed)
    cells, sites = rng.uniform(0, 10, (CELLS, 2)), rng.uniform(0, 10, (SITES, 2))
    apart = np.hypot(*(cells[:, None] - sites[None]).T).T
    return csr_array((apart < 3.0).astype(np.int8)), np.round(rng.lognormal(1.0, 1.0, CELLS), 3)


@pytest.mark.parametrize("seed", range(12))
def test_the_most_riders_for_a_number_of_sites(seed: int) -> None:
    covers, riders = drawn(seed)
    for count in (1, 3, 6):
        ours = best_choice(make_problem(covers, riders, np.ones(SITES)), count)
        asked = {"service_radius": 0.5, "p_facilities": count}
        assert ours.status == "optimal"
        assert ours.gain == pytest.approx(by_spopt("MCLP", distances(covers), riders, **asked))


@pytest.mark.parametrize("seed", range(12))
def test_the_fewest_sites_that_cover_all(seed: int) -> None:
    covers, riders = drawn(seed)
    near = np.flatnonzero(np.diff(covers.indptr))
    covers, riders = csr_array(covers[near]), riders[near]
    ours = cover_all(make_problem(covers, riders, np.ones(SITES)))
    assert ours.status == "optimal"
    assert ours.gain == by_spopt("LSCP", distances(covers), service_radius=0.5)
