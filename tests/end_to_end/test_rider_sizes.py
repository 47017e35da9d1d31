"""The rider's page of no station, of one, and of five thousand; and of a station that is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from locator.server.app import Settings
from tests.end_to_end.conftest import NOON, PHONE, Watch, served
from tests.server.hundred import stations
from tests.server.test_public import PAYLOADS
from tests.server.tiny_release import STATIONS, write_release

pytestmark = pytest.mark.browser

MANY = 5000
HERE = {"longitude": 116.952, "latitude": 31.4700, "accuracy": 20}
#: Every task that kept the page from answering, in milliseconds.
LONG_TASKS = """window.long = []; new PerformanceObserver(all => all.getEntries().forEach(
  one => window.long.push(Math.round(one.duration)))).observe({type: 'longtask', buffered: true})"""


@contextmanager
def county_of(chromium: Browser, var: Path, count: int, **options: Any) -> Iterator[Page]:
    """The list of a county with so many stations, on a phone at noon."""
    write_release(var, stations(count), with_map=True)
    with served(Settings(var=var, now=lambda: NOON)) as site:
        context = chromium.new_context(
            viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", service_workers="block",
            permissions=["geolocation"], geolocation=HERE, **options,
        )  # fmt: skip
        page = context.new_page()
        page.clock.set_fixed_time(NOON)
        page.add_init_script(LONG_TASKS)
        watch = Watch(site)
        watch.look_at(page)
        page.goto(f"{site}/c/shucheng/", wait_until="commit")
        yield page
        watch.assert_clean()
        context.close()


def test_no_station(chromium: Browser, tmp_path: Path) -> None:
    with county_of(chromium, tmp_path, 0) as page:
        expect(page.locator("html.live")).to_be_attached(timeout=20_000)
        expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
        expect(page.get_by_text("这个县的名单里还没有站点。")).to_be_visible()
        expect(page.locator("#nothing")).to_be_hidden()
        expect(page.locator(".tools")).to_be_hidden()


def test_one_station(chromium: Browser, tmp_path: Path) -> None:
    with county_of(chromium, tmp_path, 1) as page:
        expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
        expect(page.locator(".marker")).to_have_count(1)
        page.get_by_role("button", name="附近").click()
        expect(page.locator(".cards [data-way]")).to_contain_text("分钟")
        page.locator(".cards [data-open]").click()
        expect(page.locator("#panel .facts")).to_be_visible()
        assert page.locator(".also-near").count() == 0


def test_five_thousand_stations(chromium: Browser, tmp_path: Path) -> None:
    """Most are left out of sight until they are asked for; the page never stands still for long."""
    with county_of(chromium, tmp_path, MANY) as page:
        expect(page.locator("html.live")).to_be_attached(timeout=20_000)
        expect(page.locator(".cards > li")).to_have_count(MANY)
        expect(page.locator(".cards > li:visible")).to_have_count(40)
        expect(page.locator("#map[data-ready]")).to_be_attached(timeout=30_000)
        assert page.locator(".marker").count() == 40
        page.get_by_role("button", name="附近").click()
        expect(page.locator("#list-note")).to_contain_text("到时开着的在前")
        page.locator("#more").click()
        expect(page.locator(".cards > li:visible")).to_have_count(80)
        # One of the far parts of the list: its card comes whole as well.
        page.locator("#search").fill("341523-4711")
        expect(page.locator(".cards > li:visible")).to_have_count(1)
        page.locator(".cards > li:visible [data-open]").click()
        expect(page.locator("#panel .fact-number")).to_contain_text("341523-4711")
        assert max(page.evaluate("window.long")) < 3000


def test_without_a_script_five_thousand_are_a_list(chromium: Browser, tmp_path: Path) -> None:
    with county_of(chromium, tmp_path, MANY, java_script_enabled=False) as page:
        expect(page.locator(".cards > li")).to_have_count(MANY)
        last = page.locator(".cards > li").last
        last.scroll_into_view_if_needed()
        expect(last.locator(".card-hours")).to_be_visible()


def test_a_number_that_no_station_has_leads_to_its_county(chromium: Browser, site: str) -> None:
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", service_workers="block")
    page = context.new_page()
    answer = page.goto(site + "/s/341523-02")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="名单里没有这个编号")).to_be_visible()
    expect(page.get_by_role("link", name="河畔小哥食堂（示意）")).to_be_visible()
    page.get_by_role("link", name="舒城县全部站点").click()
    expect(page.locator(".cards > li")).to_have_count(3)
    context.close()


def test_hostile_names_are_text_in_the_list_and_on_the_card(
    chromium: Browser, tmp_path: Path
) -> None:
    """The whole card comes apart from the page: nothing in it may run either."""
    rows = [
        {**STATIONS[0], "id": f"341523-{at:03}", "name": name, "address": name, "host": name,
         "awards": [name], "phone": name}
        for at, name in enumerate(PAYLOADS)
    ]  # fmt: skip
    write_release(tmp_path, rows, with_map=True)
    with served(Settings(var=tmp_path, now=lambda: NOON)) as site:
        context = chromium.new_context(viewport=PHONE, locale="zh-CN", service_workers="block")
        page = context.new_page()
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        watch = Watch(site)
        watch.look_at(page)
        page.goto(f"{site}/c/shucheng/")
        expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
        assert page.locator("#cards script, #cards img, #cards b").count() == 0
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0
        for row in rows:
            page.evaluate("id => document.getElementById(id).querySelector('a').click()", row["id"])
            expect(page.locator("#panel .fact-number")).to_contain_text(row["id"])
            assert (
                page.locator("#panel script, #panel img:not(.go-code img), #panel b").count() == 0
            )
            assert page.evaluate("p => p.scrollWidth <= p.clientWidth",
                                 page.locator("#panel").element_handle())  # fmt: skip
        watch.assert_clean()
        context.close()
