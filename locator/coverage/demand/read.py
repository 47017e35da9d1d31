"""A county's demand, by the reader for the sort of file that ``county.toml`` names."""

from __future__ import annotations

from locator.county import County
from locator.coverage.demand.headcount import read_headcount
from locator.coverage.demand.table import Demand, unknown_demand


def read_demand(county: County) -> Demand:
    """The demand of ``county`` from its file; unknown where it names none.

    Raises DemandError where the file cannot be read.
    """
    if county.demand is None:
        return unknown_demand()
    return read_headcount(county.path(county.demand.file), county)
