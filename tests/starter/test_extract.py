"""An extract at the door, and the places in it."""

from __future__ import annotations

import gzip
import math
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest
import shapely

from locator.errors import ExtractError
from locator.geo.crs import EARTH_RADIUS_M
from locator.starter.extract import Place, ground_m2, read_places
from locator.starter.source import opened
from tests.starter.drawn import at
from tests.starter.extracts import Drawing, corners

FORMATS = ("a.osm", "a.xml", "a.osm.gz", "a.xml.gz", "a.osm.bz2", "a.xml.bz2", "a.osm.pbf")


def town() -> Drawing:
    """One street; every other test adds what it is about."""
    drawing = Drawing()
    drawing.way([(0, 0), (500, 0)], highway="residential", name="东街")
    return drawing


def places_of(
    drawing: Drawing, folder: Path, name: str = "a.osm", outline: shapely.Geometry | None = None
) -> tuple[dict[str, Place], dict[str, int]]:
    with opened(drawing.save(folder / name)) as source:
        places, counts = read_places(source, outline)
    return {place.ref: place for place in places}, counts


def test_a_node_stands_where_it_is(tmp_path: Path) -> None:
    drawing = town()
    number = drawing.node(30, 40, amenity="toilets", fee="no")
    places, _ = places_of(drawing, tmp_path)
    found = places[f"n{number}"]
    assert (found.lon, found.lat) == at(30, 40)
    assert found.tags == {"amenity": "toilets", "fee": "no"}
    assert found.area_m2 == 0.0


@pytest.mark.parametrize(
    ("doors", "expected"),
    [
        ([((100, 0), "main"), ((0, 0), "yes")], (100, 0)),
        ([((0, 0), "yes"), ((100, 0), "main")], (100, 0)),
        ([((0, 100), "service")], (0, 100)),
        ([], (50, 50)),
    ],
)
def test_a_building_stands_at_its_main_entrance(
    doors: list[tuple[tuple[float, float], str]], expected: tuple[float, float], tmp_path: Path
) -> None:
    drawing = town()
    for spot, sort in doors:
        drawing.node(*spot, entrance=sort)
    number = drawing.square(0, 0, 100, building="yes", amenity="library")
    places, _ = places_of(drawing, tmp_path)
    found = places[f"w{number}"]
    assert (found.lon, found.lat) == pytest.approx(at(*expected), abs=1e-6)
    assert found.area_m2 == pytest.approx(10_000, rel=0.01)


def test_a_door_on_the_edge_of_land_is_not_its_own(tmp_path: Path) -> None:
    drawing = town()
    drawing.node(0, 0, entrance="main")
    number = drawing.square(0, 0, 100, landuse="residential")
    places, _ = places_of(drawing, tmp_path)
    assert (places[f"w{number}"].lon, places[f"w{number}"].lat) == pytest.approx(
        at(50, 50), abs=1e-6
    )


def test_a_horseshoe_stands_on_its_own_ground(tmp_path: Path) -> None:
    drawing = town()
    shape = [(0, 0), (90, 0), (90, 90), (80, 90), (80, 10), (10, 10), (10, 90), (0, 90), (0, 0)]
    number = drawing.way(shape, building="yes")
    places, _ = places_of(drawing, tmp_path)
    ground = shapely.Polygon([at(*point) for point in shape])
    assert ground.contains(shapely.Point(places[f"w{number}"].lon, places[f"w{number}"].lat))


def test_a_line_stands_midway(tmp_path: Path) -> None:
    drawing = town()
    number = drawing.way([(0, 50), (10, 50), (100, 50)], amenity="bench")
    places, _ = places_of(drawing, tmp_path)
    found = places[f"w{number}"]
    assert (found.lon, found.lat) == pytest.approx(at(50, 50), abs=1e-6)
    assert found.area_m2 == 0.0


def test_a_multipolygon_estate_is_one_place_without_its_hole(tmp_path: Path) -> None:
    drawing = town()
    outer = drawing.way(corners(0, 0, 200)[:3])
    other = drawing.way(corners(0, 0, 200)[2:])
    inner = drawing.square(50, 50, 100)
    number = drawing.relation(
        [outer, other], [inner], type="multipolygon", landuse="residential", name="书香苑"
    )
    places, counts = places_of(drawing, tmp_path)
    assert list(places) == [f"r{number}"]
    assert places[f"r{number}"].area_m2 == pytest.approx(30_000, rel=0.01)
    assert counts["areas_cut"] == counts["areas_broken"] == 0


