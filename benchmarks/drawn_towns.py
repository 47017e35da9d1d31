"""Synthetic towns for the claims on siting: seeded, so that every run asks the same.

Cells in forty towns of 22 × 22 km, riders log-normal, candidate sites beside cells chosen at
random; a site covers the cells within a radius. And spopt's way to choose among them: PuLP builds
the model, CBC solves it, here with gapRel=0, so that it proves the optimum as we do.
"""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from benchmarks.harness import Unavailable

CELLS, SITES, CHOSEN = 5_000, 2_000, 10
#: Five minutes at 15 km/h, less a minute of parking, as the crow flies: the clock's usual reach.
REACH_KM = 0.75
TOWNS, SIDE_KM = 40, 22.0
SEED = 1


def towns(cells: int = CELLS, sites: int = SITES) -> tuple[csr_array, NDArray[np.float64]]:
    """Which site covers which cell (cells × sites), and the riders of each cell."""
    rng = np.random.default_rng(SEED)
    centre, spread = rng.uniform(0, SIDE_KM, (TOWNS, 2)), rng.uniform(0.4, 2.5, TOWNS)
    town = rng.integers(0, TOWNS, cells)
    at = centre[town] + rng.normal(size=(cells, 2)) * spread[town, None]
    riders = np.round(rng.lognormal(1.0, 1.0, cells), 3)
    beside = at[rng.choice(cells, sites, replace=False)] + rng.normal(size=(sites, 2)) * 0.15
    within = cKDTree(beside).query_ball_tree(cKDTree(at), REACH_KM)
    site = np.repeat(np.arange(sites), [len(found) for found in within])
    cell = np.concatenate([np.array(found, dtype=np.int64) for found in within])
    ones = np.ones(len(cell), dtype=np.int8)
    return csr_array((ones, (cell, site)), shape=(cells, sites)), riders


def distances(covers: csr_array) -> NDArray[np.float64]:
    """What spopt takes: 0 where a site covers a cell, 1 where it does not."""
    found = np.ones(covers.shape)
    entries = covers.tocoo()
    found[entries.row, entries.col] = 0.0
    return found


def need_spopt() -> None:
    """Raises Unavailable where spopt is not here."""
    if find_spec("spopt") is None:
        raise Unavailable("spopt is not installed; make bench installs it.")


def by_spopt(model: str, *given: Any, **more: Any) -> float:
    """The objective of a model of spopt at its proven optimum."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp
        import spopt.locate

        built = getattr(spopt.locate, model).from_cost_matrix(*given, **more)
        built.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0))
        if pulp.LpStatus[built.problem.status] != "Optimal":
            raise RuntimeError(f"spopt: {pulp.LpStatus[built.problem.status]}")
        return float(pulp.value(built.problem.objective))
