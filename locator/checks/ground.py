"""What stands under a point: how far the streets are, whether it is water.

Each row gets one fault at most, the first that applies, so that no fault is told twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from locator.checks.surroundings import Surroundings
from locator.county import County
from locator.geo.crs import WGS84, local_metres
from locator.streets.graph import StreetGraph

#: Farther from every street than the middle of a block of 300 m by 300 m, the largest that towns
#: are built in. Of 1,515 shops and services of Liechtenstein and Helsinki none is more than 82 m
#: from a street, 1 % more than 35 to 45 m.
FAR_M = 150.0
#: So deep in water, and so far from any street (bridge, pier, quay), a point is no place to enter.
#: Banks are drawn some metres off, and boats that serve lie at the quay.
DEEP_M, ASHORE_M = 5.0, 15.0
#: Streets are taken as spots so many metres apart, so that a distance of 15 m is 3 m too long at
#: most, and one of 150 m a third of a metre.
SPOT_M = 20.0

Floats = NDArray[np.float64]


def find_ground(
    rows: pd.DataFrame, county: County, surroundings: Surroundings | None
) -> pd.DataFrame:
    """What is under each parsed row: ``ground_fault``, and its ``street_m`` and ``water_m``.

    ``ground_fault`` is in_water, no_street (none within the county's ``snap_max_m``), no_way_out
    (only streets from which one cannot ride to the town and back), far, or "" where there is
    none. ``street_m`` is the distance to the nearest street that an e-bike can ride to and from,
    ``water_m`` how far the point lies within water, both in metres. Rows without a position in the
    county, and rows of which the surroundings say nothing (``grounded``), have "" and NaN.
    """
    found = pd.DataFrame(
        {"ground_fault": "", "street_m": np.nan, "water_m": np.nan}, index=rows.index
    )
    asked = (rows["position_fault"] == "") & np.isfinite(rows["lon"]) & rows["grounded"]
    if surroundings is None or not asked.any():
        return found
    to_metres = Transformer.from_crs(WGS84, local_metres(*county.centre), always_xy=True)
    at = np.column_stack(
        to_metres.transform(rows.loc[asked, "lon"].to_numpy(), rows.loc[asked, "lat"].to_numpy())
    )
    streets = surroundings.streets
    rideable = streets.pieces[~streets.edge_trap[streets.pieces]]
    street_m = _nearest_m(at, _spots(streets, rideable, to_metres))
    water_m = np.zeros(len(at))
    inland = np.flatnonzero(street_m > ASHORE_M)
    water_m[inland] = _depth_m(at[inland], surroundings, to_metres)
    max_m = county.streets.snap_max_m
    lost = street_m > max_m
    trapped = lost.copy()
    traps = streets.pieces[streets.edge_trap[streets.pieces]]
    trapped[lost] = _nearest_m(at[lost], _spots(streets, traps, to_metres)) <= max_m
    found.loc[asked, "ground_fault"] = np.select(
        [water_m > DEEP_M, trapped, lost, street_m > FAR_M],
        ["in_water", "no_way_out", "no_street", "far"],
        "",
    )
    found.loc[asked, "street_m"] = street_m
    found.loc[asked, "water_m"] = water_m
    return found


def _spots(graph: StreetGraph, edges: NDArray[Any], to_metres: Transformer) -> Floats:
    """Points along the edges, every corner and at most `SPOT_M` apart; metres."""
    edge = np.repeat(np.arange(len(graph.edge_from)), np.diff(graph.shape_start))
    chosen = np.isin(edge, edges)
    xy: Floats = np.column_stack(to_metres.transform(graph.shape_lon, graph.shape_lat))
    tail = np.flatnonzero(chosen[:-1] & (edge[:-1] == edge[1:]))
    along = xy[tail + 1] - xy[tail]
    parts = np.maximum(1, np.ceil(np.hypot(*along.T) / SPOT_M)).astype(np.int64)
    segment = np.repeat(np.arange(len(tail)), parts)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(parts) - parts, parts)
    share = (number / parts[segment])[:, None]
    inner = xy[tail][segment] + along[segment] * share
    ends = graph.shape_start[1:][edges] - 1
    return np.concatenate([inner, xy[ends]])


def _nearest_m(at: Floats, spots: Floats) -> Floats:
    """How far each point is from the nearest spot; infinite where there is none."""
    if not len(spots) or not len(at):
        return np.full(len(at), np.inf)
    # In a street map many spots stand on one line: plain splits are quicker than balanced ones.
    tree = cKDTree(spots, balanced_tree=False, compact_nodes=False)
    return np.asarray(tree.query(at)[0])


def _depth_m(at: Floats, surroundings: Surroundings, to_metres: Transformer) -> Floats:
    """How far each point lies within water; 0 on land, and in a house built over the water."""
    depth = np.zeros(len(at))
    if not len(at) or not len(surroundings.water):
        return depth
    points: NDArray[Any] = np.asarray(shapely.points(at))
    point, water = _within(points, surroundings.water, to_metres)
    if not len(point):
        return depth
    np.maximum.at(depth, point, shapely.distance(points[point], shapely.boundary(water)))
    wet = np.flatnonzero(depth)
    housed, _ = _within(points[wet], surroundings.buildings, to_metres)
    depth[wet[housed]] = 0.0
    return depth


def _within(
    points: NDArray[Any], areas: NDArray[Any], to_metres: Transformer
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Which of the points lie in which of the areas (degrees): their numbers, and the areas."""

    def project(lon_lat: Floats) -> Floats:
        return np.column_stack(to_metres.transform(lon_lat[:, 0], lon_lat[:, 1]))

    if not len(areas) or not len(points):
        return np.array([], dtype=np.int64), np.array([], dtype=object)
    flat = shapely.transform(areas, project)
    point, area = shapely.STRtree(flat).query(points, predicate="intersects")
    return point, flat[area]
