"""The clerk's own workbook gets values, in the limited child process (see ``workbook_child``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl.styles import Font

from locator.outputs.workbook_bytes import legal
from locator.outputs.workbook_child import rewritten
from locator.outputs.workbook_page import comment_on
from locator.stations.guard import guarded
from locator.stations.readers_child import answer

#: A tenth of a metre.
_DEGREES = "0.000000"


def main() -> None:
    """Run in the child: write into one workbook."""
    answer(_written)


def _written(ask: Mapping[str, Any]) -> dict[str, Any]:
    def write(book: Any) -> None:
        sheet = book[ask["sheet"]]
        _part(sheet, {(row, column) for row, column, _, _ in ask["cells"]})
        for row, column, value, comment in ask["cells"]:
            cell = sheet.cell(row, column)
            if isinstance(value, str):
                if cell.value is None and column > 1:  # a new column looks like the one beside it
                    cell._style = copy(sheet.cell(row, column - 1)._style)
                cell.value = guarded(value)
                cell.data_type = "s"
            else:
                cell.value = value
                cell.number_format = _DEGREES
            if comment:
                comment_on(cell, comment)
        if "added" in ask:
            _add(book, *ask["added"])

    return rewritten(Path(ask["path"]), write)


def _add(book: Any, title: str, table: Sequence[Sequence[Any]]) -> None:
    """A sheet behind the others, every cell of it text."""
    sheet = book.create_sheet(title)
    for row, texts in enumerate(table, start=1):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(row, column)
            cell.value, cell.data_type = guarded(legal(str(text))), "s"
            cell.number_format, cell.font = "@", Font(bold=row == 1)


def _part(sheet: Any, wanted: Set[tuple[int, int]]) -> None:
    """Part merged cells where one of them is to be written; each row keeps the value that it was
    read with (see `sheet_traps.fill_merged`), so that what is written is for one row alone."""
    for merged in list(sheet.merged_cells.ranges):
        if wanted.isdisjoint(cell for row in merged.rows for cell in row):
            continue
        sheet.unmerge_cells(str(merged))
        first = sheet.cell(merged.min_row, merged.min_col)
        for row in range(merged.min_row + 1, merged.max_row + 1):
            if any(cell.value is not None for cell in sheet[row]):
                cell = sheet.cell(row, merged.min_col, first.value)
                cell.data_type, cell._style = first.data_type, copy(first._style)
