"""What the code on a sign leads to, read on a phone that runs no script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import astuple
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from locator.release.publish import Release
from locator.server.app import Settings
from locator.server.files import static_version
from locator.server.moments import doors, state_of, today_text
from locator.server.words import script_words
from tests.end_to_end.built import opened
from tests.end_to_end.conftest import ANDROID, NOON, PHONE, served, violations
from tests.server.tiny_release import STATIONS, point, write_release

pytestmark = pytest.mark.browser

LATE = NOON.replace(hour=20, minute=40)
WARM, CANTEEN, POST = STATIONS
#: A station that is open, one that is shut for now, and one that is gone.
SIGNS = ("341523-001", "341523-003", "341523-002")

Read = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a county whose canteen is gone and whose union post is shut for now."""
    var = tmp_path_factory.mktemp("signs")
    before = write_release(var, as_of="2026-10-01", publish=False)
    paused = {**POST, "status": "temporarily_closed", "hours": "Mo-Fr 08:30-12:00,14:00-17:30"}
    point(var, [before, write_release(var, [WARM, paused], publish=False)])
    with served(Settings(var=var, now=lambda: LATE)) as address:
        yield address


@pytest.fixture
def read(chromium: Browser, signs: str) -> Read:
    """``read(path, …)`` opens a page without a script."""

    def read_(path: str, **options: object) -> AbstractContextManager[Page]:
        ours = {"viewport": PHONE, "user_agent": ANDROID, "java_script_enabled": False}
        return opened(chromium, signs, path, **{**ours, **options})

    return read_


def test_one_tap_leads_there(read: Read, signs: str) -> None:
    with read("/go/341523-001") as page:
        go = page.locator(".button-go")
        expect(go).to_have_count(1)
        assert (go.get_attribute("href") or "").startswith("amapuri://openFeature")
        box = go.bounding_box()
        assert box is not None
        assert box["height"] >= 56
        assert box["y"] + box["height"] <= PHONE["height"] / 2  # seen without scrolling
        expect(page.get_by_text("开着 · 全天")).to_be_visible()
        page.get_by_text("换个地图").click()
        expect(page.get_by_role("link", name="百度地图")).to_be_visible()
        page.get_by_text("这里有误").click()
        expect(page.get_by_text("【驿站有误】341523-001")).to_be_visible()
        page.get_by_role("link", name="这个站点的服务和地图").click()
        expect(page).to_have_url(signs + "/s/341523-001")


@pytest.mark.parametrize("sign", SIGNS[1:])
def test_from_a_shut_door_one_is_led_on(read: Read, sign: str) -> None:
    with read(f"/go/{sign}") as page:
        expect(page.locator(".go-gone")).to_be_visible()
        go = page.get_by_role("link", name=f"导航去{WARM['name']}")
        box = go.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"]  # seen without scrolling
        page.get_by_role("link", name=WARM["name"], exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(WARM["name"])


@pytest.mark.parametrize("look", ["zh", "en", "dark"])
def test_nothing_stands_in_a_readers_way(read: Read, axe: str, look: str) -> None:
    scheme = "dark" if look == "dark" else "light"
    for sign in SIGNS:
        path = f"/go/{sign}" + ("?lang=en" if look == "en" else "")
        # The page holds no script; the checker is one.
        with read(path, java_script_enabled=True, color_scheme=scheme) as page:
            page.locator(".go-wrong summary").click()
            assert violations(page, axe) == []
            assert page.evaluate("document.scripts.length") == 0
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_narrow_phone_needs_no_sideways_scroll(read: Read) -> None:
    small = {"width": 320, "height": 568}
    for sign in SIGNS:
        for lang in ("zh", "en"):
            with read(f"/go/{sign}?lang={lang}", viewport=small) as page:
                wide = page.locator(".go").bounding_box()
                assert wide is not None
                assert wide["width"] <= small["width"]
                for button in page.locator(".button").all():
                    box = button.bounding_box()
                    assert box is None or box["x"] + box["width"] <= small["width"]


def test_the_server_says_what_the_phone_says(
    chromium: Browser, counties_site: str, shucheng: Release
) -> None:
    """State and today's hours of every station, in both languages, around the week."""
    zone = ZoneInfo("Asia/Shanghai")
    with opened(chromium, counties_site, "/healthz") as page:
        for hours in (0, 6.75, 7, 13.3, 19.6, 23.99, 36, 100.5):
            now = NOON.replace(hour=0) + timedelta(hours=hours)
            every = doors(shucheng, now)
            for lang in ("zh", "en"):
                ours = {
                    id_: [state_of(door, now, zone, lang).code,
                          state_of(door, now, zone, lang).text, today_text(door, now, zone, lang)]
                    for id_, door in every.items()
                }  # fmt: skip
                midnight = now.replace(hour=0, minute=0).timestamp() / 60
                asked = {
                    "doors": {id_: astuple(door) for id_, door in every.items()},
                    "known": {"from": midnight, "to": midnight + 14 * 24 * 60},
                    "minute": now.timestamp() / 60,
                    "words": script_words(lang),
                    "folder": f"/static/{static_version()}/js",
                }
                assert page.evaluate(ON_A_PHONE, json.loads(json.dumps(asked))) == ours, now


ON_A_PHONE = """async ({doors, known, minute, words, folder}) => {
  const {stateAt, stateText} = await import(folder + "/openness.js");
  const {todayText} = await import(folder + "/card-facts.js");
  const say = (key, values) =>
    words[key].replace(/\\{(\\w+)\\}/g, (whole, name) => values[name]);
  const zone = "Asia/Shanghai";
  const said = {};
  for (const [id, [status, spans, maybe]] of Object.entries(doors)) {
    const state = stateAt(status, spans, known, minute, maybe);
    const today = () => todayText({door: spans, maybe: maybe}, known, minute, zone, say);
    said[id] = [state.code, stateText(state, minute, zone, say), status === "open" ? today() : ""];
  }
  return said;
}"""
