"""A sheet as a file: PDF for the printer, SVG and PNG for screens; and all of a run on one page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

import typst

from locator.outputs.drawing import Item, Scaled, Shape, Sheet, Text, box
from locator.outputs.palette import tokens
from locator.outputs.pdf import Book
from locator.outputs.signs.lines import fitted, pieces
from locator.outputs.signs.sizes import Format
from locator.outputs.svg import svg
from locator.outputs.typeface import faces, without_text

#: Dots an inch of a PNG.
DPI = 150
#: Small sheets beside one another on a contact sheet, and below.
_ACROSS, _DOWN = 3, 3


def sheet_bytes(
    sheet: Sheet, format_: Format, *, title: str, author: str, created: datetime
) -> bytes:
    """``sheet`` as a file; words are text in a PDF and outlines in SVG and PNG, which bring no
    fonts. A bleed is drawn in the PDF alone."""
    if format_ == "pdf":
        book = Book(title, author, created)
        book.page(sheet)
        return book.pdf()
    drawn = svg(without_text(sheet.items), sheet.width, sheet.height, title=title)
    if format_ == "svg":
        return drawn.encode()
    page = (
        f"#set page(width: {sheet.width}mm, height: {sheet.height}mm, margin: 0pt, fill: white)\n"
        '#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    )
    made = typst.compile(page.encode(), format="png", ppi=DPI, sys_inputs={"svg": drawn},
                         ignore_system_fonts=True)  # fmt: skip
    assert isinstance(made, bytes)
    return made


def contact_sheet(sheets: Sequence[tuple[str, Sheet]], author: str, created: datetime) -> bytes:
    """All sheets of a run, small, nine on an A4 page, each with its number: what the print shop is
    to deliver."""
    book = Book(f"{author}：{len(sheets)}", author, created)
    wide, high, gap = 60.0, 82.0, 5.0
    for start in range(0, len(sheets), _ACROSS * _DOWN):
        items: list[Item] = []
        for at, (name, sheet) in enumerate(sheets[start : start + _ACROSS * _DOWN]):
            x = 10 + (at % _ACROSS) * (wide + gap)
            y = 10 + (at // _ACROSS) * (high + 11)
            factor = min(wide / sheet.width, high / sheet.height)
            edge = box(x, y, sheet.width * factor, sheet.height * factor)
            items += [
                Scaled(x, y, factor, sheet.items),
                Shape([edge], stroke=tokens()["muted"], width=0.2, closed=True),
                *_caption(name, x, y + high + 4.5, wide),
            ]
        pages = math.ceil(len(sheets) / (_ACROSS * _DOWN))
        number = f"{start // (_ACROSS * _DOWN) + 1} / {pages}"
        items.append(Text(number, 200, 291, 3.4, tokens()["muted"], anchor=1.0))
        book.page(Sheet(210, 297, items))
    return book.pdf()


def _caption(name: str, x: float, y: float, width: float) -> list[Item]:
    """A name below its sheet, in one line or two; one that is too long even so is cut."""
    ink, bold = tokens()["ink"], faces()[1]
    fit = None
    while fit is None:
        fit = fitted(pieces(name), bold, width, ((3.4, 1), (3.0, 1), (2.7, 2)))
        name = f"{name[: len(name) * 3 // 4]}…"
    size, lines = fit
    return [Text(line, x, y + at * 1.3 * size, size, ink, True) for at, line in enumerate(lines)]
