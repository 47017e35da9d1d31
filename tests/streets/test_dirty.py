"""OpenStreetMap as it comes: each fault drawn on paper, and every way and metre accounted for."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.errors import StreetsError
from locator.geo.crs import EARTH_RADIUS_M
from locator.streets.osm import read_streets
from locator.streets.snap import snap
from tests.quick import examples

ROAD = {"highway": "residential"}
ONE_WAY = {**ROAD, "oneway": "yes"}
# 4─5─6   100 m a side; the streets are drawn in each test
# 1─2─3
LATTICE = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (0, 100), 5: (100, 100), 6: (200, 100)}


def balanced(report: dict[str, Any]) -> bool:
    """Whether all that was read is used, or left out for a reason."""
    closed, closed_km = report["ways_closed"], report["km_closed"]
    assert closed.keys() == closed_km.keys()
    km = report["km"] + sum(closed_km.values()) + report["islets_km"]
    return (
        report["ways_read"]
        == report["ways_used"] + sum(closed.values()) + report["islets_ways"]
        == report["ways_open"] + sum(closed.values())
    ) and math.isclose(report["km_read"], km, abs_tol=0.0005 * (3 + len(closed)))


# ── names, areas, conditions, what is not there ─────────────────────────────────────────────────


def test_streets_without_a_name_are_used_and_measured(streets):
    report = streets(LATTICE, ([1, 2], {**ROAD, "name": "滨河路"}), ([2, 3, 6], ROAD)).report
    assert (report["km"], report["km_unnamed"]) == (0.3, 0.2)
    assert balanced(report)


def test_a_name_in_chinese_comes_before_the_local_one(streets):
    named = {**ROAD, "name": "Aleksanterinkatu", "name:zh": "亚历山大街"}
    assert set(streets(LATTICE, ([1, 2], named)).edge_name) == {"亚历山大街"}


def test_a_square_is_passed_along_its_outline(streets):
    square = {"highway": "pedestrian", "area": "yes"}
    graph = streets(LATTICE, ([1, 3, 6, 4, 1], square), ([3, 2], ROAD), ([6, 5], ROAD))
    # Pushed along one side, 100 m, or along the three others.
    assert sorted(graph.edge_time_ds[graph.edge_class == "pedestrian"]) == [800, 800, 4000, 4000]
    assert graph.report["areas"] == 1
    assert balanced(graph.report)


def test_what_is_drawn_as_a_relation_is_counted(plan):
    path = plan(LATTICE, ([1, 2], ROAD))
    text = path.read_text("utf-8")
    square = '<relation id="1"><tag k="type" v="multipolygon"/><tag k="highway" v="pedestrian"/>'
    turn = '<relation id="2"><tag k="type" v="restriction"/><tag k="restriction" v="no_u_turn"/>'
    bus = '<relation id="3"><tag k="type" v="route"/><tag k="route" v="bus"/>'
    ends = "</relation>".join(["", square, turn, bus, "</osm>"])[len("</relation>") :]
    path.write_text(text.replace("</osm>", ends), "utf-8")
    report = read_streets(path).report
    assert (report["squares_left_out"], report["turns_left_out"]) == (1, 1)


@pytest.mark.parametrize(
    "condition",
    [
        {"access:conditional": "no @ (22:00-06:00)"},
        {"bicycle:conditional": "no @ (Mo-Fr 07:00-19:00)"},
        {"oneway:conditional": "yes @ (07:00-09:00)"},
        {"maxspeed:conditional": "5 @ (school)"},
    ],
)
def test_a_condition_is_counted_and_not_read(streets, between, condition):
    graph = streets(LATTICE, ([1, 2], {**ROAD, **condition}))
    assert between(graph) == {((0, 0), (100, 0)): 240, ((100, 0), (0, 0)): 240}
    assert graph.report["ways_conditional"] == dict.fromkeys(condition, 1)
    closed = streets(LATTICE, ([1, 2], ROAD), ([2, 3], {**ROAD, "access": "no", **condition}))
    assert closed.report["ways_closed"] == {"no access": 1}
    assert closed.report["ways_conditional"] == dict.fromkeys(condition, 1)


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"highway": "proposed"}, "highway=proposed"),
        ({"highway": "construction", "construction": "primary"}, "highway=construction"),
        ({"highway": "abandoned"}, "highway=abandoned"),
        ({"highway": ""}, "highway="),
        ({**ROAD, "proposed": "yes"}, "proposed"),
        ({**ROAD, "construction": "yes"}, "construction"),
        ({**ROAD, "abandoned": "yes"}, "abandoned"),
    ],
)
def test_what_is_not_there_is_closed(streets, tags, why):
    report = streets(LATTICE, ([1, 2], ROAD), ([2, 3, 6], tags)).report
    assert report["ways_closed"] == {why: 1}
    assert report["km_closed"] == {why: 0.2}
    assert balanced(report)
    assert streets(LATTICE, ([1, 2], {**ROAD, "construction": "minor"})).report["ways_open"] == 1


# ── shapes ──────────────────────────────────────────────────────────────────────────────────────


def test_refs_said_twice_and_a_street_without_length(streets, between):
    nodes = {**LATTICE, 7: (100, 0)}
    kerb = {"highway": "footway"}
    graph = streets(
        nodes, ([1, 1, 2, 2, 2], ROAD), ([2, 7], kerb), ([7, 3], {**ROAD, "name": "乙"})
    )
    assert between(graph)[(0, 0), (100, 0)] == 240
    # Two nodes on one spot, a street between them: it takes no time to speak of, but it joins.
    assert graph.report["components"] == 1
    assert graph.times.max() < 10_000
    assert balanced(graph.report)


@pytest.mark.parametrize("refs", [[1], [1, 1], []])
def test_a_way_of_one_node_is_no_street(streets, refs):
    report = streets(LATTICE, ([1, 2], ROAD), (refs, ROAD)).report
    assert report["ways_closed"] == {"fewer than two nodes": 1}
    assert report["ways_cut"] == 0
    assert balanced(report)


def test_a_way_out_and_back_and_a_loop(streets):
    graph = streets(LATTICE, ([1, 2, 1], ROAD), ([2, 3, 6, 2], {**ROAD, "name": "环路"}))
    lengths = sorted(np.round(graph.edge_length_m[graph.pieces]).astype(int).tolist())
    assert lengths == [200, 341]
    assert balanced(graph.report)


def test_a_ring_drawn_as_two_ways(streets, between):
    """No junction on it: it stays one piece, cut where it is first met."""
    graph = streets(LATTICE, ([1, 2, 3, 6], ONE_WAY), ([6, 5, 4, 1], ONE_WAY))
    assert list(graph.edge_time_ds) == [1440]
    assert graph.edge_from[0] == graph.edge_to[0]
    assert not graph.edge_trap.any()
    assert len(graph.shape_lon) == 7


def test_a_way_cut_at_the_edge_of_the_extract(streets, between):
    """Node 77 is beyond the edge: what is known is kept, and the hole is no street."""
    graph = streets(LATTICE, ([1, 2, 77, 5, 6], ROAD), ([77, 78], ROAD), ([77, 3], ROAD))
    report = graph.report
    assert report["ways_closed"] == {"fewer than two known nodes": 2}
    assert (report["ways_cut"], report["nodes_missing"]) == (3, 2)
    assert (report["km"], report["km_read"]) == (0.2, 0.2)
    assert report["components"] == 2
    assert balanced(report)


def test_a_node_off_the_globe_is_missing(plan):
    path = plan(LATTICE, ([1, 2, 3], ROAD), ([4, 5], ROAD))
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('<node id="3" version="1" lon="0', '<node id="3" lon="190'), "utf-8"
    )
    report = read_streets(path).report
    assert (report["nodes_missing"], report["ways_cut"], report["km"]) == (1, 1, 0.2)


def test_a_town_and_a_gate_off_the_globe_are_passed_over(plan):
    """The gate's node is missing like any other; the town states no township."""
    odd = {3: {"barrier": "gate", "access": "private"}, 4: {"place": "town", "name": "天外镇"}}
    path = plan(LATTICE, ([1, 2, 3], ROAD), barriers=odd)
    text = path.read_text("utf-8")
    for node in (3, 4):
        text = text.replace(f'<node id="{node}" version="1" lon="0', f'<node id="{node}" lon="190')
    path.write_text(text, "utf-8")
    graph = read_streets(path)
    assert graph.townships == ()
    assert (graph.report["ways_cut"], graph.report["km"]) == (1, 0.1)


