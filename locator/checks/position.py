"""Where a row's coordinates go wrong: each row gets one fault at most, the first that applies."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from locator.county import County
from locator.geo.crs import WGS84, haversine_m
from locator.geo.datum import convert_datum
from locator.geo.outline import FAR_M, outside_outline_m

_NULL_DEG = 0.01


def classify(rows: pd.DataFrame, county: County) -> pd.Series[Any]:
    """The position fault of each parsed row, "" where there is none.

    One of hidden (a link that does not show its point), missing, not_number, out_of_range,
    projected, null_island, swapped, outside. Where the datum isn't known, everything but
    ``outside`` can still be told.
    """
    x, y = rows["x"].to_numpy(), rows["y"].to_numpy()
    lon0, lat0 = county.centre
    empty = ((rows["x_text"] == "") | (rows["y_text"] == "")).to_numpy()
    written = (rows["x_text"] != "").to_numpy(), (rows["y_text"] != "").to_numpy()
    crammed = empty & (written[0] & ~np.isfinite(x) | written[1] & ~np.isfinite(y))
    no_number = ~(np.isfinite(x) & np.isfinite(y))
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 180)
    with np.errstate(invalid="ignore"):
        near = degrees & (np.abs(y) <= 90) & (haversine_m(x, y, lon0, lat0) <= FAR_M)
        turned = degrees & (np.abs(x) <= 90) & (haversine_m(y, x, lon0, lat0) <= FAR_M)
        zero = (np.abs(x) < _NULL_DEG) & (np.abs(y) < _NULL_DEG) | (x == 0) | (y == 0)
    faults = np.select(
        [
            rows["hidden_in"].notna().to_numpy(),
            crammed,
            empty,
            no_number,
            (np.abs(x) > 180) & (np.abs(y) > 180),
            ~near & zero,
            ~near & turned,
            (np.abs(x) > 180) | (np.abs(y) > 90),
            outside_m(rows, county) > 0,
        ],
        [
            "hidden", "not_number", "missing", "not_number", "projected", "null_island", "swapped",
            "out_of_range", "outside",
        ],
        "",
    )  # fmt: skip
    return pd.Series(faults, index=rows.index, dtype=object)


def outside_m(rows: pd.DataFrame, county: County) -> NDArray[np.float64]:
    """How far, in metres, each row lies outside the county's outline and its tolerance (0 within).

    0 as well where the county has no outline, or the row no position.
    """
    if county.outline is None:
        return np.zeros(len(rows))
    return outside_outline_m(
        county.path(county.outline), county.centre, rows["lon"].to_numpy(), rows["lat"].to_numpy()
    )


def projection_of(x: float, y: float, county: County) -> tuple[str, str] | None:
    """The projected system in which ``x``, ``y`` (metres, either order) would be in the county.

    (zh, en), or None where no system known here would put them near it.
    """
    best: tuple[float, tuple[str, str]] | None = None
    for name, centre_x, centre_y in _projections(*county.centre):
        for a, b in ((x, y), (y, x)):  # Chinese surveyors write north first
            distance = float(np.hypot(a - centre_x, b - centre_y))
            if distance <= FAR_M and (best is None or distance < best[0]):
                best = distance, name
    return None if best is None else best[1]


@lru_cache(maxsize=8)
def _projections(lon0: float, lat0: float) -> list[tuple[tuple[str, str], float, float]]:
    """The county's centre in each projected system that Chinese ledgers come in."""
    zone3, zone6 = round(lon0 / 3), int(lon0 // 6) + 1
    found = []
    for zone, meridian, degrees in ((zone3, zone3 * 3, 3), (zone6, zone6 * 6 - 3, 6)):
        proj = f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80"
        east, north = Transformer.from_crs(WGS84, proj, always_xy=True).transform(lon0, lat0)
        zh, en = f"CGCS2000 {degrees} 度带高斯投影", f"CGCS2000 {degrees}-degree Gauss-Krüger"
        found += [((zh, en), east, north), ((zh, en), east + zone * 1e6, north)]
    mercator = Transformer.from_crs(WGS84, "EPSG:3857", always_xy=True)
    found.append((("Web 墨卡托", "Web Mercator"), *mercator.transform(lon0, lat0)))
    bd_lon, bd_lat = convert_datum(lon0, lat0, source="wgs84", target="bd09")
    ellipsoidal = Transformer.from_crs(WGS84, "EPSG:3395", always_xy=True)
    found.append(
        (("百度米制 BD09MC", "BD09MC"), *ellipsoidal.transform(float(bd_lon), float(bd_lat)))
    )
    return found
