from __future__ import annotations

import h3
import numpy as np
import openpyxl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locator.coverage.demand import SLOTS
from locator.coverage.demand.headcount import read_headcount
from locator.errors import DemandError
from locator.geo.crs import haversine_m
from tests.quick import examples

PLAZA = "万达广场,116.95,31.46,0,工作日,10:00-14:00,40"


def test_a_point_stands_in_its_cell(sheet, county):
    demand = read_headcount(sheet(PLAZA), county)
    assert demand.cells == [h3.latlng_to_cell(31.46, 116.95, 9)]
    assert dict(zip(SLOTS, demand.riders[0], strict=True)) == {
        (day, hour): 40 if day == "workday" and 10 <= hour < 14 else 0 for day, hour in SLOTS
    }
    assert demand.provenance == "headcount"
    assert demand.report == {
        "format": "headcount", "lines": 1, "places": 1, "cells": 1,
        "rider_hours": {"workday": 160.0, "dayoff": 0.0},
        "faulty": 0, "faults": [],
        "outside": 0, "outside_rider_hours": 0, "outside_places": [],
    }  # fmt: skip


def test_a_radius_spreads_evenly(sheet, county):
    demand = read_headcount(sheet("万达广场,116.95,31.46,800,休息日,00:00-24:00,60"), county)
    lon, lat = demand.centres.T
    assert (haversine_m(116.95, 31.46, lon, lat) <= 800).all()
    # The disk's area over a cell's (about 0.1 km²), give or take those cut by the rim.
    assert 14 <= len(demand.cells) <= 26
    assert np.unique(demand.riders[:, 24:]) == pytest.approx(60 / len(demand.cells))
    assert not demand.riders[:, :24].any()
    disk = h3.grid_disk(h3.latlng_to_cell(31.46, 116.95, 9), 9)
    inside = {c for c in disk if haversine_m(116.95, 31.46, *h3.cell_to_latlng(c)[::-1]) <= 800}
    assert set(demand.cells) == inside


def test_a_night_wraps_within_its_kind_of_day(sheet, county):
    demand = read_headcount(sheet("夜市,116.95,31.46,,休息日,22:00-02:00,7"), county)
    hours = [slot for slot, riders in zip(SLOTS, demand.riders[0], strict=True) if riders]
    assert hours == [("dayoff", hour) for hour in (0, 1, 22, 23)]


def test_lines_of_a_place_add_up(sheet, county):
    demand = read_headcount(sheet(PLAZA, PLAZA.replace(",40", ",2.5")), county)
    assert demand.riders[0, 10] == 42.5


def test_english_headings_in_any_order(sheet, county):
    path = sheet(
        "5,10:00-11:00,workday,,31.46,116.95,Plaza",
        header="riders,hours,day,radius_m,lat,lon,place",
    )
    assert read_headcount(path, county).riders.sum() == 5


def test_a_sheet_saved_by_chinese_excel(sheet, county):
    path = sheet(PLAZA)
    path.write_bytes(path.read_text("utf-8").encode("gb18030"))
    assert read_headcount(path, county).report["lines"] == 1
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().decode("gb18030").encode())
    assert read_headcount(path, county).report["lines"] == 1


