"""The small picture of the county: before the map, at the same place, and instead of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.conftest import BROWSER_ARGUMENTS, installed_chromium
from tests.end_to_end.conftest import DESKTOP, NOON, PHONE, Open, Watch, violations
from tests.server.tiny_release import STATIONS

pytestmark = pytest.mark.browser

LIST = "/c/shucheng/"
#: A few steps from the union post in the north.
HERE = {"longitude": 116.952, "latitude": 31.4700, "accuracy": 20}
_MIDDLES = """all => Object.fromEntries(all.map((one) => {
  const box = one.getBoundingClientRect();
  return [one.dataset.id, [box.x + box.width / 2, box.y + box.height / 2]];
}))"""


def held_back(page: Page) -> list[Route]:
    """The map's library, which comes when the test lets it."""
    routes: list[Route] = []
    page.route("**/maplibre-gl.mjs", lambda route: routes.append(route))
    return routes


def middles(page: Page, inside: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = page.locator(f"{inside} .marker").evaluate_all(_MIDDLES)
    return found


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_picture_lies_where_the_map_will(open_page: Open, viewport: dict[str, int]) -> None:
    page, _ = open_page("/healthz", viewport=viewport)
    held = held_back(page)
    page.goto(page.url.replace("/healthz", LIST))
    expect(page.locator(".overview .marker")).to_have_count(len(STATIONS))
    before = middles(page, ".overview")
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
    expect(page.locator(".overview")).to_have_count(0)
    after = middles(page, "#map")
    assert before.keys() == after.keys()
    for station, (x, y) in before.items():
        assert after[station] == pytest.approx([x, y], abs=1.5)


def test_what_was_done_on_the_picture_stays_on_the_map(open_page: Open) -> None:
    page, watch = open_page("/healthz")
    held = held_back(page)
    page.goto(page.url.replace("/healthz", LIST))
    page.locator(f'.overview .marker[data-id="{STATIONS[1]["id"]}"]').click()
    expect(page.locator("#panel .card-name")).to_have_text(STATIONS[1]["name"])
    pressed = f'.marker[data-id="{STATIONS[1]["id"]}"][aria-pressed="true"]'
    expect(page.locator(f".overview {pressed}")).to_be_attached()
    held[0].continue_()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
    expect(page.locator(f"#map {pressed}")).to_be_attached()
    watch.assert_clean()


@pytest.fixture(scope="module")
def plain(chromium: Browser) -> Iterator[Browser]:
    """A browser without WebGL."""
    browser = chromium.browser_type.launch(
        executable_path=installed_chromium(),
        args=[*BROWSER_ARGUMENTS, "--disable-3d-apis", "--disable-gpu"],
    )
    yield browser
    browser.close()


def test_without_webgl_the_picture_is_the_map(site: str, plain: Browser, axe: str) -> None:
    context = plain.new_context(
        viewport=PHONE, locale="zh-CN", service_workers="block", has_touch=True,
        geolocation=HERE, permissions=["geolocation"],
    )  # fmt: skip
    page = context.new_page()
    page.clock.set_fixed_time(NOON)
    watch = Watch(site)
    watch.look_at(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + LIST)
    expect(page.locator("#map-note")).to_have_text(
        "能拖动的地图画不出来，先用这张图；名单照常可用。"
    )
    expect(page.locator(".overview .marker")).to_have_count(len(STATIONS))
    always = page.locator(f'.overview .marker[data-id="{STATIONS[0]["id"]}"]')
    expect(always).to_have_class(re.compile("marker-open"))
    assert violations(page, axe) == []
    page.locator("#near").tap()
    expect(page.locator(".overview .me")).to_be_visible()
    page.locator(f'.overview .marker[data-id="{STATIONS[2]["id"]}"]').tap()
    expect(page.locator("#panel .card-name")).to_have_text(STATIONS[2]["name"])
    assert page.locator(".overview .way").get_attribute("d")
    page.locator("#panel-close").tap()
    assert not page.locator(".overview .way").get_attribute("d")
    assert not any("maplibre" in url or "pmtiles" in url for url in asked)
    watch.assert_clean()
    context.close()


def test_a_place_is_picked_on_the_picture(site: str, plain: Browser) -> None:
    page = plain.new_page(viewport=PHONE, locale="zh-CN")
    page.goto(site + LIST)
    expect(page.locator(".overview .marker")).to_have_count(len(STATIONS))
    page.locator("#near").click()
    expect(page.locator("#pick-map")).to_be_visible()
    page.locator("#pick-map").click()
    aim = middles(page, ".overview")[STATIONS[0]["id"]]
    page.mouse.click(aim[0] + 40, aim[1])
    expect(page.locator("#list-note")).to_contain_text("从你点的位置算起")
    box = page.locator(".overview .me").bounding_box()
    assert box is not None
    expect(page.locator(".cards .card-name").first).to_have_text(STATIONS[0]["name"])
    page.close()


def test_without_picture_and_webgl_the_list_stands_alone(site: str, plain: Browser) -> None:
    page = plain.new_page(viewport=PHONE, locale="zh-CN")
    page.route("**/overview.svg", lambda route: route.abort())
    page.goto(site + LIST)
    expect(page.locator("#map-note")).to_have_text("这台手机画不了地图，名单照常可用。")
    expect(page.locator(".map-pane")).to_be_hidden()
    expect(page.locator("[data-state]").first).to_be_visible()
    page.locator(".cards [data-open]").first.click()
    expect(page.locator("#panel .card-name")).to_be_visible()
    page.close()
