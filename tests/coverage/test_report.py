from __future__ import annotations

import json
from datetime import date

import pytest
import shapely

from locator.coverage.clock import coverage
from locator.coverage.gaps import find_gaps
from locator.coverage.measures_text import coverage_text
from locator.coverage.nearest_open import nearest_by_service
from locator.coverage.report import (
    cells_json,
    coverage_json,
    headline_en,
    headline_zh,
    provenance_words,
)
from locator.coverage.supply import ANY_STOP, supply_of
from locator.coverage.townships import read_townships

AS_OF = date(2026, 11, 23)


@pytest.fixture
def gaps_of(county, town, search_of):
    def run(found, stations, *minutes):
        nearest = nearest_by_service(search_of(*minutes), supply_of(stations, county, found.dates))
        return find_gaps(found, nearest, town, stations, county, read_townships(county))[ANY_STOP]

    return run


@pytest.fixture
def measured(county, table, riders, reach, gaps_of):
    """40 riders by a stop that closes at eight, 60 without one."""
    stations = table({"hours": "08:00-20:00", "services": ["toilet"]}, {"hours": None})
    found = coverage(reach([4, 2], [8, None]), stations, riders(40, 60), county, AS_OF)
    return found, gaps_of(found, stations, [4, 2], [8, None])


def test_the_files_are_plain_json(measured, county):
    found, gaps = measured
    result = coverage_json(found, gaps, county)
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert result["county"] == "paper"
    assert result["as_of"] == "2026-11-23"
    assert result["dates"] == {"workday": "2026-11-25", "dayoff": "2026-11-29"}
    assert result["reach_min"] == 5
    assert result["unknown_hours"] == ["990101-002"]
    assert result["unreachable_cells"] == []
    assert len(result["clock"]) == 2 * 24 * 3
    assert {"day": "dayoff", "hour": 8, "service": "any_stop", "covered": 40.0, "total": 100.0} in (
        result["clock"]
    )
    assert [gap["cause"] for gap in result["gaps"]] == ["no_stop", "closed"]
    assert result["gaps"][0]["rider_hours"] == 60 * 168
    assert shapely.geometry.shape(result["gaps"][0]["geometry"]).is_valid


def test_the_cells(measured, county):
    found, _ = measured
    result = cells_json(found, ["城关镇", None])
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    first = result["cells"][0]
    assert (first["h3"], first["nearest_s"]) == (found.demand.cells[0], 120)
    assert len(first["ring"]) == 7
    assert first["ring"][0] == first["ring"][-1]
    assert first["riders"] == [40.0] * 48
    assert first["township"] == "城关镇"
    day = "0" * 8 + "1" * 12 + "0" * 4
    assert first["covered"]["any_stop"] == day + day
    assert result["services"] == ["any_stop", "toilet", "hot_meal"]
    assert set(result["cells"][1]["covered"].values()) == {"0" * 48}


def test_the_headline_says_the_worst_hour(measured):
    found, _ = measured
    assert headline_zh(found) == "工作日 00:00 有 100 骑手（100 %）5 分钟内无站可去。"
    assert headline_en(found) == (
        "On a workday at 00:00, 100 riders (100%) have no stop within 5 minutes."
    )


def test_the_headline_when_all_is_well(county, table, riders, reach):
    found = coverage(reach([4]), table({}), riders(40), county, AS_OF)
    assert headline_zh(found) == "无论何时，骑手 5 分钟内都有站可去。"
    assert headline_en(found) == "At every hour, every rider has a stop within 5 minutes."


def test_a_sheet_of_noughts_claims_nothing(county, table, riders, reach):
    found = coverage(reach([4]), table({}), riders(0), county, AS_OF)
    assert headline_zh(found).startswith("需求未知")
    assert headline_en(found).startswith("Demand is unknown")


@pytest.mark.parametrize(
    ("stations", "streets", "demand", "words"),
    [
        ("illustrative", "illustrative", "illustrative",
         "示意数据，不可引用：站点、街道、需求都是编的"),
        ("ledger", "osm", "illustrative",
         "需求为示意数据，由此算出的不可引用；站点为台账，街道为开放街图"),
        ("surveyed", "illustrative", "headcount",
         "街道为示意数据，由此算出的不可引用；站点为实地核实，需求为人数清点"),
        ("illustrative", "illustrative", None,
         "站点、街道为示意数据，由此算出的不可引用；需求未知"),
        ("ledger", "osm", "proxy", "站点为台账，街道为开放街图，需求为推算"),
        ("osm", "osm", "proxy", "站点来自开放街图，未经核实，街道为开放街图，需求为推算"),
        ("osm", "osm", None, "站点来自开放街图，未经核实，街道为开放街图，需求未知"),
    ],
)  # fmt: skip
def test_what_is_made_up_is_called_that_and_nothing_else(stations, streets, demand, words):
    said = {"stations": stations, "streets": streets, "demand": demand}
    assert provenance_words({key: value for key, value in said.items() if value}) == words


def test_candidate_sites_are_named_where_a_release_has_some():
    said = {"stations": "ledger", "streets": "osm", "demand": "gps", "candidates": "illustrative"}
    assert provenance_words(said).startswith("候选点为示意数据，由此算出的不可引用；站点为台账")


def test_some_stations_of_osm_do_not_speak_for_all(county, table, riders, reach, gaps_of):
    said = {"stations": "osm", "streets": "osm", "demand": "gps"}
    assert provenance_words(said, mixed_stations=True).startswith("部分站点来自开放街图，")
    assert provenance_words(said).startswith("站点来自开放街图，")
    stations = table({"provenance": "osm"}, {"provenance": "ledger"})
    found = coverage(reach([4, 2], [8, None]), stations, riders(40, 60), county, AS_OF)
    gaps = gaps_of(found, stations, [4, 2], [8, None])
    assert "部分站点来自开放街图" in coverage_json(found, gaps, county)["provenance_zh"]


def test_the_weakest_provenance_is_carried(measured, county):
    result = coverage_json(*measured, county)
    assert result["provenance"] == "illustrative"
    assert result["sources"] == {
        "demand": "headcount", "stations": "ledger", "streets": "illustrative",
    }  # fmt: skip


def test_the_text_of_the_command_line(measured, county):
    text = coverage_text(coverage_json(*measured, county))
    assert text.startswith("工作日 00:00 有 100 骑手")
    assert "缺口 2 处\n" in text
    assert "  1. 近滨河路" in text
    assert "附近的站关门" in text
    row = next(line for line in text.splitlines() if line.startswith("休息日"))
    assert row.split()[1:25] == ["0"] * 8 + ["40"] * 12 + ["0"] * 4
