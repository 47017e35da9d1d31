from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from locator.errors import ConfigError, LocatorError
from locator.outputs.planner_hours import figures_element, slot_figures
from locator.outputs.planner_map import planner_map, planner_page
from locator.outputs.words import one_line
from locator.release.publish import Release

from .actions import ACTIONS, with_files
from .town import STATIONS, write_release

HOSTILE = [
    "${alert(22)}",
    "驿站${夜间}A",
    "`;alert(1)//",
    "\\u{zz} \\x \\",
    "</script><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    "<svg/onload=alert(4)>",
    "\"'><iframe src=//evil.example>",
    "{{7*7}} {% for x in y %}",
    "javascript:alert(5)",
    "http://evil.example/a.png",
    "-->]]>*/",
    "\u202e反\u2028驿站",
]


def test_the_file_names_no_other_host(town: Release) -> None:
    page = planner_page(town)
    assert page.startswith('<!DOCTYPE html>\n<html lang="zh-CN">')
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", page)
    assert not re.findall(r"url\((?!['\"]?(?:data:|#))", page)
    assert "sourceMappingURL" not in page
    assert "cdn" not in page.lower()


@pytest.mark.slow
def test_the_same_release_gives_the_same_bytes(town: Release) -> None:
    assert planner_page(town) == planner_page(town)


def test_it_says_what_the_release_says(town: Release) -> None:
    page = planner_page(town)
    for words in ("站点、街道和骑手人数都是编的，现场没有驿站；算出的缺口不可引用。",
                  "近梅河路（城关镇）", "20:00–22:00",
                  "2026-11-20", town.hash, "暖新驿站 2", "20 骑手时"):  # fmt: skip
        assert words in page, words
    assert "20:00 有 3 骑手（38&nbsp;%）5 分钟内无站可去" in page


def test_a_real_county_is_credited_and_carries_its_number(tmp_path: Path) -> None:
    page = planner_page(write_release(tmp_path, illustrative=False))
    assert "© OpenStreetMap contributors" in page
    assert "审图号：皖S(2026)12号" in page
    assert "编的" not in page
    assert "示意，现场没有驿站" not in page


def test_a_real_ledger_on_invented_streets_is_not_called_made_up(tmp_path: Path) -> None:
    rows = [{**row, "name": row["name"].replace("（示意）", "")} for row in STATIONS]
    rows[1]["provenance"] = "osm"
    made = write_release(tmp_path, stations=rows, illustrative=False,
                         streets="illustrative", demand="proxy")  # fmt: skip
    page = planner_page(made)
    said = re.findall(r'<p class="notice" role="note"><strong>(.*?)</strong>(.*?)</p>', page)
    assert said == [
        ("来自开放街图", "写着“开放街图”的 1 处不是县里设的驿站，未经核实。"),
        ("示意街道", "街道是编的，不能照着走。"),
        ("需求为推算", "骑手人数由餐馆和住家推算，没有人数过。"),
    ]
    assert page.count("开放街图，不是县里设的驿站，未经核实") == 1, "on the card of that one"
    assert "现场没有驿站" not in page


def test_a_folder_in_the_way_is_one_clear_sentence(town: Release, tmp_path: Path) -> None:
    with pytest.raises(LocatorError, match="cannot be written"):
        planner_map(town, tmp_path)


def test_missing_browser_files_are_named(
    town: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locator.outputs.one_file.web_root", lambda: tmp_path)
    with pytest.raises(ConfigError, match=r"jquery\.min\.js|leaflet"):
        planner_page(town)


# ── in a browser ─────────────────────────────────────────────────────────────────────────────


class Visit:
    """A page opened from a file, and all that it did that it should not."""

    def __init__(self, chromium: Any, path: Path, width: int = 1280, height: int = 800) -> None:
        self.page = chromium.new_page(viewport={"width": width, "height": height})
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", self._dialog)
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".folium-map[data-zoom]")

    def _dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog {dialog.message}")
        dialog.dismiss()


@pytest.mark.browser
def test_hostile_names_are_only_text(chromium: Any, tmp_path: Path) -> None:
    rows = [
        {**STATIONS[0], "id": f"341523-h{i:02d}", "name": name, "address": name, "entry": name,
         "at": (40 * i - 200, 20 * i - 100)}
        for i, name in enumerate(HOSTILE)
    ]  # fmt: skip
    path = planner_map(write_release(tmp_path, stations=rows), tmp_path / "map.html")
    visit = Visit(chromium, path)
    page = visit.page
    assert page.locator(".leaflet-marker-pane .pin").count() == len(rows)
    marks = page.locator(".leaflet-marker-pane .mark:has(.pin)")
    for index, name in enumerate(HOSTILE):
        marks.nth(index).evaluate("mark => mark.click()")
        heading = page.locator(".leaflet-popup h3").last
        heading.wait_for()
        assert heading.text_content() == one_line(name)
    assert visit.requests == [path.as_uri()]
    assert visit.faults == []


