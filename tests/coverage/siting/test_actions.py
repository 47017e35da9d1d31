"""From a county on paper to actions: hours, candidates, gains that the clock itself finds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from locator.county import County, load_county
from locator.coverage.clock import coverage
from locator.coverage.demand import SLOTS, Demand
from locator.coverage.siting.actions import Action, actions_of, aim_of
from locator.coverage.siting.candidates import Candidate, read_candidates
from locator.coverage.siting.exact import best_choice
from locator.coverage.siting.hours import (
    as_hours,
    hours_more,
    hours_words,
    longer,
    scenario_hours,
    spans_of,
)
from locator.coverage.siting.options import options_of, problem_of
from locator.coverage.siting.places import Places, places_of
from locator.coverage.siting.recommend import county_candidates
from locator.coverage.supply import Calendar, covered, supply_of_offers
from locator.errors import ConfigError
from locator.streets.access import Access
from locator.streets.graph import StreetGraph

DATES = {"workday": date(2026, 12, 2), "dayoff": date(2026, 12, 6)}
CALENDAR = Calendar(DATES, "Asia/Shanghai", "CN")
AS_OF = date(2026, 11, 29)
SITE = Candidate("c1", "桥头", 116.96, 31.46, ("sign_up_shop",), None, None, "ledger")


def gain_by_clock(found, action: Action, county: County, matrix) -> float:
    """What an action gains, by replacing the station's offer and asking the clock again."""
    supply = found.supply.replaced(
        action.place, hours=action.offer.hours, services=action.offer.services
    )
    after = covered(matrix, supply, found.reach_min)
    week = np.array([5.0 if day == "workday" else 2.0 for day, _ in SLOTS])
    newly = after[0] & ~found.covered[0]
    return float((newly.T * found.demand.riders * week).sum())


@pytest.mark.parametrize(
    ("hours", "codes"),
    [
        ("08:00-20:00", ["22", "24", "24h"]),
        ("Mo-Fr 08:00-20:00", ["days", "22", "22days", "24", "24days", "24h"]),
        ("Mo-Su 08:00-24:00", ["24h"]),
        ("24/7", []),
    ],
)
def test_a_door_can_stay_open_longer(hours: str, codes: list[str]) -> None:
    assert list(longer(spans_of(hours, CALENDAR))) == codes


def test_hours_are_spans_of_both_days() -> None:
    today = spans_of("Mo-Fr 08:00-12:00,14:00-20:30; Sa-Su off", CALENDAR)
    assert today == {"workday": ((480, 720), (840, 1230)), "dayoff": ()}
    assert as_hours(today) == {"workday": "08:00-12:00,14:00-20:30", "dayoff": "off"}
    assert scenario_hours(today) == {"workday": [(480, 720), (840, 1230)], "dayoff": []}
    later = longer(today)["22days"]
    assert later["workday"] == ((480, 720), (840, 1320))
    assert later["dayoff"] == later["workday"]
    # 90 minutes on five days and 720 on two.
    assert hours_more(today, later) == pytest.approx((5 * 90 + 2 * 720) / 60 / 7)


def test_a_day_off_with_the_rest_of_a_night_has_no_evening_to_hold_open() -> None:
    night = spans_of("Sa 20:00-02:00", CALENDAR)
    assert night == {"workday": (), "dayoff": ((0, 120),)}
    assert list(longer(night)) == ["24h"]
    six_days = spans_of("Mo-Sa 20:00-02:00", CALENDAR)
    assert longer(six_days)["days"]["dayoff"] == ((0, 120), (1200, 1440))
    # From midnight to the evening is a day.
    assert longer(spans_of("00:00-20:00", CALENDAR))["22"]["dayoff"] == ((0, 1320),)


@pytest.mark.parametrize(
    ("hours", "zh", "en"),
    [
        ("24/7", "全天开放", "day and night"),
        ("08:00-22:00", "每天 08:00–22:00", "every day 08:00–22:00"),
        ("08:00-12:00,18:00-02:00", "每天 08:00–12:00、18:00–次日 02:00",
         "every day 08:00–12:00 and 18:00–02:00"),
        ("Mo-Fr 08:00-20:00", "工作日 08:00–20:00，休息日 休息",
         "on workdays 08:00–20:00, on days off closed"),
    ],
)  # fmt: skip
def test_hours_in_words(hours: str, zh: str, en: str) -> None:
    assert hours_words(spans_of(hours, CALENDAR)) == (zh, en)


