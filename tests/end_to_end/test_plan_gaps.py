"""The gaps of the planner's page: at the chosen hour, under a plan, against the release before."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageColor
from playwright.sync_api import Browser, Page, expect

from locator.release.publish import Release
from locator.server.app import Settings
from tests.end_to_end.built import build, opened
from tests.end_to_end.conftest import served

pytestmark = pytest.mark.browser

PLAN = "/c/shucheng/plan"


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gaps")


@pytest.fixture(scope="module")
def before(var: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A month earlier a stop shut at six that is open day and night now."""
    earlier = tmp_path_factory.mktemp("earlier") / "data"
    shutil.copytree(data, earlier)
    ledger = earlier / "stations.geojson"
    said = json.loads(ledger.read_text("utf-8"))
    rows = [each["properties"] for each in said["features"]]
    row = next(each for each in rows if each["county"] == "341523" and each["hours"] == "24/7")
    row["hours"] = "Mo-Su 08:00-18:00"
    ledger.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    return build(earlier, var, "shucheng", date(2026, 10, 2))


@pytest.fixture(scope="module")
def release(var: Path, data: Path, before: Release) -> Release:
    build(data, var, "kuandian", date(2026, 11, 2))
    return build(data, var, "shucheng", date(2026, 11, 2))


@pytest.fixture(scope="module")
def gaps(release: Release) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = release.json("public/gaps.json")
    return found


@pytest.fixture(scope="module")
def site(var: Path, release: Release) -> Iterator[str]:
    with served(Settings(var=var)) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    with at(chromium, site, "#workday-20-any_stop") as page:
        yield page


def at(chromium: Browser, site: str, hash_: str, **options: Any) -> Any:
    return opened(chromium, site, PLAN + hash_, viewport={"width": 1440, "height": 900}, **options)


def ready(page: Page) -> None:
    page.wait_for_selector("#plan-canvas[data-ready]")


def riders(gap: dict[str, Any], slot: str) -> float:
    """Those without a stop in a gap in a slot such as "workday 20"."""
    return float(gap["riders"][gap["hours"].index(slot)]) if slot in gap["hours"] else 0.0


def listed(page: Page) -> list[str]:
    found = page.locator("#gap-lists .gap").evaluate_all("all => all.map((one) => one.dataset.gap)")
    return list(found)


def sizes(page: Page) -> list[int]:
    texts = page.locator("#gap-lists .gap-size").all_text_contents()
    return [int(re.match(r"[\d,]+", text)[0].replace(",", "")) for text in texts if text[0] != "<"]


# --- on the map ----------------------------------------------------------------------------------

#: What of the map nothing covers: left, top, right, bottom.
IN_SIGHT = """function () {
  const box = document.getElementById("plan-canvas").getBoundingClientRect();
  const strip = document.querySelector(".plan-time").getBoundingClientRect().bottom;
  const bar = document.getElementById("scenario");
  const bottom = Math.min(innerHeight - (bar.hidden ? 0 : bar.offsetHeight), box.bottom);
  return [box.left, Math.max(strip, box.top), box.right, bottom];
}"""


def outlined(page: Page) -> tuple[list[float], list[float]]:
    """The box of the chosen gap's outline on the screen, and that of the map in sight."""
    page.wait_for_timeout(1500)
    seen = page.evaluate(IN_SIGHT)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    blue = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--focus')")
    wanted = ImageColor.getrgb(blue.strip())
    far = ImageChops.difference(shot, Image.new("RGB", shot.size, wanted)).convert("L")
    near = far.point(lambda value: 255 if value < 12 else 0).crop(tuple(map(round, seen)))
    box = near.getbbox()
    assert box, "the chosen gap is outlined"
    return [box[0] + seen[0], box[1] + seen[1], box[2] + seen[0], box[3] + seen[1]], seen


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_the_chosen_gap_is_outlined_and_lies_in_the_map_that_is_seen(
    chromium: Browser, site: str, size: tuple[int, int]
) -> None:
    """The panel takes of the map's height, or leaves of the map on a phone what is above it."""
    view = {"width": size[0], "height": size[1]}
    hash_ = PLAN + "#workday-20-any_stop"
    with opened(chromium, site, hash_, viewport=view, reduced_motion="reduce") as page:
        ready(page)
        for number in (0, 2, 3):
            page.locator(".gap-place").nth(number).click()
            box, seen = outlined(page)
            assert box[0] > seen[0] + 8
            assert box[1] > seen[1] + 8
            assert box[2] < seen[2] - 8
            assert box[3] < seen[3] - 8
            assert box[2] - box[0] > 60, "it is not lost in a wide view"


# --- the chosen hour -----------------------------------------------------------------------------


def test_the_worst_gap_of_the_chosen_hour_comes_first(
    page: Page, gaps: dict[str, list[dict[str, Any]]]
) -> None:
    ready(page)
    then = {gap["id"]: riders(gap, "workday 20") for gap in gaps["any_stop"]}
    found = listed(page)
    assert found[0] == max(then, key=then.__getitem__)
    assert found[0] != gaps["any_stop"][0]["id"], "of both days another one is the worst"
    assert set(found) == {gap for gap, count in then.items() if count > 0}
    assert all(
        then[first] >= then[next_] - 0.01
        for first, next_ in pairwise(found)
    )  # fmt: skip
    assert sizes(page)[0] == round(then[found[0]])
    assert "工作日\u202f20:00" in page.locator("#gaps-title").inner_text()
    assert f"{round(then[found[0]])}\u202f名骑手" in page.locator("#gaps-title").inner_text()


