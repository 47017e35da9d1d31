"""A street map for paper: vectors at an exact scale, drawn from a release's layers.

One millimetre on the paper is ``scale`` millimetres on the ground, whatever the size of the map.
The map is quiet so that the station speaks: no boundary, no colour stronger than a marker's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import shapely
from shapely.geometry import LinearRing, LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from locator.outputs.maplabels import Mark, Room, length_mm, neighbours, place_names, street_names
from locator.outputs.maplabels import text as label
from locator.outputs.palette import tokens
from locator.outputs.paper import Frame, Layers, inside

#: Width of a road's surface on paper at 1:4000, in mm; drawn first to last.
ROAD_MM = {
    "path": 0.45, "steps": 0.45, "track": 0.45, "service": 1.2, "minor": 1.9, "tertiary": 2.3,
    "link": 2.1, "secondary": 2.6, "major": 3.3, "motorway": 3.5,
}  # fmt: skip
#: Those without edges, and their dashes.
DASHES = {"path": "1.1 0.8", "steps": "0.35 0.35", "track": "2.2 0.7"}
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
) -> str:
    """The map as an SVG of exactly ``frame.width_mm`` × ``frame.height_mm`` millimetres.

    ``here`` is the station itself, ``others`` its neighbours. A name that ``drawable`` refuses (a
    character without a glyph in the font) or that finds no room is left off. ``here_icon`` is the
    inner part of a 24-unit SVG icon, drawn in white on the marker.
    """
    out = ground(layers, frame)
    room = Room(frame, drawable, _margins(frame, here))
    out += neighbours(others, room)
    out += street_names(layers, room)
    out += place_names(layers, room)
    out += [_here(frame, here, here_icon), scale_and_north(frame), "</svg>"]
    return "".join(out)


def ground(layers: Layers, frame: Frame) -> list[str]:
    """What lies under the marks and names of a map: the opening of its SVG (mm), land, water and
    streets. Whoever draws on it closes the ``svg``."""
    colours = tokens()
    thick = (4000 / frame.scale) ** 0.6
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{frame.width_mm}mm" '
        f'height="{frame.height_mm}mm" viewBox="0 0 {frame.width_mm} {frame.height_mm}">',
        f'<rect width="100%" height="100%" fill="{colours["map-land"]}"/>',
    ]
    for colour, area in _ground(layers, frame):
        out.append(_draw(area, fill=colours[colour], fill_rule="nonzero"))
    streams = "".join(
        path_data(geometry)
        for geometry, tags in inside(layers, "waterways", frame)
        if not tags.get("tunnel")
    )
    out.append(_stroke(streams, colours["map-water"], 1.2 * thick))
    out += _rails(layers, frame, thick)
    out += _roads(layers, frame, thick)
    return out


def scale_bar_m(frame: Frame) -> int:
    """The ground length of the scale bar: the roundest that is 18–45 mm long, in metres."""
    for metres in (1000, 500, 400, 250, 200, 100, 50, 40, 25, 20, 10):
        if metres * 1000 / frame.scale <= 45:
            return metres
    return 5


def _ground(layers: Layers, frame: Frame) -> Iterator[tuple[str, str]]:
    """Colour and path, neighbours in the drawing order together."""
    shapes = (
        (GROUND_OF.get(str(tags.get("class")), colour), geometry)
        for layer, colour in GROUND.items()
        for geometry, tags in inside(layers, layer, frame)
    )
    for colour, alike in groupby(shapes, key=lambda pair: pair[0]):
        yield colour, "".join(path_data(geometry) for _, geometry in alike)


def path_data(geometry: BaseGeometry) -> str:
    """SVG path data (mm on paper); what is neither line nor area adds nothing."""
    if isinstance(geometry, Polygon):
        # Outer rings one way, holes the other: shapes that overlap then fill as one.
        geometry = orient(geometry)
        return "".join(_line(ring) + "Z" for ring in (geometry.exterior, *geometry.interiors))
    if isinstance(geometry, LineString):
        return _line(geometry)
    return "".join(path_data(part) for part in getattr(geometry, "geoms", ()))


def _line(geometry: LineString | LinearRing) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in shapely.get_coordinates(geometry))


def _draw(path: str, **attributes: object) -> str:
    said = " ".join(f'{key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<path d="{path}" {said}/>' if path else ""


def _stroke(path: str, colour: str, width: float, **more: object) -> str:
    ends = {"stroke_linecap": "round", "stroke_linejoin": "round", **more}
    return _draw(path, fill="none", stroke=colour, stroke_width=f"{width:.2f}", **ends)


def _rails(layers: Layers, frame: Frame, thick: float) -> list[str]:
    rails = "".join(
        path_data(geometry)
        for geometry, tags in inside(layers, "rails", frame)
        if not tags.get("tunnel") and tags.get("class") not in ("tram", "cableway")
    )
    colour = tokens()["map-rail"]
    return [
        _stroke(rails, colour, 0.9 * thick, stroke_linecap="butt"),
        _stroke(rails, "#ffffff", 0.5 * thick, stroke_linecap="butt", stroke_dasharray="2.4 2.4"),
    ]


def _roads(layers: Layers, frame: Frame, thick: float) -> list[str]:
    """All edges first, then all surfaces, so that crossings are open; bridges once more on top,
    the higher over the lower."""
    colours = tokens()
    levels: dict[int, dict[str, str]] = {}
    for geometry, tags in inside(layers, "roads", frame):
        level = max(1, int(tags.get("level", 1))) if tags.get("bridge") else 0
        roads = levels.setdefault(level, dict.fromkeys(ROAD_MM, ""))
        roads[_class(tags)] += path_data(geometry)
    out = []
    for level, roads in sorted(levels.items()):
        cap = "butt" if level else "round"
        for name, path in roads.items():
            if name in DASHES:
                out.append(
                    _stroke(path, colours["map-path"], ROAD_MM[name] * thick,
                            stroke_dasharray=DASHES[name], stroke_linecap="butt")
                )  # fmt: skip
            else:
                edge, colour = ROAD_MM[name] * thick + 0.5, COLOUR_OF.get(name, name)
                out.append(_stroke(path, colours[f"map-{colour}-edge"], edge, stroke_linecap=cap))
        for name, path in roads.items():
            if name not in DASHES:
                colour = colours[f"map-{COLOUR_OF.get(name, name)}"]
                out.append(_stroke(path, colour, ROAD_MM[name] * thick))
    return out


def _class(tags: Mapping[str, Any]) -> str:
    name = str(tags.get("class"))
    return name if name in ROAD_MM else "minor"


def _margins(frame: Frame, here: Mark) -> list[BaseGeometry]:
    """Where no name may stand: around the marker and its label, the scale, and the imprint."""
    spot = frame.spot(here.lon, here.lat)
    x, y = spot.x, spot.y
    width, height = frame.width_mm, frame.height_mm
    bar = scale_bar_m(frame) * 1000 / frame.scale
    return [
        spot.buffer(9),
        shapely.box(x, y - 4, x + 10 + length_mm(here.label, 3.4), y + 4),
        shapely.box(width - bar - 16, height - 11, width, height),
        shapely.box(0, height - 9, 50, height),
    ]


def _here(frame: Frame, here: Mark, icon: str) -> str:
    """The station itself: a disc whose centre is the entrance, and its label."""
    spot = frame.spot(here.lon, here.lat)
    x, y = spot.x, spot.y
    inner = (
        f'<g transform="translate({x - 3:.2f} {y - 3:.2f}) scale(0.25)" color="#fff">{icon}</g>'
        if icon
        else f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1.3" fill="#fff"/>'
    )
    label_x = x + 6.6 + length_mm(here.label, 3.4) / 2
    return (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="5.4" fill="#fff"/>'
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="4.6" fill="{here.colour}"/>{inner}'
        + label(here.label, label_x, y, 3.4, here.colour, weight=700)
    )


def scale_and_north(frame: Frame, metres: str = "米") -> str:
    """The scale bar, in ``metres`` by that word, and the north arrow, lower right; the bar is as
    long as it says."""
    ink, land = tokens()["ink"], tokens()["map-land"]
    long_m = scale_bar_m(frame)
    bar = long_m * 1000 / frame.scale
    left, base, north = frame.width_mm - bar - 12, frame.height_mm - 4, frame.width_mm - 6
    return (
        f'<rect x="{left - 0.5:.3f}" y="{base - 1.5:.2f}" width="{bar + 1:.3f}" height="2" '
        f'fill="{land}"/>'
        f'<rect x="{left:.3f}" y="{base - 1:.2f}" width="{bar:.3f}" height="1" fill="{ink}"/>'
        + label(f"{long_m} {metres}", left + bar / 2, base - 3.4, 2.8, ink)
        + f'<path d="M{north} {base - 7}L{north + 2.3:.2f} {base}L{north} {base - 1.7}'
        f'L{north - 2.3:.2f} {base}Z" fill="{ink}" stroke="{land}" stroke-width="0.6" '
        'paint-order="stroke"/>'
    )
