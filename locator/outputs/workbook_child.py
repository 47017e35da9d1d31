"""The clerk's own workbook, marked in the limited child process: openpyxl reads hostile bytes here.

It is handed the archive only after it has been checked and packed anew, and gives it back with the
findings in it, or says what would be lost by that and gives nothing.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from openpyxl import load_workbook

from locator.outputs.workbook_bytes import saved
from locator.outputs.workbook_losses import Loss, lost_parts
from locator.outputs.workbook_page import Line, Mark, Page, add_page, fit_comments, mark_cells
from locator.stations.readers_child import answer
from locator.stations.readers_xlsx import repack

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
# A formula as openpyxl writes it: without the value that it had.
_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*(?:/>|>[^<]*</f>))<v ?(?:/>|></v>)')
#: What openpyxl remarks on although nothing is lost.
_HARMLESS = ("no default style",)
#: A formula's value by its cell: the type as the file calls it, and the text.
Values = dict[str, tuple[str, str]]


def main() -> None:
    """Run in the child: mark one workbook."""
    answer(_marked)


def _marked(ask: Mapping[str, Any]) -> dict[str, Any]:
    page = Page(
        ask["summary"],
        [Line(**line) for line in ask["lines"]],
        [Mark(**mark) for mark in ask["marks"]],
        ask["colours"],
    )

    def mark(book: Any) -> None:
        ledger = book[ask["sheet"]]
        mark_cells(ledger, page)
        add_page(book, page, ledger)

    return rewritten(Path(ask["path"]), mark)


def rewritten(path: Path, change: Callable[[Any], None]) -> dict[str, Any]:
    """The workbook as ``change`` leaves it, in base64, or what would be ``lost`` by writing it."""
    content = path.read_bytes()
    packed = repack(content)
    with (
        zipfile.ZipFile(io.BytesIO(content)) as whole,
        zipfile.ZipFile(io.BytesIO(packed)) as archive,
    ):
        parts = {name: archive.read(name) for name in archive.namelist()}
        lost = lost_parts(whole.namelist(), parts)
        if lost:
            return {"lost": lost, "workbook": None}
        values = _values(parts)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        book = load_workbook(io.BytesIO(packed), rich_text=True)
    lost = [_remark(one) for one in said if not any(mark in str(one.message) for mark in _HARMLESS)]
    if lost:
        return {"lost": lost, "workbook": None}
    fit_comments(book)
    change(book)
    of_sheet = [values.get(sheet.title, {}) for sheet in book.worksheets]

    def with_values(name: str, xml: bytes) -> bytes:
        found = _SHEET.fullmatch(name)
        return _with_values(xml, of_sheet[int(found[1]) - 1]) if found else xml

    return {"lost": [], "workbook": base64.b64encode(saved(book, with_values)).decode()}


def _remark(said: warnings.WarningMessage) -> Loss:
    return (f"「{str(said.message)[:80]}」", str(said.message)[:80])


def _values(parts: Mapping[str, bytes]) -> dict[str, Values]:
    """The values that formulas had when the workbook was saved, by sheet: what was checked.

    openpyxl keeps a formula or its value, not both; without it the sheet would read as empty until
    somebody opens it in Excel.
    """
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {each.get("Id"): (each.get("Target") or "").lstrip("/") for each in relations}
    found: dict[str, Values] = {}
    for sheet in ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        xml = parts.get(target if target.startswith("xl/") else f"xl/{target}", b"")
        if re.search(rb"<(?:\w+:)?f[\s>/]", xml):
            found[sheet.get("name", "")] = _values_of(xml)
    return found


def _values_of(xml: bytes) -> Values:
    values: Values = {}
    for _, cell in ElementTree.iterparse(io.BytesIO(xml)):
        if cell.tag != f"{_MAIN}c":
            continue
        value = cell.find(f"{_MAIN}v")
        if cell.find(f"{_MAIN}f") is not None and value is not None and value.text:
            values[cell.get("r", "")] = (cell.get("t", "n"), value.text)
        cell.clear()
    return values


def _with_values(xml: bytes, values: Values) -> bytes:
    def filled(found: re.Match[bytes]) -> bytes:
        name, attributes, formula = found.groups()
        if name.decode() not in values:
            return found[0]
        kind, text = values[name.decode()]
        return b'<c r="%s"%s t="%s">%s<v>%s</v>' % (
            name, attributes, escape(kind, {'"': ""}).encode(), formula, escape(text).encode(),
        )  # fmt: skip

    return _FORMULA.sub(filled, xml) if values else xml
