"""The planner's page in words: sentence, clock, gaps, limits."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from locator.county import load_county
from locator.outputs.coverage_words import hour_runs, hours_text, people, percent, slots_text, tied
from locator.outputs.planner_map import planner_page
from locator.release.build import build_release
from locator.release.publish import Release, canonical_json, publish
from locator.server import planner_files
from locator.server.app import Settings, create_app
from locator.server.planner import plan_settings, plan_view
from locator.server.planner_clock import clock_days, worst_slot
from locator.server.planner_stations import station_slots
from locator.server.planner_words import WORDS, say
from locator.server.public import dates
from tests.release.conftest import write_county
from tests.server.conftest import WholeAnswers
from tests.server.tiny_release import STATIONS, feature, write_release

AS_OF = date(2026, 11, 20)
TIED = "\u202f"


def clock(shares: dict[str, list[float]], riders: float = 10.0) -> list[dict[str, Any]]:
    """The clock's rows, the same on both days but for half as many riders on the day off."""
    return [
        {"day": day, "hour": hour, "service": service,
         "covered": share * riders * size, "total": riders * size}
        for service, hours in shares.items()
        for day, size in (("workday", 1.0), ("dayoff", 0.5))
        for hour, share in enumerate(hours)
    ]  # fmt: skip


NIGHT = [0.2] * 6 + [1.0] * 14 + [0.2] * 4


def coverage(**said: Any) -> dict[str, Any]:
    return {
        "county": "shucheng", "as_of": "2026-11-01", "reach_min": 5.0,
        "dates": {"workday": "2026-11-04", "dayoff": "2026-11-08"},
        "headline_zh": "工作日 20:00 有 8 骑手（80 %）5 分钟内无站可去。",
        "headline_en": "On a workday at 20:00, 8 riders (80%) have no stop within 5 minutes.",
        "clock": clock({"any_stop": NIGHT, "toilet": [0.25] * 24, "drinking_water": [0.5] * 24,
                        "hot_meal": [0.0] * 24}),
        "gaps": [], "unreachable_cells": [], "unknown_hours": ["341523-003"],
        **said,
    }  # fmt: skip


def gap(**said: Any) -> dict[str, Any]:
    return {
        "id": "341523-gap-1", "name": "近文昌路（城关镇）", "rider_hours": 128.0,
        "hours": [f"workday {hour}" for hour in (20, 21, 22, 23, 0, 1)],
        "services": ["hot_meal"], "cause": "closed", "township": "城关镇", "street": "文昌路",
        "nearest_station": "341523-002", "nearest_minutes": 3.6, "geometry": None,
        **said,
    }  # fmt: skip


def release(
    folder: Path, said: dict[str, Any], rows: Iterable[dict[str, Any]] = STATIONS
) -> Release:
    """A release folder with what the planner's page reads."""
    stations = {"type": "FeatureCollection", "features": [feature(each) for each in rows]}
    files = {"public/coverage.json": said, "public/stations.geojson": stations}
    (folder / "public").mkdir(parents=True)
    for name, value in files.items():
        (folder / name).write_bytes(canonical_json(value))
    manifest = {
        "release": "0123456789abcdef",
        "county": {"slug": "shucheng", "name_zh": "舒城县", "name_en": "Shucheng",
                   "country": "CN", "timezone": "Asia/Shanghai", "bbox": [116.9, 31.4, 117, 31.5]},
        "kinds": {"warm_station": {"stop": True}, "canteen": {"stop": False},
                  "union_post": {"stop": True}},
        "services": {"toilet": {"zh": "如厕", "en": "Toilet"},
                     "drinking_water": {"zh": "饮水", "en": "Drinking water"},
                     "hot_meal": {"zh": "供餐", "en": "Hot meals"}},
        "provenance": {"stations": "ledger", "streets": "osm", "demand": "proxy",
                       "weakest": "proxy"},
        "counts": {"rows": 3, "published": 3, "quarantined": 0, "duplicates": 0},
        "files": [{"path": name} for name in files],
    }  # fmt: skip
    (folder / "manifest.json").write_bytes(canonical_json(manifest))
    return Release(folder, manifest)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "runs", "zh"),
    [
        ([8], [(8, 9)], "08:00–09:00"),
        ([8, 9, 13], [(8, 10), (13, 14)], "08:00–10:00、13:00–14:00"),
        ([22, 23], [(22, 24)], "22:00–24:00"),
        ([22, 23, 0, 1], [(22, 2)], f"22:00–次日{TIED}02:00"),
        ([0, 1], [(0, 2)], "00:00–02:00"),
        (range(24), [(0, 24)], "全天"),
        ([], [], ""),
    ],
)
def test_hours_become_runs_round_the_clock(
    hours: list[int], runs: list[tuple[int, int]], zh: str
) -> None:
    assert hour_runs(hours) == runs
    assert hours_text("zh", hours) == zh


