from __future__ import annotations

import geopandas as gpd
from shapely.geometry import Point

from locator.release.places import places_json


def table(rows: list[tuple[str, str | None, float, int]]) -> gpd.GeoDataFrame:
    """Rows of (class, name, metres to the east, rank)."""
    return gpd.GeoDataFrame(
        {"class": [row[0] for row in rows], "name": [row[1] for row in rows],
         "rank": [row[3] for row in rows]},
        geometry=[Point(117 + row[2] / 95_000, 31.4) for row in rows], crs="EPSG:4326",
    )  # fmt: skip


def test_settlements_by_size_landmarks_by_name_each_once() -> None:
    found = places_json(
        {
            "places": table([("village", "乙村", 0, 3), ("estate", "桂园", 0, 5),
                             ("township", "甲镇", 0, 1)]),
            "pois": table([("bridge", "长桥", 0, 2), ("bridge", "长桥", 90, 2),
                           ("bridge", "长桥", 900, 2), ("water", "长湖", 0, 2),
                           ("school", None, 0, 3)]),
        }
    )  # fmt: skip
    assert [row[0] for row in found["settlements"]] == ["甲镇", "乙村"]
    assert [row[0] for row in found["landmarks"]] == ["桂园", "长桥", "长桥"]
    assert found["landmarks"][2] == ["长桥", 117.00947, 31.4]


def test_a_map_without_names() -> None:
    empty = table([])
    assert places_json({"places": empty, "pois": empty}) == {"settlements": [], "landmarks": []}
