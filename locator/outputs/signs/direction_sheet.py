"""What stands where on a direction sign.

All lengths are in ``u``, a millimetre on A4 that grows with the paper. Upright paper has, from
above: where the reader is, the station to go to, the map, the others beside the code. On paper that
lies, the map is on the left and the rest on the right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from locator.outputs.drawing import Clip, Item, Scaled, Shape, Sheet, Text, box
from locator.outputs.palette import tokens
from locator.outputs.paper import Frame
from locator.outputs.signs.code import address, code_items, code_side
from locator.outputs.signs.direction_stations import Box, Content, hero, nobody, others
from locator.outputs.signs.lines import NoRoom, fitted
from locator.outputs.signs.sign_words import HOTLINES, Words
from locator.outputs.signs.watermark import watermark
from locator.outputs.typeface import faces
from locator.outputs.words import one_line

MARGIN = 10.0


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
    out += _head(manifest, content, _scaled(places.head, u), u, say)
    if content.ways:
        out += hero(manifest, content, _scaled(places.hero, u), u, say)
    else:
        out += nobody(_scaled(places.hero, u), u, say)
    x, y, _, _ = _scaled(places.map, u)
    out.append(Scaled(x, y, 1, [map_items]))
    if content.ways:
        out += others(manifest, content, _scaled(places.list, u), u, say)
        out += _code(manifest, content, _scaled(places.code, u), u, say)
    out += _foot(manifest, content, _scaled(places.foot, u), u, frame, say)
    if content.made_up:
        out += watermark(size)
    return Sheet(size[0], size[1], out, bleed)


def _scaled(area: Box, u: float) -> Box:
    return (area[0] * u, area[1] * u, area[2] * u, area[3] * u)


def _head(
    manifest: Mapping[str, Any], content: Content, area: Box, u: float, say: Words
) -> Iterator[Item]:
    x, y, width, _ = area
    colours, bold = tokens(), faces()[1]
    county = manifest["county"]["name_en" if say.lang == "en" else "name_zh"]
    side = bold.width(county, 4.6 * u)
    name = fitted([one_line(content.site.name)], bold, width - side - 60 * u,
                  [(s * u, 1) for s in (8.6, 7.5, 6.5, 5.5, 4.6, 3.8, 3.2)])  # fmt: skip
    if name is None:
        raise NoRoom("立牌处的名称放不下，请写短 / the name of the site does not fit; shorten it")
    yield Text(name[1][0], x, y + 8.2 * u, name[0], colours["ink"], bold=True)
    yield Text(county, x + width, y + 4.0 * u, 4.6 * u, colours["ink"], bold=True, anchor=1.0)
    up = "north_up" if content.facing is None else "heads_up"
    hint = " · ".join(filter(None, (say(up), say.beside(up))))
    yield Text(hint, x + width, y + 9.2 * u, 3.2 * u, colours["muted"], anchor=1.0)


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
