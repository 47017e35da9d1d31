"""The what-if engine of the browser against the release's: equal to the tenth of a second, and to
the bit."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import Browser, Page
from pyproj import Transformer
from scipy.sparse import csr_array, hstack

from locator.coverage.demand import DAYS, SLOTS
from locator.coverage.supply import Supply, covered
from locator.geo.crs import WGS84, local_metres
from locator.release.columns import pack
from locator.streets.access import access_matrix
from locator.streets.snap import snap
from tests.end_to_end.engine_page import engine_page, load, slowed, what_ifs
from tests.end_to_end.engine_places import Place, illustrative, real_ground
from tests.end_to_end.places import helsinki_extract

pytestmark = pytest.mark.browser

SPANS = ("0600-2400", "0000-2400", "2200-0200", "0740-1150_1300-2055", "off", "1830-0730")
#: Each coding at its edges, name → (coding, values).
SAMPLE: dict[str, Any] = {
    "u": ("uint", [0, 127, 128, 2**31, 2**53 - 1]),
    "i": ("int", [0, -1, 1, -(2**31), 2**40]),
    "d": ("delta", [5, 1_169_500_000, -7]),
    "t": ("text", ["街"]),
}


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    page = engine_page(chromium, {"sample.bin": pack({"format": "x", "version": 1}, SAMPLE)})
    yield page
    page.close()


def test_scenarios_read_and_print_as_the_table_says(page: Page, root: Path) -> None:
    rows = json.loads((root / "tests/coverage/scenarios.json").read_text("utf-8"))
    read = page.evaluate("(rows) => rows.map((row) => m.parseScenario(row.text))", rows)
    for row, found in zip(rows, read, strict=True):
        assert found == {"items": row["items"], "faults": row["faults"]}, row["what"]
    printed = page.evaluate("(rows) => rows.map((row) => m.printScenario(row.items))", rows)
    assert printed == [row["printed"] for row in rows]


def test_a_drawn_area_holds_what_shapely_says_it_holds(page: Page) -> None:
    """Corners on a small lattice: edges pass through the places asked, rings cross themselves."""
    chance = random.Random(7)
    places = [(x, y) for x in range(-1, 8) for y in range(-1, 8)]
    rings = [
        [(chance.randrange(7), chance.randrange(7)) for _ in range(chance.randint(3, 8))]
        for _ in range(400)
    ]
    # Where a line runs back along itself, the libraries differ by what nobody draws.
    lines = [shapely.LinearRing(ring) for ring in rings]
    once = [shapely.unary_union(line).length > line.length - 1e-6 for line in lines]
    rings = [ring for ring, each in zip(rings, once, strict=True) if each]
    ask = "([rings, places]) => rings.map((ring) => places.map((place) => m.holds(ring, place)))"
    crossing = 0
    for ring, found in zip(rings, page.evaluate(ask, [rings, places]), strict=True):
        area = shapely.make_valid(shapely.Polygon(ring))
        crossing += not shapely.Polygon(ring).is_valid
        line = shapely.LinearRing(ring)
        at = shapely.points(places)
        wanted = shapely.intersects(area, at) | shapely.intersects(line, at)
        assert found == wanted.tolist(), ring
    assert crossing > 100


def test_columns_to_the_last_number(page: Page) -> None:
    ask = """async () => {
      const file = m.unpack(await (await fetch("/data/sample.bin")).arrayBuffer(), "x", 1);
      return [..."uid"].map((name) => Array.from(file.column(name))).concat([file.texts("t")]);
    }"""
    assert page.evaluate(ask) == [values for _, values in SAMPLE.values()]
    for wrong in ('"y", 1', '"x", 2'):
        refused = f"""async () => {{
          const bytes = await (await fetch("/data/sample.bin")).arrayBuffer();
          try {{ m.unpack(bytes, {wrong}); }} catch (error) {{ return error.message; }}
        }}"""
        assert page.evaluate(refused).endswith("but x 1")


@pytest.mark.parametrize("origin", [(116.95, 31.46), (24.94, 60.17), (0.0, 0.0), (-58.38, -34.6)])
def test_the_plane_is_projs_to_a_micrometre(page: Page, origin: tuple[float, float]) -> None:
    rng = np.random.default_rng(1)
    lon = origin[0] + np.append(rng.uniform(-0.5, 0.5, 400), 0.0)
    lat = origin[1] + np.append(rng.uniform(-0.5, 0.5, 400), 0.0)
    plane = Transformer.from_crs(WGS84, local_metres(*origin), always_xy=True)
    expected = np.stack(plane.transform(lon, lat), axis=1)
    ask = "([at, lon, lat]) => lon.map((x, i) => m.plane(at[0], at[1])(x, lat[i]))"
    found = np.array(page.evaluate(ask, [origin, lon.tolist(), lat.tolist()]))
    assert np.abs(found - expected).max() < 1e-6


@pytest.fixture(
    scope="module",
    params=[
        "shucheng",
        "kuandian",
        pytest.param("liechtenstein", marks=pytest.mark.slow),
        pytest.param("helsinki", marks=pytest.mark.campaign),
    ],
)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    if request.param in ("shucheng", "kuandian"):
        return illustrative(request.getfixturevalue("data"), request.param)
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "helsinki":
        return real_ground(folder, helsinki_extract())
    shared = request.getfixturevalue("shared")
    return real_ground(folder, shared / "data/osm/liechtenstein.osm.pbf")


@pytest.fixture(scope="module")
def engine(chromium: Browser, place: Place) -> Iterator[Page]:
    page = engine_page(chromium, place.files)
    load(page)
    yield page
    page.close()


def test_points_snap_to_the_very_same_place(engine: Page, place: Place) -> None:
    """Points near streets, on bends and junctions, and far away."""
    graph = place.study.streets
    rng = np.random.default_rng(7)
    at = rng.integers(len(graph.shape_lon), size=1200)
    away = rng.choice([0.0, 0.0005, 0.003], size=(2, 1200))
    lon = graph.shape_lon[at] + away[0] * rng.uniform(-1, 1, 1200)
    lat = graph.shape_lat[at] + away[1] * rng.uniform(-1, 1, 1200)
    ours = snap(graph, lon, lat)
    ask = "([lon, lat]) => lon.map((x, i) => what.snap(x, lat[i]))"
    found = engine.evaluate(ask, [lon.tolist(), lat.tolist()])
    assert [each is None for each in found] == (ours.edge < 0).tolist()
    near = np.flatnonzero(ours.edge >= 0)
    assert len(near) > 800
    edge = graph.pieces[[found[each]["piece"] for each in near]]
    assert (edge == ours.edge[near]).all()
    along = np.floor(ours.fraction[near] * graph.edge_time_ds[ours.edge[near]] + 0.5)
    assert [found[each]["along"] for each in near] == along.tolist()
    assert [found[each]["snap"] for each in near] == ours.time_ds[near].tolist()
    ends = (ours.fraction[near] == 0) * 1 + (ours.fraction[near] == 1) * 2
    assert [found[each]["end"] for each in near] == ends.tolist()


def test_every_time_from_a_cell_to_a_station(engine: Page, place: Place) -> None:
    """Each station put on the map anew where it stands."""
    ask = """([lon, lat]) => lon.map((x, i) => {
      const found = what.snap(x, lat[i]);
      return found ? m.timesTo(streets, found, matrix.places, 9000) : null;
    })"""
    at = place.stations.geometry
    found = engine.evaluate(ask, [at.x.tolist(), at.y.tolist()])
    for station, column in enumerate(place.study.ground.access.matrix.toarray().T):
        expected = None if found[station] is None else np.where(column > 0, column, -1).tolist()
        assert found[station] == expected
    assert sum(each is not None for each in found) > len(found) * 0.8


def test_routes_take_the_time_that_is_said(engine: Page, place: Place) -> None:
    """There and back searches agree, a route's pieces add up, and its line does not jump."""
    at = place.stations.geometry
    ask = """([lon, lat]) => {
      const places = lon.map((x, i) => what.snap(x, lat[i])).filter(Boolean);
      const length = (line) => line.slice(1).reduce((sum, there, i) =>
        sum + m.haversine(line[i][0], line[i][1], there[0], there[1]), 0);
      const riding = (pieces) => pieces.reduce((sum, each) => sum + streets.time[each.piece], 0);
      const told = [];
      places.forEach((from) => {
        const times = m.timesFrom(streets, from, places, 36000);
        const ride = m.ridesFrom(streets, from, 36000);
        places.forEach((to, i) => {
          const back = m.timesTo(streets, to, [from], 36000)[0];
          const found = ride(to);
          if (!found) return told.push([times[i], back, -1, 0, 0, 0]);
          const { pieces, line } = found.path();
          const rest = found.time - from.snap - to.snap - riding(pieces.slice(1, -1));
          told.push([times[i], back, found.time, rest, length(line), found.metres()]);
        });
      });
      return told;
    }"""
    told = np.array(engine.evaluate(ask, [at.x.tolist()[:12], at.y.tolist()[:12]]))
    assert (told[:, 0] == told[:, 1]).all()
    assert (told[:, 0] == told[:, 2]).all()
    # What is left for the first and the last piece, and the minute for parking.
    assert (told[told[:, 2] > 1, 3] >= 600).all()
    # Nobody rides faster than 25 km/h, so a line is no longer than that.
    assert (told[:, 4] <= np.maximum(told[:, 2], 0) * 25 / 36 + 1).all()
    # What is said without a line; on the two outer pieces it goes by whole tenths.
    assert np.abs(told[:, 4] - told[:, 5]).max() < 4


