"""How far places lie outside a county's outline."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from locator.errors import ConfigError
from locator.geo.crs import WGS84, local_metres

#: The open outlines are this coarse.
OUTLINE_TOLERANCE_M = 300.0
#: No county reaches farther than this from its centre; what lies beyond is another place.
FAR_M = 150_000.0


def outside_outline_m(
    path: Path, centre: tuple[float, float], lon: ArrayLike, lat: ArrayLike
) -> NDArray[np.float64]:
    """How far, in metres, each point (WGS-84 degrees) lies outside the outline and its tolerance.

    0 within, and where a point is not finite. ``path`` is GeoJSON polygons, ``centre`` the
    county's middle. Raises ConfigError where the outline can't be read.
    """
    outline = _outline(path, *centre)
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    distance = np.zeros(len(lon))
    at = np.flatnonzero(np.isfinite(lon))
    x, y = to_metres(*centre).transform(lon[at], lat[at])
    x, y = np.asarray(x), np.asarray(y)
    finite = np.isfinite(x) & np.isfinite(y)
    distance[at[~finite]] = FAR_M  # the far side of the earth has no place on the plane
    at, x, y = at[finite], x[finite], y[finite]
    out = ~shapely.contains_xy(outline, x, y)
    distance[at[out]] = shapely.distance(outline, shapely.points(x[out], y[out]))
    return distance


@lru_cache(maxsize=8)
def to_metres(lon0: float, lat0: float) -> Transformer:
    """From WGS-84 degrees into the plane in metres around ``lon0``, ``lat0``."""
    return Transformer.from_crs(WGS84, local_metres(lon0, lat0), always_xy=True)


@lru_cache(maxsize=8)
def _outline(path: Path, lon0: float, lat0: float) -> Any:
    """The outline in metres around the centre, wider by the tolerance, made ready for asking."""
    try:
        content = json.loads(path.read_text("utf-8"))
        features = content["features"] if content["type"] == "FeatureCollection" else [content]
        shapes = [
            shapely.from_geojson(json.dumps(feature.get("geometry", feature)))
            for feature in features
        ]
    except (OSError, ValueError, KeyError, TypeError, shapely.GEOSException) as error:
        raise ConfigError(
            f"{path}：县的范围读不了，要用 GeoJSON 面 / "
            f"the county's outline can't be read ({error}); it must be GeoJSON polygons."
        ) from error
    metres = to_metres(lon0, lat0)

    def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(metres.transform(points[:, 0], points[:, 1]))

    flat = shapely.transform(shapely.union_all(shapely.make_valid(np.array(shapes))), project)
    wide = shapely.buffer(flat, OUTLINE_TOLERANCE_M)
    shapely.prepare(wide)
    return wide
