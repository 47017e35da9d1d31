"""Where a station or a map could stand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.geo.crs import haversine_m
from locator.starter.extract import Place, read_places
from locator.starter.found import Found
from locator.starter.offers import load_offers
from locator.starter.sites import candidates, sign_sites
from locator.starter.source import opened
from locator.streets.graph import StreetGraph
from locator.streets.osm import read_streets
from tests.quick import examples, rest_at_length
from tests.starter.drawn import at, place
from tests.starter.real import REAL, read_real

CODE = "341523"


def properties(result: Found) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in result.features]


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> StreetGraph:
    """书院路, which runs 400 m from west to east through the corner of the world."""
    path = tmp_path_factory.mktemp("street") / "one.osm"
    (west, y), (east, _) = at(-200, 0), at(200, 0)
    path.write_text(
        f"""<osm version="0.6"><node id="1" lon="{west}" lat="{y}"/>
        <node id="2" lon="{east}" lat="{y}"/><way id="1"><nd ref="1"/><nd ref="2"/>
        <tag k="highway" v="residential"/><tag k="name" v="书院路"/></way></osm>""",
        "utf-8",
    )
    return read_streets(path)


# --- candidates ----------------------------------------------------------------------------------


def test_a_candidate_is_written_as_a_county_has_it_and_costs_what_nobody_knows() -> None:
    assert candidates([place("w5", 3, 4, area_m2=900, amenity="parking", name="东关")], CODE) == (
        Found(
            [
                {
                    "type": "Feature",
                    "properties": {
                        "id": "341523-c-w5",
                        "name": "东关",
                        "actions": ["place_cabin"],
                        "provenance": "osm",
                    },
                    "geometry": {"type": "Point", "coordinates": [*at(3, 4)]},
                }
            ],
            Counter(place_cabin=1),
            Counter(),
        )
    )


@pytest.mark.parametrize(
    ("tags", "action"),
    [
        ({"amenity": "townhall"}, "open_full_station"),
        ({"amenity": "post_office"}, "open_full_station"),
        ({"amenity": "community_centre", "opening_hours": "Mo-Fr 09:00-17:00"}, "extend_hours_24h"),
        ({"amenity": "library"}, "extend_hours_24h"),
        ({"amenity": "fuel"}, "sign_up_shop"),
        ({"shop": "convenience"}, "sign_up_shop"),
        ({"amenity": "bus_station"}, "place_cabin"),
        ({"leisure": "park"}, "place_cabin"),
        ({"place": "square"}, "place_cabin"),
    ],
)
def test_what_could_be_done_where(tags: dict[str, str], action: str) -> None:
    (said,) = properties(candidates([place("n1", **tags)], CODE))
    assert said["actions"] == [action]


@pytest.mark.parametrize(
    ("why", "area_m2", "tags"),
    [
        ("too_small", 120.0, {"amenity": "parking"}),
        ("not_in_the_open", 900.0, {"amenity": "parking", "parking": "underground"}),
        ("too_small", 900.0, {"leisure": "park"}),
        ("private", 900.0, {"amenity": "parking", "access": "private"}),
        ("customers_only", 900.0, {"amenity": "parking", "access": "customers"}),
        ("closed", 0.0, {"amenity": "fuel", "disused": "yes"}),
        ("open_24h", 0.0, {"amenity": "library", "opening_hours": "24/7"}),
    ],
)
def test_what_is_no_candidate_and_why(why: str, area_m2: float, tags: dict[str, str]) -> None:
    result = candidates([place("w1", area_m2=area_m2, **tags)], CODE)
    assert (result.features, result.passed_over) == ([], {why: 1})


# --- sign sites ----------------------------------------------------------------------------------


def estate(**tags: str) -> Place:
    """An estate of 100 m by 100 m, 100 m north of the street."""
    return place("w1", 0, 100, area_m2=10_000, landuse="residential", **tags)


@pytest.mark.parametrize(
    ("x", "y", "facing"), [(0, 50, 180), (0, 150, 0), (50, 100, 90), (-50, 100, 270)]
)
def test_the_sign_at_a_gate_is_read_on_the_way_out(x: int, y: int, facing: int) -> None:
    gate = place("n2", x, y, barrier="lift_gate", access="private")
    (said,) = properties(sign_sites([estate(name="柳浦花园"), gate], CODE))
    assert said == {
        "id": "341523-g-n2",
        "name": "柳浦花园大门",
        "kind": "estate_gate",
        "facing": facing,
        "provenance": "osm",
    }


def test_a_gate_belongs_to_the_estate_on_whose_outline_it_may_stand() -> None:
    gate = place("n2", 0, 50, barrier="gate")
    small = place("w3", 0, 30, area_m2=100, landuse="residential", name="小院")
    far = place("n4", 0, -200, barrier="gate")
    result = sign_sites([estate(name="柳浦花园"), gate, small, far], CODE)
    assert [said["name"] for said in properties(result)] == ["柳浦花园大门"]
    assert result.passed_over == {"no_estate": 1}


@pytest.mark.parametrize(
    "ground",
    [
        estate(),  # residential land that nobody named is a whole quarter, or a mapper's sketch
        place("w1", 0, 100, area_m2=900_000, landuse="residential", name="城关"),
        place("w1", 0, 100, area_m2=10_000, landuse="meadow", name="南滩"),
    ],
)
def test_a_gate_in_a_meadow_is_no_estate_gate(ground: Place) -> None:
    result = sign_sites([ground, place("n2", 0, 50, barrier="gate")], CODE)
    assert (result.features, result.passed_over) == ([], {"no_estate": 1})


def test_an_estate_may_be_a_multipolygon_around_a_pond(tmp_path: Path) -> None:
    """A square of 200 m with a hole in the middle; its gate is a node of the outline."""
    corners = [(-100, -100), (0, -100), (100, -100), (100, 100), (-100, 100)]
    hole = [(-20, -20), (20, -20), (20, 20), (-20, 20)]
    nodes = "".join(
        f'<node id="{number}" lon="{at(*xy)[0]}" lat="{at(*xy)[1]}">'
        + ('<tag k="barrier" v="gate"/>' if number == 2 else "")
        + "</node>"
        for number, xy in enumerate([*corners, *hole], 1)
    )
    ways = "".join(
        f'<way id="{way}">' + "".join(f'<nd ref="{ref}"/>' for ref in refs) + "</way>"
        for way, refs in ((1, [1, 2, 3, 4, 5, 1]), (2, [6, 7, 8, 9, 6]))
    )
    relation = """<relation id="9"><member type="way" ref="1" role="outer"/>
        <member type="way" ref="2" role="inner"/><tag k="type" v="multipolygon"/>
        <tag k="landuse" v="residential"/><tag k="name" v="柳浦花园"/></relation>"""
    path = tmp_path / "estate.osm"
    street = '<way id="3"><nd ref="1"/><nd ref="2"/><tag k="highway" v="service"/></way>'
    path.write_text(f'<osm version="0.6">{nodes}{ways}{street}{relation}</osm>', "utf-8")
    with opened(path) as source:
        places, _ = read_places(source, None)
    (ground,) = (each for each in places if each.ref == "r9")
    assert ground.area_m2 == pytest.approx(200**2 - 40**2, rel=0.01)
    (said,) = properties(sign_sites(places, CODE))
    assert (said["id"], said["name"]) == ("341523-g-n2", "柳浦花园大门")
    assert 90 < said["facing"] < 270, "out to the south"


def test_a_park_s_sign_stands_on_the_street_and_is_read_towards_the_park(
    street: StreetGraph,
) -> None:
    park = place("w1", 40, 90, area_m2=5000, leisure="park")
    (feature,) = sign_sites([park], CODE, street).features
    lon, lat = feature["geometry"]["coordinates"]
    assert haversine_m(lon, lat, *at(40, 0)) < 0.1
    assert feature["properties"] == {
        "id": "341523-g-w1",
        "name": "无名公园（书院路）",
        "kind": "park",
        "facing": 0,
        "provenance": "osm",
    }


def test_without_streets_a_park_does_not_know_which_way_its_sign_faces() -> None:
    (feature,) = sign_sites([place("w1", 40, 90, area_m2=5000, leisure="park")], CODE).features
    assert feature["geometry"]["coordinates"] == [*at(40, 90)]
    assert "facing" not in feature["properties"]


def test_a_mall_s_sign_stands_at_its_door(street: StreetGraph) -> None:
    mall = place("w1", 0, -30, area_m2=5000, shop="mall", name="万达")
    (feature,) = sign_sites([mall], CODE, street).features
    assert feature["geometry"]["coordinates"] == [*at(0, -30)]
    assert feature["properties"]["facing"] == 180


def test_on_the_street_and_far_from_any_there_is_no_way_to_face(street: StreetGraph) -> None:
    places = [
        place("n1", 0, 0, amenity="townhall"),
        place("n2", 0, 900, amenity="bus_station"),
    ]
    assert all("facing" not in said for said in properties(sign_sites(places, CODE, street)))


# --- whatever mappers write ----------------------------------------------------------------------

_TAGS = st.dictionaries(
    st.sampled_from(
        ["amenity", "shop", "leisure", "place", "barrier", "landuse", "name", "access"]
    ),
    st.sampled_from(
        ["townhall", "fuel", "mall", "park", "square", "gate", "residential", "private", "library"]
    )
    | st.text(max_size=5),
    max_size=5,
)
_METRES = st.integers(-200, 200)
_DRAWN = st.lists(
    st.tuples(_TAGS, _METRES, _METRES, st.sampled_from([0.0, 400.0, 9000.0])), max_size=12
)


@settings(max_examples=examples(25))
@given(_DRAWN, st.booleans())
def test_every_site_is_taken_or_counted(
    street: StreetGraph, drawn: list[tuple[dict[str, str], int, int, float]], with_streets: bool
) -> None:
    places = [
        Place(f"n{number}", tags, *at(x, y), area_m2)
        for number, (tags, x, y, area_m2) in enumerate(drawn)
    ]
    said = load_offers()
    streets = street if with_streets else None
    for entries, result in (
        (said.candidates, candidates(places, CODE, streets)),
        (said.sign_sites, sign_sites(places, CODE, streets)),
    ):
        fitting = sum(any(entry.holds(each.tags) for entry in entries) for each in places)
        assert fitting == len(result.features) + result.passed_over.total()
        assert result.passed_over.keys() <= said.reasons.keys()
        assert all(0 <= each.get("facing", 0) < 360 for each in properties(result))


# --- real places ---------------------------------------------------------------------------------

SITES = {
    "liechtenstein": (
        {"place_cabin": 118, "open_full_station": 26, "sign_up_shop": 31, "extend_hours_24h": 1},
        {"townhall": 3, "park": 3, "bus_station": 1},
    ),
    "andorra": (
        {"place_cabin": 89, "sign_up_shop": 37, "open_full_station": 6},
        {"park": 6, "plaza": 3, "bus_station": 1, "townhall": 1},
    ),
    "helsinki": (
        {"place_cabin": 44, "sign_up_shop": 36, "extend_hours_24h": 10, "open_full_station": 4},
        {"plaza": 19, "park": 15, "estate_gate": 2, "bus_station": 2, "townhall": 1},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", rest_at_length(REAL, "andorra"))
def test_real_sites(name: str, shared: Path) -> None:
    real = read_real(name, shared)
    could, signs = (
        candidates(real.places, real.code, real.streets),
        sign_sites(real.places, real.code, real.streets),
    )
    assert (could.taken, signs.taken) == SITES[name]
    ids = [said["id"] for said in properties(could) + properties(signs)]
    assert len(set(ids)) == len(ids)
    assert max(map(len, ids)) <= 32
    faced = sum("facing" in said for said in properties(signs))
    assert faced >= 0.8 * len(signs.features)
