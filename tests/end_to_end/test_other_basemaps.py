"""A base map of somebody else's under the stations: asked for when it is chosen, and only then."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from locator.server.app import Settings
from locator.server.basemaps import Basemap
from tests.end_to_end.conftest import NOON, PHONE, _Quiet, served, wait_until
from tests.server.tiny_release import write_release

pytestmark = pytest.mark.browser

COLOUR = (20, 120, 200)


@dataclass
class Wmts:
    """A web map tile service on this machine: every tile is of one colour."""

    address: str = ""
    well: bool = True
    asked: list[str] = field(default_factory=list)

    def basemap(self) -> Basemap:
        layer = f"{self.address}/wmts?TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk=key"
        return Basemap("测绘院底图", "The institute's", (layer,), "测绘院 GS(2024)1号")


@pytest.fixture
def wmts() -> Iterator[Wmts]:
    service = Wmts()
    tile = io.BytesIO()
    Image.new("RGB", (256, 256), COLOUR).save(tile, "png")

    @Request.application
    def answer(request: Request) -> Response:
        service.asked.append(request.url)
        headers = {"Access-Control-Allow-Origin": "*"}
        if not service.well:
            return Response("no such key", 403, headers)
        return Response(tile.getvalue(), 200, headers, content_type="image/png")

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=_Quiet)
    service.address = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield service
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, wmts: Wmts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    var = tmp_path_factory.mktemp("basemaps")
    write_release(var, with_map=True)
    settings = Settings(var=var, now=lambda: NOON, basemaps=(wmts.basemap(),))
    with served(settings) as site:
        context = chromium.new_context(viewport=PHONE, locale="zh-CN", service_workers="block")
        page = context.new_page()
        page.goto(site + "/c/shucheng/")
        expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
        yield page
        context.close()


def share_of_colour(page: Page) -> float:
    """How much of the map is of the service's colour."""
    picture = Image.open(io.BytesIO(page.locator("#map canvas").screenshot())).convert("RGB")
    away = np.abs(np.asarray(picture, dtype=int) - COLOUR).max(axis=2)
    return float((away < 12).mean())


def test_nothing_is_asked_before_it_is_chosen(page: Page, wmts: Wmts) -> None:
    page.wait_for_timeout(1000)
    assert wmts.asked == []
    choice = page.get_by_label("底图")
    choice.select_option("测绘院底图")
    expect(page.locator("#toast")).to_have_text("从 127.0.0.1 载入，看的范围会告诉它")
    wait_until(page, lambda: share_of_colour(page) > 0.7)
    expect(page.locator("#map-credit")).to_contain_text("测绘院 GS(2024)1号")
    expect(page.get_by_text("示意街道")).to_be_hidden()
    # The tiles are those of the town, in the matrix of web Mercator.
    said = {key: int(value[0]) for key, value in parse_qs(urlsplit(wmts.asked[0]).query).items()
            if key != "tk"}  # fmt: skip
    west = said["TILECOL"] / 2 ** said["TILEMATRIX"] * 360 - 180
    assert west < 116.97
    assert west + 360 / 2 ** said["TILEMATRIX"] > 116.93
    assert page.locator(".marker:visible").count() == 3
    # It is kept, and goes as it came.
    page.reload()
    expect(page.locator("#map[data-ready]")).to_be_attached(timeout=20_000)
    wait_until(page, lambda: share_of_colour(page) > 0.7)
    page.get_by_label("底图").select_option("")
    wait_until(page, lambda: share_of_colour(page) < 0.1)
    expect(page.get_by_text("示意街道")).to_be_visible()


def test_where_it_does_not_come_ours_is_there(page: Page, wmts: Wmts) -> None:
    wmts.well = False
    page.get_by_label("底图").select_option("测绘院底图")
    expect(page.locator("#toast")).to_have_text("测绘院底图没有载入，换回本图", timeout=10_000)
    assert page.get_by_label("底图").input_value() == ""
    expect(page.get_by_text("示意街道")).to_be_visible()
