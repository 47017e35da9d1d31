"""Names on a paper map: each where there is room for it, or left off."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from locator.outputs.palette import tokens
from locator.outputs.paper import Frame, Layers, inside
from locator.outputs.words import one_line

FONT = "Noto Sans SC"
#: The height of a street's name in mm, by the street's class; larger streets choose first.
STREET_MM = {
    "motorway": 3.1, "major": 3.1, "secondary": 2.9, "tertiary": 2.8, "minor": 2.6, "link": 2.6,
    "service": 2.4, "track": 2.3, "path": 2.3, "steps": 2.3,
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A point to draw on the map: ``label`` beside a dot in ``colour``."""

    lon: float
    lat: float
    label: str
    colour: str


@dataclass
class Room:
    """The free room on the paper; ``drawable`` says whether the font can set a text."""

    frame: Frame
    drawable: Callable[[str], bool]
    taken: list[BaseGeometry] = field(default_factory=list)

    def has(self, shape: BaseGeometry) -> bool:
        """Whether ``shape`` lies on the paper and on nothing that stands there already."""
        paper = shapely.box(0, 0, self.frame.width_mm, self.frame.height_mm)
        return bool(paper.contains(shape)) and not any(shape.intersects(t) for t in self.taken)

    def take(self, shape: BaseGeometry) -> None:
        """Keep ``shape`` free of what comes later."""
        self.taken.append(shape)


def street_names(layers: Layers, room: Room) -> list[str]:
    """Each street's name once, on its straightest free stretch, as SVG in mm."""
    colour = tokens()["map-label"]
    return [
        _along(name, chord, size, colour)
        for name, chord, size in _placed(layers, room, lambda kind: STREET_MM[kind])
    ]


def street_chords(layers: Layers, room: Room, *, size: float) -> list[tuple[str, LineString]]:
    """Where the names of streets find room if all are ``size`` high: name and chord."""
    return [(name, chord) for name, chord, _ in _placed(layers, room, lambda kind: size)]


def zooms_with_room(
    places: Sequence[tuple[str, float, float]], zooms: Sequence[int], *, size: float
) -> list[int | None]:
    """From which of the ``zooms`` on each name has room on a web map, None where from none.

    ``places`` are names with WGS-84 longitude and latitude, the most important first, each set
    ``size`` pixels high in the middle of its place. A name shown stays shown farther in, where all
    lie farther apart; a map that halves its steps shows a zoom half a step early.
    """
    if not places:
        return []
    half = np.array([length_mm(name, size) / 2 for name, _, _ in places]) + size / 3
    lat = np.array([each[2] for each in places])
    x = np.array([each[1] for each in places]) * (256 / 360)
    y = lat * (256 / 360) / math.cos(math.radians(float(lat.mean())))
    found: list[int | None] = [None] * len(places)
    for zoom in zooms:
        pixels = 2.0 ** (zoom - 0.5)
        for at in range(len(places)):
            if found[at] is None:
                shown = [other for other, since in enumerate(found) if since is not None]
                beside = np.abs(x[shown] - x[at]) * pixels > half[shown] + half[at]
                above = np.abs(y[shown] - y[at]) * pixels > size * 1.4
                if (beside | above).all():
                    found[at] = zoom
    return found


def _placed(
    layers: Layers, room: Room, size_of: Callable[[str], float]
) -> Iterator[tuple[str, LineString, float]]:
    """Names with their place and height; the larger streets choose first."""
    ranks = list(STREET_MM)
    streets: dict[tuple[int, str], list[BaseGeometry]] = {}
    for geometry, tags in inside(layers, "roads", room.frame):
        name = name_of(tags)
        if name and room.drawable(name):
            kind = tags.get("class")
            rank = ranks.index(kind if kind in STREET_MM else "minor")
            streets.setdefault((rank, name), []).append(geometry)
    named: set[str] = set()
    for (rank, name), parts in sorted(streets.items(), key=lambda item: item[0]):
        size = size_of(ranks[rank])
        chord = None if name in named else _chord(parts, length_mm(name, size), size, room)
        if chord is not None:
            named.add(name)
            room.take(chord.buffer(size * 0.8, cap_style="square"))
            yield name, chord, size


def _chord(parts: list[BaseGeometry], length: float, size: float, room: Room) -> LineString | None:
    """The free chord of ``length`` mm that keeps closest to the street and to the middle."""
    middle_of_paper = Point(room.frame.width_mm / 2, room.frame.height_mm / 2)
    merged = shapely.line_merge(shapely.union_all(parts))
    best: tuple[float, LineString] | None = None
    for line in getattr(merged, "geoms", [merged]):
        for start in np.arange(0, line.length - length + 1e-9, max(2.0, length / 6)):
            begin, middle, end = (
                line.interpolate(start + share * length) for share in (0.0, 0.5, 1.0)
            )
            chord = LineString([begin, end])
            off = chord.distance(middle)
            if chord.length < 0.97 * length or off > 0.8:
                continue
            cost = off + middle.distance(middle_of_paper) / 200
            if (best is None or cost < best[0]) and room.has(
                chord.buffer(size * 0.62, cap_style="flat")
            ):
                best = (cost, chord)
    return None if best is None else best[1]


