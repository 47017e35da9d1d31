"""A release small enough to draw on paper: three stations, nine streets, a river with a bridge.

It is written as the release room writes one, folder by folder, so that the server's tests need
no ledger, no coverage and no build.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import locator.county
from locator.county import Kind, Service
from locator.release.basemap import write_basemap
from locator.release.features import read_features
from locator.release.overview import frame_of, overview
from locator.release.publish import canonical_json, release_hash

WEST, SOUTH, EAST, NORTH = 116.93, 31.45, 116.97, 31.475

STATIONS: tuple[dict[str, Any], ...] = (
    {
        "id": "341523-001", "kind": "warm_station", "name": "文昌路暖新驿站（示意）",
        "at": (116.9455, 31.4632), "township": "城关镇", "address": "文昌路 12 号东门（示意）",
        "services": ["drinking_water", "meal_heating", "rest_seats", "phone_charging", "toilet"],
        "hours": "24/7", "entry": "member_code", "seats": 12, "sockets": 8,
        "verified_on": "2026-10-08", "awards": ["全省最美驿站"],
    },
    {
        "id": "341523-002", "kind": "canteen", "name": "河畔小哥食堂（示意）",
        "at": (116.9556, 31.4570), "township": "城关镇", "address": "河畔街 3 号（示意）",
        "services": ["hot_meal", "drinking_water", "rest_seats"],
        "hours": "Mo-Su 10:00-20:00", "service_hours": {"hot_meal": "Mo-Su 11:00-13:00"},
        "entry": "free", "seats": 40, "verified_on": "2026-09-01",
    },
    {
        "id": "341523-003", "kind": "union_post", "name": "北环工会驿站（示意）",
        "at": (116.9520, 31.4705), "township": "桃溪镇", "address": "北环路口（示意）",
        "services": ["drinking_water", "ebike_charging"], "hours": None,
    },
)  # fmt: skip


def feature(station: dict[str, Any]) -> dict[str, Any]:
    """A station as a feature of ``stations.geojson``, with every property of the contract."""
    said = {
        "county": "341523", "township": None, "address": None, "host": None, "phone": None,
        "services": [], "hours": None, "service_hours": {}, "entry": None, "seats": None,
        "sockets": None, "status": "open", "verified_on": None, "awards": [],
        "provenance": "illustrative", "source_datum": "wgs84", "source_x": "", "source_y": "",
        **station,
    }  # fmt: skip
    lon, lat = said.pop("at")
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": said,
    }


def words(table: str) -> dict[str, Any]:
    """The shared vocabulary as the manifest carries it."""
    text = (Path(locator.county.__file__).parent / "vocabulary.toml").read_text("utf-8")
    record = {"kinds": Kind, "services": Service}[table]
    return {
        code: record(**said).model_dump(include={"zh", "en", "heard", "icon", "stop"})
        for code, said in tomllib.loads(text)[table].items()
    }


def write_release(
    var: Path,
    stations: Iterable[dict[str, Any]] = STATIONS,
    *,
    slug: str = "shucheng",
    as_of: str = "2026-11-01",
    illustrative: bool = True,
    approval_number: str = "",
    attribution: str | None = None,
    with_map: bool = False,
    publish: bool = True,
    findings: Sequence[Any] = ("for staff only",),
) -> str:
    """Write a release below ``var`` and point at it; returns its hash."""
    draft = var / "draft"
    (draft / "public").mkdir(parents=True)
    (draft / "staff").mkdir()
    table = {"type": "FeatureCollection", "features": [feature(each) for each in stations]}
    _write(draft / "public/stations.geojson", table)
    _write(draft / "public/open.json", {"as_of": as_of, "stations": {}})
    _write(draft / "public/coverage.json", _coverage(as_of))
    _write(draft / "public/cells.json", {"resolutions": {}, "services": ["any_stop"], "cells": []})
    _write(draft / "staff/findings.json", {"findings": list(findings)})
    _write(draft / "staff/quarantine.json", ["for staff only"])
    pack = draft / "public/basemap.pmtiles"
    if with_map:
        town = var / "town.osm"
        town.write_text(town_osm(), "utf-8")
        drawn = read_features(town)
        found = write_basemap(drawn, pack, draft / "staff/layers.geojson.gz")
        at = np.array([each["at"] for each in stations]).reshape(-1, 2)
        picture = overview(drawn.tables, frame_of(at, found["bounds"]))
        (draft / "public/overview.svg").write_text(picture, "utf-8")
    else:
        pack.write_bytes(bytes(range(256)) * 16)
        empty = b'{"type": "FeatureCollection", "features": [], "name": "for staff only"}'
        (draft / "staff/layers.geojson.gz").write_bytes(gzip.compress(empty, mtime=0))
    manifest: dict[str, Any] = {
        "schema": 1,
        "county": {
            "slug": slug, "code": "341523", "name_zh": "舒城县", "name_en": "Shucheng",
            "country": "CN", "timezone": "Asia/Shanghai", "centre": [116.95, 31.46],
            "bbox": [WEST, SOUTH, EAST, NORTH],
        },
        "kinds": words("kinds"),
        "services": words("services"),
        "as_of": as_of,
        "illustrative": illustrative,
        "provenance": dict.fromkeys(("stations", "streets", "demand", "weakest"), "illustrative")
        if illustrative
        else {"stations": "surveyed", "streets": "osm", "demand": "proxy", "weakest": "proxy"},
        "provenance_zh": "示意数据" if illustrative else "需求为推算",
        "attribution": ("" if illustrative else "© OpenStreetMap contributors")
        if attribution is None
        else attribution,
        "approval_number": approval_number,
        "inputs": [],
        "counts": {"rows": 3, "published": len(table["features"]), "quarantined": 0,
                   "duplicates": 0},
        "versions": {},
        "files": [
            {
                "path": path.relative_to(draft).as_posix(),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "bytes": path.stat().st_size,
            }
            for path in sorted(draft.rglob("*.*"))
            if path.is_file()
        ],
    }  # fmt: skip
    name = release_hash(manifest)
    (draft / "manifest.json").write_bytes(canonical_json({**manifest, "release": name}))
    home = var / "releases" / slug
    home.mkdir(parents=True, exist_ok=True)
    draft.rename(home / name)
    if publish:
        point(var, [name], slug=slug)
    return name


def point(var: Path, history: list[str], *, slug: str = "shucheng") -> None:
    """Make the last of ``history`` the published release."""
    pointer = var / "releases" / slug / "current"
    pointer.write_text(json.dumps({"release": history[-1], "history": history}), "utf-8")


def _write(path: Path, value: Any) -> None:
    path.write_bytes(canonical_json(value))


def _coverage(as_of: str) -> dict[str, Any]:
    return {
        "county": "shucheng", "as_of": as_of, "reach_min": 5.0,
        "dates": {"workday": "2026-11-04", "dayoff": "2026-11-08"},
        "provenance": "illustrative", "provenance_zh": "示意数据",
        "headline_zh": "20:00 有 12 名骑手（41 %）5 分钟内无站可去",
        "headline_en": "At 20:00 12 riders (41%) have no stop within 5 minutes",
        "clock": [
            {"day": day, "hour": hour, "service": service,
             "covered": 10.0 if 8 <= hour < 20 else 2.0, "total": 14.0}
            for day in ("workday", "dayoff")
            for hour in range(24)
            for service in ("any_stop", "drinking_water")
        ],
        "gaps": [], "unreachable_cells": [], "unknown_hours": ["341523-003"],
    }  # fmt: skip


def town_osm() -> str:
    """The town as OSM XML; every name and id is invented."""
    nodes: dict[tuple[float, float], int] = {}
    ways: list[str] = []

    def node(x: float, y: float) -> int:
        return nodes.setdefault((x, y), -1 - len(nodes))

    def way(points: list[tuple[float, float]], **tags: str) -> None:
        refs = "".join(f'<nd ref="{node(x, y)}"/>' for x, y in points)
        said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        ways.append(f'<way id="{-1001 - len(ways)}" version="1">{refs}{said}</way>')

    def box(x: float, y: float, w: float, h: float, **tags: str) -> None:
        way([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], **tags)

    # One unit is 0.001 degrees from the south-west corner.
    box(4, 9, 30, 13, landuse="residential")
    box(22, 2, 10, 4, landuse="industrial")
    box(12, 12, 3, 3, leisure="park", name="文昌园（示意）")
    way([(0, 6), (12, 7), (24, 6.4), (40, 8)], waterway="river", name="南溪河（示意）")
    way(
        [
            (0, 5.4),
            (12, 6.4),
            (24, 5.8),
            (40, 7.4),
            (40, 8.6),
            (24, 7),
            (12, 7.6),
            (0, 6.6),
            (0, 5.4),
        ],
        natural="water",
    )
    way([(2, 10), (20, 10), (38, 10)], highway="primary", name="人民路（示意）")
    way([(20, 20.5), (20, 15), (20, 10), (20, 8)], highway="primary", name="中山路（示意）")
    way([(20, 8), (20, 5)], highway="primary", name="中山路（示意）", bridge="yes")
    way([(20, 5), (20, 1)], highway="primary", name="中山路（示意）")
    way([(2, 20.5), (20, 20.5), (38, 20.5)], highway="secondary", name="北环路（示意）")
    way([(2, 10), (2, 20.5)], highway="tertiary", name="西环路（示意）")
    way([(38, 10), (38, 20.5)], highway="tertiary", name="东环路（示意）")
    way([(2, 15), (20, 15), (38, 15)], highway="tertiary", name="文昌路（示意）")
    for x in (8, 14, 26, 32):
        way([(x, 10), (x, 15), (x, 20.5)], highway="residential", name=f"巷{x}（示意）")
    way([(4, 8.6), (20, 8.6), (36, 9.2)], highway="cycleway")
    for x in range(4, 36, 2):
        for y in (11, 13, 16, 18):
            box(x + 0.4, y + 0.3, 1.1, 0.8, building="yes")
    town = node(20.5, 14)
    spots = {town: {"place": "town", "name": "城关镇（示意）"}}
    text = "".join(
        f'<node id="{id_}" version="1" lon="{WEST + x / 1000:.6f}" lat="{SOUTH + y / 1000:.6f}">'
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in spots.get(id_, {}).items())
        + "</node>"
        for (x, y), id_ in nodes.items()
    )
    return f'<?xml version="1.0"?><osm version="0.6" upload="never">{text}{"".join(ways)}</osm>'
