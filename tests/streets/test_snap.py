"""Points beside streets drawn on paper. The plane is the ellipsoid's, so lengths differ by up to
0.6 % from the sphere's of the drawing."""

from __future__ import annotations

import numpy as np
import pytest

from locator.streets.snap import snap

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
