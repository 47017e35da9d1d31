"""From a position to the stations: minutes as the release's engine has them, order, and the way."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from locator.counties import find_county
from locator.release.openness import openness
from locator.release.publish import Release
from locator.streets.access import times_within
from locator.streets.frozen import read_frozen
from locator.streets.snap import snap
from tests.end_to_end.conftest import NOON, PHONE, Watch, wait_until
from tests.quick import rest_at_length

pytestmark = pytest.mark.browser

LATE = NOON.replace(hour=21, minute=52)
#: Places of the town, on streets and off, and one in the hills without a street near.
HERE = [(116.9440, 31.4620), (116.9531, 31.4702), (116.9388, 31.4555)]
NOWHERE = (116.60, 31.20)
STAY = 10


@dataclass
class County:
    """What the release says of 舒城, and how long the engine rides there."""

    ids: list[str]
    stations: list[dict[str, Any]]
    open: dict[str, Any]
    times_ds: NDArray[np.int64]

    def ready(
        self, at: int, ride_min: float, minute: float, service: str | None
    ) -> tuple[int, float]:
        """0 when served on arrival, 1 when nobody knows, 3 when not; and the minute of service."""
        said = self.stations[at]
        entry = self.open["stations"][said["id"]]
        arrive = minute + ride_min
        if said["status"] != "open":
            return 3, np.inf
        if entry["door"] is None:
            return 1, arrive
        spans = entry["services"].get(service or "", entry["door"])
        fits = [max(a, arrive) for a, b in spans
                if b > arrive and (b - max(a, arrive) >= STAY or b >= self.open["to"])]  # fmt: skip
        if not fits:
            return 3, np.inf
        return (0 if fits[0] == arrive else 3), fits[0]


@pytest.fixture(scope="module")
def county(data: Path, shucheng: Release) -> County:
    table = json.loads(shucheng.file("public/stations.geojson").read_text("utf-8"))["features"]
    at = np.array([each["geometry"]["coordinates"] for each in table])
    graph = read_frozen(find_county(data, "shucheng"))
    here = np.array(HERE)
    times = times_within(graph, snap(graph, *here.T), snap(graph, *at.T), 3600)
    stations = [each["properties"] for each in table]
    table = [each["properties"] for each in shucheng.json("public/stations.geojson")["features"]]
    said = openness(table, NOON.date(), "Asia/Shanghai", "CN")
    return County([each["id"] for each in stations], stations, said, times.toarray())


@pytest.fixture(scope="module")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport=PHONE,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        permissions=["geolocation"],
        service_workers="block",
    )
    yield context
    context.close()


@pytest.fixture(scope="module")
def page(context: BrowserContext, counties_site: str) -> Iterator[Page]:
    """The list, eight minutes before many a door shuts. No request ever carries the position."""
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data}"))
    page.clock.set_fixed_time(LATE)
    watch = Watch(counties_site)
    watch.look_at(page)
    page.goto(counties_site + "/c/shucheng/")
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
    yield page
    watch.assert_clean()
    digits = [f"{part:.3f}" for place in [*HERE, NOWHERE] for part in place]
    assert len(asked) > 10
    assert not [each for each in asked if any(part in each for part in digits)]


def stand_at(page: Page, lon: float, lat: float, accuracy: float = 12) -> None:
    """Go by this place, anew."""
    if page.locator("#near").get_attribute("aria-pressed") == "true":
        page.locator("#near").click()
    page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": accuracy})
    page.locator("#near").click()
    expect(page.locator("#near")).to_have_attribute("aria-pressed", "true")


def listed(page: Page) -> list[str]:
    found: list[str] = page.locator(".cards > li:visible").evaluate_all(
        "items => items.map(item => item.id)"
    )
    return found


def assert_in_order(page: Page, county: County, rides: NDArray[Any], name: str | None) -> None:
    """Those within the hour stand in the order in which one is served, by a service or the door."""
    chips = page.get_by_role("button", name=name or "-", exact=True)
    service = chips.get_attribute("data-value") if name else None
    if name:
        chips.click()
    minute = LATE.timestamp() / 60
    ready = {
        id_: county.ready(at, rides[at], minute, service)
        for at, id_ in enumerate(county.ids)
        if rides[at] and (not service or service in county.stations[at]["services"])
    }
    order = [id_ for id_ in listed(page) if id_ in ready]
    keys = [ready[id_] for id_ in order]
    assert sorted(order) == sorted(ready)
    assert keys == sorted(keys), name
    assert {turn for turn, _ in keys} >= {0, 3}, name
    if name:
        chips.click()


@pytest.mark.parametrize("place", rest_at_length(range(len(HERE)), 0))
def test_minutes_and_order_are_the_releases(page: Page, county: County, place: int) -> None:
    stand_at(page, *HERE[place])
    note = "到时开着的在前，按骑行时间排 · 定位误差约 10 米"
    expect(page.locator("#list-note")).to_have_text(note)
    ways = dict(
        page.locator(".cards .card").evaluate_all(
            "all => all.map(one => [one.dataset.id, one.querySelector('[data-way]').textContent])"
        )
    )
    rides = county.times_ds[place] / 600
    assert (rides > 0).sum() > 30
    for at, id_ in enumerate(county.ids):
        if rides[at]:
            assert ways[id_].split(" ")[0] == str(max(1, int(np.floor(rides[at] + 0.5)))), id_
            assert "约" not in ways[id_]
    for service in (None, "如厕", "热饭"):
        assert_in_order(page, county, rides, service)


def test_why_a_station_comes_late_is_said(page: Page, county: County) -> None:
    stand_at(page, *HERE[0])
    minute = LATE.timestamp() / 60
    said = dict(
        page.locator(".cards .card").evaluate_all(
            "all => all.map(one => [one.dataset.id, one.querySelector('[data-why]').textContent])"
        )
    )
    reasons = set()
    for at, id_ in enumerate(county.ids):
        door, ride = county.open["stations"][id_]["door"], county.times_ds[0, at] / 600
        if not door or not ride or county.stations[at]["status"] != "open":
            continue
        now = next((b for a, b in door if a <= minute < b), None)
        left = None if now is None else now - (minute + ride)
        if left is None or left >= STAY:
            assert said[id_] == "", id_
        else:
            reason = "到时已关门" if left <= 0 else f"到后 {max(1, int(left))} 分钟就关门"
            assert said[id_] == reason, id_
            reasons.add(left > 0)
    assert reasons == {True, False}


def way_pixels(page: Page) -> int:
    """How many pixels of the map itself have the colour of the way."""
    hide = """(as) => document.querySelectorAll('.marker, .sheet, .panel').forEach(
      (one) => { one.style.visibility = as; })"""
    page.evaluate(hide, "hidden")
    picture = page.locator("#map canvas").screenshot()
    page.evaluate(hide, "")
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), dtype=int)
    return int((np.abs(pixels - [0xB9, 0x3A, 0x0A]).max(axis=2) < 12).sum())


def test_the_way_is_drawn_and_goes_with_the_card(page: Page) -> None:
    stand_at(page, *HERE[0])
    page.locator(".cards [data-open]").nth(2).click()
    wait_until(page, lambda: way_pixels(page) > 150)
    page.keyboard.press("Escape")
    wait_until(page, lambda: way_pixels(page) == 0)


def test_far_from_every_street_it_is_an_estimate(page: Page) -> None:
    stand_at(page, *NOWHERE)
    expect(page.locator("#list-note")).to_contain_text("时间按直线估算")
    expect(page.locator(".cards [data-way]").first).to_contain_text("超过 1 小时 · ")


def test_outside_of_the_county_the_page_says_so_and_keeps_the_map(page: Page) -> None:
    """A little outside the map shows the place and the stations; farther off, the county alone."""

    def spread() -> float:
        boxes = [each.bounding_box() or {"x": 0} for each in page.locator("#map .marker").all()]
        return max(box["x"] for box in boxes) - min(box["x"] for box in boxes)

    stand_at(page, *HERE[0])
    page.wait_for_timeout(500)
    before = spread()
    for place, far in ((116.4, 39.9), r"13\d\d"), (NOWHERE, "59"):
        stand_at(page, *place)
        said = re.compile(f"^你不在舒城县（离最近的站点 {far} 公里） · ")
        expect(page.locator("#list-note")).to_contain_text(said)
        page.wait_for_timeout(500)
        assert spread() == pytest.approx(before, abs=1)
    stand_at(page, 116.85, 31.40)
    expect(page.locator("#list-note")).to_contain_text("你不在舒城县（离最近的站点 1")
    wait_until(page, lambda: spread() < before / 2)
    stand_at(page, *HERE[0])
    expect(page.locator("#list-note")).not_to_contain_text("你不在")


def test_a_phone_that_does_not_know_is_told_where_it_is(page: Page) -> None:
    stand_at(page, *HERE[0], accuracy=2100)
    trouble = page.locator("#locate-trouble")
    expect(trouble).to_contain_text("定位误差约 2.1 公里，次序只供参考")
    way = page.locator(".cards [data-way]").first
    expect(way).to_contain_text(re.compile(r"^约 \d+ 分钟"))
    expect(trouble.get_by_role("button", name="在地图上点")).to_be_visible()
    trouble.get_by_role("button", name="选乡镇或地标").click()
    dialog = page.locator("#place-dialog")
    expect(dialog.locator("#place-list button").first).to_have_text("城关镇")
    field = dialog.get_by_role("searchbox")
    field.fill("没有这里")
    expect(dialog.locator("#place-count")).to_have_text("没有这个地方，换个词试试")
    field.fill("县医院")
    dialog.get_by_role("button", name="示意县医院").click()
    expect(dialog).to_be_hidden()
    expect(trouble).to_be_hidden()
    expect(page.locator("#list-note")).to_have_text(
        "到时开着的在前，按骑行时间排 · 从示意县医院算起"
    )
    expect(way).to_contain_text(re.compile(r"^\d+ 分钟"))


def test_over_plain_http_the_page_says_why(context: BrowserContext, counties_site: str) -> None:
    """And a place can still be chosen, where the map could be as much as where it could not."""
    page = context.new_page()
    plain = "http://rest.example"

    def answer(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace(plain, counties_site)))

    page.route(plain + "/**", answer)
    for file in ("rider-map.js", "overview.svg"):
        page.route(f"**/{file}", lambda route: route.abort())
    page.goto(plain + "/c/shucheng/")
    page.locator("#near").click()
    trouble = page.locator("#locate-trouble")
    expect(trouble).to_contain_text("这个网址不是 https，手机不让定位")
    expect(trouble.get_by_role("button", name="在地图上点")).to_be_hidden()
    trouble.get_by_role("button", name="选乡镇或地标").click()
    page.locator("#place-list button").first.click()
    expect(page.locator("#list-note")).to_contain_text("从城关镇算起")
    page.close()
