"""Isochrones of streets drawn on paper, then of points on random ones."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locator.streets.access import nearest_k
from locator.streets.graph import Line, build_graph
from locator.streets.isochrones import ABOUT_M, STREET_M, isochrones, reached_parts
from locator.streets.snap import Snap, snap
from tests.quick import examples
from tests.streets.conftest import DEGREE_M

ROAD = {"highway": "residential"}
ONE_WAY = {**ROAD, "oneway": "yes"}
# 15 km/h are 250 m a minute; a minute is for parking.


def in_metres(table):
    return [shapely.transform(area, lambda xy: xy * DEGREE_M) for area in table.geometry]


def contains(area, *points):
    return [bool(shapely.intersects_xy(area, x, y)) for x, y in points]


def test_a_straight_street(streets, degrees):
    graph = streets({1: (-2000, 0), 2: (2000, 0)}, ([1, 2], ROAD))
    table = isochrones(graph, snap(graph, degrees(0), degrees(0)), [300, 180])
    assert list(table["limit_s"]) == [180, 300]
    three, five = in_metres(table)
    assert contains(three, (-495, 0), (495, 0), (0, 40), (510, 0), (0, 60)) == [True] * 3 + [
        False,
        False,
    ]
    assert contains(five, (995, 0), (1010, 0)) == [True, False]


def test_a_one_way_street_is_reached_from_behind(streets, degrees):
    graph = streets(
        {1: (-500, 0), 2: (500, 0), 3: (500, 900), 4: (-500, 900)}, ([1, 2, 3, 4, 1], ONE_WAY)
    )
    (two,) = in_metres(isochrones(graph, snap(graph, degrees(0), degrees(0)), [120]))
    assert contains(two, (-240, 0), (240, 0)) == [True, False]


def test_the_other_bank_of_a_river_is_not_leapt_to(streets, degrees):
    """Two quays 60 m apart, joined by a bridge far away: each is a street of its own."""
    nodes = {1: (0, 0), 2: (3000, 0), 3: (3000, 60), 4: (0, 60)}
    graph = streets(nodes, ([1, 2, 3, 4], ROAD))
    (area,) = in_metres(isochrones(graph, snap(graph, degrees(100), degrees(0)), [180]))
    assert contains(area, (100, 0), (100, 30), (100, 60), (100, 90)) == [True, True, False, False]


def test_a_large_block_keeps_its_hole(streets, degrees):
    nodes = {1: (0, 0), 2: (300, 0), 3: (300, 300), 4: (0, 300)}
    graph = streets(nodes, ([1, 2, 3, 4, 1], ROAD))
    (area,) = in_metres(isochrones(graph, snap(graph, degrees(0), degrees(0)), [900]))
    assert len(area.interiors) == 1
    assert contains(area, (150, 150), (150, 20)) == [False, True]


def test_nothing_is_reached(streets, degrees):
    graph = streets({1: (0, 0), 2: (300, 0)}, ([1, 2], ROAD))
    table = isochrones(graph, snap(graph, degrees(0), degrees(5000)), [300])
    assert table.geometry[0].is_empty
    short = isochrones(graph, snap(graph, degrees(0), degrees(0)), [59])
    assert short.geometry[0].is_empty


def test_a_street_that_turns_back_on_itself_gives_valid_areas():
    """Its 150 seconds once crossed themselves by a billionth of a degree."""
    keys = [(1, 0), (4, 4), (2, 0), (5, 9)]
    way = Line("", "residential", 15, True, False, keys, *(np.array(keys).T * 0.001))
    graph = build_graph([way], {})
    rng = np.random.default_rng(118192)
    edge = rng.choice(graph.pieces, 2).astype(np.int32)
    stations = Snap(edge, rng.random(2), np.zeros(2), np.zeros(2, dtype=np.int32))
    table = isochrones(graph, stations, [90, 150, 240])
    assert table.is_valid.all()
    for near, far in pairwise(in_metres(table)):
        assert shapely.difference(near, far).area < 0.002 * near.length  # a millimetre


@st.composite
def towns(draw):
    place = st.tuples(st.integers(0, 9), st.integers(0, 9))
    ways = draw(
        st.lists(
            st.tuples(st.lists(place, min_size=2, max_size=4, unique=True), st.booleans()),
            min_size=1,
            max_size=6,
        )
    )
    lines = [
        Line("", "residential", 15, True, not oneway, keys, *(np.array(keys).T * 0.001))
        for keys, oneway in ways
    ]
    return build_graph(lines, {})


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(towns(), st.integers(0, 10**6))
def test_a_point_on_the_street_is_inside_when_its_time_is_within(graph, seed):
    """Reached: always inside. Inside: reached, or within the buffer of what is."""
    rng = np.random.default_rng(seed)

    def points(count):
        edge = rng.choice(graph.pieces, count).astype(np.int32)
        none = np.zeros(count)
        return Snap(edge, rng.random(count), none, none.astype(np.int32))

    stations, cells = points(2), points(40)
    limits = [90, 150, 240]
    table = isochrones(graph, stations, limits)
    assert table.is_valid.all()
    areas = in_metres(table)
    for near, far in pairwise(areas):
        assert shapely.difference(near, far).area < 0.002 * near.length  # a millimetre
    times = nearest_k(graph, cells, stations, 1).time_ds[:, 0]
    plane = graph.segments.plane
    reached_within = reached_parts(graph, stations, limits)
    for limit, area, parts in zip(limits, areas, reached_within, strict=True):
        reached = shapely.union_all(
            [
                shapely.ops.substring(line_of(graph, i, plane), a / t, b / t, normalized=True)
                for i, one in enumerate(parts)
                for t in [graph.edge_time_ds[graph.pieces[i]]]
                for a, b in one
            ]
        )
        for edge, share, time in zip(cells.edge, cells.fraction, times, strict=True):
            line = line_of(graph, np.searchsorted(graph.pieces, edge), plane)
            at = line.interpolate(share, normalized=True)
            x, y = (d * DEGREE_M for d in plane.transform(at.x, at.y, direction="INVERSE"))
            inside = contains(area, (x, y))[0]
            # Half a tenth of a second of rounding is 0.2 m; more where the piece is cut.
            if 0 <= time <= limit * 10 - 5:
                assert inside
            elif inside:
                assert at.distance(reached) < STREET_M + 1 or 0 <= time <= limit * 10 + 5
    assert ABOUT_M > STREET_M


def line_of(graph, piece, plane):
    edge = graph.pieces[piece]
    part = slice(graph.shape_start[edge], graph.shape_start[edge + 1])
    return shapely.LineString(
        np.stack(plane.transform(graph.shape_lon[part], graph.shape_lat[part]), axis=1)
    )
