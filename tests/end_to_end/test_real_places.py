"""The whole way on real places, from the extract to what a rider and a planner see.

Each place is started, built and published once, then opened in the browser; what is expected of it
stands in ``places.py``.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from locator.outputs.signs import door_signs
from locator.outputs.signs.sizes import SIZES, Paper
from locator.release.publish import Release
from locator.server.app import Settings
from locator.stations.hours import open_intervals, unknown_intervals
from tests.end_to_end.built import opened
from tests.end_to_end.conftest import PHONE, Watch, served
from tests.end_to_end.places import PLACES, Built, make
from tests.quick import rest_at_length

pytestmark = [pytest.mark.slow, pytest.mark.browser]

CREDIT = "© OpenStreetMap contributors"
HOST = "https://map.example.cn"


@pytest.fixture(scope="module")
def real_places(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Built]]:
    """Each place by its name, built when it is first asked for, and served until the end."""
    made: dict[str, Built] = {}
    with ExitStack() as servers:

        def make_once(slug: str) -> Built:
            if slug not in made:
                place = PLACES[slug]
                built = make(place, tmp_path_factory.mktemp(slug), shared)
                settings = Settings(var=built.folder / "var", now=lambda: place.moment)
                made[slug] = replace(built, site=servers.enter_context(served(settings)))
            return made[slug]

        yield make_once


@pytest.fixture(params=rest_at_length(PLACES, "helsinki"))
def real(request: pytest.FixtureRequest, real_places: Callable[[str], Built]) -> Built:
    """One real place, built and served."""
    return real_places(request.param)


def only(slug: str) -> pytest.MarkDecorator:
    """A test of one place."""
    return pytest.mark.parametrize("real", [slug], indirect=True)


def page_of(browser: Browser, real: Built, path: str, **options: Any) -> Any:
    """A page whose clock stands still at the place's moment, wherever the browser is."""
    moment = real.place.moment
    return opened(browser, real.site, path, moment=moment, timezone_id="Asia/Shanghai", **options)


# --- from the extract to a release ---------------------------------------------------------------


def test_every_row_is_accounted_for(real: Built) -> None:
    counts = real.release.manifest["counts"]
    assert counts["rows"] == counts["published"] + counts["quarantined"] + counts["duplicates"]
    assert Counter(real.release.stations()["kind"]) == real.place.kinds
    assert counts["cells"] > 0
    if real.said:  # what init found is what is published
        assert re.search(rf"驿站 +{counts['published']}（", real.said)


def test_the_release_says_what_it_is_made_of(real: Built) -> None:
    manifest = real.release.manifest
    made_up = "illustrative" if real.place.illustrative else None
    assert manifest["illustrative"] is real.place.illustrative
    looked_up = (real.county / "candidates.geojson").is_file()
    assert manifest["provenance"] == {
        "stations": made_up or "osm",
        "streets": "osm",
        "demand": made_up or "proxy",
        **({"candidates": "osm"} if looked_up else {}),
        "weakest": made_up or "proxy",
    }
    assert manifest["attribution"] == CREDIT


def test_the_worst_gaps_are_named_by_street_and_township(real: Built) -> None:
    names = [gap["name"] for gap in real.release.json("public/coverage.json")["gaps"]]
    assert [name for name in names[:5] if not real.place.gap.fullmatch(name)] == []
    assert len(names) == len({*names}) > 5


# --- of Helsinki alone, whose ledger is the richest ----------------------------------------------


@only("helsinki")
def test_the_same_extract_gives_the_same_bytes(real: Built, tmp_path: Path) -> None:
    again = make(real.place, tmp_path, Path())
    names = sorted(path.name for path in real.county.iterdir())
    assert {"county.toml", "demand.csv", "stations.geojson", "streets.osm.pbf"} <= {*names}
    for name in names:
        assert (again.county / name).read_bytes() == (real.county / name).read_bytes(), name
    assert again.release.hash == real.release.hash


@only("helsinki")
def test_nothing_is_tidied_and_a_building_stands_where_its_door_is(real: Built) -> None:
    ledger = json.loads((real.county / "stations.geojson").read_text("utf-8"))
    said = {each["properties"]["id"]: each for each in ledger["features"]}
    hours = {each["properties"].get("hours") for each in said.values()}
    assert "Mo-Fr 09:30 - 15:00. Lunch Mo-Fr 11:00 - 13:30" in hours
    # Oodi, the central library: its outline reaches 130 m; a rider wants the entrance.
    oodi = said["fihel-w596937289"]["geometry"]["coordinates"]
    assert oodi == pytest.approx((24.9381, 60.1738), abs=0.001)


@only("helsinki")
def test_hours_that_cannot_be_read_are_unknown_not_closed(real: Built) -> None:
    found = Counter(each["code"] for each in real.release.json("staff/findings.json")["findings"])
    unknown = real.release.json("public/coverage.json")["unknown_hours"]
    assert found["hours_unparsable"] > 0
    assert found["hours_missing"] + found["hours_unparsable"] == len(unknown) > 60
    assert real.release.stations()["hours"].isna().sum() == len(unknown)


