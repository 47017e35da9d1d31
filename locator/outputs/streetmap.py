"""A street map for paper: vectors at an exact scale, drawn from a release's layers.

One millimetre on the paper is ``scale`` millimetres on the ground, whatever the size of the map.
The map is quiet so that the station speaks: no boundary, no colour stronger than a marker's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import numpy as np

from locator.outputs.drawing import Disc, Item, Shape, box, lines_of
from locator.outputs.icon_shapes import icon_shapes
from locator.outputs.maplabels import (
    Mark,
    label,
    length_mm,
    neighbours,
    place_names,
    street_names,
)
from locator.outputs.palette import tokens
from locator.outputs.paper import Frame, Layers, inside
from locator.outputs.room import Room

#: Width of a road's surface on paper at 1:4000, in mm; drawn first to last.
ROAD_MM = {
    "path": 0.45, "steps": 0.45, "track": 0.45, "service": 1.2, "minor": 1.9, "tertiary": 2.3,
    "link": 2.1, "secondary": 2.6, "major": 3.3, "motorway": 3.5,
}  # fmt: skip
#: Those without edges, and their dashes.
DASHES = {"path": (1.1, 0.8), "steps": (0.35, 0.35), "track": (2.2, 0.7)}
#: How far the middle of the north arrow is from the right and the lower edge, on A4.
NEEDLE_MM = 8.5
#: Roads in the colour of another.
COLOUR_OF = {"link": "major", "tertiary": "minor", "service": "minor"}
#: The drawing order of the flat layers and their colours, and the classes with one of their own.
GROUND = {
    "landuse": "map-built",
    "bare": "map-rock",
    "green": "map-green",
    "water": "map-water",
    "buildings": "map-building",
}
GROUND_OF = {
    "civic": "map-civic", "industrial": "map-industrial", "plaza": "map-plaza",
    "sand": "map-sand", "ice": "map-ice", "wood": "map-wood", "scrub": "map-scrub",
    "grass": "map-grass", "orchard": "map-grass",
}  # fmt: skip


def street_map(
    layers: Layers,
    frame: Frame,
    here: Mark,
    others: Iterable[Mark] = (),
    *,
    drawable: Callable[[str], bool] = lambda words: True,
    here_icon: str = "",
    metres: str = "米",
) -> list[Item]:
    """The map as items on a paper of ``frame.width_mm`` × ``frame.height_mm``.

    ``here`` is the station itself, ``others`` its neighbours. A name that ``drawable`` refuses (a
    character without a glyph in the font) or that finds no room is left off. ``here_icon`` is the
    inner part of a 24-unit SVG icon, drawn in white on the marker; ``metres`` is the word for them
    at the scale bar.
    """
    room = Room(frame, drawable)
    _keep_margins(room, here)
    return [
        *ground(layers, frame),
        *neighbours(others, room),
        *street_names(layers, room),
        *place_names(layers, room),
        *_here(frame, here, here_icon),
        *scale_and_north(frame, metres),
    ]


def ground(layers: Layers, frame: Frame) -> list[Item]:
    """What lies under the marks and names of a map: land, water and streets."""
    colours = tokens()
    thick = thickness(frame)
    out: list[Item] = [
        Shape([box(0, 0, frame.width_mm, frame.height_mm)], fill=colours["map-land"], closed=True)
    ]
    for colour, areas in _areas(layers, frame):
        out.append(Shape(lines_of(areas), fill=colours[colour], closed=True))
    streams = [line for line, tags in inside(layers, "waterways", frame) if not tags.get("tunnel")]
    out.append(Shape(lines_of(streams), stroke=colours["map-water"], width=1.2 * thick))
    out += _rails(layers, frame, thick)
    out += _roads(layers, frame, thick)
    return [item for item in out if not isinstance(item, Shape) or item.lines]


def thickness(frame: Frame) -> float:
    """How much wider than at 1:4000 on A4 a map's lines are."""
    return float(frame.grow * (4000 / (frame.scale * frame.grow)) ** 0.6)


def scale_bar_m(frame: Frame) -> int:
    """The ground length of the scale bar: the roundest that is 18–45 mm long (on A4), in metres."""
    for metres in (1000, 500, 400, 250, 200, 100, 50, 40, 25, 20, 10):
        if metres * 1000 / frame.scale <= 45 * frame.grow:
            return metres
    return 5


def _areas(layers: Layers, frame: Frame) -> Iterator[tuple[str, list[Any]]]:
    """Colour and areas, neighbours in the drawing order together."""
    shapes = (
        (GROUND_OF.get(str(tags.get("class")), colour), geometry)
        for layer, colour in GROUND.items()
        for geometry, tags in inside(layers, layer, frame)
    )
    for colour, alike in groupby(shapes, key=lambda pair: pair[0]):
        yield colour, [geometry for _, geometry in alike]


