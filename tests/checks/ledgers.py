"""Ledgers drawn by hand: a table without a fault, and the ways of writing it to a file."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from locator.checks.validate import Report

Row = dict[str, str]

_NAMES = ("编号", "县", "类型", "名称", "经度", "纬度", "服务", "开放时间", "核实日期")
TEN = "饮水；热饭、歇脚，手机充电;医药、取暖、纳凉、如厕、书刊、无线网"
OFFICE = "Mo-Fr 08:00-18:00; PH off"
#: Four stations of 舒城, some hundred metres apart, with nothing to remark on.
GOOD: list[Row] = [
    dict(zip(_NAMES, line.split("|"), strict=True))
    for line in (
        f"341523-901|舒城县|暖新驿站|鼓楼驿站|116.94403|31.46207|{TEN}|08:00-20:00|2026-10-01",
        "341523-902|341523|canteen|桥头食堂|116.94803|31.46207|供餐|24小时|2026/10/2",
        f"341523-903|shucheng|工会驿站|梅河驿站|116.95203|31.46407||{OFFICE}|2026年10月3日",
        "341523-904||友好小区|文翁小区|116.95603|31.46607|停车|24/7|20261004",
    )
]


def changed(at: int, **fields: str) -> list[Row]:
    """The good table with one row changed."""
    return [{**row, **fields} if i == at else dict(row) for i, row in enumerate(GOOD)]


def headings(rows: Sequence[Mapping[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def write_csv(path: Path, rows: Sequence[Mapping[str, str]], encoding: str = "utf-8-sig") -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings(rows), restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, rows: Sequence[Mapping[str, Any]], above: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for title in above:
        sheet.append([title])
    names = headings(rows)
    sheet.append(names)
    for row in rows:
        sheet.append([row.get(name) or None for name in names])
    book.save(path)
    return path


def write_geojson(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    def number(text: str) -> float | str:
        try:
            value = float(text)
        except ValueError:
            return text
        return value if math.isfinite(value) else text  # JSON has no NaN

    features = []
    for row in rows:
        rest = {name: text for name, text in row.items() if name not in ("经度", "纬度") and text}
        point = [number(row.get("经度", "")), number(row.get("纬度", ""))]
        geometry = None if point == ["", ""] else {"type": "Point", "coordinates": point}
        features.append({"type": "Feature", "geometry": geometry, "properties": rest})
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8"
    )
    return path


def codes(report: Report) -> list[tuple[str, int | None]]:
    """(code, row) of every finding."""
    return [(finding.code, finding.row) for finding in report.findings]
