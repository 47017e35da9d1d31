"""Areas that coverage is told of: the county, its townships, and what a planner draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from locator.coverage.demand import Demand
from locator.errors import UsageError
from locator.geo.within import shape_at

_POLYGONS = {"Polygon", "MultiPolygon"}


def read_area(path: Path) -> shapely.Geometry:
    """The polygons of a GeoJSON file (degrees, WGS-84) as one area; raises UsageError."""
    try:
        shape = shapely.from_geojson(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(
            f"{path}: 读不了 / cannot be read ({error.strerror}); give a GeoJSON file."
        ) from error
    except (ValueError, shapely.GEOSException) as error:
        raise UsageError(
            f"{path}: 不是 GeoJSON / no GeoJSON; draw a polygon and save it as GeoJSON (WGS-84)."
        ) from error
    parts = [part for part in shapely.get_parts(shape) if not part.is_empty]
    if not parts or any(part.geom_type not in _POLYGONS for part in parts):
        raise UsageError(
            f"{path}: 里面要有面（多边形），而且只有面 / must hold polygons, and nothing else."
        )
    area = shapely.union_all([shapely.make_valid(part) for part in parts])
    west, south, east, north = area.bounds
    if west < -180 or south < -90 or east > 180 or north > 90:
        raise UsageError(
            f"{path}: 坐标不是经纬度 / not in degrees of longitude and latitude; save it in WGS-84."
        )
    return area


def cells_in(demand: Demand, area: shapely.Geometry) -> NDArray[np.bool_]:
    """The cells whose centre lies in the area (WGS-84 degrees), its edge included."""
    lon, lat = demand.centres.T
    return np.equal(shape_at(np.array([area], dtype=object), lon, lat), 0)


def groups_of(names: list[str | None]) -> tuple[list[str | None], NDArray[np.int32]]:
    """The distinct names, sorted, the unknown (None) last; and the number of each cell's."""
    known = sorted({name for name in names if name is not None})
    distinct = [*known, *([None] if None in names else [])]
    number = {name: at for at, name in enumerate(distinct)}
    return distinct, np.array([number[name] for name in names], dtype=np.int32)
