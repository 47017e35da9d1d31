"""The planner's page on paper, on a phone, and at another reach."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner
from PIL import Image, ImageStat
from playwright.sync_api import Browser, Page, expect

from locator.cli import main
from locator.outputs.coverage_words import percent
from locator.release.publish import Release
from tests.end_to_end.built import opened
from tests.end_to_end.conftest import PHONE

pytestmark = pytest.mark.browser

PLAN = "/c/shucheng/plan"


@pytest.fixture(scope="module")
def page(chromium: Browser, counties_site: str) -> Iterator[Page]:
    """One page for all; each test leaves it as it found it."""
    with opened(chromium, counties_site, PLAN) as page:
        at_rest(page)
        yield page


def at_rest(page: Page) -> None:
    """Wait until the map is drawn and stands still."""
    page.wait_for_selector("#plan-canvas[data-ready]")
    canvas = page.locator("#plan-canvas")
    before = b""
    for _ in range(40):
        now = canvas.screenshot()
        if now == before:
            return
        before = now
        page.wait_for_timeout(150)
    raise AssertionError("the map never came to rest")


def test_on_paper_the_page_fills_few_sheets_and_shows_its_map(
    page: Page, shucheng: Release, tmp_path: Path
) -> None:
    page.pdf(path=tmp_path / "plan.pdf", prefer_css_page_size=True)
    worst = page.locator(".gap-place").first.inner_text()
    document = pdfium.PdfDocument(tmp_path / "plan.pdf")
    sheets = [sheet.get_textpage().get_text_bounded() for sheet in document]
    assert len(sheets) <= 4
    assert all("示意数" in sheet for sheet in sheets), "the mark is on every sheet"
    said = "".join(sheets)
    for words in ("休息日", "怎么办", "各乡镇", worst):
        assert words in said
    for control in ("播放", "试一试", "一周合计", "GeoPackage"):
        assert control not in said
    for number, sheet in enumerate(sheets, start=1):
        assert f"{number} / {len(sheets)}" in sheet
        foot = f"版本{shucheng.hash}·数据日期{shucheng.manifest['as_of']}"
        assert foot in re.sub(r"\s", "", sheet)
    assert "有站可去的骑手占比" in sheets[0], "the clock's legend is with the clock"
    (map_,) = document[1].get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE])
    colours = map_.get_bitmap().to_pil().convert("RGB").getcolors(1 << 24)
    assert len(colours) > 100, "a blank picture has one colour"


def test_on_paper_a_plan_stands_at_the_top_with_what_it_brings(
    page: Page, shucheng: Release, tmp_path: Path
) -> None:
    first = shucheng.stations().iloc[0]
    page.evaluate(f"window.location.hash = 'workday-20-any_stop&s=-{first['id']}'")
    expect(page.locator("#changes-list li")).to_have_count(1)
    told = page.locator("#scenario-slot").inner_text()
    page.pdf(path=tmp_path / "plan.pdf", prefer_css_page_size=True)
    sheet = pdfium.PdfDocument(tmp_path / "plan.pdf")[0].get_textpage().get_text_bounded()
    lines = re.sub(r"\s", "", sheet)
    assert f"方案：关掉{first['name']}" in lines
    assert re.sub(r"\s", "", told) in lines
    page.evaluate("window.location.hash = 'workday-20-any_stop'")
    expect(page.locator("#changes-list li")).to_have_count(0)
    assert page.locator(".paper-plan").is_hidden()


def test_a_dark_screen_prints_a_light_page(chromium: Browser, counties_site: str) -> None:
    """The button and Ctrl+P wait for the map's own colours; the picture has them, too."""
    stub = """() => {
      window.printed = [];
      window.print = function () {
        window.dispatchEvent(new Event("beforeprint"));
        const paper = document.querySelector(".map-paper");
        const pen = paper.getContext("2d");
        const dots = pen.getImageData(0, 0, paper.width, paper.height).data;
        let light = 0;
        for (let i = 0; i < dots.length; i += 4) light += dots[i] + dots[i + 1] + dots[i + 2];
        const ground = getComputedStyle(document.documentElement).getPropertyValue("--paper");
        window.printed.push([light / (dots.length / 4) / 3, ground.trim()]);
        document.documentElement.dataset.printed = window.printed.length;
        window.dispatchEvent(new Event("afterprint"));
      };
    }"""
    with opened(chromium, counties_site, PLAN, color_scheme="dark") as page:
        at_rest(page)
        page.evaluate(stub)
        page.locator("#print").click()
        page.wait_for_selector("[data-printed='1']:not(.on-paper)")
        page.keyboard.press("Control+p")
        page.wait_for_selector("[data-printed='2']:not(.on-paper)")
        for light, ground in page.evaluate("printed"):
            assert light > 200
            assert ground == "#fffcf7"
        with page.expect_download() as found:
            page.locator("#picture").click()
        picture = Image.open(found.value.path()).convert("L")
        assert ImageStat.Stat(picture).mean[0] > 180
        at_rest(page)
        screen = Image.open(io.BytesIO(page.locator("#plan-canvas").screenshot())).convert("L")
        assert ImageStat.Stat(screen).mean[0] < 80, "the screen is dark again"


