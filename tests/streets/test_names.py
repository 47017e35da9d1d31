from __future__ import annotations

from locator.streets.names import streets_near

ROAD = {"highway": "residential"}


def test_the_nearest_first_by_the_nearest_of_its_pieces(streets, degrees):
    """A point 20 m from the market street, 40 m from the river road, whose other piece is far."""
    nodes = {
        1: (0, 0),
        2: (500, 0),
        3: (900, 0),
        4: (0, 60),
        5: (500, 60),
        6: (0, 3000),
        7: (900, 3000),
    }
    graph = streets(
        nodes,
        ([1, 2], {**ROAD, "name": "滨河路"}),
        ([2, 3], {**ROAD, "name": "滨河路"}),
        ([4, 5], {**ROAD, "name": "集市街"}),
        ([2, 5], ROAD),
        ([6, 7], {**ROAD, "name": "远山路"}),
    )
    points = degrees(100), degrees(40)
    assert streets_near(graph, *points) == [["集市街", "滨河路"]]
    assert streets_near(graph, *points, max_m=30) == [["集市街"]]
    assert streets_near(graph, degrees(100), degrees(10)) == [["滨河路", "集市街"]]
    assert streets_near(graph, [0, 0], [degrees(3000), 1]) == [["远山路"], []]


def test_a_town_without_names(streets):
    graph = streets({1: (0, 0), 2: (100, 0)}, ([1, 2], ROAD))
    assert streets_near(graph, 0.0, 0.0) == [[]]
