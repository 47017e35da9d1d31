"""The compiled searches: on a street drawn on paper, then against scipy on random graphs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from locator.streets.graph import fastest
from locator.streets.kernels import bounded, bounded_points, nearest, nearest_k, network
from tests.quick import examples

#: Longer than the ring of buckets can be.
FAR = 3_000_000


def columns(rows, width):
    return np.array(rows, dtype=np.int32).reshape(-1, width).T


# 0 ─10─ 1 ─10─ 2 ─10─ 3     4 stands alone
STREET = columns([(a, b, 10) for a in range(4) for b in (a - 1, a + 1) if 0 <= b < 4], 3)


@pytest.fixture
def street():
    return network(*STREET, size=5)


def test_the_nearest_of_two(street):
    time, source = nearest(street, [0, 3], [0, 3], [0, 1])
    assert list(time) == [0, 10, 13, 3, -1]
    assert list(source) == [0, 0, 1, 1, -1]


def test_of_equally_near_ones_the_first(street):
    for order in ([0, 1], [1, 0]):
        _, source = nearest(street, [0, 2], [0, 0], order)
        assert source[1] == 0
        _, sources = nearest_k(street, [0, 2], [0, 0], order, 2)
        assert list(sources[1]) == [0, 1]


def test_the_two_nearest(street):
    time, source = nearest_k(street, [0, 3, 3], [0, 0, 5], [7, 8, 9], 2)
    assert time.tolist() == [[0, 30], [10, 20], [10, 15], [0, 5], [-1, -1]]
    assert source.tolist() == [[7, 8], [7, 8], [8, 9], [8, 9], [-1, -1]]


def test_fewer_sources_than_asked_for(street):
    time, source = nearest_k(street, [1], [0], [0], 3)
    assert time[3].tolist() == [20, -1, -1]
    assert source[3].tolist() == [0, -1, -1]


def test_a_source_with_two_doors_counts_once(street):
    time, source = nearest_k(street, [0, 3], [0, 0], [4, 4], 2)
    assert time.tolist() == [[0, -1], [10, -1], [10, -1], [0, -1], [-1, -1]]
    assert set(source[:, 1]) == {-1}


def test_within_a_limit(street):
    found = bounded(street, np.array([0, 1, 1, 3]), [0, 0, 3], [0, 5, 12], 15)
    each = [
        dict(zip(found.at[a:b].tolist(), found.time_ds[a:b].tolist(), strict=True))
        for a, b in zip(found.start, found.start[1:], strict=False)
    ]
    assert each == [{0: 0, 1: 10}, {}, {0: 5, 1: 15, 3: 12}]


def test_points_beside_the_street(street):
    """Point 0 hangs on nodes 0 and 2, point 1 on node 3; the second search has a way of its own."""
    found = bounded_points(
        street,
        np.array([0, 1, 1]),
        [1],
        [0],
        20,
        point_start=np.array([0, 1, 1, 2, 3, 3]),
        point=[0, 0, 1],
        point_ds=[4, 2, 1],
        along_start=np.array([0, 0, 2]),
        along=[1, 1],
        along_ds=[9, 8],
        size=2,
    )
    assert list(found.start) == [0, 1, 2]
    assert list(found.at) == [0, 1]
    assert list(found.time_ds) == [12, 8]


def test_no_source_and_no_street(street):
    none = np.empty(0, dtype=np.int32)
    assert list(nearest(street, none, none, none)[0]) == [-1] * 5
    assert nearest_k(street, none, none, none, 2)[1].tolist() == [[-1, -1]] * 5
    empty = network(none, none, none, 2)
    assert list(nearest(empty, [1], [3], [0])[0]) == [-1, 3]


@st.composite
def graphs(draw):
    """A random graph, parallel edges and loops among them, and some who set out in it."""
    size = draw(st.integers(1, 12))
    node = st.integers(0, size - 1)
    time = st.integers(1, 9) | st.sampled_from([700, FAR])
    edges = draw(st.lists(st.tuples(node, node, time), max_size=40))
    lead = st.integers(0, 12) | st.just(FAR)
    seeds = draw(st.lists(st.tuples(node, lead, st.integers(0, 4)), min_size=1, max_size=8))
    return size, columns(edges, 3), columns(seeds, 3)


def by_scipy(size, edges, seeds):
    """Sources × nodes: times by scipy, infinite where none leads."""
    matrix = fastest(*edges, size)
    result = np.full((5, size), np.inf)
    far = dijkstra(matrix, indices=np.arange(size))
    for node, lead, source in seeds.T:
        result[source] = np.minimum(result[source], far[node] + lead)
    return result


@settings(max_examples=examples(150), deadline=None)
@given(graphs(), st.integers(1, 4))
def test_nearest_against_scipy(graph, k):
    size, edges, seeds = graph
    expected = by_scipy(*graph)
    roads = network(*edges, size)
    times, sources = nearest_k(roads, *seeds, k)
    for node in range(size):
        best = sorted((t, s) for s, t in enumerate(expected[:, node]) if np.isfinite(t))[:k]
        best += [(-1, -1)] * (k - len(best))
        assert list(zip(times[node], sources[node], strict=True)) == best
    one = nearest(roads, *seeds)
    np.testing.assert_array_equal(one[0], times[:, 0])
    np.testing.assert_array_equal(one[1], sources[:, 0])


@settings(max_examples=examples(100), deadline=None)
@given(graphs(), st.sampled_from([0, 10, 700, 2 * FAR]))
def test_bounded_against_scipy(graph, limit):
    size, edges, seeds = graph
    expected = by_scipy(*graph)
    order = np.argsort(seeds[2], kind="stable")
    node, lead, source = seeds[:, order]
    found = bounded(network(*edges, size), np.searchsorted(source, range(6)), node, lead, limit)
    got = np.full((5, size), np.inf)
    for row in range(5):
        part = slice(found.start[row], found.start[row + 1])
        assert len(np.unique(found.at[part])) == len(found.at[part])
        got[row, found.at[part]] = found.time_ds[part]
    np.testing.assert_array_equal(got, np.where(expected <= limit, expected, np.inf))
