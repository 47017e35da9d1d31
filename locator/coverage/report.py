"""Coverage as files and words: the JSON of the release, and its headline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import h3

from locator.county import PROVENANCE_ZH, County, Provenance, weakest
from locator.coverage.clock import Coverage
from locator.coverage.demand import DAYS, SLOTS
from locator.coverage.demand.cells import resolutions
from locator.coverage.gap_report import gap_records
from locator.coverage.week import DAY_WORDS

DAYS_EN = {"workday": "On a workday", "dayoff": "On a day off"}
_SOURCES_ZH = {"stations": "站点", "streets": "街道", "demand": "需求", "candidates": "候选点"}
UNKNOWN_ZH = "需求未知：还没有骑手人数，说不出什么时候、在哪里缺站。"
UNKNOWN_EN = (
    "Demand is unknown: without a headcount of riders nobody can say when or where stops are "
    "missing."
)


def coverage_json(coverage: Coverage, gaps: gpd.GeoDataFrame, county: County) -> dict[str, Any]:
    """What the planner's page and ``locator coverage --json`` show.

    Rider-hours are rounded to a thousandth; those of gaps are of a week, which ``gap_hours`` says
    (without it, of a release made before, they sum one workday and one day off). ``geometry`` is
    GeoJSON (lon, lat, WGS-84). Where the demand is unknown the headlines say so, and clock and
    gaps are empty.
    """
    rows = coverage.clock.to_dict("records")
    lineage = weakest(list(coverage.provenance.values()))
    return {
        "county": county.slug,
        "as_of": coverage.as_of.isoformat(),
        "reach_min": coverage.reach_min,
        "dates": {day: coverage.dates[day].isoformat() for day in DAYS},
        "provenance": lineage,
        "provenance_zh": provenance_words(coverage.provenance, coverage.mixed_stations),
        "sources": dict(sorted(coverage.provenance.items())),
        "headline_zh": headline_zh(coverage),
        "headline_en": headline_en(coverage),
        "clock": [
            {
                "day": row["day"],
                "hour": int(row["hour"]),
                "service": row["service"],
                "covered": round(float(row["covered"]), 3),
                "total": round(float(row["total"]), 3),
            }
            for row in rows
        ],
        "gaps": gap_records(gaps),
        "gap_hours": "week",
        "unreachable_cells": coverage.unreachable_cells,
        "unreachable_stations": coverage.unreachable_stations,
        "unknown_hours": coverage.unknown_hours,
    }


def cells_json(coverage: Coverage, townships: Sequence[str | None]) -> dict[str, Any]:
    """The cells as a map draws them: outline, riders of 48 slots, and a bit a slot and service.

    ``townships`` are the names of theirs, None where nobody knows.
    """
    return {
        "resolutions": resolutions(coverage.demand.cells),
        "slots": [f"{day} {hour}" for day, hour in SLOTS],
        "services": list(coverage.services),
        "cells": [
            {
                "h3": cell,
                "lon": round(float(coverage.demand.centres[at, 0]), 6),
                "lat": round(float(coverage.demand.centres[at, 1]), 6),
                "ring": _ring(cell),
                "township": townships[at],
                "riders": [round(float(riders), 3) for riders in coverage.demand.riders[at]],
                "nearest_s": _seconds(int(coverage.nearest_ds[at])),
                "covered": {
                    service: "".join("1" if yes else "0" for yes in coverage.covered[row, :, at])
                    for row, service in enumerate(coverage.services)
                },
            }
            for at, cell in enumerate(coverage.demand.cells)
        ],
    }


def headline_zh(coverage: Coverage) -> str:
    """The worst hour of the clock in one sentence: where most riders have no stop to go to."""
    if not coverage.demand.riders.any():
        return UNKNOWN_ZH
    slot, riders, share = _worst(coverage)
    if riders == 0:
        return f"无论何时，骑手 {coverage.reach_min:g} 分钟内都有站可去。"
    day, hour = SLOTS[slot]
    return (
        f"{DAY_WORDS[day]['zh']} {hour:02d}:00 有 {_people(riders)} 骑手（{share * 100:.0f} %）"
        f"{coverage.reach_min:g} 分钟内无站可去。"
    )


def headline_en(coverage: Coverage) -> str:
    """`headline_zh` in English."""
    if not coverage.demand.riders.any():
        return UNKNOWN_EN
    slot, riders, share = _worst(coverage)
    if riders == 0:
        return f"At every hour, every rider has a stop within {coverage.reach_min:g} minutes."
    day, hour = SLOTS[slot]
    return (
        f"{DAYS_EN[day]} at {hour:02d}:00, {_people(riders)} riders ({share:.0%}) have no stop "
        f"within {coverage.reach_min:g} minutes."
    )


def provenance_words(provenance: Mapping[str, Provenance], mixed_stations: bool = False) -> str:
    """Where the numbers come from, in Chinese; what is made up is named first, and it alone.

    With ``mixed_stations`` only some of them are what ``provenance`` (the weakest) says.
    """
    zh = {**_SOURCES_ZH, "stations": "部分站点"} if mixed_stations else _SOURCES_ZH
    made_up = [key for key in _SOURCES_ZH if provenance.get(key) == "illustrative"]
    rest = [
        key for key in _SOURCES_ZH if key not in made_up and (key in provenance or key == "demand")
    ]
    if not made_up:
        return "，".join(_source_words(zh[key], key, provenance) for key in rest)
    invented = "、".join(zh[key] for key in made_up)
    if not rest:
        return f"示意数据，不可引用：{invented}都是编的"
    others = "，".join(_source_words(zh[key], key, provenance) for key in rest)
    return f"{invented}为示意数据，由此算出的不可引用；{others}"


def _source_words(zh: str, key: str, provenance: Mapping[str, Provenance]) -> str:
    if key not in provenance:
        return f"{zh}未知"
    if (key, provenance[key]) == ("stations", "osm"):
        return f"{zh}来自开放街图，未经核实"
    return f"{zh}为{PROVENANCE_ZH[provenance[key]]}"


def _worst(coverage: Coverage) -> tuple[int, float, float]:
    """The slot in which most riders go without, how many, and their share of all."""
    missing = coverage.uncovered.sum(axis=0)
    slot = int(missing.argmax())
    riders = float(missing[slot])
    return slot, riders, riders / float(coverage.demand.riders[:, slot].sum()) if riders else 0.0


def _people(riders: float) -> str:
    return f"{max(1, round(riders)):,}"


def _seconds(time_ds: int) -> int | None:
    return None if time_ds < 0 else (time_ds + 5) // 10


def _ring(cell: str) -> list[list[float]]:
    ring = [[round(lon, 6), round(lat, 6)] for lat, lon in h3.cell_to_boundary(cell)]
    return [*ring, ring[0]]
