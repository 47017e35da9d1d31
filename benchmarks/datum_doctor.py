"""What the datum doctor finds, by class of evidence: for each datum mistake, and on clean files.

A **trial** is one file: doors of a scene (`datum_scenes`), each set down 15 to 30 m off in any
direction, written in the datum that is true, rounded to 4 decimals (some 10 m) and declared as the
trial says. **Right**: the mistake is named. **Wrong**: another is. **Undecided**: the doctor says
that the declared datum is doubtful, and no more. **Silent**: it says nothing. On a clean file right
is silence, undecided a doubt told, and wrong a mistake named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.datum_scenes import (
    ROOT,
    Scene,
    at_landmarks,
    at_township_edges,
    lattice,
    liechtenstein,
    misnamed,
    noisy,
    off_the_streets,
    outlines_off,
    stations,
)
from benchmarks.harness import Budget
from locator.checks.datum_doctor import diagnose
from locator.checks.datum_doctor.shifts import TRUTHS, truth_of
from locator.geo.datum import convert_datum

#: (declared, true) of each mistake.
MISTAKES = tuple(
    (declared, true)
    for declared in ("wgs84", "gcj02", "bd09")
    for true in TRUTHS
    if true != declared
)
CLEAN = (("wgs84", "wgs84"), ("gcj02", "gcj02"), ("bd09", "bd09"), ("cgcs2000", "wgs84"))
OUTCOMES = ("right", "undecided", "silent", "wrong")
DECIMALS = 4
SEED = 20261129
#: Files for each mistake of a line, and for each datum truly declared.
TRIALS, CLEAN_TRIALS = 40, 100
#: The least share of right answers on mistakes, in percent, by class of evidence.
PROMISES = {"landmark": 95.0, "township": 95.0, "streets": 99.0}
PAGE = ROOT / "docs/datum-doctor.md"
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


@dataclass(frozen=True)
class Cell:
    """One line of the table: scenes to take files from, and how many rows a file has.

    ``promise`` names the promise that the line is held to: ``landmark`` and ``township`` (at least
    95 % right), ``streets`` (99 %), or "" where nothing but silence or honest doubt is promised.
    """

    name: str
    scenes: Sequence[Scene]
    rows: int
    promise: str = ""


def cells(rng: np.random.Generator) -> Iterator[Cell]:
    """The lines of the table, by class of evidence."""
    moved = liechtenstein(rng)
    own = [stations("shucheng"), stations("kuandian")]
    named = at_landmarks(moved.only("landmarks"), 400, rng)
    wrong_names = misnamed(named, 0.1, rng)
    for rows in (1, 5, 20):
        yield Cell(f"landmark; Liechtenstein; {rows}", [named], rows, "landmark")
    yield Cell(
        "landmark, every tenth a wrong one; Liechtenstein; 20", [wrong_names], 20, "landmark"
    )
    for scene in own:
        slug = scene.ground.county.name_zh
        yield Cell(
            f"landmark (its own names); {slug}; 20", [scene.only("landmarks")], 20, "landmark"
        )
    towns = moved.only("townships")
    edges = at_township_edges(towns, 400, rng)
    yield Cell("township, within 400 m of its edge; Liechtenstein; 10", [edges], 10)
    yield Cell("township, within 400 m of its edge; Liechtenstein; 20", [edges], 20, "township")
    yield Cell("township, anywhere; Liechtenstein; 20", [towns], 20)
    yield Cell("township, anywhere; Liechtenstein; 40", [towns], 40, "township")
    off = [outlines_off(towns, 150.0, rng) for _ in range(8)]
    yield Cell("township, outlines 150 m off; Liechtenstein; 40", off, 40)
    for spacing in (120, 200, 300):
        lattices = [lattice(spacing, rng) for _ in range(20)]
        for rows in (10, 20, 40):
            promised = "streets" if rows >= 20 and spacing >= 200 else ""
            yield Cell(f"streets {spacing} m apart; lattice; {rows}", lattices, rows, promised)
        astray = [off_the_streets(scene, 400, rng) for scene in lattices]
        yield Cell(f"streets {spacing} m apart, doors off them; lattice; 20", astray, 20)
    yield Cell("streets and buildings; Liechtenstein; 20", [moved.only("streets")], 20, "streets")
    for scene in own:
        slug = scene.ground.county.name_zh
        yield Cell(f"streets and buildings; {slug}; 20", [wordless(scene.only("streets"))], 20)
    yield Cell("none; Liechtenstein; 20", [wordless(moved.only())], 20)
    for scene in (*own, moved):
        slug = scene.ground.county.name_zh if scene is not moved else "Liechtenstein"
        yield Cell(f"all together; {slug}; 20", [scene], 20, "landmark")


def outcome(
    scene: Scene, rows: pd.DataFrame, declared: str, true: str, rng: np.random.Generator
) -> str:
    """What the doctor makes of one file, as one of `OUTCOMES`."""
    found = diagnose(ledger(scene, rows, declared, true, rng), scene.ground)
    clean = TRUTHS[truth_of(declared)] == true
    suspected = {each.truth for each in found if each.verdict == "suspect"}
    if suspected - {true}:
        return "wrong"
    if not found:
        return "right" if clean else "silent"
    whole = [each for each in found if not each.single and each.verdict == "suspect"]
    return "right" if whole else "undecided"


def ledger(
    scene: Scene, rows: pd.DataFrame, declared: str, true: str, rng: np.random.Generator
) -> pd.DataFrame:
    """``rows`` as the checks have them after reading: set down with noise, shifted, rounded."""
    lon, lat = noisy(scene.ground, rows, rng)
    for _ in range(2 if true == "gcj02_twice" else 1):
        target = "gcj02" if true == "gcj02_twice" else true
        lon, lat = convert_datum(lon, lat, source="wgs84", target=target)
    x, y = np.round(lon, DECIMALS), np.round(lat, DECIMALS)
    read_lon, read_lat = convert_datum(x, y, source=declared, target="wgs84")
    return rows.assign(
        file="trial.csv", row=np.arange(2, len(rows) + 2), source_datum=declared,
        kept_datum=declared, kept_x=[f"{v:.4f}" for v in x], kept_y=[f"{v:.4f}" for v in y],
        lon=read_lon, lat=read_lat, position_fault="", datum_voice="row",
    )  # fmt: skip


def tried(
    cell: Cell, trials: int, clean: int, seed: int = SEED
) -> dict[tuple[str, str], Counter[str]]:
    """Counts of outcomes by (declared, true)."""
    rng = np.random.default_rng([seed, *cell.name.encode()])
    counts: dict[tuple[str, str], Counter[str]] = {}
    for pair in (*MISTAKES, *CLEAN):
        counts[pair] = Counter()
        for number in range(clean if pair in CLEAN else trials):
            scene = cell.scenes[number % len(cell.scenes)]
            size = min(cell.rows, len(scene.rows))
            chosen = scene.rows.iloc[np.sort(rng.choice(len(scene.rows), size, replace=False))]
            counts[pair][outcome(scene, chosen.reset_index(drop=True), *pair, rng)] += 1
    return counts


def wordless(scene: Scene) -> Scene:
    """The same rows, saying nothing."""
    blank = scene.rows.assign(name="", host="", address="", township="")
    return Scene(scene.ground, blank)


@dataclass(frozen=True)
class Line:
    """A line of the table: percentages over all mistakes, the worst mistake, and clean files."""

    cell: Cell
    shares: Mapping[str, float]
    worst_right: float
    clean_doubted: float
    clean_wrong: float


def line_of(cell: Cell, trials: int = TRIALS, clean_trials: int = CLEAN_TRIALS) -> Line:
    """Try one cell."""
    counts = tried(cell, trials, clean_trials)
    total = sum((counts[pair] for pair in MISTAKES), Counter[str]())
    clean = sum((counts[pair] for pair in CLEAN), Counter[str]())
    return Line(
        cell,
        {name: 100 * total[name] / total.total() for name in OUTCOMES},
        min(100 * counts[pair]["right"] / trials for pair in MISTAKES),
        100 * clean["undecided"] / clean.total(),
        100 * clean["wrong"] / clean.total(),
    )


def table(lines: Sequence[Line]) -> str:
    """The table as Markdown."""
    rows = [
        "| evidence | where | rows | right | undecided | silent | wrong | worst mistake: right | "
        "clean: doubted | wrong |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for line in lines:
        evidence, where, size = line.cell.name.split("; ")
        figures = [*(line.shares[name] for name in OUTCOMES), line.worst_right,
                   line.clean_doubted, line.clean_wrong]  # fmt: skip
        rows.append(
            f"| {evidence} | {where} | {size} | {' | '.join(f'{v:.2f}' for v in figures)} |"
        )
    return "\n".join(rows)


def figures(lines: Sequence[Line]) -> dict[str, float]:
    """What is promised, in percent: the most wrong of any line, on mistakes or on clean files, and
    for each promise how much is not right on its worst line."""
    found = {"wrong, worst line": max(max(e.shares["wrong"], e.clean_wrong) for e in lines)}
    for promise in PROMISES:
        missed = [100 - each.shares["right"] for each in lines if each.cell.promise == promise]
        found[f"not right, {promise}, worst line"] = max(missed)
    return found


def claim() -> Budget:
    """The promises as a budget."""

    def run() -> Mapping[str, float]:
        return figures([line_of(cell) for cell in cells(np.random.default_rng(SEED))])

    limits = {"wrong, worst line": (0.5, "%")}
    for name, least in PROMISES.items():
        limits[f"not right, {name}, worst line"] = (100 - least, "%")
    files = TRIALS * len(MISTAKES) + CLEAN_TRIALS * len(CLEAN)
    note = f"{files} files a line; the table is in docs/datum-doctor.md"
    return Budget("datum doctor", run, limits, rounds=1, note=note)


def main() -> None:
    """Measure, and put the table where docs/datum-doctor.md has the last one."""
    lines = []
    for cell in cells(np.random.default_rng(SEED)):
        lines.append(line_of(cell))
        print(table(lines[-1:]).splitlines()[-1], flush=True)
    text = PAGE.read_text("utf-8")
    before, rest = text.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{table(lines)}\n{END}{rest.split(END)[1]}", "utf-8")
    for name, value in figures(lines).items():
        print(f"{name}: {value:.2f} %")


if __name__ == "__main__":
    main()
