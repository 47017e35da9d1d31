"""What the datum doctor finds, by class of evidence: for each datum mistake, and on clean files.

A **trial** is one file: doors of a scene (`datum_scenes`), each set down 15 to 30 m off in any
direction, written in the datum that is true, rounded to 4 decimals (some 10 m) and declared as the
trial says. **Right**: the mistake is named. **Wrong**: another is. **Undecided**: the doctor says
that the declared datum is doubtful, and no more. **Silent**: it says nothing. On a clean file right
is silence, undecided a doubt told, and wrong a mistake named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.datum_scenes import (
    Scene,
    at_landmarks,
    at_township_edges,
    lattice,
    liechtenstein,
    noisy,
    stations,
)
from locator.checks.datum_doctor import diagnose
from locator.checks.datum_shifts import TRUTHS, truth_of
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


@dataclass(frozen=True)
class Cell:
    """One line of the table: scenes to take files from, and how many rows a file has.

    ``least_right`` is the share of right answers on each mistake that is promised, in percent (0
    where nothing is).
    """

    name: str
    scenes: Sequence[Scene]
    rows: int
    least_right: float


def cells(rng: np.random.Generator) -> Iterator[Cell]:
    """The lines of the table, strongest evidence first."""
    moved = liechtenstein(rng)
    shucheng, kuandian = stations("shucheng"), stations("kuandian")
    named = at_landmarks(moved.only("landmarks"), 400, rng)
    yield Cell("landmark, Liechtenstein, one row", [named], 1, 95.0)
    yield Cell("landmark, Liechtenstein, 5 rows", [named], 5, 95.0)
    for scene in (shucheng, kuandian):
        slug = scene.ground.county.slug
        yield Cell(f"names, {slug}, 20 of its rows", [scene.only("landmarks")], 20, 95.0)
    edges = at_township_edges(moved.only("townships"), 400, rng)
    yield Cell("township, Liechtenstein, 10 rows near its edge", [edges], 10, 95.0)
    yield Cell("township, Liechtenstein, 20 rows anywhere", [moved.only("townships")], 20, 95.0)
    for spacing, least in ((120, 0.0), (200, 99.0), (300, 99.0)):
        towns = [lattice(spacing, rng) for _ in range(12)]
        for rows in (10, 20, 40):
            promised = least if rows >= 20 else 0.0
            yield Cell(f"streets, {spacing} m apart, {rows} rows", towns, rows, promised)
    yield Cell("streets, Liechtenstein, 20 rows", [moved.only("streets")], 20, 0.0)
    for scene in (shucheng, kuandian):
        slug = scene.ground.county.slug
        yield Cell(f"streets, {slug}, 20 of its rows", [_wordless(scene.only("streets"))], 20, 0.0)
    yield Cell("none, 20 rows", [_wordless(moved.only())], 20, 0.0)
    for scene in (shucheng, kuandian):
        yield Cell(f"all, {scene.ground.county.slug}, 20 of its rows", [scene], 20, 95.0)
    yield Cell("all, Liechtenstein, 20 rows", [moved], 20, 95.0)


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
        lon=read_lon, lat=read_lat, position_fault="",
    )  # fmt: skip


def tried(cell: Cell, trials: int, seed: int = SEED) -> dict[tuple[str, str], Counter[str]]:
    """Counts of outcomes by (declared, true)."""
    rng = np.random.default_rng([seed, *cell.name.encode()])
    counts: dict[tuple[str, str], Counter[str]] = {}
    for pair in (*MISTAKES, *CLEAN):
        counts[pair] = Counter()
        for number in range(trials):
            scene = cell.scenes[number % len(cell.scenes)]
            size = min(cell.rows, len(scene.rows))
            chosen = scene.rows.iloc[np.sort(rng.choice(len(scene.rows), size, replace=False))]
            counts[pair][outcome(scene, chosen.reset_index(drop=True), *pair, rng)] += 1
    return counts


def _wordless(scene: Scene) -> Scene:
    """The same rows, saying nothing."""
    blank = scene.rows.assign(name="", host="", address="", township="")
    return Scene(scene.ground, blank)
