"""``python -m benchmarks [CLAIM …]``: measure, print a line for each peer, keep the results.

Without names all claims are measured and ``benchmarks/results.json`` is written anew; with names
only those are measured and printed. The exit status is 1 if a claim falls short.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from benchmarks.harness import Line, machine, measure, versions

#: One module each, with a function ``claim()``.
CLAIMS = ("datum_inverse",)
PACKAGES = ("numpy", "numba", "yizhangtu-locator")
RESULTS = Path(__file__).with_name("results.json")


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in CLAIMS]
    if unknown:
        print(f"no claim {unknown[0]!r}; there is {', '.join(CLAIMS)}.", file=sys.stderr)
        return 2
    print("name | ours | peer | ratio | target | result")
    lines: list[Line] = []
    for name in names or CLAIMS:
        for line in measure(import_module(f"benchmarks.{name}").claim()):
            print(line.text(), flush=True)
            lines.append(line)
    if not names:
        RESULTS.write_text(results(lines), "utf-8")
    return 0 if all(line.holds for line in lines) else 1


def results(lines: list[Line]) -> str:
    """The text of ``results.json``; four significant digits, the rest is noise."""
    claims = [
        {key: float(f"{value:.4g}") if isinstance(value, float) else value
         for key, value in asdict(line).items()}
        for line in lines
    ]  # fmt: skip
    found = {"machine": machine(), "versions": versions(PACKAGES), "claims": claims}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
