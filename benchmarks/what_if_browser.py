"""How soon a what-if answers in the browser, on a processor slowed down four times.

The files of a release, the modules of the page, Chromium. Each what-if begins with its text and
ends when the clock of every service, and what changed in it, has been asked. 舒城 and 宽甸 are the
illustrative counties; Liechtenstein is its real streets with forty stations and the riders of
twenty-five places drawn beside them, seeded. The answers are held to the release's by
``tests/end_to_end/test_what_if.py``, whose places these are.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.harness import Budget, Unavailable
from tests.conftest import BROWSER_ARGUMENTS, installed_chromium
from tests.end_to_end.engine_page import SLOWDOWN, engine_page, load, slowed, what_ifs
from tests.end_to_end.engine_places import Place, illustrative, real_ground

DATA = Path(__file__).parents[1] / "data"
EXTRACT = Path(__file__).parents[2] / "shared/data/osm/liechtenstein.osm.pbf"
KINDS = {"close": "close a station", "hours": "open day and night", "new": "a new stop"}


def claim() -> Budget:
    """The claim, if the extract is here; raises Unavailable where it is not."""
    if not EXTRACT.is_file():
        raise Unavailable("no folder of shared test data beside the project, so no extract.")
    with tempfile.TemporaryDirectory() as folder:
        places = {
            "shucheng": illustrative(DATA, "shucheng"),
            "kuandian": illustrative(DATA, "kuandian"),
            "liechtenstein": real_ground(Path(folder), EXTRACT),
        }
    return Budget(
        name="A what-if in the browser",
        run=lambda: answer(places),
        limits={
            f"{slug}, {figure}": limit
            for slug in places
            for figure, limit in {
                **dict.fromkeys(KINDS.values(), (200.0, "ms")),
                "reading 100 kB of streets": (100.0, "ms"),
            }.items()
        },
        note=f"Medians over ten what-ifs of a kind, processor slowed down {SLOWDOWN} times; "
        "reading at full speed, the best of five.",
    )


def answer(places: Mapping[str, Place]) -> Mapping[str, float]:
    """Milliseconds by place and figure."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed_chromium(), args=BROWSER_ARGUMENTS
        )
        took = {slug: of_place(browser, place) for slug, place in places.items()}
        browser.close()
    return {f"{slug}, {figure}": ms for slug, each in took.items() for figure, ms in each.items()}


def of_place(browser: Browser, place: Place) -> Mapping[str, float]:
    """Milliseconds by figure."""
    page = engine_page(browser, place.files)
    reading = min(load(page)["streets"] for _ in range(5))
    slowed(page)
    took = {KINDS[kind]: statistics.median(ms) for kind, ms in what_ifs(page, place, 10).items()}
    page.close()
    return {**took, "reading 100 kB of streets": reading * 1e5 / len(place.files["streets.bin"])}
