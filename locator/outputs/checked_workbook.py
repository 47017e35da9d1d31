"""The ledger as a workbook with its faults in it: coloured, commented, and listed on a sheet.

An Excel ledger comes back as the very workbook that the clerk sent, unless something in it would
be lost by that: then, as for CSV and GeoJSON, a copy is made of the cells alone, and it says why.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from copy import copy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from locator.checks.validate import Report
from locator.errors import LedgerError, UsageError
from locator.outputs.workbook_bytes import SAVED, legal, saved
from locator.outputs.workbook_page import add_page, mark_cells
from locator.outputs.workbook_words import page_of
from locator.stations.guard import guarded
from locator.stations.intake import Ledger, read_ledger
from locator.stations.readers import BEYOND
from locator.stations.readers_child import in_child

#: A workbook of more cells takes minutes to write and to open.
MOST_CELLS = 400_000
_WIDEST = 40


@dataclass(frozen=True, slots=True)
class CheckedWorkbook:
    """An .xlsx file; ``copied_zh``/``copied_en`` say why it is a copy, "" where it is the clerk's
    own workbook."""

    content: bytes
    copied_zh: str = ""
    copied_en: str = ""


def checked_workbook(
    source: Path, report: Report, *, label: str | None = None, above: Sequence[str] = ()
) -> CheckedWorkbook:
    """The ledger ``source`` with the findings of ``report`` on it; ``source`` is not touched.

    ``label`` is what the report calls the file, where it is on several; ``above`` are more
    sentences for the top of the list of findings. Raises LedgerError where
    the file cannot be read (any more), UsageError where the report is not on it, or where the
    table is too large for a workbook.
    """
    if label is None:
        label = report.files[0] if len(report.files) == 1 else source.name
    if label not in report.files:
        raise UsageError(
            f"{label}：核对的是 {'、'.join(report.files)}，请先核对这一份 / "
            f"the report is on {', '.join(report.files)}; check it first."
        )
    ledger = read_ledger(source, without_ids=True)
    if len(ledger.numbers) * len(ledger.headings) > MOST_CELLS:
        raise UsageError(
            f"{label}：{len(ledger.numbers):,} 行太多，做不成带批注的工作簿，"
            "请用 --json 或 --html，或把台账分开 / "
            f"{len(ledger.numbers):,} rows are too many for a workbook with comments; "
            "use --json or --html, or split the ledger."
        )
    if ledger.format != "xlsx":
        return _copy(report, ledger, label, "台账不是 Excel 工作簿", "the ledger is no workbook")
    page = page_of(report, ledger, label, above=above, below=0)
    try:
        said = in_child(
            source,
            "locator.outputs.workbook_child",
            {**asdict(page), "sheet": ledger.sheet},
        )
    except LedgerError:
        return _copy(
            report, ledger, label,
            "原工作簿太大或结构特别，没法在里面标注", "the workbook is too large or odd",
        )  # fmt: skip
    if said["lost"]:
        zh, en = ([loss[at] for loss in said["lost"]] for at in (0, 1))
        return _copy(
            report, ledger, label,
            f"原工作簿里有{'、'.join(zh)}，在里面标注会丢掉", f"it holds {', '.join(en)}",
        )  # fmt: skip
    return CheckedWorkbook(base64.b64decode(said["workbook"]))


def copy_note(zh: str) -> str:
    """What a copy says of itself, and why it is one."""
    return f"这是副本，只有台账的文字：{zh}。请在原文件里改，或改这一份再查。"


def _copy(report: Report, ledger: Ledger, label: str, zh: str, en: str) -> CheckedWorkbook:
    """A new workbook: the ledger's cells as text where they stood, and the findings."""
    below = 1 if ledger.format == "geojson" else 0
    page = page_of(report, ledger, label, above=[copy_note(zh)], below=below)
    book = Workbook()
    book.properties.creator, book.properties.created = "一张图", SAVED
    sheet = book.worksheets[0]
    sheet.title = ledger.sheet or "台账"
    _fill_in(sheet, ledger, below)
    mark_cells(sheet, page)
    add_page(book, page, sheet)
    return CheckedWorkbook(saved(book), zh, en)


def _fill_in(sheet: Any, ledger: Ledger, below: int) -> None:
    head = ledger.header or 1
    headings = [heading for heading in ledger.headings if heading != BEYOND]
    # GeoJSON counts as WGS-84; in a workbook that has to be said.
    says = ledger.format != "geojson" or "source_datum" in ledger.columns
    for at, heading in enumerate([*headings, *([] if says else ["坐标来源"])]):
        cell = _write(sheet, head, ledger.left + at + 1, heading)
        cell.number_format, cell.font = "@", Font(bold=True)
    as_text = sheet.cell(head + 1, 1)
    as_text.number_format = "@"
    widths = [len(heading) * 2 + 2 for heading in headings]
    stations = zip(ledger.numbers, ledger.cells, strict=True)
    for number, given in sorted([*stations, *ledger.aside], key=lambda row: row[0]):
        texts = [
            *given[: len(headings)],
            *(part for more in given[len(headings) :] for part in more.split("\t")),
        ]
        texts += [] if says else [ledger.datum or "wgs84"]
        for at, text in enumerate(texts):
            if text:
                cell = _write(sheet, number + below, ledger.left + at + 1, text)
                cell._style = copy(as_text._style)  # faster than to style each
                if at < len(widths):
                    widths[at] = min(max(widths[at], len(text) + 2), _WIDEST)
    for at, width in enumerate(widths):
        sheet.column_dimensions[get_column_letter(ledger.left + at + 1)].width = max(width, 8)
    sheet.freeze_panes = f"A{head + 1}"


def _write(sheet: Any, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row, column)
    cell.value = guarded(legal(text))
    cell.data_type = "s"
    return cell
