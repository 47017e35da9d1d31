"""A whole territory from its extract to a release: ``locator init``, then ``locator build``.

Liechtenstein: 143,000 nodes, mountains, eleven communes. Each round starts from the extract alone,
in an empty folder and in processes of its own, so that imports and everything else a person waits
for are counted. Memory is that of all processes together, looked up a hundred times a second; what
they share is counted for each of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.harness import Budget, Unavailable

EXTRACT = Path(__file__).parents[2] / "shared/data/osm/liechtenstein.osm.pbf"
SLUG = "liechtenstein"


def claim() -> Budget:
    """The claim, if the extract is here; raises Unavailable where it, or /proc, is not."""
    if not EXTRACT.is_file():
        raise Unavailable("no folder of shared test data beside the project, so no extract.")
    if not Path("/proc/self/statm").exists():
        raise Unavailable("the memory of processes is read from /proc, which Linux alone has.")
    return Budget(
        name="Liechtenstein from its extract to a release",
        run=start_and_build,
        limits={
            "time of init and build": (60.0, "s"),
            "memory at its peak": (1500.0, "MB"),
            "pack of the base map": (3.0, "MB"),
        },
        note="The most of all rounds, each in fresh processes; memory summed over them.",
    )


def start_and_build() -> Mapping[str, float]:
    """Both commands in an empty folder: seconds, the peak of memory, the size of the map."""
    with tempfile.TemporaryDirectory() as folder:
        locator = [sys.executable, "-m", "locator.cli", "--data", f"{folder}/data",
                   "--var", f"{folder}/var"]  # fmt: skip
        began = time.perf_counter()
        _, at_init = run([*locator, "init", SLUG, "--osm", str(EXTRACT)])
        said, at_build = run([*locator, "build", SLUG, "--json"])
        seconds = time.perf_counter() - began
        release = Path(json.loads(said)["path"])
        pack = (release / "public/basemap.pmtiles").stat().st_size
    return {
        "time of init and build": seconds,
        "memory at its peak": max(at_init, at_build) / 1e6,
        "pack of the base map": pack / 1e6,
    }


def run(command: list[str]) -> tuple[str, int]:
    """What a command prints, and the most bytes that it and its children held at once.

    Raises RuntimeError with its last words when it fails; quarantined rows (status 1) are no
    failure.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        most = 0
        while process.poll() is None:
            most = max(most, sum(resident(pid) for pid in family(process.pid)))
            time.sleep(0.01)
        err.seek(0)
        if process.returncode not in (0, 1):
            raise RuntimeError(f"{' '.join(command[3:])} failed: {err.read()[-500:]}")
        out.seek(0)
        return out.read(), most


def family(pid: int) -> list[int]:
    """A process and all that it started, as far as they still live."""
    found = [pid]
    for parent in found:
        try:
            for thread in Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (thread / "children").read_text().split()]
        except OSError:  # it has just ended
            continue
    return found


def resident(pid: int) -> int:
    """The bytes of memory that a process holds now; 0 of one that has ended."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
