"""The sea, which nobody draws in OSM: it is what lies on the right of the coast."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Geometries = npt.NDArray[np.object_]


def sea(coast: Geometries, bounds: npt.NDArray[np.float64]) -> Geometries:
    """The sea inside ``bounds``: OSM draws coastlines with the land on their left.

    The coast and the frame cut the bounds into faces; a face is sea when more coast has it on its
    right than on its left. Where an extract's edge has cut the coast, its end is led to the
    nearest point of the frame. Returns the faces that are sea, none where nothing tells.
    """
    frame = shapely.box(*bounds)
    inside = shapely.get_parts(
        shapely.intersection(shapely.line_merge(shapely.union_all(coast)), frame)
    )
    lines = inside[shapely.get_type_id(inside) == 1]
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    loose = ends[np.repeat(~shapely.is_closed(lines)[None], 2, axis=0).ravel()]
    led = shapely.shortest_line(loose, frame.exterior)
    cuts = shapely.union_all([*lines, *led, frame.exterior])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(cuts)))
    votes = np.zeros(len(faces))
    tree = shapely.STRtree(faces)
    for line in lines:
        points = shapely.get_coordinates(line)
        along = np.diff(points, axis=0)
        length = np.hypot(along[:, 0], along[:, 1])
        right = np.column_stack([along[:, 1], -along[:, 0]]) / length[:, None]
        middle = points[:-1] + along / 2
        for side in (1, -1):
            beside, face = tree.query(shapely.points(middle + side * 1e-7 * right), "within")
            np.add.at(votes, face, side * length[beside])
    found: Geometries = shapely.normalize(faces[votes > 0])
    return found
