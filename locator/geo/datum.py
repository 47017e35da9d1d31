"""The Chinese datums: WGS-84, GCJ-02, BD-09 and CGCS2000, converted both ways.

Ledgers are copied from map apps that move every point by some 500 m (GCJ-02: Amap, Tencent) or a
kilometre (BD-09: Baidu). The shifts are fixed formulas, known from the code that leaked them; the
originals add up to two random terms of at most 1 m, which nobody can reproduce. What is exact
here is the inverse *of the formula*: there and back again ends within 1e-9 degrees (0.1 mm).

Formula and constants: the published `eviltransform` (GCJ-02) and `coordtransform` (BD-09), whose
test vectors the tests repeat. The GCJ-02 shift applies within ``CHINA_BOX`` only, a plain
rectangle that holds much that is not China (Hong Kong, half of Mongolia, the far bank of the
Yalu): the rectangle is part of the formula. Whether a place is in the county is a question for the
county's outline, never for this box.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from locator.errors import DatumError, UsageError

Datum = Literal["wgs84", "gcj02", "bd09", "cgcs2000"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

#: Where GCJ-02 differs from WGS-84: west, south, east, north in degrees, edges included. It is the
#: WGS-84 position that decides.
CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)

#: From this many points on, the compiled kernel is worth the half second that loading it takes.
KERNEL_FROM = 100_000

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

# Krasovsky 1940, as the formula has it.
_SEMI_MAJOR_M = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BD_FREQUENCY = np.pi * 3000.0 / 180.0
# The shift is at most 0.012 degrees, so a GCJ-02 point farther than this from the box has not
# been shifted.
BOX_MARGIN_DEG = 0.05
ROUNDING_DEG = 1e-10
# A step of the fixed-point inverse shrinks the error some 200-fold (GCJ-02) or 100-fold (BD-09);
# these counts leave only rounding.
_GCJ_STEPS = 7
_BD_STEPS = 4


def convert_datum(lon: ArrayLike, lat: ArrayLike, *, source: str, target: str) -> Pair:
    """Convert points from one datum to another.

    ``lon`` and ``lat`` are degrees, scalars or arrays of one shape (lists and read-only arrays
    too); the two arrays that come back are new float64 arrays of that shape (of shape ``()`` for
    scalars). ``source`` and ``target`` are ``"wgs84"``, ``"gcj02"``, ``"bd09"`` or ``"cgcs2000"``.
    A point whose lon or lat is not finite comes back as NaN, NaN.

    A WGS-84 point in the box survives every round trip to 1e-9 degrees. Along the edge of
    ``CHINA_BOX`` the formula itself breaks: where the shift leads out of the box, a point inside
    and one up to 1.4 km outside share a GCJ-02 position (the one inside is given); where it leads
    in, a strip of GCJ-02 positions belongs to no point (and comes back as it is).
    CGCS2000 and WGS-84 differ by decimetres at most; PROJ knows no measured transformation between
    them (EPSG:4490 to EPSG:4326 is a null step), so neither does this function.

    Raises DatumError for a name that is not one of the four, UsageError for shapes that differ.
    """
    steps = _route(_known(source, "source"), _known(target, "target"))
    x, y = _points(lon, lat)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        finite = np.isfinite(x) & np.isfinite(y)
        x, y = np.where(finite, x, np.nan), np.where(finite, y, np.nan)
    for step in steps:
        x, y = step(x, y)
    return (x, y) if steps else (x.copy(), y.copy())


def gcj02_to_wgs84_one_step(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """The published inverse of GCJ-02: the shift *at the shifted point*, taken off once.

    Up to 4 m from the exact inverse. Kept because other software gives this answer; to convert,
    use `convert_datum`.
    """
    x, y = _points(lon, lat)
    shift_lon, shift_lat = _gcj_shift(x, y)
    inside = _in_box(x, y)
    return np.where(inside, x - shift_lon, x), np.where(inside, y - shift_lat, y)


def bd09_to_gcj02_one_step(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """The published inverse of BD-09, which takes the shift at the shifted point (up to 0.2 m off).

    Kept because other software gives this answer; to convert, use `convert_datum`.
    """
    x, y = _points(lon, lat)
    x, y = x - 0.0065, y - 0.006
    radius = np.hypot(x, y) - 0.00002 * np.sin(y * _BD_FREQUENCY)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * _BD_FREQUENCY)
    return np.asarray(radius * np.cos(angle)), np.asarray(radius * np.sin(angle))


def _known(name: str, role: str) -> Datum:
    if name not in DATUMS:
        raise DatumError(
            f"{role}: {name!r} is no datum known here; give one of {', '.join(DATUMS)}."
        )
    return name


def _points(lon: ArrayLike, lat: ArrayLike) -> Pair:
    x = np.asarray(lon, dtype=np.float64)
    y = np.asarray(lat, dtype=np.float64)
    if x.shape != y.shape:
        raise UsageError(f"lon has shape {x.shape} and lat {y.shape}; give one lat for each lon.")
    return x, y


def _route(source: Datum, target: Datum) -> list[Callable[[Floats, Floats], Pair]]:
    """The steps from ``source`` to ``target`` along cgcs2000 - wgs84 - gcj02 - bd09."""
    line: tuple[Datum, ...] = ("cgcs2000", "wgs84", "gcj02", "bd09")
    onward = (_cgcs2000_to_wgs84, _wgs84_to_gcj02, _gcj02_to_bd09)
    back = (_wgs84_to_cgcs2000, _gcj02_to_wgs84, _bd09_to_gcj02)
    start, end = line.index(source), line.index(target)
    if start <= end:
        return list(onward[start:end])
    return list(back[end:start][::-1])


def _in_box(lon: Floats, lat: Floats, margin_deg: float = 0.0) -> NDArray[np.bool_]:
    west, south, east, north = CHINA_BOX
    return (
        (lon >= west - margin_deg)
        & (lon <= east + margin_deg)
        & (lat >= south - margin_deg)
        & (lat <= north + margin_deg)
    )


def _gcj_shift(lon: Floats, lat: Floats) -> Pair:
    """The shift of GCJ-02 at WGS-84 points, in degrees, whether they are in the box or not."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    fine = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (2.0 / 3.0) * (
        fine
        + 20.0 * np.sin(np.pi * y)
        + 40.0 * np.sin(np.pi * y / 3.0)
        + 160.0 * np.sin(np.pi * y / 12.0)
        + 320.0 * np.sin(np.pi * y / 30.0)
    )
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (2.0 / 3.0) * (
        fine
        + 20.0 * np.sin(np.pi * x)
        + 40.0 * np.sin(np.pi * x / 3.0)
        + 150.0 * np.sin(np.pi * x / 12.0)
        + 300.0 * np.sin(np.pi * x / 30.0)
    )
    phi = np.radians(lat)
    flat = 1.0 - _ECCENTRICITY2 * np.sin(phi) ** 2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY2) / (flat * np.sqrt(flat))
    parallel_m = _SEMI_MAJOR_M / np.sqrt(flat) * np.cos(phi)
    return np.degrees(east_m / parallel_m), np.degrees(north_m / meridian_m)


