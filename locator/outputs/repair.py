"""A copy of a ledger with its positions moved as a person accepted, and the log of it.

The datum doctor proposes (rule ``datum_suspect``); a person names the rows. Only those rows'
coordinates change, written in the datum that the ledger declares, so that the copy needs no other
answer to 坐标从哪抄的. Every row is kept, and every other cell says what it said. Of a workbook the
copy is the very workbook, drop-downs, colours and other sheets and all, unless something in it
would be lost by writing it: then it is one of the cells alone, and says so.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl

from locator.checks.datum_doctor.shifts import TRUTH_EN, TRUTH_ZH, TRUTHS, positions, rewritten
from locator.checks.datum_doctor.words import proposes, rows_said
from locator.checks.validate import Report
from locator.errors import LedgerError, UsageError
from locator.outputs.workbook_bytes import legal
from locator.stations import cells
from locator.stations.guard import guarded
from locator.stations.intake import Ledger
from locator.stations.pasted import Axis, degrees, pasted_point
from locator.stations.readers_child import in_child

SUFFIXES = (".csv", ".xlsx", ".geojson")
LOG_HEADINGS = (
    "文件", "行", "编号", "名称", "原坐标", "新坐标", "声明的坐标系",
    "真实的坐标系", "把握", "移动米数", "方向角度", "日期",
    "命令",
)  # fmt: skip
AXES: tuple[Axis, Axis] = ("lon", "lat")
_LOG_SHEET = "修改记录"
_DECIMALS = 7
_ROWS = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row whose position may be moved: from ``old`` to ``new`` (as the ledger writes them)."""

    file: str
    row: int
    id: str
    name: str
    old: str
    new: str
    declared: str
    truth: str
    probability: float
    shift_m: float
    bearing_deg: float


def proposals(report: Report, ledger: Ledger) -> list[Proposal]:
    """What the datum doctor's findings propose for the rows of one checked ledger.

    Nothing for a row whose cell holds a link that says its own datum: moved, it would no longer
    be that link.
    """
    at_row = {number: at for at, number in enumerate(ledger.numbers)}
    rows = report.rows[report.rows["file"] == ledger.file].set_index("row", drop=False)
    found: list[Proposal] = []
    for finding in report.findings:
        if not proposes(finding) or finding.detail is None:
            continue
        detail = finding.detail
        numbers = [finding.row] if finding.row is not None else detail["rows"]
        own = rows.loc[[number for number in numbers if number in at_row]]
        own = own[own["ended"] != "copy"]
        declared, truth = detail["as"], detail["from"]
        x, y = rewritten(own["lon"].to_numpy(), own["lat"].to_numpy(), declared)
        lon, lat = (each[TRUTHS.index(truth)] for each in positions(x, y))
        new_x, new_y = rewritten(lon, lat, declared)
        for place, row in enumerate(own.itertuples()):
            at = at_row[int(str(row.row))]
            link = pasted_point(_cell(ledger, at, "coordinate"))
            if link is not None and link.datum and not _cell(ledger, at, "lon"):
                continue
            carries = _cell(ledger, at, "source_x") and _cell(ledger, at, "source_y")
            point = (lon[place], lat[place]) if carries else (new_x[place], new_y[place])
            found.append(
                Proposal(
                    ledger.file, int(str(row.row)), str(row.id), str(row.name), _old(ledger, at),
                    ",".join(_number(float(value)) for value in point), declared, truth,
                    float(detail["probability"]), float(detail["shift_m"]),
                    float(detail["bearing_deg"]),
                )
            )  # fmt: skip
    return sorted(found, key=lambda each: each.row)


def accepted(offered: Sequence[Proposal], words: Sequence[str]) -> list[Proposal]:
    """Those of the proposals that ``words`` name: ``all``, a row (``12``) or rows (``2-36``).

    Raises UsageError for a word that is none of these, and for rows without a proposal.
    """
    rows: set[int] = set()
    known = {each.row for each in offered}
    for word in words:
        span = _ROWS.fullmatch(word)
        if word == "all":
            rows |= known
        elif span is not None:
            named = {row for row in known if int(span[1]) <= row <= int(span[2] or span[1])}
            if not named:
                raise UsageError(
                    f"--accept-repair {word}：这一行没有建议 / nothing is proposed for that row."
                )
            rows |= named
        else:
            raise UsageError(
                f"--accept-repair {word}：写 all、一行（12）或几行（2-36） / "
                "give all, a row (12) or rows (2-36)."
            )
    return [each for each in offered if each.row in rows]


