"""A small invented town as a release folder, drawn so that one can check it on paper.

Streets run every 200 m, east to west and north to south, from a centre at 116.95, 31.46; a river
crosses the south. East is x, north is y, in metres from the centre.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import locator
from locator.county import weakest
from locator.release.publish import Release, canonical_json, release_hash

CENTRE = (116.95, 31.46)
METRES_EAST = 111_320 * math.cos(math.radians(CENTRE[1]))
METRES_NORTH = 110_900

PLAIN = "城关暖新驿站（示意）"
STATIONS: list[dict[str, Any]] = [
    {"id": "341523-001", "kind": "warm_station", "name": PLAIN, "at": (12, 12), "hours": "24/7",
     "services": ["drinking_water", "meal_heating", "rest_seats", "phone_charging", "first_aid",
                  "heating", "cooling", "toilet", "reading", "wifi", "microwave"],
     "entry": "member_code", "township": "城关镇", "address": "鼓楼北路 12 号一楼",
     "verified_on": "2026-10-12", "awards": ["全省最美驿站"]},
    {"id": "341523-002", "kind": "canteen", "name": "江城小哥食堂河西店（示意）", "at": (-188, 15),
     "hours": "Mo-Su 10:30-14:00,16:30-20:00", "services": ["hot_meal", "drinking_water", "toilet"],
     "service_hours": {"hot_meal": "Mo-Su 11:00-13:00"}, "entry": "free", "township": "城关镇"},
    {"id": "341523-003", "kind": "union_post", "name": "工会驿站（示意）", "at": (210, 190),
     "hours": None, "services": ["drinking_water", "rest_seats"], "township": "城关镇"},
    {"id": "341523-004", "kind": "friendly_estate", "at": (-390, -205), "hours": "24/7",
     "name": "城关镇鼓楼社区新时代文明实践站联合党群服务中心万达广场北门友好小区（示意）",
     "services": ["parking", "ebike_charging"], "entry": "bell", "township": "城关镇"},
    {"id": "341523-005", "kind": "warm_station", "name": "河畔暖新驿站（示意）", "at": (388, -190),
     "hours": "Mo-Fr 08:00-20:00; Sa,Su 09:00-17:30; PH off", "services": ["drinking_water"],
     "entry": "face", "township": "城关镇", "status": "temporarily_closed"},
]  # fmt: skip


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Metres from the centre as degrees, with seven decimals."""
    return round(CENTRE[0] + x / METRES_EAST, 7), round(CENTRE[1] + y / METRES_NORTH, 7)


