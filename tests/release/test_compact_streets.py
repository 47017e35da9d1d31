"""The street graph as a phone gets it, read back with a reader of the documented format."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from locator.county import County
from locator.release.compact_streets import UNIT, compact_streets
from locator.streets.graph import Line, StreetGraph, build_graph
from locator.streets.osm import read_streets
from tests.release.columns_reader import unpack


def line(name: str, keys: list[str], places: list[tuple[float, float]], both: bool = True) -> Line:
    lon, lat = zip(*places, strict=True)
    return Line(name, "residential", 15.0, True, both, keys, lon, lat)


@pytest.fixture
def crossing() -> StreetGraph:
    """A bent street of two points between, crossed by a one-way street."""
    bent = [(116.9, 31.4), (116.91, 31.4), (116.915, 31.402), (116.918, 31.401), (116.92, 31.4)]
    straight = [(116.91, 31.39), (116.91, 31.4), (116.91, 31.41)]
    return build_graph(
        [line("横街", [*"axpqb"], bent), line("", [*"sxn"], straight, both=False)], {}
    )


def test_a_crossing_on_paper(crossing: StreetGraph, county: County) -> None:
    header, columns = unpack(compact_streets(crossing, county))
    assert (header["format"], header["version"]) == ("yizhangtu-streets", 1)
    assert header["plane"] == [crossing.node_lon.mean(), crossing.node_lat.mean()]
    assert (header["snap_max_m"], header["snap_kmh"], header["parking_ds"]) == (300.0, 4.5, 600)
    assert header["provenance"] == "illustrative"
    assert columns["names"] == ["横街"]
    assert sorted(columns["inner"]) == [0, 0, 0, 2]
    both = [flags & 1 for flags in columns["flags"]]
    assert [columns["name"][at] for at, yes in enumerate(both) if yes] == [1] * sum(both)


def read_back(raw: bytes) -> list[tuple[int, bool, bool, str, list[tuple[int, int]]]]:
    """Each piece: time, both ways, trap, name, shape on the grid."""
    _, columns = unpack(raw)
    met, nodes = 0, []
    for back in columns["ends"]:
        nodes.append(met - back)
        met += back == 0
    assert met == len(columns["node_lon"])
    place = list(zip(columns["node_lon"], columns["node_lat"], strict=True))
    steps = zip(columns["shape_lon"], columns["shape_lat"], strict=True)
    pieces = []
    for at, time in enumerate(columns["time_ds"]):
        shape = [place[nodes[2 * at]]]
        for _ in range(columns["inner"][at]):
            x, y = next(steps)
            shape.append((shape[-1][0] + x, shape[-1][1] + y))
        shape.append(place[nodes[2 * at + 1]])
        name = columns["name"][at]
        pieces.append(
            (time, bool(columns["flags"][at] & 1), bool(columns["flags"][at] & 2),
             columns["names"][name - 1] if name else "", shape)
        )  # fmt: skip
    return pieces


def of_graph(graph: StreetGraph) -> list[tuple[int, bool, bool, str, list[tuple[int, int]]]]:
    found = []
    for edge in graph.pieces.tolist():
        part = slice(*graph.shape_start[edge : edge + 2])
        grid = (np.rint(axis[part] * UNIT).astype(int).tolist()
                for axis in (graph.shape_lon, graph.shape_lat))  # fmt: skip
        found.append(
            (int(graph.edge_time_ds[edge]), bool(graph.edge_twin[edge] >= 0),
             bool(graph.edge_trap[edge]), graph.edge_name[edge], list(zip(*grid, strict=True)))
        )  # fmt: skip
    return found


def test_everything_comes_back(crossing: StreetGraph, county: County) -> None:
    town = read_streets(county.path(county.streets.file), county.streets)
    for graph in (crossing, town):
        raw = compact_streets(graph, county)
        assert read_back(raw) == of_graph(graph)
        assert raw == compact_streets(graph, county)


def test_the_grid_is_that_of_the_positions(county: County) -> None:
    """What was 1e-7 degrees is the very same number again."""
    town = read_streets(county.path(county.streets.file), county.streets)
    for _, _, _, _, shape in read_back(compact_streets(town, county)):
        assert all(one != other for one, other in pairwise(shape))
    assert (np.rint(town.shape_lon * UNIT) / UNIT == town.shape_lon).all()
