"""The illustrative counties keep their word: the same bytes again, believable, never mistakable."""

from __future__ import annotations

import csv
import json
import math
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from opening_hours import OpeningHours
from openpyxl import load_workbook
from shapely import LineString, Point, Polygon, STRtree
from shapely.geometry import shape

from locator.county import County, load_county
from locator.geo.datum import convert_datum

SLUGS = ("shucheng", "kuandian")


@dataclass(frozen=True)
class Drawn:
    """A street file, read plainly: nodes, ways with tags, and metres around the middle."""

    root: ET.Element
    nodes: dict[str, tuple[float, float]]
    ways: list[tuple[list[str], dict[str, str]]]
    scale: tuple[float, float]

    def metres(self, lon: float, lat: float) -> tuple[float, float]:
        return lon * self.scale[0], lat * self.scale[1]

    def line(self, refs: list[str]) -> LineString:
        return LineString([self.metres(*self.nodes[ref]) for ref in refs])

    def streets(self) -> list[tuple[list[str], dict[str, str]]]:
        return [(refs, tags) for refs, tags in self.ways if "highway" in tags]


@pytest.fixture(scope="module")
def again(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the script writes today."""
    out = tmp_path_factory.mktemp("illustrative")
    script = root / "data" / "make_illustrative.py"
    subprocess.run([sys.executable, str(script), "--out", str(out)], check=True, timeout=120)
    return out


@pytest.fixture(scope="module", params=SLUGS)
def county(request: pytest.FixtureRequest, root: Path) -> County:
    return load_county(root / "data" / request.param)


@pytest.fixture(scope="module")
def drawn(county: County) -> Drawn:
    root = ET.parse(county.path(county.streets.file)).getroot()
    lat = math.radians(county.centre[1])
    nodes = {
        node.get("id", ""): (float(node.get("lon", "")), float(node.get("lat", "")))
        for node in root.iter("node")
    }
    ways = [([nd.get("ref", "") for nd in way.iter("nd")], _tags(way)) for way in root.iter("way")]
    return Drawn(root, nodes, ways, (111_320 * math.cos(lat), 111_050))


def _tags(element: ET.Element) -> dict[str, str]:
    return {tag.get("k", ""): tag.get("v", "") for tag in element.iter("tag")}


def _stations(root: Path, code: str | None = None) -> list[dict[str, Any]]:
    features = json.loads((root / "data" / "stations.geojson").read_text("utf-8"))["features"]
    return [f for f in features if code in (None, f["properties"]["county"])]


@pytest.mark.slow
def test_regenerating_gives_the_committed_bytes(root: Path, again: Path) -> None:
    written = sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert len(written) == 12
    for path in written:
        assert (again / path).read_bytes() == (root / "data" / path).read_bytes(), path


def test_the_counts_are_those_of_the_two_counties(root: Path) -> None:
    kinds = Counter((f["properties"]["county"], f["properties"]["kind"]) for f in _stations(root))
    assert kinds == {
        ("341523", "warm_station"): 35,
        ("210624", "union_post"): 20,
        ("210624", "canteen"): 11,
        ("210624", "friendly_estate"): 10,
    }
    awarded = [f for f in _stations(root) if "全省最美驿站" in f["properties"]["awards"]]
    assert len(awarded) == 3


def test_no_station_can_be_mistaken_for_a_real_one(root: Path, county: County) -> None:
    names = [f["properties"]["name"] for f in _stations(root, county.code)]
    assert len(set(names)) == len(names)
    for feature in _stations(root, county.code):
        properties = feature["properties"]
        assert properties["name"].endswith("（示意）")
        assert properties["provenance"] == "illustrative"
        assert not properties.get("phone")
        assert re.fullmatch(rf"{county.code}-\d{{3}}", properties["id"])
        text = json.dumps(properties, ensure_ascii=False)
        assert not re.search(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)", text)
        assert properties["township"] in county.townships
        assert set(properties["services"]) <= set(county.services)
        assert properties["kind"] in county.kinds


def test_hours_come_in_every_shape_and_all_can_be_read(root: Path) -> None:
    properties = [f["properties"] for f in _stations(root)]
    hours = [p["hours"] for p in properties]
    for text in [
        *filter(None, hours),
        *(t for p in properties for t in p["service_hours"].values()),
    ]:
        OpeningHours(text)
    known = [text for text in hours if text]
    assert None in hours
    assert "24/7" in known
    assert any(text.startswith("Mo-Su 05:") for text in known), "early"
    assert any("24:00" in text for text in known), "late"
    assert any("-02:00" in text for text in known), "past midnight"
    assert any("12:00,14:00" in text for text in known), "split"
    assert any(text.startswith("Sa-Su") for text in known), "weekend"
    assert any("Nov-Mar" in text for text in known), "winter"
    assert any("PH" in text for text in known), "holidays"
    served = [(p, s, t) for p in properties for s, t in p["service_hours"].items()]
    assert all(s in p["services"] for p, s, _ in served)
    assert any(s == "hot_meal" and "11:00-13:00" in t for _, s, t in served)
    assert any(s == "heating" and "Nov" in t for _, s, t in served)
    assert any(s == "toilet" and t == "24/7" and p["hours"] != "24/7" for p, s, t in served)
    assert {p["status"] for p in properties} == {"open", "temporarily_closed", "planned"}


def test_checked_dates_are_spread_before_november_2026(root: Path) -> None:
    told = [f["properties"]["verified_on"] for f in _stations(root)]
    dates = [date.fromisoformat(text) for text in told if text]
    assert None in told
    assert max(dates) < date(2026, 11, 1)
    stale = sum(day < date(2026, 5, 1) for day in dates)
    assert 5 <= stale <= len(dates) / 2


def test_every_station_is_beside_a_street_and_inside_its_county(
    root: Path, county: County, drawn: Drawn
) -> None:
    outline = shape(
        json.loads(county.path(county.outline or "").read_text("utf-8"))["features"][0]["geometry"]
    )
    streets = STRtree(
        [drawn.line(refs) for refs, tags in drawn.streets() if tags["highway"] != "motorway"]
    )
    river = _areas(drawn, "natural", "water")
    for feature in _stations(root, county.code):
        lon, lat = feature["geometry"]["coordinates"]
        assert outline.contains(Point(lon, lat))
        here = Point(drawn.metres(lon, lat))
        nearest = streets.geometries[streets.nearest(here)].distance(here)
        estate = feature["properties"]["kind"] == "friendly_estate"
        assert (0 if estate else 4) <= nearest <= 30, feature["properties"]["name"]
        assert not any(water.contains(here) for water in river)


def test_the_street_file_can_never_pass_for_openstreetmap(drawn: Drawn) -> None:
    assert drawn.root.get("upload") == "never"
    assert drawn.root.get("generator") == "illustrative"
    for tag in ("node", "way"):
        ids = [int(element.get("id", "0")) for element in drawn.root.iter(tag)]
        assert max(ids) < 0
        assert len(set(ids)) == len(ids)
    assert "openstreetmap contributors" not in ET.tostring(drawn.root, "unicode").lower()


def test_the_town_has_the_size_that_was_asked_for(county: County, drawn: Drawn) -> None:
    used = {ref for refs, _ in drawn.streets() for ref in refs}
    wanted = {"shucheng": 2500, "kuandian": 1200}[county.slug]
    assert 0.85 * wanted <= len(used) <= 1.2 * wanted
    assert county.path(county.streets.file).stat().st_size < 1_500_000


def test_every_street_can_be_reached_from_every_other(drawn: Drawn) -> None:
    graph: nx.Graph[str] = nx.Graph()
    directed: nx.DiGraph[str] = nx.DiGraph()
    for refs, tags in drawn.streets():
        if tags["highway"] == "motorway":
            continue
        nx.add_path(graph, refs)
        nx.add_path(directed, refs)
        if tags.get("oneway") != "yes" or tags.get("oneway:bicycle") == "no":
            nx.add_path(directed, refs[::-1])
    assert nx.is_connected(graph)
    assert nx.is_strongly_connected(directed), "a one-way street leads nowhere"


def test_the_town_has_what_towns_have(drawn: Drawn) -> None:
    tags = [tags for _, tags in drawn.ways]
    streets = [t for t in tags if "highway" in t]
    assert any(
        t.get("bridge") == "yes" and t.get("layer") == "1" and "bridge:name" in t for t in streets
    )
    assert any(t.get("junction") == "roundabout" for t in streets)
    assert any(
        t.get("oneway") == "yes" and "oneway:bicycle" not in t and "junction" not in t
        for t in streets
    )
    assert {"primary", "secondary", "tertiary", "residential", "living_street", "service"} <= {
        t["highway"] for t in streets
    }
    for key, value in (
        ("leisure", "park"),
        ("place", "square"),
        ("amenity", "school"),
        ("amenity", "hospital"),
        ("amenity", "bus_station"),
        ("landuse", "industrial"),
        ("waterway", "river"),
    ):
        assert any(t.get(key) == value for t in tags), (key, value)
    assert sum("building" in t for t in tags) > 300
    assert sum(t.get("landuse") == "residential" and "name" in t for t in tags) >= 20
    points = [_tags(n) for n in drawn.root.iter("node")]
    assert any(p.get("barrier") == "gate" for p in points)
    assert any(p.get("place") == "neighbourhood" for p in points)


def test_shucheng_has_contraflow_and_a_motorway_closed_to_bicycles(root: Path) -> None:
    text = (root / "data" / "shucheng" / "streets.osm").read_text("utf-8")
    assert '<tag k="oneway:bicycle" v="no"/>' in text
    assert '<tag k="highway" v="motorway"/>' in text


def test_roads_cross_water_on_bridges_only_and_no_house_stands_in_it(drawn: Drawn) -> None:
    waters = _areas(drawn, "natural", "water")
    tree = STRtree(waters)
    for refs, tags in drawn.streets():
        line = drawn.line(refs)
        if tags.get("bridge") != "yes":
            wet = sum(line.intersection(waters[k]).length for k in tree.query(line))
            assert wet < 1.0, (tags, wet)
    houses = [Polygon(drawn.line(refs).coords) for refs, tags in drawn.ways if "building" in tags]
    roads = [drawn.line(refs) for refs, _ in drawn.streets()]
    on_road = STRtree(roads)
    for house in houses:
        assert not any(waters[k].intersects(house) for k in tree.query(house))
        assert not any(roads[k].intersects(house) for k in on_road.query(house))


def test_names_of_places_are_real_and_bound_to_a_township(county: County, drawn: Drawn) -> None:
    lines = county.path("townships.csv").read_text("utf-8").splitlines()
    known = {row["name"] for row in csv.DictReader(x for x in lines if not x.startswith("#"))}
    assert set(county.townships) <= known
    for node in drawn.root.iter("node"):
        tags = _tags(node)
        if "place" in tags:
            assert tags["name"] in known
            assert tags["is_in:township"] in known


def test_a_few_hundred_riders_are_out_in_an_hour(county: County) -> None:
    totals: Counter[tuple[str, int]] = Counter()
    with county.path("demand.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            start, end = (int(time[:2]) for time in row["时段"].split("-"))
            for hour in range(start, end):
                totals[row["日类型"], hour] += float(row["人数"])  # type: ignore[assignment]
    assert len(totals) == 48
    low, high = {"shucheng": (100, 900), "kuandian": (35, 400)}[county.slug]
    assert low <= min(totals.values()) < max(totals.values()) <= high
    assert totals["工作日", 12] > totals["工作日", 10]
    assert totals["工作日", 19] > totals["工作日", 15]
    assert totals["休息日", 22] > totals["工作日", 22]


def test_candidates_and_signs_are_whole(county: County) -> None:
    candidates = _features(county.path(county.candidates or ""))
    assert all(p["cost_yuan"] > 0 and p["actions"] and "（示意）" in p["name"] for p in candidates)
    signs = _features(county.path(county.sign_sites or ""))
    assert {p["kind"] for p in signs} == {"park", "plaza", "estate_gate"}
    assert all(0 <= p["facing"] < 360 for p in signs)
    for properties in (candidates, signs):
        assert len({p["id"] for p in properties}) == len(properties)


def test_the_faulty_ledger_has_40_rows_and_no_county_names_it(root: Path) -> None:
    path = root / "data" / "examples" / "ledger-with-faults.xlsx"
    sheet = load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 41
    assert rows[0][:4] == ("编号", "县", "类型", "名称")
    notes = (path.parent / "README.md").read_text("utf-8")
    codes = set(re.findall(r"`([a-z_]+)`", notes))
    assert {
        "missing_required_field", "unknown_kind", "unknown_service", "duplicate_station_id",
        "coordinate_not_number", "coordinate_swapped", "null_island", "projected_coordinates",
        "outside_county", "shared_coordinate", "possible_duplicate", "datum_undeclared",
        "hours_unparsable", "hours_missing", "verification_expired",
    } <= codes  # fmt: skip
    for slug in SLUGS:
        assert "examples" not in (root / "data" / slug / "county.toml").read_text("utf-8")


def test_the_ledgers_fine_rows_are_the_stations_in_gcj02(root: Path) -> None:
    sheet = load_workbook(root / "data" / "examples" / "ledger-with-faults.xlsx").worksheets[0]
    row = [cell.value for cell in sheet[2]]
    lon, lat = _stations(root, "341523")[0]["geometry"]["coordinates"]
    x, y = convert_datum(lon, lat, source="wgs84", target="gcj02")
    assert (row[4], row[5]) == (round(float(x), 6), round(float(y), 6))
    assert row[-1] == "高德地图"


def _areas(drawn: Drawn, key: str, value: str) -> list[Polygon]:
    return [
        Polygon(drawn.line(refs).coords).buffer(0)
        for refs, tags in drawn.ways
        if tags.get(key) == value
    ]


def _features(path: Path) -> list[dict[str, Any]]:
    return [f["properties"] for f in json.loads(path.read_text("utf-8"))["features"]]
