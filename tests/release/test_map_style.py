"""The page's style, the prints and the tiles speak of the same classes and colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from locator.outputs.maplabels import STREET_MM
from locator.outputs.palette import tokens
from locator.outputs.planner_map import DRAWN_AS, ROAD_CLASSES
from locator.outputs.streetmap import COLOUR_OF, DASHES, GROUND, GROUND_OF, ROAD_MM
from locator.release import classes
from locator.release.basemap import PROPERTIES


@pytest.fixture(scope="module")
def style(root: Path) -> str:
    return (root / "web/static/js/basemap-style.js").read_text("utf-8")


def test_every_class_of_road_has_a_width(style: str) -> None:
    widths = style.split("const WIDTHS = {")[1].split("};")[0]
    assert set(re.findall(r"^  (\w+): \[", widths, re.M)) == {*classes.ROAD_ORDER, "rail", "tram"}
    assert 'isClass("cableway")' in style
    assert set(ROAD_MM) == set(STREET_MM) == set(classes.ROAD_ORDER)
    drawn = {DRAWN_AS.get(kind, kind) for kind in classes.ROAD_ORDER}
    assert drawn == {*ROAD_CLASSES, "path"}


def test_every_sort_of_ground_has_a_colour(style: str) -> None:
    ground = style.split("const ground = {")[1].split("};")[0]
    named = set(re.findall(r"^    (\w+): palette", ground, re.M))
    made = {
        kind
        for table in (classes._GREEN, classes._BARE, classes._BUILT)
        for values in table.values()
        for kind in values.values()
    }
    assert made - named == {"residential", "commercial"}  # built up: what all else is drawn as


def test_every_name_has_a_label(style: str) -> None:
    places = {kind for kind, _, _ in classes._PLACES.values()} | {"landmark", "estate"}
    assert all(f'"{kind}"' in style for kind in places)
    layers = set(re.findall(r'"source-layer": "(\w+)"|fill\(\s*"\w+",\s*"(\w+)"', style))
    assert {name for pair in layers for name in pair if name} <= set(PROPERTIES)


def test_every_colour_is_there_by_day_and_by_night(root: Path, style: str) -> None:
    script = (root / "web/static/js/basemap.js").read_text("utf-8")
    palette = dict(re.findall(r'^  (\w+): "--(map-[a-z-]+)"', script, re.M))
    assert set(re.findall(r"palette\.(\w+)", style)) <= set(palette)
    css = (root / "web/static/css/tokens.css").read_text("utf-8")
    for token in palette.values():
        assert css.count(f"--{token}:") == 2, token
    printed = {*GROUND.values(), *GROUND_OF.values()} | {
        f"map-{COLOUR_OF.get(kind, kind)}" for kind in ROAD_MM if kind not in DASHES
    }
    assert printed <= tokens().keys()
