"""All the rules on one county of 200,000 rows, against the three basic checks; and the memory.

The county is drawn: 50 km by 50 km, a lattice of streets at 400 m, ponds, buildings, named places
and 25 townships, all of it read from files as a real county's. Its ledger comes in four CSV files
(one may have 20 MB) and has a fault in every fiftieth row: a position far off, swapped, or in
another place's datum, hours that can't be read, an unknown service, a repeated id, a date long
past. The three checks are those of ``checks.py`` on the same rows. *All rules* is what is
asked of the rows (`examine`: every field, county, neighbours, ground, township, the datum doctor)
and what all the rules say of them (`findings_of`), with the county's surroundings read before;
neither side reads the files or lays their rows under each other, and Python's collector of cycles
rests on both, as it does in `validate`. The whole command is ``locator validate`` with its
imports, the reading and the report, in a process of its own; memory is that of all its processes.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from benchmarks.drawn_ledger import STATIONS, ledger, word
from benchmarks.harness import Budget, Unavailable
from benchmarks.init import run

CODE, SLUG, NAME = "990101", "drawn", "示意县"
CENTRE = (114.0, 31.0)
HALF_DEG = 0.25
FILES = ("1.csv", "2.csv", "3.csv", "4.csv")
AS_OF = date(2026, 11, 20)
FAULTS = {
    "lon": ("", "东经", "114.9", "0"), "lat": ("31.9", "", "114.01"), "hours": ("看情况", "不详"),
    "services": ("理发", "充电"), "verified_on": ("2020-01-01", "去年"), "kind": ("小屋",),
    "name": ("",), "id": (f"{CODE}-000001", "017"), "seats": ("很多",), "status": ("奇怪",),
}  # fmt: skip


def claim() -> Budget:
    """The claim; raises Unavailable where there is no /proc to read memory from."""
    if not Path("/proc/self/statm").exists():
        raise Unavailable("the memory of processes is read from /proc, which Linux alone has.")
    return Budget(
        name="all rules, 200,000 rows of one county",
        run=check_and_command,
        limits={
            "against the three basic checks": (10.0, "times"),
            "memory at its peak": (1500.0, "MB"),
            "the whole command": (60.0, "s"),
        },
        note="The most of all rounds, each in fresh processes; memory summed over them. The ratio "
        "leaves out the reading of the files and the report, the whole command does not.",
    )


def check_and_command() -> Mapping[str, float]:
    """Both in processes of their own: the ratio, the peak of memory, the seconds of the command."""
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder))
        said, at_check = run([sys.executable, "-m", "benchmarks.all_rules", folder])
        took = json.loads(said)
        began = time.perf_counter()
        _, at_command = run(
            [sys.executable, "-m", "locator.cli", "--data", folder, "--var", f"{folder}/var",
             "validate", *map(str, ledgers(Path(folder))), "--county", SLUG,
             "--json", f"{folder}/report.json", "--as-of", AS_OF.isoformat()]
        )  # fmt: skip
        return {
            "against the three basic checks": took["all"] / took["three"],
            "memory at its peak": max(at_check, at_command) / 1e6,
            "the whole command": time.perf_counter() - began,
        }


def ledgers(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.csv"))


def draw(folder: Path) -> None:
    """The county's folder, and its ledger in two files beside it."""
    rng = np.random.default_rng(20261129)
    county = folder / SLUG
    county.mkdir()
    west, south = CENTRE[0] - HALF_DEG, CENTRE[1] - HALF_DEG
    outline = shapely.box(west, south, west + 2 * HALF_DEG, south + 2 * HALF_DEG)
    county.joinpath("outline.geojson").write_text(features([("", outline)]), "utf-8")
    side = 2 * HALF_DEG / 5
    parts = [
        (f"示意{at}镇", shapely.box(x, y, x + side, y + side))
        for at, (x, y) in enumerate(
            (west + i * side, south + j * side) for i in range(5) for j in range(5)
        )
    ]
    county.joinpath("townships.geojson").write_text(features(parts), "utf-8")
    county.joinpath("streets.osm").write_text(town(rng, west, south), "utf-8")
    county.joinpath("county.toml").write_text(
        f'code = "{CODE}"\nname_zh = "{NAME}"\nname_en = "Drawn"\ncentre = {list(CENTRE)}\n'
        'outline = "outline.geojson"\n'
        f"ledgers = {json.dumps([f'../{name}' for name in FILES])}\n"
        'township_outlines = "townships.geojson"\nreach_min = 5\n'
        '[streets]\nfile = "streets.osm"\nprovenance = "illustrative"\n',
        "utf-8",
    )
    lon, lat = rng.uniform(-HALF_DEG, HALF_DEG, (2, STATIONS))
    table = ledger(rng, lon + CENTRE[0], lat + CENTRE[1], {"code": CODE, "name": NAME})
    at = np.floor((np.column_stack([lon, lat]) + HALF_DEG) / side).astype(int)
    table["township"] = [f"示意{i * 5 + j}镇" for i, j in at.tolist()]
    for row in range(0, STATIONS, 50):
        column = list(FAULTS)[rng.integers(len(FAULTS))]
        table.loc[row, column] = str(rng.choice(FAULTS[column]))
    size = STATIONS // len(FILES)
    for number, name in enumerate(FILES):
        table[number * size : (number + 1) * size].to_csv(folder / name, index=False)


