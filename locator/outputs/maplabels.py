"""Names on a paper map: each where there is room for it, or left off."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from locator.outputs.drawing import Disc, Item, Text
from locator.outputs.palette import tokens
from locator.outputs.paper import Frame, Layers, inside
from locator.outputs.room import Room
from locator.outputs.words import one_line

#: The height of a street's name in mm, by the street's class; larger streets choose first.
STREET_MM = {
    "motorway": 3.1, "major": 3.1, "secondary": 2.9, "tertiary": 2.8, "minor": 2.6, "link": 2.6,
    "service": 2.4, "track": 2.3, "path": 2.3, "steps": 2.3,
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A point to draw on the map: ``label`` beside a dot in ``colour``, or beside a ring."""

    lon: float
    lat: float
    label: str
    colour: str
    hollow: bool = False


@dataclass(frozen=True)
class Placed:
    """A street's name with the middles of its letters (n × 2 mm) and how high it is set."""

    name: str
    letters: NDArray[np.float64]
    size: float


def street_names(layers: Layers, room: Room) -> list[Item]:
    """Each street's name once, along its straightest free stretch."""
    colour, grow = tokens()["map-label"], room.frame.grow
    return [
        text
        for placed in _placed(layers, room, lambda kind: STREET_MM[kind] * grow)
        for text in _along(placed, colour)
    ]


def street_chords(layers: Layers, room: Room, *, size: float) -> list[tuple[str, LineString]]:
    """Where the names of streets find room if all are ``size`` high: name, and the straight line
    from its beginning to its end."""
    found = []
    for placed in _placed(layers, room, lambda kind: size):
        begin, end = placed.letters[0], placed.letters[-1]
        half = (end - begin) / max(float(np.hypot(*(end - begin))), 1e-9) * size / 2
        found.append((placed.name, LineString([begin - half, end + half])))
    return found


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


def _placed(layers: Layers, room: Room, size_of: Callable[[str], float]) -> Iterator[Placed]:
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
        if name in named:
            continue
        size = size_of(ranks[rank])
        letters = _letters(name, parts, size, room)
        if letters is not None:
            named.add(name)
            for at, (x, y) in enumerate(letters):  # room at the ends, so that no two read as one
                room.take_disc(x, y, size * (1.2 if at in (0, len(letters) - 1) else 0.8))
            yield Placed(name, letters, size)


def _letters(
    name: str, parts: list[BaseGeometry], size: float, room: Room
) -> NDArray[np.float64] | None:
    """The middles of a name's letters on the free stretch of street that bends least and lies
    nearest the middle of the paper; None where there is none."""
    length = length_mm(name, size)
    spots = _spots(name, length, size)
    found: list[tuple[float, NDArray[np.float64]]] = []
    for line in shapely.get_parts(shapely.line_merge(shapely.union_all(parts))):
        if line.length < length:
            continue
        xy = shapely.get_coordinates(line)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
        starts = np.arange(0, along[-1] - length + 1e-9, max(2.0, length / 6))
        at = starts[:, None] + spots
        letters = np.stack([np.interp(at, along, xy[:, 0]), np.interp(at, along, xy[:, 1])], axis=2)
        found += zip(_costs(letters, is_han(name), room.frame).tolist(), letters, strict=True)
    for cost, letters in sorted(found, key=lambda each: each[0]):
        if not math.isfinite(cost):
            break
        if room.has_discs(letters, size * 0.62):
            return letters
    return None


def _spots(name: str, length: float, size: float) -> NDArray[np.float64]:
    """How far from the beginning of a name its letters stand; a Latin word counts as a row of
    half-letters."""
    count = len(name) if is_han(name) else max(2, round(length / size * 1.5))
    if count == 1:
        return np.array([length / 2])
    return np.linspace(size / 2, length - size / 2, count)


def _costs(letters: NDArray[np.float64], bends: bool, frame: Frame) -> NDArray[np.float64]:
    """What speaks against each row of letters: how much it bends, and how far from the middle it
    is. Infinite where a letter would stand askew, or where letters that do not bend would."""
    middle = letters.mean(axis=1)
    cost = np.hypot(middle[:, 0] - frame.width_mm / 2, middle[:, 1] - frame.height_mm / 2) / 200
    steps = np.diff(letters, axis=1)
    if steps.shape[1] < 2:
        return np.asarray(cost)
    heading = np.unwrap(np.arctan2(steps[..., 1], steps[..., 0]), axis=1)
    turns = np.abs(np.diff(heading, axis=1)).max(axis=1)
    bend = np.ptp(heading, axis=1)
    sharp, whole = (math.radians(24), math.radians(70)) if bends else (0.12, 0.16)
    return np.where((turns > sharp) | (bend > whole), np.inf, cost + bend * 1.5)


