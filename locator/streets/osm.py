"""Street files: OpenStreetMap XML and PBF through osmium (GraphML has a module of its own)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import osmium

from locator.county import Streets
from locator.errors import StreetsError
from locator.streets.graph import StreetGraph, graph_of
from locator.streets.graphml import read_graphml
from locator.streets.traffic import CONDITIONAL, KEYS, Tags, blocked, level, passage, speed_kmh
from locator.streets.ways import NOWHERE, Verdict, Ways, assemble


def read_streets(path: Path, speeds: Streets | None = None) -> StreetGraph:
    """Read a street file into the graph of what is open to an e-bike.

    ``path`` ends in ``.osm``, ``.osm.gz``, ``.xml``, ``.osm.pbf`` or ``.graphml`` (WGS-84
    degrees). ``speeds`` are the county's; without them the defaults hold.

    The graph's ``report`` accounts for every way of the file (of GraphML: every piece of street),
    in number and in kilometres, as far as the positions of its nodes are known:
    ``ways_read`` = ``ways_used`` + all of ``ways_closed`` (by reason) + ``islets_ways``, and
    ``km_read`` = ``km`` + all of ``km_closed`` + ``islets_km``.
    Raises StreetsError with one sentence when the file cannot be read or holds no open street.
    """
    speeds = speeds or Streets(file=path.name, provenance="osm")
    if not path.is_file():
        raise StreetsError(f"{path}: there is no such street file; correct its name.")
    try:
        graph = read_graphml(path, speeds) if path.suffix == ".graphml" else _read_osm(path, speeds)
        if graph.edge_trap.all():
            raise StreetsError(
                "all its streets are one-way and none leads back; is the extract cut too close?"
            )
        return graph
    except StreetsError as error:
        raise StreetsError(f"{path}: {error}") from error


@dataclass
class _Others:
    """What stands in the file beside its ways."""

    townships: list[tuple[str, float, float]] = field(default_factory=list)
    squares: int = 0  # streets drawn as a relation, which no rider can be led over
    turns: int = 0  # restrictions of turns, made for cars


def _read_osm(path: Path, speeds: Streets) -> StreetGraph:
    try:
        ways, others = _read_file(path, speeds)
        ways = _locate(path, ways)
    except RuntimeError as error:  # all that osmium raises
        raise StreetsError(
            f"not a whole OpenStreetMap file ({error}); fetch or export it again."
        ) from error
    if not ways.name:
        raise StreetsError("the file holds no street at all; is it the right extract?")
    lines, report = assemble(ways)
    if not report["ways_open"]:
        reasons = ", ".join(f"{why} {count}" for why, count in report["ways_closed"].items())
        raise StreetsError(
            f"none of its {report['ways_read']} streets is open to an e-bike ({reasons}); "
            "is it the right extract?"
        )
    report = {**report, "squares_left_out": others.squares, "turns_left_out": others.turns}
    return graph_of(lines, report, tuple(others.townships))


def _read_file(path: Path, speeds: Streets) -> tuple[Ways, _Others]:
    """One pass. The positions of nodes are known as far as osmium's index has them."""
    verdicts: list[Verdict] = []
    seen: dict[tuple[str | None, ...], int] = {}
    verdict: list[int] = []
    name: list[str] = []
    count: list[int] = []
    node: list[int] = []
    x: list[int] = []
    y: list[int] = []
    blocked_: list[int] = []
    others = _Others()
    for item in _chosen(path):
        if isinstance(item, osmium.osm.Way):
            tags = item.tags
            said = tuple(map(tags.get, KEYS))  # few ways say what no other said before
            if said not in seen:
                seen[said] = len(verdicts)
                given = {k: v for k, v in zip(KEYS, said, strict=True) if v is not None}
                verdicts.append(_judge(given, speeds))
            verdict.append(seen[said])
            name.append(_name(tags))
            count.append(len(item.nodes))
            for ref in item.nodes:
                place = ref.location
                node.append(ref.ref)
                x.append(place.x)
                y.append(place.y)
        elif isinstance(item, osmium.osm.Node):
            if "barrier" in item.tags and blocked(dict(item.tags)):
                blocked_.append(item.id)
            township = _township(item.tags)
            if township:
                others.townships.append((township, item.lon, item.lat))
        elif isinstance(item, osmium.osm.Relation):
            others.squares += "highway" in item.tags
            others.turns += "restriction" in item.tags
    numbers = (
        np.array(column, dtype=np.int64) for column in (verdict, count, node, x, y, blocked_)
    )
    return Ways(verdicts, name, *numbers), others


def _chosen(path: Path) -> osmium.FileProcessor:
    """The objects of a file that say anything of streets; osmium passes over all others."""
    found = osmium.FileProcessor(path).with_locations()
    for entity, keys in (
        (osmium.osm.NODE, ("barrier", "place")),
        (osmium.osm.WAY, ("highway",)),
        (osmium.osm.RELATION, ("highway", "restriction")),
    ):
        chosen = osmium.filter.KeyFilter(*keys)
        chosen.enable_for(entity)
        found = found.with_filter(chosen)
    return found


def _township(tags: osmium.osm.TagList) -> str:
    """The township that a node tells of."""
    own = _name(tags) if tags.get("place") == "town" else ""
    return tags.get("is_in:township") or own


def _name(tags: osmium.osm.TagList) -> str:
    return tags.get("name:zh") or tags.get("name") or ""


def _judge(tags: Tags, speeds: Streets) -> Verdict:
    found = passage(tags)
    return Verdict(
        closed=found.closed,
        street_class=tags["highway"],
        speed_kmh=0.0 if found.mode is None else speed_kmh(found.mode, tags, speeds),
        forward=found.forward,
        backward=found.backward,
        level=level(tags),
        conditional=tuple(key for key in CONDITIONAL if key in tags),
        area=tags.get("area") == "yes",
    )


def _locate(path: Path, ways: Ways) -> Ways:
    """Find the nodes that osmium's index passes over: ids below zero (hand-drawn files), and nodes
    that stand behind their ways in the file."""
    lost = np.flatnonzero(ways.x == NOWHERE)
    wanted = set(ways.node[lost].tolist())
    if not wanted:
        return ways
    nodes = osmium.FileProcessor(path, osmium.osm.NODE)
    if min(wanted) > 0:
        nodes = nodes.with_filter(osmium.filter.IdFilter(wanted))
    found = {
        item.id: (item.location.x, item.location.y)
        for item in nodes
        if isinstance(item, osmium.osm.Node) and item.id in wanted
    }
    x, y = ways.x.copy(), ways.y.copy()
    for at in lost:
        x[at], y[at] = found.get(int(ways.node[at]), (NOWHERE, NOWHERE))
    return replace(ways, x=x, y=y)
