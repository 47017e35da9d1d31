"""Cells in a row along a line of the town, one rider in each at every hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.coverage.clock import coverage
from locator.coverage.gap_groups import uncovered
from locator.coverage.gap_names import name_gaps
from locator.coverage.gaps import COLUMNS, find_gaps, outline
from locator.coverage.nearest_open import nearest_by_service
from locator.coverage.supply import supply_of
from locator.coverage.townships import Townships
from locator.coverage.week import WEEK
from locator.geo.crs import WGS84
from tests.quick import examples

AS_OF = date(2026, 11, 23)
NOWHERE = Townships((), np.array([], dtype=object))


@pytest.fixture(scope="module")
def by_service(county, table, riders, reach, search_of, town):
    def run(stations, minutes, counts=None, townships=NOWHERE, demand=None):
        demand = demand or riders(*(counts or [1] * len(minutes)))
        stations = table(*stations)
        found = coverage(reach(*minutes), stations, demand, county, AS_OF)
        nearest = nearest_by_service(search_of(*minutes), supply_of(stations, county, found.dates))
        return find_gaps(found, nearest, town, stations, county, townships), found

    return run


@pytest.fixture(scope="module")
def gaps_of(by_service):
    """The gaps of any stop, and their coverage."""

    def run(*args, **options):
        gaps, found = by_service(*args, **options)
        return gaps["any_stop"], found

    return run


@pytest.fixture(scope="module")
def in_line(riders):
    """Positions of so many neighbouring cells, from west to east (rows go by the cells' names)."""

    def order(count: int) -> list[int]:
        cells = riders(*[1] * count).cells
        return sorted(range(count), key=lambda at: h3.cell_to_latlng(cells[at])[1])

    return order


def test_neighbours_without_a_stop_are_one_gap(gaps_of, in_line):
    order = in_line(5)
    minutes = [[9.0]] * 5
    minutes[order[2]] = [4.0]  # the middle one is served
    gaps, found = gaps_of([{}], minutes)
    assert len(gaps) == 2
    assert gaps["rider_hours"].tolist() == [2 * 168, 2 * 168]
    assert gaps["cause"].tolist() == ["no_stop", "no_stop"]
    assert sorted(len(cells) for cells in gaps["cells"]) == [2, 2]
    assert gaps.crs == WGS84
    assert tuple(gaps.columns) == COLUMNS
    assert found.uncovered.sum() == 192


def test_a_closed_stop_is_a_gap_of_its_own_hours(gaps_of):
    gaps, _ = gaps_of([{"hours": "06:00-22:00", "services": ["toilet"]}], [[4.0], [4.0]])
    assert gaps["cause"].tolist() == ["closed"]
    hours = [0, 1, 2, 3, 4, 5, 22, 23]
    assert gaps["hours"][0] == [f"{day} {h}" for day in ("workday", "dayoff") for h in hours]
    assert gaps["rider_hours"].tolist() == [2 * 8 * 7]
    assert gaps["nearest_station"].tolist() == ["990101-001"]
    assert gaps["nearest_minutes"].tolist() == [4.0]
    assert gaps["services"].tolist() == [["hot_meal"]]


def test_an_estate_within_reach_is_no_stop(gaps_of):
    gaps, found = gaps_of([{"kind": "friendly_estate"}, {"status": "planned"}], [[3.0, 3.0]])
    assert not found.near.any()
    assert gaps["cause"].tolist() == ["no_stop"]


def test_unknown_hours_are_a_cause_of_their_own(gaps_of):
    gaps, _ = gaps_of([{"hours": None}], [[4.0]])
    assert gaps["cause"].tolist() == ["hours_unknown"]
    assert gaps["nearest_station"].tolist() == ["990101-001"]


def test_two_remedies_two_gaps(gaps_of, in_line):
    """Neighbours, but one has no stop at all and the other only a closed one."""
    order = in_line(3)
    minutes = [[0.0, 0.0]] * 3
    minutes[order[0]] = [3.0, 12.0]
    minutes[order[1]] = [12.0, 3.0]
    minutes[order[2]] = [12.0, 11.0]
    gaps, _ = gaps_of([{"hours": "08:00-20:00"}, {"hours": "08:00-21:00"}], minutes)
    assert gaps["cause"].tolist() == ["no_stop", "closed", "closed"]
    assert gaps["nearest_station"].tolist() == ["990101-002", "990101-001", "990101-002"]
    assert gaps["rider_hours"].tolist() == [168, 12 * 7, 11 * 7]


def test_worst_first_and_named_by_street_and_township(gaps_of, in_line):
    order = in_line(4)
    counts = [0.0] * 4
    counts[order[1]], counts[order[3]] = 5, 7
    gaps, _ = gaps_of([{}], [[None]] * 4, counts)
    assert gaps["rider_hours"].tolist() == [7 * 168, 5 * 168]
    # The row lies by the river road; near the crossing both gaps need a second name.
    assert gaps["cause"].tolist() == ["no_street", "no_street"]
    assert gaps["name"].tolist() == [
        "近滨河路、集市街东侧（城关镇）", "近滨河路、集市街西侧（城关镇）",
    ]  # fmt: skip
    assert gaps["name_en"].tolist() == [
        "near 滨河路, 集市街, east side (城关镇)", "near 滨河路, 集市街, west side (城关镇)",
    ]  # fmt: skip
    assert gaps["street"].tolist() == ["滨河路", "滨河路"]
    assert gaps["township"].tolist() == ["城关镇", "城关镇"]
    assert gaps["nearest_station"].tolist() == [None, None]
    assert gaps["nearest_minutes"].isna().all()


def test_the_outline_tells_the_township_before_any_neighbour(gaps_of, in_line):
    order = in_line(4)
    counts = [0.0] * 4
    counts[order[0]], counts[order[3]] = 5, 7
    east = Townships(("东乡",), np.array([shapely.box(116.9555, 31.4, 117.1, 31.5)]))
    gaps, found = gaps_of([{}], [[None]] * 4, counts, east)
    lon = found.demand.centres[[order[3], order[0]], 0]
    assert lon[0] > 116.9555 > lon[1]
    assert gaps["township"].tolist() == ["东乡", "城关镇"], (
        "no outline: the nearest that states one"
    )
    assert gaps["name"][0].endswith("（东乡）")
    assert gaps["name"][1].endswith("（城关镇）")


def test_gaps_of_one_street_are_told_apart_by_side_and_number():
    rows = [
        {"streets": ["Rue du Midi"], "township": None, "centre": np.array([6.0 + x, 49.0 + y])}
        for x, y in [(0.03, 0), (-0.05, 0), (0, 0), (0.029, 0), (0, -0.03), (0, 0.03)]
    ]
    rows += [{"streets": ["滨河路"], "township": "城关镇", "centre": np.array([7.0, 49.0])}]
    rows += [{"streets": [], "township": None, "centre": np.array([8.0, 49.0])}]
    name_gaps(rows)
    assert [row["name"] for row in rows] == [
        "近 Rue du Midi 东侧 1", "近 Rue du Midi 西侧", "近 Rue du Midi 中间",
        "近 Rue du Midi 东侧 2", "近 Rue du Midi 南侧", "近 Rue du Midi 北侧",
        "近滨河路（城关镇）", "49.0000, 8.0000 一带",
    ]  # fmt: skip
    assert [row["name_en"] for row in rows[2:]] == [
        "near Rue du Midi, in the middle", "near Rue du Midi, east side 2",
        "near Rue du Midi, south side", "near Rue du Midi, north side",
        "near 滨河路 (城关镇)", "around 49.0000, 8.0000",
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("甲乙X"), st.integers(0, 3), st.integers(0, 3))))
def test_no_two_gaps_have_one_name(places):
    """Even two at one spot, of one street."""
    rows = [
        {"streets": [street, "丙"], "township": "镇", "centre": np.array([x / 100, y / 100])}
        for street, x, y in places
    ]
    name_gaps(rows)
    for key in ("name", "name_en"):
        assert len({row[key] for row in rows}) == len(rows)


