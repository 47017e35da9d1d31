"""The small picture of the county: before the map, at the same place, and instead of it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.conftest import BROWSER_ARGUMENTS, installed_chromium
from tests.end_to_end.conftest import DESKTOP, NOON, PHONE, Open, Watch, violations
from tests.quick import rest_at_length
from tests.server.tiny_release import STATIONS

pytestmark = pytest.mark.browser

LIST = "/c/shucheng/"
#: A few steps from the union post in the north.
HERE = {"longitude": 116.952, "latitude": 31.4700, "accuracy": 20}
_MIDDLES = """all => Object.fromEntries(all.map((one) => {
  const box = one.getBoundingClientRect();
  return [one.dataset.id, [box.x + box.width / 2, box.y + box.height / 2]];
}))"""


#: A point of the picture where nothing stands.
_FREE = """() => {
  const box = document.querySelector(".overview").getBoundingClientRect();
  for (let y = box.bottom - 70; y > box.top; y -= 9) {
    for (let x = box.left + 30; x < box.right - 30; x += 9) {
      const around = [[x, y], [x - 15, y], [x + 15, y], [x, y - 15], [x, y + 15]];
      const hit = around.map((at) => document.elementFromPoint(...at));
      if (hit.every((one) => one && one.closest(".overview > svg"))) return [x, y];
    }
  }
}"""


#: The chosen marker's name is no higher than the lower edge of its grown ring.
_NAME_IS_BELOW = """() => {
  const part = (name) => document.querySelector('.marker[aria-pressed="true"] ' + name);
  return part(".marker-name").getBoundingClientRect().top >=
    part(".marker-ground").getBoundingClientRect().bottom;
}"""
#: The names written on the picture, each with whether all of it is inside.
_NAMES = """() => {
  const edge = document.querySelector(".overview").getBoundingClientRect();
  return Array.from(document.querySelectorAll(".overview text"), (text) => {
    const box = text.getBoundingClientRect();
    const whole = box.left >= edge.left - 2 && box.right <= edge.right + 2 &&
      box.top >= edge.top - 4 && box.bottom <= edge.bottom + 4;
    return [text.textContent, whole, getComputedStyle(text).display !== "none"];
  }).filter((each) => each[2]).map((each) => each.slice(0, 2));
}"""
_CREDIT_AT = """([left, top]) => {
  const credit = document.getElementById("map-credit");
  Object.assign(credit.style, { position: "fixed",
    left: left + "px", top: top + "px", bottom: "auto" });
  dispatchEvent(new Event("resize"));
}"""


def held_back(page: Page) -> list[Route]:
    """The map's library, which comes when the test lets it."""
    routes: list[Route] = []
    page.route("**/maplibre-gl.mjs", lambda route: routes.append(route))
    return routes


def middles(page: Page, inside: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = page.locator(f"{inside} .marker").evaluate_all(_MIDDLES)
    return found


@pytest.mark.parametrize("viewport", rest_at_length([PHONE, DESKTOP], PHONE))
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
    # Its ring has grown, and its name stands below that; rings are as thick as on the map.
    page.wait_for_function(_NAME_IS_BELOW)
    ring = page.locator(".overview .marker-ring").first
    assert ring.evaluate("ring => getComputedStyle(ring).vectorEffect") == "none"
    page.locator("#panel-close").tap()
    assert not page.locator(".overview .way").get_attribute("d")
    assert not any("maplibre" in url or "pmtiles" in url for url in asked)
    watch.assert_clean()
    context.close()


def test_no_name_is_cut_in_half(counties_site: str, plain: Browser) -> None:
    """Neither by the edge of the picture nor by the credit that lies over it."""
    page = plain.new_page(viewport=PHONE, locale="zh-CN")
    page.goto(counties_site + "/c/shucheng/")
    expect(page.locator("#map-note")).to_contain_text("先用这张图")
    seen = set()
    for width in range(320, 900, 60):
        page.set_viewport_size({"width": width, "height": 700})
        names = page.evaluate(_NAMES)
        seen |= {name for name, _ in names}
        assert all(whole for _, whole in names), (width, names)
    assert seen
    name = page.locator(".overview text:visible").first
    box = name.bounding_box()
    assert box
    text = name.inner_html()
    page.evaluate(_CREDIT_AT, [box["x"] + box["width"] - 4, box["y"]])
    assert text not in {each for each, _ in page.evaluate(_NAMES)}
    page.close()


def test_a_stations_page_without_webgl_speaks_of_no_list(site: str, plain: Browser) -> None:
    page = plain.new_page(viewport=PHONE, locale="zh-CN")
    page.goto(f"{site}/s/{STATIONS[0]['id']}")
    expect(page.locator("#toast")).to_have_text(re.compile("地图.*；导航照常可用。"))
    page.close()


def test_a_place_is_picked_on_the_picture(site: str, plain: Browser) -> None:
    page = plain.new_page(viewport=PHONE, locale="zh-CN")
    page.goto(site + LIST)
    expect(page.locator(".overview .marker")).to_have_count(len(STATIONS))
    before = middles(page, ".overview")
    page.locator("#near").click()
    expect(page.locator("#pick-map")).to_be_visible()
    page.locator("#pick-map").click()
    spot = page.evaluate(_FREE)
    page.mouse.click(*spot)
    expect(page.locator("#list-note")).to_contain_text("从你点的位置算起")
    expect(page.locator(".cards [data-way]").first).to_be_visible()
    # The view has moved, and by the same two stations the place is where it was tapped.
    me = page.locator(".overview .me").bounding_box()
    moved = middles(page, ".overview")
    one, other = STATIONS[0]["id"], STATIONS[2]["id"]
    scale = math.dist(moved[one], moved[other]) / math.dist(before[one], before[other])
    found = [me["x"] + me["width"] / 2, me["y"] + me["height"] / 2]
    wanted = [moved[one][at] + (spot[at] - before[one][at]) * scale for at in (0, 1)]
    assert found == pytest.approx(wanted, abs=1.5)
    # A marker is no less a place while one is picked, and is a station again after.
    page.locator("#near").click()
    page.locator("#near").click()
    page.locator("#pick-map").click()
    marker = page.locator(f'.overview .marker[data-id="{other}"]')
    marker.click()
    expect(page.locator("#map-hint")).to_be_hidden()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator(f'[id="{other}"] [data-way]')).to_contain_text("约 1 分钟")
    marker.click()
    expect(page.locator("#panel .card-name")).to_have_text(STATIONS[2]["name"])
    page.close()