def test_todays_clock_is_the_releases(engine: Page, place: Place) -> None:
    coverage = place.study.coverage
    windows = engine.evaluate("""() => matrix.header.stations.map((station) =>
      m.stationWindows(matrix.header, station).map((w) => [w.service, w.slot, w.lo, w.hi]))""")
    ours = place.supply.windows
    for at, found in enumerate(windows):
        assert sorted(found) == ours[ours[:, 0] == at, 1:].tolist()
    assert (bits(engine, "what.today()") == coverage.covered).all()
    ask = "(names) => names.map((name) => what.today().clock(name))"
    clocks = engine.evaluate(ask, list(coverage.services))
    for row in coverage.clock.to_dict("records"):
        slot = SLOTS.index((row["day"], row["hour"]))
        clock = clocks[coverage.services.index(row["service"])]
        assert clock["covered"][slot] == pytest.approx(row["covered"], abs=1e-3)
        assert clock["total"][slot] == pytest.approx(row["total"], abs=1e-3)


def bits(page: Page, clock: str) -> Any:
    """What a clock covers: services × 48 × cells."""
    ask = f"""() => {{
      const clock = {clock};
      const cells = Array.from({{length: matrix.cells}}, (_, cell) => cell);
      const slots = Array.from({{length: 48}}, (_, slot) => slot);
      return matrix.header.services.map((name) => cells.map((cell) =>
        slots.map((slot) => Number(clock.isCovered(cell, name, slot))).join("")).join(""));
    }}"""
    rows = page.evaluate(ask)
    octets = np.array([np.frombuffer(row.encode(), dtype=np.uint8) for row in rows]) == ord("1")
    return octets.reshape(len(rows), -1, len(SLOTS)).transpose(0, 2, 1)


