from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from locator.streets.graph import StreetGraph
from locator.streets.route import route
from locator.streets.snap import Snap, snap

STREET = {"highway": "residential"}


@pytest.fixture
def at(degrees: Callable[..., Any]) -> Callable[..., Snap]:
    return lambda graph, x, y: snap(graph, [degrees(x)], [degrees(y)])


def metres(line: Any, degrees: Callable[..., Any]) -> list[tuple[int, int]]:
    return [(round(x), round(y)) for x, y in np.asarray(line) / degrees(1.0)]


def test_around_the_block_by_the_shorter_way(
    streets: Callable[..., StreetGraph], at: Callable[..., Snap], degrees: Callable[..., Any]
) -> None:
    nodes = {1: (0, 0), 2: (1000, 0), 3: (1000, 600), 4: (0, 600)}
    graph = streets(nodes, ([1, 2, 3, 4, 1], STREET))
    found = route(graph, at(graph, 900, 0), at(graph, 800, 600))
    assert metres(found, degrees) == [(900, 0), (1000, 0), (1000, 600), (800, 600)]


def test_along_one_street(
    streets: Callable[..., StreetGraph], at: Callable[..., Snap], degrees: Callable[..., Any]
) -> None:
    graph = streets({1: (0, 0), 2: (500, 0), 3: (1000, 0)}, ([1, 2, 3], STREET))
    found = metres(route(graph, at(graph, 800, 5), at(graph, 200, -5)), degrees)
    assert (found[0], found[-1]) == ((800, 0), (200, 0))
    assert metres(route(graph, at(graph, 200, 0), at(graph, 300, 0)), degrees) == [
        (200, 0), (300, 0)
    ]  # fmt: skip


def test_a_one_way_street_is_not_ridden_backwards(
    streets: Callable[..., StreetGraph], at: Callable[..., Snap], degrees: Callable[..., Any]
) -> None:
    nodes = {1: (0, 0), 2: (1000, 0), 3: (1000, 600), 4: (0, 600)}
    graph = streets(
        nodes, ([1, 2], {**STREET, "oneway": "yes"}), ([2, 3, 4, 1], STREET)
    )  # fmt: skip
    found = set(metres(route(graph, at(graph, 600, 0), at(graph, 400, 0)), degrees))
    assert {(1000, 600), (0, 600), (0, 0)} <= found


def test_no_way_from_where_no_street_is(
    streets: Callable[..., StreetGraph], at: Callable[..., Snap]
) -> None:
    graph = streets({1: (0, 0), 2: (2000, 0)}, ([1, 2], STREET))
    assert route(graph, at(graph, 50, 9000), at(graph, 100, 0)) is None


def test_the_way_is_as_long_as_the_search_says(
    streets: Callable[..., StreetGraph], degrees: Callable[..., Any]
) -> None:
    """On a grid of seeded speeds, the time along the route is that of the matrix."""
    from locator.streets.access import times_within

    rng = np.random.default_rng(7)
    side = 6
    nodes = {i * side + j + 1: (i * 150, j * 150) for i in range(side) for j in range(side)}
    kinds = ["residential", "footway", "track"]
    ways = []
    for i in range(side):
        for j in range(side):
            here = i * side + j + 1
            for other in ((here + 1) if j + 1 < side else 0, (here + side) if i + 1 < side else 0):
                if other:
                    ways.append(([here, other], {"highway": str(rng.choice(kinds))}))
    graph = streets(nodes, *ways)
    spots = rng.uniform(0, (side - 1) * 150, (12, 2))
    points = snap(graph, degrees(spots[:, 0]), degrees(spots[:, 1]))
    matrix = times_within(graph, points, points, 7200, 0).toarray()
    speeds = {"residential": 15, "footway": 4.5, "track": 10}
    for a in range(0, 12, 2):
        one, two = (Snap(*(c[k : k + 1] for c in vars(points).values())) for k in (a, a + 1))
        line = np.asarray(route(graph, one, two)) / degrees(1.0)
        middle = (line[1:] + line[:-1]) / 2
        length = np.hypot(*np.diff(line, axis=0).T)
        on = snap(graph, degrees(middle[:, 0]), degrees(middle[:, 1]))
        pace = [speeds[graph.edge_class[edge]] / 36 for edge in on.edge[length > 0]]
        seconds = (length[length > 0] / np.array(pace)).sum()
        ride = matrix[a, a + 1] - points.time_ds[a] - points.time_ds[a + 1]
        assert seconds == pytest.approx(ride, abs=len(line) * 0.6 + 1)
