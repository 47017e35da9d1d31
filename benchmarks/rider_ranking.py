"""How soon "near me" is answered on the rider's page, and how long 5,000 stations take to rank.

The ranking: a seeded grid of streets, made up, with stations beside them that have hours of their
own and a service within these; from a position to the order of the list. Where stations stand on
the streets is found when these are read, once, while the phone looks for its position.

The page: 舒城 as it is served, a processor slowed down four times; three seconds after its map has
come someone taps "near me", and from the moment at which the phone knows its position it takes so
long to the list in the order of rides over the streets.
"""

from __future__ import annotations

import random
import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.harness import Budget
from locator.counties import find_county
from locator.release.compact_streets import compact_streets
from locator.server.app import Settings
from locator.server.words import say
from locator.streets.graph import build_graph
from locator.streets.pieces import Line
from tests.conftest import BROWSER_ARGUMENTS, installed_chromium
from tests.end_to_end.built import build
from tests.end_to_end.conftest import NOON, PHONE, served
from tests.end_to_end.engine_page import SLOWDOWN, engine_page, slowed

DATA = Path(__file__).parents[1] / "data"
SIDE, STEP = 142, 0.001
STATIONS = 5_000
#: So long the reader has looked at the page before the tap.
LOOKED_AT_MS = 3000
_RANK = """async (stations) => {
  const buffer = await (await fetch("/data/streets.bin")).arrayBuffer();
  const ridesFrom = m.rideFinder(buffer, stations);
  return Array.from({ length: 15 }, function (_, turn) {
    const begun = performance.now();
    const rides = ridesFrom({ lon: 116.93 + turn * 0.005, lat: 31.47 });
    stations.forEach((station, at) => { station.ride = rides[at]; });
    m.setArrivals(stations, { from: 0, to: 20160 }, ["toilet"], 800);
    m.takeTurns(stations);
    stations.slice().sort(m.inOrder);
    if (rides.filter((ride) => ride.exact).length < stations.length * 0.9) throw new Error("far");
    return performance.now() - begun;
  });
}"""
#: The phone finds its position after a while; from then on the page's note is watched.
_WATCH = """(by) => {
  window.answered = new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition = (found) => setTimeout(function () {
      const note = document.getElementById("list-note");
      const begun = performance.now();
      new MutationObserver(function () {
        if (note.textContent.startsWith(by)) resolve(performance.now() - begun);
      }).observe(note, { childList: true });
      found({ coords: { longitude: 116.944, latitude: 31.462, accuracy: 20 } });
    }, 1500);
  });
}"""


def claim() -> Budget:
    """The claim."""
    return Budget(
        name="The rider's page",
        run=run,
        limits={
            f"ranking {STATIONS:,} stations on {SIDE * SIDE:,} nodes": (50.0, "ms"),
            "near me in shucheng": (300.0, "ms"),
        },
        note="Medians: the ranking of 15 positions at full speed, the page of three openings on a "
        f"processor slowed down {SLOWDOWN} times.",
    )


def run() -> Mapping[str, float]:
    """Milliseconds by figure."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=installed_chromium(), args=BROWSER_ARGUMENTS
        )
        ranking = rank(browser)
        build(DATA, Path(folder), "shucheng", NOON.date())
        with served(Settings(var=Path(folder), now=lambda: NOON)) as site:
            near = statistics.median(near_me(browser, site) for _ in range(3))
        browser.close()
    return {
        f"ranking {STATIONS:,} stations on {SIDE * SIDE:,} nodes": ranking,
        "near me in shucheng": near,
    }


def rank(browser: Browser) -> float:
    """Milliseconds from a position to the order of the list."""
    streets, stations = town()
    page = engine_page(browser, {"streets.bin": streets})
    took = statistics.median(page.evaluate(_RANK, stations))
    page.close()
    return took


def town() -> tuple[bytes, list[dict[str, Any]]]:
    """``streets.bin`` of a grid with bends, and stations as the page knows them."""
    rng = random.Random(20261130)

    def moved(x: float, y: float, by: float) -> tuple[float, float]:
        return x + rng.uniform(-by, by), y + rng.uniform(-by, by)

    corners = {
        (x, y): moved(116.9 + x * STEP, 31.4 + y * STEP, 0.3 * STEP)
        for x in range(SIDE)
        for y in range(SIDE)
    }
    lines = []
    for (x, y), one in corners.items():
        for other in ((x + 1, y), (x, y + 1)):
            if other in corners:
                two = corners[other]
                bend = moved((one[0] + two[0]) / 2, (one[1] + two[1]) / 2, 0.1 * STEP)
                lon, lat = zip(one, bend, two, strict=True)
                keys = ((x, y), (x, y, other), other)
                lines.append(Line("", "residential", 15.0, True, True, keys, lon, lat))
    graph = build_graph(lines, {})
    stations = []
    for number in range(STATIONS):
        lon, lat = moved(*rng.choice(list(corners.values())), 0.5 * STEP)
        opens, hours = rng.randrange(600), rng.randrange(400, 900)
        days = [day * 1440 + opens for day in range(14)]
        served_in = [[day + 30, day + hours - 60] for day in days]
        stations.append({
            "id": str(number), "order": number, "lon": lon, "lat": lat, "status": "open",
            "stop": True, "services": ["toilet"],
            "entry": {"door": [[day, day + hours] for day in days],
                      "services": {"toilet": served_in}},
        })  # fmt: skip
    return compact_streets(graph, find_county(DATA, "shucheng")), stations


def near_me(browser: Browser, site: str) -> float:
    """Milliseconds from a position to the list in the order of rides."""
    context = browser.new_context(
        viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", service_workers="block"
    )
    page = context.new_page()
    page.clock.set_fixed_time(NOON)
    slowed(page)
    page.goto(site + "/c/shucheng/")
    page.locator("#map[data-ready]").wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(LOOKED_AT_MS)
    page.evaluate(_WATCH, say("sorted_near", "zh", "script"))
    page.locator("#near").click()
    took: float = page.evaluate("window.answered")
    context.close()
    return took
