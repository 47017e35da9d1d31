"""Places on which the datum doctor is tried: lattices of streets, and towns moved into China.

GCJ-02 is the identity outside China, so Liechtenstein is moved there with its streets, landmarks
and townships, metre by metre. All that comes of chance comes of the generator that is handed in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from benchmarks.harness import Unavailable
from locator.checks.datum_doctor.evidence import Ground
from locator.checks.surroundings import Landmarks, Surroundings
from locator.counties import list_counties
from locator.county import County
from locator.coverage.townships import Townships
from locator.geo.crs import WGS84, local_metres
from locator.release.features import read_features
from locator.release.surroundings import read_surroundings, surroundings_of
from locator.starter.boundaries import read_boundaries
from locator.starter.outline import largest, township_name, townships
from locator.starter.source import opened
from locator.stations.table import stations_from_geojson
from locator.streets.graph import StreetGraph, build_graph
from locator.streets.osm import read_streets
from locator.streets.pieces import Line

ROOT = Path(__file__).parent.parent
OSM = ROOT.parent / "shared" / "data" / "osm"
#: Where Liechtenstein is put: 舒城.
MOVED_TO = (116.9, 31.5)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scene:
    """A ground, and the doors of stations on it (WGS-84 degrees) with what their rows say."""

    ground: Ground
    rows: pd.DataFrame

    def only(self, *kinds: str) -> Scene:
        """The same with one class of evidence: ``streets``, ``landmarks``, ``townships``."""
        around = self.ground.surroundings
        nothing = np.array([], dtype=object)
        if "streets" not in kinds:
            around = replace(around, streets=_no_streets(around.streets), buildings=nothing)
        if "landmarks" not in kinds:
            around = replace(around, landmarks=Landmarks.of([], [], []))
        if "townships" not in kinds:
            around = replace(around, township_names=(), township_shapes=nothing)
        return replace(self, ground=Ground(self.ground.county, around))


def county_of(slug: str) -> County:
    """One of the two illustrative counties."""
    return next(one for one in list_counties(ROOT / "data") if one.slug == slug)


def lattice(spacing_m: float, rng: np.random.Generator, size_m: float = 5000.0) -> Scene:
    """Two families of streets that cross, turned by chance; their gaps vary by 40 % each way.

    No town is a lattice to the metre, and one that is would look the same a street on.
    """
    county = county_of("shucheng").model_copy(update={"outline": None})
    offsets = []
    for _ in range(2):
        gaps = spacing_m * rng.uniform(0.6, 1.4, int(2 * size_m / spacing_m) + 2)
        offsets.append(np.cumsum(gaps) - gaps.sum() / 2)
    turn = rng.uniform(0, np.pi)
    back = Transformer.from_crs(local_metres(*county.centre), WGS84, always_xy=True)
    lines, node = [], 1
    places: dict[tuple[int, int], int] = {}
    for axis in (0, 1):
        for i, offset in enumerate(offsets[axis]):
            along = offsets[1 - axis]
            xy = np.column_stack([np.full(len(along), offset), along])
            xy = xy if axis == 0 else xy[:, ::-1]
            x = xy[:, 0] * np.cos(turn) - xy[:, 1] * np.sin(turn)
            y = xy[:, 0] * np.sin(turn) + xy[:, 1] * np.cos(turn)
            lon, lat = back.transform(x, y)
            ids = []
            for j in range(len(along)):
                key = (i, j) if axis == 0 else (j, i)
                ids.append(places.setdefault(key, node + len(places)))
            lines.append((ids, lon, lat))
    graph = build_graph([_line(*each) for each in lines], {})
    nothing = np.array([], dtype=object)
    ground = Ground(
        county, Surroundings(graph, nothing, nothing, Landmarks.of([], [], []), (), nothing)
    )
    return Scene(ground, doors(ground, 400, rng, within_m=size_m / 2))


def doors(
    ground: Ground, size: int, rng: np.random.Generator, within_m: float = np.inf
) -> pd.DataFrame:
    """Doors along the streets, 8 m from their middle, on either side; the rows say nothing."""
    points, _ = ground.streets
    near = points[np.hypot(*points.T) < within_m] if np.isfinite(within_m) else points
    xy = near[rng.integers(0, len(near), size)]
    lon, lat = _degrees(ground, xy + _any_way(np.full(size, 8.0), rng))
    return rows_of(lon, lat)


def walls(ground: Ground, size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Doors in the walls of buildings that stand within 60 m of a street; the rows say nothing."""
    tree = ground.building_tree
    assert tree is not None
    points = np.asarray(tree.data)
    near = points[ground.street_tree.query(points)[0] <= 60.0]
    lon, lat = _degrees(ground, near[rng.integers(0, len(near), size)])
    return rows_of(lon, lat)