# ── two nodes on one spot ───────────────────────────────────────────────────────────────────────
# 1──2 7──3: 2 and 7 lie on one spot
DOUBLE = {**LATTICE, 7: (100, 0)}


def test_ends_on_one_spot_meet(streets, between):
    graph = streets(DOUBLE, ([1, 2], ROAD), ([7, 3], ROAD))
    assert between(graph)[(0, 0), (200, 0)] == 480
    assert (graph.report["nodes_joined"], graph.report["nodes_doubled"]) == (1, 0)
    assert graph.report["components"] == 1
    assert balanced(graph.report)


@pytest.mark.parametrize(
    "level", [{"layer": "1"}, {"bridge": "yes"}, {"tunnel": "yes"}, {"level": "1"}]
)
def test_ends_on_different_levels_do_not_meet(streets, level):
    apart = streets(DOUBLE, ([1, 2], ROAD), ([7, 3], {**ROAD, **level}))
    assert (apart.report["nodes_joined"], apart.report["nodes_doubled"]) == (0, 1)
    assert apart.report["components"] == 2
    alike = streets(DOUBLE, ([1, 2], {**ROAD, **level}), ([7, 3], {**ROAD, **level}))
    assert alike.report["components"] == 1
    ground = streets(DOUBLE, ([1, 2], {**ROAD, "layer": "0", "bridge": "no"}), ([7, 3], ROAD))
    assert ground.report["components"] == 1


