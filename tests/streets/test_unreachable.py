"""Why a point is cut off, on streets drawn on paper."""

from __future__ import annotations

import numpy as np
import pytest

from locator.streets.access import access_matrix
from locator.streets.snap import snap
from locator.streets.unreachable import why_unreachable

ROAD = {"highway": "residential"}
ONE_WAY = {**ROAD, "oneway": "yes"}


def test_each_reason(streets, degrees):
    """A town, a one-way stub that leads out of it, an islet, a second town, and a hill."""
    nodes = {
        1: (0, 0), 2: (2000, 0), 3: (3200, 0), 4: (0, 3000), 5: (10, 3000),
        6: (9000, 0), 7: (9000, 3000),
    }  # fmt: skip
    graph = streets(nodes, ([1, 2], ROAD), ([2, 3], ONE_WAY), ([4, 5], ROAD), ([6, 7], ROAD))
    assert (graph.report["traps"], graph.report["islets"]) == (1, 1)
    points = [(100, 20), (3000, 10), (0, 3020), (9000, 100), (0, 1000)]
    lon, lat = (degrees(np.array(column, dtype=float)) for column in zip(*points, strict=True))
    cells = snap(graph, lon, lat)
    access = access_matrix(graph, cells, snap(graph, degrees(50), degrees(0)))
    assert list(access.unreachable_cells) == [1, 2, 3, 4]
    found = why_unreachable(graph, lon, lat, cells, access.unreachable_cells, 300)
    assert [one.position for one in found] == [1, 2, 3, 4]
    assert [one.reason for one in found] == ["trap", "islet", "no_way", "no_street"]
    assert [one.street_m for one in found] == pytest.approx([1000, 3020, 0, 1000], rel=0.01)
