"""What of a street file is drawn on a map: its roads, water, green, buildings, names.

One table a layer, EPSG:4326, in an order that does not depend on the file's: by class, by size,
then by OSM type and id. The base map and the printed maps are both made from these tables.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely

from locator.errors import StreetsError
from locator.release import classes
from locator.release.classes import Drawn, Tags
from locator.release.coast import sea
from locator.release.graphml import read_streets
from locator.release.osm_file import readable
from locator.release.rings import Rings, expected_rings

#: The layers, in the order in which they are drawn.
LAYERS = (
    "landuse", "bare", "green", "water", "waterways", "buildings", "rails", "roads", "places",
    "pois",
)  # fmt: skip
AREAS = ("landuse", "bare", "green", "water", "buildings")

#: Every feature has these columns; a value that a layer does not use is empty.
COLUMNS = (
    "osm", "class", "name", "name:en", "ref", "rank", "bridge", "level", "tunnel", "oneway",
    "minzoom",
)  # fmt: skip


@dataclass(frozen=True)
class Features:
    """The layers of :data:`LAYERS` by name, and how many objects could not be drawn, by reason."""

    tables: dict[str, gpd.GeoDataFrame]
    lost: dict[str, int]


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
        for column in ("rank", "level", "oneway", "minzoom"):
            data[column] = data[column].fillna(0).astype("int64")
        for column in ("bridge", "tunnel"):
            data[column] = data[column].eq(True)
        shapes = shapely.from_wkb(np.array(self.wkb, dtype=object))
        return gpd.GeoDataFrame(data, geometry=shapes, crs="EPSG:4326")


def read_features(path: Path) -> Features:
    """Read what is drawn of a street file: OSM (``.osm``, ``.xml``, either ``.gz``, ``.pbf``), or
    ``.graphml`` as osmnx saves it, which holds streets alone.

    Every layer of :data:`LAYERS` is there, empty ones too. ``rank`` grows with unimportance,
    ``minzoom`` is the first zoom that shows the feature, ``oneway`` is 1, 0 or -1 (against the
    line), ``level`` 1 to 5 for a bridge and 0 otherwise. Areas are valid polygons; ``places`` and
    ``pois`` are points, those of an area inside it. The sea is made of the coastline within the
    bounds of the roads. Raises StreetsError when the file cannot be read or holds nothing to draw.
    """
    layers = {name: _Rows() for name in LAYERS}
    lost: Counter[str] = Counter()
    coast: list[str] = []
    try:
        if path.suffix == ".graphml":
            for osm, tags, line in read_streets(path):
                _take_street(layers, osm, tags, [shapely.to_wkb(line, hex=True)], lost)
        else:
            with readable(path) as source:
                _read(source, layers, coast, lost)
    except (RuntimeError, OSError) as error:
        raise StreetsError(
            f"{path}：不能当开放街图数据读，请给 .osm、.xml、.pbf 或 .graphml 文件 / "
            f"cannot be read as OSM data ({error}); give an .osm, .xml, .pbf or .graphml file."
        ) from error
    tables = {name: rows.table() for name, rows in layers.items()}
    if all(table.empty for table in tables.values()):
        raise StreetsError(
            f"{path}：里面没有地图上能画的东西，请换一个文件 / "
            "holds nothing that a map shows; give another OSM file."
        )
    if coast and len(tables["roads"]):
        faces = _Rows()
        for number, face in enumerate(
            sea(shapely.from_wkb(np.array(coast)), tables["roads"].total_bounds)
        ):
            wkb = shapely.to_wkb(face, hex=True)
            faces.add(wkb, f"s{number:014d}", Drawn("water", "sea", 10), {})
        tables["water"] = pd.concat([tables["water"], faces.table()], ignore_index=True)
    for name, table in tables.items():
        if name in ("places", "pois"):
            tables[name] = _labelled_once(table)
        else:
            tables[name] = _ordered(name, _drawn_once(table))
            lost["drawn twice"] += len(table) - len(tables[name])
    return Features(tables, {reason: n for reason, n in sorted(lost.items()) if n})


def _read(
    source: Path | osmium.io.File, layers: dict[str, _Rows], coast: list[str], lost: Counter[str]
) -> None:
    shapes = osmium.geom.WKBFactory()
    rings = Rings(expected_rings(source))
    wanted = osmium.filter.KeyFilter(*classes.KEYS)
    # An area may have the tags of its outer ways, and is looked at without any of its own.
    wanted.enable_for(osmium.osm.NODE | osmium.osm.WAY | osmium.osm.RELATION)
    reader = osmium.FileProcessor(source).with_locations().with_areas().with_filter(wanted)
    item: Any
    for item in reader:
        if item.is_area():
            rings.take(item, shapes)
        elif item.is_node():
            _take_node(layers, f"n{item.id:014d}", dict(item.tags), shapes, item)
        elif item.is_way():
            tags = dict(item.tags)
            rings.expect(item, tags)
            if tags.get("natural") == "coastline":
                coast.extend(_lines(item, shapes))
            _take_line(layers, f"w{item.id:014d}", tags, shapes, item, lost)
    for osm, tags, wkb in rings.found():
        _take_area(layers, osm, tags, wkb)
    lost.update(rings.lost(source))


def _take_line(
    layers: dict[str, _Rows], osm: str, tags: Tags, shapes: Any, way: Any, lost: Counter[str]
) -> None:
    drawn = classes.line_class(tags)
    if drawn is None:
        if "highway" in tags and not classes.is_area(tags, ring=True):
            lost[f"highway={tags['highway']} is not drawn"] += 1
        return
    lines = _lines(way, shapes)
    if not lines:
        lost["lines without two known points"] += 1
    if drawn.layer == "roads":
        _take_street(layers, osm, tags, lines, lost)
        return
    said = {"level": classes.level(tags), "bridge": classes.is_set(tags, "bridge"),
            "tunnel": classes.is_set(tags, "tunnel"), **classes.names(tags)}  # fmt: skip
    for line in lines:
        layers[drawn.layer].add(line, osm, drawn, said)


def _take_street(
    layers: dict[str, _Rows], osm: str, tags: Tags, lines: list[str], lost: Counter[str]
) -> None:
    drawn = classes.line_class(tags)
    if drawn is None:
        lost[f"highway={tags.get('highway')} is not drawn"] += 1
        return
    said: dict[str, Any] = {
        "level": classes.level(tags),
        "bridge": classes.is_set(tags, "bridge"),
        "tunnel": classes.is_set(tags, "tunnel"),
        "ref": tags.get("ref"),
        "oneway": classes.oneway(tags),
        **classes.names(tags),
    }
    for line in lines:
        layers["roads"].add(line, osm, drawn, said)
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


def _take_area(layers: dict[str, _Rows], osm: str, tags: Tags, wkb: str) -> None:
    drawn = classes.area_classes(tags, ring=osm[0] == "w")
    said = classes.names(tags)
    label = classes.label_class(tags, area=True) if said["name"] else None
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
    """Sort a layer as it is drawn: bridges over streets, big over small; of areas, small ones on
    large ones."""
    if layer == "roads":
        level = table["level"].to_numpy() * len(classes.ROAD_ORDER)
        order = level + table["class"].map(classes.ROAD_ORDER.index).to_numpy(dtype="int64")
    elif layer in AREAS:
        order = -shapely.area(table.geometry.to_numpy())
    else:
        order = table["rank"].to_numpy()
    return (
        table.assign(_order=order)
        .sort_values(["_order", "osm", "class"], kind="stable", ignore_index=True)
        .drop(columns="_order")
    )


def _drawn_once(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop what is in the file twice: the same class and name on the same points, in whichever
    order; a one-way street of its own in either direction stays."""
    table = table.sort_values(["osm", "class"], kind="stable", ignore_index=True)
    shapes = table.geometry.to_numpy()
    key = table[["class", "name", "level", "tunnel", "oneway"]].assign(
        shape=shapely.to_wkb(np.where(table["oneway"] == 0, shapely.normalize(shapes), shapes))
    )
    return table[~key.duplicated()].reset_index(drop=True)


def _labelled_once(points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Most important first; a name that stands again within about 300 m (a school's building and
    its grounds) is dropped."""
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