def test_a_street_that_passes_on_the_same_spot_is_not_met(streets):
    """7 is no end but a corner of the other street: a crossing that nobody drew."""
    graph = streets(DOUBLE, ([1, 2], ROAD), ([3, 7, 5], ROAD))
    assert (graph.report["nodes_joined"], graph.report["nodes_doubled"]) == (0, 1)
    assert graph.report["components"] == 2


def test_a_node_that_ends_two_levels_joins_both(streets):
    """2 is the head of a bridge and ends the road to it; 7 lies on it as a road, 8 as a bridge."""
    nodes = {**DOUBLE, 8: (100, 0), 9: (100, -100)}
    bridge = {**ROAD, "bridge": "yes", "layer": "1"}
    ways = [([1, 2], ROAD), ([2, 5], bridge), ([7, 3], ROAD), ([8, 9], bridge)]
    report = streets(nodes, *ways).report
    assert (report["nodes_joined"], report["nodes_doubled"], report["components"]) == (2, 0, 1)


def test_a_ring_that_is_closed_by_two_nodes(streets):
    nodes = {**LATTICE, 7: (0, 0)}
    graph = streets(nodes, ([1, 3, 6, 4, 7], ONE_WAY))
    assert graph.report["nodes_joined"] == 1
    assert not graph.edge_trap.any()


def test_gates_on_one_spot_stay_shut(streets):
    locked = {"barrier": "gate", "access": "private"}
    graph = streets(DOUBLE, ([1, 2], ROAD), ([7, 3], ROAD), barriers={2: locked})
    assert graph.report["components"] == 2
    assert graph.report["nodes_joined"] == 0


