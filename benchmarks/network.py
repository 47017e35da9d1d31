"""Nearest of k for every node, bounded searches and snapping, on networks of three sizes.

The smallest is a real place, Liechtenstein, with every point of a street a node of its own. 100,000
and 500,000 nodes are made up: seeded grids of irregular lengths from which every seventh street is
taken out. 35 and 2,000 stations stand at nodes, drawn with the same seed.

All engines get the same network, in whole tenths of a second, and are asked the same; the answers
must agree to a tenth. What an engine builds once for a network is built before the clock runs.
Engines that search from one node alone get one more node with a street of no length to each
station. The answer is the time of each node, and where it is not asked of all, of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import networkx
import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from benchmarks.harness import Claim, Contestant, Unavailable
from locator.streets.graph import fastest, time_ds
from locator.streets.kernels import Found, Network, bounded, nearest, nearest_k, network
from locator.streets.osm import read_streets
from locator.streets.segment_grid import nearest_segments, segment_grid

EXTRACT = Path(__file__).parents[2] / "shared/data/osm/liechtenstein.osm.pbf"
SEED = 20260
STATIONS = (35, 2000)
GRIDS = (100_000, 500_000)
#: Small isochrones: so many, of so many tenths of a second.
ISOCHRONES, LIMIT_DS = 20, 3000
POINTS, BY_TREE, SNAP_M = 1_000_000, 100_000, 300.0
#: pandana's distances are whole thousandths in 32 bits: no time here is as long.
FAR_DS = 1_000_000
#: pandana needs minutes for more, and networkx gigabytes.
PANDANA_NODES = NETWORKX_NODES = 200_000
#: Ours takes milliseconds, which a busy machine moves more than the seconds of others.
ROUNDS = 7


class Town(NamedTuple):
    """A network: the place of each node in metres; directed edges, their times in tenths."""

    name: str
    x: np.ndarray
    y: np.ndarray
    from_: np.ndarray
    to: np.ndarray
    time_ds: np.ndarray

    def roads(self) -> Network:
        return network(self.from_, self.to, self.time_ds, len(self.x))


def claims() -> Iterator[Claim]:
    """One network after the other; raises Unavailable without the extract or a peer."""
    if not EXTRACT.is_file():
        raise Unavailable("no folder of shared test data beside the project, so no extract.")
    lacking = [name for name in ("pandana", "igraph", "networkit") if find_spec(name) is None]
    if lacking:
        raise Unavailable(f"{', '.join(lacking)} not installed; make bench installs them.")
    for town in (liechtenstein(), *(grid(size) for size in GRIDS)):
        rng = np.random.default_rng(SEED)
        engine = by_pandana(town) if len(town.x) <= PANDANA_NODES else None
        for count in STATIONS:
            at = np.sort(rng.choice(len(town.x), count, replace=False)).astype(np.int32)
            yield nearest_one(town, at, engine)
            if engine is not None:
                yield nearest_three(town, at, engine)
    yield isochrones(town, rng.choice(len(town.x), ISOCHRONES, replace=False).astype(np.int32))
    yield snapping()


def nearest_one(town: Town, at: np.ndarray, engine: Any) -> Claim:
    """From each node the time to the nearest station."""
    roads, size = town.roads(), len(town.x)
    nobody, everybody = np.zeros(len(at), np.int32), np.arange(len(at), dtype=np.int32)
    streets = fastest(town.from_, town.to, town.time_ds, size)
    peers = [
        Contestant(
            "scipy dijkstra(min_only=True)",
            lambda: dijkstra(streets, indices=at, min_only=True),
            size,
            "scipy",
            target=2.0,
            note="The street times as a sparse matrix of floats, made before.",
        ),
        Contestant("igraph", by_igraph(town, at), size, "igraph", note=ONE_MORE),
        Contestant("networkit", by_networkit(town, at), size, "networkit", note=ONE_MORE),
    ]
    if size <= NETWORKX_NODES:
        graph = by_networkx(town)
        peers.append(
            Contestant(
                "networkx",
                lambda: from_dict(
                    networkx.multi_source_dijkstra_path_length(graph, set(at.tolist())), size
                ),
                size,
                "networkx",
                note="Its graph was made before. Not asked on the largest network.",
            )
        )
    if engine is not None:
        peers.insert(
            1,
            Contestant(
                "pandana",
                lambda: ask_pandana(engine, town, at, 1)[:, 0],
                size,
                "pandana",
                target=100.0,
                note="Its contraction was made before. Not asked on the largest network, where a "
                "question takes minutes.",
            ),
        )
    return Claim(
        name=f"Nearest of {len(at):,} stations for every node, {town.name}",
        unit="ds",
        ours=Contestant("ours", lambda: nearest(roads, at, nobody, everybody)[0], size),
        peers=peers,
        difference=apart,
        rounds=ROUNDS,
    )


def nearest_three(town: Town, at: np.ndarray, engine: Any) -> Claim:
    """From each node the times to the three nearest stations."""
    roads, size = town.roads(), len(town.x)
    nobody, everybody = np.zeros(len(at), np.int32), np.arange(len(at), dtype=np.int32)
    return Claim(
        name=f"Nearest three of {len(at):,} stations for every node, {town.name}",
        unit="ds",
        ours=Contestant("ours", lambda: nearest_k(roads, at, nobody, everybody, 3)[0], size),
        peers=(
            Contestant(
                "pandana",
                lambda: ask_pandana(engine, town, at, 3),
                size,
                "pandana",
                target=10.0,
                note="Its contraction was made before. Not asked on the largest network.",
            ),
        ),
        difference=apart,
        rounds=ROUNDS,
    )


def isochrones(town: Town, at: np.ndarray) -> Claim:
    """The nodes within the limit of each of some stations."""
    roads, streets = town.roads(), fastest(town.from_, town.to, town.time_ds, len(town.x))
    start, nobody = np.arange(len(at) + 1), np.zeros(len(at), np.int32)

    def difference(ours: Found, theirs: np.ndarray) -> float:
        dense = np.full(theirs.shape, np.inf)
        dense[np.repeat(np.arange(len(at)), np.diff(ours.start)), ours.at] = ours.time_ds
        return apart(dense, theirs)

    return Claim(
        name=f"{len(at)} isochrones of {LIMIT_DS / 600:g} minutes, {town.name}",
        unit="ds",
        ours=Contestant("ours", lambda: bounded(roads, start, at, nobody, LIMIT_DS), len(at)),
        peers=(
            Contestant(
                "scipy dijkstra(limit=)",
                lambda: dijkstra(streets, indices=at, limit=LIMIT_DS),
                len(at),
                "scipy",
                target=20.0,
                note="It gives all nodes for each source, most of them infinite.",
            ),
        ),
        difference=difference,
        rounds=ROUNDS,
    )


def snapping() -> Claim:
    """The nearest segment of street for each of many points."""
    rng = np.random.default_rng(SEED)
    ends = _streets().segments.ends
    segment = rng.integers(0, len(ends), POINTS)
    share = rng.random((POINTS, 1))
    at = ends[segment, 0] * (1 - share) + ends[segment, 1] * share + rng.normal(0, 60, (POINTS, 2))
    x, y = np.ascontiguousarray(at.T)
    squares = segment_grid(ends.reshape(-1, 4))
    tree = shapely.STRtree(np.asarray(shapely.linestrings(ends)))
    points = shapely.points(at[:BY_TREE])

    def difference(ours: np.ndarray, pairs: np.ndarray) -> float:
        point, segment = pairs[:, np.lexsort(pairs[::-1])]
        point, first = np.unique(point, return_index=True)
        theirs = np.full(BY_TREE, -1)
        theirs[point] = segment[first]
        return float((ours[:BY_TREE] != theirs).sum())

    return Claim(
        name=f"{POINTS:,} points to the nearest of {len(ends):,} segments, Liechtenstein",
        unit="points",
        ours=Contestant("ours", lambda: nearest_segments(squares, x, y, SNAP_M), POINTS),
        peers=(
            Contestant(
                "shapely STRtree.query_nearest",
                lambda: tree.query_nearest(points, max_distance=SNAP_M),
                BY_TREE,
                "shapely",
                target=20.0,
                note=f"Tree and points were made before. Timed on {BY_TREE:,} points, scaled to "
                f"{POINTS:,}. The points lie some 60 m about the streets.",
            ),
        ),
        difference=difference,
        rounds=3,
    )


def apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The largest difference of two tables of times; none is -1 or anything beyond all times."""
    one, other = (np.where((t < 0) | (t >= FAR_DS), np.inf, t) for t in (ours, theirs))
    if (np.isinf(one) != np.isinf(other)).any():
        return float("inf")
    both = np.isfinite(one)
    return float(np.abs(one[both] - other[both]).max(initial=0.0))


