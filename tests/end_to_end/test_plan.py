"""The planner's page in a real browser, over a release of an illustrative county."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from locator.county import find_county, list_counties
from locator.release.build import build_release
from locator.release.publish import Release, publish

pytestmark = pytest.mark.browser

AS_OF = date(2026, 11, 2)
SERVICES = 12


@pytest.fixture(scope="module")
def var(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("planner")


@pytest.fixture(scope="module")
def release(var: Path, data: Path) -> Release:
    built = build_release(
        find_county(data, "shucheng"),
        all_counties=list_counties(data),
        data=data,
        var=var,
        as_of=AS_OF,
    )
    publish(var, "shucheng", built.hash)
    return built


@pytest.fixture
def coverage(release: Release) -> dict[str, Any]:
    found: dict[str, Any] = release.json("public/coverage.json")
    return found


@pytest.fixture
def plan(visit: Callable[..., Any], var: Path, release: Release) -> Iterator[Any]:
    """The page with its map drawn; at the end nothing strange may have happened."""
    with visit(var) as seen:
        seen.open("/c/shucheng/plan")
        ready(seen.page)
        yield seen
        seen.assert_clean()


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


def test_the_headline_s_figures_are_the_release_s(plan: Any, coverage: dict[str, Any]) -> None:
    headline = plan.page.locator("h1.plan-headline").inner_text()
    assert figures(headline) == figures(coverage["headline_zh"])
    # The map starts at that hour, and its sentence counts the same riders.
    assert figures(headline)[1] in plan.page.locator("#slot-title").inner_text()
    assert plan.page.locator(".notice").inner_text().startswith("示意数据")


def test_every_hour_of_every_service_is_in_the_clock(plan: Any, coverage: dict[str, Any]) -> None:
    for day in ("workday", "dayoff"):
        table = plan.page.locator(f'table.clock[data-day="{day}"]')
        assert table.locator("tbody tr").count() == SERVICES
        assert table.locator("tbody td[data-hour]").count() == SERVICES * 24
        assert table.locator("caption").count() == 1
        for service in ("any_stop", "battery_swap"):
            texts = table.locator(f'tr[data-service="{service}"] td[data-hour]').all_inner_texts()
            for hour, text in enumerate(texts):
                said = row(coverage, day, hour, service)
                assert abs(int(text) - 100 * said["covered"] / said["total"]) <= 1


def test_a_cell_of_the_clock_moves_the_map(plan: Any, coverage: dict[str, Any]) -> None:
    page = plan.page
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


def test_the_hour_and_the_day_move_the_map_and_the_address_keeps_them(plan: Any) -> None:
    page = plan.page
    page.locator("#slot-hour").focus()
    page.keyboard.press("Home")
    assert "00:00" in page.locator("#slot-title").inner_text()
    night = drawn(page)
    page.locator("#slot-hour").fill("13")
    assert drawn(page) != night
    page.locator('.plan-map [data-choose-day="dayoff"]').click()
    title = page.locator("#slot-title").inner_text()
    assert title.startswith("休息日")
    page.reload()
    ready(page)
    assert page.locator("#slot-title").inner_text() == title


def test_the_clock_can_be_walked_with_the_keyboard(plan: Any) -> None:
    page = plan.page
    chosen = page.locator('td[aria-selected="true"]:visible')
    hour = int(chosen.get_attribute("data-hour"))
    chosen.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert f"{hour - 1:02}:00" in page.locator("#slot-title").inner_text()
    assert page.locator("#slot-service").input_value() != "any_stop"
    assert page.locator('td[tabindex="0"]:visible').count() == 1


def test_a_gap_of_the_list_is_found_on_the_map(plan: Any, coverage: dict[str, Any]) -> None:
    page = plan.page
    before = drawn(page)
    third = coverage["gaps"][2]
    page.locator(f'[data-gap="{third["id"]}"] button').click()
    assert drawn(page) != before
    assert page.locator(".gap.chosen").get_attribute("data-gap") == third["id"]
    day, hour, service = page.url.rsplit("#", 1)[1].split("-")
    assert f"{day} {hour}" in third["hours"]
    assert service == "any_stop"
    assert page.locator(".gap").count() == len(coverage["gaps"])


def test_a_cell_of_the_map_says_its_riders(plan: Any) -> None:
    canvas, said = plan.page.locator("#plan-canvas"), plan.page.locator("#cell-text")
    hint = said.inner_text()
    box = canvas.bounding_box()
    for step in range(64):
        across, down = 0.1 + 0.1 * (step % 8), 0.1 + 0.1 * (step // 8)
        canvas.click(position={"x": across * box["width"], "y": down * box["height"]})
        if "名骑手" in said.inner_text():
            break
    assert said.inner_text() != hint
    assert "分钟" in said.inner_text() or "到不了" in said.inner_text()


@pytest.mark.parametrize("kind", [{"color_scheme": "dark"}, {"width": 390, "height": 844}])
def test_night_and_phone_are_clean_and_fit(
    visit: Callable[..., Any], var: Path, release: Release, kind: dict[str, Any]
) -> None:
    with visit(var, **kind) as seen:
        seen.open("/c/shucheng/plan")
        ready(seen.page)
        width = seen.page.evaluate("document.documentElement.scrollWidth")
        assert width <= kind.get("width", 1280)
        chosen = seen.page.locator('td[aria-selected="true"]:visible').bounding_box()
        assert 0 <= chosen["x"] < kind.get("width", 1280), "the worst hour is in view"
        seen.assert_clean()


def test_the_page_turns_to_night_with_its_map(
    visit: Callable[..., Any], var: Path, release: Release
) -> None:
    with visit(var) as seen:
        seen.open("/c/shucheng/plan")
        ready(seen.page)
        day = drawn(seen.page)
        seen.page.emulate_media(color_scheme="dark")
        assert drawn(seen.page) != day
        seen.assert_clean()


def test_without_javascript_sentence_clock_and_gaps_are_there(
    visit: Callable[..., Any], var: Path, coverage: dict[str, Any]
) -> None:
    with visit(var, java_script_enabled=False) as seen:
        page = seen.open("/c/shucheng/plan")
        assert page.locator("h1.plan-headline").is_visible()
        assert page.locator("table.clock:visible").count() == 2
        assert page.locator(".gap:visible").count() == min(8, len(coverage["gaps"]))
        assert page.locator(".plan-map").is_hidden()
        assert coverage["gaps"][0]["name"] in page.locator(".gap").first.inner_text()
        seen.assert_clean()


def test_without_webgl_the_clock_still_answers(
    visit: Callable[..., Any], var: Path, release: Release
) -> None:
    with visit(var) as seen:
        seen.page.add_init_script(
            "HTMLCanvasElement.prototype.getContext = function () { return null; };"
        )
        page = seen.open("/c/shucheng/plan")
        page.wait_for_selector("#map-trouble:not([hidden])")
        assert "WebGL2" in page.locator("#map-trouble").inner_text()
        page.locator('.clock-day:not(.clock-other) td[data-hour="5"]').first.click()
        assert "05:00" in page.locator("#slot-title").inner_text()
        seen.assert_clean()
