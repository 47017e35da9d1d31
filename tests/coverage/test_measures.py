"""Three cells one can add up on paper; then what must always hold; then a county.

10 riders ──2 min── A (08–20, 5 seats) ──4 min── 20 riders ──9 min── B (24/7) ──40 min── 30
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.coverage.areas import cells_in, groups_of, read_area
from locator.coverage.demand import SLOTS
from locator.coverage.measures import (
    area_measures,
    kind_measures,
    share,
    township_measures,
    worst_slot,
)
from locator.coverage.minutes import quantile_min, worst_tenth
from locator.coverage.nearest_open import nearest_open, open_windows
from locator.coverage.served import served
from locator.coverage.station_measures import ranks, station_measures
from locator.coverage.supply import ANY_STOP, covered, supply_of
from locator.coverage.week import WEEK
from locator.errors import UsageError
from locator.stations.hours import clock_dates
from tests.quick import examples

DATES = clock_dates(date(2026, 11, 23), "CN")
NOON, NIGHT = SLOTS.index(("workday", 12)), SLOTS.index(("workday", 22))
STOPS = [{"hours": "08:00-20:00", "services": ["toilet"]}, {"kind": "canteen"}]
MINUTES = [[2, None], [4, 9], [None, 40]]


@pytest.fixture(scope="module")
def serve(county, paper_ground, riders):
    def run(stations=STOPS, minutes=MINUTES, counts=(10, 20, 30), reach_min=5.0):
        ground = paper_ground(stations, minutes, riders(*counts))
        supply = supply_of(ground.stations, county, DATES)
        nearest = nearest_open(ground.search, open_windows(supply)[ANY_STOP], len(stations))
        return served(ground, supply, nearest, county, reach_min)

    return run


def whole(found):
    return area_measures(found, np.ones(len(found.no_street), dtype=bool))


def kinds_of(found, *kinds):
    return kind_measures(found, list(kinds), np.ones(len(found.no_street), dtype=bool))


def test_rider_hours(serve):
    found = whole(serve())
    assert found.total[0].tolist() == [60] * 48
    assert (found.covered[0, NOON], found.covered[0, NIGHT]) == (30, 0)
    assert share(found.covered[0], found.total[0], "week") == pytest.approx(30 / 60 / 2)
    assert worst_slot(found.total[0], found.covered[0]) == 0  # midnight is the first of the worst
    toilet = found.total[1, NOON]
    assert found.covered[1, NOON] == pytest.approx(toilet / 2)


def test_within_five_ten_and_fifteen_minutes(serve):
    within = whole(serve()).within
    assert [within[reach][NOON] for reach in (5, 10, 15)] == [30, 30, 30]
    assert [within[reach][NIGHT] for reach in (5, 10, 15)] == [0, 20, 20]


def test_minutes_to_the_nearest_open_stop(serve):
    """At noon 10 ride 2 minutes, 20 ride 4, 30 ride 40; at night 10 have no way, 20 ride 9."""
    by_slot = whole(serve()).minutes_by_slot
    assert (by_slot["p50"][NOON], by_slot["p90"][NOON]) == (4, 40)
    assert (by_slot["p50"][NIGHT], by_slot["p90"][NIGHT]) == (40, None)
    period = whole(serve()).minutes["week"]
    assert period == {"p50": 40, "p90": 40}


def test_the_tenth_that_is_served_worst(serve):
    """Of 60 × 168 rider-hours a week 1,008: 840 that have no way, and 168 of those at 40 min."""
    tenth = whole(serve()).tenth
    assert tenth.weights.sum() == pytest.approx(1008)
    assert (tenth.from_min, tenth.mean_min) == (40, 40)
    assert tenth.without == pytest.approx(840)
    assert tenth.weights[:, 1].sum() == 0
    assert tenth.weights[NOON, 2] == pytest.approx(tenth.weights[NIGHT, 2])


def test_backup(serve):
    found = whole(serve(reach_min=10))
    assert (found.twice[0, NOON], found.twice[0, NIGHT]) == (20, 0)


def test_by_kind(serve):
    found = kinds_of(serve(reach_min=10), "warm_station", "canteen")
    assert sorted(found) == ["canteen", "warm_station"]
    assert found["warm_station"][0, NOON] == 30
    assert found["canteen"][0, [NOON, NIGHT]].tolist() == [20, 20]


def test_leave_one_out(serve):
    found = station_measures(serve())
    assert found.lost[:, 0, NOON].tolist() == [30, 0]
    assert found.lost_a_week[:, 0].tolist() == [30 * 12 * 7, 0]
    assert ranks(found.lost_a_week[:, 0]).tolist() == [1, 2]
    # At ten minutes B stands in for A in the second cell, and alone by night.
    wider = station_measures(serve(reach_min=10))
    assert wider.lost[:, 0, NOON].tolist() == [10, 0]
    assert wider.lost[:, 0, NIGHT].tolist() == [0, 20]


def test_guests(serve):
    found = station_measures(serve(reach_min=10))
    assert found.guests[:, NOON].tolist() == [30, 0]
    assert found.guests[:, NIGHT].tolist() == [0, 20]


def test_townships_and_drawn_areas(serve, riders):
    found = serve()
    rows = township_measures(found, ["南港镇", None, "南港镇"], ["城关镇", None])
    assert [row.name for row in rows] == ["南港镇", "城关镇", None]
    assert [int(row.inside.sum()) for row in rows] == [2, 0, 1]
    assert [row.covered[0, NOON] for row in rows] == [10, 0, 20]
    assert share(rows[1].covered[0], rows[1].total[0], "week") is None
    lon, lat = riders(1, 1, 1).centres[1]
    around = area_measures(found, cells_in(found.demand, shapely.Point(lon, lat).buffer(0.001)))
    assert (around.total[0, NOON], around.covered[0, NOON]) == (20, 20)


def test_quantiles_of_weighted_minutes():
    time = np.array([600, 1200, 1800, -1], dtype=np.int32)
    even = np.ones(4)
    assert [quantile_min(time, even, q) for q in (0.25, 0.26, 0.75, 0.76)] == [1, 2, 3, None]
    assert quantile_min(time, np.zeros(4), 0.5) is None
    assert quantile_min(np.array([-1], dtype=np.int32), np.ones(1), 0.5) is None


def test_a_tenth_of_nobody_and_one_without_any_stop():
    assert worst_tenth(np.array([600]), np.zeros(1)).mean_min is None
    nowhere = worst_tenth(np.array([-1, 600]), np.array([5.0, 5.0]))
    assert (nowhere.without, nowhere.mean_min, nowhere.from_min) == (1, None, None)


def test_groups_put_the_unknown_last():
    names, group = groups_of(["b", None, "a", "b"])
    assert names == ["a", "b", None]
    assert group.tolist() == [1, 2, 0, 1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no json", "no GeoJSON"),
        ('{"type": "Point", "coordinates": [116.9, 31.4]}', "must hold polygons"),
        ('{"type": "FeatureCollection", "features": []}', "must hold polygons"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [500, 0], [0, 500], [0, 0]]]}', "degrees"),
    ],
)
def test_what_is_no_area(tmp_path, text, said):
    path = tmp_path / "area.geojson"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=said):
        read_area(path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_area(tmp_path / "nothing.geojson")


def test_an_area_of_several_shapes(tmp_path):
    path = tmp_path / "area.geojson"
    square = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]
    shapes = [square, [[[x + 1, y] for x, y in square[0]]]]
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": shape}}
        for shape in shapes
    ]
    path.write_text(
        str({"type": "FeatureCollection", "features": features}).replace("'", '"'), "utf-8"
    )
    assert read_area(path).area == pytest.approx(2)


# ── what must always hold ───────────────────────────────────────────────────────────────────────

STATION = st.fixed_dictionaries(
    {
        "hours": st.sampled_from(
            ["24/7", None, "08:00-20:00", "22:00-06:00", "06:34-22:44", "Sa-Su 10:00-16:00"]
        ),
        "kind": st.sampled_from(["warm_station", "canteen", "friendly_estate"]),
        "status": st.sampled_from(["open", "open", "planned"]),
        "services": st.lists(st.sampled_from(["toilet", "hot_meal"]), unique=True),
    }
)
RIDE = st.none() | st.integers(1, 900).map(lambda tenth: tenth / 10)


@st.composite
def counties(draw):
    stations = draw(st.lists(STATION, min_size=1, max_size=5))
    cells = draw(st.integers(1, 5))
    row = st.lists(RIDE, min_size=len(stations), max_size=len(stations))
    minutes = draw(st.lists(row, min_size=cells, max_size=cells))
    counts = draw(st.lists(st.integers(0, 50), min_size=cells, max_size=cells))
    return stations, minutes, counts


@pytest.mark.slow
@settings(max_examples=examples(15), deadline=None)
@given(counties(), st.sampled_from([3.0, 5.0, 9.9, 15.0]), st.data())
def test_measures_hang_together(serve, drawn, reach_min, data):
    stations, minutes, counts = drawn
    found = serve(stations, minutes, counts, reach_min)
    county = whole(found)
    assert (county.covered <= county.total + 1e-9).all()
    assert (county.twice <= county.covered + 1e-9).all()
    assert (county.within[5] <= county.within[10]).all()
    assert (county.within[10] <= county.within[15]).all()
    # The clock's masks and the search for the nearest open stop speak of one thing.
    if reach_min in (5, 15):
        np.testing.assert_allclose(county.within[int(reach_min)], county.covered[0])
    assert station_measures(found).guests.sum(axis=0) == pytest.approx(county.covered[0])

    names = data.draw(
        st.lists(st.sampled_from(["a", "b", None]), min_size=len(minutes), max_size=len(minutes))
    )
    parts = township_measures(found, names, [])
    for what in ("total", "covered", "twice"):
        np.testing.assert_allclose(
            sum(getattr(part, what) for part in parts), getattr(county, what), atol=1e-9
        )
    assert sum(part.no_street for part in parts) == pytest.approx(county.no_street)
    assert county.tenth.weights.sum() == pytest.approx(county.total[0] @ WEEK / 10)

    kinds = kinds_of(found, *(station["kind"] for station in stations))
    for by_kind in kinds.values():
        assert (by_kind <= county.covered + 1e-9).all()
    if kinds:
        assert (sum(kinds.values()) >= county.covered - 1e-9).all()


@settings(max_examples=examples(15), deadline=None)
@given(counties(), st.sampled_from([5.0, 12.0]))
def test_leaving_one_out_is_the_clock_without_it(serve, drawn, reach_min):
    stations, minutes, counts = drawn
    found = serve(stations, minutes, counts, reach_min)
    lost = station_measures(found).lost
    before = covered(found.matrix, found.supply, reach_min)
    for at, offer in enumerate(found.supply.offers):
        after = covered(found.matrix, found.supply.without(offer.station), reach_min)
        assert (after <= before).all()
        riders = (before & ~after) @ np.array(counts, dtype=float)
        np.testing.assert_allclose(riders * found.need, lost[at], atol=1e-9)


@settings(max_examples=examples(15), deadline=None)
@given(counties())
def test_a_longer_reach_never_covers_less(serve, drawn):
    found = serve(*drawn)
    by_reach = [covered(found.matrix, found.supply, reach) for reach in (2.0, 5.0, 15.0)]
    assert (by_reach[0] <= by_reach[1]).all()
    assert (by_reach[1] <= by_reach[2]).all()


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.tuples(st.integers(-1, 20), st.integers(0, 9)), min_size=1, max_size=30),
    st.sampled_from([0.1, 0.5, 0.9, 1.0]),
)
def test_a_quantile_is_the_least_time_that_is_enough(drawn, quantile):
    time = np.array([ds for ds, _ in drawn], dtype=np.int32)
    weights = np.array([float(count) for _, count in drawn])
    found = quantile_min(time, weights, quantile)
    enough = [
        limit
        for limit in range(21)
        if weights.sum() > 0
        and weights[(time >= 0) & (time <= limit)].sum() >= quantile * weights.sum() - 1e-9
    ]
    assert found == (min(enough) / 600 if enough else None)
    tenth = worst_tenth(time, weights)
    assert tenth.weights.sum() == pytest.approx(weights.sum() / 10)
    assert (tenth.weights <= weights + 1e-12).all()
