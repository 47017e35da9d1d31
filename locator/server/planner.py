"""The planner's page: when, where and for which service riders have no stop.

Everything is read from the release. The page is whole without JavaScript (sentence, clock, gaps,
actions, tables, limits); the browser adds the map, the choosing of an hour and the trying of plans.
"""

from __future__ import annotations

import math
from typing import Any

from locator.county import PROVENANCE_ZH
from locator.outputs.coverage_words import DAYS, listed, people, slots_text, tied
from locator.outputs.lineage import withheld_rows
from locator.outputs.words import one_line
from locator.release.publish import Release
from locator.server.planner_actions import actions_view
from locator.server.planner_changes import changes_view
from locator.server.planner_clock import (
    ANY_STOP,
    REACH,
    clock_days,
    day_shares,
    has_riders,
    reach_text,
    worst_slot,
)
from locator.server.planner_sources import sources
from locator.server.planner_stations import is_stop
from locator.server.planner_tables import stations_table, townships_table
from locator.server.planner_words import WORDS, say

#: Gaps listed at once; the rest is folded away.
FIRST_GAPS = 10
_PROVENANCE_EN = {
    "ledger": "the ledger",
    "gps": "riders' tracks",
    "osm": "OpenStreetMap",
    "grid": "gridded statistics",
    "proxy": "an estimate",
    "illustrative": "made-up data",
}
#: The times by e-bike, in minutes, that the page offers beside the county's own.
REACHES_MIN = (5, 10, 15)
#: From this share of stations without hours on, the figures say more of the ledger than of riders.
_MANY_UNKNOWN = 1 / 3


def plan_view(release: Release, lang: str) -> dict[str, Any]:
    """What ``plan.html`` prints of a release: sentence, clock, gaps and limits, in words."""
    coverage = release.json("public/coverage.json")
    county = release.county[f"name_{lang}"]
    services = _services(release, coverage, lang)
    names = _station_names(release)
    gaps = [
        _gap(gap, number, coverage, services, names, lang)
        for number, gap in enumerate(coverage["gaps"], start=1)
    ]
    return {
        "title": say(lang, "title", county=county),
        "kicker": say(lang, "kicker", county=county),
        "headline": _headline(coverage, lang),
        "standfirst": _standfirst(release.manifest, coverage, len(names), lang),
        "days": clock_days(coverage, services, lang),
        "services": list(services.items()),
        "gaps": gaps[:FIRST_GAPS],
        "more_gaps": gaps[FIRST_GAPS:],
        "gaps_title": _gaps_title(coverage, lang),
        "more_gaps_title": say(lang, "gaps_more", count=len(gaps[FIRST_GAPS:])),
        "changes": changes_view(coverage, lang),
        "actions": actions_view(_if_there(release, "public/actions.json"), lang),
        "townships": townships_table(coverage, lang),
        "stations": stations_table(coverage, names, lang),
        "downloads": say(
            lang,
            "downloads_what",
            release=release.hash,
            as_of=coverage["as_of"],
            lineage=_weakest(release.manifest, lang).rstrip("。."),
        ),
        "limits": _limits(release.manifest, coverage, lang),
        "sources": sources(release.manifest, lang),
        "weakest": _weakest(release.manifest, lang),
        "files_text": say(lang, "files_text", release=release.hash, as_of=coverage["as_of"]),
    }


def plan_settings(release: Release, lang: str) -> dict[str, Any]:
    """What the page's modules start from: the worst hour, the box, the words."""
    coverage = release.json("public/coverage.json")
    day, hour = worst_slot(coverage)
    return {
        "day": day,
        "hour": hour,
        "service": ANY_STOP,
        "reach": reach_text(coverage),
        "reach_min": coverage["reach_min"],
        "unknown_hours": bool(coverage["unknown_hours"]),
        "reaches": sorted({*REACHES_MIN, coverage["reach_min"]}),
        "services": _services(release, coverage, lang),
        "kinds": {"": say(lang, "every_kind"), **_stop_kinds(release, lang)},
        "release": release.hash,
        "as_of": coverage["as_of"],
        "words": {key: say(lang, key) for key in WORDS},
    }


def _headline(coverage: dict[str, Any], lang: str) -> str:
    if not has_riders(coverage):
        return say(lang, "no_riders_headline")
    text = str(coverage[f"headline_{lang}"]).rstrip("。.")
    return tied(text) if lang == "zh" else text


def _standfirst(
    manifest: dict[str, Any], coverage: dict[str, Any], stations: int, lang: str
) -> dict[str, str]:
    """The sentences below the headline, by what they tell."""
    if not coverage["clock"]:
        code = "demand_withheld" if withheld_rows(manifest) else "demand_unknown"
        return {code: say(lang, code)}
    said = {"rule": say(lang, "rule", reach=REACH)}
    if has_riders(coverage):
        said["shares"] = say(lang, "standfirst_shares", **day_shares(coverage))
        unknown = len(coverage["unknown_hours"])
        if unknown >= stations * _MANY_UNKNOWN:
            said["unknown"] = say(lang, "standfirst_unknown", count=stations, unknown=unknown)
    return said