def test_an_id_stays_while_the_worst_cell_does(gaps_of):
    one, _ = gaps_of([{}], [[9.0], [9.0]], [5, 1])
    two, _ = gaps_of([{}, {"hours": "09:00-10:00"}], [[9.0, 9.0], [9.0, 4.0]], [5, 1])
    assert one["id"][0] == two["id"][0]
    assert one["id"][0].startswith("990101-gap-")
    assert len(set(two["id"])) == 2


def test_a_cell_without_riders_is_no_gap(gaps_of):
    gaps, _ = gaps_of([{}], [[9.0], [9.0]], [1, 0])
    assert gaps["cells"].map(len).tolist() == [1]


def test_no_gap(gaps_of):
    gaps, _ = gaps_of([{}], [[4.0]])
    assert len(gaps) == 0
    assert tuple(gaps.columns) == COLUMNS


def test_the_outline_holds_its_cells_and_no_others(gaps_of):
    gaps, found = gaps_of([{}], [[9.0]] * 4)
    whole = gaps.geometry[0]
    assert whole.is_valid
    assert whole.contains(shapely.points(found.demand.centres)).all()
    area = sum(
        shapely.Polygon([xy[::-1] for xy in h3.cell_to_boundary(cell)]).area
        for cell in found.demand.cells
    )
    assert whole.area == pytest.approx(area, rel=1e-3)
    assert str(whole) == str(shapely.set_precision(whole, 1e-6)), "to a millionth of a degree"


