"""What a ledger's rows say of where they should be, in words that can be looked up on the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from locator.checks.datum_doctor.evidence import (
    Ground,
    area_evidence,
    landmark_evidence,
    outside_shape_m,
    stayed_evidence,
    street_name_evidence,
)
from locator.checks.datum_doctor.names import mentions, plain_all
from locator.checks.datum_doctor.shifts import TRUTHS
from locator.checks.position import outside_m

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: An outline that is off is off for all rows this near to each other.
ONE_CORNER_M = 250.0


@dataclass(frozen=True)
class Clues:
    """What rows say, one entry a row: log-likelihoods (rows, truths), and for words what each was
    matched with ("" for nothing) and how far from it each truth puts the row (metres)."""

    landmark: Floats
    street: Floats
    township: Floats
    county: Floats
    stayed: Floats
    landmark_name: NDArray[np.object_]
    landmark_m: Floats
    township_name: NDArray[np.object_]
    township_m: Floats
    group: Ints

    @property
    def total(self) -> Floats:
        """All of a row's log-likelihoods together."""
        return self.landmark + self.street + self.township + self.county + self.stayed

    def take(self, at: Ints) -> Clues:
        """The clues of some rows."""
        return Clues(**{name: value[at] for name, value in vars(self).items()})


def clues_of(
    rows: pd.DataFrame, ground: Ground, lon: Floats, lat: Floats, xy: Floats, declared: int
) -> Clues:
    """The clues of rows that stand at ``lon``, ``lat`` (degrees) and ``xy`` (metres), by truth.

    ``declared`` is the place of the declared one in `TRUTHS`. Where the rows have ``was_lon`` and
    ``was_lat``, that is where the last release has them.
    """
    size = (len(rows), len(TRUTHS))
    county = ground.county.name_zh
    text = {
        name: _plain(rows[name].tolist(), county)
        for name in ("name", "host", "address", "township")
    }
    landmark, landmark_m = np.zeros(size), np.zeros(size)
    place = _place_named(text, ground)
    at = np.flatnonzero(place >= 0)
    landmark[at], landmark_m[at] = landmark_evidence(
        xy[:, at], ground.landmark_xy[place[at]], ground.names.reach_m[place[at]]
    )
    landmark_name = np.full(len(rows), "", dtype=object)
    landmark_name[at] = np.array(ground.names.names, dtype=object)[place[at]]

    street = np.zeros(size)
    names, trees = ground.street_names
    named = mentions(text["address"], names)
    at = np.flatnonzero(named >= 0)
    if len(at):
        street[at], _ = street_name_evidence(xy[:, at], [trees[names[i]] for i in named[at]])

    township, township_m = np.zeros(size), np.zeros(size)
    names, shapes = ground.townships
    stated = mentions(
        [a or b for a, b in zip(text["township"], text["address"], strict=True)], names
    )
    for number in np.unique(stated[stated >= 0]).tolist():
        at = np.flatnonzero(stated == number)
        township_m[at] = outside_shape_m(xy[:, at], shapes[number])
        township[at] = area_evidence(township_m[at])
    township_name = np.array([*names, ""], dtype=object)[stated]

    within = np.zeros(size)
    out = np.flatnonzero(rows["position_fault"] == "outside")
    for truth in range(len(TRUTHS)):
        there = pd.DataFrame({"lon": lon[truth, out], "lat": lat[truth, out]})
        within[out, truth] = area_evidence(outside_m(there, ground.county)) if len(out) else 0.0

    stayed = np.zeros(size)
    if "was_lon" in rows:
        was = rows[["was_lon", "was_lat"]].to_numpy(np.float64).T
        stayed = stayed_evidence(was, lon, lat, declared)

    # Rows that say one thing: the same landmark, or the same township from the same corner of it.
    corner = np.floor(xy[0] / ONE_CORNER_M).astype(np.int64)
    key = np.column_stack([place, stated, np.where(place[:, None] < 0, corner, 0)])
    key[(place < 0) & (stated < 0), 0] = -2 - np.flatnonzero((place < 0) & (stated < 0))
    group = pd.DataFrame(key).groupby(list(range(key.shape[1])), sort=False).ngroup().to_numpy()
    return Clues(landmark, street, township, within, stayed, landmark_name, landmark_m,
                 township_name, township_m, group.astype(np.int64))  # fmt: skip


def _plain(texts: list[str], county: str) -> list[str]:
    """The plain spelling of texts, of which many may be the same: all empty, say."""
    different = list(dict.fromkeys(texts))
    if 2 * len(different) > len(texts):
        return plain_all(texts, county)
    spelt = dict(zip(different, plain_all(different, county), strict=True))
    return [spelt[text] for text in texts]


def _place_named(text: Mapping[str, list[str]], ground: Ground) -> Ints:
    """The landmark that each row names, the smallest of those in name, host and address."""
    reach = np.append(ground.names.reach_m, np.inf)
    found = np.stack(
        [mentions(text[name], ground.names.names) for name in ("name", "host", "address")]
    )
    best = reach[found].argmin(axis=0)
    return np.asarray(found[best, np.arange(found.shape[1])])
