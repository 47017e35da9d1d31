"""Where riders are likely to be, reckoned from restaurants and homes."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.county import Costs, County, DemandSource, Kind, Streets
from locator.coverage.demand import SLOTS, Demand
from locator.coverage.demand.headcount import cells_within, read_headcount
from locator.geo.crs import haversine_m
from locator.starter.extract import Place
from locator.starter.offers import load_offers
from locator.starter.riders import Headcount, floor_by_cell, headcounts, home_floor_m2
from tests.quick import examples, rest_at_length
from tests.starter.drawn import LAT, LON, at, place
from tests.starter.real import REAL, read_real

#: A Tuesday, so that the clock's days are 25 and 29 November.
TODAY = date(2026, 11, 24)
HOMES = load_offers().demand.homes
WAITING = load_offers().demand.waiting


def rows(*places: Place) -> list[Headcount]:
    return headcounts(places, country="CN", timezone="Asia/Shanghai", as_of=TODAY)


def by_slot(sheet: Sequence[Headcount]) -> list[float]:
    """The riders of all rows in each of the 48 slots."""
    total = dict.fromkeys(SLOTS, 0.0)
    for row in sheet:
        day = {"工作日": "workday", "休息日": "dayoff"}[row.day]
        for hour in range(int(row.hours[:2]), int(row.hours[6:8])):
            total[day, hour] += row.riders
    return [total[slot] for slot in SLOTS]


def read_back(folder: Path, sheet: Sequence[Headcount], centre: tuple[float, float]) -> Demand:
    """What the pipeline makes of the sheet."""
    path = folder / "demand.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Headcount._fields)
        writer.writerows(sheet)
    county = County(
        slug="test", folder=folder, code="341523", name_zh="试点", name_en="Test", centre=centre,
        ledgers=("stations.geojson",), streets=Streets(file="streets.osm", provenance="osm"),
        demand=DemandSource(file="demand.csv", provenance="proxy"),
        kinds={"cafe": Kind(zh="咖啡馆", en="Café", icon="canteen")}, services={},
        openings={}, costs=Costs(extend_hour=0, other_service=0),
    )  # fmt: skip
    return read_headcount(path, county)


# --- restaurants ---------------------------------------------------------------------------------


def test_riders_wait_while_a_restaurant_is_open() -> None:
    tags = {"amenity": "restaurant", "name": "老街面馆", "opening_hours": "Mo-Fr 11:00-15:00"}
    lunch = place("n1", 5, 6, **tags)
    lon, lat = at(5, 6)
    assert rows(lunch) == [
        ("老街面馆", lon, lat, 150, "工作日", "11:00-12:00", 0.8),
        ("老街面馆", lon, lat, 150, "工作日", "12:00-14:00", 1.0),
        ("老街面馆", lon, lat, 150, "工作日", "14:00-15:00", 0.6),
    ]


def test_an_hour_counts_by_what_is_open_at_half_past() -> None:
    slots = by_slot(rows(place("n1", amenity="restaurant", opening_hours="Mo-Su 11:20-14:10")))
    assert [hour for hour in range(24) if slots[hour]] == [11, 12, 13]


def test_a_late_kitchen_has_riders_after_midnight() -> None:
    slots = by_slot(rows(place("n1", amenity="fast_food", opening_hours="Mo-Su 22:00-02:00")))
    assert [hour for hour in range(24) if slots[hour]] == [0, 1, 22, 23]


@pytest.mark.parametrize("hours", [None, "when hungry", "10:00+", "unknown"])
def test_hours_that_nobody_can_read_are_assumed(hours: str | None) -> None:
    tags = {"amenity": "restaurant"} | ({"opening_hours": hours} if hours else {})
    slots = by_slot(rows(place("n1", **tags)))
    assert slots[:24] == [w if 11 <= h < 22 else 0 for h, w in enumerate(WAITING.workday)]
    assert slots[24:] == [w if 11 <= h < 22 else 0 for h, w in enumerate(WAITING.dayoff)]


@pytest.mark.parametrize(
    ("tags", "weight"),
    [
        ({"amenity": "restaurant"}, 1.0),
        ({"amenity": "fast_food;bar"}, 1.0),
        ({"amenity": "food_court"}, 3.0),
        ({"amenity": "cafe"}, 0.5),
        ({"shop": "bubble_tea"}, 0.5),
        ({"amenity": "restaurant", "access": "private"}, 0.0),
        ({"amenity": "restaurant", "disused": "yes"}, 0.0),
        ({"amenity": "bank"}, 0.0),
        ({"shop": "clothes"}, 0.0),
    ],
)
def test_what_riders_wait_at(tags: dict[str, str], weight: float) -> None:
    slots = by_slot(rows(place("n1", **tags)))
    assert slots[12] == pytest.approx(weight * WAITING.workday[12])


def test_a_restaurant_mapped_twice_is_one() -> None:
    node = place("n1", 5, 0, amenity="restaurant", name="老街面馆")
    building = place("w1", 0, 0, area_m2=300, amenity="restaurant", name="老街面馆")
    assert by_slot(rows(node, building)) == by_slot(rows(node))


# --- homes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area_m2", "tags", "floor_m2"),
    [
        (400, {"building": "apartments", "building:levels": "6"}, 2400),
        (400, {"building": "apartments"}, 2000),
        (100, {"building": "house"}, 200),
        (100, {"building": "house", "building:levels": "2.5"}, 250),
        (100, {"building": "house", "building:levels": "3-4"}, 300),
        (100, {"building": "house", "building:levels": "two"}, 200),
        (100, {"building": "house", "building:levels": "-1"}, 200),
        (100, {"building": "house", "building:levels": "0"}, 200),
        (100, {"building": "house", "building:levels": "9999"}, 12_000),
        (400, {"building": "apartments", "building:levels": "6", "building:flats": "10"}, 900),
        (100, {"building": "yes"}, 100),
        (100, {"building": "yes", "building:levels": "6"}, 300),
        (100, {"building": "yes", "shop": "supermarket"}, 0),
        (100, {"building": "apartments", "shop": "supermarket"}, 500),
        (20, {"building": "yes"}, 0),
        (5000, {"building": "yes"}, 0),
        (100, {"building": "warehouse"}, 0),
    ],
)
def test_the_floor_of_the_homes_in_a_building(
    area_m2: float, tags: dict[str, str], floor_m2: float
) -> None:
    assert sum(floor_by_cell([place("w1", area_m2=area_m2, **tags)], HOMES).values()) == floor_m2


def test_homes_are_added_up_in_cells() -> None:
    flats = [place(f"w{n}", n, 0, area_m2=1000, building="apartments") for n in range(3)]
    far = place("w8", 4000, 0, area_m2=1000, building="apartments")
    lonely = place("w9", 9000, 0, area_m2=1000, building="apartments")
    village = place("n1", 0, 300, place="village", name="孔集")
    sheet = rows(*flats, far, lonely, village)
    assert {row.place for row in sheet} == {"孔集住宅区1", "孔集住宅区2", "住宅区1"}
    evening = [row for row in sheet if (row.day, row.hours) == ("工作日", "17:00-21:00")]
    peaks = sorted(row.riders for row in evening)
    each = 1000 * 5 / 1000 * HOMES.riders_per_1000_m2
    assert peaks == pytest.approx([each, each, 3 * each])
    assert len(sheet) <= 3 * 2 * 7, "three cells, two days, seven bands"


def test_land_stands_in_where_no_building_is_drawn() -> None:
    land = place("w1", area_m2=1_000_000, landuse="residential")
    floor = floor_by_cell([land], HOMES)
    assert set(floor) == set(cells_within(land.lon, land.lat, 564.2))
    assert len(floor) > 5
    assert sum(floor.values()) == pytest.approx(1_000_000 * HOMES.floor_of_land)
    # A few houses do not make it less, nor do they add to it; where homes are drawn, they count.
    house = place("w2", area_m2=100, building="house")
    assert floor_by_cell([land, house], HOMES) == floor
    drawn = place("w3", area_m2=10_000, building="house", building__levels="3.1")
    own = cells_within(drawn.lon, drawn.lat, 0)[0]
    assert floor_by_cell([land, drawn], HOMES) == {own: pytest.approx(31_000)}
    nearly = place("w3", area_m2=10_000, building="house", building__levels="2.9")
    assert floor_by_cell([land, nearly], HOMES) == {**floor, own: max(29_000, floor[own])}


def test_a_point_has_no_floor() -> None:
    assert floor_by_cell([place("n1", building="house")], HOMES) == {}
    sort = next(each for each in HOMES.buildings if "house" in each.tags["building"])
    assert home_floor_m2(place("n1", building="house"), sort, HOMES.flat_m2) == 0.0


# --- whatever is on the map ----------------------------------------------------------------------

_PLACES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                {"amenity": "restaurant"},
                {"amenity": "restaurant", "opening_hours": "Mo-Su 06:00-02:00"},
                {"amenity": "cafe", "name": "Wolf"},
                {"building": "house"},
                {"building": "apartments", "building:levels": "18"},
                {"building": "yes"},
                {"landuse": "residential"},
                {"place": "village", "name": "孔集"},
            ]
        ),
        st.integers(-3000, 3000),
        st.integers(-3000, 3000),
        st.sampled_from([0.0, 150.0, 40_000.0]),
    ),
    max_size=10,
)


@settings(max_examples=examples(40))
@given(_PLACES)
def test_the_sheet_loses_nobody(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[dict[str, str], int, int, float]],
) -> None:
    places = [Place(f"n{n}", tags, *at(x, y), area) for n, (tags, x, y, area) in enumerate(drawn)]
    sheet = rows(*places)
    assert sheet == rows(*places)
    homes = [row for row in sheet if row.radius_m == 0]
    floor = floor_by_cell(places, HOMES)
    peak = sum(floor.values()) / 1000 * HOMES.riders_per_1000_m2
    assert by_slot(homes) == pytest.approx(
        [peak * part for part in (*HOMES.workday, *HOMES.dayoff)], abs=1e-4 * len(floor) + 1e-9
    )
    assert all(row.riders > 0 for row in sheet)
    spans = defaultdict(list)
    for row in sheet:
        spans[row[:5]].append((int(row.hours[:2]), int(row.hours[6:8]), row.riders))
    for own in spans.values():
        for (_, end, count), (start, _, after) in pairwise(own):
            assert end < start or (end == start and count != after), "equal hours are one row"
    if sheet:
        demand = read_back(tmp_path_factory.mktemp("sheet"), sheet, (LON, LAT))
        assert demand.provenance == "proxy"
        assert demand.riders.sum(axis=0) == pytest.approx(by_slot(sheet))


# --- real places ---------------------------------------------------------------------------------

#: Riders on a workday at noon, at three, at six and at four in the morning; cells with homes.
RIDERS = {
    "liechtenstein": ((108, 48, 143, 4), 556),
    "andorra": ((83, 36, 104, 3), 144),
    "helsinki": ((305, 121, 311, 1), 24),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", rest_at_length(REAL, "andorra"))
def test_real_riders(name: str, shared: Path, tmp_path: Path) -> None:
    real = read_real(name, shared)
    sheet = headcounts(real.places, country=real.country, timezone=real.timezone, as_of=TODAY)
    slots = by_slot(sheet)
    peaks, cells = RIDERS[name]
    assert [round(slots[hour]) for hour in (12, 15, 18, 4)] == list(peaks)
    assert len({(row.lon, row.lat) for row in sheet if row.radius_m == 0}) == cells
    demand = read_back(tmp_path, sheet, real.centre)
    assert demand.riders.sum(axis=0) == pytest.approx(slots)
    # Riders are where people are, not in the mountains: near some restaurant or settlement.
    known = [p for p in real.places if "place" in p.tags or p.tags.get("amenity") == "restaurant"]
    lon, lat = [p.lon for p in known], [p.lat for p in known]
    far = [row for row in sheet if haversine_m(row.lon, row.lat, lon, lat).min() > 3000]
    assert sum(by_slot(far)) < 0.02 * sum(slots)