def _wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    if lon.size >= KERNEL_FROM:
        from locator.geo.datum_kernel import gcj_shifted

        x, y = gcj_shifted(lon.ravel(), lat.ravel())
        return x.reshape(lon.shape), y.reshape(lat.shape)
    inside = _in_box(lon, lat)
    x, y = lon[inside], lat[inside]
    shift_lon, shift_lat = _gcj_shift(x, y)
    return _placed(lon, lat, inside, x + shift_lon, y + shift_lat)


def _gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    if lon.size >= KERNEL_FROM:
        from locator.geo.datum_kernel import gcj_unshifted

        x, y = gcj_unshifted(lon.ravel(), lat.ravel())
        return x.reshape(lon.shape), y.reshape(lat.shape)
    near = _in_box(lon, lat, BOX_MARGIN_DEG)
    x, y = lon[near], lat[near]
    found_x, found_y = x, y
    for _ in range(_GCJ_STEPS):
        shift_lon, shift_lat = _gcj_shift(found_x, found_y)
        found_x, found_y = x - shift_lon, y - shift_lat
    # A point whose origin would lie outside the box was never shifted. Rounding may put an origin
    # on the edge a hair outside.
    west, south, east, north = CHINA_BOX
    shifted = _in_box(found_x, found_y, ROUNDING_DEG)
    found_x = np.where(shifted, np.clip(found_x, west, east), x)
    found_y = np.where(shifted, np.clip(found_y, south, north), y)
    return _placed(lon, lat, near, found_x, found_y)


def _placed(lon: Floats, lat: Floats, where: NDArray[np.bool_], x: Floats, y: Floats) -> Pair:
    out_lon, out_lat = lon.copy(), lat.copy()
    out_lon[where] = x
    out_lat[where] = y
    return out_lon, out_lat


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    """The second shift, which unlike the first applies everywhere."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_FREQUENCY)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_FREQUENCY)
    return np.asarray(radius * np.cos(angle) + 0.0065), np.asarray(radius * np.sin(angle) + 0.006)


def _bd09_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    x, y = bd09_to_gcj02_one_step(lon, lat)
    for _ in range(_BD_STEPS):
        reached_x, reached_y = _gcj02_to_bd09(x, y)
        x, y = x + (lon - reached_x), y + (lat - reached_y)
    return np.asarray(x), np.asarray(y)


def _cgcs2000_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    x, y = _cgcs2000().transform(lon, lat)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def _wgs84_to_cgcs2000(lon: Floats, lat: Floats) -> Pair:
    x, y = _cgcs2000().transform(lon, lat, direction="INVERSE")
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


@cache
def _cgcs2000() -> Transformer:
    return Transformer.from_crs("EPSG:4490", "EPSG:4326", always_xy=True)
