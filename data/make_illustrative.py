#!/usr/bin/env python3
"""Make the two illustrative counties, and the examples: a faulty ledger, a map's export.

    python data/make_illustrative.py            # writes below data/
    python data/make_illustrative.py --out DIR  # writes the same files below DIR

The same script writes the same bytes each time: everything random comes from the seeds in the
plans. Read from ``data/`` and left as they are: ``<county>/county.toml``, ``outline.geojson`` and
``townships.csv``. See ``data/README.md`` for what is real and what is made up.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

from illustrative import demand, faults, kuandian, map_export, shucheng, sites, stations
from illustrative.osm import write_osm
from illustrative.town import Town, build_town

HERE = Path(__file__).resolve().parent
NOTE = "示意数据：位置、名称和时间均为虚构，仅乡镇与社区名为真。Illustrative: invented, not real."


def main() -> None:
    """Write every file."""
    parser = argparse.ArgumentParser(description="Make the illustrative counties.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write below")
    out = parser.parse_args().out
    ledger: list[dict[str, Any]] = []
    for slug, code, module, specs, counted, candidates, gates in (
        ("shucheng", "341523", shucheng, stations.SHUCHENG, demand.SHUCHENG, sites.SHUCHENG, 14),
        ("kuandian", "210624", kuandian, stations.KUANDIAN, demand.KUANDIAN, sites.KUANDIAN, 8),
    ):
        folder = out / slug
        folder.mkdir(parents=True, exist_ok=True)
        plan = module.plan()
        _real_names(slug, [p.township for p in plan.places] + [s.township for s in specs])
        town = build_town(plan)
        write_osm(town, folder / "streets.osm")
        ledger += _stations(town, code, specs)
        (folder / "demand.csv").write_text(demand.headcount(plan.frame, counted), "utf-8")
        _write(folder / "candidates.geojson", sites.candidate_features(town, code, candidates))
        _write(folder / "sign_sites.geojson", sites.sign_features(town, code, gates))
    ledger.sort(key=lambda feature: feature["properties"]["id"])
    _write(out / "stations.geojson", ledger)
    (out / "examples").mkdir(exist_ok=True)
    faults.write_examples(out / "examples", ledger)
    searched = [each for each in ledger if each["properties"]["county"] == "341523"]
    (out / "examples" / "map-export.csv").write_text(map_export.map_export(searched), "utf-8")


def _stations(town: Town, code: str, specs: list[stations.Spec]) -> list[dict[str, Any]]:
    return stations.features(town, code, specs, seed=int(code))


def _real_names(slug: str, names: list[str]) -> None:
    """Refuse a township that is not on the list of real ones."""
    lines = (HERE / slug / "townships.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    known = {row["name"] for row in rows if row["level"] == "township"}
    wrong = sorted(set(names) - known)
    if wrong:
        raise SystemExit(f"{slug}: no such township: {', '.join(wrong)}")


def _write(path: Path, features: list[dict[str, Any]]) -> None:
    """GeoJSON with one feature a line, so that a change shows in a diff."""
    body = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    note = json.dumps(NOTE, ensure_ascii=False)
    path.write_text(
        f'{{"type":"FeatureCollection","note":{note},"features":[\n{body}\n]}}\n', "utf-8"
    )


if __name__ == "__main__":
    main()
