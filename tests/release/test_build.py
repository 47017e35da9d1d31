from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from locator.counties import list_counties
from locator.county import County, load_county
from locator.errors import LocatorError, ReleaseError
from locator.release.build import _built_before, _cache_key, build_release
from locator.release.compared import Compared
from locator.release.manifest import attribution, input_entries
from locator.release.publish import (
    Release,
    newest,
    open_release,
    publish,
    read_pointer,
    releases,
    verify,
)
from tests.quick import rest_at_length

from .conftest import write_county

AS_OF = date(2026, 11, 20)
OSM = "© OpenStreetMap contributors"
#: What the builder tells, in order; the fault tests stop it at each.
STEPS = ("inputs", "ledgers", "coverage", "siting", "opening", "map", "files", "release")

#: Builds in a process of its own, and ends it without a word at the step named last.
_CHILD = """
import os, sys
from datetime import date
from pathlib import Path
from locator.counties import list_counties
from locator.release.build import _built_before, build_release
from locator.release.publish import publish
data, var, stop = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
(county,) = list_counties(data)
def progress(stage, *_):
    if stage == stop:
        os._exit(137)
release = build_release(county, all_counties=[county], data=data, var=var,
                        as_of=date(2026, 11, 20), progress=progress)
publish(var, county.slug, release.hash)
print(release.hash)
"""


def build(county: County, as_of: date = AS_OF, steps: list[str] | None = None) -> Release:
    data = county.folder.parent
    told = steps if steps is not None else []
    return build_release(
        county,
        all_counties=[county],
        data=data,
        var=data.parent / "var",
        as_of=as_of,
        progress=lambda stage, zh, en: told.append(stage),
    )


def child(data: Path, var: Path, stop: str = "") -> Sequence[str]:
    return [sys.executable, "-c", _CHILD, str(data), str(var), stop]


