"""OSM extracts drawn by hand: in metres around a corner of the world, in every format."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

import osmium

from tests.starter.drawn import at

Point = tuple[float, float]


@dataclass
class Drawing:
    """An extract to be; every method returns the object's id. Tags: ``addr__street``."""

    timestamp: str = ""
    nodes: dict[int, str] = field(default_factory=dict)
    ways: dict[int, str] = field(default_factory=dict)
    relations: dict[int, str] = field(default_factory=dict)
    _spots: dict[Point, int] = field(default_factory=dict)

    def node(self, x: float, y: float, **tags: str) -> int:
        """A node ``x`` m east and ``y`` m north of the corner."""
        number = 1 + len(self.nodes)
        lon, lat = at(x, y)
        self.nodes[number] = (
            f'<node id="{number}" version="1"{self.timestamp} lon="{lon}" lat="{lat}">'
            f"{_tags(tags)}</node>"
        )
        self._spots[x, y] = number
        return number

    def way(self, points: Sequence[Point], **tags: str) -> int:
        """A way through points; ways meet at the points that they share."""
        refs = [self._spots.get(spot) or self.node(*spot) for spot in points]
        number = 1 + len(self.ways)
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        self.ways[number] = (
            f'<way id="{number}" version="1"{self.timestamp}>{inside}{_tags(tags)}</way>'
        )
        return number

    def square(self, x: float, y: float, side: float, **tags: str) -> int:
        """A closed way, its south-west corner at ``x``, ``y``."""
        return self.way(corners(x, y, side), **tags)

    def relation(self, ways: Sequence[int], inner: Sequence[int] = (), **tags: str) -> int:
        """A relation of outer and inner ways; they need not be in the extract."""
        number = 1 + len(self.relations)
        roles = [*((way, "outer") for way in ways), *((way, "inner") for way in inner)]
        inside = "".join(f'<member type="way" ref="{way}" role="{role}"/>' for way, role in roles)
        self.relations[number] = (
            f'<relation id="{number}" version="1"{self.timestamp}>{inside}{_tags(tags)}</relation>'
        )
        return number

    def boundary(
        self, x: float, y: float, side: float, name: str, level: int = 6, **tags: str
    ) -> int:
        """A whole square boundary of two ways."""
        points = corners(x, y, side)
        ways = [self.way(points[:3]), self.way(points[2:])]
        return self.relation(
            ways, (), type="boundary", boundary="administrative", admin_level=str(level), name=name,
            **tags,
        )  # fmt: skip

    def xml(self) -> str:
        """The extract as OSM XML."""
        objects = (*self.nodes.values(), *self.ways.values(), *self.relations.values())
        return "\n".join(
            ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">', *objects, "</osm>\n"]
        )

    def save(self, path: Path) -> Path:
        """Write it in the format of the file's name."""
        text = self.xml().encode()
        if path.suffix == ".gz":
            path.write_bytes(gzip.compress(text, mtime=0))
        elif path.suffix == ".bz2":
            path.write_bytes(bz2.compress(text))
        elif path.suffix == ".pbf":
            with osmium.SimpleWriter(str(path)) as writer:
                for item in osmium.FileProcessor(osmium.io.FileBuffer(text, "osm")):
                    writer.add(item)
        else:
            path.write_bytes(text)
        return path


def corners(x: float, y: float, side: float) -> list[Point]:
    """The corners of a square, from the south-west one round to it again."""
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]


def _tags(tags: dict[str, str]) -> str:
    return "".join(
        f"<tag k={quoteattr(key.replace('__', ':'))} v={quoteattr(value)}/>"
        for key, value in tags.items()
    )