def test_on_a_phone_a_gap_is_seen_with_its_map_and_every_button_fits_a_thumb(
    chromium: Browser, counties_site: str
) -> None:
    with opened(chromium, counties_site, PLAN, viewport=PHONE, has_touch=True) as page:
        at_rest(page)
        page.locator(".gap-place").first.tap()
        panel = page.locator("#panel").bounding_box()
        strip = page.locator(".plan-time").bounding_box()
        frame = page.locator(".map-frame").bounding_box()
        assert panel["y"] + 0.5 * panel["height"] < PHONE["height"]
        assert frame["y"] + frame["height"] - strip["height"] > 100, "some of the map above it"
        small = page.locator("#plan button:visible:not(.gap-place)").evaluate_all(
            """all => all.map((one) => [one.textContent, one.getBoundingClientRect()])
            .filter(([, box]) => box.width < 44 || box.height < 44).map(([text]) => text)"""
        )
        assert small == []
        names = page.locator(".plan-stations tbody th")
        page.locator(".plan-stations .table-scroll").evaluate("one => { one.scrollLeft = 999; }")
        assert names.first.bounding_box()["x"] >= 0, "the name stays while its figures pass"


#: Of each gap of each service its cause, and those that the page finds for its cells.
CAUSES = """async function () {
  const js = document.querySelector('script[src*="/plan.js"]').src;
  const load = (name) => import(new URL(name, js).href);
  const { page } = await load("page.js");
  const { createModel } = await load("plan-model.js");
  const { readEngine, readRelease } = await load("plan-load.js");
  const model = createModel(page, "");
  await readRelease(model, page.urls);
  await readEngine(model, page.urls);
  return Object.keys(page.services).flatMap((service) =>
    model.gapsOf[service].map(function (gap) {
      const all = model.cells.map((cell, i) => i);
      const cells = all.filter((i) => gap.cells.includes(model.cells[i].h3));
      const causes = cells.map((i) => model.engine.causeOf([], page.reach_min, "", service, i));
      return [gap.cause, Array.from(new Set(causes))];
    }));
}"""


def test_the_page_finds_the_causes_of_the_release(page: Page) -> None:
    found = page.evaluate(CAUSES)
    assert {cause for cause, _ in found} > {"closed", "no_stop", "no_service", "hours_unknown"}
    assert [each for each in found if each[1] != [each[0]]] == []


def test_every_sentence_says_the_chosen_reach(page: Page) -> None:
    """Headline, rule, captions, titles and remedies follow; the tables say that they do not."""
    five, ten = r"(?<!\d)5\s分钟", r"(?<!\d)10\s分钟"
    lead = page.locator(".plan-lead").inner_text()
    assert re.search(five, lead)
    page.locator('[data-choose-reach="10"]').click()
    for part in (".plan-headline", ".plan-standfirst", ".clock-scarcest", ".clock-caption"):
        said = page.locator(part).first.inner_text()
        assert re.search(ten, said), part
        assert not re.search(five, said), part
    page.locator(".gap-place").first.click()
    for part in ("#slot-title", "#gap-lists", "#panel", ".plan-limits"):
        said = page.locator(part).first.inner_text()
        assert re.search(ten, said), part
        assert not re.search(five, said), part
    assert re.search(five, page.locator(".plan-stations .quiet").inner_text())
    page.locator('[data-choose-reach="5"]').click()
    assert page.locator(".plan-lead").inner_text() == lead
    assert re.search(five, page.locator("#gap-lists").inner_text())
    page.locator(".panel-close").first.click()


