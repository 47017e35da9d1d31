"""Why a point is not joined to the streets, or to anything along them, and how far a street is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from locator.streets.graph import StreetGraph
from locator.streets.pieces import Ints
from locator.streets.snap import Snap

#: Reason → (Chinese, English).
REASONS = {
    "no_street": ("附近没有街道", "no street near"),
    "trap": ("只挨着进得去出不来的单行路", "only a one-way street that nobody gets out of"),
    "islet": ("只挨着与路网不相连的孤路", "only a street that touches no other"),
    "no_way": ("街道之间没有通路", "no way along the streets"),
}
_ANYWHERE_M = 1e7


class Unreachable(NamedTuple):
    """Point ``position``, its reason, and the metres to the nearest street that counts: farther
    than the limit of the snap, but for ``no_way``; None where there is none at all."""

    position: int
    reason: str
    street_m: float | None


def why_unreachable(
    graph: StreetGraph, lon: np.ndarray, lat: np.ndarray, snapped: Snap, which: Ints, max_m: float
) -> list[Unreachable]:
    """Why the points at ``which`` positions (WGS-84 degrees, snapped within ``max_m``) are cut off.

    Beside a trap or an islet, within ``max_m`` and with no street that counts so near, that is the
    reason.
    """
    at = np.stack(
        graph.segments.plane.transform(np.asarray(lon)[which], np.asarray(lat)[which]), axis=-1
    )
    street, trap, islet = (
        one.distance_m(at, one.nearest(at, _ANYWHERE_M))
        for one in (graph.segments, graph.trap_segments, graph.islet_segments)
    )
    found = []
    for i, position in enumerate(np.asarray(which).tolist()):
        if snapped.edge[position] >= 0:
            reason = "no_way"
        elif trap[i] <= max_m:
            reason = "trap"
        elif islet[i] <= max_m:
            reason = "islet"
        else:
            reason = "no_street"
        metres = round(float(street[i]), 1) if np.isfinite(street[i]) else None
        found.append(Unreachable(position, reason, metres))
    return found
