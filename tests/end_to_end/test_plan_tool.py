"""Trying plans on the planner's page: play, gaps, what-ifs, links, tables; by mouse and by keys."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from locator.cli import main
from locator.counties import find_county
from locator.county import web_root
from locator.outputs.coverage_words import percent
from locator.release.publish import Release
from tests.end_to_end.built import opened
from tests.end_to_end.conftest import PHONE
from tests.quick import rest_at_length

pytestmark = pytest.mark.browser

PLAN = "/c/shucheng/plan"
#: Shorter than this after a change, the clock seems to answer at once.
AT_ONCE_MS = 200.0


@pytest.fixture(scope="module")
def coverage(shucheng: Release) -> dict[str, Any]:
    found: dict[str, Any] = shucheng.json("public/coverage.json")
    return found


@pytest.fixture
def page(chromium: Browser, counties_site: str) -> Iterator[Page]:
    with opened(chromium, counties_site, PLAN, viewport={"width": 1440, "height": 900}) as page:
        ready(page)
        yield page


def ready(page: Page) -> None:
    page.wait_for_selector("#plan-canvas[data-ready]")


def shares(page: Page, service: str = "any_stop") -> list[int]:
    """The figures of a row of the shown day's clock."""
    cells = page.locator(f'.clock-day:not(.clock-other) tr[data-service="{service}"] td[data-hour]')
    return [int(re.match(r"\d+", text)[0]) for text in cells.all_inner_texts()]


def scenario(page: Page) -> str:
    """The text of the plan in the address."""
    return page.url.partition("&s=")[2]


def panel(page: Page) -> Any:
    return page.locator("#panel")


# --- choosing and playing ------------------------------------------------------------------------


def test_the_hours_play_and_stop_and_are_told_politely(page: Page) -> None:
    before = page.locator("#slot-clock").inner_text()
    page.locator("#time-play").click()
    expect(page.locator("#time-said")).to_have_text("正在逐小时播放")
    assert page.locator("#slot-title").get_attribute("aria-live") == "off"
    expect(page.locator("#slot-clock")).not_to_have_text(before)
    page.locator("#time-play").click()
    now = page.locator("#slot-clock").inner_text()
    assert page.locator("#time-said").inner_text().startswith(now)
    assert page.locator("#slot-title").get_attribute("aria-live") == "polite"
    page.locator('[data-step="1"]').click()
    after = page.locator("#slot-clock").inner_text()
    assert int(after[:2]) == (int(now[:2]) + 1) % 24


def test_the_hours_play_on_a_phone_for_who_asks_for_stillness(
    chromium: Browser, counties_site: str
) -> None:
    """Slower, and without any flight of the map; the button says in words what it does."""
    with opened(chromium, counties_site, PLAN, viewport=PHONE, reduced_motion="reduce") as page:
        ready(page)
        play = page.locator("#time-play")
        assert play.bounding_box()["width"] >= 44
        before = page.locator("#slot-clock").inner_text()
        play.click()
        expect(play).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#slot-clock")).not_to_have_text(before)
        play.click()
        expect(play).to_have_attribute("aria-pressed", "false")
        now = page.locator("#slot-clock").inner_text()
        chosen = page.locator('td[aria-selected="true"]:visible')
        assert int(chosen.get_attribute("data-hour")) == int(now[:2])
        assert 0 <= chosen.bounding_box()["x"] < PHONE["width"], "the hour played is in view"


def test_another_reach_paints_the_clock_anew(page: Page) -> None:
    five = shares(page)
    page.locator('[data-choose-reach="15"]').click()
    fifteen = shares(page)
    assert all(far >= near for near, far in zip(five, fifteen, strict=True))
    assert fifteen != five
    assert "15" in page.locator("#choices-note").inner_text()
    assert "&r=15" in page.url
    page.reload()
    ready(page)
    assert shares(page) == fifteen
    page.locator('[data-choose-reach="5"]').click()
    assert shares(page) == five
    assert "&r=" not in page.url


# --- gaps ----------------------------------------------------------------------------------------


