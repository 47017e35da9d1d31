"""The template: what it asks is what the readers take, and it comes back as it was filled in."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from openpyxl.utils import get_column_letter

from locator.checks.validate import Report, validate
from locator.cli import main
from locator.counties import list_counties
from locator.county import County
from locator.errors import LedgerError
from locator.outputs.checked_workbook import checked_workbook
from locator.outputs.ledger_template import CHOICES, GUIDE, ROWS, ledger_template
from locator.outputs.template_rows import template_rows
from locator.outputs.template_words import Asked, asked, combinations
from locator.outputs.workbook_page import SHEET
from locator.stations.intake import HEADINGS, read_ledger
from locator.stations.readers import fold_heading
from tests.checks.ledgers import changed, write_csv, write_geojson

AS_OF = date(2026, 11, 20)
Check = Callable[..., Report]


@pytest.fixture(scope="module")
def counties(data: Path) -> Sequence[County]:
    return list_counties(data)


@pytest.fixture(scope="module")
def shucheng(counties: Sequence[County]) -> County:
    return next(county for county in counties if county.slug == "shucheng")


@pytest.fixture
def check(shucheng: County, counties: Sequence[County], tmp_path: Path) -> Check:
    def run(content: bytes | Path, datum: str | None = None) -> Report:
        path = content if isinstance(content, Path) else tmp_path / "filled.xlsx"
        if isinstance(content, bytes):
            path.write_bytes(content)
        return validate([path], shucheng, all_counties=counties, as_of=AS_OF, datum=datum)

    return run


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def example(county: County, number: int = 1, **fields: str) -> dict[str, str]:
    """A row made of the examples, which are those of a made-up station."""
    row = {column.name: column.example for column in asked(county) if column.name != "phone"}
    lon, lat = county.centre
    return {
        **row,
        "id": f"{county.code}-{number:03}",
        "name": f"第 {number} 示例驿站（示意）",
        "coordinate": f"{lon + number / 500 + 0.000127:.6f},{lat + 0.000343:.6f}",
        **fields,
    }


class TestWhatItAsks:
    def test_an_empty_one_says_kindly_that_it_is_empty(
        self, check: Check, shucheng: County
    ) -> None:
        with pytest.raises(LedgerError, match="没有一行驿站。请填好台账再传"):
            check(ledger_template(shucheng))

    def test_every_heading_is_one_of_a_ledger(self, counties: Sequence[County]) -> None:
        for county in counties:
            for column in asked(county):
                assert HEADINGS[fold_heading(column.heading)] == column.name

    def test_every_column_is_explained(self, shucheng: County) -> None:
        book = opened(ledger_template(shucheng))
        assert book.sheetnames == ["舒城县驿站台账", GUIDE, CHOICES]
        assert book[CHOICES].sheet_state == "hidden"
        sheet = book.worksheets[0]
        columns = asked(shucheng)
        assert [cell.value for cell in sheet[1]] == [column.heading for column in columns]
        assert all(
            column.how in cell.comment.text for column, cell in zip(columns, sheet[1], strict=True)
        )
        assert sheet.freeze_panes == "D2"
        prompts = {str(one.sqref): one.prompt for one in sheet.data_validations.dataValidation}
        for at, column in enumerate(columns, start=1):
            letter = get_column_letter(at)
            assert prompts[f"{letter}2:{letter}{ROWS}"] == column.how
            assert sheet.column_dimensions[letter].number_format == column.number_format
        for eaten in ("id", "phone", "coordinate"):
            assert next(c for c in columns if c.name == eaten).number_format == "@"
        said = [row[0] for row in book[GUIDE].iter_rows(values_only=True)]
        assert {column.heading for column in columns} <= set(said)

    def test_choices_are_the_countys_own(self, shucheng: County) -> None:
        book = opened(ledger_template(shucheng))
        lists = {
            one.formula1: one.showErrorMessage
            for one in book.worksheets[0].data_validations.dataValidation
            if one.type == "list"
        }
        assert lists.keys() == book.defined_names.keys()
        assert [name for name, strict in lists.items() if not strict] == ["乡镇选项", "服务选项"]
        for column in asked(shucheng):
            if column.choices:
                place = book.defined_names[f"{column.heading.rstrip('*')}选项"].attr_text
                cells = book[CHOICES][place.partition("!")[2].replace("$", "")]
                assert tuple(cell.value for (cell,) in cells) == column.choices
        assert "城关镇" in next(c for c in asked(shucheng) if c.name == "township").choices

    def test_every_example_and_choice_is_understood(self, check: Check, shucheng: County) -> None:
        columns: Sequence[Asked] = asked(shucheng)
        rows = [example(shucheng)]
        for column in columns:
            for choice in column.choices:
                fields = {column.name: choice}
                if choice == "百度":  # about a kilometre away, and not what is tried here
                    fields["township"] = ""
                rows.append(example(shucheng, len(rows) + 1, **fields))
        report = check(ledger_template(shucheng, rows))
        # A choice may be remarked on (a canteen without a meal), but each is understood.
        remarks = {
            "canteen_without_hot_meal", "basic_services_incomplete", "service_hours_outside_hours",
        }  # fmt: skip
        assert {finding.code for finding in report.findings} <= remarks
        assert all(finding.row != 2 for finding in report.findings)  # the example alone
        assert report.counts["published"] == len(rows)
        by_name = {column.name: column for column in columns}
        table = report.stations
        assert set(table["entry"]) == {"free", "bell", "member_code", "face", "id_card"}
        assert set(table["status"]) == {"open", "temporarily_closed", "planned", "closed"}
        assert set(table["source_datum"]) == {"gcj02", "bd09", "wgs84", "cgcs2000"}
        assert set(table["kind"]) == set(shucheng.kinds)
        assert len(by_name["services"].choices) == len(combinations(shucheng)) >= 4

    def test_bytes_are_the_same_each_time(self, counties: Sequence[County]) -> None:
        for county in counties:
            assert ledger_template(county) == ledger_template(county)

    def test_the_guide_is_never_taken_for_a_ledger(self, check: Check, shucheng: County) -> None:
        report = check(ledger_template(shucheng, [example(shucheng)]))
        assert (report.counts["rows"], report.findings) == (1, ())

    @pytest.mark.slow
    def test_it_comes_back_from_a_check_as_the_same_workbook(
        self, check: Check, shucheng: County, tmp_path: Path
    ) -> None:
        report = check(ledger_template(shucheng, [example(shucheng, kind="小屋")]))
        made = checked_workbook(tmp_path / "filled.xlsx", report)
        assert made.copied_zh == ""
        book = opened(made.content)
        assert book.sheetnames == ["舒城县驿站台账", GUIDE, CHOICES, SHEET]
        offered = book.worksheets[0].data_validations.dataValidation
        assert len(offered) == len(asked(shucheng))
        assert book.worksheets[0]["A1"].comment.text.startswith("以 341523 开头")


class TestWithTheStationsOfToday:
    @pytest.mark.slow
    def test_they_come_back_with_their_ids(
        self, check: Check, counties: Sequence[County], tmp_path: Path
    ) -> None:
        for county in counties:
            report = validate(county.ledger_paths, county, all_counties=counties, as_of=AS_OF)
            path = tmp_path / "filled.xlsx"
            path.write_bytes(ledger_template(county, template_rows(county, report)))
            back = validate([path], county, all_counties=counties, as_of=AS_OF)
            assert back.counts["published"] == report.counts["published"] > 0
            pd.testing.assert_frame_equal(
                pd.DataFrame(back.stations.drop(columns="geometry")),
                pd.DataFrame(report.stations.drop(columns="geometry")),
            )
            moved = back.stations.to_crs(3857).distance(report.stations.to_crs(3857))
            assert moved.max() < 0.02

    def test_a_position_stays_as_it_was_given(
        self, check: Check, shucheng: County, tmp_path: Path
    ) -> None:
        rows = [{**row, "坐标来源": "百度地图"} for row in changed(0, 名称="=1+1", 类型="小屋")]
        report = check(write_csv(tmp_path / "a.csv", rows))
        filled = ledger_template(shucheng, template_rows(shucheng, report))
        back = check(filled)
        assert back.counts == report.counts
        assert {f.code for f in back.findings} == {f.code for f in report.findings}
        assert back.stations["source_x"].tolist() == report.stations["source_x"].tolist()
        assert back.stations.geometry.tolist() == report.stations.geometry.tolist()
        held = read_ledger(tmp_path / "filled.xlsx").row(3)
        assert (held.values["类型*"], held.values["名称*"]) == ("小屋", "=1+1")
        assert held.values["坐标*"] == f"{rows[0]['经度']},{rows[0]['纬度']}"

    def test_rows_held_back_are_not_lost(
        self, check: Check, shucheng: County, tmp_path: Path
    ) -> None:
        report = check(write_geojson(tmp_path / "a.geojson", changed(2, 经度="0", 纬度="0")))
        rows = template_rows(shucheng, report)
        assert len(rows) == report.counts["rows"]
        assert rows[-1]["coordinate"] == "0.0,0.0"
        assert rows[-1]["source_datum"] == "手机GPS"

    def test_a_row_held_back_that_carries_its_source_stays_where_it_is(
        self, check: Check, shucheng: County, tmp_path: Path
    ) -> None:
        carried = {"source_datum": "gcj02", "source_x": "116.951234", "source_y": "31.461512"}
        rows = [{**changed(0)[0], "经度": "116.9461096", "纬度": "31.4636631", **carried}]
        path = tmp_path / "a.geojson"
        was = check(write_geojson(path, rows)).rows
        held = check(write_geojson(path, [{**rows[0], "状态": "坏了"}]))
        back = check(ledger_template(shucheng, template_rows(shucheng, held))).rows
        assert back.loc[0, "ended"] == "quarantined"
        assert back.loc[0, ["lon", "lat"]].tolist() == pytest.approx(
            was.loc[0, ["lon", "lat"]].tolist(), abs=1e-6
        )


class TestTheCommand:
    @pytest.fixture
    def run(self, data: Path, tmp_path: Path) -> Callable[..., Result]:
        def invoke(*arguments: str | Path) -> Result:
            options = ["--data", str(data), "--var", str(tmp_path), "template", "shucheng"]
            return CliRunner().invoke(main, [*options, *map(str, arguments)])

        return invoke

    def test_what_is_filled_in_is_never_written_over(
        self, run: Callable[..., Result], tmp_path: Path
    ) -> None:
        path = tmp_path / "templates/舒城县驿站台账.xlsx"
        for _ in range(2):  # the same again changes nothing
            assert run().stdout.strip() == str(path)
        full = run("--with-stations", "--out", tmp_path / "full.xlsx")
        assert full.exit_code == 0
        assert len(read_ledger(tmp_path / "full.xlsx").numbers) == 35
        refused = run("--out", tmp_path / "full.xlsx")
        assert refused.exit_code == 2
        assert "may be filled in" in refused.stderr


@pytest.mark.slow
def test_an_office_program_opens_it_and_runs_nothing(
    check: Check, shucheng: County, tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    rows = [
        example(shucheng, at, name=text, kind="小屋")
        for at, text in enumerate(["=1+1", "+2+2", "@SUM(A1)", '=HYPERLINK("http://x.invalid")'], 1)
    ]
    report = check(ledger_template(shucheng, rows))
    source = tmp_path / "checked.xlsx"
    source.write_bytes(checked_workbook(tmp_path / "filled.xlsx", report).content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run([*command, "--outdir", str(tmp_path / "saved"), str(source)], check=True,
                   capture_output=True, timeout=120)  # fmt: skip
    saved = tmp_path / "saved/checked.xlsx"
    book = openpyxl.load_workbook(saved)
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n", "d"}
    back = check(saved)
    assert [f.message_zh for f in back.findings] == [f.message_zh for f in report.findings]
    assert checked_workbook(saved, back).copied_zh == ""
    assert read_ledger(saved).cells[0][2] == "=1+1"