def test_what_is_drawn_open_is_what_the_clock_counts(engine: Page, place: Place) -> None:
    """A mark on the map: open to who is at the door in the slot; unknown where hours are."""
    rng = random.Random(48)
    services = place.supply.services
    asked = "(item) => m.openTexts(what.header, what.offerOf(item))"
    for _ in range(12):
        text = drawn(place, rng)
        items = engine.evaluate("(text) => m.parseScenario(text).items", text)
        _, supply = applied(place, items)
        for item in [each for each in items if each["kind"] != "add"]:
            at = supply.position(item["station"])
            offer = supply.offers[at]
            rows = supply.windows[(supply.windows[:, 0] == at) & (supply.windows[:, 3] == 0)]
            found = engine.evaluate(asked, item)
            offered = [code for code in services[1:] if code in offer.services]
            assert list(found) == (["any_stop"] if offer.stop else []) + offered
            open_ = {(services[row], slot) for _, row, slot, *_ in rows.tolist()}
            assert open_ == {
                (code, slot) for code, text in found.items() for slot, mark in enumerate(text)
                if mark == "1"
            }  # fmt: skip
            for day, first in (("workday", 0), ("dayoff", 24)):
                # Out of service today, and not given hours for the day: closed, which is known.
                was = place.supply.offers[at]
                unknown = was.in_service and offer.in_service and offer.hours[day] is None
                marks = {mark for text in found.values() for mark in text[first : first + 24]}
                assert ("?" in marks) == (unknown and bool(found))


@pytest.mark.parametrize("reach", [5, 12])
def test_any_scenario_is_what_the_release_would_say(engine: Page, place: Place, reach: int) -> None:
    rng = random.Random(reach)
    coverage = place.study.coverage
    riders = place.study.demand.riders
    before = covered(place.study.ground.access.matrix, place.supply, reach)
    assert (bits(engine, f"what.today({reach})") == before).all()
    moved = 0
    for _ in range(5):
        text = drawn(place, rng)
        read = engine.evaluate("(text) => m.parseScenario(text)", text)
        assert read["faults"] == []
        matrix, supply = applied(place, read["items"])
        after = covered(matrix, supply, reach)
        engine.evaluate(
            f"(items) => {{ window.then = what.apply(items, {reach}); }}", read["items"]
        )
        assert (bits(engine, "then") == after).all(), text
        ask = """(names) => names.map((name) =>
          [then.clock(name), then.change(name), then.changedCells(name)])"""
        for row, (clock, change, cells) in enumerate(engine.evaluate(ask, list(coverage.services))):
            need = np.array(
                [1.0 if row == 0 else place.county.services[coverage.services[row]].need(hour)
                 for _, hour in SLOTS]
            )  # fmt: skip
            gained = need * (riders.T * (after[row] & ~before[row])).sum(axis=1)
            lost = need * (riders.T * (before[row] & ~after[row])).sum(axis=1)
            assert change["gained"] == pytest.approx(gained.tolist(), abs=1e-3)
            assert change["lost"] == pytest.approx(lost.tolist(), abs=1e-3)
            week = ((gained - lost) * np.repeat([5, 2], 24)).sum()
            assert change["week"] == pytest.approx(week, abs=1e-2)
            total = need * (riders.T * after[row]).sum(axis=1)
            assert clock["covered"] == pytest.approx(total.tolist(), abs=1e-3)
            changed = np.flatnonzero((after[row] != before[row]).any(axis=0)).tolist()
            assert [each["cell"] for each in cells] == changed
            moved += len(changed)
    assert moved > 0


