"""Start a county from an OSM extract: all of its folder, or nothing."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from locator.checks.validate import validate
from locator.counties import read_counties
from locator.county import PROVENANCE_ZH, County, load_county
from locator.errors import ExtractError, StreetsError, UsageError
from locator.files import sync
from locator.release.features import read_features
from locator.starter.boundaries import Boundaries, local_name, read_boundaries
from locator.starter.clip import write_streets
from locator.starter.county_toml import county_toml
from locator.starter.extract import read_places
from locator.starter.facts import Given, facts
from locator.starter.outline import (
    Outline,
    fill_townships,
    from_file,
    largest,
    of_adcode,
    township_name,
    townships,
    townships_geojson,
    within,
)
from locator.starter.report import summary
from locator.starter.riders import Headcount, headcounts
from locator.starter.sites import candidates, sign_sites
from locator.starter.source import opened, sha256_of
from locator.starter.stations import kinds_used, stations
from locator.streets.graph import StreetGraph
from locator.streets.osm import read_streets

STREETS = "streets.osm.pbf"
#: Told after each step what was done: the step's name and one line of figures.
Progress = Callable[[str, str, str], None]

_NAME = re.compile(r"(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*")
#: Names that Windows keeps for devices.
_DEVICE = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
#: What a draft is called in the data folder while it is on its way; no county is looked for there.
_DRAFT = ".init-"
#: No copying takes so long.
_STALE_S = 3600.0
_SOURCE = "© OpenStreetMap contributors (ODbL)"
_DEMAND_HEADINGS = ("商圈", "经度", "纬度", "半径米", "日类型", "时段", "人数", "来源")


@dataclass(frozen=True)
class Ground:
    """Which ground is meant, at most one of them: a boundary of the extract by name, a GeoJSON
    file, a Chinese county's code, or (``whole``) all of the extract. Else its largest boundary."""

    within: str | None = None
    boundary: Path | None = None
    adcode: str | None = None
    whole: bool = False


@dataclass(frozen=True)
class Started:
    """The county's folder, and what was found and lacking (see `locator.starter.init_text`)."""

    folder: Path
    report: dict[str, Any]


def start_county(
    name: str,
    osm: Path,
    *,
    data: Path,
    ground: Ground = Ground(),
    given: Given = Given(),  # noqa: B008
    today: date,
    progress: Progress = lambda stage, zh, en: None,
) -> Started:
    """Write ``data/name`` with all that a county needs, as far as the extract ``osm`` has it.

    Everything is made elsewhere, loaded and checked as a build would, and moved in at the end; the
    data folder is as it was after any failure. ``today`` is the day of the data where the extract
    does not say its own. Raises UsageError, ExtractError or another LocatorError, one sentence.
    """
    if not _NAME.fullmatch(name) or _DEVICE.fullmatch(name):
        raise UsageError(
            f"“{name[:60]}”不能作县的文件夹名，请用不超过 40 个小写字母、数字和连字符，"
            "如 shucheng / "
            f"{name[:60]!r} is no name for a county's folder; use up to 40 small letters, digits "
            "and hyphens, such as shucheng."
        )
    if os.path.lexists(data / name):
        raise _exists(data / name)
    others = read_counties(data).whole
    with tempfile.TemporaryDirectory(prefix="locator-init-") as work:
        folder = Path(work) / name
        folder.mkdir()
        try:
            report = _fill(folder, osm, others, ground, given, today, progress)
            _move_in(folder, data)
        except OSError as error:
            raise UsageError(
                f"{error.filename or data}：写不了，什么都没有建 / "
                f"cannot be written ({error.strerror}); nothing has been started."
            ) from error
    return Started(data / name, {"folder": str(data / name), **report})


