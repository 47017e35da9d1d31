"""The measures as JSON: null is what nobody can tell."""

from __future__ import annotations

import json
from datetime import date

import pytest

from locator.coverage.demand import unknown_demand
from locator.coverage.measures import measures
from locator.coverage.measures_report import measures_json, open_at_night
from locator.coverage.nearest_open import nearest_open, open_windows
from locator.coverage.served import served
from locator.coverage.supply import ANY_STOP, supply_of
from locator.stations.hours import clock_dates
from tests.coverage.test_measures import MINUTES, NOON

DATES = clock_dates(date(2026, 11, 23), "CN")
STATIONS = [
    {"hours": "08:00-20:00", "services": ["toilet"], "seats": 5, "township": "南港镇"},
    {"kind": "canteen", "township": "南港镇"},
    {"hours": None, "seats": 3, "township": "城关镇"},
    {"status": "planned"},
]


@pytest.fixture(scope="module")
def tell(county, paper_ground, riders):
    def run(demand=None, minutes=MINUTES):
        demand = riders(10, 20, 30) if demand is None else demand
        rows = [[*row, 3, 3] for row in minutes]
        townships = ["南港镇", "南港镇", None][: len(demand.cells)]
        ground = paper_ground(STATIONS, rows, demand, townships)
        supply = supply_of(ground.stations, county, DATES)
        nearest = nearest_open(ground.search, open_windows(supply)[ANY_STOP], len(STATIONS))
        found = served(ground, supply, nearest, county, 5.0)
        return measures_json(measures(found, ground), ground)

    return run


def test_a_county(tell):
    found = tell()
    whole = found["county"]
    assert whole["rider_hours"] == 60 * 168
    assert whole["covered"] == {"workday": 0.25, "dayoff": 0.25, "week": 0.25}
    assert whole["worst_hour"] == {"day": "workday", "hour": 0, "uncovered": 60, "share": 1}
    assert whole["minutes"]["week"] == {"p50": 40, "p90": 40}
    assert whole["hours"]["p90"][22] is None
    assert whole["hours"]["within"]["10"][22] == pytest.approx(0.333)
    assert whole["worst_tenth"]["without"] == 840
    assert whole["worst_tenth"]["townships"][0] == {"name": "南港镇", "rider_hours": 840}
    assert found["kinds"]["warm_station"]["any_stop"][NOON] == 30
    json.dumps(found, allow_nan=False)


def test_townships(tell):
    rows = {row["name"]: row for row in tell()["townships"]}
    assert list(rows) == ["南港镇", "城关镇", None]
    here = rows["南港镇"]
    assert (here["cells"], here["stops"], here["open_at_night"], here["unknown_hours"]) == (
        2,
        2,
        1,
        0,
    )
    assert here["covered"]["workday"] == 0.5
    assert (rows["城关镇"]["unknown_hours"], rows["城关镇"]["covered"]["week"]) == (1, None)
    assert rows[None]["minutes"]["week"]["p50"] == 40


def test_stations(tell):
    first, second, third = tell()["stations"]
    assert (first["id"], first["rank"], first["lost"]) == ("990101-001", 1, 30 * 12 * 7)
    assert first["lost_hours"][0] == "workday 8"
    assert first["crowding"][NOON] == 6
    assert first["most_guests"] == {"day": "workday", "hour": 8, "riders": 30}
    assert (second["seats"], second["crowding"], second["most_guests"]) == (None, None, None)
    assert (third["lost"], third["rank"], third["crowding"]) == (None, None, None)


def test_demand_that_nobody_knows(tell):
    found = tell(demand=unknown_demand(), minutes=[])
    assert (found["county"], found["kinds"]) == (None, {})
    assert {row["lost"] for row in found["stations"]} == {None}
    row = found["townships"][0]
    assert (row["name"], row["stops"], row["rider_hours"], row["covered"]) == (
        "南港镇",
        2,
        None,
        None,
    )
    json.dumps(found, allow_nan=False)


def test_open_all_night(county, table):
    hours = ["24/7", "22:00-06:00", "22:00-05:30", "Mo-Fr 00:00-24:00", None, "08:00-20:00"]
    supply = supply_of(table(*({"hours": each} for each in hours)), county, DATES)
    assert open_at_night(supply) == [True, True, False, False, False, False]
