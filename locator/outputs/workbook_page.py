"""How findings look in a workbook: coloured cells, comments, and the sheet that lists them all.

Light modules only: this runs in the limited child process too (see ``workbook_child``). What is to
be written comes as plain lists and texts, so that it can be sent there.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from locator.outputs.workbook_bytes import legal
from locator.stations.guard import guarded

SHEET = "检查结果"
TITLE = "一张图 · 检查结果"
AUTHOR = "一张图"
#: Begins our part of a comment; what the clerk wrote stands before it and stays.
MARK = "【检查】"
#: None of them is a heading of a ledger: this sheet is never taken for one.
HEADINGS = ("轻重", "问题", "位置", "哪个驿站", "原来写的", "怎么回事，怎么改", "规则")
WIDTHS = (7, 20, 18, 26, 22, 64, 24)
#: A workbook with more comments opens slowly; the cells beyond are coloured all the same.
MOST_COMMENTS = 5_000
_LONGEST = 1_500


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell to be coloured: row and column counted from 1, its worst severity, what is said."""

    row: int
    column: int
    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A finding in the list; ``row`` and ``column`` (from 1) are 0 where it is of the file."""

    severity: str
    severity_zh: str
    title: str
    where: str
    station: str
    value: str
    text: str
    code: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Page:
    """All that is written: the lines on top, the findings, the cells, and the colours (RRGGBB)."""

    summary: list[str]
    lines: list[Line]
    marks: list[Mark]
    colours: dict[str, str]


def mark_cells(sheet: Any, page: Page) -> None:
    """Colour and comment the cells; what an earlier check left in the sheet is taken away first."""
    fills = {name: _fill(colour) for name, colour in page.colours.items()}
    _clear(sheet, {fill.fgColor.rgb for fill in fills.values()})
    top = top_cell(sheet)
    styles: dict[tuple[Any, ...], Any] = {}  # openpyxl takes a style in slowly, and copies it fast
    rank = list(page.colours)
    worst: dict[str, int] = {}
    for number, mark in enumerate(page.marks):
        cell = top(mark.row, mark.column)
        if number < MOST_COMMENTS:
            comment_on(cell, f"{MARK}{mark.text}")
        # Merged cells are one for several rows: the worst of them shows.
        at = rank.index(mark.severity)
        if at > worst.get(cell.coordinate, at):
            continue
        worst[cell.coordinate] = at
        before = (mark.severity, *(cell._style or ()))
        if before not in styles:
            cell.fill = fills[mark.severity]
            styles[before] = cell._style
        cell._style = copy(styles[before])


def top_cell(sheet: Any) -> Callable[[int, int], Any]:
    """From row and column to the cell that holds the value there, also among merged cells."""
    tops = {
        (at, column): merged.start_cell.coordinate
        for merged in sheet.merged_cells.ranges
        for row in merged.rows
        for at, column in row
    }

    def top(row: int, column: int) -> Any:
        return sheet[tops.get((row, column), f"{get_column_letter(column)}{row}")]

    return top


def comment_on(cell: Any, text: str) -> None:
    """Comment on a cell, below what is said there already."""
    before = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = _comment(f"{before}{text}")


def add_page(book: Any, page: Page, ledger: Any) -> None:
    """Add the list of findings as the last sheet, and open the workbook there."""
    old = book[SHEET] if SHEET in book.sheetnames else None
    if old is not None and old["A1"].value == TITLE:
        book.remove(old)
    sheet = book.create_sheet(SHEET)
    for at, text in enumerate([TITLE, *page.summary], start=1):
        cell = _text(sheet, at, 1, text)
        cell.font = Font(bold=at == 1, size=15 if at == 1 else 11)
    head = len(page.summary) + 3
    for column, (text, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True), start=1):
        cell = _text(sheet, head, column, text)
        cell.font, cell.border = Font(bold=True), Border(bottom=Side(style="medium"))
        sheet.column_dimensions[get_column_letter(column)].width = width
    plain, linked, grounds = _styles(sheet, page)
    for at, line in enumerate(page.lines, start=head + 1):
        said = [line.severity_zh, line.title, line.where, line.station]
        said += [line.value, line.text, line.code]
        for column, text in enumerate(said, start=1):
            _text(sheet, at, column, text)._style = copy(plain)
        sheet.cell(at, 1)._style = copy(grounds[line.severity])
        # Given, because not every program fits a row to its text.
        sheet.row_dimensions[at].height = 15.5 * max(map(lines_of, said, WIDTHS))
        if line.row:
            cell = sheet.cell(at, 3)
            place = f"{get_column_letter(line.column)}{line.row}"
            cell.hyperlink = Hyperlink(
                ref=cell.coordinate, location=f"{quote_sheetname(ledger.title)}!{place}"
            )
            cell._style = copy(linked)
    if page.lines:
        last = f"{get_column_letter(len(HEADINGS))}{head + len(page.lines)}"
        sheet.auto_filter.ref = f"A{head}:{last}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head}:{head}"
    for other in book.worksheets:  # two sheets chosen at once would both take what is typed
        other.sheet_view.tabSelected = False
    book.active = sheet
    sheet.sheet_view.tabSelected = True


def _styles(sheet: Any, page: Page) -> tuple[Any, Any, dict[str, Any]]:
    """Styles of the list: of a cell, of a link, and of the first cell by severity."""
    cell = sheet.cell(1, len(HEADINGS) + 1)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.border = Border(bottom=Side(style="thin", color="E7E0D6"))
    plain = copy(cell._style)
    grounds = {}
    for severity, colour in page.colours.items():
        cell.fill = _fill(colour)
        grounds[severity] = copy(cell._style)
    cell._style = copy(plain)
    cell.font = Font(color="1D5A9E", underline="single")
    linked = cell._style
    del sheet._cells[1, len(HEADINGS) + 1]
    return plain, linked, grounds


def _clear(sheet: Any, ours: set[str]) -> None:
    coloured: dict[int, bool] = {0: False}
    for row in sheet.iter_rows():
        for cell in row:
            number = cell._style.fillId if cell.has_style else 0
            if number not in coloured:
                coloured[number] = cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in ours
            if coloured[number]:
                cell.fill = PatternFill()
            if cell.comment and MARK in cell.comment.text:
                kept = cell.comment.text.partition(MARK)[0].strip()
                cell.comment = _comment(kept) if kept else None


def _text(sheet: Any, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row, column)
    cell.value = guarded(legal(text))
    cell.data_type = "s"  # never a formula, whatever it begins with
    return cell


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column; a Chinese character is two Latin ones wide."""
    return -(-sum(1 + (ord(letter) > 0x2E7F) for letter in text) // (width - 1)) or 1


def fit_comments(book: Any) -> None:
    """Make the box of every comment as large as its text: its size is not read from a file."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment:
                    cell.comment.width, cell.comment.height = _size(cell.comment.text)


def _comment(text: str) -> Comment:
    text = legal(text)[:_LONGEST]
    width, height = _size(text)
    return Comment(text, AUTHOR, width=width, height=height)


def _size(text: str) -> tuple[int, int]:
    lines = sum(1 + len(part) // 22 for part in text.split("\n"))
    return 330, min(24 + 19 * lines, 500)


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=f"FF{colour}")
