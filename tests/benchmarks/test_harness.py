"""The bench: it refuses to time wrong answers, compares medians, and its results can be read."""

from __future__ import annotations

import ast
import json
import re
import sys
import time
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import harness, init
from benchmarks.harness import (
    Budget,
    Claim,
    Contestant,
    Disagreement,
    Line,
    Spent,
    Unavailable,
    machine,
    measure,
    spend,
)


def contestant(name: str, answer: float, seconds: float = 0.0, **more) -> Contestant:
    def run() -> float:
        time.sleep(seconds)
        return answer

    return Contestant(name, run, more.pop("size", 100), **more)


def claim(ours: Contestant, *peers: Contestant, rounds: int = 3) -> Claim:
    return Claim("a thing", "m", ours, peers, lambda a, b: abs(a - b), rounds)


@pytest.mark.slow
def test_the_faster_one_holds_and_the_slower_falls_short():
    slow, quick = measure(
        claim(
            contestant("ours", 1.0, 0.01),
            contestant("slow", 1.0, 0.05, target=2.0),
            contestant("quick", 1.0, 0.002, target=2.0),
        )
    )
    assert slow.holds
    assert 2.0 < slow.ratio < 20.0
    assert not quick.holds
    assert slow.text().endswith("| 2 | holds")
    assert quick.text().endswith("| 2 | falls short")
    assert re.fullmatch(
        r"a thing, against slow \| \S+ s \| \S+ s \| \S+ \| 2 \| holds", slow.text()
    )


@pytest.mark.slow
def test_a_smaller_sample_is_scaled():
    (line,) = measure(
        claim(contestant("ours", 1.0, 0.01), contestant("peer", 1.0, 0.01, size=10, target=3.0))
    )
    assert 3.0 < line.ratio < 30.0
    assert line.holds


def test_a_short_run_is_repeated_until_it_can_be_timed(monkeypatch):
    monkeypatch.setattr(harness, "ROUND_S", 0.01)
    runs = []

    def ours() -> float:
        runs.append(1)
        time.sleep(0.002)
        return 1.0

    (line,) = measure(claim(Contestant("ours", ours, 100), contestant("peer", 1.0, 0.02), rounds=1))
    assert 1 + 2 <= len(runs) <= 1 + 5
    assert 0.002 <= line.ours_s < 0.01


@pytest.mark.parametrize("answer", [1.2, float("nan")])
def test_answers_that_disagree_are_never_timed(answer):
    runs = []

    def peer() -> float:
        runs.append(1)
        return answer

    with pytest.raises(Disagreement, match=r"peer is .* away .* 0.1 is allowed"):
        measure(claim(contestant("ours", 1.0), Contestant("peer", peer, 100, tolerance=0.1)))
    assert len(runs) == 1


