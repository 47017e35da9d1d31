"""Points that a person picked on a map, and what was answered, written into the ledger's workbook.

A picked point is in WGS-84, as the map is; its row then says so in a word that the template offers
(坐标来源: 手机GPS). Under headings
that name another map (百度经度) it is written as that map has it, for a row may not contradict its
heading. What stood in the cells before is kept in a comment: nothing is lost, and everybody sees
what a person has changed.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from locator.checks.validate import Report
from locator.errors import LedgerError
from locator.geo.datum import convert_datum
from locator.outputs.checked_workbook import CheckedWorkbook, checked_workbook
from locator.outputs.template_words import SOURCES
from locator.stations.intake import Ledger, read_ledger
from locator.stations.readers import BEYOND
from locator.stations.readers_child import in_child
from locator.stations.table import COLUMNS

#: What a picked row says under 坐标来源: the template's drop-down takes no word for a map here.
PICKED_SOURCE = SOURCES["wgs84"]
MARK = "【选点】"
_PLAIN = {column.name: column.zh for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Point:
    """A point for the row of this number, WGS-84 degrees; ``proposed`` where the check named it and
    the clerk only agreed."""

    row: int
    lon: float
    lat: float
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A cell to be written: row and column from 1, its value (None empties it), a comment or ""."""

    row: int
    column: int
    value: str | float | None
    comment: str = ""


def picked_workbook(
    source: Path,
    report: Report,
    points: Sequence[Point],
    *,
    answer: str = "",
    words: Mapping[int, str] | None = None,
) -> CheckedWorkbook:
    """The ledger ``source`` as a workbook with the picked points in it; ``source`` stays as it is.

    Rows that do not say where their coordinates are from get ``answer`` under 坐标来源, and those
    of ``words`` what stands there, whatever they said. A ledger that is no workbook, or would lose
    something, becomes a copy as in `checked_workbook`. Raises LedgerError where the file cannot be
    read (any more).
    """
    ledger, words = read_ledger(source, without_ids=True), words or {}
    points = [replace(each, proposed=_proposed(each, report)) for each in points]
    if ledger.format == "xlsx":
        made = _write(source, ledger, list(cells_for(ledger, points, answer, words)))
        if made is not None:
            return CheckedWorkbook(made)
    copied = checked_workbook(source, report)
    with TemporaryDirectory(dir=source.parent) as folder:
        path = Path(folder) / "copy.xlsx"
        path.write_bytes(copied.content)
        copy = read_ledger(path, without_ids=True)
        if ledger.format == "geojson":  # its features count from 1, the copy's rows from 2
            points = [replace(point, row=point.row + 1) for point in points]
            words = {number + 1: word for number, word in words.items()}
        # What a copy of GeoJSON says of its datum is the format's word, not anybody's answer.
        unsaid = ledger.format == "geojson" and "source_datum" not in ledger.columns
        cells = list(cells_for(copy, points, answer, words, unsaid=unsaid))
        made = _write(path, copy, cells) or copied.content
    return CheckedWorkbook(made, copied.copied_zh, copied.copied_en)


def _proposed(point: Point, report: Report) -> bool:
    """Whether a finding on the row names this very point."""
    return any(
        finding.row == point.row
        and finding.detail is not None
        and "lon" in finding.detail
        and abs(finding.detail["lon"] - point.lon) < 2e-6
        and abs(finding.detail["lat"] - point.lat) < 2e-6
        for finding in report.findings
    )


def cells_for(
    ledger: Ledger,
    points: Sequence[Point],
    answer: str = "",
    words: Mapping[int, str] = MappingProxyType({}),
    *,
    unsaid: bool = False,
) -> Iterator[Given]:
    """The cells to be written: each point where its row's position is read from, the answers, and
    the accepted ``words`` for 坐标来源 by row.

    With ``unsaid`` the column 坐标来源 counts as empty. Where a word gainsays headings that name a
    map (百度经度), each row says what they said, and they become plain.
    """
    at = {number: index for index, number in enumerate(ledger.numbers)}
    picked = {point.row: point for point in points if point.row in at}
    source_column = _column(ledger, "source_datum") or _first_free(ledger)
    if (picked or answer or words) and "source_datum" not in ledger.columns:
        yield Given(
            ledger.header, source_column, _PLAIN["source_datum"], "核对时加的一列：坐标从哪抄的。"
        )
    if words and ledger.heading_datum:
        yield from _plain_headings(ledger)
        answer = SOURCES[ledger.heading_datum]
    for number, index in at.items():
        if number in picked:
            yield from _position(ledger, index, picked[number])
            yield Given(number, source_column, _picked_source(ledger))
        elif number in words and words[number] != _text(ledger, index, "source_datum"):
            before = _text(ledger, index, "source_datum")
            said = f"原来写的是「{before}」" if before else "原来空着"
            comment = f"{MARK}{said}，核对时同意改成「{words[number]}」。"
            yield Given(number, source_column, words[number], comment)
        elif answer and (unsaid or not _says_source(ledger, index)):
            yield Given(number, source_column, answer)


