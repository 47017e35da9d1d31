"""How well a source's rows lie along the streets and beside the buildings under each datum.

One point near a street says nothing: where streets are dense, any point is. So the same rows are
pushed about in many directions that no datum explains, and what is seen then is chance. How far
each datum does better than chance, counted row by row, is the evidence; and it is scaled down
until the chance shifts themselves, taken as a whole, find none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from locator.checks.datum_doctor.evidence import FARTHEST_M, Ground

Floats = NDArray[np.float64]

#: Fewer places than this, and nothing is said.
LEAST_PLACES = 10
#: More rows than this say no more than these; they are taken evenly from all.
MOST_ROWS = 400
#: Rows within this of each other are one place.
ONE_PLACE_M = 40.0
#: Distances are counted in bins up to the cap; beyond, a street is just not there.
CAP_M, BIN_M = 80.0, 4.0
SHIFTS = 64
#: How often the rows of a source simply do not keep to the streets of the map.
APART = 0.02
#: How often a single row does not.
STRAY = 0.03
#: How far positions may lie from their street's middle, and from a wall (metres, one sigma). Which
#: of these holds for a source, and whether walls count at all, is left open: all are weighed.
STREET_M, WALL_M = (16.0,), (10.0, 20.0)


@dataclass(frozen=True)
class AlongStreets:
    """Of each truth: the log-likelihood against chance, and the mean capped distance in metres."""

    loglik: Floats
    mean_m: Floats
    places: int


def along_streets(xy: Floats, declared: int, ground: Ground) -> AlongStreets | None:
    """What streets and buildings say of rows (truths, rows, 2); None where there are too few."""
    cells = np.unique(np.floor(xy[declared] / ONE_PLACE_M), axis=0, return_index=True)[1]
    if len(cells) < LEAST_PLACES or not len(ground.streets[0]):
        return None
    cells = np.sort(cells)
    chosen = cells[np.unique(np.linspace(0, len(cells) - 1, MOST_ROWS).astype(np.int64))]
    xy = xy[:, chosen]
    vectors = _chance_vectors(np.median(xy - xy[declared], axis=1))
    everywhere = np.concatenate([xy, xy[declared] + vectors[:, None, :]])
    truths = len(xy)
    street_m = _capped(ground.street_tree, everywhere)
    by_street = [_against_chance(street_m, street_m[truths:], spread) for spread in STREET_M]
    models = list(by_street)
    if ground.building_tree is not None:
        wall_m = _capped(ground.building_tree, everywhere)
        by_wall = [_against_chance(wall_m, wall_m[truths:], spread) for spread in WALL_M]
        models += [street + wall for street in by_street for wall in by_wall]
    logliks = np.stack([_tempered(model, truths) for model in models])
    loglik = np.logaddexp.reduce(logliks, axis=0) - np.log(len(models))
    return AlongStreets(
        np.logaddexp(np.log(1 - APART) + loglik, np.log(APART)),
        street_m[:truths].mean(axis=1),
        len(chosen),
    )


def _chance_vectors(taken: Floats) -> Floats:
    """Shifts (metres) in all directions, as long as datum mistakes are, but unlike all of them."""
    turn = np.arange(4 * SHIFTS) * np.pi * (3 - np.sqrt(5))
    length = 250.0 + (FARTHEST_M - 250.0) * np.sqrt(np.modf(np.arange(len(turn)) * 0.7548777)[0])
    vectors = np.column_stack([length * np.sin(turn), length * np.cos(turn)])
    apart = np.hypot(*np.moveaxis(vectors[:, None] - taken, -1, 0)).min(axis=1)
    return np.asarray(vectors[apart > 2 * CAP_M][:SHIFTS])


def _capped(tree: cKDTree, xy: Floats) -> Floats:
    away = np.asarray(tree.query(xy.reshape(-1, 2), distance_upper_bound=CAP_M)[0])
    return np.asarray(np.minimum(away, CAP_M).reshape(xy.shape[:2]))


def _against_chance(away: Floats, chance: Floats, spread_m: float) -> Floats:
    """The log-likelihood of each distance: beside the door's own street, against chance."""
    edges = np.append(np.arange(0.0, CAP_M, BIN_M), CAP_M)
    counts = np.histogram(np.minimum(chance, CAP_M - 1e-9), edges)[0].astype(np.float64)
    capped = float((chance >= CAP_M).sum())
    counts[-1] -= capped
    # A smooth count: a bin that chance never hit is still possible.
    smooth = np.convolve(np.pad(counts, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid") + 0.5
    null = np.append(smooth, capped + 0.5)
    null /= null.sum()
    middle = edges[:-1] + BIN_M / 2
    own = np.exp(-0.5 * (middle / spread_m) ** 2)
    own = np.append(own / own.sum(), 0.0)
    bits = np.log((1 - STRAY) * own / null + STRAY)
    at = np.where(away >= CAP_M, len(middle), np.minimum(away // BIN_M, len(middle) - 1))
    return np.asarray(bits[at.astype(np.int64)])


def _tempered(model: Floats, truths: int) -> Floats:
    """The rows' log-likelihoods (truths and chance shifts, rows) added up, and scaled down.

    Rows that lie along one street, or on streets in a grid, say the same thing more than once.
    Then the sums of chance scatter more than those of independent rows would, and everything
    counts for as much less.
    """
    score, chance = model.sum(axis=1), model[truths:]
    independent = float(chance.var()) * model.shape[1]
    scatter = float(score[truths:].var())
    excess = max(1.0, scatter / independent) if independent > 0 else 1.0
    return np.asarray(score[:truths] / excess)
