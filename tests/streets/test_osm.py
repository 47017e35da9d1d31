"""Files drawn in the test: 100 m at 15 km/h are 24 s, 240 tenths."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from locator.county import Streets
from locator.errors import StreetsError
from locator.streets import osm
from locator.streets.graph import StreetGraph
from locator.streets.osm import read_streets

ROAD = {"highway": "residential"}
# Nodes of a small lattice, 100 m apart:   4 5 6
#                                          1 2 3
LATTICE = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (0, 100), 5: (100, 100), 6: (200, 100)}


def test_a_street_is_cut_at_its_junctions_alone(streets, between):
    graph = streets(LATTICE, ([1, 2, 3], {**ROAD, "name": "滨河路"}), ([4, 5, 6, 3], ROAD))
    assert between(graph) == {
        ((0, 0), (200, 0)): 480,
        ((200, 0), (0, 0)): 480,
        ((0, 100), (200, 0)): 720,
        ((200, 0), (0, 100)): 720,
    }
    assert list(graph.edge_name) == ["滨河路", "滨河路", "", ""]
    assert list(graph.edge_twin) == [1, 0, 3, 2]
    np.testing.assert_allclose(graph.edge_length_m, [200, 200, 300, 300], atol=0.02)
    assert list(np.diff(graph.shape_start)) == [3, 3, 4, 4]
    # A twin's shape runs the other way.
    assert list(graph.shape_lon[3:6]) == list(graph.shape_lon[0:3][::-1])


def test_ways_meet_at_shared_nodes(streets, between):
    graph = streets(LATTICE, ([1, 2, 3], ROAD), ([2, 5], ROAD))
    assert set(between(graph)) == {
        ((0, 0), (100, 0)), ((100, 0), (0, 0)), ((100, 0), (200, 0)), ((200, 0), (100, 0)),
        ((100, 0), (100, 100)), ((100, 100), (100, 0)),
    }  # fmt: skip


def test_a_bridge_without_a_shared_node_is_no_junction(streets):
    nodes = {1: (0, 0), 2: (200, 0), 3: (100, -100), 4: (100, 100)}
    graph = streets(nodes, ([1, 2], ROAD), ([3, 4], {**ROAD, "bridge": "yes", "layer": "1"}))
    assert graph.report["pieces"] == 2
    assert graph.report["components"] == 2


def test_a_oneway_street_gives_one_edge(streets, between):
    graph = streets(
        LATTICE,
        ([1, 2], {**ROAD, "oneway": "yes"}),
        ([2, 3], {**ROAD, "oneway": "-1"}),
        ([1, 4], {**ROAD, "oneway": "yes", "oneway:bicycle": "no"}),
    )
    assert set(between(graph)) == {
        ((0, 0), (100, 0)), ((200, 0), (100, 0)), ((0, 0), (0, 100)), ((0, 100), (0, 0)),
    }  # fmt: skip
    assert list(graph.edge_twin) == [-1, -1, 3, 2]


def test_a_roundabout_goes_round_one_way(streets, between):
    nodes = {**LATTICE, 7: (0, -100), 8: (200, 200)}
    ring = ([1, 3, 6, 4, 1], {**ROAD, "junction": "roundabout"})
    graph = streets(nodes, ring, ([7, 1], ROAD), ([6, 8], ROAD))
    assert between(graph) == {
        ((0, 0), (200, 100)): 720,
        ((200, 100), (0, 0)): 720,
        ((0, -100), (0, 0)): 240,
        ((0, 0), (0, -100)): 240,
        ((200, 100), (200, 200)): 240,
        ((200, 200), (200, 100)): 240,
    }


def test_a_street_that_meets_itself(streets):
    graph = streets(LATTICE, ([1, 2, 3, 6, 5, 2], ROAD))
    assert sorted(np.round(graph.edge_length_m[graph.pieces])) == [100, 400]
    lone = streets(LATTICE, ([1, 2, 5, 4, 1], ROAD))
    assert list(lone.edge_from) == list(lone.edge_to) == [0, 0]


def test_modes_and_their_times(streets, between):
    graph = streets(
        LATTICE,
        ([1, 2], {"highway": "track"}),
        ([2, 3], {"highway": "footway"}),
        ([4, 5], {"highway": "steps"}),
        ([5, 6], {**ROAD, "maxspeed": "10"}),
    )
    times = between(graph)
    assert times[(0, 0), (100, 0)] == 360
    assert times[(100, 0), (200, 0)] == 800
    assert times[(0, 100), (100, 100)] == 1800
    assert times[(100, 100), (200, 100)] == 360


def test_speeds_are_the_countys(plan, between):
    path = plan(LATTICE, ([1, 2], ROAD))
    slow = Streets(file="plan.osm", provenance="illustrative", ride_kmh=7.5)
    assert set(between(read_streets(path, slow)).values()) == {480}


def test_times_round_half_up_and_are_never_zero(streets):
    nodes = {1: (0, 0), 2: (0.01, 0), 3: (100.2, 0), 4: (300.6, 0)}
    names = ({**ROAD, "name": name} for name in ("甲", "乙", "丙"))
    graph = streets(nodes, *zip(([1, 2], [2, 3], [3, 4]), names, strict=True))
    assert list(graph.edge_time_ds[graph.pieces]) == [1, 240, 481]


def test_a_locked_gate_cuts_a_street(streets):
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    locked = {"barrier": "gate", "access": "private"}
    graph = streets(nodes, ([1, 2, 3], ROAD), ([2, 3], ROAD), barriers={2: locked})
    assert graph.report["nodes_blocked"] == 1
    assert graph.report["components"] == 2
    crossing = {**nodes, 4: (100, 100), 5: (100, -100)}
    apart = streets(crossing, ([1, 2, 3], ROAD), ([4, 2, 5], ROAD), barriers={2: locked})
    assert apart.report["components"] == 4
    alone = streets(nodes, ([1, 2, 3], ROAD), barriers={2: locked})
    assert alone.report["components"] == 2
    open_ = streets(nodes, ([1, 2, 3], ROAD), barriers={2: {"barrier": "bollard"}})
    assert open_.report["components"] == 1


def test_the_report_counts_everything(streets):
    graph = streets(
        LATTICE,
        ([1, 2], ROAD),
        ([2, 3], {"highway": "motorway"}),
        ([3, 6], {"highway": "motorway"}),
        ([4, 5], {**ROAD, "access": "private"}),
        ([5, 6, 99], {"highway": "footway"}),
        ([4, 98], ROAD),
        ([1, 4], {"waterway": "river"}),
    )
    report = graph.report
    assert report["ways_read"] == 6
    assert report["ways_open"] == 2
    assert report["ways_closed"] == {
        "fewer than two known nodes": 1,
        "highway=motorway": 2,
        "no access": 1,
    }
    assert report["ways_open"] + sum(report["ways_closed"].values()) == report["ways_read"]
    assert (report["ways_cut"], report["nodes_missing"]) == (2, 2)
    assert report["km_by_class"] == {"footway": 0.1, "residential": 0.1}
    assert report["km"] == 0.2


def test_a_cut_extract_keeps_what_it_has(streets, between):
    graph = streets(LATTICE, ([1, 2, 77, 5, 6], ROAD))
    assert set(between(graph)) == {
        ((0, 0), (100, 0)), ((100, 0), (0, 0)), ((100, 100), (200, 100)), ((200, 100), (100, 100)),
    }  # fmt: skip


def test_ids_below_zero_and_ways_before_their_nodes(tmp_path, between):
    path = tmp_path / "drawn.osm"
    path.write_text(
        '<osm version="0.6" upload="never">'
        '<way id="-9"><nd ref="-1"/><nd ref="-2"/><nd ref="3"/><tag k="highway" v="service"/></way>'
        '<node id="-1" lon="0" lat="0"/><node id="-2" lon="0.001" lat="0"/>'
        '<node id="3" lon="0.002" lat="0"/></osm>'
    )
    graph = read_streets(path)
    assert graph.report["nodes_missing"] == 0
    assert len(between(graph)) == 2


def test_a_node_between_the_two_ways_that_share_it(tmp_path):
    """Not known yet at the first way, known at the second, and one place all the same."""
    path = tmp_path / "drawn.osm"
    path.write_text(
        '<osm version="0.6"><node id="1" lon="0" lat="0"/>'
        '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="service"/></way>'
        '<node id="2" lon="0.001" lat="0"/><node id="3" lon="0.002" lat="0"/>'
        '<way id="2"><nd ref="2"/><nd ref="3"/><tag k="highway" v="service"/></way></osm>'
    )
    report = read_streets(path).report
    assert (report["components"], report["nodes_missing"], report["nodes_doubled"]) == (1, 0, 0)


def test_positions_are_kept_to_the_last_decimal(tmp_path):
    rng = np.random.default_rng(4)
    lon, lat = rng.integers(180_000_000, 530_000_000, (2, 50)) / 10**7
    nodes = [
        f'<node id="{at}" lon="{x:.7f}" lat="{y:.7f}"/>'
        for at, (x, y) in enumerate(zip(lon, lat, strict=True), start=1)
    ]
    refs = "".join(f'<nd ref="{at}"/>' for at in range(1, 51))
    way = f'<way id="1">{refs}<tag k="highway" v="service"/></way>'
    path = tmp_path / "far.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes)}{way}</osm>')
    graph = read_streets(path)
    assert graph.shape_lon[:50].tolist() == lon.tolist()
    assert graph.shape_lat[:50].tolist() == lat.tolist()


def test_repeated_nodes_are_one(streets):
    graph = streets(LATTICE, ([1, 1, 2, 2], ROAD))
    assert graph.report["pieces"] == 1


def test_packed_xml(plan, tmp_path):
    path = plan(LATTICE, ([1, 2], ROAD))
    packed = tmp_path / "plan.osm.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_streets(packed).report == read_streets(path).report


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.osm", b"", "not a whole OpenStreetMap file"),
        ("cut.osm", b'<osm version="0.6"><node id="1" lon="0" lat="0"/><way', "not a whole"),
        ("other.osm", b"<kml></kml>", "not a whole OpenStreetMap file"),
        ("random.osm.pbf", b"\x00\x00\x00\x0dnonsense and more of it", "not a whole"),
        ("bare.osm", b'<osm version="0.6"></osm>', "no street at all"),
        ("text.graphml", b"hello", "not a street graph"),
        (
            "motorway.osm",
            b'<osm version="0.6"><way id="1"><nd ref="1"/><tag k="highway" v="motorway"/></way>'
            b"</osm>",
            "none of its 1 streets is open",
        ),
    ],
)
def test_unusable_files_are_one_sentence(tmp_path: Path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(StreetsError, match=says) as caught:
        read_streets(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(StreetsError, match="no such street file"):
        read_streets(tmp_path / "nowhere.osm.pbf")


def test_graphml(tmp_path):
    osmnx = pytest.importorskip("osmnx")
    import networkx
    from shapely import LineString

    drawn = networkx.MultiDiGraph(crs="epsg:4326")
    for node, (x, y) in {1: (0, 0), 2: (0.001, 0), 3: (0.002, 0)}.items():
        drawn.add_node(node, x=x, y=y)
    bend = LineString([(0, 0), (0.0005, 0.0005), (0.001, 0)])
    street = {"osmid": 1, "name": "人民路", "length": 157.0, "oneway": False}
    drawn.add_edge(1, 2, highway="residential", geometry=bend, **street)
    drawn.add_edge(2, 1, highway="residential", geometry=bend.reverse(), **street)
    drawn.add_edge(2, 3, highway=["steps", "footway"], osmid=2, length=111.2, oneway=True)
    drawn.add_edge(3, 1, highway="motorway", osmid=3, length=222.4, oneway=True)
    osmnx.save_graphml(drawn, tmp_path / "drawn.graphml")
    graph = read_streets(tmp_path / "drawn.graphml")
    assert graph.report["ways_closed"] == {"highway=motorway": 1}
    assert list(graph.edge_twin) == [1, 0, -1]
    assert list(graph.edge_name) == ["人民路", "人民路", ""]
    assert graph.edge_length_m[0] == pytest.approx(157.25, abs=0.1)
    # A merged way is passed as the slowest of its parts: 111 m of steps at 2 km/h.
    assert graph.edge_time_ds[2] == pytest.approx(2001, abs=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["liechtenstein.osm.pbf", "andorra.osm.pbf"])
def test_a_whole_territory(shared: Path, name: str) -> None:
    report = read_streets(shared / "data" / "osm" / name).report
    assert report["ways_open"] + sum(report["ways_closed"].values()) == report["ways_read"]
    assert report["nodes_missing"] == 0
    assert report["km"] > 700


@pytest.mark.slow
def test_a_chinese_street_graph(shared: Path) -> None:
    graph = read_streets(shared / "data" / "osm" / "shenzhen-futian.graphml")
    assert "景田路" in set(graph.edge_name)
    assert 200 < graph.report["km"] < 340


@pytest.mark.slow
@pytest.mark.parametrize("name", ["liechtenstein.osm.pbf", "andorra.osm.pbf"])
def test_ids_that_are_not_asked_for_change_nothing(
    shared: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shared / "data" / "osm" / name
    ask, some = osm._ids, read_streets(path)
    monkeypatch.setattr(osm, "_ids", lambda path, sizes, wanted: ask(path, sizes, wanted | True))
    every = read_streets(path)
    assert some.report == every.report

    def edges(graph: StreetGraph) -> list[tuple[float, ...]]:
        ends = graph.node_lon, graph.node_lat
        start, end = (
            tuple(axis[node] for axis in ends) for node in (graph.edge_from, graph.edge_to)
        )
        columns = (*start, *end, graph.edge_time_ds, graph.edge_length_m.round(6))
        return sorted(zip(*(column.tolist() for column in columns), strict=True))

    assert edges(some) == edges(every)