def test_a_gap_says_whom_it_concerns(page: Page, coverage: dict[str, Any]) -> None:
    gap = next(each for each in coverage["gaps"] if each["cause"] == "closed")
    page.locator('[data-choose-by="week"]').click()
    page.locator(f'[data-gap="{gap["id"]}"] button').click()
    said = panel(page).inner_text()
    assert gap["name"] in said
    assert gap["township"] in said
    assert f"{gap['rider_hours']:,.0f}" in said
    assert panel(page).locator("rect.hour-bar, rect.hour-bar-chosen").count() == 24
    assert page.evaluate("document.activeElement.id") == "panel-title"
    page.keyboard.press("Escape")
    assert panel(page).is_hidden()
    assert page.evaluate("document.activeElement.closest('.gap').dataset.gap") == gap["id"]


def test_the_nearest_open_stop_is_by_the_plan(
    page: Page, shucheng: Release, coverage: dict[str, Any]
) -> None:
    """Today as the release says it; closed in the plan, it is another one or none."""
    near = panel(page).locator("dd").first
    names = dict(zip(shucheng.stations()["id"], shucheng.stations()["name"], strict=True))
    page.locator(".gap button:visible").first.click()
    chosen = page.url.partition("&g=")[2]
    gap = next(each for each in coverage["gaps"] if each["id"] == chosen)
    seen = set()
    for _ in range(24):
        slot = " ".join(page.url.partition("#")[2].split("-")[:2])
        if slot in gap["hours"]:
            at = gap["hours"].index(slot)
            station, minutes = gap["open_station"][at], gap["open_minutes"][at]
            said = near.inner_text().replace("\u202f", " ")
            assert said == f"{names[station]}，约 {max(1, math.ceil(minutes))} 分钟"
            seen.add(station)
        page.locator('[data-step="1"]').click()
    assert seen
    slot = next(each for each in gap["hours"] if each.startswith(slot.split()[0]))
    station = gap["open_station"][gap["hours"].index(slot)]
    day, hour = slot.split()
    page.goto(f"{page.url.partition('#')[0]}#{day}-{hour}-any_stop&g={chosen}")
    expect(near).to_contain_text(names[station])
    page.goto(page.url.partition("&s=")[0] + f"&s=-{station}")
    expect(near).not_to_contain_text(names[station])


# --- what if -------------------------------------------------------------------------------------


def expected(
    data: Path, shucheng: Release, day: str, change: Any, service: str = "any_stop"
) -> list[int]:
    """A row of the clock as the full study finds it for a changed table of stations."""
    from locator.coverage.study import study

    county = find_county(data, "shucheng")
    table = change(shucheng.stations())
    clock = study(county, table, date(2026, 11, 2)).coverage.clock
    rows = clock[(clock["day"] == day) & (clock["service"] == service)].sort_values("hour")
    return [percent(row.covered, row.total) for row in rows.itertuples()]


