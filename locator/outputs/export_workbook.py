"""A release's figures as tables: a workbook to read and to print, or the gaps as CSV.

Text that a spreadsheet might take for a formula is guarded, numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from locator.coverage.gap_report import CAUSES
from locator.coverage.week import DAY_WORDS
from locator.errors import UsageError
from locator.files import write_atomically
from locator.outputs.about_release import about
from locator.outputs.export_layers import gaps_of, service_word, when
from locator.outputs.export_sheets import (
    SHARE,
    WHOLE,
    Sheet,
    action_sheet,
    station_sheet,
    township_sheets,
)
from locator.outputs.palette import tokens
from locator.outputs.words import one_line
from locator.outputs.workbook_bytes import SAVED, legal, saved
from locator.release.publish import Release
from locator.stations.guard import guarded

#: A column at most, in Latin letters; longer text takes more lines.
_WIDEST = 26
#: One line of text and the room about a row, in points; the letters that a header may have.
_LINE_PT, _ROW_PT = 16, 4
_HEADER = 200
#: Left and right of a printed table, in inches.
_MARGIN_IN = 0.4


def write_workbook(release: Release, path: Path) -> None:
    """Write the figures of ``release`` to the workbook ``path``, always the same bytes.

    The first sheet says where the data come from and what is made up. Raises UsageError where the
    file cannot be written.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = book.properties.lastModifiedBy = "一张图"
    book.properties.created = SAVED
    for sheet in (_about(release), action_sheet(release), _gaps(release), *township_sheets(release),
                  _clock(release), station_sheet(release)):  # fmt: skip
        page = _add(book, sheet)
        if sheet.printed is not None:
            page.print_area = f"A1:{get_column_letter(sheet.printed)}{page.max_row}"
        _set_on_paper(page, release)
    _put(path, saved(book))


def write_csv(release: Release, path: Path) -> None:
    """Write the gaps of ``release`` to ``path`` as CSV (UTF-8 with a mark, as Excel opens it).

    The last column says, on every line, what is made up. Raises UsageError where the file cannot
    be written.
    """
    sheet, said = _gaps(release), about(release)[0][1]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*sheet.headings, "说明 notice"])
    writer.writerows([*map(_cell, row), _cell(said)] for row in sheet.rows)
    _put(path, text.getvalue().encode("utf-8-sig"))


def _about(release: Release) -> Sheet:
    rows = [(zh, en, key) for key, zh, en in about(release)]
    return Sheet("说明", ("中文", "English", "项目 key"), rows)


def _gaps(release: Release) -> Sheet:
    names = {row.id: one_line(row.name) for row in release.stations().itertuples()}
    return Sheet(
        "缺口",
        ("服务 service", "名次 rank", "名称 name", "骑手时/周 rider_hours", "时段 when",
         "最缺的时段 worst", "当时最近的开着的站 open then", "当时几分钟 minutes", "原因 cause",
         "从来没有的服务 services", "乡镇 township", "最近的站 nearest", "最近几分钟 nearest_min",
         "英文名 name_en", "编号 id"),
        [
            (
                service_word(release, service), rank, gap["name"], gap["rider_hours"],
                when(gap["hours"]), *_worst(gap, names),
                CAUSES[gap["cause"]][0],
                "、".join(service_word(release, code) for code in gap["services"]),
                gap["township"], names.get(gap["nearest_station"] or ""),
                gap["nearest_minutes"], gap.get("name_en"), gap["id"],
            )
            for service, gaps in gaps_of(release).items()
            for rank, gap in enumerate(gaps, start=1)
        ],
        {3: WHOLE},
        printed=10,
    )  # fmt: skip


def _worst(gap: dict[str, Any], names: dict[str, str]) -> tuple[str | None, str | None, Any]:
    """The hour in which most riders of a gap go without, the nearest open stop then, minutes."""
    if not gap.get("riders"):
        return None, None, None
    at = max(range(len(gap["riders"])), key=lambda slot: (gap["riders"][slot], -slot))
    id_ = gap["open_station"][at]
    worst = when([gap["hours"][at]])
    return worst, names.get(id_, id_) if id_ else "没有", gap["open_minutes"][at]


def _clock(release: Release) -> Sheet:
    """The clock as one reads it: a row a day and service, a column an hour."""
    slots: dict[tuple[str, str], dict[int, dict[str, Any]]] = {}
    for row in release.json("public/coverage.json")["clock"]:
        slots.setdefault((row["day"], row["service"]), {})[row["hour"]] = row
    return Sheet(
        "覆盖时钟",
        ("日", "服务", "需要的骑手时", "全天", *(f"{hour}" for hour in range(24))),
        [
            (
                DAY_WORDS[day]["zh"], service_word(release, service),
                sum(row["total"] for row in hours.values()), _share(hours.values()),
                *(_share([hours[hour]]) for hour in sorted(hours)),
            )
            for (day, service), hours in slots.items()
        ],
        {2: WHOLE, **dict.fromkeys(range(3, 28), SHARE)},
        ("覆盖率：有此需要的骑手里，当时有站可去的占比；表头的数字是几点，空着的是没有人需要。",),
    )  # fmt: skip


