"""``python -m benchmarks [CLAIM …]``: measure, print a line for each peer, keep the results.

Without names all claims are measured. What was measured replaces that claim's entry in
``benchmarks/results.json``; the others keep theirs, with the machine and the versions they had. A
claim that cannot be measured here is passed over with a sentence. The exit status is 1 if a claim
falls short.
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
    "rider_ranking",
    "signs",
    "siting",
    "siting_bound",
    "siting_hours",
    "siting_lscp",
    "street_graph",
    "web",
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
    held = True
    for name in names or CLAIMS:
        lines: list[Line | Spent] = []
        try:
            for claim in claims_of(name):
                for line in spend(claim) if isinstance(claim, Budget) else measure(claim):
                    print(line.text(), flush=True)
                    lines.append(line)
        except Unavailable as error:
            print(f"{name}: {error}", file=sys.stderr)
            continue
        keep(name, lines)
        held = held and all(line.holds for line in lines)
    return 0 if held else 1


def claims_of(name: str) -> Iterable[Claim | Budget]:
    """The claims of a module, made one after the other."""
    module = import_module(f"benchmarks.{name}")
    found: Iterable[Claim | Budget]
    found = module.claims() if hasattr(module, "claims") else (module.claim(),)
    return found


def keep(name: str, lines: Iterable[Line | Spent]) -> None:
    """Put what was measured of a claim into ``results.json``; four digits, the rest is noise."""
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    of: dict[str, list[dict[str, object]]] = {"claims": [], "budgets": []}
    for line in lines:
        said = asdict(line)
        for key, value in said.items():
            if isinstance(value, float):
                said[key] = float(f"{value:.4g}")
        of["claims" if isinstance(line, Line) else "budgets"].append(said)
    kept[name] = {"machine": machine(), "versions": versions(PACKAGES), **of}
    text = json.dumps(kept, ensure_ascii=False, indent=2, sort_keys=True)
    RESULTS.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
