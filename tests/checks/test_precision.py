"""The figures on the rules' pages: what they say of real places, and that every rule has them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from locator.checks.rules import RULES, rules_page
from locator.checks.rules.precision import measured, precision_text
from tests.end_to_end.places import command, from_extract, from_helsinki
from tests.quick import rest_at_length

NOT_RULES = {"places", "not_measured"}


STARTS: dict[str, Callable[[Path, Path], str]] = {
    "liechtenstein": from_extract("liechtenstein.osm.pbf"), "helsinki": from_helsinki,
}  # fmt: skip


def test_every_figure_belongs_to_a_rule_and_a_place() -> None:
    table = measured()
    assert set(table["places"]) == set(STARTS)
    assert set(table["not_measured"]) <= set(RULES)
    for code in table.keys() - NOT_RULES:
        assert code in RULES
        for place, found in table[code].items():
            assert place in table["places"]
            assert 0 <= found["right"] <= found["findings"]
            assert found["why"].endswith(".")


def test_the_page_ends_with_the_figures() -> None:
    assert rules_page("possible_duplicate").endswith(
        "在列支敦士登 43 个驿站里报 1 处，核对为真 1 处；"
        "在赫尔辛基市中心 122 个驿站里报 1 处，核对为真 0 处。"
    )
    assert "none on the 43 stations" in rules_page("null_island", "en")
    assert "没有上一版" in precision_text("count_dropped", "zh")


@pytest.mark.slow
@pytest.mark.parametrize("name", rest_at_length(STARTS, "helsinki"))
def test_real_places_give_these_findings(name: str, shared: Path, tmp_path: Path) -> None:
    try:
        STARTS[name](tmp_path, shared)
    except FileNotFoundError as error:
        pytest.skip(str(error))
    said = tmp_path / "said.json"
    ledger = tmp_path / "data" / name / "stations.geojson"
    command(tmp_path, "validate", str(ledger), "--as-of", "2026-11-29", "--json", str(said))
    report = json.loads(said.read_text("utf-8"))
    assert report["counts"]["rows"] == measured()["places"][name]["stations"]
    found = Counter(finding["code"] for finding in report["findings"])
    table = measured()
    assert found == {
        code: table[code][name]["findings"]
        for code in table.keys() - NOT_RULES
        if name in table[code]
    }, "look at each new finding, and write what you find into locator/checks/rules/precision.toml"