def test_longer_hours_from_a_gap_answer_at_once_and_as_the_study_does(
    page: Page, data: Path, shucheng: Release, coverage: dict[str, Any]
) -> None:
    gap = next(each for each in coverage["gaps"] if each["cause"] == "closed")
    page.locator('[data-choose-by="week"]').click()
    today = shares(page)
    riders = page.locator(".clock-day:not(.clock-other) .clock-riders td").all_inner_texts()
    page.locator(f'[data-gap="{gap["id"]}"] button').click()
    lengthen = panel(page).get_by_role("button", name=re.compile("^试试延长"))
    assert "button-try" in lengthen.get_attribute("class"), "what is advised is the strong button"
    put = panel(page).get_by_role("button", name="在这里设一处")
    assert "button-try" not in put.get_attribute("class")
    lengthen.click()
    said = panel(page).locator(".panel-facts dd").first.inner_text()
    assert re.search("（今天.*）$", said), "new hours, and today's beside"
    assert scenario(page).startswith(f"{gap['nearest_station']}@")
    left = page.locator(f'[data-gap="{gap["id"]}"] .gap-size').text_content()
    assert left.startswith("没有了"), "hours of the form cover those of the gap"
    page.locator("#reset").click()
    page.locator(f'[data-gap="{gap["id"]}"] button').click()
    lengthen.click()
    panel(page).get_by_role("button", name="24\u202f小时").click()
    assert scenario(page) == f"{gap['nearest_station']}@wd:0000-2400,do:0000-2400"

    def longer(table: Any) -> Any:
        table.loc[table["id"] == gap["nearest_station"], "hours"] = "24/7"
        return table

    day = page.locator(".clock-day:not(.clock-other)").get_attribute("data-day")
    wanted = expected(data, shucheng, day, longer)
    assert shares(page) == wanted
    assert wanted != today
    then = page.locator(".clock-day:not(.clock-other) .clock-riders td").all_inner_texts()
    assert then == riders, "a plan brings no riders and takes none away"
    deltas = page.locator(
        '.clock-day:not(.clock-other) tr[data-service="any_stop"] td[data-hour] .delta'
    )
    assert deltas.all_inner_texts() == [
        f"+{now - was}" for was, now in zip(today, wanted, strict=True) if now != was
    ]
    assert "每周多覆盖" in page.locator("#scenario").inner_text()

    compare = page.locator("#compare")
    compare.click()
    assert shares(page) == today
    assert page.locator("#scenario-gain").inner_text() == "现在看的是今天"
    assert page.locator("#slot-title").inner_text().startswith("今天的情况")
    assert compare.inner_text() == "回到方案"
    assert "button-try" in compare.get_attribute("class")
    compare.click()
    assert compare.inner_text() == "看今天"
    page.locator("#reset").click()
    assert shares(page) == today
    assert scenario(page) == ""
    page.locator("#undo").click()
    assert shares(page) == wanted

    times = []
    for _ in range(3):
        for name in ("undo", "redo"):
            page.locator(f"#{name}").click()
            times.append(float(page.locator("#plan").get_attribute("data-answered-ms")))
    assert min(times) < AT_ONCE_MS


def hours_of(page: Page) -> list[list[str]]:
    """What the hours' form says of each day: its selects, from and to by turns."""
    days = panel(page).locator(".hours-day").all()
    return [[each.input_value() for each in day.locator("select").all()] for day in days]


def set_hours(page: Page, day: int, values: list[str]) -> None:
    """Choose from and to of a day (0 the workday, 1 the day off), and apply."""
    selects = panel(page).locator(".hours-day").nth(day).locator("select")
    for at, value in enumerate(values):
        selects.nth(at).select_option(value)
    panel(page).get_by_role("button", name="改成这个时间").click()


def test_a_day_that_is_not_changed_keeps_its_hours_to_the_minute(
    page: Page, data: Path, shucheng: Release
) -> None:
    """08:30–17:30 on workdays, closed on days off."""
    page.locator("#whatif-station").select_option("341523-017")
    assert hours_of(page) == [["510", "1050"], ["off", "1200"]]
    workday = shares(page)
    set_hours(page, 1, ["540", "1020"])
    assert scenario(page) == "341523-017@do:0900-1700"
    assert shares(page) == workday

    def changed(table: Any) -> Any:
        table.loc[table["id"] == "341523-017", "hours"] = "Mo-Fr 08:30-17:30; Sa-Su 09:00-17:00"
        return table

    page.locator('[data-choose-day="dayoff"]').click()
    assert shares(page) == expected(data, shucheng, "dayoff", changed)
    set_hours(page, 1, ["off"])
    assert scenario(page) == "", "as today is no change"


def test_spans_of_a_day_survive_the_form(chromium: Browser, counties_site: str) -> None:
    text = "341523-003@wd:0830-1130_1400-1815~341523-008@wd:1600-0200"
    with opened(chromium, counties_site, f"{PLAN}#workday-12-any_stop&s={text}") as page:
        ready(page)
        page.locator("#whatif-station").select_option("341523-003")
        assert hours_of(page) == [["510", "690", "840", "1095"], ["off", "1200"]]
        set_hours(page, 1, ["600", "960"])
        split = "341523-003@wd:0830-1130_1400-1815,do:1000-1600"
        assert scenario(page).startswith(f"{split}~")
        set_hours(page, 0, ["510", "840"])
        assert "至少要隔一分钟" in panel(page).inner_text()
        assert scenario(page).startswith(f"{split}~")
        page.locator("#whatif-station").select_option("341523-008")
        assert hours_of(page) == [["960", "1560"], ["600", "1440"]]
        # 08:30–12:00 and 14:00–17:30 today, in the ledger itself.
        page.locator("#whatif-station").select_option("341523-022")
        assert hours_of(page)[0] == ["510", "720", "840", "1050"]