def test_what_cannot_be_assembled_is_counted_by_why(tmp_path: Path) -> None:
    drawing = town()
    whole = drawing.way(corners(0, 0, 200)[:3])
    drawing.relation([whole, 99], type="multipolygon", landuse="residential")
    open_ = drawing.way(corners(300, 0, 200)[:4])
    drawing.relation([open_], type="multipolygon", amenity="school")
    drawing.relation([whole, 99], type="site", amenity="school")
    places, counts = places_of(drawing, tmp_path)
    assert not places
    assert (counts["areas_cut"], counts["areas_broken"]) == (1, 1)
    assert (counts["groups"], counts["without_position"]) == (1, 0)  # the site is no ground


def test_a_closed_way_that_crosses_itself_still_has_a_place(tmp_path: Path) -> None:
    drawing = town()
    bow_tie = [(0, 0), (100, 100), (100, 0), (0, 100), (0, 0)]
    number = drawing.way(bow_tie, amenity="parking")
    places, _ = places_of(drawing, tmp_path)
    assert f"w{number}" in places


def test_a_way_without_its_nodes_has_no_place_and_is_counted(tmp_path: Path) -> None:
    drawing = town()
    drawing.square(0, 0, 10, building="yes")
    drawing.ways[3] = '<way id="3" version="1"><nd ref="901"/><nd ref="902"/>' + (
        '<tag k="amenity" v="cafe"/></way>'
    )
    _, counts = places_of(drawing, tmp_path)
    assert counts["without_position"] == 1
    assert counts["places"] == 1


def test_only_the_keys_are_read(tmp_path: Path) -> None:
    drawing = town()
    drawing.node(0, 10, natural="tree")
    drawing.node(0, 20, highway="crossing")
    drawing.node(0, 30, man_made="mast")
    drawing.square(0, 40, 10, barrier="fence")
    drawing.square(0, 60, 10, place="suburb")
    read = [
        drawing.node(0, 80, highway="services"),
        drawing.node(0, 90, man_made="water_tap"),
        drawing.node(0, 95, barrier="gate"),
        drawing.node(0, 99, shop="convenience"),
    ]
    places, _ = places_of(drawing, tmp_path)
    assert list(places) == [f"n{number}" for number in read]


def test_what_lies_outside_is_counted(tmp_path: Path) -> None:
    drawing = town()
    inside = drawing.node(10, 10, amenity="cafe")
    drawing.node(1_000, 10, amenity="cafe")
    outline = shapely.Polygon([at(*point) for point in corners(-100, -100, 500)])
    places, counts = places_of(drawing, tmp_path, outline=outline)
    assert list(places) == [f"n{inside}"]
    assert (counts["places"], counts["outside"]) == (1, 1)


def many() -> Drawing:
    drawing = town()
    drawing.way([(0, 400), (10, 400)], amenity="bench")
    for number in range(5):
        drawing.node(10 * number, 20, amenity="cafe", name=f'<&"咖啡 {number}')
        drawing.square(10 * number, 200, 8, building="house")
    way = drawing.square(0, 300, 50)
    drawing.relation([way], type="multipolygon", landuse="residential")
    return drawing


def test_nodes_come_first_then_ways_then_relations(tmp_path: Path) -> None:
    places, _ = places_of(many(), tmp_path)
    order = [("nwr".index(ref[0]), int(ref[1:])) for ref in places]
    assert order == sorted(order)
    assert {ref[0] for ref in places} == {"n", "w", "r"}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_reads_alike(name: str, tmp_path: Path) -> None:
    expected, _ = places_of(many(), tmp_path)
    places, _ = places_of(many(), tmp_path, name)
    assert places == expected


@pytest.mark.parametrize("seed", range(3))
def test_no_order_matters(seed: int, tmp_path: Path) -> None:
    expected, _ = places_of(many(), tmp_path)
    drawing, random = many(), Random(seed)
    for each in (drawing.nodes, drawing.ways, drawing.relations):
        entries = list(each.items())
        random.shuffle(entries)
        each.clear()
        each.update(entries)
    places, _ = places_of(drawing, tmp_path, "b.osm")
    assert places == expected


def test_the_day_is_that_of_the_newest_way(tmp_path: Path) -> None:
    drawing = Drawing(timestamp=' timestamp="2023-05-06T07:08:09Z"')
    drawing.way([(0, 0), (10, 0)], highway="residential")
    drawing.timestamp = ' timestamp="2022-01-01T00:00:00Z"'
    drawing.way([(0, 10), (10, 10)], highway="residential")
    with opened(drawing.save(tmp_path / "a.osm")) as source:
        assert source.dated == date(2023, 5, 6)
    with opened(town().save(tmp_path / "b.osm")) as source:
        assert source.dated is None


