"""The candidate sites of a county: a GeoJSON file of places where a station could stand."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locator.county import PROVENANCE_ORDER, County, Provenance
from locator.errors import ConfigError, HoursError
from locator.geo.crs import haversine_m
from locator.geo.outline import outside_outline_m
from locator.geo.water import in_water
from locator.stations.hours import normalise_hours
from locator.streets.graph import StreetGraph
from locator.streets.snap import snap

#: Farther than this from the county's middle no site of it lies; swapped coordinates do.
FAR_M = 300_000.0

#: Why a site was left out, for people.
LEFT_OUT = {
    "no_point": ("不是一个点", "no point"),
    "no_id": ("没有编号，或编号重复", "no id, or one that another has"),
    "far": ("远在县外，经纬度是否颠倒", "far from the county; are the degrees swapped?"),
    "outside": ("在县界外", "outside the county"),
    "in_water": ("在水里", "in the water"),
    "off_street": ("附近没有街道", "no street near"),
    "no_action": ("没有认得的做法（actions）", "no known action"),
    "hours": ("开放时间读不懂", "hours that cannot be read"),
    "cost": ("花费（cost_yuan）不是 0 以上的数", "a cost_yuan that is no number from 0 up"),
    "same_station": ("旁边的站已由另一候选点延时", "the station beside it is that of another"),
    "always_open": ("旁边的站本来就全天开放", "the station beside it is always open"),
    "no_file": ("是读不了的文件", "a file that cannot be read"),
}


@dataclass(frozen=True)
class Candidate:
    """A site (WGS-84 degrees). ``cost`` is in yuan a year, None where the file does not say."""

    id: str
    name: str
    lon: float
    lat: float
    actions: tuple[str, ...]
    cost: float | None
    hours: str | None
    provenance: Provenance


@dataclass(frozen=True)
class Candidates:
    """The sites that can be used, and what was left out: reason → ids (or numbers) of sites."""

    sites: tuple[Candidate, ...]
    left_out: dict[str, list[str]] = field(default_factory=dict)


def read_candidates(
    path: Path,
    county: County,
    streets: StreetGraph,
    water: NDArray[np.object_] | None = None,
) -> Candidates:
    """`read_sites` without those where no station can stand: in the water (``water``: polygons),
    far from every street or outside the county.
    """
    read = read_sites(path, county)
    left_out = {reason: list(ids) for reason, ids in read.left_out.items()}
    wrong = _off_the_ground(read.sites, county, streets, water)
    for site, reason in zip(read.sites, wrong, strict=True):
        if reason:
            left_out.setdefault(reason, []).append(site.id)
    kept = (site for site, reason in zip(read.sites, wrong, strict=True) if not reason)
    return Candidates(tuple(kept), dict(sorted(left_out.items())))


def read_sites(path: Path, county: County) -> Candidates:
    """Read the sites of ``path`` (GeoJSON points in WGS-84; `data/README.md` has the properties).

    A site without point or id, far from the county, or whose actions nobody knows, is left out and
    counted. Raises ConfigError where the file cannot be read at all.
    """
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        entries = [(number, dict(each)) for number, each in enumerate(features, start=1)]
    except OSError as error:
        raise ConfigError(
            f"{path}: 读不了候选点文件 / the candidates cannot be read ({error.strerror}); "
            "name another with --candidates."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path}: 不是候选点文件（GeoJSON 的点）/ no GeoJSON FeatureCollection of points "
            f"({type(error).__name__}: {error}); export it again."
        ) from error
    left_out: dict[str, list[str]] = {}
    sites: list[Candidate] = []
    ids: Counter[str] = Counter()
    for number, feature in entries:
        found = _candidate(feature, county)
        if isinstance(found, Candidate):
            ids[found.id] += 1
            if ids[found.id] == 1:
                sites.append(found)
                continue
        left_out.setdefault(found if isinstance(found, str) else "no_id", []).append(
            _called(feature, number)
        )
    return Candidates(tuple(sorted(sites, key=lambda site: site.id)), left_out)


def _called(feature: dict[str, Any], number: int) -> str:
    properties = feature.get("properties")
    own = properties.get("id") if isinstance(properties, dict) else None
    return str(own)[:40] if own else f"第 {number} 个 / no. {number}"


def _candidate(feature: dict[str, Any], county: County) -> Candidate | str:
    """The site, or the reason why there is none."""
    point: Any = feature.get("geometry")
    said = feature.get("properties")
    try:
        lon, lat = (round(float(x), 6) for x in point["coordinates"][:2])  # as scenarios name it
    except (KeyError, TypeError, ValueError, OverflowError):
        return "no_point"
    if point.get("type") != "Point" or not (math.isfinite(lon) and abs(lat) <= 90):
        return "no_point"
    said = said if isinstance(said, dict) else {}
    name = said.get("id")
    if not isinstance(name, str) or not name.strip():
        return "no_id"
    if haversine_m(lon, lat, *county.centre) > FAR_M:
        return "far"
    stated = said.get("actions")
    listed = [code for code in stated if isinstance(code, str)] if isinstance(stated, list) else []
    actions = tuple(code for code in dict.fromkeys(listed) if code in county.openings)
    if not actions:
        return "no_action"
    try:
        hours = _hours(said.get("hours"))
    except HoursError:
        return "hours"
    try:
        cost = _cost(said.get("cost_yuan"))
    except (TypeError, ValueError):
        return "cost"
    given = said.get("provenance")
    provenance: Provenance = given if given in PROVENANCE_ORDER else "ledger"
    called = str(said.get("name") or name).strip()
    return Candidate(name.strip(), called, lon, lat, actions, cost, hours, provenance)


def _hours(text: object) -> str | None:
    if text is not None and not isinstance(text, str):
        raise HoursError(f"{text!r}：开放时间要写成文字 / opening hours are a text.")
    return normalise_hours(text)


def _cost(value: Any) -> float | None:
    if value is None:
        return None
    cost = float(value)
    if isinstance(value, bool) or not 0 <= cost < math.inf:
        raise ValueError(value)
    return cost


def _off_the_ground(
    sites: Sequence[Candidate],
    county: County,
    streets: StreetGraph,
    water: NDArray[np.object_] | None,
) -> list[str]:
    """For each site why it cannot be used, or ""."""
    if not sites:
        return []
    lon, lat = np.array([(site.lon, site.lat) for site in sites]).T
    off = snap(streets, lon, lat, county.streets.snap_max_m, county.streets.snap_kmh).edge < 0
    outside = np.zeros(len(sites))
    if county.outline is not None:
        outside = outside_outline_m(county.path(county.outline), county.centre, lon, lat)
    wet = in_water(lon, lat, water)
    return [
        "outside" if out else "in_water" if in_water else "off_street" if nowhere else ""
        for out, in_water, nowhere in zip(outside > 0, wet, off, strict=True)
    ]
