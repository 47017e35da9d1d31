"""What the streets around a point are called."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike
from pyproj import Transformer

from locator.geo.crs import WGS84, local_metres
from locator.streets.graph import StreetGraph


def streets_near(
    graph: StreetGraph, lon: ArrayLike, lat: ArrayLike, max_m: float = 1000.0
) -> list[list[str]]:
    """For each point (WGS-84 degrees) the named streets within ``max_m``, the nearest first."""
    plane = Transformer.from_crs(
        WGS84,
        local_metres(float(np.mean(graph.node_lon)), float(np.mean(graph.node_lat))),
        always_xy=True,
    )
    named = [edge for edge in graph.pieces if graph.edge_name[edge]]
    spans = [slice(graph.shape_start[edge], graph.shape_start[edge + 1]) for edge in named]
    x, y = plane.transform(graph.shape_lon, graph.shape_lat)
    shapes = np.array(
        [shapely.LineString(np.column_stack([x[span], y[span]])) for span in spans], dtype=object
    )
    points = shapely.points(*plane.transform(np.atleast_1d(lon), np.atleast_1d(lat)))
    found: list[dict[str, float]] = [{} for _ in points]
    at, piece = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=max_m)
    distance = shapely.distance(points[at], shapes[piece])
    for point, edge, metres in zip(at, piece, distance, strict=True):
        name = str(graph.edge_name[named[edge]])
        found[point][name] = min(metres, found[point].get(name, np.inf))
    return [sorted(near, key=lambda name: (near[name], name)) for near in found]
