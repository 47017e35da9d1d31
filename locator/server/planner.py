"""The planner's page: when, where and for which service riders have no stop.

Everything is read from the release. The page is whole without JavaScript (sentence, clock, gaps,
limits); the browser adds the map and the choosing of an hour.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from locator.county import PROVENANCE_ZH
from locator.outputs.coverage_words import DAYS, listed, people, slots_text, tied
from locator.outputs.words import one_line
from locator.release.publish import Release
from locator.server.planner_clock import (
    ANY_STOP,
    clock_days,
    day_shares,
    has_riders,
    reach_text,
    worst_slot,
)
from locator.server.planner_sources import sources
from locator.server.planner_words import WORDS, say
from locator.stations.hours import open_intervals, service_intervals

#: Gaps listed at once; the rest is folded away.
FIRST_GAPS = 8
_PROVENANCE_EN = {
    "ledger": "the ledger",
    "gps": "riders' tracks",
    "osm": "OpenStreetMap",
    "grid": "gridded statistics",
    "proxy": "an estimate",
    "illustrative": "made-up data",
}
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
        "standfirst": _standfirst(coverage, len(names), lang),
        "days": clock_days(coverage, services, lang),
        "services": list(services.items()),
        "gaps": gaps[:FIRST_GAPS],
        "more_gaps": gaps[FIRST_GAPS:],
        "gaps_title": _gaps_title(coverage, lang),
        "more_gaps_title": say(lang, "gaps_more", count=len(gaps[FIRST_GAPS:])),
        "limits": _limits(coverage, lang),
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
        "services": _services(release, coverage, lang),
        "words": {key: say(lang, key) for key in WORDS},
    }


def station_slots(release: Release) -> list[dict[str, Any]]:
    """Which stations are open, and offer what, at half past each hour of the clock's two days.

    One dict a station: id, name, lon, lat (WGS-84) and ``slots``: for ``any_stop`` (left out for
    kinds that are no stop) and each service 48 characters, workday 0–23 then day off 0–23: ``1``
    open, ``0`` closed, ``?`` hours unknown. A station whose status is not open is closed.
    """
    coverage = release.json("public/coverage.json")
    zone = ZoneInfo(release.county["timezone"])
    days = [date.fromisoformat(coverage["dates"][day]) for day in DAYS]
    minutes = [
        int(datetime.combine(day, time(hour, 30), zone).timestamp()) // 60
        for day in days
        for hour in range(24)
    ]
    asked = set(_services(release, coverage, "zh"))
    table = release.stations()
    found = []
    for row, point in zip(table.itertuples(), table.geometry, strict=True):
        offered = [service for service in row.services if service in asked]
        slots = _slots(row, offered, days, minutes, release.county)
        if not _is_stop(release, row.kind):
            del slots[ANY_STOP]
        found.append(
            {
                "id": row.id,
                "name": one_line(row.name),
                "lon": point.x,
                "lat": point.y,
                "slots": slots,
            }
        )
    return found


def _slots(
    row: Any, offered: list[str], days: list[date], minutes: list[int], county: dict[str, Any]
) -> dict[str, str]:
    names = [ANY_STOP, *offered]
    if row.status != "open":
        return dict.fromkeys(names, "0" * len(minutes))
    if row.hours is None:
        return dict.fromkeys(names, "?" * len(minutes))
    country = county.get("country", "CN")
    spans: dict[str, list[np.ndarray]] = {name: [] for name in names}
    for day in days:
        spans[ANY_STOP].append(open_intervals(row.hours, day, 1, county["timezone"], country))
        for name, span in service_intervals(
            row.hours, row.service_hours, offered, day, 1, county["timezone"], country
        ).items():
            spans[name].append(span)
    return {name: _bits(np.concatenate(parts), minutes) for name, parts in spans.items()}


def _bits(intervals: np.ndarray, minutes: list[int]) -> str:
    at = np.asarray(minutes)[:, None]
    inside = ((intervals[:, 0] <= at) & (at < intervals[:, 1])).sum(axis=1)
    return "".join("1" if spans else "0" for spans in inside.tolist())


def _headline(coverage: dict[str, Any], lang: str) -> str:
    if not has_riders(coverage):
        return say(lang, "no_riders_headline")
    text = str(coverage[f"headline_{lang}"]).rstrip("。.")
    return tied(text) if lang == "zh" else text


def _standfirst(coverage: dict[str, Any], stations: int, lang: str) -> str:
    if not coverage["clock"]:
        return say(lang, "demand_unknown")
    said = [say(lang, "standfirst", reach=reach_text(coverage))]
    if has_riders(coverage):
        said.append(say(lang, "standfirst_shares", **day_shares(coverage)))
        unknown = len(coverage["unknown_hours"])
        if unknown >= stations * _MANY_UNKNOWN:
            said.append(say(lang, "standfirst_unknown", count=stations, unknown=unknown))
    return ("" if lang == "zh" else " ").join(said)


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


def _limits(coverage: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """(term, description) pairs: how the numbers were reckoned, and what they cannot say."""
    unknown, unreachable = len(coverage["unknown_hours"]), len(coverage["unreachable_cells"])
    texts = {
        "dates": say(lang, "dates_text", as_of=coverage["as_of"], **coverage["dates"]),
        "reach": say(lang, "reach_text", reach=reach_text(coverage)),
        "unknown_hours": say(lang, "unknown_hours_text", count=unknown)
        if unknown
        else say(lang, "unknown_hours_none"),
        "unreachable": say(lang, "unreachable_text", count=unreachable)
        if unreachable
        else say(lang, "unreachable_none"),
        "shares": say(lang, "shares_text"),
    }
    if not coverage["clock"]:  # nothing was reckoned, so nothing is to be said of how
        texts = {"unknown_hours": texts["unknown_hours"]}
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


def _is_stop(release: Release, kind: str) -> bool:
    said = release.manifest["kinds"].get(kind)
    return bool(said["stop"]) if said else True
