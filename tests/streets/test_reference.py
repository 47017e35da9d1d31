"""Against osmnx, which reads the same files by other code."""

from __future__ import annotations

from pathlib import Path

import networkx
import numpy as np
import pytest

from locator.streets.graph import StreetGraph
from locator.streets.osm import read_streets
from locator.streets.traffic import CLASSES

pytestmark = pytest.mark.slow
RADIUS_M = 1500.0


def reachable_km(graph: StreetGraph, origin: int) -> float:
    """Street length within the radius of a node, the last piece counted as far as one gets."""
    ways = networkx.DiGraph()
    for a, b, length in zip(graph.edge_from, graph.edge_to, graph.edge_length_m, strict=True):
        if length < ways.get_edge_data(a, b, {"length": np.inf})["length"]:
            ways.add_edge(int(a), int(b), length=float(length))
    far = networkx.single_source_dijkstra_path_length(ways, origin, RADIUS_M, weight="length")
    total = 0.0
    for edge in graph.pieces:
        left = max(0.0, RADIUS_M - far.get(int(graph.edge_from[edge]), np.inf))
        if graph.edge_twin[edge] >= 0:
            left += max(0.0, RADIUS_M - far.get(int(graph.edge_to[edge]), np.inf))
        total += min(left, float(graph.edge_length_m[edge]))
    return total / 1000


def reachable_km_by_osmnx(graph: networkx.MultiDiGraph, origin: int) -> float:
    far = networkx.single_source_dijkstra_path_length(graph, origin, RADIUS_M, weight="length")
    left: dict[tuple, float] = {}
    lengths: dict[tuple, float] = {}
    for a, b, data in graph.edges(data=True):
        piece = (min(a, b), max(a, b), data["osmid"])
        lengths[piece] = data["length"]
        left[piece] = left.get(piece, 0.0) + max(0.0, RADIUS_M - far.get(a, np.inf))
    return sum(min(left[piece], length) for piece, length in lengths.items()) / 1000


@pytest.mark.parametrize("county", ["shucheng", "kuandian"])
def test_reachable_street_length(data: Path, county: str) -> None:
    osmnx = pytest.importorskip("osmnx")
    path = data / county / "streets.osm"
    if not path.is_file():
        pytest.skip("the county's streets are not drawn yet")
    ours = read_streets(path)
    assert ours.report["nodes_blocked"] == 0  # osmnx passes every barrier
    tags = [*osmnx.settings.useful_tags_way, "oneway:bicycle"]
    kept = osmnx.settings.useful_tags_way
    try:
        osmnx.settings.useful_tags_way = tags
        theirs = osmnx.graph_from_xml(path, simplify=False, retain_all=True)
    finally:
        osmnx.settings.useful_tags_way = kept
    theirs.remove_edges_from(
        [
            (a, b, key)
            for a, b, key, way in theirs.edges(keys=True, data=True)
            if way.get("highway") not in CLASSES
        ]
    )
    contraflow = [
        (b, a, way)
        for a, b, way in theirs.edges(data=True)
        if way.get("oneway:bicycle") == "no" and not theirs.has_edge(b, a)
    ]
    theirs.add_edges_from(contraflow)
    by_place = {
        (round(place["x"] * 1e7), round(place["y"] * 1e7)): node
        for node, place in theirs.nodes(data=True)
    }
    rng = np.random.default_rng(7)
    for origin in rng.choice(len(ours.node_lon), 12, replace=False):
        place = (round(ours.node_lon[origin] * 1e7), round(ours.node_lat[origin] * 1e7))
        expected = reachable_km_by_osmnx(theirs, by_place[place])
        assert expected > 0
        assert reachable_km(ours, int(origin)) == pytest.approx(expected, rel=0.01)


def test_the_real_chinese_graph(shared: Path) -> None:
    """osmnx's own lengths of the edges that stay open, summed."""
    osmnx = pytest.importorskip("osmnx")
    path = shared / "data" / "osm" / "shenzhen-futian.graphml"
    ours, theirs = read_streets(path), osmnx.load_graphml(path)
    closed = {"motorway_link", "motorway"}
    length = sum(
        way["length"]
        for _, _, way in theirs.edges(data=True)
        if str(way["highway"]) not in closed
        and str(way.get("access")) not in ("no", "private", "bus")
    )
    assert ours.edge_length_m.sum() == pytest.approx(length, rel=0.01)
