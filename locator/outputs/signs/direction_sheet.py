"""What stands where on a direction sign.

All lengths are in ``u``, a millimetre on A4 that grows with the paper. Upright paper has, from
above: where the reader is, the station to go to, the map, the others beside the code. On paper that
lies, the map is on the left and the rest on the right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from locator.outputs.drawing import Clip, Disc, Item, Shape, Sheet, Text, arrow, box, moved
from locator.outputs.icon_shapes import icon_shapes
from locator.outputs.palette import tokens
from locator.outputs.paper import Frame
from locator.outputs.signs.code import address, code_items, code_side
from locator.outputs.signs.lines import NoRoom, fitted, pieces, split_tail
from locator.outputs.signs.nearby import Way
from locator.outputs.signs.sign_words import HOTLINES, Words
from locator.outputs.signs.sites import SignSite
from locator.outputs.signs.watermark import watermark
from locator.outputs.typeface import faces
from locator.outputs.words import one_line, word
from locator.stations.hours import week_text

MARGIN = 10.0
#: How many stations the list beside the code holds.
OTHERS = 5


@dataclass(frozen=True, slots=True)
class Areas:
    """Where the parts of a sign are: x, y, width, height in ``u``."""

    head: tuple[float, float, float, float]
    hero: tuple[float, float, float, float]
    map: tuple[float, float, float, float]
    list: tuple[float, float, float, float]
    code: tuple[float, float, float, float]
    foot: tuple[float, float, float, float]


def areas(width: float, height: float) -> tuple[float, Areas]:
    """The millimetres of one ``u`` on paper of this size (mm), and the parts' places on it."""
    if height >= width:
        u = min(width / 210, height / 297)
        wide, high = width / u, height / u
        full, low = wide - 2 * MARGIN, high - MARGIN
        top = low - 68
        return u, Areas(
            head=(MARGIN, MARGIN, full, 11),
            hero=(MARGIN, MARGIN + 14, full, 66),
            map=(MARGIN, MARGIN + 84, full, top - 4 - (MARGIN + 84)),
            list=(MARGIN, top, full - 46, 60),
            code=(wide - MARGIN - 40, top, 40, 60),
            foot=(MARGIN, low - 5, full, 5),
        )
    u = min(width / 297, height / 210)
    wide, high = width / u, height / u
    low, right = high - MARGIN, 116.0
    left = wide - 2 * MARGIN - right - 6
    x = wide - MARGIN - right
    return u, Areas(
        head=(MARGIN, MARGIN, wide - 2 * MARGIN, 11),
        hero=(x, MARGIN + 14, right, 62),
        map=(MARGIN, MARGIN + 14, left, low - 8 - (MARGIN + 14)),
        list=(x, MARGIN + 80, right, low - 8 - 36 - (MARGIN + 80)),
        code=(x, low - 8 - 33, right, 33),
        foot=(MARGIN, low - 5, wide - 2 * MARGIN, 5),
    )


@dataclass(frozen=True, slots=True)
class Content:
    """What a sign says: ``ways`` are the stations with the one to go to first."""

    site: SignSite
    ways: Sequence[Way]
    base: str
    check_by: str
    made_up: bool


def direction_sheet(
    manifest: Mapping[str, Any],
    content: Content,
    map_items: Clip,
    size: tuple[float, float],
    frame: Frame,
    say: Words,
    bleed: float = 0.0,
) -> Sheet:
    """The sheet of one site. Raises NoRoom for words that do not fit."""
    u, places = areas(*size)
    out: list[Item] = []
    out += _head(manifest, content.site, _scaled(places.head, u), u, say)
    if content.ways:
        out += _hero(manifest, content, _scaled(places.hero, u), u, say)
    else:
        out += _nobody(_scaled(places.hero, u), u, say)
    x, y, _, _ = _scaled(places.map, u)
    out += moved([map_items], x, y)
    if content.ways:
        out += _others(manifest, content, _scaled(places.list, u), u, say)
        out += _code(manifest, content, _scaled(places.code, u), u, say)
    out += _foot(manifest, content, _scaled(places.foot, u), u, frame, say)
    if content.made_up:
        out += watermark(size)
    return Sheet(size[0], size[1], out, bleed)


Box = tuple[float, float, float, float]


def _scaled(area: Box, u: float) -> Box:
    return (area[0] * u, area[1] * u, area[2] * u, area[3] * u)