@only("helsinki")
def test_fewer_are_served_late_and_no_service_appears_from_nowhere(real: Built) -> None:
    clock = {
        (row["day"], row["hour"], row["service"]): row
        for row in real.release.json("public/coverage.json")["clock"]
    }

    def share(day: str, hour: int, service: str) -> float:
        row = clock[day, hour, service]
        return float(row["covered"] / row["total"])

    assert share("workday", 13, "any_stop") > 0.9
    assert share("dayoff", 21, "any_stop") < 0.85 < share("dayoff", 13, "any_stop")
    assert share("workday", 13, "toilet") < share("workday", 13, "rest_seats")
    # Most restaurants are closed at night, and then draw no riders.
    assert (
        0
        < clock["workday", 3, "any_stop"]["total"] * 10
        < clock["workday", 12, "any_stop"]["total"]
    )
    for hour in range(24):
        assert clock["workday", hour, "drinking_water"]["covered"] == 0, "no tap is mapped"


# --- the rider's page ----------------------------------------------------------------------------


def test_the_list_the_map_and_a_card(chromium: Browser, real: Built) -> None:
    place = real.place
    station, name, kind, hours = place.station
    with page_of(chromium, real, f"/c/{place.slug}/") as page:
        expect(page.locator("h1")).to_have_text(place.name)
        expect(page.locator("#cards > li")).to_have_count(place.stations)
        assert CREDIT in page.locator(".map-credit").inner_text()
        says_what_it_is(page, real)
        expect_colours(page, "#map", place.colours)
        page.locator(f'#cards [data-id="{station}"] a[data-open]').click()
        card = page.locator("#panel .card")
        expect(card.locator(".card-name")).to_have_text(name)
        expect(card.locator(".card-kind").first).to_contain_text(kind)
        assert hours in card.inner_text()
        assert "amap" in card.locator("[data-go]").get_attribute("href")


def test_a_phone_filters_what_is_open(chromium: Browser, real: Built) -> None:
    with page_of(chromium, real, f"/c/{real.place.slug}/", viewport=PHONE) as page:
        expect(page.locator("#map[data-ready]")).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        states = states_of(page)
        assert states == {row.id: expected_state(real, row) for row in stations_of(real)}
        open_now = [each for each, state in states.items() if state in ("open", "closing")]
        page.get_by_role("button", name="现在开着").click()
        expect(page.locator("#list-count")).to_have_text(
            f"{real.place.stations} 个里的 {len(open_now)} 个"
        )
        show_all(page)
        assert page.locator("#cards > li:visible").count() == len(open_now)
        page.get_by_role("button", name="现在开着").click()
        page.locator("#search").fill(real.place.station[1])
        expect(page.locator(f'#cards [data-id="{real.place.station[0]}"]')).to_be_visible()


def test_a_station_s_own_page(chromium: Browser, real: Built) -> None:
    station, name, _, hours = real.place.station
    with page_of(chromium, real, f"/s/{station}", viewport=PHONE) as page:
        expect(page.locator("h1")).to_have_text(name)
        expect(page.locator("#map[data-ready]")).to_be_attached()
        assert hours in page.locator("main").inner_text()
        says_what_it_is(page, real)


# --- the planner's page, the file to hand out, the sign ------------------------------------------


def test_the_planner_s_page(chromium: Browser, real: Built) -> None:
    coverage = real.release.json("public/coverage.json")
    gaps = real.release.json("public/gaps.json")["any_stop"]
    then = [dict(zip(gap["hours"], gap["riders"], strict=True)) for gap in gaps]
    worst, _ = max(zip(gaps, then, strict=True), key=lambda each: each[1].get("workday 20", 0))
    at = "#workday-20-any_stop"
    with page_of(chromium, real, f"/c/{real.place.slug}/plan{at}") as page:
        headline = page.locator("h1.plan-headline").inner_text()
        assert re.findall(r"\d+", headline) == re.findall(r"\d+", coverage["headline_zh"])
        assert page.locator("table.clock:visible td[data-hour]").count() == 12 * 24
        expect(page.locator("#plan-canvas[data-ready]")).to_be_attached()
        assert page.locator(".gap .gap-place").first.inner_text() == worst["name"]
        sources = page.locator("[aria-labelledby=sources-title]").inner_text()
        assert real.place.demand in sources
        assert "开放街图" in sources
        assert CREDIT in sources
        says_what_it_is(page, real)
        expect_colours(page, "#plan-canvas", real.place.colours[:1])


