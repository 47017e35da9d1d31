"""Street graphs that osmnx saved: GraphML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from locator.county import Streets
from locator.errors import StreetsError
from locator.streets.graph import StreetGraph, build_graph
from locator.streets.pieces import Line
from locator.streets.traffic import Mode, Tags, passage, speed_kmh

#: The tags that the rules read; of a merged way in GraphML each may be a list.
GRAPHML_TAGS = (
    "highway", "name", "access", "vehicle", "bicycle", "foot", "motorroad", "route", "maxspeed",
    "conveying", "sac_scale",
)  # fmt: skip
#: From the fastest to the slowest: a merged way is passed as the slowest of its parts.
_SLOWNESS: tuple[Mode, ...] = ("ride", "track", "push", "steps")


def read_graphml(path: Path, speeds: Streets) -> StreetGraph:
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