def _along(placed: Placed, colour: str) -> Iterator[Text]:
    """A name on its line: Chinese letter by letter, upright along a steep street; others as one
    row, turned with it."""
    name, letters, size = placed.name, placed.letters, placed.size
    across, down = letters[-1] - letters[0]
    steep = is_han(name) and abs(down) > 1.28 * abs(across)
    if (steep and down < 0) or (not steep and across < 0):
        letters, across, down = letters[::-1], -across, -down
    if not is_han(name):
        (x, y), turn = letters.mean(axis=0), math.degrees(math.atan2(down, across))
        yield label(name, x, y, size, colour, turn=turn)
        return
    steps = np.gradient(letters, axis=0) if len(letters) > 1 else np.array([(1.0, 0.0)])
    for sign, (x, y), (dx, dy) in zip(name, letters, steps, strict=True):
        turn = math.degrees(math.atan2(dy, dx))
        yield label(sign, x, y, size, colour, turn=turn - 90 if steep else turn)


def landmarks(layers: Layers, room: Room, size: float) -> list[Text]:
    """What people find their way by – hospitals, schools, plazas, bridges – ``size`` mm high and
    bold, as far as there is room."""
    colour, out = tokens()["map-label"], dict[str, Text]()
    for geometry, tags in inside(layers, "pois", room.frame):
        name, spot = name_of(tags), _spot(geometry, room.frame)
        if not name or name in out or spot is None or not room.drawable(name):
            continue
        half = (size * len(name) if is_han(name) else length_mm(name, size)) / 2 + 1
        around = spot.x - half, spot.y - size * 0.7, spot.x + half, spot.y + size * 0.7
        if room.has_box(*around):
            room.take_box(*around)
            out[name] = label(name, spot.x, spot.y, size, colour, bold=True)
    return list(out.values())


def place_names(layers: Layers, room: Room, besides: Collection[str] = ()) -> list[Item]:
    """Waters, estates and landmarks, as far as there is room; what a rider knows comes first.
    Those in ``besides`` are named already."""
    colours, grow = tokens(), room.frame.grow
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
                wanted.append((rank, name, spot, size * grow, colours[colour]))
    out: list[Item] = []
    named = set(besides)
    for rank, name, spot, size, colour in sorted(wanted, key=lambda row: row[:2]):
        if name in named:
            continue
        half = (size * len(name) if is_han(name) else length_mm(name, size)) / 2 + 0.8
        around = spot.x - half, spot.y - size * 0.7, spot.x + half, spot.y + size * 0.7
        if room.has_box(*around):
            named.add(name)
            room.take_box(*around)
            out.append(label(name, spot.x, spot.y, size, colour, slanted=rank == 2))
    return out


def _spot(geometry: BaseGeometry, frame: Frame) -> Point | None:
    """Where a place's name goes; None for an area of which too little is on the paper."""
    if isinstance(geometry, Point):
        return geometry
    paper = shapely.box(0, 0, frame.width_mm, frame.height_mm)
    seen = shapely.intersection(shapely.make_valid(geometry), paper)
    return seen.representative_point() if seen.area >= 40 else None


def neighbours(others: Iterable[Mark], room: Room) -> list[Item]:
    """The other stations on the paper: a dot each, and the name where it finds room."""
    out: list[Item] = []
    grow = room.frame.grow
    size = 2.5 * grow
    for mark in others:
        spot = room.frame.spot(mark.lon, mark.lat)
        if not room.has_discs(np.array([(spot.x, spot.y)]), 2 * grow):
            continue
        out += _sign(mark, spot, grow)
        half = length_mm(mark.label, size) / 2
        beside, over = size + half, 3.8 * grow
        for right, down in ((beside, 0.0), (-beside, 0.0), (0.0, over), (0.0, -over)):
            x, y = spot.x + right, spot.y + down
            around = x - half, y - 1.6 * grow, x + half, y + 1.6 * grow
            if room.drawable(mark.label) and room.has_box(*around):
                room.take_box(*around)
                out.append(label(mark.label, x, y, size, mark.colour, bold=True))
                break
        room.take_disc(spot.x, spot.y, 2 * grow)
    return out


def _sign(mark: Mark, spot: Point, grow: float) -> list[Item]:
    """A dot with a white edge; of a hollow mark its rim alone, as large."""
    dot = Disc(spot.x, spot.y, 1.7 * grow, fill=mark.colour, stroke="#ffffff", width=0.6 * grow)
    return [dot, Disc(spot.x, spot.y, 0.9 * grow, fill="#ffffff")] if mark.hollow else [dot]


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


def label(
    words: str,
    x: float,
    y: float,
    size: float,
    colour: str,
    *,
    turn: float = 0.0,
    bold: bool = False,
    slanted: bool = False,
) -> Text:
    """Words whose middle is a point of the map, with a halo in the colour of the land."""
    down, across = math.cos(math.radians(turn)) * 0.36, math.sin(math.radians(turn)) * 0.36
    return Text(
        words, x - across * size, y + down * size, size, colour, bold, 0.5, turn, slanted,
        halo=tokens()["map-land"],
    )  # fmt: skip