def leftovers(var: Path) -> list[str]:
    return [path.name for path in (var / "releases/xiaocheng").glob(".building-*")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The small town's release; not to be changed."""
    return build(write_county(tmp_path_factory.mktemp("built") / "data"))


def test_a_release_holds_what_its_manifest_says(built: Release) -> None:
    release = built
    assert verify(release) == []
    assert release.files == {
        "public/stations.geojson", "public/open.json", "public/coverage.json",
        "public/gaps.json", "public/actions.json", "public/cells.json", "public/streets.bin",
        "public/matrix.bin", "public/places.json", "public/overview.svg", "public/hourly.json",
        "public/basemap.pmtiles", "staff/findings.json", "staff/quarantine.json",
        "staff/layers.geojson.gz",
    }  # fmt: skip
    manifest = release.manifest
    assert manifest["schema"] == 1
    assert manifest["county"]["code"] == "999001"
    west, south, east, north = manifest["county"]["bbox"]
    assert west < manifest["county"]["centre"][0] < east
    assert south < manifest["county"]["centre"][1] < north
    assert manifest["kinds"]["friendly_estate"]["stop"] is False
    assert manifest["services"]["hot_meal"]["zh"] == "供餐"
    assert manifest["as_of"] == "2026-11-20"
    assert manifest["illustrative"] is True
    assert manifest["provenance"]["weakest"] == "illustrative"
    assert "示意数据" in manifest["provenance_zh"]
    assert manifest["attribution"] == ""
    assert [entry["path"] for entry in manifest["inputs"]] == [
        "xiaocheng/county.toml", "xiaocheng/headcount.csv", "xiaocheng/stations.geojson",
        "xiaocheng/streets.osm",
    ]  # fmt: skip
    counts = manifest["counts"]
    assert (counts["rows"], counts["published"]) == (4, 4)
    assert counts["rows"] == counts["published"] + counts["quarantined"] + counts["duplicates"]


def test_a_release_says_what_it_was_made_of_and_what_was_left_out(built: Release) -> None:
    manifest = built.manifest
    assert manifest["stations"] == {
        "provenance": {"illustrative": 4},
        "township": {"ledger": 4, "outline": 0, "neither": 0},
    }
    streets = manifest["streets"]
    assert streets["provenance"] == "illustrative"
    assert streets["km"] > 0
    assert streets["ways_read"] == streets["ways_open"] + sum(streets["ways_closed"].values())
    assert not {"source", "query", "frozen_on"} & streets.keys(), "nothing is said of no copy"
    assert manifest["basemap"].keys() >= {"tiles", "bytes", "features", "lost"}
    assert manifest["basemap"]["bytes"] == built.file("public/basemap.pmtiles").stat().st_size


@pytest.mark.slow
def test_townships_by_outline_a_base_map_of_its_own_and_frozen_streets(tmp_path: Path) -> None:
    """Everything of a county that started from an extract, in one build."""

    def forget(features: list[dict[str, Any]]) -> None:
        for feature in features[1:]:
            del feature["properties"]["township"]

    county = write_county(tmp_path / "data", forget)
    west, south, east, north = 110, 20, 130, 40
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    outline = {"type": "Feature", "properties": {"name": "桥头镇"},
               "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
    collection = {"type": "FeatureCollection", "features": [outline]}
    (county.folder / "townships.geojson").write_text(json.dumps(collection), "utf-8")
    town = (county.folder / "streets.osm").read_text("utf-8")
    (county.folder / "map.osm").write_text(town.replace("示意", "底图"), "utf-8")
    digest = hashlib.sha256((county.folder / "streets.osm").read_bytes()).hexdigest()
    settings = county.folder / "county.toml"
    said = (
        '[streets]\nbasemap = "map.osm"\nsource = "small.osm.pbf"\nfrozen_on = 2026-11-02\n'
        f'sha256 = "{digest}"'
    )
    text = settings.read_text("utf-8").replace("[streets]", said)
    settings.write_text('township_outlines = "townships.geojson"\n' + text, "utf-8")
    county = load_county(county.folder)
    release = build(county)
    assert release.manifest["stations"]["township"] == {"ledger": 1, "outline": 3, "neither": 0}
    assert release.stations()["township"].tolist() == ["城关镇", *["桥头镇"] * 3]
    assert {gap["township"] for gap in release.json("public/coverage.json")["gaps"]} == {"桥头镇"}
    streets = release.manifest["streets"]
    assert (streets["source"], streets["frozen_on"]) == ("small.osm.pbf", "2026-11-02")
    assert "底图" in json.dumps(release.layers(), ensure_ascii=False)
    inputs = {Path(entry["path"]).name for entry in release.manifest["inputs"]}
    assert {"townships.geojson", "map.osm"} <= inputs

    with (county.folder / "streets.osm").open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(LocatorError, match="changed since it was frozen"):
        build(county)


@pytest.mark.parametrize(
    ("streets", "own", "others", "credit"),
    [
        ("osm", "", {"ledger"}, OSM),
        ("osm", "© OSM 2026", {"osm"}, "© OSM 2026"),
        ("illustrative", "", {"illustrative", None}, ""),
        ("illustrative", "", {"osm", "proxy"}, f"站点、需求 {OSM}"),
        ("illustrative", "", {"ledger", "proxy"}, f"需求 {OSM}"),
        ("surveyed", "© 县测绘队", {"osm"}, f"© 县测绘队 · 站点 {OSM}"),
        ("surveyed", "© 县测绘队", {"ledger", "headcount"}, "© 县测绘队"),
        ("surveyed", f"© 县测绘队 {OSM}", {"osm", "proxy"}, f"© 县测绘队 {OSM}"),
    ],
)
def test_osm_is_credited_for_what_is_drawn_of_it(
    county: County, streets: str, own: str, others: set[Any], credit: str
) -> None:
    said = county.streets.model_copy(update={"provenance": streets, "attribution": own})
    assert attribution(county.model_copy(update={"streets": said}), others) == credit


def test_what_is_read_back(built: Release) -> None:
    release = built
    assert release.stations()["id"].tolist() == [f"999001-00{n}" for n in range(1, 5)]
    opening = release.json("public/open.json")["stations"]
    assert opening["999001-003"] == {"door": None, "services": {}}
    assert list(opening["999001-002"]["services"]) == ["hot_meal"]
    assert len(opening["999001-001"]["door"]) == 14
    clock = release.json("public/coverage.json")["clock"]
    assert {(row["day"], row["hour"]) for row in clock} == {
        (day, hour) for day in ("workday", "dayoff") for hour in range(24)
    }
    assert {"roads", "water", "places"} <= set(release.layers())


def test_a_build_publishes_nothing(built: Release) -> None:
    assert read_pointer(built.path.parents[2], "xiaocheng").release is None


def test_the_same_inputs_are_not_built_twice(county: County) -> None:
    steps: list[str] = []
    first = build(county, steps=steps)
    assert steps == list(STEPS)
    steps.clear()
    begin = time.process_time()
    assert build(county, steps=steps) == first
    assert time.process_time() - begin < 0.5
    assert steps == ["release"]
    (first.path.parent / "built.json").unlink()
    assert build(county, steps=steps).hash == first.hash  # no cache: built anew, same name
    assert len(releases(first.path.parents[2], "xiaocheng")) == 1


@pytest.mark.slow
def test_a_changed_input_is_a_new_release(county: County) -> None:
    seen = {build(county).hash}
    for name in ("county.toml", "headcount.csv", "stations.geojson"):
        path = county.folder / name
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        seen.add(build(county).hash)
    seen.add(build(county, date(2026, 11, 21)).hash)
    assert len(seen) == 5


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.slow
def test_who_goes_back_to_an_earlier_ledger_publishes_that(county: County, cached: bool) -> None:
    var = county.folder.parent.parent / "var"
    path = county.folder / "headcount.csv"
    good = path.read_text("utf-8")
    first = build(county)
    path.write_text(good.replace(",12\n", ",99\n"), "utf-8")
    slip = build(county)
    assert newest(var, "xiaocheng").hash == slip.hash
    path.write_text(good, "utf-8")
    if cached:
        key = {"key": _key(county), "release": first.hash}
        (first.path.parent / "built.json").write_text(json.dumps(key), "utf-8")
    steps: list[str] = []
    assert build(county, steps=steps).hash == first.hash
    assert (steps == ["release"]) == cached
    assert newest(var, "xiaocheng").hash == first.hash


def _key(county: County) -> str:
    inputs = input_entries(county, county.folder.parent)
    return _cache_key(county, [county], inputs, AS_OF, Compared())


@pytest.mark.slow
def test_other_candidates_are_another_release(county: County) -> None:
    """What is recommended rests on their places and prices, and so does what it is made of."""
    path = county.folder / "county.toml"
    named = 'candidates = "candidates.geojson"\n[streets]'
    path.write_text(path.read_text("utf-8").replace("[streets]", named), "utf-8")
    county = load_county(county.folder)
    hashes = [build(county).hash]  # the file is not there
    lon, lat = county.centre
    for cost, provenance in ((5000, "ledger"), (9000, "ledger"), (9000, "osm")):
        site = {"id": "c1", "name": "桥头", "actions": ["place_cabin"], "cost_yuan": cost,
                "provenance": provenance}  # fmt: skip
        point = {"type": "Point", "coordinates": [lon, lat]}
        feature = {"type": "Feature", "properties": site, "geometry": point}
        (county.folder / "candidates.geojson").write_text(json.dumps({"features": [feature]}))
        release = build(county)
        assert release.manifest["provenance"]["candidates"] == provenance
        assert any(
            each["path"].endswith("candidates.geojson") for each in release.manifest["inputs"]
        )
        hashes.append(release.hash)
    assert len(set(hashes)) == 4
    assert build(county).hash == hashes[-1]


@pytest.mark.slow
def test_a_file_that_changes_under_the_build_stops_it(county: County) -> None:
    """Else the release would name a ledger that it was not made from."""
    path = county.folder / "headcount.csv"

    def meddle(stage: str, *_: str) -> None:
        if stage == "ledgers":
            path.write_text(path.read_text("utf-8").replace(",12\n", ",99\n"), "utf-8")

    data = county.folder.parent
    with pytest.raises(ReleaseError, match="changed while"):
        build_release(
            county, all_counties=[county], data=data, var=data.parent / "var", as_of=AS_OF,
            progress=meddle,
        )  # fmt: skip
    assert releases(data.parent / "var", "xiaocheng") == []
    assert leftovers(data.parent / "var") == []


@pytest.mark.slow
def test_the_cache_is_never_believed(county: County) -> None:
    first = build(county)
    (first.path / "public/open.json").write_text("{}")
    steps: list[str] = []
    again = build(county, steps=steps)
    assert again.hash == first.hash
    assert steps == list(STEPS)
    assert verify(again) == []
    assert leftovers(first.path.parents[2]) == []


@pytest.mark.parametrize("text", ["", "[]", '{"key": 1}', '{"key": "k", "release": "../.."}',
                                  '{"key": "k", "release": 7}', "\xff"])  # fmt: skip
def test_a_damaged_cache_is_no_cache(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "releases" / "xiaocheng"
    folder.mkdir(parents=True)
    (folder / "built.json").write_bytes(text.encode("latin-1"))
    assert _built_before(tmp_path, "xiaocheng", "k") is None


@pytest.mark.slow
def test_same_bytes_whatever_the_process_and_the_order(county: County, tmp_path: Path) -> None:
    """Other hash seeds give the same release; permuted rows give the same station list."""
    here = build(county)
    data = county.folder.parent
    for seed in (1, 20):
        made = subprocess.run(
            child(data, tmp_path / f"var{seed}"),
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert made.stdout.strip() == here.hash
    other = build(write_county(tmp_path / "permuted" / "data", lambda rows: rows.reverse()))
    name = "public/stations.geojson"
    assert other.file(name).read_bytes() == here.file(name).read_bytes()
    assert other.json("public/coverage.json") == here.json("public/coverage.json")


@pytest.mark.slow
@pytest.mark.parametrize("step", rest_at_length(STEPS, "ledgers", "release"))
def test_a_crash_at_any_step_leaves_the_old_release(county: County, step: str) -> None:
    data, var = county.folder.parent, county.folder.parent.parent / "var"
    old = build(county, date(2026, 11, 1))
    publish(var, "xiaocheng", old.hash)
    before = sorted(path.name for path in old.path.parent.iterdir())
    ended = subprocess.run(child(data, var, step), capture_output=True, text=True)
    assert ended.returncode == 137, ended.stderr
    served = open_release(var, "xiaocheng")
    assert served.hash == old.hash
    assert verify(served) == []
    if step != "release":  # until then nothing has got a release's name
        after = {path.name for path in old.path.parent.iterdir() if path.is_dir()}
        assert {name for name in after if not name.startswith(".building-")} <= set(before)
        assert step == "inputs" or leftovers(var)
    new = build(county)
    publish(var, "xiaocheng", new.hash)
    assert open_release(var, "xiaocheng").hash == new.hash
    assert verify(new) == []
    assert leftovers(var) == []


def kill_at_random(county: County, times: int, rng: random.Random) -> int:
    """Kill builds at random moments; returns how many were hit before they were done."""
    data, var = county.folder.parent, county.folder.parent.parent / "var"
    publish(var, "xiaocheng", build(county, date(2026, 11, 1)).hash)
    begin = time.monotonic()
    subprocess.run(child(data, var), check=True, stdout=subprocess.DEVNULL)
    usual_s = time.monotonic() - begin
    headcount = county.folder / "headcount.csv"
    hit = 0
    for number in range(times):
        headcount.write_text(headcount.read_text("utf-8") + "\n", "utf-8")
        process = subprocess.Popen(
            child(data, var), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        # The first half of a run is the start of Python and its libraries.
        time.sleep(rng.uniform(0.5, 1.1) * usual_s)
        process.send_signal(signal.SIGKILL)
        hit += process.wait() == -signal.SIGKILL
        assert verify(open_release(var, "xiaocheng")) == [], number
        for entry in releases(var, "xiaocheng"):
            assert verify(open_release(var, "xiaocheng", entry["release"])) == [], number
    new = build(county)
    publish(var, "xiaocheng", new.hash)
    assert verify(open_release(var, "xiaocheng")) == []
    assert leftovers(var) == []
    return hit


@pytest.mark.slow
def test_kills_at_random(county: County) -> None:
    assert kill_at_random(county, 4, random.Random(7)) >= 1


@pytest.mark.campaign
def test_a_thousand_kills(county: County) -> None:
    print(f"{kill_at_random(county, 1_000, random.Random(8))} of 1000 builds were killed")


@pytest.mark.slow
def test_bad_input_is_one_sentence_and_changes_nothing(county: County) -> None:
    var = county.folder.parent.parent / "var"
    old = build(county)
    publish(var, "xiaocheng", old.hash)
    bad: dict[str, list[str | None]] = {
        "stations.geojson": [None, "", "{", '{"type": "FeatureCollection", "features": []}'],
        "streets.osm": [None, "<osm", "<osm version='0.6'></osm>"],
        "headcount.csv": [None, "a,b\n1,2\n"],
    }
    for name, contents in bad.items():
        path = county.folder / name
        good = path.read_text("utf-8")
        for content in contents:
            path.unlink() if content is None else path.write_text(content, "utf-8")
            with pytest.raises(LocatorError) as failure:
                build(county)
            assert name in str(failure.value), (name, content)
            assert leftovers(var) == [], (name, content)
            assert [each["release"] for each in releases(var, "xiaocheng")] == [old.hash]
        path.write_text(good, "utf-8")
    assert open_release(var, "xiaocheng").hash == old.hash
    assert build(county).hash == old.hash


def test_a_ledger_that_does_not_say_its_datum_stops_the_build(county: County) -> None:
    var = county.folder.parent.parent / "var"
    old = build(county)
    publish(var, "xiaocheng", old.hash)
    (county.folder / "more.csv").write_text(
        "编号,类型,名称,经度,纬度\n999001-009,暖新驿站,新站（示意）,116.9050,31.4050\n", "utf-8"
    )
    toml = county.folder / "county.toml"
    toml.write_text(toml.read_text("utf-8").replace('geojson"]', 'geojson", "more.csv"]'), "utf-8")
    with pytest.raises(ReleaseError, match=r"more\.csv"):
        build(load_county(county.folder))
    assert open_release(var, "xiaocheng").hash == old.hash
    assert leftovers(var) == []


@pytest.mark.slow
def test_a_bad_row_is_set_aside_and_the_rest_is_built(tmp_path: Path) -> None:
    def swap(features: list[dict[str, Any]]) -> None:
        features[0]["geometry"]["coordinates"].reverse()

    release = build(write_county(tmp_path / "data", swap))
    counts = release.manifest["counts"]
    assert (counts["rows"], counts["published"], counts["quarantined"]) == (4, 3, 1)
    (quarantined,) = release.json("staff/quarantine.json")
    assert quarantined["original"]["id"] == "999001-001"
    assert "coordinate_swapped" in quarantined["codes"]
    assert "999001-001" not in release.file("public/stations.geojson").read_text("utf-8")


@pytest.mark.slow
def test_a_full_disk_is_one_sentence(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    var = county.folder.parent.parent / "var"
    old = build(county)
    publish(var, "xiaocheng", old.hash)
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "open.json":
            write(path, content[:10])
            raise OSError(28, "No space left on device", str(path))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ReleaseError, match="No space left"):
        build(county, date(2026, 11, 21))
    assert leftovers(var) == []
    assert open_release(var, "xiaocheng").hash == old.hash


def test_a_folder_that_cannot_be_made(county: County) -> None:
    (county.folder.parent.parent / "var").write_text("a file")
    with pytest.raises(ReleaseError, match="cannot be written"):
        build(county)


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["shucheng", "kuandian"])
def test_the_illustrative_counties(data: Path, tmp_path: Path, slug: str) -> None:
    counties = list_counties(data)
    (county,) = [each for each in counties if each.slug == slug]
    begin = time.perf_counter()
    release = build_release(county, all_counties=counties, data=data, var=tmp_path, as_of=AS_OF)
    seconds = time.perf_counter() - begin
    assert verify(release) == []
    assert release.manifest["illustrative"]
    assert release.manifest["attribution"] == ""
    pack = release.file("public/basemap.pmtiles").stat().st_size
    total = sum(entry["bytes"] for entry in release.manifest["files"])
    print(f"\n{slug}: {seconds:.1f} s, {total / 1e6:.2f} MB, map {pack / 1e6:.2f} MB", end=" ")
    print(json.dumps(release.manifest["counts"]))
    assert pack < 3_000_000
    assert seconds < 60