# --- the gaps ------------------------------------------------------------------------------------


def _gap(
    gap: dict[str, Any],
    number: int,
    coverage: dict[str, Any],
    services: dict[str, str],
    names: dict[str, str],
    lang: str,
) -> dict[str, Any]:
    slots = [slot.split() for slot in gap["hours"]]
    if gap["nearest_station"] is None or gap["nearest_minutes"] is None:
        nearest = say(lang, "nearest_none")
    else:
        # Rounded up: what lies beyond the reach must not read as if it lay within.
        minutes = max(1, math.ceil(gap["nearest_minutes"]))
        name = names.get(gap["nearest_station"], gap["nearest_station"])
        nearest = say(lang, "nearest_text", name=name, minutes=minutes)
    missing = listed([services[code] for code in gap["services"]], lang)
    if len(gap["services"]) == len(services) - 1:
        missing = say(lang, "missing_all")
    return {
        "id": gap["id"],
        "number": number,
        "name": _gap_name(gap, lang),
        "rider_hours": say(lang, "rider_hours", count=people(gap["rider_hours"])),
        "when": slots_text(lang, gap["hours"]),
        "slots": [(int(hour), DAYS.index(day)) for day, hour in slots],
        "remedy": say(lang, f"remedy_{gap['cause']}", reach=reach_text(coverage)),
        "nearest": nearest,
        "missing": missing,
    }


def _gaps_title(coverage: dict[str, Any], lang: str) -> str:
    gaps = coverage["gaps"]
    if not has_riders(coverage):
        return say(lang, "gaps_not_known")
    if not gaps:
        return say(lang, "gaps_none")
    key = "gaps_one" if len(gaps) == 1 else "gaps_title"
    return say(lang, key, count=len(gaps), name=_gap_name(gaps[0], lang))


def _gap_name(gap: dict[str, Any], lang: str) -> str:
    """A gap's name; releases made before there were English ones have the Chinese alone."""
    return one_line(gap.get(f"name_{lang}", gap["name"]))


# --- the limits ----------------------------------------------------------------------------------


def _limits(manifest: dict[str, Any], coverage: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """(term, description) pairs: how the numbers were reckoned, and what they cannot say."""
    withheld = withheld_rows(manifest)
    unknown, unreachable = len(coverage["unknown_hours"]), len(coverage["unreachable_cells"])
    texts = {
        "dates": say(lang, "dates_text", as_of=coverage["as_of"], **coverage["dates"]),
        "reach": say(lang, "reach_text", reach=REACH),
        "unknown_hours": say(lang, "unknown_hours_text", count=unknown)
        if unknown
        else say(lang, "unknown_hours_none"),
        "withheld": say(lang, "withheld_text", count=withheld),
        "unreachable": say(lang, "unreachable_text", count=unreachable)
        if unreachable
        else say(lang, "unreachable_none"),
        "shares": say(lang, "shares_text"),
    }
    if not coverage["clock"]:  # nothing was reckoned, so nothing is to be said of how
        texts = {key: texts[key] for key in ("unknown_hours", "withheld")}
    if not withheld:
        del texts["withheld"]
    return [(say(lang, key), text) for key, text in texts.items()]


def _weakest(manifest: dict[str, Any], lang: str) -> str:
    code = manifest["provenance"]["weakest"]
    return say(
        lang,
        "weakest",
        weakest=PROVENANCE_ZH[code] if lang == "zh" else _PROVENANCE_EN.get(code, code),
    )


# --- words of the release ------------------------------------------------------------------------


def _services(release: Release, coverage: dict[str, Any], lang: str) -> dict[str, str]:
    """Code → name of the services of the clock, "any stop" first."""
    codes = dict.fromkeys([ANY_STOP, *(row["service"] for row in coverage["clock"])])
    return {code: _service_name(release, code, lang) for code in codes}


def _station_names(release: Release) -> dict[str, str]:
    features = release.json("public/stations.geojson")["features"]
    return {
        said["id"]: one_line(said["name"]) for said in (each["properties"] for each in features)
    }


def _service_name(release: Release, code: str, lang: str) -> str:
    if code == ANY_STOP:
        return say(lang, ANY_STOP)
    said = release.manifest["services"].get(code)
    return str(said[lang]) if said else code


def _stop_kinds(release: Release, lang: str) -> dict[str, str]:
    """Code → name of the kinds of stop that the release has."""
    features = release.json("public/stations.geojson")["features"]
    kinds = sorted({each["properties"]["kind"] for each in features})
    return {
        kind: str(release.manifest["kinds"].get(kind, {}).get(lang, kind))
        for kind in kinds
        if is_stop(release, kind)
    }


def _if_there(release: Release, name: str) -> Any:
    """A JSON file that releases made before there was one do not hold; None for them."""
    return release.json(name) if name in release.files else None
