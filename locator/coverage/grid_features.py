"""In a child process with little memory and time: the features of a GeoJSON or GeoPackage grid.

A GeoPackage is an SQLite database with shapes as WKB in it. It is opened read-only, and nothing but
the stored columns of stored tables is read: a view, a virtual table, a function or a recursion that
the file brings along is refused before it runs. GDAL sees no byte of it.
The module stands beside the room of the demand so that the child loads little (see ``readers``).
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# Before numpy: each of its threads would reserve memory, and little is allowed here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import shapely

from locator.stations.readers import MAX_ROWS, BadFile
from locator.stations.readers_child import answer
from locator.stations.readers_geojson import cell_text, declared_datum, parse_json

MOST_BYTES = 100_000_000
#: A cell of a grid has four corners; an outline of a county some thousands.
MOST_VERTICES = 20_000
_SHAPES = {"Point", "MultiPoint", "Polygon", "MultiPolygon"}
_DATUMS = {4326: "wgs84", 4490: "cgcs2000"}
#: The envelope's bytes by the flags of a GeoPackage's shape.
_ENVELOPES = (0, 32, 48, 48, 64)

Feature = tuple[int, Mapping[str, str], bytes]


def main() -> None:
    """Run in the child: ``{"datum", "rows": [[number, {column: text}, WKB as hex], …]}``."""
    answer(lambda ask: _read(Path(ask["path"]), frozenset(ask["columns"])))


def _read(path: Path, columns: frozenset[str]) -> dict[str, Any]:
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(
            f"超过 {MOST_BYTES // 1_000_000} MB。请只留本县的格子。",
            f"more than {MOST_BYTES // 1_000_000} MB; keep the cells of the county alone.",
        )
    with path.open("rb") as file:
        start = file.read(16)
    packed = start.startswith(b"SQLite format 3\0")
    datum, features = _geopackage(path) if packed else _geojson(path)
    rows: list[list[Any]] = []
    for number, fields, wkb in features:
        if len(rows) == MAX_ROWS:
            raise BadFile(
                f"超过 {MAX_ROWS:,} 个格子。请只留本县的。",
                f"more than {MAX_ROWS:,} features; keep those of the county alone.",
            )
        kept = {name: text for name, text in fields.items() if name in columns}
        rows.append([number, kept, _shape(number, wkb).hex()])
    return {"datum": datum, "rows": rows}


def _shape(number: int, wkb: bytes) -> bytes:
    """The shape, mended where it crosses itself, as WKB of our own; empty where there is none."""
    if not wkb:
        return b""
    try:
        shape = shapely.from_wkb(wkb)
    except shapely.GEOSException as error:
        raise _broken(number, str(error)[:80]) from error
    if shape.geom_type not in _SHAPES:
        raise _broken(number, f"{shape.geom_type}，应为面或点 / must be a polygon or a point")
    coordinates = shapely.get_coordinates(shape)
    if len(coordinates) > MOST_VERTICES:
        raise _broken(number, f"{len(coordinates):,} 个顶点 / vertices")
    if not (abs(coordinates) <= (180, 90)).all():
        raise _broken(number, "坐标不是经纬度 / no degrees; export it in EPSG:4326")
    return bytes(shapely.to_wkb(shapely.make_valid(shapely.force_2d(shape))))


def _broken(number: int, why: str) -> BadFile:
    return BadFile(
        f"第 {number} 个格子的形状用不了：{why}。请重新导出。",
        f"the shape of feature {number} cannot be used: {why}; export it again.",
        row=number,
    )


def _geojson(path: Path) -> tuple[str, Iterator[Feature]]:
    collection = parse_json(path.read_bytes())
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise BadFile(
            "不是 GeoJSON 要素集，也不是 GeoPackage。请重新导出。",
            "neither a GeoJSON FeatureCollection nor a GeoPackage; export it again.",
        )
    return declared_datum(collection.get("crs")) or "wgs84", _features(collection["features"])


def _features(features: list[Any]) -> Iterator[Feature]:
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            raise _broken(number, "不是 Feature / no Feature")
        fields = {
            str(name): cell_text(value) for name, value in (feature.get("properties") or {}).items()
        }
        geometry = feature.get("geometry")
        if geometry is None:
            yield number, fields, b""
            continue
        try:
            shape = shapely.from_geojson(json.dumps(geometry))
        except (shapely.GEOSException, TypeError, ValueError) as error:
            raise _broken(number, str(error)[:80]) from error
        yield number, fields, shapely.to_wkb(shape)


def _geopackage(path: Path) -> tuple[str, Iterator[Feature]]:
    try:
        # immutable: no lock and no journal beside the file, whatever it asks for.
        base = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA query_only = ON")
        base.set_authorizer(_only_stored)
        # Views and virtual tables have no page of their own.
        stored = {name for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")}  # fmt: skip
        tables = (
            base.execute(
                "SELECT g.table_name, g.column_name, s.organization_coordsys_id"
                " FROM gpkg_geometry_columns g"
                " JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id ORDER BY 1"
            ).fetchall()
            if {"gpkg_geometry_columns", "gpkg_spatial_ref_sys"} <= stored
            else []
        )
        tables = [each for each in tables if each[0] in stored]
    except sqlite3.DatabaseError as error:
        raise BadFile(
            f"不是完整的 GeoPackage（{error}）。请重新导出。",
            f"no whole GeoPackage ({error}); export it again.",
        ) from error
    if len(tables) != 1:
        raise BadFile(
            f"GeoPackage 里有 {len(tables)} 个图层，要正好一个。请只导出格子那一层。",
            f"the GeoPackage holds {len(tables)} layers of features, and one is needed.",
        )
    table, column, epsg = tables[0]
    if epsg not in _DATUMS:
        raise BadFile(
            f"坐标系 EPSG:{epsg} 用不了。请导出为 WGS-84（EPSG:4326）。",
            f"EPSG:{epsg} cannot be used; export it in WGS-84 (EPSG:4326).",
        )
    return _DATUMS[epsg], _rows(base, str(table), str(column))


def _only_stored(action: int, _table: object, _column: object, _base: object, by: object) -> int:
    """Reading is allowed, unless it is a view that reads (``by``)."""
    reads = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA)
    return sqlite3.SQLITE_OK if reads and by is None else sqlite3.SQLITE_DENY


def _rows(base: sqlite3.Connection, table: str, column: str) -> Iterator[Feature]:
    quoted = '"' + table.replace('"', '""') + '"'
    try:
        # Hidden are the columns that are reckoned anew at each reading.
        known = base.execute(f"PRAGMA table_xinfo({quoted})")
        names = [str(name) for _, name, *_, hidden in known if not hidden]
        columns = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
        cursor = base.execute(f"SELECT {columns} FROM {quoted} ORDER BY rowid")  # noqa: S608 quoted
        for number, row in enumerate(cursor, start=1):
            values = dict(zip(names, row, strict=True))
            blob = values.pop(column, None)
            fields = {name: cell_text(value) for name, value in values.items()
                      if not isinstance(value, bytes)}  # fmt: skip
            yield number, fields, _wkb(number, blob) if isinstance(blob, bytes) else b""
    except sqlite3.DatabaseError as error:
        raise BadFile(
            f"GeoPackage 坏了（{error}）。请重新导出。",
            f"the GeoPackage is broken ({error}); export it again.",
        ) from error


def _wkb(number: int, blob: bytes) -> bytes:
    """The WKB after a GeoPackage's own header: GP, version, flags, srs id, envelope."""
    if len(blob) < 8 or blob[:2] != b"GP":
        raise _broken(number, "不是 GeoPackage 的形状 / no shape of a GeoPackage")
    flags = blob[3]
    envelope = flags >> 1 & 7
    if envelope >= len(_ENVELOPES) or flags & 0x20:
        raise _broken(number, "扩展的形状 / an extended shape")
    if flags & 0x10:  # empty
        return b""
    return blob[8 + _ENVELOPES[envelope] :]