def test_coordinates_from_a_chinese_map(sheet, county):
    """Amap's coordinates lie some 500 m off; unconverted they would stand in another cell."""
    header = "商圈,经度,纬度,半径米,日类型,时段,人数,坐标来源"
    amap = read_headcount(sheet(PLAZA + ",高德", header=header), county)
    plain = read_headcount(sheet(PLAZA + ",", header=header), county)
    assert amap.cells != plain.cells
    away = haversine_m(*amap.centres[0], *plain.centres[0])
    assert 200 < away < 900


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        (PLAZA.replace(",40", ",-3"), "人数 -3 太小", "riders -3 is below 0"),
        (PLAZA.replace(",40", ",四十"), "人数「四十」不是数字", "'四十' is not a number"),
        (PLAZA.replace(",40", ",nan"), "不是数字", "not a number"),
        (PLAZA.replace(",40", ",inf"), "不是数字", "not a number"),
        (PLAZA.replace(",40", ","), "人数「」不是数字", "not a number"),
        (PLAZA.replace("116.95", "东经116度"), "经度「东经116度」不是数字", "not a number"),
        (PLAZA.replace("116.95,31.46", "31.46,116.95"), "颠倒", "swapped"),
        (PLAZA.replace("31.46", "21.46"), "远在纸上县之外", "far from Paper County"),
        (PLAZA.replace(",0,", ",-1,"), "半径米 -1 太小", "below 0"),
        (PLAZA.replace(",0,", ",50000,"), "半径米 50000 太大", "above 20000"),
        (PLAZA.replace("工作日", "周一"), "日类型「周一」", "day '周一'"),
        (PLAZA.replace("10:00-14:00", "10:30-14:00"), "整点", "whole hours"),
        (PLAZA.replace("10:00-14:00", "上午"), "整点", "whole hours"),
        (PLAZA.replace("10:00-14:00", "14:00-10:00"), "颠倒", "wrong order"),
        (PLAZA.replace("10:00-14:00", "10:00-10:00"), "不是一段时间", "no span"),
        (PLAZA.replace("10:00-14:00", "10:00-25:00"), "不是一段时间", "no span"),
        (PLAZA.replace("10:00-14:00", "24:00-02:00"), "不是一段时间", "no span"),
        ("万达广场,116.95", "不是数字", "not a number"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_computed(sheet, county, line, zh, en):
    demand = read_headcount(sheet(PLAZA, line, PLAZA), county)
    assert demand.riders.sum() == 2 * 4 * 40
    (fault,) = demand.report["faults"]
    assert (fault["row"], demand.report["faulty"]) == (3, 1)
    assert zh in fault["zh"]
    assert en in fault["en"]
    with pytest.raises(DemandError) as caught:
        read_headcount(sheet(line), county)
    said = str(caught.value)
    assert f"第 2 行：{fault['zh']}" in said
    assert f"line 2: {fault['en']}" in said


def test_an_unknown_source_of_coordinates(sheet, county):
    header = "商圈,经度,纬度,半径米,日类型,时段,人数,坐标来源"
    with pytest.raises(DemandError, match="坐标来源「月球」不认识"):
        read_headcount(sheet(PLAZA + ",月球", header=header), county)


def test_where_all_lines_are_bad_the_first_are_told(sheet, county):
    with pytest.raises(DemandError) as caught:
        read_headcount(sheet(*[PLAZA.replace(",40", ",x")] * 12), county)
    said = str(caught.value)
    assert "12 bad lines" in said
    assert "line 11" in said
    assert "line 12" not in said
    assert said.endswith("… 2")


def test_places_outside_the_county_are_counted_and_named(sheet, county, tmp_path):
    """An outline of a tenth of a degree around the middle; the tolerance is 300 m."""
    outline = shapely.box(116.9, 31.41, 117.0, 31.51)
    (tmp_path / "outline.geojson").write_text(shapely.to_geojson(outline), "utf-8")
    outlined = county.model_copy(update={"folder": tmp_path, "outline": "outline.geojson"})
    far = PLAZA.replace("116.95", "117.05").replace("万达广场", "邻县广场")
    at_the_edge = PLAZA.replace("116.95", "117.002")
    demand = read_headcount(sheet(PLAZA, far, at_the_edge), outlined)
    assert demand.riders.sum() == 2 * 4 * 40
    assert demand.report["outside_places"] == [
        {"row": 3, "place": "邻县广场", "rider_hours": 160.0}
    ]
    assert (demand.report["outside"], demand.report["outside_rider_hours"]) == (1, 160.0)
    with pytest.raises(DemandError, match="邻县广场在县外"):
        read_headcount(sheet(far), outlined)


def test_a_workbook_is_read_as_the_sheet_is(sheet, county, tmp_path):
    path = sheet(PLAZA, PLAZA.replace("工作日", "休息日"), PLAZA.replace(",40", ",-1"))
    workbook = openpyxl.Workbook()
    for line in path.read_text("utf-8").splitlines():
        workbook.active.append([float(v) if v.isdigit() else v for v in line.split(",")])
    workbook.save(tmp_path / "headcount.xlsx")
    of_text = read_headcount(path, county)
    of_workbook = read_headcount(tmp_path / "headcount.xlsx", county)
    assert of_workbook.cells == of_text.cells
    assert (of_workbook.riders == of_text.riders).all()
    assert of_workbook.report == of_text.report
    workbook.active.delete_rows(1)
    workbook.save(tmp_path / "headless.xlsx")
    with pytest.raises(DemandError, match="lacks the columns lon, lat"):
        read_headcount(tmp_path / "headless.xlsx", county)


def test_unusable_sheets(sheet, county, tmp_path):
    with pytest.raises(DemandError, match="lacks the columns lon, hours"):
        read_headcount(sheet(PLAZA, header="商圈,x,纬度,半径米,日类型,y,人数"), county)
    with pytest.raises(DemandError, match="names a column twice"):
        read_headcount(sheet(PLAZA, header="商圈,经度,纬度,lon,日类型,时段,人数"), county)
    with pytest.raises(DemandError, match="holds no headcount"):
        read_headcount(sheet(), county)
    with pytest.raises(DemandError, match="cannot be read"):
        read_headcount(tmp_path / "nowhere.csv", county)
    for name, content, says in (
        ("empty.csv", b"", "lacks the columns"),
        ("image.csv", b"\x89PNG\r\n\x1a\n\xff\xff\xff", "no text"),
        ("quote.csv", sheet(PLAZA).read_bytes() + b'"open', "is no CSV"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DemandError, match=says):
            read_headcount(path, county)


LINES = st.lists(
    st.tuples(
        st.floats(116.5, 117.5),
        st.floats(31, 32),
        st.sampled_from([0, 150, 500, 1234, 3000]),
        st.sampled_from(["工作日", "休息日"]),
        st.integers(0, 23),
        st.integers(1, 12),
        st.integers(0, 500),
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(LINES)
def test_no_rider_is_lost(sheet, county, lines):
    """The cells hold as many riders as the sheet, hour by hour; the order of lines is nothing."""
    rows, expected = [], dict.fromkeys(SLOTS, 0.0)
    for lon, lat, radius, day, start, hours, riders in lines:
        rows.append(f"x,{lon},{lat},{radius},{day},{start}:00-{(start + hours) % 24}:00,{riders}")
        for hour in range(start, start + hours):
            expected["workday" if day == "工作日" else "dayoff", hour % 24] += riders
    demand = read_headcount(sheet(*rows), county)
    np.testing.assert_allclose(demand.riders.sum(axis=0), list(expected.values()), rtol=1e-12)
    assert demand.cells == sorted(set(demand.cells))
    turned = read_headcount(sheet(*rows[::-1]), county)
    assert turned.cells == demand.cells
    np.testing.assert_allclose(turned.riders, demand.riders, rtol=1e-12)
