"""Where one reaches a stop within some minutes, as polygons.

What is reached are pieces of street and parts of pieces, exactly. The polygon lays 50 metres about
them (block, yard and pavement), less 25 metres about any street that is not reached, so that it
does not leap to the other bank of a river; but never less than 5 metres about the reached street
itself. Blocks with a far middle keep a hole. The walk from a door to the street is not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from locator.geo.crs import WGS84
from locator.streets import ends
from locator.streets.graph import StreetGraph
from locator.streets.snap import Snap

ABOUT_M, UNREACHED_M, STREET_M = 50.0, 25.0, 5.0
_GRID_M = 0.001
#: Corners for a quarter of a circle: 50 m are at most a metre short.
_CORNERS = 4

#: Parts of a piece of street: from and to, in tenths of a second from its start.
Parts = list[tuple[float, float]]


def isochrones(
    graph: StreetGraph, stations: Snap, limits_s: Sequence[int], parking_s: int = 60
) -> gpd.GeoDataFrame:
    """From where the nearest of ``stations`` is reached within each of ``limits_s`` (seconds, with
    parking and the station's snap): one row a limit, ``limit_s`` and a (multi)polygon in WGS-84,
    the smallest first; each lies within the next, to a millimetre. Nothing reached is an empty
    polygon.
    """
    plane = graph.segments.plane
    start = graph.shape_start
    lon_lat = np.stack(plane.transform(graph.shape_lon, graph.shape_lat), axis=1)
    lines = np.array(
        [shapely.LineString(lon_lat[start[e] : start[e + 1]]) for e in graph.pieces], dtype=object
    )
    limits = sorted(limits_s)
    areas: list[Any] = []
    for parts in reached_parts(graph, stations, limits, parking_s):
        area = _area(*_cut(lines, parts, graph.edge_time_ds[graph.pieces]))
        if areas:
            area = shapely.union(area, areas[-1])
        # Corners that all but touch may cross once they are moved; on a grid they are apart. (A
        # union on the grid itself would keep slivers that fall together, as lines.)
        areas.append(shapely.set_precision(area, _GRID_M))

    def in_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack(plane.transform(xy[:, 0], xy[:, 1], direction="INVERSE"), axis=1)

    degrees = [
        shapely.make_valid(
            shapely.transform(area, in_degrees), method="structure", keep_collapsed=False
        )
        for area in areas
    ]
    return gpd.GeoDataFrame({"limit_s": limits}, geometry=degrees, crs=WGS84)


def reached_parts(
    graph: StreetGraph, stations: Snap, limits_s: Sequence[int], parking_s: int = 60
) -> list[list[Parts]]:
    """For each limit the parts of each of ``graph.pieces`` from which a station is within it."""
    from locator.streets.kernels import NO_TIME, bounded

    entry = ends.entries(graph, stations)
    lead = stations.time_ds + parking_s * 10
    found = bounded(
        graph.backward,
        np.array([0, len(entry.node)]),
        entry.node,
        entry.time_ds + lead[entry.point],
        max(limits_s) * 10,
    )
    at = np.full(len(graph.node_lon), NO_TIME, dtype=np.int64)
    at[found.at] = found.time_ds
    pieces = graph.pieces
    total = graph.edge_time_ds[pieces].astype(np.int64)
    both = graph.edge_twin[pieces] >= 0
    on = np.flatnonzero(stations.edge >= 0)
    piece = np.searchsorted(pieces, stations.edge[on])
    position = ends.position(graph, stations)[on]
    answers = []
    for limit in (limit_s * 10 for limit_s in limits_s):
        by_end = np.clip(limit - at[graph.edge_to[pieces]], -1, total)
        by_start = np.where(both, np.clip(limit - at[graph.edge_from[pieces]], -1, total), -1)
        parts: list[Parts] = [[] for _ in pieces]
        for i in np.flatnonzero((by_end >= 0) | (by_start >= 0)):
            if by_start[i] >= 0:
                parts[i].append((0.0, float(by_start[i])))
            if by_end[i] >= 0:
                parts[i].append((float(total[i] - by_end[i]), float(total[i])))
        for i, where, station in zip(piece, position, on, strict=True):
            left = float(limit - lead[station])
            if left >= 0:
                ahead = where + left if both[i] else where
                parts[i].append((max(0.0, where - left), min(float(total[i]), ahead)))
        answers.append([_joined(one) if one else one for one in parts])
    return answers


def _joined(parts: Parts) -> Parts:
    """Overlapping parts as one."""
    joined: Parts = []
    for begin, end in sorted(parts):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _cut(
    lines: NDArray[np.object_], parts: list[Parts], total: NDArray[np.int32]
) -> tuple[list[Any], list[Any]]:
    """The lines that are reached, and those that are not."""
    reached: list[Any] = []
    others: list[Any] = []
    for line, inside, whole in zip(lines, parts, total.tolist(), strict=True):
        before = 0.0
        for begin, end in inside:
            if begin > before:
                others.append(_part(line, before, begin, whole))
            reached.append(_part(line, begin, end, whole))
            before = end
        if before < whole:
            others.append(_part(line, before, whole, whole))
    return reached, others


def _part(line: Any, begin: float, end: float, whole: int) -> Any:
    if begin <= 0 and end >= whole:
        return line
    return substring(line, begin / whole, end / whole, normalized=True)


def _area(reached: list[Any], others: list[Any]) -> Any:
    if not reached:
        return shapely.Polygon()
    wide = _about(reached, ABOUT_M, "round")
    if others:
        near = shapely.STRtree(others).query(
            reached, predicate="dwithin", distance=ABOUT_M + UNREACHED_M
        )[1]
        strange = [others[i] for i in np.unique(near)]
        wide = shapely.difference(wide, _about(strange, UNREACHED_M, "flat"))
    return shapely.union(wide, _about(reached, STREET_M, "round"))


def _about(lines: list[Any], metres: float, cap: Literal["round", "flat"]) -> Any:
    around = shapely.buffer(
        np.array(lines, dtype=object), metres, quad_segs=_CORNERS, cap_style=cap
    )
    return shapely.union_all(around)
