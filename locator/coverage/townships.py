"""In which township a place lies: by the county's outlines of them, else as stated nearby."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from locator.county import County
from locator.errors import ConfigError
from locator.geo.crs import haversine_m
from locator.geo.within import shape_at
from locator.streets.graph import StreetGraph

#: A place or station farther off says nothing of a point's township.
STATED_WITHIN_M = 3000.0


@dataclass(frozen=True)
class Townships:
    """Outlines (polygons, WGS-84) and their names, the smallest first; prepared for asking."""

    names: tuple[str, ...]
    shapes: NDArray[np.object_]


@dataclass(frozen=True)
class Stated:
    """Townships as places and stations state them, and where those lie (WGS-84 degrees)."""

    names: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def read_townships(county: County) -> Townships:
    """The outlines that ``county.toml`` names under ``township_outlines``; none where it does not.

    Raises ConfigError when the file is no GeoJSON of named polygons in degrees.
    """
    if county.township_outlines is None:
        return Townships((), np.array([], dtype=object))
    path = county.path(county.township_outlines)
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        names = [feature["properties"]["name"] for feature in features]
        shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    except OSError as error:
        raise ConfigError(
            f"{path}：读不了，它写在 {county.slug}/county.toml 里 / cannot be read "
            f"({error.strerror}); {county.slug}/county.toml names it."
        ) from error
    except (ValueError, KeyError, TypeError, shapely.GEOSException) as error:
        raise ConfigError(
            f"{path}：不是带名称的乡镇范围（GeoJSON），请重新导出 / "
            "not a GeoJSON FeatureCollection of named outlines "
            f"({type(error).__name__}: {error}); export the townships as GeoJSON in WGS-84."
        ) from error
    for number, (name, shape) in enumerate(zip(names, shapes, strict=True), start=1):
        if fault := _fault(name, shape):
            zh, en = fault
            raise ConfigError(
                f"{path}：第 {number} 个范围（{name}）{zh}，请改正 / "
                f"outline {number} ({name}) {en}; correct it."
            )
    # Where one outline lies within another, the smaller says more.
    order = sorted(range(len(shapes)), key=lambda at: shapes[at].area)
    ready = np.array([shapes[at] for at in order], dtype=object)
    shapely.prepare(ready)
    return Townships(tuple(names[at].strip() for at in order), ready)


def township_at(townships: Townships, lon: ArrayLike, lat: ArrayLike) -> list[str | None]:
    """The township of each point (WGS-84 degrees), None outside all; an outline's edge is in it."""
    found = shape_at(townships.shapes, lon, lat)
    return [townships.names[number] if number >= 0 else None for number in found]


def stated_townships(graph: StreetGraph, stations: gpd.GeoDataFrame) -> Stated:
    """What the places of the street file and the stations (EPSG:4326) say of their townships."""
    stated = [
        *graph.townships,
        *(
            (row.township, row.geometry.x, row.geometry.y)
            for row in stations.itertuples()
            if isinstance(row.township, str) and row.township
        ),
    ]
    names, lon, lat = zip(*stated, strict=True) if stated else ((), (), ())
    return Stated(names, np.array(lon, dtype=float), np.array(lat, dtype=float))


def township_of(
    townships: Townships, stated: Stated, lon: ArrayLike, lat: ArrayLike
) -> list[str | None]:
    """The township of each point (WGS-84 degrees).

    That in whose outline it lies, else that of the nearest place or station within 3 km that
    states one, else None.
    """
    where = zip(np.asarray(lon), np.asarray(lat), township_at(townships, lon, lat), strict=True)
    return [within or _stated_nearby(stated, x, y) for x, y, within in where]


def fill_townships(
    stations: gpd.GeoDataFrame, townships: Townships
) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """The stations, with the township by outline where their ledger states none.

    What a ledger states is never changed. Also returns how many have theirs by the ``ledger``, by
    an ``outline``, and how many of ``neither``.
    """
    stated = stations["township"].map(lambda name: isinstance(name, str) and bool(name.strip()))
    empty = ~stated.to_numpy(dtype=bool)
    at = stations.geometry[empty]
    names = township_at(townships, at.x, at.y)
    filled = stations.copy()
    filled.loc[empty, "township"] = np.array(names, dtype=object)
    by_outline = sum(name is not None for name in names)
    return filled, {
        "ledger": int((~empty).sum()),
        "outline": by_outline,
        "neither": len(names) - by_outline,
    }


def _stated_nearby(stated: Stated, lon: float, lat: float) -> str | None:
    if not stated.names:
        return None
    distance_m = haversine_m(lon, lat, stated.lon, stated.lat)
    nearest = int(distance_m.argmin())
    return stated.names[nearest] if distance_m[nearest] <= STATED_WITHIN_M else None


def _fault(name: object, shape: Any) -> tuple[str, str] | None:
    """What is wrong with an outline (Chinese, English), or None."""
    if not isinstance(name, str) or not name.strip():
        return "没有名称", "has no name"
    if shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty:
        return "不是面", "is no polygon"
    west, south, east, north = shape.bounds
    if west < -180 or south < -90 or east > 180 or north > 90:
        return (
            "不是经纬度的度数（WGS-84）",
            "is not in degrees of longitude and latitude (WGS-84)",
        )
    return None
