"""Points in shapes, drawn by hand and against asking every shape."""

from __future__ import annotations

import numpy as np
import shapely

from locator.geo.within import shape_at

LEFT, RIGHT = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)


def test_the_first_shape_has_the_edge_that_two_share() -> None:
    shapes = np.array([LEFT, RIGHT])
    assert shape_at(shapes, [0.5, 1.0, 1.5, 2.0, 2.1], 0.5).tolist() == [0, 0, 1, 1, -1]
    assert shape_at(shapes[::-1], [1.0], [0.5]).tolist() == [0]


def test_what_is_no_point_lies_nowhere() -> None:
    shapes = np.array([LEFT, shapely.Polygon()])
    assert shape_at(shapes, [np.nan, 0.5, np.inf], [0.5, np.nan, 0.5]).tolist() == [-1, -1, -1]
    assert shape_at(np.array([], dtype=object), [0.5], [0.5]).tolist() == [-1]
    assert shape_at(shapes, [], []).tolist() == []


def test_as_asking_every_shape() -> None:
    rng = np.random.default_rng(1)
    shapes = shapely.buffer(shapely.points(rng.uniform(0, 10, (60, 2))), rng.uniform(0.1, 2, 60))
    x, y = rng.uniform(-1, 11, (2, 3000))
    inside = shapely.intersects_xy(shapes[:, None], x, y)
    expected = np.where(inside.any(axis=0), inside.argmax(axis=0), -1)
    assert shape_at(shapes, x, y).tolist() == expected.tolist()