def test_a_service_keeps_its_own_hours_behind_an_open_door(
    chromium: Browser, counties_site: str
) -> None:
    """Hot meals end at 13:30, whatever the door does; the map asks what the panel asks."""
    text = "341523-004@wd:0000-2400,do:0000-2400"
    with opened(chromium, counties_site, f"{PLAN}#workday-20-hot_meal&s={text}") as page:
        ready(page)
        page.locator("#whatif-station").select_option("341523-004")
        state = panel(page).locator(".stop-state")
        expect(state).to_have_text("20:00 关着")
        page.locator("#slot-service").select_option("any_stop")
        expect(state).to_have_text("20:00 开着")
        page.locator("#compare").click()
        expect(state).to_have_text("20:00 关着")


def test_an_action_is_tried_once_and_taken_back(page: Page) -> None:
    actions = page.locator("[data-action]").all()
    assert len(actions) > 1
    for action in actions:
        act = action.get_by_role("button", name=re.compile("^(试一试|不试了)"))
        act.click()
        expect(act).to_have_attribute("aria-pressed", "true")
        expect(act).to_contain_text("不试了")
        assert scenario(page) == action.get_attribute("data-scenario")
        act.click()
        expect(act).to_contain_text("试一试")
        assert scenario(page) == ""
    every = page.get_by_role("button", name="全部试一试")
    every.click()
    all_tried = scenario(page)
    every.click()
    assert scenario(page) == all_tried
    assert all_tried.count("~") == len(actions) - 1


def test_a_stop_written_otherwise_is_the_same_stop(
    chromium: Browser, counties_site: str, shucheng: Release
) -> None:
    """With zeros at the end of its degrees, say, which a printed scenario leaves out."""
    found = shucheng.json("public/actions.json")["actions"]
    action = next(each for each in found if each["kind"] == "open")
    text = re.sub(r"^\+(\d+\.\d+),(\d+\.\d+)", r"+\g<1>0,\g<2>0", action["scenario"])
    assert text != action["scenario"]
    with opened(chromium, counties_site, f"{PLAN}#workday-20-any_stop&s={text}") as page:
        ready(page)
        act = page.locator(f'[data-action="{action["id"]}"] button')
        expect(act).to_contain_text("不试了")
        act.click()
        assert scenario(page) == ""


def test_closing_and_a_new_stop_answer_as_the_study_does(
    page: Page, data: Path, shucheng: Release
) -> None:
    first = shucheng.stations().iloc[0]
    page.locator("#whatif-station").select_option(first["id"])
    panel(page).get_by_role("button", name="关掉这一处").click()
    page.locator("#whatif-lonlat").fill("116.917083,31.464023")
    page.locator("#whatif-at button").click()
    assert scenario(page) == f"-{first['id']}~+116.917083,31.464023"

    def changed(table: Any) -> Any:
        import pandas as pd
        from shapely.geometry import Point

        table.loc[table["id"] == first["id"], "status"] = "temporarily_closed"
        fresh = table.iloc[[0]].copy()
        fresh["id"], fresh["hours"], fresh["status"] = "341523-900", "24/7", "open"
        fresh["service_hours"] = [{}]
        fresh["services"] = [list(county_services)]
        fresh["geometry"] = [Point(116.917083, 31.464023)]
        return pd.concat([table, fresh], ignore_index=True).set_crs(table.crs)

    county_services = find_county(data, "shucheng").clock_services
    day = page.locator(".clock-day:not(.clock-other)").get_attribute("data-day")
    for service in ("any_stop", "toilet"):
        assert shares(page, service) == expected(data, shucheng, day, changed, service)
    changes = page.locator("#changes-list li")
    assert changes.count() == 2
    assert first["name"] in changes.first.inner_text()
    changes.first.get_by_role("button", name=re.compile("^去掉这一处改动")).click()
    assert scenario(page) == "+116.917083,31.464023"


