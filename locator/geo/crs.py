"""The reference systems in use: WGS-84 degrees at the door, metres inside.

Everything that leaves or enters a function as longitude and latitude is WGS-84, longitude first.
Distances along the ground are taken on the sphere (0.3 % off at most, far less than a street map
errs); shapes are measured in a plane in metres laid around the county.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from locator.errors import MissingCrs, UsageError

WGS84 = "EPSG:4326"

#: The mean radius of the earth (IUGG), in metres.
EARTH_RADIUS_M = 6_371_008.8


def require_wgs84(table: gpd.GeoDataFrame | gpd.GeoSeries) -> None:
    """Raise MissingCrs unless ``table`` says that it is in WGS-84 longitude and latitude."""
    if table.crs is None:
        raise MissingCrs(
            "the table does not say which coordinate system it is in; convert it to WGS-84 first "
            f"(locator.convert_datum for Chinese datums), then set_crs({WGS84!r})."
        )
    # Tables hold lon, lat whatever the axis order of the definition, so CRS84 is as good.
    if not table.crs.equals(CRS.from_user_input(WGS84), ignore_axis_order=True):
        raise MissingCrs(
            f"the table is in {table.crs.name!r}, and WGS-84 degrees are needed; "
            f"run to_crs({WGS84!r}) first."
        )


def local_metres(lon0: float, lat0: float) -> CRS:
    """A plane in metres around ``lon0``, ``lat0`` (WGS-84 degrees), which is its origin.

    Azimuthal equidistant on the WGS-84 ellipsoid: x is east, y is north, and distances from the
    origin are true. Within 50 km of it no distance is more than 0.01 ‰ wrong.
    Raises UsageError for an origin off the globe.
    """
    if not (-180.0 <= lon0 <= 180.0 and -90.0 <= lat0 <= 90.0):
        raise UsageError(
            f"no plane around lon {lon0}, lat {lat0}: that is no place in degrees; "
            "are they metres, or swapped?"
        )
    return CRS.from_dict(
        {"proj": "aeqd", "lon_0": lon0, "lat_0": lat0, "datum": "WGS84", "units": "m"}
    )


def haversine_m(
    lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike
) -> NDArray[np.float64]:
    """The great-circle distance between points in degrees, in metres, element by element."""
    x1, y1, x2, y2 = (np.radians(np.asarray(v, dtype=np.float64)) for v in (lon1, lat1, lon2, lat2))
    half = np.sin((y2 - y1) / 2) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def bearing_deg(
    lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike
) -> NDArray[np.float64]:
    """The bearing at point 1 towards point 2: degrees clockwise from north, in [0, 360).

    Degrees in, element by element. From a point to itself it is 0.
    """
    x1, y1, x2, y2 = (np.radians(np.asarray(v, dtype=np.float64)) for v in (lon1, lat1, lon2, lat2))
    east = np.sin(x2 - x1) * np.cos(y2)
    north = np.cos(y1) * np.sin(y2) - np.sin(y1) * np.cos(y2) * np.cos(x2 - x1)
    degrees = np.degrees(np.arctan2(east, north)) % 360.0
    # A hair west of north rounds up to 360 in the modulo.
    return np.asarray(np.where(degrees == 360.0, 0.0, degrees))