def test_ground_is_measured_on_the_sphere() -> None:
    box = shapely.box(116.0, 31.0, 117.0, 32.0)
    south, north = math.sin(math.radians(31)), math.sin(math.radians(32))
    zone = EARTH_RADIUS_M**2 * math.radians(1) * (north - south)
    assert float(ground_m2(box)) == pytest.approx(zone, rel=0.001)


# --- what is no extract ---------------------------------------------------------------------------

LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE osm [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + ']>\n<osm version="0.6"><node id="1" lat="1" lon="1"><tag k="a" v="&i;"/></node></osm>'
)
BLOW_UP = (
    f'<!DOCTYPE osm [<!ENTITY a "{"a" * 50_000}">]>'
    '<osm version="0.6"><node id="1" lat="1" lon="1">'
    f'<tag k="a" v="{"&a;" * 50_000}"/></node></osm>'
)


def bomb(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b'<osm version="0.6">')
        for _ in range(40):
            stream.write(b" " * 1_000_000)


def truncated(path: Path) -> None:
    many().save(path)
    path.write_bytes(path.read_bytes()[:-40])


def no_street(path: Path) -> None:
    drawing = Drawing()
    drawing.square(0, 0, 10, building="yes")
    drawing.save(path)


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content, "utf-8")


BAD: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "missing": ("a.osm", lambda path: None, "there is no such file"),
    "a folder": ("a.osm.pbf", Path.mkdir, "is a folder"),
    "another ending": ("a.shp", text("x"), "not known as an OSM extract by its name"),
    "text": ("a.osm", text("dear reader"), "its root is no <osm>"),
    "text called pbf": ("a.osm.pbf", text("dear reader"), "not an OSM PBF file"),
    "empty": ("a.osm", text(""), "its root is no <osm>"),
    "empty pbf": ("a.osm.pbf", text(""), "not an OSM PBF file"),
    "html": ("a.osm", text("<!DOCTYPE html><html></html>"), "declares a document type"),
    "kml": ("a.xml", text("<?xml version='1.0'?><kml></kml>"), "its root is no <osm>"),
    "graphml by name": ("a.graphml", text("<graphml/>"), "GraphML holds streets and no places"),
    "graphml": ("a.xml", text("<graphml></graphml>"), "GraphML holds streets and no places"),
    "half of XML": ("a.osm", text('<osm version="0.6"><node id="1"'), "not a whole OSM extract"),
    "half of PBF": ("a.osm.pbf", truncated, "not a whole OSM extract"),
    "half of gz": ("a.osm.gz", truncated, "cannot be read whole"),
    "half of bz2": ("a.osm.bz2", truncated, "cannot be read whole"),
    "no gz": ("a.osm.gz", text("<osm/>"), "cannot be read whole"),
    "no bz2": ("a.osm.bz2", text("<osm/>"), "cannot be read whole"),
    "gz bomb": ("a.osm.gz", bomb, "unpacks to more than 100 times its size"),
    "billion laughs": ("a.osm", text(LAUGHS), "declares a document type"),
    "quadratic blow-up": ("a.osm", text(BLOW_UP), "declares a document type"),
    "behind a comment": ("a.osm", text("<!-- x -->" + LAUGHS[22:]), "declares a document type"),
    "invented": (
        "a.osm",
        lambda path: path.write_text(
            many().xml().replace("<osm ", '<osm generator="illustrative" ')
        ),
        "holds invented streets",
    ),
    "no street": ("a.osm", no_street, "no street (highway=*)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_extract_is_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    name, make, expected = BAD[case]
    path = tmp_path / name
    make(path)
    started = time.monotonic()
    with pytest.raises(ExtractError) as caught, opened(path):
        pass
    message = str(caught.value)
    zh, en = message.removeprefix(f"{path}：").split(" / ")
    assert re.search("[\u4e00-\u9fff]{3}", zh), "Chinese first"
    assert expected in en
    assert message.endswith(".")
    assert "\n" not in message
    assert time.monotonic() - started < 5.0


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_pbf_cut_anywhere_is_refused(cut: int, tmp_path: Path) -> None:
    whole = many().save(tmp_path / "whole.osm.pbf").read_bytes()
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(whole[: len(whole) * cut // 12])
    with pytest.raises(ExtractError), opened(path) as source:
        read_places(source, None)