@pytest.mark.slow
def test_a_stray_slow_round_does_not_decide(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(harness, "ROUND_S", 0.0)
    seconds = iter([0.0, 0.002, 0.2, 0.002])  # the first run is the check

    def peer() -> float:
        time.sleep(next(seconds))
        return 1.0

    (line,) = measure(claim(contestant("ours", 1.0, 0.002), Contestant("peer", peer, 100)))
    assert line.peer_s < 0.1


def test_a_peer_that_takes_long_is_asked_once_and_ours_in_each_round(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(harness, "SLOW_S", 0.1)
    monkeypatch.setattr(harness, "ROUND_S", 0.0)
    runs = {"ours": 0, "slow": 0, "quick": 0}

    def counted(name: str, seconds: float) -> Contestant:
        def run() -> float:
            runs[name] += 1
            time.sleep(seconds)
            return 1.0

        return Contestant(name, run, 100)

    slow, quick = measure(
        claim(counted("ours", 0.0), counted("slow", 0.2), counted("quick", 0.0), rounds=3)
    )
    assert runs == {"ours": 4, "slow": 1, "quick": 4}  # once for the answer
    assert (slow.rounds, quick.rounds) == (1, 3)
    assert slow.peer_s > 0.2


def test_a_budget_holds_when_its_worst_round_does():
    rounds = iter([{"time": 2.0, "memory": 900.0}, {"time": 5.0, "memory": 800.0}])
    budget = Budget("a thing", lambda: next(rounds), {"time": (4.0, "s"), "memory": (1e3, "MB")}, 2)
    time_, memory = spend(budget)
    assert (time_.most, time_.holds) == (5.0, False)
    assert (memory.most, memory.holds) == (900.0, True)
    assert time_.text() == "a thing, time | 5 s | at most 4 s | 1.25 | 1 | falls short"
    assert memory.text().endswith("| at most 1000 MB | 0.90 | 1 | holds")


def test_memory_is_that_of_all_processes_together():
    def hold(megabytes: int, then: str) -> list[str]:
        text = f"import subprocess, sys, time; held = bytearray({megabytes * 10**6}); {then}"
        return [sys.executable, "-c", text]

    child = hold(120, "time.sleep(0.3)")
    said, most = init.run(hold(80, f"subprocess.run({child!r}); print(len(held))"))
    assert said == "80000000\n"
    assert 200e6 < most < 300e6
    with pytest.raises(RuntimeError, match="no such thing"):
        init.run(
            [sys.executable, "-c", "import sys; print('no such thing', file=sys.stderr); exit(2)"]
        )


def test_what_cannot_be_measured_here_is_said_and_changes_no_results(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(init, "EXTRACT", tmp_path / "none.osm.pbf")
    monkeypatch.setattr(bench, "CLAIMS", ("init",))
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results.json")
    with pytest.raises(Unavailable, match="no extract"):
        init.claim()
    assert bench.main([]) == 0
    assert "init: no folder of shared test data" in capsys.readouterr().err
    assert not (tmp_path / "results.json").exists()


def test_an_unknown_claim_is_named(capsys):
    assert bench.main(["speed_of_light"]) == 2
    assert "datum_inverse" in capsys.readouterr().err


def test_results_that_are_committed_can_be_read(root: Path):
    text = (root / "benchmarks/results.json").read_text("utf-8")
    found = json.loads(text)
    assert set(found) <= set(bench.CLAIMS)
    for entry in found.values():
        assert set(entry) == {"machine", "versions", "claims", "budgets"}
        assert set(entry["machine"]) == set(machine())
        assert {"python", "numpy", "numba"} <= set(entry["versions"])
        assert entry["claims"] or entry["budgets"]
        for line in entry["claims"]:
            assert set(line) == set(Line.__dataclass_fields__)
            assert line["holds"] is (line["ratio"] >= line["target"])
            assert line["ratio"] == pytest.approx(line["peer_s"] / line["ours_s"], rel=0.01)
        for line in entry["budgets"]:
            assert set(line) == set(Spent.__dataclass_fields__)
            assert line["holds"] is (line["most"] <= line["limit"])
    assert not re.search(r"/work|/home|/root|/tmp|localhost", text)


def test_what_was_measured_replaces_its_own_entry_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    kept = tmp_path / "results.json"
    monkeypatch.setattr(bench, "RESULTS", kept)
    bench.keep("init", [Spent("a", "time", 2.0, 4.0, "s", True, 1)])
    bench.keep("checks", [Line("a", "b", 1.0, 2.0, 2.0, 1.0, True, 0.0, "m", 3)])
    bench.keep("checks", [Line("a", "b", 0.123456, 1.23456, 10.00012, 3.0, True, 1e-7 / 3, "m", 7)])
    found = json.loads(kept.read_text("utf-8"))
    assert [line["most"] for line in found["init"]["budgets"]] == [2.0]
    (line,) = found["checks"]["claims"]
    assert (line["ours_s"], line["ratio"], line["difference"]) == (0.1235, 10.0, 3.333e-08)
    assert (line["holds"], line["rounds"]) == (True, 7)


def test_every_claim_has_its_file_and_its_line_in_the_readme(root: Path):
    readme = (root / "benchmarks/README.md").read_text("utf-8")
    claims = {
        path.stem
        for path in (root / "benchmarks").glob("[a-z]*.py")
        if re.search(r"\ndef claims?\(\) ->", path.read_text("utf-8"))
    }
    assert claims == set(bench.CLAIMS)
    for name in bench.CLAIMS:
        assert f"`{name}.py`" in readme


def test_the_package_imports_no_peer(root: Path):
    peers = {"coordTransform", "coord_convert", "eviltransform", "geocoordinates_ffi", "prcoords",
             "sklearn", "joblib", "threadpoolctl", "narwhals", "cloudpickle", "loky",
             "polars", "polars_h3", "_polars_runtime_32",
             "pandana", "igraph", "texttable", "networkit",
             "spopt", "pulp", "libpysal", "pointpats", "spaghetti", "esda", "mapclassify",
             "rtree", "tqdm", "bs4", "soupsieve", "platformdirs",
             "weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "webencodings",
             "pyphen", "cffi", "pycparser", "reportlab", "cairocffi"}  # fmt: skip
    lines = (root / "benchmarks/requirements.txt").read_text("utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert all(re.match(r"[\w.-]+==[\w.]+ +# \w", line) for line in pinned), "pin and licence"
    assert len(pinned) == len(peers)
    for path in (root / "locator").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] not in {*peers, "benchmarks"}, path