def proposals_text(offered: Sequence[Proposal], lang: str = "zh") -> str:
    """The proposals for a terminal: one line a mistake, with its rows."""
    groups: dict[tuple[str, str], list[Proposal]] = {}
    for each in offered:
        groups.setdefault((each.declared, each.truth), []).append(each)
    lines = []
    for (declared, truth), members in groups.items():
        rows_zh, rows_en = rows_said([each.row for each in members])
        first = members[0]
        if lang == "zh":
            lines.append(
                f"第 {rows_zh} 行（{len(members)} 行）：声明 {TRUTH_ZH[declared]}，"
                f"应为 {TRUTH_ZH[truth]}，移动约 {first.shift_m:.0f} 米，"
                f"如第 {first.row} 行 {first.old} → {first.new}"
            )
        else:
            lines.append(
                f"rows {rows_en} ({len(members)}): declared {TRUTH_EN[declared]}, truly "
                f"{TRUTH_EN[truth]}, some {first.shift_m:.0f} m, such as row {first.row} "
                f"{first.old} → {first.new}"
            )
    return "\n".join(lines)


def check_target(out: Path) -> None:
    """Raise UsageError where a copy can't be written to ``out``: its name ends in none of
    `SUFFIXES`, or there is a file, which somebody may have worked on."""
    if out.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"--repair {out}：文件名要以 {'、'.join(SUFFIXES)} 结尾 / "
            f"name a file that ends in {', '.join(SUFFIXES)}."
        )
    for path in (out, _log_of(out)) if out.suffix.lower() != ".xlsx" else (out,):
        if path.exists():
            raise UsageError(
                f"--repair {path}：已经有这个文件，请换一个文件名 / "
                "there is such a file already; name another."
            )


@dataclass(frozen=True, slots=True)
class Repaired:
    """The files to write, by path: the copy, and beside it (in a workbook: in it) the log.

    ``bare`` says that of a workbook the cells alone are in the copy.
    """

    files: dict[Path, bytes]
    bare: bool = False


def repaired(
    ledger: Ledger, source: Path, chosen: Sequence[Proposal], out: Path, *, date: str, command: str
) -> Repaired:
    """The copy of the ledger ``source`` with the ``chosen`` rows moved, and its log (see
    `check_target` for ``out``)."""
    suffix = out.suffix.lower()
    log = [list(LOG_HEADINGS), *([*_logged(each), date, command] for each in chosen)]
    moved = {each.row: each.new.split(",") for each in chosen}
    if suffix == ".xlsx" and ledger.format == "xlsx":
        same = _same_workbook(ledger, source, moved, log)
        if same is not None:
            return Repaired({out: same})
    if suffix == ".geojson":
        content = _geojson(ledger, source, moved)
    else:
        # Below, what is no station: totals, signatures.
        table = [list(ledger.headings), *_cells(ledger, moved), *(list(c) for _, c in ledger.aside)]
        if suffix == ".xlsx":
            bare = ledger.format == "xlsx"
            return Repaired({out: _xlsx({"台账": table, _LOG_SHEET: log})}, bare)
        content = _csv(table)
    return Repaired({out: content, _log_of(out): _csv(log)})


def _log_of(out: Path) -> Path:
    return out.with_name(out.name + ".log.csv")