def test_far_from_any_named_street(gaps_of, riders):
    demand = replace(riders(1), cells=["8931aa42b4fffff"])
    lon, lat = demand.centres[0]
    gaps, _ = gaps_of([{}], [[None]], demand=demand)
    assert gaps["name"][0] == f"{lat:.4f}, {lon:.4f} 一带"
    assert gaps["township"][0] is None
    assert gaps["street"][0] is None


def test_the_nearest_open_stop_of_each_hour(gaps_of):
    """By night the one at hand is closed, and the next is half an hour away; then none is open."""
    stations = [{"hours": "06:00-22:00"}, {"hours": "05:00-24:00"}]
    gaps, _ = gaps_of(stations, [[4.0, 31.0]])
    gap = gaps.iloc[0]
    columns = gap["hours"], gap["open_station"], gap["open_minutes"]
    then = {hour: answer for hour, *answer in zip(*columns, strict=True)}
    assert then["workday 22"] == ["990101-002", 31.0]
    assert then["dayoff 5"] == ["990101-002", 31.0]
    assert then["workday 2"] == [None, None]
    assert then["workday 23"] == [None, None], "closed on arrival"
    assert gap["riders"] == [1.0] * 16


def test_the_open_stop_is_that_of_the_cell_with_most_riders(gaps_of, in_line):
    order = in_line(2)
    minutes, counts = [[0.0]] * 2, [0.0] * 2
    minutes[order[0]], minutes[order[1]] = [9.0], [12.0]
    counts[order[0]], counts[order[1]] = 1, 3
    gaps, _ = gaps_of([{}], minutes, counts)
    assert gaps["open_minutes"][0] == [12.0] * 48
    assert gaps["riders"][0] == [4.0] * 48


def test_what_else_riders_of_a_gap_lack(gaps_of):
    stations = [{"hours": "06:00-22:00", "services": ["toilet"]}]
    gaps, _ = gaps_of(stations, [[4.0]])
    lacking = gaps["lacking"][0]
    closed = "1" * 6 + "0" * 16 + "11"
    assert lacking["toilet"] == {"rider_hours": pytest.approx(8 * 7 * 0.3), "slots": closed * 2}
    assert set(lacking["hot_meal"]["slots"][11:13]) == {"1"}, "at noon hot meals are wanted"
    assert gaps["services"][0] == ["hot_meal"]


