"""The page's links are those of the one table that also holds ``locator.outputs.links``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from locator.server.app import Settings
from locator.server.files import static_version
from tests.end_to_end.conftest import ANDROID, NOON, PHONE, WECHAT, served
from tests.server.tiny_release import STATIONS, write_release

pytestmark = pytest.mark.browser

GOLDEN = Path(__file__).parents[2] / "web/tests/links.golden.json"
CASES: list[dict[str, Any]] = json.loads(GOLDEN.read_text("utf-8"))["cases"]
#: A station always has a name.
NAMED = {f"341523-{at:03}": case for at, case in enumerate(CASES) if case["name"]}
#: A page inside of another app, such as 皖事通.
INSIDE = ANDROID.replace("V1936A)", "V1936A; wv)")
APPS = ("amap_ride", "baidu", "tencent")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari"


@pytest.fixture(scope="module")
def golden_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    var = tmp_path_factory.mktemp("golden")
    rows = [
        {**STATIONS[0], "id": id_, "name": case["name"], "at": (case["lon"], case["lat"])}
        for id_, case in NAMED.items()
    ]
    write_release(var, rows)
    with served(Settings(var=var, now=lambda: NOON)) as address:
        yield address


@pytest.fixture(params=["phone", "wechat", "inapp", "desktop"])
def device(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(chromium: Browser, golden_site: str, device: str) -> Iterator[Page]:
    agents = {"phone": ANDROID, "wechat": WECHAT, "inapp": INSIDE, "desktop": None}
    context = chromium.new_context(
        viewport=PHONE, service_workers="block", user_agent=agents[device]
    )
    page = context.new_page()
    page.goto(golden_site + "/c/shucheng/")
    expect(page.locator("html.live")).to_be_attached(timeout=20_000)
    yield page
    context.close()


def test_every_card_has_its_golden_links(page: Page, device: str) -> None:
    for id_, case in NAMED.items():
        urls = case["urls"]
        button = {
            "phone": urls["amap_ebike"],
            "wechat": urls["amap_ride"].replace("callnative=1", "callnative=0"),
            "inapp": urls["amap_ride"].replace("callnative=1", "callnative=0"),
            "desktop": urls["amap_marker"],
        }[device]
        short = page.locator(f'[id="{id_}"]')
        expect(short.locator("[data-go]")).to_have_attribute("href", button)
        short.locator("[data-open]").click()
        panel = page.locator("#panel")
        expect(panel.locator(".fact-number")).to_contain_text(id_)
        expect(panel.locator("[data-go]")).to_have_attribute("href", button)
        for app in APPS:
            other = urls[app]
            if device in {"wechat", "inapp"}:
                other = other.replace("callnative=1", "callnative=0")
            expect(panel.locator(f'.others [data-app="{app}"]')).to_have_attribute("href", other)
        # Apple's maps are on iOS alone.
        expect(panel.locator('.others [data-app="apple"]')).to_have_count(0)
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()


def test_an_iphone_has_apples_maps_as_well(chromium: Browser, golden_site: str) -> None:
    page = chromium.new_page(user_agent=IPHONE)
    id_, case = next(iter(NAMED.items()))
    page.goto(f"{golden_site}/s/{id_}")
    expect(page.locator("[data-go]")).to_have_attribute("href", case["urls"]["amap_ebike"])
    apple = page.locator('.others [data-app="apple"]')
    expect(apple).to_have_attribute("href", case["urls"]["apple"])
    expect(apple).to_have_text("苹果地图")
    page.close()


def test_the_links_made_on_the_phone_are_the_golden_ones(chromium: Browser, site: str) -> None:
    page = chromium.new_page()
    page.goto(site + "/healthz")
    module = f"/static/{static_version()}/js/links.js"
    for case in CASES:
        made = page.evaluate(
            f"ride => import('{module}').then(m => m.linksFrom(ride))", case["urls"]["amap_ride"]
        )
        assert made == case["urls"], case["id"]
    page.close()


@pytest.mark.parametrize("device", ["inapp"])
def test_inside_another_app_the_way_out_is_shown(page: Page) -> None:
    page.locator("[data-go]").first.click()
    page.locator("#illustrative-dialog [data-go-on]").click()
    dialog = page.locator("#wechat-dialog")
    expect(dialog).to_contain_text("这个 App 里可能打不开导航")
    assert "微信" not in dialog.inner_text()
    copied = dialog.locator("[data-copy]")
    case = next(iter(NAMED.values()))
    point = case["urls"]["amap_ride"].split("to=")[1].split(",")[:2]
    expect(copied).to_have_attribute("data-copy", re.compile(f"{case['name']}.*{','.join(point)}"))
