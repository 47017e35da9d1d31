"""An OSM file as libosmium can take it, whoever wrote it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import osmium

#: Objects that exist in one file only have ids below zero; they get ids beyond this one.
_OWN_IDS = 1 << 40
_TYPES = "nwr"
#: libosmium does not know this ending.
_XML = re.compile(r"\.xml(\.gz|\.bz2)?$")


@contextmanager
def readable(path: Path) -> Iterator[Path | osmium.io.File]:
    """The file as libosmium can take it.

    A file made by hand numbers its objects below zero, in any order or twice; libosmium keeps
    no positions of such nodes and assembles no areas of such ways. It is read from a copy in order.
    """
    if not path.is_file():
        raise OSError("there is no such file")
    xml = _XML.search(path.name.lower())
    source = osmium.io.File(str(path), f"osm{xml[1] or ''}") if xml else path
    if _in_order(source):
        yield source
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "ordered.osm.pbf"
        _write_in_order(source, copy)
        yield copy


def _in_order(source: Path | osmium.io.File) -> bool:
    last_kind, last = "n", 0
    item: Any
    for item in osmium.FileProcessor(source):
        kind, number = item.type_str(), item.id
        if kind != last_kind:
            if _TYPES.index(kind) < _TYPES.index(last_kind):
                return False
            last_kind, last = kind, 0
        if number <= last:
            return False
        last = number
    return True


def _write_in_order(source: Path | osmium.io.File, copy: Path) -> None:
    def own(number: int) -> int:
        return _OWN_IDS - number if number < 0 else number

    mutable = osmium.osm.mutable
    items: dict[tuple[int, int], Any] = {}  # of an object given twice the last counts
    item: Any
    made: Any
    for item in osmium.FileProcessor(source):
        said: dict[str, Any] = {
            "id": own(item.id),
            "tags": dict(item.tags),
            "version": 1,
            "timestamp": item.timestamp,
        }
        if item.is_node():
            made = mutable.Node(location=(item.lon, item.lat), **said)
        elif item.is_way():
            made = mutable.Way(nodes=[own(node.ref) for node in item.nodes], **said)
        else:
            members = [(member.type, own(member.ref), member.role) for member in item.members]
            made = mutable.Relation(members=members, **said)
        items[_TYPES.index(item.type_str()), own(item.id)] = made
    with osmium.SimpleWriter(str(copy)) as writer:
        for _, made in sorted(items.items()):
            writer.add(made)
