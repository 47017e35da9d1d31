"""The streets of a graph that osmnx saved: enough to draw a map of streets, and no more."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import shapely
from shapely.geometry.base import BaseGeometry

from locator.errors import StreetsError

Street = tuple[str, dict[str, str], BaseGeometry]
#: What the map says of a street. Where osmnx merged ways it lists their values.
_SAID = ("highway", "name", "name:zh", "name:en", "ref", "bridge", "tunnel", "layer", "oneway",
         "junction", "service", "footway")  # fmt: skip


def read_streets(path: Path) -> Iterator[Street]:
    """Each street of a ``.graphml`` file (WGS-84 degrees) once: a name in the manner of an OSM id,
    its tags, and its line.

    Two directed edges over the same points are one street; a one-way street runs along its line.
    The order does not depend on the file's. Raises StreetsError with one sentence when the file
    is not such a graph, OSError when it cannot be opened.
    """
    try:
        streets = _edges(path)
    except (ElementTree.ParseError, shapely.GEOSException, ValueError, KeyError) as error:
        raise StreetsError(
            f"{path}：不是 osmnx 存的街道图，请重新存一份 / "
            f"not a street graph as osmnx saves it ({error}); save it anew."
        ) from error
    yield from (streets[key] for key in sorted(streets))


def _edges(path: Path) -> dict[tuple[str, bytes], Street]:
    names: dict[str, str] = {}
    spots: dict[str, tuple[float, float]] = {}
    streets: dict[tuple[str, bytes], Street] = {}
    for _, element in ElementTree.iterparse(path):
        kind = element.tag.rpartition("}")[2]
        if kind == "key":
            names[element.attrib["id"]] = element.attrib["attr.name"]
        elif kind in {"node", "edge"}:
            data = {names[child.attrib["key"]]: child.text or "" for child in element}
            if kind == "node":
                spots[element.attrib["id"]] = _degrees(float(data["x"]), float(data["y"]))
            else:
                ends = [spots[element.attrib[end]] for end in ("source", "target")]
                street = _street(data, ends)
                streets.setdefault((street[0], shapely.to_wkb(street[2])), street)
            element.clear()
    return streets


def _degrees(x: float, y: float) -> tuple[float, float]:
    if not (math.isfinite(x) and abs(x) <= 180 and abs(y) <= 90):
        raise ValueError(f"a node at {x}, {y} is not in degrees")
    return x, y


def _street(data: dict[str, str], ends: list[tuple[float, float]]) -> Street:
    tags: dict[str, str] = {}
    for key in _SAID:
        values = [value for value in _values(data.get(key, "")) if value not in {"", "None"}]
        # A merged way is a bridge or a tunnel when all of it is: the graph no longer says where.
        if values and not (key in {"bridge", "tunnel"} and "no" in values):
            tags[key] = values[0]
    oneway = tags.get("oneway", "").lower() in {"true", "yes", "1"}
    tags["oneway"] = "yes" if oneway else "no"
    line: BaseGeometry
    line = shapely.from_wkt(data["geometry"]) if "geometry" in data else shapely.LineString(ends)
    if line.geom_type != "LineString":
        raise ValueError(f"an edge is a {line.geom_type}")
    if not oneway:
        line = min(line, line.reverse(), key=shapely.to_wkb)
    way = min((int(value) for value in _values(data.get("osmid", "")) if _whole(value)), default=0)
    return f"w{way:014d}", tags, line


def _values(text: str) -> list[str]:
    """One value, or those that osmnx wrote as a Python list."""
    if not text.startswith("["):
        return [text]
    try:
        listed = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return [text]
    return [str(value) for value in listed]


def _whole(text: str) -> bool:
    return text.lstrip("-").isdecimal()
