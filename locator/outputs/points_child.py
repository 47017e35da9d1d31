"""The clerk's own workbook gets values, in the limited child process (see ``workbook_child``)."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any

from locator.outputs.workbook_child import rewritten
from locator.outputs.workbook_page import comment_on, top_cell
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
        top = top_cell(sheet)
        for row, column, value, comment in ask["cells"]:
            cell = top(row, column)
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
