"""Where a row would stand if its coordinates were in another datum than the declared one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from locator.geo.crs import bearing_deg, haversine_m
from locator.geo.datum import CHINA_BOX, convert_datum

Floats = NDArray[np.float64]

#: What coordinates can truly be in. ``gcj02_twice`` were shifted once more than they should have
#: been: a program took GCJ-02 for WGS-84 and shifted it again.
TRUTHS = ("wgs84", "gcj02", "bd09", "gcj02_twice")
TRUTH_ZH = {
    "wgs84": "WGS-84（手机 GPS、天地图）",
    "gcj02": "GCJ-02（高德、腾讯）",
    "bd09": "BD-09（百度）",
    "cgcs2000": "CGCS2000（天地图）",
    "gcj02_twice": "GCJ-02 加偏了两次",
}
TRUTH_EN = {
    "wgs84": "WGS-84 (GPS)",
    "gcj02": "GCJ-02 (Amap, Tencent)",
    "bd09": "BD-09 (Baidu)",
    "cgcs2000": "CGCS2000 (Tianditu)",
    "gcj02_twice": "GCJ-02 shifted twice",
}


def truth_of(declared: str) -> int:
    """The place in `TRUTHS` of a declared datum; CGCS2000 is WGS-84 within decimetres."""
    return TRUTHS.index("wgs84" if declared == "cgcs2000" else declared)


def positions(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """WGS-84 degrees of coordinates as given, under each of `TRUTHS`: two (truths, rows) arrays."""
    lon, lat = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    once = convert_datum(lon, lat, source="gcj02", target="wgs84")
    found = [
        (lon, lat),
        once,
        convert_datum(lon, lat, source="bd09", target="wgs84"),
        convert_datum(*once, source="gcj02", target="wgs84"),
    ]
    return np.stack([pair[0] for pair in found]), np.stack([pair[1] for pair in found])


def rewritten(lon: ArrayLike, lat: ArrayLike, declared: str) -> tuple[Floats, Floats]:
    """WGS-84 positions as a ledger that declares ``declared`` writes them."""
    return convert_datum(lon, lat, source="wgs84", target=declared)


def step_from(
    was: tuple[float, float], now: tuple[float, float], declared: str, within_m: float
) -> str | None:
    """The other of `TRUTHS` in which a point (WGS-84 degrees, read as ``declared``) stands where it
    was; None where there is none, or outside China."""
    if not in_china_box(*now) or declared not in TRUTH_ZH:
        return None
    lon, lat = positions(*rewritten([now[0]], [now[1]], declared))
    away = haversine_m(np.array(was[0]), np.array(was[1]), lon[:, 0], lat[:, 0])
    away[truth_of(declared)] = np.inf
    return TRUTHS[int(away.argmin())] if away.min() <= within_m else None


def in_china_box(lon: float, lat: float) -> bool:
    """Whether GCJ-02 differs from WGS-84 there."""
    west, south, east, north = CHINA_BOX
    return west <= lon <= east and south <= lat <= north


def arrow(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> tuple[float, float]:
    """The middle distance (metres) and bearing (degrees) from points to where they should be."""
    metres = haversine_m(lon, lat, to_lon, to_lat)
    turn = np.radians(bearing_deg(lon, lat, to_lon, to_lat))
    bearing = np.degrees(np.arctan2(np.median(np.sin(turn)), np.median(np.cos(turn)))) % 360.0
    return float(np.median(metres)), float(bearing)
