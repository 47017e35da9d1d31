"""What of an OSM file is drawn on a map: its roads, water, green, buildings, names.

One table a layer, EPSG:4326, in an order that does not depend on the file's: by class, then by
OSM type and id. The base map and the printed maps are both made from these tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import osmium
import pandas as pd
import shapely

from locator.errors import StreetsError
from locator.release import classes
from locator.release.classes import Drawn, Tags
from locator.release.osm_file import readable

#: The layers, in the order in which they are drawn.
LAYERS = (
    "landuse", "green", "water", "waterways", "buildings", "rails", "roads", "places", "pois",
)  # fmt: skip

#: Every feature has these columns; a value that a layer does not use is empty.
COLUMNS = (
    "osm", "class", "name", "name:en", "ref", "rank", "bridge", "tunnel", "oneway", "minzoom",
)  # fmt: skip

Geometries = npt.NDArray[np.object_]


@dataclass
class _Rows:
    """The rows of one layer while the file is read."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    wkb: list[str] = field(default_factory=list)

    def add(self, wkb: str, osm: str, drawn: Drawn, said: dict[str, Any]) -> None:
        self.rows.append(
            {"osm": osm, "class": drawn.kind, "minzoom": drawn.minzoom, "rank": drawn.rank, **said}
        )
        self.wkb.append(wkb)

    def table(self) -> gpd.GeoDataFrame:
        data = pd.DataFrame(self.rows, columns=list(COLUMNS), dtype=object)
        for column, empty in (("rank", 0), ("oneway", 0), ("minzoom", 0)):
            data[column] = data[column].fillna(empty).astype("int64")
        for column in ("bridge", "tunnel"):
            data[column] = data[column].eq(True)
        shapes = shapely.from_wkb(np.array(self.wkb, dtype=object))
        return gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:4326")


def read_features(path: Path) -> dict[str, gpd.GeoDataFrame]:
    """Read what is drawn of an OSM file (``.osm``, ``.xml``, either ``.gz``, or ``.pbf``).

    Returns every layer of :data:`LAYERS`, empty ones too. ``rank`` grows with unimportance,
    ``minzoom`` is the first zoom that shows the feature, ``oneway`` is 1, 0 or -1 (against the
    line). Areas are valid polygons; ``places`` and ``pois`` are points, those of an area inside
    it. The sea is made of the coastline within the bounds of the roads. Raises StreetsError when
    the file cannot be read or holds nothing to draw.
    """
    layers = {name: _Rows() for name in LAYERS}
    coast: list[str] = []
    try:
        with readable(path) as source:
            _read(source, layers, coast)
    except (RuntimeError, OSError) as error:
        raise StreetsError(
            f"{path}: cannot be read as OSM data ({error}); give an .osm, .xml or .pbf file."
        ) from error
    tables = {name: rows.table() for name, rows in layers.items()}
    if all(table.empty for table in tables.values()):
        raise StreetsError(f"{path}: holds nothing that a map shows; give another OSM file.")
    if coast and len(tables["roads"]):
        sea = _sea(shapely.from_wkb(np.array(coast)), tables["roads"].total_bounds)
        tables["water"] = pd.concat([tables["water"], sea], ignore_index=True)
    for name in ("places", "pois"):
        tables[name] = _labelled_once(tables[name])
    return {name: _ordered(name, table) for name, table in tables.items()}


def _read(source: Path | osmium.io.File, layers: dict[str, _Rows], coast: list[str]) -> None:
    shapes = osmium.geom.WKBFactory()
    wanted = osmium.filter.KeyFilter(*classes.KEYS)
    reader = osmium.FileProcessor(source).with_locations().with_areas().with_filter(wanted)
    item: Any
    for item in reader:
        tags = dict(item.tags)
        try:
            if item.is_area():
                osm = ("w" if item.from_way() else "r") + f"{item.orig_id():014d}"
                _take_area(layers, osm, tags, shapes, item)
            elif item.is_node():
                _take_node(layers, f"n{item.id:014d}", tags, shapes, item)
            elif item.is_way():
                _take_line(layers, f"w{item.id:014d}", tags, shapes, item, coast)
        except osmium.InvalidLocationError:
            continue  # an area cut at the edge of the extract


def _take_line(
    layers: dict[str, _Rows], osm: str, tags: Tags, shapes: Any, way: Any, coast: list[str]
) -> None:
    if tags.get("natural") == "coastline":
        coast.extend(_lines(way, shapes))
    drawn = classes.line_class(tags)
    if drawn is None:
        return
    said: dict[str, Any] = {
        "bridge": classes.is_set(tags, "bridge"),
        "tunnel": classes.is_set(tags, "tunnel"),
        **classes.names(tags),
    }
    if drawn.layer == "roads":
        said |= {"ref": tags.get("ref"), "oneway": classes.oneway(tags)}
    lines = _lines(way, shapes)
    for line in lines:
        layers[drawn.layer].add(line, osm, drawn, said)
    if lines and (bridge := classes.bridge_name(tags)):
        middle = shapely.from_wkb(lines[0]).interpolate(0.5, normalized=True)
        name = {"name": bridge, "name:en": tags.get("bridge:name:en")}
        layers["pois"].add(
            shapely.to_wkb(middle, hex=True), osm, Drawn("pois", "bridge", 14, 3), name
        )