def test_what_may_be_done_at_a_station(county: County, table) -> None:
    stations = table(
        {"hours": "08:00-20:00", "services": ["toilet"]},
        {"hours": None}, {"status": "closed"}, {"kind": "friendly_estate"},
    )  # fmt: skip
    found = coverage_of(county, stations)
    aim = aim_of(["hot_meal", "toilet"])
    actions = actions_of(
        county, stations, found.supply.offers, places([], stations, found), CALENDAR, aim
    )
    # Hours nobody knows, a closed station and an estate are no matter of longer hours.
    assert {action.place for action in actions} == {"990101-001"}
    by_id = {action.id: action for action in actions}
    assert sorted(by_id) == [
        "990101-001+22", "990101-001+22+hot_meal", "990101-001+24", "990101-001+24+hot_meal",
        "990101-001+24h", "990101-001+24h+hot_meal", "990101-001+hot_meal",
    ]  # fmt: skip
    both = by_id["990101-001+22+hot_meal"]
    assert (both.kind, both.what_zh, both.cost) == ("hours", "开到 22:00，增加供餐", 34_000.0)
    assert both.scenario == "990101-001@wd:0800-2200,do:0800-2200;*,hot_meal"
    assert by_id["990101-001+hot_meal"].scenario == "990101-001;*,hot_meal"


def places(sites: list[Candidate], stations, found) -> Places:
    return places_of(sites, stations, found.supply.offers)


def coverage_of(county: County, stations, riders: Demand | None = None, access=None):
    nobody = Demand([], np.empty((0, 48)), None, {})
    empty = access or empty_access(0, len(stations))
    return coverage(empty, stations, riders or nobody, county, AS_OF)


def empty_access(cells: int, stations: int) -> Access:
    from scipy.sparse import csr_array

    none = np.empty(0, dtype=np.int32)
    far = np.full(cells, -1, dtype=np.int32)
    return Access(csr_array((cells, stations), dtype=np.int32), far, far, none, none)


def test_four_cells_and_two_doors_on_paper(county: County, table, riders, reach) -> None:
    """Cells of 1, 2, 4 and 8 riders; two doors that close at 20:00, and a shop open to 22:00."""
    stations = table({"hours": "08:00-20:00"}, {"hours": "08:00-20:00"})
    demand = riders(1, 2, 4, 8)
    access = reach([2, None], [3, None], [None, 3], [None, None])
    to_site = reach([None], [None], [4], [4])
    found = coverage_of(county, stations, demand, access)
    aim = aim_of(hours=range(20, 24))
    actions = actions_of(
        county, stations, found.supply.offers, places([SITE], stations, found), CALENDAR, aim
    )
    ids = stations["id"].tolist()
    supply = supply_of_offers([action.offer for action in actions], county, CALENDAR.dates)
    options = options_of(actions, ids, access, ["c1"], to_site, supply, aim, 5)
    problem = problem_of(options, demand, found.covered, county, aim)
    number = {action.id: at for at, action in enumerate(actions)}
    # From 20:30 and 21:30 one arrives before 22:00 with ten minutes to stay: two hours a day.
    assert problem.gain([number["990101-001+22"]]) == 3 * 2 * 7
    assert problem.gain([number["990101-001+24h"]]) == 3 * 4 * 7
    assert problem.gain([number["990101-002+24"]]) == 4 * 4 * 7
    assert problem.gain([number["c1+sign_up_shop"]]) == 12 * 2 * 7
    # The shop and the second door help the same four riders until 22:00.
    both = [number["990101-002+24"], number["c1+sign_up_shop"]]
    assert problem.gain(both) == (12 * 2 + 4 * 2) * 7
    chosen = best_choice(problem.counted(), 2).chosen
    assert number["c1+sign_up_shop"] in chosen
    for action in actions:
        if action.kind == "hours":
            expected = gain_by_clock(found, action, county, access.matrix)
            # The clock counts the morning too, where a door is open day and night.
            if not action.id.endswith("24h"):
                assert problem.gain([number[action.id]]) == pytest.approx(expected)


