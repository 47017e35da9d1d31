"""A small map of one gap: its outline over the streets, with the stops around it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import shapely
from shapely.geometry.base import BaseGeometry

from locator.outputs.maplabels import Mark, Room, neighbours, street_names
from locator.outputs.palette import tokens
from locator.outputs.paper import Frame, Layers
from locator.outputs.streetmap import ground, path_data, scale_and_north, scale_bar_m

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

    ``stops`` are drawn as dots with their names, ``proposed`` sites as rings; ``metres`` is the
    word of the scale bar. No boundary but the gap's own is drawn.
    """
    frame = _frame(gap, width_mm, height_mm)
    colours = tokens()
    edge, fill = colours["gap-many"], colours["gap-many"]
    out = ground(layers, frame)
    outline = path_data(frame.to_paper(gap))
    out.append(
        f'<path d="{outline}" fill="{fill}" fill-opacity="0.16" stroke="{edge}" '
        'stroke-width="0.7" stroke-linejoin="round"/>'
    )
    bar = scale_bar_m(frame) * 1000 / frame.scale
    room = Room(
        frame, drawable, [shapely.box(width_mm - bar - 16, height_mm - 11, width_mm, height_mm)]
    )
    for mark in proposed:
        spot = frame.spot(mark.lon, mark.lat)
        if room.has(spot.buffer(3)):
            out.append(
                f'<circle cx="{spot.x:.2f}" cy="{spot.y:.2f}" r="2.4" fill="#fff" '
                f'stroke="{mark.colour}" stroke-width="1"/>'
                f'<circle cx="{spot.x:.2f}" cy="{spot.y:.2f}" r="0.8" fill="{mark.colour}"/>'
            )
            room.take(spot.buffer(3))
    out += neighbours(stops, room)
    out += street_names(layers, room)
    out += [scale_and_north(frame, metres), "</svg>"]
    return "".join(out)


def _frame(gap: BaseGeometry, width_mm: float, height_mm: float) -> Frame:
    west, south, east, north = gap.bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    wide_m = (east - west) * 111_320 * math.cos(math.radians(lat))
    high_m = (north - south) * 110_570
    fits = max(wide_m / (width_mm * _FILL), high_m / (height_mm * _FILL)) * 1000
    scale = next((each for each in SCALES if each >= fits), SCALES[-1])
    return Frame(lon, lat, width_mm, height_mm, scale)