def write_release(
    folder: Path,
    *,
    stations: list[dict[str, Any]] | None = None,
    illustrative: bool = True,
    **origins: str,
) -> Release:
    """Write the town as a release below ``folder`` and open it.

    A station may state its own provenance; ``origins`` are those of streets and demand where they
    differ from the whole.
    """
    rows = STATIONS if stations is None else stations
    files = {
        "public/stations.geojson": canonical_json(
            {"type": "FeatureCollection", "features": [_station(row, illustrative) for row in rows]}
        ),
        "public/coverage.json": canonical_json(_coverage()),
        "public/cells.json": canonical_json(_cells()),
        "staff/layers.geojson.gz": gzip.compress(
            canonical_json({"type": "FeatureCollection", "features": _layers()}), mtime=0
        ),
    }
    provenance = "illustrative" if illustrative else "surveyed"
    of = {"streets": provenance, "demand": provenance, **origins}
    features = json.loads(files["public/stations.geojson"])["features"]
    counts = Counter(feature["properties"]["provenance"] for feature in features)
    manifest: dict[str, Any] = {
        "schema": 1,
        "county": {
            "slug": "shucheng", "code": "341523", "name_zh": "舒城县", "name_en": "Shucheng",
            "timezone": "Asia/Shanghai", "centre": list(CENTRE),
            "bbox": [*lonlat(-1000, -1000), *lonlat(1000, 1000)],
        },
        **_vocabulary(),
        "as_of": "2026-11-20",
        "illustrative": "illustrative" in [*counts, *of.values()],
        "stations": {"provenance": dict(counts)},
        "provenance": {**of, "stations": weakest(list(counts)),
                       "weakest": weakest([*counts, *of.values()])},
        "provenance_zh": "示意数据" if illustrative else "实地核实",
        "attribution": "" if illustrative else "© OpenStreetMap contributors",
        "approval_number": "" if illustrative else "皖S(2026)12号",
        "inputs": [],
        "counts": {"rows": len(rows), "published": len(rows)},
        "versions": {},
        "files": [
            {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in files.items()
        ],
    }  # fmt: skip
    manifest["release"] = release_hash(manifest)
    path = folder / manifest["release"]
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    (path / "manifest.json").write_bytes(canonical_json(manifest))
    return Release(path, manifest)


def _vocabulary() -> dict[str, Any]:
    words = tomllib.loads((Path(locator.__file__).parent / "vocabulary.toml").read_text("utf-8"))
    return {
        table: {
            code: {
                "zh": entry["zh"],
                "en": entry["en"],
                "icon": entry.get("icon"),
                **({"stop": entry["stop"]} if "stop" in entry else {}),
            }
            for code, entry in words[table].items()
        }
        for table in ("kinds", "services")
    }


def _station(row: dict[str, Any], illustrative: bool) -> dict[str, Any]:
    lon, lat = lonlat(*row["at"])
    properties = {
        "county": "341523", "township": None, "address": None, "host": None, "phone": None,
        "hours": None, "service_hours": {}, "entry": None, "seats": None, "sockets": None,
        "status": "open", "verified_on": None, "awards": [], "source_datum": "wgs84",
        "provenance": "illustrative" if illustrative else "surveyed",
        "source_x": str(lon), "source_y": str(lat),
        **{key: value for key, value in row.items() if key != "at"},
    }  # fmt: skip
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties,
    }


def _feature(layer: str, shape: str, points: list[tuple[float, float]], **tags: Any) -> dict:
    ring = [list(lonlat(*point)) for point in points]
    coordinates: Any = ring[0] if shape == "Point" else [ring] if shape == "Polygon" else ring
    return {
        "type": "Feature",
        "geometry": {"type": shape, "coordinates": coordinates},
        "properties": {"layer": layer, **tags},
    }


def _box(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]


def _layers() -> list[dict]:
    features = [
        _feature("landuse", "Polygon", _box(-800, -300, 1600, 1100), **{"class": "residential"}),
        _feature(
            "water",
            "Polygon",
            [(-1000, -420), (-300, -340), (300, -380), (1000, -300), (1000, -400), (300, -480),
             (-300, -440), (-1000, -520), (-1000, -420)],
            name="南溪河（示意）",
        ),
        _feature("green", "Polygon", _box(30, 30, 140, 140), name="鼓楼公园"),
        _feature("waterways", "LineString", [(-600, 900), (-560, 400), (-640, -470)], name="柳渠"),
        _feature("rails", "LineString", [(-1000, 700), (1000, 860)]),
    ]  # fmt: skip
    for x in range(-700, 700, 100):
        features += [
            _feature("buildings", "Polygon", _box(x + 15, y + 15, 60, 22))
            for y in range(-280, 700, 50)
            if not (0 <= x < 200 and 0 <= y < 200) and (y + 280) % 200 < 150
        ]
    names_ew = ["滨河路", "文庙街", "人民路", "鼓楼街", "春秋路", "桃溪路"]
    for index, y in enumerate(range(-200, 801, 200)):
        kind = "major" if y == 0 else "secondary" if y == 400 else "minor"
        features.append(
            _feature("roads", "LineString", [(-900, y), (0, y), (900, y)],
                     name=names_ew[index], bridge=False, **{"class": kind})
        )  # fmt: skip
    names_ns = ["西城路", "龙河路", "学府路", "鼓楼北路", "花园巷", "梅河路", "东城路"]
    for index, x in enumerate(range(-600, 601, 200)):
        kind = "major" if x == 0 else "minor"
        features.append(
            _feature("roads", "LineString", [(x, -200), (x, 800)],
                     name=names_ns[index], bridge=False, **{"class": kind})
        )  # fmt: skip
    features += [
        _feature("roads", "LineString", [(0, -200), (0, -600)], name="鼓楼大桥", bridge=True,
                 **{"class": "major"}),
        _feature("roads", "LineString", [(40, 100), (100, 130), (160, 90)], **{"class": "path"}),
        _feature("pois", "Point", [(100, 100)], name="鼓楼公园", **{"class": "park"}),
        _feature("pois", "Point", [(-100, 60)], name="县第一小学", **{"class": "school"}),
        _feature("places", "Point", [(-100, -120)], name="文庙小区", **{"class": "estate"}),
        _feature("places", "Point", [(0, 0)], name="城关镇", **{"class": "township"}),
    ]  # fmt: skip
    return features


