"""The county's street file: the extract, cut to its outline and a margin.

A street may end beyond the outline and a rider ride around it, so a margin stays. Streets, houses
and lakes stay whole: a way with one node in the cut comes with all its nodes, a multipolygon with
all its ways. Equal input gives equal bytes.
"""

from __future__ import annotations

import errno
import os
import shutil
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from pyproj import Transformer

from locator.geo.crs import WGS84, local_metres
from locator.starter.source import Source

#: Streets this far beyond the outline are kept.
MARGIN_M = 5_000.0
#: The margin need not follow every bend.
_TOLERANCE_M = 200.0
_BATCH = 100_000


@dataclass(frozen=True)
class Cut:
    """What became of the ways and multipolygons: ``copied`` when the file is the extract itself."""

    copied: bool
    ways_kept: int
    ways_left: int


def write_streets(source: Source, outline: shapely.Geometry | None, target: Path) -> Cut:
    """Write the part of the extract within 5 km of ``outline`` (all without one) as a PBF file.

    An extract in PBF and in order that does not reach farther is copied byte for byte.
    """
    wanted = None if outline is None else _wanted(source, widened(outline))
    left = wanted.ways_left if wanted else 0
    kept = source.counts["ways"] - left
    if not left and source.is_ordered_pbf:
        shutil.copyfile(source.path, target)
        return Cut(True, kept, 0)
    _write(source, wanted if left else None, target)
    return Cut(False, kept, left)


def widened(outline: shapely.Geometry) -> shapely.Geometry:
    """``outline`` and the margin around it, in WGS-84 degrees."""
    middle = shapely.centroid(outline)
    plane = local_metres(shapely.get_x(middle), shapely.get_y(middle))
    there = Transformer.from_crs(WGS84, plane, always_xy=True)
    back = Transformer.from_crs(plane, WGS84, always_xy=True)

    def moved(by: Transformer) -> Any:
        return lambda points: np.column_stack(by.transform(points[:, 0], points[:, 1]))

    flat = shapely.transform(outline, moved(there))
    wide = shapely.buffer(shapely.simplify(flat, _TOLERANCE_M), MARGIN_M)
    return shapely.transform(wide, moved(back))


@dataclass(frozen=True)
class _Wanted:
    """The objects to keep, by type (n, w, r), and how many ways are none of them."""

    ids: dict[str, set[int]]
    ways_left: int


def _wanted(source: Source, area: shapely.Geometry) -> _Wanted:
    """What lies in ``area``, and what that needs to be whole."""
    within, nodes = _nodes_within(source, area)
    ways: set[int] = set()
    relations: set[int] = set()
    members: set[int] = set()
    item: Any
    for item in osmium.FileProcessor(source.file, osmium.osm.WAY | osmium.osm.RELATION):
        if item.is_way():
            refs = [node.ref for node in item.nodes]
            if not within.isdisjoint(refs):
                ways.add(item.id)
                nodes.update(refs)
        elif item.tags.get("type") == "multipolygon":
            outline = {member.ref for member in item.members if member.type == "w"}
            if not ways.isdisjoint(outline):
                relations.add(item.id)
                members |= outline
    if members - ways:
        for item in osmium.FileProcessor(source.file, osmium.osm.WAY):
            if item.id in members and item.id not in ways:
                ways.add(item.id)
                nodes.update(node.ref for node in item.nodes)
    return _Wanted({"n": nodes, "w": ways, "r": relations}, source.counts["ways"] - len(ways))


def _nodes_within(source: Source, area: shapely.Geometry) -> tuple[set[int], set[int]]:
    """The nodes in ``area``, and those of them that say something."""
    shapely.prepare(area)
    within: set[int] = set()
    speaking: set[int] = set()
    numbers, lons, lats = array("q"), array("d"), array("d")

    def settle() -> None:
        inside = shapely.contains_xy(area, np.array(lons), np.array(lats))
        within.update(np.array(numbers)[inside].tolist())
        for gathered in (numbers, lons, lats):
            del gathered[:]

    item: Any
    for item in osmium.FileProcessor(source.file, osmium.osm.NODE):
        location = item.location
        numbers.append(item.id)
        lons.append(location.lon_without_check())  # a node may have no position on the globe:
        lats.append(location.lat_without_check())  # it lies in no area
        if len(item.tags):
            speaking.add(item.id)
        if len(numbers) >= _BATCH:
            settle()
    settle()
    return within, speaking & within


def _write(source: Source, wanted: _Wanted | None, target: Path) -> None:
    """Write the wanted objects (all for None), with the day of the data."""
    room = shutil.disk_usage(target.parent).free
    if room < 2 * source.path.stat().st_size:  # a writer on a full disk takes the program with it
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target.parent))
    header = osmium.io.Header()
    header.set("generator", "locator")
    if source.dated:
        header.set("osmosis_replication_timestamp", f"{source.dated.isoformat()}T00:00:00Z")
    item: Any
    with osmium.SimpleWriter(str(target), header=header, overwrite=True) as writer:
        for item in osmium.FileProcessor(source.file):
            if wanted is None or item.id in wanted.ids[item.type_str()]:
                writer.add(item)
