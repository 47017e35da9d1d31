"""Picked points and answers in the clerk's workbook: where they stand, and what is kept beside."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.checks.validate import Report, validate
from locator.counties import find_county
from locator.geo.datum import convert_datum
from locator.outputs.picked_points import MARK, Given, Point, cells_for, picked_workbook
from locator.stations.intake import Ledger

HEADINGS = ["编号", "类型", "名称", "经度", "纬度", "坐标", "开放时间", "坐标来源", "备注"]
ROWS = [
    ["341523-101", "暖新驿站", "文昌路（示意）", 116.9512, 31.4601, None, "24/7", "高德", "甲"],
    ["341523-102", "暖新驿站", "南门（示意）", None, None, "路口", "24/7", None, None],
]


def book(path: Path, rows: list[list[Any]] = ROWS, headings: list[str] = HEADINGS) -> Path:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in [headings, *rows]:
        sheet.append(row)
    made.save(path)
    return path


def report_on(path: Path, data: Path, datum: str | None = None) -> Report:
    county = find_county(data, "shucheng")
    return validate([path], county, datum=datum, as_of=date(2026, 11, 2))


def picked(path: Path, data: Path, *points: Point, answer: str = "") -> Any:
    content = picked_workbook(path, report_on(path, data), points, answer=answer).content
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def ledger(*rows: list[str], columns: list[str]) -> Ledger:
    found = {name: at for at, name in enumerate(columns) if name != "?"}
    numbers = tuple(range(3, 3 + len(rows)))
    return Ledger("a.xlsx", "xlsx", tuple(columns), found, numbers, rows, None, (), 2, "S", 1)


@pytest.mark.parametrize("in_one_cell", [True, False])
def test_an_accepted_word_does_not_gainsay_the_headings(
    tmp_path: Path, data: Path, in_one_cell: bool
) -> None:
    headings = ["编号", "类型", "名称", "开放时间"]
    headings += ["百度坐标"] if in_one_cell else ["百度经度", "百度纬度"]
    given = ["116.96123,31.47012"] if in_one_cell else [116.96123, 31.47012]
    rows = [[f"341523-10{n}", "暖新驿站", f"{n}号（示意）", "24/7", *given] for n in (1, 2)]
    path = book(tmp_path / "a.xlsx", rows, headings)
    made = picked_workbook(path, report_on(path, data), [], words={2: "高德"})
    again = tmp_path / "again.xlsx"
    again.write_bytes(made.content)
    report = report_on(again, data)
    assert "datum_contradicted" not in {each.code for each in report.findings}
    for (_, at), datum in zip(report.rows.iterrows(), ("gcj02", "bd09"), strict=True):
        lon, lat = convert_datum(116.96123, 31.47012, source=datum, target="wgs84")
        assert (at["lon"], at["lat"]) == pytest.approx((float(lon), float(lat)), abs=1e-6)
    head = openpyxl.load_workbook(again).worksheets[0]["E1"]
    assert head.value == ("坐标" if in_one_cell else "经度")
    assert f"原来的表头是「{headings[4]}」" in head.comment.text


def test_a_point_goes_where_the_row_s_position_is_read_from() -> None:
    two = ledger(["a", "", ""], columns=["id", "lon", "lat"])
    cells = [(c.row, c.column, c.value) for c in cells_for(two, [Point(3, 116.9, 31.4)])]
    # A new column stands beyond the last one, one empty column lies before the first.
    assert cells == [(2, 5, "坐标来源"), (3, 3, 116.9), (3, 4, 31.4), (3, 5, "手机GPS")]
    one = ledger(["a", "116.9 31", "百度"], columns=["id", "coordinate", "source_datum"])
    cells = [(c.row, c.column, c.value) for c in cells_for(one, [Point(3, 116.9, 31.4)])]
    assert cells == [(3, 3, "116.900000,31.400000"), (3, 4, "手机GPS")]


def test_what_a_row_was_made_of_goes_with_the_point() -> None:
    columns = ["id", "lon", "lat", "source_datum", "source_x", "source_y"]
    carried = ledger(["a", "116", "31", "百度", "116.1", "31.1"], columns=columns)
    cells = {c.column: c.value for c in cells_for(carried, [Point(3, 116.9, 31.4)])}
    assert cells == {3: 116.9, 4: 31.4, 5: "手机GPS", 6: None, 7: None}
    assert list(cells_for(carried, [], "高德")) == []


@pytest.mark.parametrize("said", [None, "高德"])
def test_a_point_under_headings_that_name_a_map_is_in_the_datum_of_that_map(
    tmp_path: Path, data: Path, said: str | None
) -> None:
    headings = ["编号", "类型", "名称", "百度经度", "百度纬度", "开放时间", "坐标来源"]
    rows = [
        ["341523-101", "暖新驿站", "文昌路（示意）", 116.961234, 31.471512, "24/7", "百度"],
        ["341523-102", "暖新驿站", "南门（示意）", None, None, "24/7", said],
    ]
    path = book(tmp_path / "a.xlsx", rows, headings)
    made = picked_workbook(path, report_on(path, data), [Point(3, 116.951234, 31.461234)])
    path.write_bytes(made.content)
    back = report_on(path, data)
    assert not [f for f in back.findings if f.code == "datum_contradicted"]
    assert back.rows.loc[1, ["lon", "lat"]].tolist() == pytest.approx(
        [116.951234, 31.461234], abs=2e-6
    )


def test_only_rows_that_say_nothing_get_the_answer() -> None:
    columns = ["id", "source_datum"]
    rows = ledger(["a", "百度"], ["b", ""], columns=columns)
    assert list(cells_for(rows, [], "高德")) == [Given(4, 3, "高德")]
    assert [c.value for c in cells_for(rows, [], "高德", unsaid=True)] == ["高德", "高德"]
    assert list(cells_for(rows, [], "")) == []


def test_a_new_column_stands_beyond_every_cell() -> None:
    torn = ledger(["a", "x\ty"], ["b", ""], columns=["id", "…"])
    assert next(iter(cells_for(torn, [], "高德"))).column == 5


def test_the_workbook_keeps_all_else(tmp_path: Path, data: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    before = path.read_bytes()
    sheet = picked(path, data, Point(3, 116.952, 31.461))
    assert path.read_bytes() == before
    values = [[cell.value for cell in row] for row in sheet]
    changed = {
        (at, HEADINGS[column])
        for at, (old, new) in enumerate(zip([HEADINGS, *ROWS], values, strict=True), start=1)
        for column, (a, b) in enumerate(zip(old, new, strict=True))
        if a != b
    }
    assert changed == {(3, "经度"), (3, "纬度"), (3, "坐标"), (3, "坐标来源")}
    assert "原来写的是「路口」" in sheet["F3"].comment.text
    assert sheet["D3"].comment.text.startswith(MARK)


@pytest.mark.parametrize("word", ["高德", "手机GPS"])
def test_an_answer_says_what_the_check_was_told(tmp_path: Path, data: Path, word: str) -> None:
    rows = [[*row[:7], None, None] for row in ROWS]
    sheet = picked(book(tmp_path / "a.xlsx", rows), data, answer=word)
    assert [cell.value for cell in sheet["H"]] == ["坐标来源", word, word]


@pytest.mark.slow
def test_a_workbook_that_would_lose_something_becomes_a_copy(tmp_path: Path, data: Path) -> None:
    made = openpyxl.Workbook()
    for row in [HEADINGS, *ROWS]:
        made.worksheets[0].append(row)
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(made.worksheets[0], min_col=4, min_row=1, max_row=3))
    made.worksheets[0].add_chart(chart, "L2")
    path = tmp_path / "chart.xlsx"
    made.save(path)
    found = picked_workbook(path, report_on(path, data), [Point(3, 116.952, 31.461)])
    assert "图表" in found.copied_zh
    sheet = openpyxl.load_workbook(io.BytesIO(found.content)).worksheets[0]
    assert (sheet["D3"].value, sheet["A2"].value) == (116.952, "341523-101")


def test_a_merged_cell_does_not_change_the_row_above(tmp_path: Path, data: Path) -> None:
    made = openpyxl.load_workbook(book(tmp_path / "a.xlsx"))
    made.worksheets[0].merge_cells("H2:H3")
    made.save(tmp_path / "b.xlsx")
    sheet = picked(tmp_path / "b.xlsx", data, Point(3, 116.9, 31.4))
    assert (sheet["D3"].value, sheet["H2"].value, sheet["H3"].value) == (116.9, "高德", "手机GPS")


def test_a_parted_cell_leaves_its_value_to_each_of_its_rows(tmp_path: Path, data: Path) -> None:
    third = ["341523-103", "暖新驿站", "北门（示意）", 116.9513, 31.4602, None, "24/7", None, None]
    made = openpyxl.load_workbook(book(tmp_path / "a.xlsx", [*ROWS, third]))
    made.worksheets[0].merge_cells("H2:H6")  # nothing stands in the last two rows
    made.save(tmp_path / "b.xlsx")
    sheet = picked(tmp_path / "b.xlsx", data, Point(3, 116.9, 31.4))
    assert [cell.value for cell in sheet["H"]][1:] == ["高德", "手机GPS", "高德"]


@given(st.floats(116.9, 117.0), st.floats(31.4, 31.5))
def test_the_point_is_kept_to_a_tenth_of_a_metre(lon: float, lat: float) -> None:
    rows = ledger(["a", "", "", ""], columns=["id", "lon", "lat", "source_datum"])
    x, y, said = (cell.value for cell in cells_for(rows, [Point(3, lon, lat)]))
    assert said == "手机GPS"
    back = convert_datum(float(x or 0), float(y or 0), source="wgs84", target="wgs84")
    assert abs(back[0] - lon) < 1e-6
    assert abs(back[1] - lat) < 1e-6


def test_an_accepted_word_replaces_what_was_said_and_keeps_it_in_a_comment() -> None:
    rows = ledger(["a", "高德"], ["b", "高德"], ["c", ""], columns=["id", "source_datum"])
    first, third = cells_for(rows, [], words={3: "百度", 5: "百度"})
    assert (first.row, first.value, third.row, third.value) == (3, "百度", 5, "百度")
    assert "原来写的是「高德」" in first.comment
    assert "原来空着" in next(iter(cells_for(rows, [], words={5: "百度"}))).comment
    assert list(cells_for(rows, [], words={3: "高德"})) == []


def test_a_point_that_the_check_proposed_is_said_to_be_one(tmp_path: Path, data: Path) -> None:
    swapped = [ROWS[0], [*ROWS[1][:3], 31.46407, 116.95203, *ROWS[1][5:7], "手机GPS", *ROWS[1][8:]]]
    path = book(tmp_path / "a.xlsx", swapped)
    agreed = picked(path, data, Point(3, 116.95203, 31.46407))["D3"].comment.text
    assert "照核对时的建议改的点" in agreed
    own = picked(path, data, Point(3, 116.952, 31.464))["D3"].comment.text
    assert "在地图上选的点" in own
