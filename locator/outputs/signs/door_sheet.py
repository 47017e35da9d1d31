"""What stands where on a door sign.

All lengths are in ``u``, a millimetre on A4 that grows with the paper. Upright paper has, from
above: the plate with the name, the hours, how to get in, the services, the map beside the code. On
paper that lies, the plate, the hours and the code are on the left, the services and the map on the
right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from locator.outputs.drawing import Clip, Item, Scaled, Sheet, Text, grown, moved
from locator.outputs.palette import tokens
from locator.outputs.paper import Frame
from locator.outputs.signs import door_parts, door_table
from locator.outputs.signs.code import code_side
from locator.outputs.signs.door_content import DoorContent
from locator.outputs.signs.door_parts import CAP, NO_ROOM, PT, Lacking, set_words
from locator.outputs.signs.lines import NoRoom
from locator.outputs.signs.sign_words import Words
from locator.outputs.signs.watermark import watermark

SIDE, TOP, BELOW = 11.0, 11.0, 8.0
#: How much higher than in ``LAYOUTS`` the map may be where the hours leave room.
_HIGHER = 30.0
#: How large the code may be on paper that lies where the hours leave room.
_LARGEST_CODE = 56.0
#: Where the height of the paper goes besides.
_OVER_HOURS, _OVER_FACTS, _OVER_SERVICES, _OVER_MAP, _OVER_FOOT = 7.0, 4.0, 4.4, 5.4, 3.6


@dataclass(frozen=True, slots=True)
class Layout:
    """How high the map, the code and the plate are (u), and whether services tell their hours.

    The code keeps 25 mm without its quiet zone in each of ``LAYOUTS``.
    """

    map: float
    code: float
    plate: float
    service_hours: bool


#: First to last until all fits: the map gives height, then the services' own hours go to the page,
#: last the plate gives height.
LAYOUTS = (
    *(
        Layout(map_, code, 70, service_hours)
        for service_hours in (True, False)
        for map_, code in ((74, 50), (66, 42), (58, 34))
    ),
    Layout(50, 31, 58, service_hours=False),
)


@dataclass(frozen=True, slots=True)
class Arranged:
    """A sign but for its map: its items in mm, and the map's box (x, y, width, height in mm)."""

    items: Sequence[Item]
    map: tuple[float, float, float, float]
    u: float


def arranged(content: DoorContent, size: tuple[float, float], say: Words) -> Arranged:
    """The sign on paper of ``size`` (mm) in the first layout in which all fits.

    Raises NoRoom where none is: it says what lacks room, and what to do about it.
    """
    lying = size[0] > size[1]
    u = min(size[0] / (297 if lying else 210), size[1] / (210 if lying else 297))
    place = _lying if lying else _upright
    lacking: list[str] = []
    for layout in LAYOUTS:
        try:
            items, area = place(content, (size[0] / u, size[1] / u), u, layout, say)
        except Lacking as error:
            lacking.append(error.part)
        else:
            x, y, width, height = (side * u for side in area)
            return Arranged(grown(items, u), (x, y, width, height), u)
    # A smaller foot may lack room for the code alone: what lacks it most often is the reason.
    raise NoRoom(NO_ROOM[max(lacking, key=lacking.count)])


_Placed = tuple[list[Item], tuple[float, float, float, float]]


def _upright(
    content: DoorContent, size: tuple[float, float], u: float, layout: Layout, say: Words
) -> _Placed:
    width = size[0] - 2 * SIDE
    foot = door_parts.foot(content, width, say)
    low = size[1] - BELOW - foot.height - _OVER_FOOT
    side = code_side(content.link, layout.code * u) / u
    column = max(50.0, side)
    words = door_parts.code_words(content, column, say)
    if side + 1.5 + words.height > layout.map:
        raise Lacking("code")
    services = door_table.services(content, width, layout.service_hours, say)
    facts = door_table.facts(content, width, say)
    below = facts.height + _OVER_MAP
    below += services.height + _OVER_SERVICES if services else 0.0
    hours_top = TOP + layout.plate + _OVER_HOURS
    room = low - layout.map - below - _OVER_FACTS - hours_top
    hours = door_table.hours(content, width, room, say)
    # What the hours leave free shows more of the streets.
    high = layout.map + min(max(room - hours.height - 3, 0.0), _HIGHER)
    map_top = low - high
    words_top = map_top + min(side + 6, high - words.height)
    items = [
        *moved(door_parts.plate(content, width, layout.plate, say).items, SIDE, TOP),
        *moved(hours.items, SIDE, hours_top),
        *moved(facts.items, SIDE, map_top - below),
        *(moved(services.items, SIDE, map_top - _OVER_MAP - services.height) if services else ()),
        *moved(door_parts.code_picture(content, side).items, SIDE + width - column, map_top),
        *moved(words.items, SIDE + width - column, words_top),
        *moved(foot.items, SIDE, low + _OVER_FOOT),
    ]
    return items, (SIDE, map_top, width - column - 6, high)


