"""The small picture of a county, against a drawing whose places are known."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from locator.release.features import read_features
from locator.release.overview import AROUND_M, LONGEST_PX, Frame, frame_of, overview

from .drawn_osm import SOUTH, STEP, WEST, Drawing
from .town_osm import write_town

SVG = "{http://www.w3.org/2000/svg}"
BOUNDS = [WEST - 0.05, SOUTH - 0.05, WEST + 0.07, SOUTH + 0.07]


def pixel(frame: Frame, lon: float, lat: float) -> tuple[float, float]:
    """A place in the drawing by the textbook formula."""
    size = 512 * 2**frame.zoom
    phi = math.radians(lat)
    y = (1 - math.log(math.tan(phi) + 1 / math.cos(phi)) / math.pi) / 2
    return (lon + 180) / 360 * size, y * size


def at(x: float, y: float) -> tuple[float, float]:
    return WEST + x * STEP, SOUTH + y * STEP


def drawn(drawing: Drawing, folder: Path, frame: Frame) -> ElementTree.Element:
    tables = read_features(drawing.write(folder / "town.osm")).tables
    return ElementTree.fromstring(overview(tables, frame))


def corners(path: str) -> list[list[tuple[int, int]]]:
    """The corners of each line or ring of a path."""
    found = []
    for start, steps in re.findall(r"M(\d+ \d+)l([^Mz]*)z?", path):
        x, y = map(int, start.split())
        line = [(x, y)]
        numbers = [int(each) for each in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            line.append((x, y))
        found.append(line)
    return found


@pytest.fixture
def town() -> Drawing:
    drawing = Drawing()
    drawing.way([(0, 10), (10, 10)], highway="primary", name="大街")
    drawing.way([(10, 10), (20, 10)], highway="primary", name="大街")
    drawing.way([(10, 0), (10, 20)], highway="tertiary")
    drawing.way([(0, 15), (20, 15)], waterway="river", name="清溪")
    drawing.ring(2, 2, 6, natural="water")
    drawing.ring(12, 2, 6, landuse="forest")
    drawing.ring(13, 12, 0.01, landuse="forest")
    drawing.spot((10, 12), place="town", name="城关镇 & <b>")
    drawing.spot((3, 12), place="village", name="小村")
    return drawing


STATIONS = np.array([at(5, 5), at(15, 5), at(5, 15), at(15, 15)])


def test_what_is_drawn_lies_where_it_lies(town: Drawing, tmp_path: Path) -> None:
    frame = frame_of(STATIONS, BOUNDS)
    svg = drawn(town, tmp_path, frame)
    west, north, east, south = frame.box
    assert svg.get("viewBox") == f"{west} {north} {east - west} {south - north}"
    assert svg.get("data-zoom") == str(frame.zoom)
    classes = [each.get("class") for each in svg.iter() if each.get("class")]
    assert classes == [
        "ground wood", "ground water", "river", "edge major", "road tertiary", "road major",
    ]  # fmt: skip
    (lake,) = corners(svg.find(f"{SVG}path[@class='ground water']").get("d"))
    for x, y in ((2, 2), (8, 2), (8, 8), (2, 8)):
        wanted = pixel(frame, *at(x, y))
        assert min(math.dist(wanted, corner) for corner in lake) <= 1
    (street,) = corners(svg.find(f".//{SVG}path[@id='overview-major']").get("d"))
    ends = sorted([street[0], street[-1]])
    assert math.dist(ends[0], pixel(frame, *at(0, 10))) <= 1
    assert math.dist(ends[1], pixel(frame, *at(20, 10))) <= 1
    assert len(street) == 2, "two pieces of a straight street are one line"
    names = [(each.text, int(each.get("x")), int(each.get("y"))) for each in svg.iter(f"{SVG}text")]
    assert [name for name, _, _ in names] == ["城关镇 & <b>", "小村"]
    assert math.dist(names[0][1:], pixel(frame, *at(10, 12))) <= 1


def test_the_frame_holds_most_stations_and_ground_around_them() -> None:
    near = np.array([at(x, y) for x in range(3) for y in range(3)])
    frame = frame_of(np.vstack([near, [at(60, 60)]]), BOUNDS)
    left, top, right, bottom = frame.box
    assert LONGEST_PX / 2 < max(right - left, bottom - top) <= LONGEST_PX + 2
    metre = 1 / (40_075_016.7 * math.cos(math.radians(SOUTH)) / (512 * 2**frame.zoom))
    for lon, lat in near:
        x, y = pixel(frame, lon, lat)
        reach = 0.99 * AROUND_M * metre
        assert left + reach <= x <= right - reach
        assert top + reach <= y <= bottom - reach
    x, _ = pixel(frame, *at(60, 60))
    assert x > right, "the one far away does not make the rest small"


@pytest.mark.parametrize("stations", [np.empty((0, 2)), np.array([at(5, 5)])])
def test_no_station_and_one(stations: np.ndarray, town: Drawing, tmp_path: Path) -> None:
    frame = frame_of(stations, BOUNDS)
    left, top, right, bottom = frame.box
    assert right - left > 100
    assert bottom - top > 100
    assert drawn(town, tmp_path, frame).find(f"{SVG}defs") is not None


def test_the_frame_ends_where_the_map_does(town: Drawing, tmp_path: Path) -> None:
    tight = [WEST, SOUTH, WEST + 20 * STEP, SOUTH + 20 * STEP]
    frame = frame_of(STATIONS, tight)
    left, top, right, bottom = frame.box
    corner = pixel(frame, tight[0], tight[3])
    assert abs(left - corner[0]) <= 1
    assert abs(top - corner[1]) <= 1
    for line in corners("".join(each.get("d", "") for each in drawn(town, tmp_path, frame).iter())):
        assert all(left <= x <= right and top <= y <= bottom for x, y in line)


def test_streets_alone_are_a_picture_too(tmp_path: Path) -> None:
    drawing = Drawing()
    drawing.way([(0, 0), (9, 0)], highway="primary")
    svg = drawn(drawing, tmp_path, frame_of(np.array([at(4, 1)]), BOUNDS))
    said: list[Any] = [each.get("class") for each in svg if each.get("class")]
    assert said == ["edge major", "road major"]


def test_the_order_of_the_file_does_not_matter(tmp_path: Path) -> None:
    frame = frame_of(STATIONS, BOUNDS)
    texts = {
        overview(read_features(write_town(tmp_path / f"{seed}.osm", shuffled=seed)).tables, frame)
        for seed in range(4)
    }
    assert len(texts) == 1


def test_stations_elsewhere_leave_the_whole_map() -> None:
    left, top, right, bottom = frame_of(np.array([[10.0, 50.0]]), BOUNDS).box
    assert left < right
    assert top < bottom
    assert Frame(0, (left, top, right, bottom)).box == frame_of(np.empty((0, 2)), BOUNDS).box


def test_a_name_with_what_xml_may_not_hold(town: Drawing, tmp_path: Path) -> None:
    frame = frame_of(STATIONS, BOUNDS)
    tables = read_features(town.write(tmp_path / "town.osm")).tables
    tables["places"].loc[:, "name"] = "a\x08b\ud800\uffff\U0001f6f5"
    svg = ElementTree.fromstring(overview(tables, frame))
    assert next(svg.iter(f"{SVG}text")).text == "ab\U0001f6f5"


def test_a_dense_town_goes_without_its_small_streets(
    town: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = frame_of(STATIONS, BOUNDS)
    tables = read_features(town.write(tmp_path / "town.osm")).tables
    whole = overview(tables, frame)
    monkeypatch.setattr("locator.release.overview.MOST_ROADS", 250)
    fewer = overview(tables, frame)
    assert "overview-tertiary" in whole
    assert "overview-tertiary" not in fewer
    assert "overview-major" in fewer
