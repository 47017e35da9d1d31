"""Four minutes away: one who leaves at hh:30 arrives at hh:34 and stays until hh:44."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.coverage.clock import coverage
from locator.coverage.demand import SLOTS
from locator.coverage.supply import ANY_STOP
from locator.errors import UsageError
from tests.quick import examples

AS_OF = date(2026, 11, 23)


@pytest.fixture
def hours_covered(county, table, riders, reach):
    """The workday's covered hours with one station so many minutes away."""

    def run(minutes=4.0, service=ANY_STOP, reach_min=5.0, day="workday", **station):
        found = coverage(reach([minutes]), table(station), riders(10), county, AS_OF, reach_min)
        rows = found.clock[(found.clock["day"] == day) & (found.clock["service"] == service)]
        assert rows["hour"].tolist() == list(range(24))
        return rows.loc[rows["covered"] > 0, "hour"].tolist()

    return run


def test_open_on_arrival_and_for_ten_minutes(hours_covered):
    assert hours_covered(hours="08:00-20:00") == list(range(8, 20))
    assert hours_covered(hours="24/7") == list(range(24))


def test_the_minute_counts(hours_covered):
    assert hours_covered(hours="07:34-20:44") == list(range(7, 21))
    assert hours_covered(hours="07:35-20:43") == list(range(8, 20))
    # At 4 min 0.1 s the same hours no longer do.
    assert hours_covered(4 + 1 / 600, hours="07:34-20:44") == list(range(7, 20))


def test_a_break_at_noon_and_a_night(hours_covered):
    assert hours_covered(hours="08:00-12:00,13:00-18:00") == [*range(8, 12), *range(13, 18)]
    assert hours_covered(hours="22:00-02:00") == [0, 1, 22, 23]


def test_workday_and_day_off(hours_covered):
    weekdays = {"hours": "Mo-Fr 08:00-18:00; Sa-Su 10:00-12:00"}
    assert hours_covered(**weekdays) == list(range(8, 18))
    assert hours_covered(day="dayoff", **weekdays) == [10, 11]


def test_the_reach_includes_its_end(hours_covered):
    assert len(hours_covered(5)) == 24
    assert hours_covered(5 + 1 / 600) == []
    assert len(hours_covered(14.9, reach_min=15)) == 24
    assert hours_covered(None) == []


def test_the_dates_are_declared(county, table, riders, reach):
    found = coverage(reach([4]), table({}), riders(10), county, date(2026, 9, 28))
    # 30 September is a Wednesday; Sunday 4 October is within the national holidays.
    assert found.dates == {"workday": date(2026, 9, 30), "dayoff": date(2026, 10, 11)}
    assert found.reach_min == county.reach_min


def test_who_counts(hours_covered):
    assert hours_covered(kind="friendly_estate") == []
    assert len(hours_covered(kind="canteen")) == 24
    for status in ("temporarily_closed", "planned", "closed"):
        assert hours_covered(status=status) == []
    estate = {"kind": "friendly_estate", "services": ["toilet"]}
    assert len(hours_covered(service="toilet", **estate)) == 24


def test_a_service_needs_its_own_hours_and_an_open_door(hours_covered):
    meals = {
        "services": ["toilet", "hot_meal"], "hours": "08:00-20:00",
        "service_hours": {"hot_meal": "11:00-13:00,19:00-22:00"},
    }  # fmt: skip
    assert hours_covered(service="hot_meal", **meals) == [11, 12, 19]
    assert hours_covered(service="toilet", **meals) == list(range(8, 20))
    assert hours_covered(service="toilet", services=[]) == []


def test_unknown_hours_cover_nobody_and_are_told(county, table, riders, reach):
    stations = table(
        {"hours": None}, {"hours": None, "status": "planned"}, {"hours": "08:00-20:00"}
    )
    found = coverage(reach([4, 4, 9]), stations, riders(10), county, AS_OF)
    assert found.unknown_hours == ["990101-001"]
    assert not found.covered.any()


def test_the_clock_in_rider_hours(county, table, riders, reach):
    """Three cells of 10, 20, 30 riders; the first two reach the stop, the second has meals."""
    stations = table({"services": ["hot_meal"], "kind": "canteen"}, {})
    access = reach([None, 2], [3, None], [8, 9])
    found = coverage(access, stations, riders(10, 20, 30), county, AS_OF)
    at_noon = found.clock[(found.clock["hour"] == 12) & (found.clock["day"] == "workday")]
    values = at_noon.set_index("service")[["covered", "total"]]
    assert values.loc[ANY_STOP].tolist() == [30, 60]
    meal = county.services["hot_meal"].need(12)
    assert meal > 0.5
    assert values.loc["hot_meal"].tolist() == pytest.approx([20 * meal, 60 * meal])
    assert values.loc["toilet"].tolist() == pytest.approx([0, 60 * county.services["toilet"].share])
    assert found.services == (ANY_STOP, *county.clock_services)
    assert len(found.clock) == 48 * len(found.services)
    assert found.uncovered[:, 12].tolist() == [0, 0, 30]
    assert found.near.tolist() == [True, True, False]


def test_lineage(county, table, riders, reach):
    found = coverage(reach([4, 4]), table({}, {"provenance": "osm"}), riders(1), county, AS_OF)
    assert found.provenance == {
        "stations": "osm", "streets": "illustrative", "demand": "headcount",
    }  # fmt: skip


