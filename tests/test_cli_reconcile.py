"""`locator reconcile` from the export to the decisions that are respected next time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from locator.cli import main


@pytest.fixture
def place(data: Path, tmp_path: Path) -> Path:
    """A copy of the illustrative data that may be written to."""
    for name in ("shucheng", "kuandian", "examples"):
        shutil.copytree(data / name, tmp_path / name)
    shutil.copy(data / "stations.geojson", tmp_path)
    return tmp_path


def run(place: Path, *words: str) -> Result:
    ledger, export = str(place / "stations.geojson"), str(place / "examples/map-export.csv")
    given = ["--data", str(place), "reconcile", ledger, export, "--county", "shucheng", *words]
    return CliRunner().invoke(main, given)


def parts(place: Path) -> dict[str, Any]:
    (found,) = json.loads(run(place, "--json").stdout)["lists"]
    return {name: found[name] for name in ("matched", "doubtful", "not_on_map", "on_map_only")}


@pytest.mark.slow
def test_the_example_is_told_and_ends_well(place: Path) -> None:
    result = run(place)
    assert result.exit_code == 0, result.output
    assert "高德地图 map-export.csv" in result.output
    assert "ledger_not_on_map × 3" in result.output
    assert "map_not_in_ledger × 1" in result.output
    assert "快递站" in result.output
    assert not (place / "shucheng/reconcile.csv").exists()


@pytest.mark.slow
def test_a_workbook_goes_out_and_its_answers_hold_from_then_on(place: Path) -> None:
    out = place / "review.xlsx"
    assert run(place, "--out", str(out)).exit_code == 0
    before = parts(place)
    book = openpyxl.load_workbook(out)
    for name in ("地图上没有", "只在地图上"):
        sheet = book[name]
        column = [cell.value for cell in sheet[1]].index("处理") + 1
        sheet.cell(2, column, "不用管")
    book.save(out)
    result = run(place, "--decide", str(out), "--by", "示意")
    assert result.exit_code == 0, result.output
    assert "记下了 2 条" in result.stderr
    after = parts(place)
    assert len(after["not_on_map"]) == len(before["not_on_map"]) - 1
    assert after["on_map_only"] == []
    again = run(place, "--decide", str(out))
    assert "记下了 0 条" in again.stderr
    assert "2 以前定了不用管" in again.stdout


@pytest.mark.slow
def test_a_pair_is_decided_by_id_and_key(place: Path) -> None:
    pair = parts(place)["matched"][0]
    result = run(place, "--different", f"{pair['id']}={pair['key']}")
    assert result.exit_code == 0
    assert pair["id"] in {each["id"] for each in parts(place)["not_on_map"]}
    assert run(place, "--same", f"{pair['id']}={pair['key']}").exit_code == 0
    verdicts = {each["id"]: each["verdict"] for each in parts(place)["matched"]}
    assert verdicts[pair["id"]] == "decided"
    refused = run(place, "--same", "341523-001=nothing")
    assert refused.exit_code == 2
    assert "没有这个键" in refused.stderr
    unnumbered = run(place, "--same", f"341523--000001={pair['key']}")
    assert unnumbered.exit_code == 2
    assert "还没有编号" in unnumbered.stderr


def test_what_cannot_be_done_ends_with_2_and_a_sentence(place: Path) -> None:
    export = place / "examples/map-export.csv"
    twice = run(place, str(export))
    assert twice.exit_code == 2
    assert "给了两次" in twice.stderr
    (place / "plain.csv").write_text("名称,经度,纬度\n示意,116.9,31.4\n", "utf-8")
    asked = run(place, str(place / "plain.csv"))
    assert asked.exit_code == 2
    assert "坐标从哪抄的" in asked.stderr
    assert run(place, f"{place / 'plain.csv'}@手机GPS").exit_code == 0


def test_a_ledger_with_faults_is_compared_as_far_as_it_goes(place: Path) -> None:
    faulty = str(place / "examples/ledger-with-faults.xlsx")
    export = str(place / "examples/map-export.csv")
    given = ["--data", str(place), "reconcile", faulty, export, "--county", "shucheng"]
    result = CliRunner().invoke(main, [*given, "--lang", "en"])
    assert result.exit_code == 1
    assert "rows have errors and are left out" in result.output
