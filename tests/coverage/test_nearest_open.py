"""A row of cells and stops whose times one can read off a table; then all of them, one by one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.coverage.clock import coverage
from locator.coverage.demand import SLOTS
from locator.coverage.nearest_open import nearest_open, open_windows, remembering
from locator.coverage.supply import supply_of
from locator.stations.hours import clock_dates
from locator.streets.access import access_matrix, nearest_search
from locator.streets.snap import snap
from tests.quick import examples

AS_OF = date(2026, 11, 23)
DATES = clock_dates(AS_OF, "CN")


@pytest.fixture(scope="module")
def nearest(table, county, search_of):
    def run(stations, minutes, service="any_stop"):
        windows = open_windows(supply_of(table(*stations), county, DATES))[service]
        return nearest_open(search_of(*minutes), windows, len(stations))

    return run


def at(found, hour, day="workday", cell=0):
    slot = SLOTS.index((day, hour))
    return found.time_ds[slot, cell] / 600, int(found.station[slot, cell])


def test_the_nearest_one_by_day_and_the_open_one_by_night(nearest):
    found = nearest([{"hours": "08:00-20:00"}, {"hours": "24/7"}], [[4.0, 31.0]])
    assert at(found, 12) == (4, 0)
    assert at(found, 22) == at(found, 3, "dayoff") == (31, 1)


def test_no_stop_is_open(nearest):
    found = nearest([{"hours": "08:00-20:00"}, {"hours": None}, {"status": "planned"}], [[4, 1, 1]])
    assert at(found, 22) == (-1 / 600, -1)


def test_open_on_arrival_and_for_ten_minutes_more(nearest):
    """Who leaves at 19:30 for a door that closes at 20:00 must be there by 19:50."""
    found = nearest([{"hours": "08:00-20:00"}], [[20.0], [20.1]])
    assert at(found, 19) == (20, 0)
    assert at(found, 19, cell=1)[1] == -1


def test_the_next_nearest_where_the_first_closes_on_the_way(nearest):
    hours = ["08:00-20:00", "08:00-20:00", "08:00-20:15", "24/7"]
    found = nearest(
        [{"hours": each} for each in hours],
        [[21, 22, 34, 90], [21, 22, 36, 90], [19, 1, 0, 90], [21, 30, 90, 40]],
    )
    assert [at(found, 19, cell=cell) for cell in range(4)] == [(34, 2), (90, 3), (0, 2), (40, 3)]


def test_a_door_that_opens_while_the_rider_is_on_the_way(nearest):
    stations = [{"hours": "06:40-20:00"}, {"hours": "24/7"}]
    found = nearest(stations, [[9, 30], [10, 30], [31, 30]])
    assert [at(found, 6, cell=cell) for cell in range(3)] == [(30, 1), (10, 0), (30, 1)]
    later = nearest([{"hours": "06:50-20:00"}], [[25]])
    assert at(later, 6)[1] == -1, "nobody sets out for a door that opens in twenty minutes"


def test_a_service_has_its_own_nearest_stop(nearest):
    stations = [
        {"services": ["hot_meal"], "service_hours": {"hot_meal": "11:00-13:00"}},
        {"services": ["hot_meal"], "kind": "friendly_estate"},
    ]
    assert at(nearest(stations, [[4, 9]]), 15) == (4, 0)
    assert at(nearest(stations, [[4, 9]], "hot_meal"), 12) == (4, 0)
    assert at(nearest(stations, [[4, 9]], "hot_meal"), 15) == (9, 1)
    assert at(nearest(stations[1:], [[9]]), 15)[1] == -1, "an estate is no stop"


def test_a_ride_past_midnight(nearest):
    found = nearest([{"hours": "24/7"}], [[200]])
    assert at(found, 23) == at(found, 23, "dayoff") == (200, 0)


def test_no_station_and_no_cell(county, table, search_of):
    windows = open_windows(supply_of(table(), county, DATES))["any_stop"]
    found = nearest_open(search_of([], []), windows, 0)
    assert (found.station == -1).all()
    assert found.time_ds.shape == (48, 2)


def test_hours_with_the_same_stops_are_asked_for_once(county, table, search_of):
    asked = []
    search = search_of([4.0, 31.0])

    def counted(allowed):
        asked.append(allowed.copy())
        return search(allowed)

    windows = open_windows(supply_of(table({"hours": "08:00-20:00"}, {}), county, DATES))[
        "any_stop"
    ]
    ask = remembering(counted)
    nearest_open(ask, windows, 2)
    nearest_open(ask, windows, 2)
    assert len(asked) == 2


HOURS = st.sampled_from([
    "24/7", None, "08:00-20:00", "Mo-Fr 07:00-21:00", "18:00-02:00", "06:40-12:00,12:40-19:45",
])  # fmt: skip


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_as_by_looking_at_every_stop(nearest, county, table, data):
    stations = [{"hours": each} for each in data.draw(st.lists(HOURS, min_size=1, max_size=5))]
    ride = st.none() | st.integers(1, 70)
    minutes = data.draw(
        st.lists(st.lists(ride, min_size=len(stations), max_size=len(stations)), min_size=1,
                 max_size=6)
    )  # fmt: skip
    found = nearest(stations, minutes)
    windows = open_windows(supply_of(table(*stations), county, DATES))["any_stop"]
    for slot in range(48):
        for cell, row in enumerate(minutes):
            fits = [
                row[station] * 600
                for station, at_, lo, hi in windows.tolist()
                if at_ == slot and row[station] is not None and lo <= row[station] * 600 <= hi
            ]
            assert found.time_ds[slot, cell] == min(fits, default=-1)


@pytest.mark.slow
@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.tuples(HOURS, st.integers(1, 14)), min_size=1, max_size=4))
def test_covered_is_an_open_stop_within_reach(county, table, riders, reach, nearest, drawn):
    """The clock and this search speak of one thing."""
    stations = [{"hours": hours} for hours, _ in drawn]
    minutes = [[float(ride) for _, ride in drawn]]
    clock = coverage(reach(*minutes), table(*stations), riders(1), county, AS_OF)
    found = nearest(stations, minutes)
    within = (found.time_ds[:, 0] >= 0) & (found.time_ds[:, 0] <= 5 * 600)
    assert (clock.covered[0, :, 0] == within).all()


def test_on_real_streets(town, table, county):
    """With every stop open it is what the access matrix says; a closed one is passed by."""
    lon, lat = [116.93, 116.951, 116.975], [31.4601] * 3
    doors = snap(town, [116.94, 116.95, 116.97], [31.46, 31.48, 31.46])
    cells = snap(town, lon, lat)
    hours = [{"hours": "08:00-20:00"}, {}, {}]
    windows = open_windows(supply_of(table(*hours), county, DATES))["any_stop"]
    found = nearest_open(nearest_search(town, cells, doors), windows, 3)
    noon = access_matrix(town, cells, doors)
    night = access_matrix(town, cells, doors, counts=np.array([False, True, True]))
    assert (found.time_ds[12] == noon.nearest_ds).all()
    assert (found.station[12] == noon.nearest_station).all()
    assert (found.time_ds[22] == night.nearest_ds).all()
    assert (found.time_ds[22] > found.time_ds[12]).any()
