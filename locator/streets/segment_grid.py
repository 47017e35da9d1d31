"""The nearest of many straight segments, compiled: a grid of squares with those that cross each.

From a point's own square the search goes outwards, ring by ring, and ends when no square left can
hold anything nearer. Each square knows how far it is, in squares, to one that is not empty, so that
open country is crossed in one step.

Importing this module loads numba; the first run on a machine compiles, then it is cached.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
_compiled: Any = njit(cache=True)
#: A segment that runs along the edge of a square, or nearly so, counts for the one beyond, too.
_SLACK_M = 1e-6
#: Squares for each segment: more make the search quicker and the grid larger.
_SQUARES = 2


class SegmentGrid(NamedTuple):
    """``ends`` (segments × 4: x, y, x, y in metres) sorted into squares of ``side_m``.

    Square ``row · columns + column`` begins at ``west``, ``south``; it holds the segments
    ``held[start[square]:start[square + 1]]`` and is ``clear`` squares from one that holds any.
    """

    ends: Floats
    west: float
    south: float
    side_m: float
    rows: int
    columns: int
    start: NDArray[np.int64]
    held: Ints
    clear: Ints


def segment_grid(ends: Floats) -> SegmentGrid:
    """The grid of one segment or more."""
    west, south = (float(min(ends[:, i].min(), ends[:, i + 2].min())) for i in (0, 1))
    east, north = (float(max(ends[:, i].max(), ends[:, i + 2].max())) for i in (0, 1))
    width, height = east - west + 1.0, north - south + 1.0
    wanted = max(1.0, float(_SQUARES * len(ends)))
    # A long and narrow place, too, has at most that many squares and one row of them more.
    side_m = max(math.sqrt(width * height / wanted), max(width, height) / wanted)
    columns, rows = int(width / side_m) + 1, int(height / side_m) + 1
    ends = np.ascontiguousarray(ends, dtype=np.float64)
    where = (ends, west, south, side_m, rows, columns)
    start, held = _sorted(*where)
    return SegmentGrid(*where, start, held, _clear(start, rows, columns))


def nearest_segments(grid: SegmentGrid, x: Floats, y: Floats, max_m: float) -> Ints:
    """The nearest segment of each point within ``max_m`` metres, -1 where there is none; of
    segments equally near, the first."""
    points = (np.ascontiguousarray(one, dtype=np.float64) for one in (x, y))
    found: Ints = _nearest(*grid, *points, float(max_m))
    return found


@_compiled
def _span(ends, segment, south, side, row):  # type: ignore[no-untyped-def]
    """From where to where, in x, a segment runs within a row of squares."""
    x1, y1, x2, y2 = ends[segment]
    if y1 > y2:
        x1, y1, x2, y2 = x2, y2, x1, y1
    low, high = south + row * side - _SLACK_M, south + (row + 1) * side + _SLACK_M
    begin = x1 if y1 >= low else x1 + (x2 - x1) * ((low - y1) / (y2 - y1))
    end = x2 if y2 <= high else x1 + (x2 - x1) * ((high - y1) / (y2 - y1))
    return min(begin, end) - _SLACK_M, max(begin, end) + _SLACK_M


@_compiled
def _sorted(ends, west, south, side, rows, columns):  # type: ignore[no-untyped-def]
    start = np.zeros(rows * columns + 1, np.int64)
    held = np.empty(0, np.int32)
    for filling in (False, True):
        if filling:
            start[1:] = np.cumsum(start[1:])
            held = np.empty(start[-1], np.int32)
            place = start[:-1].copy()
        for segment in range(len(ends)):
            low = min(ends[segment, 1], ends[segment, 3]) - _SLACK_M - south
            high = max(ends[segment, 1], ends[segment, 3]) + _SLACK_M - south
            first, last = max(0, int(low // side)), min(rows - 1, int(high // side))
            for row in range(first, last + 1):
                begin, end = _span(ends, segment, south, side, row)
                left = max(0, int((begin - west) // side))
                right = min(columns - 1, int((end - west) // side))
                for square in range(row * columns + left, row * columns + right + 1):
                    if filling:
                        held[place[square]] = segment
                        place[square] += 1
                    else:
                        start[square + 1] += 1
    return start, held


@_compiled
def _clear(start, rows, columns):  # type: ignore[no-untyped-def]
    """How many squares it is to one that holds a segment, diagonal steps as long as straight ones:
    two passes, each looking back."""
    clear = np.empty((rows + 2, columns + 2), np.int32)
    clear[:] = rows + columns
    for row in range(rows):
        for column in range(columns):
            square = row * columns + column
            if start[square + 1] > start[square]:
                clear[row + 1, column + 1] = 0
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            back = min(
                min(clear[row - 1, column - 1], clear[row - 1, column]),
                min(clear[row - 1, column + 1], clear[row, column - 1]),
            )
            clear[row, column] = min(clear[row, column], back + 1)
    for row in range(rows, 0, -1):
        for column in range(columns, 0, -1):
            back = min(
                min(clear[row + 1, column + 1], clear[row + 1, column]),
                min(clear[row + 1, column - 1], clear[row, column + 1]),
            )
            clear[row, column] = min(clear[row, column], back + 1)
    return clear[1:-1, 1:-1].copy().ravel()


@_compiled
def _distance(ends, segment, x, y, beyond):  # type: ignore[no-untyped-def]
    """Metres from a point to a segment, in the very operations of GEOS, so that what is a tie
    there is one here; anything more than ``beyond`` where it is plainly farther."""
    ax, ay, bx, by = ends[segment]
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    along = (x - ax) * dx + (y - ay) * dy
    if along <= 0.0 or length2 == 0.0:
        return math.sqrt((x - ax) * (x - ax) + (y - ay) * (y - ay))
    if along >= length2:
        return math.sqrt((x - bx) * (x - bx) + (y - by) * (y - by))
    across = (ay - y) * dx - (ax - x) * dy
    if across * across > 1.000001 * beyond * beyond * length2:
        return 2.0 * beyond + 1.0
    return abs(across / length2) * math.sqrt(length2)


@_compiled
def _nearest(  # type: ignore[no-untyped-def]
    ends, west, south, side, rows, columns, start, held, clear, xs, ys, max_m
):
    found = np.full(xs.size, -1, np.int32)
    for i in range(xs.size):
        x, y = xs[i], ys[i]
        across, up = (x - west) / side, (y - south) / side
        if not (abs(across) < 1e9 and abs(up) < 1e9):
            continue  # nowhere
        column, row = math.floor(across), math.floor(up)
        # To the nearest side of its own square; a ring of squares farther, a side more.
        inner = min(min(across - column, column + 1 - across), min(up - row, row + 1 - up)) * side
        ring = max(max(-column, column - columns + 1), max(-row, row - rows + 1))
        ring = ring if ring > 0 else clear[row * columns + column]
        last = max(max(column, columns - 1 - column), max(row, rows - 1 - row))
        best, which = max_m, np.int32(-1)
        while ring <= last and (ring - 1) * side + inner <= best + _SLACK_M:
            for r in range(max(0, row - ring), min(rows - 1, row + ring) + 1):
                # The whole row at the top and bottom of the ring, its two ends between.
                step = 1 if abs(r - row) == ring or ring == 0 else 2 * ring
                for c in range(column - ring, column + ring + 1, step):
                    if c < 0 or c >= columns:
                        continue
                    square = r * columns + c
                    for place in range(start[square], start[square + 1]):
                        segment = held[place]
                        metres = _distance(ends, segment, x, y, best)
                        if metres < best or (metres == best and (which < 0 or segment < which)):
                            best, which = metres, segment
            ring += 1
        found[i] = which
    return found
