"""A list of places as it is matched, and the pairs of two lists that are worth a look."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy.spatial import cKDTree

from locator.checks.reconcile import likeness
from locator.county import County
from locator.geo.crs import EARTH_RADIUS_M

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

#: What a list is given as: texts ("" where empty) and WGS-84 degrees (NaN where not known).
COLUMNS = ("name", "host", "address", "phone", "kind", "lon", "lat")
#: Pairs are looked for this far apart: farther than any mix-up of datums moves a point.
REACH_M = 1_600.0
#: So many of the nearest are looked at, and so many of like name anywhere in the county.
NEAREST, NAMESAKES = 40, 8
_ALIKE = 80.0
#: What a hostile list may cost: names are compared, and pairs are looked at, only so many times.
_MOST_COMPARED, _BLOCK, _MOST_PAIRS, _LEAST_NEAREST = 200_000_000, 500, 1_000_000, 3


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with its texts taken apart, rows by position; WGS-84 degrees."""

    names: list[likeness.Name]
    hosts: list[likeness.Name]
    addresses: list[str]
    phones: list[frozenset[str]]
    kinds: list[str]
    lon: Floats
    lat: Floats

    @classmethod
    def of(cls, table: pd.DataFrame, county: County) -> Listing:
        """A table with the columns of `COLUMNS`."""
        common = likeness.common_words(county)
        return cls(
            [likeness.name_of(text, common) for text in table["name"]],
            [likeness.name_of(text, common) for text in table["host"]],
            [likeness.address_core(text, county) for text in table["address"]],
            [likeness.phones_of(text) for text in table["phone"]],
            table["kind"].tolist(),
            table["lon"].to_numpy(dtype=np.float64),
            table["lat"].to_numpy(dtype=np.float64),
        )

    def moved(self, east_m: float, north_m: float) -> Listing:
        """The list with every point moved along the ground."""
        lat = self.lat + np.degrees(north_m / EARTH_RADIUS_M)
        lon = self.lon + np.degrees(east_m / EARTH_RADIUS_M / np.cos(np.radians(self.lat)))
        return Listing(self.names, self.hosts, self.addresses, self.phones, self.kinds, lon, lat)

    @property
    def placed(self) -> Indices:
        """The rows that have a position."""
        return np.flatnonzero(np.isfinite(self.lon) & np.isfinite(self.lat))

    @property
    def xyz(self) -> Floats:
        """The points in space, in metres: near ones are as far apart as along the ground."""
        lon, lat = np.radians(self.lon), np.radians(self.lat)
        return EARTH_RADIUS_M * np.column_stack(
            [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
        )


def candidate_pairs(a: Listing, b: Listing) -> tuple[Indices, Indices]:
    """The pairs worth a look: near each other, or of like name, or of one telephone number."""
    found: list[NDArray[np.intp]] = []
    here, there = a.placed, b.placed
    if len(here) and len(there):
        at, to = a.xyz[here], b.xyz[there]
        for points, others, turned in ((at, to, False), (to, at, True)):
            reach = min(NEAREST, len(others), max(_LEAST_NEAREST, _MOST_PAIRS // len(points)))
            metres, near = cKDTree(others).query(
                points, k=range(1, reach + 1), distance_upper_bound=REACH_M
            )
            rows, columns = np.nonzero(np.isfinite(metres))
            pair = [rows, np.asarray(near)[rows, columns]]
            one, other = pair[::-1] if turned else pair
            found.append(np.column_stack([here[one], there[other]]))
    found.append(_namesakes(a, b))
    found.append(_phone_mates(a, b))
    pairs = np.unique(np.concatenate([each.reshape(-1, 2) for each in found]), axis=0)
    return pairs[:, 0].astype(np.intp), pairs[:, 1].astype(np.intp)


def _namesakes(a: Listing, b: Listing) -> Indices:
    """Pairs of like name anywhere, for each name the few most alike; names are compared once."""
    ours, theirs = _by_core(a), _by_core(b)
    cores, others = list(ours), list(theirs)
    alike = [(core, core) for core in cores if core in theirs]
    if 0 < len(cores) * len(others) <= _MOST_COMPARED:
        for start in range(0, len(cores), _BLOCK):
            block = cores[start : start + _BLOCK]
            likes = process.cdist(
                block, others, scorer=fuzz.ratio, score_cutoff=_ALIKE, dtype=np.uint8
            )
            best = np.argsort(-likes.astype(np.int16), axis=1, kind="stable")[:, :NAMESAKES]
            alike += [
                (core, others[column])
                for core, row, columns in zip(block, likes, best.tolist(), strict=True)
                for column in columns
                if row[column] >= _ALIKE
            ]
    pairs = [
        (i, j)
        for core, other in dict.fromkeys(alike)
        for i in ours[core][:NAMESAKES]
        for j in theirs[other][:NAMESAKES]
    ]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def _by_core(each: Listing) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(each.names):
        if name.core:
            found[name.core].append(at)
    return dict(found)


def _phone_mates(a: Listing, b: Listing) -> Indices:
    of_b: defaultdict[str, list[int]] = defaultdict(list)
    for j, phones in enumerate(b.phones):
        for phone in phones:
            of_b[phone].append(j)
    pairs = [
        (i, j)
        for i, phones in enumerate(a.phones)
        for phone in phones
        for j in of_b.get(phone, [])[:NAMESAKES]
    ]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)
