"""The station table and its one form as GeoJSON."""

from __future__ import annotations

import json

import pytest

from locator.errors import MissingCrs, UsageError
from locator.stations.table import (
    COLUMNS,
    TABLE_COLUMNS,
    empty_stations,
    make_stations,
    stations_from_geojson,
    stations_to_geojson,
)

FULL = {
    "id": "341523-002", "county": "341523", "kind": "canteen", "name": "桥头", "township": "城关镇",
    "address": "a", "host": "b", "phone": "c", "services": ["toilet", "wifi"], "hours": "24/7",
    "service_hours": {"toilet": "24/7"}, "entry": "free", "seats": 4, "sockets": 0,
    "status": "planned", "verified_on": "2026-10-01", "awards": ["x"], "provenance": "ledger",
    "source_datum": "gcj02", "source_x": "116.9500", "source_y": "31.46",
}  # fmt: skip
BARE = {"id": "341523-001", "county": "341523", "kind": "canteen", "name": "甲"}


def test_round_trip_is_exact_and_sorted() -> None:
    table = make_stations([FULL, BARE], [116.95, 116.96], [31.46, 31.47])
    assert table["id"].tolist() == ["341523-001", "341523-002"]
    assert [point.x for point in table.geometry] == [116.96, 116.95]
    written = stations_to_geojson(table)
    assert written["features"][1]["properties"] == FULL
    assert list(written["features"][0]["properties"]) == list(TABLE_COLUMNS)
    read = stations_from_geojson(json.loads(json.dumps(written)))
    assert stations_to_geojson(read) == written
    assert read.equals(table)


def test_what_is_unknown_is_none_and_not_nan() -> None:
    row = make_stations([BARE], [116.95], [31.46]).iloc[0]
    assert row["hours"] is None
    assert row["township"] is None
    assert (row["services"], row["service_hours"], row["status"]) == ([], {}, "open")


def test_an_empty_table_is_a_table() -> None:
    table = empty_stations()
    assert [*table.columns] == [*TABLE_COLUMNS, "geometry"]
    assert stations_to_geojson(table)["features"] == []
    assert stations_from_geojson(stations_to_geojson(table)).equals(table)


def test_two_stations_cannot_share_an_id() -> None:
    with pytest.raises(UsageError, match="341523-001"):
        make_stations([BARE, BARE], [1, 2], [1, 2])


def test_the_crs_is_insisted_on() -> None:
    with pytest.raises(MissingCrs):
        stations_to_geojson(empty_stations().to_crs("EPSG:3857"))


@pytest.mark.parametrize("bad", [{}, {"features": [3]}, {"features": [{"geometry": None}]}])
def test_what_is_no_station_list(bad: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        stations_from_geojson(bad)


def test_no_heading_stands_for_two_columns() -> None:
    headings = [word for column in COLUMNS for word in (column.name, column.zh, *column.aliases)]
    assert len(set(headings)) == len(headings)
