"""A small map of one gap: its outline over the streets, with the stops around it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from shapely.geometry.base import BaseGeometry

from locator.outputs.drawing import Disc, Shape, lines_of
from locator.outputs.maplabels import Mark, neighbours, street_names
from locator.outputs.palette import tokens
from locator.outputs.paper import Frame, Layers
from locator.outputs.room import Room
from locator.outputs.streetmap import ground, scale_and_north, scale_box
from locator.outputs.svg import svg

#: Ground millimetres for one on the paper, the finest that shows the whole gap first.
SCALES = (7_500, 10_000, 15_000, 20_000, 30_000, 40_000, 60_000, 100_000, 200_000)
#: The part of the map that the gap may fill.
_FILL = 0.68


def gap_map(
    layers: Layers,
    gap: BaseGeometry,
    stops: Iterable[Mark],
    proposed: Iterable[Mark] = (),
    *,
    width_mm: float = 84,
    height_mm: float = 46,
    metres: str = "米",
    drawable: Callable[[str], bool] = lambda words: True,
) -> str:
    """The map as an SVG in mm, at the finest of ``SCALES`` that holds the gap (WGS-84).

    ``stops`` are drawn as dots with their names (hollow ones as rings), ``proposed`` sites as dots
    within rings; ``metres`` is the word of the scale bar. No boundary but the gap's own is drawn.
    """
    frame = _frame(gap, width_mm, height_mm)
    colours = tokens()
    outline = lines_of([frame.to_paper(gap)])
    out = [
        *ground(layers, frame),
        Shape(outline, fill=colours["gap-many"], closed=True, opacity=0.16),
        Shape(outline, stroke=colours["gap-many"], width=0.7, closed=True),
    ]
    room = Room(frame, drawable)
    room.take_box(*scale_box(frame))
    for mark in proposed:
        spot = frame.spot(mark.lon, mark.lat)
        if room.has_discs(np.array([(spot.x, spot.y)]), 3):
            out += [
                Disc(spot.x, spot.y, 2.4, fill="#ffffff", stroke=mark.colour, width=1),
                Disc(spot.x, spot.y, 0.8, fill=mark.colour),
            ]
            room.take_disc(spot.x, spot.y, 3)
    out += neighbours(stops, room)
    out += street_names(layers, room)
    out += scale_and_north(frame, metres)
    return svg(out, width_mm, height_mm)


def _frame(gap: BaseGeometry, width_mm: float, height_mm: float) -> Frame:
    west, south, east, north = gap.bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    wide_m = (east - west) * 111_320 * math.cos(math.radians(lat))
    high_m = (north - south) * 110_570
    fits = max(wide_m / (width_mm * _FILL), high_m / (height_mm * _FILL)) * 1000
    scale = next((each for each in SCALES if each >= fits), SCALES[-1])
    return Frame(lon, lat, width_mm, height_mm, scale)
