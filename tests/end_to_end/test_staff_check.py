"""The clerk in a real browser: a ledger is dropped, a point picked, the workbook taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from locator.checks.validate import Report, validate
from locator.counties import find_county
from locator.county import County
from locator.release.known import KnownCounties
from locator.server.app import Settings
from tests.end_to_end.conftest import NOON, PHONE, Watch, served, violations
from tests.quick import rest_at_length
from tests.server.tiny_release import write_release

pytestmark = pytest.mark.browser

#: The row of the example without coordinates.
LOST = 38


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("staff")
    write_release(var, with_map=True)
    return var


@pytest.fixture(scope="module")
def site(var: Path, data: Path) -> Iterator[str]:
    settings = Settings(var=var, data=data, staff=True, now=lambda: NOON)
    with served(settings) as address:
        yield address


@pytest.fixture(scope="module")
def example(data: Path) -> Path:
    return data / "examples/ledger-with-faults.xlsx"


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """The page where a ledger is put in; at the end nothing strange may have happened."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(20_000)
    watch = Watch(site)
    watch.look_at(page)
    page.goto(f"{site}/staff/check")
    yield page
    watch.assert_clean()
    context.close()


def check(page: Page, file: Path) -> None:
    page.set_input_files("#file", file)
    expect(page.locator("#chosen")).to_have_text(file.name)
    page.locator("#submit").click()
    page.wait_for_selector("#canvas[data-ready]")


def drop(page: Page, file: Path) -> None:
    """Let a file go over the box, as from the desktop."""
    box = page.locator("#drop").bounding_box()
    assert box
    browser = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.send(
            "Input.dispatchDragEvent",
            {
                "type": kind,
                "x": box["x"] + box["width"] / 2,
                "y": box["y"] + box["height"] / 2,
                "data": {"items": [], "files": [str(file)], "dragOperationsMask": 1},
            },
        )
    page.wait_for_selector("#canvas[data-ready]")


def take_back(page: Page, to: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="拿回工作簿").click()
    download.value.save_as(to)
    return to


def report_on(file: Path, known: KnownCounties, county: County) -> Report:
    return validate([file], county, as_of=NOON.date(), known=known)


def test_from_the_ledger_to_the_workbook(
    page: Page, axe: str, example: Path, data: Path, var: Path, tmp_path: Path
) -> None:
    county = find_county(data, "shucheng")
    known = KnownCounties([county], var, files=1)
    drop(page, example)
    before = report_on(example, known, county)
    assert page.locator(".remark").count() == len(before.findings)
    assert "共 40 行" in page.locator(".result-sum").inner_text()
    assert violations(page, axe) == []

    row = page.locator(f"#row-{LOST}")
    row.get_by_role("button", name="在地图上选点").click()
    expect(page.locator("#pick-text")).to_contain_text(f"第 {LOST} 行")
    box = page.locator("#canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(row.locator("[data-at]")).to_contain_text("选了")
    expect(page.locator("#pick-count")).to_contain_text("选了 1 个点")
    expect(page.locator("h1")).to_contain_text("（1 行已选点）")
    told = row.locator(".of-point .remark-text").first
    expect(told).to_have_css("text-decoration-line", "none")  # its own; the line is the item's
    expect(row.locator(".of-point").first).to_have_css("text-decoration-line", "line-through")
    assert violations(page, axe) == []

    page.reload()
    page.wait_for_selector("#canvas[data-ready]")
    expect(row.locator("[data-at]")).to_contain_text("选了")

    made = take_back(page, tmp_path / "back.xlsx")
    ledger = openpyxl.load_workbook(made).worksheets[0]
    names = {cell.value: cell.column_letter for cell in ledger[1]}
    lon, lat = ledger[f"{names['经度']}{LOST}"], ledger[f"{names['纬度']}{LOST}"]
    assert f"{lon.value:.5f},{lat.value:.5f}" in row.locator("[data-at]").inner_text()
    assert "在地图上选的点" in lon.comment.text
    after = report_on(made, known, county)
    assert [f.code for f in before.findings if f.row == LOST] == ["missing_required_field"]
    assert not [f for f in after.findings if f.row == LOST and f.severity == "error"]
    assert after.counts["published"] == before.counts["published"] + 1


def test_a_proposed_point_is_taken_and_undone(page: Page, example: Path) -> None:
    check(page, example)
    row = page.locator("#row-13")  # longitude and latitude exchanged
    row.get_by_role("button", name="用建议的点").click()
    expect(row.locator("[data-at]")).to_contain_text("选了 116.9")
    expect(page.locator("#chosen-row")).to_contain_text("用了建议的点")
    row.get_by_role("button", name="撤销").click()
    expect(row.locator("[data-at]")).to_have_text("没有能用的坐标")


def test_with_the_keyboard_alone(page: Page, example: Path) -> None:
    check(page, example)
    row = page.locator(f"#row-{LOST}")
    row.locator("[data-pick]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#picking")).to_be_hidden()
    row.locator("[data-pick]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")  # the map has the focus, and moves under the cross
    page.locator("#pick-here").focus()
    page.keyboard.press("Enter")
    expect(row.locator("[data-at]")).to_contain_text("选了")
    page.keyboard.press("Enter")  # the focus is on 撤销
    expect(row.locator("[data-at]")).to_have_text("没有能用的坐标")
    expect(page.locator("#picks")).to_have_value("[]")


