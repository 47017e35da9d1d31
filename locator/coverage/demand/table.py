"""What demand is: riders by H3 cell and hour, and the report of what was read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import h3
import numpy as np
from numpy.typing import NDArray

from locator.county import Provenance

#: The resolution of cells that places are counted in; cells made from traces are coarser.
RESOLUTION = 9
#: The days of the clock, in the order of the 48 slots.
DAYS = ("workday", "dayoff")
SLOTS = tuple((day, hour) for day in DAYS for hour in range(24))


@dataclass(frozen=True)
class Demand:
    """Riders who are there, on average, in each hour: ``riders`` is cells × 48 slots.

    ``cells`` are H3 cells in the order of their names; their resolutions may differ (9 where
    places were counted, 8 and coarser where traces were), but none lies within another. ``SLOTS``
    is the order of the slots. ``report`` counts what was read. Demand that nobody knows has no
    cell, and its ``provenance`` is None.
    """

    cells: list[str]
    riders: NDArray[np.float64]
    provenance: Provenance | None
    report: dict[str, Any]

    @cached_property
    def centres(self) -> NDArray[np.float64]:
        """Longitude and latitude (WGS-84) of each cell's centre, cells × 2."""
        return np.array([h3.cell_to_latlng(cell)[::-1] for cell in self.cells]).reshape(-1, 2)


def unknown_demand(report: dict[str, Any] | None = None) -> Demand:
    """The demand of a county that has not counted its riders: unknown, which is not zero.

    So it is where a file names places and withholds every number (``report``).
    """
    return Demand(cells=[], riders=np.empty((0, len(SLOTS))), provenance=None, report=report or {})
