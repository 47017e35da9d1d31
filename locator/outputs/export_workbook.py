"""A release's figures as tables: a workbook (gaps, clock, townships, stations), or the gaps as CSV.

Text that a spreadsheet might take for a formula is guarded, numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from locator.coverage.gap_report import CAUSES_ZH
from locator.errors import UsageError
from locator.files import write_atomically
from locator.outputs.about_release import about
from locator.outputs.coverage_words import DAY_WORDS
from locator.outputs.export_layers import flat, gaps_of, service_word, when
from locator.outputs.palette import tokens
from locator.outputs.words import one_line, word
from locator.outputs.workbook_bytes import SAVED, legal, saved
from locator.release.publish import Release
from locator.stations.guard import guarded

_WIDEST = 48


@dataclass(frozen=True)
class Sheet:
    """A table with its headings."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]


def write_workbook(release: Release, path: Path) -> None:
    """Write the figures of ``release`` to the workbook ``path``, always the same bytes.

    The first sheet says where the data come from and what is made up. Raises UsageError where the
    file cannot be written.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = book.properties.lastModifiedBy = "一张图"
    book.properties.created = SAVED
    for sheet in (_about(release), _gaps(release), _clock(release), *_townships(release),
                  _stations(release)):  # fmt: skip
        _add(book, sheet)
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
    return Sheet("说明", ("项目 key", "中文", "English"), about(release))


def _gaps(release: Release) -> Sheet:
    names = {row.id: one_line(row.name) for row in release.stations().itertuples()}
    return Sheet(
        "缺口",
        ("服务 service", "名次 rank", "名称 name", "英文名 name_en", "骑手时/周 rider_hours",
         "时段 when", "最缺的时段 worst", "当时最近的开着的站 open then", "分钟 minutes then",
         "原因 cause", "从来没有的服务 services", "乡镇 township", "最近的站 nearest",
         "分钟 minutes", "编号 id"),
        [
            (
                service_word(release, service), rank, gap["name"], gap.get("name_en"),
                gap["rider_hours"], when(gap["hours"]), *_worst(gap, names),
                CAUSES_ZH.get(gap["cause"], gap["cause"]),
                "、".join(service_word(release, code) for code in gap["services"]),
                gap["township"], names.get(gap["nearest_station"] or ""),
                gap["nearest_minutes"], gap["id"],
            )
            for service, gaps in gaps_of(release).items()
            for rank, gap in enumerate(gaps, start=1)
        ],
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
    return Sheet(
        "覆盖时钟",
        ("日 day", "时 hour", "服务 service", "有处可去 covered", "全部骑手 total",
         "占比 share"),
        [
            (
                DAY_WORDS[row["day"]]["zh"], row["hour"], service_word(release, row["service"]),
                row["covered"], row["total"],
                round(row["covered"] / row["total"], 4) if row["total"] else None,
            )
            for row in release.json("public/coverage.json")["clock"]
        ],
    )  # fmt: skip


def _townships(release: Release) -> list[Sheet]:
    """The townships' figures; none in a release made before there were any."""
    measured = release.json("public/coverage.json").get("measures") or {}
    rows = [
        {"name": said["name"] or "不详", **flat(said)} for said in measured.get("townships", ())
    ]
    if not rows:
        return []
    headings = list(dict.fromkeys(key for row in rows for key in row))
    return [Sheet("乡镇", headings, [[row.get(key) for key in headings] for row in rows])]


def _stations(release: Release) -> Sheet:
    said = [
        feature["properties"] | dict(zip(("lon", "lat"), feature["geometry"]["coordinates"],
                                         strict=True))
        for feature in release.json("public/stations.geojson")["features"]
    ]  # fmt: skip
    services = release.manifest["services"]
    return Sheet(
        "驿站",
        ("编号 id", "类型 kind", "名称 name", "经度 lon", "纬度 lat", "乡镇 township",
         "地址 address", "开放时间 hours", "服务 services", "状态 status", "来源 provenance"),
        [
            (
                row["id"], word(release.manifest, "kinds", row["kind"]).zh, row["name"],
                row["lon"], row["lat"], row["township"], row["address"], row["hours"],
                "、".join(services.get(code, {}).get("zh", code) for code in row["services"]),
                row["status"], row["provenance"],
            )
            for row in said
        ],
    )  # fmt: skip


def _add(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.title)
    page.append([_cell(heading) for heading in sheet.headings])
    for row in sheet.rows:
        page.append([_cell(value) for value in row])
    ground = PatternFill("solid", fgColor=tokens()["sunken"].lstrip("#"))
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True), ground
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A2"
    if sheet.rows:
        page.auto_filter.ref = page.dimensions
    for at, column in enumerate(page.iter_cols(values_only=True), start=1):
        longest = max(_width(value) for value in column[1:]) if len(column) > 1 else 0
        page.column_dimensions[get_column_letter(at)].width = min(_WIDEST, max(10, longest + 2))


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
