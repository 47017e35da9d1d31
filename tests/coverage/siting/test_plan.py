"""Questions to an illustrative county: its words, its files, and that nothing moves by chance."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner

import locator
from locator.checks.validate import validate
from locator.cli import main
from locator.counties import find_county
from locator.coverage.demand import unknown_demand
from locator.coverage.siting.actions import aim_of
from locator.coverage.siting.candidates import Candidate, Candidates, read_candidates
from locator.coverage.siting.plan import (
    CURVE_POINTS,
    Case,
    Point,
    Question,
    concave,
    plan,
)
from locator.coverage.siting.recommend import ACTIONS, recommended_actions
from locator.coverage.siting.report import actions_json, actions_text
from locator.coverage.siting.robust import DRAWS, steadiness
from locator.coverage.study import study
from locator.errors import UsageError

SITE = Candidate("c1", "桥头", 116.9715, 31.46, ("sign_up_shop",), None, None, "ledger")
SCHEMA = json.loads(
    (Path(locator.__file__).parent / "coverage/siting/actions.schema.json").read_text("utf-8")
)


@pytest.fixture(scope="module")
def case(data: Path) -> Case:
    county = find_county(data, "kuandian")
    as_of = date(2026, 11, 29)
    stations = validate(county.ledger_paths, [county], all_counties=[county], as_of=as_of).stations
    found = study(county, stations, as_of)
    return Case(
        county, found, read_candidates(county.path(county.candidates), county, found.streets)
    )


def asked(case: Case, question: Question) -> dict[str, Any]:
    answer = plan(case, question)
    result = actions_json(answer, steadiness(answer), case.found.coverage.provenance)
    jsonschema.validate(result, SCHEMA)
    return result


@pytest.mark.slow
def test_the_best_five_of_a_county(case: Case) -> None:
    result, _ = recommended_actions(case.county, case.found, case.sites)
    jsonschema.validate(result, SCHEMA)
    assert result["status"] == "optimal"
    assert len(result["actions"]) == ACTIONS == 5
    gains = [action["gain"] for action in result["actions"]]
    assert gains == sorted(gains, reverse=True)
    assert max(gains) <= result["gain"] <= sum(gains) + 1e-6
    for action in result["actions"]:
        robust = action["robust"]
        assert 0 <= robust["top"] <= robust["chosen"] <= robust["scenarios"]
        assert robust["scenarios"] >= DRAWS + 4
        assert robust["gain_least"] <= 0.8 * action["gain"] + 0.01
        assert robust["gain_most"] >= 1.2 * action["gain"] - 0.01
        assert str(robust["scenarios"]) in action["robust_zh"]
    spends = [point["spend"] for point in result["curve"]]
    assert spends == sorted(set(spends))
    assert "示意数据" in result["assumptions_zh"]
    assert "花费是假定的" in result["assumptions_zh"]
    text = actions_text(result, {})
    assert text.startswith("最多 5 件")
    assert all(action["name_zh"] in text for action in result["actions"])
    assert actions_text(result, {}, "en").startswith("At most 5 actions; wanted: a stop within")


@pytest.mark.slow
def test_a_budget_spends_no_more_and_names_the_cheapest_when_it_buys_nothing(case: Case) -> None:
    some = plan(case, Question(aim_of(), budget=60_000.0))
    assert 0 < some.cost <= 60_000
    nothing = asked(case, Question(aim_of(), budget=0.0))
    assert (nothing["status"], nothing["actions"], nothing["gain"]) == ("nothing", [], 0.0)
    assert nothing["note_zh"].startswith("预算 0 元：一件也做不了；最便宜的是")
    none = asked(case, Question(aim_of(), actions=0))
    assert none["note_zh"] == "0 件：一件也不做。"


def test_one_action_is_not_among_the_first_three_and_unknown_ones_are_told(
    paper_case: Callable[..., Case],
) -> None:
    case = paper_case([SITE])
    case = replace(case, sites=replace(case.sites, left_out={"no_action": ["x"]}))
    result = asked(case, Question(aim_of(), actions=1))
    (action,) = result["actions"]
    assert "仍被选中" in action["robust_zh"]
    assert "Chosen again" in action["robust_en"]
    assert "sign_up_shop 请店铺加入" in result["note_zh"]
    assert "sign_up_shop" in result["note_en"]


def test_unknown_demand_is_said(paper_case: Callable[..., Case]) -> None:
    case = paper_case([SITE])
    found = case.found
    empty = replace(found.ground, demand=unknown_demand())
    unknown = replace(found, ground=replace(empty, cells=_none(found.ground.cells)))
    covered = np.zeros((len(found.coverage.services), 48, 0), dtype=bool)
    unknown = replace(
        unknown, coverage=replace(found.coverage, demand=unknown_demand(), covered=covered),
        ground=replace(unknown.ground, access=_no_rows(found.ground.access)),
    )  # fmt: skip
    result = asked(replace(case, found=unknown), Question(aim_of(), actions=3))
    assert result["status"] == "unknown"
    assert result["note_zh"].startswith("需求未知")


def _none(cells):
    return replace(cells, **{name: getattr(cells, name)[:0] for name in vars(cells)})


def _no_rows(access):
    return replace(access, matrix=access.matrix[:0])


def test_sites_out_of_reach_help_nobody(paper_case: Callable[..., Case]) -> None:
    case = paper_case([])
    answer = plan(
        replace(case, sites=Candidates((), {"in_water": ["c9"]})),
        Question(aim_of(["hot_meal"], hours=[]), actions=1),
    )
    result = actions_json(answer, steadiness(answer), case.found.coverage.provenance)
    assert result["note_zh"].startswith("没有一件事能多服务到人")
    assert "候选点 c9在水里，没有算（1 处）" in result["note_zh"]


@pytest.mark.parametrize("limits", [{}, {"actions": 1, "budget": 1.0}, {"budget": -1.0}])
def test_a_question_has_one_limit(limits: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Question(aim_of(), **limits)


def test_of_two_sites_that_gain_the_same_the_cheaper_is_chosen(
    paper_case: Callable[..., Case],
) -> None:
    dear = replace(SITE, id="c0", cost=20_000.0)
    sites = [dear, SITE, replace(dear, id="c9", cost=30_000.0)]
    case = paper_case(sites, {"status": "closed"}, {"hours": None})
    answer = plan(case, Question(aim_of(hours=range(20, 22)), actions=1))
    assert [(action.place, action.cost) for action in answer.actions] == [("c1", 12_000.0)]
    assert answer.tie is not None


def test_points_of_the_curve_are_spread_over_the_spend(paper_case: Callable[..., Case]) -> None:
    sites = [replace(SITE, id=f"c{at}", lon=116.93 + at / 250, cost=9_000.0) for at in range(12)]
    answer = plan(paper_case(sites), Question(aim_of(), actions=1))
    spends = [point.spend for point in answer.curve]
    assert spends[0] == 0.0
    assert 3 <= len(spends) <= CURVE_POINTS + 1
    assert answer.curve[-1].gain == pytest.approx(answer.problem.coverable)


def test_a_curve_that_bends_up_is_told() -> None:
    points = [Point(s, g, 1, True) for s, g in ((0, 0), (10, 5), (20, 15))]
    assert not concave(points)
    assert concave(points[:2])


@pytest.mark.slow
def test_the_command(data: Path, tmp_path: Path) -> None:
    def run(*words: str):
        return CliRunner().invoke(main, ["--data", str(data), "--var", str(tmp_path), *words])

    result = run("site", "kuandian", "--hours", "18-2", "--day", "workday", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["objective"]["actions"] == len(told["actions"]) == ACTIONS
    assert told["objective"]["hours"] == [0, 1, 18, 19, 20, 21, 22, 23]
    assert told["objective"]["days"] == ["workday"]
    for words in (["--actions", "1", "--budget", "3"], ["--hours", "24"],
                  ["--actions", "1", "--service", "dancing"]):  # fmt: skip
        assert run("site", "kuandian", *words).exit_code == 2
