"""The two faces of prints: how wide words are, their outlines, and the part a file embeds.

A PDF holds only the glyphs it uses, numbered anew. The tables of TrueType are described in
ISO/IEC 14496-22; a PDF reader needs six of them (ISO 32000-1, 9.9).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from numpy.typing import NDArray

from locator.outputs.drawing import Clip, Item, Points, Scaled, Shape, Text
from locator.outputs.fonts import FACES, font_folder

#: Flags of the parts of a composite glyph.
_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080


@dataclass(frozen=True, eq=False)
class Face:
    """One weight: ``glyph`` by code point, ``advances`` of all glyphs in thousandths of an em."""

    path: Path
    glyph: dict[int, int]
    advances: NDArray[np.int64]
    ascent: int
    descent: int
    box: tuple[int, int, int, int]
    units: int
    tables: dict[str, bytes]

    def width(self, words: str, size: float) -> float:
        """How long ``words`` are when set ``size`` high, in the unit of ``size``."""
        return _width(self, words) * size / 1000

    def outlines(self, words: str) -> tuple[list[Points], list[float]]:
        """The outlines of ``words`` at size 1 (y downward) one after another, with their begins."""
        lines: list[Points] = []
        at = 0.0
        begins = []
        for sign in words:
            number = self.glyph.get(ord(sign), 0)
            lines += [ring + np.array([at, 0.0]) for ring in _outline(self.path, number)]
            begins.append(at)
            at += float(self.advances[number]) / 1000
        return lines, begins


@lru_cache(maxsize=65_536)
def _width(face: Face, words: str) -> int:
    return sum(int(face.advances[face.glyph.get(ord(sign), 0)]) for sign in words)


@cache
def faces() -> tuple[Face, Face]:
    """The regular face and the bold one; raises FontError naming one that is missing."""
    folder = font_folder()
    regular, bold = (_face(folder / name) for name in FACES)
    return regular, bold


@cache
def _font(path: Path) -> TTFont:
    return TTFont(path, lazy=True)


def _face(path: Path) -> Face:
    font = _font(path)
    number = font.getReverseGlyphMap()
    units, count = font["head"].unitsPerEm, font["hhea"].numberOfHMetrics
    metrics = np.frombuffer(font.reader["hmtx"][: 4 * count], dtype=">u2")[::2].astype(np.int64)
    rest = np.full(font["maxp"].numGlyphs - count, metrics[-1], dtype=np.int64)
    head = font["head"]
    return Face(
        path,
        {point: number[name] for point, name in font.getBestCmap().items()},
        np.rint(np.concatenate([metrics, rest]) * (1000 / units)).astype(np.int64),
        font["hhea"].ascent * 1000 // units,
        font["hhea"].descent * 1000 // units,
        tuple(value * 1000 // units for value in (head.xMin, head.yMin, head.xMax, head.yMax)),
        units,
        {tag: font.reader[tag] for tag in ("head", "hhea", "maxp", "hmtx", "loca", "glyf")},
    )


class _Flat(BasePen):  # type: ignore[misc]
    """A pen that collects rings of straight pieces, within 1/400 of the size of the curve."""

    def __init__(self) -> None:
        super().__init__(None)
        self.rings: list[list[tuple[float, float]]] = []

    def _moveTo(self, point: tuple[float, float]) -> None:
        self.rings.append([point])

    def _lineTo(self, point: tuple[float, float]) -> None:
        self.rings[-1].append(point)

    def _curveToOne(self, one: Any, two: Any, end: Any) -> None:
        start = np.array(self._getCurrentPoint())
        t = np.linspace(0, 1, 7)[1:, None]
        points = (
            (1 - t) ** 3 * start
            + 3 * (1 - t) ** 2 * t * np.array(one)
            + 3 * (1 - t) * t**2 * np.array(two)
            + t**3 * np.array(end)
        )
        self.rings[-1] += [(float(x), float(y)) for x, y in points]


def flattened(draw: Any) -> list[Points]:
    """The rings that ``draw`` draws with a pen, as straight pieces."""
    pen = _Flat()
    draw(pen)
    return [np.array(ring) for ring in pen.rings if len(ring) > 1]


@cache
def _outline(path: Path, number: int) -> list[Points]:
    font = _font(path)
    glyph = font.getGlyphSet()[font.getGlyphName(number)]
    size = np.array([1, -1]) / font["head"].unitsPerEm
    return [ring * size for ring in flattened(glyph.draw)]


def outlined(text: Text) -> list[Shape]:
    """``text`` as areas, for readers without the faces: its halo first."""
    face = faces()[text.bold]
    lines, _ = face.outlines(text.words)
    shift = -text.anchor * face.width(text.words, 1.0)
    turn = np.radians(text.turn)
    lean = np.array([(1.0, 0.0), (-np.tan(np.radians(10)) if text.slanted else 0.0, 1.0)])
    round_ = np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    placed = [
        ((line + np.array([shift, 0.0])) * text.size) @ lean @ round_ + np.array([text.x, text.y])
        for line in lines
    ]
    halo = [Shape(placed, stroke=text.halo, width=text.size * 0.28, closed=True)]
    return [
        *(halo if text.halo else []),
        Shape(placed, fill=text.colour, closed=True, opacity=text.opacity),
    ]


def without_text(items: Iterable[Item]) -> list[Item]:
    """The items with all words as areas."""
    out: list[Item] = []
    for item in items:
        if isinstance(item, Text):
            out += outlined(item)
        elif isinstance(item, Clip | Scaled):
            out.append(replace(item, items=without_text(item.items)))
        else:
            out.append(item)
    return out


# ── the part of a face that a file embeds ────────────────────────────────────────────────────


def subset(face: Face, glyphs: Sequence[int]) -> bytes:
    """A TrueType font of ``glyphs`` alone, numbered 0, 1, 2 … in that order, without hints.

    Glyph 0 must be the first; parts of composite glyphs follow after the given ones.
    """
    tables = face.tables
    wide = struct.unpack(">h", tables["head"][50:52])[0] == 1
    place = np.frombuffer(tables["loca"], dtype=">u4" if wide else ">u2").astype(np.int64)
    place = place if wide else place * 2
    number = {old: new for new, old in enumerate(glyphs)}
    order = list(glyphs)
    drawn: list[bytes] = []
    for old in order:  # grows by the parts of composite glyphs
        data = tables["glyf"][place[old] : place[old + 1]]
        for at in _parts(data):
            part = struct.unpack(">H", data[at : at + 2])[0]
            if part not in number:
                number[part] = len(order)
                order.append(part)
            data = data[:at] + struct.pack(">H", number[part]) + data[at + 2 :]
        drawn.append(data + b"\0" * (-len(data) % 4))
    starts = np.concatenate([[0], np.cumsum([len(data) for data in drawn])])
    count = struct.unpack(">H", tables["hhea"][34:36])[0]
    hmtx = b"".join(_metric(tables["hmtx"], count, old) for old in order)
    size = struct.pack(">H", len(order))
    made = {
        "glyf": b"".join(drawn),
        "head": tables["head"][:8] + b"\0" * 4 + tables["head"][12:50] + b"\0\1\0\0",
        "hhea": tables["hhea"][:34] + size,
        "hmtx": hmtx,
        "loca": starts.astype(">u4").tobytes(),
        "maxp": tables["maxp"][:4] + size + tables["maxp"][6:],
    }
    return _assembled(made)


def _metric(hmtx: bytes, count: int, glyph: int) -> bytes:
    if glyph < count:
        return hmtx[4 * glyph : 4 * glyph + 4]
    side = 4 * count + 2 * (glyph - count)
    return hmtx[4 * count - 4 : 4 * count - 2] + hmtx[side : side + 2]


def _parts(data: bytes) -> list[int]:
    """Where a composite glyph names its parts."""
    if len(data) < 10 or struct.unpack(">h", data[:2])[0] >= 0:
        return []
    found, at, flags = [], 10, _MORE
    while flags & _MORE:
        flags = struct.unpack(">H", data[at : at + 2])[0]
        found.append(at + 2)
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
    return found


def _assembled(tables: dict[str, bytes]) -> bytes:
    """The file of a font: its directory, then the tables on words of four bytes."""
    log = len(tables).bit_length() - 1
    head = struct.pack(
        ">IHHHH", 0x00010000, len(tables), 16 << log, log, 16 * len(tables) - (16 << log)
    )
    at = 12 + 16 * len(tables)
    directory, body = b"", b""
    for tag, data in sorted(tables.items()):
        padded = data + b"\0" * (-len(data) % 4)
        total = int(np.frombuffer(padded, dtype=">u4").sum(dtype=np.uint64)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", tag.encode(), total, at + len(body), len(data))
        body += padded
    return head + directory + body