def test_the_planner_s_map_in_one_file(chromium: Browser, real: Built, tmp_path: Path) -> None:
    file = tmp_path / "map.html"
    drawn = real.run("map", real.place.slug, "--out", str(file))
    assert drawn.exit_code == 0, drawn.output
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    watch = Watch(file.as_uri())
    watch.look_at(page)
    try:
        page.goto(file.as_uri())
        page.wait_for_selector(".folium-map[data-zoom]")
        assert page.locator("path.gap").count() > 0
        assert page.locator(".leaflet-marker-pane .pin").count() == real.place.stations
        said = page.locator("body").inner_text()
        coverage = real.release.json("public/coverage.json")
        assert coverage["gaps"][0]["name"] in said
        many = len(coverage["unknown_hours"]) >= real.place.stations / 3
        assert ("没写开放时间" in said) is many
        assert CREDIT in said
        assert ("示意" in said) is real.place.illustrative
        assert [url for url in watch.foreign if url != file.as_uri()] == []
        assert watch.errors == []
    finally:
        page.close()


def test_a_door_sign(real: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    station, name, *_ = real.place.station
    every = Release.stations(real.release)
    one = every[every["id"] == station]
    if not real.place.illustrative:
        refused = real.run("signs", real.place.slug, "--out", str(tmp_path))
        assert refused.exit_code == 2
        assert f"locator adopt {real.place.slug} LEDGER" in refused.output
        one = one.assign(provenance="ledger")  # as if the county had made it its own
    monkeypatch.setattr(Release, "stations", lambda _: one)
    batch = door_signs(real.release, tmp_path, Paper(SIZES["A4"], lang="both"), public_url=HOST)
    assert batch.failed == ()
    document = pdfium.PdfDocument(batch.written[0])
    said = re.sub(r"\s", "", document[0].get_textpage().get_text_range())
    pixels = document[0].render(scale=150 / 72).to_numpy()
    document.close()
    (code,) = zxingcpp.read_barcodes(pixels)
    assert code.text == f"{HOST}/go/{station}"
    assert re.sub(r"\s", "", name) in said
    assert "©OpenStreetMap" in said
    assert ("示意" in said) is real.place.illustrative
    # A map of streets is drawn, not white paper.
    assert len(np.unique(pixels.reshape(-1, pixels.shape[-1]), axis=0)) > 200


# --- what is looked at on several pages ----------------------------------------------------------


def says_what_it_is(page: Page, real: Built) -> None:
    """The banner of a made-up place says 示意; a real one's says 开放街图, and 示意 nowhere."""
    banner = expect(page.locator(".notice"))
    if real.place.illustrative:
        banner.to_contain_text("示意")
    else:
        banner.to_contain_text("开放街图")
        assert "示意" not in page.locator("body").inner_text()


def stations_of(real: Built) -> Any:
    return real.release.stations().itertuples()


def expected_state(real: Built, row: Any) -> str:
    """A station's state at the place's moment, worked out apart from the page."""
    if row.status != "open":
        return "closed"
    if not isinstance(row.hours, str):
        return "unknown"
    county, moment = real.release.county, real.place.moment
    zone = ZoneInfo(county["timezone"])
    day = moment.astimezone(zone).date()
    minute = moment.timestamp() / 60
    spans = open_intervals(row.hours, day, 2, county["timezone"], county["country"])
    left = [end - minute for start, end in spans.tolist() if start <= minute < end]
    if not left:
        doubtful = unknown_intervals(row.hours, day, 2, county["timezone"], county["country"])
        return "unknown" if any(a <= minute < b for a, b in doubtful.tolist()) else "closed"
    return "closing" if left[0] <= 30 else "open"


def show_all(page: Page) -> None:
    """Of a long list some are shown at a time."""
    while page.locator("#more").is_visible():
        page.locator("#more").click()


def states_of(page: Page) -> dict[str, str]:
    """Station → what its card's chip says: open, closing, closed, unknown."""
    expect(page.locator("#cards .state").first).to_be_visible()
    show_all(page)
    return dict(
        page.eval_on_selector_all(
            "#cards [data-id]",
            """cards => cards.map(card => [card.dataset.id,
                 card.querySelector("[data-state]").className.match(/state-(\\w+)/)[1]])""",
        )
    )


def expect_colours(page: Page, map_: str, wanted: Collection[str]) -> None:
    """Wait until a map shows these colours of the page's palette, each on 0.05 % of it or more."""
    expect(page.locator(f"{map_}[data-ready]")).to_be_attached(timeout=20_000)
    palette = page.evaluate(
        """names => { const said = getComputedStyle(document.documentElement);
          return Object.fromEntries(
            names.map(name => [name, said.getPropertyValue("--map-" + name).trim()])) }""",
        list(wanted),
    )
    canvas = page.locator(f"{map_} canvas").first
    seen: dict[str, float] = {}
    for _ in range(40):
        picture = Image.open(io.BytesIO(canvas.screenshot())).convert("RGB")
        pixels = np.asarray(picture).astype(int)
        for name, text in palette.items():
            colour = [int(text[i : i + 2], 16) for i in (1, 3, 5)]
            seen[name] = float((np.abs(pixels - colour) <= 2).all(axis=-1).mean())
        if min(seen.values()) >= 0.0005:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{map_} shows {seen}")