def test_the_page_and_the_command_agree_on_a_plan(
    chromium: Browser, counties_site: str, data: Path, counties_var: Path
) -> None:
    """A closure, longer hours and a new stop; every service and hour of both days."""
    text = (
        "-341523-001~341523-003@wd:0830-1130_1400-2200;*,shower"
        "~+116.917083,31.464023@wd:1800-0200;toilet,hot_meal"
    )
    places = ["--data", str(data), "--var", str(counties_var)]
    asked = [*places, "coverage", "shucheng", "--what-if", text, "--json"]
    told = CliRunner().invoke(main, asked, catch_exceptions=False)
    answer = json.loads(told.stdout)["what_if"]
    assert (answer["faults"], answer["problems"]) == ([], [])
    with opened(chromium, counties_site, f"{PLAN}#workday-20-any_stop&s={text}") as page:
        ready(page)
        for day in ("workday", "dayoff"):
            page.locator(f'[data-choose-day="{day}"]').click()
            found = page.locator(".clock-day:not(.clock-other) tr[data-service]")
            services = {row.get_attribute("data-service") for row in found.all()}
            assert len(services) > 5
            for service in sorted(services):
                rows = [
                    row for row in answer["clock"]
                    if (row["day"], row["service"]) == (day, service)
                ]  # fmt: skip
                wanted = [percent(row["covered"], row["total"]) for row in rows]
                assert shares(page, service) == wanted, (day, service)


def test_a_stop_is_dropped_on_the_map(page: Page) -> None:
    page.locator("#whatif-place").click()
    assert page.locator("#map-hand").is_visible()
    box = page.locator("#plan-canvas").bounding_box()
    page.locator("#plan-canvas").click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    assert re.fullmatch(r"\+[\d.]+,[\d.]+", scenario(page))
    assert page.locator("#map-hand").is_hidden()
    assert "新设的站" in panel(page).inner_text()
    page.locator("#whatif-lonlat").fill("116.9428,31.4545")  # in the river
    page.locator("#whatif-at button").click()
    expect(panel(page).locator("> .trouble")).to_contain_text("这里是水面")
    page.locator("#whatif-lonlat").fill("116.917083,31.464023")
    page.locator("#whatif-at button").click()
    expect(panel(page)).to_contain_text("116.91708")
    page.wait_for_timeout(500)
    assert panel(page).locator("> .trouble").is_hidden()


def test_a_link_restores_the_plan_and_tells_what_it_cannot_read(
    chromium: Browser, counties_site: str, shucheng: Release
) -> None:
    ids = sorted(shucheng.stations()["id"])[:2]
    text = f"-{ids[0]}~{ids[1]}@wd:0600-2400;*,hot_meal~-341523-999~nonsense"
    with opened(chromium, counties_site, f"{PLAN}#dayoff-21-toilet&r=10&s={text}") as page:
        ready(page)
        assert page.locator(".clock-day:not(.clock-other)").get_attribute("data-day") == "dayoff"
        assert page.locator("#slot-service").input_value() == "toilet"
        assert page.locator('[data-choose-reach="10"]').get_attribute("aria-pressed") == "true"
        assert page.locator("#changes-list li button.change-text").count() == 2
        told = page.locator("#changes-list li.trouble").all_inner_texts()
        assert len(told) == 2
        assert any("nonsense" in each for each in told)
        assert any("341523-999" in each for each in told)


def test_a_plan_is_kept_under_a_name(page: Page, shucheng: Release) -> None:
    first = shucheng.stations().iloc[0]["id"]
    page.locator("#whatif-station").select_option(first)
    panel(page).get_by_role("button", name="关掉这一处").click()
    page.locator("#keep-name").fill("关一处试试")
    page.keyboard.press("Enter")
    assert "关一处试试" in page.locator("#changes-said").inner_text()
    page.locator("#reset").click()
    assert scenario(page) == ""
    page.locator("#kept-list a", has_text="关一处试试").click()
    assert scenario(page) == f"-{first}"


# --- tables, files, other ways to read -----------------------------------------------------------


