"""Nothing that axe-core knows to be in the way of a reader stands on any page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.end_to_end.built import opened
from tests.end_to_end.conftest import DESKTOP, NOON, PHONE, WECHAT, violations
from tests.quick import rest_at_length

pytestmark = pytest.mark.browser

#: Each state of each page, by what leads to it.
PAGES = {
    "counties": "/",
    "list": "/c/kuandian/",
    "card": "/c/kuandian/#210624-002",
    "station": "/s/210624-002",
    "planner": "/c/kuandian/plan",
    "sign": "/go/210624-002",
    "not found": "/s/210624-999",
}
LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": PHONE},
    "night": {"viewport": DESKTOP, "color_scheme": "dark"},
    "english": {"viewport": PHONE},
}
#: What another look changes is seen on these; the rest, and the list below its card, at length.
SHORT = {"counties-phone", "station-phone", "sign-phone", "card-phone", "planner-phone",
         "not found-phone", "card-night", "planner-night", "card-english",
         "planner-english"}  # fmt: skip


@pytest.mark.parametrize(
    "state", rest_at_length([f"{name}-{look}" for look in LOOKS for name in PAGES], *SHORT)
)
def test_no_violation(chromium: Browser, counties_site: str, axe: str, state: str) -> None:
    name, _, look = state.rpartition("-")
    path, _, hash_ = PAGES[name].partition("#")
    path += "?lang=en" if look == "english" else ""
    path += f"#{hash_}" if hash_ else ""
    context = chromium.new_context(locale="zh-CN", service_workers="block", **LOOKS[look])
    try:
        page = context.new_page()
        page.clock.set_fixed_time(NOON)
        page.goto(counties_site + path)
        if name in {"list", "card", "station", "planner"}:
            ready = "#plan-canvas[data-ready]" if name == "planner" else "[data-ready]"
            expect(page.locator(ready)).to_be_attached(timeout=20_000)
        assert violations(page, axe) == []
    finally:
        context.close()


def test_no_violation_in_the_dialogs(chromium: Browser, counties_site: str, axe: str) -> None:
    options = {"viewport": PHONE, "user_agent": WECHAT}
    with opened(chromium, counties_site, "/s/210624-002", moment=NOON, **options) as page:
        page.locator("[data-go]").click()
        expect(page.locator("#illustrative-dialog")).to_be_visible()
        assert violations(page, axe) == []
        page.locator("#illustrative-dialog [data-go-on]").click()
        expect(page.locator("#wechat-dialog")).to_be_visible()
        assert violations(page, axe) == []


def test_no_violation_where_one_says_where_one_is(
    chromium: Browser, counties_site: str, axe: str
) -> None:
    """A wrong clock, a position refused, the ways around it, the list by a place."""

    def answer(route: Route) -> None:
        response = route.fetch()
        date = "Mon, 02 Nov 2026 09:00:00 GMT"
        route.fulfill(response=response, headers={**response.headers, "Date": date})

    with opened(chromium, counties_site, "/healthz", moment=NOON, viewport=PHONE) as page:
        page.route("**/open.json", answer)
        page.goto(counties_site + "/c/kuandian/")
        expect(page.locator('[data-matter="clock"]')).to_be_visible()
        expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
        page.locator("#near").click()
        expect(page.locator("#locate-trouble")).to_be_visible()
        assert violations(page, axe) == []
        page.locator("#pick-name").click()
        expect(page.locator("#place-list button").first).to_be_visible()
        assert violations(page, axe) == []
        page.locator("#place-list button").first.click()
        page.locator(".cards [data-open]").first.click()
        expect(page.locator("#panel [data-way]")).to_contain_text("分钟")
        assert violations(page, axe) == []
