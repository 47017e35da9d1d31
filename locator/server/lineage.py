"""What a reader must know before trusting a page: what of it is made up, guessed or unchecked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locator.server.words import Language, say


def rider_notices(manifest: Mapping[str, Any], lang: Language) -> list[tuple[str, str]]:
    """(heading, sentence) of what a rider must know of the stations and the streets."""
    said = [_of_stations(manifest, lang)]
    of = manifest["provenance"]
    if of["streets"] == "illustrative" and not _all_made_up(manifest):
        said.append((say("invented_streets", lang), say("illustrative_streets", lang)))
    return [notice for notice in said if notice is not None]


def plan_notices(manifest: Mapping[str, Any], lang: Language) -> list[tuple[str, str]]:
    """`rider_notices`, and what a planner must know of the riders' numbers."""
    demand = manifest["provenance"].get("demand")
    said = rider_notices(manifest, lang)
    if demand == "illustrative" and not _all_made_up(manifest):
        said.append((say("notice_demand", lang), say("notice_demand_what", lang)))
    if demand == "proxy":
        said.append((say("notice_proxy", lang), say("notice_proxy_what", lang)))
    return said


def stations_by_provenance(manifest: Mapping[str, Any]) -> dict[str, int]:
    """How many stations come from where; releases made before it was counted say the weakest."""
    counted = manifest.get("stations", {}).get("provenance")
    return counted or {manifest["provenance"]["stations"]: manifest["counts"]["published"]}


def _of_stations(manifest: Mapping[str, Any], lang: Language) -> tuple[str, str] | None:
    counts = stations_by_provenance(manifest)
    made_up, osm = counts.get("illustrative", 0), counts.get("osm", 0)
    if made_up:
        if made_up < sum(counts.values()):
            what = say("illustrative_some", lang, count=made_up)
        elif manifest["provenance"]["streets"] == "illustrative":
            what = say("illustrative_what", lang)
        else:
            what = say("illustrative_stations", lang)
        return say("illustrative", lang), what
    if osm:
        some = osm < sum(counts.values())
        what = say("osm_some", lang, count=osm) if some else say("osm_what", lang)
        return say("osm", lang), what
    return None


def _all_made_up(manifest: Mapping[str, Any]) -> bool:
    """Whether the notice of the stations speaks for the streets as well."""
    counts = stations_by_provenance(manifest)
    return set(counts) == {"illustrative"} and manifest["provenance"]["streets"] == "illustrative"
