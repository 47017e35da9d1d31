"""Tables as clerks and web systems make them: each is read as Excel shows it, or refused in a
sentence that says what it is and what to do."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from locator.errors import LedgerError
from locator.stations.intake import Ledger, read_ledger
from tests.quick import first_quick

pytestmark = pytest.mark.child

HEAD = ["编号", "类型", "名称", "经度", "纬度", "乡镇", "核实日期", "开放时间"]
ROWS = [
    [f"341523-90{at}", "暖新驿站", f"示意驿站{at}", 116.95, 31.46 + at / 100, None, None, None]
    for at in range(1, 5)
]
CSV = "编号,类型,名称,经度,纬度\n341523-901,暖新驿站,示意驿站,116.95,31.46\n"
TSV = CSV.replace(",", "\t")
HTML = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head>'
    "<body><table><tr><td>编号</td><td>名称</td></tr></table></body></html>"
)
XML_SHEET = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
)
GEOJSON = '{"type":"FeatureCollection","features":[]}'


class TestDisguises:
    @pytest.mark.parametrize(
        "name", first_quick(["a.xls", "a.xlsx", "a.csv", "a.txt", "a.geojson"], 1)
    )
    @pytest.mark.parametrize(
        ("content", "is_really"),
        [
            (HTML, "网页表格（HTML）"),
            ("\ufeff" + HTML, "网页表格（HTML）"),
            ("<!-- 导出 -->\n<table><tr><td>编号</td></tr></table>", "网页表格（HTML）"),
            (f'<?xml version="1.0"?>{HTML}', "网页表格（HTML）"),
            ("MIME-Version: 1.0\nX-Document-Type: Workbook\n", "MHTML"),
            (XML_SHEET, "XML 表格"),
        ],
    )
    def test_a_web_page_under_another_name(
        self, tmp_path: Path, name: str, content: str, is_really: str
    ) -> None:
        said = refused(tmp_path, name, content.encode())
        assert is_really in said
        assert "另存为 .xlsx" in said

    @pytest.mark.parametrize(
        ("name", "content", "remedy"),
        [
            ("a.xlsx", CSV.encode(), "后缀改成 .csv"),
            ("a.xlsx", CSV.encode("gb18030"), "后缀改成 .csv"),
            ("a.xlsx", TSV.encode("utf-16"), "后缀改成 .csv"),
            ("a.xls", TSV.encode("gb18030"), "后缀改成 .csv"),
            ("a.xls", (CSV * 500).encode("gb18030"), "后缀改成 .csv"),
            ("a.xlsx", GEOJSON.encode(), "后缀改成 .geojson"),
            ("a.csv", GEOJSON.encode(), "后缀改成 .geojson"),
            ("a.csv", b"PK\x03\x04\x14\x00\x06\x00", "后缀改成 .xlsx"),
            ("a.xls", b"PK\x03\x04\x14\x00\x06\x00", "后缀改成 .xlsx"),
            ("a.geojson", b"PK\x03\x04\x14\x00\x06\x00", "后缀改成 .xlsx"),
            ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .xlsx"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .xlsx"),
        ],
    )
    def test_what_it_is_and_what_to_do(
        self, tmp_path: Path, name: str, content: bytes, remedy: str
    ) -> None:
        assert remedy in refused(tmp_path, name, content)

    def test_the_remedy_helps(self, tmp_path: Path) -> None:
        for encoding in ("utf-8", "gb18030", "utf-16"):  # the last is Excel's "Unicode text"
            path = tmp_path / "a.csv"
            path.write_bytes(TSV.encode(encoding))
            assert read_ledger(path).cells[0][0] == "341523-901"


def refused(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(LedgerError) as caught:
        read_ledger(path)
    assert caught.value.code == "file_not_a_ledger"
    assert "\n" not in caught.value.zh
    return caught.value.zh


def sheet_of(*rows: list[Any]) -> Worksheet:
    sheet = openpyxl.Workbook().active
    assert isinstance(sheet, Worksheet)
    for row in rows or (HEAD, *ROWS):
        sheet.append(row)
    return sheet


def read(folder: Path, sheet: Worksheet) -> Ledger:
    path = folder / "a.xlsx"
    assert sheet.parent is not None
    sheet.parent.save(path)
    return read_ledger(path)


def column(ledger: Ledger, name: str) -> list[str]:
    return [row[ledger.headings.index(name)] for row in ledger.cells]


def told(ledger: Ledger) -> list[str]:
    return [notice.code for notice in ledger.notices]


class TestMerged:
    def test_the_rows_below_take_the_value_and_it_is_told(self, tmp_path: Path) -> None:
        sheet = sheet_of()
        sheet["F2"], sheet["F5"] = "城关镇", "千人桥镇"
        sheet.merge_cells("F2:F4")
        ledger = read(tmp_path, sheet)
        assert column(ledger, "乡镇") == ["城关镇", "城关镇", "城关镇", "千人桥镇"]
        assert told(ledger) == ["merged_cells"]
        assert "「乡镇」" in ledger.notices[0].message_zh
        assert "第 3、4 行" in ledger.notices[0].message_zh

    def test_with_an_empty_column_at_the_left_and_blank_rows_below(self, tmp_path: Path) -> None:
        sheet = sheet_of([None, *HEAD], *([None, *row] for row in ROWS))
        sheet["G4"] = "城关镇"
        sheet.merge_cells("G4:H9")
        ledger = read(tmp_path, sheet)
        assert column(ledger, "乡镇") == ["", "", "城关镇", "城关镇"]
        assert column(ledger, "核实日期") == [""] * 4

    def test_a_title_and_a_header_of_two_rows(self, tmp_path: Path) -> None:
        above = ["基本信息", None, None, "位置", None, "乡镇", "核实日期", "开放时间"]
        sheet = sheet_of(["舒城县示意台账"], above, [*HEAD[:5], None, None, None], *ROWS)
        for area in ("A1:H1", "A2:C2", "D2:E2", "F2:F3", "G2:G3", "H2:H3"):
            sheet.merge_cells(area)
        ledger = read(tmp_path, sheet)
        assert list(ledger.headings) == HEAD
        assert (ledger.header, ledger.numbers) == (3, (4, 5, 6, 7))
        assert told(ledger) == []


class TestWithoutValue:
    def test_formulas_that_were_never_computed(self, tmp_path: Path) -> None:
        sheet = sheet_of()
        sheet["D2"], sheet["H4"] = "=116+0.95", '=IF(1=1,"24小时","")'
        ledger = read(tmp_path, sheet)
        assert told(ledger) == ["cell_without_value"]
        assert "第 2 行「经度」是没有算出值的公式" in ledger.notices[0].message_zh
        assert "第 4 行「开放时间」" in ledger.notices[0].message_zh

    @pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
    def test_errors(self, tmp_path: Path, error: str) -> None:
        sheet = sheet_of()
        sheet["H3"] = error
        assert sheet["H3"].data_type == "e"
        ledger = read(tmp_path, sheet)
        assert column(ledger, "开放时间") == [""] * 4
        assert told(ledger) == ["cell_without_value"]
        assert f"第 3 行「开放时间」是错误值 {error}" in ledger.notices[0].message_zh


class TestHidden:
    def test_rows_that_a_filter_hides_are_read_and_told(self, tmp_path: Path) -> None:
        sheet = sheet_of()
        sheet.auto_filter.ref = "A1:H5"
        sheet.auto_filter.add_filter_column(5, ["城关镇"])
        for row in (3, 5):
            sheet.row_dimensions[row].hidden = True
        ledger = read(tmp_path, sheet)
        assert len(ledger.cells) == 4
        assert told(ledger) == ["hidden_cells"]
        assert "第 3、5 行" in ledger.notices[0].message_zh

    def test_columns(self, tmp_path: Path) -> None:
        sheet = sheet_of()
        for letter in "DE":
            sheet.column_dimensions[letter].hidden = True
        ledger = read(tmp_path, sheet)
        assert column(ledger, "经度") == ["116.95"] * 4
        assert told(ledger) == ["hidden_cells"]
        assert "「经度」「纬度」" in ledger.notices[0].message_zh

    def test_what_is_hidden_beside_the_table_is_nobody_s_business(self, tmp_path: Path) -> None:
        sheet = sheet_of()
        sheet.row_dimensions[50].hidden = True
        sheet.column_dimensions["Z"].hidden = True
        assert told(read(tmp_path, sheet)) == []


class TestAsExcelShowsIt:
    def test_dates_and_times_that_are_numbers(self, tmp_path: Path) -> None:
        sheet = sheet_of()
        for row, shape in enumerate(("yyyy/m/d;@", '[$-804]yyyy"年"m"月"d"日";@', "m/d/yy"), 2):
            sheet.cell(row, 7, 46000).number_format = shape
            sheet.cell(row, 8, 0.375).number_format = "h:mm;@"
        ledger = read(tmp_path, sheet)
        assert column(ledger, "核实日期")[:3] == ["2025-12-09"] * 3
        assert column(ledger, "开放时间")[:3] == ["09:00"] * 3
        assert told(ledger) == []

    def test_rich_text_and_a_protected_sheet(self, tmp_path: Path) -> None:
        sheet = sheet_of()
        sheet["C2"] = CellRichText("示意", TextBlock(InlineFont(b=True), "驿站"))
        sheet.protection.sheet = True
        sheet.protection.password = "示意"
        assert column(read(tmp_path, sheet), "名称")[0] == "示意驿站"

    def test_very_many_styles(self, tmp_path: Path) -> None:
        sheet = sheet_of()
        for at in range(4000):
            sheet.cell(2 + at // 50, 20 + at % 50).font = Font(size=1 + at / 100)
        started = time.monotonic()
        assert len(read(tmp_path, sheet).cells) == 4
        assert time.monotonic() - started < 20

    def test_two_sheets_alike(self, tmp_path: Path) -> None:
        sheet = sheet_of()
        assert sheet.parent is not None
        other = sheet.parent.create_sheet("乡镇")
        for row in (HEAD, *ROWS):
            other.append(row)
        assert told(read(tmp_path, sheet)) == ["other_sheet"]

    def test_the_notes_are_of_the_sheet_that_is_read(self, tmp_path: Path) -> None:
        sheet = sheet_of(["说明"])
        assert sheet.parent is not None
        sheet.row_dimensions[1].hidden = True
        other = sheet.parent.create_sheet("台账")
        for row in (HEAD, *ROWS):
            other.append(row)
        other["H5"] = "#N/A"
        assert told(read(tmp_path, sheet)) == ["cell_without_value"]
