"""What is recommended is what the planner's page tries: each action's text, read by the what-if."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.coverage.demand import SLOTS
from locator.coverage.scenario import print_scenario, read_scenario
from locator.coverage.siting.actions import Action, Aim, aim_of
from locator.coverage.siting.candidates import Candidate
from locator.coverage.siting.plan import Case, considered
from locator.coverage.supply import ANY_STOP, covered
from locator.coverage.what_if import suppose
from tests.quick import examples

SITE = Candidate("c1", "桥头", 116.9715, 31.46, ("sign_up_shop",), None, None, "ledger")
NIGHTS = [
    "24/7", "Mo-Fr 18:00-02:00", "Mo-Fr 20:00-06:00", "00:00-06:00,08:00-20:00",
    "Sa 20:00-02:00", "Mo-Sa 20:00-02:00", "Mo-Fr 08:00-12:00,14:00-17:30; Sa-Su off",
    "00:00-00:10", "Mo-Su 23:59-23:58", "Mo-Fr 08:00-12:00,12:00-14:00; Su 00:00-24:00",
]  # fmt: skip


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


SPAN = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(
    lambda span: span[0] != span[1] and span != (0, 1440)
)
HOURS = st.sampled_from(NIGHTS) | st.builds(
    lambda days, span: f"{days} {clock(span[0])}-{clock(span[1])}",
    st.sampled_from(["Mo-Su", "Mo-Fr", "Sa", "Sa-Su", "Mo-Sa"]),
    SPAN,
)
AIMS = st.sampled_from([aim_of(), aim_of(["hot_meal", "toilet"]), aim_of([ANY_STOP, "toilet"]),
                        aim_of(hours=range(20, 24), days=["workday"])])  # fmt: skip


def gain_by_what_if(case: Case, action: Action, aim: Aim) -> float:
    """The rider-hours a week that the text of an action gains, as the planner's page reads it."""
    items, faults = read_scenario(action.scenario)
    assert (faults, print_scenario(items)) == ([], action.scenario)
    supposed = suppose(items, case.found.ground, case.supply, case.county)
    assert supposed.problems == []
    after = covered(supposed.ground.access.matrix, supposed.supply, case.reach_min)
    newly = after & ~case.found.coverage.covered
    total = 0.0
    for code in aim.services:
        own = newly[case.found.coverage.services.index(code)]
        for slot, weight in zip(aim.slots, aim.weight, strict=True):
            need = 1.0 if code == ANY_STOP else case.county.services[code].need(SLOTS[slot][1])
            total += weight * need * float(case.demand.riders[:, slot] @ own[slot])
    return total


def check(case: Case, aim: Aim) -> Sequence[Action]:
    seen, problem = considered(case, aim)
    actions = seen.options.actions
    for at, action in enumerate(actions):
        assert problem.gain([at]) == pytest.approx(gain_by_what_if(case, action, aim)), action
    return actions


def test_a_shop_over_midnight_and_two_doors(paper_case: Callable[..., Case]) -> None:
    site = replace(SITE, hours="Mo-Sa 18:00-02:00")
    case = paper_case([site], {"hours": "Mo-Fr 18:00-02:00"}, {"hours": "00:00-06:00,08:00-20:00"})
    by_id = {action.id: action for action in check(case, aim_of())}
    shop = by_id["c1+sign_up_shop"]
    assert shop.scenario == "+116.9715,31.46@wd:1800-0200,do:0000-0200;any_stop"
    assert shop.what_zh == "请店铺加入，工作日 18:00–次日 02:00，休息日 00:00–02:00"
    assert shop.what_en == "Sign up a shop, on workdays 18:00–02:00, on days off 00:00–02:00"
    # The door of the night is open then on days off as well; no shop opens the whole Sunday.
    assert by_id["990101-001+days"].scenario == "990101-001@wd:1800-0200,do:1800-0200"
    assert by_id["990101-002+24"].scenario == "990101-002@wd:0800-0600,do:0800-0600"


@pytest.mark.slow
@given(HOURS, HOURS, HOURS, AIMS)
@settings(max_examples=examples(30))
def test_any_hours_are_read_back_and_gain_the_same(
    paper_case: Callable[..., Case], west: str, east: str, shop: str, aim: Aim
) -> None:
    sites = [
        replace(SITE, hours=shop, actions=("sign_up_shop", "open_full_station")),
        replace(SITE, id="c2", lon=116.9360001, actions=("extend_hours_24h", "place_cabin")),
    ]
    own = {"hot_meal": "11:00-13:00"}
    check(paper_case(sites, {"hours": west}, {"hours": east, "service_hours": own}), aim)
