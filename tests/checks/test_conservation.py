"""No row disappears: rows = published + quarantined + exact copies, whatever is in them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locator.checks.findings import report_json, report_text
from locator.checks.rules import RULES
from locator.checks.validate import Report, validate
from locator.counties import list_counties
from locator.county import County
from tests.quick import examples

from .ledgers import GOOD, Row, write_csv, write_geojson, write_xlsx

ROOT = Path(__file__).parents[2]
COUNTIES = list_counties(ROOT / "data")

odd_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
PASTED = (
    "116.944,31.462", "北纬31.462 东经116.944", "https://surl.amap.com/x", "gcj02",
    "https://uri.amap.com/marker?position=116.944,31.462", "https://map.baidu.com/?latlng=1,2",
)  # fmt: skip
cells: dict[str, st.SearchStrategy[str]] = {
    "编号": st.sampled_from(["341523-901", "341523-902", "210624-1", "017", "", "中文"]),
    "县": st.sampled_from(["", "舒城县", "宽甸", "霍山县"]),
    "类型": st.sampled_from(["暖新驿站", "canteen", "小屋", ""]),
    "名称": st.sampled_from(["鼓楼驿站", "桥头食堂", "驿站（示意）", "桥头驿站（装修中）", ""])
    | odd_text,
    "经度": st.sampled_from(["116.944", "31.462", "0", "", "13018968", "东经", "nan", "124.78"]),
    "纬度": st.sampled_from(["31.462", "116.944", "0", "", "3693456", "北纬", "1e999", "40.73"]),
    "坐标": st.sampled_from(["", "", "", *PASTED]),
    "服务": st.sampled_from(["饮水;热饭", "理发", ""]) | odd_text,
    "开放时间": st.sampled_from(
        [
            "08:00-20:00",
            "24小时",
            "看情况",
            "",
            "8:00-12:00,2:00-6:00",
            "8:00-8:00",
            "20:00-08:00",
            "2020 08:00-20:00",
            "Mo-Fr 08:30-12:00,14:00-17:30",
        ]
    )
    | odd_text,
    "服务时间": st.sampled_from(["", "如厕: 24小时", "供餐: 11:00-13:00 | 热饭: 看情况"])
    | odd_text,
    "电话": st.sampled_from(["", "12351", "0564-200000", "王某某 13800000000"]) | odd_text,
    "地址": st.sampled_from(["", "某路 13800000000", "某路 999999190001010007"]) | odd_text,
    "核实日期": st.sampled_from(["2026-10-01", "2020-01-01", "去年", ""]),
    "坐标来源": st.sampled_from(["高德", "百度", "", "谷歌"]),
    "来源": st.sampled_from(["", "illustrative", "台账"]),
}
random_row = st.fixed_dictionaries(cells)
near_good = st.sampled_from(GOOD).flatmap(
    lambda good: st.sampled_from(sorted(cells)).flatmap(
        lambda name: cells[name].map(lambda text: {**dict.fromkeys(cells, ""), **good, name: text})
    )
)
ledgers = st.lists(random_row | near_good, min_size=1, max_size=8).filter(
    # A wholly empty row is no row.
    lambda rows: all(any(text.strip() for text in row.values()) for row in rows)
)
Write = Callable[[Path, list[Row]], Path]
FORMATS: dict[str, Write] = {
    "utf8.csv": write_csv,
    "gb18030.csv": lambda path, rows: write_csv(path, rows, "gb18030"),
    "a.xlsx": write_xlsx,
    "a.geojson": write_geojson,
}


def hold_the_law(report: Report) -> None:
    counts = report.counts
    assert counts["rows"] == counts["published"] + counts["quarantined"] + counts["duplicates"]
    assert counts["published"] == len(report.stations)
    assert counts["quarantined"] == len(report.quarantined)
    assert report.stations["id"].is_unique
    assert all(row.codes and row.original and row.message_zh for row in report.quarantined)
    assert {f.code for f in report.findings} <= {*RULES}  # each has a page
    errors = {(f.file, f.row) for f in report.findings if f.severity == "error" and f.row}
    held = {(row.file, row.row) for row in report.quarantined}
    assert errors <= held
    assert report.blocked or errors == held
    assert report_json(report)["counts"] == counts
    assert report_text(report)
    assert report_text(report, "en")


@pytest.mark.parametrize("name", FORMATS)
@given(rows=ledgers, both=st.booleans(), datum=st.sampled_from([None, "wgs84", "gcj02"]))
@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_conservation(name: str, rows: list[Row], both: bool, datum: str | None) -> None:
    asked = COUNTIES if both else [c for c in COUNTIES if c.slug == "shucheng"]
    with tempfile.TemporaryDirectory() as folder:
        path = FORMATS[name](Path(folder) / name, rows)
        report = validate(
            [path], asked, all_counties=COUNTIES, datum=datum, as_of=date(2026, 11, 20)
        )
    hold_the_law(report)
    aside = [f for f in report.findings if f.code in ("other_county", "illustrative_evicted")]
    if not aside:
        assert report.counts["rows"] == len(rows)


@pytest.mark.parametrize("name", FORMATS)
def test_one_table_in_every_format_is_one_result(
    name: str, tmp_path: Path, shucheng: County
) -> None:
    path = FORMATS[name](tmp_path / name, GOOD)
    report = validate([path], shucheng, datum="gcj02", as_of=date(2026, 11, 20))
    assert not report.findings
    assert report.stations["hours"].tolist() == [
        "08:00-20:00",
        "24/7",
        "Mo-Fr 08:00-18:00; PH off",
        "24/7",
    ]
    assert report.stations["source_datum"].tolist() == ["gcj02"] * 4


def test_order_of_rows_does_not_matter(shucheng: County, tmp_path: Path) -> None:
    as_of = date(2026, 11, 20)
    reports = [
        validate([write_csv(tmp_path / f"{i}.csv", rows)], shucheng, datum="wgs84", as_of=as_of)
        for i, rows in enumerate((GOOD, GOOD[::-1]))
    ]
    assert reports[0].stations.equals(reports[1].stations)


@pytest.mark.campaign
@given(rows=ledgers, both=st.booleans(), datum=st.sampled_from([None, "wgs84", "gcj02"]))
@settings(max_examples=5000, deadline=None)
def test_conservation_campaign(rows: list[Row], both: bool, datum: str | None) -> None:
    test_conservation.hypothesis.inner_test("utf8.csv", rows, both, datum)
