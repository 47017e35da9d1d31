"""The text of a what-if: one table for this reader and for the browser's."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.coverage.scenario import Item, print_scenario, read_scenario

GOLDEN = json.loads((Path(__file__).parent / "scenarios.json").read_text("utf-8"))


@pytest.mark.parametrize("case", GOLDEN, ids=[case["what"] for case in GOLDEN])
def test_as_the_table_has_it(case):
    items, faults = read_scenario(case["text"])
    assert json.loads(json.dumps([asdict(item) for item in items])) == case["items"]
    assert [asdict(fault) for fault in faults] == case["faults"]
    assert print_scenario(items) == case["printed"]
    assert read_scenario(case["printed"]) == (items, [])


SPAN = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] < span[1])
DAY = st.none() | st.just([]) | SPAN.map(lambda span: [span])
HOURS = st.none() | st.fixed_dictionaries({"workday": DAY, "dayoff": DAY}).filter(
    lambda hours: any(spans is not None for spans in hours.values())
)
SERVICES = st.none() | st.lists(
    st.sampled_from(["*", "toilet", "hot_meal"]), min_size=1, unique=True
)
DEGREES = st.integers(-89_000_000, 89_000_000).map(lambda number: number / 1e6)
NEW = st.builds(Item, st.just("add"), st.none(), st.tuples(DEGREES, DEGREES), HOURS, SERVICES)
CLOSED = st.just(Item("close", "341523-001"))
CHANGED = st.builds(
    Item, st.just("change"), st.just("341523-002"), st.none(), HOURS, SERVICES
).filter(lambda item: item.hours is not None or item.services is not None)


@given(st.lists(NEW, max_size=3), CLOSED, CHANGED)
def test_what_is_printed_is_read_back(new, closed, changed):
    items = [closed, *new, changed]
    assert read_scenario(print_scenario(items)) == (items, [])


@given(st.text(max_size=60))
def test_any_text_is_read_or_told(text):
    items, faults = read_scenario(text)
    assert len(items) + len(faults) == len([part for part in text.split("~") if part])
