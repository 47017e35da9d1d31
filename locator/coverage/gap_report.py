"""Gaps as files: the JSON of the release, and what a gap's cause is called."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

if TYPE_CHECKING:
    from locator.coverage.gap_succession import Before

#: The causes of `find_gaps` in Chinese and English.
CAUSES = {
    "no_stop": ("附近无站", "no stop near"),
    "closed": ("附近的站关门", "the stop near is closed"),
    "no_service": ("附近的站没有这项服务", "the stop near lacks the service"),
    "hours_unknown": ("附近的站时间不详", "the hours of the stop near are unknown"),
    "no_street": ("没有街道通到", "no street leads there"),
}


def gap_records(gaps: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """A table of gaps (see `find_gaps`) as JSON: the columns by name, worst first.

    Rider-hours are rounded to a thousandth; ``geometry`` is GeoJSON (lon, lat, WGS-84, to a
    millionth of a degree).
    """
    return [
        {
            **{name: gap[name] for name in gaps.columns if name != "geometry"},
            "rider_hours": round(float(gap["rider_hours"]), 3),
            "geometry": outline_json(gap["geometry"]),
        }
        for gap in gaps.to_dict("records")
    ]


def gaps_json(gaps: Mapping[str, gpd.GeoDataFrame]) -> dict[str, list[dict[str, Any]]]:
    """What ``public/gaps.json`` holds: the gaps of each service of the clock, by its code."""
    return {service: gap_records(table) for service, table in gaps.items()}


def outline_json(shape: shapely.Geometry) -> dict[str, Any]:
    """An outline as a GeoJSON geometry."""
    found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return found


def changes_json(before: Before | None, changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What ``coverage.json`` says of the release before: which it is, and what became of its gaps.

    ``gaps_since`` is None where there is none; ``gap_changes`` are those of `gap_changes`.
    """
    since = before and {"release": before.release, "as_of": before.as_of.isoformat()}
    return {"gaps_since": since, "gap_changes": list(changes)}