def rows_of(lon: Floats, lat: Floats, **texts: list[str]) -> pd.DataFrame:
    """Rows as the doctor reads them, positions in WGS-84 degrees."""
    table = pd.DataFrame({"door_lon": lon, "door_lat": lat})
    for name in ("name", "host", "address", "township"):
        table[name] = texts.get(name, [""] * len(table))
    return table


def stations(slug: str) -> Scene:
    """An illustrative county and its stations."""
    county = county_of(slug)
    ground = Ground(county, read_surroundings(county))
    table = stations_from_geojson(json.loads((ROOT / "data/stations.geojson").read_text("utf-8")))
    own = table[table["county"] == county.code]
    texts = {
        name: own[name].fillna("").tolist() for name in ("name", "host", "address", "township")
    }
    return Scene(ground, rows_of(own.geometry.x.to_numpy(), own.geometry.y.to_numpy(), **texts))


def liechtenstein(rng: np.random.Generator, size: int = 600) -> Scene:
    """Liechtenstein in 舒城: doors along its streets, with the township that each lies in.

    Raises Unavailable where the extract is not beside the project.
    """
    path = OSM / "liechtenstein.osm.pbf"
    if not path.is_file():
        raise Unavailable("no Liechtenstein extract beside the project")
    county = county_of("shucheng").model_copy(update={"centre": MOVED_TO, "outline": None})
    features = read_features(path)
    around = surroundings_of(
        read_streets(path), features, Townships((), np.array([], dtype=object))
    )
    names, shapes = _municipalities(path)
    move = _mover(float(np.mean(around.streets.node_lon)), float(np.mean(around.streets.node_lat)))
    streets = around.streets
    node_lon, node_lat = move(streets.node_lon, streets.node_lat)
    shape_lon, shape_lat = move(streets.shape_lon, streets.shape_lat)
    marks_lon, marks_lat = move(around.landmarks.lon, around.landmarks.lat)

    def moved(shape: NDArray[np.object_]) -> NDArray[np.object_]:
        return np.asarray(
            shapely.transform(shape, lambda at: np.column_stack(move(at[:, 0], at[:, 1])))
        )

    ground = Ground(
        county,
        Surroundings(
            replace(streets, node_lon=node_lon, node_lat=node_lat, shape_lon=shape_lon,
                    shape_lat=shape_lat),
            moved(around.water), moved(around.buildings),
            replace(around.landmarks, lon=marks_lon, lat=marks_lat), names, moved(shapes),
        ),
    )  # fmt: skip
    rows = walls(ground, size, rng)
    at = shapely.points(rows["door_lon"], rows["door_lat"])
    for name, shape in zip(names, ground.surroundings.township_shapes, strict=True):
        rows.loc[shapely.contains(shape, at), "township"] = name
    return Scene(ground, rows)


def at_landmarks(scene: Scene, size: int, rng: np.random.Generator) -> Scene:
    """Stations in or beside landmarks that stand alone with their name, named after them."""
    places = scene.ground.names
    small = np.flatnonzero(places.reach_m <= 100.0)
    at = rng.choice(small, size)
    xy = scene.ground.landmark_xy[at]
    lon, lat = _degrees(
        scene.ground, xy + _any_way(places.reach_m[at] * rng.uniform(0, 1, size), rng)
    )
    return replace(scene, rows=rows_of(lon, lat, name=[f"{places.names[i]} 驿站" for i in at]))