def test_a_pick_that_waits_is_taken_on_the_map(open_page: Open) -> None:
    page, _ = open_page("/healthz")
    held = held_back(page)
    page.goto(page.url.replace("/healthz", LIST))
    expect(page.locator(".overview .marker")).to_have_count(len(STATIONS))
    page.locator("#near").click()
    page.locator("#pick-map").click()
    held[0].continue_()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
    page.locator("#map").click(position={"x": 40, "y": 120})
    expect(page.locator("#map-hint")).to_be_hidden()
    expect(page.locator("#list-note")).to_contain_text("从你点的位置算起")


def test_the_focus_stays_with_its_station(open_page: Open) -> None:
    page, _ = open_page("/healthz")
    held = held_back(page)
    page.goto(page.url.replace("/healthz", LIST))
    marker = f'.marker[data-id="{STATIONS[1]["id"]}"]'
    page.locator(f".overview {marker}").focus()
    held[0].continue_()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
    expect(page.locator(f"#map {marker}")).to_be_focused()


def test_a_map_without_tiles_does_not_take_the_picture_away(open_page: Open) -> None:
    page, _ = open_page("/healthz")
    page.route("**/basemap.pmtiles", lambda route: route.abort())
    page.goto(page.url.replace("/healthz", LIST))
    expect(page.locator("#map-note")).to_contain_text("先用这张图", timeout=20_000)
    expect(page.locator(".overview .marker")).to_have_count(len(STATIONS))
    expect(page.locator("#map .marker")).to_have_count(0)


def test_while_tiles_hang_only_the_picture_is_there(open_page: Open) -> None:
    page, _ = open_page("/healthz")
    held: list[Route] = []
    page.route("**/basemap.pmtiles", lambda route: held.append(route))
    page.goto(page.url.replace("/healthz", LIST))
    expect(page.locator("#map .maplibregl-canvas")).to_be_attached(timeout=20_000)
    expect(page.locator(".overview .marker")).to_have_count(len(STATIONS))
    expect(page.locator("#map")).to_be_hidden()
    page.keyboard.press("Tab")
    for _ in range(40):
        page.keyboard.press("Tab")
        assert not page.evaluate("document.getElementById('map').contains(document.activeElement)")


@pytest.mark.parametrize("file", rest_at_length(["overview.svg", "overview.js"], "overview.js"))
def test_a_picture_that_hangs_does_not_hold_the_map_back(open_page: Open, file: str) -> None:
    page, _ = open_page("/healthz")
    held: list[Route] = []
    page.route(f"**/{file}", lambda route: held.append(route))
    page.goto(page.url.replace("/healthz", LIST))
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
    assert held
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)
    expect(page.locator(".overview")).to_have_count(0)


LOGIN = "<html xmlns='http://www.w3.org/1999/xhtml'><p>log in</p></html>"
BARE = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"


@pytest.mark.parametrize("answer", rest_at_length([LOGIN, "<svg", "{}", BARE], LOGIN))
def test_another_answer_is_no_picture(site: str, plain: Browser, answer: str) -> None:
    page = plain.new_page(viewport=PHONE, locale="zh-CN")
    page.route("**/overview.svg", lambda route: route.fulfill(body=answer))
    page.goto(site + LIST)
    expect(page.locator("#map-note")).to_have_text("这台手机画不了地图，名单照常可用。")
    expect(page.locator(".overview")).to_have_count(0)
    page.close()


@pytest.mark.parametrize("size", rest_at_length([(844, 390), (320, 568), (640, 320)], (640, 320)))
def test_where_there_is_little_room(site: str, plain: Browser, size: tuple[int, int]) -> None:
    context = plain.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN",
        geolocation=HERE, permissions=["geolocation"],
    )  # fmt: skip
    page = context.new_page()
    watch = Watch(site)
    watch.look_at(page)
    page.goto(site + LIST)
    expect(page.locator(".overview .marker")).to_have_count(len(STATIONS))
    page.locator("#near").click()
    expect(page.locator(".overview .me")).to_be_visible()
    page.locator(".cards [data-open]").last.click()
    expect(page.locator("#panel")).to_be_visible()
    box = [float(each) for each in page.locator(".overview > svg").get_attribute("viewBox").split()]
    assert all(map(math.isfinite, box))
    page.keyboard.press("Escape")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.locator(".overview").evaluate("one => one.scrollLeft + one.scrollTop") == 0
    watch.assert_clean()
    context.close()


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