def _fill(
    folder: Path,
    osm: Path,
    others: tuple[County, ...],
    ground: Ground,
    given: Given,
    today: date,
    progress: Progress,
) -> dict[str, Any]:
    """Write the county's files into ``folder``, load and check them, and report."""
    known = _outline_given(ground)
    with opened(osm) as source:
        ways, day = source.counts["ways"], source.dated
        progress(
            "extract",
            f"{ways} 条路，数据日期 {day or '不详'}",
            f"{ways} ways, as of {day or 'no known day'}",
        )
        boundaries = read_boundaries(source)
        outline = known or _outline_of(boundaries, ground, osm)
        shape = outline.shape if outline else None
        places, counts = read_places(source, shape)
        if outline and outline.how == "largest" and counts["outside"] > counts["places"]:
            raise _hardly_meant(osm, outline, counts)
        cut = write_streets(source, shape, folder / STREETS)
    if not cut.ways_kept:
        raise _elsewhere(osm)
    if not places:
        raise _no_stations(osm, 0)
    streets = _streets(folder / STREETS, osm)
    day = source.dated or today
    codes = frozenset(county.code for county in others)
    said = facts(folder.name, given, outline, boundaries.whole, places, codes)
    where = f"{said.country}, {said.timezone}"
    progress(
        "places",
        f"{said.name_zh}（{where}）{len(places)} 处",
        f"{len(places)} in {said.name_zh} ({where})",
    )

    found = stations(places, code=said.code, country=said.country, as_of=day, streets=streets)
    if not found.features:
        raise _no_stations(osm, len(places))
    sites = candidates(places, said.code, streets)
    signs = sign_sites(places, said.code, streets)
    riders = headcounts(places, country=said.country, timezone=said.timezone, as_of=day)
    units = townships(boundaries, outline) if outline else []
    fill_townships(found.features, units)
    count, offered = len(found.features), len(sites.features)
    progress("stations", f"{count} 站，{offered} 处候选点", f"{count}, {offered} candidate sites")

    made = {"source": _SOURCE, "made_from": osm.name}
    _write_geojson(folder / "stations.geojson", found.features, {})  # until a ledger is adopted
    _write_geojson(folder / "candidates.geojson", sites.features, made)
    _write_geojson(folder / "sign_sites.geojson", signs.features, made)
    if riders:
        _write_demand(folder / "demand.csv", riders)
    if outline:
        _write_json(folder / "outline.geojson", outline.geojson())
    if units:
        _write_json(folder / "townships.geojson", townships_geojson(units))
    text = county_toml(
        said,
        extract=osm.name,
        sha256=sha256_of(folder / STREETS),
        dated=source.dated,
        outline=outline,
        townships=list(dict.fromkeys(township_name(unit) for unit in units)),
        kinds=kinds_used(found.features),
        demand=bool(riders),
    )
    (folder / "county.toml").write_text(text, "utf-8")

    county = load_county(folder)
    checked = validate(county.ledger_paths, county, all_counties=(*others, county), as_of=today)
    drawn = read_features(folder / STREETS)
    fit = checked.counts["published"]
    progress("checks", f"{fit} 站可以发布", f"{fit} stations fit to be published")
    return summary(
        source, said, outline, units, counts, cut, streets,
        found=found, sites=sites, signs=signs, riders=riders, checked=checked,
        drawn=drawn, today=today,
    )  # fmt: skip


def _outline_given(ground: Ground) -> Outline | None:
    """The outline that does not come from the extract; asked for before that is read."""
    asked = [ground.within, ground.boundary, ground.adcode, ground.whole or None]
    if len(asked) - asked.count(None) > 1:
        raise UsageError(
            "--within、--boundary、--adcode、--no-outline 只能写一个，每个都说县在哪里 / "
            "give only one of --within, --boundary, --adcode and --no-outline: each says which "
            "ground the county is."
        )
    if ground.boundary:
        return from_file(ground.boundary)
    return of_adcode(ground.adcode) if ground.adcode else None


