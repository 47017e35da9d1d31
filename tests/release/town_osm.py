"""A town small enough to draw on paper, as OSM XML."""

from __future__ import annotations

from pathlib import Path
from random import Random

WEST, SOUTH = 116.9, 31.4
#: One step of the paper's squares, in degrees.
STEP = 0.005


def write_town(path: Path, *, shuffled: int | None = None, sign: int = -1) -> Path:
    """Squares of 0.005 degrees: a main street, a side street, a river, an estate, a lake.

    ``shuffled`` (a seed) writes the nodes, ways and relations each in another order; ``sign``
    numbers the objects below zero (as a hand-made file does) or above.
    """
    nodes: list[str] = []
    ways: list[str] = []
    relations: list[str] = []
    spots: dict[tuple[float, float], int] = {}

    def node(number: int, x: float, y: float, **tags: str) -> int:
        said = "".join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in tags.items())
        nodes.append(
            f'<node id="{sign * number}" lat="{SOUTH + y * STEP:.7f}" '
            f'lon="{WEST + x * STEP:.7f}" version="1">{said}</node>'
        )
        return sign * number

    def at(x: float, y: float) -> int:
        """The node of a crossing; ways that pass the same spot meet there."""
        if (x, y) not in spots:
            spots[x, y] = node(100 + len(spots), x, y)
        return spots[x, y]

    def way(
        number: int, points: list[tuple[float, float]], closed: bool = False, **tags: str
    ) -> None:
        refs = [at(x, y) for x, y in points]
        refs += refs[:1] if closed else []
        said = "".join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in tags.items())
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        ways.append(f'<way id="{sign * number}" version="1">{inside}{said}</way>')

    way(1, [(0, 2), (1, 2), (2, 2)], highway="primary", name="示意大道", name__en="Example Avenue")
    way(2, [(2, 2), (3, 2), (4, 2)], highway="primary", name="示意大道", name__en="Example Avenue")
    way(
        3,
        [(1, 0), (1, 2), (1, 4)],
        highway="residential",
        name="短街",
        name__zh="短街巷",
        oneway="yes",
    )
    way(4, [(3, 1.5), (3, 2), (3, 2.5)], highway="secondary", name="清溪桥", bridge="yes")
    way(5, [(0, 1), (4, 1)], waterway="river", name="清溪")
    way(6, [(2, 3), (2, 4)], highway="steps")
    way(7, [(0, 3.5), (4, 3.5)], railway="rail")
    square = [(1.2, 2.2), (1.8, 2.2), (1.8, 2.8), (1.2, 2.8)]
    way(8, square, closed=True, landuse="residential", name="和园小区")
    way(9, [(1.3, 2.3), (1.4, 2.3), (1.4, 2.4), (1.3, 2.4)], closed=True, building="yes")
    way(10, [(2.1, 2.1), (2.9, 2.1), (2.9, 2.9), (2.1, 2.9)], closed=True)
    way(11, [(2.4, 2.4), (2.6, 2.4), (2.6, 2.6), (2.4, 2.6)], closed=True)
    way(12, [(3.1, 2.6), (3.9, 2.6), (3.9, 3.2), (3.1, 3.2)], closed=True, leisure="park",
        name="南溪公园")  # fmt: skip
    relations.append(
        f'<relation id="{sign * 20}" version="1">'
        f'<member type="way" ref="{sign * 10}" role="outer"/>'
        f'<member type="way" ref="{sign * 11}" role="inner"/><tag k="type" v="multipolygon"/>'
        '<tag k="natural" v="water"/><tag k="name" v="镜湖"/></relation>'
    )
    node(1, 2, 2.05, place="town", name="城关镇")
    node(2, 0.5, 2.1, amenity="hospital", name="县医院")
    if shuffled is not None:
        for rows in (nodes, ways, relations):
            Random(shuffled).shuffle(rows)
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" upload="never">\n'
        + "\n".join(nodes + ways + relations)
        + "\n</osm>\n",
        "utf-8",
    )
    return path
