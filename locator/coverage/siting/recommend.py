"""What a release recommends: the best five actions, so that more riders find some stop open."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.siting.actions import aim_of
from locator.coverage.siting.candidates import Candidates, read_candidates
from locator.coverage.siting.plan import Case, Question, plan
from locator.coverage.siting.report import actions_json
from locator.coverage.siting.robust import steadiness
from locator.coverage.study import Study

ACTIONS = 5


def recommended_actions(county: County, found: Study, water: NDArray[np.object_]) -> dict[str, Any]:
    """``public/actions.json`` of a study; ``water`` are polygons (WGS-84).

    Raises ConfigError where the candidates' file cannot be read.
    """
    sites = Candidates(())
    if county.candidates is not None:
        sites = read_candidates(county.path(county.candidates), county, found.streets, water)
    answer = plan(Case(county, found, sites), Question(aim_of(), actions=ACTIONS))
    return actions_json(answer, steadiness(answer), found.coverage.provenance)
