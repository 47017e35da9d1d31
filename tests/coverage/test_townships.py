"""Two squares side by side, a smaller one within the first, and whatever may be wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from locator.county import County, load_county
from locator.coverage.townships import (
    Townships,
    fill_townships,
    read_townships,
    township_at,
)
from locator.errors import ConfigError

WEST = shapely.box(116.90, 31.40, 116.95, 31.50)
EAST = shapely.box(116.95, 31.40, 117.00, 31.50)
TOWN = shapely.box(116.91, 31.41, 116.92, 31.42)


def feature(name: Any, shape: Any) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shape)) if shape is not None else None
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}


@pytest.fixture
def outlined(county: County, tmp_path: Path) -> Any:
    """The paper county with a file of township outlines of the given text or features."""

    def write(content: list[dict[str, Any]] | str) -> County:
        if not isinstance(content, str):
            content = json.dumps({"type": "FeatureCollection", "features": content})
        source = (county.folder / "county.toml").read_text("utf-8")
        folder = tmp_path / "paper"
        folder.mkdir(exist_ok=True)
        (folder / "county.toml").write_text(
            'township_outlines = "townships.geojson"\n' + source, "utf-8"
        )
        (folder / "townships.geojson").write_text(content, "utf-8")
        return load_county(folder)

    return write


@pytest.fixture
def townships(outlined: Any) -> Townships:
    return read_townships(
        outlined([feature("西乡", WEST), feature("镇区", TOWN), feature(" 东乡 ", EAST)])
    )


def test_a_point_lies_in_one_township_or_in_none(townships: Townships) -> None:
    lon = [116.93, 116.97, 116.915, 116.89, 116.93]
    lat = [31.45, 31.45, 31.415, 31.45, 31.51]
    assert township_at(townships, lon, lat) == ["西乡", "东乡", "镇区", None, None]


def test_a_border_belongs_to_somebody(townships: Townships) -> None:
    assert township_at(townships, 116.95, 31.45)[0] in {"西乡", "东乡"}
    assert township_at(townships, 116.90, 31.40) == ["西乡"]


def test_a_county_without_outlines_knows_no_township(county: County) -> None:
    none = read_townships(county)
    assert none.names == ()
    assert township_at(none, [116.93, 1.0], [31.45, 1.0]) == [None, None]
    assert township_at(none, [], []) == []


def test_parts_and_holes(outlined: Any) -> None:
    ring = shapely.difference(WEST, TOWN)
    found = read_townships(outlined([feature("环乡", shapely.union(ring, EAST.buffer(-0.01)))]))
    assert township_at(found, [116.93, 116.97, 116.915], [31.45, 31.45, 31.415]) == [
        "环乡", "环乡", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "JSON"),
        ("[]", "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": 3}', "FeatureCollection"),
        ([feature("西乡", None)], "FeatureCollection"),
        ([{"properties": {}, "geometry": None}], "name"),
        ([feature("", WEST)], "no name"),
        ([feature(7, WEST)], "no name"),
        ([feature("西乡", shapely.Point(116.9, 31.4))], "西乡.*no polygon"),
        ([feature("西乡", shapely.Polygon())], "西乡.*no polygon"),
        ([feature("西乡", shapely.box(5e5, 3.4e6, 5.1e5, 3.5e6))], "西乡.*WGS-84"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(outlined: Any, content: Any, said: str) -> None:
    county = outlined(content)
    with pytest.raises(ConfigError, match=said) as failure:
        read_townships(county)
    assert "townships.geojson" in str(failure.value)
    assert "\n" not in str(failure.value)


def test_no_file(outlined: Any) -> None:
    county = outlined([])
    (county.folder / "townships.geojson").unlink()
    with pytest.raises(
        ConfigError, match=r"townships\.geojson：.* / cannot be read .*paper/county"
    ):
        read_townships(county)


def test_what_a_ledger_states_is_never_changed(table: Any, townships: Townships) -> None:
    stations = table({"township": "远乡"}, {}, {"township": " "}, {})
    stations = stations.set_geometry(
        shapely.points([116.93, 116.97, 116.93, 116.0], [31.45] * 4), crs=stations.crs
    )
    filled, counts = fill_townships(stations, townships)
    assert filled["township"].tolist() == ["远乡", "东乡", "西乡", None]
    assert counts == {"ledger": 1, "outline": 2, "neither": 1}
    assert stations["township"].tolist()[1] is None, "the table that came in stays as it was"
    assert filled.crs == stations.crs


def test_no_station_and_no_outline(table: Any, county: County, townships: Townships) -> None:
    assert fill_townships(table(), townships)[1] == {"ledger": 0, "outline": 0, "neither": 0}
    filled, counts = fill_townships(table({}), read_townships(county))
    assert filled["township"].tolist() == [None]
    assert counts["neither"] == 1


degrees = st.integers(-20, 20).map(lambda tenth: tenth / 10)


@given(st.lists(st.tuples(degrees, degrees), min_size=1, max_size=20))
def test_as_slow_and_plain_geometry_says(points: list[tuple[float, float]]) -> None:
    shapes = [shapely.box(-1, -1, 0, 0), shapely.box(-1, -1, 1, 1), shapely.Point(1, 1).buffer(0.7)]
    names = ("里", "中", "外")
    lon, lat = np.array(points).T
    assert township_at(Townships(names, np.array(shapes, dtype=object)), lon, lat) == [
        next((n for n, s in zip(names, shapes, strict=True) if s.intersects(at)), None)
        for at in shapely.points(points)
    ]
