"""A county on real Chinese streets: Futian in Shenzhen, with stations of the tests' own.

The streets and their names are real (© OpenStreetMap contributors, ODbL; taken by OSMnx in May
2023, GraphML). Nobody has mapped a station there, so the stations, standing at real junctions, and
the riders are made up and say so: （示意） in each name, provenance ``illustrative``.
"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import networkx as nx
import osmnx

SLUG = "futian"
CODE = "440304"
GRAPHML = "osm/shenzhen-futian.graphml"

COUNTY_TOML = """\
# 福田区西南部：街道为真（开放街图），驿站与人数为示意。
code = "440304"
name_zh = "福田区"
name_en = "Futian"
country = "CN"
centre = [114.0210, 22.5345]
ledgers = ["stations.geojson"]
ledger_datum = "wgs84"
townships = ["沙头街道", "香蜜湖街道", "莲花街道"]

[streets]
file = "streets.graphml"
provenance = "osm"
source = "OSMnx 1.2.2"
frozen_on = 2023-05-25
attribution = "© OpenStreetMap contributors"

[demand]
file = "demand.csv"
provenance = "illustrative"
"""

BASIC = ("drinking_water", "meal_heating", "rest_seats", "phone_charging", "first_aid", "heating",
         "cooling", "toilet", "reading", "wifi")  # fmt: skip
SHOP = ("drinking_water", "rest_seats", "phone_charging", "cooling")
MEALS = ("hot_meal", "drinking_water", "rest_seats", "meal_heating", "toilet", "cooling")
ESTATE = ("ebike_charging", "parking", "toilet")

#: name, kind, township, the streets at whose junction it stands, hours as a ledger has them,
#: services, and what else its row says.
Row = tuple[str, str, str, tuple[str, str], str | None, tuple[str, ...], dict[str, Any]]
STATIONS: tuple[Row, ...] = (
    ("泰然科技园暖新驿站", "warm_station", "沙头街道", ("泰然四路", "泰然七路"),
     "24/7", (*BASIC, "ebike_charging", "battery_swap"), {"seats": 18, "sockets": 12}),
    ("车公庙工会驿站", "union_post", "沙头街道", ("泰然九路", "泰然六路"),
     "Mo-Su 08:00-20:00", BASIC, {"entry": "face", "seats": 10}),
    ("泰然三路骑手之家", "warm_station", "沙头街道", ("泰然三路", "泰然十路"),
     "周一至周五 8:30-21:00", BASIC, {"entry": "member_code"}),
    ("科技广场小哥食堂", "canteen", "沙头街道", ("泰然四路", "科技广场路"),
     "Mo-Su 10:00-14:00,17:00-20:30", MEALS,
     {"service_hours": {"hot_meal": "Mo-Su 11:00-13:00,17:30-19:30"}}),
    ("下沙广场暖新驿站", "warm_station", "沙头街道", ("下沙大道", "下沙广场路"),
     "Mo-Su 07:00-23:00", BASIC, {"awards": ["深圳最美驿站"]}),
    ("上沙椰树路工会驿站", "union_post", "沙头街道", ("上沙椰树路", "福强路"),
     "Mo-Fr 09:00-12:00,14:00-18:00", BASIC, {"entry": "bell"}),
    ("沙嘴社区夜间驿站", "warm_station", "沙头街道", ("沙嘴路", "金地一路"),
     "Mo-Su 18:00-02:00", SHOP, {}),
    ("沙嘴路便利店驿站", "warm_station", "沙头街道", ("沙嘴路", "福强路"),
     "全天", SHOP, {"service_hours": {"meal_heating": "Mo-Su 07:00-22:00"}}),
    ("沙尾步行街小哥食堂", "canteen", "沙头街道", ("东村一路", "东村四路"),
     "Mo-Su 11:00-13:30,17:00-19:30; Tu off", MEALS, {}),
    ("金地花园友好小区", "friendly_estate", "沙头街道", ("沙尾路", "金地一路"),
     "24/7", ESTATE, {"entry": "bell"}),
    ("新洲九街工会驿站", "union_post", "沙头街道", ("新洲三街", "新洲九街"),
     "Mo-Sa 08:30-18:00; PH off", BASIC, {}),
    ("竹子林工会驿站", "union_post", "香蜜湖街道", ("竹子林四路", "紫竹六道"),
     "Mo-Fr 09:00-18:00; Sa 09:00-12:00", BASIC, {"entry": "free"}),
    ("紫竹七道友好小区", "friendly_estate", "香蜜湖街道", ("竹子林六路", "紫竹七道"),
     None, ESTATE, {}),
    ("竹香二路暖新驿站", "warm_station", "香蜜湖街道", ("竹香三路", "竹香二路"),
     "Apr-Oct 08:00-22:00; Nov-Mar 08:00-20:00", BASIC, {}),
    ("建业街小哥食堂", "canteen", "香蜜湖街道", ("建业五街", "建业街"),
     "Mo-Su 10:30-13:30", MEALS, {"service_hours": {"hot_meal": "Mo-Fr 11:00-13:00"}}),
    ("香轩路社区驿站", "warm_station", "香蜜湖街道", ("农轩路", "香轩路"),
     '08:00-20:00 "节假日另行通知"', BASIC, {}),
    ("农园路夜间驿站", "warm_station", "香蜜湖街道", ("农园路", "红荔西路"),
     "看门人在就开", SHOP, {}),
    ("香蜜二街便利店驿站", "warm_station", "香蜜湖街道", ("红荔路", "香蜜南二街"),
     "Mo-Su 06:00-24:00", SHOP, {}),
    ("景田路工会驿站", "union_post", "莲花街道", ("景田南路", "景田路"),
     "Mo-Su 08:00-20:00", BASIC, {"status": "temporarily_closed"}),
    ("景田社区暖新驿站", "warm_station", "莲花街道", ("新闻路", "景田南五街"),
     "Mo-Fr 08:30-12:00,14:00-17:30", BASIC, {}),
    ("安托山暖新驿站", "warm_station", "香蜜湖街道", ("侨香三道", "安托山六路"),
     None, BASIC, {"status": "planned"}),
)  # fmt: skip

#: name, the junction in its middle, radius in metres, and the riders there at its busiest hour.
QUARTERS: tuple[tuple[str, tuple[str, str], int, float], ...] = (
    ("车公庙商圈", ("泰然九路", "泰然四路"), 420, 90),
    ("下沙商圈", ("下沙大道", "下沙街"), 350, 60),
    ("沙嘴商圈", ("沙嘴路", "沙嘴中心路"), 380, 55),
    ("新洲商圈", ("新州五街", "新洲九街"), 350, 40),
    ("香蜜湖商圈", ("农轩路", "红荔西路"), 450, 45),
    ("竹子林商圈", ("竹子林五路", "紫竹六道"), 400, 35),
    ("景田商圈", ("香梅路", "景田南路"), 420, 40),
    ("侨香商圈", ("侨香路", "农林路"), 320, 25),
    ("安托山商圈", ("侨香三道", "安托山四路"), 260, 12),
)
#: Of the riders of the busiest hour, those there at each time of a workday and of a day off.
TIMES: tuple[tuple[str, float, float], ...] = (
    ("00:00-06:00", 0.08, 0.10), ("06:00-10:00", 0.35, 0.25), ("10:00-14:00", 1.0, 0.9),
    ("14:00-17:00", 0.7, 0.6), ("17:00-21:00", 0.9, 1.0), ("21:00-24:00", 0.4, 0.5),
)  # fmt: skip


def make_futian(folder: Path, shared: Path) -> Path:
    """Write the county into ``folder``/futian (the same bytes each time) and return that."""
    county = folder / SLUG
    county.mkdir(parents=True)
    (county / "county.toml").write_text(COUNTY_TOML, "utf-8")
    graphml = shared / "data" / GRAPHML
    shutil.copyfile(graphml, county / "streets.graphml")
    junctions = junctions_of(graphml)
    features = [_feature(number, row, junctions) for number, row in enumerate(STATIONS, 1)]
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, indent=1)
    (county / "stations.geojson").write_text(text + "\n", "utf-8")
    with (county / "demand.csv").open("w", encoding="utf-8", newline="") as sheet:
        write = csv.writer(sheet, lineterminator="\n")
        write.writerow(["商圈", "经度", "纬度", "半径米", "日类型", "时段", "人数"])
        for name, streets, radius, riders in QUARTERS:
            lon, lat = junctions[frozenset(streets)]
            for time, workday, dayoff in TIMES:
                for day, part in (("工作日", workday), ("休息日", dayoff)):
                    count = round(riders * part, 1)
                    write.writerow([f"{name}（示意）", lon, lat, radius, day, time, count])
    return county


def junctions_of(graphml: Path) -> dict[frozenset[str], tuple[float, float]]:
    """Where two named streets meet, to seven decimals: the first such node of the file."""
    graph = osmnx.load_graphml(graphml)
    found: dict[frozenset[str], tuple[float, float]] = {}
    for node, said in graph.nodes(data=True):
        names = sorted(_names_at(graph, node))
        for at, one in enumerate(names):
            for other in names[at + 1 :]:
                found.setdefault(
                    frozenset((one, other)), (round(said["x"], 7), round(said["y"], 7))
                )
    return found


def _names_at(graph: nx.MultiDiGraph, node: int) -> set[str]:
    edges = [*graph.in_edges(node, data="name"), *graph.out_edges(node, data="name")]
    names: set[str] = set()
    for _, _, said in edges:
        names.update(said if isinstance(said, list) else filter(None, [said]))
    return names


def _feature(
    number: int,
    row: Row,
    junctions: dict[frozenset[str], tuple[float, float]],
) -> dict[str, Any]:
    name, kind, township, streets, hours, services, more = row
    lon, lat = junctions[frozenset(streets)]
    said = {
        "id": f"{CODE}-{number:03}",
        "county": CODE,
        "kind": kind,
        "name": f"{name}（示意）",
        "township": township,
        "address": f"{streets[0]}与{streets[1]}路口（示意）",
        "services": list(services),
        "hours": hours,
        "entry": "free",
        "verified_on": "2026-10-20",
        "provenance": "illustrative",
        **more,
    }
    return {
        "type": "Feature",
        "properties": {key: value for key, value in said.items() if value is not None},
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }
