"""What the pages say of where their data comes from, and of what was left out."""

from __future__ import annotations

import html
import re
from pathlib import Path

import locator.streets.traffic
from locator.outputs.coverage_words import tied
from locator.server.app import Settings, create_app
from locator.server.planner_sources import sources
from locator.streets.reasons import REASONS, in_words
from tests.outputs.manifests import manifest
from tests.server.tiny_release import STATIONS, write_release

REPORT = {
    "provenance": "osm", "source": "somewhere.osm.pbf", "frozen_on": "2026-10-01",
    "ways_read": 1200, "ways_open": 1100, "ways_closed": {"no access": 60, "mountain path": 39,
                                                          "highway=road to nowhere": 1},
    "islets": 3, "islets_km": 1.24, "traps": 2, "traps_km": 0.5, "ways_cut": 4,
    "km": 812.6, "km_unnamed": 300.2,
}  # fmt: skip


def test_a_release_made_before_anything_was_counted() -> None:
    old = manifest({"osm": 3}, "osm", "proxy")
    del old["stations"]
    assert [term for term, _ in sources(old, "zh")] == ["站点", "街道", "骑手人数"]


def test_the_foot_of_the_planner_s_page_says_what_was_left_out() -> None:
    made = manifest(
        {"ledger": 30, "osm": 5}, "osm", "proxy", streets=REPORT,
        basemap={"bytes": 3_000_000, "features": {"roads": 10, "water": 2}, "lost": {"open": 3}},
    )  # fmt: skip
    made["counts"] |= {"quarantined": 2, "duplicates": 1}
    made["stations"]["township"] = {"ledger": 20, "outline": 14, "neither": 1}
    said = {term: text.replace("\u202f", " ") for term, text in sources(made, "zh")}
    assert said == {
        "站点": "35 处：台账 30、开放街图（不是县里设的，未经核实） 5。"
        "另有 2 行有错，没有发布。重复的 1 行只算一次。",
        "乡镇": "20 处照台账，14 处台账没写，按乡镇界线补上。1 处不知道。",
        "街道": "开放街图，取自 somewhere.osm.pbf，截至 2026-10-01。"
        "电动车走得通的有 813 公里，其中 300 公里没有路名。",
        "没有用的街道": "读到 1,200 段，100 段走不通："
        "不准通行 60、登山小道 39、highway=road to nowhere 1。3 小片同路网不相连（1.2 公里）。"
        "2 段进得去出不来（0.5 公里），不从那里起算。4 段在数据边上被切断。",
        "底图": "画了 12 个要素，3.0 MB。3 个残缺或没有画法，没有画。",
        "骑手人数": "由开放街图上的餐馆和住家推算，没有人数过："
        "人数不可引用，哪里多、几点多可作参考。",
    }  # fmt: skip
    english = dict(sources(made, "en"))
    assert len(english) == len(said)
    assert not re.search(r"[\u4e00-\u9fff]", "".join(english) + "".join(english.values()))


def test_nothing_is_said_of_what_was_not_left_out() -> None:
    whole = {"provenance": "illustrative", "ways_read": 9, "ways_closed": {}, "km": 3.0}
    made = manifest({"illustrative": 3}, "illustrative", "illustrative", streets=whole)
    assert [term for term, _ in sources(made, "zh")] == ["站点", "街道", "骑手人数"]


def test_every_reason_has_words() -> None:
    source = Path(locator.streets.traffic.__file__).read_text("utf-8")
    reasons = set(re.findall(r'None, "([^"]+)"', source))
    assert "no access" in reasons
    assert reasons <= REASONS.keys()


def test_reasons_of_one_word_are_added_up() -> None:
    counts = {"highway=rest_area": 1, "highway=services": 2, "ferry": 2, "who knows": 4}
    assert in_words(counts, "zh") == [("who knows", 4), ("服务区", 3), ("渡轮", 2)]


def test_a_cafe_of_osm_is_not_called_a_station_of_the_county(tmp_path: Path) -> None:
    stations = [{**STATIONS[0], "provenance": "osm", "name": "Café"},
                {**STATIONS[1], "provenance": "ledger", "name": "食堂"}]  # fmt: skip
    write_release(tmp_path, stations, illustrative=False)
    client = create_app(Settings(var=tmp_path)).test_client()

    def text(path: str) -> str:
        return html.unescape(client.get(path).get_data(as_text=True))

    cards = re.findall(r"<article.*?</article>", text("/c/shucheng/"), re.DOTALL)
    assert ["开放街图" in card for card in cards] == [True, False]
    assert '<br><span class="quiet">不是县里设的驿站</span>' in text("/s/341523-001")
    assert "示意数据" not in text("/c/shucheng/")
    plan = text("/c/shucheng/plan")
    assert "需求为推算" in plan
    assert tied("数据来源与取舍") in plan


def test_where_one_can_rest_comes_first_in_list_and_filters(tmp_path: Path) -> None:
    rows = [
        {**STATIONS[0], "id": f"341523-00{number}", "kind": kind}
        for number, kind in enumerate(
            ["friendly_estate", "canteen", "friendly_estate", "warm_station", "warm_station"]
        )
    ]
    write_release(tmp_path, rows)
    page = create_app(Settings(var=tmp_path)).test_client().get("/c/shucheng/").text
    assert re.findall(r'<li id="341523-00(\d)"', page) == ["1", "3", "4", "0", "2"]
    assert re.findall(r'data-filter="kind" data-value="(\w+)"', page) == [
        "warm_station", "canteen", "friendly_estate",
    ]  # fmt: skip


def test_osm_is_credited_on_invented_streets_for_its_stations_alone(tmp_path: Path) -> None:
    write_release(tmp_path, attribution="站点 © OpenStreetMap contributors")
    page = create_app(Settings(var=tmp_path)).test_client().get("/c/shucheng/plan")
    credit = re.search(r'<p class="plan-credit">(.*?)</p>', page.get_data(as_text=True))
    assert credit is not None
    assert re.findall(r"<span>(.*?)</span>", credit[1]) == [
        "站点 © OpenStreetMap contributors", "示意街道",
    ]  # fmt: skip
