"""The whole way on a real place: Helsinki's centre as it was mapped, from extract to page."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from locator.release.publish import Release
from locator.server.app import Settings
from locator.stations.hours import open_intervals
from tests import real_place
from tests.end_to_end.built import build, opened
from tests.end_to_end.conftest import PHONE, served

pytestmark = [pytest.mark.slow, pytest.mark.browser]

#: A Wednesday before the Finns' Christmas: an ordinary day there.
NOW = datetime(2026, 11, 25, 16, 40, tzinfo=UTC)
HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_place.make_county(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def ledger(county: Path) -> list[dict[str, Any]]:
    found = json.loads((county / "stations.geojson").read_text("utf-8"))
    features: list[dict[str, Any]] = found["features"]
    return features


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def release(county: Path, var: Path) -> Release:
    return build(county.parent, var, "helsinki", date(2026, 11, 24))


@pytest.fixture(scope="module")
def site(var: Path, release: Release) -> Iterator[str]:
    with served(Settings(var=var, now=lambda: NOW)) as address:
        yield address


# --- from the extract to a ledger ----------------------------------------------------------------


def test_the_same_extract_gives_the_same_bytes(county: Path, tmp_path: Path) -> None:
    again = real_place.make_county(tmp_path)
    names = sorted(path.name for path in county.iterdir())
    assert names == ["county.toml", "demand.csv", "stations.geojson", "streets.osm.pbf"]
    for name in names:
        assert (again / name).read_bytes() == (county / name).read_bytes(), name


def test_amenities_become_stations_and_nothing_is_tidied(ledger: list[dict[str, Any]]) -> None:
    said = [feature["properties"] for feature in ledger]
    assert Counter(each["kind"] for each in said) == {
        "cafe": 89, "public_toilet": 18, "library": 7, "community_centre": 3,
    }  # fmt: skip
    assert len({each["id"] for each in said}) == len(said)
    assert all(re.fullmatch(r"fihel-[nw]\d+", each["id"]) for each in said)
    hours = {each["hours"] for each in said if "hours" in each}
    assert "Mo-Fr 09:30 - 15:00. Lunch Mo-Fr 11:00 - 13:30" in hours
    # The one shelter there is a bomb shelter; a toilet that "male pee = free" is not simply free.
    assert not [each for each in said if each["kind"] == "shelter"]
    by_id = {each["id"]: each for each in said}
    assert "entry" not in by_id["fihel-n600408141"]
    assert by_id["fihel-n103678074"]["entry"] == "free"


def test_a_building_stands_where_its_door_is(ledger: list[dict[str, Any]]) -> None:
    """Oodi, the central library: its outline reaches 130 m; a rider wants the entrance."""
    oodi = next(each for each in ledger if each["properties"]["id"] == "fihel-w596937289")
    lon, lat = oodi["geometry"]["coordinates"]
    assert (lon, lat) == pytest.approx((24.9381, 60.1738), abs=0.001)


def test_restaurants_that_are_closed_draw_no_riders(county: Path) -> None:
    rows = (county / "demand.csv").read_text("utf-8").splitlines()[1:]
    hours = Counter(
        hour
        for row in rows
        for start, end in [re.search(r"(\d\d):00-(\d\d):00", row).groups()]
        for hour in range(int(start), int(end))
    )
    assert hours[12] > 400
    assert 0 < hours[3] < 40
    assert {row.split(",")[-3] for row in rows} == {"工作日", "休息日"}


# --- from the ledger to a release ----------------------------------------------------------------


def test_every_row_is_accounted_for(release: Release, ledger: list[dict[str, Any]]) -> None:
    counts = release.manifest["counts"]
    assert counts["rows"] == len(ledger)
    assert counts["rows"] == counts["published"] + counts["quarantined"] + counts["duplicates"]
    found = Counter(each["code"] for each in release.json("staff/findings.json")["findings"])
    assert found == {"hours_missing": 67, "possible_duplicate": 3, "hours_unparsable": 2}


def test_hours_that_cannot_be_read_are_unknown_not_closed(release: Release) -> None:
    stations = release.stations()
    assert stations["hours"].isna().sum() == 67 + 2
    unknown = release.json("public/coverage.json")["unknown_hours"]
    assert len(unknown) == 67 + 2


def test_the_release_says_what_it_is_made_of(release: Release) -> None:
    manifest = release.manifest
    assert not manifest["illustrative"]
    assert manifest["provenance"] == {
        "stations": "osm", "streets": "osm", "demand": "proxy", "weakest": "proxy",
    }  # fmt: skip
    assert manifest["attribution"] == "© OpenStreetMap contributors"
    assert manifest["county"]["timezone"] == "Europe/Helsinki"


def test_fewer_are_served_late_and_no_service_appears_from_nowhere(release: Release) -> None:
    clock = {
        (row["day"], row["hour"], row["service"]): row
        for row in release.json("public/coverage.json")["clock"]
    }

    def share(day: str, hour: int, service: str) -> float:
        row = clock[day, hour, service]
        return float(row["covered"] / row["total"])

    assert share("workday", 13, "any_stop") > 0.9
    assert share("dayoff", 21, "any_stop") < 0.8 < share("dayoff", 13, "any_stop")
    assert share("workday", 13, "toilet") < share("workday", 13, "rest_seats")
    for hour in range(24):
        assert clock["workday", hour, "drinking_water"]["covered"] == 0, "no tap is mapped"


def test_building_again_gives_the_same_release(
    county: Path, release: Release, tmp_path: Path
) -> None:
    assert build(county.parent, tmp_path, "helsinki", date(2026, 11, 24)).hash == release.hash


# --- in the browser ------------------------------------------------------------------------------


def fixed(browser: Browser, site: str, path: str, **options: Any) -> Any:
    """A page whose clock stands at NOW, in a browser that believes it is in Shanghai."""
    return opened(browser, site, path, moment=NOW, timezone_id="Asia/Shanghai", **options)


def expected_state(hours: str | None) -> str:
    """The state at NOW, worked out apart from the page."""
    if hours is None:
        return "unknown"
    day = NOW.astimezone(HELSINKI).date()
    minute = NOW.timestamp() / 60
    spans = open_intervals(hours, day, 2, "Europe/Helsinki", "FI")
    left = [end - minute for start, end in spans.tolist() if start <= minute < end]
    return "closed" if not left else "closing" if left[0] <= 30 else "open"


def test_the_states_are_those_of_helsinki_s_clock(
    chromium: Browser, site: str, release: Release
) -> None:
    stations = release.stations()
    wanted = {
        row.id: expected_state(row.hours if isinstance(row.hours, str) else None)
        for row in stations.itertuples()
    }
    assert {"open", "closing", "closed", "unknown"} == set(wanted.values())
    with fixed(chromium, site, "/c/helsinki/") as page:
        page.wait_for_selector("[data-state].state-open")
        shown = page.eval_on_selector_all(
            "#cards [data-id]",
            """cards => cards.map(card => [card.dataset.id,
                 card.querySelector("[data-state]").className.match(/state-(\\w+)/)[1]])""",
        )
    assert dict(shown) == wanted


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_list_map_and_card(chromium: Browser, site: str, options: dict[str, Any]) -> None:
    with fixed(chromium, site, "/c/helsinki/", **options) as page:
        page.wait_for_selector("#map[data-ready]")
        assert page.locator("#cards > li").count() == 117
        assert "© OpenStreetMap contributors" in page.locator(".map-credit").inner_text()
        assert page.locator(".notice").count() == 0, "nothing here is made up"
        page.locator('#cards [data-id="fihel-n1007942428"] a[data-open]').click()
        card = page.locator("#panel .card")
        card.wait_for()
        assert card.locator(".card-name").inner_text() == "Helsingin yliopiston pääkirjasto"
        assert card.locator(".card-kind").first.inner_text() == "图书馆"
        week = card.locator(".week").inner_text()
        assert "08:00–20:00" in week
        assert "11:00–17:00" in week
        assert card.locator("[data-state]").get_attribute("class").endswith("state-open")
        assert "amap" in card.locator("[data-go]").get_attribute("href")


def test_the_planner_s_page(chromium: Browser, site: str, release: Release) -> None:
    with fixed(chromium, site, "/c/helsinki/plan") as page:
        page.wait_for_selector("#plan-canvas[data-ready]")
        headline = release.json("public/coverage.json")["headline_zh"]
        said = page.locator("h1").inner_text()
        assert re.findall(r"\d+", said) == re.findall(r"\d+", headline)
        assert "推算" in page.locator(".plan-limits").inner_text()


def test_a_station_s_own_page(chromium: Browser, site: str) -> None:
    with fixed(chromium, site, "/s/fihel-n60068035") as page:
        assert page.locator("h1").inner_text() == "Cafe Java"
        page.wait_for_selector("#map[data-ready]")
