"""The map of a direction sign: the reader's way up, rings of walking minutes, numbered stations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from locator.outputs.drawing import Clip, Disc, Item, Shape, Text
from locator.outputs.maplabels import label, landmarks, length_mm, place_names, street_names
from locator.outputs.palette import tokens
from locator.outputs.paper import Frame, Layers
from locator.outputs.room import Room
from locator.outputs.signs.direction_stations import Content, minutes_words
from locator.outputs.signs.nearby import WALK_M_PER_MIN, Way
from locator.outputs.signs.sign_words import Words
from locator.outputs.streetmap import NEEDLE_MM, ground, scale_and_north, scale_box
from locator.outputs.words import one_line, word

#: Minutes on foot that are drawn as rings.
RINGS_MIN = (5, 10)
#: How far from the edge of the map, in mm on A4, a station that lies beyond it is shown.
_EDGE_MM = 8.2


def direction_map(
    layers: Layers,
    frame: Frame,
    manifest: Mapping[str, Any],
    content: Content,
    say: Words,
    drawable: Callable[[str], bool],
) -> Clip:
    """The map with the stations numbered from 1 and the ride to the first.

    The reader stands in the middle of ``frame`` and looks up. What lies beyond the paper stands at
    its edge, with a point outward.
    """
    grow = frame.grow
    room = Room(frame, drawable)
    room.take_box(*scale_box(frame))
    width, height = frame.width_mm, frame.height_mm  # the needle and its letter, however they turn
    room.take_box(width - 16 * grow, height - 15 * grow, width, height)
    middle = (frame.width_mm / 2, frame.height_mm / 2)
    here = _here(frame, say, room)
    ways, ride = content.ways, content.ride
    first = word(manifest, "kinds", ways[0].row["kind"]).colour if ways else tokens()["ink"]
    spots = _spots(frame, ways, room)
    marks = [
        item
        for number, (way, spot) in reversed(list(enumerate(zip(ways, spots, strict=True), 1)))
        for item in _mark(frame, number, spot, word(manifest, "kinds", way.row["kind"]).colour)
    ]
    path: list[Item] = []
    names: list[Item] = []
    if ride is not None:
        way = frame.to_paper(shapely.LineString(ride.line))
        on_paper = [shapely.get_coordinates(way)]
        path = [
            Shape(on_paper, stroke="#ffffff", width=3.0 * grow),
            Shape(on_paper, stroke=first, width=1.7 * grow),
        ]
        for point in shapely.line_interpolate_point(way, np.arange(0, way.length, 1.5 * grow)):
            room.take_disc(point.x, point.y, 1.6 * grow)
        names += _minutes_on(frame, way, minutes_words(ways[0], ride, say), first, room)
    names += _station_names(frame, manifest, ways[:1], spots, room)
    rings = [item for minutes in RINGS_MIN for item in _ring(frame, minutes, say, room)]
    ring_words = [item for item in rings if isinstance(item, Text)]
    rings = [item for item in rings if not isinstance(item, Text)]
    known = landmarks(layers, room, 3.6 * grow)
    named = [text.words for text in known]
    items = [
        *ground(layers, frame), *rings, *path, *ring_words, *names, *known,
        *street_names(layers, room), *place_names(layers, room, named), *marks, *here,
        *_north(frame, say, middle),
    ]  # fmt: skip
    return Clip(0, 0, frame.width_mm, frame.height_mm, items, radius=3 * grow)


def _here(frame: Frame, say: Words, room: Room) -> list[Item]:
    """Where the reader stands, with the cone of the way ahead."""
    x, y, grow = frame.width_mm / 2, frame.height_mm / 2, frame.grow
    ink, size = tokens()["ink"], 4.6 * frame.grow
    words = say("here")
    cone = np.array([(0, 0), (-5.2, -9.5), (5.2, -9.5)]) * grow + np.array([x, y])
    half = length_mm(words, size) / 2
    room.take_disc(x, y, 5 * grow)
    room.take_box(x - 5.4 * grow, y - 10 * grow, x + 5.4 * grow, y)
    below = y + 8.6 * grow
    room.take_box(x - half - grow, below - size * 0.7, x + half + grow, below + size * 0.7)
    return [
        Shape([cone], fill=ink, closed=True, opacity=0.25),
        Disc(x, y, 4.4 * grow, fill="#ffffff"),
        Disc(x, y, 3.4 * grow, fill=ink),
        Disc(x, y, 1.2 * grow, fill="#ffffff"),
        label(words, x, below, size, ink, bold=True),
    ]


#: Where a mark may make room, in mm on A4 about where it wants to be, the nearest first.
_AROUND = np.array(
    [(0.0, 0.0)]
    + [
        (math.sin(turn) * far, -math.cos(turn) * far)
        for far in np.arange(1.0, 30.0)
        for turn in np.radians(np.arange(0, 360, 15))
    ]
)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a station's mark stands (mm), where the station is if the mark had to make room, and
    the turn (degrees from up) of the mark's point where the station lies beyond the edge."""

    x: float
    y: float
    radius: float
    door: tuple[float, float] | None = None
    turn: float | None = None


