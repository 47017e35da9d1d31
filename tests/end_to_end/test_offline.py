"""The rider's page when the network goes, the server is down, the phone full or its clock wrong."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from werkzeug.serving import make_server

from locator.release.publish import open_release
from locator.server.app import Settings, create_app
from tests.end_to_end.conftest import ANDROID, NOON, PHONE, Watch, _Quiet, wait_until
from tests.server.tiny_release import point, write_release

pytestmark = pytest.mark.browser

LIST = "/c/shucheng/"
HERE = {"longitude": 116.944, "latitude": 31.462, "accuracy": 12}


class Server:
    """A server that can be put out of order and back, always at the same address."""

    def __init__(self, var: Path) -> None:
        self.app = create_app(Settings(var=var, now=lambda: NOON))
        self.port = 0
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.running = make_server(
            "127.0.0.1", self.port, self.app, threaded=True, request_handler=_Quiet
        )
        self.port = self.running.port
        self.thread = threading.Thread(target=self.running.serve_forever)
        self.thread.start()

    def stop(self) -> None:
        self.running.shutdown()
        self.thread.join()
        self.running.server_close()


@pytest.fixture(scope="module")
def var(counties_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("offline") / "var"
    shutil.copytree(counties_var, copy)
    return copy


@pytest.fixture(scope="module")
def server(var: Path) -> Iterator[Server]:
    server = Server(var)
    yield server
    server.stop()


def phone(chromium: Browser, **options: Any) -> BrowserContext:
    """A phone at noon that says where it is."""
    context = chromium.new_context(
        viewport=PHONE, user_agent=ANDROID, locale="zh-CN", timezone_id="Asia/Shanghai",
        permissions=["geolocation"], geolocation=HERE, **options,
    )  # fmt: skip
    context.clock.set_fixed_time(NOON)
    return context


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = phone(chromium)
    yield context
    context.close()


def keeping_text(page: Page, text: str) -> None:
    expect(page.locator("#offline-text")).to_contain_text(text, timeout=30_000)


def test_after_the_first_visit_no_network_is_needed(
    context: BrowserContext, server: Server
) -> None:
    """Not even where the first page was that of one station, by the code on its sign."""
    page = context.new_page()
    page.goto(server.address + "/s/341523-001")
    kept = "caches.match('/c/shucheng/', {ignoreVary: true}).then(Boolean)"
    wait_until(page, lambda: bool(page.evaluate(kept)))
    # What the browser has put aside by itself is soon gone from a full phone.
    context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.close()
    server.stop()
    try:
        page = context.new_page()
        page.goto(server.address + LIST)
        expect(page.locator('[data-matter="copy"]')).to_contain_text("连不上网")
        expect(page.locator(".cards [data-state]").first).to_be_visible()
        page.locator("#near").click()
        expect(page.locator("#list-note")).to_contain_text("按骑行时间排")
        # The map was not asked for yet; that it cannot come now is nobody's trouble.
        keeping_text(page, "名单和街道已经存在手机里")
        # A station's own page is not kept, and leads to the list that holds it.
        # So does what the code on its sign opens.
        for before in ("/s/", "/go/"):
            page.goto(server.address + before + "341523-007")
            expect(page.locator("#panel .card-name")).to_be_visible()
            assert page.url == server.address + LIST + "#341523-007"
        page.goto(server.address + "/")
        expect(page.locator("h1")).to_have_text("舒城县")
        page.close()
    finally:
        server.start()


def test_the_second_visit_keeps_the_map_and_it_is_drawn_offline(
    context: BrowserContext, server: Server
) -> None:
    page = context.new_page()
    page.goto(server.address + LIST)
    keeping_text(page, "名单和街道已经存在手机里，截至 2026-11-02")
    expect(page.locator("#offline-keep")).to_have_text("连地图一起存（0.2 MB）")
    page.close()
    page = context.new_page()
    page.goto(server.address + LIST)
    keeping_text(page, "名单、街道和地图都存在手机里了：0.6 MB，11 月 2 日存的")
    page.close()
    server.stop()
    try:
        page = context.new_page()
        watch = Watch(server.address)
        watch.look_at(page)
        page.goto(server.address + LIST)
        expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
        pack = page.evaluate(
            """async () => {
              const url = JSON.parse(document.getElementById("page-data").textContent).urls.pack;
              const part = await fetch(url, {headers: {Range: "bytes=5-14"}});
              const bytes = async (one) => Array.from(new Uint8Array(await one.arrayBuffer()));
              const whole = await bytes(await fetch(url));
              return [part.status, part.headers.get("Content-Range"), whole.length,
                await bytes(part), whole.slice(5, 15)];
            }"""
        )
        assert pack[0] == 206
        assert pack[1] == f"bytes 5-14/{pack[2]}"
        assert pack[3] == pack[4]
        page.locator("#near").click()
        page.locator(".cards [data-open]").nth(1).click()
        expect(page.locator("#panel [data-way]")).to_contain_text("分钟")
        keeping_text(page, "名单、街道和地图都存在手机里了：0.6 MB，11 月 2 日存的")
        watch.assert_clean()
        # A map that moves on lets go of the tiles it no longer needs.
        assert [url for url in watch.failed if not url.endswith(".pmtiles")] == []
        page.close()
    finally:
        server.start()


def test_a_new_release_is_told_calmly_and_the_old_one_cleaned_away(
    context: BrowserContext, server: Server, var: Path
) -> None:
    look_away = """() => {
      Object.defineProperty(document, "hidden", {value: true, configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
      delete document.hidden;
    }"""
    page = context.new_page()
    page.goto(server.address + LIST)
    keeping_text(page, "截至 2026-11-02")
    page.locator("#near").click()
    old = open_release(var, "shucheng").hash
    new = write_release(var, as_of="2026-11-09", publish=False)
    point(var, [old, new])
    try:
        page.evaluate("window.dispatchEvent(new Event('online'))")
        told = page.locator('[data-matter="newer"]')
        expect(told).to_contain_text("名单有更新（截至 2026-11-09）")
        # Nothing moves under the thumb; nor while the page is away, as long as it goes by a place.
        page.evaluate(look_away)
        expect(page.locator(".cards > li")).to_have_count(35)
        page.locator("#near").click()
        page.evaluate(look_away)
        expect(page.locator(".cards > li")).to_have_count(3)
        keeping_text(page, "名单、街道和地图都存在手机里了")
        names = page.evaluate("caches.keys()")
        assert not [name for name in names if old in name]
        assert [name for name in names if name == f"list-shucheng-{new}"]
        point(var, [old, new, old])
        page.evaluate("window.dispatchEvent(new Event('online'))")
        told.get_by_role("button", name="换上新的").click()
        expect(page.locator(".cards > li")).to_have_count(35)
    finally:
        point(var, [old])
    page.close()


def test_a_full_phone_is_told_and_the_page_works(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.add_init_script(
        "Cache.prototype.add = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))"
    )
    page.goto(server.address + LIST)
    keeping_text(page, "手机存储满了，没网时打不开")
    expect(page.locator("#offline-keep")).to_be_enabled()
    expect(page.locator(".cards [data-state]").first).to_be_visible()
    page.close()


def test_a_wrong_clock_is_told_and_put_right(chromium: Browser, server: Server) -> None:
    # A service worker would ask past the routes below.
    context = phone(chromium, service_workers="block")

    def dated(offset: timedelta) -> Any:
        date = format_datetime((NOON + offset).astimezone(UTC), usegmt=True)

        def answer(route: Route) -> None:
            response = route.fetch()
            route.fulfill(response=response, headers={**response.headers, "Date": date})

        return answer

    chip = '[id="341523-001"] [data-state-text]'
    page = context.new_page()
    page.route("**/open.json", dated(timedelta(minutes=4)))
    page.goto(server.address + LIST)
    expect(page.locator(chip)).to_contain_text("开着")
    expect(page.locator('[data-matter="clock"]')).to_be_hidden()
    page.unroute("**/open.json")
    page.route("**/open.json", dated(timedelta(hours=11)))
    page.reload()
    expect(page.locator('[data-matter="clock"]')).to_have_text(
        "手机时间慢了 11 小时，开关门按网络时间算"
    )
    # At eleven at night this one is shut, whatever the phone takes for noon.
    expect(page.locator(chip)).to_contain_text("关着")
    context.close()


def test_a_server_that_fails_or_never_answers_leaves_the_list(
    context: BrowserContext, server: Server
) -> None:
    page = context.new_page()
    page.clock.install(time=NOON)
    page.route("**/open.json", lambda route: None)  # never answered
    page.goto(server.address + LIST)
    page.clock.run_for(13_000)
    expect(page.locator("#toast")).to_have_text("开放状态没有载入，请看印出的时间。")
    expect(page.locator(".cards > li")).to_have_count(35)
    page.unroute_all(behavior="ignoreErrors")
    page.close()


def test_it_can_be_installed(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.goto(server.address + LIST + "?lang=en")
    said = page.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())"
    )
    assert said["name"] == "One Map · Shucheng"
    assert said["start_url"] == said["id"] == LIST + "?lang=en"
    assert said["display"] == "standalone"
    sizes = page.evaluate(
        """(icons) => Promise.all(icons.map(async (icon) => {
          const picture = new Image(); picture.src = icon.src; await picture.decode();
          return [icon.sizes, picture.naturalWidth + "x" + picture.naturalHeight];
        }))""",
        said["icons"],
    )
    assert all(said == "any" or said == found for said, found in sizes), sizes
    keeping_text(page, "List and streets are kept")
    found = context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    # A context of a test is a private window, in which nothing is installed.
    assert [each["errorId"] for each in found["installabilityErrors"]] == ["in-incognito"]
    page.close()
