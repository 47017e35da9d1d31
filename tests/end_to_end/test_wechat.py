"""WeChat's own map. WeChat itself is not to be had here: its script is one of ours, which notes
what it is asked and answers as WeChat's guide says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from locator.geo.datum import convert_datum
from locator.server.app import Settings
from locator.server.wechat import SCRIPT, WeChat, signature
from tests.end_to_end.conftest import NOON, PHONE, WECHAT, served, wait_until
from tests.server.tiny_release import STATIONS

pytestmark = pytest.mark.browser

APP, TICKET = "wx0123456789abcdef", "t" * 40
STUB = """
(function () {
  const heard = (window.heard = { opened: [] });
  let ready, error;
  window.wx = {
    ready: (act) => { ready = act; },
    error: (act) => { error = act; },
    config: (said) => { heard.config = said; setTimeout(REFUSE ? () => error({}) : ready); },
    openLocation: (said) => {
      heard.opened.push(JSON.parse(JSON.stringify(said)));
      said.success();
    },
  };
})();
"""


@pytest.fixture(scope="module")
def site(tiny_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    ticket = tmp_path_factory.mktemp("wechat") / "ticket"
    ticket.write_text(TICKET, "utf-8")
    os.utime(ticket, (NOON.timestamp(), NOON.timestamp()))
    settings = Settings(var=tiny_var, now=lambda: NOON, wechat=WeChat(APP, ticket))
    with served(settings) as address:
        yield address


def opened(chromium: Browser, site: str, path: str, *, refuse: bool = False) -> Page:
    page = chromium.new_page(
        viewport=PHONE, locale="zh-CN", user_agent=WECHAT, service_workers="block"
    )
    script = STUB.replace("REFUSE", "true" if refuse else "false")
    page.route(SCRIPT, lambda route: route.fulfill(body=script, content_type="text/javascript"))
    page.goto(site + path)
    return page


def tap(page: Page) -> None:
    """The first button, and the word about illustrative stations."""
    page.locator("[data-go]").first.click()
    page.locator("#illustrative-dialog [data-go-on]").click()


@pytest.mark.parametrize("path", ["/c/shucheng/?lang=zh", f"/s/{STATIONS[0]['id']}"])
def test_a_tap_opens_wechats_map_at_the_door(chromium: Browser, site: str, path: str) -> None:
    page = opened(chromium, site, path)
    wait_until(page, lambda: page.evaluate("Boolean(window.heard && heard.config)"))
    config: dict[str, Any] = page.evaluate("heard.config")
    assert config["jsApiList"] == ["openLocation"]
    assert config["appId"] == APP
    wanted = signature(TICKET, config["nonceStr"], config["timestamp"], site + path)
    assert config["signature"] == wanted
    tap(page)
    wait_until(page, lambda: page.evaluate("heard.opened.length"))
    (said,) = page.evaluate("heard.opened")
    lon, lat = convert_datum(*STATIONS[0]["at"], source="wgs84", target="gcj02")
    assert said["longitude"] == pytest.approx(float(lon), abs=2e-6)
    assert said["latitude"] == pytest.approx(float(lat), abs=2e-6)
    assert said["name"] == STATIONS[0]["name"]
    assert STATIONS[0]["address"] in said["address"]
    expect(page.locator("#wechat-dialog")).to_be_hidden()
    page.close()


def test_where_wechat_refuses_the_way_out_is_told(chromium: Browser, site: str) -> None:
    page = opened(chromium, site, "/c/shucheng/", refuse=True)
    wait_until(page, lambda: page.evaluate("Boolean(window.heard && heard.config)"))
    tap(page)
    expect(page.locator("#wechat-dialog")).to_be_visible()
    assert page.evaluate("heard.opened") == []
    page.close()


def test_without_an_account_no_other_host_is_asked(chromium: Browser, tiny_var: Path) -> None:
    with served(Settings(var=tiny_var, now=lambda: NOON)) as address:
        page = chromium.new_page(viewport=PHONE, user_agent=WECHAT, service_workers="block")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + "/c/shucheng/")
        expect(page.locator("html.live")).to_be_attached()
        tap(page)
        expect(page.locator("#wechat-dialog")).to_be_visible()
        assert [url for url in asked if not url.startswith(address)] == []
        page.close()