def test_a_site_that_is_a_station_has_the_cost_of_the_file(county: County, table) -> None:
    stations = table({"hours": "08:00-20:00"})
    found = coverage_of(county, stations)
    site = replace(SITE, lon=116.9502, actions=("extend_hours_24h",), cost=11_000.0)
    own = places([site], stations, found)
    actions = actions_of(county, stations, found.supply.offers, own, CALENDAR, aim_of())
    costs = {action.id: (action.cost, action.stated) for action in actions}
    assert costs["990101-001+24h"] == (11_000.0, True)
    assert costs["990101-001+22"] == (4_000.0, False)


def test_a_site_is_the_nearest_station_that_can_do_more(county: County, table) -> None:
    """Not a closed one nearer by, nor one that another site is already; all else is still done."""
    stations = table({"status": "closed"}, {"hours": "08:00-20:00"}, {"hours": None})
    found = coverage_of(county, stations)
    near = replace(SITE, lon=116.9502, actions=("extend_hours_24h", "place_cabin"))
    found_places = places([near, replace(near, id="c2")], stations, found)
    assert list(found_places.own) == ["990101-002"]
    assert [(site.id, site.actions) for site in found_places.others] == [
        ("c1", ("place_cabin",)), ("c2", ("place_cabin",)),
    ]  # fmt: skip
    assert found_places.left_out == {"same_station": ["c2"]}


@pytest.mark.parametrize("of", [{"status": "closed"}, {"hours": None}, {"kind": "friendly_estate"}])
def test_a_site_beside_a_station_that_cannot_do_more_opens_itself(county, table, of) -> None:
    stations = table(of)
    found = coverage_of(county, stations)
    site = replace(SITE, lon=116.9502, actions=("extend_hours_24h",))
    own = places([site], stations, found)
    (action,) = actions_of(county, stations, found.supply.offers, own, CALENDAR, aim_of())
    assert (action.id, action.kind) == ("c1+extend_hours_24h", "open")


def test_a_site_beside_a_station_that_is_always_open_is_named(county: County, table) -> None:
    stations = table({"hours": "24/7"})
    site = replace(SITE, lon=116.9502, actions=("extend_hours_24h",))
    found = places([site], stations, coverage_of(county, stations))
    assert (found.own, found.others, found.left_out) == ({}, (), {"always_open": ["c1"]})


def feature(id_: str | None, lon: float, lat: float, **more: Any) -> dict[str, Any]:
    properties = {"id": id_, "name": "x", "actions": ["place_cabin"], **more}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


def test_sites_that_cannot_be_are_counted_and_the_rest_is_read(
    county: County, town: StreetGraph, tmp_path: Path
) -> None:
    path = tmp_path / "candidates.geojson"
    far, none = feature("far", 31.46, 116.95 - 60), feature("line", 0, 0)
    none["geometry"] = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    features = [
        feature("ok", 116.95, 31.46, cost_yuan=5000),
        feature("ok", 116.951, 31.46),
        feature(None, 116.95, 31.46),
        feature("river", 116.955, 31.4605),
        feature("hill", 116.97, 31.48),
        feature("what", 116.95, 31.46, actions=["dance"]),
        feature("when", 116.95, 31.46, hours="某时"),
        far, none,
    ]  # fmt: skip
    path.write_text(json.dumps({"features": features}), "utf-8")
    water = np.array([shapely.box(116.953, 31.4602, 116.957, 31.462)], dtype=object)
    found = read_candidates(path, county, town, water)
    assert [(site.id, site.cost) for site in found.sites] == [("ok", 5000.0)]
    assert found.left_out == {
        "no_id": ["ok", "第 3 个 / no. 3"], "in_water": ["river"], "off_street": ["hill"],
        "no_action": ["what"], "hours": ["when"], "far": ["far"], "no_point": ["line"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"actions": 5}, "no_action"), ({"actions": [["x"]]}, "no_action"),
        ({"actions": "place_cabin"}, "no_action"), ({"hours": 8}, "hours"),
        ({"cost_yuan": -5}, "cost"), ({"cost_yuan": float("nan")}, "cost"),
        ({"cost_yuan": True}, "cost"), ({"cost_yuan": [1]}, "cost"), ({"id": 7}, "no_id"),
    ],
)  # fmt: skip
def test_a_site_that_cannot_be_read_is_named(county, town, tmp_path, more, reason) -> None:
    features = [feature("good", 116.95, 31.46), feature("bad", 116.95, 31.46, **more)]
    found = read_features(tmp_path, features, county, town)
    assert [site.id for site in found.sites] == ["good"]
    assert list(found.left_out) == [reason]


