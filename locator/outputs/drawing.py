"""What is drawn on paper, before it is PDF or SVG: shapes and words at places in millimetres.

x runs to the right and y downward from the upper left corner. Curves are given as short straight
pieces, so that everybody who draws them draws the same; circles stay circles.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shape:
    """Lines, or areas where ``closed``: each of ``lines`` is an array of n × 2 mm.

    ``fill`` and ``stroke`` are #rrggbb or "". Areas that overlap fill as one unless ``even_odd``.
    """

    lines: Sequence[Points]
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    closed: bool = False
    dash: tuple[float, ...] = ()
    round_ends: bool = True
    even_odd: bool = False
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle around x, y."""

    x: float
    y: float
    radius: float
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words, ``size`` mm from one line's foot to the next.

    x, y is on the baseline: the beginning of the words (``anchor`` 0), their middle (0.5) or their
    end (1); ``turn`` is in degrees clockwise about it. A ``halo`` lies around light on dark.
    """

    words: str
    x: float
    y: float
    size: float
    colour: str
    bold: bool = False
    anchor: float = 0.0
    turn: float = 0.0
    slanted: bool = False
    halo: str = ""
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Clip:
    """Items of which only what lies in a box with rounded corners is seen."""

    x: float
    y: float
    width: float
    height: float
    items: Sequence[Item]
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Scaled:
    """Items drawn ``factor`` as large, their upper left corner at x, y."""

    x: float
    y: float
    factor: float
    items: Sequence[Item]


Item = Shape | Disc | Text | Clip | Scaled


@dataclass(slots=True)
class Sheet:
    """A page: its size after cutting, the bleed drawn around it for the cutter, what is on it."""

    width: float
    height: float
    items: list[Item] = field(default_factory=list)
    bleed: float = 0.0


def lines_of(shapes: Iterable[BaseGeometry]) -> list[Points]:
    """The lines and rings of ``shapes`` (mm on paper), outer rings one way and holes the other, so
    that areas which overlap fill as one."""
    parts = shapely.get_parts(np.array(list(shapes), dtype=object))
    kinds = shapely.get_type_id(parts)
    while (kinds == 7).any():  # a collection in a collection
        parts = shapely.get_parts(parts)
        kinds = shapely.get_type_id(parts)
    areas = shapely.orient_polygons(parts[kinds == 3])
    return [*_coordinates(parts[kinds == 1]), *_coordinates(shapely.get_rings(areas))]


def _coordinates(lines: NDArray[np.object_]) -> list[Points]:
    xy, index = shapely.get_coordinates(lines, return_index=True)
    return np.split(xy, np.flatnonzero(np.diff(index)) + 1) if len(xy) else []


def box(x: float, y: float, width: float, height: float, radius: float = 0.0) -> Points:
    """The corners of an upright box, rounded where ``radius`` is given."""
    if radius <= 0:
        return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    radius = min(radius, width / 2, height / 2)
    turns = np.linspace(0, math.pi / 2, 9)
    corners = (
        (x + width - radius, y + height - radius, 0.0),
        (x + radius, y + height - radius, math.pi / 2),
        (x + radius, y + radius, math.pi),
        (x + width - radius, y + radius, math.pi * 1.5),
    )
    return np.concatenate(
        [
            np.column_stack(
                [cx + radius * np.cos(turns + start), cy + radius * np.sin(turns + start)]
            )
            for cx, cy, start in corners
        ]
    )


def arrow(x: float, y: float, side: float, bearing: float) -> list[Points]:
    """An arrow as large as ``side`` about x, y that points to ``bearing`` (degrees, 0 is up)."""
    half = side / 2
    head = np.array(
        [(0, -1), (0.78, -0.16), (0.52, 0.1), (0.19, -0.24), (0.19, 1),
         (-0.19, 1), (-0.19, -0.24), (-0.52, 0.1), (-0.78, -0.16)]
    ) * half  # fmt: skip
    turn = math.radians(bearing)
    cos, sin = math.cos(turn), math.sin(turn)
    return [head @ np.array([(cos, sin), (-sin, cos)]) + np.array([x, y])]


def moved(items: Iterable[Item], x: float, y: float) -> list[Item]:
    """The items, shifted by x, y."""
    return [Scaled(x, y, 1.0, list(items))]


def grown(items: Iterable[Item], factor: float) -> list[Item]:
    """The items, ``factor`` as large about the upper left corner."""
    return [Scaled(0.0, 0.0, factor, list(items))]
