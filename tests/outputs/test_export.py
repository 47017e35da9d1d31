"""Files to take away: of the invented town (an older release), and of a whole county."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely

from locator.county import load_county
from locator.errors import UsageError
from locator.outputs.export_layers import LAYERS, export_layers
from locator.outputs.export_workbook import write_csv, write_workbook
from locator.outputs.gap_list import gap_list, gaps_text
from locator.outputs.geojson_file import write_geojson
from locator.outputs.geopackage import described, write_geopackage
from locator.outputs.palette import tokens
from locator.outputs.qgis_styles import style
from locator.release.publish import Release

from .actions import ACTIONS, with_files
from .town import STATIONS, write_release

WRITERS: list[tuple[Callable[[Release, Path], None], str]] = [
    (write_geopackage, "gpkg"), (write_geojson, "geojson"), (write_workbook, "xlsx"),
    (write_csv, "csv"),
]  # fmt: skip


@pytest.fixture(scope="module")
def package(town: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("package") / "town.gpkg"
    write_geopackage(town, path)
    return path


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute(sql).fetchall()


def test_gdal_opens_every_layer(package: Path) -> None:
    found = dict(pyogrio.list_layers(package))
    assert list(found) == ["streets", "cells", "gaps", "stations", "about", "layer_styles"]
    assert found["gaps"] == "MultiPolygon"
    assert found["about"] is None
    counts = {"cells": 3, "gaps": 1, "stations": len(STATIONS)}
    for layer, count in counts.items():
        info = pyogrio.read_info(package, layer=layer)
        assert info["features"] == count
        assert info["crs"] == "EPSG:4326"
        table = pyogrio.read_dataframe(package, layer=layer)
        assert table.is_valid.all()


def test_cells_say_riders_and_cover_of_each_hour(package: Path) -> None:
    cells = pyogrio.read_dataframe(package, layer="cells")
    east = cells[cells["h3"] == "8940c1a3bffffff"].iloc[0]
    assert (east["riders_wd_20"], east["open_wd_20"], east["open_do_19"]) == (2.5, False, True)
    assert east["riders"] == 2.5 * 168
    assert east["uncovered"] == 2.5 * 4 * 7
    assert east["covered_any_stop"][20:24] == "0000"
    assert east["nearest_min"] == 4


def test_every_layer_has_a_default_style_that_is_whole(package: Path) -> None:
    styles = query(
        package,
        "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles",
    )
    geometry = dict(query(package, "SELECT table_name, column_name FROM gpkg_geometry_columns"))
    assert {name for name, *_ in styles} == set(geometry)
    for name, column, qml, default in styles:
        assert geometry[name] == column
        assert default == 1
        root = ElementTree.fromstring(qml)
        rules = root.findall(".//rule")
        symbols = {symbol.get("name") for symbol in root.findall(".//symbols/symbol")}
        assert {rule.get("symbol") for rule in rules} == symbols
        assert all(rule.get("label") for rule in rules)
        columns = pyogrio.read_info(package, layer=name)["fields"]
        aliases = {alias.get("field"): alias.get("name") for alias in root.iter("alias")}
        assert name == "townships" or aliases.keys() & set(columns)
        assert name != "stations" or aliases["hours"] == "开放时间"
        for label in root.iter("text-style"):
            assert any(field in (label.get("fieldName") or "") for field in columns)


def test_the_colours_are_those_of_the_page(package: Path) -> None:
    qml = dict(query(package, "SELECT f_table_name, styleQML FROM layer_styles"))
    ember = tokens()["ember"]
    rgb = ",".join(str(int(ember[at : at + 2], 16)) for at in (1, 3, 5))
    assert f'name="color" value="{rgb},255"' in qml["stations"]
    assert "驿站" in qml["stations"]


def test_the_file_says_first_what_is_made_up(package: Path, town: Release, tmp_path: Path) -> None:
    (first,) = query(package, "SELECT key, zh, en FROM about LIMIT 1")
    assert first[0] == "notice"
    assert "示意数据" in first[1]
    said = query(package, "SELECT description FROM gpkg_contents WHERE table_name = 'gaps'")
    assert "示意数据" in said[0][0]
    write_geojson(town, tmp_path / "town.geojson")
    collection = json.loads((tmp_path / "town.geojson").read_text("utf-8"))
    assert "示意数据" in collection["about"][0]["zh"]
    write_workbook(town, tmp_path / "town.xlsx")
    book = openpyxl.load_workbook(tmp_path / "town.xlsx")
    assert "示意数据" in book.worksheets[0]["A2"].value
    write_csv(town, tmp_path / "town.csv")
    rows = list(csv.reader((tmp_path / "town.csv").read_text("utf-8-sig").splitlines()))
    assert all("示意数据" in row[-1] for row in rows[1:])


@pytest.mark.parametrize(("write", "suffix"), WRITERS)
def test_the_same_release_gives_the_same_bytes(
    town: Release, tmp_path: Path, write: Callable[[Release, Path], None], suffix: str
) -> None:
    one, two = tmp_path / f"one.{suffix}", tmp_path / f"two.{suffix}"
    write(town, one)
    write(town, two)
    assert one.read_bytes() == two.read_bytes()
    write(town, one)
    assert sorted(path.name for path in tmp_path.iterdir()) == [one.name, two.name]


def test_the_times_in_the_package_are_the_release_s_day(package: Path) -> None:
    changed = query(package, "SELECT DISTINCT last_change FROM gpkg_contents")
    assert changed == [("2026-11-20T00:00:00.000Z",)]
    assert query(package, "SELECT DISTINCT update_time FROM layer_styles") == changed


@pytest.mark.parametrize(("write", "suffix"), WRITERS)
def test_a_file_that_cannot_be_written(
    town: Release, tmp_path: Path, write: Callable[[Release, Path], None], suffix: str
) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write(town, tmp_path / "no-such-folder" / f"town.{suffix}")


def test_what_people_type_stays_text(tmp_path: Path) -> None:
    """Formulas, markup, braces and line breaks in a name go through every file unharmed."""
    name = '=HYPERLINK("http://x")<b>{0}%s\u202e\n</qgis>（示意）'
    release = write_release(tmp_path, stations=[{**STATIONS[0], "name": name}, *STATIONS[1:]])
    clean = '=HYPERLINK("http://x")<b>{0}%s </qgis>（示意）'
    write_geopackage(release, tmp_path / "town.gpkg")
    stations = pyogrio.read_dataframe(tmp_path / "town.gpkg", layer="stations")
    assert clean in set(stations["name"])
    write_workbook(release, tmp_path / "town.xlsx")
    book = openpyxl.load_workbook(tmp_path / "town.xlsx")
    cells = [cell for row in book["驿站"].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert f"'{clean}" in {cell.value for cell in cells}


def test_actions_where_the_release_has_them(town: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    release = with_files(town, {"public/actions.json": ACTIONS}, monkeypatch)
    layers = export_layers(release)
    assert list(layers) == [layer for layer in LAYERS if layer != "townships"]
    assert layers["actions"]["gain"].tolist() == [120.0, 30.0]
    assert layers["actions"].crs == layers["gaps"].crs


def test_an_older_release_lists_its_gaps(town: Release) -> None:
    found = gap_list(town)
    assert [gap["id"] for gap in found["gaps"]] == ["341523-gap-1"]
    assert "没有更早的发布版可比" in gaps_text(town, found)
    with pytest.raises(UsageError, match="hot_meal"):
        gap_list(town, "hot_meal")
    with pytest.raises(UsageError, match="build it again"):
        gap_list(town, hours=[20])
    assert gap_list(town, hours=[3])["gaps"] == []


@pytest.fixture(scope="module")
def county(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """宽甸, built."""
    from locator.release.build import build_release

    found = load_county(data / "kuandian")
    return build_release(
        found, all_counties=[found], data=data, var=tmp_path_factory.mktemp("var"),
        as_of=date(2026, 11, 20),
    )  # fmt: skip


@pytest.mark.slow
def test_a_county_in_gdal_is_what_its_release_says(county: Release, tmp_path: Path) -> None:
    path = tmp_path / "kuandian.gpkg"
    write_geopackage(county, path)
    coverage, by_service = county.json("public/coverage.json"), county.json("public/gaps.json")
    gaps = pyogrio.read_dataframe(path, layer="gaps")
    counted = gaps.groupby("service").size().to_dict()
    assert counted == {service: len(found) for service, found in by_service.items() if found}
    any_stop = gaps[gaps["service"] == "any_stop"].sort_values("rank")
    assert any_stop["id"].tolist() == [gap["id"] for gap in coverage["gaps"]]
    cells = pyogrio.read_dataframe(path, layer="cells")
    assert cells["uncovered"].sum() == pytest.approx(any_stop["rider_hours"].sum(), abs=0.5)
    townships = pyogrio.read_dataframe(path, layer="townships")
    assert len(townships) == len(coverage["measures"]["townships"])
    assert townships.geometry.dropna().geom_type.eq("Point").all(), "no boundary is drawn"
    aliases = ElementTree.fromstring(style("townships", county)).iter("alias")
    unnamed = set(townships.columns) - {alias.get("field") for alias in aliases} - {"geometry"}
    assert unnamed == set()
    said = query(path, "SELECT description FROM gpkg_contents WHERE table_name = 'townships'")[0][0]
    nowhere = int(townships.geometry.isna().sum())
    assert (f"{len(townships)} 行里 {nowhere} 行没有图形" in said) == bool(nowhere)


def test_a_layer_says_how_many_of_its_rows_lie_nowhere(town: Release) -> None:
    table = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[shapely.Point(1, 2), None])
    assert "2 行里 1 行没有图形" in described("townships", table, town)
    assert "没有图形" not in described("townships", table[:1], town)


@pytest.mark.slow
def test_the_tables_of_a_county(county: Release, tmp_path: Path) -> None:
    write_workbook(county, tmp_path / "kuandian.xlsx")
    book = openpyxl.load_workbook(tmp_path / "kuandian.xlsx")
    assert book.sheetnames == ["说明", "怎么办", "缺口", "乡镇", "覆盖时钟", "驿站"]
    clock = list(book["覆盖时钟"].iter_rows(values_only=True))
    assert len(clock[0]) == 4 + 24
    assert [row[:2] for row in clock[1:3]] == [("工作日", "任一站点"), ("休息日", "任一站点")]
    rows = [row for row in county.json("public/coverage.json")["clock"]
            if (row["day"], row["service"]) == ("workday", "any_stop")]  # fmt: skip
    assert clock[1][4 + 20] == pytest.approx(rows[20]["covered"] / rows[20]["total"], abs=1e-4)
    assert clock[1][2] == pytest.approx(sum(row["total"] for row in rows))
    assert book["驿站"].max_row == 1 + county.manifest["counts"]["published"]
    first = county.json("public/coverage.json")["gaps"][0]
    gap = dict(zip(*book["缺口"].iter_rows(max_row=2, values_only=True), strict=True))
    assert gap["名称 name"] == first["name"]
    assert gap["骑手时/周 rider_hours"] == first["rider_hours"]
    assert gap["编号 id"] == first["id"]
    assert book["缺口"].print_area.startswith("'缺口'!$A$1:$J$"), "the rest is for the screen"


def test_a_sheet_is_in_chinese_and_says_on_paper_what_is_made_up(
    town: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = with_files(town, {"public/actions.json": ACTIONS}, monkeypatch)
    write_workbook(release, tmp_path / "town.xlsx")
    book = openpyxl.load_workbook(tmp_path / "town.xlsx")
    best = [cell.value for cell in book["怎么办"][2]]
    assert best == ["梅河路候选点", "新设一处", 120, 80_000, 15, "三成情形里都在前三"]
    below = [row[0] for row in book["怎么办"].iter_rows(min_row=5, values_only=True)]
    assert below[-1] == "花费是假定的。"
    assert book["怎么办"].auto_filter.ref == "A1:F3"
    first = dict(zip(*book["驿站"].iter_rows(max_row=2, values_only=True), strict=True))
    assert (first["状态"], first["来源"]) == ("开放", "示意数据")
    assert book["缺口"]["A2"].value == "任一站点"
    for page in book:
        assert page.page_setup.orientation == "landscape"
        assert (page.freeze_panes, page.print_title_rows) == ("A2", "$1:$1")
        assert "示意数据" in page.oddHeader.right.text
        assert release.hash in page.oddFooter.left.text


@pytest.mark.slow
def test_the_gaps_of_an_evening(county: Release) -> None:
    found = gap_list(county, hours=range(18, 23), days=["workday"])
    hours = [gap["rider_hours"] for gap in found["gaps"]]
    assert hours == sorted(hours, reverse=True)
    for gap in found["gaps"]:
        assert all(slot.startswith("workday ") for slot in gap["hours"])
        assert 5 * sum(gap["riders"]) == pytest.approx(gap["rider_hours"], abs=2e-2)
    clock = [
        row for row in county.json("public/coverage.json")["clock"]
        if row["service"] == "any_stop" and row["day"] == "workday" and 18 <= row["hour"] < 23
    ]  # fmt: skip
    missing = 5 * sum(row["total"] - row["covered"] for row in clock)
    assert sum(hours) == pytest.approx(missing, abs=0.5)
    said = gaps_text(county, found)
    assert "分钟" in said
    assert "示意数据" in said
    meals = gap_list(county, "hot_meal")
    assert {gap["cause"] for gap in meals["gaps"]} <= {
        "no_stop", "closed", "no_service", "hours_unknown", "no_street",
    }  # fmt: skip
