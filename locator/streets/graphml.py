"""Street graphs that osmnx saved as GraphML."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from locator.county import Streets
from locator.errors import StreetsError
from locator.geo.crs import haversine_m
from locator.streets.graph import StreetGraph, build_graph
from locator.streets.pieces import Line
from locator.streets.traffic import Mode, Tags, passage, speed_kmh

#: The tags that the rules read; of a merged way each may be a list.
GRAPHML_TAGS = (
    "highway", "name", "access", "vehicle", "bicycle", "foot", "motorroad", "route", "maxspeed",
    "conveying", "sac_scale",
)  # fmt: skip
#: From the fastest to the slowest: a merged way is passed as the slowest of its parts.
_SLOWNESS: tuple[Mode, ...] = ("ride", "track", "push", "steps")


@dataclass
class _Street:
    """A piece of street: two directed edges over the same points are one, open both ways."""

    keys: list[Hashable]
    points: list[tuple[float, float]]
    tags: list[Tags]  # of each street that osmnx merged into it
    both_ways: bool = False


def read_graphml(path: Path, speeds: Streets) -> StreetGraph:
    """A graph that osmnx saved: its edges are directed and cut already, its ways merged.

    Each piece of street counts as a way in the report. Raises StreetsError when it is no such
    graph.
    """
    import osmnx  # heavy, and needed for this format alone

    try:
        streets = _streets(osmnx.load_graphml(path))
    except Exception as error:  # XML, key, value and type errors of three libraries
        raise StreetsError(
            "不是 osmnx 存的街道图，请重新存一份 / "
            f"not a street graph as osmnx saves it ({type(error).__name__}: {error}); save it anew."
        ) from error

    ways = Counter[str]()
    metres: defaultdict[str, float] = defaultdict(float)
    lines: list[Line] = []
    for street in streets:
        lon, lat = zip(*street.points, strict=True)
        verdicts = [passage(tags) for tags in street.tags]
        shut = [verdict.closed for verdict in verdicts if verdict.mode is None]
        if not verdicts:
            shut = ["no highway tag"]
        why = shut[0] if shut else ""
        ways[why] += 1
        metres[why] += float(haversine_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())
        if shut:
            continue
        mode = max((found.mode for found in verdicts if found.mode), key=_SLOWNESS.index)
        lines.append(
            Line(
                name=street.tags[0].get("name", ""),
                street_class=street.tags[0]["highway"],
                speed_kmh=min(speed_kmh(mode, tags, speeds) for tags in street.tags),
                forward=True,
                backward=street.both_ways,
                keys=street.keys,
                lon=lon,
                lat=lat,
            )
        )
    reasons = sorted(ways.keys() - {""})
    return build_graph(
        lines,
        {
            "ways_read": len(streets),
            "ways_open": len(lines),
            "ways_closed": {why: ways[why] for why in reasons},
            "km_read": round(sum(metres.values()) / 1000, 3),
            "km_closed": {why: round(metres[why] / 1000, 3) for why in reasons},
        },
    )


def _streets(graph: Any) -> list[_Street]:
    """The pieces of street of a networkx graph."""
    nodes = {key: (float(data["x"]), float(data["y"])) for key, data in graph.nodes(data=True)}
    streets: list[_Street] = []
    found: dict[Hashable, _Street] = {}
    for number, (from_, to, data) in enumerate(graph.edges(data=True)):
        points = list(data["geometry"].coords) if "geometry" in data else [nodes[from_], nodes[to]]
        ahead, back = (from_, to, *points), (to, from_, *reversed(points))
        if back in found and ahead not in found:
            found[back].both_ways = True
        else:
            inner = ((number, at) for at in range(1, len(points) - 1))
            street = _Street([from_, *inner, to], points, list(_tag_sets(data)))
            streets.append(street)
            found.setdefault(ahead, street)
    return streets


def _tag_sets(data: dict[str, Any]) -> Iterator[Tags]:
    """The tags of each class of street that osmnx merged into one edge."""
    highways = data.get("highway", [])
    for highway in highways if isinstance(highways, list) else [highways]:
        tags = {key: str(_first(data[key])) for key in GRAPHML_TAGS if data.get(key) is not None}
        yield {**tags, "highway": str(highway)}


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value
