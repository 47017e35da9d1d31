"""`locator access` on an illustrative county, with a candidate site far out in the water."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner

from locator.cli import main


@pytest.fixture
def county(data: Path, tmp_path: Path) -> Path:
    """舒城 with one candidate site more, far from every street."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(data / "stations.geojson", folder)
    shutil.copytree(data / "shucheng", folder / "shucheng")
    (path,) = (folder / "shucheng").glob("candidate*.geojson")
    sites = json.loads(path.read_text("utf-8"))
    river = json.loads(json.dumps(sites["features"][0]))
    river["properties"]["id"] = "in-the-river"
    river["geometry"]["coordinates"] = [116.7, 31.3]
    bare = {"type": "Feature", "properties": None, "geometry": river["geometry"]}
    sites["features"] += [river, bare]
    path.write_text(json.dumps(sites), "utf-8")
    return folder


def run(folder: Path, *words: str) -> str:
    result = CliRunner().invoke(main, ["--data", str(folder), "access", "shucheng", *words])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.slow
def test_the_rest_is_computed(county: Path, tmp_path: Path) -> None:
    out = tmp_path / "isochrones.geojson"
    found = json.loads(run(county, "--json", "--out", str(out)))
    assert [one["id"] for one in found["unreachable_candidates"]] == ["in-the-river"]
    (lost,) = found["unreachable_candidates"]
    assert lost["reason"] == "no_street"
    assert lost["street_m"] > 5000
    assert found["candidates"] > 1
    (number,) = found["candidates_left_out"]["no_id"]  # the one whose properties are null
    assert str(found["candidates"] + 1) in number
    first, *_, third = found["nearest"]
    assert 0.5 < first["within"]["5"] <= first["within"]["10"] <= first["within"]["15"] <= 1
    assert third["within"]["5"] < first["within"]["5"]
    for cell in found["cells"]:
        times = [one["ds"] for one in cell["nearest"]]
        assert times == sorted(times)
        assert len({one["id"] for one in cell["nearest"]}) == len(times)
    table = json.loads(out.read_text("utf-8"))["features"]
    assert [one["properties"]["minutes"] for one in table] == [5, 10, 15]
    assert {one["properties"]["provenance_zh"] for one in table} == {"示意数据"}
    near, _, far = (shapely.geometry.shape(one["geometry"]) for one in table)
    assert near.is_valid
    assert 0 < near.area < far.area

    text = run(county)
    for words in ("小区道路", "in-the-river：附近没有街道", "骑手离最近的站", "示意数据"):
        assert words in text
    english = run(county, "--lang", "en")
    assert "in-the-river: no street near" in english


@pytest.mark.parametrize("minutes", ["0", "five", "5,,10", "121"])
def test_minutes_that_are_none(data: Path, minutes: str) -> None:
    words = ["--data", str(data), "access", "shucheng", "--minutes", minutes]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert "give whole minutes from 1 to 120" in result.stderr
