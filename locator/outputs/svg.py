"""Drawings as SVG: vectors in millimetres, words as text in the faces of the signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

from locator.outputs.drawing import Clip, Disc, Item, Points, Scaled, Shape, Text, box
from locator.outputs.words import one_line

FONT = "Noto Sans SC"


def svg(items: Iterable[Item], width: float, height: float, *, title: str = "") -> str:
    """``items`` as one SVG of exactly ``width`` × ``height`` millimetres."""
    named = f"<title>{escape(one_line(title))}</title>" if title else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}">{named}{_all(items, [])}</svg>'
    )


def _all(items: Iterable[Item], clips: list[Clip]) -> str:
    return "".join(_one(item, clips) for item in items)


def _one(item: Item, clips: list[Clip]) -> str:
    if isinstance(item, Shape):
        return _shape(item)
    if isinstance(item, Disc):
        paint = _paint(item.fill, item.stroke, item.width, item.dash)
        return f'<circle cx="{item.x:.2f}" cy="{item.y:.2f}" r="{item.radius:g}"{paint}/>'
    if isinstance(item, Clip):
        clips.append(item)
        name, edge = f"c{len(clips)}", box(item.x, item.y, item.width, item.height, item.radius)
        return (
            f'<clipPath id="{name}"><path d="{path_data([edge], closed=True)}"/></clipPath>'
            f'<g clip-path="url(#{name})">{_all(item.items, clips)}</g>'
        )
    if isinstance(item, Scaled):
        moves = f"translate({item.x:.2f} {item.y:.2f}) scale({item.factor:.5g})"
        return f'<g transform="{moves}">{_all(item.items, clips)}</g>'
    return _text(item)


def path_data(lines: Sequence[Points], *, closed: bool) -> str:
    """SVG path data (mm)."""
    return "".join(_path(len(line), closed) % tuple(line.ravel().tolist()) for line in lines)


@lru_cache(maxsize=4096)
def _path(points: int, closed: bool) -> str:
    return "M" + "L".join(["%.2f %.2f"] * points) + ("Z" if closed else "")


def _shape(item: Shape) -> str:
    path = path_data(item.lines, closed=item.closed)
    if not path:
        return ""
    more = ""
    if item.stroke:
        cap = "round" if item.round_ends else "butt"
        more = f' stroke-linecap="{cap}" stroke-linejoin="round"'
    if item.even_odd:
        more += ' fill-rule="evenodd"'
    if item.opacity < 1:
        more += f' opacity="{item.opacity:g}"'
    return f'<path d="{path}"{_paint(item.fill, item.stroke, item.width, item.dash)}{more}/>'


def _paint(fill: str, stroke: str, width: float, dash: Sequence[float]) -> str:
    said = f' fill="{fill or "none"}"'
    if stroke:
        said += f' stroke="{stroke}" stroke-width="{width:.2f}"'
    if stroke and dash:
        said += f' stroke-dasharray="{" ".join(f"{length:g}" for length in dash)}"'
    return said


def _text(item: Text) -> str:
    moves = f"translate({item.x:.2f} {item.y:.2f})"
    if item.turn:
        moves += f" rotate({item.turn:.1f})"
    if item.slanted:
        moves += " skewX(-10)"
    anchor = {0.0: "start", 0.5: "middle", 1.0: "end"}[item.anchor]
    halo = (
        f' stroke="{item.halo}" stroke-width="{item.size * 0.28:.2f}" stroke-linejoin="round" '
        'paint-order="stroke"'
        if item.halo
        else ""
    )
    opacity = f' opacity="{item.opacity:g}"' if item.opacity < 1 else ""
    return (
        f'<text transform="{moves}" text-anchor="{anchor}" font-family="{FONT}" '
        f'font-size="{item.size:g}" font-weight="{700 if item.bold else 400}" '
        f'fill="{item.colour}"{halo}{opacity}>{escape(item.words)}</text>'
    )
