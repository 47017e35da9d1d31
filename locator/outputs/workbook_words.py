"""What a report says in a workbook: which cells it means, and each finding as one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from locator.checks.findings import NEXT_ZH, ORDER
from locator.checks.rules import RULES, SEVERITY_ZH
from locator.checks.validate import Report
from locator.errors import Finding
from locator.outputs.palette import mix, tokens
from locator.outputs.words import one_line
from locator.outputs.workbook_page import MARK, MOST_COMMENTS, Line, Mark, Page
from locator.stations.intake import Ledger
from locator.stations.table import COLUMNS

_ZH = {column.name: column.zh for column in COLUMNS}
#: Where a finding without a column of its own is shown: what a person calls a row by.
_NAMING = ("name", "id", "kind")


def page_of(
    report: Report, ledger: Ledger, label: str, *, above: Sequence[str], below: int
) -> Page:
    """The findings of the file ``label`` as they are written into a workbook.

    ``above`` are sentences for the top (why it is a copy); ``below`` is how far a row stands below
    its own number (1 in a copy of GeoJSON, whose features count from 1 without headings).
    """
    found = [finding for finding in report.findings if finding.file == label]
    found.sort(key=lambda finding: (finding.row or 0, ORDER.index(finding.severity)))
    own = report.rows[report.rows["file"] == label]
    names = dict(zip(own["row"].tolist(), own["name"], strict=True))
    lines = [_line(finding, ledger, names, below) for finding in found]
    marks = _marks(found, lines)
    return Page(_summary(report, label, found, own, marks, above), lines, marks, colours())


def colours() -> dict[str, str]:
    """The ground of a faulty cell by severity, RRGGBB: none is one that a clerk would choose."""
    token = tokens()
    grounds = {
        "error": mix("#ffffff", token["ember"], 0.30),
        "warning": mix("#ffffff", token["map-motorway"], 0.60),
        "info": mix("#ffffff", token["focus"], 0.16),
    }
    return {name: colour.lstrip("#").upper() for name, colour in grounds.items()}


def column_of(ledger: Ledger, field: str | None) -> int:
    """The column (from 1) in the file that a finding on ``field`` means."""
    tried = [field, "coordinate"] if field in ("lon", "lat") else [field]
    at = next((ledger.columns[name] for name in [*tried, *_NAMING] if name in ledger.columns), 0)
    return ledger.left + at + 1


def _heading(ledger: Ledger, field: str | None) -> str:
    """The column behind a place; a sheet with both numbers in one cell has no 经度."""
    together = field in ("lon", "lat") and field not in ledger.columns
    name = "coordinate" if together and "coordinate" in ledger.columns else field
    return f" {_ZH[name]}" if name in _ZH else ""


def _line(finding: Finding, ledger: Ledger, names: dict[int, Any], below: int) -> Line:
    row, where = 0, "整个文件"
    if finding.row is not None:
        row = finding.row + below
        unit = "个要素" if ledger.format == "geojson" else "行"
        where = f"第 {finding.row} {unit}{_heading(ledger, finding.field)}"
    name = one_line(str(names.get(finding.row or 0, "")))
    return Line(
        severity=finding.severity,
        severity_zh=SEVERITY_ZH[finding.severity],
        title=RULES[finding.code].title_zh,
        where=where,
        station=" ".join(part for part in (finding.id or "", name) if part),
        value=one_line(finding.value or ""),
        text=one_line(finding.message_zh),
        code=finding.code,
        row=row,
        column=column_of(ledger, finding.field) if row else 0,
    )


def _marks(found: Sequence[Finding], lines: Sequence[Line]) -> list[Mark]:
    """One mark a cell, with all that is said of it, the worst first."""
    cells: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        if line.row:
            cells.setdefault((line.row, line.column), []).append(line)
    return [
        Mark(
            row,
            column,
            next(name for name in ORDER if any(line.severity == name for line in said)),
            "\n".join(
                dict.fromkeys(
                    f"{line.severity_zh}·{line.title}：{line.text}".replace(MARK, "")
                    for line in said
                )
            ),
        )
        for (row, column), said in cells.items()
    ]


def _summary(
    report: Report,
    label: str,
    found: Sequence[Finding],
    own: Any,
    marks: Sequence[Mark],
    above: Sequence[str],
) -> list[str]:
    ended = own["ended"].value_counts()
    sizes = [int(ended.get(name, 0)) for name in ("published", "quarantined", "copy")]
    counted = "，".join(
        f"{SEVERITY_ZH[severity]} {sum(finding.severity == severity for finding in found)}"
        f"（{NEXT_ZH[severity]}）"
        for severity in ORDER
    )
    lines = [
        f"文件：{label}",
        f"共 {len(own)} 行 = 可发布 {sizes[0]} + 退回 {sizes[1]} + 重复 {sizes[2]}",
        counted,
        "有问题的格已涂色，鼠标停在格上看批注；点「位置」跳到那一格。",
        "改好后保存，再查一次；这张表和批注不会被当成台账，可以留着，也可以删。",
    ]
    if report.blocked:
        lines.insert(2, "整个文件先不发布：先解决「整个文件」的错误。")
    if own["name"].str.contains("示意", regex=False).any():
        lines.append("含示意数据：点位是编的，现场没有驿站。")
    if len(marks) > MOST_COMMENTS:
        lines.append(f"批注只写了前 {MOST_COMMENTS:,} 格，其余只涂色；全部见下表。")
    return [*lines, *above]