def _head(
    manifest: Mapping[str, Any], site: SignSite, area: Box, u: float, say: Words
) -> Iterator[Item]:
    x, y, width, _ = area
    colours, bold = tokens(), faces()[1]
    county = manifest["county"]["name_en" if say.lang == "en" else "name_zh"]
    side = bold.width(county, 4.6 * u)
    name = fitted([one_line(site.name)], bold, width - side - 60 * u,
                  [(s * u, 1) for s in (8.6, 7.5, 6.5, 5.5, 4.6, 3.8, 3.2)])  # fmt: skip
    if name is None:
        raise NoRoom("立牌处的名称放不下，请写短 / the name of the site does not fit; shorten it")
    yield Text(name[1][0], x, y + 8.2 * u, name[0], colours["ink"], bold=True)
    yield Text(county, x + width, y + 4.0 * u, 4.6 * u, colours["ink"], bold=True, anchor=1.0)
    hint = " · ".join(filter(None, (say("heads_up"), say.beside("heads_up"))))
    yield Text(hint, x + width, y + 9.2 * u, 3.2 * u, colours["muted"], anchor=1.0)


def _hero(
    manifest: Mapping[str, Any], content: Content, area: Box, u: float, say: Words
) -> Iterator[Item]:
    """The station to go to: its direction, as large as the paper allows, then its name."""
    x, y, width, height = area
    way = content.ways[0]
    kind, bold = word(manifest, "kinds", way.row["kind"]), faces()[1]
    white, turn = "#ffffff", way.bearing - content.site.facing
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
    minutes, far = _minutes(way, say), _distance(way.metres, say)
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
        fit = (5 * u, [say("see")])
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
        most = int(height / (size * 1.12) + 0.2)
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


def _minutes(way: Way, say: Words) -> str:
    """How long it takes, on foot where that is no slower than fetching the bike."""
    if way.walk_minutes <= way.minutes:
        return say("on_foot", n=way.walk_minutes)
    return say("about" if way.about else "ride", n=way.minutes)


def _number(x: float, y: float, r: float, words: str, fill: str, ink: str) -> list[Item]:
    size = r * 1.35
    return [
        Disc(x, y, r, fill=fill),
        Text(words, x, y + size * 0.36, size, ink, bold=True, anchor=0.5),
    ]


def _nobody(area: Box, u: float, say: Words) -> list[Item]:
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


def _others(
    manifest: Mapping[str, Any], content: Content, area: Box, u: float, say: Words
) -> Iterator[Item]:
    """The stations after the first, a row each."""
    x, y, width, height = area
    colours = tokens()
    title = " ".join(filter(None, (say("others"), say.beside("others"))))
    others = content.ways[1:]
    if not others:
        return
    yield Text(title, x, y + 3.6 * u, 3.8 * u, colours["muted"], bold=True)
    row_height = min(12.5 * u, (height - 6 * u) / OTHERS)
    for at, way in enumerate(others):
        top = y + 6 * u + at * row_height
        if at:
            line = np.array([(x, top), (x + width, top)])
            yield Shape([line], stroke=colours["line"], width=0.25 * u)
        yield from _row(manifest, content.site, at + 2, way, (x, top, width, row_height), u, say)


def _row(
    manifest: Mapping[str, Any],
    site: SignSite,
    number: int,
    way: Way,
    area: Box,
    u: float,
    say: Words,
) -> Iterator[Item]:
    x, y, width, height = area
    colours, (plain, bold) = tokens(), faces()
    kind = word(manifest, "kinds", way.row["kind"])
    middle = y + height / 2
    yield from _number(x + 3.6 * u, middle, 3.3 * u, str(number), kind.colour, "#ffffff")
    yield Shape(
        arrow(x + 12.4 * u, middle, 8 * u, way.bearing - site.facing),
        fill=colours["ink"], closed=True,
    )  # fmt: skip
    minutes = _minutes(way, say)
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
    if name is None:
        raise NoRoom(
            f"站名放不下，请在台账里写短：{way.row['id']} / "
            f"the name of {way.row['id']} does not fit; shorten it in the ledger"
        )
    yield Text(minutes, right, middle - 0.2 * u, 4.4 * u, colours["ink"], True, anchor=1.0)
    yield Text(_distance(way.metres, say), right, middle + 3.9 * u, 3.2 * u, colours["muted"],
               anchor=1.0)  # fmt: skip
    size, lines = name
    for at, line in enumerate(lines):
        lift = 0.2 * u + (len(lines) - 1 - at) * size * 1.1
        yield Text(line, left, middle - lift, size, colours["ink"], True)
    hours = fitted([_hours_words(way, say)], plain, room, [(s * u, 1) for s in (3.4, 3.0, 2.7)])
    words = hours[1][0] if hours else say("see")
    tint = colours["open"] if way.late else colours["muted"]
    start = left
    if way.late:
        yield Disc(left + 1.2 * u, middle + 2.8 * u, 1.1 * u, fill=tint)
        start = left + 3.4 * u
    yield Text(words, start, middle + 3.9 * u, hours[0] if hours else 3.0 * u, tint, bold=way.late)
    for index, code in enumerate(icons if right < x + width else ()):
        inner = word(manifest, "services", code).icon
        yield from icon_shapes(
            inner, right + 3 * u + index * 5.6 * u, middle - 2.3 * u, 4.6 * u, colours["ink"]
        )


