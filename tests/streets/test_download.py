"""From a stand-in of Overpass on this host; whatever goes wrong, the old network stays."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj.database import query_utm_crs_info

from locator.county import County, load_county
from locator.errors import ConfigError, LocatorError, StreetsError, UsageError
from locator.streets.download import (
    COARSE_M,
    MARGIN_M,
    Downloaded,
    download_streets,
    riders_area,
    write_osm,
)
from locator.streets.frozen import check_frozen
from locator.streets.osm import read_streets
from locator.streets.overpass import Answer, ask_overpass
from tests.quick import examples
from tests.streets.conftest import DEGREE_M
from tests.streets.overpass_stand_in import DATA_TIME, QUESTION, StandIn, drawn, extracted, overpass

ROAD = {"highway": "residential"}
ON = date(2026, 11, 24)
# A lattice at the equator, one step is 111 m:   4 5 6
#                                                1 2 3
LATTICE = {
    number: (0.001 * (number - 1 if number < 4 else number - 4), 0.001 * (number > 3))
    for number in range(1, 7)
}
TOWN = drawn(
    LATTICE,
    ([1, 2, 3], {**ROAD, "name": "滨河路", "name:zh": "滨河路", "surface": "asphalt"}),
    ([3, 6, 5], {"highway": "service", "oneway": "-1"}),
    ([5, 2], {"highway": "footway", "tunnel": "yes", "layer": "-1"}),
    ([1, 4, 5, 2, 1], {"highway": "residential", "junction": "roundabout"}),
    ([4, 6], {"highway": "motorway"}),
    barriers={5: {"barrier": "bollard"}, 6: {"barrier": "stile", "bicycle": "no"}},
)
TOML = """\
code = "990101"
name_zh = "纸上县"
name_en = "Paper County"
centre = [0.001, 0.0005]
ledgers = ["stations.geojson"]

