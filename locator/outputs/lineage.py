"""What a reader must know before trusting a page or a print: what of it is made up, estimated or
unchecked, in the same words everywhere.

A manifest's ``illustrative`` only says that something in the release is made up; what of it is, is
asked of the stations, the streets and the demand each for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from locator.county import Provenance

#: A heading and a sentence.
Notice = tuple[str, str]

_NOTICES: dict[str, dict[str, Notice]] = {
    "all_made_up": {
        "zh": ("示意数据", "站点、街道和时间都是编的，现场没有驿站。"),
        "en": ("Illustrative data",
               "Stations, streets and hours are made up; there is no station on site."),
    },
    "figures_made_up": {
        "zh": ("示意数据", "站点、街道和骑手人数都是编的，现场没有驿站；算出的缺口不可引用。"),
        "en": ("Illustrative data", "Stations, streets and riders are made up; there is no station "
               "on site. Do not quote the gaps."),
    },
    "stations_made_up": {
        "zh": ("示意数据", "站点和时间都是编的，现场没有驿站；街道是真的。"),
        "en": ("Illustrative data", "Stations and hours are made up, there is no station on site; "
               "the streets are real."),
    },
    "some_made_up": {
        "zh": ("示意数据", "名字里写着（示意）的 {count} 处是编的，现场没有驿站。"),
        "en": ("Illustrative data", "The {count} with （示意） in their names are made up; there "
               "is no station on site."),
    },
    "osm": {
        "zh": ("来自开放街图", "这里的地点取自开放街图，不是县里设的驿站，未经核实。"),
        "en": ("From OpenStreetMap", "These places are taken from OpenStreetMap. They are not the "
               "county's stations, and nobody has checked them."),
    },
    "some_osm": {
        "zh": ("来自开放街图", "写着“开放街图”的 {count} 处不是县里设的驿站，未经核实。"),
        "en": ("From OpenStreetMap", "The {count} marked “OpenStreetMap” are not the county's "
               "stations, and nobody has checked them."),
    },
    "streets": {
        "zh": ("示意街道", "街道是编的，不能照着走。"),
        "en": ("Made-up streets", "The streets are made up: do not find your way by them."),
    },
    "demand": {
        "zh": ("示意需求", "骑手人数是编的，由此算出的缺口不可引用。"),
        "en": ("Made-up demand",
               "The numbers of riders are made up; do not quote the gaps found with them."),
    },
    "proxy": {
        "zh": ("需求为推算", "骑手人数由餐馆和住家推算，没有人数过。"),
        "en": ("Estimated demand",
               "The numbers of riders are estimated from restaurants and homes; nobody has "
               "counted."),
    },
}  # fmt: skip


def provenance_of(station: Mapping[str, Any]) -> Provenance:
    """Where a station of a release comes from; one that does not say is the ledger's."""
    return cast("Provenance", station.get("provenance") or "ledger")


def stations_by_provenance(manifest: Mapping[str, Any]) -> dict[str, int]:
    """How many stations come from where; releases made before it was counted say the weakest."""
    counted = manifest.get("stations", {}).get("provenance")
    return counted or {manifest["provenance"]["stations"]: manifest["counts"]["published"]}


def listed_on(manifest: Mapping[str, Any]) -> str:
    """The day of the list of stations: that of the extract where all come out of one.

    A list that a county keeps is as of the release's own day.
    """
    extract = manifest.get("streets", {}).get("frozen_on")
    only_osm = set(stations_by_provenance(manifest)) == {"osm"}
    return str(extract if only_osm and extract else manifest["as_of"])


def withheld_rows(manifest: Mapping[str, Any]) -> int:
    """Of how many cells and hours the riders' file withholds the number: unknown, not none."""
    return int(manifest.get("demand", {}).get("withheld", 0))


def rider_notices(manifest: Mapping[str, Any], lang: Literal["zh", "en"]) -> list[Notice]:
    """What a rider must know of the stations and the streets."""
    return [_said(code, count, lang) for code, count in _of_places(manifest)]


def plan_notices(manifest: Mapping[str, Any], lang: Literal["zh", "en"]) -> list[Notice]:
    """`rider_notices`, and what a planner must know of the riders' numbers."""
    found = _of_places(manifest)
    demand = manifest["provenance"].get("demand")
    if demand == "illustrative":
        everything = found[:1] == [("all_made_up", 0)]
        found = [("figures_made_up", 0)] if everything else [*found, ("demand", 0)]
    if demand == "proxy":
        found.append(("proxy", 0))
    return [_said(code, count, lang) for code, count in found]


def _of_places(manifest: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Which notices the stations and the streets call for, with the count that each names."""
    by = stations_by_provenance(manifest)
    total, made_up, osm = sum(by.values()), by.get("illustrative", 0), by.get("osm", 0)
    invented_streets = manifest["provenance"]["streets"] == "illustrative"
    if made_up and made_up == total:
        return [("all_made_up" if invented_streets else "stations_made_up", 0)]
    found = []
    if made_up:
        found.append(("some_made_up", made_up))
    if osm:
        found.append(("osm", 0) if osm == total else ("some_osm", osm))
    if invented_streets:
        found.append(("streets", 0))
    return found


def _said(code: str, count: int, lang: str) -> Notice:
    heading, sentence = _NOTICES[code][lang]
    return heading, sentence.format(count=count)
