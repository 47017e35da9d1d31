"""The rules on the ground among buildings and shops of real places, which are where they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from locator.checks.ground import find_ground
from locator.checks.surroundings import Surroundings
from locator.checks.townships import find_townships
from locator.cli import main
from locator.county import County, load_county
from locator.release.surroundings import read_surroundings
from tests.end_to_end.places import helsinki_extract

_KEYS = ("amenity", "shop", "office", "tourism", "addr:city", "building")
_TOML = """
code = "99"
name_zh = "示例"
name_en = "Example"
centre = [%s, %s]
ledgers = ["stations.geojson"]

[streets]
file = "%s"
provenance = "osm"
"""
#: Places and the middle of their extract.
_CENTRES = {"liechtenstein": (9.5265, 47.1306), "helsinki": (24.9432, 60.1691)}


@dataclass(frozen=True)
class Real:
    """A county on an extract, what lies around, and a row for each of its objects."""

    county: County
    surroundings: Surroundings
    rows: pd.DataFrame


@pytest.fixture(scope="module", params=_CENTRES)
def place(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Real:
    extract = shared / "data/osm/liechtenstein.osm.pbf"
    if request.param == "helsinki":
        extract = helsinki_extract()
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "county.toml").write_text(_TOML % (*_CENTRES[request.param], extract), "utf-8")
    county = load_county(folder)
    return Real(county, read_surroundings(county), _rows(extract))


def _rows(extract: Path) -> pd.DataFrame:
    return pd.DataFrame(_objects(extract)).assign(position_fault="", grounded=True, address="")


def _objects(extract: Path) -> Iterator[dict[str, Any]]:
    shapes = osmium.geom.WKBFactory()
    wanted = osmium.filter.KeyFilter(*_KEYS)
    item: Any
    for item in osmium.FileProcessor(extract).with_areas().with_filter(wanted):
        if item.is_node():
            at = shapely.Point(item.lon, item.lat)
        elif item.is_area():
            at = shapely.point_on_surface(shapely.from_wkb(shapes.create_multipolygon(item)))
        else:
            continue
        yield {"lon": at.x, "lat": at.y, "township": item.tags.get("addr:city") or ""}


@pytest.mark.slow
def test_what_is_where_it_is_gives_no_alarm(place: Real) -> None:
    """At most one in 500: huts on a mountain, and a fountain in its lake."""
    faults = find_ground(place.rows, place.county, place.surroundings)["ground_fault"]
    assert len(faults) > 2500
    assert (faults == "in_water").sum() <= 1
    assert (faults != "").mean() <= 0.002


@pytest.mark.slow
def test_what_is_set_into_the_water_is_found(place: Real) -> None:
    """Points more than 10 m from the bank; beside a bridge they pass for being on it."""
    inner = shapely.buffer(place.surroundings.water, -0.0002)
    wet = shapely.point_on_surface(inner[~shapely.is_empty(inner)])
    moved = place.rows.iloc[np.zeros(len(wet), dtype=int)].reset_index(drop=True)
    moved["lon"], moved["lat"] = shapely.get_x(wet), shapely.get_y(wet)
    found = find_ground(moved, place.county, place.surroundings)
    away = found["street_m"] > 15
    assert away.sum() >= 3
    assert (found.loc[away, "ground_fault"] == "in_water").all()


@pytest.mark.campaign
def test_addresses_lie_in_the_township_that_they_state(shared: Path, tmp_path: Path) -> None:
    """Of Liechtenstein's some 240; its extract holds some of Feldkirch, and a misspelt Gamprin."""
    extract = shared / "data/osm/liechtenstein.osm.pbf"
    options = ["--data", str(tmp_path), "init", "liechtenstein", "--osm", str(extract)]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 0, result.stderr
    county = load_county(tmp_path / "liechtenstein")
    around = read_surroundings(county)
    rows = _rows(extract)
    found = find_townships(rows, county, around)
    told = rows.loc[found["township_fault"] == "unknown", "township"]
    assert set(told) == {"Feldkirch", "Bendern", "Gambrin"}
    assert not found["township_fault"].isin(["outline", "address"]).any()
    # Each said to be in the next township: caught, save close to the border between them.
    read = found.loc[found["township_read"] != "", "township_read"]
    assert len(read) > 200
    names = list(county.townships)
    following = {name: names[(at + 1) % len(names)] for at, name in enumerate(names)}
    swapped = rows.loc[read.index].assign(township=read.map(following))
    caught = find_townships(swapped, county, around)["township_fault"] == "outline"
    assert caught.mean() > 0.9