@pytest.mark.browser
@pytest.mark.campaign
def test_naughty_strings_do_nothing(chromium: Any, shared: Path, tmp_path: Path) -> None:
    names = json.loads((shared / "corpora/blns/blns.json").read_text("utf-8"))
    rows = [
        {**STATIONS[0], "id": f"341523-b{i:03d}", "name": name or "（空）", "address": name or None,
         "at": (i - 250, (i % 40) * 10 - 200)}
        for i, name in enumerate(names)
    ]  # fmt: skip
    path = planner_map(write_release(tmp_path, stations=rows), tmp_path / "map.html")
    visit = Visit(chromium, path)
    assert visit.page.locator(".leaflet-marker-pane .pin").count() == len(rows)
    visit.page.evaluate(
        "document.querySelectorAll('.leaflet-marker-pane .mark:has(.pin)').forEach(m => m.click())"
    )
    visit.page.wait_for_timeout(300)
    assert visit.requests == [path.as_uri()]
    assert visit.faults == []


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_gaps_lead_to_their_place(
    chromium: Any, town: Release, tmp_path: Path, width: int, height: int
) -> None:
    visit = Visit(chromium, planner_map(town, tmp_path / "map.html"), width, height)
    page = visit.page
    assert page.locator("path.cell:not(.s0)").count() == 1  # of three cells one is uncovered
    assert page.locator("path.gap").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name=re.compile("近梅河路")).click()
    page.wait_for_timeout(400)
    box = page.locator("path.gap").bounding_box()
    frame = page.locator(".folium-map").bounding_box()
    assert frame["x"] <= box["x"]
    assert box["x"] + box["width"] <= frame["x"] + frame["width"]
    page.locator(".leaflet-marker-pane .number").click()
    assert "少了" in page.locator(".leaflet-popup").inner_text()
    legend = page.locator(".kinds").inner_text()
    assert "缺口，编号同列表" in legend
    assert visit.requests == [(tmp_path / "map.html").as_uri()]
    assert visit.faults == []


@pytest.mark.browser
def test_a_number_covers_no_station_and_the_print_is_one_sheet(
    chromium: Any, town: Release, tmp_path: Path
) -> None:
    visit = Visit(chromium, planner_map(town, tmp_path / "map.html"))
    page = visit.page
    number = page.locator(".leaflet-marker-pane .number").first.bounding_box()
    for pin in page.locator(".leaflet-marker-pane .pin").all():
        box = pin.bounding_box()
        apart = math.hypot(
            box["x"] + box["width"] / 2 - number["x"] - number["width"] / 2,
            box["y"] + box["height"] / 2 - number["y"] - number["height"] / 2,
        )
        assert apart > number["width"] / 2
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    (sheet,) = printed
    assert sheet.get_size() == pytest.approx((841.9, 595.3), abs=1)
    said = "".join(sheet.get_textpage().get_text_range().split())
    for words in ("图例", "近梅河路", town.hash):
        assert words in said
    assert not page.locator("body.printed").count()
    assert visit.faults == []


@pytest.mark.browser
def test_an_hour_and_a_service_are_chosen_and_told(
    chromium: Any, town: Release, tmp_path: Path
) -> None:
    visit = Visit(chromium, planner_map(town, tmp_path / "map.html"))
    page = visit.page
    said = page.locator("#slot-said")
    whole = said.inner_text()
    cells = town.json("public/cells.json")["cells"]
    for slot in (20, 12):
        page.locator(f"[data-slot='{slot}']").click()
        without = [
            cell["riders"][slot] for cell in cells if cell["covered"]["any_stop"][slot] == "0"
        ]
        shown = page.locator("path.cell:not(.s0)").count()
        assert shown == sum(riders > 0 for riders in without)
        assert f"工作日 {slot}:00" in said.inner_text()
        assert page.locator(f"[data-slot='{slot}']").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="看一整天").click()
    assert said.inner_text() == whole
    assert visit.faults == []


def test_actions_stand_on_the_map_and_beside_it(
    town: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "怎么补" not in planner_page(town)
    page = planner_page(with_files(town, {"public/actions.json": ACTIONS}, monkeypatch))
    assert "怎么补：多覆盖最多的 2 件" in page
    assert "梅河路候选点：新设一处" in page
    assert "8 万元/年" in page
    assert page.count("number action") == 5  # two in the list, two on the map, one in the legend


def test_no_figure_closes_its_element(tmp_path: Path) -> None:
    figures = slot_figures(
        write_release(tmp_path).manifest,
        {"clock": [], "reach_min": 5},
        {"services": ["</script><b>"], "cells": []},
    )
    assert "</script><b>" not in figures_element(figures)
    assert json.loads(figures_element(figures).split(">", 1)[1].rsplit("<", 1)[0]) == figures