def test_an_action_keeps_its_name_and_the_command_for_others_is_told(page: Page) -> None:
    page.evaluate("window.location.hash = 'dayoff-20-hot_meal&r=10'")
    asked = "locator site shucheng --actions 5 --hours 20 --day dayoff"
    expect(page.locator("#ask-site")).to_have_text(f"{asked} --service hot_meal --reach 10")
    page.evaluate("window.location.hash = 'workday-20-any_stop'")
    opening = page.locator('[data-action][data-scenario^="+"]').first
    name = opening.locator(".action-name").inner_text()
    opening.get_by_role("button").click()
    assert page.locator("#changes-list li").inner_text().startswith(name)
    page.locator("#changes-list .change-text").click()
    assert name in page.locator("#panel-title").inner_text()
    opening.get_by_role("button").click()
    page.locator(".panel-close").first.click()
    zoom = page.locator("#plan-canvas .maplibregl-ctrl-zoom-in")
    assert zoom.get_attribute("aria-label") == "放大"


def test_each_action_says_what_it_brings_in_the_chosen_hour(page: Page) -> None:
    page.evaluate("window.location.hash = 'workday-20-any_stop'")
    best = page.locator(".action-best")
    expect(best).to_contain_text("工作日 20:00 多")
    count = int(re.search(r"多\u202f(\d+)", best.inner_text())[1])
    told = page.locator(".action-then").all_inner_texts()
    others = [int(found[1]) for text in told if (found := re.search(r"多\u202f(\d+)", text))]
    assert count == max(others)
    row = page.locator(".action").filter(has=best)
    row.get_by_role("button").click()
    was, now = re.findall(r"(\d+)\u202f名", page.locator("#scenario-slot").inner_text())
    assert int(was) - int(now) == count
    row.get_by_role("button").click()


def test_what_helps_most_in_an_hour_does_what_it_says(page: Page) -> None:
    """It follows the hour and the service; trying the first brings as many riders as it says."""
    box = page.locator("#hourly")
    page.goto(page.url.partition("#")[0] + "#workday-20-any_stop")
    expect(box.locator("h3")).to_have_text("工作日 20:00 最管用的做法")
    first = box.locator(".action").first
    count = int(re.search(r"多\u202f?(\d+)", first.inner_text())[1])
    first.get_by_role("button").click()
    was, now = re.findall(r"(\d+)\u202f名", page.locator("#scenario-slot").inner_text())
    assert int(was) - int(now) == pytest.approx(count, abs=1)
    expect(first.get_by_role("button")).to_be_focused()
    expect(first.get_by_role("button")).to_have_text("不试了")
    first.get_by_role("button").click()
    page.goto(page.url.partition("#")[0] + "#dayoff-12-hot_meal")
    expect(box.locator("h3")).to_contain_text("休息日 12:00 要")
    page.goto(page.url.partition("#")[0] + "#workday-20-any_stop")


def shown_shares(page: Page, service: str) -> list[int]:
    cells = page.locator(f'.clock-day:not(.clock-other) tr[data-service="{service}"] td[data-hour]')
    return [int(re.match(r"\d+", text)[0]) for text in cells.all_inner_texts()]


def draw(page: Page, *corners: tuple[int, int]) -> None:
    """Click the corners of an area on the map."""
    page.locator("#slot-area").select_option("draw")
    for x, y in corners:
        page.locator("#plan-canvas").click(position={"x": x, "y": y})


def chosen_area(page: Page) -> str:
    found = re.search(r"&a=([\d.,]+)", page.url)
    return found[1] if found else ""


