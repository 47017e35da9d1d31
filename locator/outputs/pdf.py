"""Drawings as PDF: exact in millimetres, words as text, only the glyphs in use embedded.

The same drawing gives the same bytes: no time but the one given, no random name. Written after
ISO 32000-1; numbers have two decimals of a millimetre.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Protocol

import numpy as np

from locator.outputs.drawing import Clip, Disc, Item, Points, Shape, Sheet, Text, box
from locator.outputs.typeface import faces, subset

POINT = 72 / 25.4
#: Of a circle's radius, how far its four curves' handles reach.
_HANDLE = 0.5522847
#: How far crop marks keep from the cut, and how long they are, in mm.
_MARK_GAP, _MARK_MM = 3.0, 5.0


class Book:
    """The pages of one file; call ``page`` for each and ``pdf`` once."""

    def __init__(self, title: str, author: str, created: datetime) -> None:
        self._about = (title, author, created)
        self._faces = faces()
        self._used: tuple[dict[int, int], dict[int, int]] = ({0: 0}, {0: 0})
        self._said: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._pages: list[tuple[Sheet, bytes]] = []
        self._opacities: dict[float, str] = {}

    def page(self, sheet: Sheet) -> None:
        """Add ``sheet``; with a bleed, the paper is larger by it and by room for crop marks."""
        out: list[str] = []
        margin = _margin(sheet)
        scale, height = POINT, (sheet.height + 2 * margin) * POINT
        out.append(f"{scale:.6f} 0 0 {-scale:.6f} {margin * scale:.4f} "
                   f"{height - margin * scale:.4f} cm")  # fmt: skip
        self._draw(sheet.items, out)
        if sheet.bleed:
            self._draw(_crop_marks(sheet), out)
        self._pages.append((sheet, "\n".join(out).encode("ascii")))

    def _draw(self, items: Iterable[Item], out: list[str]) -> None:
        for item in items:
            if isinstance(item, Text):
                self._text(item, out)
            elif isinstance(item, Shape):
                if item.lines:
                    self._shape(item, out)
            elif isinstance(item, Disc):
                out.append(_painted(_circle(item.x, item.y, item.radius), item.fill, item.stroke,
                                    item.width, item.dash, "S", "f"))  # fmt: skip
            elif isinstance(item, Clip):
                self._clip(item, out)
            else:
                f = item.factor
                out.append(f"q {f:.5g} 0 0 {f:.5g} {item.x:.3f} {item.y:.3f} cm")
                self._draw(item.items, out)
                out.append("Q")

    def _clip(self, item: Clip, out: list[str]) -> None:
        edge = box(item.x, item.y, item.width, item.height, item.radius)
        out += ["q", _path([edge], closed=True), "W n"]
        self._draw(item.items, out)
        out.append("Q")

    def _shape(self, item: Shape, out: list[str]) -> None:
        opacity = self._opacity(item.opacity)
        if opacity:
            out += ["q", opacity]
        ends = "1 J 1 j" if item.round_ends else "0 J 1 j"
        path = _path(item.lines, closed=item.closed)
        painted = _painted(path, item.fill, item.stroke, item.width, item.dash,
                           "s" if item.closed else "S", "f*" if item.even_odd else "f")  # fmt: skip
        out.append(f"{ends}\n{painted}" if item.stroke else painted)
        if opacity:
            out.append("Q")

    def _opacity(self, share: float) -> str:
        if share >= 1:
            return ""
        return f"/{self._opacities.setdefault(share, f'O{len(self._opacities)}')} gs"

    def _text(self, item: Text, out: list[str]) -> None:
        weight = int(item.bold)
        face, used, said = self._faces[weight], self._used[weight], self._said[weight]
        glyphs = []
        for sign in item.words:
            point = ord(sign)
            new = used.setdefault(face.glyph.get(point, 0), len(used))
            said.setdefault(new, point)
            glyphs.append(f"{new:04X}")
        back = item.anchor * face.width(item.words, item.size) if item.anchor else 0.0
        turn = math.radians(item.turn)
        cos, sin = math.cos(turn), math.sin(turn)
        lean = math.tan(math.radians(10)) if item.slanted else 0.0
        x, y = item.x - back * cos, item.y - back * sin
        turned = " ".join(_plain(n) for n in (cos, sin, lean * cos + sin, lean * sin - cos))
        place = f"{turned} {x:.2f} {y:.2f} Tm"
        shown = f"<{''.join(glyphs)}> Tj"
        opacity = self._opacity(item.opacity)
        out.append(f"q {opacity} BT" if opacity else "BT")
        out.append(f"/F{int(item.bold)} {item.size:.3f} Tf")
        if item.halo:
            around = f"1 Tr 1 j [] 0 d {item.size * 0.28:.2f} w {_rgb(item.halo)} RG"
            out.append(f"{around} {place} {shown} 0 Tr")
        out.append(f"{_rgb(item.colour)} rg {place} {shown} ET")
        if opacity:
            out.append("Q")

    def pdf(self) -> bytes:
        """The file."""
        title, author, created = self._about
        objects: list[bytes] = []

        def add(body: str | bytes, stream: bytes | None = None) -> int:
            data = body.encode("latin-1") if isinstance(body, str) else body
            if stream is not None:
                packed = zlib.compress(stream, 6)
                data = data[:-2] + b"/Length %d/Filter/FlateDecode>>\nstream\n" % len(packed)
                data += packed + b"\nendstream"
            objects.append(data)
            return len(objects)

        catalog, tree, info = add(""), add(""), add("")
        fonts = "".join(
            f"/F{number} {self._font(number, add)} 0 R" for number in (0, 1) if self._said[number]
        )
        states = "".join(
            f"/{name}<</ca {share:g}/CA {share:g}>>" for share, name in self._opacities.items()
        )
        resources = add(f"<</Font<<{fonts}>>/ExtGState<<{states}>>>>")
        kids = []
        for sheet, content in self._pages:
            stream = add("<<>>", content)
            kids.append(add(f"<</Type/Page/Parent {tree} 0 R{_boxes(sheet)}"
                            f"/Resources {resources} 0 R/Contents {stream} 0 R>>"))  # fmt: skip
        objects[catalog - 1] = (
            f"<</Type/Catalog/Pages {tree} 0 R/Lang(zh-CN)/ViewerPreferences"
            "<</DisplayDocTitle true/PrintScaling/None>>>>"
        ).encode()
        refs = " ".join(f"{kid} 0 R" for kid in kids)
        objects[tree - 1] = f"<</Type/Pages/Count {len(kids)}/Kids[{refs}]>>".encode()
        when = f"D:{created:%Y%m%d%H%M%S}Z"
        objects[info - 1] = (
            f"<</Title {_unicode(title)}/Author {_unicode(author)}/CreationDate({when})>>"
        ).encode()
        return _file(objects, catalog, info)

    def _font(self, number: int, add: _Add) -> int:
        face, used, said = self._faces[number], self._used[number], self._said[number]
        name = f"{_tag(used)}+{face.path.stem}"
        program = subset(face, list(used))
        file = add(f"<</Length1 {len(program)}>>", program)
        low_x, low_y, high_x, high_y = face.box
        about = add(
            f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{low_x} {low_y} {high_x} "
            f"{high_y}]/ItalicAngle 0/Ascent {face.ascent}/Descent {face.descent}/CapHeight 733"
            f"/StemV {140 if number else 80}/FontFile2 {file} 0 R>>"
        )
        widths = " ".join(str(face.advances[old]) for old in used)
        one = add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)"
            f"/Ordering(Identity)/Supplement 0>>/FontDescriptor {about} 0 R/DW 1000/W[0[{widths}]]"
            "/CIDToGIDMap/Identity>>"
        )
        words = add("<<>>", _to_unicode(said))
        return add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
            f"/DescendantFonts[{one} 0 R]/ToUnicode {words} 0 R>>"
        )


class _Add(Protocol):
    """What adds an object to the file and gives its number."""

    def __call__(self, body: str | bytes, stream: bytes | None = None) -> int: ...


def _margin(sheet: Sheet) -> float:
    return max(sheet.bleed, _MARK_GAP) + _MARK_MM if sheet.bleed else 0.0


def _crop_marks(sheet: Sheet) -> list[Item]:
    """Hairlines outside the corners, where the cutter lays the knife."""
    near, far = max(sheet.bleed, _MARK_GAP), _margin(sheet)
    ends = []
    for x, side in ((0.0, -1), (sheet.width, 1)):
        for y, above in ((0.0, -1), (sheet.height, 1)):
            ends.append((x + side * near, y, x + side * far, y))
            ends.append((x, y + above * near, x, y + above * far))
    lines = [np.array(end).reshape(2, 2) for end in ends]
    return [Shape(lines, stroke="#000000", width=0.1, round_ends=False)]


def _boxes(sheet: Sheet) -> str:
    margin, bleed = _margin(sheet), sheet.bleed
    width, height = sheet.width + 2 * margin, sheet.height + 2 * margin

    def rectangle(inset: float) -> str:
        corners = (inset, inset, width - inset, height - inset)
        return "[" + " ".join(f"{side * POINT:.4f}" for side in corners) + "]"

    said = f"/MediaBox{rectangle(0)}/TrimBox{rectangle(margin)}"
    return said + (f"/BleedBox{rectangle(margin - bleed)}" if bleed else "")


@lru_cache(maxsize=512)
def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.4g}" for at in (1, 3, 5))


def _plain(number: float) -> str:
    """Five decimals at most, and no exponent: PDF knows none."""
    return f"{round(number, 5) + 0.0:.5f}".rstrip("0").rstrip(".")


def _painted(
    path: str, fill: str, stroke: str, width: float, dash: Sequence[float], line: str, area: str
) -> str:
    said = f"{_rgb(fill)} rg\n" if fill else ""
    if stroke:
        said += f"{_rgb(stroke)} RG {width:.2f} w "
        said += f"[{' '.join(f'{length:g}' for length in dash)}] 0 d\n"
    both = {"f": "B", "f*": "B*"}[area]
    return f"{said}{path} {both if fill and stroke else line if stroke else area}"


def _path(lines: Sequence[Points], *, closed: bool) -> str:
    """All lines as operators; those of like length, such as a code's bars, in one go."""
    out = []
    for points, alike in groupby(lines, key=len):
        run = list(alike)
        numbers = tuple(np.concatenate(run).ravel().tolist())
        out.append(_ops(points, closed) * len(run) % numbers)
    return "".join(out)


