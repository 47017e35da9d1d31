"""What a search on a map app might bring for 舒城: its stations, written by another hand."""

from __future__ import annotations

import csv
import io
import math
from random import Random
from typing import Any

from locator.geo.crs import EARTH_RADIUS_M
from locator.geo.datum import convert_datum

#: The columns of Amap's place search.
HEADINGS = ("id", "name", "type", "location", "address", "tel", "opentime_week", "pname",
            "cityname", "adname")  # fmt: skip
#: By number: not on the map, on it by the host's name, by a short name, far off.
_LEFT_OUT, _AS_HOST, _SHORT, _FAR = {4, 19, 28}, {12, 24}, {6, 16, 20}, {9}


def map_export(features: list[dict[str, Any]]) -> str:
    """The export as CSV text; the same features give the same text."""
    random = Random(20261102)
    rows = [row for feature in features for row in _rows(feature, random)]
    first = features[0]["geometry"]["coordinates"]
    for name, trade, east, north in (
        ("城东社区工会驿站（示意）", "生活服务;生活服务场所", 260, 340),
        ("菜鸟驿站示意店（示意）", "生活服务;物流速递", -420, 150),
    ):
        rows.append(_row(name, trade, _moved(first, east, north), "", ""))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows([f"示意{number:04d}", *row] for number, row in enumerate(rows, start=1))
    return text.getvalue()


def _rows(feature: dict[str, Any], random: Random) -> list[list[str]]:
    said = feature["properties"]
    number = int(said["id"].rpartition("-")[2])
    way, metres = random.uniform(0, 2 * math.pi), random.uniform(5, 40)
    if number in _FAR:
        metres = 210.0
    if number in _LEFT_OUT:
        return []
    name = said["name"]
    if number in _AS_HOST:
        name = said["host"]
    elif number in _SHORT:
        name = name.replace("暖新驿站", "").replace("党群服务中心", "")
    point = _moved(
        feature["geometry"]["coordinates"], metres * math.sin(way), metres * math.cos(way)
    )
    hours = "08:00-18:00" if number % 11 == 0 else ""
    address = said["address"].replace(said["township"], "") if number % 3 else ""
    return [_row(name, "生活服务;生活服务场所", point, address, hours)]


def _row(name: str, trade: str, point: tuple[float, float], address: str, hours: str) -> list[str]:
    lon, lat = convert_datum(*point, source="wgs84", target="gcj02")
    where = f"{float(lon):.6f},{float(lat):.6f}"
    return [name, trade, where, address, "", hours, "安徽省", "六安市", "舒城县"]


def _moved(point: list[float], east_m: float, north_m: float) -> tuple[float, float]:
    lon, lat = point
    degree = math.degrees(1 / EARTH_RADIUS_M)
    return lon + east_m * degree / math.cos(math.radians(lat)), lat + north_m * degree