def _share(rows: Collection[Mapping[str, Any]]) -> float | None:
    """Covered of all; None where nobody is in need."""
    covered, total = (sum(row[key] for row in rows) for key in ("covered", "total"))
    return round(covered / total, 4) if total else None


def _add(book: Workbook, sheet: Sheet) -> Worksheet:
    page: Worksheet = book.create_sheet(sheet.title)
    page.append([_cell(heading) for heading in sheet.headings])
    for row in sheet.rows:
        page.append([_cell(value) for value in row])
    ground = PatternFill("solid", fgColor=tokens()["sunken"].lstrip("#"))
    widths = [
        max(
            _width(heading) / 2 + 2,
            _longest_word(heading) + 3,
            min(
                _WIDEST,
                max((_shown(row[at], sheet.formats.get(at)) for row in sheet.rows), default=0),
            ),
        )
        for at, heading in enumerate(sheet.headings)
    ]
    for at, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(at)].width = width
    for at, cells in enumerate(page.iter_rows(), start=1):
        for column, cell in enumerate(cells):
            text = isinstance(cell.value, str)
            cell.alignment = Alignment(
                horizontal="left" if text else None,
                indent=int(text),
                wrap_text=text,
                vertical="top",
            )
            if at == 1:
                cell.font, cell.fill = Font(bold=True), ground
            else:
                cell.number_format = sheet.formats.get(column, cell.number_format)
        page.row_dimensions[at].height = _ROW_PT + _LINE_PT * max(
            _lines(cell.value, width) for cell, width in zip(cells, widths, strict=True)
        )
    page.freeze_panes = "A2"
    if sheet.rows:
        page.auto_filter.ref = page.dimensions
    _add_notes(page, sheet, sum(widths))
    return page


def _add_notes(page: Worksheet, sheet: Sheet, width: float) -> None:
    """The sentences below the table, across all its columns; outside of its filter."""
    for at, note in enumerate(sheet.notes, start=page.max_row + 2):
        page.merge_cells(start_row=at, end_row=at, start_column=1, end_column=len(sheet.headings))
        cell = page.cell(at, 1, _cell(note))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.row_dimensions[at].height = _LINE_PT * _lines(note, width * 0.9)


def _set_on_paper(page: Worksheet, release: Release) -> None:
    """Landscape A4, as wide as the page; made-up data, county and release stand on each."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"
    page.page_margins.left = page.page_margins.right = _MARGIN_IN
    county, manifest = release.county, release.manifest
    head, foot = page.oddHeader, page.oddFooter
    assert head is not None
    assert foot is not None
    made_up = manifest["provenance_zh"] if manifest["illustrative"] else ""
    head.left.text = _on_paper(f"{county['name_zh']} · {page.title}")
    head.right.text = _on_paper(made_up)
    foot.left.text = _on_paper(f"发布版 {release.hash} · {manifest['as_of']}")
    foot.right.text = "&P / &N"


def _on_paper(text: str) -> str:
    """Text for a header or footer: an ampersand would begin a code there, and 255 is the limit."""
    return one_line(text).replace("&", "&&")[:_HEADER]


def _shown(value: Any, format_: str | None) -> int:
    """How wide a value is as its number format shows it, with some room."""
    if isinstance(value, float) and format_ is not None:
        value = f"{value:.0%}" if format_ == SHARE else f"{value:,.{format_.count('0') - 1}f}"
    return _width(f"{value:.9g}" if isinstance(value, float) else value) + 3


def _lines(value: Any, width: float) -> int:
    """How many lines a text takes in a column; a program does not count them when it opens it."""
    return math.ceil(_width(value) / (width - 2)) if isinstance(value, str) and value else 1


def _longest_word(heading: str) -> int:
    """The letters of the longest Latin word, which no program breaks well."""
    return max((len(word) for word in re.findall("[!-~]+", heading)), default=0)


def _width(value: Any) -> int:
    """How many Latin letters wide a value is; a Chinese one counts for two."""
    return sum(1 if letter < "\u2e80" else 2 for letter in str(value if value is not None else ""))


def _cell(value: Any) -> Any:
    return guarded(legal(one_line(value))) if isinstance(value, str) else value


def _put(path: Path, content: bytes) -> None:
    try:
        write_atomically(path, content)
    except OSError as error:
        raise UsageError(
            f"{path}: 写不了 / cannot be written ({error.strerror}); name another."
        ) from error