def _outline_of(boundaries: Boundaries, ground: Ground, osm: Path) -> Outline | None:
    if ground.whole:
        return None
    if ground.within:
        return within(boundaries, ground.within, osm)
    return largest(boundaries, osm)


def _streets(path: Path, osm: Path) -> StreetGraph:
    try:
        return read_streets(path)
    except StreetsError as error:
        why = str(error).removeprefix(f"{path}: ")
        raise ExtractError(f"{osm}: {why}") from error


def _exists(folder: Path) -> UsageError:
    return UsageError(
        f"{folder}：已经有这个文件夹，不会覆盖，请换一个名字，或先把它移走 / "
        "exists already, and nothing in it is overwritten; choose another name, or move "
        "that folder away."
    )


def _elsewhere(osm: Path) -> ExtractError:
    return ExtractError(
        f"{osm}：在所给的范围里什么都没有，是不是别处的街图 / "
        "has nothing within the outline given; is it the extract of another place?"
    )


def _hardly_meant(osm: Path, outline: Outline, counts: Mapping[str, int]) -> ExtractError:
    """A neighbour stands whole in the extract, and the county it was cut for does not."""
    name, outside = local_name(outline.tags), counts["outside"]
    places = outside + counts["places"]
    return ExtractError(
        f"{osm}：里面完整的范围数{name}最大，但 {places} 处地方有 {outside} 处在它外面；"
        f"就是它，请写 --within {name}，不是就用 --boundary 文件、--adcode 代码或 --no-outline / "
        f"the largest boundary that stands whole in it is {name}, but "
        f"{outside} of its {places} places lie outside; if "
        f"that is the county, say --within {name!r}, else give --boundary FILE, --adcode "
        "CODE or --no-outline."
    )


def _no_stations(osm: Path, places: int) -> ExtractError:
    what = f"none of its {places} places within the outline" if places else "nothing in it"
    what_zh = f"范围里的 {places} 处地方" if places else "里面的地方"
    return ExtractError(
        f"{osm}：{what_zh}都没有水、厕所、座位或充电，一个站点也建不成；请换更新或更大的街图，"
        f"或照 CONTRIBUTING.md 用本县台账手工建文件夹 / "
        f"{what} offers a rider water, a toilet, seats or power, so there is no station to "
        "start with; take a newer or larger extract, or make the folder by hand around the "
        "county's own ledger (CONTRIBUTING.md, Add a county)."
    )


def _write_geojson(
    path: Path, features: Iterable[Mapping[str, Any]], beside: Mapping[str, str]
) -> None:
    """A FeatureCollection with one feature a line, and what is said of all of it ``beside``."""
    head = _json({"type": "FeatureCollection", **beside})[:-1]
    lines = ",\n".join(map(_json, features))
    path.write_text(f'{head},"features":[\n{lines}\n]}}\n', "utf-8")


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(_json(content) + "\n", "utf-8")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _write_demand(path: Path, rows: Iterable[Headcount]) -> None:
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n")
    write.writerow(_DEMAND_HEADINGS)
    write.writerows([*row, PROVENANCE_ZH["proxy"]] for row in rows)
    path.write_text(text.getvalue(), "utf-8")


def _move_in(folder: Path, data: Path) -> None:
    """Give the finished folder its place in one step, all of it on the disk before.

    The temporary folder may be on another disk, so that it is copied first, into a folder in which
    no county is looked for. What a program that was killed at that moment left there goes first.
    """
    data.mkdir(parents=True, exist_ok=True)
    for stale in data.glob(f"{_DRAFT}*"):
        if time.time() - stale.stat().st_mtime > _STALE_S:
            shutil.rmtree(stale, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=data))
    try:
        copy = shutil.copytree(folder, draft / folder.name)
        for path in [*copy.iterdir(), copy]:
            sync(path)
        try:
            copy.rename(data / folder.name)
        except OSError as error:
            if os.path.lexists(data / folder.name):  # a second start was done first
                raise _exists(data / folder.name) from error
            raise
        sync(data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
