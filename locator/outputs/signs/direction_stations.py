"""The stations on a direction sign: the one to go to, as large as can be, the others in rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from locator.outputs.drawing import Disc, Item, Shape, Text, arrow, box
from locator.outputs.icon_shapes import icon_shapes
from locator.outputs.palette import tokens
from locator.outputs.signs.lines import NoRoom, fitted, pieces, split_tail
from locator.outputs.signs.nearby import DETOUR, WALK_M_PER_MIN, Ride, Way
from locator.outputs.signs.sign_words import Words
from locator.outputs.signs.sites import SignSite
from locator.outputs.typeface import faces
from locator.outputs.words import one_line, word
from locator.stations.hours import week_text

#: Smaller letters nobody reads from an arm's length.
LEAST_TYPE_MM = 1.9
#: How many stations the list beside the code holds.
OTHERS = 5
#: x, y, width and height in mm.
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Content:
    """What a sign says.

    ``facing`` is the way its reader looks, None where nobody knows and north is up; ``ways`` are
    the stations with the one to go to first, ``ride`` is the way to that one.
    """

    site: SignSite
    facing: float | None
    ways: Sequence[Way]
    ride: Ride | None
    base: str
    check_by: str
    made_up: bool


def hero(
    manifest: Mapping[str, Any], content: Content, area: Box, u: float, say: Words
) -> Iterator[Item]:
    """The station to go to: its direction, as large as the paper allows, then its name."""
    x, y, width, height = area
    way = content.ways[0]
    kind, bold = word(manifest, "kinds", way.row["kind"]), faces()[1]
    white, ride = "#ffffff", content.ride
    turn = (ride.bearing if ride else way.bearing) - (content.facing or 0.0)
    yield Shape([box(x, y, width, height, 5 * u)], fill=kind.colour, closed=True)
    radius = (23.0 if width > 150 * u else 17.0) * u
    cx, cy = x + 8 * u + radius, y + 8 * u + radius + (2 * u if width > 150 * u else 0)
    yield Disc(cx, cy, radius, fill=white)
    yield Shape(arrow(cx, cy, radius * 1.4, turn), fill=kind.colour, closed=True)
    left = cx + radius + 8 * u
    room = x + width - 8 * u - left
    title = "late" if way.late else "near"
    yield from _number(left + 4 * u, y + 11.5 * u, 4 * u, "1", white, kind.colour)
    small, title_room = say.beside(title), x + width - 6 * u - (left + 11 * u)
    fit = fitted([say(title)], bold, title_room, [(s * u, 1) for s in (5.6, 5, 4.4, 3.8, 3.2)])
    if fit is None:
        raise NoRoom("纸太窄 / the paper is too narrow; give a wider one")
    yield Text(say(title), left + 11 * u, y + (11.2 if small else 13.4) * u, fit[0], white, True)
    if small:
        yield Text(small, left + 11 * u, y + 16.0 * u, 3.5 * u, white)
    wide = width > 150 * u
    base = y + (51 if wide else 47.5) * u
    yield from _name(
        way, kind.zh, (left, y + (19 if small else 18) * u, room, base - y - 28.5 * u), u
    )
    minutes, far = (
        minutes_words(way, ride, say),
        _distance(ride.metres if ride else way.metres, say),
    )
    for big in ((10 if wide else 8) * share * u for share in (1, 0.9, 0.8, 0.7, 0.6)):
        at = left + bold.width(minutes, big) + 3 * u
        end = at + faces()[0].width(far, big * 0.58)
        if end <= left + room:
            break
    yield Text(minutes, left, base, big, white, True)
    yield Text(far, at, base, big * 0.58, white)
    hours = _hours_words(way, say)
    fit = fitted([hours], bold, room, [(s * u, 1) for s in (6.4, 5.6, 5, 4.4, 3.8)])
    if fit is None:
        fit = (5 * u, [say("see" if content.base else "see_there")])
    yield Text(fit[1][0], left, base + 8.8 * u, fit[0], white, True)
    free = left + room - end - 4 * u
    icons = list(way.row["services"])[: max(0, min(8, int(free / (8 * u))))]
    for number, code in enumerate(reversed(icons), start=1):
        inner = word(manifest, "services", code).icon
        yield from icon_shapes(inner, left + room - number * 8 * u + 1.6 * u, base - 5.8 * u,
                               6.4 * u, white)  # fmt: skip


def _name(way: Way, kind: str, area: Box, u: float) -> Iterator[Text]:
    """The station's name in as many lines as there is height for; a bracket at its end is small."""
    x, y, width, height = area
    bold = faces()[1]
    main, tail = split_tail(one_line(way.row["name"]))
    for size in (share * u for share in (13, 12, 11, 10, 9, 8, 7.2, 6.4, 5.6, 5, 4.4)):
        most = int(height / (size * 1.12) + 0.12)
        fit = fitted(pieces(main, [kind]), bold, width, [(size, most)])
        if fit is None:
            continue
        lines = fit[1]
        last = bold.width(lines[-1], size)
        beside = last + bold.width(tail, size * 0.5) <= width
        if not beside and len(lines) + 1 > most:
            continue
        for at, line in enumerate(lines):
            yield Text(line, x, y + size * (0.95 + 1.12 * at), size, "#ffffff", True)
        if tail:
            down = y + size * (0.95 + 1.12 * (len(lines) - 1)) + (0 if beside else size * 0.75)
            yield Text(tail, x + (last if beside else 0), down, size * 0.5, "#ffffff")
        return
    raise NoRoom("站名放不下，请在台账里写短 / the station's name does not fit; shorten it")