def _spots(frame: Frame, ways: Sequence[Way], room: Room) -> list[_Spot]:
    """Marks that cover neither one another nor what stands in the room already."""
    grow = frame.grow
    middle = np.array([frame.width_mm, frame.height_mm]) / 2
    half = middle - _EDGE_MM * grow
    found: list[_Spot] = []
    for number, way in enumerate(ways, start=1):
        radius = (4.6 if number == 1 else 3.5) * grow
        point = frame.spot(way.row["geometry"].x, way.row["geometry"].y)
        off = np.array([point.x, point.y]) - middle
        beyond = float(np.abs(off / half).max())
        turn = math.degrees(math.atan2(off[0], -off[1])) if beyond > 1 else None
        wanted = middle + off / max(1.0, beyond)
        places = wanted + _AROUND * grow
        places = places[(np.abs(places - middle) <= half + 1e-6).all(axis=1)]
        free = (place for place in places if room.has_discs(place[None], radius + 0.5 * grow))
        x, y = next(free, wanted)
        room.take_disc(x, y, radius + 0.5 * grow)
        moved = math.hypot(x - wanted[0], y - wanted[1]) > 1e-6 and turn is None
        door = (point.x, point.y) if moved else None
        found.append(_Spot(float(x), float(y), radius, door, turn))
    return found


def _mark(frame: Frame, number: int, spot: _Spot, colour: str) -> Iterator[Item]:
    x, y, radius, grow = spot.x, spot.y, spot.radius, frame.grow
    if spot.door:
        yield Shape([np.array([spot.door, (x, y)])], stroke=colour, width=0.7 * grow)
        yield Disc(*spot.door, 1.2 * grow, fill=colour, stroke="#ffffff", width=0.5 * grow)
    if spot.turn is not None:
        angle = math.radians(spot.turn)
        out = np.array([math.sin(angle), -math.cos(angle)])
        side = np.array([-out[1], out[0]])
        base, tip = np.array([x, y]) + out * radius * 0.7, np.array([x, y]) + out * radius * 1.75
        point = np.array([base + side * radius * 0.7, tip, base - side * radius * 0.7])
        yield Shape([point], fill=colour, stroke="#ffffff", width=0.8 * grow, closed=True)
    yield Disc(x, y, radius, fill=colour, stroke="#ffffff", width=0.9 * grow)
    size = radius * 1.25
    yield Text(str(number), x, y + size * 0.36, size, "#ffffff", bold=True, anchor=0.5)