def features(shapes: list[tuple[str, shapely.Polygon]]) -> str:
    """A GeoJSON file of named polygons."""
    found = [
        {"type": "Feature", "properties": {"name": name},
         "geometry": json.loads(shapely.to_geojson(shape))}
        for name, shape in shapes
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False)


def town(rng: np.random.Generator, west: float, south: float) -> str:
    """OSM XML: streets in a lattice, ponds, buildings and named places."""
    steps = 125
    step = 2 * HALF_DEG / steps
    nodes, ways = [], []

    def node(lon: float, lat: float, tags: str = "") -> int:
        nodes.append(f'<node id="{-len(nodes) - 1}" version="1" lon="{lon:.6f}" lat="{lat:.6f}">'
                     f"{tags}</node>")  # fmt: skip
        return -len(nodes)

    def way(refs: list[int], **tags: str) -> None:
        ways.append(f'<way id="{-len(ways) - 1}" version="1">'
                    + "".join(f'<nd ref="{ref}"/>' for ref in refs)
                    + "".join(f'<tag k="{key}" v="{text}"/>' for key, text in tags.items())
                    + "</way>")  # fmt: skip

    grid = [[node(west + i * step, south + j * step) for j in range(steps + 1)]
            for i in range(steps + 1)]  # fmt: skip
    for at in range(steps + 1):
        way(grid[at], highway="residential", name=f"示意{word(at)}路")
        way([column[at] for column in grid], highway="residential", name=f"示意{word(at)}街")
    for number in range(6000):
        x, y = west + rng.random() * 2 * HALF_DEG, south + rng.random() * 2 * HALF_DEG
        size = 2e-4 if number >= 500 else 1e-3
        ring = [node(x + a * size, y + b * size) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))]
        kind = {"building": "yes"} if number >= 500 else {"natural": "water"}
        way([*ring, ring[0]], **kind)
    for number in range(1000):
        x, y = west + rng.random() * 2 * HALF_DEG, south + rng.random() * 2 * HALF_DEG
        tags = f'<tag k="amenity" v="school"/><tag k="name" v="示意{word(number)}小学"/>'
        node(x, y, tags)
    return '<osm version="0.6">' + "\n".join([*nodes, *ways]) + "</osm>"


def main(folder: Path) -> None:
    """In a process of its own: print the seconds of the three checks and of all the rules."""
    from benchmarks.checks import ours
    from locator.checks.examine import examine, findings_of
    from locator.checks.rule import Context
    from locator.counties import list_counties
    from locator.release.known import KnownCounties
    from locator.stations.intake import gather, read_ledger

    counties = list_counties(folder)
    county = next(each for each in counties if each.slug == SLUG)
    known = KnownCounties([county])
    _ = known[county.code]
    rows = gather([read_ledger(path) for path in ledgers(folder)])
    outlines = json.loads((folder / SLUG / "townships.geojson").read_text("utf-8"))["features"]
    shapes = np.array([shapely.from_geojson(json.dumps(each["geometry"])) for each in outlines])
    rows["county_code"] = county.code
    context = Context(county, AS_OF, known[county.code])

    def every() -> None:
        parsed = examine(rows, context)
        for last in (False, True):
            for _ in findings_of(parsed, context, last=last):
                pass

    gc.disable()
    three_s = float(np.median([_timed(partial(ours, rows, county, shapes)) for _ in range(4)][1:]))
    print(json.dumps({"three": three_s, "all": _timed(every)}))


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(Path(sys.argv[1]))
