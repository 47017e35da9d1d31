from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from locator.outputs.planner_panel import nice_breaks, step


def test_breaks_are_round_and_split_the_values_evenly() -> None:
    assert nice_breaks([float(value) for value in range(1, 101)]) == [20, 40, 60, 80, 100]
    assert nice_breaks([0.0, 3.14]) == [3.2]
    assert nice_breaks([0.0]) == []


@given(st.lists(st.floats(0, 1e5).map(lambda value: round(value, 3)), max_size=60))
def test_every_value_has_a_step_and_only_nothing_has_none(values: list[float]) -> None:
    breaks = nice_breaks(values)
    assert breaks == sorted(set(breaks))
    for value in values:
        assert (step(value, breaks) == 0) == (value <= 0)
        assert step(value, breaks) <= len(breaks)
        if value > 0:
            assert value <= breaks[step(value, breaks) - 1] * (1 + 1e-9)
