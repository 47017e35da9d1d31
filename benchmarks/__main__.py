"""``python -m benchmarks [CLAIM …]``: measure, print a line for each peer, keep the results.

Without names all claims are measured and ``benchmarks/results.json`` is written anew; with names
only those are measured and printed. A claim that cannot be measured here is passed over with a
sentence, and then the results that were kept stay. The exit status is 1 if a claim falls short.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from benchmarks.harness import (
    Budget,
    Claim,
    Line,
    Spent,
    Unavailable,
    machine,
    measure,
    spend,
    versions,
)

#: One module each, with a function ``claim()``, or ``claims()`` where there are several.
CLAIMS = (
    "all_rules",
    "checks",
    "coverage_clock",
    "datum_doctor",
    "datum_inverse",
    "demand_traces",
    "init",
    "network",
    "points_to_cells",
    "proxy_demand",
    "reconcile",
    "siting",
    "siting_bound",
    "siting_hours",
    "siting_lscp",
    "street_graph",
    "what_if_browser",
)
PACKAGES = ("numpy", "numba", "yizhangtu-locator")
RESULTS = Path(__file__).with_name("results.json")


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in CLAIMS]
    if unknown:
        print(f"no claim {unknown[0]!r}; there is {', '.join(CLAIMS)}.", file=sys.stderr)
        return 2
    print("name | ours | peer | ratio | target | result")
    lines: list[Line | Spent] = []
    lacking = False
    for name in names or CLAIMS:
        try:
            for claim in claims_of(name):
                for line in spend(claim) if isinstance(claim, Budget) else measure(claim):
                    print(line.text(), flush=True)
                    lines.append(line)
        except Unavailable as error:
            print(f"{name}: {error}", file=sys.stderr)
            lacking = True
    if not names and not lacking:
        RESULTS.write_text(results(lines), "utf-8")
    return 0 if all(line.holds for line in lines) else 1


def claims_of(name: str) -> Iterable[Claim | Budget]:
    """The claims of a module, made one after the other."""
    module = import_module(f"benchmarks.{name}")
    found: Iterable[Claim | Budget]
    found = module.claims() if hasattr(module, "claims") else (module.claim(),)
    return found


def results(lines: list[Line | Spent]) -> str:
    """The text of ``results.json``; four significant digits, the rest is noise."""
    claims, budgets = (
        [
            {key: float(f"{value:.4g}") if isinstance(value, float) else value
             for key, value in asdict(line).items()}
            for line in lines
            if isinstance(line, sort)
        ]
        for sort in (Line, Spent)
    )  # fmt: skip
    found = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "claims": claims,
        "budgets": budgets,
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
