"""The workbook that comes back: the clerk's own, its faults in it, and nothing else changed."""

from __future__ import annotations

import io
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from locator.checks.validate import Report, validate
from locator.counties import list_counties
from locator.errors import Finding, LedgerError, UsageError
from locator.outputs import checked_workbook as module
from locator.outputs.checked_workbook import CheckedWorkbook, checked_workbook
from locator.outputs.workbook_page import HEADINGS as LISTED
from locator.outputs.workbook_page import MARK, SHEET, Mark, Page, mark_cells
from locator.outputs.workbook_words import colours
from locator.stations.guard import TRIGGERS, guarded, unguarded
from locator.stations.intake import HEADINGS, read_ledger
from locator.stations.readers import fold_heading
from locator.stations.readers_child import in_child
from tests.checks.ledgers import GOOD, changed, write_csv, write_geojson, write_xlsx
from tests.quick import examples, first_quick

AS_OF = date(2026, 11, 20)
CHILD = "locator.outputs.workbook_child"
Check = Callable[[Path], Report]


@pytest.fixture(scope="session")
def check(data: Path) -> Check:
    counties = list_counties(data)
    shucheng = next(county for county in counties if county.slug == "shucheng")

    def run(path: Path) -> Report:
        datum = None if path.suffix == ".geojson" else "wgs84"
        return validate([path], shucheng, all_counties=counties, datum=datum, as_of=AS_OF)

    return run


def told(report: Report) -> list[Finding]:
    """The findings, whatever the file is called."""
    return [
        replace(
            finding,
            file="",
            message_zh=finding.message_zh.replace(finding.file, "…"),
            message_en=finding.message_en.replace(finding.file, "…"),
        )
        for finding in report.findings
    ]


def opened(made: CheckedWorkbook) -> Any:
    return openpyxl.load_workbook(io.BytesIO(made.content))


def again(made: CheckedWorkbook, folder: Path, check: Check) -> Report:
    path = folder / "again.xlsx"
    path.write_bytes(made.content)
    return check(path)


def marked(sheet: Any) -> dict[str, str]:
    """Cell → what our comment says, of every coloured cell."""
    grounds = {f"FF{colour}" for colour in colours().values()}
    return {
        cell.coordinate: cell.comment.text.partition(MARK)[2] if cell.comment else ""
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb in grounds
    }


