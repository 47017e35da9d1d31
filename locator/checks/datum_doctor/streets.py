"""How well a source's rows lie along the streets and beside the buildings under each datum.

One point near a street says nothing: where streets are dense, any point is. So the same rows are
pushed about in many directions that no datum explains, and what is seen then is chance. How far
each datum does better than chance, counted row by row, is the evidence; and it is scaled down
until the chance shifts themselves, taken as a whole, find none.

A distance to the nearest street is that to the door's own street, or to another that happens to be
nearer; how often the others are, chance tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import ndtr

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
EDGES_M = np.append(np.arange(0.0, CAP_M, BIN_M), CAP_M)
SHIFTS = 128
#: Scatter counts from this much more than expected on: so many shifts tell it to an eighth.
SCATTER_SLACK = 1.5
#: How often the rows of a source simply do not keep to the streets of the map.
APART = 0.08
#: How often a single row does not.
STRAY = 0.02
#: What part of the streets that chance meets are others than a door's own.
OTHERS = 0.75
#: A pin is set this far from its door, in any direction (metres); and doors from their street's
#: middle, with four decimals on top (one axis, one sigma).
PIN_M, DOOR_M = (15.0, 30.0), 6.5
#: How far positions may lie from a wall (metres, one sigma). Which of these holds for a source, and
#: whether walls count at all, is left open: all are weighed.
WALL_M = (10.0, 20.0)


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
    by_street = _against_chance(street_m, street_m[truths:], _beside_street())
    models = [by_street]
    if ground.building_tree is not None:
        wall_m = _capped(ground.building_tree, everywhere)
        for spread_m in WALL_M:
            beside = _share(np.zeros(1), spread_m)
            models.append(by_street + _against_chance(wall_m, wall_m[truths:], beside))
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


def _beside_street() -> Floats:
    """How often a position is how far from the middle of its door's own street, by bin."""
    radius = np.linspace(*PIN_M, 16)
    turn = (np.arange(64) + 0.5) * (2 * np.pi / 64)
    return _share(np.outer(radius, np.sin(turn)).ravel(), DOOR_M)


def _share(middle_m: Floats, spread_m: float) -> Floats:
    """The share of normal distances around each of ``middle_m``, either way, in every bin."""
    below = ndtr((EDGES_M[:, None] - middle_m) / spread_m)
    above = ndtr((-EDGES_M[:, None] - middle_m) / spread_m)
    share = np.diff((below - above).mean(axis=1))
    return np.asarray(share / share.sum())


def _against_chance(away: Floats, chance: Floats, beside: Floats) -> Floats:
    """The log-likelihood of each distance, against chance.

    ``beside`` is how often the door's own street is in which bin. The nearest is in a bin if the
    own one is and the others are not nearer, or one of the others is and the own one is not nearer.
    """
    counts = np.histogram(np.minimum(chance, CAP_M - 1e-9), EDGES_M)[0].astype(np.float64)
    capped = float((chance >= CAP_M).sum())
    counts[-1] -= capped
    # A smooth count: a bin that chance never hit is still possible.
    smooth = np.convolve(np.pad(counts, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid") + 0.5
    null = np.append(smooth, capped + 0.5)
    null /= null.sum()
    own = np.append(beside, 0.0)
    no_other = _not_nearer(null) ** OTHERS
    an_other = OTHERS * no_other / _not_nearer(null)  # of the same bin, against chance
    likely = own / null * no_other + an_other * _not_nearer(own)
    bits = np.log((1 - STRAY) * likely + STRAY)
    at = np.where(away >= CAP_M, len(beside), np.minimum(away // BIN_M, len(beside) - 1))
    return np.asarray(bits[at.astype(np.int64)])


def _not_nearer(share: Floats) -> Floats:
    """How often what is in the bins by these shares is not nearer than the middle of each bin."""
    return np.asarray(1.0 - np.cumsum(share) + share / 2)


def _tempered(model: Floats, truths: int) -> Floats:
    """The rows' log-likelihoods (truths and chance shifts, rows) added up, and scaled down.

    Rows that lie along one street, or on streets in a grid, say the same thing more than once.
    Then the sums of chance scatter more than those of independent rows would, and everything
    counts for as much less. Some of that scatter is only that of so few shifts.
    """
    score, chance = model.sum(axis=1), model[truths:]
    independent = float(chance.var()) * model.shape[1]
    scatter = float(score[truths:].var())
    excess = max(1.0, scatter / independent / SCATTER_SLACK) if independent > 0 else 1.0
    return np.asarray(score[:truths] / excess)
