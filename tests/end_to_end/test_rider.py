from __future__ import annotations

import html
import io
import re
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from locator.outputs.links import marker_link, navigation_links
from locator.server.cards import LINK_SOURCE
from tests.end_to_end.conftest import (
    ANDROID,
    DESKTOP,
    NOON,
    PHONE,
    WECHAT,
    Open,
    wait_until,
)
from tests.quick import rest_at_length
from tests.server.tiny_release import STATIONS

pytestmark = pytest.mark.browser

LIST = "/c/shucheng/"
#: A few steps from the union post in the north.
HERE = {"longitude": 116.952, "latitude": 31.4700, "accuracy": 20}


def links(station: dict[str, Any]) -> dict[str, str]:
    lon, lat = station["at"]
    found = navigation_links(lon, lat, station["name"], src=LINK_SOURCE)
    return {link.app: link.url for link in found}


def wait_for_map(page: Page) -> None:
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)


def wait_until_still(element: Locator) -> None:
    """The map flies to what is chosen, and what one taps meanwhile is elsewhere by then."""
    before = None
    while before != (now := element.bounding_box()):
        before = now
        element.page.wait_for_timeout(300)


def open_at(open_page: Open, hour: int, minute: int = 0) -> Page:
    """The list as a phone shows it at this time of 2 November 2026, a Monday."""
    page, watch = open_page(LIST, moment=NOON.replace(hour=hour, minute=minute))
    expect(page.locator("[data-state]").first).to_be_visible()
    expect(page.locator("html.live")).to_be_attached()
    watch.assert_clean()
    return page


def states(page: Page) -> list[str]:
    return page.locator(".cards [data-state-text]").all_text_contents()


# --- the whole page ------------------------------------------------------------------------------


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", rest_at_length(["light", "dark"], "light"))
def test_list_then_map_and_nothing_from_elsewhere(
    open_page: Open, viewport: Any, scheme: str
) -> None:
    page, watch = open_page(LIST, viewport=viewport, color_scheme=scheme)
    expect(page.locator(".cards > li")).to_have_count(3)
    expect(page.locator(".cards > li").first).to_be_in_viewport()
    wait_for_map(page)
    page.wait_for_timeout(1000)
    pixels = np.asarray(Image.open(io.BytesIO(page.locator("#map canvas").screenshot())))
    colours = np.unique(pixels.reshape(-1, pixels.shape[-1])[:, :3], axis=0)
    assert len(colours) > 30  # land, water, roads, casings, labels
    assert page.locator(".marker").count() == 3
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
    watch.assert_clean()
    assert watch.failed == []


