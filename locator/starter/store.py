"""A county's own ledger, ``stations.geojson``: taken apart and put together without touching what
another county, or another hand, has written in it.

The file is GeoJSON with one feature a line. Beside the features it remembers the ``retired`` ids:
an id once used is never given to another place, so those that left stay known, with what a person
needs to recognise the station (null where there never was one)::

    "retired":{
    "341523-001":null,
    "341523-036":{"kind":"warm_station","name":"鼓楼驿站","lon":116.944,"lat":31.462,"left":"2026-11-24"}
    }
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from locator.errors import LedgerError

#: The file's name, in the county's folder or, for several counties, beside their folders.
STORE = "stations.geojson"

_SCAN = json.JSONDecoder().raw_decode
_BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Store:
    """The file taken apart: each feature as the text that it is, the members beside them
    (name → text), and the retired ids with what they named."""

    features: tuple[str, ...] = ()
    retired: Mapping[str, dict[str, Any] | None] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=lambda: {"type": '"FeatureCollection"'})


def read_store(path: Path) -> tuple[bytes | None, Store]:
    """The file's bytes and parts; None and an empty store where there is no file.

    Raises LedgerError where it is no FeatureCollection, or cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None, Store()
    except OSError as error:
        raise LedgerError(f"{path}：读不了 / cannot be read ({error.strerror}).") from error
    try:
        text = content.decode("utf-8-sig")
        whole = json.loads(text)
        features = [text[a:b] for a, b in _items(text, _members(text)["features"][0])]
        retired = whole.get("retired", {})
        for said in retired.values():
            if said is not None:
                _ = (said["kind"] + said["name"], said["lon"] + said["lat"] + 0.0)
        _line(retired).encode()  # half a character could not be written again
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise LedgerError(
            f"{path}：不是站点表（GeoJSON）/ "
            f"not a list of stations in GeoJSON ({error}); check it with "
            f"`locator validate {path}`."
        ) from error
    beside = {
        name: text[a:b]
        for name, (a, b) in _members(text).items()
        if name not in ("features", "retired")
    }
    return content, Store(tuple(features), retired, beside)


def store_bytes(store: Store) -> bytes:
    """The file: one feature and one retired id a line; what stands beside them as it was."""
    head = "".join(f"{_line(name)}:{text}," for name, text in store.beside.items())
    text = f'{{{head}"features":[\n' + ",\n".join(store.features) + "\n]"
    if store.retired:
        gone = (f"{_line(name)}:{_line(said)}" for name, said in sorted(store.retired.items()))
        text += ',"retired":{\n' + ",\n".join(gone) + "\n}"
    return f"{text}}}\n".encode()


def replaced(
    store: Store,
    own: Collection[int],
    lines: Sequence[str],
    retired: Mapping[str, dict[str, Any] | None],
) -> Store:
    """The store with the features at ``own`` replaced by ``lines``; the others stay in order.

    What the file says of itself (its source, a note that all is invented) stays as far as it is
    still true: while something stays that it was said of, and never for all of it.
    """
    at = min(own, default=len(store.features))
    others = [(i, text) for i, text in enumerate(store.features) if i not in own]
    beside = {"type": store.beside.get("type", '"FeatureCollection"')}
    if others or not set(lines).isdisjoint(store.features):
        beside = {k: text for k, text in store.beside.items() if k != "provenance"}
        if "示意" in beside.get("note", ""):
            del beside["note"]
    return Store(
        features=(
            *(text for i, text in others if i < at), *lines, *(text for i, text in others if i > at)
        ),
        retired=retired,
        beside=beside,
    )  # fmt: skip


def feature_line(properties: Mapping[str, Any], point: Sequence[float]) -> str:
    """A station as a line of the file: WGS-84 lon, lat; what is unknown (None) is left out."""
    said = {name: value for name, value in properties.items() if value is not None}
    geometry = {"type": "Point", "coordinates": list(point)}
    return _line({"type": "Feature", "properties": said, "geometry": geometry})


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _members(text: str) -> dict[str, tuple[int, int]]:
    """Where the value of each member of the outermost object stands in the text."""
    found = {}
    at = _skip(text, _skip(text, 0) + 1)
    while text[at] != "}":
        name, at = _SCAN(text, at)
        start = _skip(text, _skip(text, at) + 1)
        _, end = _SCAN(text, start)
        found[name] = (start, end)
        at = _next(text, end)
    return found


def _items(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where each item of the array that starts here stands in the text."""
    if text[start] != "[":
        raise TypeError("features is no list")
    at = _skip(text, start + 1)
    while text[at] != "]":
        _, end = _SCAN(text, at)
        yield at, end
        at = _next(text, end)


def _next(text: str, end: int) -> int:
    """Past the comma, if there is one."""
    at = _skip(text, end)
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    while text[at] in _BLANK:
        at += 1
    return at