def texts(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


FAULTY = changed(1, 类型="小屋", 开放时间="看情况", 经度="31.4620", 纬度="116.9480")


class TestTheClerksOwn:
    def test_faulty_cells_are_coloured_and_explained(self, check: Check, tmp_path: Path) -> None:
        source = write_xlsx(tmp_path / "台账.xlsx", FAULTY)
        before = source.read_bytes()
        made = checked_workbook(source, check(source))
        assert made.copied_zh == ""
        book = opened(made)
        assert book.sheetnames == ["Sheet", SHEET]
        said = marked(book["Sheet"])
        assert set(said) == {"C3", "E3", "H3"}
        assert said["C3"].startswith("错误·不认识的驿站类型：第 3 行")
        assert "请写成" in said["H3"]
        assert texts(book["Sheet"]) == texts(openpyxl.load_workbook(source)["Sheet"])
        assert source.read_bytes() == before

    def test_the_list_leads_to_the_cells(self, check: Check, tmp_path: Path) -> None:
        source = write_xlsx(tmp_path / "台账.xlsx", FAULTY)
        report = check(source)
        sheet = opened(checked_workbook(source, report))[SHEET]
        links = {
            cell.hyperlink.location: cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.hyperlink
        }
        assert links == {
            "'Sheet'!C3": "第 3 行 类型",
            "'Sheet'!E3": "第 3 行 经度",
            "'Sheet'!H3": "第 3 行 开放时间",
        }
        assert "共 4 行 = 可发布 3 + 退回 1 + 重复 0" in [row[0] for row in texts(sheet)]
        listed = Counter(row[6] for row in texts(sheet) if row[6])
        assert listed - Counter(["规则"]) == Counter(each.code for each in report.findings)

    def test_a_place_has_the_name_of_its_own_column(self, check: Check, tmp_path: Path) -> None:
        points = ("", "116.95,31.462", "116.96,31.463", "116.97,31.464")
        rows = [
            {**{k: v for k, v in row.items() if k not in ("经度", "纬度")}, "坐标": at}
            for row, at in zip(GOOD, points, strict=True)
        ]
        source = write_xlsx(tmp_path / "台账.xlsx", rows)
        sheet = opened(checked_workbook(source, check(source)))[SHEET]
        places = [str(row[2]) for row in texts(sheet)]
        assert "第 2 行 坐标" in places
        assert not [place for place in places if place.endswith("经度")]

    @pytest.mark.slow
    def test_checked_again_it_says_the_same(self, check: Check, data: Path, tmp_path: Path) -> None:
        source = data / "examples/ledger-with-faults.xlsx"
        report = check(source)
        made = checked_workbook(source, report)
        assert told(again(made, tmp_path, check)) == told(report)
        widths = {
            name: {key: one.width for key, one in book.worksheets[0].column_dimensions.items()}
            for name, book in (("old", openpyxl.load_workbook(source)), ("new", opened(made)))
        }
        assert widths["old"] == widths["new"]
        assert opened(made).worksheets[0].freeze_panes == "A2"

    @pytest.mark.slow
    def test_marking_twice_is_marking_once(self, check: Check, tmp_path: Path) -> None:
        source = write_xlsx(tmp_path / "a.xlsx", FAULTY)
        first = checked_workbook(source, check(source))
        report = again(first, tmp_path, check)
        second = checked_workbook(tmp_path / "again.xlsx", report)
        assert opened(second).sheetnames == ["Sheet", SHEET]
        assert marked(opened(second)["Sheet"]) == marked(opened(first)["Sheet"])
        mended = opened(second)
        mended["Sheet"]["C3"] = "小哥食堂"
        mended.save(tmp_path / "mended.xlsx")
        third = checked_workbook(tmp_path / "mended.xlsx", check(tmp_path / "mended.xlsx"))
        assert set(marked(opened(third)["Sheet"])) == {"E3", "H3"}
        assert opened(third)["Sheet"]["C3"].comment is None

    def test_what_the_clerk_made_of_it_stays(self, check: Check, tmp_path: Path) -> None:
        source = write_xlsx(tmp_path / "a.xlsx", FAULTY, above=["舒城县驿站台账"])
        book = openpyxl.load_workbook(source)
        sheet = book["Sheet"]
        sheet["C4"].comment = Comment("问过了", "科员")
        sheet["B5"].fill = PatternFill("solid", fgColor="FFCCFFCC")
        sheet["D3"].font = Font(italic=True)
        sheet.merge_cells("A1:I1")
        sheet.conditional_formatting.add(
            "E3:E9", CellIsRule("lessThan", ["100"], fill=PatternFill())
        )
        choice = DataValidation("list", formula1='"暖新驿站,工会驿站"')
        choice.add("C3:C99")
        sheet.add_data_validation(choice)
        book.create_sheet("通讯录").append(["科室", "电话"])
        book.save(source)
        made = checked_workbook(source, check(source))
        assert made.copied_zh == ""
        back = opened(made)
        sheet = back["Sheet"]
        assert back.sheetnames == ["Sheet", "通讯录", SHEET]
        assert sheet["C4"].comment.text.startswith(f"问过了\n{MARK}错误·不认识的驿站类型")
        assert sheet["B5"].fill.fgColor.rgb == "FFCCFFCC"
        assert sheet["D3"].font.italic
        assert [str(each) for each in sheet.merged_cells.ranges] == ["A1:I1"]
        assert sheet.data_validations.dataValidation[0].formula1 == '"暖新驿站,工会驿站"'
        assert len(sheet.conditional_formatting) == 1
        assert [one.sheet_view.tabSelected for one in back.worksheets] == [False, False, True]

    def test_merged_cells_show_the_worst_of_their_rows(self) -> None:
        sheet = openpyxl.Workbook().worksheets[0]
        sheet.merge_cells("C2:C4")
        marks = [Mark(2, 3, "warning", "甲"), Mark(3, 3, "error", "乙"), Mark(4, 3, "info", "丙")]
        mark_cells(sheet, Page([], [], marks, colours()))
        assert sheet["C2"].fill.fgColor.rgb == f"FF{colours()['error']}"
        assert sheet["C2"].comment.text == "".join(f"{MARK}{said}\n" for said in "甲乙丙").strip()

    def test_a_formula_stays_and_keeps_its_value(self, check: Check, tmp_path: Path) -> None:
        source = write_xlsx(tmp_path / "a.xlsx", FAULTY)
        _with_formula(source, "D3", 'CONCAT("桥头","食堂")', "桥头&amp;食堂")
        report = check(source)
        made = checked_workbook(source, report)
        assert opened(made)["Sheet"]["D3"].value == '=CONCAT("桥头","食堂")'
        values = openpyxl.load_workbook(io.BytesIO(made.content), data_only=True)
        assert values["Sheet"]["D3"].value == "桥头&食堂"
        assert told(again(made, tmp_path, check)) == told(report)

    def test_letters_set_apart_in_a_cell_stay_so(self, check: Check, tmp_path: Path) -> None:
        source = write_xlsx(tmp_path / "a.xlsx", FAULTY)
        book = openpyxl.load_workbook(source)
        bold = TextBlock(InlineFont(b=True), "桥头")
        book["Sheet"]["D3"] = CellRichText(bold, "食堂")
        book["Sheet"].title = "2026 年's 台账"
        book.save(source)
        report = check(source)
        made = checked_workbook(source, report)
        back = openpyxl.load_workbook(io.BytesIO(made.content), rich_text=True)
        assert back.worksheets[0]["D3"].value == CellRichText(bold, "食堂")
        links = {c.hyperlink.location for row in back[SHEET] for c in row if c.hyperlink}
        assert "'2026 年''s 台账'!C3" in links
        assert told(again(made, tmp_path, check)) == told(report)

    def test_a_sheet_that_begins_farther_in(self, check: Check, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        names = list(FAULTY[0])
        for at, row in enumerate([dict(zip(names, names, strict=True)), *FAULTY]):
            for column, name in enumerate(names):
                book.worksheets[0].cell(at + 4, column + 3, row[name] or None)
        source = tmp_path / "a.xlsx"
        book.save(source)
        report = check(source)
        assert {finding.row for finding in report.findings} == {6}
        made = checked_workbook(source, report)
        assert set(marked(opened(made).worksheets[0])) == {"E6", "G6", "J6"}

    @pytest.mark.slow
    def test_bytes_are_the_same_each_time(self, check: Check, tmp_path: Path) -> None:
        source = write_xlsx(tmp_path / "a.xlsx", FAULTY)
        report = check(source)
        assert checked_workbook(source, report) == checked_workbook(source, report)


def _with_formula(path: Path, cell: str, formula: str, value: str) -> None:
    """Write a formula with its value into a file, as Excel does and openpyxl cannot."""
    book = openpyxl.load_workbook(path)
    book.worksheets[0][cell] = f"={formula}"
    book.save(path)
    changed_members = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            changed_members[name] = archive.read(name)
    name = "xl/worksheets/sheet1.xml"
    xml = changed_members[name].decode()
    start = xml.index(f'<c r="{cell}"')
    end = xml.index("</c>", start)
    inner = formula.replace('"', "&quot;")
    new = f'<c r="{cell}" t="str"><f>{inner}</f><v>{value}</v>'
    changed_members[name] = (xml[:start] + new + xml[end:]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for member, body in changed_members.items():
            archive.writestr(member, body)


def _with_parts(path: Path, *parts: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        for name, body in parts:
            archive.writestr(name, body)
    return path


class TestACopyInstead:
    @pytest.mark.parametrize(
        ("part", "name"),
        first_quick([
            ("xl/charts/chart1.xml", "图表"),
            ("xl/media/image1.png", "图片或图形"),
            ("xl/cellimages.xml", "图片或图形"),
            ("xl/vbaProject.bin", "宏"),
            ("xl/pivotTables/pivotTable1.xml", "数据透视表"),
            ("xl/slicers/slicer1.xml", "切片器"),
            ("xl/ctrlProps/ctrlProp1.xml", "窗体控件"),
            ("xl/externalLinks/externalLink1.xml", "外部链接"),
            ("customXml/item1.xml", "自定义 XML"),
            ("_xmlsignatures/sig1.xml", "数字签名"),
            ("xl/threadedComments/threadedComment1.xml", "对话批注"),
            ("xl/metadata.xml", "动态数组或富数据"),
            ("xl/unheard/of.bin", "「xl/unheard/of.bin」"),
        ]),
    )  # fmt: skip
    def test_of_a_workbook_that_would_lose_something(
        self, check: Check, tmp_path: Path, part: str, name: str
    ) -> None:
        source = _with_parts(write_xlsx(tmp_path / "a.xlsx", FAULTY), (part, b"<x/>"))
        report = check(source)
        made = checked_workbook(source, report)
        assert name in made.copied_zh
        sheet = opened(made)[SHEET]
        assert any(name in str(row[0]) and "副本" in str(row[0]) for row in texts(sheet))
        assert set(marked(opened(made)["Sheet"])) == {"C3", "E3", "H3"}
        assert told(again(made, tmp_path, check)) == told(report)

    @pytest.mark.parametrize(
        ("mark", "name"),
        [
            ("x14:conditionalFormatting", "新式条件格式"),
            ("x14:dataValidation", "引用别的工作表的下拉列表"),
            ("x14:sparklineGroup", "迷你图"),
        ],
    )
    def test_of_a_sheet_with_newer_parts(
        self, check: Check, tmp_path: Path, mark: str, name: str
    ) -> None:
        source = write_xlsx(tmp_path / "a.xlsx", FAULTY)
        space = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
        tail = f"<extLst><ext {space}><{mark}/></ext></extLst></worksheet>"
        with zipfile.ZipFile(source) as archive:
            members = {one: archive.read(one) for one in archive.namelist()}
        sheet = "xl/worksheets/sheet1.xml"
        members[sheet] = members[sheet].replace(b"</worksheet>", tail.encode())
        with zipfile.ZipFile(source, "w") as archive:
            for one, body in members.items():
                archive.writestr(one, body)
        assert name in checked_workbook(source, check(source)).copied_zh

    def test_of_a_sheet_with_too_large_a_range(self, check: Check, tmp_path: Path) -> None:
        source = write_xlsx(tmp_path / "a.xlsx", FAULTY)
        with zipfile.ZipFile(source) as archive:
            members = {one: archive.read(one) for one in archive.namelist()}
        sheet = "xl/worksheets/sheet1.xml"
        merged = b'</sheetData><mergeCells count="1"><mergeCell ref="Z1:XFD1048576"/></mergeCells>'
        members[sheet] = members[sheet].replace(b"</sheetData>", merged)
        with zipfile.ZipFile(source, "w") as archive:
            for one, body in members.items():
                archive.writestr(one, body)
        report = check(source)
        started = time.monotonic()
        assert "一大片" in checked_workbook(source, report).copied_zh
        assert time.monotonic() - started < 10

    @pytest.mark.parametrize("write", [write_csv, write_geojson])
    def test_of_a_ledger_that_is_no_workbook(
        self, check: Check, tmp_path: Path, write: Callable[..., Path]
    ) -> None:
        suffix = ".csv" if write is write_csv else ".geojson"
        source = write(tmp_path / f"a{suffix}", FAULTY)
        report = check(source)
        made = checked_workbook(source, report)
        assert made.copied_zh
        assert [row for row in marked(opened(made)["台账"]) if row.endswith("3")]
        back = again(made, tmp_path, check)
        quiet = {"datum_undeclared"}  # the copy says where GeoJSON's coordinates are from
        assert {each.code for each in back.findings} - quiet == {
            each.code for each in report.findings
        } - quiet
        assert back.counts == report.counts

    def test_totals_and_signatures_stay_in_it(self, check: Check, tmp_path: Path) -> None:
        under = {"编号": "合计", "名称": "4 个"}
        source = write_csv(tmp_path / "a.csv", [*changed(0, 类型="小屋"), under])
        sheet = opened(checked_workbook(source, check(source))).worksheets[0]
        assert [sheet.cell(6, at).value for at in (1, 4)] == ["合计", "4 个"]

    def test_when_the_child_gives_up(
        self, check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source = write_xlsx(tmp_path / "a.xlsx", FAULTY)
        report = check(source)

        def gives_up(*args: object) -> None:
            raise LedgerError("too much")

        monkeypatch.setattr(module, "in_child", gives_up)
        made = checked_workbook(source, report)
        assert "太大" in made.copied_zh
        assert told(again(made, tmp_path, check)) == told(report)

    def test_not_of_what_is_too_large(
        self, check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source = write_csv(tmp_path / "a.csv", GOOD)
        monkeypatch.setattr(module, "MOST_CELLS", 10)
        with pytest.raises(UsageError, match="too many"):
            checked_workbook(source, check(source))

    def test_not_of_another_file(self, check: Check, tmp_path: Path) -> None:
        report = check(write_csv(tmp_path / "a.csv", GOOD))
        with pytest.raises(UsageError, match=r"a\.csv"):
            checked_workbook(tmp_path / "b.csv", report, label="b.csv")


HOSTILE = ['=HYPERLINK("http://x.invalid","a")', "+1+1", "-2+3", "@SUM(A1)", "＝1+1", "\t=1"]


class TestNothingRuns:
    @pytest.mark.parametrize("write", [write_csv, write_xlsx])
    def test_no_text_becomes_a_formula(
        self, check: Check, tmp_path: Path, write: Callable[..., Path]
    ) -> None:
        rows: Sequence[dict[str, str]] = [
            {**row, "名称": text, "类型": text}
            for row, text in zip(GOOD * 2, HOSTILE, strict=False)
        ]
        rows = [{**row, "编号": f"341523-9{at}"} for at, row in enumerate(rows)]
        source = write(tmp_path / f"a.{write.__name__.removeprefix('write_')}", rows)
        report = check(source)
        made = checked_workbook(source, report)
        for sheet in opened(made).worksheets:
            own = made.copied_zh == "" and sheet.title != SHEET
            for row in sheet.iter_rows():
                for cell in row:
                    assert own or cell.data_type != "f"
                    assert own or str(cell.value or "")[:1] not in TRIGGERS
        if made.copied_zh:
            assert told(again(made, tmp_path, check)) == told(report)

    @given(st.text(max_size=6).map(lambda text: text.replace("'", "")))
    def test_the_guard_comes_off_as_it_went_on(self, text: str) -> None:
        assert guarded(text)[:1] not in TRIGGERS
        assert unguarded(guarded(text)) == text

    def test_a_guard_is_taken_off_on_reading(self, tmp_path: Path) -> None:
        source = write_csv(tmp_path / "a.csv", changed(0, 名称="'+1", 县="'县"))
        assert read_ledger(source).cells[0][1:4] == ["'县", "暖新驿站", "+1"]

    def test_the_list_is_never_taken_for_a_ledger(self) -> None:
        assert not {fold_heading(heading) for heading in LISTED} & set(HEADINGS)

    @pytest.mark.slow
    @pytest.mark.child
    def test_a_bomb_is_refused_before_it_is_unpacked(self, tmp_path: Path) -> None:
        source = _with_parts(
            write_xlsx(tmp_path / "a.xlsx", GOOD), ("xl/zeros.xml", b"0" * 120_000_000)
        )
        small = tmp_path / "b.xlsx"
        with (
            zipfile.ZipFile(source) as old,
            zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for name in old.namelist():
                new.writestr(name, old.read(name))
        ask = {"sheet": "Sheet", "summary": [], "lines": [], "marks": [], "colours": {}}
        with pytest.raises(LedgerError, match="内部结构"):
            in_child(small, CHILD, ask)


_ODD = st.sampled_from(
    ["", "=1+1", "'=1", "＋86", "\t=1", "31.4620", "116.9480", "24小时", "看情况", "小屋", "0",
     "-1", "检查结果", "编号", "\u202e", "a\nb", "\ufffe", "'", "名称\r\n类型", "2026-10-01",
     "😀" * 40]
)  # fmt: skip


@pytest.mark.campaign
@settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.dictionaries(st.sampled_from(sorted(GOOD[0])), _ODD, min_size=1), min_size=1, max_size=6
    ),
    st.sampled_from([write_csv, write_xlsx, write_geojson]),
)
def test_what_comes_back_says_the_same(
    check: Check,
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[dict[str, str]],
    write: Callable[..., Path],
) -> None:
    rows = [{**GOOD[at % 4], "编号": f"341523-9{at:02}", **said} for at, said in enumerate(changes)]
    folder = tmp_path_factory.mktemp("back")
    source = write(folder / f"a.{write.__name__.removeprefix('write_')}", rows)
    try:
        report = check(source)
    except LedgerError:
        return
    made = checked_workbook(source, report)
    back = again(made, folder, check)
    assert back.counts == report.counts
    if write is not write_geojson:  # there the words for a row differ, and the datum is said
        assert told(back) == told(report)
