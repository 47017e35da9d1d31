"""Points beside streets drawn on paper. The plane is the ellipsoid's, so lengths differ by up to
0.6 % from the sphere's of the drawing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locator.streets.graph import Line, build_graph
from locator.streets.osm import read_streets
from locator.streets.snap import snap
from tests.quick import examples, rest_at_length
from tests.streets import strtree_snap

ROAD = {"highway": "residential"}
STREET = {1: (0, 0), 2: (400, 0), 3: (400, 400)}


def at(graph, degrees, *points, **kwargs):
    east, north = np.array(points, dtype=float).T
    return snap(graph, degrees(east), degrees(north), **kwargs)


def test_the_nearest_place_is_on_the_segment_not_a_node(streets, degrees):
    graph = streets(STREET, ([1, 2, 3], ROAD))
    found = at(graph, degrees, (100, 45), (445, 200), (-30, 0), (430, 440))
    np.testing.assert_allclose(found.fraction, [0.125, 0.75, 0, 1], atol=1e-3)
    np.testing.assert_allclose(found.distance_m, [45, 45, 30, 50], rtol=0.007)
    assert list(found.edge) == [0, 0, 0, 0]
    # 45 m at 4.5 km/h are 36 s.
    np.testing.assert_allclose(found.time_ds, [360, 360, 240, 400], rtol=0.007)


def test_three_hundred_metres_is_the_end(streets, degrees):
    graph = streets(STREET, ([1, 2, 3], ROAD))
    found = at(graph, degrees, (200, -298), (200, -304), (5000, 5000))
    assert list(found.edge >= 0) == [True, False, False]
    assert list(found.time_ds[1:]) == [-1, -1]
    assert np.isnan(found.distance_m[1:]).all()
    nearer = at(graph, degrees, (200, -298), max_m=100)
    assert nearer.edge[0] == -1


def test_the_limit_is_in_metres_at_any_latitude(plan, degrees):
    from locator.streets.osm import read_streets

    path = plan({1: (0, 0), 2: (400, 0)}, ([1, 2], ROAD))
    text = path.read_text("utf-8").replace('lat="0.000000000000"', 'lat="60"')
    path.write_text(text, "utf-8")
    graph = read_streets(path)
    # Twice as far in degrees of longitude as at the equator.
    found = snap(graph, [-degrees(590), -degrees(606)], [60, 60])
    assert list(found.edge >= 0) == [True, False]


def test_a_point_on_the_street_walks_nowhere(streets, degrees):
    graph = streets(STREET, ([1, 2, 3], ROAD))
    found = at(graph, degrees, (100, 0), (400, 0))
    assert list(found.time_ds) == [0, 0]


def test_a_piece_without_length(streets, degrees):
    graph = streets({1: (0, 0), 2: (0, 0)}, ([1, 2], ROAD))
    found = at(graph, degrees, (10, 0))
    assert (found.edge[0], found.fraction[0]) == (0, 1)


def test_scalars_are_taken(streets):
    graph = streets(STREET, ([1, 2, 3], ROAD))
    assert snap(graph, 0.0, 0.0).edge.shape == (1,)


def test_no_points(streets):
    graph = streets(STREET, ([1, 2, 3], ROAD))
    assert snap(graph, [], []).edge.shape == (0,)


def test_against_every_segment(streets, degrees):
    """The nearest of a lattice's segments, found by trying each."""
    shapely = pytest.importorskip("shapely")
    rng = np.random.default_rng(5)
    nodes = {i: tuple(rng.uniform(0, 1000, 2)) for i in range(1, 13)}
    ways = [([a, b], ROAD) for a, b in rng.integers(1, 13, (20, 2)) if a != b]
    graph = streets(nodes, *ways)
    points = rng.uniform(-200, 1200, (100, 2))
    found = at(graph, degrees, *points)
    for (x, y), distance in zip(points, found.distance_m, strict=True):
        best = min(
            shapely.LineString([nodes[a], nodes[b]]).distance(shapely.Point(x, y))
            for (a, b), _ in ways
        )
        if np.isnan(distance):
            assert best > 297
        else:
            assert distance == pytest.approx(best, rel=0.01, abs=0.1)


def same_as_by_strtree(graph, lon, lat, **kwargs):
    ours = snap(graph, lon, lat, **kwargs)
    theirs = strtree_snap.snap(graph, lon, lat, **kwargs)
    for name, one in vars(ours).items():
        assert one.dtype == getattr(theirs, name).dtype
        np.testing.assert_array_equal(one, getattr(theirs, name), name)
    return ours


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=4),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([40, 300, 5000]),
    st.sampled_from([1, 7, 40]),
)
def test_against_the_tree(lines, max_m, scale):
    """On a lattice most points are as near to several segments: the first of the graph counts."""
    drawn = [
        Line("", "residential", 15, True, True, line, *(np.array(line).T * 0.0001 * scale))
        for line in lines
    ]
    east, north = np.meshgrid(np.arange(-4, 13) * 0.00005, np.arange(-4, 13) * 0.00005)
    lon, lat = east.ravel() * 2 * scale, north.ravel() * 2 * scale
    same_as_by_strtree(build_graph(drawn, {}), lon, lat, max_m=max_m)


def test_a_point_that_is_nowhere(streets):
    graph = streets(STREET, ([1, 2, 3], ROAD))
    found = snap(graph, [np.nan, np.inf, 0.0], [0.0, 0.0, 0.0])
    assert list(found.edge) == [-1, -1, 0]


@pytest.mark.slow
@pytest.mark.parametrize("extract", rest_at_length(["liechtenstein", "andorra"], "andorra"))
def test_against_the_tree_on_a_real_place(shared: Path, extract: str):
    graph = read_streets(shared / f"data/osm/{extract}.osm.pbf")
    rng = np.random.default_rng(7)
    west, east = graph.shape_lon.min() - 0.01, graph.shape_lon.max() + 0.01
    south, north = graph.shape_lat.min() - 0.01, graph.shape_lat.max() + 0.01
    lon, lat = rng.uniform(west, east, 20000), rng.uniform(south, north, 20000)
    lon[:4000], lat[:4000] = graph.shape_lon[:4000], graph.shape_lat[:4000]
    found = same_as_by_strtree(graph, lon, lat)
    assert (found.edge >= 0).sum() > 5000
    same_as_by_strtree(graph, lon[:200], lat[:200], max_m=50_000)
