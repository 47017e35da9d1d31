from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.outputs.maplabels import Mark, length_mm, zooms_with_room
from locator.outputs.paper import Frame, Layers, index_layers
from locator.outputs.streetmap import scale_bar_m, street_map
from locator.outputs.svg import svg
from locator.release.publish import Release

from .town import CENTRE, lonlat

HERE = Mark(*CENTRE, "您在这里", "#b93a0a")


@pytest.fixture(scope="module")
def layers(town: Release) -> Layers:
    return index_layers(town.layers())


def drawn(layers: Layers, frame: Frame, others: Iterable[Mark] = (), **more: Any) -> str:
    return svg(street_map(layers, frame, HERE, others, **more), frame.width_mm, frame.height_mm)


def words(svg: str) -> list[str]:
    """The texts of a map; Chinese street names stand in it letter by letter."""
    texts = [
        text.text or "" for text in ElementTree.fromstring(svg).iter() if text.tag[-4:] == "text"
    ]
    return [*texts, "".join(texts)]


def test_a_hundred_metres_are_twenty_millimetres_at_1_to_5000() -> None:
    frame = Frame(*CENTRE, 132, 74, 5000)
    centre, east, north = (frame.spot(*lonlat(x, y)) for x, y in ((0, 0), (100, 0), (0, 100)))
    assert (centre.x, centre.y) == (pytest.approx(66), pytest.approx(37))
    assert (east.x - centre.x, east.y - centre.y) == (
        pytest.approx(20, abs=0.06),
        pytest.approx(0, abs=0.01),
    )
    assert (north.x - centre.x, north.y - centre.y) == (
        pytest.approx(0, abs=0.01),
        pytest.approx(-20, abs=0.06),
    )


@given(st.floats(-170, 170), st.floats(-75, 75), st.floats(0, 132), st.floats(0, 74))
def test_paper_and_ground_are_inverse(lon: float, lat: float, x: float, y: float) -> None:
    frame = Frame(lon, lat, 132, 74, 5000)
    back = frame.spot(*frame.to_ground(x, y))
    assert (back.x, back.y) == (pytest.approx(x, abs=1e-5), pytest.approx(y, abs=1e-5))
    west, south, east, north = frame.bounds
    ground = frame.to_ground(x, y)
    assert west <= ground[0] <= east
    assert south <= ground[1] <= north


@pytest.mark.parametrize(
    ("scale", "metres"),
    [(1000, 40), (2000, 50), (4000, 100), (5000, 200), (10_000, 400), (20_000, 500)],
)
def test_the_scale_bar_is_round_and_fits(scale: int, metres: int) -> None:
    assert scale_bar_m(Frame(*CENTRE, 132, 74, scale)) == metres
    assert 18 <= metres * 1000 / scale <= 45


def test_what_is_near_is_named_and_what_is_far_is_not(layers: Layers) -> None:
    said = words(drawn(layers, Frame(*CENTRE, 132, 74, 5000)))
    assert {"鼓楼公园", "县第一小学", "文庙小区", "您在这里"} <= set(said)
    assert "鼓楼北路" in said[-1]
    assert "文庙街" in said[-1]
    assert "东城路" not in said[-1]  # 600 m east, off the paper
    assert "城关镇" not in said, "a township's name is no landmark at this scale"


def test_a_name_the_font_cannot_set_is_left_off(layers: Layers) -> None:
    frame = Frame(*CENTRE, 132, 74, 5000)
    said = words(drawn(layers, frame, drawable=lambda text: "园" not in text))
    assert "鼓楼公园" not in said
    assert "县第一小学" in said


def test_a_neighbour_is_drawn_with_its_name_where_there_is_room(layers: Layers) -> None:
    frame = Frame(*CENTRE, 132, 74, 5000)
    near = Mark(*lonlat(100, -60), "小哥食堂", "#0b6b66")
    far = Mark(*lonlat(900, 0), "远处的站", "#0b6b66")
    found = drawn(layers, frame, [near, far])
    assert "小哥食堂" in words(found)
    assert "远处的站" not in words(found)
    assert found.count('r="1.7"') == 1


