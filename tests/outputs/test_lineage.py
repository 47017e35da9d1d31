"""What pages and prints say of what is made up, estimated or unchecked."""

from __future__ import annotations

import pytest

from locator.outputs.lineage import listed_on, plan_notices, provenance_of, rider_notices
from tests.outputs.manifests import manifest


@pytest.mark.parametrize(
    ("stations", "streets", "demand", "rider", "planner"),
    [
        ({"ledger": 3}, "osm", "headcount", [], []),
        ({"ledger": 3}, "osm", None, [], []),
        ({"illustrative": 3}, "illustrative", "illustrative", ["示意数据"], []),
        ({"illustrative": 3}, "osm", "illustrative", ["示意数据"], ["示意需求"]),
        ({"ledger": 3}, "osm", "illustrative", [], ["示意需求"]),
        ({"ledger": 3}, "illustrative", "headcount", ["示意街道"], []),
        ({"ledger": 3, "illustrative": 1}, "illustrative", "orders", ["示意数据", "示意街道"], []),
        (
            {"ledger": 3, "osm": 2, "illustrative": 1},
            "osm",
            "gps",
            ["示意数据", "来自开放街图"],
            [],
        ),
        ({"osm": 3}, "osm", "proxy", ["来自开放街图"], ["需求为推算"]),
        ({"osm": 3}, "illustrative", "proxy", ["来自开放街图", "示意街道"], ["需求为推算"]),
        ({"ledger": 2, "osm": 1}, "osm", "proxy", ["来自开放街图"], ["需求为推算"]),
    ],
)
def test_a_page_warns_of_what_is_so_and_of_nothing_else(
    stations: dict[str, int], streets: str, demand: str | None,
    rider: list[str], planner: list[str],
) -> None:  # fmt: skip
    made = manifest(stations, streets, demand)
    assert [heading for heading, _ in rider_notices(made, "zh")] == rider
    assert [heading for heading, _ in plan_notices(made, "zh")] == rider + planner
    assert len(plan_notices(made, "en")) == len(rider + planner)


def test_one_made_up_station_does_not_make_the_others_up() -> None:
    ((_, what),) = rider_notices(manifest({"ledger": 34, "illustrative": 1}, "osm", None), "zh")
    assert "1 处是编的" in what
    ((_, what),) = rider_notices(manifest({"ledger": 34, "osm": 5}, "osm", None), "zh")
    assert "5 处不是县里设的驿站" in what


def test_a_planner_of_an_invented_county_hears_that_its_gaps_are_no_result() -> None:
    made_up = manifest({"illustrative": 3}, "illustrative", "illustrative")
    ((_, what),) = plan_notices(made_up, "zh")
    assert "骑手人数都是编的" in what
    assert "不可引用" in what
    assert "不可引用" not in rider_notices(made_up, "zh")[0][1]


def test_nothing_real_is_called_made_up_nor_the_reverse() -> None:
    ((_, what),) = rider_notices(manifest({"illustrative": 3}, "osm", "proxy"), "zh")
    assert "街道是真的" in what
    some = manifest({"ledger": 3, "illustrative": 1}, "illustrative", None)
    assert "是真的" not in "".join(what for _, what in rider_notices(some, "zh"))


def test_a_release_made_before_anything_was_counted() -> None:
    old = manifest({"osm": 3}, "osm", "proxy")
    del old["stations"]
    assert rider_notices(old, "zh")[0][0] == "来自开放街图"


def test_a_station_that_does_not_say_is_the_ledger_s() -> None:
    assert provenance_of({"provenance": None}) == provenance_of({}) == "ledger"
    assert provenance_of({"provenance": "osm"}) == "osm"


def test_a_list_out_of_an_extract_is_as_old_as_the_extract() -> None:
    old = {"streets": {"frozen_on": "2015-07-27"}, "as_of": "2026-11-24"}
    assert listed_on(manifest({"osm": 3}, "osm", "proxy") | old) == "2015-07-27"
    assert listed_on(manifest({"osm": 3, "ledger": 1}, "osm", "proxy") | old) == "2026-11-24"
    assert listed_on(manifest({"osm": 3}, "osm", None) | {"as_of": "2026-11-24"}) == "2026-11-24"
