# ruff: noqa: E501  (tables: one line, one item)
"""Headings and what stands under a table, as clerks write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from locator.errors import LedgerError
from locator.stations.headings import HEADINGS, LOOSE, column_of, datum_of, near, understand
from locator.stations.intake import Ledger, gather, read_ledger
from locator.stations.readers import fold_heading
from locator.stations.sheet_notes import is_aside
from locator.stations.table import COLUMNS

HEAD = ["编号", "类型", "名称", "经度", "纬度"]
ROW = ["341523-001", "暖新驿站", "鼓楼驿站", "116.95", "31.46"]
Read = Callable[..., Ledger]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def run(*rows: list[Any], suffix: str = "csv", **options: Any) -> Ledger:
        path = tmp_path / f"a.{suffix}"
        if suffix == "xlsx":
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(row)
            book.save(path)
        else:
            path.write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
        return read_ledger(path, **options)

    return run


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("开门时间", "hours"), ("营业时间", "hours"), ("开放时间（必填）", "hours"), ("名称*", "name"),
        ("提供的服务", "services"), ("服务内容", "services"), ("联系方式", "phone"), ("电话号码", "phone"),
        ("东经", "lon"), ("北纬", "lat"), ("驿站名字", "name"), ("所在乡镇", "township"), ("具体地址", "address"),
        ("座位（个）", "seats"), ("县(市、区)", "county"), ("乡镇【街道】", "township"), ("ＩＤ", "id"),
        ("百度坐标", "coordinate"), ("坐标(高德)", "coordinate"), ("高德经度", "lon"), ("lng_bd09", "lon"),
        ("火星坐标", "coordinate"), ("GPS纬度", "lat"), ("地图链接", "coordinate"),
        ("备注", None), ("序号", None), ("联系人", None), ("建成时间", None), ("", None), ("（高德）", None),
    ],
)  # fmt: skip
def test_what_a_heading_means(heading: str, column: str | None) -> None:
    assert column_of(heading) == column


@pytest.mark.parametrize(
    ("heading", "datum"),
    [
        ("高德经度", "gcj02"), ("经度（高德）", "gcj02"), ("坐标(百度坐标系)", "bd09"), ("百度坐标", "bd09"),
        ("lng_bd09", "bd09"), ("经度（手机GPS）", "wgs84"), ("天地图纬度", "cgcs2000"), ("火星坐标", "gcj02"),
        ("经度", None), ("经度（必填）", None), ("经度（手机端填写）", None), ("坐标来源", None),
        ("坐标（高德或百度）", None),
    ],
)  # fmt: skip
def test_a_heading_may_declare_the_datum(heading: str, datum: str | None) -> None:
    assert datum_of(heading) == datum


def test_no_loose_heading_means_two_columns() -> None:
    strict = {fold_heading(text) for c in COLUMNS for text in (c.name, c.zh, *c.aliases)}
    loose = [fold_heading(text) for texts in LOOSE.values() for text in texts]
    assert len(loose) == len(set(loose))
    assert not strict & set(loose)
    assert set(LOOSE) <= {column.name for column in COLUMNS}
    assert all(HEADINGS[text] for text in loose)


def test_the_stricter_heading_wins_and_two_strict_ones_are_refused() -> None:
    understood = understand(["编号", "联系方式", "电话", "具体地址"])
    assert understood.columns == {"id": 0, "phone": 2, "address": 3}
    assert understood.beside == (1,)
    assert understand(["经度", "lon"]).twice == (0, 1)
    assert understand(["具体地址", "驿站地址"]).twice == (0, 1)
    assert understand(["高德经度", "百度纬度"]).datums == ("gcj02", "bd09")


@pytest.mark.parametrize(
    ("heading", "like"),
    [
        ("开放时问", "开放时间"), ("几点开门", "开放时间"), ("经度度", "经度"), ("有什么服务", "服务"),
        ("建成时间", None), ("核实人", None), ("备注", None), ("服务对象", None), ("x1", None),
    ],
)  # fmt: skip
def test_a_strange_heading_is_asked_about_where_it_may_be_meant(
    heading: str, like: str | None
) -> None:
    assert near(heading, ["hours", "services", "lon"]) == like
    assert near(heading, []) is None


class TestColumns:
    def test_remarks_are_told_and_do_no_harm(self, read: Read) -> None:
        ledger = read([*HEAD, "备注", "开放时间"], [*ROW, "好", "24小时"])
        (told,) = ledger.notices
        assert (told.code, told.severity) == ("columns_not_understood", "info")
        assert "「备注」" in told.message_zh
        assert told.detail == {"unknown": ["备注"], "meant": {}}

    def test_a_column_that_may_be_the_missing_one_is_a_warning(self, read: Read) -> None:
        (told,) = read([*HEAD, "开放时问", "备注"], [*ROW, "24小时", ""]).notices
        assert told.severity == "warning"
        assert "「开放时问」是不是「开放时间」" in told.message_zh
        assert told.detail == {"unknown": ["开放时问", "备注"], "meant": {"开放时问": "开放时间"}}

    def test_a_missing_column_is_named_with_what_it_may_be_called(self, read: Read) -> None:
        with pytest.raises(LedgerError) as caught:
            read(["编号", "类型型", "名称", "经度", "纬度"], ROW)
        assert "缺少必填的列「类型」" in str(caught.value)
        assert "「类型型」是不是「类型」" in str(caught.value)
        assert "「类型」也可写类别、驿站类型" in str(caught.value)

    def test_hours_under_the_name_of_service_hours(self, read: Read) -> None:
        ledger = read(
            [*HEAD, "服务时间"], [*ROW, "早8点到晚8点"], [*ROW[:2], "b", *ROW[3:], "全天"]
        )
        assert ledger.columns["hours"] == 5
        assert "service_hours" not in ledger.columns
        assert "「服务时间」" in ledger.notices[0].message_zh
        ledger = read([*HEAD, "服务时间"], [*ROW, "供餐: 11:00-13:00"])
        assert ledger.columns["service_hours"] == 5
        assert not ledger.notices

    def test_the_datum_of_the_headings_is_that_of_the_rows(self, read: Read) -> None:
        rows = gather([read(["编号", "类型", "名称", "百度经度", "百度纬度"], ROW)])
        assert rows["datum"].tolist() == ["bd09"]
        assert rows["datum_voice"].tolist() == ["heading"]
        with pytest.raises(LedgerError, match="不同的地图"):
            read(["编号", "类型", "名称", "百度经度", "高德纬度"], ROW)

    @pytest.mark.parametrize("suffix", ["csv", "xlsx"])
    def test_headings_of_two_rows(self, read: Read, suffix: str) -> None:
        ledger = read(
            ["舒城县驿站台账", "", "", "", "", ""],
            ["编号", "类型", "名称", "位置", "", "开放时间"],
            ["", "", "", "经度", "纬度", ""],
            [*ROW, "24小时"],
            suffix=suffix,
        )
        assert ledger.headings == (*HEAD, "开放时间")
        assert ledger.header == 3
        assert ledger.numbers == (4,)

    def test_headings_above_groups(self, read: Read) -> None:
        ledger = read(
            ["基本信息", "", "", "坐标（高德）", "", "开放时间"], [*HEAD, ""], [*ROW, "24小时"]
        )
        assert ledger.headings == (*HEAD, "开放时间")
        assert ledger.numbers == (3,)


class TestRowsAside:
    @pytest.mark.parametrize(
        "first",
        [
            "合计", "总计：35", "小计 12 个", "共35个", "共 35 家", "填表人：示意", "审核人:",
            "备注：坐标为高德", "说明：1. 照实填", "单位负责人（签字）：", "（盖章）", "填表日期：2026-11-20",
        ],
    )  # fmt: skip
    def test_what_is_no_station(self, read: Read, first: str) -> None:
        ledger = read(HEAD, ROW, [first, "", "", "", ""])
        assert ledger.numbers == (2,)
        assert ledger.aside == ((3, (first, "", "", "", "")),)
        (told,) = ledger.notices
        assert (told.code, told.severity) == ("summary_row", "info")
        assert told.detail == {"rows": [3]}
        assert "第 3 行" in told.message_zh

    @pytest.mark.parametrize(
        "row",
        [
            ["341523-002", "暖新驿站", "", "", ""],
            ["合计驿站", "暖新驿站", "b", "", ""],
            ["备注", "暖新驿站", "b", "", ""],
            ["合计", "暖新驿站", "b", "116.9", "31.4"],
            ["", "", "共享驿站", "", ""],
        ],
    )
    def test_what_may_be_a_station_stays(self, row: list[str]) -> None:
        assert not is_aside(row, {"id": 0, "kind": 1, "name": 2, "lon": 3, "lat": 4})

    def test_totals_in_the_middle_and_words_in_several_cells(self, read: Read) -> None:
        ledger = read(
            HEAD, ROW, ["小计", "1", "", "", ""], [*ROW[:2], "b", *ROW[3:]],
            ["填表人：", "示意", "审核人：", "示意", "日期：2026年11月"],
        )  # fmt: skip
        assert ledger.numbers == (2, 4)
        assert [number for number, _ in ledger.aside] == [3, 5]

    def test_a_sheet_of_nothing_else_is_refused(self, read: Read) -> None:
        with pytest.raises(LedgerError, match="没有一行驿站"):
            read(HEAD, ["合计", "", "", "", ""])


def test_cells_as_excel_keeps_them(tmp_path: Path) -> None:
    """Dates, times, numbers as text and fractions of a day, through openpyxl and back."""
    from datetime import date, time

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*HEAD, "核实日期", "开放时间", "座位（个）"])
    sheet.append(
        ["341523-001", "暖新驿站", "a", "116.95", 31.46, date(2026, 10, 1), "8:00-20:00", 12]
    )
    sheet.append(["341523-002", "暖新驿站", "b", 116.950001, "31.46", 46296, time(8, 30), "12"])
    sheet.cell(3, 6).number_format = "yyyy-mm-dd"
    path = tmp_path / "a.xlsx"
    book.save(path)
    ledger = read_ledger(path)
    assert [list(row) for row in ledger.cells] == [
        ["341523-001", "暖新驿站", "a", "116.95", "31.46", "2026-10-01", "8:00-20:00", "12"],
        ["341523-002", "暖新驿站", "b", "116.950001", "31.46", "2026-10-01", "08:30", "12"],
    ]
