"""The middle of a door sign: when it is open, how to get in, what there is.

Lengths are as in ``door_parts``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import product

import numpy as np

from locator.outputs.drawing import Item, Shape, Text, box, moved
from locator.outputs.icon_shapes import icon_shapes
from locator.outputs.palette import tokens
from locator.outputs.signs.door_content import DoorContent, Service, Week, lines_of_hours
from locator.outputs.signs.door_parts import (
    CAP,
    PT,
    Block,
    Lacking,
    heading,
    heading_width,
    set_words,
)
from locator.outputs.signs.lines import pieces, wrapped
from locator.outputs.signs.sign_words import Words
from locator.outputs.typeface import faces

#: Figures of 24 points are 6 mm high, which is read from two metres away: the least on a door.
_HOURS_PT = (76, 71, 66, 62, 58, 54, 50, 46, 43, 40, 37, 34, 32, 30, 28, 26, 24)
#: Between the lines of a row of hours and between rows, of the size.
_LINE_LEAD, _ROW_LEAD = 0.36, 0.5


# ── when ─────────────────────────────────────────────────────────────────────────────────────


def hours(content: DoorContent, width: float, room: float, say: Words) -> Block:
    """The opening hours, as large as they fit into ``room``."""
    colours = tokens()
    items: list[Item] = []
    top = CAP * 9.5 * PT
    if content.status:
        pill = _status(content, say)
        top = pill.height
        items += moved(pill.items, width, 0)
    items += heading("opening", say, 0, top - (1.3 if content.status else 0.0))
    top += 5.5
    if content.hours is None:
        large = set_words(say("unknown"), width, ((46, 1), (36, 1), (28, 2), (20, 3)), "hours",
                          bold=True)  # fmt: skip
        notice = "   ".join(filter(None, (say("notice"), say.beside("notice"))))
        small = set_words(notice, width, ((14, 1), (12, 1), (11, 2), (9, 3)), "hours")
        high = top + large.height + 5 + small.height
        if high > room:
            raise Lacking("hours")
        items += large.items(0, top, colours["muted"])
        items += small.items(0, top + large.height + 5, colours["muted"])
        return Block(high, items)
    for size, days_share in product(_HOURS_PT, (1.0, 0.6)):
        table = _week_table(content.hours, size, width, days_share)
        if table is not None and top + table.height + 1.5 <= room:
            return Block(top + table.height, [*items, *moved(table.items, 0, top)])
    raise Lacking("hours")


def _status(content: DoorContent, say: Words) -> Block:
    """That the station is not open now, in a pill whose right end is at 0."""
    colours, (plain, bold) = tokens(), faces()
    size = 13 * PT
    small = size * 0.75
    wide = bold.width(content.status, size)
    beside = plain.width(content.status_beside, small) + 1.4 if content.status_beside else 0.0
    high = CAP * size + 2.6
    left = -wide - beside - 5.2
    edge = box(left, 0, -left, high, high / 2)
    items: list[Item] = [
        Shape([edge], fill=colours["closing-ground"], closed=True),
        Text(content.status, left + 2.6, high - 1.3, size, colours["closing"], bold=True),
    ]
    if content.status_beside:
        x = left + 2.6 + wide + 1.4
        items.append(Text(content.status_beside, x, high - 1.3, small, colours["closing"]))
    return Block(high, items)


def _week_table(week: Week, points: float, width: float, days_share: float) -> Block | None:
    """The days beside their times, ``points`` large; None where a time is wider than its room.

    Below a ``days_share`` of 1 the days break to leave more room for the times.
    """
    plain, bold = faces()
    size = points * PT
    small = max(0.36 * points, 10) * PT
    beside = min(days_share * max(plain.width(days, small) for days, _ in week), width / 3)
    left = beside + 6
    items: list[Item] = []
    top = 0.0
    for days, times in week:
        words = re.findall(r"[^、\s]+[、\s]*", days)
        day_lines = wrapped(words, plain, small, beside + 1e-6)
        if day_lines is None and days_share == 1:
            day_lines = wrapped(pieces(days), plain, small, beside + 1e-6)
        time_rows = _time_rows(times, size, width - left)
        if day_lines is None or time_rows is None:
            return None
        # The days stand on the line of the figures.
        base = top + CAP * size
        for at, line in enumerate(day_lines):
            items.append(Text(line, 0, base + at * 1.35 * small, small, tokens()["muted"]))
        for at, row in enumerate(time_rows):
            x = left
            for time in row:
                y = base + at * (CAP + _LINE_LEAD) * size
                items.append(Text(time, x, y, size, tokens()["ink"], bold=True))
                x += bold.width(time, size) + 0.42 * size
        high = max((len(time_rows) - 1) * (CAP + _LINE_LEAD) * size,
                   (len(day_lines) - 1) * 1.35 * small)  # fmt: skip
        top = base + high + _ROW_LEAD * size
    return Block(top - _ROW_LEAD * size, items)


def _time_rows(times: Sequence[str], size: float, width: float) -> list[list[str]] | None:
    """Times in lines. Hours without words of their own come as one long text, which may break."""
    bold = faces()[1]
    rows: list[list[str]] = [[]]
    used = 0.0
    for time in times:
        wide = bold.width(time, size)
        if wide > width:
            lines = wrapped(pieces(time), bold, size, width) if len(time) > 32 else None
            if lines is None:
                return None
            rows += [[line] for line in lines]
            used = width
            continue
        if rows[-1] and used + 0.42 * size + wide > width:
            rows.append([])
        used = wide if not rows[-1] else used + 0.42 * size + wide
        rows[-1].append(time)
    return [row for row in rows if row]


# ── how to get in, where, whom to call ───────────────────────────────────────────────────────


def facts(content: DoorContent, width: float, say: Words) -> Block:
    """How to get in, the address, and the number for workers' rights."""
    ink = tokens()["ink"]
    hotline = faces()[1].width(content.hotline, 14 * PT)
    last = max(heading_width("hotline", say), hotline) if content.hotline else -6.0
    first = (width - last - 12) / 2.7
    entry = set_words(content.entry or say("see_notice"), first,
                      ((14, 1), (12, 1), (11, 2), (9, 4)), "hours", bold=True)  # fmt: skip
    top = 4.4 + CAP * 9.5 * PT + 2.6
    items: list[Item] = [_hairline(width), *heading("getting_in", say, 0, top - 2.6)]
    items += entry.items(0, top, ink)
    high = entry.height
    if content.address:
        address = set_words(content.address, first * 1.7,
                            ((11.5, 1), (11.5, 2), (10, 3), (8.5, 5), (7.5, 8)), "hours",
                            bold=True)  # fmt: skip
        items += heading("address", say, first + 6, top - 2.6)
        items += address.items(first + 6, top, ink)
        high = max(high, address.height)
    if content.hotline:
        items += heading("hotline", say, width - last, top - 2.6)
        base = top + CAP * 14 * PT
        items.append(Text(content.hotline, width - last, base, 14 * PT, ink, bold=True))
        high = max(high, base - top)
    return Block(top + high, items)


