"""The counties of a data folder, and the one that goes by a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from locator.county import Costs, County, Streets, load_county
from locator.errors import ConfigError, UnknownCounty


@dataclass(frozen=True)
class Counties:
    """The counties of a data folder.

    ``whole`` are those that can be read, ``broken`` says of each other folder why it cannot.
    ``known`` are the whole ones and, of the broken, those that still tell their code: enough to
    tell whose a row of a shared ledger is, and for nothing else.
    """

    whole: tuple[County, ...]
    broken: Mapping[str, ConfigError]
    known: tuple[County, ...]


def read_counties(data: Path) -> Counties:
    """Every county below ``data``, in the order of their folders' names; a broken one does not
    take the others along.

    Counties of one code are broken, all of them: ids begin with it, so nobody could tell whose a
    station is.
    """
    read: dict[str, County] = {}
    stand_ins: list[County] = []
    broken: dict[str, ConfigError] = {}
    for folder in sorted(path.parent for path in data.glob("*/county.toml")):
        try:
            read[folder.name] = load_county(folder)
        except ConfigError as error:
            broken[folder.name] = error
            stand_ins += _as_far_as_told(folder)
    known = sorted([*read.values(), *stand_ins], key=lambda county: county.slug)
    for county in known:
        others = [str(each.folder) for each in known if each.code == county.code]
        others.remove(str(county.folder))
        if others and county.slug in read:
            broken[county.slug] = ConfigError(
                f"{county.folder / 'county.toml'}：{'、'.join(others)} 也用代码 {county.code}，"
                f"请各用各的 / code {county.code!r} is that of "
                f"{' and '.join(others)} as well; give each county its own."
            )
    whole = tuple(county for slug, county in read.items() if slug not in broken)
    return Counties(whole, dict(sorted(broken.items())), tuple(known))


def _as_far_as_told(folder: Path) -> list[County]:
    """A county whose file cannot be used, by the code and the names that can be read in it."""
    try:
        text = (folder / "county.toml").read_text("utf-8", errors="replace")
    except OSError:
        return []
    said = dict(re.findall(r'^(code|name_zh|name_en)\s*=\s*"([^"\n]+)"', text, re.MULTILINE))
    try:
        return [
            County(
                slug=folder.name,
                folder=folder,
                code=said["code"],
                name_zh=said.get("name_zh", folder.name),
                name_en=said.get("name_en", folder.name),
                centre=(0, 0),
                ledgers=("unknown",),
                streets=Streets(file="unknown", provenance="illustrative"),
                clock_services=(),
                kinds={},
                services={},
                openings={},
                costs=Costs(extend_hour=0, other_service=0),
            )
        ]
    except (KeyError, ValidationError):
        return []


def list_counties(data: Path) -> tuple[County, ...]:
    """Every county below ``data``, in the order of their folders' names.

    Raises ConfigError where one cannot be read, or two have the same code; `read_counties` goes
    on without those.
    """
    counties = read_counties(data)
    for error in counties.broken.values():
        raise error
    return counties.whole


def find_county(data: Path, name: str) -> County:
    """The county that goes by ``name``: its folder, its code, its Chinese or English name, or the
    beginning of its Chinese name (舒城), whichever is found first in this order.

    Raises ConfigError where that one cannot be read, whatever may be wrong with others, and
    UnknownCounty where none goes by the name, or several do.
    """
    counties = read_counties(data)
    if name in counties.broken:
        raise counties.broken[name]
    found = _called(counties.known, name)
    if len(found) > 1:
        folders = "、".join(county.slug for county in found)
        raise UnknownCounty(
            f"叫“{name}”的有 {folders}，请写文件夹名或代码 / "
            f"{name!r} is the name of several; give the folder or the code."
        )
    if found:
        if found[0].slug in counties.broken:
            raise counties.broken[found[0].slug]
        return found[0]
    known = ", ".join(f"{county.slug} ({county.name_zh})" for county in counties.whole)
    if known:
        raise UnknownCounty(
            f"{data} 里没有“{name}”县 / no county {name!r}; 有 / there is: {known}."
        )
    for error in counties.broken.values():
        raise error
    raise UnknownCounty(
        f"{data} 里没有县的文件夹，请用 --data 指明数据在哪里 / "
        f"no county {name!r}: {data} holds no "
        "county folder; give the data folder with --data."
    )


def _called(counties: tuple[County, ...], name: str) -> list[County]:
    """The counties that go by ``name`` in the strictest way in which any does."""
    ways: tuple[Callable[[County], bool], ...] = (
        lambda county: county.slug == name,
        lambda county: county.code == name.lower(),
        lambda county: name.lower() in {county.name_zh.lower(), county.name_en.lower()},
        lambda county: len(name) > 1 and county.name_zh.startswith(name),
    )
    return next((found for way in ways if (found := [*filter(way, counties)])), [])
