"""Datums: published vectors first, then properties over all of China, then 664 real cities."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from locator import convert_datum
from locator.errors import DatumError, UsageError
from locator.geo import datum, datum_kernel
from locator.geo.crs import haversine_m
from locator.geo.datum import (
    BOX_MARGIN_DEG,
    CHINA_BOX,
    DATUMS,
    bd09_to_gcj02_one_step,
    gcj02_to_wgs84_one_step,
)

WEST, SOUTH, EAST, NORTH = CHINA_BOX
ORDERED_PAIRS = list(permutations(DATUMS, 2))

# source, target, (lon, lat) in, (lon, lat) out
FORWARD = [
    # googollee/eviltransform, python/test.py
    ("wgs84", "gcj02", (121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ("wgs84", "gcj02", (113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ("wgs84", "gcj02", (116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    # wandergis/coordtransform, test/app.js
    ("wgs84", "gcj02", (116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ("gcj02", "bd09", (116.404, 39.915), (116.41036949371029, 39.92133699351021)),
    # hujiulong/gcoord, README.zh-CN
    ("wgs84", "bd09", (116.403988, 39.914266), (116.41661560068297, 39.92196580126834)),
]
ONE_STEP = [
    (gcj02_to_wgs84_one_step, (116.404, 39.915), (116.39775550083061, 39.91359571849836)),
    (bd09_to_gcj02_one_step, (116.404, 39.915), (116.39762729119315, 39.90865673957631)),
]

in_china = st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))


def points(*pairs: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = zip(*pairs, strict=True)
    return np.array(lon), np.array(lat)


@pytest.mark.parametrize(("source", "target", "given", "expected"), FORWARD)
def test_published_vectors(source, target, given, expected):
    lon, lat = convert_datum(*given, source=source, target=target)
    assert (float(lon), float(lat)) == pytest.approx(expected, abs=1e-9, rel=0)


@pytest.mark.parametrize(("source", "target", "expected", "given"), FORWARD)
def test_published_vectors_backwards(source, target, expected, given):
    lon, lat = convert_datum(*given, source=target, target=source)
    assert (float(lon), float(lat)) == pytest.approx(expected, abs=1e-9, rel=0)


@pytest.mark.parametrize(("function", "given", "expected"), ONE_STEP)
def test_published_one_step_inverses(function, given, expected):
    lon, lat = function(*given)
    assert (float(lon), float(lat)) == pytest.approx(expected, abs=1e-6, rel=0)
    exact = convert_datum(
        *given,
        source="gcj02" if function is gcj02_to_wgs84_one_step else "bd09",
        target="wgs84" if function is gcj02_to_wgs84_one_step else "gcj02",
    )
    assert 0.01 < float(haversine_m(lon, lat, *exact)) < 4.0  # close, and not the exact inverse


# The Chinese cities whose shift the county's own errors are recognised by.
@pytest.mark.parametrize(
    ("lon", "lat", "east_m", "north_m"),
    [(116.944, 31.462, 486, -239), (124.784, 40.731, 482, 183)],
)
def test_a_gcj_point_read_as_wgs_is_off_by_the_known_arrow(lon, lat, east_m, north_m):
    shifted_lon, shifted_lat = convert_datum(lon, lat, source="wgs84", target="gcj02")
    east = np.sign(shifted_lon - lon) * haversine_m(lon, lat, shifted_lon, lat)
    north = np.sign(shifted_lat - lat) * haversine_m(lon, lat, lon, shifted_lat)
    assert (float(east), float(north)) == pytest.approx((east_m, north_m), abs=2)


@pytest.mark.parametrize(("source", "target"), ORDERED_PAIRS)
@given(point=in_china)
@example(point=(105.0, 35.0))  # the origin of the formula, where its root has no slope
@example(point=(104.99999999999999, 35.00000000000001))
@example(point=(116.516766, 31.735757))
@example(point=(124.348694, 39.999250))
def test_there_and_back_again(source, target, point):
    # Start in WGS-84, so that the point exists in every datum.
    start = convert_datum(*point, source="wgs84", target=source)
    there = convert_datum(*start, source=source, target=target)
    back = convert_datum(*there, source=target, target=source)
    np.testing.assert_allclose(back, start, rtol=0, atol=1e-9)


@given(point=in_china)
def test_the_shift_is_never_more_than_the_margin_of_the_box(point):
    lon, lat = convert_datum(*point, source="wgs84", target="gcj02")
    assert abs(lon - point[0]) < BOX_MARGIN_DEG / 2
    assert abs(lat - point[1]) < BOX_MARGIN_DEG / 2


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_outside_the_box_gcj_is_wgs(lon, lat):
    assume(not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH))
    assert convert_datum(lon, lat, source="wgs84", target="gcj02") == (lon, lat)


@pytest.mark.parametrize(
    ("lon", "lat", "shifted"),
    [
        (WEST, 35.0, True),
        (np.nextafter(WEST, 0), 35.0, False),
        (EAST, 35.0, True),
        (np.nextafter(EAST, 180), 35.0, False),
        (105.0, SOUTH, True),
        (105.0, np.nextafter(SOUTH, 0), False),
        (105.0, NORTH, True),
        (105.0, np.nextafter(NORTH, 90), False),
        (24.94, 60.17, False),  # Helsinki
        (-118.24, 34.05, False),  # the mirror of 118 E
    ],
)
def test_the_edge_of_the_box_is_inside(lon, lat, shifted):
    there = convert_datum(lon, lat, source="wgs84", target="gcj02")
    assert ((float(there[0]), float(there[1])) != (lon, lat)) is shifted
    back = convert_datum(*there, source="gcj02", target="wgs84")
    np.testing.assert_allclose(back, (lon, lat), rtol=0, atol=1e-9 if shifted else 0.012)


def test_where_the_shift_leads_out_of_the_box_the_point_inside_is_given():
    inside = (EAST - 1e-4, 35.0)
    there = convert_datum(*inside, source="wgs84", target="gcj02")
    assert there[0] > EAST  # shared with the unshifted point that lies there
    np.testing.assert_allclose(
        convert_datum(*there, source="gcj02", target="wgs84"), inside, rtol=0, atol=1e-9
    )


def test_a_gcj_position_that_no_point_has_comes_back_as_it_is():
    orphan = (WEST + 1e-4, 35.0)  # points inside start farther east, points outside farther west
    shifted = convert_datum(WEST, 35.0, source="wgs84", target="gcj02")
    assert shifted[0] > orphan[0]
    assert convert_datum(*orphan, source="gcj02", target="wgs84") == orphan


def test_real_cities(shared: Path):
    cities = json.loads((shared / "data/datum/china-cities.json").read_text("utf-8"))
    assert len(cities) == 664
    read = {
        name: np.array([city["coords"][name] for city in cities]).T
        for name in ("WGS84", "GCJ02", "BD09")
    }
    for source, target, tolerance_m in [
        ("WGS84", "GCJ02", 1.0),
        ("GCJ02", "WGS84", 1.0),
        ("GCJ02", "BD09", 0.05),
        ("BD09", "GCJ02", 0.5),
    ]:
        got = convert_datum(*read[source], source=source.lower(), target=target.lower())
        assert haversine_m(*got, *read[target]).max() < tolerance_m, (source, target)
    one_step = gcj02_to_wgs84_one_step(*read["GCJ02"])
    exact = convert_datum(*read["GCJ02"], source="gcj02", target="wgs84")
    assert 3 < haversine_m(*one_step, *exact).max() < 4.2


def test_cgcs2000_is_wgs84_at_this_scale():
    lon, lat = points((116.944, 31.462), (124.784, 40.731))
    for source, target in [("cgcs2000", "wgs84"), ("wgs84", "cgcs2000")]:
        got = convert_datum(lon, lat, source=source, target=target)
        assert haversine_m(*got, lon, lat).max() < 1.0
    np.testing.assert_allclose(
        convert_datum(lon, lat, source="cgcs2000", target="bd09"),
        convert_datum(lon, lat, source="wgs84", target="bd09"),
        atol=1e-5,
    )


# Shapes and odd inputs


@pytest.mark.parametrize("shape", [(), (0,), (1,), (5,), (2, 3), (0, 4), (2, 1, 3)])
@pytest.mark.parametrize(
    ("source", "target"),
    [("gcj02", "wgs84"), ("wgs84", "bd09"), ("bd09", "cgcs2000"), ("wgs84", "wgs84")],
)
def test_shapes_are_kept(shape, source, target):
    lon, lat = np.full(shape, 116.944), np.full(shape, 31.462)
    got = convert_datum(lon, lat, source=source, target=target)
    one = convert_datum(116.944, 31.462, source=source, target=target)
    for values, value in zip(got, one, strict=True):
        assert isinstance(values, np.ndarray)
        assert values.shape == shape
        assert values.dtype == np.float64
        assert (values == value).all()


def test_lists_integers_series_and_slices_are_taken():
    lon, lat = points((116.0, 31.0), (124.0, 40.0), (117.0, 32.0))
    expected = convert_datum(lon, lat, source="wgs84", target="gcj02")
    strided = np.repeat(lon, 2)[::2], np.asfortranarray(lat)
    for given_lon, given_lat in [
        ([116, 124, 117], [31, 40, 32]),
        (lon.astype(np.float32), lat.astype(np.int16)),
        (pd.Series(lon, index=[9, 8, 7]), pd.Series(lat)),
        strided,
    ]:
        got = convert_datum(given_lon, given_lat, source="wgs84", target="gcj02")
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize(("source", "target"), ORDERED_PAIRS)
def test_the_input_is_left_alone(source, target):
    lon, lat = points((116.944, 31.462), (np.nan, 31.0), (0.0, 0.0))
    lon.setflags(write=False)
    lat.setflags(write=False)
    before = lon.copy(), lat.copy()
    got = convert_datum(lon, lat, source=source, target=target)
    np.testing.assert_array_equal((lon, lat), before)
    assert got[0].flags.writeable
    assert not np.shares_memory(got[0], lon)
    same = convert_datum(lon, lat, source=source, target=source)
    assert not np.shares_memory(same[0], lon)


@pytest.mark.parametrize(("source", "target"), [*ORDERED_PAIRS, ("wgs84", "wgs84")])
def test_what_is_not_finite_becomes_nan_and_spoils_nothing_else(source, target):
    lon, lat = points(
        (116.944, 31.462), (np.nan, 31.0), (116.0, np.nan), (np.inf, 31.0), (116.0, -np.inf)
    )
    got = convert_datum(lon, lat, source=source, target=target)
    assert np.isnan(got[0]).tolist() == [False, True, True, True, True]
    assert np.isnan(got[1]).tolist() == [False, True, True, True, True]
    alone = convert_datum(lon[0], lat[0], source=source, target=target)
    assert (got[0][0], got[1][0]) == alone


@pytest.mark.parametrize(("source", "target"), ORDERED_PAIRS)
def test_projected_metres_and_absurd_numbers_do_not_fail(source, target):
    lon, lat = points((13_018_000.0, 3_690_000.0), (1e300, -1e300), (0.0, 0.0), (-180.0, -90.0))
    got = convert_datum(lon, lat, source=source, target=target)
    assert got[0].shape == (4,)


@pytest.mark.parametrize("name", ["wgs-84", "WGS84", "", "gcj", "bd09mc", "epsg:4326"])
def test_an_unknown_datum_is_refused_with_the_four_names(name):
    for kwargs in ({"source": name, "target": "wgs84"}, {"source": "wgs84", "target": name}):
        with pytest.raises(DatumError) as error:
            convert_datum(116.0, 31.0, **kwargs)
        for known in ("wgs84", "gcj02", "bd09", "cgcs2000"):
            assert known in str(error.value)
        assert repr(name) in str(error.value)


@pytest.mark.parametrize(
    ("lon", "lat"), [([1.0, 2.0], [1.0]), (1.0, [1.0]), ([[1.0, 2.0]], [1.0, 2.0])]
)
def test_one_lat_for_each_lon(lon, lat):
    with pytest.raises(UsageError, match="shape"):
        convert_datum(lon, lat, source="wgs84", target="gcj02")


# The compiled kernel


def crowd(n: int, margin: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2026)
    lon = rng.uniform(WEST - margin, EAST + margin, n)
    lat = rng.uniform(SOUTH - margin, NORTH + margin, n)
    lon[:4], lat[:4] = (105.0, 105.0, WEST, EAST), (35.0, 0.0 + SOUTH, SOUTH, NORTH)
    return lon, lat


@pytest.mark.parametrize(("source", "target"), [("wgs84", "gcj02"), ("gcj02", "wgs84")])
def test_the_kernel_agrees_with_numpy(source, target, monkeypatch):
    lon, lat = crowd(20_000, margin=1.0)
    lon[10], lat[11], lon[12] = np.nan, np.inf, 1e300
    lon[13:1000] = np.random.default_rng(1).uniform(-180, 180, 987)
    lat[13:500] = np.random.default_rng(2).uniform(-90, 90, 487)
    reference = convert_datum(lon, lat, source=source, target=target)
    called = []
    for name in ("gcj_shifted", "gcj_unshifted"):
        function = getattr(datum_kernel, name)
        monkeypatch.setattr(
            datum_kernel, name, lambda x, y, f=function: called.append(x.size) or f(x, y)
        )
    monkeypatch.setattr(datum, "KERNEL_FROM", 1)
    compiled = convert_datum(lon, lat, source=source, target=target)
    assert called
    np.testing.assert_allclose(compiled, reference, rtol=0, atol=1e-12, equal_nan=True)


def test_the_kernel_where_the_root_has_no_slope():
    x = np.concatenate([np.logspace(-14, -1, 500), -np.logspace(-14, -1, 500), [0.0]])
    lon, lat = 105.0 + x, np.linspace(5.0, 52.0, x.size)
    there = datum_kernel.gcj_shifted(lon, lat)
    np.testing.assert_allclose(
        there, convert_datum(lon, lat, source="wgs84", target="gcj02"), rtol=0, atol=1e-12
    )
    back = datum_kernel.gcj_unshifted(*there)
    np.testing.assert_allclose(back, (lon, lat), rtol=0, atol=2e-10)
    some = np.abs(x) > 1e-4
    np.testing.assert_allclose(
        np.array(back)[:, some], np.array((lon, lat))[:, some], rtol=0, atol=1e-12
    )


def test_a_large_array_takes_the_kernel_whatever_its_shape():
    lon, lat = crowd(datum.KERNEL_FROM + 2)
    shape = (2, lon.size // 2)
    there = convert_datum(lon.reshape(shape), lat.reshape(shape), source="wgs84", target="gcj02")
    back = convert_datum(*there, source="gcj02", target="wgs84")
    assert back[0].shape == shape
    np.testing.assert_allclose(back[0].ravel(), lon, rtol=0, atol=1e-9)
    np.testing.assert_allclose(back[1].ravel(), lat, rtol=0, atol=1e-9)
    some = slice(0, 1000)
    np.testing.assert_allclose(
        there[0].ravel()[some],
        convert_datum(lon[some], lat[some], source="wgs84", target="gcj02")[0],
        rtol=0,
        atol=1e-12,
    )
