"""What a start found and lacked: one JSON object, and the same in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from locator.checks.validate import Report
from locator.release.features import Features
from locator.starter.boundaries import Boundary
from locator.starter.clip import Cut
from locator.starter.extract import ground_m2
from locator.starter.facts import Facts
from locator.starter.found import Found
from locator.starter.outline import Outline, chinese_name, township_name
from locator.starter.riders import DAY_ZH, Headcount
from locator.starter.source import Source
from locator.stations.cells import clean
from locator.streets.graph import StreetGraph

#: So many examples are kept of what cannot be read.
EXAMPLES = 5


def summary(
    source: Source,
    said: Facts,
    outline: Outline | None,
    units: Sequence[Boundary],
    counts: Mapping[str, int],
    cut: Cut,
    streets: StreetGraph,
    *,
    found: Found,
    sites: Found,
    signs: Found,
    riders: Sequence[Headcount],
    checked: Report,
    drawn: Features,
    today: date,
) -> dict[str, Any]:
    """Everything that was found, and everything that was dropped, counted; fit for JSON."""
    return {
        "county": asdict(said),
        "extract": {
            "file": source.path.name,
            "sha256": source.sha256,
            "dated": source.dated.isoformat() if source.dated else None,
            "age_days": (today - source.dated).days if source.dated else None,
            **source.counts,
        },
        "outline": _outline(outline) if outline else None,
        "townships": {
            "names": [township_name(unit) for unit in units],
            "closed": [township_name(unit) for unit in units if unit.closed_m],
            "without_chinese_name": sum(chinese_name(unit.tags) is None for unit in units),
        },
        "places": dict(counts),
        "streets": {**asdict(cut), **streets.report},
        "basemap": {
            "features": {layer: len(table) for layer, table in drawn.tables.items()},
            "lost": dict(drawn.lost),
        },
        "stations": _stations(found, checked),
        "candidates": _found(sites),
        "sign_sites": _found(signs),
        "demand": _demand(riders),
    }


def _outline(outline: Outline) -> dict[str, Any]:
    return {
        "how": outline.how,
        "source": outline.source,
        "name": outline.name_zh or clean(outline.tags.get("name", "")),
        "area_km2": round(float(ground_m2(outline.shape)) / 1e6, 1),
        "closed_m": round(outline.closed_m),
    }


def _found(found: Found) -> dict[str, Any]:
    return {
        "count": len(found.features),
        "taken": dict(found.taken.most_common()),
        "passed_over": dict(found.passed_over.most_common()),
    }


def _stations(found: Found, checked: Report) -> dict[str, Any]:
    said = [each["properties"] for each in found.features]
    unreadable = [
        clean(str(finding.value))
        for finding in checked.findings
        if finding.code == "hours_unparsable"
    ]
    return {
        **_found(found),
        "hours": dict(found.hours),
        "hours_unreadable": list(dict.fromkeys(filter(None, unreadable)))[:EXAMPLES],
        "without_phone": sum(not each.get("phone") for each in said),
        "without_township": sum(not each.get("township") for each in said),
        "published": checked.counts["published"],
        "quarantined": checked.counts["quarantined"],
        "findings": dict(Counter(finding.code for finding in checked.findings).most_common()),
    }


def _demand(riders: Sequence[Headcount]) -> dict[str, Any]:
    at_noon = [r.riders for r in riders if r.day == DAY_ZH["workday"] and _covers(r.hours, 12)]
    return {
        "rows": len(riders),
        "restaurants": len({row[:3] for row in riders if row.radius_m}),
        "home_cells": len({row[:3] for row in riders if not row.radius_m}),
        "riders_at_noon": round(sum(at_noon), 1),
    }


def _covers(hours: str, hour: int) -> bool:
    """Whether the span ``11:00-14:00`` holds the hour from ``hour`` on."""
    start, end = (int(each[:2]) for each in hours.split("-"))
    return start <= hour < end
