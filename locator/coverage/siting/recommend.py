"""What a release recommends: the best five actions, so that more riders find some stop open, and
the best single ones of each hour and service."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.siting.actions import aim_of
from locator.coverage.siting.candidates import Candidates, read_candidates
from locator.coverage.siting.hourly import hourly_json
from locator.coverage.siting.plan import Case, Question, plan
from locator.coverage.siting.report import actions_json
from locator.coverage.siting.robust import steadiness
from locator.coverage.study import Study
from locator.errors import ConfigError
from locator.streets.graph import StreetGraph

ACTIONS = 5


def county_candidates(
    county: County, streets: StreetGraph, water: NDArray[np.object_]
) -> Candidates:
    """The county's own sites; ``water`` are polygons (WGS-84).

    A release needs none of them: where their file cannot be read, that is what is left out.
    """
    if county.candidates is None:
        return Candidates(())
    try:
        return read_candidates(county.path(county.candidates), county, streets, water)
    except ConfigError:
        return Candidates((), {"no_file": [county.candidates]})


def recommended_actions(
    county: County, found: Study, sites: Candidates
) -> tuple[dict[str, Any], dict[str, Any]]:
    """``public/actions.json`` of a study, and ``public/hourly.json``."""
    case = Case(county, found, sites)
    answer = plan(case, Question(aim_of(), actions=ACTIONS))
    actions = actions_json(answer, steadiness(answer), found.coverage.provenance)
    return actions, hourly_json(case)