#: Three cells side by side: the west one empty, the middle one served, the east one not.
def _cells() -> dict[str, Any]:
    def cell(number: int, x: float, riders: float, covered: str) -> dict[str, Any]:
        ring = [
            lonlat(x + 170 * math.cos(a * math.pi / 3), 170 * math.sin(a * math.pi / 3))
            for a in range(6)
        ]
        lon, lat = lonlat(x, 0)
        return {
            "h3": f"8940c1a{number}bffffff", "lon": lon, "lat": lat, "ring": ring,
            "riders": [riders] * 48, "nearest_s": 240, "covered": {"any_stop": covered},
        }  # fmt: skip

    night = "1" * 8 + "1" * 12 + "0" * 4
    return {
        "resolution": 9,
        "services": ["any_stop"],
        "cells": [
            cell(1, -300, 0.0, "0" * 48),
            cell(2, 0, 4.0, "1" * 48),
            cell(3, 300, 2.5, night + night),
        ],
    }


def _coverage() -> dict[str, Any]:
    return {
        "county": "shucheng", "as_of": "2026-11-20", "reach_min": 5.0,
        "dates": {"workday": "2026-11-25", "dayoff": "2026-11-22"},
        "provenance": "illustrative", "provenance_zh": "示意数据",
        "headline_zh": "20:00 有 3 骑手（38 %）5 分钟内无站可去",
        "headline_en": "At 20:00 3 riders (38 %) have no stop within 5 minutes",
        "clock": [
            {"day": day, "hour": hour, "service": "any_stop",
             "covered": 4.0 if hour >= 20 else 6.5, "total": 6.5}
            for day in ("workday", "dayoff") for hour in range(24)
        ],
        "gaps": [
            {"id": "341523-gap-1", "name": "近梅河路（城关镇）", "rider_hours": 20.0,
             "hours": ["workday 20", "workday 21"], "services": ["hot_meal"], "cause": "closed",
             "township": "城关镇", "street": "梅河路", "nearest_station": "341523-003",
             "nearest_minutes": 6.5,
             "geometry": {"type": "Polygon", "coordinates": [
                 [list(lonlat(300 + 170 * math.cos(a * math.pi / 3),
                              170 * math.sin(a * math.pi / 3))) for a in (0, 1, 2, 3, 4, 5, 0)]]}},
        ],
        "unreachable_cells": [], "unknown_hours": ["341523-003"],
    }  # fmt: skip


def write_streets(folder: Path) -> Path:
    """The streets of the town as OSM XML: what `_layers` draws, with a node at every crossing."""
    xs, ys = range(-600, 601, 200), range(-200, 801, 200)
    numbers = {(x, y): 100 + i * 10 + j for i, x in enumerate(xs) for j, y in enumerate(ys)}
    rows = [
        f'<node id="{number}" version="1" lon="{lonlat(x, y)[0]}" lat="{lonlat(x, y)[1]}"/>'
        for (x, y), number in numbers.items()
    ]
    lines = [[numbers[x, y] for x in xs] for y in ys] + [[numbers[x, y] for y in ys] for x in xs]
    rows += [
        f'<way id="{number}" version="1">'
        + "".join(f'<nd ref="{node}"/>' for node in line)
        + '<tag k="highway" v="residential"/></way>'
        for number, line in enumerate(lines, start=1)
    ]
    path = folder / "town.osm"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n'
        + "\n".join(rows)
        + "\n</osm>\n",
        "utf-8",
    )
    return path
