"""Trips on streets drawn on paper, then against networkx on random ones."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.streets.access import access_matrix, nearest_k, times_within
from locator.streets.graph import Line, build_graph
from locator.streets.osm import read_streets
from locator.streets.snap import Snap, snap
from tests.quick import examples
from tests.streets import scipy_access

ROAD = {"highway": "residential"}
ONE_WAY = {**ROAD, "oneway": "yes"}
PARKING = 600  # tenths of a second


def times(graph, degrees, cells, stations, **kwargs):
    """The matrix as a table; 0 where there is no entry."""

    def snapped(points):
        east, north = np.array(points, dtype=float).reshape(-1, 2).T
        return snap(graph, degrees(east), degrees(north))

    return access_matrix(graph, snapped(cells), snapped(stations), **kwargs)


def table(access):
    return access.matrix.toarray().tolist()


# 4─5─6   100 m a side; the middle street is 2─5
# 1─2─3
LATTICE = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (0, 100), 5: (100, 100), 6: (200, 100)}


def test_a_lattice(streets, degrees):
    graph = streets(LATTICE, ([1, 2, 3], ROAD), ([4, 5, 6], ROAD), ([2, 5], ROAD))
    access = times(graph, degrees, [(0, 0), (50, 0), (200, 100)], [(0, 100), (150, 0)])
    # (0,0) → (0,100) over the middle street: 300 m = 72.0 s, and 60 s to park.
    assert table(access) == [
        [720 + PARKING, 360 + PARKING],
        [600 + PARKING, 240 + PARKING],
        [480 + PARKING, 600 + PARKING],
    ]
    assert list(access.nearest_ds) == [960, 840, 1080]
    assert list(access.nearest_station) == [1, 1, 0]
    assert len(access.unreachable_cells) == len(access.unreachable_stations) == 0


def test_both_walks_are_counted(streets, degrees):
    graph = streets(LATTICE, ([1, 2, 3], ROAD))
    access = times(graph, degrees, [(0, 45)], [(200, -45)])
    # 45 m at 4.5 km/h are 36 s; the plane is the ellipsoid's, 0.6 % shorter going north.
    assert table(access)[0][0] == pytest.approx(360 + 480 + PARKING + 360, abs=6)


def test_same_street_both_ways(streets, degrees):
    graph = streets(LATTICE, ([1, 2, 3], ROAD))
    assert table(times(graph, degrees, [(50, 0)], [(150, 0)])) == [[240 + PARKING]]
    assert table(times(graph, degrees, [(150, 0)], [(50, 0)])) == [[240 + PARKING]]
    assert table(times(graph, degrees, [(150, 0)], [(150, 0)])) == [[PARKING]]


def test_same_street_one_way(streets, degrees):
    """Against the arrow one rides round the block: 50 on, 100 up, 100 back, 100 down, 50 on."""
    graph = streets(LATTICE, ([1, 2, 5, 4, 1], ONE_WAY))
    assert table(times(graph, degrees, [(25, 0)], [(75, 0)])) == [[120 + PARKING]]
    assert table(times(graph, degrees, [(75, 0)], [(25, 0)])) == [[840 + PARKING]]


def test_time_runs_from_cell_to_station(streets, degrees):
    graph = streets(
        LATTICE, ([1, 2], ONE_WAY), ([2, 5], ROAD), ([5, 4], ONE_WAY), ([4, 1], ONE_WAY)
    )
    assert table(times(graph, degrees, [(50, 0)], [(100, 100)])) == [[360 + PARKING]]
    assert table(times(graph, degrees, [(100, 100)], [(50, 0)])) == [[600 + PARKING]]


def test_at_a_junction_every_street_is_open(streets, degrees):
    """The junction belongs to a one-way street, too, but one stands at its very end."""
    graph = streets(LATTICE, ([1, 2], ONE_WAY), ([2, 3], ROAD), ([1, 4], ROAD))
    assert table(times(graph, degrees, [(100, 0)], [(200, 0)])) == [[240 + PARKING]]
    assert table(times(graph, degrees, [(200, 0)], [(100, 0)])) == [[240 + PARKING]]
    assert table(times(graph, degrees, [(0, 0)], [(0, 100)])) == [[240 + PARKING]]
    assert table(times(graph, degrees, [(0, 100)], [(0, 0)])) == [[240 + PARKING]]


def test_a_bridge_is_no_junction(streets, degrees):
    nodes = {1: (0, 0), 2: (200, 0), 3: (100, -400), 4: (100, 400)}
    graph = streets(nodes, ([1, 2], ROAD), ([3, 4], {**ROAD, "bridge": "yes"}))
    access = times(graph, degrees, [(0, 0), (100, -400)], [(100, 400)])
    assert table(access) == [[0], [1920 + PARKING]]
    assert list(access.unreachable_cells) == [0]


def test_steps_are_slow_and_may_be_worth_a_detour(streets, degrees):
    # 100 m of steps at 2 km/h are 180 s; round the block it is 300 m, 72 s.
    graph = streets(LATTICE, ([1, 4], {"highway": "steps"}), ([1, 2, 5, 4], ROAD))
    assert table(times(graph, degrees, [(0, 0)], [(0, 100)])) == [[720 + PARKING]]
    alone = streets(LATTICE, ([1, 4], {"highway": "steps"}))
    assert table(times(alone, degrees, [(0, 0)], [(0, 100)])) == [[1800 + PARKING]]


def test_contraflow_for_bicycles(streets, degrees):
    contraflow = {**ONE_WAY, "oneway:bicycle": "no"}
    graph = streets(LATTICE, ([1, 2], contraflow))
    assert table(times(graph, degrees, [(75, 0)], [(25, 0)])) == [[120 + PARKING]]


def test_unreachable_is_listed(streets, degrees):
    """Two towns without a road between them, a cell in the hills, a station in the river."""
    nodes = {**LATTICE, 7: (5000, 0), 8: (5100, 0)}
    graph = streets(nodes, ([1, 2, 3], ROAD), ([7, 8], ROAD))
    cells = [(0, 0), (5050, 0), (0, 2000)]
    access = times(graph, degrees, cells, [(200, 0), (2500, 0), (5000, 0), (0, 3000)])
    assert list(access.unreachable_cells) == [2]
    assert list(access.unreachable_stations) == [1, 3]
    assert list(access.nearest_station) == [0, 2, -1]
    assert list(access.nearest_ds) == [480 + PARKING, 120 + PARKING, -1]


def test_a_station_that_no_cell_reaches(streets, degrees):
    """From the lower street a one-way leads up; nobody comes down again."""
    graph = streets(LATTICE, ([1, 2, 3], ROAD), ([2, 5], ONE_WAY), ([4, 5, 6], ROAD))
    access = times(graph, degrees, [(150, 100), (50, 100)], [(50, 0), (200, 100)])
    assert list(access.unreachable_stations) == [0]
    assert len(access.unreachable_cells) == 0
    up = times(graph, degrees, [(0, 0)], [(0, 100)])
    assert table(up) == [[720 + PARKING]]


def test_the_limit_holds_and_the_nearest_has_none(streets, degrees):
    # 15 min less 1 min of parking at 15 km/h: 3,500 m.
    nodes = {1: (0, 0), 2: (3500, 0), 3: (3600, 0)}
    graph = streets(nodes, ([1, 2], ROAD), ([2, 3], ROAD))
    access = times(graph, degrees, [(0, 0)], [(3500, 0), (3600, 0)])
    assert table(access) == [[9000, 0]]
    only_far = times(graph, degrees, [(0, 0)], [(3600, 0)])
    assert only_far.matrix.nnz == 0
    assert list(only_far.nearest_ds) == [9240]
    short = times(graph, degrees, [(0, 0)], [(3500, 0)], limit_s=899)
    assert short.matrix.nnz == 0


def test_the_nearest_is_one_that_counts(streets, degrees):
    graph = streets(LATTICE, ([1, 2, 3], ROAD))
    stations = [(50, 0), (200, 0)]
    access = times(graph, degrees, [(0, 0)], stations, counts=np.array([False, True]))
    assert list(access.nearest_station) == [1]
    assert table(access) == [[120 + PARKING, 480 + PARKING]]
    none = times(graph, degrees, [(0, 0)], stations, counts=np.array([False, False]))
    assert list(none.nearest_ds) == [-1]


def test_no_time_at_all_is_still_an_entry(streets, degrees):
    graph = streets(LATTICE, ([1, 2, 3], ROAD))
    access = times(graph, degrees, [(0, 0)], [(0, 0)], parking_s=0)
    assert table(access) == [[1]]


def test_nothing_to_measure(streets, degrees):
    graph = streets(LATTICE, ([1, 2, 3], ROAD))
    assert times(graph, degrees, [], [(0, 0)]).matrix.shape == (0, 1)
    empty = times(graph, degrees, [(0, 0)], [])
    assert empty.matrix.shape == (1, 0)
    assert list(empty.unreachable_cells) == [0]


# ── against networkx ────────────────────────────────────────────────────────────────────────────


@st.composite
def towns(draw):
    """A random town: lines between a few places, some one-way, and points on its streets."""
    size = draw(st.integers(2, 7))
    place = st.tuples(st.integers(0, 20), st.integers(0, 20))
    places = draw(st.lists(place, min_size=size, max_size=size, unique=True))
    node = st.integers(0, size - 1)
    ways = draw(
        st.lists(
            st.tuples(
                st.lists(node, min_size=2, max_size=4), st.booleans(), st.sampled_from([15, 2])
            ),
            min_size=1,
            max_size=8,
        )
    )
    lines = []
    for keys, oneway, kmh in ways:
        kept = [key for at, key in enumerate(keys) if at == 0 or keys[at - 1] != key]
        if len(kept) > 1:
            lon = [places[key][0] / 5000 for key in kept]
            lat = [places[key][1] / 5000 for key in kept]
            lines.append(Line("", "residential", kmh, True, not oneway, kept, lon, lat))
    if not lines:
        lines = [Line("", "residential", 15, True, True, [0, 1], [0, 0.001], [0, 0])]
    graph = build_graph(lines, {})
    spot = st.tuples(
        st.sampled_from(list(graph.pieces)),
        st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]) | st.floats(0, 1),
        st.integers(0, 300),
    )
    spots = st.lists(spot, min_size=1, max_size=5)
    return graph, _snap(draw(spots)), _snap(draw(spots))


def _snap(spots) -> Snap:
    edge, fraction, walk = zip(*spots, strict=True)
    return Snap(
        np.array(edge, dtype=np.int32),
        np.array(fraction, dtype=float),
        np.zeros(len(edge)),
        np.array(walk, dtype=np.int32),
    )


def brute_force(graph, cells: Snap, stations: Snap):
    """Dijkstra on a graph in which each piece is truly cut where its points stand."""
    cut = networkx.DiGraph()

    def add(a, b, time):
        if a != b and time < cut.get_edge_data(a, b, {"time": np.inf})["time"]:
            cut.add_edge(a, b, time=time)

    stops: dict[int, set[int]] = {int(edge): set() for edge in graph.pieces}
    for kind, points in (("cell", cells), ("station", stations)):
        for i, (edge, fraction) in enumerate(zip(points.edge, points.fraction, strict=True)):
            at = int(np.floor(fraction * graph.edge_time_ds[edge] + 0.5))
            stops[int(edge)].add(at)
            ends = ((graph.edge_from[edge], 0.0), (graph.edge_to[edge], 1.0))
            corners = [int(node) for node, exact in ends if fraction == exact]
            for place in [("stop", int(edge), at), *corners]:
                add(*((kind, i), place) if kind == "cell" else (place, (kind, i)), 0)
    for edge, between in stops.items():
        total = int(graph.edge_time_ds[edge])
        chain = [
            (0, int(graph.edge_from[edge])),
            *((at, ("stop", edge, at)) for at in sorted(between)),
            (total, int(graph.edge_to[edge])),
        ]
        for (at, here), (at_next, ahead) in pairwise(chain):
            add(here, ahead, at_next - at)
            if graph.edge_twin[edge] >= 0:
                add(ahead, here, at_next - at)
    result = np.full((len(cells.edge), len(stations.edge)), np.inf)
    for i in range(len(cells.edge)):
        found = networkx.single_source_dijkstra_path_length(cut, ("cell", i), weight="time")
        for j in range(len(stations.edge)):
            ride = found.get(("station", j), np.inf)
            result[i, j] = ride + cells.time_ds[i] + stations.time_ds[j] + PARKING
    return result


@settings(max_examples=examples(40), deadline=None)
@given(towns())
def test_against_networkx(town):
    graph, cells, stations = town
    expected = brute_force(graph, cells, stations)
    access = access_matrix(graph, cells, stations)
    got = access.matrix.toarray().astype(float)
    np.testing.assert_array_equal(got, np.where(expected <= 9000, expected, 0))
    nearest = expected.min(axis=1)
    np.testing.assert_array_equal(access.nearest_ds, np.where(np.isinf(nearest), -1, nearest))
    for cell in np.flatnonzero(np.isfinite(nearest)):
        assert expected[cell, access.nearest_station[cell]] == nearest[cell]
    assert set(access.unreachable_cells) == set(np.flatnonzero(np.isinf(nearest)))
    assert set(access.unreachable_stations) == set(np.flatnonzero(np.isinf(expected).all(axis=0)))


@settings(max_examples=examples(40), deadline=None)
@given(towns(), st.randoms(use_true_random=False))
def test_row_order_does_not_matter(town, random):
    graph, cells, stations = town
    order = list(range(len(stations.edge)))
    random.shuffle(order)
    shuffled = Snap(*(getattr(stations, name)[order] for name in vars(stations)))
    one, other = access_matrix(graph, cells, stations), access_matrix(graph, cells, shuffled)
    np.testing.assert_array_equal(one.matrix.toarray()[:, order], other.matrix.toarray())
    np.testing.assert_array_equal(one.nearest_ds, other.nearest_ds)


# ── against scipy ───────────────────────────────────────────────────────────────────────────────


def same_as_by_scipy(graph, cells, stations, **kwargs):
    ours = access_matrix(graph, cells, stations, **kwargs)
    theirs = scipy_access.access_matrix(graph, cells, stations, **kwargs)
    for part in ("data", "indices", "indptr"):
        one, other = getattr(ours.matrix, part), getattr(theirs.matrix, part)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    for name in ("nearest_ds", "unreachable_cells", "unreachable_stations"):
        one, other = getattr(ours, name), getattr(theirs, name)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    # Of stations equally near scipy takes any.
    differ = np.flatnonzero(ours.nearest_station != theirs.nearest_station)
    two = nearest_k(graph, cells, stations, 2, kwargs.get("parking_s", 60), kwargs.get("counts"))
    assert (two.time_ds[differ, 0] == two.time_ds[differ, 1]).all()
    return ours


@settings(max_examples=examples(40), deadline=None)
@given(towns(), st.sampled_from([0, 60, 900]), st.sampled_from([0, 60]))
def test_against_scipy(town, limit_s, parking_s):
    graph, cells, stations = town
    counts = np.arange(len(stations.edge)) % 2 == 0
    for given_ in (None, counts):
        same_as_by_scipy(
            graph, cells, stations, limit_s=limit_s, parking_s=parking_s, counts=given_
        )


@settings(max_examples=examples(40), deadline=None)
@given(towns(), st.integers(1, 4))
def test_nearest_k_is_the_matrix_sorted(town, k):
    graph, cells, stations = town
    expected = brute_force(graph, cells, stations)
    found = nearest_k(graph, cells, stations, k)
    for cell, row in enumerate(expected):
        best = sorted((time, station) for station, time in enumerate(row) if np.isfinite(time))[:k]
        best += [(-1, -1)] * (k - len(best))
        assert list(zip(found.time_ds[cell], found.station[cell], strict=True)) == best


@pytest.mark.slow
def test_against_scipy_on_a_real_place(shared: Path):
    graph = read_streets(shared / "data/osm/liechtenstein.osm.pbf")
    rng = np.random.default_rng(5)
    west, east = np.quantile(graph.node_lon, [0.02, 0.98])
    south, north = np.quantile(graph.node_lat, [0.02, 0.98])
    cells, stations = (
        snap(graph, rng.uniform(west, east, n), rng.uniform(south, north, n)) for n in (2000, 60)
    )
    found = same_as_by_scipy(graph, cells, stations)
    assert found.matrix.nnz > 1000
    assert len(found.unreachable_cells) > 100  # most of it is mountain


@pytest.mark.slow
def test_one_new_station_takes_milliseconds(shared: Path):
    graph = read_streets(shared / "data/osm/liechtenstein.osm.pbf")
    rng = np.random.default_rng(6)
    at = rng.integers(0, len(graph.node_lon), 3000)
    cells = snap(graph, graph.node_lon[at], graph.node_lat[at])
    station = snap(graph, graph.node_lon[at[0]], graph.node_lat[at[0]])
    column = times_within(graph, cells, station)
    seconds = []
    for _ in range(20):
        begun = time.process_time()
        times_within(graph, cells, station)
        seconds.append(time.process_time() - begun)
    assert min(seconds) < 0.02
    assert column.shape == (3000, 1)
    assert column[0, 0] == PARKING
