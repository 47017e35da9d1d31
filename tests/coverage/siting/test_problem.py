"""Merging items, and the searches, against what one can count on paper or by trying everything."""

from __future__ import annotations

import os
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult
from scipy.sparse import csr_array

from locator.coverage.siting import exact, solver
from locator.coverage.siting.bound import bound
from locator.coverage.siting.exact import (
    another,
    best_choice,
    cheapest_alike,
    cover_all,
    within,
)
from locator.coverage.siting.greedy import greedy, improved
from locator.coverage.siting.problem import Problem, make_problem, merged_problem
from locator.coverage.siting.reduce import hardest, restricted, undominated
from locator.errors import UsageError
from tests.quick import examples

#: Four cells in a row with 4, 3, 3 and 4 riders, and a site between each two neighbours.
FOUR = csr_array(np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]]))


def four(cost=(1, 1, 1), group=None) -> Problem:
    return make_problem(FOUR, [4, 3, 3, 4], cost, group)


def affordable(problem: Problem, budget: float):
    options = range(len(problem.cost))
    for size in range(len(options) + 1):
        for chosen in combinations(options, size):
            groups = problem.group[list(chosen)]
            if len(set(groups)) == size and problem.cost[list(chosen)].sum() <= budget:
                yield chosen


def by_trying(problem: Problem, budget: float) -> float:
    return max(problem.gain(chosen) for chosen in affordable(problem, budget))


def test_the_best_of_four_cells_on_paper() -> None:
    one, two = best_choice(four(), 1), best_choice(four(), 2)
    assert (one.gain, one.status) == (7.0, "optimal")
    assert (two.chosen.tolist(), two.gain, two.bound) == ([0, 2], 14.0, 14.0)


def test_a_budget_buys_what_it_buys() -> None:
    priced = four(cost=(10, 3, 10))
    assert best_choice(priced, 2).chosen.tolist() == []
    assert best_choice(priced, 9).chosen.tolist() == [1]
    assert best_choice(priced, 19).gain == 10.0
    assert best_choice(priced, 20).chosen.tolist() == [0, 2]


def test_of_a_group_one_option_is_taken() -> None:
    assert best_choice(four(group=(0, 1, 0)), 3).gain == 10.0
    assert best_choice(four(group=(5, 5, 5)), 3).gain == 7.0


def test_another_choice_that_gains_the_same_is_named() -> None:
    choice = best_choice(four(), 1)
    assert choice.chosen.tolist() == [0]
    assert another(four(), 1, choice).tolist() == [2]
    assert another(four(), 2, best_choice(four(), 2)) is None


def test_two_alike_options_are_a_tie_though_one_is_dominated() -> None:
    twins = make_problem(csr_array(np.ones((1, 2))), [5], [1, 1])
    assert undominated(twins).tolist() == [True, False]
    choice = best_choice(twins, 1)
    assert {tuple(choice.chosen), tuple(another(twins, 1, choice))} == {(0,), (1,)}


def test_of_two_alike_the_cheaper_is_taken() -> None:
    dear = make_problem(csr_array(np.ones((1, 2))), [5], [9, 4])
    assert best_choice(dear.counted(), 1).chosen.tolist() == [0]
    assert cheapest_alike(dear, 1, best_choice(dear.counted(), 1)).chosen.tolist() == [1]
    # Two cheap ones that gain the same together are two actions, not one.
    split = make_problem(csr_array(np.array([[1, 1, 0], [1, 0, 1]])), [1, 1], [9, 1, 1])
    one, two = (best_choice(split.counted(), actions) for actions in (1, 2))
    assert cheapest_alike(split, 1, one).chosen.tolist() == [0]
    assert cheapest_alike(split, 2, two).chosen.tolist() == [1, 2]


def test_nobody_to_reach_is_no_gain_and_proven() -> None:
    empty = make_problem(csr_array((3, 2)), [1, 1, 1], [1, 1])
    choice = best_choice(empty, 2)
    assert (choice.gain, choice.status, empty.coverable) == (0.0, "optimal", 0.0)
    assert another(empty, 2, choice) is None