def test_the_list_follows_the_hour_and_the_service(
    page: Page, gaps: dict[str, list[dict[str, Any]]]
) -> None:
    ready(page)
    page.locator("#slot-hour").fill("12")
    page.locator("#slot-service").select_option("hot_meal")
    then = {gap["id"]: riders(gap, "workday 12") for gap in gaps["hot_meal"]}
    assert listed(page)[0] == max(then, key=then.__getitem__)
    assert set(listed(page)) == {gap for gap, count in then.items() if count > 0}


def test_both_days_together_are_a_click_away_and_kept_in_the_address(
    page: Page, gaps: dict[str, list[dict[str, Any]]]
) -> None:
    ready(page)
    page.locator('[data-choose-by="week"]').click()
    assert listed(page) == [gap["id"] for gap in gaps["any_stop"]]
    assert page.url.endswith("#workday-20-any_stop&b=week")
    assert sizes(page)[0] == round(gaps["any_stop"][0]["rider_hours"])
    page.reload()
    ready(page)
    assert listed(page)[0] == gaps["any_stop"][0]["id"]
    page.locator('[data-choose-by="hour"]').click()
    assert "b=" not in page.url
    assert listed(page)[0] != gaps["any_stop"][0]["id"]


def test_the_reader_keeps_the_row_while_the_order_changes(page: Page) -> None:
    ready(page)
    first = page.locator("#gap-lists > .gaps .gap-place").first
    name = first.inner_text()
    first.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == name
    page.evaluate("document.querySelector('[data-choose-by=\"week\"]').click()")
    assert page.evaluate("document.activeElement.textContent") == name


# --- under a plan --------------------------------------------------------------------------------


def test_a_plan_s_gaps_are_reckoned_anew_and_told_apart_from_today_s(
    page: Page, gaps: dict[str, list[dict[str, Any]]]
) -> None:
    ready(page)
    note, panel = page.locator("#gaps-what"), page.locator("#panel")
    assert "今天" not in note.inner_text()
    gap = next(
        each
        for each in gaps["any_stop"]
        if each["cause"] == "closed" and riders(each, "workday 20") > 0
    )
    row = page.locator(f'[data-gap="{gap["id"]}"]')
    row.locator("button").click()
    assert "今天" not in panel.inner_text()
    panel.get_by_role("button", name=re.compile("^试试延长")).click()
    panel.get_by_role("button", name="24\u202f小时").click()
    assert "括号里是今天" in note.inner_text()
    today = round(riders(gap, "workday 20"))
    assert row.locator(".gap-size").text_content() == f"没有了（今天\u202f{today}）"
    assert listed(page)[-1] == gap["id"] or today < 1
    assert gap["name"] not in page.locator("#gaps-title").inner_text()

    page.locator("#gap-lists .gap button").first.click()
    assert "20:00\u202f最近开着的站" in panel.inner_text()
    assert "是今天的" in panel.inner_text()
    page.locator("#compare").click()
    assert "今天" not in note.inner_text()
    assert "今天" not in panel.inner_text()


def test_whom_a_closed_station_leaves_outside_every_gap_is_counted(
    page: Page,
) -> None:
    ready(page)
    for station in page.locator("#whatif-station option").all()[1:]:
        page.locator("#whatif-station").select_option(station.get_attribute("value"))
        page.locator("#panel").get_by_role("button", name="关掉这一处").click()
    said = page.locator("#gaps-what").inner_text()
    outside = float(re.search(r"另有\u202f([\d,.]+)\u202f名", said)[1].replace(",", ""))
    missing = re.search(r"，([\d,]+)\u202f名", page.locator("#slot-title").inner_text())
    everyone = float(missing[1].replace(",", ""))
    assert abs(outside + sum(sizes(page)) - everyone) <= 0.5 * len(sizes(page)) + 1
    expect(page.locator("#gaps-title")).to_contain_text("缺口")


# --- since the release before, and another county -------------------------------------------------


def test_the_page_tells_what_changed_since_the_release_before(
    page: Page, release: Release, before: Release
) -> None:
    said = page.locator(".plan-changes").inner_text()
    assert before.hash in said
    changes = release.json("public/coverage.json")["gap_changes"]
    assert changes
    rows = page.locator(".gap-changes li").all_text_contents()
    assert len(rows) == len(changes)
    assert all(any(change["name"] in row for row in rows) for change in changes)
    assert any("延长了开放时间" in row for row in rows)


def test_one_kind_of_stop_can_be_looked_at_alone(chromium: Browser, site: str) -> None:
    """宽甸 has two kinds, and this is its first release."""
    with opened(chromium, site, "/c/kuandian/plan") as page:
        ready(page)
        assert "第一版" in page.locator(".plan-changes").inner_text()
        kinds = page.locator("#slot-kind option")
        assert kinds.count() == 3

        def shares() -> list[int]:
            row = '.clock-day:not(.clock-other) [data-service="any_stop"] td[data-hour]'
            return [int(text) for text in page.locator(row).all_inner_texts() if text.isdigit()]

        every = shares()
        page.locator("#slot-kind").select_option(kinds.nth(1).get_attribute("value"))
        one = shares()
        assert one != every
        assert all(few <= many for few, many in zip(one, every, strict=True))
        assert "只算" in page.locator("#choices-note").inner_text()
        assert "&k=" in page.url
        page.locator("#slot-kind").select_option("")
        assert shares() == every
