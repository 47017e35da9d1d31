"""A graph that osmnx saved gives a map of its streets, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from locator.errors import StreetsError
from locator.release.basemap import write_basemap
from locator.release.features import read_features
from locator.release.graphml import read_streets

KEYS = ("x", "y", "osmid", "highway", "name", "bridge", "tunnel", "oneway", "geometry", "layer")


def graph(path: Path, nodes: dict[str, tuple[Any, Any]], edges: list[dict[str, str]]) -> Path:
    """Write GraphML as osmnx does: every value as text, merged values as a Python list."""

    def data(said: dict[str, Any]) -> str:
        return "".join(f'<data key="d{KEYS.index(key)}">{said[key]}</data>' for key in said)

    keys = "".join(
        f'<key id="d{n}" for="all" attr.name="{key}" attr.type="string"/>'
        for n, key in enumerate(KEYS)
    )
    spots = "".join(
        f'<node id="{name}">{data({"x": x, "y": y})}</node>' for name, (x, y) in nodes.items()
    )
    lines = "".join(
        f'<edge source="{edge.pop("from")}" target="{edge.pop("to")}" id="0">{data(edge)}</edge>'
        for edge in edges
    )
    path.write_text(
        f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{keys}'
        f'<graph edgedefault="directed">{spots}{lines}</graph></graphml>',
        "utf-8",
    )
    return path


NODES = {"a": (114.0, 22.5), "b": (114.01, 22.5), "c": (114.01, 22.51)}


def edge(from_: str, to: str, **said: str) -> dict[str, str]:
    return {"from": from_, "to": to, "osmid": "7", "highway": "residential", "oneway": "False",
            **said}  # fmt: skip


def test_both_directions_of_a_street_are_one(tmp_path: Path) -> None:
    bend = "LINESTRING (114 22.5, 114.005 22.501, 114.01 22.5)"
    back = "LINESTRING (114.01 22.5, 114.005 22.501, 114 22.5)"
    source = graph(tmp_path / "g.graphml", NODES, [
        edge("a", "b", name="农林路", geometry=bend), edge("b", "a", name="农林路", geometry=back),
        edge("b", "c", name="农园路"), edge("c", "b", name="农园路"),
    ])  # fmt: skip
    streets = {tags["name"]: len(line.coords) for _, tags, line in read_streets(source)}
    assert streets == {"农林路": 3, "农园路": 2}
    assert len(list(read_streets(source))) == 2


def test_a_one_way_street_keeps_its_direction(tmp_path: Path) -> None:
    source = graph(tmp_path / "g.graphml", NODES, [edge("b", "a", oneway="True")])
    roads = read_features(source).tables["roads"]
    assert roads["oneway"].tolist() == [1]
    assert list(roads.geometry.iloc[0].coords) == [NODES["b"], NODES["a"]]


def test_merged_ways_bridges_and_tunnels(tmp_path: Path) -> None:
    source = graph(tmp_path / "g.graphml", NODES, [
        edge("a", "b", osmid="[9, 4]", highway="['primary', 'secondary']", bridge="yes", layer="2",
             name="['深南大道', '辅路']"),
        edge("b", "c", osmid="5", tunnel="['yes', 'no']", bridge="['viaduct', 'yes']"),
        edge("c", "a", osmid="6", tunnel="building_passage", name="None"),
    ])  # fmt: skip
    roads = read_features(source).tables["roads"].sort_values("osm")
    said = roads[["osm", "class", "name", "bridge", "level", "tunnel"]].fillna("").to_numpy()
    assert said.tolist() == [
        ["w00000000000004", "major", "深南大道", True, 2, False],
        ["w00000000000005", "minor", "", True, 1, False],
        ["w00000000000006", "minor", "", False, 0, True],
    ]


def test_the_order_of_the_file_does_not_matter(tmp_path: Path) -> None:
    edges = [edge("a", "b"), edge("b", "a"), edge("b", "c", oneway="True"), edge("c", "a")]
    packs = []
    for order in (edges, edges[::-1]):
        copies = [dict(each) for each in order]
        source = graph(tmp_path / "g.graphml", NODES, copies)
        write_basemap(read_features(source), tmp_path / "b", tmp_path / "l")
        packs.append((tmp_path / "b").read_bytes())
    assert packs[0] == packs[1]


def test_unknown_streets_are_counted(tmp_path: Path) -> None:
    source = graph(tmp_path / "g.graphml", NODES, [edge("a", "b"), edge("b", "c", highway="moon")])
    found = read_features(source)
    assert found.lost == {"highway=moon is not drawn": 1}
    assert [name for name, table in found.tables.items() if len(table)] == ["roads"]


#: Each entity is twenty of the one before.
BOMB = (
    "<!DOCTYPE g ["
    + f'<!ENTITY a0 "{"a" * 50}">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 20}">' for n in range(1, 9))
    + "]><graphml>&a8;</graphml>"
)


@pytest.mark.parametrize(
    "text",
    ["hello", "", "<graphml><node id='1'/></graphml>", "<graphml><graph>", BOMB,
     "<graphml></graphml>"],
)  # fmt: skip
def test_a_broken_graph_is_one_sentence(tmp_path: Path, text: str) -> None:
    source = tmp_path / "bad.graphml"
    source.write_text(text, "utf-8")
    with pytest.raises(StreetsError, match=r"bad\.graphml") as caught:
        read_features(source)
    assert "\n" not in str(caught.value)


def test_metres_are_not_degrees(tmp_path: Path) -> None:
    source = graph(tmp_path / "g.graphml", {"a": (500_000, 2_500_000)}, [])
    with pytest.raises(StreetsError, match="not in degrees"):
        read_features(source)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(StreetsError, match="none\\.graphml"):
        read_features(tmp_path / "none.graphml")


@pytest.mark.slow
def test_futian(shared: Path) -> None:
    """Real Chinese street names, and each street once."""
    found = read_features(shared / "data/osm/shenzhen-futian.graphml")
    roads = found.tables["roads"]
    assert 2_400 < len(roads) < 2_700
    assert {"深南大道", "红荔西路", "香蜜湖路"} <= set(roads["name"].dropna())
    assert roads["bridge"].sum() > 80
    assert roads["tunnel"].sum() > 30
    both = roads[roads["oneway"] == 0]
    lines = shapely.to_wkb(shapely.normalize(both.geometry.to_numpy()))
    assert not both.assign(line=lines).duplicated(["class", "name", "line"]).any()
