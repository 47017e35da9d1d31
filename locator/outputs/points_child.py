"""The clerk's own workbook gets values, in the limited child process (see ``workbook_child``)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from copy import copy
from pathlib import Path
from typing import Any

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

    return rewritten(Path(ask["path"]), write)


def _part(sheet: Any, wanted: Set[tuple[int, int]]) -> None:
    """Part merged cells where one of them is to be written: its value is that of the first row
    alone, and must not become that of another."""
    for merged in list(sheet.merged_cells.ranges):
        if not wanted.isdisjoint(cell for row in merged.rows for cell in row):
            sheet.unmerge_cells(str(merged))