def _lying(
    content: DoorContent, size: tuple[float, float], u: float, layout: Layout, say: Words
) -> _Placed:
    width = size[0] - 2 * SIDE
    left = (width - 8) * 0.56
    right, x = width - 8 - left, SIDE + left + 8
    foot = door_parts.foot(content, width, say)
    low = size[1] - BELOW - foot.height - _OVER_FOOT
    side = code_side(content.link, min(layout.code, 42) * u) / u
    facts = door_table.facts(content, left, say)
    plate = min(layout.plate, layout.code + 20)
    hours_top = TOP + plate + _OVER_HOURS
    room = low - side - _OVER_MAP - facts.height - _OVER_FACTS - hours_top
    hours = door_table.hours(content, left, room, say)
    # What the hours leave free makes the code larger.
    side = max(side, min(side + room - hours.height - 3, _LARGEST_CODE))
    facts_top = low - side - _OVER_MAP - facts.height
    words = door_parts.code_words(content, left - side - 6, say)
    if words.height > side:
        raise Lacking("code")
    services = door_table.services(content, right, layout.service_hours, say)
    map_top = TOP + (services.height + _OVER_MAP if services else 0.0)
    if low - map_top < layout.map:
        raise Lacking("hours")
    items = [
        *moved(door_parts.plate(content, left, plate, say).items, SIDE, TOP),
        *moved(hours.items, SIDE, hours_top),
        *moved(facts.items, SIDE, facts_top),
        *moved(door_parts.code_picture(content, side).items, SIDE, low - side),
        *moved(words.items, SIDE + side + 6, low - (side + words.height) / 2),
        *(moved(services.items, x, TOP) if services else ()),
        *moved(foot.items, SIDE, low + _OVER_FOOT),
    ]
    return items, (x, map_top, right, low - map_top)


def door_sheet(
    content: DoorContent,
    sign: Arranged,
    streets: Sequence[Item],
    frame: Frame,
    size: tuple[float, float],
    say: Words,
    bleed: float = 0.0,
) -> Sheet:
    """The sheet of one station; ``streets`` is its map, drawn on ``frame``."""
    x, y, width, height = sign.map
    within = [*streets, *grown(_over_map(content, frame, sign.u, say), sign.u)]
    clip = Clip(0, 0, width, height, within, radius=3 * sign.u)
    items = [*sign.items, Scaled(x, y, 1, [clip])]
    if content.made_up:
        items += watermark(size)
    return Sheet(size[0], size[1], items, bleed)


def _over_map(content: DoorContent, frame: Frame, u: float, say: Words) -> Iterator[Text]:
    """The approval number and the scale at the lower left; across the map, whether it is true."""
    colours = tokens()
    width, height = frame.width_mm / u, frame.height_mm / u
    if content.streets_made_up and not content.made_up:
        large = min(64 * PT, width / 5)
        yield Text(say("made_up_streets"), width / 2 + 0.14 * large, height / 2 + 0.34 * large,
                   large, colours["ink"], True, 0.5, -22, opacity=0.16)  # fmt: skip
    said = [say("approval", number=content.approval)] if content.approval else []
    said.append(" · ".join(filter(None, (f"1:{frame.scale}", content.attribution))))
    for at, words in enumerate(reversed(said)):
        line = set_words(words, width * 0.6, ((7, 1), (6, 1), (5, 1), (4, 1)), "foot")
        base = height - 2.2 - at * 7 * PT * (CAP + 0.5)
        yield Text(words, 2.2, base, line.size, colours["muted"], halo=colours["map-land"])
