"""Whoever meets an error reads it: Chinese first, then English."""

from __future__ import annotations

import ast
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from locator import errors
from locator.cli import main

CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
NAMES = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.LocatorError)
}
#: What only a person who writes programs meets: the library's functions, the API's parameters.
FOR_PROGRAMMERS = {
    "coverage/siting/problem.py", "geo/crs.py", "geo/datum.py", "outputs/links.py",
    "server/api.py", "server/published.py", "stations/table.py",
}  # fmt: skip


def english_alone(source: str) -> Iterator[tuple[int, str]]:
    """The errors whose words stand in the call and are no Chinese; (line, text) of each."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in NAMES:
            continue
        text = " ".join(
            part.value
            for part in ast.walk(node)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )
        filled_in = any(isinstance(part, ast.FormattedValue) for part in ast.walk(node))
        words = re.findall(r"[a-z]{2,}", text)
        # Two words between braces join what is said elsewhere; more are said here.
        if not CHINESE.search(text) and len(words) > (4 if filled_in else 0):
            yield node.lineno, text


def test_every_error_that_staff_meet_has_its_chinese(root: Path) -> None:
    found = [
        f"{name}:{line} {text}"
        for path in sorted((root / "locator").rglob("*.py"))
        if (name := path.relative_to(root / "locator").as_posix()) not in FOR_PROGRAMMERS
        for line, text in english_alone(path.read_text("utf-8"))
    ]
    assert not found


def test_the_test_itself_sees_english() -> None:
    assert [*english_alone("raise UsageError(f'{x}: there is no such file; correct the name.')")]
    assert not [*english_alone("raise UsageError(f'{x}：没有这个文件 / no such file, correct it')")]
    assert not [*english_alone("raise DemandError(f'{path}: {error.zh} / {error.en}')")]


def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as held:
        yield held.getsockname()[1]


port = pytest.fixture(taken_port)
#: In a command: a port that another program holds.
PORT = "PORT"


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["validate"], "命令没有写全，缺一项", "Missing argument 'FILE...'"),
        (["validate", "--form", "x"], "没有这个选项", "No such option '--form'"),
        (
            ["validate", "a.csv", "--workbook", "b.txt"],
            "要以 .xlsx 结尾",
            "ends in .xlsx",
        ),
        (
            ["validate", "a.csv", "b.csv", "--workbook", "b.xlsx"],
            "请写一个已有的文件夹",
            "name a folder",
        ),
        (
            ["validate", "a.csv", "--accept-repair", "all"],
            "还要用 --repair",
            "say with --repair",
        ),
        (
            ["validate", "a.csv", "--county", "shucheng", "--against", "0" * 16],
            "舒城县没有这个版本",
            "no such release",
        ),
        (["rules", "no_rule"], "没有“no_rule”这条规则", "there is no rule"),
        (["init", "a b", "--osm", "x"], "不能作县的文件夹名", "no name for"),
        (["init", "abc", "--osm", "x.pbf"], "没有这个文件", "no such file"),
        (
            ["init", "abc", "--osm", "x.pbf", "--adcode", "0"],
            "没有这个代码的县",
            "no county with this code",
        ),
        (
            ["init", "abc", "--osm", "x", "--within", "a", "--no-outline"],
            "只能写一个",
            "give only one of",
        ),
        (
            ["streets", "shucheng", "--download", "--freeze"],
            "请去掉 --freeze",
            "leave --freeze out",
        ),
        (
            ["streets", "shucheng", "--download", "--overpass", "ftp://a"],
            "不是 Overpass 服务器的地址",
            "not the address",
        ),
        (
            ["streets", "shucheng", "--download", "--overpass", "http://127.0.0.1:1"],
            "对方拒绝连接",
            "connection refused",
        ),
        (["serve", "--port", PORT], "请换一个端口", "Take another port"),
        (["serve", "--port", "99999"], "有一项的值不对", "not in the range"),
    ],
)
def test_a_command_that_fails_says_why_in_both(
    words: list[str], zh: str, en: str, data: Path, tmp_path: Path, port: int
) -> None:
    given = [str(port) if word is PORT else word for word in words]
    folders = ["--data", str(data), "--var", str(tmp_path / "var")]
    result = CliRunner().invoke(main, [*folders, *given])
    assert result.exit_code == 2, result.output
    assert zh in result.stderr
    assert en in result.stderr
    assert result.stderr.index(zh) < result.stderr.index(en)
    assert "Traceback" not in result.stderr
