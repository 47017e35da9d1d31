"""What a planner takes away for a map program: the layers of a release, one table each.

Stations, cells, gaps of every service, townships, streets and recommended actions, in WGS-84. No
administrative boundary is among them: townships are points, where the base map names their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from locator.coverage.gap_report import CAUSES
from locator.coverage.week import WEEK
from locator.geo.crs import WGS84
from locator.outputs.coverage_words import SHARED, slots_text, worded
from locator.outputs.words import one_line, word
from locator.release.publish import Release

ANY_STOP = "any_stop"
#: Layer → what it is, in Chinese and English; in drawing order, the lowest first.
LAYERS = {
    "streets": ("街道", "Streets"),
    "cells": ("需求与覆盖（六边形）", "Demand and coverage by cell"),
    "gaps": ("缺口", "Gaps, by service"),
    "townships": ("乡镇指标", "Figures by township"),
    "actions": ("建议措施", "Recommended actions"),
    "stations": ("驿站", "Stations"),
}
#: The clock's slots as the ends of columns: workday, then day off.
_SLOTS = [f"{day}_{hour:02d}" for day in ("wd", "do") for hour in range(24)]


def export_layers(release: Release) -> dict[str, gpd.GeoDataFrame]:
    """The layers of a release by name, in drawing order (EPSG:4326); empty ones are left out.

    Columns are told in ``docs/qgis.md``. A release made before there were gaps of services has
    those of any stop alone; one without recommended actions has no such layer.
    """
    coverage = release.json("public/coverage.json")
    names = {row["id"]: one_line(row["name"]) for row in _properties(release)}
    rows = {
        "streets": _streets(release),
        "cells": _cells(release.json("public/cells.json")),
        "gaps": _gaps(release, coverage, names),
        "townships": _townships(release, coverage),
        "actions": _actions(release),
        "stations": _stations(release),
    }
    return {
        layer: gpd.GeoDataFrame(rows[layer], geometry="geometry", crs=WGS84)
        for layer in LAYERS
        if rows[layer]
    }


def service_word(release: Release, code: str, lang: str = "zh") -> str:
    """What a service of the clock is called."""
    if code == ANY_STOP:
        return worded(SHARED, lang, "any_stop")
    said = word(release.manifest, "services", code)
    return one_line(said.zh if lang == "zh" else said.en)


def when(slots: list[str], lang: str = "zh") -> str:
    """Slots in words, with plain blanks: a table has no narrow ones, and not every terminal."""
    return slots_text(lang, slots).replace("\u202f", " ")


def gaps_of(release: Release) -> Mapping[str, list[dict[str, Any]]]:
    """The gaps of a release by service."""
    if "public/gaps.json" in release.files:
        found: dict[str, list[dict[str, Any]]] = release.json("public/gaps.json")
        return {ANY_STOP: found.pop(ANY_STOP), **dict(sorted(found.items()))}
    return {ANY_STOP: release.json("public/coverage.json")["gaps"]}


def _properties(release: Release) -> list[dict[str, Any]]:
    features = release.json("public/stations.geojson")["features"]
    return [feature["properties"] for feature in features]


def _stations(release: Release) -> list[dict[str, Any]]:
    """The public columns of the ledger; lists as text, so that a table can hold them."""
    rows = []
    for feature in release.json("public/stations.geojson")["features"]:
        said = feature["properties"]
        row = {key: _text(value) for key, value in said.items()}
        row["kind_zh"] = one_line(word(release.manifest, "kinds", said["kind"]).zh)
        row["geometry"] = shapely.Point(feature["geometry"]["coordinates"])
        rows.append(row)
    return rows


def _cells(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Riders and cover of any stop in wide columns (``riders_wd_20``, ``open_wd_20``), the cover of
    each service as a text of 48 digits; ``riders`` and ``uncovered`` are rider-hours a week."""
    rows = []
    for cell in said["cells"]:
        riders = np.array(cell["riders"])
        bits = cell["covered"][ANY_STOP]
        is_open = np.array([bit == "1" for bit in bits])
        rows.append(
            {
                "h3": cell["h3"],
                "nearest_min": None if cell["nearest_s"] is None else cell["nearest_s"] / 60,
                "riders": round(float(riders @ WEEK), 3),
                "uncovered": round(float((riders * ~is_open) @ WEEK), 3),
                **{f"riders_{slot}": value for slot, value in zip(_SLOTS, riders, strict=True)},
                **{f"open_{slot}": bool(on) for slot, on in zip(_SLOTS, is_open, strict=True)},
                **{f"covered_{code}": bits for code, bits in sorted(cell["covered"].items())},
                "geometry": shapely.Polygon(cell["ring"]),
            }
        )
    return rows


