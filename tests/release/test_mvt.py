from __future__ import annotations

import math

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.release.mvt import BUFFER, EXTENT, encode_layer, web_mercator
from tests.quick import examples

EVERYWHERE = (0, 0, 9, 9)


def decoded(tile: bytes) -> list[dict]:  # type: ignore[type-arg]
    layers = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
    return list(layers["l"]["features"])


def shapes(*geometry: shapely.Geometry) -> np.ndarray:  # type: ignore[type-arg]
    return np.array(geometry, dtype=object)


def test_mercator_by_hand() -> None:
    lon_lat = np.array([[0.0, 0.0], [180.0, 0.0], [-180.0, 85.0511287798066]])
    assert web_mercator(lon_lat) == pytest.approx(np.array([[0.5, 0.5], [1, 0.5], [0, 0]]))


def test_a_point_stands_in_one_tile() -> None:
    made = encode_layer("l", shapes(shapely.Point(EXTENT + 10, 20)), [{}], tiles=EVERYWHERE)
    assert list(made) == [(1, 0)]
    assert decoded(made[1, 0])[0]["geometry"] == {"type": "Point", "coordinates": [10, 20]}


def test_a_line_is_cut_at_the_buffer() -> None:
    line = shapely.LineString([(100, 100), (EXTENT + 500, 100)])
    made = encode_layer("l", shapes(line), [{"class": "major"}], tiles=EVERYWHERE)
    assert sorted(made) == [(0, 0), (1, 0)]
    west, east = (decoded(made[tile, 0])[0]["geometry"]["coordinates"] for tile in (0, 1))
    assert west == [[100, 100], [EXTENT + BUFFER, 100]]
    assert east == [[-BUFFER, 100], [500, 100]]


def test_tiles_outside_the_bounds_are_not_made() -> None:
    line = shapely.LineString([(100, 100), (3 * EXTENT, 100)])
    made = encode_layer("l", shapes(line), [{}], tiles=(1, 0, 1, 0))
    assert list(made) == [(1, 0)]


def test_a_ring_with_a_hole_turns_as_the_specification_says() -> None:
    square = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60))
    (feature,) = decoded(encode_layer("l", shapes(square), [{}], tiles=EVERYWHERE)[0, 0])
    shape = shapely.geometry.shape(feature["geometry"])
    assert shape.equals(square)
    assert shape.exterior.is_ccw
    assert not shape.interiors[0].is_ccw


def test_what_collapses_is_left_out() -> None:
    tiny = shapely.box(10.1, 10.1, 10.3, 10.3)
    assert encode_layer("l", shapes(tiny), [{}], tiles=EVERYWHERE) == {}
    assert encode_layer("l", shapes(), [], tiles=EVERYWHERE) == {}


def test_a_bow_tie_becomes_valid() -> None:
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    (feature,) = decoded(encode_layer("l", shapes(bow_tie), [{}], tiles=EVERYWHERE)[0, 0])
    shape = shapely.geometry.shape(feature["geometry"])
    assert shape.is_valid
    assert shape.area == 5_000


def test_values_of_every_type_keep_it() -> None:
    said = {"name": "舒城 " + "长" * 100, "bridge": True, "rank": 1, "oneway": -1, "big": 10**9}
    (feature,) = decoded(
        encode_layer("l", shapes(shapely.Point(1, 1)), [said], tiles=EVERYWHERE)[0, 0]
    )
    assert feature["properties"] == said
    assert {key: type(value) for key, value in feature["properties"].items()} == {
        key: type(value) for key, value in said.items()
    }


def test_order_is_kept() -> None:
    points = [shapely.Point(n, n) for n in (5, 3, 9, 1)]
    made = encode_layer("l", shapes(*points), [{"n": n} for n in range(4)], tiles=EVERYWHERE)
    assert [feature["properties"]["n"] for feature in decoded(made[0, 0])] == [0, 1, 2, 3]


@settings(max_examples=examples(30), deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 2 * EXTENT), st.integers(0, 2 * EXTENT)),
            min_size=2, max_size=12, unique=True,
        ),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_lines_come_back_as_they_were(lines: list[list[tuple[int, int]]]) -> None:
    """Every tile holds the part of each line inside it, to a unit of rounding at the cuts."""
    geometry = shapes(*(shapely.LineString(line) for line in lines))
    made = encode_layer("l", geometry, [{"n": n} for n in range(len(lines))], tiles=EVERYWHERE)
    back = [shapely.LineString() for _ in lines]
    for (column, row), tile in made.items():
        for feature in decoded(tile):
            shape = shapely.transform(
                shapely.geometry.shape(feature["geometry"]),
                lambda xy, c=column, r=row: np.add(xy, [c * EXTENT, r * EXTENT]),
            )
            number = feature["properties"]["n"]
            assert shape.hausdorff_distance(shape.intersection(geometry[number].buffer(2))) < 2
            back[number] = back[number].union(shape)
    for line, found in zip(geometry, back, strict=True):
        assert line.within(found.buffer(2))


@settings(max_examples=examples(30), deadline=None)
@given(
    st.floats(0, 2 * EXTENT), st.floats(0, 2 * EXTENT),
    st.lists(st.floats(2, 3_000), min_size=3, max_size=24),
)  # fmt: skip
def test_polygons_stay_valid_and_whole(x: float, y: float, radii: list[float]) -> None:
    """A star of any shape: valid in every tile, and together the same ground to the rounding."""
    angles = np.linspace(0, 2 * math.pi, len(radii), endpoint=False)
    star = shapely.Polygon(
        [(x + r * math.cos(a), y + r * math.sin(a)) for r, a in zip(radii, angles, strict=True)]
    )
    made = encode_layer("l", shapes(star), [{}], tiles=(0, 0, 3, 3))
    together = shapely.Polygon()
    for (column, row), tile in made.items():
        for feature in decoded(tile):
            shape = shapely.geometry.shape(feature["geometry"])
            assert shape.is_valid
            together = together.union(
                shapely.transform(
                    shape, lambda xy, c=column, r=row: np.add(xy, [c * EXTENT, r * EXTENT])
                ).buffer(0)
            )
    inside = star.intersection(shapely.box(0, 0, 4 * EXTENT, 4 * EXTENT))
    missing = inside.symmetric_difference(together).area
    assert missing <= 2 * (star.length + 8 * EXTENT * (len(made) > 1)) + 4 + 8 * BUFFER * EXTENT * (
        inside.area < star.area
    )
