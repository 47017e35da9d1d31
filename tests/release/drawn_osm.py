"""OSM files as small as a test needs: points by their place on a grid, ways by their points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

#: The grid's origin in degrees, and one step of it.
WEST, SOUTH, STEP = 116.9, 31.4, 0.001

Point = tuple[float, float]
Tags = Mapping[str, str]


class Drawing:
    """A drawing that can be written as OSM XML; ids count from 1."""

    def __init__(self) -> None:
        self.spots: dict[Point, int] = {}
        self.tagged: dict[int, Tags] = {}
        self.missing: set[int] = set()
        self.ways: list[tuple[list[int], Tags]] = []
        self.relations: list[tuple[list[tuple[str, int, str]], Tags]] = []

    def spot(self, point: Point, **tags: str) -> int:
        """The node at a place."""
        number = self.spots.setdefault(point, len(self.spots) + 1)
        if tags:
            self.tagged[number] = tags
        return number

    def way(self, points: Sequence[Point], **tags: str) -> int:
        """A way through places."""
        self.ways.append(([self.spot(point) for point in points], tags))
        return len(self.ways)

    def ring(self, west: float, south: float, side: float, **tags: str) -> int:
        """A closed square."""
        east, north = west + side, south + side
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        return self.way(corners, **tags)

    def relation(self, members: Sequence[tuple[int, str]], **tags: str) -> int:
        """A relation of ways."""
        said = {"type": "multipolygon", **tags}
        self.relations.append(([("way", way, role) for way, role in members], said))
        return len(self.relations)

    def cut(self, *points: Point) -> None:
        """Leave nodes out of the file, as the edge of an extract does."""
        self.missing |= {self.spots[point] for point in points}

    def write(self, path: Path) -> Path:
        """Write the drawing, and a street so that it has bounds."""
        if not any("highway" in tags for _, tags in self.ways):
            self.way([(0, -1), (20, -1)], highway="residential")
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
        for (x, y), number in self.spots.items():
            if number not in self.missing:
                lines.append(
                    f'<node id="{number}" version="1" lat="{SOUTH + y * STEP:.7f}" '
                    f'lon="{WEST + x * STEP:.7f}">{_tags(self.tagged.get(number, {}))}</node>'
                )
        for number, (refs, tags) in enumerate(self.ways, start=1):
            inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
            lines.append(f'<way id="{number}" version="1">{inside}{_tags(tags)}</way>')
        for number, (members, tags) in enumerate(self.relations, start=1):
            inside = "".join(
                f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members
            )
            lines.append(f'<relation id="{number}" version="1">{inside}{_tags(tags)}</relation>')
        path.write_text("\n".join([*lines, "</osm>", ""]), "utf-8")
        return path


def _tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