@lru_cache(maxsize=4096)
def _ops(points: int, closed: bool) -> str:
    return "%.2f %.2f m " + "%.2f %.2f l " * (points - 1) + ("h\n" if closed else "\n")


def _circle(x: float, y: float, r: float) -> str:
    k = r * _HANDLE
    return (
        f"{x + r:.2f} {y:.2f} m "
        f"{x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
        f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c "
        f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
        f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c h"
    )


def _unicode(text: str) -> str:
    return f"<{('﻿' + text).encode('utf-16-be').hex().upper()}>"


def _tag(used: dict[int, int]) -> str:
    """Six letters that stand for the glyphs, as the standard wants of a subset."""
    digest = hashlib.sha256(repr(list(used)).encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _to_unicode(said: dict[int, int]) -> bytes:
    lines = [
        f"<{glyph:04X}> <{chr(point).encode('utf-16-be').hex().upper()}>"
        for glyph, point in said.items()
    ]
    blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    ranges = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{ranges}\nendcmap end end"
    ).encode()


def _file(objects: Sequence[bytes], catalog: int, info: int) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    name = hashlib.sha256(bytes(out)).hexdigest()[:32]
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += (
        f"trailer\n<</Size {len(objects) + 1}/Root {catalog} 0 R/Info {info} 0 R"
        f"/ID[<{name}><{name}>]>>\nstartxref\n{start}\n%%EOF\n"
    ).encode()
    return bytes(out)