def test_no_text_is_small_and_no_target_is(open_page: Open) -> None:
    page, _ = open_page(LIST + "#341523-001")
    wait_for_map(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => e.offsetParent &&
          [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&
          parseFloat(getComputedStyle(e).fontSize) < 13).map(e => e.className + e.textContent)"""
    )
    assert small == []
    targets = page.evaluate(
        """() => [...document.querySelectorAll(`a.button, button.button,
          summary, .panel-close, .marker, input, .bar a`)].filter(e => e.offsetParent).map(e => {
          const box = e.getBoundingClientRect(); return [e.className || e.id, box.height] })
          .filter(([, height]) => height < 47.9)"""
    )
    assert targets == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_of_twice_the_size_fits(open_page: Open, lang: str) -> None:
    page, watch = open_page("/healthz")
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.goto(page.url.replace("/healthz", f"{LIST}?lang={lang}"))
    expect(page.locator("html.live")).to_be_attached(timeout=20_000)
    size = page.locator(".card-name").first.evaluate("one => getComputedStyle(one).fontSize")
    assert size == "34px"
    go = page.locator(".cards [data-go]").first
    for element in (go, page.locator(".bar-links a").last):
        box = element.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
    page.locator(".cards [data-open]").first.click()
    expect(page.locator("#panel .facts")).to_be_visible()
    for reach in ("document.documentElement", "document.getElementById('panel')"):
        assert page.evaluate(f"{reach}.scrollWidth <= {reach}.clientWidth"), reach
    watch.assert_clean()


def test_tap_a_marker_read_the_card_go_there(open_page: Open) -> None:
    page, watch = open_page(LIST, user_agent=ANDROID)
    wait_for_map(page)
    marker = page.get_by_role("button", name=re.compile("河畔小哥食堂（示意），小哥食堂，"))
    marker.click()
    panel = page.locator("#panel")
    expect(panel).to_be_visible()
    expect(panel.locator(".card-name")).to_have_text(STATIONS[1]["name"])
    golden = links(STATIONS[1])
    expect(panel.locator("[data-go]")).to_have_attribute("href", golden["amap_ebike"])
    assert page.url.endswith("#341523-002")
    panel.locator("summary").click()
    for app in ("amap_ride", "baidu", "tencent"):
        expect(panel.locator(f"[data-app={app}]")).to_have_attribute("href", golden[app])
    # What is made up says so before any app opens.
    panel.locator("[data-go]").click()
    dialog = page.locator("#illustrative-dialog")
    expect(dialog).to_contain_text("示意点位，现场没有驿站")
    expect(dialog.locator("[data-go-on]")).to_have_attribute("href", golden["amap_ebike"])
    dialog.locator("[data-close]").click()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    watch.assert_clean()


def test_the_list_and_the_map_choose_the_same(open_page: Open) -> None:
    page, _ = open_page(LIST, viewport=DESKTOP)
    wait_for_map(page)
    page.locator(".cards [data-open]").first.click()
    expect(page.locator('.marker[data-id="341523-001"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#panel .card-name")).to_have_text(STATIONS[0]["name"])
    # A computer has no app: the place itself is shown.
    lon, lat = STATIONS[0]["at"]
    place = marker_link(lon, lat, STATIONS[0]["name"], src=LINK_SOURCE)
    expect(page.locator("#panel [data-go]")).to_have_attribute("href", place)
    other = page.locator('.marker[data-id="341523-003"]')
    wait_until_still(other)
    other.click()
    expect(page.locator("#panel .card-name")).to_have_text(STATIONS[2]["name"])
    expect(page.locator("li.chosen")).to_have_attribute("id", "341523-003")


def test_the_card_says_what_holds_today(open_page: Open) -> None:
    page, watch = open_page(LIST + "#341523-002", user_agent=ANDROID)
    panel = page.locator("#panel")
    expect(panel.locator("[data-today]")).to_have_text("今天 10:00–20:00")
    expect(panel.locator("[data-checked]")).to_have_text("核实于 2 个月前")
    assert panel.locator('a[href="tel:12351"]').count() == 1
    panel.get_by_role("button", name="这里有误").click()
    expect(page.locator("#toast")).to_have_text("已复制")
    near = panel.locator(".also-near a")
    assert near.count() == 2
    expect(panel.locator(".also-near")).to_contain_text("公里")
    near.first.click()
    expect(panel.locator(".card-name")).not_to_have_text(STATIONS[1]["name"])
    watch.assert_clean()


def test_the_app_that_was_taken_is_remembered(open_page: Open) -> None:
    page, _ = open_page(LIST + "#341523-002", user_agent=ANDROID)
    page.route("https://**", lambda route: route.abort())
    golden = links(STATIONS[1])
    go, panel = page.locator("#panel [data-go]"), page.locator("#panel")
    expect(go).to_have_attribute("href", golden["amap_ebike"])
    page.evaluate("document.addEventListener('click', (event) => event.preventDefault(), true)")
    panel.locator("summary").evaluate("summary => { summary.parentNode.open = true }")
    panel.locator("[data-app=baidu]").click()
    page.reload()
    expect(go).to_have_attribute("href", golden["baidu"])
    expect(go).to_contain_text("百度地图")
    panel.locator("summary").click()
    page.evaluate("document.addEventListener('click', (event) => event.preventDefault(), true)")
    panel.locator("[data-app=amap_ride]").click()
    expect(go).to_have_attribute("href", golden["amap_ebike"])


def test_a_computer_shows_a_code_for_the_phone(open_page: Open) -> None:
    page, watch = open_page("/s/341523-002", viewport=DESKTOP)
    code = page.locator(".go-code img")
    expect(code).to_be_visible()
    wait_until(page, lambda: page.evaluate("document.querySelector('.go-code img').complete"))
    page.wait_for_timeout(300)
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    lon, lat = STATIONS[1]["at"]
    place = marker_link(lon, lat, STATIONS[1]["name"], src=LINK_SOURCE)
    assert [each.text for each in found] == [place]
    watch.assert_clean()


def test_a_station_of_its_own(open_page: Open) -> None:
    page, watch = open_page("/s/341523-002")
    wait_for_map(page)
    expect(page.locator("h1")).to_have_text(STATIONS[1]["name"])
    expect(page.locator("[data-state]")).to_be_visible()
    watch.assert_clean()


# --- open or closed ------------------------------------------------------------------------------


def test_states_follow_the_phones_clock(open_page: Open) -> None:
    page = open_at(open_page, 12)
    assert states(page) == ["开着 · 全天", "开着 · 20:00 关门", "时间不详"]
    assert page.locator(".cards .card-now .way-in").all_inner_texts() == ["要会员码"]
    page = open_at(open_page, 19, 40)
    assert states(page)[1] == "开着 · 20 分钟后关门"
    page = open_at(open_page, 20)
    assert states(page) == ["开着 · 全天", "时间不详", "关着 · 明天 10:00 开门"]
    page = open_at(open_page, 6)
    assert states(page) == ["开着 · 全天", "时间不详", "关着 · 10:00 开门"]


def test_unknown_is_neither_open_nor_closed(open_page: Open) -> None:
    page = open_at(open_page, 12)
    chip = page.locator('[id="341523-003"] [data-state]')
    expect(chip).to_have_class(re.compile("state-unknown"))
    shapes = page.locator(".cards [data-state] use").evaluate_all(
        "uses => uses.map(use => use.getAttribute('href'))"
    )
    assert shapes == ["#i-state_open", "#i-state_open", "#i-state_unknown"]


def test_a_service_has_its_own_hours(open_page: Open) -> None:
    page = open_at(open_page, 14)
    offers = page.locator('[id="341523-002"] .offer')
    assert offers.evaluate_all("all => all.map(one => one.className)") == [
        "offer later", "offer now", "offer now",
    ]  # fmt: skip


# --- filters, search, near me --------------------------------------------------------------------


def shown(page: Page) -> list[str]:
    found: list[str] = page.locator(".cards > li:visible").evaluate_all(
        "items => items.map(item => item.id)"
    )
    return found


def test_filters_and_search(open_page: Open) -> None:
    page = open_at(open_page, 14)
    page.get_by_role("button", name="现在开着").click()
    assert shown(page) == ["341523-001", "341523-002"]
    expect(page.locator("#list-count")).to_have_text("3 个里的 2 个")
    # Open, but no meal is served at two in the afternoon.
    page.get_by_role("button", name="供餐").click()
    assert shown(page) == []
    expect(page.locator("#nothing span")).to_have_text(
        "现在没有，最早 明天 11:00：河畔小哥食堂（示意）"
    )
    page.get_by_role("button", name="按开门时间看这 1 个").click()
    assert shown(page) == ["341523-002"]
    expect(page.locator('[id="341523-002"] [data-open]')).to_be_focused()
    assert page.url.endswith("?service=hot_meal")
    page.get_by_role("button", name="小哥食堂", exact=True).click()
    page.get_by_role("button", name="如厕").click()
    assert shown(page) == []
    expect(page.locator("#nothing span")).to_have_text("没有符合的站点")
    expect(page.locator("#next-open")).to_be_hidden()
    page.get_by_role("button", name="清除筛选").click()
    assert len(shown(page)) == 3
    page.locator("#search").fill("河畔 食堂")
    assert shown(page) == ["341523-002"]
    page.locator("#search").fill("手机充电")
    assert shown(page) == ["341523-001"]
    # What people say is heard as well as what the cards say.
    page.locator("#search").fill("厕所")
    expect(page.locator("#list-count")).to_have_text("3 个里的 1 个")
    assert shown(page) == ["341523-001"]
    page.locator("#search").fill("")
    page.get_by_role("button", name="工会驿站", exact=True).click()
    page.get_by_role("button", name="小哥食堂", exact=True).click()
    assert shown(page) == ["341523-002", "341523-003"]


def test_another_time_the_night_and_pinyin_stand_in_the_address(open_page: Open) -> None:
    page = open_at(open_page, 14)
    canteen, note = page.locator('[id="341523-002"] [data-state-text]'), page.locator("#list-note")
    page.locator("#open-at").select_option("13:30")
    assert shown(page) == ["341523-001", "341523-002"]
    expect(note).to_have_text("按明天 13:30 算")
    page.locator("#open-at").select_option("19:30")
    assert shown(page) == ["341523-001", "341523-002"]
    # The states are those of then, and nothing that could be taken for one of now.
    expect(note).to_have_text("按今天 19:30 算")
    expect(canteen).to_have_text("开着 · 20:00 关门")
    page.locator('[id="341523-002"] [data-open]').click()
    expect(page.locator("#panel [data-state-text]")).to_have_text("今天 19:30 开着 · 20:00 关门")
    page.keyboard.press("Escape")
    page.locator("#open-at").select_option("21:30")
    assert shown(page) == ["341523-001"]
    page.locator("#search").fill("wclnx")
    expect(page).to_have_url(re.compile(r"\?at=21:30&q=wclnx$"))
    page.reload()
    expect(page.locator("#list-count")).to_have_text("3 个里的 1 个")
    assert page.locator("#open-at").input_value() == "21:30"
    assert page.url.endswith("?at=21:30&q=wclnx")
    page.goto(page.url.partition("?")[0] + "?kind=canteen,castle&night=0&at=99:99&q=HePan")
    expect(page.locator("#list-count")).to_have_text("3 个里的 1 个")
    assert shown(page) == ["341523-002"]
    expect(page.get_by_role("button", name="小哥食堂", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="通宵").click()
    assert shown(page) == []


def test_near_me_sorts_on_the_phone(open_page: Open) -> None:
    page, watch = open_page(
        LIST,
        permissions=["geolocation"],
        geolocation=HERE,
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="附近").click()
    expect(page.locator('[id="341523-003"] [data-way]')).to_have_text("约 1 分钟 · 80 米")
    # 003 is the nearest, but nobody knows when it is open.
    assert shown(page) == ["341523-001", "341523-002", "341523-003"]
    # This release has no streets to ride on.
    expect(page.locator("#list-note")).to_have_text(
        "到时开着的在前，时间按直线估算 · 定位误差约 20 米"
    )
    assert not [url for url in asked if "31.47" in url or "116.952" in url]
    watch.assert_clean()


def test_a_refusal_is_told_and_all_else_works(open_page: Open) -> None:
    page, watch = open_page(LIST)
    wait_for_map(page)
    page.get_by_role("button", name="附近").click()
    trouble = page.locator("#locate-trouble")
    expect(trouble).to_contain_text("没有定位权限")
    pick, hint = page.get_by_role("button", name="在地图上点"), page.locator("#map-hint")
    for end in (lambda: page.keyboard.press("Escape"), pick.click):
        pick.click()
        expect(hint).to_have_text("点一下地图上你的位置")
        expect(pick).to_have_attribute("aria-pressed", "true")
        end()
        expect(hint).to_be_hidden()
    # Where a station stands, one can be as well.
    pick.click()
    page.locator(f'#map .marker[data-id="{STATIONS[1]["id"]}"]').click()
    expect(hint).to_be_hidden()
    expect(page.locator("#panel")).to_be_hidden()
    expect(trouble).to_be_hidden()
    expect(page.locator('[id="341523-002"] [data-way]')).to_have_text("约 1 分钟 · 10 米")
    expect(page.locator("#list-note")).to_contain_text("从你点的位置算起")
    expect(page.locator(".cards [data-way]").first).to_contain_text("约")
    watch.assert_clean()


# --- when things are missing ---------------------------------------------------------------------


def test_without_a_script(open_page: Open) -> None:
    page, watch = open_page(LIST, java_script_enabled=False)
    expect(page.locator(".map-pane")).to_be_hidden()
    first = page.locator(".cards > li").nth(1)
    for words in (
        "河畔小哥食堂（示意）",
        "供餐",
        "10:00–20:00",
        "河畔街 3 号",
    ):
        expect(first).to_contain_text(words)
        expect(first.get_by_text(words).first).to_be_visible()
    go = html.unescape(first.locator("[data-go]").get_attribute("href") or "")
    assert quote(go, safe=":/?=&,%") == links(STATIONS[1])["amap_ride"]
    expect(page.locator(".tools")).to_be_hidden()
    first.locator(".card-name a").click()
    for words in ("11:00–13:00", "直接进", "40 个座位", "示意点位"):
        expect(page.locator(".card")).to_contain_text(words)
    expect(page.locator("[data-go]")).to_have_attribute("href", links(STATIONS[1])["amap_ride"])
    watch.assert_clean()


def test_without_the_map_module(open_page: Open) -> None:
    page, _ = open_page("/healthz")
    page.route("**/vendor/**", lambda route: route.abort())
    page.route("**/overview.svg", lambda route: route.abort())
    page.goto(page.url.replace("/healthz", LIST))
    expect(page.locator("html")).to_have_class(re.compile("no-map"))
    expect(page.locator("[data-state]").first).to_be_visible()


def test_without_open_json(open_page: Open) -> None:
    page, _ = open_page("/healthz")
    page.route("**/open.json", lambda route: route.abort())
    page.goto(page.url.replace("/healthz", LIST))
    expect(page.locator("#toast")).to_have_text("开放状态没有载入，请看印出的时间。")
    page.locator(".cards [data-open]").nth(1).click()
    expect(page.locator("#panel")).to_contain_text("10:00–20:00")
    # Nobody can ask for what is open before it is known, and the next chance to know is taken.
    chip = page.get_by_role("button", name="现在开着")
    expect(chip).to_be_disabled()
    page.unroute("**/open.json")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".cards [data-state]").first).to_be_visible()
    expect(chip).to_be_enabled()


def test_without_the_tools_the_list_still_leads_on(open_page: Open) -> None:
    page, _ = open_page("/healthz", user_agent=ANDROID)
    page.route("**/rider-tools.js", lambda route: route.abort())
    page.goto(page.url.replace("/healthz", LIST))
    expect(page.locator("#toast")).to_contain_text("筛选和地图没有载入")
    expect(page.locator(".map-pane")).to_be_hidden()
    expect(page.locator(".cards [data-state]").first).to_be_visible()
    page.locator(".cards [data-open]").nth(1).click()
    expect(page.locator(".station-page .card-name")).to_have_text(STATIONS[1]["name"])


def test_a_tap_before_any_script_of_ours_is_kept_and_comes_true_once(open_page: Open) -> None:
    page, watch = open_page("/healthz")
    held: dict[str, list[Any]] = {"rider.js": [], "open.json": []}
    page.route("**/rider.js", lambda route: held["rider.js"].append(route))
    page.route("**/open.json", lambda route: held["open.json"].append(route))
    page.goto(page.url.replace("/healthz", LIST), wait_until="commit")
    open_now, meal = (page.get_by_role("button", name=name) for name in ("现在开着", "供餐"))
    for chip in (meal, open_now, meal):  # the second tap on what is kept already says no more
        chip.click()
        expect(chip).to_have_attribute("aria-busy", "true")
    for route in held["rider.js"]:
        route.continue_()
    expect(meal).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[aria-busy]")).to_have_count(1)
    expect(open_now).to_be_disabled()  # nobody knows yet
    for route in held["open.json"]:
        route.continue_()
    expect(open_now).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[aria-busy]")).to_have_count(0)
    assert shown(page) == ["341523-002"]
    watch.assert_clean()


@pytest.mark.parametrize("fate", ["hangs", "fails"])
def test_a_link_leads_on_where_no_script_of_ours_comes(open_page: Open, fate: str) -> None:
    page, _ = open_page("/healthz")
    page.route("**/rider.js", lambda route: route.abort() if fate == "fails" else None)
    page.goto(page.url.replace("/healthz", LIST), wait_until="commit")
    other, link = (page.locator(".cards [data-open]").nth(at) for at in (0, 1))
    if fate == "hangs":
        other.click()
        expect(other).to_have_attribute("aria-busy", "true")
    link.click()
    expect(page.locator(".station-page .card-name")).to_have_text(STATIONS[1]["name"], timeout=9000)


def test_a_map_that_comes_late_shows_what_was_chosen_before(open_page: Open) -> None:
    page, watch = open_page("/healthz", permissions=["geolocation"], geolocation=HERE)
    held: list[Any] = []
    page.route("**/rider-map.js", lambda route: held.append(route))
    page.route("**/open.json", lambda route: route.fulfill(status=503))
    page.goto(page.url.replace("/healthz", LIST))
    page.get_by_role("button", name="附近").click()
    expect(page.locator("#list-note")).to_contain_text("到时开着的在前")
    page.get_by_role("button", name="供餐").click()
    held[0].continue_()
    wait_for_map(page)
    expect(page.locator(".marker:not(.me)")).to_have_count(3)
    expect(page.locator(".marker:visible")).to_have_count(1)
    expect(page.locator(".me")).to_be_visible()
    assert watch.foreign == []


@pytest.mark.parametrize(
    "hash_",
    rest_at_length(["#%", "#%E0%A4%A", "#nothing", "#<img src=x onerror=alert(1)>"], "#%E0%A4%A"),
)
def test_whatever_stands_behind_the_hash_the_page_works(open_page: Open, hash_: str) -> None:
    page, watch = open_page(LIST + hash_)
    expect(page.locator("[data-state]").first).to_be_visible()
    wait_for_map(page)
    expect(page.locator("#panel")).to_be_hidden()
    watch.assert_clean()


# --- in WeChat -----------------------------------------------------------------------------------


def test_wechat_shows_the_way_out(open_page: Open) -> None:
    page, watch = open_page("/s/341523-001", user_agent=WECHAT)
    button = page.locator("[data-go]")
    safe = links(STATIONS[0])["amap_ride"].replace("callnative=1", "callnative=0")
    expect(button).to_have_attribute("href", safe)
    button.click()
    page.locator("#illustrative-dialog [data-go-on]").click()
    dialog = page.locator("#wechat-dialog")
    expect(dialog).to_contain_text("右上角 ··· 在浏览器打开")
    expect(dialog.locator("[data-go-on]")).to_have_attribute("href", safe)
    copied = dialog.locator("[data-copy]")
    expect(copied).to_have_attribute("data-copy", re.compile("文昌路 12 号"))
    assert page.url.endswith("/s/341523-001")
    watch.assert_clean()
