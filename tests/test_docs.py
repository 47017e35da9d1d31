"""The documents are held to what exists."""

from __future__ import annotations

import re
import shlex
import shutil
from datetime import date
from pathlib import Path

import click
import openpyxl
import pytest
from click.testing import CliRunner

from locator import county as county_module
from locator.checks.rules import RULES
from locator.cli import main
from locator.stations.table import COLUMNS

READMES = ["README.md", "README.zh-CN.md"]
COMMANDS = sorted(main.commands)


def text_of(root: Path, name: str) -> str:
    return (root / name).read_text("utf-8")


@pytest.mark.parametrize("name", READMES)
def test_readme_names_every_command_and_no_other(root: Path, name: str) -> None:
    rows = re.findall(r"^\| `locator (\w+)", text_of(root, name), re.MULTILINE)
    assert sorted(rows) == COMMANDS


@pytest.mark.parametrize("name", READMES)
def test_readme_names_every_rule_and_no_other(root: Path, name: str) -> None:
    section = re.search(r"### (?:The rules|规则)\n+((?:`\w+`\s+)+)", text_of(root, name))
    assert section
    assert re.findall(r"`(\w+)`", section.group(1)) == list(RULES)


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md"])
def test_every_make_target_and_file_named_exists(root: Path, name: str) -> None:
    text = text_of(root, name)
    targets = set(re.findall(r"^([a-z-]+):", text_of(root, "Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (root / link).exists(), link


def test_every_setting_of_a_county_is_documented(root: Path) -> None:
    text = text_of(root, "CONTRIBUTING.md")
    table = text[text.index("| key | meaning |") : text.index("## Add a rule")]
    documented = set(re.findall(r"`(\w+)`", table))
    fields = {*county_module.County.model_fields} - {"slug", "folder"}
    m = county_module
    for record in (m.Streets, m.DemandSource, m.Opening, m.Costs, m.Public):
        fields |= {*record.model_fields}
    assert fields <= documented


def test_every_column_of_a_ledger_is_documented(data: Path) -> None:
    text = text_of(data, "README.md")
    table = text[text.index("## The columns of a ledger") :].split("\n\n")[2]
    rows = re.findall(r"^\| `(\w+)` \| ([^|、]+)", table, re.MULTILINE)
    assert [(name, zh.strip()) for name, zh in rows] == [(one.name, one.zh) for one in COLUMNS]


def example_of(command: str) -> list[str]:
    with click.Context(main, info_name="locator") as parent:
        help_text = main.commands[command].get_help(click.Context(main.commands[command], parent))
    return shlex.split(help_text.rstrip().splitlines()[-1])


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_an_example_that_parses(command: str) -> None:
    words = example_of(command)
    assert words[:2] == ["locator", command]
    main.commands[command].make_context(command, words[2:], resilient_parsing=False)


@pytest.mark.slow
def test_the_examples_run(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(data)
    monkeypatch.chdir(tmp_path)
    # In the order in which a person would; `serve` is run by the test of the wheel.
    first = [
        "template", "validate", "rules", "reconcile", "adopt", "streets", "access", "build",
        "publish", "releases", "coverage", "gaps", "site", "export", "demand", "map",
        "report", "signs",
    ]  # fmt: skip
    # `init` needs an extract: tests/starter runs it.
    assert {*first, "rollback", "serve", "init"} == set(COMMANDS)
    for command in first:
        result = CliRunner().invoke(main, example_of(command)[1:])
        # Two examples are about the ledger with faults.
        faulty = command in ("validate", "adopt")
        assert result.exit_code == (1 if faulty else 0), (command, result.output)
    later = [*example_of("build")[1:], "--as-of", "2030-01-02"]
    assert CliRunner().invoke(main, later).exit_code == 0
    assert CliRunner().invoke(main, example_of("rollback")[1:]).exit_code == 0


def clerks_day(root: Path) -> list[list[str]]:
    """The commands of the page, in its order."""
    text = text_of(root, "docs/clerks-day.zh-CN.md")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def test_the_clerks_commands_parse(root: Path) -> None:
    for words in clerks_day(root):
        assert words[0] == "locator"
        main.commands[words[1]].make_context(words[1], words[2:], resilient_parsing=False)


@pytest.mark.slow
def test_the_clerks_day_runs_in_its_order(
    root: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(data, tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["build", "shucheng", "--publish"]).exit_code == 0
    for words in clerks_day(root):
        result = CliRunner().invoke(main, words[1:])
        assert result.exit_code == 0, (words, result.output)
        if words[1] == "template" and "--with-stations" not in words:
            fill_in(tmp_path / "台账.xlsx")


def fill_in(path: Path) -> None:
    """A clerk's two rows in the template, in the points of Amap."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    at = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    for row, (name, point) in enumerate(
        [("鼓楼街驿站", "116.949900,31.460100"), ("梅河路驿站", "116.957900,31.462100")], start=2
    ):
        said = {"类型": "暖新驿站", "名称": name, "坐标": point, "坐标从哪抄的": "高德",
                "开放时间": "08:00-20:00", "核实日期": f"{date.today():%Y-%m-%d}"}  # fmt: skip
        for heading, text in said.items():
            sheet.cell(row, at[heading]).value = text
    book.save(path)


@pytest.mark.parametrize(
    "name", [*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "docs/clerks-day.zh-CN.md"]
)
def test_documents_name_no_machine(root: Path, name: str) -> None:
    assert not re.search(r"/(home|root|tmp|work)/", text_of(root, name))