def test_table_and_map_point_at_each_other(page: Page, example: Path) -> None:
    check(page, example)
    page.locator("#row-31 [data-show]").click()
    expect(page.locator("#chosen-row")).to_contain_text("第 31 行")
    box = page.locator("#canvas").bounding_box()
    assert box
    page.wait_for_timeout(400)  # the map flies
    page.locator("#row-7 [data-show]").click()
    page.wait_for_timeout(400)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#row-7")).to_have_class("row row-warning chosen")


def test_the_question_is_answered_on_the_page(
    page: Page, axe: str, example: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(example)
    ledger = book.worksheets[0]
    ledger.delete_cols([cell.value for cell in ledger[1]].index("坐标来源") + 1)
    book.save(tmp_path / "unsaid.xlsx")
    page.set_input_files("#file", tmp_path / "unsaid.xlsx")
    page.locator("#submit").click()
    expect(page.locator("h1")).to_contain_text("坐标从哪抄的？")
    assert violations(page, axe) == []
    page.get_by_role("button", name="高德").click()
    page.wait_for_selector("#canvas[data-ready]")
    expect(page.locator(".answered")).to_contain_text("按「高德」换算")
    ledger = openpyxl.load_workbook(take_back(page, tmp_path / "back.xlsx")).worksheets[0]
    at = [cell.value for cell in ledger[1]].index("坐标来源")
    assert {row[at].value for row in ledger.iter_rows(min_row=2)} == {"高德"}


@pytest.mark.parametrize(
    "look", rest_at_length([{"viewport": PHONE}, {"color_scheme": "dark"}], {"viewport": PHONE})
)
def test_phone_and_night(
    chromium: Browser, site: str, axe: str, example: Path, look: dict[str, Any]
) -> None:
    context = chromium.new_context(locale="zh-CN", **look)
    page = context.new_page()
    page.goto(f"{site}/staff/check")
    assert violations(page, axe) == []
    check(page, example)
    assert violations(page, axe) == []
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_without_javascript(chromium: Browser, site: str, example: Path, tmp_path: Path) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/staff/check")
    page.set_input_files("#file", example)
    page.locator("#submit").click()
    expect(page.locator(f"#row-{LOST}")).to_be_visible()
    assert page.locator("#beside").is_hidden()
    assert take_back(page, tmp_path / "back.xlsx").stat().st_size > 5000
    context.close()
