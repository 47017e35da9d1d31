"""The rider's page beside what folium and plain Leaflet make of the same stations.

Headless Chromium, a processor slowed down four times, the line that Chrome calls slow 3G (50 kB a
second, two seconds to the first byte), nothing kept from before. Counted is what came over the
line, headers and all.

"The list" is on our page the printed one (names, hours, services, the way there) and then the one
that says what is open now; on the Leaflet page its list; folium's page has none, so there it is its
first marker. "The map" is ours drawn with every marker and all that is in view, and there markers
and one tile; before it our page has the small picture of the county with every marker.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from benchmarks.harness import Budget
from benchmarks.web_peers import peers_served
from locator.release.publish import open_release
from locator.server.app import Settings
from tests.conftest import BROWSER_ARGUMENTS, installed_chromium
from tests.end_to_end.built import build
from tests.end_to_end.conftest import ANDROID, NOON, PHONE, served
from tests.end_to_end.engine_page import SLOWDOWN
from tests.server.hundred import stations
from tests.server.tiny_release import write_release

DATA = Path(__file__).parents[1] / "data"
SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 50_000,
           "uploadThroughput": 50_000}  # fmt: skip
#: The first of the map's own scripts.
MAP = "rider-map.js"
WAIT_S = 180
#: What shows that a page has come so far.
OURS = {"list": ".cards .told", "picture": ".overview .marker", "map": "#map[data-ready]"}
LEAFLET = {"list": "#list li", "map": ".leaflet-tile-loaded"}
FOLIUM = {"list": ".leaflet-marker-icon", "map": ".leaflet-tile-loaded"}
_WATCH = """(signs) => {
  window.came = {};
  const look = () => {
    for (const name in signs) {
      if (!(name in came) && document.querySelector(signs[name])) came[name] = performance.now();
    }
    if (Object.keys(came).length < Object.keys(signs).length) setTimeout(look, 20);
  };
  look();
}"""
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True)
class Visit:
    """One first visit: seconds to a sign, and what had come over the line by then and in all."""

    painted_s: float
    list_s: float
    picture_s: float | None
    map_s: float
    list_kb: float
    kb: float
    script_kb: float
    requests: int
    foreign: int
    heap_mb: float

    def text(self) -> str:
        """One line for the notes."""
        return (
            f"first words {self.painted_s:.1f} s, list {self.list_s:.1f} s after "
            f"{self.list_kb:.0f} kB, {self._picture()}map {self.map_s:.1f} s; {self.kb:.0f} kB in "
            f"{self.requests} requests, {self.foreign} of them to other hosts; "
            f"{self.heap_mb:.0f} MB of script memory"
        )

    def _picture(self) -> str:
        return f"picture of the county {self.picture_s:.1f} s, " if self.picture_s else ""


def claims() -> Iterator[Budget]:
    """The list of a hundred stations, and 舒城 beside its peers."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed_chromium(), args=BROWSER_ARGUMENTS
        )
        hundred = visit_hundred(browser)
        ours, peers = side_by_side(browser)
        browser.close()
    yield budget(
        "The list of 100 stations",
        {
            "over the line until it says what is open": (hundred.list_kb, 40.0, "kB"),
            "scripts before the map": (hundred.script_kb, 40.0, "kB"),
        },
        hundred.text(),
    )
    notes = {"ours": ours, **peers}
    yield budget(
        "The page of 舒城 beside its peers",
        {
            f"the printed list, as a part of the time to {what}": (
                ours.painted_s / peers[name].list_s,
                1.0,
                "",
            )
            for name, what in (
                ("Leaflet", "the Leaflet page's"),
                ("folium", "folium's first marker"),
            )
        },
        "; ".join(f"{name}: {each.text()}" for name, each in notes.items()),
    )


def budget(name: str, found: Mapping[str, tuple[float, float, str]], note: str) -> Budget:
    """A budget of what has been measured already."""
    return Budget(
        name=name,
        run=lambda: {figure: most for figure, (most, _, _) in found.items()},
        limits={figure: (limit, unit) for figure, (_, limit, unit) in found.items()},
        rounds=1,
        note=note,
    )


def visit_hundred(browser: Browser) -> Visit:
    """The list of a hundred stations."""
    with tempfile.TemporaryDirectory() as folder:
        write_release(Path(folder), stations(100), with_map=True)
        with served(Settings(var=Path(folder), now=lambda: NOON)) as site:
            return visit(browser, f"{site}/c/shucheng/", OURS)


def side_by_side(browser: Browser) -> tuple[Visit, dict[str, Visit]]:
    """舒城's stations as our page, and as the peers'."""
    with tempfile.TemporaryDirectory() as folder:
        build(DATA, Path(folder), "shucheng", NOON.date())
        table = open_release(Path(folder), "shucheng").json("public/stations.geojson")
        with served(Settings(var=Path(folder), now=lambda: NOON)) as site:
            ours = visit(browser, f"{site}/c/shucheng/", OURS)
        with peers_served(table) as (address, _):
            peers = {
                "Leaflet": visit(browser, f"{address}/leaflet", LEAFLET),
                "folium": visit(browser, f"{address}/folium", FOLIUM),
            }
    return ours, peers


def visit(browser: Browser, address: str, signs: Mapping[str, str]) -> Visit:
    """Open a page that nobody has opened before, and watch it come."""
    context = browser.new_context(
        viewport=PHONE, user_agent=ANDROID, locale="zh-CN", timezone_id="Asia/Shanghai",
        service_workers="block",
    )  # fmt: skip
    page = context.new_page()
    session = context.new_cdp_session(page)
    asked: dict[str, tuple[str, float]] = {}
    came: dict[str, tuple[float, float]] = {}

    def on_request(said: Mapping[str, Any]) -> None:
        asked[said["requestId"]] = (said["request"]["url"], said["timestamp"])

    def on_finished(said: Mapping[str, Any]) -> None:
        came[said["requestId"]] = (said["encodedDataLength"] / 1000, said["timestamp"])

    session.on("Network.requestWillBeSent", on_request)
    session.on("Network.loadingFinished", on_finished)
    session.send("Network.enable")
    session.send("Performance.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.add_init_script(f"({_WATCH})({dict(signs)})")
    page.goto(address, wait_until="commit", timeout=60_000)
    signed: dict[str, float] = {}
    for _ in range(WAIT_S):
        page.wait_for_timeout(1000)
        signed = {name: at / 1000 for name, at in page.evaluate("window.came").items()}
        if len(signed) == len(signs):
            break
    page.wait_for_timeout(2000)
    painted = page.evaluate(_PAINTED) / 1000
    session.send("HeapProfiler.collectGarbage")
    told = {
        each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]
    }
    context.close()
    here = urlsplit(address).netloc
    begun = min(at for _, at in asked.values())
    drawn = min((at for url, at in asked.values() if url.endswith(MAP)), default=float("inf"))
    other = [url for url, _ in asked.values() if urlsplit(url).netloc not in {here, ""}]
    scripts = [key for key, (url, at) in asked.items() if url.endswith(".js") and at < drawn]
    return Visit(
        painted_s=painted,
        list_s=signed["list"],
        picture_s=signed.get("picture"),
        map_s=signed["map"],
        list_kb=sum(size for size, at in came.values() if at - begun <= signed["list"]),
        kb=sum(size for size, _ in came.values()),
        script_kb=sum(came[key][0] for key in scripts if key in came),
        requests=len(asked),
        foreign=len(other),
        heap_mb=told["JSHeapUsedSize"] / 1e6,
    )
