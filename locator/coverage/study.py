"""A county's coverage from its files: the way through this room, in the order one walks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd

from locator.county import County
from locator.coverage.clock import Coverage, coverage
from locator.coverage.demand import Demand
from locator.coverage.gap_changes import gap_changes
from locator.coverage.gap_succession import Before, inherited
from locator.coverage.gaps import find_gaps
from locator.coverage.ground import Ground, ground_of
from locator.coverage.measures import Measures, measures
from locator.coverage.nearest_open import Nearest, nearest_by_service
from locator.coverage.served import served
from locator.coverage.supply import ANY_STOP
from locator.streets.graph import StreetGraph


@dataclass(frozen=True)
class Study:
    """The coverage of one county, its gaps by service, its measures, and what they were made from.

    ``nearest`` are the nearest stations of each cell for each service, whatever their hours, and
    open then.
    """

    ground: Ground
    coverage: Coverage
    nearest: dict[str, Nearest]
    gaps: dict[str, gpd.GeoDataFrame]
    measures: Measures
    gap_changes: list[dict[str, Any]]

    @property
    def streets(self) -> StreetGraph:
        """The street graph."""
        return self.ground.streets

    @property
    def demand(self) -> Demand:
        """The riders."""
        return self.ground.demand


def study(
    county: County,
    stations: gpd.GeoDataFrame,
    as_of: date,
    reach_min: float | None = None,
    *,
    streets: StreetGraph | None = None,
    before: Before | None = None,
) -> Study:
    """Measure how ``stations`` (the station table, EPSG:4326) cover a county's riders.

    Reads the demand file that ``county.toml`` names, and its street file where ``streets`` are not
    given; without a demand file the demand is unknown, and so are clock, gaps and measures. The
    gaps follow those of the release ``before``, where it is given. Raises StreetsError or
    DemandError when one cannot be read, StreetsError also when the streets have changed since they
    were frozen, or come near no station at all.
    """
    ground = ground_of(county, stations, streets)
    found = coverage(ground.access, stations, ground.demand, county, as_of, reach_min)
    nearest = nearest_by_service(ground.search, found.supply)
    gaps = find_gaps(found, nearest, ground.streets, stations, county, ground.townships)
    changes: list[dict[str, Any]] = []
    if before is not None:
        gaps = inherited(gaps, before, found, county)
        changes = gap_changes(gaps[ANY_STOP], before, stations, found, county)
    by_cell = served(ground, found.supply, nearest[ANY_STOP].then, county, found.reach_min)
    return Study(ground, found, nearest, gaps, measures(by_cell, ground), changes)
