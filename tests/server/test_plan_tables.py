"""Recommended actions, townships and stations on the planner's page, in words."""

from __future__ import annotations

from typing import Any

from locator.server.planner_actions import actions_view
from locator.server.planner_changes import changes_view
from locator.server.planner_tables import stations_table, townships_table


def township(**said: Any) -> dict[str, Any]:
    return {
        "name": "城关镇", "rider_hours": 700.0,
        "covered": {"workday": 0.504, "dayoff": 1.0, "week": 0.6},
        "backup": {"workday": 0.1, "dayoff": 0.1, "week": 0.004},
        "minutes": {"week": {"p50": 3.25, "p90": None}},
        "worst_hour": {"day": "workday", "hour": 20, "uncovered": 45.2, "share": 0.4},
        **said,
    }  # fmt: skip


def texts(row: dict[str, Any]) -> list[str]:
    return [cell["text"].replace("\u202f", " ") for cell in row["cells"]]


def test_townships_are_told_with_most_riders_first() -> None:
    other = township(name=None, rider_hours=900.0, worst_hour=None)
    table = townships_table(
        {"reach_min": 5.0, "measures": {"townships": [township(), other]}}, "zh"
    )
    assert [column["sorted"] for column in table["columns"]].count("descending") == 1
    assert texts(table["rows"][0])[:2] == ["乡镇不详", "900"]
    assert texts(table["rows"][1]) == [
        "城关镇", "700", "50 %", "100 %", "工作日 20:00，45 名", "3.2", "到不了", "1 %",
    ]  # fmt: skip
    keys = [cell["key"] for cell in table["rows"][1]["cells"]]
    assert keys[6] > keys[5], "who cannot reach any stop sorts as the farthest"


def test_what_nobody_knows_is_unknown_and_not_nought() -> None:
    nothing = township(
        rider_hours=None, covered=None, backup=None, minutes=None, worst_hour=None
    )  # fmt: skip
    (row,) = townships_table({"reach_min": 5.0, "measures": {"townships": [nothing]}}, "en")["rows"]
    assert texts(row) == ["城关镇"] + ["Unknown"] * 7
    assert all(cell["key"] == "" for cell in row["cells"][1:])


def test_stations_are_told_by_what_is_lost_and_how_crowded_they_get() -> None:
    rows = [
        {"id": "341523-001", "lost": 120.4, "lost_hours": ["workday 20", "dayoff 20"],
         "crowding": [0.0] * 47 + [2.25]},
        {"id": "341523-002", "lost": 0.0, "lost_hours": [], "crowding": None},
        {"id": "341523-003", "lost": None, "lost_hours": None, "crowding": None},
    ]  # fmt: skip
    names = {"341523-001": "文昌路暖新驿站"}
    table = stations_table({"reach_min": 5.0, "measures": {"stations": rows}}, names, "zh")
    assert [texts(row) for row in table["rows"]] == [
        ["文昌路暖新驿站", "120", "每天 20:00–21:00", "2.2"],
        ["341523-002", "0", "–", "未知"],
        ["341523-003", "未知", "未知", "未知"],
    ]
    assert table["note"].startswith("共\u202f3\u202f处")


def test_a_release_without_measures_says_so() -> None:
    assert townships_table({}, "zh")["rows"] == []
    assert "locator build" in townships_table({}, "zh")["note"]
    assert stations_table({"reach_min": 5.0}, {}, "zh")["rows"] == []


def action(**said: Any) -> dict[str, Any]:
    return {
        "id": "a1", "kind": "hours", "station": "341523-001", "name_zh": "延长文昌路驿站",
        "name_en": "Longer hours", "what_zh": "全天开放", "what_en": "Open all day",
        "gain": 1234.5, "cost": 21900.0, "robust_zh": "都在前三", "robust_en": "always in the top",
        "scenario": "341523-001@wd:0000-2400,do:0000-2400",
        **said,
    }  # fmt: skip


