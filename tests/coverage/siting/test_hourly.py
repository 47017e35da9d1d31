"""The best single actions of an hour, against the plan that may take one action in that hour."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from locator.coverage.demand import SLOTS
from locator.coverage.siting.actions import aim_of
from locator.coverage.siting.candidates import Candidate
from locator.coverage.siting.hourly import hourly, hourly_json
from locator.coverage.siting.plan import Case, Question, plan
from locator.coverage.siting.robust import DRAWS, TOP
from locator.coverage.supply import ANY_STOP
from locator.coverage.week import WEEK

SITES = [
    Candidate("c1", "桥头", 116.9702, 31.4601, ("place_cabin",), None, None, "ledger"),
    Candidate("c2", "北街", 116.9500, 31.4799, ("place_cabin",), None, None, "ledger"),
]


@pytest.fixture(scope="module")
def case(paper_case: Callable[..., Case]) -> Case:
    return paper_case(SITES)


@pytest.mark.parametrize("service", [ANY_STOP, "toilet", "hot_meal"])
def test_the_first_is_what_a_plan_of_one_action_gains(case: Case, service: str) -> None:
    found = hourly(case, service)
    assert len(found) == len(SLOTS)
    assert any(found)
    for slot, (day, hour) in enumerate(SLOTS):
        aim = aim_of(() if service == ANY_STOP else (service,), [hour], [day])
        answer = plan(case, Question(aim, actions=1))
        best = found[slot][0].riders if found[slot] else 0.0
        assert best * WEEK[slot] == pytest.approx(answer.choice.gain, abs=0.05 * WEEK[slot])
        if found[slot]:
            assert found[slot][0].action.cost <= answer.cost + 0.01, "the cheapest of these"


def test_each_place_once_the_best_first_and_how_sure_it_is(case: Case) -> None:
    for slot in hourly(case):
        places = [each.action.place for each in slot]
        assert len(set(places)) == len(places) <= TOP
        riders = [each.riders for each in slot]
        assert riders == sorted(riders, reverse=True)
        for each in slot:
            assert each.scenarios >= DRAWS + 4
            assert 0 <= each.kept <= each.scenarios


def test_at_night_the_cheaper_way_to_the_same_is_told(case: Case) -> None:
    """At 21:00 the west has 24 riders and a stop that shuts at 20:00: two hours more do for them
    what the whole night would."""
    first = hourly(case)[21][0]
    assert (first.action.id, round(first.riders, 6)) == ("990101-001+22", 24.0)


def test_without_demand_nothing_is_said(case: Case) -> None:
    ground = case.found.ground
    unknown = replace(ground, demand=replace(ground.demand, provenance=None))
    told = hourly_json(replace(case, found=replace(case.found, ground=unknown)))
    assert told["best"] == {}
    assert told["actions"] == {}


def test_the_file_says_the_same(case: Case) -> None:
    told = json.loads(json.dumps(hourly_json(case)))
    assert told["reach_min"] == case.reach_min
    assert told["best"].keys() <= {ANY_STOP, *case.county.clock_services}
    used = set()
    for slot, (day, hour) in enumerate(SLOTS):
        said = told["best"][ANY_STOP][day][hour]
        wanted = hourly(case)[slot] if slot in {0, 21, 30, 47} else None
        if wanted is not None:
            assert said == [[w.action.id, round(w.riders, 1), w.kept] for w in wanted]
        used |= {one[0] for one in said}
    assert used <= told["actions"].keys()
    assert all(action["scenario"] for action in told["actions"].values())
