"""The station table: its columns, its words, and its one form as GeoJSON.

One row is one station; the geometry is the **entrance**, WGS-84, lon before lat. The same column
names stand in GeoJSON, CSV, XLSX and the API; files may also carry the Chinese heading or one of
the aliases below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from locator.errors import UsageError
from locator.geo.crs import WGS84, require_wgs84

ColumnKind = Literal["text", "words", "record", "integer", "coordinate"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a ledger.

    ``kind`` says what a cell holds: ``text``, ``words`` (a list, split in files by ``;`` ``；``
    ``、`` ``,``), ``record`` (``hot_meal: Mo-Su 11:00-13:00 | toilet: 24/7``), ``integer`` or
    ``coordinate`` (only in files; the table has a geometry instead).
    """

    name: str
    zh: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    kind: ColumnKind = "text"


#: Every column that a ledger may have, in the order in which files are written.
COLUMNS: tuple[Column, ...] = (
    Column("id", "编号", ("驿站编号", "站点编号", "统一编号"), required=True),
    Column("county", "县", ("县区", "区县", "县市区", "所属县")),
    Column("kind", "类型", ("类别", "驿站类型", "站点类型"), required=True),
    Column("name", "名称", ("驿站名称", "站点名称", "站名"), required=True),
    Column("lon", "经度", ("lng", "longitude", "x"), required=True, kind="coordinate"),
    Column("lat", "纬度", ("latitude", "y"), required=True, kind="coordinate"),
    Column("coordinate", "坐标", ("经纬度", "位置坐标", "coordinates"), kind="coordinate"),
    Column("township", "乡镇", ("镇街", "乡镇街道", "所属乡镇", "街道")),
    Column("address", "地址", ("详细地址",)),
    Column("host", "依托单位", ("所属单位", "建设单位")),
    Column("phone", "电话", ("联系电话",)),
    Column("services", "服务", ("服务项目", "服务内容", "提供服务"), kind="words"),
    Column("hours", "开放时间", ("营业时间", "开放时段", "opening_hours")),
    Column("service_hours", "服务时间", (), kind="record"),
    Column("entry", "进门方式", ("进入方式", "怎么进门", "怎么进")),
    Column("seats", "座位", ("座位数",), kind="integer"),
    Column("sockets", "插座", ("插座数",), kind="integer"),
    Column("status", "状态", ("运行状态",)),
    Column("verified_on", "核实日期", ("核实时间", "核验日期")),
    Column("awards", "荣誉", ("获奖",), kind="words"),
    Column("provenance", "来源", ("数据来源",)),
    Column("source_datum", "坐标来源", ("坐标从哪抄的", "坐标系", "坐标系统", "datum")),
    Column("source_x", "原始经度", (), kind="coordinate"),
    Column("source_y", "原始纬度", (), kind="coordinate"),
)

#: The columns of the table itself, in order; ``geometry`` follows them.
TABLE_COLUMNS: tuple[str, ...] = tuple(
    column.name for column in COLUMNS if column.name not in ("lon", "lat", "coordinate")
)
_WORDS = frozenset(column.name for column in COLUMNS if column.kind == "words")
_RECORDS = frozenset(column.name for column in COLUMNS if column.kind == "record")
_INTEGERS = frozenset(column.name for column in COLUMNS if column.kind == "integer")

#: What staff answer to 「坐标从哪抄的？」, and the datum that this is.
DATUM_ANSWERS: dict[str, str] = {
    "wgs84": "wgs84", "wgs-84": "wgs84", "epsg:4326": "wgs84", "gps": "wgs84", "手机gps": "wgs84",
    "手机": "wgs84", "osm": "wgs84", "openstreetmap": "wgs84", "开放街图": "wgs84",
    "gcj02": "gcj02", "gcj-02": "gcj02", "火星坐标": "gcj02", "高德": "gcj02", "高德地图": "gcj02",
    "amap": "gcj02", "腾讯": "gcj02", "腾讯地图": "gcj02", "tencent": "gcj02", "微信": "gcj02",
    "bd09": "bd09", "bd-09": "bd09", "bd09ll": "bd09", "百度": "bd09", "百度地图": "bd09",
    "baidu": "bd09",
    "cgcs2000": "cgcs2000", "国家2000": "cgcs2000", "2000坐标系": "cgcs2000",
    "天地图": "cgcs2000", "自然资源局": "cgcs2000",
}  # fmt: skip


