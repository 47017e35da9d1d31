from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from locator.county import County, load_county

from .town_osm import SOUTH, STEP, WEST, write_town

COUNTY_TOML = f"""
code = "999001"
name_zh = "小城县"
name_en = "Xiaocheng"
centre = [{WEST + 2 * STEP:.4f}, {SOUTH + 2 * STEP:.4f}]
ledgers = ["stations.geojson"]
townships = ["城关镇"]

[streets]
file = "streets.osm"
provenance = "illustrative"

[demand]
file = "headcount.csv"
provenance = "illustrative"
"""

HEADCOUNT = f"""商圈,经度,纬度,半径米,日类型,时段,人数
示意大道,{WEST + STEP:.4f},{SOUTH + 2 * STEP:.4f},400,工作日,10:00-22:00,12
示意大道,{WEST + STEP:.4f},{SOUTH + 2 * STEP:.4f},400,休息日,10:00-22:00,20
桥头,{WEST + 3 * STEP:.4f},{SOUTH + 2 * STEP:.4f},0,工作日,22:00-02:00,3
"""

Change = Callable[[list[dict[str, Any]]], object]


def station_features() -> list[dict[str, Any]]:
    """Four stations of the small town as their ledger has them."""
    rows: list[dict[str, Any]] = [
        {"id": "999001-001", "kind": "warm_station", "name": "东站（示意）", "at": (1.5, 2.02),
         "services": "饮水;如厕;热饭", "hours": "08:00-20:00"},
        {"id": "999001-002", "kind": "canteen", "name": "桥头食堂（示意）", "at": (3, 2.05),
         "services": "供餐;饮水", "hours": "24/7", "service_hours": "hot_meal: Mo-Su 11:00-13:00"},
        {"id": "999001-003", "kind": "union_post", "name": "短街驿站（示意）", "at": (1.02, 3),
         "services": "饮水", "hours": ""},
        {"id": "999001-004", "kind": "friendly_estate", "name": "和园（示意）", "at": (1.2, 2.3),
         "services": "停车", "hours": "24/7"},
    ]  # fmt: skip
    features = []
    for row in rows:
        x, y = row.pop("at")
        said = {"county": "999001", "township": "城关镇", "verified_on": "2026-10-01",
                "provenance": "illustrative", **row}  # fmt: skip
        point = [round(WEST + x * STEP, 6), round(SOUTH + y * STEP, 6)]
        features.append({"type": "Feature", "properties": said,
                         "geometry": {"type": "Point", "coordinates": point}})  # fmt: skip
    return features


def write_county(data: Path, change: Change = lambda features: None) -> County:
    """The small town as a county folder below ``data``; ``change`` may edit its ledger."""
    folder = data / "xiaocheng"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "county.toml").write_text(COUNTY_TOML, "utf-8")
    (folder / "headcount.csv").write_text(HEADCOUNT, "utf-8")
    write_town(folder / "streets.osm")
    features = station_features()
    change(features)
    ledger = {"type": "FeatureCollection", "features": features}
    (folder / "stations.geojson").write_text(json.dumps(ledger, ensure_ascii=False), "utf-8")
    return load_county(folder)


@pytest.fixture
def county(tmp_path: Path) -> County:
    """A county of four stations, in a folder of its own."""
    return write_county(tmp_path / "data")