def _plain_headings(ledger: Ledger) -> Iterator[Given]:
    """The headings of the coordinates without the map that they name."""
    for name in ("lon", "lat", "coordinate"):
        plain = _PLAIN[name]
        if name in ledger.columns and (said := ledger.headings[ledger.columns[name]]) != plain:
            comment = f"{MARK}原来的表头是「{said}」。坐标从哪抄的，现在写在每行的「坐标来源」里。"
            yield Given(ledger.header, _column(ledger, name), plain, comment)


def _position(ledger: Ledger, index: int, point: Point) -> Iterator[Given]:
    datum = ledger.heading_datum or "wgs84"
    lon, lat = map(float, convert_datum(point.lon, point.lat, source="wgs84", target=datum))
    pair = f"{lon:.6f},{lat:.6f}"
    values: dict[str, str | float | None] = {}
    if "lon" in ledger.columns and "lat" in ledger.columns:
        values = {"lon": round(lon, 6), "lat": round(lat, 6)}
        if _text(ledger, index, "coordinate"):
            values["coordinate"] = pair
    else:
        values["coordinate"] = pair
    for name, value in values.items():
        before = _text(ledger, index, name)
        said = f"原来写的是「{before}」。" if before else "原来空着。"
        how = "照核对时的建议改的点" if point.proposed else "在地图上选的点"
        comment = f"{MARK}{how}（{_map_zh(ledger)}）。{said}"
        yield Given(point.row, _column(ledger, name), value, comment)
    for name in ("source_x", "source_y"):  # the point is no longer where it was copied from
        if _text(ledger, index, name):
            yield Given(point.row, _column(ledger, name), None)


def _picked_source(ledger: Ledger) -> str:
    """What a picked row says under 坐标来源: never another map than the heading does."""
    return SOURCES[ledger.heading_datum] if ledger.heading_datum else PICKED_SOURCE


def _map_zh(ledger: Ledger) -> str:
    return f"写成{SOURCES[ledger.heading_datum]}坐标" if ledger.heading_datum else "WGS-84"


def _says_source(ledger: Ledger, index: int) -> bool:
    """Whether the row says where its position is from, or carries what it was made of."""
    if _text(ledger, index, "source_datum"):
        return True
    return bool(_text(ledger, index, "source_x") and _text(ledger, index, "source_y"))


def _text(ledger: Ledger, index: int, name: str) -> str:
    return ledger.cells[index][ledger.columns[name]].strip() if name in ledger.columns else ""


def _column(ledger: Ledger, name: str) -> int:
    """Where the column stands in the sheet, from 1; 0 where there is none."""
    return ledger.left + ledger.columns[name] + 1 if name in ledger.columns else 0


def _first_free(ledger: Ledger) -> int:
    """The first column beyond every heading and every cell."""
    if BEYOND not in ledger.headings:
        return ledger.left + len(ledger.headings) + 1
    at = ledger.headings.index(BEYOND)
    most = max(len(row[at].split("\t")) for row in ledger.cells)
    return ledger.left + at + most + 1


def _write(path: Path, ledger: Ledger, cells: Sequence[Given]) -> bytes | None:
    """The workbook with these cells written, None where that would lose something of it."""
    ask = {"sheet": ledger.sheet, "cells": [astuple(cell) for cell in cells]}
    try:
        said = in_child(path, "locator.outputs.points_child", ask)
    except LedgerError:  # too large or odd for the library: a copy is made
        return None
    return None if said["lost"] else base64.b64decode(said["workbook"])