def _same_workbook(
    ledger: Ledger, source: Path, moved: dict[int, list[str]], log: list[list[Any]]
) -> bytes | None:
    """The workbook itself with the rows moved and the log as its last sheet; None where something
    in it would be lost."""
    cells: list[tuple[int, int, str | float, str]] = []
    for at, number in enumerate(ledger.numbers):
        for name, text in _new_texts(ledger, at, moved[number]) if number in moved else ():
            value = text if name == "coordinate" or "," in text else float(text)
            cells.append((number, ledger.left + ledger.columns[name] + 1, value, ""))
    ask = {"sheet": ledger.sheet, "cells": cells, "added": [_LOG_SHEET, log]}
    try:
        said = in_child(source, "locator.outputs.points_child", ask)
    except LedgerError:  # too large or odd for the library
        return None
    return None if said["lost"] else base64.b64decode(said["workbook"])


def _cell(ledger: Ledger, at: int, name: str) -> str:
    return ledger.cells[at][ledger.columns[name]].strip() if name in ledger.columns else ""


def _old(ledger: Ledger, at: int) -> str:
    lon, lat = _cell(ledger, at, "lon"), _cell(ledger, at, "lat")
    return f"{lon},{lat}" if lon or lat else _cell(ledger, at, "coordinate")


def _number(value: float) -> str:
    return f"{value:.{_DECIMALS}f}"


def _cells(ledger: Ledger, moved: dict[int, list[str]]) -> list[list[str]]:
    """The rows' cells, with the new coordinates where the old ones stood."""
    table = []
    for at, number in enumerate(ledger.numbers):
        row = list(ledger.cells[at])
        if number in moved:
            for name, text in _new_texts(ledger, at, moved[number]):
                row[ledger.columns[name]] = text
        table.append(row)
    return table


def _new_texts(ledger: Ledger, at: int, point: Sequence[str]) -> list[tuple[str, str]]:
    """The cells of a row that its new point is written to, where the old one stood."""
    lon, lat = point
    if _cell(ledger, at, "lon") and _cell(ledger, at, "lat"):
        return [("lon", lon), ("lat", lat)]
    return [("coordinate" if _cell(ledger, at, "coordinate") else "lon", f"{lon},{lat}")]


def _geojson(ledger: Ledger, source: Path, moved: dict[int, list[str]]) -> bytes:
    """The collection; of a GeoJSON ledger the very one that was read, but for the points."""
    if ledger.format == "geojson":
        collection = json.loads(source.read_text("utf-8-sig"))
        for number, (lon, lat) in moved.items():
            geometry = collection["features"][number - 1]["geometry"]
            geometry["coordinates"][:2] = [float(lon), float(lat)]
    else:
        collection = {"type": "FeatureCollection", "features": []}
        places = [ledger.columns[n] for n in ("lon", "lat", "coordinate") if n in ledger.columns]
        for row in _cells(ledger, moved):
            pair = [row[ledger.columns[n]] for n in ("lon", "lat") if n in ledger.columns]
            if "coordinate" in ledger.columns and not any(pair):
                given = pasted_point(row[ledger.columns["coordinate"]])
                pair = [given.x, given.y] if given else ["", ""]
            values = [degrees(text, axis) for text, axis in zip(pair, AXES, strict=False)]
            known = len(values) == 2 and None not in values
            kept = {
                name: text
                for at, (name, text) in enumerate(zip(ledger.headings, row, strict=True))
                if text and (at not in places or not known)
            }
            geometry = {"type": "Point", "coordinates": values} if known else None
            collection["features"].append(
                {"type": "Feature", "geometry": geometry, "properties": kept}
            )
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(table: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_safe(str(value)) for value in row] for row in table])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, table in sheets.items():
        sheet = book.create_sheet(title)
        for row in table:
            sheet.append([_safe(legal(str(value))) or None for value in row])
        for line in sheet.iter_rows():
            for cell in line:
                if cell.value is not None:
                    cell.data_type = "s"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _safe(text: str) -> str:
    """A cell that no spreadsheet runs; a negative number is no formula."""
    return text if cells.number(text) is not None else guarded(text)


def _logged(each: Proposal) -> list[Any]:
    return [
        each.file, each.row, each.id, each.name, each.old, each.new, TRUTH_ZH[each.declared],
        TRUTH_ZH[each.truth],
        f"{np.floor(1000 * each.probability) / 10:.1f}%", each.shift_m, each.bearing_deg,
    ]  # fmt: skip