def drawn(place: Place, rng: random.Random) -> str:
    """A scenario of one to four changes, new stops near riders among them."""
    chosen = rng.sample(place.stations["id"].tolist(), 3)
    parts = []
    for station in chosen[: rng.randint(0, 3)]:
        hours = "@" + ",".join(f"{day}:{rng.choice(SPANS)}" for day in rng.choice(
            [("wd",), ("do",), ("wd", "do")]))  # fmt: skip
        services = ";" + ",".join(rng.sample(["*", "toilet", "hot_meal", "first_aid"], 2))
        parts.append(rng.choice([f"-{station}", station + hours, station + services,
                                 station + hours + services]))  # fmt: skip
    for _ in range(rng.randint(0 if parts else 1, 2)):
        x, y = place.study.demand.centres[rng.randrange(len(place.study.demand.cells))]
        spot = f"+{x + rng.uniform(-0.003, 0.003):.6f},{y + rng.uniform(-0.003, 0.003):.6f}"
        hours = rng.choice(["", f"@wd:{rng.choice(SPANS)},do:{rng.choice(SPANS)}", "@do:0930-2200"])
        parts.append(spot + hours + rng.choice(["", ";toilet,hot_meal", ";*"]))
    return "~".join(parts)


def applied(place: Place, items: list[dict[str, Any]]) -> tuple[csr_array, Supply]:
    """Matrix and supply as the release's own functions change them."""
    matrix, supply = place.study.ground.access.matrix, place.supply
    for number, item in enumerate(items):
        hours = item["hours"] and {
            day: osm(item["hours"][day]) for day in DAYS if item["hours"][day] is not None
        }
        if item["kind"] == "close":
            supply = supply.without(item["station"])
        elif item["kind"] == "change":
            today = supply.offers[supply.position(item["station"])].services
            services = item["services"] and named(item["services"], today)
            supply = supply.replaced(item["station"], hours=hours, services=services)
        else:
            graph = place.study.streets
            door = snap(graph, [item["place"][0]], [item["place"][1]])
            if door.edge[0] < 0:
                continue
            column = access_matrix(graph, place.study.ground.cells, door).matrix
            matrix = csr_array(hstack([matrix, column], format="csr"))
            services = item["services"] and named(item["services"], supply.services[1:])
            supply = supply.with_station(f"new-{number}", hours or "24/7", services)
    return matrix, supply


def osm(spans: list[list[int]]) -> str:
    """Spans of a day as opening hours; a day without one is closed."""

    def clock(minute: int) -> str:
        return f"{minute // 60:02d}:{minute % 60:02d}"

    parts = [f"{clock(a)}-{clock(b if b <= 1440 else b - 1440)}" for a, b in spans]
    return ",".join(parts) or "off"


def named(codes: list[str], today: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(one for code in codes for one in (today if code == "*" else (code,)))
    )


def test_what_cannot_be_done_is_told(engine: Page, place: Place) -> None:
    text = f"-no-such-station~+0.5,0.5~-{place.stations['id'].iloc[0]}"
    ask = """(text) => { const then = what.apply(m.parseScenario(text).items);
      return [then.problems.map((each) => each.code), then.stops.length]; }"""
    assert engine.evaluate(ask, text) == [["no_station", "no_street"], 0]
    spot = "(at) => what.snap(at[0], at[1])"
    assert engine.evaluate(spot, [0.5, 0.5]) is None
    at = place.stations.geometry.iloc[0]
    near = engine.evaluate(spot, [at.x, at.y])
    ours = snap(place.study.streets, at.x, at.y)
    assert near["distance"] == pytest.approx(ours.distance_m[0], abs=1e-6)


def test_a_what_if_answers_at_once(chromium: Browser, place: Place) -> None:
    """The best of five, on a processor slowed down four times: shared machines stumble."""
    page = engine_page(chromium, place.files)
    slowed(page)
    took = load(page)
    best = {kind: min(ms) for kind, ms in what_ifs(page, place, 5).items()}
    page.close()
    assert all(ms < 200 for ms in best.values()), best
    assert took["streets"] < 1000