def _along(name: str, chord: LineString, size: float, colour: str) -> str:
    """A name on its chord: Chinese upright along a steep street, others turned with it."""
    (x1, y1), (x2, y2) = shapely.get_coordinates(chord)
    angle = math.degrees(math.atan2(y2 - y1, x2 - x1))
    if angle > 90 or angle <= -90:
        (x1, y1), (x2, y2) = (x2, y2), (x1, y1)
        angle += 180 if angle <= 0 else -180
    steep = is_han(name) and abs(angle) > 52
    if steep and y1 > y2:
        (x1, y1), (x2, y2) = (x2, y2), (x1, y1)
    if not is_han(name):
        return text(name, (x1 + x2) / 2, (y1 + y2) / 2, size, colour, turn=angle)
    turn = angle - math.copysign(90, angle) if steep else angle
    margin = size / 2 / math.dist((x1, y1), (x2, y2))
    shares = np.linspace(margin, 1 - margin, len(name)) if len(name) > 1 else [0.5]
    return "".join(
        text(sign, x1 + (x2 - x1) * share, y1 + (y2 - y1) * share, size, colour, turn=turn)
        for sign, share in zip(name, shares, strict=True)
    )


def place_names(layers: Layers, room: Room) -> list[str]:
    """Waters, estates and landmarks, as far as there is room; what a rider knows comes first."""
    colours = tokens()
    wanted: list[tuple[int, str, Point, float, str]] = []
    for rank, (layer, size, colour) in enumerate(
        (
            ("pois", 2.5, "map-label-muted"),
            ("places", 2.7, "map-label-muted"),
            ("water", 2.8, "map-label-water"),
            ("green", 2.5, "map-label-green"),
        )
    ):
        for geometry, tags in inside(layers, layer, room.frame):
            name, spot = name_of(tags), _spot(geometry, room.frame)
            said = tags.get("class") not in ("township", "bridge") and room.drawable(name)
            if name and spot is not None and said:
                wanted.append((rank, name, spot, size, colours[colour]))
    out, named = [], set()
    for rank, name, spot, size, colour in sorted(wanted, key=lambda row: row[:2]):
        half = (size * len(name) if is_han(name) else length_mm(name, size)) / 2
        shape = _around(spot, half + 0.8, size * 0.7)
        if name not in named and room.has(shape):
            named.add(name)
            room.take(shape)
            out.append(text(name, spot.x, spot.y, size, colour, slant=rank == 2))
    return out


def _spot(geometry: BaseGeometry, frame: Frame) -> Point | None:
    """Where a place's name goes; None for an area of which too little is on the paper."""
    if isinstance(geometry, Point):
        return geometry
    paper = shapely.box(0, 0, frame.width_mm, frame.height_mm)
    seen = shapely.intersection(shapely.make_valid(geometry), paper)
    return seen.representative_point() if seen.area >= 40 else None


def neighbours(others: Iterable[Mark], room: Room) -> list[str]:
    """The other stations on the paper: a dot each, and the name where it finds room."""
    out = []
    for mark in others:
        spot = room.frame.spot(mark.lon, mark.lat)
        dot = spot.buffer(2)
        if not room.has(dot):
            continue
        out.append(
            f'<circle cx="{spot.x:.2f}" cy="{spot.y:.2f}" r="1.7" fill="{mark.colour}" '
            'stroke="#fff" stroke-width="0.6"/>'
        )
        half = length_mm(mark.label, 2.5) / 2
        for right, down in ((2.5 + half, 0.0), (-2.5 - half, 0.0), (0.0, 3.8), (0.0, -3.8)):
            centre = Point(spot.x + right, spot.y + down)
            shape = _around(centre, half, 1.6)
            if room.drawable(mark.label) and room.has(shape):
                room.take(shape)
                out.append(text(mark.label, centre.x, centre.y, 2.5, mark.colour, weight=700))
                break
        room.take(dot)
    return out


def _around(spot: Point, half_width: float, half_height: float) -> Polygon:
    return shapely.box(
        spot.x - half_width, spot.y - half_height, spot.x + half_width, spot.y + half_height
    )


def name_of(tags: Mapping[str, Any]) -> str:
    """The name of a feature, "" without one."""
    return one_line(str(tags.get("name") or ""))


def is_han(text: str) -> bool:
    """Whether a text is Chinese throughout."""
    return all("\u2e80" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uff60" for sign in text)


def length_mm(text: str, size: float) -> float:
    """How long a name is on the map: Chinese characters are set apart, as on street maps."""
    if is_han(text):
        return size * (1.35 * len(text) - 0.35)
    return size * sum(1.0 if ord(sign) > 0x2E80 else 0.58 for sign in text)


def text(
    words: str,
    x: float,
    y: float,
    size: float,
    colour: str,
    *,
    turn: float = 0.0,
    weight: int = 400,
    slant: bool = False,
) -> str:
    """Text centred on a point of the map, with a halo in the colour of the land."""
    halo = tokens()["map-land"]
    moves = f"translate({x:.2f} {y:.2f}) rotate({turn:.1f})" + (" skewX(-10)" if slant else "")
    return (
        f'<text transform="{moves}" y="{size * 0.36:.2f}" text-anchor="middle" '
        f'font-family="{FONT}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'stroke="{halo}" stroke-width="{size * 0.28:.2f}" stroke-linejoin="round" '
        f'paint-order="stroke">{escape(words)}</text>'
    )
