"""Our own base map: one PMTiles file of vector tiles, and the same layers for prints.

The tiles go from zoom 8 to 15 (the page draws 15 larger beyond that). Lower zooms carry less:
big roads and big areas first, small roads from 13, buildings and names of estates from 14. There,
all sorts of ground are one layer, the small on the large, and rails are a class of road.
Equal input gives equal bytes.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from locator.release.features import LAYERS, Features
from locator.release.mvt import (
    EXTENT,
    Geometries,
    Tile,
    Value,
    encode_layer,
    web_mercator,
)

MIN_ZOOM, MAX_ZOOM = 8, 15
#: Land drawn beyond the outermost road, in degrees.
MARGIN_DEG = 0.01
#: What a layer's features say in the tiles, where they say it (see COLUMNS of features.py).
PROPERTIES: dict[str, tuple[str, ...]] = {
    "landuse": ("class",),
    "water": ("class",),
    "waterways": ("class", "name", "name:en", "tunnel"),
    "buildings": (),
    "roads": ("class", "name", "name:en", "ref", "bridge", "level", "tunnel", "oneway"),
    "places": ("class", "name", "name:en", "rank"),
    "pois": ("class", "name", "name:en", "rank"),
}
#: Layers of the tiles that are several of ours.
_MERGED = {"landuse": ("landuse", "bare", "green"), "roads": ("rails", "roads")}
#: A tile is drawn about 512 px wide, so that a pixel has this many units.
_PIXEL = EXTENT / 512
#: The smallest area drawn, in square pixels.
_SMALLEST_PX2 = {8: 64.0, 9: 64.0, 10: 64.0, 11: 48.0, 12: 32.0, 13: 24.0, 14: 6.0, 15: 0.0}


@dataclass(frozen=True)
class _Layer:
    """One layer of the tiles: geometry in the unit square of web mercator, sorted as drawn."""

    geometry: Geometries
    minzoom: npt.NDArray[np.int64]
    properties: list[dict[str, Value]]


def write_basemap(
    found: Features, out_pmtiles: Path, layers_gz: Path, *, attribution: str = ""
) -> dict[str, Any]:
    """Make the base map of what a street file draws (see `read_features`).

    Writes the tiles to ``out_pmtiles`` and the layers for prints, WGS-84 GeoJSON, gzipped, to
    ``layers_gz``. Returns {"bounds": [west, south, east, north], "tiles", "bytes", "largest_tile"
    (bytes, gzipped), "features": {layer: count}, "lost": {what could not be drawn, and why:
    count}}.
    """
    features = found.tables
    bounds = _bounds(features)
    layers_gz.write_bytes(_pack(_geojson(features)))
    tiles = _tiles(_merged(features), bounds)
    _write_archive(out_pmtiles, tiles, bounds, attribution)
    return {
        "bounds": bounds,
        "tiles": len(tiles),
        "bytes": out_pmtiles.stat().st_size,
        "largest_tile": max(map(len, tiles.values())),
        "features": {name: len(table) for name, table in features.items()},
        "lost": found.lost,
    }


def _bounds(features: dict[str, gpd.GeoDataFrame]) -> list[float]:
    """The roads' bounds and a margin: a river may leave an extract by a hundred kilometres."""
    tables = [features["roads"]] if len(features["roads"]) else list(features.values())
    whole = np.concatenate([table.geometry.to_numpy() for table in tables])
    west, south, east, north = shapely.total_bounds(whole).tolist()
    grown = (west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG)
    return [round(value, 6) for value in grown]


def _merged(features: dict[str, gpd.GeoDataFrame]) -> dict[str, _Layer]:
    """The layers of the tiles."""
    layers = {}
    for name, columns in PROPERTIES.items():
        table = pd.concat([features[part] for part in _MERGED.get(name, (name,))])
        if name == "landuse":
            size = shapely.area(table.geometry.to_numpy())
            table = table.iloc[np.argsort(-size, kind="stable")]
        layers[name] = _projected(table, columns)
    return layers


def _projected(table: gpd.GeoDataFrame, columns: tuple[str, ...]) -> _Layer:
    properties = [
        {column: value for column, value in zip(columns, row, strict=True) if _said(value)}
        for row in (table[list(columns)].itertuples(index=False) if columns else [()] * len(table))
    ]
    geometry = shapely.transform(table.geometry.to_numpy(), web_mercator)
    return _Layer(geometry, table["minzoom"].to_numpy(), properties)


def _said(value: object) -> bool:
    """False for what a feature without it would mean as well: none, not a bridge, two-way."""
    return bool(value) and value == value


