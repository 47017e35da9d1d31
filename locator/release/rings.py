"""The areas of an OSM file: closed ways, multipolygons, and what could not be made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import osmium

from locator.release import classes
from locator.release.classes import Tags

CUT = "areas cut at the edge of the file"
CROSSED = "areas whose outline is broken or crosses itself"
OPEN = "areas whose outline does not close"


class Outline(NamedTuple):
    """A multipolygon that is drawn. One without tags of its own (the custom until 2016) has those
    of its outer ways."""

    tags: dict[str, str]
    ways: tuple[int, ...]
    outer: tuple[int, ...]

    @property
    def untagged(self) -> bool:
        """Whether its outer ways say what it is."""
        return not any(key in self.tags for key in classes.KEYS)


def expected_rings(source: Path | osmium.io.File) -> dict[int, Outline]:
    """The relations of a file that should become areas, by id."""
    found = {}
    item: Any
    for item in osmium.FileProcessor(source, osmium.osm.RELATION):
        tags = dict(item.tags)
        if tags.get("type") not in {"multipolygon", "boundary"}:
            continue
        ways = [member for member in item.members if member.type == "w"]
        outline = Outline(
            tags,
            tuple(member.ref for member in ways),
            tuple(sorted(member.ref for member in ways if member.role != "inner")),
        )
        untagged = outline.untagged and tags["type"] == "multipolygon"
        if untagged or classes.is_area(tags, ring=False):
            found[item.id] = outline
    return found


@dataclass
class Rings:
    """Collects areas while a file is read, each once, and remembers which did not come."""

    relations: Mapping[int, Outline]
    _areas: dict[tuple[str, int], tuple[dict[str, str], str]] = field(default_factory=dict)
    _closed: dict[int, dict[str, str]] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)
    _outer: dict[int, dict[str, str]] = field(default_factory=dict)
    _wanted: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        untagged = (outline for outline in self.relations.values() if outline.untagged)
        self._wanted = frozenset(way for outline in untagged for way in outline.ways)

    def expect(self, way: Any, tags: dict[str, str]) -> None:
        """Note a way that should become an area, or lends its tags to one."""
        if way.id in self._wanted:
            self._outer[way.id] = tags
        if tags.get("area") == "no":
            return
        if way.is_closed():
            self._closed[way.id] = tags
        elif not {"highway", "railway", "waterway"} & tags.keys() and classes.is_area(
            tags, ring=True
        ):  # a street, a platform or a river may be a line as well
            self._open.add(way.id)

    def take(self, area: Any, shapes: Any) -> None:
        """Keep an area that osmium has assembled."""
        kind, number, tags = "w" if area.from_way() else "r", area.orig_id(), dict(area.tags)
        if kind == "r" and number not in self.relations:
            return
        try:
            self._areas[kind, number] = (tags, shapes.create_multipolygon(area))
        except (RuntimeError, osmium.InvalidLocationError):
            return  # counted as lost

    def found(self) -> Iterator[tuple[str, dict[str, str], str]]:
        """Each area: OSM type and id, tags, WKB."""
        replaced: set[tuple[str, int]] = set()
        lent: dict[int, dict[str, str]] = {}
        for number, outline in self.relations.items():
            if outline.untagged and ("r", number) in self._areas:
                tags = self._lent(outline)
                lent[number] = tags
                drawn = _sorts(tags)
                replaced |= {("w", way) for way in outline.ways
                             if _sorts(self._outer.get(way, {})) == drawn}  # fmt: skip
        for (kind, number), (tags, wkb) in self._areas.items():
            if (kind, number) not in replaced:
                yield f"{kind}{number:014d}", lent.get(number, tags) if kind == "r" else tags, wkb

    def _lent(self, outline: Outline) -> dict[str, str]:
        """The tags of the first outer way that is drawn as an area."""
        tags = (self._outer.get(way, {}) for way in outline.outer)
        return next((said for said in tags if classes.is_area(said, ring=True)), {})

    def lost(self, source: Path | osmium.io.File) -> Counter[str]:
        """How many areas did not come, by reason."""
        missing: list[tuple[int, ...]] = [
            (way,)
            for way, tags in self._closed.items()
            if ("w", way) not in self._areas and classes.is_area(tags, ring=True)
        ]
        in_relation: set[int] = set()
        for number, outline in self.relations.items():
            if ("r", number) in self._areas:
                in_relation.update(outline.ways)
            elif not outline.untagged or self._lent(outline):
                missing.append(outline.ways)
        whole = _whole_ways(source, {way for ways in missing for way in ways})
        lost = Counter(CROSSED if whole.issuperset(ways) else CUT for ways in missing)
        lost[OPEN] += len(self._open - in_relation)
        return lost


def _sorts(tags: Tags) -> list[tuple[str, str]]:
    return [(drawn.layer, drawn.kind) for drawn in classes.area_classes(tags, ring=True)]


def _whole_ways(source: Path | osmium.io.File, ids: set[int]) -> set[int]:
    """Those of the ways whose nodes are all in the file."""
    if not ids:
        return set()
    ways: Any = (
        osmium.FileProcessor(source, osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.IdFilter(ids))
    )
    return {way.id for way in ways if all(node.location.valid() for node in way.nodes)}