def test_a_hostile_street_name_stays_inside_its_text(layers: Layers) -> None:
    evil = '</text><script>alert(1)</script><image href="file:///etc/passwd"/>&'
    features = {
        "roads": [
            {
                "geometry": {
                    "type": "LineString",
                    "coordinates": [lonlat(-300, 20), lonlat(300, 20)],
                },
                "properties": {"class": "major", "name": evil},
            }
        ]
    }
    found = drawn(index_layers(features), Frame(*CENTRE, 500, 74, 1200))
    tree = ElementTree.fromstring(found)
    assert {element.tag.split("}")[1] for element in tree.iter()} <= {
        "svg",
        "rect",
        "path",
        "text",
        "circle",
        "g",
    }
    assert evil in words(found)[-1]


def test_an_empty_release_gives_an_empty_map() -> None:
    found = drawn(index_layers({}), Frame(*CENTRE, 132, 74, 5000))
    assert "您在这里" in words(found)
    assert ElementTree.fromstring(found).attrib["width"] == "132mm"


def test_an_island_in_a_lake_stays_land() -> None:
    def ring(half: float) -> list[tuple[float, float]]:
        corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
        return [lonlat(*corner) for corner in corners]

    lake = {
        "type": "Polygon",
        "coordinates": [ring(100), ring(40)],
    }  # both rings the same way round
    layers = index_layers({"water": [{"geometry": lake, "properties": {}}]})
    found = drawn(layers, Frame(*CENTRE, 132, 74, 5000))
    (path,) = re.findall(r'<path d="([^"]+)" fill="#cfe3ee"', found)
    outer, inner = (re.findall(r"[\d.]+ [\d.]+", part) for part in path.strip("Z").split("Z"))

    def area(points: list[str]) -> float:
        xy = [tuple(map(float, point.split())) for point in points]
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(xy, xy[1:] + xy[:1], strict=True))

    assert area(outer) * area(inner) < 0, "a hole runs the other way, so that it is not filled"


# ── names on a web map ───────────────────────────────────────────────────────────────────────


def test_the_more_important_of_two_names_is_shown_from_farther_out() -> None:
    # A hundredth of a degree is 41 pixels half a step before zoom 13, 58 before 14; both names
    # together are 48 wide, their margins included.
    town, village, far = ("云间镇", 116.95, 31.46), ("柳塘", 116.96, 31.46), ("远山", 117.95, 31.46)
    assert zooms_with_room([town, village, far], range(8, 16), size=13) == [8, 14, 8]
    assert zooms_with_room([village, town], range(8, 16), size=13) == [8, 14]
    assert zooms_with_room([town, town], range(8, 16), size=13) == [8, None]
    assert zooms_with_room([], range(8, 16), size=13) == []


@given(
    st.lists(
        st.tuples(
            st.text("镇村abc", min_size=1, max_size=12),
            st.floats(116.8, 117.2),
            st.floats(31.3, 31.6),
        ),
        max_size=30,
    )
)
def test_names_shown_together_never_touch(places: list[tuple[str, float, float]]) -> None:
    zooms = zooms_with_room(places, (11, 12, 13), size=13)
    for zoom in (11, 12, 13):
        shown = [
            place for place, since in zip(places, zooms, strict=True) if since and since <= zoom
        ]
        pixels = 256 / 360 * 2 ** (zoom - 0.5)
        for at, (name, lon, lat) in enumerate(shown):
            for other, lon2, lat2 in shown[:at]:
                wide = (length_mm(name, 13) + length_mm(other, 13)) / 2
                assert abs(lon - lon2) * pixels > wide or abs(lat - lat2) * pixels > 13