# ── bridges, tunnels, roundabouts ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "tags", [{"bridge": "yes", "layer": "1"}, {"tunnel": "yes", "layer": "-1"}]
)
def test_a_bridge_or_tunnel_joins_its_ends_alone(streets, between, tags):
    nodes = {1: (0, 0), 2: (200, 0), 3: (100, -200), 4: (100, -100), 5: (100, 100), 6: (100, 200)}
    over = {**ROAD, **tags}
    graph = streets(nodes, ([1, 2], ROAD), ([3, 4], ROAD), ([4, 5], over), ([5, 6], ROAD))
    assert graph.report["components"] == 2
    assert between(graph)[(100, -200), (100, 200)] == 960


def test_a_roundabout_between_streets_in_pieces(streets, between):
    """Drawn as two ways, as editors do when a bus route uses half of it."""
    ring = {**ROAD, "junction": "roundabout", "name": "中心环岛"}
    nodes = {**LATTICE, 7: (0, -100), 8: (200, 200)}
    graph = streets(
        nodes, ([1, 2, 3, 6], ring), ([6, 5, 4, 1], ring), ([7, 1], ROAD), ([6, 8], ROAD)
    )
    times = between(graph)
    assert (times[(0, 0), (200, 100)], times[(200, 100), (0, 0)]) == (720, 720)
    assert not graph.edge_trap.any()


# ── traps: streets from which one cannot get back ───────────────────────────────────────────────


def test_a_one_way_street_into_nothing_catches_nobody(streets, degrees):
    """2→5 runs off the edge of the extract; the point beside it goes to the street behind."""
    graph = streets(LATTICE, ([1, 2, 3], ROAD), ([2, 5], ONE_WAY))
    assert (graph.report["traps"], graph.report["traps_km"]) == (1, 0.1)
    assert graph.report["km"] == 0.3
    point = snap(graph, degrees(105), degrees(80))
    assert graph.edge_twin[point.edge[0]] >= 0
    assert point.distance_m[0] == pytest.approx(80, rel=0.01)
    assert balanced(graph.report)


def test_a_trap_is_ridden_through(streets, degrees):
    """Two large towns, one-way from the first to the second: nobody stands on the link."""
    town = {n: (n * 100, 0) for n in range(1, 20)}
    village = {n + 100: (n * 100, 5000) for n in range(1, 20)}
    ways = [(list(town), ROAD), (list(village), {**ROAD, "name": "村"}), ([10, 110], ONE_WAY)]
    graph = streets({**town, **village}, *ways)
    assert (graph.report["traps"], graph.report["components"]) == (1, 1)
    assert int(graph.edge_trap.sum()) == 1
    near = snap(graph, *degrees(np.array([[1000, 1000, 1010], [10, 4990, 2500]])))
    assert (near.edge >= 0).tolist() == [True, True, False]


def test_a_valley_of_its_own_keeps_its_points(streets, degrees):
    town = {n: (n * 100, 0) for n in range(1, 200)}
    valley = {n + 500: (n * 100, 50_000) for n in range(1, 13)}
    graph = streets({**town, **valley}, (list(town), ROAD), (list(valley), ROAD))
    assert graph.report["traps"] == 0
    assert snap(graph, degrees(600), degrees(50_000)).edge[0] >= 0


def test_streets_of_which_none_leads_back_are_refused(plan):
    with pytest.raises(StreetsError, match="none leads back"):
        read_streets(plan(LATTICE, ([1, 2, 3], ONE_WAY), ([2, 5], ONE_WAY)))


# ── nothing is dropped unseen ───────────────────────────────────────────────────────────────────

TAGS: list[dict[str, str]] = [
    ROAD, ONE_WAY, {**ROAD, "oneway": "-1"}, {**ROAD, "access": "no"}, {"highway": "motorway"},
    {**ROAD, "layer": "1", "bridge": "yes"}, {"highway": "steps"}, {**ROAD, "name": "甲"},
    {**ROAD, "junction": "roundabout"}, {"highway": "proposed"}, {"waterway": "river"},
    {"highway": "footway", "area": "yes"},
]  # fmt: skip


