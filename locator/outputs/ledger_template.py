"""A county's ledger to be filled in: an Excel workbook that asks, offers and explains.

Three sheets: the ledger, 填写说明 (what each column wants, an example, the words for services), and
a hidden one with the choices. Choices stand behind names, since Excel moves a list that is
taken straight from another sheet into a part of the file that other programs drop. The example
stands on 填写说明, downwards, where nobody can publish it by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from locator.county import County
from locator.outputs.palette import mix, tokens
from locator.outputs.template_words import Asked, asked
from locator.outputs.workbook_bytes import SAVED, legal, saved
from locator.outputs.workbook_page import AUTHOR, lines_of
from locator.stations.guard import guarded

GUIDE, CHOICES = "填写说明", "选项"
#: Rows that offer choices; a county with more stations copies the last one down.
ROWS = 3_000
_WIDTHS = (16, 10, 70, 44)
#: Excel's limit of the text shown beside a cell.
_PROMPT = 255


def ledger_template(county: County, rows: Iterable[Mapping[str, str]] = ()) -> bytes:
    """The template of a county as an .xlsx file; the same bytes each time.

    ``rows`` are filled in below the headings: column → text (see `template_rows`).
    """
    columns = asked(county)
    book = Workbook()
    book.properties.creator, book.properties.created = AUTHOR, SAVED
    sheet = book.worksheets[0]
    sheet.title = f"{county.name_zh}驿站台账"[:31]
    _head(sheet, columns)
    last = _fill_in(sheet, columns, rows)
    _guide(book.create_sheet(GUIDE), county, columns)
    _choices(book, sheet, columns)
    if last > 1:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    return saved(book)


def _head(sheet: Any, columns: Sequence[Asked]) -> None:
    colours = tokens()
    must = PatternFill("solid", fgColor=_rgb(mix("#ffffff", colours["ember"], 0.18)))
    may = PatternFill("solid", fgColor=_rgb(colours["sunken"]))
    for at, column in enumerate(columns, start=1):
        cell = sheet.cell(1, at, column.heading)
        cell.font, cell.fill = Font(bold=True), must if column.required else may
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = Border(bottom=Side(style="medium", color=_rgb(colours["line-strong"])))
        said = f"{column.how}\n例：{column.example}" if column.example else column.how
        cell.comment = Comment(said, AUTHOR, width=280, height=40 + 19 * (1 + len(said) // 18))
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width, dimension.number_format = column.width, column.number_format
        dimension.alignment = Alignment(vertical="center")
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "D2"  # the headings, and what a row is called
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8  # A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _fill_in(sheet: Any, columns: Sequence[Asked], rows: Iterable[Mapping[str, str]]) -> int:
    last = 1
    for last, row in enumerate(rows, start=2):
        for at, column in enumerate(columns, start=1):
            text = row.get(column.name, "")
            if text:
                _write(sheet.cell(last, at), text, column)
    return last


def _write(cell: Any, text: str, column: Asked) -> None:
    if column.number_format == "0" and text.isascii() and text.isdigit() and len(text) < 10:
        cell.value, cell.number_format = int(text), "0"
        return
    cell.value = guarded(legal(text))
    cell.data_type, cell.number_format = "s", "@"


def _guide(sheet: Any, county: County, columns: Sequence[Asked]) -> None:
    steps = (
        f"{county.name_zh}驿站台账怎么填",
        "一行一个驿站，填在第一张表里。带 * 的必填，别的有就填；不要改表头的字，列的先后可以换。",
        "点格子会有提示；有下拉的点下拉。自己加的列会留着，不会发布。",
        "填好保存，交给检查：错的格会涂上颜色，说明怎么改，再还给你。",
        "下面是每一列怎么填、填出来什么样（示例是编的）。",
    )
    for at, text in enumerate(steps, start=1):
        sheet.cell(at, 1, text).font = Font(bold=at == 1, size=15 if at == 1 else 11)
    head = len(steps) + 2
    for at, (text, width) in enumerate(
        zip(("哪一列", "要不要填", "怎么填", "示例"), _WIDTHS, strict=True), start=1
    ):
        cell = sheet.cell(head, at, text)
        cell.font, cell.border = Font(bold=True), Border(bottom=Side(style="medium"))
        sheet.column_dimensions[get_column_letter(at)].width = width
    row = head
    for row, column in enumerate(columns, start=head + 1):
        choices = "、".join(column.choices) if column.strict else ""
        said = f"{column.how}可选：{choices}。" if choices else column.how
        texts = (column.heading, "必填" if column.required else "有就填", said, column.example)
        _row(sheet, row, texts)
    basic = "、".join(one.zh for one in county.services.values() if one.basic)
    extra = "、".join(one.zh for one in county.services.values() if not one.basic)
    _row(sheet, row + 2, ("服务的词", "", f"基本服务：{basic}", ""))
    _row(sheet, row + 3, ("", "", f"其他服务：{extra}", ""))
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _row(sheet: Any, row: int, texts: Sequence[str]) -> None:
    for at, text in enumerate(texts, start=1):
        cell = sheet.cell(row, at, text)
        cell.data_type, cell.number_format = "s", "@"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = Border(bottom=Side(style="thin", color=_rgb(tokens()["line"])))
    sheet.row_dimensions[row].height = 16 * max(map(lines_of, texts, _WIDTHS))


def _choices(book: Any, sheet: Any, columns: Sequence[Asked]) -> None:
    """The lists behind the drop-downs, and what is shown when a cell is chosen."""
    hidden = book.create_sheet(CHOICES)
    hidden.sheet_state = "hidden"
    offered = 0
    for at, column in enumerate(columns, start=1):
        ask = DataValidation(allow_blank=True, showInputMessage=True)
        if column.choices:
            offered += 1
            letter = get_column_letter(offered)
            for number, text in enumerate(column.choices, start=1):
                cell = hidden.cell(number, offered, text)
                cell.data_type = "s"
            name = f"{column.heading.rstrip('*')}选项"
            place = f"{quote_sheetname(CHOICES)}!${letter}$1:${letter}${len(column.choices)}"
            book.defined_names[name] = DefinedName(name, attr_text=place)
            ask.type, ask.formula1 = "list", name
            ask.showErrorMessage = column.strict
        elif column.number_format == "0":
            ask.type, ask.operator, ask.formula1 = "whole", "greaterThanOrEqual", "0"
            ask.showErrorMessage = True
        ask.errorTitle, ask.error = "这一格填不了这个", column.how[:_PROMPT]
        ask.promptTitle, ask.prompt = column.heading, column.how[:_PROMPT]
        letter = get_column_letter(at)
        ask.add(f"{letter}2:{letter}{ROWS}")
        sheet.add_data_validation(ask)


def _rgb(colour: str) -> str:
    return f"FF{colour.lstrip('#').upper()}"
