"""Whole numbers in columns: small files that a phone reads at once.

A file is the four bytes ``YZT1``, the length of its header (four bytes, little-endian), the header
(a JSON object in UTF-8), and then its columns one behind the other. The header's ``columns`` lists
``[name, coding, count, bytes]`` of each. Three codings, all of them LEB128 (seven bits a byte, the
lowest first, the highest bit set on all bytes but the last):

``uint``   the numbers themselves, none negative;
``int``    zigzag: 0, -1, 1, -2, … become 0, 1, 2, 3, …;
``delta``  the zigzag of each number less the one before it (the first less 0).

A fourth, ``text``, is a JSON array of strings. Equal columns give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

MAGIC = b"YZT1"
Coding = Literal["uint", "int", "delta", "text"]
#: More than this no number of a phone's is exact.
_MOST = 2**53


def pack(header: Mapping[str, Any], columns: Mapping[str, tuple[Coding, Any]]) -> bytes:
    """The bytes of a file; ``columns`` are name → (coding, numbers or strings)."""
    packed = {name: (coding, len(values), _coded(coding, values))
              for name, (coding, values) in columns.items()}  # fmt: skip
    listed = [[name, coding, count, len(raw)] for name, (coding, count, raw) in packed.items()]
    head = _json({**header, "columns": listed})
    body = b"".join(raw for _, _, raw in packed.values())
    return MAGIC + len(head).to_bytes(4, "little") + head + body


def _coded(coding: Coding, values: Any) -> bytes:
    if coding == "text":
        return _json(list(values))
    numbers = np.asarray(values, dtype=np.int64)
    if coding == "delta":
        numbers = np.diff(numbers, prepend=0)
    return _leb128(numbers if coding == "uint" else _zigzag(numbers))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _zigzag(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray((numbers << 1) ^ (numbers >> 63))


def _leb128(numbers: ArrayLike) -> bytes:
    rest = np.asarray(numbers, dtype=np.int64)
    if len(rest) == 0:
        return b""
    if rest.min() < 0 or rest.max() >= _MOST:
        raise ValueError("a column holds whole numbers from 0 to 2**53, as far as phones count.")
    octets: list[NDArray[np.uint8]] = []
    present: list[NDArray[np.bool_]] = []
    wanted = np.ones(len(rest), dtype=bool)
    while wanted.any():
        more = rest > 0x7F
        octets.append(((rest & 0x7F) | (more << 7)).astype(np.uint8))
        present.append(wanted)
        rest, wanted = rest >> 7, wanted & more
    return np.stack(octets, axis=1)[np.stack(present, axis=1)].tobytes()
