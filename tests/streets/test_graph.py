from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.errors import StreetsError
from locator.streets.graph import Line, build_graph, fastest, time_ds


def line(keys: list[int], **kwargs) -> Line:
    values = {
        "name": "", "street_class": "residential", "speed_kmh": 15.0,
        "forward": True, "backward": True,
    }  # fmt: skip
    lon = [key * 0.001 for key in keys]
    return Line(**{**values, **kwargs}, keys=keys, lon=lon, lat=[0.0] * len(keys))


def test_no_line_no_graph():
    with pytest.raises(StreetsError, match="no street open"):
        build_graph([], {})


def test_the_report_is_added_to_a_copy():
    given_ = {"ways_read": 1}
    graph = build_graph([line([0, 1])], given_)
    assert given_ == {"ways_read": 1}
    assert graph.report["ways_read"] == 1
    assert graph.report["edges"] == 2


def test_of_parallel_streets_the_fastest_counts():
    graph = build_graph([line([0, 1]), line([0, 1], speed_kmh=2)], {})
    assert graph.times[0, 1] == 267
    assert len(graph.pieces) == 2
    kept = fastest(np.array([0, 0]), np.array([1, 1]), np.array([5, 3]), 2)
    assert kept.toarray().tolist() == [[0, 3], [0, 0]]


def test_an_islet_is_left_out_and_counted():
    """A kilometre hangs together, 11 km apart from it 111 m do: under a hundredth of all."""
    town, islet = line(list(range(100, 250))), line([0, 1])
    graph = build_graph([town, islet], {})
    assert (graph.report["islets"], graph.report["islets_km"]) == (1, 0.111)
    assert graph.report["components"] == 1
    assert graph.report["pieces"] == 1
    village = line(list(range(12)))
    kept = build_graph([town, village], {}).report
    assert (kept["islets"], kept["islets_km"], kept["components"]) == (0, 0.0, 2)
    # In a small plan nothing is that small a share.
    assert build_graph([line([5, 6, 7, 8]), islet], {}).report["islets"] == 0


@given(st.floats(0, 1e6), st.floats(0.5, 25))
def test_times_are_whole_and_close(length_m, kmh):
    ds = time_ds(np.array([length_m]), np.array([kmh]))[0]
    exact = length_m * 36 / kmh
    assert ds >= 1
    assert abs(ds - exact) <= 0.5 + 1e-6 or exact < 0.5


@given(st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=6), min_size=1, max_size=6))
def test_no_metre_is_lost(ways):
    lines = [line([k for i, k in enumerate(way) if not i or way[i - 1] != k]) for way in ways]
    lines = [one for one in lines if len(one.keys) > 1]
    if lines:
        graph = build_graph(lines, {})
        drawn = sum(abs(np.diff(one.lon)).sum() for one in lines) * 111_195.08
        kept = graph.edge_length_m[graph.pieces].sum()
        assert kept + graph.report["islets_km"] * 1000 == pytest.approx(drawn, rel=1e-6, abs=1)
        twins = graph.edge_twin
        assert (twins[twins] == np.arange(len(twins))).all()
        np.testing.assert_array_equal(graph.edge_from[twins], graph.edge_to)
