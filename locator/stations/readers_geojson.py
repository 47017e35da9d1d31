"""GeoJSON, strictly: a FeatureCollection of Points in UTF-8, and nothing that JSON forbids."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from locator.stations.readers import (
    MAX_CELL,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_ROWS,
    BadFile,
    Cells,
    long_cell,
    too_many_columns,
)

_CRS = {"crs84": "wgs84", "4326": "wgs84", "4490": "cgcs2000"}


class _Number(float):
    """A number that remembers how it was written: ``source_x`` is exactly as given."""

    text: str

    def __new__(cls, text: str) -> _Number:
        number = super().__new__(cls, text)
        if not math.isfinite(number):
            raise BadFile(
                f"「{text[:20]}」超出数字的范围。请改正。", f"{text[:20]} is no finite number."
            )
        number.text = text
        return number


def read_geojson(content: bytes, headings: frozenset[str]) -> Cells:
    """The features' properties, with ``lon`` and ``lat`` from the geometry, as cells of text.

    Rows are numbered from 1 by the place of the feature. Lists become ``a;b``, records
    ``a: b | c: d``. A geometry of null leaves lon and lat empty; coordinates that are no numbers
    stay as text, for the checks to report. Raises BadFile for all else that is not GeoJSON of
    points (RFC 7946), and for a key that comes twice.
    """
    collection = parse_json(content)
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        kind = collection.get("type") if isinstance(collection, dict) else type(collection).__name__
        raise BadFile(
            f"最外层是 {_short(kind)}，不是 GeoJSON 要素集（FeatureCollection）。"
            "请从地图软件重新导出。",
            f"not a FeatureCollection (found {_short(kind)}); export it as GeoJSON again.",
            "file_not_a_ledger",
        )
    features = collection.get("features")
    if not isinstance(features, list):
        _broken("features 应为列表", "features must be a list")
    if len(features) > MAX_ROWS:
        raise BadFile(
            f"超过 {MAX_ROWS:,} 个要素。请分成几个文件。",
            f"more than {MAX_ROWS:,} features; split the file.",
            "file_too_large",
        )
    columns: dict[str, int] = {}
    records = [_record(feature, at) for at, feature in enumerate(features, start=1)]
    for record in records:
        for name in record:
            columns.setdefault(name, len(columns))
        if len(columns) > MAX_COLUMNS:
            raise too_many_columns(len(columns))
    found = Cells(list(columns), list(range(1, len(records) + 1)))
    found.datum = declared_datum(collection.get("crs"))
    characters = 0
    for at, record in enumerate(records, start=1):
        row = [""] * len(columns)
        for name, value in record.items():
            text = row[columns[name]] = cell_text(value)
            characters += len(text)
            if len(text) > MAX_CELL:
                raise long_cell(at)
        found.cells.append(row)
    if characters > MAX_CHARACTERS:
        raise BadFile(
            "文字太多。请分成几个文件。", "too much text; split the file.", "file_too_large"
        )
    return found


def parse_json(content: bytes) -> Any:
    """The value of a JSON text in UTF-8; BadFile for what JSON forbids, and for a key twice."""
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            parse_float=_Number,
            parse_int=_Number,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as error:
        raise BadFile(
            f"不是 UTF-8 文字（第 {error.start + 1} 个字节起）。请以 UTF-8 重新导出。",
            f"not UTF-8 text (byte {error.start + 1}); export it as UTF-8.",
        ) from error
    except json.JSONDecodeError as error:
        raise BadFile(
            f"第 {error.lineno} 行第 {error.colno} 个字符起不是合法的 JSON（{error.msg}）。"
            "请重新导出。",
            f"not JSON at line {error.lineno}, column {error.colno} ({error.msg}); "
            "export it again.",
        ) from error
    except RecursionError as error:
        raise BadFile(
            "嵌套太深，不是驿站台账。请重新导出。",
            "nested too deeply for a ledger; export it again.",
        ) from error


def _no_constant(name: str) -> NoReturn:
    raise BadFile(f"含有 {name}，JSON 里没有这个数。请改正。", f"holds {name}, which is no JSON.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        names = [name for name, _ in pairs]
        twice = _short(next(name for name in names if names.count(name) > 1))
        raise BadFile(
            f"同一个对象里「{twice}」出现了两次，不知该信哪个。请只留一个。",
            f"the key {twice} comes twice in one object; keep one.",
        )
    return record


def _record(feature: Any, at: int) -> dict[str, Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        _broken(f"第 {at} 个要素不是 Feature", f"feature {at} is no Feature", at)
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        _broken(
            f"第 {at} 个要素的 properties 应为对象",
            f"feature {at}: properties must be an object",
            at,
        )
    record = {}
    if feature.get("id") not in (None, ""):
        record["id"] = feature["id"]
    for name, value in properties.items():
        # The geometry is where the station is; a property of that name is only a remark.
        record[f"properties.{name}" if name in ("lon", "lat") else name] = value
    geometry = feature.get("geometry")
    if geometry is None:
        return record
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        kind = geometry.get("type") if isinstance(geometry, dict) else geometry
        _broken(
            f"第 {at} 个要素是 {_short(kind)}，驿站应为点（Point，入口的位置）",
            f"feature {at} is {_short(kind)}; a station is a Point, its entrance",
            at,
        )
    point = geometry.get("coordinates")
    if not isinstance(point, list):
        _broken(f"第 {at} 个要素没有坐标", f"feature {at} has no coordinates", at)
    record["lon"], record["lat"] = [*point, None, None][:2]
    return record


def cell_text(value: Any) -> str:
    """A property as the text of a cell; a number as it was written."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _Number):
        return value.text
    if isinstance(value, list) and all(not isinstance(item, list | dict) for item in value):
        return ";".join(map(cell_text, value))
    if isinstance(value, dict) and all(not isinstance(v, list | dict) for v in value.values()):
        return " | ".join(f"{name}: {cell_text(item)}" for name, item in value.items())
    return json.dumps(value, ensure_ascii=False)


def declared_datum(crs: Any) -> str | None:
    """The datum that an old ``crs`` member names (RFC 7946 has none: WGS-84, but undeclared)."""
    if crs is None:
        return None
    text = json.dumps(crs).lower()
    for mark, datum in _CRS.items():
        if mark in text:
            return datum
    raise BadFile(
        f"坐标系 {text[:60]} 用不了。请导出为 WGS-84（EPSG:4326）。",
        f"the crs {text[:60]} can't be used; export in WGS-84 (EPSG:4326).",
        "file_not_a_ledger",
    )


def _broken(zh: str, en: str, at: int | None = None) -> NoReturn:
    raise BadFile(f"{zh}。请从地图软件重新导出。", f"{en}; export it as GeoJSON again.", row=at)


def _short(value: Any) -> str:
    return str(value)[:40]
