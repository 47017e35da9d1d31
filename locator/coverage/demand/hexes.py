"""Ten million points to H3 cells, in seconds and exactly as H3 has them.

H3 lays one grid of hexagons on each of the 20 faces of an icosahedron, seen from the middle of the
earth (a gnomonic projection). Which hexagon of which face holds a point is plain geometry, quick
to compile; what the hexagon is called is not, but it needs asking only once for all the points in
it. So the points are sorted by hexagon here, and `h3` names each hexagon that was found, by one of
its points. Nothing is copied from H3's tables: the faces follow from its twelve pentagons. Points
so near an edge that rounding could put them on either side go to `h3` one by one.
"""

from __future__ import annotations

from functools import cache

import h3
import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Cells = NDArray[np.uint64]

#: The side of a hexagon of resolution 0 in the plane of the projection, the globe's radius being 1.
_UNIT = (3 - 5**0.5) / 2
#: Grids of odd resolutions are turned by this against those of even ones (radians).
_TURN = np.arcsin(np.sqrt(3 / 28))


def cells_at(lon: ArrayLike, lat: ArrayLike, resolution: int) -> tuple[Cells, NDArray[np.int32]]:
    """The H3 cells that hold the points (WGS-84 degrees), and for each point the number of its own.

    The cells are in the order of their names; points that are not finite have number -1. The same
    as ``h3.latlng_to_cell`` of each point.
    """
    x, y = (np.ascontiguousarray(np.atleast_1d(v), dtype=np.float64) for v in (lon, lat))
    if not len(x):
        return np.empty(0, np.uint64), np.empty(0, np.int32)
    # Half a second to load, so only where points are many.
    from locator.coverage.demand.hex_kernel import hexagons

    number, first, doubtful = hexagons(x, y, *_faces(resolution), _UNIT * 7.0 ** (-resolution / 2))
    found = _named(x, y, first, resolution)
    apart = _named(x, y, doubtful, resolution)
    cells, inverse = np.unique(np.concatenate([found, apart]), return_inverse=True)
    place = np.append(inverse[: len(found)], -1).astype(np.int32)  # number -1 stays -1
    number = place[number]
    number[doubtful] = inverse[len(found) :]
    return cells, number


def _named(x: Floats, y: Floats, which: NDArray[np.int64], resolution: int) -> Cells:
    name = h3.api.numpy_int.latlng_to_cell
    points = zip(y[which].tolist(), x[which].tolist(), strict=True)
    return np.fromiter(
        (name(lat, lon, resolution) for lat, lon in points), dtype=np.uint64, count=len(which)
    )


@cache
def _faces(resolution: int) -> tuple[Floats, Floats, Floats]:
    """Of each face its middle, and the two axes of its grid (unit vectors, 20 × 3)."""
    vertices = np.array([_vector(*h3.cell_to_latlng(cell)) for cell in sorted(h3.get_pentagons(0))])
    near = vertices @ vertices.T > 0.4  # neighbours are 63.4° apart, the next ones 116.6°
    corners = [
        (a, b, c)
        for a in range(12)
        for b in range(a + 1, 12)
        for c in range(b + 1, 12)
        if near[a, b] and near[b, c] and near[a, c]
    ]
    middle = np.array([vertices[list(three)].sum(axis=0) for three in corners])
    middle /= np.linalg.norm(middle, axis=1)[:, None]
    # The first axis points at a corner; which of the three is no matter to the hexagons.
    first = np.array([vertices[three[0]] for three in corners])
    first -= (first * middle).sum(axis=1)[:, None] * middle
    first /= np.linalg.norm(first, axis=1)[:, None]
    second = np.cross(middle, first)
    if resolution % 2:
        cos, sin = np.cos(_TURN), np.sin(_TURN)
        first, second = first * cos + second * sin, second * cos - first * sin
    return middle, first, second


def _vector(lat: float, lon: float) -> list[float]:
    phi, lam = np.radians(lat), np.radians(lon)
    return [np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)]
