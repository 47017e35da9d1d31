"""A county's demand, by the reader for the sort of file that ``county.toml`` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from locator.county import County
from locator.coverage.demand.cells import read_cells
from locator.coverage.demand.grid import read_grid
from locator.coverage.demand.headcount import read_headcount
from locator.coverage.demand.table import Demand, unknown_demand

#: ``format`` of ``[demand]`` in ``county.toml`` → the reader.
READERS: Mapping[str, Callable[[Path, County], Demand]] = {
    "headcount": read_headcount,
    "cells": read_cells,
    "grid": read_grid,
}


def read_demand(county: County) -> Demand:
    """The demand of ``county`` from its file; unknown where it names none.

    Raises DemandError where the file cannot be read, or no row of it can be used.
    """
    if county.demand is None:
        return unknown_demand()
    return READERS[county.demand.format](county.path(county.demand.file), county)
