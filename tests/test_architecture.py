"""Imports point one way; the list below is the architecture."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

#: From the bottom up. A module may import from its own room and from rooms on lower lines;
#: rooms on one line are siblings and do not know each other.
LAYERS: list[set[str]] = [
    {"errors", "toml_faults"},
    {"county", "files", "geo"},
    {"counties", "county_file"},
    {"stations", "streets"},
    {"checks", "coverage"},
    {"release"},
    {"outputs"},
    {"desk"},
    {"server", "starter"},
    {"cli"},
]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}


def modules(root: Path) -> list[Path]:
    return sorted(
        path for path in (root / "locator").rglob("*.py") if path != root / "locator/__init__.py"
    )


def room_of(path: Path, root: Path) -> str:
    first = path.relative_to(root / "locator").parts[0]
    return first.removesuffix(".py")


def imported_rooms(source: str) -> set[str]:
    rooms: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            raise AssertionError("relative import: name the module in full")
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        rooms.update(name.split(".")[1] for name in names if name.startswith("locator."))
    return rooms & LEVEL.keys()


def offences(room: str, imported: set[str]) -> set[str]:
    return {other for other in imported if other != room and LEVEL[other] >= LEVEL[room]}


def test_imports_point_one_way(root: Path) -> None:
    found = {
        str(path.relative_to(root)): bad
        for path in modules(root)
        if (bad := offences(room_of(path, root), imported_rooms(path.read_text("utf-8"))))
    }
    assert not found


def test_every_room_stands_in_the_list(root: Path) -> None:
    assert {room_of(path, root) for path in modules(root)} <= LEVEL.keys()


@pytest.mark.parametrize(
    ("room", "line", "bad"),
    [
        ("geo", "from locator.stations.table import COLUMNS", {"stations"}),
        ("checks", "import locator.coverage.clock", {"coverage"}),
        ("release", "from locator import server", {"server"}),
        ("release", "from locator.checks.validate import validate", set()),
    ],
)
def test_the_test_itself_sees_an_offence(room: str, line: str, bad: set[str]) -> None:
    assert offences(room, imported_rooms(line)) == bad