def minutes_words(way: Way, ride: Ride | None, say: Words) -> str:
    """How long it takes, on foot where that is no slower than fetching the bike."""
    metres = ride.metres if ride else way.metres * DETOUR
    walk = max(1, round(metres / WALK_M_PER_MIN))
    if walk <= way.minutes:
        return say("on_foot", n=walk)
    return say("about" if way.about else "ride", n=way.minutes)


def _number(x: float, y: float, r: float, words: str, fill: str, ink: str) -> list[Item]:
    size = r * 1.35
    return [
        Disc(x, y, r, fill=fill),
        Text(words, x, y + size * 0.36, size, ink, bold=True, anchor=0.5),
    ]


def nobody(area: Box, u: float, say: Words) -> list[Item]:
    """What stands there where no station is within reach."""
    x, y, width, height = area
    muted = tokens()["muted"]
    return [
        Shape([box(x, y, width, height, 5 * u)], stroke=muted, width=0.5 * u, closed=True),
        Text(say("none"), x + width / 2, y + height / 2, 9 * u, muted, True, anchor=0.5),
    ]


def _distance(metres: float, say: Words) -> str:
    if metres < 950:
        return say("metres", n=max(50, round(metres / 50) * 50))
    return say("kilometres", n=f"{metres / 1000:.1f}")


def _hours_words(way: Way, say: Words) -> str:
    hours = way.row["hours"]
    if not isinstance(hours, str) or not hours:
        return say("unknown")
    if hours == "24/7":
        return say("all_day")
    lines = week_text(hours, lang="en" if say.lang == "en" else "zh")
    return "；".join(f"{days} {times}" for days, times in lines)


def _hours_parts(way: Way, say: Words) -> list[str]:
    """The hours as pieces between which a line may break."""
    parts = re.split(r"(?<=；)|(?<= )", _hours_words(way, say))
    return [part for part in parts if part]


