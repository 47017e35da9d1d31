"""Generated tables, harmed in ten ways and written in seven forms: no row is lost, whatever comes.

The readers are called in this process, not in their child: it is they and the checks that are
tried, and five thousand starts would take an hour.
"""

from __future__ import annotations

import csv
import io
import json
import random
import tempfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from locator.checks.findings import report_json, report_text
from locator.checks.rules import RULES
from locator.checks.validate import Report, validate
from locator.counties import list_counties
from locator.errors import LedgerError
from locator.stations.table import stations_to_geojson

from .mutators import MUTATORS, Table

ROOT = Path(__file__).parents[2]
COUNTIES = list_counties(ROOT / "data")
SHUCHENG = next(each for each in COUNTIES if each.slug == "shucheng")
HEADINGS = ("编号", "县", "类型", "名称", "经度", "纬度", "乡镇", "服务", "开放时间", "状态",
            "核实日期", "坐标来源")  # fmt: skip
AS_OF = date(2026, 11, 20)


def drawn(rng: random.Random) -> Table:
    """A table of which most rows are right."""
    rows: Table = [list(HEADINGS)]
    for at in range(rng.randint(1, 9)):
        rows.append([
            f"341523-{900 + at}", rng.choice(("舒城县", "341523", "")),
            rng.choice(("暖新驿站", "canteen", "工会驿站")),
            f"{rng.choice('鼓桥梅文龙')}{at}号驿站",
            f"{116.9441 + at * 0.0013:.6f}", f"{31.46207 + rng.random() * 0.002:.6f}", "城关镇",
            rng.choice(("饮水；热饭", "供餐", "饮水、歇脚、如厕")),
            rng.choice(("08:00-20:00", "24小时", "周一至周五 8:30-17:30")), "开放", "2026-10-01",
            rng.choice(("手机GPS", "高德", "百度")),
        ])  # fmt: skip
    return rows


def write(folder: Path, table: Table, form: str) -> Path:
    """The table as a file: csv in four encodings, with CRLF or tabs; a workbook; GeoJSON."""
    if form == "xlsx":
        book = openpyxl.Workbook()
        for row in table:
            book.active.append([cell.replace("\x00", "") or None for cell in row])
            for cell in book.active[book.active.max_row]:
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # what begins with = is text here
        path = folder / "a.xlsx"
        book.save(path)
        return path
    if form == "geojson":
        features = [
            {"type": "Feature", "geometry": None if "" in (row["经度"], row["纬度"]) else
             {"type": "Point", "coordinates": [row["经度"], row["纬度"]]},
             "properties": {k: v for k, v in row.items() if v and k not in ("经度", "纬度")}}
            for row in (dict(zip(table[0], cells, strict=True)) for cells in table[1:])
            if any(row.values())
        ]  # fmt: skip
        path = folder / "a.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
        return path
    encoding, ends, mark = form.split("|")
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator={"lf": "\n", "crlf": "\r\n"}[ends],
               delimiter={"comma": ",", "tab": "\t"}[mark]).writerows(table)  # fmt: skip
    path = folder / "a.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


FORMS = ("utf-8|lf|comma", "utf-8-sig|crlf|comma", "gb18030|crlf|comma", "utf-16|crlf|tab",
         "utf-8|lf|tab", "xlsx", "geojson")  # fmt: skip


def checked(table: Table, form: str) -> Report | None:
    """The report; None where the file is refused, with a code."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), table, form)
        try:
            return validate([path], SHUCHENG, all_counties=COUNTIES, datum="wgs84", as_of=AS_OF)
        except LedgerError as refusal:
            code = refusal.code
    assert code in RULES
    return None


def hold(report: Report) -> None:
    counts = report.counts
    assert counts["rows"] == counts["published"] + counts["quarantined"] + counts["duplicates"]
    assert counts["published"] == len(report.stations)
    assert counts["quarantined"] == len(report.quarantined)
    assert report.stations["id"].is_unique
    for row in report.quarantined:
        assert row.original
        assert set(row.codes) <= set(RULES)
        assert row.codes
    assert {finding.code for finding in report.findings} <= set(RULES)
    json.dumps(report_json(report), allow_nan=False)
    json.dumps(stations_to_geojson(report.stations), allow_nan=False)
    assert report_text(report)


def published(report: Report) -> str:
    return json.dumps(stations_to_geojson(report.stations), sort_keys=True)


def try_one(seed: int) -> bool:
    """One table, up to four times harmed; whether it was taken."""
    rng = random.Random(seed)
    table = drawn(rng)
    for _ in range(rng.randint(1, 4)):
        table = rng.choice(MUTATORS)([list(row) for row in table], rng)
    plain = {"经度", "纬度"} <= set(table[0]) and len(set(table[0])) == len(table[0])
    form = rng.choice(FORMS if plain and all(table[0]) else FORMS[:-1])
    report = checked(table, form)
    if report is None:
        return False
    hold(report)
    aside = {"other_county", "illustrative_evicted", "summary_row"}
    if not aside & {finding.code for finding in report.findings}:
        full = [row for row in table[1:] if any(cell.strip("\ufeff \n\u200b") for cell in row)]
        assert report.counts["rows"] >= len(full)
    again = checked(table, form)
    assert again is not None
    assert report_json(again) == report_json(report)
    turned = checked([table[0], *table[:0:-1]], form)
    if turned is not None and not report.blocked and not turned.blocked:
        assert published(turned) == published(report)
    return True


def test_no_row_is_lost() -> None:
    taken = sum(try_one(seed) for seed in range(12))
    assert taken > 5


@pytest.mark.parametrize("seed", range(2))
def test_every_form_of_a_table_is_the_same_stations(seed: int) -> None:
    table = drawn(random.Random(1000 + seed))
    reports = [checked(table, form) for form in FORMS]
    lists = {published(report) for report in reports if report is not None}
    assert None not in reports
    assert len(lists) == 1


@pytest.mark.campaign
def test_five_thousand_tables() -> None:
    taken = sum(try_one(seed) for seed in range(5000))
    assert taken > 2500
