"""What of an OSM file is drawn on a map: its roads, water, green, buildings, names.

One table a layer, EPSG:4326, in an order that does not depend on the file's: by class, then by
OSM type and id. The base map and the printed maps are both made from these tables.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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

#: The layers, in the order in which they are drawn.
LAYERS = (
    "landuse", "green", "water", "waterways", "buildings", "rails", "roads", "places", "pois",
)  # fmt: skip

#: Every feature has these columns; a value that a layer does not use is empty.
COLUMNS = (
    "osm", "class", "name", "name:en", "ref", "rank", "bridge", "tunnel", "oneway", "minzoom",
)  # fmt: skip

#: highway=* → class on the map, first zoom.
_ROADS = {
    "motorway": ("major", 10), "trunk": ("major", 10), "primary": ("major", 10),
    "secondary": ("secondary", 10), "tertiary": ("secondary", 11),
    "unclassified": ("minor", 13), "residential": ("minor", 13), "living_street": ("minor", 13),
    "pedestrian": ("minor", 13), "road": ("minor", 13), "busway": ("minor", 13),
    "service": ("minor", 14), "track": ("path", 14), "path": ("path", 14),
    "cycleway": ("path", 14), "footway": ("path", 14), "bridleway": ("path", 14),
    "steps": ("steps", 14),
}  # fmt: skip
_ROAD_ORDER = ("steps", "path", "minor", "secondary", "major")
_RAILS = frozenset({"rail", "light_rail", "narrow_gauge", "tram", "monorail"})
_WATERWAYS = {"river": 10, "canal": 11, "stream": 13, "drain": 14, "ditch": 15}
_GREEN = {
    "leisure": {"park": "park", "garden": "park", "pitch": "pitch", "golf_course": "grass",
                "nature_reserve": "wood", "playground": "park"},
    "landuse": {"forest": "wood", "grass": "grass", "meadow": "grass", "cemetery": "grass",
                "recreation_ground": "park", "village_green": "park", "orchard": "wood",
                "vineyard": "wood", "allotments": "grass"},
    "natural": {"wood": "wood", "scrub": "wood", "grassland": "grass", "heath": "grass",
                "wetland": "grass"},
}  # fmt: skip
_BUILT = {
    "landuse": {"residential": "residential", "commercial": "commercial", "retail": "commercial",
                "industrial": "industrial", "construction": "industrial", "railway": "industrial",
                "education": "civic", "institutional": "civic", "garages": "industrial"},
    "amenity": {"school": "civic", "university": "civic", "college": "civic", "hospital": "civic",
                "marketplace": "commercial"},
    "place": {"square": "plaza"},
}  # fmt: skip
#: place=* → class, rank, first zoom.
_PLACES = {
    "city": ("township", 1, 10), "town": ("township", 2, 10), "municipality": ("township", 2, 10),
    "township": ("township", 2, 10), "suburb": ("village", 3, 12), "quarter": ("village", 4, 13),
    "village": ("village", 3, 12), "hamlet": ("village", 4, 13),
    "isolated_dwelling": ("village", 5, 14), "neighbourhood": ("estate", 5, 14),
}  # fmt: skip
#: key → value → class, rank, first zoom ("*" stands for any value).
_POIS = {
    "railway": {"station": ("station", 1, 13), "halt": ("station", 2, 13)},
    "amenity": {"hospital": ("hospital", 1, 13), "bus_station": ("station", 1, 13),
                "townhall": ("government", 2, 13), "university": ("school", 2, 13),
                "college": ("school", 3, 14), "school": ("school", 3, 14),
                "clinic": ("hospital", 4, 15), "police": ("government", 4, 15),
                "marketplace": ("mall", 3, 14)},
    "office": {"government": ("government", 3, 14)},
    "shop": {"mall": ("mall", 2, 13), "department_store": ("mall", 3, 14),
             "supermarket": ("mall", 4, 15)},
    "place": {"square": ("plaza", 2, 14)},
    "leisure": {"park": ("park", 3, 13), "garden": ("park", 4, 15),
                "stadium": ("plaza", 3, 14), "sports_centre": ("plaza", 4, 15)},
    "man_made": {"bridge": ("bridge", 3, 14)},
    "natural": {"water": ("water", 3, 13)},
}  # fmt: skip
_LANDMARKS = {
    "tourism": frozenset({"attraction", "museum", "viewpoint", "zoo", "theme_park"}),
    "historic": frozenset({"monument", "memorial", "castle", "city_gate", "ruins", "pagoda"}),
    "man_made": frozenset({"tower", "lighthouse"}),
    "amenity": frozenset({"place_of_worship", "library", "theatre", "cinema"}),
}
_KEYS = (
    "highway", "railway", "waterway", "natural", "landuse", "leisure", "building", "place",
    "amenity", "office", "shop", "man_made", "tourism", "historic", "area:highway",
)  # fmt: skip
_NO = frozenset({None, "", "no", "false", "0"})
#: Ids of objects that exist in one file only are negative; libosmium keeps no place for those.
_OWN_IDS = 1 << 40

Tags = Mapping[str, str]
Geometries = npt.NDArray[np.object_]


@dataclass
class _Rows:
    """The rows of one layer while the file is read."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    wkb: list[str] = field(default_factory=list)

    def add(self, wkb: str, **values: Any) -> None:
        self.rows.append(values)
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
        with _readable(path) as source:
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
    wanted = osmium.filter.KeyFilter(*_KEYS)
    reader = osmium.FileProcessor(source).with_locations().with_areas().with_filter(wanted)
    item: Any
    for item in reader:
        tags = dict(item.tags)
        try:
            if item.is_area():
                osm = ("w" if item.from_way() else "r") + f"{item.orig_id():014d}"
                _take_area(layers, osm, tags, shapes, item)
            elif item.is_node():
                _take_labels(layers, f"n{item.id:014d}", tags, shapes.create_point(item))
            elif item.is_way():
                _take_line(layers, f"w{item.id:014d}", tags, shapes, item, coast)
        except osmium.InvalidLocationError:
            continue  # an area cut at the edge of the extract