def test_every_run_together_is_the_hours_themselves() -> None:
    for mask in range(0, 1 << 24, 4099):
        hours = {hour for hour in range(24) if mask >> hour & 1}
        spelt = {
            hour % 24
            for first, end in hour_runs(hours)
            for hour in range(first, end if end > first else end + 24)
        }
        assert spelt == hours


def test_slots_are_said_by_day_and_together_where_the_days_agree() -> None:
    assert slots_text("zh", ["workday 20", "dayoff 20"]) == f"每天{TIED}20:00–21:00"
    assert (
        slots_text("en", ["workday 20", "dayoff 8"])
        == "Workday 20:00–21:00; Day off 08:00–09:00"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(0, 5, 0), (5, 5, 100), (0.001, 5, 1), (4.999, 5, 99), (1, 3, 33), (0, 0, 0)],
)
def test_none_and_all_are_said_only_of_none_and_all(part: float, whole: float, share: int) -> None:
    assert percent(part, whole) == share


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (0.01, "<0.1"), (0.44, "0.4"), (3, "3"), (9.96, "10"), (1234.5, "1,234")],
)
def test_riders_are_whole_where_there_are_many(count: float, text: str) -> None:
    assert people(count) == text


def test_figures_are_tied_to_their_units() -> None:
    assert tied("有 12 骑手（41\u2009%）5 分钟") == f"有{TIED}12{TIED}骑手（41{TIED}%）5{TIED}分钟"
    assert tied("locator map") == "locator map"


def test_both_languages_ask_for_the_same_figures() -> None:
    for key, (zh, en) in WORDS.items():
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en)), key
    assert say("en", "rider_hours", count="3") == "3 rider-hours a week"


# --- the clock -----------------------------------------------------------------------------------


def names() -> dict[str, str]:
    return {"any_stop": "任一站点", "toilet": "如厕", "drinking_water": "饮水", "hot_meal": "供餐"}


def test_the_scarcest_service_is_on_top_and_what_nobody_offers_below() -> None:
    day = clock_days(coverage(), names(), "zh")[0]
    assert [row["service"] for row in day["rows"]] == [
        "any_stop", "toilet", "drinking_water", "hot_meal",
    ]  # fmt: skip
    assert day["rows"][0]["all_day"] == {"text": "67", "step": 6}
    assert [cell["text"] for cell in day["rows"][0]["cells"][4:8]] == ["20", "20", "100", "100"]
    assert day["rows"][0]["cells"][6]["step"] == 9


def test_the_title_says_when_most_riders_go_without() -> None:
    day = clock_days(coverage(), names(), "zh")[0]
    assert day["finding"] == f"工作日{TIED}20:00–次日{TIED}06:00，过半骑手无站可去"
    assert day["scarcest"] == f"供餐：5{TIED}分钟内没有一处确知开着。"
    told = clock_days(coverage(unknown_hours=[]), names(), "zh")[0]
    assert told["scarcest"] == f"供餐：5{TIED}分钟内一处也没有。"
    nowhere = coverage(clock=clock({"any_stop": NIGHT, "toilet": [0] * 24, "hot_meal": [0] * 24}))
    few = {code: names()[code] for code in ("any_stop", "toilet", "hot_meal")}
    assert clock_days(nowhere, few, "zh")[0]["scarcest"].startswith("各项服务：")


def test_a_clock_without_want_and_one_without_riders_have_titles_too() -> None:
    fine = coverage(clock=clock({"any_stop": [1.0] * 24, "toilet": [0.4] * 24}))
    days = clock_days(fine, {"any_stop": "Any stop", "toilet": "Toilet"}, "en")
    assert days[1]["finding"] == "Day off: in every hour more than half of the riders have a stop"
    assert days[1]["scarcest"].startswith("Scarcest is toilet: 40%")
    empty = coverage(clock=clock({"any_stop": [0.0] * 24}, riders=0.0))
    days = clock_days(empty, {"any_stop": "任一站点"}, "zh")
    assert days[0]["finding"] == "工作日：没有骑手数据"
    assert days[0]["rows"][0]["cells"][0] == {"text": "–", "step": None}