def test_items_with_the_same_options_are_one() -> None:
    covers = csr_array(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0], [0, 0, 1], [0, 0, 1]]))
    problem = make_problem(covers, [1, 2, 9, 0, 4], [1, 1, 1])
    assert problem.weight.tolist() == [3.0, 4.0]
    assert problem.unmerged == 3
    assert problem.options_of.toarray().tolist() == [[1, 1, 0], [0, 0, 1]]


def test_slots_and_services_are_items_of_their_own() -> None:
    # One cell; option 0 is there in slots 0 and 1, option 1 in slots 1 and 3.
    entries = csr_array(np.array([[1, 1]]))
    offered = np.array([[1, 1, 0, 0], [0, 1, 0, 1]], dtype=bool)
    problem = merged_problem(entries, offered, [[1, 2, 4, 8]], [1, 1])
    assert sorted(problem.weight) == [1, 2, 8]
    assert [problem.gain([j]) for j in (0, 1)] == [3, 10]
    assert problem.gain([0, 1]) == 11


@pytest.mark.parametrize(
    ("weight", "cost"), [([1, 1, 1], [1, 1, 1]), ([1, 1, 1, -1], [1, 1, 1]),
                         ([1, 1, 1, np.nan], [1, 1, 1]), ([1] * 4, [1, 1, -1]), ([1] * 4, [1, 1])],
)  # fmt: skip
def test_what_does_not_fit_is_refused(weight, cost) -> None:
    with pytest.raises(UsageError):
        make_problem(FOUR, weight, cost)


def test_all_is_covered_at_least_cost() -> None:
    assert cover_all(four()).chosen.tolist() == [0, 2]
    dear = make_problem(csr_array(np.array([[1, 0, 1], [0, 1, 1]])), [1, 1], [2, 2, 5])
    assert (cover_all(dear).chosen.tolist(), cover_all(dear).gain) == ([0, 1], 4.0)
    cheap = make_problem(csr_array(np.array([[1, 0, 1], [0, 1, 1]])), [1, 1], [3, 3, 5])
    assert cover_all(cheap).chosen.tolist() == [2]


def test_where_a_group_cannot_cover_all_that_is_said() -> None:
    assert cover_all(four(group=(0, 1, 0))).status == "infeasible"


def test_a_search_that_ends_empty_handed_is_not_called_impossible(monkeypatch) -> None:
    ended = OptimizeResult(status=1, x=None, mip_dual_bound=None)
    monkeypatch.setattr(exact, "milp_of", lambda *_: ended)
    cover = make_problem(csr_array(np.array([[1, 0, 1], [1, 1, 0], [0, 1, 1]])), [1] * 3, [1, 1, 1])
    choice = cover_all(cover)
    assert (choice.status, choice.gain, choice.bound) == ("bounded", 2.0, 0.0)
    assert cover.covered(choice.chosen).all()
    grouped = make_problem(cover.options_of, [1] * 3, [1, 1, 1], [0, 0, 0])
    assert cover_all(grouped).status == "unknown"


@st.composite
def problems(draw):
    items, options = draw(st.integers(1, 9)), draw(st.integers(1, 8))
    covers = draw(st.lists(st.lists(st.booleans(), min_size=options, max_size=options),
                           min_size=items, max_size=items))  # fmt: skip
    weight = draw(st.lists(st.integers(0, 9), min_size=items, max_size=items))
    cost = draw(st.lists(st.integers(0, 6), min_size=options, max_size=options))
    group = draw(st.lists(st.integers(0, 4), min_size=options, max_size=options))
    return make_problem(csr_array(np.array(covers, dtype=int)), weight, cost, group)


@given(problems(), st.integers(0, 14))
@settings(max_examples=examples(25))
def test_the_best_is_that_of_trying_everything(problem: Problem, budget: int) -> None:
    best = by_trying(problem, budget)
    choice = best_choice(problem, budget)
    assert choice.status == "optimal"
    assert choice.gain == pytest.approx(best)
    assert tuple(choice.chosen) in set(affordable(problem, budget))