def off_the_streets(scene: Scene, size: int, rng: np.random.Generator) -> Scene:
    """Stations anywhere in the middle of the town: what the streets seem to say is chance."""
    xy = scene.ground.streets[0]
    low, high = np.quantile(xy, 0.2, axis=0), np.quantile(xy, 0.8, axis=0)
    lon, lat = _degrees(scene.ground, rng.uniform(low, high, (size, 2)))
    return replace(scene, rows=rows_of(lon, lat))


def misnamed(scene: Scene, share: float, rng: np.random.Generator) -> Scene:
    """The same, where a share of the rows bears the name of another row's place."""
    rows = scene.rows.copy()
    at = np.flatnonzero(rng.uniform(size=len(rows)) < share)
    rows.loc[at, "name"] = rows["name"].to_numpy()[rng.permutation(len(rows))[: len(at)]]
    return replace(scene, rows=rows)


def outlines_off(scene: Scene, metres: float, rng: np.random.Generator) -> Scene:
    """The same, with all outlines of townships that many metres off in one direction."""
    around = scene.ground.surroundings
    dx, dy = _any_way(np.array([metres]), rng)[0] / np.array([95_000.0, 110_900.0])
    shapes = shapely.transform(around.township_shapes, lambda at: at + np.array([dx, dy]))
    return replace(
        scene, ground=Ground(scene.ground.county, replace(around, township_shapes=shapes))
    )


def noisy(ground: Ground, rows: pd.DataFrame, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Where a clerk puts doors: 15 to 30 m off, in any direction; WGS-84 degrees."""
    xy = ground.metres(rows["door_lon"].to_numpy(), rows["door_lat"].to_numpy())
    return _degrees(ground, xy + _any_way(rng.uniform(15.0, 30.0, len(rows)), rng))


def _any_way(metres: Floats, rng: np.random.Generator) -> Floats:
    turn = rng.uniform(0, 2 * np.pi, len(metres))
    return np.column_stack([metres * np.cos(turn), metres * np.sin(turn)])


def _degrees(ground: Ground, xy: Floats) -> tuple[Floats, Floats]:
    lon, lat = ground.plane.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
    return np.asarray(lon), np.asarray(lat)


def _mover(lon0: float, lat0: float) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    there = Transformer.from_crs(WGS84, local_metres(lon0, lat0), always_xy=True)
    back = Transformer.from_crs(local_metres(*MOVED_TO), WGS84, always_xy=True)

    def move(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        x, y = back.transform(*there.transform(lon, lat))
        return np.asarray(x), np.asarray(y)

    return move


def _line(ids: list[int], lon: Floats, lat: Floats) -> Line:
    return Line("", "residential", 15.0, True, True, ids, lon.tolist(), lat.tolist())


def _no_streets(graph: StreetGraph) -> StreetGraph:
    """A graph without an edge."""
    empty = {
        one.name: getattr(graph, one.name)[:0]
        for one in fields(graph)
        if isinstance(getattr(graph, one.name), np.ndarray)
    }
    return replace(graph, **{**empty, "shape_start": np.zeros(1, dtype=np.int64)})


def _municipalities(path: Path) -> tuple[tuple[str, ...], NDArray[np.object_]]:
    """The municipalities of an extract's largest area, the smallest first."""
    with opened(path) as source:
        boundaries = read_boundaries(source)
    units = townships(boundaries, largest(boundaries, path))
    units = sorted(units, key=lambda unit: unit.shape.area)
    return tuple(township_name(unit) for unit in units), np.array(
        [unit.shape for unit in units], dtype=object
    )


def at_township_edges(
    scene: Scene, size: int, rng: np.random.Generator, within_m: float = 400.0
) -> Scene:
    """Those of a scene's rows that stand within ``within_m`` of their township's outline."""
    shapes = scene.ground.townships[1]
    xy = scene.ground.metres(*scene.rows[["door_lon", "door_lat"]].to_numpy().T)
    edges = shapely.union_all(shapely.boundary(shapes))
    near = shapely.distance(edges, shapely.points(xy)) <= within_m
    rows = scene.rows[near & (scene.rows["township"] != "")].reset_index(drop=True)
    return replace(scene, rows=rows.iloc[:size])
