"""The planner's page in a real browser, over a release of an illustrative county."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from locator.release.publish import Release
from tests.end_to_end.built import opened
from tests.end_to_end.conftest import PHONE
from tests.quick import rest_at_length

pytestmark = pytest.mark.browser

PLAN = "/c/shucheng/plan"
SERVICES = 12


@pytest.fixture(scope="module")
def coverage(shucheng: Release) -> dict[str, Any]:
    found: dict[str, Any] = shucheng.json("public/coverage.json")
    return found


@pytest.fixture
def page(chromium: Browser, counties_site: str) -> Iterator[Page]:
    """The page with its map drawn."""
    with opened(chromium, counties_site, PLAN) as page:
        ready(page)
        yield page


def ready(page: Page) -> None:
    page.wait_for_selector("#plan-canvas[data-ready]")


def figures(text: str) -> list[str]:
    return re.findall(r"[\d,.:]+\d", text)


def drawn(page: Page) -> bytes:
    """The map's pixels, once they stand still."""
    canvas = page.locator("#plan-canvas")
    before = canvas.screenshot()
    for _ in range(40):
        page.wait_for_timeout(150)
        now = canvas.screenshot()
        if now == before:
            return now
        before = now
    raise AssertionError("the map never came to rest")


def row(coverage: dict[str, Any], day: str, hour: int, service: str) -> dict[str, Any]:
    return next(
        each
        for each in coverage["clock"]
        if (each["day"], each["hour"], each["service"]) == (day, hour, service)
    )


def test_the_headline_s_figures_are_the_release_s(page: Page, coverage: dict[str, Any]) -> None:
    headline = page.locator("h1.plan-headline").inner_text()
    assert figures(headline) == figures(coverage["headline_zh"])
    # The map starts at that hour, and its sentence counts the same riders.
    assert figures(headline)[1] in page.locator("#slot-title").inner_text()
    assert page.locator(".notice").inner_text().startswith("示意数据")


def test_every_hour_of_every_service_is_in_the_clock(page: Page, coverage: dict[str, Any]) -> None:
    for day in ("workday", "dayoff"):
        table = page.locator(f'table.clock[data-day="{day}"]')
        assert table.locator("tbody tr").count() == SERVICES
        assert table.locator("tbody td[data-hour]").count() == SERVICES * 24
        assert table.locator("caption").count() == 1
        for service in ("any_stop", "battery_swap"):
            texts = table.locator(f'tr[data-service="{service}"] td[data-hour]').all_inner_texts()
            for hour, text in enumerate(texts):
                said = row(coverage, day, hour, service)
                assert abs(int(text) - 100 * said["covered"] / said["total"]) <= 1


def test_a_cell_of_the_clock_moves_the_map(page: Page, coverage: dict[str, Any]) -> None:
    before = drawn(page)
    shown = page.locator(".clock-day:not(.clock-other)")
    shown.locator('tr[data-service="toilet"] td[data-hour="3"]').click()
    day = shown.get_attribute("data-day")
    title = page.locator("#slot-title").inner_text()
    said = row(coverage, day, 3, "toilet")
    assert "03:00" in title
    assert "如厕" in title
    assert f"{said['total'] - said['covered']:,.0f}" in title or said["total"] < 10
    assert page.locator("#slot-service").input_value() == "toilet"
    assert page.locator("#slot-hour").input_value() == "3"
    assert drawn(page) != before
    assert page.url.endswith(f"#{day}-3-toilet")
    assert page.locator('td[aria-selected="true"]:visible').count() == 1


def test_the_hour_and_the_day_move_the_map_and_the_address_keeps_them(page: Page) -> None:
    page.locator("#slot-hour").focus()
    page.keyboard.press("Home")
    assert "00:00" in page.locator("#slot-title").inner_text()
    night = drawn(page)
    page.locator("#slot-hour").fill("13")
    assert drawn(page) != night
    page.locator('.plan-choices [data-choose-day="dayoff"]').click()
    title = page.locator("#slot-title").inner_text()
    assert title.startswith("休息日")
    page.reload()
    ready(page)
    assert page.locator("#slot-title").inner_text() == title


