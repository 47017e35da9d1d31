"""What the datum doctor names in tables copied half from one app and half from another.

``python -m benchmarks.datum_mixtures`` prints, for each class of evidence, how many of the rows in
the wrong datum are named, and how many right ones are named beside them. A file has 20 rows, of
which 4 to 16 are in another datum than all declare; ten files for each mistake.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.datum_doctor import MISTAKES, SEED, cells, ledger
from benchmarks.datum_scenes import Scene
from locator.checks.datum_doctor import diagnose

LINES = (
    "landmark, every tenth a wrong one; Liechtenstein; 20",
    "township, anywhere; Liechtenstein; 20",
    "all together; 舒城县; 20",
)
ROWS, FEWEST, FILES = 20, 4, 10


def shares_named(scene: Scene, rng: np.random.Generator) -> tuple[float, float]:
    """The share (percent) of wrong rows named with their datum, and of right ones named at all."""
    wrong_named: list[bool] = []
    right_named: list[bool] = []
    for declared, true in [pair for pair in MISTAKES for _ in range(FILES)]:
        rows = scene.rows.iloc[rng.permutation(len(scene.rows))[:ROWS]].reset_index(drop=True)
        wrong = int(rng.integers(FEWEST, ROWS - FEWEST + 1))
        copied = [ledger(scene, rows, declared, datum, rng) for datum in (true, declared)]
        mixed = pd.concat([copied[0].iloc[:wrong], copied[1].iloc[wrong:]])
        named: dict[int, str] = {}
        for found in diagnose(mixed, scene.ground):
            if found.verdict == "suspect":
                named |= dict.fromkeys(found.rows.tolist(), found.truth)
        wrong_named += [named.get(at) == true for at in range(wrong)]
        right_named += [at in named for at in range(wrong, ROWS)]
    return 100 * float(np.mean(wrong_named)), 100 * float(np.mean(right_named))


def main() -> None:
    """Print a line for each class of evidence."""
    scenes = {cell.name: cell.scenes[0] for cell in cells(np.random.default_rng(SEED))}
    for name in LINES:
        wrong, right = shares_named(scenes[name], np.random.default_rng(SEED))
        print(f"{name}: {wrong:.1f} % of the wrong rows named, {right:.1f} % of the right ones")


if __name__ == "__main__":
    main()