def empty_stations() -> gpd.GeoDataFrame:
    """A station table without a row: all columns, their types, EPSG:4326."""
    return make_stations([], [], [])


def make_stations(
    records: Sequence[Mapping[str, Any]], lon: Iterable[float], lat: Iterable[float]
) -> gpd.GeoDataFrame:
    """The table of ``records`` (one mapping a station) at ``lon``, ``lat`` in WGS-84 degrees.

    A column that a record lacks is unknown: None, an empty list or record, ``open`` for the
    status. Sorted by id, numbered from 0. Raises UsageError where two stations share an id: an id
    is an address (``/s/<id>``), and two stations can't live at one.
    """
    ids = [str(record["id"]) for record in records]
    columns = {name: [record.get(name) for record in records] for name in TABLE_COLUMNS}
    return stations_of({**columns, "id": ids}, lon, lat)


def stations_of(
    columns: Mapping[str, Sequence[Any]], lon: Iterable[float], lat: Iterable[float]
) -> gpd.GeoDataFrame:
    """The same of columns of one length; a column that is left out is unknown of every station."""
    given = columns["id"]
    order = sorted(range(len(given)), key=given.__getitem__)
    unknown = [None] * len(order)
    table: dict[str, Any] = {}
    for name in TABLE_COLUMNS:
        column = columns.get(name, unknown)
        values = [column[at] for at in order]
        if name in _INTEGERS:
            table[name] = pd.array(values, dtype="Int64")
        else:
            table[name] = _objects([_unknown(name) if v is None else v for v in values])
    ids = table["id"]
    for before, after in pairwise(ids):
        if before == after:
            raise UsageError(f"two stations have the id {after!r}; give each its own.")
    x, y = (np.asarray(list(values), dtype=np.float64)[order] for values in (lon, lat))
    geometry = gpd.points_from_xy(x, y)
    return gpd.GeoDataFrame(table, geometry=geometry, crs=WGS84, index=pd.RangeIndex(len(order)))


def stations_to_geojson(stations: gpd.GeoDataFrame) -> dict[str, Any]:
    """The table as a GeoJSON FeatureCollection, features by id, properties in column order.

    Coordinates have 7 decimals (1 cm), so that the same table always gives the same text.
    Raises MissingCrs unless the table is in WGS-84.
    """
    require_wgs84(stations)
    stations = stations.sort_values("id", kind="stable")
    columns = {name: stations[name].tolist() for name in TABLE_COLUMNS}
    for name in _INTEGERS:
        columns[name] = [None if pd.isna(value) else int(value) for value in columns[name]]
    lon, lat = stations.geometry.x.tolist(), stations.geometry.y.tolist()
    features = [
        {
            "type": "Feature",
            "id": columns["id"][at],
            "geometry": {"type": "Point", "coordinates": [round(lon[at], 7), round(lat[at], 7)]},
            "properties": {name: columns[name][at] for name in TABLE_COLUMNS},
        }
        for at in range(len(stations))
    ]
    return {"type": "FeatureCollection", "features": features}


def stations_from_geojson(collection: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """The table that `stations_to_geojson` wrote (a release's own file, not a user's ledger).

    Raises UsageError when it is not such a collection.
    """
    try:
        features = collection["features"]
        points = [feature["geometry"]["coordinates"] for feature in features]
        records = [
            {**feature["properties"], "id": feature["properties"].get("id", feature.get("id"))}
            for feature in features
        ]
        return make_stations(records, [point[0] for point in points], [p[1] for p in points])
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise UsageError(
            f"not a station list as a release holds it ({type(error).__name__}: {error}); "
            "read a ledger with locator.stations.intake.read_ledger instead."
        ) from error


def _unknown(name: str) -> Any:
    if name in _WORDS:
        return []
    if name in _RECORDS:
        return {}
    return "open" if name == "status" else None


def _objects(values: list[Any]) -> pd.Series[Any]:
    """Values as they are: pandas would turn None among strings into NaN, and lists into rows."""
    return pd.Series(values, dtype=object, index=pd.RangeIndex(len(values)))