def test_no_station_at_all(county, table, riders, reach):
    found = coverage(reach([]), table(), riders(10), county, AS_OF)
    assert not found.covered.any()
    assert found.clock["total"].sum() > 0


@pytest.mark.parametrize("reach_min", [0, -1, 16])
def test_a_reach_beyond_the_matrix(county, table, riders, reach, reach_min):
    with pytest.raises(UsageError, match="cannot be asked for"):
        coverage(reach([4]), table({}), riders(10), county, AS_OF, reach_min)


# ── what must always hold ───────────────────────────────────────────────────────────────────────

HOURS = st.sampled_from(
    ["24/7", None, "08:00-20:00", "08:00-12:00,13:00-18:00", "22:00-06:00", "Mo-Fr 07:00-21:00",
     "06:34-22:44", "Sa-Su 10:00-16:00", "off"]
)  # fmt: skip
STATION = st.fixed_dictionaries(
    {
        "hours": HOURS,
        "kind": st.sampled_from(["warm_station", "canteen", "friendly_estate"]),
        "status": st.sampled_from(["open", "open", "open", "planned"]),
        "services": st.lists(st.sampled_from(["toilet", "hot_meal"]), unique=True),
    }
)
MINUTES = st.none() | st.integers(600, 9000).map(lambda ds: ds / 600)


@st.composite
def counties(draw):
    """Stations, and minutes from each of a few cells to each of them."""
    stations = draw(st.lists(STATION, min_size=1, max_size=5))
    cells = draw(st.integers(1, 4))
    row = st.lists(MINUTES, min_size=len(stations), max_size=len(stations))
    return stations, draw(st.lists(row, min_size=cells, max_size=cells))


@settings(max_examples=examples(40), deadline=None)
@given(counties(), st.floats(1, 15))
def test_a_station_more_never_lowers_coverage(county, table, riders, reach, drawn, reach_min):
    stations, minutes = drawn
    demand = riders(*[10] * len(minutes))
    fewer = coverage(
        reach(*[row[:-1] for row in minutes]),
        table(*stations[:-1]),
        demand,
        county,
        AS_OF,
        reach_min,
    )
    more = coverage(reach(*minutes), table(*stations), demand, county, AS_OF, reach_min)
    assert (more.covered >= fewer.covered).all()
    assert (more.clock["covered"] >= fewer.clock["covered"]).all()
    # And whoever is covered is within reach of a station in service.
    in_service = [station["status"] == "open" for station in stations]
    for cell, row in enumerate(minutes):
        near = any(
            minute is not None and minute <= reach_min
            for minute, serves in zip(row, in_service, strict=True)
            if serves
        )
        assert near or not more.covered[:, :, cell].any()


@settings(max_examples=examples(40), deadline=None)
@given(counties())
def test_open_day_and_night_is_the_static_answer(county, table, riders, reach, drawn):
    stations, minutes = drawn
    always = [{**station, "hours": "24/7"} for station in stations]
    found = coverage(reach(*minutes), table(*always), riders(*[10] * len(minutes)), county, AS_OF)
    for row, service in enumerate(found.services):
        for cell, times in enumerate(minutes):
            expected = any(
                minute is not None
                and minute <= county.reach_min
                and station["status"] == "open"
                and (
                    station["kind"] != "friendly_estate"
                    if service == ANY_STOP
                    else service in station["services"]
                )
                for minute, station in zip(times, always, strict=True)
            )
            assert set(found.covered[row, :, cell]) == {expected}


@pytest.mark.slow
@settings(max_examples=examples(40), deadline=None)
@given(counties(), st.integers(0, 4))
def test_closing_at_nine_changes_nothing_that_ends_before(
    county, table, riders, reach, drawn, which
):
    stations, minutes = drawn
    which %= len(stations)
    stations[which] = {**stations[which], "hours": "24/7"}
    demand = riders(*[10] * len(minutes))
    before = coverage(reach(*minutes), table(*stations), demand, county, AS_OF)
    stations[which]["hours"] = "00:00-21:00"
    after = coverage(reach(*minutes), table(*stations), demand, county, AS_OF)
    for slot, (_, hour) in enumerate(SLOTS):
        for cell, times in enumerate(minutes):
            done = hour * 60 + 30 + (times[which] or 0) + 10
            if done <= 21 * 60:
                same = before.covered[:, slot, cell] == after.covered[:, slot, cell]
                assert same.all()
    assert (after.covered <= before.covered).all()


@pytest.mark.slow
@settings(max_examples=examples(30), deadline=None)
@given(counties(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(county, table, riders, reach, drawn, random):
    stations, minutes = drawn
    order = list(range(len(stations)))
    random.shuffle(order)
    cells = list(range(len(minutes)))
    random.shuffle(cells)
    demand = riders(*range(1, len(minutes) + 1))
    one = coverage(reach(*minutes), table(*stations), demand, county, AS_OF)
    turned = replace(demand, cells=[demand.cells[c] for c in cells], riders=demand.riders[cells])
    other = coverage(
        reach(*[[minutes[c][s] for s in order] for c in cells]),
        table(*[stations[s] for s in order]),
        turned,
        county,
        AS_OF,
    )
    np.testing.assert_array_equal(one.covered[:, :, cells], other.covered)
    np.testing.assert_allclose(one.clock["covered"], other.clock["covered"], rtol=1e-12)