def _lines(way: Any, shapes: Any) -> list[str]:
    """The way as WKB; in several lines where an extract's edge has cut nodes out of it."""
    try:
        return [shapes.create_linestring(way)]
    except (RuntimeError, osmium.InvalidLocationError):
        runs: list[list[tuple[float, float]]] = [[]]
        for node in way.nodes:
            if not node.location.valid():
                runs.append([])
            elif runs[-1][-1:] != [(node.lon, node.lat)]:
                runs[-1].append((node.lon, node.lat))
        return [shapely.to_wkb(shapely.linestrings(run), hex=True) for run in runs if len(run) > 1]


def _take_area(layers: dict[str, _Rows], osm: str, tags: Tags, shapes: Any, area: Any) -> None:
    drawn = classes.area_classes(tags)
    said = classes.names(tags)
    label = classes.label_class(tags, area=True) if said["name"] else None
    if not drawn and label is None:
        return
    wkb = shapes.create_multipolygon(area)
    for ground in drawn:
        layers[ground.layer].add(wkb, osm, ground, said)
    if label is not None:
        point = shapely.point_on_surface(shapely.from_wkb(wkb))
        layers[label.layer].add(shapely.to_wkb(point, hex=True), osm, label, said)


def _take_node(layers: dict[str, _Rows], osm: str, tags: Tags, shapes: Any, node: Any) -> None:
    said = classes.names(tags)
    label = classes.label_class(tags, area=False)
    if label is not None and said["name"]:
        layers[label.layer].add(shapes.create_point(node), osm, label, said)


def _ordered(layer: str, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sort a layer as it is drawn: least important road first, most important name first."""
    order = table["class"].map(classes.ROAD_ORDER.index) if layer == "roads" else table["rank"]
    return (
        table.assign(_order=order)
        .sort_values(["_order", "osm", "class"], kind="stable", ignore_index=True)
        .drop(columns="_order")
    )


def _labelled_once(points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop a name that stands again within about 300 m (a school's building and its grounds)."""
    points = points.sort_values(["rank", "osm"], kind="stable", ignore_index=True)
    cell = np.floor(shapely.get_coordinates(points.geometry.to_numpy()) / 0.003).astype("int64")
    keep = np.ones(len(points), dtype=bool)
    seen: set[tuple[str, int, int]] = set()
    for position, (name, (column, row)) in enumerate(
        zip(points["name"], cell.tolist(), strict=True)
    ):
        around = {(name, column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)}
        keep[position] = seen.isdisjoint(around)
        if keep[position]:
            seen.add((name, column, row))
    return points[keep].reset_index(drop=True)


def _sea(coast: Geometries, bounds: npt.NDArray[np.float64]) -> gpd.GeoDataFrame:
    """The sea inside ``bounds``: OSM draws coastlines with the land on their left.

    The coast and the frame cut the bounds into faces; a face is sea when more coast has it on its
    right than on its left. Where an extract's edge has cut the coast, its end is led to the
    nearest point of the frame.
    """
    frame = shapely.box(*bounds)
    inside = shapely.get_parts(
        shapely.intersection(shapely.line_merge(shapely.union_all(coast)), frame)
    )
    lines = inside[shapely.get_type_id(inside) == 1]
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    loose = ends[np.repeat(~shapely.is_closed(lines)[None], 2, axis=0).ravel()]
    led = shapely.shortest_line(loose, frame.exterior)
    cuts = shapely.union_all([*lines, *led, frame.exterior])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(cuts)))
    votes = np.zeros(len(faces))
    tree = shapely.STRtree(faces)
    for line in lines:
        points = shapely.get_coordinates(line)
        along = np.diff(points, axis=0)
        length = np.hypot(along[:, 0], along[:, 1])
        right = np.column_stack([along[:, 1], -along[:, 0]]) / length[:, None]
        middle = points[:-1] + along / 2
        for side in (1, -1):
            beside, face = tree.query(shapely.points(middle + side * 1e-7 * right), "within")
            np.add.at(votes, face, side * length[beside])
    rows = _Rows()
    for number, face in enumerate(shapely.normalize(faces[votes > 0])):
        wkb = shapely.to_wkb(face, hex=True)
        rows.add(wkb, f"s{number:014d}", Drawn("water", "sea", 10), {})
    return rows.table()
