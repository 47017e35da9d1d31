"""The rider's page of the two illustrative counties, as `make run` shows them."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import Browser, expect

from locator.release.publish import Release
from tests.end_to_end.built import opened
from tests.end_to_end.conftest import NOON, PHONE

pytestmark = pytest.mark.browser

COUNTIES = {"shucheng": 35, "kuandian": 41}


@pytest.mark.parametrize("slug", COUNTIES)
def test_every_station_is_listed_and_on_the_map(
    chromium: Browser, counties_site: str, slug: str
) -> None:
    count = COUNTIES[slug]
    with opened(chromium, counties_site, f"/c/{slug}/", moment=NOON, viewport=PHONE) as page:
        expect(page.locator(".cards > li")).to_have_count(count)
        expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
        expect(page.locator(".marker")).to_have_count(count)
        names = page.locator(".card-name").all_text_contents()
        assert all("（示意）" in name for name in names)
        # At noon on a workday all three states are on the map.
        for state in ("open", "closed", "unknown"):
            assert page.locator(f".marker-{state}").count() > 0, state


def test_the_front_page_leads_to_both(chromium: Browser, counties_site: str) -> None:
    with opened(chromium, counties_site, "/", viewport=PHONE) as page:
        page.get_by_role("link", name="舒城县").click()
        expect(page.locator("h1")).to_have_text("舒城县")
        assert page.url.endswith("/c/shucheng/")


def test_an_evening_is_not_a_noon(chromium: Browser, counties_site: str) -> None:
    def open_at(moment: datetime) -> int:
        with opened(chromium, counties_site, "/c/shucheng/", moment=moment) as page:
            page.get_by_role("button", name="现在开着").click()
            expect(page.locator("#list-count")).to_contain_text("35 个里的")
            return page.locator(".cards > li:visible").count()

    assert 0 < open_at(NOON.replace(hour=23)) < open_at(NOON)


def test_open_doors_come_first(chromium: Browser, counties_site: str) -> None:
    late = NOON.replace(hour=21)
    with opened(chromium, counties_site, "/c/shucheng/", moment=late, viewport=PHONE) as page:
        expect(page.locator(".state:visible").first).to_be_attached()
        chips = page.locator(".cards > li .state")
        expect(chips.first).to_have_class("state state-open")
        turn = {"open": 0, "closing": 0, "unknown": 1, "closed": 2}
        states = [chip.get_attribute("class").split("state-")[1] for chip in chips.all()]
        assert {*states} >= {"open", "unknown", "closed"}
        assert [turn[state] for state in states] == sorted(turn[state] for state in states)


def test_what_a_phone_keeps_of_shucheng_is_small(shucheng: Release) -> None:
    assert shucheng.file("public/basemap.pmtiles").stat().st_size <= 3_000_000
    assert shucheng.file("public/streets.bin").stat().st_size <= 300_000
