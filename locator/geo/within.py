"""Which of many shapes a point lies in."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray


def shape_at(shapes: NDArray[np.object_], lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
    """The number of the first of ``shapes`` that has each point, -1 outside all.

    Points and shapes are in the same degrees; a shape's edge is in it. Each shape is asked only of
    the points in its bounding box, which are found by bisection, so that a thousand outlines cost
    little more than one. Prepares the shapes. A point that is not finite lies in none.
    """
    x, y = np.broadcast_arrays(np.atleast_1d(lon), np.atleast_1d(lat))
    x, y = x.astype(np.float64), y.astype(np.float64)
    found = np.full(x.shape, -1, dtype=np.int64)
    order = np.argsort(x, kind="stable")
    eastward = x[order]
    shapely.prepare(shapes)
    for number, (west, south, east, north) in enumerate(shapely.bounds(shapes)):
        first, last = np.searchsorted(eastward, west), np.searchsorted(eastward, east, "right")
        near = order[first:last]
        near = near[(y[near] >= south) & (y[near] <= north) & (found[near] < 0)]
        found[near[shapely.intersects_xy(shapes[number], x[near], y[near])]] = number
    return found
