"""Who goes without, why, and which cells hang together: the making of gaps, before their names."""

from __future__ import annotations

from typing import NamedTuple

import h3
import numpy as np
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.clock import Coverage
from locator.coverage.nearest_open import Nearest
from locator.coverage.served import need_of
from locator.coverage.supply import DS_PER_MIN

#: Why a cell goes without, and the stop whose hours or services would be the remedy.
_Cause = tuple[str, str | None]


class Group(NamedTuple):
    """The cells of a gap (positions), the worst of them, and why they go without."""

    cells: list[int]
    worst: int
    cause: str


def uncovered(coverage: Coverage, county: County) -> NDArray[np.float64]:
    """Riders who need a service and have none, services × cells × 48 slots."""
    without = ~coverage.covered.transpose(0, 2, 1)
    return np.asarray(without * need_of(county)[:, None, :] * coverage.demand.riders)


def grouped(
    coverage: Coverage, row: int, near: Nearest, ids: list[str], by_cell: NDArray[np.float64]
) -> list[Group]:
    """Cells that lack the service of a ``row``, with those neighbours that lack it for one cause.

    ``near`` is that service's, ``ids`` are the stations', ``by_cell`` the rider-hours a week that
    each cell goes without.
    """
    cause = _causes(coverage, row, near, ids, by_cell)
    number = {cell: at for at, cell in enumerate(coverage.demand.cells)}
    groups: list[Group] = []
    seen: set[str] = set()
    for first in cause:
        if first in seen:
            continue
        seen.add(first)
        group, queue = [], [first]
        while queue:
            cell = queue.pop()
            group.append(number[cell])
            for other in h3.grid_disk(cell, 1):
                if other not in seen and cause.get(other) == cause[cell]:
                    seen.add(other)
                    queue.append(other)
        worst = max(group, key=lambda at: (by_cell[at], -at))
        groups.append(Group(sorted(group), worst, cause[first][0]))
    return groups


def _causes(
    coverage: Coverage, row: int, near: Nearest, ids: list[str], by_cell: NDArray[np.float64]
) -> dict[str, _Cause]:
    """Of each cell with riders to serve, why it goes without, and the stop to remedy it."""
    reach_ds = coverage.reach_min * DS_PER_MIN
    unknown = frozenset(coverage.unknown_hours)
    causes: dict[str, _Cause] = {}
    for cell in np.flatnonzero(by_cell > 0).tolist():
        if 0 <= near.time_ds[cell] <= reach_ds:
            stop = ids[near.station[cell]]
            unsaid = stop in unknown and not coverage.covered[row, :, cell].any()
            cause: _Cause = ("hours_unknown" if unsaid else "closed", stop)
        elif coverage.near[cell]:
            cause = ("no_service", coverage.nearest_station[cell])
        else:
            cause = ("no_street" if coverage.nearest_ds[cell] < 0 else "no_stop", None)
        causes[coverage.demand.cells[cell]] = cause
    return causes