def _station_names(
    frame: Frame,
    manifest: Mapping[str, Any],
    ways: Sequence[Way],
    spots: Sequence[_Spot],
    room: Room,
) -> list[Item]:
    """The name beside its mark, where it finds room."""
    out: list[Item] = []
    size = 4.0 * frame.grow
    for way, spot in zip(ways, spots, strict=False):
        name = one_line(way.row["name"])
        half = length_mm(name, size) / 2
        if spot.turn is not None or not room.drawable(name):
            continue
        away = 7 * frame.grow
        beside, over = away + half, away + size
        for right, down in ((beside, 0.0), (-beside, 0.0), (0.0, over), (0.0, -over)):
            centre = spot.x + right, spot.y + down
            around = (centre[0] - half, centre[1] - size, centre[0] + half, centre[1] + size)
            if room.has_box(*around):
                room.take_box(*around)
                colour = word(manifest, "kinds", way.row["kind"]).colour
                out.append(label(name, *centre, size, colour, bold=True))
                break
    return out


def _minutes_on(
    frame: Frame, path: shapely.LineString, words: str, colour: str, room: Room
) -> list[Item]:
    """How long the way is, beside its line: as near its middle on the map as there is room."""
    size = 3.8 * frame.grow
    half = length_mm(words, size) / 2
    seen = shapely.intersection(path, shapely.box(0, 0, frame.width_mm, frame.height_mm))
    for share in sorted(np.linspace(0.05, 0.95, 19), key=lambda share: abs(share - 0.5)):
        point = shapely.line_interpolate_point(path, share * seen.length)
        for right, down in ((0, -1), (0, 1), (1, 0), (-1, 0)):
            x = point.x + right * (half + 2.8 * frame.grow)
            y = point.y + down * (size + 1.4 * frame.grow)
            around = x - half, y - size * 0.7, x + half, y + size * 0.7
            if room.has_box(*around):
                room.take_box(*around)
                return [label(words, x, y, size, colour, bold=True)]
    return []


def _ring(frame: Frame, minutes: int, say: Words, room: Room) -> list[Item]:
    """A circle of so many minutes on foot, named where it stands freely: ahead of the reader when
    all of it is on the paper, else where it leaves it."""
    grow, radius = frame.grow, minutes * WALK_M_PER_MIN * 1000 / frame.scale
    x, y = frame.width_mm / 2, frame.height_mm / 2
    muted, size = tokens()["muted"], 3.3 * grow
    if radius > math.hypot(x, y):
        return []
    out: list[Item] = [Disc(x, y, radius, stroke=muted, width=0.45 * grow,
                            dash=(1.8 * grow, 1.4 * grow))]  # fmt: skip
    words = say("walk", n=minutes)
    half = length_mm(words, size) / 2 + 0.6 * grow
    turns = np.radians(np.arange(0, 360, 5.0))
    spots = np.column_stack([x + radius * np.sin(turns), y - radius * np.cos(turns)])
    inset_x, inset_y = half + 2 * grow, size + 2 * grow
    inside = (np.abs(spots[:, 0] - x) < x - inset_x) & (np.abs(spots[:, 1] - y) < y - inset_y)
    if inside.all():
        order = np.argsort(np.minimum(turns, 2 * math.pi - turns), kind="stable")
    else:
        leaving = inside & ~(np.roll(inside, 1) & np.roll(inside, -1))
        order = np.concatenate([np.flatnonzero(leaving), np.flatnonzero(inside & ~leaving)])
    for at in order:
        left, top = spots[at, 0] - half, spots[at, 1] - size * 0.7
        around = left, top, left + 2 * half, top + size * 1.4
        if room.has_box(*around):
            room.take_box(*around)
            out.append(label(words, spots[at, 0], spots[at, 1], size, muted, bold=True))
            break
    return out


def _north(frame: Frame, say: Words, middle: tuple[float, float]) -> list[Item]:
    """The scale bar and the needle, and the needle's letter beyond its tip."""
    items = scale_and_north(frame, say("metre"))
    grow, turn = frame.grow, math.radians(-frame.facing)
    x, y = frame.width_mm - NEEDLE_MM * grow, frame.height_mm - NEEDLE_MM * grow
    letter = (x + math.sin(turn) * 5.6 * grow, y - math.cos(turn) * 5.6 * grow)
    return [*items, label(say("north"), *letter, 2.8 * grow, tokens()["ink"], bold=True)]
