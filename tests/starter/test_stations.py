"""From what a mapper wrote to the rows of a ledger."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.checks.validate import validate
from locator.county import load_county
from locator.starter.extract import Place
from locator.starter.found import Found
from locator.starter.offers import load_offers
from locator.starter.stations import kinds_used, stations
from locator.streets.osm import read_streets
from tests.quick import examples, rest_at_length
from tests.starter.drawn import LAT, LON, at, place
from tests.starter.real import REAL, read_real

TODAY = date(2026, 11, 24)


def found(*places: Place, country: str = "CN", as_of: date | None = TODAY) -> Found:
    return stations(places, code="341523", country=country, as_of=as_of)


def row(*, country: str = "CN", **tags: str) -> dict[str, Any]:
    """The properties of the one station that a node with these tags gives."""
    (feature,) = found(place("n1", **tags), country=country).features
    properties: dict[str, Any] = feature["properties"]
    return properties


def reason(area_m2: float = 0.0, **tags: str) -> str:
    """Why a node or area with these tags is passed over."""
    result = found(place("n1", area_m2=area_m2, **tags))
    assert not result.features
    (why,) = result.passed_over
    return why


# --- one row -------------------------------------------------------------------------------------


def test_a_place_becomes_a_row_with_all_that_it_says() -> None:
    assert found(
        place(
            "n7", 10, 20, amenity="library", name="Stadtbibliothek", name__zh="市图书馆",
            operator="市政府", phone="0564-1", opening_hours="Mo-Fr 9-17 ;PH off", seats="40",
            check_date="2026-05-01", addr__street="书院路", addr__housenumber="5",
            internet_access="wlan", toilets="yes", access="yes", fee="no", level="0",
        )
    ).features == [
        {
            "type": "Feature",
            "properties": {
                "id": "341523-n7",
                "county": "341523",
                "kind": "library",
                "name": "市图书馆",
                "address": "书院路5号",
                "host": "市政府",
                "phone": "0564-1",
                "services": ["rest_seats", "heating", "reading", "wifi", "toilet"],
                "hours": "Mo-Fr 9-17 ;PH off",
                "entry": "free",
                "seats": 40,
                "status": "open",
                "verified_on": "2026-05-01",
                "provenance": "osm",
            },
            "geometry": {"type": "Point", "coordinates": [*at(10, 20)]},
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tags", "kind", "services"),
    [
        ({"amenity": "toilets"}, "public_toilet", ["toilet"]),
        ({"amenity": "drinking_water"}, "water_point", ["drinking_water"]),
        ({"amenity": "fountain", "drinking_water": "yes"}, "water_point", ["drinking_water"]),
        ({"man_made": "water_tap", "drinking_water": "yes"}, "water_point", ["drinking_water"]),
        ({"natural": "spring", "drinking_water": "yes"}, "water_point", ["drinking_water"]),
        ({"amenity": "cafe"}, "cafe", ["rest_seats", "heating"]),
        ({"amenity": "bar;cafe"}, "cafe", ["rest_seats", "heating"]),
        ({"amenity": "fast_food", "indoor_seating": "yes"}, "eatery", ["hot_meal", "rest_seats"]),
        ({"amenity": "fast_food", "outdoor_seating": "sidewalk"}, "eatery",
         ["hot_meal", "rest_seats"]),
        ({"amenity": "food_court"}, "eatery", ["rest_seats", "heating", "hot_meal"]),
        ({"amenity": "community_centre"}, "community_centre", ["rest_seats", "heating"]),
        ({"amenity": "shelter"}, "shelter", ["rest_seats"]),
        ({"amenity": "shelter", "bench": "no"}, "shelter", []),
        ({"amenity": "shelter", "shelter_type": "public_transport"}, "bus_shelter", []),
        ({"amenity": "shelter", "shelter_type": "public_transport", "bench": "yes"},
         "bus_shelter", ["rest_seats"]),
        ({"tourism": "picnic_site", "shelter": "yes"}, "shelter", ["rest_seats"]),
        ({"highway": "rest_area", "toilets": "yes"}, "rest_area", ["parking", "toilet"]),
        ({"amenity": "pharmacy"}, "pharmacy", ["first_aid"]),
        ({"amenity": "bicycle_repair_station"}, "repair_point", ["repair_tools"]),
        ({"amenity": "charging_station", "bicycle": "yes"}, "charging_point", ["ebike_charging"]),
        ({"amenity": "device_charging_station"}, "charging_point", ["phone_charging"]),
        ({"amenity": "shower"}, "washroom", ["shower"]),
        ({"amenity": "fuel", "toilets": "yes", "compressed_air": "yes"}, "fuel_station",
         ["toilet", "repair_tools"]),
        ({"amenity": "townhall", "toilets": "yes"}, "public_hall", ["toilet"]),
        ({"shop": "convenience", "microwave": "yes"}, "shop", ["microwave", "meal_heating"]),
        ({"shop": "convenience", "indoor_seating": "yes"}, "rest_shop", ["rest_seats", "heating"]),
    ],
)  # fmt: skip
def test_what_serves_a_rider(tags: dict[str, str], kind: str, services: list[str]) -> None:
    said = row(**tags)
    assert (said["kind"], said["services"]) == (kind, services)
    assert said["name"] == next(o for o in load_offers().offers if o.holds(tags)).unnamed


@pytest.mark.parametrize(
    ("why", "tags"),
    [
        ("private", {"amenity": "toilets", "access": "private"}),
        ("private", {"amenity": "cafe", "access": "employees"}),
        ("customers_only", {"amenity": "toilets", "access": "customers"}),
        ("customers_only", {"amenity": "toilets", "toilets:access": "customers"}),
        ("customers_only", {"amenity": "drinking_water", "access": "customers"}),
        ("closed", {"amenity": "cafe", "disused": "yes"}),
        ("closed", {"amenity": "toilets", "operational_status": "closed"}),
        ("closed", {"amenity": "cafe", "end_date": "2020"}),
        ("not_drinkable", {"amenity": "drinking_water", "drinking_water": "no"}),
        ("not_drinkable", {"amenity": "fountain"}),
        ("not_drinkable", {"man_made": "water_well"}),
        ("no_seats", {"amenity": "cafe", "takeaway": "only"}),
        ("no_seats", {"amenity": "cafe", "indoor_seating": "no", "outdoor_seating": "no"}),
        ("no_seats", {"amenity": "fast_food"}),
        ("no_seats", {"amenity": "fast_food", "outdoor_seating": "no"}),
        ("no_roof", {"amenity": "bench"}),
        ("no_roof", {"tourism": "picnic_site"}),
        ("not_a_refuge", {"amenity": "shelter", "shelter_type": "bomb_shelter"}),
        ("guests_only", {"amenity": "restaurant"}),
        ("guests_only", {"amenity": "restaurant", "toilets": "yes"}),
        ("cars_only", {"amenity": "charging_station", "socket:type2": "2"}),
        ("nothing_stated", {"amenity": "fuel"}),
        ("nothing_stated", {"shop": "supermarket", "toilets": "no"}),
        ("other", {"amenity": "bank"}),
        ("other", {"amenity": "telephone;atm", "name": "UBS"}),
    ],
)
def test_what_is_passed_over_is_counted_by_its_reason(why: str, tags: dict[str, str]) -> None:
    assert reason(**tags) == why


def test_what_is_no_amenity_is_not_looked_at() -> None:
    assert found(place("n1", building="yes"), place("n2", shop="clothes")) == Found(
        [], Counter(), Counter()
    )


# --- names and addresses -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({"name": "WC Post", "name:zh": "邮局公厕", "brand": "X"}, "邮局公厕"),
        ({"name": "WC Post", "brand": "X"}, "WC Post"),
        ({"name": "  ", "brand": "X", "operator": "Y"}, "X"),
        ({"addr:street": "书院路", "operator": "环卫所"}, "无名公厕（书院路）"),
        ({"operator": "环卫所"}, "无名公厕（环卫所）"),
        ({}, "无名公厕"),
    ],
)
def test_a_name_is_the_place_s_own_or_says_that_it_has_none(
    tags: dict[str, str], name: str
) -> None:
    assert row(amenity="toilets", **tags)["name"] == name


def test_a_nameless_place_is_told_by_its_street_and_none_is_where_nobody_rides(
    tmp_path: Path,
) -> None:
    near, off = at(0, 0)
    street = tmp_path / "one.osm"
    street.write_text(
        f"""<osm version="0.6"><node id="1" lon="{near}" lat="{off}"/>
        <node id="2" lon="{at(200, 0)[0]}" lat="{off}"/>
        <way id="1"><nd ref="1"/><nd ref="2"/>
        <tag k="highway" v="residential"/><tag k="name" v="书院路"/></way></osm>""",
        "utf-8",
    )
    places = [place(f"n{y}", 50, y, amenity="toilets") for y in (20, 200, 400)]
    places.append(place("n5", 150, 5, amenity="toilets", addr__street="后巷"))
    result = stations(places, code="341523", country="CN", streets=read_streets(street))
    names = ["无名公厕（书院路）", "无名公厕", "无名公厕（后巷）"]
    assert [each["properties"]["name"] for each in result.features] == names
    assert result.passed_over == {"off_road": 1}


@pytest.mark.parametrize(
    ("country", "tags", "address"),
    [
        ("LI", {"addr:street": "Städtle", "addr:housenumber": "37", "addr:city": "Vaduz"},
         "Städtle 37"),
        ("LI", {"addr:place": "Malbun", "addr:housenumber": "3a"}, "Malbun 3a"),
        ("FI", {"addr:housename": "Forum", "level": "2"}, "Forum, level 2"),
        ("FI", {"level": "-1"}, "level -1"),
        ("FI", {"level": "0;1"}, None),
        ("CN", {"addr:province": "安徽省", "addr:city": "六安市", "addr:district": "舒城县",
                "addr:street": "书院路", "addr:housenumber": "5"}, "安徽省六安市舒城县书院路5号"),
        ("CN", {"addr:city": "北京市", "addr:province": "北京市", "addr:street": "长安街",
                "addr:housenumber": "5号院"}, "北京市长安街5号院"),
        ("CN", {"addr:full": "舒城县书院路 5 号", "addr:street": "书院路"}, "舒城县书院路 5 号"),
        ("CN", {"addr:street": "书院路", "level": "1"}, "书院路2层"),
        ("CN", {"level": "-1"}, "地下1层"),
        ("CN", {}, None),
    ],
)  # fmt: skip
def test_the_address_in_the_order_of_the_country(
    country: str, tags: dict[str, str], address: str | None
) -> None:
    assert row(country=country, amenity="toilets", **tags).get("address") == address


# --- the way in, the hours, the status -----------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "entry", "note"),
    [
        ({}, "free", None),
        ({"fee": "no"}, "free", None),
        ({"fee": "yes", "charge": "1 CHF"}, None, "fee=yes; charge=1 CHF"),
        ({"fee": "male pee = free"}, None, "fee=male pee = free"),
        ({"access": "permissive"}, "free", None),
    ],
)
def test_only_a_plain_no_is_free(tags: dict[str, str], entry: str | None, note: str | None) -> None:
    said = row(amenity="toilets", **tags)
    assert (said.get("entry"), said.get("note")) == (entry, note)


def test_nobody_knows_how_to_get_into_a_cafe() -> None:
    assert "entry" not in row(amenity="cafe", fee="no")


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        ("24/7", "known"),
        ("Mo-Fr 08:00-18:00; PH off", "known"),
        ('Mo-Fr 08:00-18:00 "on request"', "known"),
        ("Apr-Oct: Mo-Su 08:00-20:00", "known"),
        ("Mo-Su 10:00+", "unreadable"),
        ("sunrise-sunset", "unreadable"),
        ("Mo-Fr 09:30 - 15:00. Lunch Mo-Fr 11:00 - 13:30", "unreadable"),
        ("when the lights are on", "unreadable"),
    ],
)
def test_hours_go_in_as_they_were_written(hours: str, state: str) -> None:
    result = found(place("n1", amenity="cafe", opening_hours=hours))
    assert result.features[0]["properties"]["hours"] == hours
    assert result.hours == {state: 1}


def test_what_is_there_for_a_season_is_not_there_all_year() -> None:
    tap = {"amenity": "drinking_water", "opening_hours": "24/7"}
    summer = row(**tap, seasonal="summer")
    assert "hours" not in summer
    assert summer["note"] == "seasonal=summer; opening_hours=24/7"
    assert row(**tap, seasonal="no")["hours"] == "24/7"
    said = "May-Sep: 08:00-20:00"
    assert row(amenity="drinking_water", opening_hours=said, seasonal="yes")["hours"] == said


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ({}, "open"),
        ({"operational_status": "out_of_order"}, "temporarily_closed"),
        ({"construction": "yes"}, "planned"),
        ({"construction": "no"}, "open"),
        ({"start_date": "2027"}, "planned"),
        ({"start_date": "2026-11-25"}, "planned"),
        ({"start_date": "2026-11-24"}, "open"),
        ({"start_date": "before 1905"}, "open"),
        ({"start_date": "2027-13"}, "open"),
        ({"end_date": "2027"}, "open"),
        ({"end_date": "2026-11-24"}, "open"),
    ],
)
def test_the_status_on_the_day(tags: dict[str, str], status: str) -> None:
    assert row(amenity="cafe", **tags)["status"] == status


def test_without_a_day_nothing_is_judged_by_its_date() -> None:
    result = found(place("n1", amenity="cafe", start_date="2099", end_date="1999"), as_of=None)
    assert result.features[0]["properties"]["status"] == "open"


# --- mapped twice --------------------------------------------------------------------------------


def kept(*places: Place) -> list[str]:
    result = found(*places)
    assert len(places) == len(result.features) + result.passed_over.total()
    return [each["properties"]["id"].removeprefix("341523-") for each in result.features]


def test_a_node_in_a_building_of_the_same_name_is_one_place() -> None:
    node = place("n1", 8, 0, amenity="cafe", name="Wolf")
    building = place("w1", 0, 0, area_m2=200, amenity="cafe", name="WOLF", building="yes")
    assert kept(node, building) == ["w1"], "the one that says more"
    timed = place("n1", 8, 0, amenity="cafe", name="Wolf", opening_hours="24/7")
    talkative = Place("w1", {**building.tags, "a": "1", "b": "2"}, *at(0, 0), 200)
    assert kept(timed, talkative) == ["n1"], "but hours count most"
    nameless = Place("w1", {"amenity": "cafe", "a": "1", "b": "2"}, *at(0, 0), 200)
    assert kept(node, nameless) == ["n1"], "then the name"
    far = place("n1", 60, 0, amenity="cafe", name="Wolf")
    assert kept(far, building) == ["n1", "w1"]
    assert kept(place("n1", 8, 0, amenity="cafe", name="Bär"), building) == ["n1", "w1"]
    assert kept(place("n1", 8, 0, amenity="library", name="Wolf"), building) == ["n1", "w1"]


def test_two_nodes_are_one_place_on_the_same_spot_and_floor_alone() -> None:
    first = place("n1", 0, 0, amenity="toilets")
    assert kept(first, place("n2", 4, 0, amenity="toilets")) == ["n1"]
    assert kept(first, place("n2", 6, 0, amenity="toilets")) == ["n1", "n2"]
    assert kept(first, place("n2", 4, 0, amenity="toilets", level="1")) == ["n1", "n2"]
    named = [place(f"n{x}", x, 0, amenity="toilets", name=f"公厕{x}") for x in (1, 2)]
    assert kept(*named) == ["n1", "n2"]
    chain = [place(f"n{x}", x, 0, amenity="toilets") for x in (0, 4, 8)]
    assert kept(*chain) == ["n0", "n8"], "the middle one is not there, so nothing joins the ends"


def test_what_is_passed_over_takes_nobody_s_place() -> None:
    private = place("n1", 0, 0, amenity="toilets", access="private", name="WC", fee="no")
    assert kept(private, place("n2", 1, 0, amenity="toilets", name="WC")) == ["n2"]


def test_a_node_far_inside_a_very_large_area_is_a_place_of_its_own() -> None:
    market = place("w1", 0, 0, area_m2=300_000, amenity="food_court", name="Wolf")
    assert kept(place("n1", 200, 0, amenity="food_court", name="Wolf"), market) == ["n1"]
    assert kept(place("n1", 400, 0, amenity="food_court", name="Wolf"), market) == ["n1", "w1"]


# --- whatever mappers write ----------------------------------------------------------------------

_VALUES = sorted(
    {value for offer in load_offers().offers for values in offer.tags.values() for value in values}
    | {"bank", "restaurant", "bench", "yes", "no", "private", "customers", "2027", "24/7", "x;y"}
)
_KEYS = (
    "amenity", "shop", "man_made", "highway", "tourism", "name", "operator", "access", "fee",
    "opening_hours", "drinking_water", "toilets", "indoor_seating", "level", "seats", "seasonal",
    "start_date", "shelter_type", "addr:street", "natural",
)  # fmt: skip
_TAGS = st.dictionaries(
    st.sampled_from(_KEYS), st.sampled_from(_VALUES) | st.text(max_size=12), max_size=8
)
_METRES = st.integers(-40, 40)
_PLACES = st.lists(
    st.tuples(_TAGS, _METRES, _METRES, st.sampled_from([0.0, 30.0, 900.0])), max_size=12
)


@settings(max_examples=examples(40))
@given(_PLACES, st.sampled_from(["CN", "LI"]))
def test_every_place_is_taken_or_counted(
    drawn: list[tuple[dict[str, str], int, int, float]], country: str
) -> None:
    places = [
        Place(f"n{number}", tags, *at(x, y), area_m2)
        for number, (tags, x, y, area_m2) in enumerate(drawn)
    ]
    said = load_offers()
    looked_at = [
        each
        for each in places
        if "amenity" in each.tags
        or any(entry.holds(each.tags) for entry in (*said.offers, *said.passed_over))
    ]
    result = found(*places, country=country)
    assert len(looked_at) == len(result.features) + result.passed_over.total()
    assert result.taken.total() == result.hours.total() == len(result.features)
    assert result.passed_over.keys() <= said.reasons.keys()
    assert kinds_used(result.features).keys() == result.taken.keys()
    assert found(*places, country=country) == result
    ids = [each["properties"]["id"] for each in result.features]
    assert len(set(ids)) == len(ids)
    assert all(None not in each["properties"].values() for each in result.features)
    json.dumps(result.features)


# --- the pipeline takes them ---------------------------------------------------------------------


def county_of(
    folder: Path, result: Found, code: str, country: str, centre: tuple[float, float]
) -> Path:
    """A county with these stations; returns its ledger."""
    folder.mkdir()
    lines = [
        f'code = "{code}"',
        'name_zh = "试点"',
        'name_en = "Test"',
        f'country = "{country}"',
        f"centre = [{centre[0]}, {centre[1]}]",
        'ledgers = ["stations.geojson"]',
        'ledger_datum = "wgs84"',
        "[streets]",
        'file = "streets.osm"',
        'provenance = "osm"',
    ]
    for kind, words in kinds_used(result.features).items():
        lines.append(f"[kinds.{kind}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in words.items()]
    (folder / "county.toml").write_text("\n".join(lines), "utf-8")
    collection = {"type": "FeatureCollection", "features": result.features}
    (folder / "stations.geojson").write_text(json.dumps(collection), "utf-8")
    return folder / "stations.geojson"


def test_the_checks_take_every_row(tmp_path: Path) -> None:
    offered = [{key: said[0] for key, said in o.tags.items()} for o in load_offers().offers]
    places = [Place(f"n{at_}", tags, *at(200 * at_ + 3, 7)) for at_, tags in enumerate(offered)]
    stated = {"drinking_water": "yes", "toilets": "yes", "indoor_seating": "yes", "shelter": "yes",
              "bicycle": "yes", "seats": "4", "fee": "yes", "seasonal": "yes"}  # fmt: skip
    result = found(*(Place(p.ref, {**p.tags, **stated}, p.lon, p.lat) for p in places))
    assert len(result.features) == len(places)
    ledger = county_of(tmp_path / "test", result, "341523", "CN", (LON, LAT))
    report = validate([ledger], load_county(ledger.parent), as_of=TODAY)
    assert {finding.code for finding in report.findings} == {
        "hours_missing",
        "columns_not_understood",  # the note, which is for staff
    }
    assert report.counts["published"] == len(places)


@pytest.mark.slow
@pytest.mark.parametrize("name", rest_at_length(REAL, "andorra"))
def test_real_places_are_taken_whole(name: str, shared: Path, tmp_path: Path) -> None:
    real = read_real(name, shared)
    result = stations(
        real.places, code=real.code, country=real.country, as_of=TODAY, streets=real.streets
    )
    assert result.taken == real.stations
    assert result.hours == real.hours
    looked_at = sum("amenity" in each.tags for each in real.places)
    assert 0 <= len(result.features) + result.passed_over.total() - looked_at < 60
    ledger = county_of(tmp_path / name, result, real.code, real.country, real.centre)
    report = validate([ledger], load_county(ledger.parent), as_of=TODAY)
    assert not report.has_errors
    assert report.counts["published"] == len(result.features)
    assert report.counts["quarantined"] == report.counts["duplicates"] == 0
    unclear = Counter(finding.code for finding in report.findings)
    assert unclear["hours_missing"] == result.hours["unknown"]
    assert unclear["hours_unparsable"] == result.hours["unreadable"]
    others = {
        "possible_duplicate", "columns_not_understood", "closed_at_peak", "holiday_rule_missing",
    }  # fmt: skip
    assert unclear.keys() <= {"hours_missing", "hours_unparsable", *others}