def others(
    manifest: Mapping[str, Any], content: Content, area: Box, u: float, say: Words
) -> Iterator[Item]:
    """The stations after the first, a row each."""
    x, y, width, height = area
    colours = tokens()
    title = " ".join(filter(None, (say("others"), say.beside("others"))))
    rest = content.ways[1:]
    if not rest:
        return
    yield Text(title, x, y + 3.6 * u, 3.8 * u, colours["muted"], bold=True)
    yield Text(say("straight"), x + width, y + 3.6 * u, 2.9 * u, colours["muted"], anchor=1.0)
    row_height = min(12.5 * u, (height - 6 * u) / OTHERS)
    for at in range(len(rest)):
        top = y + 6 * u + at * row_height
        if at:
            line = np.array([(x, top), (x + width, top)])
            yield Shape([line], stroke=colours["line"], width=0.25 * u)
        yield from _row(manifest, content, at + 2, (x, top, width, row_height), u, say)


def _row(
    manifest: Mapping[str, Any], content: Content, number: int, area: Box, u: float, say: Words
) -> Iterator[Item]:
    x, y, width, height = area
    way = content.ways[number - 1]
    colours, (plain, bold) = tokens(), faces()
    kind = word(manifest, "kinds", way.row["kind"])
    middle = y + height / 2
    yield from _number(x + 3.6 * u, middle, 3.3 * u, str(number), kind.colour, "#ffffff")
    yield Shape(
        arrow(x + 12.4 * u, middle, 8 * u, way.bearing - (content.facing or 0.0)),
        fill=colours["ink"], closed=True,
    )  # fmt: skip
    minutes = minutes_words(way, None, say)
    left = x + 18.5 * u
    icons = list(way.row["services"])[: 6 if width > 130 * u else 0]
    # A name that is too long for its column takes that of the symbols.
    for beside in (35.6 * u, 0.0) if icons else (0.0,):
        right = x + width - beside
        room = right - bold.width(minutes, 4.4 * u) - 3 * u - left
        name = fitted(
            pieces(one_line(way.row["name"]), [kind.zh]), bold, room,
            [(s * u, 1) for s in (4.6, 4.2, 3.8, 3.4)] + [(2.6 * u, 2), (2.2 * u, 2)],
        )  # fmt: skip
        if name:
            break
    if name is None or name[0] < LEAST_TYPE_MM:
        raise NoRoom(
            f"站名放不下，请在台账里写短：{way.row['id']} / "
            f"the name of {way.row['id']} does not fit; shorten it in the ledger"
        )
    yield Text(minutes, right, middle - 0.2 * u, 4.4 * u, colours["ink"], True, anchor=1.0)
    yield Text(_distance(way.metres, say), right, middle + 3.9 * u, 3.2 * u, colours["muted"],
               anchor=1.0)  # fmt: skip
    size, lines = name
    hours = fitted(
        _hours_parts(way, say), plain, room,
        [(s * u, 1) for s in (3.4, 3.0, 2.7)] + [(2.5 * u, 2), (2.3 * u, 2)],
    )  # fmt: skip
    if hours is None or (len(lines) > 1 and len(hours[1]) > 1):
        hours = (2.7 * u, [say("see" if content.base else "see_there")])
    second = (len(hours[1]) - 1) * 2.5 * u
    size = min(size, 3.8 * u) if second else size
    for at, line in enumerate(lines):
        lift = 0.2 * u + second * 0.8 + (len(lines) - 1 - at) * size * 1.1
        yield Text(line, left, middle - lift, size, colours["ink"], True)
    tint = colours["open"] if way.late else colours["muted"]
    start = left
    if way.late:
        yield Disc(left + 1.2 * u, middle + 2.8 * u - second, 1.1 * u, fill=tint)
        start = left + 3.4 * u
    for at, line in enumerate(hours[1]):
        low = middle + 3.9 * u - second + at * hours[0] * 1.15
        yield Text(line, start, low, hours[0], tint, bold=way.late)
    for index, code in enumerate(icons if right < x + width else ()):
        inner = word(manifest, "services", code).icon
        yield from icon_shapes(
            inner, right + 3 * u + index * 5.6 * u, middle - 2.3 * u, 4.6 * u, colours["ink"]
        )
