"""Our SVG icons as shapes on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree

import numpy as np
from fontTools.svgLib.path import parse_path
from fontTools.svgLib.path.shapes import PathBuilder

from locator.outputs.drawing import Points, Shape
from locator.outputs.typeface import flattened

#: Icons are drawn on a square of 24 units.
UNITS = 24


def icon_shapes(inner: str, x: float, y: float, side: float, colour: str) -> Iterator[Shape]:
    """An icon (the inner part of its SVG, see ``words.icon``) in ``colour`` on the square of
    ``side`` mm whose upper left corner is x, y."""
    size = side / UNITS
    for lines, closed, filled, width, even_odd in _parts(inner):
        placed = [line * size + np.array([x, y]) for line in lines]
        if filled:
            yield Shape(placed, fill=colour, closed=True, even_odd=even_odd)
        if width:
            yield Shape(placed, stroke=colour, width=width * size, closed=closed)


@cache
def _parts(inner: str) -> list[tuple[list[Points], bool, bool, float, bool]]:
    """Of each element its lines, whether they are closed, filled, how wide their stroke is, and
    whether holes are those inside an even number of rings."""
    found = []
    root = ElementTree.fromstring(f"<svg>{inner}</svg>")
    for element, style in _styled(root, {}):
        builder = PathBuilder()
        builder.add_path_from_element(element)
        for path in builder.paths:
            lines = flattened(lambda pen, path=path: parse_path(path, pen))
            closed = bool(re.search(r"[zZ]\s*$", path)) or element.tag in ("circle", "rect")
            drawn = style.get("stroke", "none") != "none"
            width = float(style.get("stroke-width", 1)) if drawn else 0.0
            filled = style.get("fill", "black") != "none"
            found.append((lines, closed, filled, width, style.get("fill-rule") == "evenodd"))
    return found


def _styled(
    element: ElementTree.Element, style: dict[str, str]
) -> Iterator[tuple[ElementTree.Element, dict[str, str]]]:
    """Elements without children, each with the style that it inherits."""
    style = {**style, **element.attrib}
    for child in element:
        if len(child):
            yield from _styled(child, style)
        else:
            yield child, {**style, **child.attrib}