# ── the networks ────────────────────────────────────────────────────────────────────────────────


@cache
def _streets() -> Any:
    return read_streets(EXTRACT)


def liechtenstein() -> Town:
    """The streets open to an e-bike, at 15 km/h throughout, cut at every point."""
    graph = _streets()
    edge = np.repeat(np.arange(len(graph.edge_from)), np.diff(graph.shape_start))
    xy = np.stack(graph.segments.plane.transform(graph.shape_lon, graph.shape_lat), axis=1)
    places, node = np.unique(np.round(xy, 2), axis=0, return_inverse=True)
    node = node.ravel()
    tail = np.flatnonzero(edge[1:] == edge[:-1])
    length_m = np.hypot(*(xy[tail + 1] - xy[tail]).T)
    x, y = places.T
    name = f"Liechtenstein, {len(x):,} nodes"
    return Town(name, x, y, node[tail], node[tail + 1], time_ds(length_m, np.float64(15.0)))


def grid(size: int) -> Town:
    """A seeded grid, made up: streets of 25 to 375 m, every seventh one taken out."""
    rng = np.random.default_rng(SEED)
    side = round(size**0.5)
    node = np.arange(side * side).reshape(side, side)
    from_ = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    to = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    left = rng.random(len(from_)) > 1 / 7
    from_, to = from_[left], to[left]
    tenths = rng.integers(60, 900, len(from_)).astype(np.int32)
    y, x = (100.0 * part for part in np.divmod(node.ravel(), side))
    both = np.concatenate([from_, to]), np.concatenate([to, from_])
    return Town(f"a made-up grid of {side * side:,} nodes", x, y, *both, np.tile(tenths, 2))