def test_a_table_sorts_by_its_headings_and_keeps_the_unknown_last(page: Page) -> None:
    table = page.locator("table.figures", has_text="关掉少覆盖")
    heads = table.locator("thead th")
    assert heads.nth(1).get_attribute("aria-sort") == "descending"

    def keys(column: int) -> list[float]:
        found = table.locator(f"tbody tr > :nth-child({column + 1})")
        texts = [cell.get_attribute("data-sort") for cell in found.all()]
        known = [float(text) for text in texts if text]
        assert not any(texts[len(known) :]), "what nobody knows goes last"
        return known

    assert keys(1) == sorted(keys(1), reverse=True)
    heads.nth(1).get_by_role("button").click()
    assert heads.nth(1).get_attribute("aria-sort") == "ascending"
    assert keys(1) == sorted(keys(1))
    heads.nth(3).get_by_role("button").press("Enter")
    assert heads.nth(1).get_attribute("aria-sort") is None
    assert keys(3) == sorted(keys(3), reverse=True)


def test_a_picture_is_drawn_here(page: Page, shucheng: Release) -> None:
    """Under another name for a plan; it has the first gaps and the clock's colours."""
    written = """() => {
      window.written = [];
      const fillText = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
        window.written.push(text);
        return fillText.call(this, text, ...place);
      };
    }"""
    page.evaluate(written)
    with page.expect_download() as found:
        page.locator("#picture").click()
    data = Path(found.value.path()).read_bytes()
    assert re.fullmatch(
        rf"shucheng-{shucheng.hash}-[a-z]+-\d+-\w+\.png", found.value.suggested_filename
    )
    texts = page.evaluate("written")
    assert {"0\u202f%", "100\u202f%"} <= set(texts)
    assert any(text.startswith("1  ") for text in texts), "the gap of that number"
    assert not any("同列表" in text for text in texts)
    page.locator("#whatif-lonlat").fill("116.917083,31.464023")
    page.locator("#whatif-at button").click()
    with page.expect_download() as found:
        page.locator("#picture").click()
    assert found.value.suggested_filename.endswith("-plan.png")
    assert data.startswith(b"\x89PNG")
    assert len(data) > 100_000


def test_the_worst_gap_and_a_remedy_by_keys_alone(page: Page) -> None:
    page.locator('td[aria-selected="true"]:visible').focus()
    page.keyboard.press("Home")
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert "20:00" in page.locator("#slot-title").inner_text()
    page.locator(".gap button").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel-title"
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "在这里设一处":
            break
    page.keyboard.press("Enter")
    assert scenario(page).startswith("+")
    assert page.evaluate("document.activeElement.id") == "panel-title"
    assert "每周多覆盖" in page.locator("#scenario").inner_text()


def test_plans_can_be_tried_without_a_map(
    chromium: Browser, counties_site: str, shucheng: Release
) -> None:
    with opened(chromium, counties_site, "/healthz") as page:
        page.add_init_script(
            "HTMLCanvasElement.prototype.getContext = function () { return null; };"
        )
        page.goto(counties_site + PLAN)
        page.wait_for_selector("#plan[data-ready]")
        before = shares(page)
        page.locator("#whatif-station").select_option(shucheng.stations().iloc[0]["id"])
        panel(page).get_by_role("button", name="关掉这一处").click()
        assert shares(page) != before
        assert page.locator("#whatif-place").is_hidden()


@pytest.mark.parametrize("lang", rest_at_length(["zh", "en"], "zh"))
@pytest.mark.parametrize(
    "look", rest_at_length([{"viewport": PHONE}, {"color_scheme": "dark"}], {"viewport": PHONE})
)
def test_no_state_is_in_the_way_of_a_reader(
    chromium: Browser, counties_site: str, shucheng: Release, lang: str, look: dict[str, Any]
) -> None:
    axe = (web_root() / "node_modules/axe-core/axe.min.js").read_text("utf-8")
    first = shucheng.stations().iloc[0]["id"]
    with opened(chromium, counties_site, f"{PLAN}?lang={lang}", **look) as page:
        ready(page)
        for state in ("gap", "station", "new stop"):
            if state == "gap":
                page.locator(".gap button").first.click()
            elif state == "station":
                page.locator("#whatif-station").select_option(first)
                panel(page).locator("button.button").first.click()
            else:
                page.locator("#whatif-lonlat").fill("116.917083,31.464023")
                page.keyboard.press("Enter")
            page.evaluate(axe)
            result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [
                f"{rule['id']}: {node['html'][:160]}"
                for rule in result["violations"]
                for node in rule["nodes"]
            ] == [], state
            width = page.viewport_size["width"]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, state
