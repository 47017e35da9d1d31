"""Boundaries put together, the county's ground chosen among them, its townships, its country."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from locator.errors import ExtractError, LocatorError, UsageError
from locator.starter import outline as outlines
from locator.starter.boundaries import Boundaries, Boundary, assembled, read_boundaries
from locator.starter.extract import Place, ground_m2
from locator.starter.facts import Facts, Given, facts
from locator.starter.outline import (
    Outline,
    fill_townships,
    from_file,
    largest,
    of_adcode,
    townships,
    townships_geojson,
    within,
)
from locator.starter.source import opened
from locator.starter.where import country_of, timezone_of, zones
from tests.starter.drawn import at, place
from tests.starter.extracts import Drawing, corners

KM = 1_000.0
EXTRACT = Path("a.osm.pbf")


def with_street() -> Drawing:
    drawing = Drawing()
    drawing.way([(0, 0), (500, 0)], highway="residential")
    return drawing


def boundaries_of(drawing: Drawing, folder: Path) -> Boundaries:
    with opened(drawing.save(folder / "a.osm")) as source:
        return read_boundaries(source)


def box(x: float, y: float, side: float) -> shapely.Geometry:
    return shapely.Polygon([at(*point) for point in corners(x, y, side)])


def county(name: str, x: float, y: float, side: float, level: int = 6, **tags: str) -> Boundary:
    shape = box(x, y, side)
    said = {"name": name, "boundary": "administrative", **tags}
    return Boundary(f"r{len(name)}{int(x)}", level, said, shape, float(ground_m2(shape)))


def ranked(*whole: Boundary, cut: tuple[str, ...] = ()) -> Boundaries:
    return Boundaries(sorted(whole, key=lambda each: -each.area_m2), list(cut))


# --- put together ---------------------------------------------------------------------------------


def test_a_whole_boundary_is_its_ground(tmp_path: Path) -> None:
    drawing = with_street()
    drawing.boundary(0, 0, 10 * KM, "舒城县")
    found = boundaries_of(drawing, tmp_path)
    assert [each.name for each in found.whole] == ["舒城县"]
    assert found.whole[0].closed_m == 0
    assert shapely.equals(found.whole[0].shape, box(0, 0, 10 * KM))


#: A ring of twelve points around a bay, in tens of kilometres.
RING = [
    (0, 0), (2, 0), (4, 0), (4, 1), (4, 3), (3, 3), (3, 1), (1, 1), (1, 3), (0, 3), (0, 2), (0, 1),
]  # fmt: skip


@given(st.integers(0, 2**32), st.integers(1, 9))
def test_neither_the_order_nor_the_direction_of_the_ways_matters(seed: int, pieces: int) -> None:
    random = Random(seed)
    ring = [at(10 * KM * x, 10 * KM * y) for x, y in (*RING, RING[0])]
    cuts = sorted({0, len(ring) - 1, *random.choices(range(len(ring)), k=pieces)})
    lines = [ring[first : last + 1] for first, last in pairwise(cuts)]
    lines = [line[::-1] if random.random() < 0.5 else line for line in lines]
    random.shuffle(lines)
    found = assembled(
        "r1",
        {"admin_level": "6", "name": "x"},
        [(number, False) for number in range(len(lines))],
        {number: [line] for number, line in enumerate(lines)},
    )
    assert found is not None
    assert found.closed_m == 0
    assert shapely.equals(found.shape, shapely.Polygon(ring))


def test_an_enclave_is_not_its_ground_and_an_exclave_is(tmp_path: Path) -> None:
    drawing = with_street()
    outer = drawing.square(0, 0, 10 * KM)
    exclave = drawing.square(20 * KM, 0, 2 * KM)
    enclave = drawing.square(4 * KM, 4 * KM, 2 * KM)
    drawing.relation(
        [outer, exclave], [enclave], type="multipolygon", boundary="administrative",
        admin_level="6", name="飞地县",
    )  # fmt: skip
    (found,) = boundaries_of(drawing, tmp_path).whole
    assert found.area_m2 == pytest.approx(100e6, rel=0.01)  # 100 + 4 - 4 km²
    assert not found.shape.contains(shapely.Point(*at(5 * KM, 5 * KM)))
    assert found.shape.contains(shapely.Point(*at(21 * KM, 1 * KM)))


def gap(metres: float) -> tuple[Drawing, list[int]]:
    """A square of 10 km from whose west side ``metres`` are cut: its lacking way is never there."""
    drawing = with_street()
    south, east, north = (corners(0, 0, 10 * KM)[n : n + 2] for n in range(3))
    ways = [drawing.way(line) for line in (south, east, north)]
    ways.append(drawing.way([(0, 10 * KM), (0, metres)]))
    ways += [999]
    return drawing, ways


def test_a_small_gap_is_closed_by_a_straight_line_and_says_so(tmp_path: Path) -> None:
    drawing, ways = gap(2 * KM)
    drawing.relation(ways, type="boundary", boundary="administrative", admin_level="6", name="缺口")
    (found,) = boundaries_of(drawing, tmp_path).whole
    assert found.closed_m == pytest.approx(2 * KM, rel=0.01)
    assert shapely.equals(found.shape, box(0, 0, 10 * KM))


def test_a_gap_that_begins_where_another_ring_touches_is_found(tmp_path: Path) -> None:
    drawing, ways = gap(2 * KM)
    exclave = drawing.way([(0, 2 * KM), (-KM, 2 * KM), (-KM, 3 * KM), (0, 2 * KM)])
    drawing.relation(
        [*ways, exclave], type="boundary", boundary="administrative", admin_level="6", name="缺口"
    )
    (found,) = boundaries_of(drawing, tmp_path).whole
    assert found.closed_m == pytest.approx(2 * KM, rel=0.01)
    assert found.area_m2 == pytest.approx(100.5e6, rel=0.01)


def test_a_wide_gap_is_not_closed(tmp_path: Path) -> None:
    drawing, ways = gap(4.5 * KM)  # of 40 km
    drawing.relation(ways, type="boundary", boundary="administrative", admin_level="6", name="缺口")
    found = boundaries_of(drawing, tmp_path)
    assert found.whole == []
    assert found.cut == ["缺口"]


def test_a_narrow_gap_that_hides_many_ways_is_not_closed(tmp_path: Path) -> None:
    drawing, ways = gap(500)
    lacking = [*ways, 1000, 1001]  # a bay with an island may hide behind the gap
    drawing.relation(
        lacking, type="boundary", boundary="administrative", admin_level="6", name="缺口"
    )
    assert boundaries_of(drawing, tmp_path).cut == ["缺口"]


def test_a_way_without_one_node_is_closed_across_it(tmp_path: Path) -> None:
    drawing = with_street()
    steps = [(x * KM, 0.0) for x in range(11)] + [(10 * KM, 10 * KM), (0.0, 10 * KM), (0.0, 0.0)]
    ring = drawing.way(steps)
    drawing.relation([ring], type="boundary", boundary="administrative", admin_level="6", name="a")
    lost = next(number for spot, number in drawing._spots.items() if spot == (5 * KM, 0.0))
    del drawing.nodes[lost]
    (found,) = boundaries_of(drawing, tmp_path).whole
    assert found.closed_m == pytest.approx(2 * KM, rel=0.01)


def test_a_closed_way_may_be_a_boundary(tmp_path: Path) -> None:
    drawing = with_street()
    drawing.square(0, 0, KM, boundary="administrative", admin_level="8", name="小镇")
    assert [each.ref for each in boundaries_of(drawing, tmp_path).whole] == ["w2"]


def test_what_is_no_boundary_of_a_county_is_not_read(tmp_path: Path) -> None:
    drawing = with_street()
    ring = drawing.square(0, 0, KM)
    for tags in (
        {"boundary": "protected_area", "admin_level": "6", "name": "a"},
        {"boundary": "administrative", "name": "no level"},
        {"boundary": "administrative", "admin_level": "6"},
        {"boundary": "administrative", "admin_level": "six", "name": "b"},
    ):
        drawing.relation([ring], (), type="boundary", **tags)
    found = boundaries_of(drawing, tmp_path)
    assert (found.whole, found.cut) == ([], [])


# --- chosen ---------------------------------------------------------------------------------------


def test_the_largest_boundary_is_the_county() -> None:
    known = ranked(county("县", 0, 0, 10 * KM), county("镇", 0, 0, 9 * KM, level=8))
    assert largest(known, EXTRACT).tags["name"] == "县"


def test_two_counties_side_by_side_are_a_question() -> None:
    known = ranked(county("甲县", 0, 0, 10 * KM), county("乙县", 10 * KM, 0, 6 * KM))
    with pytest.raises(ExtractError, match=r"2 counties side by side .甲县, 乙县.*--within NAME"):
        largest(known, EXTRACT)


def test_a_small_neighbour_or_an_inner_one_is_no_second_county() -> None:
    known = ranked(county("甲县", 0, 0, 10 * KM), county("乙县", 10 * KM, 0, 4 * KM))
    assert largest(known, EXTRACT).tags["name"] == "甲县"
    known = ranked(county("甲县", 0, 0, 10 * KM), county("同县", 0, 0, 9 * KM))
    assert largest(known, EXTRACT).tags["name"] == "甲县"


def test_outside_any_boundary_three_ways_out_are_named() -> None:
    with pytest.raises(ExtractError, match=r"邻县 are cut.*--boundary.*--adcode.*--no-outline"):
        largest(ranked(cut=("邻县",)), EXTRACT)


@pytest.mark.parametrize("name", ["舒城县", "舒城", "Shucheng County", "SHUCHENG COUNTY", "舒州"])
def test_a_boundary_goes_by_any_of_its_names(name: str) -> None:
    tags = {"name:en": "Shucheng County", "short_name": "舒城", "alt_name": "龙舒;舒州"}
    known = ranked(county("市", 0, 0, 20 * KM, level=5), county("舒城县", 0, 0, 9 * KM, **tags))
    assert within(known, name, EXTRACT).tags["name"] == "舒城县"


def test_a_name_that_is_none_is_answered_with_those_there_are() -> None:
    known = ranked(county("甲县", 0, 0, 10 * KM), cut=("乙县",))
    with pytest.raises(ExtractError, match="no boundary goes by '丙县'; whole in it: 甲县"):
        within(known, "丙县", EXTRACT)
    with pytest.raises(ExtractError, match="boundary of '乙县' is cut"):
        within(known, "乙县", EXTRACT)


@pytest.mark.parametrize("wrap", ["geometry", "feature", "collection", "marked"])
def test_a_file_may_hold_the_outline_in_any_geojson(wrap: str, tmp_path: Path) -> None:
    geometry = json.loads(shapely.to_geojson(box(0, 0, KM)))
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    content = {
        "geometry": geometry,
        "feature": feature,
        "collection": {"type": "FeatureCollection", "features": [feature]},
        "marked": geometry,
    }[wrap]
    path = tmp_path / "outline.geojson"
    path.write_text(json.dumps(content), "utf-8-sig" if wrap == "marked" else "utf-8")
    found = from_file(path)
    assert shapely.equals(found.shape, box(0, 0, KM))
    assert (found.how, found.source) == ("file", "outline.geojson")


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "null", "{}", '{"type":"FeatureCollection","features":[]}',
        '{"type":"FeatureCollection","features":[null]}', '{"type":"Point","coordinates":[1,2]}',
        '{"type":"Feature","geometry":null}', '{"type":"Polygon","coordinates":[[[1,2]]]}',
        '{"type":"Polygon","coordinates":[[[5e5,3e6],[5e5,3.1e6],[6e5,3e6],[5e5,3e6]]]}',
        '{"type":"Polygon","coordinates":[[[NaN,1],[1,2],[2,2],[NaN,1]]]}',
        '{"type":"Polygon","coordinates":"x"}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_outline_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "outline.geojson"
    path.write_text(content, "utf-8")
    with pytest.raises(ExtractError, match="GeoJSON") as caught:
        from_file(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="cannot be read"):
        from_file(tmp_path / "none.geojson")


@pytest.mark.slow
def test_an_adcode_gives_outline_name_and_code(data: Path) -> None:
    found = of_adcode("341523")
    assert (found.name_zh, found.code, found.how) == ("舒城县", "341523", "adcode")
    shipped = from_file(data / "shucheng" / "outline.geojson")
    assert shapely.equals(shapely.normalize(found.shape), shapely.normalize(shipped.shape))
    assert "CGCS2000" in found.geojson()["datum"]


@pytest.mark.campaign
def test_an_unknown_adcode_is_refused() -> None:
    with pytest.raises(UsageError, match="no county with this code"):
        of_adcode("999999")


def test_without_the_package_one_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def not_there(name: str) -> Path:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(outlines.resources, "files", not_there)
    with pytest.raises(UsageError, match=r"pip install 'yizhangtu-locator\[outlines\]'"):
        of_adcode("341523")


def test_the_outline_is_kept_with_its_source_and_for_checks_only() -> None:
    made = largest(ranked(county("县", 0, 0, 10 * KM)), EXTRACT).geojson()
    assert made["use"].startswith("Checks only. Not to be drawn")
    assert made["features"][0]["properties"]["provenance"] == "osm"
    assert "OpenStreetMap" in made["source"]


# --- townships ------------------------------------------------------------------------------------


def quarters(level: int, names: str, side: float = 10 * KM) -> list[Boundary]:
    half = side / 2
    return [
        county(name, half * (number % 2), half * (number // 2), half, level=level)
        for number, name in enumerate(names)
    ]


def test_the_townships_are_the_units_of_the_finest_level_down_to_eight() -> None:
    whole = county("县", 0, 0, 10 * KM)
    known = ranked(
        whole, *quarters(7, "东西南北"), *quarters(8, "甲乙丙丁"), *quarters(10, "一二三四")
    )
    found = townships(known, largest(known, EXTRACT))
    assert {each.name for each in found} == set("甲乙丙丁")


def test_villages_stand_in_where_no_township_is_drawn() -> None:
    known = ranked(county("县", 0, 0, 10 * KM), *quarters(10, "一二三四"))
    assert {each.name for each in townships(known, largest(known, EXTRACT))} == set("一二三四")


def test_a_level_that_covers_too_little_is_not_taken() -> None:
    known = ranked(county("县", 0, 0, 10 * KM), *quarters(8, "甲乙"))
    assert townships(known, largest(known, EXTRACT)) == []


def test_units_outside_and_the_county_itself_are_no_townships() -> None:
    known = ranked(
        county("县", 0, 0, 10 * KM), county("县城", 0, 0, 10 * KM, level=8),
        *quarters(8, "甲乙丙丁"), county("邻", 20 * KM, 0, 5 * KM, level=8),
    )  # fmt: skip
    outline = Outline(box(0, 0, 10 * KM), "file", "f")
    assert {each.name for each in townships(known, outline)} == set("甲乙丙丁")


def test_each_station_gets_the_township_it_stands_in() -> None:
    units = quarters(8, "甲乙丙丁")
    points = [(1 * KM, 1 * KM), (6 * KM, 1 * KM), (6 * KM, 6 * KM), (50 * KM, 0)]
    features = [
        {"properties": {}, "geometry": {"type": "Point", "coordinates": list(at(*point))}}
        for point in points
    ]
    assert fill_townships(features, units) == 3
    assert [each["properties"].get("township") for each in features] == ["甲", "乙", "丁", None]


def test_townships_are_kept_with_a_name_each_chinese_first() -> None:
    unit = county("Vaduz", 0, 0, KM, level=8, **{"name:zh": "瓦杜茲", "name:zh-Hans": "瓦杜兹"})
    made = townships_geojson([unit])
    assert made["features"][0]["properties"] == {
        "name": "瓦杜兹", "osm": unit.ref, "admin_level": 8, "provenance": "osm",
    }  # fmt: skip


# --- country, zone, names -------------------------------------------------------------------------

FUTIAN = (114.05, 22.53)


def named(*names: str) -> list[Place]:
    return [place(f"n{number}", name=name) for number, name in enumerate(names)]


def test_the_boundary_says_the_country_else_the_one_around() -> None:
    assert country_of(FUTIAN, [{"ISO3166-1": "ad"}], []) == ("AD", "boundary")
    assert country_of(FUTIAN, [{"name": "x"}, {"ISO3166-2": "CN-GD"}], []) == ("CN", "boundary")
    assert country_of(FUTIAN, [{"ISO3166-1": "FX"}, {"ISO3166-1": "FR"}], [])[0] == "FR"


def test_else_the_addresses_say_it() -> None:
    places = [place(f"n{n}", addr__country=code) for n, code in enumerate(["AT", "LI", "li", "?"])]
    assert country_of((9.5, 47.1), [{}], places) == ("LI", "addresses")


def test_else_it_is_a_guess_that_reads_the_signboards() -> None:
    assert country_of((24.9, 60.2), [], []) == ("FI", "guess")
    assert country_of(FUTIAN, [], []) == ("HK", "guess")
    assert country_of(FUTIAN, [], named("福华三路", "深圳图书馆", "购物公园")) == ("CN", "guess")
    assert country_of((114.17, 22.3), [], named("彌敦道", "圖書館", "藥房")) == ("HK", "guess")


def test_the_zone_is_the_countrys_nearest() -> None:
    assert timezone_of("CN", (87.6, 43.8)) == "Asia/Shanghai"
    assert timezone_of("US", (-122.4, 37.8)) == "America/Los_Angeles"
    assert timezone_of("LI", (9.5, 47.1)) == "Europe/Vaduz"
    assert timezone_of("ZZ", (0.0, 0.0)) == "UTC"


def test_every_zone_lies_on_the_globe() -> None:
    assert len(zones()) > 400
    assert all(-180 <= zone.lon <= 180 and -90 <= zone.lat <= 90 for zone in zones())
    shanghai = next(zone for zone in zones() if zone.name == "Asia/Shanghai")
    assert (shanghai.lon, shanghai.lat) == pytest.approx((121.467, 31.233), abs=0.001)


def said(
    given_: Given, outline: Outline | None = None, codes: frozenset[str] = frozenset()
) -> Facts:
    return facts("ci-shi", given_, outline, [], [place("n1", addr__country="CN")], codes)


def test_names_are_chinese_first_and_what_stands_in_is_said() -> None:
    def outline(**tags: str) -> Outline:
        return Outline(box(0, 0, KM), "largest", "r1", tags=tags)

    found = said(Given(), outline(**{"name": "Vaduz", "name:zh": "瓦杜茲"}))
    assert (found.name_zh, found.name_en, "name_zh" in found.guessed) == ("瓦杜茲", "Vaduz", False)
    found = said(Given(), outline(name="Ελλάδα"))
    assert (found.name_zh, found.name_en) == ("Ελλάδα", "Ci Shi")
    assert (found.guessed["name_zh"], found.guessed["name_en"]) == ("local_name", "folder_name")
    found = said(Given(name_zh="慈石", name_en="Ci"), outline(name="x"))
    assert (found.name_zh, found.name_en) == ("慈石", "Ci")
    assert set(found.guessed) == {"code"}


def test_a_code_is_made_up_unlike_any_other() -> None:
    assert said(Given()).code == "cncis"
    assert said(Given(), codes=frozenset({"cncis", "cncish"})).code == "cncishi"
    taken = frozenset("cncishi"[:length] for length in range(2, 8))
    assert said(Given(), codes=taken).code == "cncish2"
    assert said(Given(code="ci")).guessed.keys() == {"name_zh", "name_en"}


@pytest.mark.parametrize(
    ("given_", "codes"),
    [
        (Given(code="Ci"), frozenset()),
        (Given(code="ci"), frozenset({"ci"})),
        (Given(country="China"), frozenset()),
        (Given(country="ZZ"), frozenset()),
        (Given(timezone="Mars/Olympus"), frozenset()),
        (Given(timezone="../etc"), frozenset()),
    ],
)
def test_what_is_given_wrongly_is_refused(given_: Given, codes: frozenset[str]) -> None:
    with pytest.raises(LocatorError):
        said(given_, codes=codes)


# --- real -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_liechtenstein_stands_whole_with_its_eleven_municipalities(shared: Path) -> None:
    path = shared / "data/osm/liechtenstein.osm.pbf"
    with opened(path) as source:
        known = read_boundaries(source)
    outline = largest(known, path)
    units = townships(known, outline)
    assert ground_m2(outline.shape) == pytest.approx(160.5e6, rel=0.01)
    assert len(units) == 11
    assert sum(unit.area_m2 for unit in units) == pytest.approx(160.0e6, rel=0.01)
    assert sum(unit.closed_m for unit in units) == 0
    assert "Österreich" in known.cut


@pytest.mark.slow
def test_andorra_is_closed_in_the_open(shared: Path) -> None:
    path = shared / "data/osm/andorra.osm.pbf"
    with opened(path) as source:
        known = read_boundaries(source)
    outline = largest(known, path)
    assert outline.closed_m == pytest.approx(4_414, abs=1)
    assert ground_m2(outline.shape) == pytest.approx(468e6, rel=0.01)
    units = townships(known, outline)
    assert [unit.name for unit in units if unit.closed_m] == ["Canillo"]
    assert len(units) == 7
