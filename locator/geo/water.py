"""Which points lie in the water, where no stop can stand."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

#: What is deeper in the water than this stands in the river, not on its bank.
_DEPTH_M = 10.0
_M_PER_DEGREE = 111_000.0


def in_water(
    lon: NDArray[np.float64], lat: NDArray[np.float64], water: NDArray[np.object_] | None
) -> NDArray[np.bool_]:
    """For each point (WGS-84 degrees) whether it lies in the ``water`` (polygons, or None)."""
    points: NDArray[np.object_] = np.asarray(shapely.points(lon, lat))
    wet = np.zeros(len(lon), dtype=bool)
    if water is not None and len(water):
        point, area = shapely.STRtree(water).query(points, predicate="within")
        depth = shapely.distance(shapely.boundary(water[area]), points[point]) * _M_PER_DEGREE
        wet[point[depth > _DEPTH_M]] = True
    return wet
