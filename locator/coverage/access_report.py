"""What the streets let riders reach: the load of the network, who is cut off, the nearest three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from locator.county import PROVENANCE_ZH, County, Provenance, weakest
from locator.coverage.ground import Ground
from locator.coverage.minutes import quantile_min
from locator.coverage.siting.candidates import LEFT_OUT, Candidates
from locator.coverage.supply import stops
from locator.coverage.week import WEEK
from locator.streets.access import nearest_k
from locator.streets.report import streets_report, streets_text
from locator.streets.snap import snap
from locator.streets.unreachable import REASONS, why_unreachable

#: A station farther than this from the street is worth a look: its point may be wrong.
FAR_SNAP_M = 50.0
#: How many nearest stops are told of.
NEAREST = 3
_SHOWN = 10


def access_report(
    county: County,
    ground: Ground,
    minutes: Sequence[int],
    candidates: Candidates | None = None,
) -> dict[str, Any]:
    """The network of a county, and what is near on it, as JSON can hold it.

    ``nearest`` says, for the nearest, second and third stop in service, the share of the riders
    (cells weighted by their rider-hours a week) who have it within each of ``minutes``, whatever
    its hours, and the median of their times; ``cells`` the times in tenths of a second of each
    cell. ``candidates`` are looked up, too.
    """
    streets = ground.streets
    stations = ground.stations
    limit_m = county.streets.snap_max_m
    lon, lat = ground.demand.centres.T

    def cut_off(ids: Sequence[str], x: Any, y: Any, snapped: Any, which: Any) -> list[dict]:  # type: ignore[type-arg]
        return [
            {"id": ids[one.position], "reason": one.reason, "street_m": one.street_m}
            for one in why_unreachable(
                streets, np.asarray(x), np.asarray(y), snapped, which, limit_m
            )
        ]

    ids = stations["id"].tolist()
    doors = ground.doors
    far = np.flatnonzero(np.nan_to_num(doors.distance_m) > FAR_SNAP_M)
    report = {
        "county": county.slug,
        "streets": streets_report(county, streets),
        "stations": len(ids),
        "provenance": _provenance(county, ground),
        "far_from_street": [
            {"id": ids[i], "street_m": round(float(doors.distance_m[i]), 1)}
            for i in sorted(far, key=lambda i: -doors.distance_m[i])
        ],
        "unreachable_stations": cut_off(
            ids,
            stations.geometry.x,
            stations.geometry.y,
            doors,
            ground.access.unreachable_stations,
        ),
        "unreachable_cells": cut_off(
            ground.demand.cells, lon, lat, ground.cells, ground.access.unreachable_cells
        ),
        **_nearest(county, ground, minutes),
    }
    if candidates is not None:
        sites = candidates.sites
        x, y = np.array([(site.lon, site.lat) for site in sites]).reshape(-1, 2).T
        at = snap(streets, x, y, limit_m, county.streets.snap_kmh)
        nowhere = np.flatnonzero(at.edge < 0)
        report["candidates"] = len(sites)
        report["unreachable_candidates"] = cut_off([site.id for site in sites], x, y, at, nowhere)
        report["candidates_left_out"] = candidates.left_out
    return report


def _provenance(county: County, ground: Ground) -> Provenance:
    """The weakest of streets, stations and demand."""
    sources = [county.streets.provenance, *ground.stations["provenance"]]
    if ground.demand.provenance is not None:
        sources.append(ground.demand.provenance)
    return weakest(sources)


def _nearest(county: County, ground: Ground, minutes: Sequence[int]) -> dict[str, Any]:
    found = nearest_k(
        ground.streets,
        ground.cells,
        ground.doors,
        NEAREST,
        county.streets.parking_s,
        stops(ground.stations, county),
    )
    weight = ground.demand.riders @ WEEK
    total = float(weight.sum())
    rows = []
    for rank, time in enumerate(found.time_ds.T):
        led = time >= 0
        within = {
            str(limit): round(float(weight[led & (time <= limit * 600)].sum()) / total, 4)
            if total
            else None
            for limit in minutes
        }
        half = quantile_min(time, weight, 0.5)
        median = None if half is None else round(half, 1)
        rows.append({"rank": rank + 1, "within": within, "median_min": median})
    ids = ground.stations["id"].tolist()
    return {
        "minutes": list(minutes),
        "nearest": rows if total else [],
        "cells": [
            {
                "cell": cell,
                "nearest": [
                    {"id": ids[station], "ds": int(time)}
                    for station, time in zip(stations, times, strict=True)
                    if station >= 0
                ],
            }
            for cell, stations, times in zip(
                ground.demand.cells, found.station, found.time_ds, strict=True
            )
        ],
    }


def access_text(report: Mapping[str, Any], *, lang: str = "zh") -> str:
    """An :func:`access_report` as a person reads it, in Chinese (``zh``) or English."""
    zh = lang == "zh"
    lines = [streets_text(report["streets"], lang=lang), ""]
    far = [f"{one['id']} {one['street_m']:.0f} m" for one in report["far_from_street"]]
    lines += _list(
        f"离街道 {FAR_SNAP_M:.0f} 米以上的站" if zh else f"Stations over {FAR_SNAP_M:.0f} m off",
        far,
        zh=zh,
    )
    for key, said_zh, said_en in (
        ("unreachable_stations", "骑不到的站", "Stations that nobody reaches"),
        ("unreachable_cells", "骑不出去的格子", "Cells that nobody gets out of"),
        ("unreachable_candidates", "骑不到的候选点", "Candidate sites that nobody reaches"),
    ):
        if key in report:
            lines += _list(said_zh if zh else said_en, _reasons(report[key], zh=zh), zh=zh)
    left_out = [
        f"{name}：{LEFT_OUT[reason][0]}" if zh else f"{name}: {LEFT_OUT[reason][1]}"
        for reason, names in report.get("candidates_left_out", {}).items()
        for name in names
    ]
    if left_out:
        lines += _list("没有算的候选点" if zh else "Candidate sites left out", left_out, zh=zh)
    lines += ["", *_table(report, zh=zh)]
    lineage = report["provenance"]
    lines.append(
        f"  其中最弱的来源：{PROVENANCE_ZH[lineage]}" if zh else f"  The weakest source: {lineage}"
    )
    return "\n".join(lines)


def _list(head: str, rows: Sequence[str], *, zh: bool) -> list[str]:
    if not rows:
        return [f"  {head}：无" if zh else f"  {head}: none"]
    more = len(rows) - _SHOWN
    rest = [f"    … 还有 {more} 处" if zh else f"    … and {more} more"] if more > 0 else []
    count = f"  {head}：{len(rows)} 处" if zh else f"  {head}: {len(rows)}"
    return [count, *(f"    {row}" for row in rows[:_SHOWN]), *rest]


def _reasons(rows: Sequence[Mapping[str, Any]], *, zh: bool) -> list[str]:
    said = []
    for row in rows:
        why = REASONS[row["reason"]][not zh]
        away = row["street_m"]
        if row["reason"] != "no_way" and away is not None:
            why += (
                f"，离能走的街道 {away:,.0f} 米" if zh else f", {away:,.0f} m from one that counts"
            )
        said.append(f"{row['id']}：{why}" if zh else f"{row['id']}: {why}")
    return said


def _table(report: Mapping[str, Any], *, zh: bool) -> list[str]:
    if not report["nearest"]:
        return [
            "  需求未知，没有格子可量。" if zh else "  Demand is unknown: no cell to measure from."
        ]
    heads = [f"≤ {limit} min" for limit in report["minutes"]]
    lines = [
        "  骑手离最近的站（不论几点开门）"
        if zh
        else "  Riders and their nearest stops, open or not",
        "      " + "".join(f"{head:>10}" for head in [*heads, "p50 min"]),
    ]
    for row in report["nearest"]:
        shares = [f"{100 * share:.0f} %" for share in row["within"].values()]
        median = "—" if row["median_min"] is None else f"{row['median_min']:.1f}"
        lines.append(f"    {row['rank']} " + "".join(f"{one:>10}" for one in [*shares, median]))
    return lines
