"""The load report as a person reads it, and the command that prints it, takes and freezes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from locator.cli import main
from locator.county import load_county
from locator.streets.report import streets_text
from tests.streets.conftest import DEGREE_M
from tests.streets.overpass_stand_in import DATA_TIME, drawn, overpass

ROAD = {"highway": "residential"}
TOML = """\
code = "990101"
name_zh = "纸上县"
name_en = "Paper County"
centre = [0.0, 0.0]
ledgers = ["stations.csv"]
ledger_datum = "wgs84"

[streets]
file = "plan.osm"
provenance = "osm"
"""
LEDGER = (
    "编号,类型,名称,经度,纬度,开放时间,核实日期\n"
    "990101-001,warm_station,桥头驿站,0.0005,0.0,24/7,2026-10-01\n"
)
FULL: dict[str, Any] = {
    "county": "paper", "name_zh": "纸上县", "name_en": "Paper County", "file": "a.osm.pbf",
    "bytes": 1_300_000, "sha256": "0" * 64, "whole": True, "provenance": "osm",
    "source": "https://overpass-api.de/api", "query": "", "frozen_on": "2026-11-24",
    "basemap": None,
    "streets": {
        "ways_read": 1234, "km_read": 99.96, "ways_used": 1200, "km": 90.0,
        "ways_closed": {"no access": 3, "highway=raceway": 20, "mountain path": 3},
        "km_closed": {"no access": 1.0, "highway=raceway": 2.0, "mountain path": 3.0},
        "islets": 2, "islets_ways": 8, "islets_km": 3.96, "components": 1,
        "km_by_class": {"residential": 80.0, "monorail": 10.0},
        "traps": 3, "traps_km": 0.25, "nodes_doubled": 7, "turns_left_out": 0,
        "ways_conditional": {"access:conditional": 4}, "rabbits": 5, "moons": 0,
    },
}  # fmt: skip


class TestText:
    def test_chinese(self) -> None:
        assert streets_text(FULL).splitlines() == [
            "纸上县的街道",
            "  文件    a.osm.pbf（1.3 MB）",
            "  来源    开放街图：https://overpass-api.de/api",
            "  冻结    2026-11-24，与登记的校验值一致",
            "",
            "  读到    1,234 条路，100.0 公里",
            "  骑得通  1,200 条路，90.0 公里",
            "  不通    26 条路，6.0 公里：highway=raceway 20，山路 3，不准通行 3",
            "  孤路    2 处，8 条路，4.0 公里，与路网不相连，不算",
            "",
            "  各类道路（公里）",
            "    小区道路 residential  80.0",
            "    monorail              10.0",
            "",
            "  留意",
            "    3 段单行路进得去出不来，0.2 公里",
            "    7 个点与别的点重合，没有接上",
            "    rabbits: 5",
            "    4 条路有按时段的规定（access:conditional），没有算",
        ]

    def test_english(self) -> None:
        assert streets_text(FULL, lang="en").splitlines() == [
            "The streets of Paper County",
            "  file    a.osm.pbf (1.3 MB)",
            "  source  osm, https://overpass-api.de/api",
            "  frozen  2026-11-24; the file is as it was frozen",
            "",
            "  read    1,234 ways, 100.0 km",
            "  open    1,200 ways, 90.0 km",
            "  closed  26 ways, 6.0 km: highway=raceway 20, mountain path 3, no access 3",
            "  islets  2: 8 ways, 4.0 km, touch no other street and are left out",
            "",
            "  Kilometres by class",
            "    residential  80.0",
            "    monorail     10.0",
            "",
            "  Worth a look",
            "    one-way pieces that nobody gets out of: 3, 0.2 km",
            "    nodes on another's spot, not joined: 7",
            "    rabbits: 5",
            "    ways with rules that hold at times only (access:conditional), not read: 4",
        ]

    @pytest.mark.parametrize(
        ("said", "zh", "en"),
        [
            ({"whole": None}, "没有登记校验值", "no hash is given"),
            ({"whole": False}, "文件已变动", "THE FILE HAS CHANGED"),
            ({"frozen_on": None}, "未写日期", "no date given"),
            ({"source": "", "provenance": "illustrative"}, "来源    示意数据", "illustrative"),
            ({"basemap": "whole.osm.pbf"}, "底图    whole.osm.pbf", "base map  whole.osm.pbf"),
            (
                {"downloaded": {"data_time": "", "unused": "old.osm"}},
                "old.osm，不再使用，留在原处",
                "old.osm: no longer used; it stays where it is",
            ),
            (
                {"downloaded": {"data_time": DATA_TIME, "unused": "b"}, "basemap": "b"},
                "b，只用来画底图",
                "b: only the base map is still drawn from it",
            ),
        ],
    )
    def test_what_may_differ(self, said: dict[str, Any], zh: str, en: str) -> None:
        assert zh in streets_text(FULL | said)
        assert en in streets_text(FULL | said, lang="en")


class TestCommand:
    @pytest.fixture
    def folder(self, tmp_path: Path, plan: Callable[..., Path]) -> Path:
        """A county whose streets are drawn in the test."""
        folder = tmp_path / "data" / "paper"
        folder.mkdir(parents=True)
        (folder / "county.toml").write_text(TOML, "utf-8")
        (folder / "stations.csv").write_text(LEDGER, "utf-8")
        nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
        drawing = plan(nodes, ([1, 2], ROAD), ([2, 3], {"highway": "motorway"}))
        drawing.rename(folder / "plan.osm")
        return folder

    @pytest.fixture
    def run(self, folder: Path) -> Callable[..., Result]:
        def invoke(*words: str) -> Result:
            data = str(folder.parent)
            return CliRunner().invoke(main, ["--data", data, "streets", "paper", *words])

        return invoke

    def test_the_report(self, run: Callable[..., Result]) -> None:
        assert "骑得通  1 条路，0.1 公里" in run().stdout
        assert "open    1 ways, 0.1 km" in run("--lang", "en").stdout

    def test_as_json(self, run: Callable[..., Result], folder: Path) -> None:
        said = json.loads(run("--json").stdout)
        assert said["streets"]["ways_closed"] == {"highway=motorway": 1}
        assert said["whole"] is None
        assert said["sha256"] == hashlib.sha256((folder / "plan.osm").read_bytes()).hexdigest()

    def test_freezing_and_a_change_after_it(self, run: Callable[..., Result], folder: Path) -> None:
        assert "与登记的校验值一致" in run("--freeze").stdout
        assert load_county(folder).streets.frozen_on is not None
        with (folder / "plan.osm").open("a") as stream:
            stream.write("\n")
        changed = run()
        assert changed.exit_code == 1
        assert "locator streets paper --freeze" in changed.stdout
        assert run("--freeze").exit_code == 0
        assert run().exit_code == 0

    @pytest.mark.slow
    def test_a_download(
        self, run: Callable[..., Result], folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        town = drawn({1: (0.0, 0.0), 2: (300 / DEGREE_M, 0.0)}, ([1, 2], ROAD))
        with overpass(town) as server:
            result = run("--download", "--overpass", server.url)
            assert result.exit_code == 0, result.output
            assert "骑得通    1 条路，0.3 公里" in result.stdout
            assert "旧文件    plan.osm，不再使用，留在原处" in result.stdout
            assert f"数据时间  {DATA_TIME}" in result.stdout
            assert "收到" in result.stderr
            assert "收到" not in result.stdout

            server.mood = "too_busy"
            before = {path.name: path.read_bytes() for path in folder.iterdir()}
            result = run("--download", "--overpass", server.url)
            assert (result.exit_code, result.stdout) == (2, "")
            assert "504" in result.stderr.splitlines()[-1]
            assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    @pytest.mark.parametrize(
        "words", [("--download", "--freeze"), ("--overpass", "http://127.0.0.1:9/api")]
    )
    def test_words_that_do_not_go_together(
        self, run: Callable[..., Result], words: tuple[str, ...]
    ) -> None:
        result = run(*words)
        assert result.exit_code == 2
        assert result.stderr.startswith("locator: --")
