"""The page of a check: what it says, what it draws, and that nothing in it can run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.checks.against import Earlier, compare
from locator.checks.findings import report_json
from locator.checks.surroundings import Surroundings
from locator.checks.validate import Report, validate, validate_readable
from locator.cli import main
from locator.counties import list_counties
from locator.county import County
from locator.outputs import check_report as module
from locator.outputs.check_map import MOST_CORNERS, WIDTH, Spot, findings_map
from locator.outputs.check_report import check_report
from locator.release.known import KnownCounties
from tests.checks.ledgers import GOOD, Row, changed, write_csv, write_geojson
from tests.quick import examples

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AS_OF = date(2026, 11, 20)
Check = Callable[..., Report]


@pytest.fixture(scope="module")
def counties(data: Path) -> Sequence[County]:
    return list_counties(data)


@pytest.fixture(scope="module")
def shucheng(counties: Sequence[County]) -> County:
    return next(county for county in counties if county.slug == "shucheng")


@pytest.fixture(scope="module")
def ground(shucheng: County) -> Surroundings:
    ground = KnownCounties([shucheng])[shucheng.code].surroundings
    assert ground is not None
    return ground


@pytest.fixture
def check(shucheng: County, counties: Sequence[County], tmp_path: Path) -> Check:
    def run(rows: Sequence[Row] | Path, datum: str | None = "wgs84") -> Report:
        path = rows if isinstance(rows, Path) else write_csv(tmp_path / "台账.csv", rows)
        return validate([path], shucheng, all_counties=counties, datum=datum, as_of=AS_OF)

    return run


def page(report: Report, **options: object) -> str:
    return check_report(report, as_of=AS_OF, **options)  # type: ignore[arg-type]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.S)).split())


FAULTY = changed(1, 类型="小屋", 开放时间="看情况", 经度="31.4620", 纬度="116.9480")


class TestWhatItSays:
    def test_rows_are_accounted_for(self, check: Check) -> None:
        said = words(page(check([*FAULTY, GOOD[0]])))
        assert "3 行可以发布，1 行要改" in said
        for term, count in (("共几行", 5), ("= 可发布", 3), ("+ 退回", 1), ("+ 重复", 1)):
            assert f"{term} {count}" in said

    def test_each_row_says_what_where_and_what_to_do(self, check: Check) -> None:
        report = check(FAULTY)
        html = page(report)
        for finding in report.findings:
            assert finding.message_zh in unescape(html)
            assert finding.message_en in unescape(html)
        assert "第 3 行 341523-902 桥头食堂 退回" in words(html)

    def test_hours_as_written_and_as_read(self, check: Check) -> None:
        said = words(page(check(changed(0, 类型="小屋", 开放时间="周一至周五 8:00-18:00"))))
        assert "写的是 周一至周五 8:00-18:00 读成 周一至周五08:00-18:00 Mo-Fr 08:00-18:00" in said
        assert "周一至周五 8:00-18:00 周一至周五08:00-18:00 Mo-Fr 08:00-18:00 1" in said
        unread = words(page(check(FAULTY)))
        assert "看情况 时间不详 1" in unread

    def test_remarks_wait_behind_what_needs_mending(self, check: Check) -> None:
        remark = check([*GOOD, GOOD[0]])
        assert {finding.severity for finding in remark.findings} == {"info"}
        assert 'id="pick-info" checked' in page(remark)
        mixed = page(check([*FAULTY, GOOD[0]]))
        assert 'id="pick-info">' in mixed
        # A heading goes with what stands under it: this one with errors, warnings or remarks.
        assert re.search(r'<section class="rows only-e\w*i"><h2>一行一行看', mixed)
        assert '<section class="rows only-i"><h2>一行一行看' in page(remark)

    def test_a_good_table_is_quiet(self, check: Check) -> None:
        said = words(page(check(GOOD)))
        assert "4 行都可以发布，没有发现问题" in said
        assert "没有发现问题。" in said
        assert "示意" not in said

    def test_made_up_data_says_so(self, check: Check) -> None:
        assert "示意数据：点位是编的" in words(page(check(changed(0, 名称="鼓楼（示意）"))))

    def test_a_file_that_is_stopped(self, check: Check) -> None:
        said = words(page(check(GOOD, datum=None)))
        assert "这份台账先不能发布" in said
        assert said.index("整个文件") < said.index("没有说坐标从哪抄的")

    def test_a_file_that_was_not_read(
        self, shucheng: County, counties: Sequence[County], tmp_path: Path
    ) -> None:
        files = [write_csv(tmp_path / "a.csv", GOOD), tmp_path / "b.xlsx"]
        files[1].write_bytes(b"PK nothing")
        report = validate_readable(files, shucheng, datum="wgs84", as_of=AS_OF)
        assert "a.csv；没有读进来：b.xlsx" in words(page(report))

    def test_a_feature_is_no_line(self, check: Check, tmp_path: Path) -> None:
        report = check(write_geojson(tmp_path / "a.geojson", FAULTY), datum=None)
        assert "第 2 个要素" in words(page(report))

    def test_old_against_new(self, check: Check) -> None:
        old = json.loads(json.dumps(report_json(check(changed(2, 开放时间="看情况")))))
        now = check(changed(1, 类型="小屋"))
        against = compare(now.findings, Earlier("上一版", "the last", old["findings"]))
        html = page(now, against=against)
        assert "和上一版比：新出现 1，已消失 1，没变 0" in words(html)
        assert "已消失的 1 条" in words(html)
        assert 'class="row only-e has-new"' in html

    def test_of_very_many_rows_the_worst_are_shown(
        self, check: Check, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows = [{**GOOD[0], "编号": f"341523-{at}", "名称": f"第 {at} 站", "开放时间": "看情况",
                 "经度": f"{116.9 + at / 1000:.4f}"} for at in range(60)]  # fmt: skip
        rows[50]["类型"] = "小屋"
        monkeypatch.setattr(module, "MOST_ROWS", 5)
        html = page(check(rows))
        assert html.count("<article") == 5
        assert html.index("小屋") < html.index("看情况")
        assert "还有 55 行没有列出" in words(html)

    @pytest.mark.slow
    def test_the_command(self, data: Path, tmp_path: Path) -> None:
        ledger = data / "examples/ledger-with-faults.xlsx"
        arguments = ["--data", str(data), "--var", str(tmp_path), "validate", str(ledger)]
        arguments += ["--county", "shucheng", "--html", str(tmp_path)]
        assert CliRunner().invoke(main, arguments).exit_code == 1
        written = tmp_path / "ledger-with-faults-检查结果.html"
        html = written.read_text("utf-8")
        assert 'class="street major"' in html
        assert "街道为示意，是编的" in words(html)
        assert "OpenStreetMap" not in html
        assert 20_000 < written.stat().st_size < 300_000


class TestTheMap:
    def spot(self, lon: float, lat: float, severity: str = "error") -> Spot:
        return Spot(f"r-{lon}-{lat}", "1", "第 1 行", severity, lon, lat)

    def test_north_is_up_and_east_is_right(self) -> None:
        spots = [self.spot(116.9, 31.4), self.spot(116.95, 31.4), self.spot(116.9, 31.45)]
        drawn = findings_map(spots, [])
        assert drawn is not None
        at = {placed.spot: placed for placed in drawn.placed}
        corner, east, north = (at[spot] for spot in spots)
        assert east.x > corner.x + 100
        assert abs(east.y - corner.y) < 1
        assert north.y < corner.y - 100
        assert abs(north.x - corner.x) < 1

    def test_the_bar_is_as_long_as_it_says(self) -> None:
        spots = [self.spot(116.9, 31.4), self.spot(116.9, 31.45)]
        drawn = findings_map(spots, [])
        assert drawn is not None
        low, high = sorted(placed.y for placed in drawn.placed)
        apart_m = (high - low) / drawn.bar_units * drawn.bar_m
        assert apart_m == pytest.approx(5_560, rel=0.01)

    def test_a_point_far_off_is_named_and_not_drawn(self) -> None:
        near = [self.spot(116.9 + at / 1000, 31.4) for at in range(20)]
        drawn = findings_map([*near, self.spot(0, 0, "error")], [])
        assert drawn is not None
        assert len(drawn.placed) == 20
        assert [spot.lon for spot in drawn.outside] == [0]

    def test_the_worst_lies_on_top(self) -> None:
        spots = [self.spot(116.9, 31.4, name) for name in ("error", "", "info", "warning")]
        drawn = findings_map(spots, [])
        assert drawn is not None
        assert [one.spot.severity for one in drawn.placed] == ["info", "warning", "error"]
        assert drawn.fine.count("h0") == 1

    def test_nothing_to_draw(self) -> None:
        assert findings_map([], []) is None

    @pytest.mark.slow
    def test_streets_are_those_of_the_ground(self, ground: Surroundings) -> None:
        spots = [self.spot(116.93, 31.45), self.spot(116.96, 31.47)]
        drawn = findings_map(spots, [ground])
        assert drawn is not None
        assert [name for name, _ in drawn.streets][-1] == "major"
        assert drawn.water
        numbers = sum(path.count(" ") for _, path in drawn.streets)
        assert 100 < numbers <= 2 * MOST_CORNERS

    @settings(max_examples=examples(60))
    @given(
        st.lists(
            st.tuples(st.floats(-179, 179), st.floats(-85, 85), st.sampled_from(["", "error"])),
            min_size=1, max_size=12,
        )
    )  # fmt: skip
    def test_every_row_is_drawn_or_named(self, points: list[tuple[float, float, str]]) -> None:
        spots = [self.spot(lon, lat, severity) for lon, lat, severity in points]
        drawn = findings_map(spots, [])
        assert drawn is not None
        dots = drawn.fine.count("h0")
        assert len(drawn.placed) + dots + len(drawn.outside) == len(spots)
        for placed in drawn.placed:
            assert -1 <= placed.x <= WIDTH + 1
            assert -1 <= placed.y <= drawn.height + 1
        assert np.isfinite(drawn.bar_units)


def naughty(shared: Path) -> list[str]:
    texts = json.loads((shared / "corpora/blns/blns.json").read_text("utf-8"))
    own = [
        "<script>window.ran=1</script>", "</style><script>window.ran=1</script>",
        "<img src=x onerror=window.ran=1>", "{{ 7*7 }}", "{% raw %}", "${window.ran=1}",
        '" onmouseover="window.ran=1', "'><svg/onload=window.ran=1>", "javascript:window.ran=1",
        "</title><script>window.ran=1</script>", "\u202e反过来",
    ]  # fmt: skip
    return [*own, *(text for text in texts if text.strip() and "\0" not in text)]


@pytest.mark.browser
def test_nothing_that_people_wrote_runs(
    check: Check,
    shared: Path,
    tmp_path: Path,
    chromium: Browser,
    ground: Surroundings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 10_000)
    texts = naughty(shared)
    rows = [
        {**GOOD[0], "编号": f"341523-{at}", "名称": text, "类型": text, "开放时间": text,
         "核实日期": text, "服务": text, "经度": f"{116.9 + at / 10000:.4f}"}
        for at, text in enumerate(texts)
    ]  # fmt: skip
    report = check(write_geojson(tmp_path / "<b onclick=1>.geojson", rows), datum=None)
    old = [{"code": text, "message_zh": text, "row": 1, "id": text, "field": "", "value": ""}
           for text in texts]  # fmt: skip
    against = compare(report.findings, Earlier(texts[0], texts[1], old))
    html = check_report(report, as_of=AS_OF, grounds=[ground], against=against)
    path = tmp_path / "page.html"
    path.write_text(html, "utf-8")
    context = chromium.new_context()
    tab = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("dialog", lambda dialog: said.append(dialog.message))
    tab.goto(path.as_uri())
    assert tab.evaluate("window.ran") is None
    assert tab.evaluate("document.scripts.length") == 0
    assert tab.evaluate("document.querySelectorAll('img,iframe,object,embed,form').length") == 0
    assert tab.locator("article").count() == len(
        {(f.file, f.row) for f in report.findings if f.row}
    )
    assert asked == [path.as_uri()]
    assert said == []
    context.close()


@pytest.mark.browser
def test_the_filter_needs_no_script(check: Check, tmp_path: Path, chromium: Browser) -> None:
    path = tmp_path / "page.html"
    rows = [dict(row) for row in GOOD]
    rows[0]["类型"], rows[1]["开放时间"] = "小屋", "看情况"
    rows[2].update(类型="小屋", 开放时间="看情况")
    path.write_text(page(check(rows)), "utf-8")
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(path.as_uri())

    def shown() -> list[int]:
        return [tab.locator(name).locator("visible=true").count()
                for name in ("article", "li.error", "li.warning", ".en")]  # fmt: skip

    assert shown() == [3, 2, 2, 0]
    tab.locator("label[for=pick-error]").click()
    assert shown() == [2, 0, 2, 0]
    tab.locator("label[for=pick-warning]").click()
    assert shown() == [0, 0, 0, 0]
    tab.locator("label[for=pick-error]").click()
    tab.locator("label[for=pick-english]").click()
    assert shown() == [2, 2, 0, 2]
    context.close()
