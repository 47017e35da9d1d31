"""Street files: OpenStreetMap XML and PBF through osmium (GraphML has a module of its own)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from locator.county import Streets
from locator.errors import StreetsError
from locator.streets.graph import StreetGraph, graph_of
from locator.streets.graphml import read_graphml
from locator.streets.pieces import Places
from locator.streets.traffic import CONDITIONAL, KEYS, Tags, blocked, level, passage, speed_kmh
from locator.streets.ways import NOWHERE, UNIT, Verdict, Ways, assemble

_WKB = osmium.geom.WKBFactory()


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
        raise StreetsError(
            f"{path}：没有这个街道文件，请改文件名 / "
            "there is no such street file; correct its name."
        )
    try:
        graph = read_graphml(path, speeds) if path.suffix == ".graphml" else _read_osm(path, speeds)
        if graph.edge_trap.all():
            raise StreetsError(
                "里面全是单行道，没有回路，是否截得太小 / "
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
            "不是完整的 OpenStreetMap 文件，请重新下载 / "
            f"not a whole OpenStreetMap file ({error}); fetch or export it again."
        ) from error
    if not ways.name:
        raise StreetsError(
            "文件里一条街道也没有，是否拿错了 / "
            "the file holds no street at all; is it the right extract?"
        )
    lines, report = assemble(ways)
    if not report["ways_open"]:
        reasons = ", ".join(f"{why} {count}" for why, count in report["ways_closed"].items())
        raise StreetsError(
            f"里面 {report['ways_read']} 条街道都不让骑行，是否拿错了 / "
            f"none of its {report['ways_read']} streets is open to an e-bike ({reasons}); "
            "is it the right extract?"
        )
    report = {**report, "squares_left_out": others.squares, "turns_left_out": others.turns}
    return graph_of(lines, report, tuple(others.townships))


def _read_file(path: Path, speeds: Streets) -> tuple[Ways, _Others]:
    """The streets, with the positions of their nodes as far as osmium's index has them."""
    verdicts: list[Verdict] = []
    seen: dict[tuple[str | None, ...], int] = {}
    verdict: list[int] = []
    name: list[str] = []
    count: list[int] = []
    shapes: list[str] = []
    gates: dict[int, int] = {}  # of nodes that no e-bike passes: where they are
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
            shapes.append(_shape(item))
        elif isinstance(item, osmium.osm.Node):
            if "barrier" in item.tags and blocked(dict(item.tags)):
                gates[item.id] = (item.location.x << 32) + item.location.y
            township = _township(item.tags)
            if township and item.location.valid():
                others.townships.append((township, item.lon, item.lat))
        elif isinstance(item, osmium.osm.Relation):
            others.squares += "highway" in item.tags
            others.turns += "restriction" in item.tags
    degrees = np.frombuffer(bytes.fromhex("".join(shapes)), dtype=np.float64).reshape(-1, 2)
    x, y = np.where(np.isnan(degrees), NOWHERE, np.rint(degrees * UNIT)).astype(np.int64).T
    spot = (x << 32) + y
    _, where, times = np.unique(spot, return_inverse=True, return_counts=True)
    wanted = (times[where] > 1) | np.isin(spot, list(gates.values())) | (x == NOWHERE).any()
    sizes = np.array(count, dtype=np.int64)
    node = _ids(path, sizes, wanted)
    said_, shut = np.array(verdict, dtype=np.int64), np.array(list(gates), dtype=np.int64)
    return Ways(verdicts, name, said_, sizes, node, x, y, shut), others


def _ids(path: Path, sizes: Places, wanted: NDArray[np.bool_]) -> Places:
    """The ids of the streets' nodes, one way after the other, where they are ``wanted``; elsewhere
    numbers that are no node's.

    To ask a node for its id takes longer than all the rest of reading; and where no other corner of
    a street lies on the spot, nothing can meet.
    """
    before = np.cumsum(sizes) - sizes
    at = (np.arange(len(wanted)) - np.repeat(before, sizes))[wanted].tolist()
    bound = np.concatenate([[0], np.cumsum(wanted)])[np.append(before, len(wanted))].tolist()
    ids: list[int] = []
    streets = osmium.FileProcessor(path, osmium.osm.WAY).with_filter(
        osmium.filter.KeyFilter("highway")
    )
    for way, begin, end in zip(streets, bound[:-1], bound[1:], strict=True):
        assert isinstance(way, osmium.osm.Way)
        nodes = way.nodes
        ids.extend([nodes[place].ref for place in at[begin:end]])
    node = np.iinfo(np.int64).min + np.arange(len(wanted))
    node[wanted] = ids
    return node


def _shape(way: osmium.osm.Way) -> str:
    """The positions of a way's nodes, lon, lat, as doubles in hexadecimal; NaN where not known.

    osmium writes them out at once, behind the 9 bytes that begin a WKB line; not, though, of a way
    that lacks a node's position, or has one node alone.
    """
    try:
        return _WKB.create_linestring(way, osmium.geom.use_nodes.ALL)[18:]
    except (osmium.InvalidLocationError, RuntimeError):
        places = (ref.location for ref in way.nodes)
        known = [(at.lon, at.lat) if at.valid() else (np.nan, np.nan) for at in places]
        return np.array(known, dtype=np.float64).tobytes().hex()


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