@settings(max_examples=examples(50), deadline=None)
@given(st.data())
def test_everything_read_is_used_or_left_out_for_a_reason(tmp_path_factory, data):
    """Random plans with repeated refs, missing nodes, doubled nodes, gates and loops."""
    spots = st.tuples(st.integers(0, 4), st.integers(0, 4))
    nodes = data.draw(st.dictionaries(st.integers(1, 12), spots, min_size=2, max_size=12))
    refs = st.lists(st.integers(1, 14), max_size=7)
    ways = data.draw(st.lists(st.tuples(refs, st.sampled_from(TAGS)), min_size=1, max_size=9))
    gates = data.draw(st.sets(st.sampled_from(sorted(nodes)), max_size=2))
    drawn = [f'<node id="{n}" lon="{x / 1000}" lat="{y / 1000}">{GATE if n in gates else ""}</node>'
             for n, (x, y) in nodes.items()]  # fmt: skip
    for number, (path, tags) in enumerate(ways, start=1):
        said = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        along = "".join(f'<nd ref="{ref}"/>' for ref in path)
        drawn.append(f'<way id="{number}">{along}{said}</way>')
    file = tmp_path_factory.getbasetemp() / "random.osm"
    file.write_text(f'<osm version="0.6">{"".join(drawn)}</osm>', "utf-8")
    try:
        graph = read_streets(file)
    except StreetsError:
        return
    report = graph.report
    assert balanced(report)
    assert report["ways_read"] == sum("highway" in tags for _, tags in ways)
    measured = sum(
        math.dist(nodes[a], nodes[b]) * EARTH_RADIUS_M * math.pi / 180_000
        for path, tags in ways
        if "highway" in tags
        for a, b in pairwise(path)
        if a in nodes and b in nodes
    )
    assert report["km_read"] == pytest.approx(measured / 1000, rel=1e-6, abs=0.001)
    assert graph.edge_length_m[graph.pieces].sum() / 1000 == pytest.approx(report["km"], abs=0.001)
    ends = graph.shape_start
    for ends_at, node in ((ends[:-1], graph.edge_from), (ends[1:] - 1, graph.edge_to)):
        np.testing.assert_array_equal(graph.shape_lon[ends_at], graph.node_lon[node])
        np.testing.assert_array_equal(graph.shape_lat[ends_at], graph.node_lat[node])


GATE = '<tag k="barrier" v="gate"/><tag k="access" v="private"/>'


# ── bad files ───────────────────────────────────────────────────────────────────────────────────


def test_an_xml_bomb_is_not_unfolded(tmp_path: Path):
    """The billion laughs: a kilobyte that would be gigabytes."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    bomb = tmp_path / "bomb.osm"
    for body in ('<node id="1" lon="0" lat="0"><tag k="name" v="&a9;"/></node>', "&a9;"):
        text = f'<?xml version="1.0"?><!DOCTYPE osm [{entities}]><osm version="0.6">{body}</osm>'
        bomb.write_text(text, "utf-8")
        with pytest.raises(StreetsError, match="not a whole OpenStreetMap file") as caught:
            read_streets(bomb)
        assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_a_truncated_pbf_is_one_sentence(shared: Path, tmp_path: Path):
    whole = (shared / "data" / "osm" / "andorra.osm.pbf").read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    for size in (0, 3, 100, len(whole) // 10, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:size])
        with pytest.raises(StreetsError, match="not a whole OpenStreetMap file") as caught:
            read_streets(cut)
        assert "\n" not in str(caught.value)


def test_an_extract_without_streets(plan):
    with pytest.raises(StreetsError, match="no street at all"):
        read_streets(plan(LATTICE, ([1, 2], {"waterway": "river"})))
