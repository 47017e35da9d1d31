"""The command line's contract: what it prints, where, and with which exit status."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from locator.cli import help_zh, main
from locator.cli.group import Place, hours_asked
from locator.cli.releases import build_all
from locator.cli.services import service_asked
from locator.cli.serving import show_example
from locator.county import load_county
from locator.errors import ReleaseError, UsageError
from locator.server.run import Serving

Run = Callable[..., Result]
LEDGER_HEAD = "编号,县,类型,名称,经度,纬度,服务,开放时间,核实日期\n"
GOOD_ROW = "341523-901,舒城县,暖新驿站,桥头驿站,116.9448,31.4621,饮水;充电,08:00-20:00,2026-10-01\n"


@pytest.fixture(scope="module")
def built(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A var folder with one release of 宽甸, built but not published."""
    var = tmp_path_factory.mktemp("var")
    arguments = ["--data", str(data), "--var", str(var), "build", "kuandian", "--json"]
    result = CliRunner().invoke(main, [*arguments, "--as-of", "2026-11-20"])
    assert result.exit_code == 0, result.stderr
    return var


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Run:
    def invoke(*arguments: str | Path, var: Path = tmp_path / "var") -> Result:
        options = ["--data", str(data), "--var", str(var)]
        return CliRunner().invoke(main, [*options, *map(str, arguments)])

    return invoke


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER_HEAD + GOOD_ROW, "utf-8")
    return path


def assert_one_sentence(result: Result) -> None:
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert lines[-1].startswith("locator: ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name", sorted(main.commands))
def test_help_says_it_in_chinese_first(name: str) -> None:
    assert name in help_zh.COMMANDS
    assert help_zh.COMMANDS[name] in CliRunner().invoke(main, ["--help"]).stdout.replace("\n", "")
    command = main.commands[name]
    assert command.help
    assert command.help.startswith(help_zh.COMMANDS[name])
    if name in help_zh.HELD:
        options = [each for each in command.params if isinstance(each, click.Option)]
        assert [each.name for each in options if not re.search("[一-鿿]", each.help or "")] == []


