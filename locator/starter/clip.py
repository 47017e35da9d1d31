"""The county's street file: the extract, cut to its outline and a margin.

A street may end beyond the outline and a rider ride around it, so a margin stays. Streets, houses
and lakes stay whole: a way with one node in the cut comes with all its nodes, a multipolygon with
all its ways. Equal input gives equal bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
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
    kept = left = 0
    tracker = None
    if outline is not None:
        tracker, kept, left = _wanted(source, widened(outline))
    else:
        kept = source.counts["ways"]
    if not left and source.is_ordered_pbf:
        shutil.copyfile(source.path, target)
        return Cut(True, kept, 0)
    _write(source, tracker if left else None, target)
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


def _wanted(source: Source, area: shapely.Geometry) -> tuple[osmium.IdTracker, int, int]:
    """The objects to keep, and how many ways stay and go."""
    wanted, within = osmium.IdTracker(), osmium.IdTracker()
    for number in _nodes_within(source, area, tagged=wanted):
        within.add_node(number)
    kept = left = 0
    item: Any
    for item in osmium.FileProcessor(source.file, osmium.osm.WAY | osmium.osm.RELATION):
        if not within.contains_any_references(item):
            left += item.is_way()
        elif item.is_way():
            kept += 1
            wanted.add_way(item.id)
            within.add_way(item.id)
        elif item.tags.get("type") == "multipolygon":
            wanted.add_relation(item.id)
    wanted.complete_backward_references(source.file, relation_depth=1)
    return wanted, kept, left


def _nodes_within(
    source: Source, area: shapely.Geometry, *, tagged: osmium.IdTracker
) -> Iterator[int]:
    """The nodes in ``area``; those that say something are marked in ``tagged``."""
    shapely.prepare(area)
    batch: list[tuple[int, float, float, bool]] = []

    def settle() -> Iterator[int]:
        if not batch:
            return
        at = np.array([(lon, lat) for _, lon, lat, _ in batch])
        for (number, _, _, speaks), here in zip(
            batch, shapely.contains_xy(area, at).tolist(), strict=True
        ):
            if here:
                yield number
                if speaks:
                    tagged.add_node(number)
        batch.clear()

    item: Any
    for item in osmium.FileProcessor(source.file, osmium.osm.NODE):
        batch.append((item.id, item.lon, item.lat, bool(item.tags)))
        if len(batch) >= _BATCH:
            yield from settle()
    yield from settle()


def _write(source: Source, wanted: osmium.IdTracker | None, target: Path) -> None:
    """Write the wanted objects (all for None), each once, with the day of the data."""
    header = osmium.io.Header()
    header.set("generator", "locator")
    if source.dated:
        header.set("osmosis_replication_timestamp", f"{source.dated.isoformat()}T00:00:00Z")
    items = osmium.FileProcessor(source.file)
    if wanted is not None:
        items = items.with_filter(wanted.id_filter())
    last = ("", 0)
    item: Any
    with osmium.SimpleWriter(str(target), header=header) as writer:
        for item in items:
            here = (item.type_str(), item.id)
            if here != last:
                writer.add(item)
            last = here
