"""A reader of columns as docs/street-graph-format.md tells it, for the tests."""

from __future__ import annotations

import json
from typing import Any


def unpack(raw: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header, and name → numbers or texts."""
    assert raw[:4] == b"YZT1"
    at = 8 + int.from_bytes(raw[4:8], "little")
    header = json.loads(raw[8:at])
    columns: dict[str, Any] = {}
    for name, coding, count, size in header["columns"]:
        part = raw[at : at + size]
        columns[name] = json.loads(part) if coding == "text" else _numbers(part, coding)
        assert len(columns[name]) == count
        at += size
    assert at == len(raw)
    return header, columns


def _numbers(part: bytes, coding: str) -> list[int]:
    found: list[int] = []
    value, shift = 0, 0
    for octet in part:
        value |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            number = value if coding == "uint" else (value >> 1) ^ -(value & 1)
            found.append(number + (found[-1] if coding == "delta" and found else 0))
            value, shift = 0, 0
    return found
