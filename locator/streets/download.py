"""Taking a county's street network from an Overpass server, and freezing it.

The old network stays in force, byte for byte, until the new one lies whole on the disk, has been
read, and comes near the stations; only then does ``county.toml`` name it.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from numpy.typing import ArrayLike, NDArray
from osmium.osm import mutable
from pyproj import Transformer

from locator.county import County
from locator.county_file import write_keys
from locator.errors import ConfigError, StreetsError
from locator.files import write_atomically
from locator.geo.crs import WGS84, local_metres
from locator.streets.graph import StreetGraph
from locator.streets.osm import read_streets
from locator.streets.overpass import OVERPASS, TIMEOUT_S, Answer, Progress, ask_overpass
from locator.streets.snap import snap

#: A rider gets this far beyond the county in 15 minutes at 15 km/h.
MARGIN_M = 3750.0
#: The area is drawn wider by so much and then as coarsely, so that the question, which is kept,
#: stays short: the first of these that leaves nothing out.
COARSE_M = (2000.0, 1000.0, 500.0)
#: What osmnx adds all around.
OSMNX_M = 500.0
ATTRIBUTION = "© OpenStreetMap contributors"
#: A file with one of these keys holds more than streets, so that a base map can be drawn of it.
GROUND_KEYS = ("building", "natural", "waterway", "landuse")


@dataclass(frozen=True)
class Downloaded:
    """A network that has taken the old one's place.

    ``file`` is its name in the county's folder, ``unused`` that of the old one, which lies there
    still. ``data_time`` is the moment of the server's data, as it states it; ``nodes`` and
    ``ways`` count its answer.
    """

    file: str
    unused: str
    data_time: str
    nodes: int
    ways: int


def download_streets(
    county: County,
    station_lon: ArrayLike,
    station_lat: ArrayLike,
    on: date,
    server: str = OVERPASS,
    *,
    timeout_s: float = TIMEOUT_S,
    progress: Progress = lambda zh, en: None,
) -> Downloaded:
    """Take the streets of ``county`` from an Overpass server, freeze them, and name them in
    ``county.toml``.

    The area is the county's outline (without one, the box around its stations: WGS-84 degrees)
    and as far beyond as a rider gets. The file is ``streets-DATE.osm.pbf``; no file is written
    over. Raises StreetsError, UsageError or ConfigError, one sentence, with folder and network as
    they were.
    """
    lon = np.atleast_1d(np.asarray(station_lon, dtype=np.float64))
    lat = np.atleast_1d(np.asarray(station_lat, dtype=np.float64))
    area = riders_area(county, lon, lat)
    try:
        answer = ask_overpass(area, server, timeout_s=timeout_s, progress=progress)
        content, graph = _frozen(answer, county)
        _near_stations(graph, county, answer.server, lon, lat)
        return _put_in_force(county, answer, content, on)
    except StreetsError as error:
        kept = county.streets.file
        raise StreetsError(f"{kept} 没有换 / stays in force: {error}") from error


def riders_area(
    county: County, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> shapely.Polygon | shapely.MultiPolygon:
    """Where a county's riders ride, in WGS-84 degrees: its outline, or without one the box around
    the points ``lon``, ``lat``, and at least :data:`MARGIN_M` all around once osmnx has asked for
    500 m more (and for the hull of several parts, and without holes).

    Raises ConfigError when the outline cannot be read, or when there is neither.
    """
    if county.outline is not None:
        ground = _outline(county.path(county.outline))
    elif len(lon):
        ground = shapely.box(lon.min(), lat.min(), lon.max(), lat.max())
    else:
        raise ConfigError(
            f"{county.folder / 'county.toml'}：这个县没有范围，也没有站点，不知道要哪里的街道，"
            "请写上 outline / the county has neither an outline nor a station, "
            "so nobody can say which streets are its own; give it an outline."
        )
    west, south, east, north = shapely.bounds(ground).tolist()
    metres = local_metres((west + east) / 2, (south + north) / 2)
    plane = Transformer.from_crs(WGS84, metres, always_xy=True)

    def to_plane(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(plane.transform(points[:, 0], points[:, 1]))

    def to_degrees(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(plane.transform(points[:, 0], points[:, 1], direction="INVERSE"))

    flat = shapely.transform(ground, to_plane)
    needed = shapely.buffer(flat, MARGIN_M - OSMNX_M)
    areas = (shapely.simplify(shapely.buffer(needed, wide), wide) for wide in COARSE_M)
    area = next((area for area in areas if shapely.covers(area, needed)), needed)
    return shapely.transform(area, to_degrees)


def _outline(path: Path) -> shapely.Geometry:
    try:
        shapes = shapely.from_geojson(path.read_text("utf-8"))
    except (OSError, ValueError, shapely.GEOSException) as error:
        raise ConfigError(
            f"{path}：县的范围读不了，要用 GeoJSON 面 / "
            f"the county's outline can't be read ({error}); it must be GeoJSON polygons."
        ) from error
    ground = shapely.union_all(shapely.make_valid(shapely.get_parts(shapes)))
    if ground.area == 0:
        raise ConfigError(
            f"{path}：县的范围没有面积，要用 GeoJSON 面 / "
            "the county's outline has no area; it must be GeoJSON polygons."
        )
    return ground


def _frozen(answer: Answer, county: County) -> tuple[bytes, StreetGraph]:
    """The answer as an OSM PBF file, and the graph that is read from it."""
    with tempfile.TemporaryDirectory() as elsewhere:
        path = Path(elsewhere) / "streets.osm.pbf"
        write_osm(answer, path)
        try:
            return path.read_bytes(), read_streets(path, county.streets)
        except StreetsError as error:
            told = str(error).removeprefix(f"{path}: ")
            raise StreetsError(
                f"{answer.server}：它的回答不能用 / of its answer: {told}"
            ) from error


def write_osm(answer: Answer, path: Path) -> None:
    """Write an answer as an OSM file, losing nothing: ids, order of nodes, and every tag.

    Equal answers give equal bytes. The file's header states the time of the data.
    """
    header = osmium.io.Header()
    header.set("generator", "yizhangtu-locator")
    if answer.data_time:
        header.set("osmosis_replication_timestamp", answer.data_time)
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for number, (lon, lat, tags) in sorted(answer.nodes.items()):
            writer.add_node(mutable.Node(id=number, location=(lon, lat), tags=tags))
        for number, (refs, tags) in sorted(answer.ways.items()):
            writer.add_way(mutable.Way(id=number, nodes=refs, tags=tags))


def _near_stations(
    graph: StreetGraph,
    county: County,
    server: str,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> None:
    """Raise StreetsError when no station lies near a street."""
    far_m = county.streets.snap_max_m
    if len(lon) and (snap(graph, lon, lat, far_m).edge < 0).all():
        raise StreetsError(
            f"{server}：{county.name_zh}的 {len(lon)} 个站点，没有一个离它给的街道在 {far_m:.0f} 米"
            "以内，请核对县的范围和站点的位置 / "
            f"none of the {len(lon)} stations of {county.name_zh} lies within "
            f"{far_m:.0f} m of a street of its answer; are outline and stations where they should "
            "be?"
        )


def _put_in_force(county: County, answer: Answer, content: bytes, on: date) -> Downloaded:
    """The file first, then ``county.toml``: after a crash in between the old network holds."""
    target = _free_name(county.folder, on)
    changes: dict[str, Any] = {
        "streets.file": target.name,
        "streets.provenance": "osm",
        "streets.attribution": ATTRIBUTION,
        "streets.source": answer.server,
        "streets.frozen_on": on,
        "streets.sha256": hashlib.sha256(content).hexdigest(),
        "streets.query": answer.query,
        "streets.basemap": _basemap(county),
    }
    try:
        write_atomically(target, content)
    except OSError as error:
        raise StreetsError(
            f"{target}：写不了，请看磁盘和权限 / "
            f"cannot be written ({error.strerror}); see to the disk and its rights."
        ) from error
    try:
        write_keys(county.folder, changes)
    except ConfigError:
        target.unlink()
        raise
    return Downloaded(
        target.name, county.streets.file, answer.data_time, len(answer.nodes), len(answer.ways)
    )


def _free_name(folder: Path, on: date) -> Path:
    path, number = folder / f"streets-{on}.osm.pbf", 1
    while path.exists():
        number += 1
        path = folder / f"streets-{on}-{number}.osm.pbf"
    return path


def _basemap(county: County) -> str | None:
    """What the base map is drawn from: a real extract keeps its lakes and houses, made-up ground
    does not outlive its made-up streets."""
    if county.streets.provenance == "illustrative":
        return None
    if county.streets.basemap is not None:
        return county.streets.basemap
    return county.streets.file if _has_ground(county.path(county.streets.file)) else None


def _has_ground(path: Path) -> bool:
    if path.suffix == ".graphml":
        return False
    try:
        ground = osmium.FileProcessor(path, osmium.osm.WAY | osmium.osm.RELATION).with_filter(
            osmium.filter.KeyFilter(*GROUND_KEYS)
        )
        return any(True for _ in ground)
    except RuntimeError:  # all that osmium raises: the old file may be why a new one is wanted
        return False
