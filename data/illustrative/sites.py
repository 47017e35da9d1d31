"""Candidate sites (where a station could be added) and sign sites (where a map could stand)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from shapely import Point

from illustrative.geometry import XY
from illustrative.kuandian import at
from illustrative.stations import entrance
from illustrative.town import Town

#: What can be done at a candidate, and what it costs in the year (yuan; all assumed).
ACTIONS = {
    "new_full": (86000, ["open_full_station"]),
    "new_shop": (12000, ["sign_up_shop"]),
    "cabin": (38000, ["place_cabin"]),
    "night": (24000, ["extend_hours_24h"]),
}


@dataclass(frozen=True)
class Candidate:
    """A place where a station could be, or an existing one that could do more."""

    at: XY
    name: str
    action: str


def candidate_features(town: Town, code: str, candidates: list[Candidate]) -> list[dict[str, Any]]:
    """GeoJSON features: id, name, cost_yuan, actions."""
    made = []
    for number, site in enumerate(candidates, 1):
        x, y, _ = entrance(town, site.at)
        cost, actions = ACTIONS[site.action]
        made.append(
            _feature(
                town.plan.frame.lonlat(x, y),
                {
                    "id": f"{code}-c{number:02d}",
                    "name": f"{site.name}（示意）",
                    "cost_yuan": cost,
                    "actions": actions,
                    "provenance": "illustrative",
                },
            )
        )
    return made


def sign_features(town: Town, code: str, estates: int) -> list[dict[str, Any]]:
    """GeoJSON features of sign sites: parks, plazas, and the gates of the largest estates.

    ``facing`` is the compass direction (degrees from north, clockwise) in which a reader of the
    sign looks: into the park, or out of the gate at the street.
    """
    sites: list[tuple[str, str, XY, float]] = []
    streets = [s.line for s in town.streets if s.name and not s.level]
    for mark in town.plan.landmarks:
        if mark.kind not in ("park", "plaza"):
            continue
        area = town.landmarks[mark.name]
        street = min(streets, key=lambda line: line.distance(area))
        foot = street.interpolate(street.project(area.centroid))
        edge = area.exterior.interpolate(area.exterior.project(foot))
        sites.append((mark.name, mark.kind, (edge.x, edge.y), _bearing(foot, area.centroid)))
    largest = sorted(town.estates, key=lambda e: -e[1].area)[:estates]
    for name, area, gate in sorted(largest):
        sites.append((f"{name}大门", "estate_gate", gate, _bearing(area.centroid, Point(gate))))
    return [
        _feature(
            town.plan.frame.lonlat(*at),
            {
                "id": f"{code}-g{number:02d}",
                "name": f"{name}（示意）",
                "kind": kind,
                "facing": round(facing) % 360,
                "provenance": "illustrative",
            },
        )
        for number, (name, kind, at, facing) in enumerate(sites, 1)
    ]


def _bearing(start: Point, end: Point) -> float:
    return math.degrees(math.atan2(end.x - start.x, end.y - start.y))


def _feature(lonlat: XY, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": list(lonlat)},
    }


SHUCHENG = [
    Candidate((40, -560), "书院夜市口小屋", "cabin"),
    Candidate((-2300, 330), "环城货车停靠区", "new_full"),
    Candidate((2150, 1750), "青竹路货运站", "cabin"),
    Candidate((1700, -1150), "柳浦路街边店", "new_shop"),
    Candidate((-1500, -1450), "南湖西路街边店", "new_shop"),
    Candidate((-1750, 700), "工坊路园区门口", "cabin"),
    Candidate((300, 440), "星光广场延长开放", "night"),
    Candidate((-1480, -60), "孔集社区延长开放", "night"),
    Candidate((4300, 3700), "千人桥镇集镇", "new_full"),
    Candidate((-4400, -3150), "干汊河镇集镇", "new_full"),
    Candidate((-450, 1850), "北山路街边店", "new_shop"),
    Candidate((1900, 300), "麦香路换电点旁小屋", "cabin"),
]

KUANDIAN = [
    Candidate(at(-390, -150), "豆坊夜市口小屋", "cabin"),
    Candidate(at(1750, -500), "城东厂区门口", "new_full"),
    Candidate(at(-1900, -150), "安居社区街边店", "new_shop"),
    Candidate(at(330, 500), "山城广场延长开放", "night"),
    Candidate(at(-640, 400), "中心社区延长开放", "night"),
    Candidate(at(-250, -820), "火车站前小屋", "cabin"),
]
