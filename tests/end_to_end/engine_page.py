"""The modules that reckon, in a browser, with files written for them; no server is needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from tests.end_to_end.engine_places import Place

#: Nobody answers there: every request is answered from the disk.
ORIGIN = "http://engine.invalid"
JAVASCRIPT = Path(__file__).parents[2] / "web/static/js"

_OPEN = """async () => {
  const names = ["columns", "street-graph", "street-plane", "street-snap", "street-ride", "masks",
    "scenario", "what-if", "arrival", "rides", "plan-area"];
  const found = await Promise.all(names.map((name) => import("/js/" + name + ".js")));
  window.m = Object.assign({}, ...found);
}"""
_LOAD = """async () => {
  const bytes = async (name) => (await fetch("/data/" + name)).arrayBuffer();
  const [streets, matrix] = [await bytes("streets.bin"), await bytes("matrix.bin")];
  const begun = performance.now();
  window.streets = m.readStreets(streets);
  const read = performance.now();
  window.matrix = m.readMatrix(matrix);
  window.what = m.createWhatIf(window.matrix, window.streets);
  what.today();
  return { streets: read - begun, all: performance.now() - begun };
}"""
_ASK = """(texts) => texts.map((text) => {
  const begun = performance.now();
  const then = what.apply(m.parseScenario(text).items);
  matrix.header.services.forEach((name) => [then.clock(name), then.change(name)]);
  return performance.now() - begun;
})"""
#: How many times slower than itself a processor is made.
SLOWDOWN = 4


def engine_page(browser: Browser, files: Mapping[str, bytes]) -> Page:
    """A page whose ``m`` holds the exports of all modules; ``files`` lie under ``/data/``."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ORIGIN)
        if name.startswith("/js/"):
            body, kind = (JAVASCRIPT / name[4:]).read_bytes(), "text/javascript"
        elif name.startswith("/data/"):
            body, kind = files[name[6:]], "application/octet-stream"
        else:
            body, kind = b"<!doctype html><title>engine</title>", "text/html"
        route.fulfill(body=body, content_type=kind)

    page = browser.new_page()
    page.route(ORIGIN + "/**", answer)
    page.goto(ORIGIN + "/")
    page.evaluate(_OPEN)
    return page


def load(page: Page) -> dict[str, Any]:
    """Read streets.bin and matrix.bin into ``streets``, ``matrix`` and ``what``; the milliseconds
    that reading the streets, and all of it, took."""
    took: dict[str, Any] = page.evaluate(_LOAD)
    return took


def slowed(page: Page) -> None:
    """Slow the page's processor down, as a cheap machine is."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})


def what_ifs(page: Page, place: Place, count: int) -> dict[str, list[float]]:
    """Milliseconds of ``count`` what-ifs of each kind, each of another station or place."""
    ids = place.stations["id"].tolist()[:count]
    at = place.stations.geometry.iloc[:count]
    texts = {
        "close": [f"-{one}" for one in ids],
        "hours": [f"{one}@wd:0000-2400,do:0000-2400" for one in ids],
        "new": [f"+{x + 0.0007:.6f},{y - 0.0004:.6f}" for x, y in zip(at.x, at.y, strict=True)],
    }
    return {kind: page.evaluate(_ASK, each) for kind, each in texts.items()}