def test_the_worst_hour_is_that_of_most_riders_not_of_the_lowest_share() -> None:
    rows = clock({"any_stop": [1.0] * 24})
    rows[3] |= {"covered": 0.0, "total": 2.0}
    rows[20] |= {"covered": 40.0, "total": 90.0}
    assert worst_slot(coverage(clock=rows)) == ("workday", 20)


# --- the page ------------------------------------------------------------------------------------


def test_the_headline_is_the_release_s_own(tmp_path: Path) -> None:
    view = plan_view(release(tmp_path, coverage()), "zh")
    assert view["headline"] == tied("工作日 20:00 有 8 骑手（80 %）5 分钟内无站可去")
    assert "67" in view["standfirst"]["shares"]


def test_a_ledger_without_hours_is_said_before_any_gap(tmp_path: Path) -> None:
    """One of three is told; of nine it would be left to the limits."""
    few = plan_view(release(tmp_path / "few", coverage()), "zh")
    assert f"3{TIED}处站点里有{TIED}1{TIED}处没写开放时间" in few["standfirst"]["unknown"]
    rows = [{**STATIONS[0], "id": f"341523-{number}"} for number in range(10, 19)]
    many = plan_view(release(tmp_path / "many", coverage(), rows), "zh")
    assert "unknown" not in many["standfirst"]


def test_a_gap_says_when_what_helps_and_what_is_near(tmp_path: Path) -> None:
    bare = gap(
        cause="no_stop",
        nearest_station=None,
        nearest_minutes=None,
        services=["toilet", "drinking_water", "hot_meal"],
    )
    said = coverage(gaps=[gap(), bare])
    view = plan_view(release(tmp_path, said), "zh")
    first, second = view["gaps"]
    assert first["when"] == f"工作日{TIED}20:00–次日{TIED}02:00"
    assert first["nearest"] == f"河畔小哥食堂（示意），约{TIED}4{TIED}分钟"
    assert "延长开放时间" in first["remedy"]
    assert first["missing"] == "供餐"
    assert first["slots"][0] == (20, 0)
    assert second["missing"] == "各项服务"
    assert second["nearest"] == "没有到得了的站点"
    assert view["gaps_title"] == f"2{TIED}处缺口，最大一处近文昌路（城关镇）"


def test_every_cause_of_a_gap_has_a_remedy() -> None:
    causes = ("no_stop", "closed", "hours_unknown", "no_street")
    assert {f"remedy_{cause}" for cause in causes} <= WORDS.keys()


def test_without_riders_nothing_is_claimed(tmp_path: Path) -> None:
    said = coverage(clock=clock({"any_stop": [0.0] * 24, "toilet": [0.0] * 24}, riders=0.0))
    view = plan_view(release(tmp_path, said), "zh")
    assert view["headline"].startswith("还没有骑手数据")
    assert view["gaps_title"] == "没有骑手数据，找不出缺口"
    assert list(view["standfirst"]) == ["rule"]


@pytest.mark.slow
def test_a_county_without_a_headcount_has_its_pages(tmp_path: Path) -> None:
    """Ledger and streets are enough for riders; the planner is told kindly what is wanting."""
    county = write_county(tmp_path / "data")
    settings = county.folder / "county.toml"
    settings.write_text(settings.read_text("utf-8").partition("[demand]")[0], "utf-8")
    county = load_county(county.folder)
    made = build_release(
        county, all_counties=[county], data=tmp_path / "data", var=tmp_path, as_of=AS_OF
    )
    publish(tmp_path, county.slug, made.hash)
    assert made.manifest["counts"]["published"] == 4
    assert set(made.manifest["provenance"]) == {"stations", "streets", "weakest"}
    assert "需求未知" in made.manifest["provenance_zh"]

    visitor = create_app(Settings(var=tmp_path)).test_client()
    assert "桥头食堂" in visitor.get("/c/xiaocheng/").get_data(as_text=True)
    for lang, word in (("zh", "需求未知，不是没有需求"), ("en", "Demand is unknown")):
        answer = visitor.get(f"/c/xiaocheng/plan?lang={lang}")
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert tied(word) in text
        assert "plan.js" not in text, "nothing to choose, so nothing runs"
        assert "plan-canvas" not in text
        main = text.partition("<main")[2].partition("</main>")[0]
        assert "%" not in re.sub(r"<[^>]*>", "", main), "no share of nobody"
    assert visitor.get("/c/xiaocheng/plan-slots.json").status_code == 200
    assert visitor.get("/api/v1/counties/xiaocheng/coverage").get_json()["clock"] == []

    page = planner_page(made)
    assert "需求未知" in page
    assert "缺口 0 处" not in page
    assert "没有缺站的格子" not in page


