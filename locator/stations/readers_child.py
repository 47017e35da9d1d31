"""The child process in which a ledger is read: little memory, little time, nothing to lose.

The parent sends one JSON request and gets one JSON answer. A file that asks for too much ends the
child, not the program. Where the system has no ``resource`` (Windows) only the clock limits it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from locator.errors import LedgerError
from locator.stations.disguise import HEAD_BYTES, disguised
from locator.stations.readers import MAX_BYTES, BadFile, Cells

Format = Literal["geojson", "csv", "xlsx"]
FORMATS: dict[str, Format] = {
    ".geojson": "geojson", ".json": "geojson", ".csv": "csv", ".txt": "csv", ".tsv": "csv",
    ".xlsx": "xlsx",
}  # fmt: skip

MEMORY_BYTES = 1_000_000_000
CPU_S = 20
WALL_S = 40

# -I: neither the folder one happens to stand in nor PYTHONPATH has a say in what is imported.
_START = (
    "import sys, importlib; sys.path.append(sys.argv[1]); "
    "importlib.import_module(sys.argv[2]).main()"
)


def read_in_child(path: Path, headings: frozenset[str]) -> tuple[Format, Cells]:
    """The cells of a ledger file, read in a limited child process.

    Raises LedgerError, naming the file, for whatever stands in the way.
    """
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        posing = _posing(path)
        if posing is not None:
            raise _error(path, posing.zh, posing.en, posing.code)
        raise _error(
            path,
            "只认 .xlsx、.csv 和 .geojson。旧版 .xls 请另存为 .xlsx。",
            "only .xlsx, .csv and .geojson are read; save it as one of them.",
            "file_not_a_ledger",
        )
    try:
        regular, size = path.is_file(), path.stat().st_size
    except OSError as error:
        raise _error(
            path,
            "找不到或打不开这个文件。请核对路径。",
            f"cannot be opened ({error.strerror}); check the path.",
            "file_not_found",
        ) from error
    if not regular:
        raise _error(
            path, "不是文件。请给出台账文件。", "is no file; name a ledger file.", "file_not_found"
        )
    if size > MAX_BYTES:
        raise _error(
            path,
            f"有 {size / 1e6:.0f} MB，最多 {MAX_BYTES // 1_000_000} MB。请分成几个文件。",
            f"{size / 1e6:.0f} MB is too large ({MAX_BYTES // 1_000_000} MB at most); split it.",
            "file_too_large",
        )
    return kind, Cells(**in_child(path, __name__, {"format": kind, "headings": sorted(headings)}))


def _posing(path: Path) -> BadFile | None:
    """What a web system called .xls, where it is something else."""
    if path.suffix.lower() != ".xls" or not path.is_file():
        return None
    with path.open("rb") as file:
        return disguised(file.read(HEAD_BYTES), ".xls")


def in_child(path: Path, module: str, request: Mapping[str, Any]) -> Any:
    """What ``module.main`` (see `answer`) makes of the file, in a limited child process.

    The child is sent ``request`` and the file's ``path``. Raises LedgerError, naming the file,
    where it refuses the file, breaks, or asks for too much.
    """
    root = str(Path(__file__).parents[2])
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _START, root, module],
            input=json.dumps({**request, "path": str(path.resolve())}).encode(),
            capture_output=True,
            timeout=WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much(path) from error
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise _too_much(path)
    if done.returncode > 0:
        why = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
        raise _error(path, "读不了，请另存一份再传。", f"cannot be read ({why}); save it anew.")
    said = json.loads(done.stdout)
    if "error" in said:
        raise _error(path, *said["error"])
    return said["answer"]


def main() -> None:
    """Run in the child: the cells of a ledger."""
    answer(lambda ask: asdict(_read(Path(ask["path"]), ask["format"], ask["headings"])))


def answer(work: Callable[[dict[str, Any]], Any]) -> None:
    """In the child: take one request from stdin, set the limits, write one answer to stdout."""
    request = json.loads(sys.stdin.buffer.read())
    _limit()
    try:
        text = json.dumps({"answer": work(request)}, ensure_ascii=False).encode()
    except BadFile as error:
        text = json.dumps({"error": [error.zh, error.en, error.code, error.row]}).encode()
    except UnicodeEncodeError:
        text = json.dumps({"error": [
            "有半个字符（孤立代理项），是导出时弄坏的。请重新导出。",
            "half a character (a lone surrogate), broken on export; export it again.",
        ]}).encode()  # fmt: skip
    sys.stdout.buffer.write(text)


def _read(path: Path, kind: Format, headings: list[str]) -> Cells:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if not content.strip():
        raise BadFile(
            "文件是空的。请填好台账再传。", "the file is empty; fill in the ledger.", "file_empty"
        )
    other = disguised(content[:HEAD_BYTES], path.suffix.lower())
    if other is not None:
        raise other
    known = frozenset(headings)
    if kind == "geojson":
        from locator.stations.readers_geojson import read_geojson

        return read_geojson(content, known)
    if kind == "csv":
        from locator.stations.readers_csv import read_csv

        return read_csv(content, known)
    from locator.stations.readers_xlsx import read_xlsx

    return read_xlsx(content, known)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_S)):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # a system that knows the name but not the limit
            continue


def _too_much(path: Path) -> LedgerError:
    return _error(
        path,
        "读这个文件要的内存或时间太多，已停下。请把数据复制到新的文件再传。",
        "reading it takes too much memory or time, and was stopped; copy the data to a new file.",
        "file_too_large",
    )


def _error(
    path: Path, zh: str, en: str, code: str = "file_damaged", row: int | None = None
) -> LedgerError:
    return LedgerError(f"{path.name}：{zh} / {en}", code=code, row=row, zh=zh, en=en)
