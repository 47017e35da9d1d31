"""Whether a whole list lies beside another by one arrow, and which mix-up of datums that would be.

One county is one arrow: within it the datums' shifts differ by some tens of metres only, so entries
that are certainly the same places, all apart by the same way, tell of a datum that was named wrong.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locator.checks.reconcile.listing import Indices, Listing
from locator.geo.crs import EARTH_RADIUS_M
from locator.geo.datum import DATUMS, Datum, convert_datum

#: Two lists of doors differ by less; datums mixed up move all points by 300 m to 1.5 km.
SHIFT_M = 100.0
#: So many pairs of one name, so large a part of them, so nearly together: two readings of a door,
#: and a tenth of the arrow, by which it varies over a county.
_LEAST, _PART, _SPREAD_M, _VARIES = 5, 0.6, 60.0, 0.1
#: How near an arrow is to the one that a mix-up makes: the formula's range over a county.
_FITS_M = 80.0
#: Arrows of pairs farther apart than this are no shift of a datum.
_FAR_M = 2_500.0


@dataclass(frozen=True, slots=True)
class Shift:
    """The map's list lies ``east_m``, ``north_m`` from the ledger: the median of ``pairs`` pairs.

    ``lon``, ``lat`` is a place in the middle of them.
    """

    east_m: float
    north_m: float
    pairs: int
    lon: float
    lat: float

    @property
    def metres(self) -> float:
        """The length of the arrow."""
        return float(np.hypot(self.east_m, self.north_m))

    @property
    def bearing_deg(self) -> float:
        """Its direction, clockwise from north."""
        return float(np.degrees(np.arctan2(self.east_m, self.north_m)) % 360.0)


def find_shift(a: Listing, b: Listing, i: Indices, j: Indices) -> Shift | None:
    """The arrow from list ``a`` to list ``b`` if entries of one name nearly all lie apart by it.

    Only names count that each list has once; ``i`` and ``j`` are the pairs looked at.
    """
    ours, theirs = (
        [(name.core, name.figures, name.directions) for name in each.names] for each in (a, b)
    )
    once_a, once_b = ({key for key, n in Counter(side).items() if n == 1 and key[0]}
                      for side in (ours, theirs))  # fmt: skip
    pairs = [
        (p, q)
        for p, q in zip(i.tolist(), j.tolist(), strict=True)
        if ours[p] == theirs[q] and ours[p] in once_a and ours[p] in once_b
    ]
    if len(pairs) < _LEAST:
        return None
    at, to = (np.array(side, dtype=np.intp) for side in zip(*pairs, strict=True))
    moves = _metres(a.lon[at], a.lat[at], b.lon[to], b.lat[to])
    known = np.isfinite(moves).all(axis=1) & (np.hypot(*moves.T) <= _FAR_M)
    if known.sum() < _LEAST:
        return None
    moves = moves[known]
    arrow = np.median(moves, axis=0)
    spread_m = _SPREAD_M + _VARIES * np.hypot(*arrow)
    together = np.hypot(*(moves - arrow).T) <= spread_m
    if np.hypot(*arrow) < SHIFT_M or together.mean() < _PART or together.sum() < _LEAST:
        return None
    east, north = moves[together].mean(axis=0)
    where = at[known][together]
    return Shift(
        float(east), float(north), int(together.sum()),
        float(np.median(a.lon[where])), float(np.median(a.lat[where])),
    )  # fmt: skip


def mixed_up(shift: Shift, declared: str) -> tuple[list[Datum], list[tuple[Datum, Datum]]]:
    """Which datums named wrong make such an arrow.

    First what the map's list, read as ``declared``, may truly be in; then for the ledger pairs of
    (read as, truly). Both empty where no mix-up fits: then it is no matter of datums.
    """
    theirs = [true for true in DATUMS if _fits(shift, declared, true, 1.0)]
    ours = [(read, true) for read in DATUMS for true in DATUMS if _fits(shift, read, true, -1.0)]
    return theirs, ours


def _fits(shift: Shift, read: str, true: str, sign: float) -> bool:
    """Whether points of datum ``true`` that are read as ``read`` lie off by the arrow."""
    if read == true:
        return False
    x, y = convert_datum(shift.lon, shift.lat, source="wgs84", target=true)
    lon, lat = convert_datum(x, y, source=read, target="wgs84")
    (east, north), = _metres(shift.lon, shift.lat, lon, lat)  # fmt: skip
    off = np.hypot(sign * east - shift.east_m, sign * north - shift.north_m)
    return bool(off <= _FITS_M and np.hypot(east, north) >= SHIFT_M)


def _metres(lon0: Any, lat0: Any, lon1: Any, lat1: Any) -> NDArray[np.float64]:
    """The ways from points to others, east and north in metres, one row each."""
    x0, y0, x1, y1 = (np.radians(np.atleast_1d(each)) for each in (lon0, lat0, lon1, lat1))
    return EARTH_RADIUS_M * np.column_stack([(x1 - x0) * np.cos(y0), y1 - y0])