def test_gaps_of_a_service_that_a_near_stop_does_not_offer(by_service):
    stations = [{"services": ["toilet"]}, {"services": ["hot_meal"]}]
    gaps, _ = by_service(stations, [[4.0, 12.0]])
    assert list(gaps) == ["any_stop", "toilet", "hot_meal"]
    assert len(gaps["any_stop"]) == len(gaps["toilet"]) == 0
    meal = gaps["hot_meal"].iloc[0]
    assert meal["cause"] == "no_service"
    assert (meal["nearest_station"], meal["nearest_minutes"]) == ("990101-002", 12.0)
    assert set(meal["open_minutes"]) == {12.0}
    assert list(meal["lacking"]) == meal["services"] == ["hot_meal"]


def test_a_service_has_gaps_outside_its_own_hours(by_service):
    offer = {"services": ["hot_meal"], "service_hours": {"hot_meal": "11:00-13:00"}}
    gaps, _ = by_service([offer], [[4.0]])
    meal = gaps["hot_meal"].iloc[0]
    assert meal["cause"] == "closed"
    assert "workday 18" in meal["hours"]
    assert "workday 11" not in meal["hours"]
    assert meal["services"] == []
    assert meal["open_station"][meal["hours"].index("workday 18")] is None


def test_gaps_of_services_have_ids_of_their_own(by_service):
    gaps, _ = by_service([{}], [[9.0]])
    ids = [gap for table in gaps.values() for gap in table["id"]]
    assert len(set(ids)) == len(ids) == 3


def test_cells_of_two_sizes_in_one_table(gaps_of, riders):
    """Neighbours of one size join, a larger cell beside them is a gap of its own."""
    small = riders(1, 1).cells
    large = h3.grid_ring(h3.cell_to_parent(small[0], 8), 1)[0]
    cells = sorted([*small, large])
    demand = replace(riders(1, 1, 1), cells=cells)
    gaps, found = gaps_of([{}], [[9.0]] * 3, demand=demand)
    assert sorted(sorted(members) for members in gaps["cells"]) == sorted([sorted(small), [large]])
    assert gaps["rider_hours"].sum() == (found.uncovered @ WEEK).sum()
    both = outline(cells)
    assert both.is_valid
    assert both.area == pytest.approx(sum(outline([cell]).area for cell in cells), rel=0.01)


HOURS = st.sampled_from(["24/7", None, "08:00-20:00", "Mo-Fr 07:00-21:00"])


@pytest.mark.slow
@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.none() | st.integers(2, 14), min_size=2, max_size=2), st.integers(0, 9)
        ),
        min_size=1,
        max_size=8,
    ),
    HOURS,
    HOURS,
)
def test_every_uncovered_rider_hour_is_in_one_gap(by_service, county, cells, first, second):
    minutes, counts = [row for row, _ in cells], [count for _, count in cells]
    stations = [{"hours": first, "services": ["toilet"]}, {"hours": second}]
    tables, found = by_service(stations, minutes, counts)
    missing = dict(zip(found.services, uncovered(found, county), strict=True))
    assert (missing["any_stop"] == found.uncovered).all()
    for service, gaps in tables.items():
        assert gaps["rider_hours"].sum() == pytest.approx((missing[service] @ WEEK).sum())
        members = [cell for cells in gaps["cells"] for cell in cells]
        assert len(members) == len(set(members))
        assert list(gaps["rider_hours"]) == sorted(gaps["rider_hours"], reverse=True)
        by_cell = zip(found.demand.cells, missing[service].sum(axis=1), strict=True)
        assert {cell for cell, riders in by_cell if riders > 0} == set(members)
        assert len(set(gaps["id"])) == len(set(gaps["name"])) == len(gaps)
        for gap in gaps.to_dict("records"):
            week = [5 if hour.startswith("workday") else 2 for hour in gap["hours"]]
            assert np.dot(week, gap["riders"]) == pytest.approx(gap["rider_hours"])
            sizes = {len(gap[key]) for key in ("hours", "riders", "open_station", "open_minutes")}
            assert len(sizes) == 1
            within = [each for each in gap["open_minutes"] if each is not None]
            assert min(within, default=99) > found.reach_min, "within reach, so no gap"