def test_many_gaps_are_folded_away_but_none_is_lost(tmp_path: Path) -> None:
    said = coverage(gaps=[gap(id=f"gap-{number}") for number in range(20)])
    view = plan_view(release(tmp_path, said), "zh")
    assert [each["id"] for each in view["gaps"] + view["more_gaps"]] == [
        each["id"] for each in said["gaps"]
    ]
    assert view["more_gaps"][0]["number"] == 11


def test_the_limits_name_the_days_and_what_is_unknown(tmp_path: Path) -> None:
    texts = dict(plan_view(release(tmp_path, coverage()), "zh")["limits"])
    assert "2026-11-04" in texts["时钟的两天"]
    assert texts["开放时间不详"].startswith(f"1{TIED}处")


def test_riders_withheld_are_told_and_are_not_called_none(tmp_path: Path) -> None:
    made = release(tmp_path, coverage())
    assert "不公开的人数" not in dict(plan_view(made, "zh")["limits"])
    made.manifest["demand"] = {"withheld": 12}
    assert "12" in dict(plan_view(made, "zh")["limits"])["不公开的人数"]
    assert "not none" in dict(plan_view(made, "en")["limits"])["Riders withheld"]
    # Where all are: no clock, and no sheet is asked for that is there already.
    nothing = release(tmp_path / "nothing", coverage(clock=[], gaps=[]))
    assert "还没有骑手人数表" in plan_view(nothing, "zh")["standfirst"]["demand_unknown"]
    nothing.manifest["demand"] = {"withheld": 12}
    view = plan_view(nothing, "zh")
    assert "因人太少而不公开" in view["standfirst"]["demand_withheld"]
    assert "不公开的人数" in dict(view["limits"])


def test_a_gap_is_called_by_its_name_in_either_language(tmp_path: Path) -> None:
    """A release from before gaps had English names is still served."""
    made = release(tmp_path, coverage(gaps=[gap(name_en="near Wenchang Road"), gap()]))
    assert [each["name"] for each in plan_view(made, "en")["gaps"]] == [
        "near Wenchang Road", "近文昌路（城关镇）",
    ]  # fmt: skip
    assert plan_view(made, "en")["gaps_title"].endswith("near Wenchang Road")


def test_a_station_is_open_offers_or_is_unknown_by_the_slot(tmp_path: Path) -> None:
    slots = {
        each["id"]: each["slots"] for each in station_slots(release(tmp_path, coverage()), "zh")
    }
    assert slots["341523-001"]["any_stop"] == "1" * 48
    canteen = slots["341523-002"]
    assert "any_stop" not in canteen, "this kind is no stop here"
    assert canteen["hot_meal"] == ("0" * 11 + "11" + "0" * 11) * 2
    assert canteen["drinking_water"] == ("0" * 10 + "1" * 10 + "0" * 4) * 2
    assert "rest_seats" not in canteen, "not on this clock"
    assert slots["341523-003"]["any_stop"] == "?" * 48


def test_the_state_is_that_of_half_past_and_of_stations_in_service(tmp_path: Path) -> None:
    late = {**STATIONS[0], "id": "341523-010", "hours": "Mo-Su 10:15-20:30"}
    shut = {**STATIONS[0], "id": "341523-011", "status": "temporarily_closed"}
    late_slots, shut_slots = (
        each["slots"]["any_stop"]
        for each in station_slots(release(tmp_path, coverage(), [late, shut]), "zh")
    )
    assert late_slots == ("0" * 10 + "1" * 10 + "0" * 4) * 2
    assert shut_slots == "0" * 48


def test_the_settings_begin_with_the_worst_hour(tmp_path: Path) -> None:
    settings = plan_settings(release(tmp_path, coverage()), "en")
    assert (settings["day"], settings["hour"], settings["service"]) == ("workday", 0, "any_stop")
    assert next(iter(settings["services"])) == "any_stop"
    json.dumps(settings)