def _gaps(
    release: Release, coverage: Mapping[str, Any], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "id": gap["id"],
            "service": service,
            "service_zh": service_word(release, service),
            "rank": rank,
            "name": one_line(gap["name"]),
            "name_en": one_line(gap.get("name_en", gap["name"])),
            "rider_hours": gap["rider_hours"],
            "when_zh": when(gap["hours"]),
            "when_en": slots_text("en", gap["hours"]),
            "hours": ";".join(gap["hours"]),
            "riders": ";".join(f"{count:g}" for count in gap.get("riders", ())),
            "open_station": ";".join(id_ or "" for id_ in gap.get("open_station", ())),
            "open_minutes": ";".join(
                "" if minutes is None else f"{minutes:g}" for minutes in gap.get("open_minutes", ())
            ),
            "cause": gap["cause"],
            "cause_zh": CAUSES[gap["cause"]][0],
            "services_never": ";".join(gap["services"]),
            "township": gap["township"],
            "street": gap["street"],
            "nearest_station": gap["nearest_station"],
            "nearest_name": names.get(gap["nearest_station"] or ""),
            "nearest_minutes": gap["nearest_minutes"],
            "reach_min": coverage["reach_min"],
            "geometry": _areas(gap["geometry"]),
        }
        for service, gaps in gaps_of(release).items()
        for rank, gap in enumerate(gaps, start=1)
    ]


def _townships(release: Release, coverage: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figures of each township, at the point where the base map names it (else nowhere)."""
    places = {
        feature["properties"].get("name", "").partition("（")[0]: feature["geometry"]
        for feature in release.layers().get("places", ())
        if feature["properties"]["class"] == "township"
    }
    rows = []
    for said in (coverage.get("measures") or {}).get("townships", ()):
        name = said["name"]
        place = places.get((name or "").partition("（")[0])
        rows.append(
            {
                "name": name,
                **flat(said),
                "geometry": shapely.Point(place["coordinates"]) if place else None,
            }
        )
    return rows


def flat(said: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Nested figures as columns: ``minutes.week.p50`` becomes ``minutes_week_p50``."""
    found: dict[str, Any] = {}
    for key, value in said.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{before}{key}_")
        elif not isinstance(value, list):
            found[before + key] = value
    return found


def _streets(release: Release) -> list[dict[str, Any]]:
    return [
        {
            "class": feature["properties"]["class"],
            "name": one_line(feature["properties"].get("name") or "") or None,
            "geometry": shapely.geometry.shape(feature["geometry"]),
        }
        for feature in release.layers().get("roads", ())
    ]


def _actions(release: Release) -> list[dict[str, Any]]:
    if "public/actions.json" not in release.files:
        return []
    return [
        {
            **{key: value for key, value in action.items() if not isinstance(value, dict | list)},
            "geometry": shapely.Point(action["lon"], action["lat"]),
        }
        for action in release.json("public/actions.json")["actions"]
    ]


def _areas(geometry: dict[str, Any]) -> shapely.MultiPolygon:
    shape = shapely.geometry.shape(geometry)
    return shapely.MultiPolygon(list(getattr(shape, "geoms", [shape])))


def _text(value: Any) -> Any:
    """A value of the ledger as a table's cell holds it."""
    if isinstance(value, list):
        return ";".join(map(str, value))
    if isinstance(value, dict):
        return " | ".join(f"{key}: {said}" for key, said in sorted(value.items()))
    return one_line(value) if isinstance(value, str) else value
