"""Grids of shapes: every rider stays, in the cells over which the shape lies."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from time import perf_counter

import geopandas as gpd
import h3
import numpy as np
import pytest
import shapely

from locator.coverage.demand.grid import cell_shares, read_grid
from locator.coverage.demand.sheets import Fault
from locator.errors import DemandError

SQUARES = [shapely.box(116.94 + i / 100, 31.45, 116.95 + i / 100, 31.46) for i in range(3)]


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """Three squares of 1 km² with 10, 20 and 30 riders at noon, as both sorts of file."""
    folder = tmp_path_factory.mktemp("grid")
    table = gpd.GeoDataFrame(
        {"day": "workday", "hours": "12:00-13:00", "riders": [10.0, 20.0, 30.0]},
        geometry=SQUARES, crs=4326,
    )  # fmt: skip
    table.to_file(folder / "grid.geojson")
    table.to_file(folder / "grid.gpkg", layer='a "grid"')
    return folder


@pytest.mark.parametrize("name", ["grid.geojson", "grid.gpkg"])
def test_riders_are_spread_by_area(grid, county, name):
    demand = read_grid(grid / name, county)
    assert demand.riders[:, 12].sum() == pytest.approx(60)
    assert demand.riders.sum() == pytest.approx(60)
    assert demand.report["lines"] == 3
    # A cell wholly inside the second square holds its density: 20 riders on 1.05 km².
    inside = h3.latlng_to_cell(31.455, 116.955, 9)
    square_km2 = 111.32 * 110.86 * np.cos(np.radians(31.455)) / 1e4
    expected = 20 * h3.cell_area(inside, "km^2") / square_km2
    assert demand.riders[demand.cells.index(inside), 12] == pytest.approx(expected, rel=0.01)


def test_shares_of_shapes():
    for shape in (*SQUARES, SQUARES[0].boundary.buffer(0.001), shapely.Point(116.95, 31.46)):
        assert sum(cell_shares(shape).values()) == pytest.approx(1)
    cell = h3.latlng_to_cell(31.46, 116.95, 9)
    ring = [(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]
    assert cell_shares(shapely.Polygon(ring))[cell] == pytest.approx(1, abs=1e-6)
    assert cell_shares(shapely.Polygon(ring).buffer(-1e-5)) == {cell: 1.0}


@pytest.mark.parametrize(
    "shape",
    [
        shapely.box(116.2, 30.7, 117.7, 32.2),
        # Of little area, and yet over most of the county.
        shapely.LineString([(116.2 + i / 600, 30.7 + i % 2 * 1.5) for i in range(900)]).buffer(
            1e-5
        ),
    ],
)
def test_a_shape_too_large_is_refused_before_its_cells_are_counted(shape, monkeypatch):
    monkeypatch.setattr(h3, "h3shape_to_cells_experimental", None)
    with pytest.raises(Fault, match="too large"):
        cell_shares(shape)


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


@pytest.fixture
def written(tmp_path):
    def write(*features):
        path = tmp_path / "grid.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
        return path

    return write


POINT = {"type": "Point", "coordinates": [116.95, 31.46]}
NOON = {"day": "workday", "hours": "12:00-13:00"}


def test_points_and_a_column_for_each_slot(written, county):
    demand = read_grid(written(feature(POINT, workday_00=3, dayoff_23=4.5)), county)
    assert (demand.riders[0, 0], demand.riders[0, 47], demand.riders.sum()) == (3, 4.5, 7.5)


def test_bad_features_are_named_and_the_rest_computed(written, county):
    far = {"type": "Point", "coordinates": [31.46, 16.95]}
    demand = read_grid(
        written(
            feature(POINT, **NOON, riders=5),
            feature(POINT, **NOON, riders=-5),
            feature(POINT, day="workday", hours="13:00-12:00", riders=5),
            feature(far, **NOON, riders=5),
            feature(None, **NOON, riders=5),
            feature(POINT, **NOON),
            feature(shapely.geometry.mapping(shapely.box(116, 31, 117.9, 32)), **NOON, riders=5),
        ),
        county,
    )
    assert demand.riders.sum() == 5
    says = {fault["row"]: fault["en"] for fault in demand.report["faults"]}
    assert list(says) == [2, 3, 4, 5, 6, 7]
    assert "below 0" in says[2]
    assert "swapped" in says[4]
    assert "no shape" in says[5]
    assert "too large" in says[7]


LINE = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
METRES = {"type": "Point", "coordinates": [5e5, 4e6]}
NOWHERE = {"type": "Point", "coordinates": [float("nan"), 1]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"not json", "not JSON"),
        (b'{"type": "Topology"}', "neither a GeoJSON"),
        (b"SQLite format 3\0" + b"\xff" * 200, "GeoPackage"),
        (json.dumps({"features": [feature(LINE)]}).encode(), "polygon or a point"),
        (json.dumps({"features": [feature(METRES)]}).encode(), "no degrees"),
        (json.dumps({"features": [feature(NOWHERE)]}).encode(), "NaN"),
    ],
)
def test_files_that_are_no_grid(tmp_path, county, content, says):
    path = tmp_path / "grid.gpkg"
    path.write_bytes(content)
    with pytest.raises(DemandError, match=says):
        read_grid(path, county)


def test_a_geopackage_runs_nothing_and_writes_nothing(grid, county, tmp_path):
    """A view in the place of the table is not read; other projections are refused by name."""
    path = tmp_path / "view.gpkg"
    table = gpd.GeoDataFrame({"riders": [1]}, geometry=[SQUARES[0]], crs=4326)
    table.to_file(path, layer="seen", SPATIAL_INDEX="NO")
    with closing(sqlite3.connect(path)) as base:
        base.executescript(
            "DROP TRIGGER IF EXISTS trigger_insert_feature_count_seen;"
            "DROP TRIGGER IF EXISTS trigger_delete_feature_count_seen;"
            "ALTER TABLE seen RENAME TO hidden;"
            "UPDATE gpkg_geometry_columns SET table_name = 'seen';"
            "CREATE VIEW seen AS SELECT * FROM hidden;"
        )
    before = sorted(tmp_path.iterdir())
    with pytest.raises(DemandError, match="0 layers"):
        read_grid(path, county)
    assert sorted(tmp_path.iterdir()) == before
    table.to_crs(3857).to_file(tmp_path / "mercator.gpkg")
    with pytest.raises(DemandError, match="EPSG:3857"):
        read_grid(tmp_path / "mercator.gpkg", county)


FOREVER = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000000)"
    " SELECT count(*) FROM n"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "says"),
    [
        (
            "ALTER TABLE gpkg_geometry_columns RENAME TO kept;"
            "CREATE VIEW gpkg_geometry_columns AS SELECT * FROM kept"
            f" WHERE ({FOREVER}) > 0;",
            "0 layers",
        ),
        (
            "CREATE TABLE kept AS SELECT * FROM gpkg_spatial_ref_sys;"
            "DROP TABLE gpkg_spatial_ref_sys;"
            f"CREATE VIEW gpkg_spatial_ref_sys AS SELECT * FROM kept WHERE ({FOREVER}) > 0;",
            "0 layers",
        ),
        (
            "DROP TABLE seen; CREATE/**/VIRTUAL TABLE seen USING fts5(geom, riders);",
            "0 layers",
        ),
        (  # A view that passes itself off as a table.
            "CREATE TABLE kept AS SELECT * FROM seen; PRAGMA writable_schema = ON;"
            f"UPDATE sqlite_master SET sql = 'CREATE VIEW seen AS {FOREVER}' WHERE name = 'seen';",
            "GeoPackage",
        ),
    ],
)
def test_views_and_virtual_tables_never_run(county, tmp_path, script, says):
    path = tmp_path / "plain.gpkg"
    table = gpd.GeoDataFrame({"riders": [1]}, geometry=[SQUARES[0]], crs=4326)
    table.to_file(path, layer="seen", SPATIAL_INDEX="NO")
    with closing(sqlite3.connect(path)) as base:
        base.executescript(
            "DROP TRIGGER IF EXISTS trigger_insert_feature_count_seen;"
            "DROP TRIGGER IF EXISTS trigger_delete_feature_count_seen;" + script
        )
    begun = perf_counter()
    with pytest.raises(DemandError, match=says):
        read_grid(path, county)
    assert perf_counter() - begun < 3


@pytest.mark.slow
def test_columns_that_are_reckoned_are_not_read(county, tmp_path):
    path = tmp_path / "reckoned.gpkg"
    table = gpd.GeoDataFrame({"counted": [7]}, geometry=[SQUARES[0]], crs=4326)
    table.to_file(path, layer="seen", SPATIAL_INDEX="NO")
    with closing(sqlite3.connect(path)) as base:
        base.execute("ALTER TABLE seen ADD COLUMN workday_12 AS (counted * 1000)")
        base.execute("ALTER TABLE seen RENAME COLUMN counted TO workday_08")
        base.commit()
    demand = read_grid(path, county)
    assert demand.riders[:, 8].sum() == pytest.approx(7)
    assert demand.riders[:, 12].sum() == 0