def test_drawing_an_area_step_by_step(page: Page) -> None:
    """Done from three corners on; a step back; Esc; the first corner closes; one question."""
    hand = page.locator("#map-hand")
    done, back = hand.get_by_text("画好了"), hand.get_by_text("退一步")
    draw(page, (150, 120), (420, 140))
    assert done.is_disabled()
    page.locator("#plan-canvas").click(position={"x": 300, "y": 330})
    back.click()
    assert done.is_disabled()
    page.keyboard.press("Escape")
    assert hand.is_hidden()
    assert chosen_area(page) == page.locator("#slot-area").input_value() == ""
    draw(page, (150, 120), (420, 140), (300, 330), (155, 115))
    assert hand.is_hidden()
    assert len(chosen_area(page).split(",")) == 6
    draw(page, (150, 120))
    page.locator("#whatif-place").click()
    assert "位置" in hand.inner_text()
    page.keyboard.press("Escape")
    assert len(page.locator("#slot-area").input_value().split(",")) == 6
    page.locator("#slot-area").select_option("view")
    assert len(chosen_area(page).split(",")) == 4
    for key in ("0", "Tab"):  # by keys: the map has the focus, and a cross in its middle
        page.keyboard.press(key)
    page.locator("#slot-area").select_option("draw")
    cross = page.locator(".map-cross")
    expect(cross).to_be_visible()
    assert "回车" in hand.inner_text()
    for key in ("Enter", "ArrowRight", "Enter", "ArrowDown", " "):
        page.keyboard.press(key)
        page.wait_for_timeout(500)
    assert done.is_enabled(), "three corners"
    page.keyboard.press("Escape")
    assert cross.is_hidden()
    page.locator("#slot-area").select_option("")
    page.locator(".action .button").first.click()  # with a plan there is a bar at the bottom
    page.evaluate("window.scrollTo(0, 0)")
    page.locator("#slot-area").select_option("draw")
    bar = page.locator("#scenario").bounding_box()
    frame = page.locator(".map-frame").bounding_box()
    assert frame["y"] + frame["height"] < bar["y"]
    page.keyboard.press("Escape")
    page.locator("#reset").click()
    page.locator("#slot-area").select_option("")


def test_a_drawn_area_has_the_clock_that_the_command_finds_of_it(
    page: Page,
    chromium: Browser,
    counties_site: str,
    data: Path,
    counties_var: Path,
    tmp_path: Path,
) -> None:
    """Clicks draw it, the link keeps it; a plan is counted within it alone."""
    plan = "-341523-001~+116.917083,31.464023@wd:1800-0200;toilet,hot_meal"
    county = shown_shares(page, "any_stop")
    draw(page, (60, 120), (330, 100), (200, 210), (300, 320), (80, 300))
    page.locator("#map-hand").get_by_text("画好了").click()
    area = chosen_area(page)
    page.locator("#slot-area").select_option("")
    assert shown_shares(page, "any_stop") == county
    numbers = [float(each) for each in area.split(",")]
    ring = [*zip(numbers[::2], numbers[1::2], strict=True)]
    drawn = tmp_path / "area.geojson"
    drawn.write_text(json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}), "utf-8")
    places = ["--data", str(data), "--var", str(counties_var)]
    asked = [*places, "coverage", "shucheng", "--area", str(drawn), "--what-if", plan, "--json"]
    told = json.loads(CliRunner().invoke(main, asked, catch_exceptions=False).stdout)

    def expected(clock: list[dict[str, Any]], service: str) -> list[int]:
        rows = [row for row in clock if (row["day"], row["service"]) == ("workday", service)]
        return [percent(row["covered"], row["total"]) for row in rows]

    link = f"{PLAN}#workday-20-any_stop&a={area}&s={plan}"
    with opened(chromium, counties_site, link) as again:
        again.wait_for_selector("#plan-canvas[data-ready]")
        assert f"{told['cells']}\u202f格" in again.locator("#choices-note").inner_text()
        for service in ("any_stop", "toilet", "hot_meal"):
            wanted = expected(told["what_if"]["clock"], service)
            assert shown_shares(again, service) == wanted, service
        again.locator("#compare").click()
        assert shown_shares(again, "any_stop") == expected(told["clock"], "any_stop") != county


def test_a_township_is_chosen_from_the_list_and_has_its_own_clock(
    page: Page, shucheng: Release
) -> None:
    released = shucheng.json("public/coverage.json")["measures"]["townships"]
    town = next(each for each in released if each["name"] == "城关镇")
    page.locator("#slot-area").select_option("城关镇")
    row = '.clock-day[data-day="{}"] tr[data-service="any_stop"] .clock-total'
    for day in ("dayoff", "workday"):
        page.locator(f'[data-choose-day="{day}"]').click()
        said = page.locator(row.format(day)).inner_text()
        assert int(said) == round(100 * town["covered"][day])
    assert page.locator("#slot-title").inner_text().startswith("城关镇，工作日")
    page.locator("#slot-area").select_option("")
    assert "&a=" not in page.url