def _rails(layers: Layers, frame: Frame, thick: float) -> list[Item]:
    rails = lines_of(
        geometry
        for geometry, tags in inside(layers, "rails", frame)
        if not tags.get("tunnel") and tags.get("class") not in ("tram", "cableway")
    )
    dash = (2.4 * frame.grow, 2.4 * frame.grow)
    return [
        Shape(rails, stroke=tokens()["map-rail"], width=0.9 * thick, round_ends=False),
        Shape(rails, stroke="#ffffff", width=0.5 * thick, dash=dash, round_ends=False),
    ]


def _roads(layers: Layers, frame: Frame, thick: float) -> list[Item]:
    """All edges first, then all surfaces, so that crossings are open; bridges once more on top,
    the higher over the lower."""
    colours = tokens()
    levels: dict[int, dict[str, list[Any]]] = {}
    for geometry, tags in inside(layers, "roads", frame):
        level = max(1, int(tags.get("level", 1))) if tags.get("bridge") else 0
        roads = levels.setdefault(level, {name: [] for name in ROAD_MM})
        roads[_class(tags)].append(geometry)
    out: list[Item] = []
    for level, roads in sorted(levels.items()):
        lines = {name: lines_of(parts) for name, parts in roads.items()}
        for name, line in lines.items():
            if name in DASHES:
                dash = tuple(length * frame.grow for length in DASHES[name])
                out.append(Shape(line, stroke=colours["map-path"], width=ROAD_MM[name] * thick,
                                 dash=dash, round_ends=False))  # fmt: skip
            else:
                colour = colours[f"map-{COLOUR_OF.get(name, name)}-edge"]
                edge = ROAD_MM[name] * thick + 0.5 * frame.grow
                out.append(Shape(line, stroke=colour, width=edge, round_ends=not level))
        for name, line in lines.items():
            if name not in DASHES:
                colour = colours[f"map-{COLOUR_OF.get(name, name)}"]
                out.append(Shape(line, stroke=colour, width=ROAD_MM[name] * thick))
    return out


def _class(tags: Mapping[str, Any]) -> str:
    name = str(tags.get("class"))
    return name if name in ROAD_MM else "minor"


def _keep_margins(room: Room, here: Mark) -> None:
    """Keep names off the marker and its label, the scale, and the imprint."""
    frame = room.frame
    spot = frame.spot(here.lon, here.lat)
    x, y, grow = spot.x, spot.y, frame.grow
    room.take_disc(x, y, 9 * grow)
    label_mm = (10 + length_mm(here.label, 3.4)) * grow
    room.take_box(x, y - 4 * grow, x + label_mm, y + 4 * grow)
    room.take_box(*scale_box(frame))
    room.take_box(0, frame.height_mm - 9 * grow, 50 * grow, frame.height_mm)


def scale_box(frame: Frame) -> tuple[float, float, float, float]:
    """The room of the scale bar and the north arrow: left, top, right, bottom in mm."""
    bar, grow = scale_bar_m(frame) * 1000 / frame.scale, frame.grow
    width, height = frame.width_mm, frame.height_mm
    return width - bar - 18.5 * grow, height - 13 * grow, width, height


def _here(frame: Frame, here: Mark, icon: str) -> list[Item]:
    """The station itself: a disc whose centre is the entrance, and its label."""
    spot = frame.spot(here.lon, here.lat)
    x, y, grow = spot.x, spot.y, frame.grow
    inner: list[Item] = (
        list(icon_shapes(icon, x - 3 * grow, y - 3 * grow, 6 * grow, "#ffffff"))
        if icon
        else [Disc(x, y, 1.3 * grow, fill="#ffffff")]
    )
    size = 3.4 * grow
    label_x = x + 6.6 * grow + length_mm(here.label, size) / 2
    return [
        Disc(x, y, 5.4 * grow, fill="#ffffff"),
        Disc(x, y, 4.6 * grow, fill=here.colour),
        *inner,
        label(here.label, label_x, y, size, here.colour, bold=True),
    ]


def scale_and_north(frame: Frame, metres: str = "米") -> list[Item]:
    """The scale bar, in ``metres`` by that word, and the north arrow, lower right; the bar is as
    long as it says."""
    ink, land, grow = tokens()["ink"], tokens()["map-land"], frame.grow
    long_m = scale_bar_m(frame)
    bar = long_m * 1000 / frame.scale
    left, base = frame.width_mm - bar - 14.5 * grow, frame.height_mm - 4 * grow
    turn = math.radians(-frame.facing)
    needle = np.array([(0, -3.5), (2.3, 3.5), (0, 1.8), (-2.3, 3.5)]) * grow
    round_ = np.array([(math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))])
    north = needle @ round_ + (
        frame.width_mm - NEEDLE_MM * grow,
        frame.height_mm - NEEDLE_MM * grow,
    )
    return [
        Shape([box(left - 0.5, base - 1.5 * grow, bar + 1, 2 * grow)], fill=land, closed=True),
        Shape([box(left, base - grow, bar, grow)], fill=ink, closed=True),
        label(f"{long_m} {metres}", left + bar / 2, base - 3.4 * grow, 2.8 * grow, ink),
        Shape([north], stroke=land, width=1.2 * grow, closed=True),
        Shape([north], fill=ink, closed=True),
    ]