def test_the_page_is_whole_without_javascript(client: FlaskClient) -> None:
    answer = client.get("/c/shucheng/plan")
    text = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert tied("20:00 有 12 名骑手（41 %）5 分钟内无站可去") in text
    assert len(re.findall(r'<td class="heat', text)) == 2 * 24 * 2
    assert "示意数据" in text
    assert "style=" not in text
    assert client.get("/c/shucheng/plan?lang=en").status_code == 200


@pytest.mark.slow
def test_a_release_is_taken_along_as_files(tmp_path: Path) -> None:
    """Written when first asked for, then kept beside the releases."""
    var = tmp_path
    write_release(var, with_map=True)
    app = create_app(Settings(var=var))
    app.test_client_class = WholeAnswers
    client = app.test_client()
    page = client.get("/c/shucheng/plan").get_data(as_text=True)
    links = re.findall(r'href="(/c/shucheng/plan/[^"]+)"', page)
    assert [link.rsplit(".", 1)[1] for link in links] == ["gpkg", "geojson", "xlsx"]
    answer = client.get(links[1])
    assert answer.status_code == 200
    assert answer.mimetype == "application/geo+json"
    assert json.loads(answer.get_data(as_text=True))["type"] == "FeatureCollection"
    (kept,) = (var / "derived").glob("*/*.geojson")
    assert kept.name == links[1].rsplit("/", 1)[1]
    again = client.get(links[1], headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304, "and is known again"
    assert answer.headers["Cache-Control"] == "no-cache", "the exporter may be mended"
    assert client.get(links[2]).data.startswith(b"PK")
    assert client.get(links[0]).data.startswith(b"SQLite format 3")
    for wrong in ("kuandian-0123456789abcdef.gpkg", "x.gpkg", f"{kept.stem}.py"):
        assert client.get(f"/c/shucheng/plan/{wrong}").status_code == 404


def test_files_are_kept_by_release_and_exporter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = SimpleNamespace(hash="0123456789abcdef", county={"slug": "shucheng"})
    written = []

    def write(_: object, path: Path, suffix: str) -> None:
        written.append(suffix)
        path.write_text(suffix, "utf-8")

    monkeypatch.setattr(planner_files, "_write", write)

    def made() -> Path:
        return planner_files.derived_file(release, tmp_path, "xlsx")  # type: ignore[arg-type]

    first = made()
    assert (made(), written) == (first, ["xlsx"])
    monkeypatch.setattr(planner_files, "edition", lambda: "mended")
    assert made() != first
    assert written == ["xlsx", "xlsx"]
    monkeypatch.setattr(planner_files, "_writable", lambda _: False)
    assert not made().is_relative_to(tmp_path), "where nothing can be written, for this run alone"


HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7*7 }}'\"`${1}"


def test_hostile_names_stay_text(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{**STATIONS[0], "name": HOSTILE}]
    turned = "\u202e" + HOSTILE + "\u202e"  # marks that would turn round what follows
    gaps = [gap(name=turned, nearest_station=STATIONS[0]["id"])]
    made = release(tmp_path / "hostile", coverage(gaps=gaps), rows)
    monkeypatch.setattr("locator.server.published.release", lambda slug: made)
    text = client.get("/c/shucheng/plan").get_data(as_text=True)
    assert "<img src=x" not in text
    assert "\u202e" not in text
    assert (
        text.count(html.escape(HOSTILE).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")) >= 2
    )
    slots = client.get("/c/shucheng/plan-slots.json")
    assert slots.mimetype == "application/json"
    assert slots.get_json()[0]["name"] == HOSTILE


def test_no_line_breaks_within_a_date(client: FlaskClient) -> None:
    text = client.get("/c/shucheng/plan").get_data(as_text=True)
    main = text.split("<main", 1)[1].split('<script type="application/json"', 1)[0]
    seen = re.sub(r"<caption.*?</caption>", "", main, flags=re.DOTALL)
    shown = re.findall(r"(<time>)?(\d{4}-\d\d-\d\d)", seen)
    assert len(shown) >= 4
    assert all(marked for marked, _ in shown)
    assert dates("<b>2015-07-27</b>") == "&lt;b&gt;<time>2015-07-27</time>&lt;/b&gt;"