@given(problems(), st.integers(1, 5))
@settings(max_examples=examples(25))
def test_a_number_of_actions_is_a_budget_of_ones(problem: Problem, actions: int) -> None:
    counted = problem.counted()
    assert best_choice(counted, actions).gain == pytest.approx(by_trying(counted, actions))


@given(problems(), st.integers(0, 5))
@settings(max_examples=examples(25))
def test_of_all_that_gain_the_same_it_is_the_cheapest(problem: Problem, actions: int) -> None:
    best = best_choice(problem.counted(), actions)
    found = cheapest_alike(problem, actions, best)
    alike = [problem.cost[list(chosen)].sum() for chosen in affordable(problem.counted(), actions)
             if problem.gain(chosen) == pytest.approx(best.gain)]  # fmt: skip
    assert found.gain == pytest.approx(best.gain)
    assert tuple(found.chosen) in set(affordable(problem.counted(), actions))
    assert problem.cost[found.chosen].sum() == pytest.approx(min(alike))


@given(problems(), st.integers(0, 14), st.integers(0, 40))
@settings(max_examples=examples(25))
def test_no_bound_is_below_the_best(problem: Problem, budget: int, passes: int) -> None:
    best = by_trying(problem, budget)
    known = improved(problem, greedy(problem, budget), budget)
    assert tuple(known) in set(affordable(problem, budget))
    found = bound(problem, budget, known, passes=passes + 1)
    assert found.value >= best * (1 - 1e-12)
    # What has been dropped is in no better choice.
    left = [c for c in affordable(problem, budget) if found.open[list(c)].all()]
    if problem.gain(known) < best:
        assert max(problem.gain(chosen) for chosen in left) == pytest.approx(best)
    choice = within(problem, budget, 0.02)
    assert choice.gain <= best * (1 + 1e-12) <= choice.bound * (1 + 1e-9)


@given(problems(), st.integers(0, 14))
@settings(max_examples=examples(25))
def test_another_is_found_where_there_is_one(problem: Problem, budget: int) -> None:
    choice = best_choice(problem, budget)
    others = [c for c in affordable(problem, budget)
              if not set(choice.chosen) <= set(c)
              and problem.gain(c) == pytest.approx(choice.gain)]  # fmt: skip
    found = another(problem, budget, choice)
    if len(choice.chosen) == 0:
        assert found is None
    else:
        assert (found is not None) == bool(others)
    if found is not None:
        assert problem.gain(found) == pytest.approx(choice.gain)
        assert not set(choice.chosen) <= set(found)


@given(problems(), st.integers(0, 14))
@settings(max_examples=examples(25))
def test_smaller_problems_have_the_same_best(problem: Problem, budget: int) -> None:
    assert by_trying(restricted(problem, undominated(problem)), budget) == pytest.approx(
        by_trying(problem, budget)
    )


@given(problems())
@settings(max_examples=examples(25))
def test_covering_all_costs_what_trying_everything_finds(problem: Problem) -> None:
    costs = [problem.cost[list(chosen)].sum() for chosen in affordable(problem, np.inf)
             if problem.covered(chosen).all()]  # fmt: skip
    choice = cover_all(problem)
    if not costs:
        assert choice.status == "infeasible"
        return
    assert (choice.status, choice.gain) == ("optimal", pytest.approx(min(costs)))
    assert problem.covered(choice.chosen).all()
    assert len(hardest(problem)) == len(problem.weight)


def test_what_the_solver_prints_is_not_the_answer(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The answer goes to standard output as JSON, where HiGHS puts a line of its own at times."""
    milp = solver.milp

    def chatty(*arguments: Any, **options: Any) -> OptimizeResult:
        os.write(1, b"tmpSolver.run();\n")
        return milp(*arguments, **options)

    monkeypatch.setattr(solver, "milp", chatty)
    chosen, _ = solver.most_gain(make_problem(FOUR, [4, 3, 3, 4], [1, 1, 1]), 1.0, 10)
    assert chosen is not None
    assert chosen.size == 1
    print("answer")
    assert capfd.readouterr().out == "answer\n"
