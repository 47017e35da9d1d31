"""Street files: OpenStreetMap XML and PBF through osmium, GraphML through osmnx."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import osmium

from locator.county import Streets
from locator.errors import StreetsError
from locator.streets.graph import Line, StreetGraph, build_graph
from locator.streets.traffic import Mode, Tags, blocked, passage, speed_kmh

Point = tuple[int, float, float]
#: The tags that the rules read; of a merged way in GraphML each may be a list.
GRAPHML_TAGS = (
    "highway", "name", "access", "vehicle", "bicycle", "foot", "motorroad", "route", "maxspeed",
    "conveying", "sac_scale",
)  # fmt: skip
#: From the fastest to the slowest: a merged way is passed as the slowest of its parts.
_SLOWNESS: tuple[Mode, ...] = ("ride", "track", "push", "steps")


def read_streets(path: Path, speeds: Streets | None = None) -> StreetGraph:
    """Read a street file into the graph of what is open to an e-bike.

    ``path`` ends in ``.osm``, ``.osm.gz``, ``.xml``, ``.osm.pbf`` or ``.graphml`` (WGS-84
    degrees). ``speeds`` are the county's; without them the defaults hold. The graph's ``report``
    counts every way of the file (every directed edge of GraphML): open ones, and closed ones by
    reason.
    Raises StreetsError with one sentence when the file cannot be read or holds no open street.
    """
    speeds = speeds or Streets(file=path.name, provenance="osm")
    if not path.is_file():
        raise StreetsError(f"{path}: there is no such street file; correct its name.")
    try:
        if path.suffix == ".graphml":
            return _read_graphml(path, speeds)
        return _read_osm(path, speeds)
    except StreetsError as error:
        raise StreetsError(f"{path}: {error}") from error


@dataclass
class _Ways:
    """The ways of an OSM file before their points are known."""

    tags: list[dict[str, str]] = field(default_factory=list)
    points: list[list[Point]] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    missing: set[int] = field(default_factory=set)
    townships: list[tuple[str, float, float]] = field(default_factory=list)


def _read_osm(path: Path, speeds: Streets) -> StreetGraph:
    try:
        ways = _read_ways(path)
        found = _find_nodes(path, ways.missing)
    except RuntimeError as error:  # all that osmium raises
        raise StreetsError(
            f"not a whole OpenStreetMap file ({error}); fetch or export it again."
        ) from error
    if not ways.tags:
        raise StreetsError("the file holds no street at all; is it the right extract?")

    closed: Counter[str] = Counter()
    lines: list[Line] = []
    cut = opened = 0
    for number, (tags, points) in enumerate(zip(ways.tags, ways.points, strict=True)):
        verdict = passage(tags)
        if verdict.mode is None:
            closed[verdict.closed] += 1
            continue
        located = [
            (ref, *found.get(ref, (lon, lat))) if math.isnan(lon) else (ref, lon, lat)
            for ref, lon, lat in points
        ]
        parts = list(_parts(number, located, ways.blocked))
        cut += any(math.isnan(lon) for _, lon, _ in located)
        if not parts:
            closed["fewer than two known nodes"] += 1
            continue
        opened += 1
        for keys, lon, lat in parts:
            lines.append(
                Line(
                    name=tags.get("name:zh") or tags.get("name", ""),
                    street_class=tags["highway"],
                    speed_kmh=speed_kmh(verdict.mode, tags, speeds),
                    forward=verdict.forward,
                    backward=verdict.backward,
                    keys=keys,
                    lon=lon,
                    lat=lat,
                )
            )
    if not opened:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(closed.items()))
        raise StreetsError(
            f"none of its {len(ways.tags)} streets is open to an e-bike ({reasons}); "
            "is it the right extract?"
        )
    return build_graph(
        lines,
        {
            "ways_read": len(ways.tags),
            "ways_open": opened,
            "ways_closed": dict(sorted(closed.items())),
            "ways_cut": cut,
            "nodes_missing": len(ways.missing - found.keys()),
            "nodes_blocked": len(ways.blocked),
        },
        tuple(ways.townships),
    )


def _read_ways(path: Path) -> _Ways:
    """One pass: ways that are streets, barriers, and places that tell their township.

    The positions of nodes are known as far as osmium's index has them.
    """
    ways = _Ways()
    both = osmium.osm.NODE | osmium.osm.WAY
    for item in (
        osmium.FileProcessor(path, both)
        .with_locations()
        .with_filter(osmium.filter.KeyFilter("highway", "barrier", "place"))
    ):
        tags = {tag.k: tag.v for tag in item.tags}
        if isinstance(item, osmium.osm.Node):
            if "barrier" in tags and blocked(tags):
                ways.blocked.add(item.id)
            township = tags.get("is_in:township") or (
                tags.get("name:zh") or tags.get("name") if tags.get("place") == "town" else None
            )
            if township:
                ways.townships.append((township, item.lon, item.lat))
        elif isinstance(item, osmium.osm.Way) and "highway" in tags:
            ways.tags.append(tags)
            points: list[Point] = []
            for node in item.nodes:
                if points and points[-1][0] == node.ref:
                    continue
                if node.location.valid():
                    points.append((node.ref, node.lon, node.lat))
                else:
                    points.append((node.ref, math.nan, math.nan))
                    ways.missing.add(node.ref)
            ways.points.append(points)
    return ways


def _find_nodes(path: Path, wanted: set[int]) -> dict[int, tuple[float, float]]:
    """The positions of the nodes that osmium's index passes over: ids below zero (hand-drawn
    files), and nodes that stand behind their ways in the file."""
    if not wanted:
        return {}
    return {
        node.id: (node.lon, node.lat)
        for node in osmium.FileProcessor(path, osmium.osm.NODE)
        if isinstance(node, osmium.osm.Node) and node.id in wanted
    }


def _parts(
    way: int, points: list[Point], blocked_nodes: set[int]
) -> Iterator[tuple[list[Hashable], list[float], list[float]]]:
    """The stretches of a way between its missing and its blocked nodes, of two points or more.

    At a blocked node both stretches end at the spot, but do not meet there.
    """
    run: list[tuple[Hashable, float, float]] = []

    def flush() -> Iterator[tuple[list[Hashable], list[float], list[float]]]:
        if len(run) > 1:
            yield [key for key, _, _ in run], [lon for _, lon, _ in run], [lat for _, _, lat in run]
        run.clear()

    for at, (ref, lon, lat) in enumerate(points):
        if math.isnan(lon):
            yield from flush()
        elif ref in blocked_nodes:
            run.append((("before", way, at), lon, lat))
            yield from flush()
            run.append((("behind", way, at), lon, lat))
        else:
            run.append((ref, lon, lat))
    yield from flush()


def _read_graphml(path: Path, speeds: Streets) -> StreetGraph:
    """A graph that osmnx saved: its edges are directed and cut already, its ways merged."""
    import osmnx  # heavy, and needed for this format alone

    try:
        graph = osmnx.load_graphml(path)
        nodes = {key: (float(data["x"]), float(data["y"])) for key, data in graph.nodes(data=True)}
        edges = [
            (from_, to, {k: v for k, v in data.items() if v is not None})
            for from_, to, data in graph.edges(data=True)
        ]
    except Exception as error:  # XML, key, value and type errors of three libraries
        raise StreetsError(
            f"not a street graph as osmnx saves it ({type(error).__name__}: {error}); save it anew."
        ) from error

    closed: Counter[str] = Counter()
    lines: list[Line] = []
    seen: dict[Hashable, int] = {}
    for number, (from_, to, data) in enumerate(edges):
        tag_sets = list(_tag_sets(data))
        verdicts = [passage(tags) for tags in tag_sets]
        shut = next((verdict for verdict in verdicts if verdict.mode is None), None)
        if not verdicts or shut is not None:
            closed[shut.closed if shut else "no highway tag"] += 1
            continue
        mode = max((v.mode for v in verdicts if v.mode), key=_SLOWNESS.index)
        shape = list(data["geometry"].coords) if "geometry" in data else [nodes[from_], nodes[to]]
        inner = [(number, at) for at in range(1, len(shape) - 1)]
        line = Line(
            name=str(_first(data.get("name", ""))),
            street_class=tag_sets[0]["highway"],
            speed_kmh=min(speed_kmh(mode, tags, speeds) for tags in tag_sets),
            forward=True,
            backward=False,
            keys=[from_, *inner, to],
            lon=[x for x, _ in shape],
            lat=[y for _, y in shape],
        )
        # Two directed edges over the same points are one piece of street, open both ways.
        ahead = (from_, to, tuple(shape))
        back = (to, from_, tuple(reversed(shape)))
        if back in seen and ahead not in seen:
            lines[seen[back]] = replace(lines[seen[back]], backward=True)
        else:
            lines.append(line)
        seen.setdefault(ahead, len(lines) - 1)
    return build_graph(
        lines,
        {
            "ways_read": len(edges),
            "ways_open": len(edges) - closed.total(),
            "ways_closed": dict(sorted(closed.items())),
            "ways_cut": 0,
            "nodes_missing": 0,
            "nodes_blocked": 0,
        },
    )


def _tag_sets(data: dict[str, Any]) -> Iterator[Tags]:
    """The tags of each class of street that osmnx merged into one edge."""
    highways = data.get("highway", [])
    for highway in highways if isinstance(highways, list) else [highways]:
        tags = {key: str(_first(data[key])) for key in GRAPHML_TAGS if key in data}
        yield {**tags, "highway": str(highway)}


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value
