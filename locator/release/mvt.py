"""Vector tiles: geometry in, the bytes of one layer of each tile out.

Follows the Mapbox Vector Tile specification 2.1. Whole layers are encoded at once with numpy;
the order of the features given is the order in the tiles, so that equal input gives equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

EXTENT = 4096
#: Lines and areas go this far beyond their tile, so that outlines and caps do not show its edge.
BUFFER = 64

Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
Value = str | int | bool
Tile = tuple[int, int]

_POINT, _LINE, _POLYGON = 1, 2, 3
_MOVE_TO_ONE = 1 | 1 << 3
_CLOSE_PATH = 7 | 1 << 3


@dataclass(frozen=True)
class _Pieces:
    """Features cut into tiles: geometry in tile units, its tile and the feature it is from."""

    geometry: Geometries
    column: Ints
    row: Ints
    feature: Ints


def web_mercator(lon_lat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """WGS-84 degrees (n, 2) → the unit square of web mercator, y southwards."""
    latitude = np.radians(lon_lat[:, 1])
    return np.column_stack(
        [lon_lat[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(latitude)) / (2 * np.pi)]
    )


def encode_layer(
    name: str,
    geometry: Geometries,
    properties: Sequence[Mapping[str, Value]],
    *,
    tiles: tuple[int, int, int, int],
) -> dict[Tile, bytes]:
    """Encode one layer of one zoom.

    ``geometry`` is all points, all lines or all polygons, in units of which a tile has
    :data:`EXTENT` a side, counted from the north-west corner of the world. ``tiles`` bounds the
    columns and rows made: (first column, first row, last column, last row). Geometry is snapped
    to whole units; polygons stay valid, what collapses is left out. Returns the bytes of the
    layer (a field of the tile message, to be joined with other layers') by (column, row).
    """
    if not len(geometry):
        return {}
    kind = {0: _POINT, 1: _LINE, 5: _LINE, 3: _POLYGON, 6: _POLYGON}[
        int(shapely.get_type_id(geometry[0]))
    ]
    pieces = _cut(geometry, kind, tiles)
    if not len(pieces.geometry):
        return {}
    commands = _commands(pieces.geometry, kind)
    order = np.lexsort((pieces.feature, pieces.row, pieces.column))
    bounds = np.flatnonzero(
        np.diff(pieces.column[order], prepend=-1) | np.diff(pieces.row[order], prepend=-1)
    )
    found = {}
    for members in np.split(order, bounds[1:]):
        tile = (int(pieces.column[members[0]]), int(pieces.row[members[0]]))
        features = [(commands[piece], properties[pieces.feature[piece]]) for piece in members]
        found[tile] = _layer_bytes(name, kind, features)
    return found


def _cut(geometry: Geometries, kind: int, tiles: tuple[int, int, int, int]) -> _Pieces:
    """Cut features into tiles and snap them to the tile's grid."""
    margin = 0 if kind == _POINT else BUFFER
    bounds = shapely.bounds(geometry)
    first = np.floor((bounds[:, :2] - margin) / EXTENT).astype(np.int64)
    last = np.floor((bounds[:, 2:] + margin) / EXTENT).astype(np.int64)
    first = np.maximum(first, tiles[:2])
    last = np.minimum(last, tiles[2:])
    size = np.maximum(last - first + 1, 0)
    count = size.prod(axis=1)
    feature = np.repeat(np.arange(len(geometry)), count)
    nth = np.arange(count.sum()) - np.repeat(count.cumsum() - count, count)
    column = first[feature, 0] + nth % size[feature, 0]
    row = first[feature, 1] + nth // size[feature, 0]
    cut = geometry[feature]
    if kind != _POINT:
        whole = (
            (bounds[feature, 0] >= column * EXTENT - margin)
            & (bounds[feature, 1] >= row * EXTENT - margin)
            & (bounds[feature, 2] <= (column + 1) * EXTENT + margin)
            & (bounds[feature, 3] <= (row + 1) * EXTENT + margin)
        )
        for tile in np.unique(np.column_stack([column, row])[~whole], axis=0).tolist():
            here = np.flatnonzero(~whole & (column == tile[0]) & (row == tile[1]))
            west, north = tile[0] * EXTENT - margin, tile[1] * EXTENT - margin
            side = EXTENT + 2 * margin
            cut[here] = shapely.clip_by_rect(cut[here], west, north, west + side, north + side)
    moved = _moved(cut, np.column_stack([column, row]) * EXTENT)
    snapped = _snapped(moved, kind)
    keep = ~(shapely.is_missing(snapped) | shapely.is_empty(snapped))
    return _Pieces(snapped[keep], column[keep], row[keep], feature[keep])


def _moved(geometry: Geometries, origin: Ints) -> Geometries:
    coordinates = shapely.get_coordinates(geometry)
    whose = np.repeat(np.arange(len(geometry)), shapely.get_num_coordinates(geometry))
    moved: Geometries = shapely.set_coordinates(geometry.copy(), coordinates - origin[whose])
    return moved


def _snapped(geometry: Geometries, kind: int) -> Geometries:
    """Onto whole units; only parts of the layer's own kind stay."""
    if kind == _POINT:
        rounded: Geometries = shapely.transform(geometry, np.rint)
        return rounded
    if kind == _POLYGON:
        broken = ~shapely.is_valid(geometry)
        geometry[broken] = shapely.make_valid(geometry[broken])
    geometry = shapely.set_precision(geometry, 1)
    mixed = np.flatnonzero(shapely.get_type_id(geometry) == 7)
    for position in mixed:
        parts = shapely.get_parts(geometry[position])
        wanted = parts[shapely.get_dimensions(parts) == kind - 1]
        geometry[position] = shapely.union_all(wanted) if len(wanted) else None
    wrong = shapely.get_dimensions(geometry) != kind - 1
    geometry[wrong] = None
    # The specification's sense of a ring, y southwards: area positive outside, negative inside.
    return shapely.orient_polygons(geometry) if kind == _POLYGON else geometry


def _commands(geometry: Geometries, kind: int) -> list[bytes]:
    """The packed geometry field of every feature: MoveTo, LineTo … [ClosePath] of each part."""
    parts, owner = shapely.get_parts(geometry, return_index=True)
    if kind == _POLYGON:
        parts, of_part = shapely.get_rings(parts, return_index=True)
        owner = owner[of_part]
    closing = int(kind == _POLYGON)  # a ring's last point is said by ClosePath
    length = shapely.get_num_coordinates(parts)
    coordinates = shapely.get_coordinates(parts).astype(np.int64)
    start = np.cumsum(length) - length
    nth = np.arange(len(coordinates)) - np.repeat(start, length)
    coordinates = coordinates[nth < np.repeat(length - closing, length)]
    length = length - closing
    start = np.cumsum(length) - length
    nth = np.arange(len(coordinates)) - np.repeat(start, length)

    step = np.diff(coordinates, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    begins = start[np.flatnonzero(np.diff(owner, prepend=-1))]
    step[begins] = coordinates[begins]  # each feature counts from the tile's corner
    step = (step << 1) ^ (step >> 63)  # zigzag

    lines = int(kind != _POINT)
    size = 3 + lines * (1 + 2 * (length - 1)) + closing
    offset = np.cumsum(size) - size
    stream = np.zeros(int(size.sum()), dtype=np.int64)
    at = np.repeat(offset, length) + np.where(nth == 0, 1, 2 + 2 * nth)
    stream[at], stream[at + 1] = step[:, 0], step[:, 1]
    stream[offset] = _MOVE_TO_ONE
    if lines:
        stream[offset + 3] = (length - 1) << 3 | 2
    if closing:
        stream[offset + size - 1] = _CLOSE_PATH
    whole, ends = _varints(stream)
    last = np.append(np.flatnonzero(np.diff(owner)), len(owner) - 1)
    feature_ends = ends[offset[last] + size[last] - 1]
    return [
        whole[begin:end]
        for begin, end in zip([0, *feature_ends[:-1].tolist()], feature_ends.tolist(), strict=True)
    ]


def _varints(values: Ints) -> tuple[bytes, Ints]:
    """Protocol-buffer varints of non-negative numbers below 2^35, and where each ends."""
    length = 1 + sum((values >> bits > 0).astype(np.int64) for bits in (7, 14, 21, 28))
    ends = np.cumsum(length)
    nth = np.arange(int(ends[-1])) - np.repeat(ends - length, length)
    groups = (np.repeat(values, length) >> (7 * nth)) & 0x7F
    more = nth < np.repeat(length, length) - 1
    return (groups | more.astype(np.int64) << 7).astype(np.uint8).tobytes(), ends


def _layer_bytes(
    name: str, kind: int, features: Sequence[tuple[bytes, Mapping[str, Value]]]
) -> bytes:
    keys: dict[str, int] = {}
    values: dict[tuple[type, Any], int] = {}
    body = bytearray(_field(1, name.encode()))
    for geometry, properties in features:
        tags = bytearray()
        for key, value in properties.items():
            tags += _varint(keys.setdefault(key, len(keys)))
            tags += _varint(values.setdefault((type(value), value), len(values)))
        feature = (_field(2, bytes(tags)) if tags else b"") + bytes((3 << 3, kind))
        body += _field(2, feature + _field(4, geometry))
    for key in keys:
        body += _field(3, key.encode())
    for _, value in values:
        body += _field(4, _value(value))
    body += bytes((5 << 3,)) + _varint(EXTENT) + bytes((15 << 3, 2))
    return _field(3, bytes(body))


def _value(value: Value) -> bytes:
    if isinstance(value, str):
        return _field(1, value.encode())
    if isinstance(value, bool):
        return bytes((7 << 3, value))
    return bytes((6 << 3,)) + _varint((value << 1) ^ (value >> 63))


def _field(number: int, content: bytes) -> bytes:
    return bytes((number << 3 | 2,)) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)
