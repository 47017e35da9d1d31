"""The places where a direction sign stands: parks, plazas, gates of estates."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from locator.county import PROVENANCE_ORDER, Provenance
from locator.coverage.siting.candidates import FAR_M
from locator.errors import ConfigError
from locator.geo.crs import haversine_m
from locator.outputs.signs.batch import SignFailure
from locator.outputs.words import one_line

#: An id names a file beside that of the contact sheet.
_ID = re.compile(r"(?!contact-sheet$)[a-z0-9-]{1,32}")


@dataclass(frozen=True, slots=True)
class SignSite:
    """A place (WGS-84 degrees) and the way its reader looks: ``facing`` degrees from north, None
    where nobody has said."""

    id: str
    name: str
    lon: float
    lat: float
    facing: float | None
    provenance: Provenance


def read_sign_sites(
    path: Path, centre: tuple[float, float]
) -> tuple[list[SignSite], list[SignFailure]]:
    """The sites of a GeoJSON file of points (WGS-84; `data/README.md` has the properties), by id,
    and those that cannot be used, with the reason.

    Raises ConfigError where the file cannot be read at all.
    """
    try:
        features = list(json.loads(path.read_text("utf-8"))["features"])
    except OSError as error:
        raise ConfigError(
            f"{path}：读不了立牌处文件 / the sign sites cannot be read ({error.strerror}); "
            "name another with --sites."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path}：不是立牌处文件（GeoJSON 的点）/ no GeoJSON FeatureCollection of points "
            f"({type(error).__name__}: {error}); export it again."
        ) from error
    sites: dict[str, SignSite] = {}
    failed = []
    for number, feature in enumerate(features, start=1):
        found = _site(feature, centre)
        if isinstance(found, SignSite) and found.id not in sites:
            sites[found.id] = found
        else:
            reason = found if isinstance(found, str) else "编号重复 / its id is that of another"
            failed.append(SignFailure(*_called(feature, number), reason))
    return [sites[key] for key in sorted(sites)], failed


def _called(feature: Any, number: int) -> tuple[str, str]:
    said = feature.get("properties") if isinstance(feature, dict) else None
    said = said if isinstance(said, dict) else {}
    key, name = said.get("id") or f"第 {number} 个 / no. {number}", said.get("name") or ""
    return one_line(str(key))[:40], one_line(str(name))


def _site(feature: Any, centre: tuple[float, float]) -> SignSite | str:
    """The site, or the reason why there is none."""
    try:
        point, said = feature["geometry"], feature["properties"] or {}
        lon, lat = (float(x) for x in point["coordinates"][:2])
        if point["type"] != "Point" or not (math.isfinite(lon) and math.isfinite(lat)):
            raise ValueError(point["type"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return "不是一个点（GeoJSON Point，经度在前）/ no point (GeoJSON Point, longitude first)"
    key, name = said.get("id"), one_line(str(said.get("name") or ""))
    if not isinstance(key, str) or not _ID.fullmatch(key):
        return (
            f"编号 {key!r} 不能用：请写 1–32 个小写字母、数字或 - / "
            "its id must be 1 to 32 small letters, figures or hyphens, and not contact-sheet"
        )
    if abs(lon) > 180 or abs(lat) > 90 or haversine_m(lon, lat, *centre) > FAR_M:
        return (
            f"{lon:.5f},{lat:.5f} 远在县外，经纬度是否颠倒 / "
            "far from the county; are the degrees swapped?"
        )
    facing = said.get("facing")
    if facing is not None and not (_is_number(facing) and 0 <= facing <= 360):
        return f"朝向 facing {facing!r} 不是 0–360 度 / facing must be degrees from north, 0 to 360"
    provenance = said.get("provenance", "ledger")
    if provenance not in PROVENANCE_ORDER:
        known = "、".join(PROVENANCE_ORDER)
        return f"来源 provenance {provenance!r} 不认得，请写 {known} / no such provenance"
    if not name:
        return "没有名称 / it has no name"
    turned = None if facing is None else float(facing) % 360
    return SignSite(key, name, lon, lat, turned, provenance)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