# ── the peers ───────────────────────────────────────────────────────────────────────────────────

ONE_MORE = "One search from a node more, with a street of no length to each station; made before."


def by_pandana(town: Town) -> Any:
    import pandana
    import pandas as pd

    edges = pd.DataFrame({"time": town.time_ds.astype(float)})
    return pandana.Network(
        pd.Series(town.x), pd.Series(town.y), pd.Series(town.to), pd.Series(town.from_), edges,
        twoway=False,
    )  # fmt: skip


def ask_pandana(engine: Any, town: Town, at: np.ndarray, k: int) -> np.ndarray:
    engine.set_pois("stations", FAR_DS, k, town.x[at], town.y[at])
    found: np.ndarray = engine.nearest_pois(FAR_DS, "stations", num_pois=k).to_numpy()
    return found


def by_igraph(town: Town, at: np.ndarray) -> Callable[[], np.ndarray]:
    import igraph

    size = len(town.x)
    edges = np.concatenate(
        [np.stack([town.from_, town.to], axis=1), np.stack([np.full(len(at), size), at], axis=1)]
    )
    weights = np.append(town.time_ds, np.zeros(len(at))).tolist()
    graph = igraph.Graph(size + 1, edges, directed=True)
    return lambda: np.array(graph.distances(source=size, weights=weights)[0][:size])


def by_networkit(town: Town, at: np.ndarray) -> Callable[[], np.ndarray]:
    import networkit

    size = len(town.x)
    ends = np.append(town.from_, np.full(len(at), size)), np.append(town.to, at)
    weights = np.append(town.time_ds, np.zeros(len(at))).astype(float)
    graph = networkit.GraphFromCoo((weights, ends), n=size + 1, weighted=True, directed=True)

    def run() -> np.ndarray:
        search = networkit.distance.Dijkstra(graph, size, storePaths=False)
        search.run()
        return np.array(search.getDistances()[:size])

    return run


def by_networkx(town: Town) -> networkx.DiGraph:
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(len(town.x)))
    # Of parallel streets the fastest: the last one that is given counts.
    order = np.argsort(-town.time_ds, kind="stable")
    columns = (town.from_[order].tolist(), town.to[order].tolist(), town.time_ds[order].tolist())
    graph.add_weighted_edges_from(zip(*columns, strict=True))
    return graph


def from_dict(found: dict[int, float], size: int) -> np.ndarray:
    times = np.full(size, np.inf)
    times[list(found)] = list(found.values())
    return times