def _take_line(
    layers: dict[str, _Rows], osm: str, tags: Tags, shapes: Any, way: Any, coast: list[str]
) -> None:
    if tags.get("natural") == "coastline":
        coast.extend(_lines(way, shapes))
    if tags.get("area") == "yes":
        return
    flags = {
        "bridge": tags.get("bridge") not in _NO,
        "tunnel": tags.get("tunnel") not in _NO,
    }
    highway = tags.get("highway", "")
    if highway.removesuffix("_link") in _ROADS:
        kind, minzoom = _ROADS[highway.removesuffix("_link")]
        if tags.get("footway") in {"sidewalk", "crossing"} or tags.get("service") in {
            "parking_aisle", "driveway", "drive-through",
        }:  # fmt: skip
            minzoom = 15
        lines = _lines(way, shapes)
        for line in lines:
            layers["roads"].add(
                line, osm=osm, minzoom=minzoom, ref=tags.get("ref"), oneway=_oneway(tags),
                **{"class": kind}, **flags, **_names(tags),
            )  # fmt: skip
        bridge = tags.get("bridge:name") or tags.get("name", "")
        if lines and flags["bridge"] and ("bridge:name" in tags or bridge.endswith("桥")):
            middle = shapely.from_wkb(lines[0]).interpolate(0.5, normalized=True)
            layers["pois"].add(
                shapely.to_wkb(middle, hex=True), osm=osm, name=bridge,
                rank=3, minzoom=14, **{"class": "bridge", "name:en": tags.get("bridge:name:en")},
            )  # fmt: skip
    elif tags.get("railway") in _RAILS and tags.get("service") is None:
        for line in _lines(way, shapes):
            layers["rails"].add(
                line, osm=osm, minzoom=11, **{"class": "rail"}, **flags, **_names(tags)
            )
    elif tags.get("waterway") in _WATERWAYS:
        kind = tags["waterway"]
        for line in _lines(way, shapes):
            layers["waterways"].add(
                line, osm=osm, minzoom=_WATERWAYS[kind], **{"class": kind}, **flags, **_names(tags)
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
    drawn = []
    if tags.get("building") not in _NO:
        drawn.append(("buildings", "building", 14))
    if _is_water(tags):
        drawn.append(("water", tags.get("water", "water"), 10))
    elif kind := _first(_GREEN, tags):
        drawn.append(("green", kind, 10))
    elif kind := _first(_BUILT, tags):
        drawn.append(("landuse", kind, 10))
    elif tags.get("highway") == "pedestrian" or "area:highway" in tags:
        drawn.append(("landuse", "plaza", 13))
    labelled = "name" in tags or "name:zh" in tags
    if not drawn and not labelled:
        return
    wkb = shapes.create_multipolygon(area)
    for layer, kind, minzoom in drawn:
        layers[layer].add(wkb, osm=osm, minzoom=minzoom, **{"class": kind}, **_names(tags))
    if labelled:
        point = shapely.point_on_surface(shapely.from_wkb(wkb))
        _take_labels(layers, osm, tags, shapely.to_wkb(point, hex=True), area=True)


def _take_labels(
    layers: dict[str, _Rows], osm: str, tags: Tags, point: str, *, area: bool = False
) -> None:
    names = _names(tags)
    if not names["name"]:
        return
    place: tuple[str, int, int] | None = _PLACES.get(tags.get("place", ""))
    if place is None and any(tags.get(key) in values for key, values in _LANDMARKS.items()):
        place = ("landmark", 4, 14)
    if place is None and area and tags.get("landuse") == "residential":
        place = ("estate", 5, 14)
    if area and place is not None and place[0] == "township":
        return  # the outline of a whole town: its own node carries the name
    poi = _first(_POIS, tags)
    if poi is None and area and tags.get("highway") == "pedestrian":
        poi = ("plaza", 3, 14)
    for layer, said in (("pois", poi), ("places", None if poi else place)):
        if said is not None:
            kind, rank, minzoom = said
            layers[layer].add(
                point, osm=osm, rank=rank, minzoom=minzoom, **{"class": kind}, **names
            )


def _is_water(tags: Tags) -> bool:
    return (
        tags.get("natural") in {"water", "bay"}
        or tags.get("waterway") in {"riverbank", "dock"}
        or tags.get("landuse") in {"reservoir", "basin"}
    )


def _first(table: Mapping[str, Mapping[str, Any]], tags: Tags) -> Any:
    """The entry of a key → value table for the first of its keys that matches, or None."""
    for key, values in table.items():
        if (value := tags.get(key, "")) in values:
            return values[value]
    return None


def _names(tags: Tags) -> dict[str, str | None]:
    return {"name": tags.get("name:zh") or tags.get("name"), "name:en": tags.get("name:en")}


def _oneway(tags: Tags) -> int:
    said = tags.get("oneway")
    if said in {"-1", "reverse"}:
        return -1
    round_about = tags.get("junction") in {"roundabout", "circular"} and said != "no"
    return int(said in {"yes", "true", "1"} or round_about)


def _ordered(layer: str, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sort a layer as it is drawn: least important road first, most important name first."""
    order = table["class"].map(_ROAD_ORDER.index) if layer == "roads" else table["rank"]
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
        rows.add(wkb, osm=f"s{number:014d}", minzoom=10, **{"class": "sea"})
    return rows.table()


@contextmanager
def _readable(path: Path) -> Iterator[Path | osmium.io.File]:
    """The file as libosmium can take it.

    A file that was made by hand numbers its objects below zero; libosmium keeps the positions of
    such nodes nowhere, so those files are read from a copy with other numbers.
    """
    if not path.is_file():
        raise OSError("there is no such file")
    name = path.name.lower().removesuffix(".gz").removesuffix(".bz2")
    as_xml = name.endswith(".xml")
    source = osmium.io.File(str(path), "osm") if as_xml else path
    if not any(node.id < 0 for node in osmium.FileProcessor(source, osmium.osm.NODE)):
        yield source
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "positive.osm.pbf"
        with osmium.SimpleWriter(str(copy)) as writer:
            for item in osmium.FileProcessor(source):
                writer.add(_renumbered(item))
        yield copy


def _renumbered(item: Any) -> Any:
    def own(number: int) -> int:
        return _OWN_IDS - number if number < 0 else number

    if item.is_node():
        return item.replace(id=own(item.id))
    if item.is_way():
        return item.replace(id=own(item.id), nodes=[own(node.ref) for node in item.nodes])
    members = [(member.type, own(member.ref), member.role) for member in item.members]
    return item.replace(id=own(item.id), members=members)
