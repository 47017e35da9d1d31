"""The whole way from files: a street of 1 km, riders at its ends, a stop in the middle."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import h3
import numpy as np
import pytest

from locator.counties import find_county, list_counties
from locator.county import load_county
from locator.coverage.demand.headcount import read_headcount
from locator.coverage.measures_text import coverage_text
from locator.coverage.report import cells_json, coverage_json
from locator.coverage.study import study
from locator.coverage.supply import ANY_STOP
from locator.errors import MissingCrs, StreetsError
from locator.stations.table import make_stations

AS_OF = date(2026, 11, 23)
STREET = """<osm version="0.6" upload="never">
<node id="-1" lon="116.9450" lat="31.46"/><node id="-2" lon="116.9555" lat="31.46"/>
<node id="-3" lon="116.9500" lat="31.462"><tag k="place" v="neighbourhood"/>
<tag k="is_in:township" v="城关镇"/></node>
<way id="-9"><nd ref="-1"/><nd ref="-2"/><tag k="highway" v="primary"/>
<tag k="name" v="滨河路"/></way></osm>"""


@pytest.fixture
def folder(county, tmp_path) -> Path:
    (tmp_path / "paper").mkdir()
    source = (county.folder / "county.toml").read_text("utf-8")
    (tmp_path / "paper" / "county.toml").write_text(source, "utf-8")
    (tmp_path / "paper" / "streets.osm").write_text(STREET, "utf-8")
    (tmp_path / "paper" / "headcount.csv").write_text(
        "商圈,经度,纬度,半径米,日类型,时段,人数\n"
        "西头,116.9450,31.46,0,工作日,18:00-22:00,30\n"
        "东头,116.9555,31.46,0,工作日,18:00-22:00,20\n",
        "utf-8",
    )
    return tmp_path / "paper"


def station(**values):
    record = {
        "id": "990101-001", "county": "990101", "kind": "warm_station", "name": "中段驿站",
        "services": ["toilet"], "hours": "08:00-20:00", "status": "open", "provenance": "ledger",
    }  # fmt: skip
    return make_stations([{**record, **values}], [116.95], [31.46])


def test_from_files_to_a_sentence(folder):
    found = study(load_county(folder), station(), AS_OF, reach_min=8)
    clock = found.coverage.clock.set_index(["service", "day", "hour"])
    assert clock.loc[("any_stop", "workday", 18)].tolist() == [50, 50]
    assert clock.loc[("any_stop", "workday", 20)].tolist() == [0, 50]
    gaps = found.gaps[ANY_STOP]
    assert gaps["cause"].tolist() == ["closed"] * len(gaps)
    assert gaps["name"].tolist() == [
        "近滨河路西侧（城关镇）",
        "近滨河路东侧（城关镇）",
    ]
    assert gaps["rider_hours"].sum() == 5 * 2 * 50
    # 475 m at 15 km/h are 114 s, 60 s to park, and the walk from the cell's middle.
    west = found.coverage.nearest_ds.max()
    assert 1740 - 200 < west < 1740 + 1500


def test_what_is_missing_is_said(folder):
    county = load_county(folder)
    with pytest.raises(MissingCrs):
        study(county, station().set_crs(None, allow_override=True), AS_OF)
    (folder / "streets.osm").write_text("<osm", "utf-8")
    with pytest.raises(StreetsError, match=r"streets\.osm"):
        study(county, station(), AS_OF)


def test_a_county_that_has_counted_nobody(folder):
    """Unknown is not zero: no share, no gap, and the words say so."""
    county = load_county(folder).model_copy(update={"demand": None})
    found = study(county, station(hours=None), AS_OF)
    said = coverage_json(found.coverage, found.gaps[ANY_STOP], county)
    assert (said["clock"], said["gaps"], said["unreachable_cells"]) == ([], [], [])
    assert said["headline_zh"].startswith("需求未知")
    assert said["headline_en"].startswith("Demand is unknown")
    assert said["provenance_zh"].endswith("需求未知")
    assert said["sources"] == {"stations": "ledger", "streets": "illustrative"}
    assert said["unknown_hours"] == ["990101-001"]
    assert said["unreachable_stations"] == []
    assert cells_json(found.coverage, found.ground.cell_townships)["cells"] == []
    assert "骑手人数" in coverage_text(said)
    assert "%" not in coverage_text(said)


def test_a_station_off_the_streets_is_told_without_riders_too(folder):
    county = load_county(folder).model_copy(update={"demand": None})
    record = station().drop(columns="geometry").to_dict("records")[0]
    both = make_stations([record, {**record, "id": "990101-002"}], [116.95, 116.95], [31.46, 31.56])
    assert study(county, both, AS_OF).coverage.unreachable_stations == ["990101-002"]


def test_the_streets_of_another_place_are_no_coverage(folder):
    """Else every rider would seem to be without a station."""
    far = station().set_geometry(station().translate(yoff=0.1))
    with pytest.raises(StreetsError, match=r"none of the 1 stations .* another place"):
        study(load_county(folder), far, AS_OF)


def test_a_county_whose_demand_is_cells_of_several_sizes(folder):
    """Made from traces: a cell of 0.7 km² and one of 5 km², and a counted one of 0.1 km²."""
    near = h3.latlng_to_cell(31.46, 116.9450, 8)
    wide = h3.latlng_to_cell(31.52, 117.00, 7)
    small = h3.latlng_to_cell(31.46, 116.9555, 9)
    assert h3.cell_to_parent(small, 8) != near
    (folder / "cells.csv").write_text(
        "# source: orders\n# month: 2026-10\nh3,day,hours,riders\n"
        f"{near},workday,18:00-22:00,30\n{small},workday,18:00-22:00,20\n"
        f"{wide},workday,18:00-24:00,5\n",
        "utf-8",
    )
    source = (folder / "county.toml").read_text("utf-8")
    source = source.replace('"headcount.csv"', '"cells.csv"\nformat = "cells"')
    source = source.replace('provenance = "headcount"', 'provenance = "orders"')
    (folder / "county.toml").write_text(source, "utf-8")
    county = load_county(folder)
    found = study(county, station(), AS_OF, reach_min=12)
    assert found.demand.cells == sorted([near, wide, small])
    clock = found.coverage.clock.set_index(["service", "day", "hour"])
    assert clock.loc[("any_stop", "workday", 18)].tolist() == [50, 55]
    gaps = found.gaps[ANY_STOP]
    assert sorted(cell for cells in gaps["cells"] for cell in cells) == found.demand.cells
    assert gaps["rider_hours"].sum() == 5 * (2 * 50 + 6 * 5)
    assert gaps.geometry.is_valid.all()
    area_km2 = sum(h3.cell_area(cell, "km^2") for cell in found.demand.cells)
    assert gaps.to_crs("ESRI:54034").area.sum() / 1e6 == pytest.approx(area_km2, rel=0.01)
    drawn = cells_json(found.coverage, found.ground.cell_townships)
    assert drawn["resolutions"] == {"9": 1, "8": 1, "7": 1}
    assert [len(cell["ring"]) for cell in drawn["cells"]] == [7, 7, 7]
    said = coverage_json(found.coverage, gaps, county)
    assert said["sources"]["demand"] == "orders"
    assert "需求为订单统计" in said["provenance_zh"]


@pytest.mark.slow
def test_the_counties_of_the_project(data: Path):
    """Two seconds of one core each; the covered are within reach, and every rider is counted."""
    from locator.stations.table import stations_from_geojson

    counties = list_counties(data)
    if not counties:
        pytest.skip("no county in data/")
    import json

    for county in counties:
        ledger = json.loads(county.ledger_paths[0].read_text("utf-8"))
        own = [f for f in ledger["features"] if f["properties"]["county"] == county.code]
        stations = stations_from_geojson({**ledger, "features": own})
        begin = time.process_time()
        found = study(county, stations, AS_OF)
        assert time.process_time() - begin < 2
        sheet = read_headcount(county.path(county.demand.file), county)
        total = found.coverage.clock.query("service == 'any_stop'")["total"].sum()
        assert total == pytest.approx(sheet.riders.sum())
        anyone = found.coverage.covered[0].any(axis=0)
        assert (found.coverage.nearest_ds[anyone] <= county.reach_min * 600).all()
        assert np.all(found.coverage.nearest_ds[anyone] > 0)
        assert find_county(data, county.slug) == county