def test_actions_say_gain_cost_and_that_costs_are_assumed() -> None:
    said = {
        "actions": [action(), action(id="a2", cost=None)], "gain": 1500.0, "cost": 40000.0,
        "curve": [{"spend": 10000, "gain": 600}, {"spend": 40000, "gain": 900}],
        "concave": True, "assumptions_zh": "费用是假定。",
    }  # fmt: skip
    view = actions_view(said, "zh")
    first, second = view["actions"]
    assert "1,500" in view["note"]
    assert "不能相加" in view["note"]
    assert first["gain"].replace("\u202f", " ") == "每周 +1,234 骑手时"
    assert first["cost"].replace("\u202f", " ") == "约 21,900 元/年"
    assert second["cost"] == ""
    assert view["assumptions"] == "费用是假定。"
    assert view["curve"]["path"].startswith("M44.0 118.0L")
    assert "越少" in view["curve"]["title"]
    assert "越少" not in actions_view({**said, "concave": False}, "zh")["curve"]["title"]
    assert [line["text"] for line in view["curve"]["grid"]] == ["0", "500", "1,000"]


def test_a_curve_needs_something_to_draw_and_none_is_no_failure() -> None:
    assert actions_view({"actions": [], "curve": []}, "zh")["curve"] is None
    assert actions_view(None, "zh")["note"].find("locator") > 0
    assert "actions" not in actions_view(None, "zh")
    one = actions_view({"actions": [action()], "curve": [{"spend": 0, "gain": 0}]}, "en")
    assert one["title"] == "Over the whole week: the action that covers most"
    assert one["curve"] is None


# --- since the release before --------------------------------------------------------------------


def change(**said: Any) -> dict[str, Any]:
    return {
        "change": "shrunk", "id": "g-1",
        "name": "近文昌路（城关镇）", "name_en": "near Wenchang Road",
        "rider_hours_before": 1200.0, "rider_hours": 128.0,
        "reason_zh": "「桥头驿站」延长了开放时间", "reason_en": "Bridge Stop has longer hours",
        **said,
    }  # fmt: skip


def changed(*rows: dict[str, Any], **said: Any) -> dict[str, Any]:
    since = {"release": "0123456789abcdef", "as_of": "2026-10-02"}
    return {"clock": [{}], "gaps_since": since, "gap_changes": list(rows), **said}


def test_a_gap_that_changed_is_told_with_its_reason() -> None:
    rows = (
        change(change="new", id="g-2", rider_hours_before=None, reason_zh=None, reason_en=None),
        change(),
        change(change="closed", id="g-3", rider_hours=None),
    )
    view = changes_view(changed(*rows), "zh")
    assert view["title"].replace("\u202f", " ") == "和上一版比：1 处补上了，1 处变小，1 处新出现"
    assert "2026-10-02" in view["note"]
    closed, shrunk, new = (kind["gaps"][0] for kind in view["kinds"])
    assert closed["size"].startswith("1,200\u202f")
    assert shrunk["size"].replace("\u202f", " ") == "1,200 → 128 骑手时/周"
    assert shrunk["why"] == "「桥头驿站」延长了开放时间"
    assert new["why"] == "", "no reason is made up"
    assert changes_view(changed(change()), "en")["kinds"][0]["gaps"][0] == {
        "name": "near Wenchang Road",
        "size": "1,200 → 128 rider-hours a week",
        "why": "Bridge Stop has longer hours",
    }


def test_the_first_release_says_that_it_is_the_first() -> None:
    view = changes_view(changed(gaps_since=None), "zh")
    assert "第一版" in view["note"]
    assert "kinds" not in view
    assert "没有变化" in changes_view(changed(), "zh")["title"]
    assert changes_view({"clock": [{}]}, "zh") is None, "a release of before tells none"
    assert changes_view(changed(clock=[]), "zh") is None, "where nobody is known, nothing changed"