class TestWrongUse:
    def test_an_option_of_the_group_behind_the_command_is_led_before_it(self, run: Run) -> None:
        result = run("validate", "a.xlsx", "--data", "x")
        assert result.exit_code == 2
        assert "--data 要写在 validate 前面：locator --data 文件夹 validate …" in result.stderr
        assert "--datum" not in result.stderr
        assert "没有这个选项" in run("validate", "a.xlsx", "--dta", "x").stderr

    def test_a_folder_without_counties_says_where_data_stands(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(main, ["--data", str(tmp_path), "validate", "a.xlsx"])
        assert "locator --data 文件夹" in result.stderr

    def test_the_datum_is_called_as_staff_call_it(self, run: Run, ledger: Path) -> None:
        said = run("validate", ledger, "--county", "shucheng", "--datum", "高德").stdout
        assert said == run("validate", ledger, "--county", "shucheng", "--datum", "gcj02").stdout
        assert "请写高德、腾讯、百度" in run("validate", ledger, "--datum", "谷歌").stderr

    def test_a_rule_is_called_by_its_title(self, run: Run) -> None:
        by_title = run("rules", "经纬度写反了")
        assert by_title.stdout.startswith("coordinate_swapped")
        assert run("rules", "写反").stdout == by_title.stdout
        assert "不止一条" in run("rules", "坐标").stderr
        assert run("rules", "没有的").exit_code == 2


class TestValidate:
    @pytest.mark.slow
    def test_the_ledgers_of_both_counties_are_fine(
        self, run: Run, data: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "report.json"
        result = run("validate", data / "stations.geojson", "--json", out, "--as-of", "2026-11-20")
        assert result.exit_code == 0, result.output
        report = json.loads(out.read_text("utf-8"))
        assert report["counts"] == {
            "rows": 76,
            "published": 76,
            "quarantined": 0,
            "duplicates": 0,
        }

    @pytest.mark.slow
    def test_a_report_is_written_whole_or_not_at_all(
        self, run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = tmp_path / "report.json"
        out.write_text("the old one", "utf-8")

        def full(_handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        result = run("validate", data / "stations.geojson", "--json", out)
        assert result.exit_code == 2
        assert "No space left" in result.stderr
        assert out.read_text("utf-8") == "the old one"
        assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []

    def test_the_example_with_faults(self, run: Run, data: Path, tmp_path: Path) -> None:
        out = tmp_path / "report.json"
        faults = data / "examples" / "ledger-with-faults.xlsx"
        result = run("validate", faults, "--county", "shucheng", "--json", out)
        assert result.exit_code == 1
        report = json.loads(out.read_text("utf-8"))
        counts = report["counts"]
        assert counts["rows"] == 40
        assert counts["rows"] == sum(counts[k] for k in ("published", "quarantined", "duplicates"))
        first = report["findings"][0]
        assert {"code", "severity", "file", "row", "id", "message_zh", "message_en"} <= first.keys()

    def test_a_sheet_that_does_not_say_its_datum_is_stopped(self, run: Run, ledger: Path) -> None:
        result = run("validate", ledger, "--county", "shucheng")
        assert result.exit_code == 1
        assert "datum_undeclared" in result.stdout

    @pytest.mark.slow
    def test_a_sheet_with_its_datum_passes(self, run: Run, ledger: Path) -> None:
        result = run("validate", ledger, "--county", "shucheng", "--datum", "gcj02")
        assert result.exit_code == 0, result.output

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("missing.csv", None),
            ("empty.csv", b""),
            ("wrong.csv", "甲,乙\n1,2\n".encode()),
            ("broken.xlsx", b"PK\x03\x04 nothing"),
            ("broken.geojson", b'{"type": "FeatureCollection", "features": [}'),
            ("what.pdf", b"%PDF-1.7"),
        ],
    )
    def test_an_unusable_file_is_one_sentence(
        self, run: Run, tmp_path: Path, name: str, content: bytes | None
    ) -> None:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        result = run("validate", path, "--county", "shucheng", "--datum", "gcj02")
        assert_one_sentence(result)
        assert name in result.stderr

    @pytest.mark.slow
    def test_a_report_that_cannot_be_written(self, run: Run, ledger: Path, tmp_path: Path) -> None:
        target = tmp_path / "no" / "such" / "report.json"
        options = ("--county", "shucheng", "--datum", "gcj02", "--json", target)
        assert_one_sentence(run("validate", ledger, *options))


class TestRules:
    def test_every_rule_has_a_page_in_both_languages(self, run: Run) -> None:
        entries = json.loads(run("rules", "--json").stdout)
        assert len(entries) >= 15
        for entry in entries:
            for lang in ("zh", "en"):
                page = run("rules", entry["code"], "--lang", lang)
                assert page.exit_code == 0
                assert entry["code"] in page.stdout

    def test_an_unknown_rule(self, run: Run) -> None:
        assert_one_sentence(run("rules", "no_such_rule"))


class TestReleases:
    @pytest.mark.slow
    def test_build_prints_county_release_and_path(self, run: Run, built: Path) -> None:
        result = run("build", "kuandian", "--json", "--as-of", "2026-11-20", var=built)
        line = json.loads(result.stdout)
        assert line.keys() == {"county", "release", "path"}
        assert line["county"] == "kuandian"
        assert Path(line["path"]).name == line["release"]

    @pytest.mark.slow
    def test_build_says_how_to_read_its_findings(self, run: Run, built: Path) -> None:
        result = run("build", "kuandian", "--as-of", "2026-11-20", var=built)
        assert "提醒 " in result.stdout
        command = shlex.split(result.stderr.strip().rpartition("逐条看：")[2])
        assert command[0] == "locator"
        assert command[-2:] == ["--county", "kuandian"]
        checked = CliRunner().invoke(main, command[1:])
        assert "datum_" in checked.stdout or "提醒" in checked.stdout

    @pytest.mark.slow
    @pytest.mark.parametrize("code", ["datum_undeclared", "nonsense"])
    def test_what_nobody_may_let_pass(self, run: Run, code: str) -> None:
        result = run("build", "shucheng", "--accept", code)
        assert_one_sentence(result)
        assert "count_dropped" in result.stderr

    @pytest.mark.slow
    def test_publish_and_roll_back(self, run: Run, built: Path, tmp_path: Path) -> None:
        var = tmp_path / "copy"
        shutil.copytree(built, var)
        first = json.loads(run("releases", "kuandian", "--json", var=var).stdout)[0]["release"]
        assert run("publish", "kuandian", var=var).exit_code == 0
        second = json.loads(
            run("build", "kuandian", "--publish", "--json", "--as-of", "2026-11-21", var=var).stdout
        )["release"]
        assert first != second
        listed = json.loads(run("releases", "kuandian", "--json", var=var).stdout)
        assert [entry["release"] for entry in listed if entry["published"]] == [second]
        assert run("rollback", "kuandian", var=var).exit_code == 0
        listed = json.loads(run("releases", "kuandian", "--json", var=var).stdout)
        assert [entry["release"] for entry in listed if entry["published"]] == [first]
        assert_one_sentence(run("rollback", "kuandian", var=var))

    @pytest.mark.slow
    def test_publishing_what_is_not_there(self, run: Run, built: Path) -> None:
        assert_one_sentence(run("publish", "kuandian", "0123456789abcdef", var=built))
        assert_one_sentence(run("publish", "shucheng"))

    def test_an_unknown_county(self, run: Run) -> None:
        result = run("build", "atlantis")
        assert_one_sentence(result)
        assert "shucheng" in result.stderr

    def test_a_folder_that_cannot_be_written(self, run: Run, tmp_path: Path) -> None:
        blocked = tmp_path / "file"
        blocked.write_text("not a folder", "utf-8")
        assert_one_sentence(run("build", "kuandian", var=blocked / "var"))


class TestBrokenCounty:
    """A county whose files cannot be used: one sentence, and nothing half-written."""

    @pytest.fixture
    def broken(self, data: Path, tmp_path: Path) -> Path:
        folder = tmp_path / "data"
        shutil.copytree(data / "kuandian", folder / "kuandian")
        shutil.copy(data / "stations.geojson", folder)
        return folder

    def build(self, folder: Path, var: Path) -> Result:
        arguments = ["--data", str(folder), "--var", str(var), "build", "kuandian", "--publish"]
        result = CliRunner().invoke(main, arguments)
        assert not [path for path in var.rglob("*") if path.is_dir() and len(path.name) == 16]
        assert not [*var.rglob("current")]
        return result

    @pytest.mark.parametrize(
        ("name", "content", "word"),
        [
            ("kuandian/streets.osm", "<osm><node id='-1' lat='40", "streets.osm"),
            ("kuandian/streets.osm", "<osm version='0.6'></osm>", "streets.osm"),
            ("kuandian/streets.osm", None, "streets.osm"),
            ("kuandian/demand.csv", "商圈,人数\n桥头,三十\n", "demand.csv"),
            ("kuandian/outline.geojson", "{", "outline.geojson"),
            ("kuandian/county.toml", "code = ", "county.toml"),
            ("kuandian/county.toml", 'code = "210624"\ncolour = "red"\n', "county.toml"),
            ("stations.geojson", '{"type": "FeatureCollection", "features": []}', "stations"),
            ("stations.geojson", None, "stations.geojson"),
        ],
    )
    def test_says_which_file(
        self, broken: Path, tmp_path: Path, name: str, content: str | None, word: str
    ) -> None:
        (broken / name).unlink()
        if content is not None:
            (broken / name).write_text(content, "utf-8")
        result = self.build(broken, tmp_path / "var")
        assert_one_sentence(result)
        assert word in result.stderr.strip().splitlines()[-1]

    @pytest.mark.slow
    def test_does_not_stop_the_others(self, data: Path, broken: Path) -> None:
        """Rows of a shared ledger that belong to the broken county are still set aside."""
        shutil.copytree(data / "shucheng", broken / "shucheng")
        settings = broken / "kuandian/county.toml"
        settings.write_text(settings.read_text("utf-8") + "\n[[[", "utf-8")
        check = ["validate", str(broken / "stations.geojson"), "--as-of", "2026-11-20"]
        result = CliRunner().invoke(main, ["--data", str(broken), *check, "--county", "舒城"])
        assert result.exit_code == 0, result.stdout
        assert result.stdout == CliRunner().invoke(main, [*check, "--county", "舒城"]).stdout
        (line,) = result.stderr.splitlines()
        assert line.startswith("locator: 没有算在内 / left out: ")
        assert "kuandian/county.toml" in line


class TestOutputs:
    @pytest.mark.slow
    def test_coverage_as_json(self, run: Run, built: Path) -> None:
        result = json.loads(run("coverage", "kuandian", "--json", var=built).stdout)
        assert len(result["clock"]) == 2 * 24 * 12
        assert result["clock"][0].keys() >= {"day", "hour", "service", "covered", "total"}
        assert all(0 <= slot["covered"] <= slot["total"] + 1e-6 for slot in result["clock"])
        gap = result["gaps"][0]
        assert {"id", "name", "rider_hours", "hours", "services", "geometry"} <= gap.keys()

    @pytest.mark.slow
    def test_coverage_as_text(self, run: Run, built: Path) -> None:
        result = run("coverage", "kuandian", var=built)
        assert result.exit_code == 0
        assert "示意" in result.stdout
        assert "最差的一成：" in result.stdout
        english = run("coverage", "kuandian", "--lang", "en", var=built).stdout
        assert "Worst-served tenth: " in english

    @pytest.mark.slow
    def test_a_planner_reads_one_language_at_a_time(self, run: Run, built: Path) -> None:
        gaps = ("gaps", "kuandian", "--hours", "20")
        for words in (("coverage", "kuandian"), gaps, ("site", "kuandian", "--actions", "1")):
            plain = re.sub(r"[-+][a-z_0-9]+|;.*", "", run(*words, var=built).stdout)  # ids
            assert not re.findall("[A-Za-z]{3,}", plain)
            said = run(*words, "--lang", "en", var=built).stdout
            assert not re.findall("[：，。；]", said)

    @pytest.mark.slow
    def test_files_changed_since_the_release_are_named(
        self, data: Path, built: Path, tmp_path: Path
    ) -> None:
        copy = tmp_path / "data"
        shutil.copytree(data, copy)
        asked = ["--data", str(copy), "--var", str(built), "gaps", "kuandian", "--json"]
        assert "改过" not in CliRunner().invoke(main, asked).stderr
        with (copy / "kuandian/demand.csv").open("a") as stream:
            stream.write("\n")
        told = CliRunner().invoke(main, asked)
        *_, line = told.stderr.splitlines()
        assert "县里的文件改过：kuandian/demand.csv" in line
        assert json.loads(told.stdout)["gaps"]

    @pytest.mark.slow
    def test_coverage_of_an_area_and_a_what_if(self, run: Run, built: Path, tmp_path: Path) -> None:
        whole = json.loads(run("coverage", "kuandian", "--json", var=built).stdout)
        station = whole["measures"]["stations"][0]
        asked = ("coverage", "kuandian", "--what-if", f"-{station['id']}")
        closed = json.loads(run(*asked, "--json", var=built).stdout)
        assert closed["what_if"]["gain"]["any_stop"] == pytest.approx(-station["lost"], abs=1e-3)
        by_slot = {(row["service"], row["day"], row["hour"]): row for row in whole["clock"]}
        for row in closed["clock"]:
            same = by_slot[row["service"], row["day"], row["hour"]]
            assert row["covered"] == pytest.approx(same["covered"], abs=2e-3)
        text = run(*asked, "--service", "toilet", "--day", "workday", var=built).stdout
        assert "每周多覆盖 " in text

        area = tmp_path / "area.geojson"
        area.write_text('{"type": "Point", "coordinates": [1, 2]}', "utf-8")
        assert_one_sentence(run("coverage", "kuandian", "--area", area, var=built))
        assert_one_sentence(run("coverage", "kuandian", "--township", "无名镇", var=built))
        assert_one_sentence(run("coverage", "kuandian", "--service", "桑拿", var=built))
        assert "，如厕" in run("coverage", "kuandian", "--service", "如厕", var=built).stdout
        for text in ("-210624-999", "好"):
            refused = run("coverage", "kuandian", "--what-if", text, var=built)
            assert_one_sentence(refused)
            assert text.lstrip("-") in refused.stderr
        for reach in ("16", "0"):
            assert run("coverage", "kuandian", "--reach", reach, var=built).exit_code == 2

    @pytest.mark.slow
    def test_map_is_one_file(self, run: Run, built: Path, tmp_path: Path) -> None:
        out = tmp_path / "map.html"
        result = run("map", "kuandian", "--out", out, var=built)
        assert result.stdout.strip() == str(out)
        assert "示意数据" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("asked", "code"),
    [("toilet", "toilet"), ("如厕", "toilet"), ("Toilet", "toilet"), ("厕所", "toilet"),
     ("任一站点", "any_stop"), ("any_stop", "any_stop")],
)  # fmt: skip
def test_a_service_goes_by_its_name(data: Path, asked: str, code: str) -> None:
    assert service_asked(load_county(data / "shucheng"), asked) == code


@pytest.mark.parametrize("asked", ["桑拿", "无线网", "wifi", ""])
def test_a_service_that_the_clock_lacks_is_told_what_there_is(data: Path, asked: str) -> None:
    with pytest.raises(UsageError, match=r"没有服务「.*如厕 toilet.* is no service of the clock"):
        service_asked(load_county(data / "shucheng"), asked)


class TestServe:
    def test_a_taken_port_is_one_sentence(self, run: Run) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            result = run("serve", "--port", port)
        assert_one_sentence(result)
        assert f"--port {port + 1}" in result.stderr

    @pytest.mark.parametrize(
        ("words", "staff"),
        [
            ((), True),
            (("--host", "0.0.0.0"), False),
            # Behind a proxy every rider comes from this machine, and by its name.
            (("--public-url", "https://map.example.cn"), False),
        ],
    )
    def test_the_staff_s_pages_are_for_who_sits_here(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], staff: bool
    ) -> None:
        begun: list[Serving] = []
        monkeypatch.setattr("locator.server.run.serve", lambda told, *_: begun.append(told))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        result = run("serve", "--port", port, *words)
        assert [each.staff for each in begun] == [staff]
        assert ("/staff/check" in result.stderr) is staff

    def test_a_data_folder_without_counties(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(main, ["--data", str(tmp_path), "serve"])
        assert_one_sentence(result)


def test_wrong_words_exit_with_2(run: Run) -> None:
    assert run("validate").exit_code == 2
    assert run("no-such-command").exit_code == 2


class TestBuildAll:
    """What ``serve --build`` does before it serves."""

    @pytest.fixture
    def place(self, data: Path, tmp_path: Path) -> Place:
        shutil.copytree(data / "kuandian", tmp_path / "data/kuandian")
        shutil.copy(data / "stations.geojson", tmp_path / "data")
        other = shutil.copytree(data / "shucheng", tmp_path / "data/shucheng")
        (other / "streets.osm").unlink()
        return Place(tmp_path / "data", tmp_path / "var")

    @pytest.mark.slow
    def test_one_county_that_fails_is_named_and_the_others_are_published(
        self, place: Place, capsys: pytest.CaptureFixture[str]
    ) -> None:
        build_all(place, place.counties)
        said = capsys.readouterr().err
        assert "is left as it was: " in said
        assert "streets.osm" in said
        assert "宽甸" in said
        assert (place.var / "releases/kuandian/current").exists()

    def test_nothing_to_serve_is_an_error(self, place: Place) -> None:
        with pytest.raises(ReleaseError, match=r"streets\.osm"):
            build_all(place, [place.county("shucheng")])


def test_the_command_that_is_shown_names_other_folders_only() -> None:
    assert Place(Path("data"), Path("var")).command == "locator"
    assert Place(Path("my data"), Path("var")).command == "locator --data 'my data'"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("18-23", [18, 19, 20, 21, 22]),
        ("18:00 至 20:00", [18, 19]),
        ("22-2", [22, 23, 0, 1]),
        ("22-24", [22, 23]),
        ("20", [20]),
        ("23:00", [23]),
        (None, [*range(24)]),
    ],
)
def test_hours_are_a_span_of_the_clock(text: str | None, hours: list[int]) -> None:
    assert hours_asked(text) == hours


