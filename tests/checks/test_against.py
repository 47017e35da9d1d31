"""Old against new: what is new, what is gone, and what only moved; and the form of the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from locator.checks import findings as findings_module
from locator.checks.against import Earlier, against_text, compare
from locator.checks.findings import report_json
from locator.checks.validate import Report
from locator.cli import main
from tests.quick import first_quick
from tests.server.tiny_release import write_release

from .conftest import Check
from .ledgers import GOOD, Row, changed, write_csv, write_geojson, write_xlsx


def as_json(report: Report) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(json.dumps(report_json(report)))
    return said


def earlier(report: Report) -> Earlier:
    return Earlier("上次", "the last", as_json(report)["findings"])


class TestCompare:
    def test_the_same_ledger_has_nothing_new(self, check: Check) -> None:
        report = check(changed(1, 类型="小屋", 开放时间="看情况"))
        found = compare(report.findings, earlier(report))
        assert (sum(found.new), found.gone) == (0, ())

    def test_rows_that_moved_make_no_noise(self, check: Check) -> None:
        rows = changed(1, 类型="小屋", 开放时间="看情况")
        found = compare(check(rows[::-1]).findings, earlier(check(rows)))
        assert (sum(found.new), found.gone) == (0, ())

    def test_other_words_for_the_same_make_no_noise(self, check: Check) -> None:
        """A release says services by their codes, the template in Chinese."""
        before = earlier(check(changed(0, 服务="drinking_water")))
        now = check(changed(0, 服务="饮水")[::-1])
        assert [one.code for one in now.findings] == ["basic_services_incomplete"]
        assert (compare(now.findings, before).new, compare(now.findings, before).gone) == (
            (False,), (),
        )  # fmt: skip
        more = compare(check(changed(0, 服务="饮水、如厕")).findings, before)
        assert (more.new, len(more.gone)) == ((True,), 1)

    def test_another_spelling_of_the_hours_makes_no_noise(self, check: Check) -> None:
        """Adopted, a ledger says its hours as OSM does, and has the ids that it lacked."""
        spoken = changed(0, 开放时间="周一至周五上午8:30-12:00，下午2:00-5:30；周末休息", 编号="")
        before = earlier(check(changed(0, 开放时间="Mo-Fr 08:30-12:00,14:00-17:30; Sa-Su off")))
        now = check(spoken)
        assert "closed_at_peak" in [one.code for one in now.findings]
        found = compare(now.findings, before)
        new = [one.code for one, new in zip(now.findings, found.new, strict=True) if new]
        assert new == ["missing_required_field"]  # the id
        assert found.gone == ()

    def test_what_is_gone_is_told_by_its_id(self, check: Check) -> None:
        before = earlier(check(changed(1, 类型="小屋")))
        zh = against_text([], compare([], before))
        assert f"不认识的驿站类型  {GOOD[1]['编号']}" in zh
        assert "第 3 行" not in zh

    def test_rows_of_another_county_are_no_fault_that_is_gone(self, check: Check) -> None:
        other = {**as_json(check(changed(1, 类型="小屋")))["findings"][0], "row": None,
                 "code": "other_county"}  # fmt: skip
        assert compare([], Earlier("上次", "the last", [other])).gone == ()

    def test_new_and_gone(self, check: Check) -> None:
        before, now = check(changed(1, 类型="小屋")), check(changed(2, 开放时间="看情况"))
        found = compare(now.findings, earlier(before))
        assert found.new == (True,)
        assert [said["code"] for said in found.gone] == ["unknown_kind"]
        zh = against_text(now.findings, found)
        assert zh.splitlines()[0] == "和上次比：新出现 1，已消失 1，没变 0"
        assert "看不懂的开放时间  第 4 行" in zh
        assert "不认识的驿站类型  341523-" in zh
        assert "1 new, 1 gone, 0 unchanged" in against_text(now.findings, found, "en")

    def test_another_fault_in_the_same_cell_is_another(self, check: Check) -> None:
        found = compare(
            check(changed(1, 类型="小楼")).findings, earlier(check(changed(1, 类型="小屋")))
        )
        assert (found.new, len(found.gone)) == ((True,), 1)

    def test_what_is_said_of_a_file_goes_by_its_code(self, check: Check) -> None:
        before = check(GOOD, datum=None)
        now = check([dict(row) for row in GOOD[:3]], datum=None)
        found = compare(now.findings, earlier(before))
        assert (found.new, found.gone) == ((False,), ())

    def test_twice_now_once_before_is_one_new(self, check: Check) -> None:
        twice = check([{**row, "编号": "", "类型": "小屋"} for row in GOOD[:2]])
        once = check([{**GOOD[0], "编号": "", "类型": "小屋"}])
        assert sum(compare(twice.findings, earlier(once)).new) == len(once.findings)
        assert len(compare(once.findings, earlier(twice)).gone) == len(once.findings)

    def test_a_rule_of_old_that_there_is_no_more(self, check: Check) -> None:
        old = {**as_json(check(changed(1, 类型="小屋")))["findings"][0], "code": "bygone"}
        now = check(GOOD)
        found = compare(now.findings, Earlier("上次", "the last", [old]))
        assert "bygone  341523-" in against_text(now.findings, found)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    path = Path(findings_module.__file__).with_name("report.schema.json")
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


BAD: list[list[Row]] = [
    GOOD,
    changed(1, 类型="小屋", 开放时间="看情况", 经度="31.4620", 纬度="116.9480"),
    changed(0, 经度="0", 纬度="0", 编号="7", 名称="=1+1"),
    [*GOOD, GOOD[0], {**GOOD[1], "编号": GOOD[2]["编号"]}, {**GOOD[1], "编号": "341523-990"}],
    changed(0, 县="肥西县", 编号="x"),
    changed(0, 别的="?", 坐标来源="某图", 核实日期="去年", 服务="理发"),
]


class TestTheFormOfTheReport:
    @pytest.mark.parametrize("at", range(len(BAD)))
    @pytest.mark.parametrize("write", first_quick([write_csv, write_xlsx, write_geojson], 1))
    @pytest.mark.parametrize("datum", first_quick(["wgs84", None], 1))
    def test_every_report_keeps_it(
        self, check: Check, schema: dict[str, Any], tmp_path: Path, at: int,
        write: Callable[..., Path], datum: str | None,
    ) -> None:  # fmt: skip
        suffix = write.__name__.removeprefix("write_")
        report = check(write(tmp_path / f"a.{suffix}", BAD[at]), datum=datum)
        jsonschema.validate(as_json(report), schema)

    def test_with_what_is_new(self, check: Check, schema: dict[str, Any]) -> None:
        before, now = check(changed(1, 类型="小屋")), check(changed(2, 开放时间="看情况"))
        said = report_json(now, compare(now.findings, earlier(before)))
        jsonschema.validate(json.loads(json.dumps(said)), schema)
        assert (said["against"]["new"], said["against"]["unchanged"]) == ([0], 0)

    @pytest.mark.parametrize(
        "change",
        [{"schema": "other"}, {"blocked": "no"}, {"more": 1}, {"findings": [{"code": "x"}]}],
    )
    def test_it_can_be_broken(
        self, check: Check, schema: dict[str, Any], change: dict[str, Any]
    ) -> None:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**as_json(check(GOOD)), **change}, schema)


class TestTheCommand:
    @pytest.fixture
    def run(self, data: Path, tmp_path: Path) -> Callable[..., Result]:
        def invoke(*arguments: str | Path) -> Result:
            options = ["--data", str(data), "--var", str(tmp_path / "var"), "validate"]
            tail = ["--county", "shucheng", "--datum", "wgs84", "--as-of", "2026-11-20"]
            return CliRunner().invoke(main, [*options, *map(str, arguments), *tail])

        return invoke

    @pytest.mark.slow
    def test_against_a_release(
        self, run: Callable[..., Result], check: Check, tmp_path: Path
    ) -> None:
        before = as_json(check(changed(1, 类型="小屋")))["findings"]
        name = write_release(tmp_path / "var", findings=before, illustrative=False)
        ledger = write_csv(tmp_path / "a.csv", changed(1, 类型="小屋", 开放时间="看情况"))
        for release in ("current", name):
            result = run(ledger, "--against", release, "--json", tmp_path / "a.json")
            assert f"和发布版 {name}（2026-11-01）比：新出现" in result.stdout
            assert "看不懂的开放时间" in result.stdout.partition("新出现")[2]
            said = json.loads((tmp_path / "a.json").read_text("utf-8"))
            assert said["against"]["unchanged"] == 1

    def test_against_no_release(self, run: Callable[..., Result], tmp_path: Path) -> None:
        result = run(write_csv(tmp_path / "a.csv", GOOD), "--against", "0123456789abcdef")
        assert result.exit_code == 2
        assert "locator releases" in result.stderr

    @pytest.mark.slow
    def test_workbooks(self, run: Callable[..., Result], tmp_path: Path) -> None:
        one = write_xlsx(tmp_path / "甲.xlsx", changed(1, 类型="小屋"))
        two = write_csv(tmp_path / "乙.csv", [{**row, "编号": f"341523-8{at}"} for at, row in
                                             enumerate(GOOD)])  # fmt: skip
        out = tmp_path / "out"
        out.mkdir()
        result = run(one, two, "--workbook", out)
        assert result.exit_code == 1
        names = sorted(path.name for path in out.iterdir())
        assert names == ["乙-检查结果.xlsx", "甲-检查结果.xlsx"]
        assert "乙-检查结果.xlsx：是副本" in result.stderr
        for wanted in (tmp_path / "b.xlsx", out / "no/such"):
            assert run(one, two, "--workbook", wanted).exit_code == 2
        assert run(one, "--workbook", tmp_path / "b.csv").exit_code == 2

    @pytest.mark.parametrize("option", ["--workbook", "--json"])
    def test_the_ledger_is_never_written_over(
        self, run: Callable[..., Result], tmp_path: Path, option: str
    ) -> None:
        ledger = write_xlsx(tmp_path / "甲.xlsx", changed(1, 类型="小屋"))
        link = tmp_path / "link.xlsx"
        link.hardlink_to(ledger)
        before = ledger.read_bytes()
        for target in (ledger, link, tmp_path / "x" / ".." / "甲.xlsx"):
            result = run(ledger, option, target)
            assert result.exit_code == 2
            assert "甲-检查结果" in result.stderr
            assert ledger.read_bytes() == before