@pytest.mark.parametrize("properties", [None, [], 3, "x"])
@pytest.mark.parametrize("point", [None, [], 3, {"type": "Point"},
                                   {"type": "Point", "coordinates": [1e400, 2]},
                                   {"type": "Point", "coordinates": [116.95, 31.46]}])  # fmt: skip
def test_a_feature_that_is_none_is_named(county, town, tmp_path, properties, point) -> None:
    features = [{"properties": properties, "geometry": point}]
    found = read_features(tmp_path, features, county, town)
    assert sum(len(names) for names in found.left_out.values()) == 1


def test_a_site_outside_the_outline_is_named(county: County, town, tmp_path: Path) -> None:
    ring = [[116.94, 31.45], [116.955, 31.45], [116.955, 31.47], [116.94, 31.47], [116.94, 31.45]]
    outline = {"type": "Polygon", "coordinates": [ring]}
    (county.folder / "outline.geojson").write_text(json.dumps(outline), "utf-8")
    bounded = county.model_copy(update={"outline": "outline.geojson"})
    features = [feature("in", 116.95, 31.46), feature("out", 116.965, 31.46)]
    found = read_features(tmp_path, features, bounded, town)
    assert ([site.id for site in found.sites], found.left_out) == (["in"], {"outside": ["out"]})


def test_a_release_needs_no_candidates(county: County, town: StreetGraph) -> None:
    named = county.model_copy(update={"candidates": "gone.geojson"})
    found = county_candidates(named, town, np.array([], dtype=object))
    assert (found.sites, found.left_out) == ((), {"no_file": ["gone.geojson"]})


def read_features(folder: Path, features: list[Any], county: County, town: StreetGraph):
    path = folder / "candidates.geojson"
    path.write_text(json.dumps({"features": features}), "utf-8")
    return read_candidates(path, county, town)


@pytest.mark.parametrize("text", ["", "[]", '{"features": 3}', '{"features": [1]}'])
def test_what_is_no_list_of_sites_is_refused(county, town, tmp_path: Path, text: str) -> None:
    path = tmp_path / "candidates.geojson"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="候选点"):
        read_candidates(path, county, town)
    with pytest.raises(ConfigError, match="读不了"):
        read_candidates(tmp_path / "none.geojson", county, town)


def test_costs_and_openings_are_the_countys_over_the_vocabulary(county: County) -> None:
    folder = county.folder.parent / "dear"
    folder.mkdir()
    text = (county.folder / "county.toml").read_text("utf-8")
    more = (
        "\n[costs]\nextend_hour = 1\n[costs.add_service]\ntoilet = 7\n"
        "[openings.place_cabin]\ncost = 9\n"
    )
    (folder / "county.toml").write_text(text + more, "utf-8")
    dear = load_county(folder)
    assert (dear.costs.extend_hour, dear.costs.add_service["toilet"]) == (1, 7)
    assert dear.costs.add_service["hot_meal"] == county.costs.add_service["hot_meal"]
    assert (dear.openings["place_cabin"].cost, dear.openings["place_cabin"].zh) == (9, "放一间小屋")
    bad = text + "\n[costs]\nextend_hour = -1\n"
    (folder / "county.toml").write_text(bad, "utf-8")
    with pytest.raises(ConfigError, match=r"costs\.extend_hour"):
        load_county(folder)