def test_the_clock_can_be_walked_with_the_keyboard(page: Page) -> None:
    chosen = page.locator('td[aria-selected="true"]:visible')
    hour = int(chosen.get_attribute("data-hour"))
    chosen.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert f"{hour - 1:02}:00" in page.locator("#slot-title").inner_text()
    assert page.locator("#slot-service").input_value() != "any_stop"
    assert page.locator('td[tabindex="0"]:visible').count() == 1


def test_a_gap_of_the_list_is_found_on_the_map(page: Page, coverage: dict[str, Any]) -> None:
    page.locator('[data-choose-by="week"]').click()
    before = drawn(page)
    third = coverage["gaps"][2]
    page.locator(f'[data-gap="{third["id"]}"] button').click()
    assert drawn(page) != before
    assert page.locator(".gap.chosen").get_attribute("data-gap") == third["id"]
    slot, _, kept = page.url.rsplit("#", 1)[1].partition("&")
    day, hour, service = slot.split("-")
    assert f"{day} {hour}" in third["hours"]
    assert service == "any_stop"
    assert kept == f"b=week&g={third['id']}"
    assert page.locator(".gap").count() == len(coverage["gaps"])


def test_a_cell_of_the_map_says_its_riders(page: Page) -> None:
    canvas, said = page.locator("#plan-canvas"), page.locator("#panel")
    box = canvas.bounding_box()
    for step in range(64):
        across, down = 0.1 + 0.1 * (step % 8), 0.1 + 0.1 * (step // 8)
        canvas.click(position={"x": across * box["width"], "y": down * box["height"]})
        if said.is_visible() and "这一格" in said.inner_text():
            break
    assert "名骑手" in said.inner_text()
    assert "分钟" in said.inner_text() or "到不了" in said.inner_text()


@pytest.mark.parametrize(
    "options", rest_at_length([{"color_scheme": "dark"}, {"viewport": PHONE}], {"viewport": PHONE})
)
def test_night_and_phone_fit(
    chromium: Browser, counties_site: str, options: dict[str, Any]
) -> None:
    with opened(chromium, counties_site, PLAN, **options) as page:
        ready(page)
        width = page.viewport_size["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        chosen = page.locator('td[aria-selected="true"]:visible').bounding_box()
        assert 0 <= chosen["x"] < width, "the worst hour is in view"


def test_the_page_turns_to_night_with_its_map(page: Page) -> None:
    day = drawn(page)
    page.emulate_media(color_scheme="dark")
    assert drawn(page) != day


def test_without_javascript_sentence_clock_and_gaps_are_there(
    chromium: Browser, counties_site: str, coverage: dict[str, Any]
) -> None:
    with opened(chromium, counties_site, PLAN, java_script_enabled=False) as page:
        assert page.locator("h1.plan-headline").is_visible()
        assert page.locator("table.clock:visible").count() == 2
        assert page.locator(".gap:visible").count() == min(10, len(coverage["gaps"]))
        assert page.locator(".plan-map").is_hidden()
        assert coverage["gaps"][0]["name"] in page.locator(".gap").first.inner_text()


def test_without_webgl_the_clock_still_answers(chromium: Browser, counties_site: str) -> None:
    with opened(chromium, counties_site, "/healthz") as page:
        page.add_init_script(
            "HTMLCanvasElement.prototype.getContext = function () { return null; };"
        )
        page.goto(counties_site + PLAN)
        page.wait_for_selector("#map-trouble:not([hidden])")
        assert "WebGL2" in page.locator("#map-trouble").inner_text()
        page.locator('.clock-day:not(.clock-other) td[data-hour="5"]').first.click()
        assert "05:00" in page.locator("#slot-title").inner_text()
