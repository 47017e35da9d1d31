"""Reference systems: distances and bearings one can check on a globe."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely.geometry import Point

from locator.errors import MissingCrs, UsageError
from locator.geo.crs import (
    EARTH_RADIUS_M,
    WGS84,
    bearing_deg,
    haversine_m,
    local_metres,
    require_wgs84,
)

lons, lats = st.floats(-179, 179), st.floats(-89, 89)
DEGREE_M = np.pi * EARTH_RADIUS_M / 180


@pytest.mark.parametrize("crs", [WGS84, "OGC:CRS84", 4326])
def test_wgs84_is_taken(crs):
    require_wgs84(gpd.GeoDataFrame(geometry=[Point(116.9, 31.4)], crs=crs))
    require_wgs84(gpd.GeoSeries([], crs=crs))


@pytest.mark.parametrize(("crs", "said"), [(None, "set_crs"), ("EPSG:3857", "Pseudo-Mercator"),
                                           ("EPSG:4490", "2000"), ("EPSG:4979", "84")])  # fmt: skip
def test_any_other_system_is_refused_with_a_way_out(crs, said):
    table = gpd.GeoDataFrame(geometry=[Point(1, 2)], crs=crs)
    with pytest.raises(MissingCrs, match=said) as error:
        require_wgs84(table)
    assert "EPSG:4326" in str(error.value)


def test_distances_on_a_globe():
    assert haversine_m(0, 0, 1, 0) == pytest.approx(DEGREE_M)
    assert haversine_m(0, 0, 0, 1) == pytest.approx(DEGREE_M)
    assert haversine_m(0, 60, 1, 60) == pytest.approx(DEGREE_M / 2, rel=1e-4)
    assert haversine_m(0, 0, 180, 0) == pytest.approx(180 * DEGREE_M)
    assert haversine_m(0, -90, 77, 90) == pytest.approx(180 * DEGREE_M)
    assert haversine_m(179.5, 0, -179.5, 0) == pytest.approx(DEGREE_M)
    assert haversine_m(116.9, 31.4, 116.9, 31.4) == 0


def test_arrays_and_scalars_mix():
    distances = haversine_m(116.9, 31.4, np.array([116.9, 117.9]), np.array([31.4, 31.4]))
    assert distances.shape == (2,)
    assert distances[0] == 0
    assert haversine_m(116.9, 31.4, 117.9, 31.4) == distances[1]
    assert haversine_m([], [], [], []).shape == (0,)
    assert np.isnan(haversine_m(np.nan, 31.4, 116.9, 31.4))


@given(lons, lats, lons, lats)
def test_the_sphere_is_close_to_the_ellipsoid(lon1, lat1, lon2, lat2):
    truth = Geod(ellps="WGS84").inv(lon1, lat1, lon2, lat2)[2]
    assert haversine_m(lon1, lat1, lon2, lat2) == pytest.approx(truth, rel=0.006, abs=0.01)
    assert haversine_m(lon1, lat1, lon2, lat2) == haversine_m(lon2, lat2, lon1, lat1)


@pytest.mark.parametrize(
    ("lon", "lat", "bearing"),
    [(0, 1, 0), (1, 0, 90), (0, -1, 180), (-1, 0, 270), (0, 0, 0)],
)
def test_bearings_by_compass(lon, lat, bearing):
    assert bearing_deg(0, 0, lon, lat) == pytest.approx(bearing)


@given(lons, lats, lons, lats)
def test_bearings_stay_on_the_compass(lon1, lat1, lon2, lat2):
    assert 0 <= bearing_deg(lon1, lat1, lon2, lat2) < 360


@given(st.floats(-180, 180), st.floats(-85, 85), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
@example(0.0, 6.018248502394539e-09, 0.0, 0.0)
def test_the_local_plane_is_true_around_its_origin(lon0, lat0, dx, dy):
    # PROJ takes less than 1e-10 radians (0.7 mm) for nothing.
    plane = Transformer.from_crs(WGS84, local_metres(lon0, lat0), always_xy=True)
    assert plane.transform(lon0, lat0) == pytest.approx((0, 0), abs=1e-3)
    lon, lat = lon0 + dx / np.cos(np.radians(lat0)), lat0 + dy
    x, y = plane.transform(lon, lat)
    bearing, _, truth = Geod(ellps="WGS84").inv(lon0, lat0, lon, lat)
    assert np.hypot(x, y) == pytest.approx(truth, rel=1e-9, abs=1e-3)
    east, north = np.sin(np.radians(bearing)) * truth, np.cos(np.radians(bearing)) * truth
    assert (x, y) == pytest.approx((east, north), abs=0.01)


def test_the_local_plane_measures_between_any_two_points_of_a_county():
    plane = Transformer.from_crs(WGS84, local_metres(116.944, 31.462), always_xy=True)
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(116.5, 117.4, (2, 300)), rng.uniform(31.1, 31.8, (2, 300))
    x, y = plane.transform(lon, lat)
    truth = Geod(ellps="WGS84").inv(lon[0], lat[0], lon[1], lat[1])[2]
    flat = np.hypot(x[0] - x[1], y[0] - y[1])
    assert np.abs(flat / truth - 1).max() < 1.5e-5
    assert plane.target_crs is not None
    assert plane.target_crs.axis_info[0].unit_name == "metre"


@pytest.mark.parametrize(("lon0", "lat0"), [(13_018_000, 3_690_000), (31.4, 116.9), (np.nan, 0)])
def test_no_plane_off_the_globe(lon0, lat0):
    with pytest.raises(UsageError, match="degrees"):
        local_metres(lon0, lat0)
