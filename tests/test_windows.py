"""What Windows lacks is not needed to start, and what it has in its place is used.

No Windows is at hand here: modules that it lacks are hidden, `msvcrt` is played by a stand-in, and
its console by an encoding. What only a real one can show (open files that cannot be replaced,
long paths, granian) is not tested.
"""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

from locator import files
from locator.errors import ReleaseError

LACKING = ("fcntl", "grp", "pwd", "resource", "termios")
IMPORT_ALL = f"""
import importlib, pkgutil, sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name in {LACKING!r}:
            raise ImportError(name)
for name in {LACKING!r}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Hidden())
import locator
names = [each.name for each in pkgutil.walk_packages(locator.__path__, "locator.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names))
"""
#: Devices, and letters that no file may have there.
RESERVED = re.compile(r'[<>:"|?*\\]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)


@pytest.mark.slow
def test_every_module_is_imported_without_what_unix_alone_has() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 100


def test_every_name_in_the_project_can_be_a_file_there(root: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False
    ).stdout.decode()
    if not tracked:
        pytest.skip("not a git checkout, so the names are not known")
    names = tracked.strip("\0").split("\0")
    assert not [name for name in names for part in name.split("/") if RESERVED.search(part)]
    assert len({name.lower() for name in names}) == len(names)


def stand_in(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Windows' lock in place of Unix's; returns the inodes that are locked."""
    held: set[int] = set()
    play = types.ModuleType("msvcrt")

    def locking(handle: int, mode: int, size: int) -> None:
        inode = os.fstat(handle).st_ino
        if inode in held:
            raise PermissionError(errno.EACCES, "Permission denied")
        held.add(inode)

    play.LK_NBLCK, play.locking = 2, locking  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "msvcrt", play)
    monkeypatch.setattr(files, "sys", types.SimpleNamespace(platform="win32"))
    monkeypatch.setattr(files, "LOCK_WAIT_S", 0.1)
    return held


def test_a_second_publisher_waits_there_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = stand_in(monkeypatch)
    with files.locked(tmp_path, "publish"):
        assert held
        with (
            pytest.raises(ReleaseError, match="another publish"),
            files.locked(tmp_path, "publish"),
        ):
            pass
        with files.locked(tmp_path, "build"):  # another sort of work
            pass


def test_files_are_flushed_as_windows_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch)
    ways = []
    real = os.open

    def opened(path: Path, way: int) -> int:
        ways.append(way)
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, way)

    monkeypatch.setattr(files.os, "open", opened)
    files.write_atomically(tmp_path / "a.json", b"{}")
    files.sync(tmp_path / "a.json")
    assert ways == [os.O_RDWR, os.O_RDWR]
    assert (tmp_path / "a.json").read_bytes() == b"{}"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["gbk", "cp936", "ascii"])
def test_a_console_that_lacks_letters_is_no_failure(
    encoding: str, root: Path, tmp_path: Path
) -> None:
    ledger = tmp_path / "台账.csv"
    ledger.write_text("编号,类型,名称,经度,纬度\n341523-001,𠮷✓,é,x,y\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "locator.cli", "--data", str(root / "data"), "validate",
         str(ledger), "--county", "shucheng", "--datum", "wgs84"],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr[-2000:]
    assert b"Traceback" not in done.stderr
    assert b"unknown_kind" in done.stdout


def test_text_files_are_opened_with_an_encoding(root: Path) -> None:
    """Windows' own would be GBK."""
    for path in (root / "locator").rglob("*.py"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            assert not re.search(r"\.(?:read|write)_text\(\s*\)", line), f"{path}:{number}"
            assert not re.search(r"\bopen\(\)|\.open\(\"[rwa]\"\)", line), f"{path}:{number}"
