"""The riders' list as one file: from the disk, without a network, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from locator.release.publish import Release, open_release
from locator.server.list_file import DAYS, list_file, write_list
from tests.end_to_end.conftest import NOON, PHONE, Watch
from tests.server.test_public import PAYLOADS
from tests.server.tiny_release import STATIONS, write_release

pytestmark = pytest.mark.browser

Opened = Callable[..., Any]


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Opened:
    @contextmanager
    def open_(release: Release, moment: datetime = NOON, **options: Any) -> Iterator[Page]:
        file = tmp_path / "list.html"
        write_list(release, file, options.pop("lang", "zh"))
        context = chromium.new_context(
            viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", **options
        )
        page = context.new_page()
        page.clock.set_fixed_time(moment)
        watch = Watch(file.as_uri())
        watch.look_at(page)
        page.goto(file.as_uri())
        yield page
        assert watch.foreign == [file.as_uri()]
        assert watch.errors == []
        context.close()

    return open_


def visible(page: Page) -> list[str]:
    return page.locator("#cards > li:visible .card-name").all_inner_texts()


def test_states_filters_and_links(opened: Opened, shucheng: Release) -> None:
    with opened(shucheng) as page:
        assert page.locator("#cards > li").count() == 35
        chips = page.locator("#cards .state")
        expect(chips.first).to_have_class("state state-open")
        page.get_by_role("button", name="现在开着").click()
        codes = {chip.get_attribute("class") for chip in chips.all() if chip.is_visible()}
        assert codes <= {"state state-open", "state state-closing"}
        assert f"35 个里的 {len(visible(page))} 个" in page.locator("#list-count").inner_text()
        page.get_by_role("button", name="现在开着").click()
        page.locator("#search").fill("没有这个站")
        expect(page.locator("#nothing")).to_be_visible()
        page.locator("#search").fill("")
        ways_in = page.locator("#cards .card-now .way-in:visible").all_inner_texts()
        assert {"要会员码", "要刷脸"} <= set(ways_in)
        first = page.locator("#cards > li").first
        expect(first.locator(".week")).to_be_hidden()
        first.locator(".card-more").click()
        expect(first.locator(".week")).to_be_visible()
        link = page.locator("a[data-go]").first.get_attribute("href")
        assert link.startswith("https://uri.amap.com/navigation?to=")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.locator(".notice").inner_text().startswith("示意数据")


def test_an_old_file_and_a_wrong_clock_know_no_state(opened: Opened, shucheng: Release) -> None:
    for moment in (NOON + timedelta(days=DAYS + 1), NOON - timedelta(days=400)):
        with opened(shucheng, moment) as page:
            expect(page.locator("#old")).to_be_visible()
            expect(page.get_by_role("button", name="现在开着")).to_be_disabled()
            assert page.locator("#cards .state-open, #cards .state-closing").count() == 0
            assert page.locator("#cards .state-unknown").count() > 30


def test_without_scripts_it_is_the_whole_list(opened: Opened, shucheng: Release) -> None:
    with opened(shucheng, java_script_enabled=False) as page:
        assert len(visible(page)) == 35
        expect(page.locator("#search")).to_be_hidden()
        expect(page.locator(".week").first).to_be_visible()


def test_names_are_text(opened: Opened, tmp_path: Path) -> None:
    rows = [
        {**STATIONS[0], "id": f"341523-{at:03}", "name": name, "address": name, "host": name}
        for at, name in enumerate(PAYLOADS)
    ]
    write_release(tmp_path / "var", rows)
    with opened(open_release(tmp_path / "var", "shucheng")) as page:
        assert page.locator("#cards > li").count() == len(PAYLOADS)
        assert page.locator("#cards script, #cards img, #cards b").count() == 0
        assert any("${alert(1)}" in name for name in visible(page))


def test_a_hundred_stations_fit_into_a_megabyte_and_a_half(tmp_path: Path) -> None:
    rows = [{**STATIONS[1], "id": f"341523-{at:03}"} for at in range(100)]
    write_release(tmp_path / "var", rows)
    release = open_release(tmp_path / "var", "shucheng")
    text = list_file(release)
    assert len(text.encode()) <= 1_500_000
    assert list_file(release) == text
    assert "Illustrative data" in list_file(release, "en")