def _code(
    manifest: Mapping[str, Any], content: Content, area: Box, u: float, say: Words
) -> Iterator[Item]:
    """The code that leads to the first station, and the address in words beside it."""
    x, y, width, height = area
    colours, (plain, bold) = tokens(), faces()
    upright = height > width
    text = address(content.ways[0].row, content.base)
    side = code_side(text, (34 if upright else 32) * u)
    yield from code_items(text, x + (width - side if upright else 0), y, side)
    frame = box(x + (width - side if upright else 0), y, side, side, 2 * u)
    yield Shape([frame], stroke=colours["line"], width=0.3 * u, closed=True)
    left = x + width - side if upright else x + side + 5 * u
    room = side if upright else width - side - 5 * u
    at = y + (side + 5.6 * u if upright else 7 * u)
    hotline = HOTLINES.get(manifest["county"].get("country", "CN"), "")
    rows: list[tuple[str, float, bool, str]] = [(say("scan", n=1), 4.6, True, colours["ink"])]
    if not upright and say.beside("scan", n=1):
        rows.append((say.beside("scan", n=1), 3.0, False, colours["muted"]))
    rows += [
        (say("only"), 2.9, False, colours["muted"]),
        (urlsplit(text).netloc, 3.8, True, colours["ink"]),
    ]
    if hotline:
        rows.append((f"{say('hotline')} {hotline}", 3.4, True, colours["ink"]))
    low = at
    for words, size, heavy, colour in rows:
        face = bold if heavy else plain
        fit = fitted([words], face, room, [(size * share * u, 1) for share in (1, 0.85, 0.7, 0.55)])
        if fit is None:
            raise NoRoom(
                "二维码旁的网址放不下，请换短一些的 / the address does not fit; use a shorter"
            )
        yield Text(words, left, at, fit[0], colour, heavy)
        at += fit[0] * 1.42
        low = at - fit[0]
    if low > y + height:
        raise NoRoom("二维码旁放不下 / what stands beside the code does not fit; use larger paper")


def _foot(
    manifest: Mapping[str, Any], content: Content, area: Box, u: float, frame: Frame, say: Words
) -> Iterator[Item]:
    """Approval number at the lower left, scale, dates, whose streets."""
    x, y, width, height = area
    colours, (plain, bold) = tokens(), faces()
    size, base = 2.7 * u, y + height - 0.8 * u
    warning = (
        say("made_up")
        if content.made_up
        else say("streets_made_up")
        if manifest["provenance"]["streets"] == "illustrative"
        else ""
    )
    said = [
        say("approval", number=manifest["approval_number"]) if manifest["approval_number"] else "",
        f"1:{frame.scale}",
        say("data", date=manifest["as_of"]),
        say("check", date=content.check_by),
        manifest.get("streets", {}).get("attribution", manifest["attribution"]),
    ]
    at = x
    if warning:
        yield Text(warning, at, base, size, colours["ember"], bold=True)
        at += bold.width(warning, size) + 3 * u
    words = " · ".join(filter(None, said))
    room = x + width - at - plain.width(content.site.id, size) - 3 * u
    fit = fitted([words], plain, room, [(share * u, 1) for share in (2.7, 2.4, 2.1, 1.8)])
    if fit is None:
        raise NoRoom("页脚放不下 / the foot of the sign does not fit; use larger paper")
    yield Text(words, at, base, fit[0], colours["muted"])
    yield Text(content.site.id, x + width, base, size, colours["muted"], anchor=1.0)