# The ways.
[streets]
file = "streets.osm"
provenance = "osm"
frozen_on = 2026-11-01
"""
OLD = """\
<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
<node id="1" version="1" lon="0.0" lat="0.0"/>
<node id="2" version="1" lon="0.001" lat="0.0"/>
<node id="3" version="1" lon="0.001" lat="0.001"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
{ground}
</osm>
"""
HOUSE = (
    '<way id="2" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/>'
    '<tag k="building" v="yes"/></way>'
)
Take = Callable[..., Downloaded]


#: osmnx looks for its plane four times a question, in a database; here it is always the same.
planes = cache(query_utm_crs_info)


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("pyproj.database.query_utm_crs_info", planes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "county.toml").write_text(TOML, "utf-8")
    (folder / "streets.osm").write_text(OLD.format(ground=""), "utf-8")
    return folder


@pytest.fixture
def server() -> Iterator[StandIn]:
    with overpass(TOWN) as stand_in:
        yield stand_in


@pytest.fixture
def take(folder: Path, server: StandIn) -> Take:
    """Download for the county in ``folder``, whose one station is at node 2."""

    def download(**said: object) -> Downloaded:
        options = {"server": server.url, "timeout_s": 20.0, "lon": [0.001], "lat": [0.0]} | said
        lon, lat = options.pop("lon"), options.pop("lat")
        return download_streets(load_county(folder), lon, lat, ON, **options)

    return download


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rewrite(folder: Path, old: str, new: str) -> None:
    text = (folder / "county.toml").read_text("utf-8")
    assert old in text
    (folder / "county.toml").write_text(text.replace(old, new), "utf-8")


class TestTaken:
    @pytest.mark.slow
    def test_the_new_network_is_frozen_and_named(
        self, folder: Path, server: StandIn, take: Take
    ) -> None:
        before = contents(folder)
        found = take()
        assert found == Downloaded("streets-2026-11-24.osm.pbf", "streets.osm", DATA_TIME, 6, 5)
        county = load_county(folder)
        said = county.streets
        assert (said.file, said.provenance, said.frozen_on) == (found.file, "osm", ON)
        assert (said.source, said.query) == (server.url, server.asked[0])
        assert said.attribution == "© OpenStreetMap contributors"
        assert said.sha256 == hashlib.sha256((folder / found.file).read_bytes()).hexdigest()
        check_frozen(county)
        assert contents(folder).keys() == {*before, found.file}
        assert contents(folder)["streets.osm"] == before["streets.osm"]
        assert "# The ways." in (folder / "county.toml").read_text("utf-8")

    def test_nothing_of_the_answer_is_lost(self, folder: Path, take: Take) -> None:
        path = folder / take().file
        kept: list[dict[str, object]] = []
        for item in osmium.FileProcessor(path):
            said: dict[str, object] = {"id": item.id}
            if tags := {tag.k: tag.v for tag in item.tags}:
                said["tags"] = tags
            if isinstance(item, osmium.osm.Node):
                kept.append({"type": "node", "lat": item.lat, "lon": item.lon, **said})
            else:
                nodes = [node.ref for node in item.nodes]
                kept.append({"type": "way", "nodes": nodes, **said})
        assert kept == TOWN

    def test_the_graph_is_that_of_the_same_streets_in_a_file(
        self, folder: Path, take: Take
    ) -> None:
        found = read_streets(folder / take().file)
        assert found.report["ways_closed"] == {"highway=motorway": 1}
        assert found.report["nodes_blocked"] == 1
        against = found.edge_twin < 0
        assert against.sum() > 0
        # oneway=-1 leads from 5 towards the stile at 6, and from there to 3.
        ends = {
            (round(found.node_lon[a], 6), round(found.node_lat[a], 6))
            for a in found.edge_from[found.edge_class == "service"]
        }
        assert (0.001, 0.001) in ends

    def test_the_time_of_the_data_stands_in_the_files_header(
        self, folder: Path, take: Take
    ) -> None:
        with osmium.io.Reader(folder / take().file) as reader:
            assert reader.header().get("osmosis_replication_timestamp") == DATA_TIME

    def test_the_same_answer_gives_the_same_bytes(self, folder: Path, take: Take) -> None:
        first, second = take(), take()
        assert (first.file, second.file, second.unused) == (
            "streets-2026-11-24.osm.pbf", "streets-2026-11-24-2.osm.pbf", first.file,
        )  # fmt: skip
        assert (folder / first.file).read_bytes() == (folder / second.file).read_bytes()

    def test_no_file_is_written_over(self, folder: Path, take: Take) -> None:
        (folder / "streets-2026-11-24.osm.pbf").write_bytes(b"left by a crash")
        assert take().file == "streets-2026-11-24-2.osm.pbf"
        assert (folder / "streets-2026-11-24.osm.pbf").read_bytes() == b"left by a crash"

    def test_the_server_may_be_given_by_its_interpreter(self, server: StandIn, take: Take) -> None:
        take(server=server.url + "/interpreter/")
        assert server.agents[0].startswith("yizhangtu-locator/")

    def test_nothing_is_left_in_the_working_folder_or_in_the_process(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, take: Take
    ) -> None:
        import osmnx

        here = tmp_path / "here"
        here.mkdir()
        monkeypatch.chdir(here)
        resolver = socket.getaddrinfo
        settings = {key: value for key, value in vars(osmnx.settings).items() if key.islower()}
        take()
        assert list(here.iterdir()) == []
        assert socket.getaddrinfo is resolver
        assert settings == {
            key: value for key, value in vars(osmnx.settings).items() if key.islower()
        }

    def test_an_answer_packed_and_in_chunks(
        self, folder: Path, server: StandIn, take: Take
    ) -> None:
        plain = (folder / take().file).read_bytes()
        server.mood = "packed"
        assert (folder / take().file).read_bytes() == plain

    def test_progress_is_told(self, take: Take) -> None:
        told: list[tuple[str, str]] = []
        take(progress=lambda zh, en: told.append((zh, en)))
        assert [zh[:2] for zh, _ in told] == ["正在", "收到"]
        assert "asking http://127.0.0.1" in told[0][1]
        assert "kB received" in told[1][1]


class TestGround:
    """The base map keeps its lakes and houses, but none that were made up."""

    def test_a_real_extract_stays_the_base_map(self, folder: Path, take: Take) -> None:
        (folder / "streets.osm").write_text(OLD.format(ground=HOUSE), "utf-8")
        take()
        assert load_county(folder).streets.basemap == "streets.osm"
        take()
        assert load_county(folder).streets.basemap == "streets.osm"

    def test_an_old_network_has_no_ground(self, folder: Path, take: Take) -> None:
        take()
        assert load_county(folder).streets.basemap is None

    def test_made_up_ground_does_not_outlive_its_streets(self, folder: Path, take: Take) -> None:
        (folder / "streets.osm").write_text(OLD.format(ground=HOUSE), "utf-8")
        rewrite(folder, '"osm"\n', '"illustrative"\nbasemap = "streets.osm"\n')
        take()
        said = load_county(folder).streets
        assert (said.basemap, said.provenance) == (None, "osm")
        assert said.attribution == "© OpenStreetMap contributors"

    @pytest.mark.parametrize("content", [b"<osm", None])
    def test_a_broken_old_file_is_no_hindrance(
        self, folder: Path, take: Take, content: bytes | None
    ) -> None:
        (folder / "streets.osm").unlink()
        if content is not None:
            (folder / "streets.osm").write_bytes(content)
        take()
        assert load_county(folder).streets.basemap is None


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        ("too_many", "too many questions were asked from here (429); try again in 42 s"),
        ("too_busy", "too busy to answer (504); try again in a few minutes"),
        ("bad_question", "answers 400 Bad Request; is this the address of an Overpass server"),
        ("moved", "has moved to https://other.example/api/interpreter (302)"),
        ("web_page", "answers with a web page instead of streets"),
        ("other_json", "answers with JSON that is no Overpass answer"),
        ("list", "answers with JSON that is no Overpass answer"),
        ("cut_json", "gave half an answer (it is not whole JSON)"),
        ("nested", "gave half an answer (it is not whole JSON)"),
        ("broken_line", "gave half an answer (the line broke after 0."),
        ("bad_gzip", "gave half an answer (the line broke after 0.0 kB)"),
        ("remark", "gave half an answer (the server remarks: runtime error: Query timed out"),
        ("no_ways", "knows no street in this area"),
        ("only_motorways", "none of its 1 streets is open to an e-bike"),
        ("without_nodes", "gave half an answer (6 nodes of its ways are missing)"),
        ("strange_node", "an object that is none of OpenStreetMap (ValueError: node 1 at lon 0"),
        ("strange_tag", r"none of OpenStreetMap (ValueError: the tag 'a\x00b' of way 5)"),
        ("strange_text", "none of OpenStreetMap (UnicodeEncodeError: "),
        ("long_tag", "none of OpenStreetMap (ValueError: the tag 'xxx"),
        ("strange_id", "none of OpenStreetMap (ValueError: the id 11805"),
        ("elsewhere", "none of the 1 stations of 纸上县 lies within 300 m of a street"),
    ],
)
def test_a_bad_answer_is_one_sentence_and_the_old_stays(
    folder: Path, server: StandIn, take: Take, mood: str, said: str
) -> None:
    before = contents(folder)
    server.mood = mood
    with pytest.raises(StreetsError) as failure:
        take()
    text = str(failure.value)
    assert said in text
    assert text.startswith(f"streets.osm 没有换 / stays in force: {server.url}：")
    zh, _ = text.removeprefix("streets.osm 没有换 / ").split(" / ", 1)
    assert re.search("[\u4e00-\u9fff]{3}", zh), "Chinese first"
    assert text[-1] in ".?"
    assert ". " not in text, "one sentence"
    assert "\n" not in text
    assert len(text) < 700
    assert contents(folder) == before
    assert len(server.asked) == 1, "nobody is asked again and again"


@pytest.mark.parametrize("mood", ["silent", "dripping"])
def test_a_slow_server_is_waited_for_so_long_and_no_longer(
    folder: Path, server: StandIn, take: Take, mood: str
) -> None:
    before = contents(folder)
    server.mood = mood
    with pytest.raises(StreetsError, match="no whole answer within 0 s"):
        take(timeout_s=0.3)
    assert contents(folder) == before


def test_an_endless_answer(
    folder: Path, server: StandIn, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locator.streets.overpass.MAX_BYTES", 300)
    server.mood = "packed"
    with pytest.raises(StreetsError, match=r"its answer is larger than 0\.3 kB"):
        take()
    assert "streets-2026-11-24.osm.pbf" not in contents(folder)


def test_without_internet(folder: Path, take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(folder)
    asked: list[str] = []

    def unknown(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "gethostbyname", unknown)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr("osmnx._http._original_getaddrinfo", unknown)
    with pytest.raises(StreetsError, match=r"cannot be reached \(its name is not known\)"):
        take(server="https://overpass.example/api")
    assert set(asked) == {"overpass.example"}, "no other host is asked, not even for a name"
    assert contents(folder) == before


def test_a_server_that_is_off(folder: Path, take: Take) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(StreetsError, match=r"cannot be reached \(connection refused\)"):
        take(server=f"http://127.0.0.1:{port}/api")


@pytest.mark.parametrize(
    "address",
    ["overpass-api.de/api", "ftp://host/api", "http://", "http://me:secret@host/api",
     "http://host:99999/api", "http://host/api?data=1", "file:///etc/passwd", ""],
)  # fmt: skip
def test_an_address_that_is_none(folder: Path, take: Take, address: str) -> None:
    before = contents(folder)
    with pytest.raises(UsageError, match="not the address of an Overpass server"):
        take(server=address)
    assert contents(folder) == before


class TestCrash:
    """After a crash at any moment the county's streets are whole: the old, or the new."""

    def test_the_file_comes_before_its_name(
        self, folder: Path, take: Take, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = contents(folder)

        def power_cut(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("locator.streets.download.write_keys", power_cut)
        with pytest.raises(KeyboardInterrupt):
            take()
        after = contents(folder)
        new = after.pop("streets-2026-11-24.osm.pbf")
        assert after == before
        assert new, "the new file lies whole beside the old"

    def test_a_county_file_that_cannot_be_changed_takes_the_new_file_along(
        self, folder: Path, take: Take, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = contents(folder)

        def refuse(*_: object) -> None:
            raise ConfigError("no")

        monkeypatch.setattr("locator.streets.download.write_keys", refuse)
        with pytest.raises(ConfigError, match="no"):
            take()
        assert contents(folder) == before

    def test_a_full_disk(self, folder: Path, take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
        before = contents(folder)

        def full(_handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(StreetsError, match="No space left on device"):
            take()
        assert contents(folder) == before


class TestArea:
    """What is asked for: the county, and as far beyond as a rider gets."""

    @pytest.fixture
    def county(self, folder: Path) -> County:
        return load_county(folder)

    @staticmethod
    def outlined(folder: Path, outline: str) -> County:
        (folder / "outline.geojson").write_text(outline, "utf-8")
        rewrite(folder, 'code = "990101"', 'code = "990101"\noutline = "outline.geojson"')
        return load_county(folder)

    @staticmethod
    def margin_m(server: StandIn, ground: shapely.Geometry) -> tuple[float, float]:
        """How far the line that was asked for lies from the ground, at least and at most: metres
        at the equator, where a degree is as long both ways."""
        numbers = [float(number) for number in QUESTION.fullmatch(server.asked[-1])[1].split()]
        ring = shapely.Polygon(list(zip(numbers[1::2], numbers[0::2], strict=True)))
        assert ring.contains(ground)
        farthest = max(shapely.distance(ground, shapely.points(ring.exterior.coords)))
        return shapely.distance(ring.exterior, ground) * DEGREE_M, farthest * DEGREE_M

    def test_the_box_of_the_stations_without_an_outline(self, server: StandIn, take: Take) -> None:
        take(lon=[0.001, 0.1], lat=[0.0, -0.05])
        nearest, farthest = self.margin_m(server, shapely.box(0.001, -0.05, 0.1, 0.0))
        assert nearest > MARGIN_M * 0.99
        assert farthest < MARGIN_M + COARSE_M[0] + 100

    @given(seed=st.integers(0, 10**6), corners=st.integers(3, 60))
    @settings(max_examples=examples(25))
    def test_a_rider_reaches_nothing_that_was_not_asked_for(
        self, tmp_path_factory: pytest.TempPathFactory, seed: int, corners: int
    ) -> None:
        """Of any outline, however ragged; less the 500 m that osmnx adds."""
        folder = tmp_path_factory.mktemp("ragged")
        (folder / "county.toml").write_text(TOML, "utf-8")
        turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
        radius = np.random.default_rng(seed).uniform(0.02, 0.3, corners)
        outline = shapely.Polygon(np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]))
        county = self.outlined(folder, shapely.to_geojson(outline))
        area = riders_area(county, np.array([]), np.array([]))
        assert area.contains(outline)
        away = shapely.distance(shapely.boundary(area), outline) * DEGREE_M
        assert away > (MARGIN_M - 500) * 0.99

    def test_one_station_is_enough(self, county: County) -> None:
        area = riders_area(county, np.array([116.9]), np.array([31.4]))
        assert area.contains(shapely.Point(116.9, 31.4))
        assert area.is_valid

    @pytest.mark.parametrize("wrap", ["geometry", "feature", "collection"])
    def test_an_outline_and_a_margin(
        self, folder: Path, server: StandIn, take: Take, wrap: str
    ) -> None:
        ground = shapely.box(-0.1, -0.05, 0.1, 0.05)
        geometry = shapely.to_geojson(ground.difference(shapely.box(0.05, 0.02, 0.08, 0.03)))
        feature = f'{{"type":"Feature","properties":{{}},"geometry":{geometry}}}'
        collection = f'{{"type":"FeatureCollection","features":[{feature},{feature}]}}'
        text = {"geometry": geometry, "feature": feature, "collection": collection}[wrap]
        self.outlined(folder, text)
        take()
        nearest, farthest = self.margin_m(server, ground)
        assert nearest > MARGIN_M * 0.99
        assert farthest < MARGIN_M + COARSE_M[0] + 100

    def test_islands_are_asked_for_in_one_question(
        self, folder: Path, server: StandIn, take: Take
    ) -> None:
        islands = shapely.union(shapely.box(0, 0, 0.01, 0.01), shapely.box(0.5, 0.5, 0.51, 0.51))
        self.outlined(folder, shapely.to_geojson(islands))
        take()
        assert len(server.asked) == 1

    def test_a_county_of_any_size_is_one_question(
        self, folder: Path, server: StandIn, take: Take
    ) -> None:
        self.outlined(folder, shapely.to_geojson(shapely.box(-1, -1, 1, 1)))
        take()
        assert len(server.asked) == 1
        assert len(server.asked[0]) < 5000

    @pytest.mark.parametrize("text", ["{", '{"type":"Point","coordinates":[0,0]}', "[]", "\x00"])
    def test_an_outline_that_is_none(self, folder: Path, text: str) -> None:
        county = self.outlined(folder, text)
        with pytest.raises(
            ConfigError, match=r"outline\.geojson：县的范围.* / the county's outline"
        ):
            riders_area(county, np.array([0.0]), np.array([0.0]))

    def test_neither_outline_nor_station(self, county: County) -> None:
        with pytest.raises(ConfigError, match="neither an outline nor a station"):
            riders_area(county, np.array([]), np.array([]))


def test_an_answer_without_a_time_and_without_order(tmp_path: Path) -> None:
    nodes = {2: (0.1, 0.0, {}), 1: (0.0, 0.0, {"barrier": "gate"})}
    answer = Answer("", "", "", nodes, {9: ([2, 1], ROAD), 8: ([1, 2], ROAD)}, 0)
    write_osm(answer, tmp_path / "a.osm.pbf")
    turned = replace(answer, nodes=dict(reversed(nodes.items())))
    write_osm(turned, tmp_path / "b.osm.pbf")
    assert (tmp_path / "a.osm.pbf").read_bytes() == (tmp_path / "b.osm.pbf").read_bytes()
    ids = [(item.type_str(), item.id) for item in osmium.FileProcessor(tmp_path / "a.osm.pbf")]
    assert ids == [("n", 1), ("n", 2), ("w", 8), ("w", 9)]


@given(
    names=st.dictionaries(
        st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=255),
        st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=255),
        max_size=4,
    ),
    places=st.lists(
        st.tuples(st.integers(-(18 * 10**8), 18 * 10**8), st.integers(-(9 * 10**8), 9 * 10**8)),
        min_size=1,
        max_size=5,
    ),
    first=st.integers(-(2**40), 2**40).filter(lambda number: abs(number) > 10),
)
@settings(max_examples=examples(60))
def test_whatever_openstreetmap_holds_is_frozen_as_it_is(
    tmp_path_factory: pytest.TempPathFactory,
    names: dict[str, str],
    places: list[tuple[int, int]],
    first: int,
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.osm.pbf"
    nodes = {first + at: (x / 1e7, y / 1e7, names) for at, (x, y) in enumerate(places)}
    ways = {first: ([*nodes, first], names)}
    write_osm(Answer("", "", "", nodes, ways, 0), path)
    read_nodes, read_ways = {}, {}
    for item in osmium.FileProcessor(path):
        tags = {tag.k: tag.v for tag in item.tags}
        if isinstance(item, osmium.osm.Node):
            read_nodes[item.id] = (item.lon, item.lat, tags)
        else:
            read_ways[item.id] = ([node.ref for node in item.nodes], tags)
    assert (read_nodes, read_ways) == (nodes, ways)


def test_the_command_speaks_of_errors_alone() -> None:
    """Every failure of the talk is one that the command line turns into a sentence."""
    with pytest.raises(LocatorError):
        ask_overpass(shapely.box(0, 0, 1, 1), "nowhere")


@pytest.mark.slow
class TestRealPlaces:
    @pytest.mark.parametrize(
        ("name", "doors"),
        [
            pytest.param(
                "liechtenstein",
                [(9.5209, 47.1410), (9.4716, 47.0477), (9.6362, 47.2706)],
                marks=pytest.mark.campaign,
            ),
            ("andorra", [(1.5218, 42.5063), (1.4135, 42.4289), (1.7866, 42.6559)]),
        ],
    )
    def test_the_network_is_that_of_the_extract(
        self, shared: Path, folder: Path, name: str, doors: list[tuple[float, float]]
    ) -> None:
        extract = shared / "data" / "osm" / f"{name}.osm.pbf"
        direct = read_streets(extract)
        with overpass(extracted(extract)) as server:
            lon, lat = zip(*doors, strict=True)
            found = download_streets(load_county(folder), lon, lat, ON, server.url)
        taken = read_streets(folder / found.file)
        of_relations = {"turns_left_out", "squares_left_out"}
        for key in direct.report.keys() - of_relations:
            assert taken.report[key] == direct.report[key], key
        assert taken.report["km"] > 500
        for column in ("edge_from", "edge_to", "edge_time_ds", "edge_name", "edge_class"):
            assert (getattr(taken, column) == getattr(direct, column)).all(), column
