"""What a planner asks of an area: the streets of the small town, today and as they might be."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from locator.county import load_county
from locator.coverage.ground import ground_of
from locator.coverage.inquiry import inquire
from locator.coverage.measures_text import inquiry_text
from locator.coverage.scenario import read_scenario
from locator.coverage.supply import covered, supply_of
from locator.coverage.what_if import suppose
from locator.errors import UsageError
from locator.stations.hours import clock_dates
from locator.stations.table import make_stations
from tests.coverage.test_study import STREET, station

AS_OF = date(2026, 11, 23)
DATES = clock_dates(AS_OF, "CN")
EAST = "+116.9555,31.46"


@pytest.fixture(scope="module")
def here(county, tmp_path_factory):
    """Riders at both ends of a street of one kilometre, the stop in its middle."""
    folder: Path = tmp_path_factory.mktemp("inquiry") / "paper"
    folder.mkdir()
    source = (county.folder / "county.toml").read_text("utf-8")
    (folder / "county.toml").write_text(source, "utf-8")
    (folder / "streets.osm").write_text(STREET, "utf-8")
    (folder / "headcount.csv").write_text(
        "商圈,经度,纬度,半径米,日类型,时段,人数\n"
        "西头,116.9450,31.46,0,工作日,18:00-22:00,30\n"
        "东头,116.9555,31.46,0,工作日,18:00-22:00,20\n",
        "utf-8",
    )
    return load_county(folder)


@pytest.fixture(scope="module")
def ask(here):
    return lambda **question: inquire(here, station(), AS_OF, **{"reach_min": 8, **question})


def of_slot(answer, hour, service="any_stop", day="workday"):
    for row in answer["clock"]:
        if (row["service"], row["hour"], row["day"]) == (service, hour, day):
            return row["covered"], row["total"]
    return None


def test_the_whole_county(ask):
    found = ask()
    assert (found["cells"], found["reach_min"], found["what_if"]) == (2, 8, None)
    assert of_slot(found, 18) == (50, 50)
    assert of_slot(found, 21) == (0, 50)
    assert found["measures"]["covered"] == {"workday": 0.5, "dayoff": None, "week": 0.5}
    assert found["kinds"]["warm_station"]["any_stop"][18] == 50
    json.dumps(found, allow_nan=False)


def test_longer_hours(ask):
    found = ask(what_if="990101-001@wd:0800-2200")["what_if"]
    assert (of_slot(found, 20), of_slot(found, 21)) == ((50, 50), (50, 50))
    assert found["gain"]["any_stop"] == 50 * 2 * 5
    assert found["faults"] == found["problems"] == []


def test_a_closed_station(ask):
    found = ask(what_if="-990101-001")["what_if"]
    assert found["gain"]["any_stop"] == -50 * 2 * 5
    assert found["measures"]["minutes"]["workday"] == {"p50": None, "p90": None}


def test_a_new_stop_at_a_short_reach(ask):
    today = ask(reach_min=4, what_if=EAST)
    assert of_slot(today, 21) == (0, 50)
    assert of_slot(today["what_if"], 21) == (20, 50)
    assert of_slot(today["what_if"], 21, "hot_meal")[0] > 0  # all services of the clock


def test_what_cannot_be_supposed_is_told_and_the_rest_counts(ask):
    text = f"好~-990101-999~+100,20~{EAST}"
    found = ask(reach_min=4, what_if=text)["what_if"]
    assert found["faults"] == [{"text": "好", "code": "unreadable"}]
    assert [problem["code"] for problem in found["problems"]] == ["no_station", "no_street"]
    assert found["gain"]["any_stop"] > 0


def test_a_new_stop_in_the_river_is_told_and_counts(ask):
    lon, lat = 116.9555, 31.46
    river = np.array([shapely.box(lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001)])
    wet = ask(reach_min=4, what_if=EAST, water=river)
    assert wet["what_if"]["problems"] == [{"station": EAST, "code": "in_water"}]
    assert wet["what_if"]["gain"] == ask(reach_min=4, what_if=EAST)["what_if"]["gain"]
    assert f"{EAST}：在水里，立不了站；数字照算" in inquiry_text(wet)
    bank = np.array([shapely.box(lon - 0.001, lat - 0.001, lon + 0.00005, lat + 0.001)])
    assert ask(what_if=EAST, water=bank)["what_if"]["problems"] == []


def test_new_stops_side_by_side_are_two(here):
    one = station()
    items, _ = read_scenario("+116.955501,31.46~+116.955502,31.46")
    supposed = suppose(items, ground_of(here, one), supply_of(one, here, DATES), here)
    names = [offer.station for offer in supposed.supply.offers]
    assert names[1:] == ["+116.955501,31.46", "+116.955502,31.46"]


def test_an_area_and_a_township(ask):
    east = shapely.box(116.952, 31.45, 116.96, 31.47)
    assert of_slot(ask(area=east), 18) == (20, 20)
    assert ask(township="城关镇")["cells"] == 2
    with pytest.raises(UsageError, match="城关镇"):
        ask(township="无名镇")
    with pytest.raises(UsageError, match="not for both"):
        ask(township="城关镇", area=east)
    nowhere = ask(area=shapely.box(0, 0, 1, 1))
    assert (nowhere["cells"], nowhere["measures"]["covered"]["week"]) == (0, None)


def test_demand_that_nobody_knows(here):
    nobody = here.model_copy(update={"demand": None})
    found = inquire(nobody, station(), AS_OF, what_if=EAST)
    assert found["measures"] is found["clock"] is found["what_if"]["gain"] is None
    assert "需求未知" in inquiry_text(found)


def test_as_text(ask):
    found = ask(what_if=f"990101-001@wd:0800-2200~好~{EAST}")
    text = inquiry_text(found, "toilet", "workday", names={"toilet": "如厕"})
    assert "有站可去：50 %" in text
    assert "每周多覆盖 +500" in text
    assert "%，如厕" in text
    assert "休息日  " not in text
    english = inquiry_text(found, lang="en")
    assert "With a stop: 50 %" in english
    assert "cannot be read: 好" in english


def test_a_supposed_stop_is_one_in_the_table(here):
    """Added by a scenario or standing in the ledger: the same clock, the same rides."""
    record = {
        "id": "990101-002", "county": "990101", "kind": "warm_station", "name": "东头驿站",
        "services": ["toilet"], "hours": "Mo-Fr 06:00-24:00", "status": "open",
    }  # fmt: skip
    one = station()
    both = make_stations(
        [{**one.iloc[0].drop("geometry").to_dict()}, record], [116.95, 116.9555], [31.46, 31.46]
    )
    expected = ground_of(here, both)
    supply = supply_of(one, here, DATES)
    items, _ = read_scenario(f"{EAST}@wd:0600-2400;toilet")
    supposed = suppose(items, ground_of(here, one), supply, here)
    np.testing.assert_array_equal(
        supposed.ground.access.matrix.toarray(), expected.access.matrix.toarray()
    )
    assert supposed.supply.windows.tolist() == supply_of(both, here, DATES).windows.tolist()
    everyone = np.ones(2, dtype=bool)
    for ours, theirs in zip(
        supposed.ground.search(everyone), expected.search(everyone), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(
        covered(supposed.ground.access.matrix, supposed.supply, 5),
        covered(expected.access.matrix, supply_of(both, here, DATES), 5),
    )