def _hairline(width: float) -> Shape:
    return Shape([np.array([(0.0, 0.0), (width, 0.0)])], stroke=tokens()["line"], width=0.3)


# ── what there is ────────────────────────────────────────────────────────────────────────────


def services(content: DoorContent, width: float, own_hours: bool, say: Words) -> Block | None:
    """The services on a grid, each with its own hours or, where ``own_hours`` is False, a star;
    None for a station without any."""
    count = len(content.services)
    if not count:
        return None
    # One row as long as the words stay readable, else rows of like length.
    most = max(4, round(width / 23.5))
    rows = max(1, math.ceil(count / most))
    across = max(5 if most > 6 else 4, math.ceil(count / rows))
    column = (width - (across - 1) * 2) / across
    side, points = (13.0, 15.0) if across == 5 and rows == 1 and column > 30 else (
        (9.0, 12.5) if column > 29 else (9.0, 11.0)
    )  # fmt: skip
    starred = not own_hours and any(service.hours for service in content.services)
    top = 4.4 + CAP * 9.5 * PT
    items: list[Item] = [_hairline(width), *heading("services", say, 0, top)]
    if starred:
        star = f"* {say('star_page' if content.to_page else 'star_notice')}"
        items.append(Text(star, width, top, 9.5 * PT, tokens()["muted"], anchor=1.0))
    top += 3.6
    for start in range(0, count, across):
        row = content.services[start : start + across]
        cells = [_cell(service, column, side, points, own_hours, say) for service in row]
        for at, cell in enumerate(cells):
            items += moved(cell.items, at * (column + 2), top)
        top += max(cell.height for cell in cells) + 4
    return Block(top - 4, items)


def _cell(
    service: Service, width: float, side: float, points: float, own_hours: bool, say: Words
) -> Block:
    colours = tokens()
    items: list[Item] = []
    top = 0.0
    if service.icon:
        # The drawing of an icon keeps a little from the edge of its square.
        items += icon_shapes(service.icon, -0.08 * side, 0, side, colours["ink"])
        top = side + 2
    star = bool(service.hours) and not own_hours
    room = width - 1 - (0.6 * points * PT if star else 0.0)
    name = set_words(service.name, room, ((points, 1), (points * 0.9, 1), (points, 2),
                                          (points * 0.8, 2), (points * 0.65, 4)),
                     "hours", bold=True, lead=0.4)  # fmt: skip
    items += name.items(0, top, colours["ink"])
    top += name.height
    if star:
        x = faces()[1].width(name.lines[-1], name.size)
        items.append(Text("*", x, top, points * PT, colours["muted"]))
    if service.hours and own_hours:
        size = 9 * PT
        top += 2
        for line in _note(service.hours, size, width, say):
            items.append(Text(line, 0, top + CAP * size, size, colours["muted"]))
            top += (CAP + 0.42) * size
        top -= 0.42 * size
    return Block(top, items)


def _note(week: Week, size: float, width: float, say: Words) -> list[str]:
    """A service's hours in lines that break between two days' hours, else between the days and
    the times, never in a word."""
    plain, blank = faces()[0], " " if say.lang == "en" else ""
    units: list[tuple[str, str]] = []
    for words in lines_of_hours(week, say):
        days, times = (words[:1], words[1:]) if len(words) > 1 else ([], words)
        whole = " ".join([*days, blank.join(times)])
        fits = plain.width(whole, size) <= width
        parts = [whole] if fits else list(words)
        units += [(blank if not at else " ", part) for at, part in enumerate(parts)]
    lines = [""]
    for before, unit in units:
        parts = [unit] if plain.width(unit, size) <= width else pieces(unit)
        for at, part in enumerate(parts):
            joined = lines[-1] + (before if lines[-1] and not at else "") + part
            if plain.width(joined.rstrip(), size) <= width:
                lines[-1] = joined
            elif plain.width(part.rstrip(), size) <= width:
                lines.append(part)
            else:
                raise Lacking("hours")
    return [line.strip() for line in lines if line.strip()]
