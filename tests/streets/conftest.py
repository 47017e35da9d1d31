"""Streets drawn on paper: metres on a plane at the equator, where a degree is as long both ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from locator.geo.crs import EARTH_RADIUS_M
from locator.streets.graph import StreetGraph
from locator.streets.osm import read_streets

DEGREE_M = EARTH_RADIUS_M * 3.141592653589793 / 180
Plan = Callable[..., Path]


@pytest.fixture
def degrees() -> Callable[..., Any]:
    """Metres on the plan to degrees."""
    return lambda metres: metres / DEGREE_M


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Write an OSM XML file: nodes as {id: (east_m, north_m)}, ways as (node ids, tags)."""

    def draw(
        nodes: Mapping[int, tuple[float, float]],
        *ways: tuple[Sequence[int], Mapping[str, str]],
        barriers: Mapping[int, Mapping[str, str]] | None = None,
        name: str = "plan.osm",
    ) -> Path:
        def tags(pairs: Mapping[str, str]) -> str:
            return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in pairs.items())

        rows = [
            f'<node id="{id}" version="1" lon="{x / DEGREE_M:.12f}" lat="{y / DEGREE_M:.12f}">'
            f"{tags((barriers or {}).get(id, {}))}</node>"
            for id, (x, y) in nodes.items()
        ]
        rows += [
            f'<way id="{number}" version="1">'
            + "".join(f'<nd ref="{ref}"/>' for ref in refs)
            + tags(pairs)
            + "</way>"
            for number, (refs, pairs) in enumerate(ways, start=1)
        ]
        path = tmp_path / name
        path.write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n'
            + "\n".join(rows)
            + "\n</osm>\n",
            "utf-8",
        )
        return path

    return draw


@pytest.fixture
def streets(plan: Plan) -> Callable[..., StreetGraph]:
    """The graph of a plan."""
    return lambda *args, **kwargs: read_streets(plan(*args, **kwargs))


@pytest.fixture
def between() -> Callable[[StreetGraph], dict[tuple[tuple[int, int], tuple[int, int]], int]]:
    """The edges of a graph: ((east_m, north_m), (east_m, north_m)) → tenths of a second."""

    def spot(graph: StreetGraph, node: int) -> tuple[int, int]:
        return (
            round(graph.node_lon[node] * DEGREE_M),
            round(graph.node_lat[node] * DEGREE_M),
        )

    def edges(graph: StreetGraph) -> dict[tuple[tuple[int, int], tuple[int, int]], int]:
        return {
            (spot(graph, a), spot(graph, b)): int(time)
            for a, b, time in zip(graph.edge_from, graph.edge_to, graph.edge_time_ds, strict=True)
        }

    return edges