def _tiles(layers: dict[str, _Layer], bounds: list[float]) -> dict[int, bytes]:
    """Tile id → gzipped tile, of every zoom, in the order of the ids."""
    corners = web_mercator(np.array([[bounds[0], bounds[3]], [bounds[2], bounds[1]]]))
    made: dict[int, bytes] = {}
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        first, last = np.floor(corners * 2**zoom).astype(int).tolist()
        whole: dict[Tile, bytes] = {}
        for name, layer in layers.items():
            geometry, properties = _generalised(name, layer, zoom)
            for tile, content in encode_layer(
                name, geometry, properties, tiles=(*first, *last)
            ).items():
                whole[tile] = whole.get(tile, b"") + content
        for (column, row), content in whole.items():
            made[zxy_to_tileid(zoom, column, row)] = gzip.compress(content, 9, mtime=0)
    return dict(sorted(made.items()))


def _generalised(name: str, layer: _Layer, zoom: int) -> tuple[Geometries, list[dict[str, Value]]]:
    """What a zoom shows of a layer, in tile units from the world's corner, and simplified."""
    shown = np.flatnonzero(layer.minzoom <= zoom)
    geometry = shapely.transform(layer.geometry[shown], lambda xy: xy * (EXTENT * 2**zoom))
    properties = [layer.properties[position] for position in shown]
    if name in {"places", "pois"}:
        return geometry, properties
    if name in {"roads", "waterways"}:
        geometry, properties = _joined(geometry, properties, zoom)
    else:
        large = shapely.area(geometry) >= _SMALLEST_PX2[zoom] * _PIXEL**2
        geometry = geometry[large]
        properties = [said for said, keep in zip(properties, large, strict=True) if keep]
    tolerance = _PIXEL / 2 if zoom < MAX_ZOOM else 1.0
    return shapely.simplify(geometry, tolerance), properties


def _joined(
    geometry: Geometries, properties: list[dict[str, Value]], zoom: int
) -> tuple[Geometries, list[dict[str, Value]]]:
    """Join the pieces of a street that say the same: longer lines carry their names better.

    One-way lines keep their direction. Below zoom 14 what only matters close by is left out, so
    that more pieces are alike.
    """
    groups: dict[tuple[tuple[str, Value], ...], list[int]] = {}
    for position, said in enumerate(properties):
        if zoom < 14:
            said = {key: value for key, value in said.items() if key not in {"oneway", "level"}}
        groups.setdefault(tuple(said.items()), []).append(position)
    joined = [
        shapely.line_merge(
            shapely.multilinestrings(geometry[members]), directed="oneway" in dict(key)
        )
        for key, members in groups.items()
    ]
    return np.array(joined, dtype=object), [dict(key) for key in groups]


def _write_archive(
    path: Path, tiles: dict[int, bytes], bounds: list[float], attribution: str
) -> None:
    west, south, east, north = (round(value * 1e7) for value in bounds)
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 13,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
    metadata = {
        "attribution": attribution,
        "vector_layers": [
            {
                "id": name,
                "minzoom": MIN_ZOOM,
                "maxzoom": MAX_ZOOM,
                "fields": dict.fromkeys(columns, ""),
            }
            for name, columns in PROPERTIES.items()
        ],
    }
    with path.open("wb") as stream:
        writer = Writer(stream)  # type: ignore[no-untyped-call]
        for tile, content in tiles.items():
            writer.write_tile(tile, content)  # type: ignore[no-untyped-call]
        writer.finalize(header, metadata)  # type: ignore[no-untyped-call]


def _geojson(features: dict[str, gpd.GeoDataFrame]) -> Iterator[str]:
    """A FeatureCollection of all layers in drawing order, positions to 1e-7 degrees."""
    yield '{"type":"FeatureCollection","features":['
    comma = ""
    for layer in LAYERS:
        table = features[layer]
        shapes = shapely.to_geojson(
            shapely.transform(table.geometry.to_numpy(), lambda lon_lat: lon_lat.round(7))
        )
        columns = (
            "class", "name", "name:en", "ref", "rank", "bridge", "level", "tunnel", "oneway",
        )  # fmt: skip
        for row, shape in zip(
            table[list(columns)].itertuples(index=False, name=None), shapes, strict=True
        ):
            said = {key: value for key, value in zip(columns, row, strict=True) if _said(value)}
            text = json.dumps({"layer": layer, **said}, ensure_ascii=False, separators=(",", ":"))
            yield f'{comma}{{"type":"Feature","properties":{text},"geometry":{shape}}}'
            comma = ",\n"
    yield "]}\n"


def _pack(text: Iterator[str]) -> bytes:
    return gzip.compress("".join(text).encode(), 6, mtime=0)