@pytest.mark.parametrize("text", ["", "24", "18:30", "5-5", "24-25", "18:30-20", "evening"])
def test_hours_that_are_no_span_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="18-23"):
        hours_asked(text)


@pytest.mark.parametrize(
    "words",
    [["gaps", "--hours", "evening"], ["site", "--hours", "25"],
     ["site", "--actions", "1", "--budget", "9"]],
)  # fmt: skip
def test_options_are_checked_before_any_data_is_read(tmp_path: Path, words: list[str]) -> None:
    command, *options = words
    result = CliRunner().invoke(main, ["--data", str(tmp_path), command, "nowhere", *options])
    assert result.exit_code == 2
    assert "--hours" in result.output or "--budget" in result.output


def test_the_example_is_told_in_two_lines(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show_example(Place(data, Path("var")), data / "examples" / "ledger-with-faults.xlsx")
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 2
    assert "错误" in told[0]
    assert "validate" in told[1]


@pytest.mark.slow
def test_going_back_says_where_the_ledger_of_then_is(run: Run, built: Path, tmp_path: Path) -> None:
    var = tmp_path / "copy"
    shutil.copytree(built, var)
    run("publish", "kuandian", var=var)
    run("build", "kuandian", "--publish", "--as-of", "2026-11-21", var=var)
    said = run("rollback", "kuandian", var=var).stderr
    path = re.search(r"adopt kuandian (\S+/public/stations\.geojson)", said)
    assert path
    assert Path(path[1]).is_file()
    assert re.search(
        r"建于 20\d\d-\d\d-\d\d \d\d:\d\d", run("releases", "kuandian", var=var).stdout
    )
