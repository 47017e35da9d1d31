"""The planner's page: when, where and for which service riders have no stop.

Everything is read from the release. The page is whole without JavaScript (sentence, clock, gaps,
limits); the browser adds the map and the choosing of an hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from locator.county import PROVENANCE_ZH
from locator.outputs.words import word
from locator.release.publish import Release
from locator.server.planner_words import (
    DAYS,
    WORDS,
    hours_text,
    people,
    percent,
    say,
    slots_text,
    tied,
)
from locator.stations.hours import open_intervals, service_intervals

ANY_STOP = "any_stop"
#: Gaps listed at once; the rest is folded away.
FIRST_GAPS = 8

#: (covered, total) rider-hours of each hour, by day and service.
Clock = dict[tuple[str, str], list[tuple[float, float]]]


def plan_view(release: Release, lang: str) -> dict[str, Any]:
    """What ``plan.html`` prints of a release: sentence, clock, gaps and limits, in words."""
    coverage = release.json("public/coverage.json")
    county = release.county[f"name_{lang}"]
    clock = _clock(coverage)
    totals = {day: _share(clock[day, ANY_STOP]) for day in DAYS}
    names = _station_names(release)
    gaps = [
        _gap(release, coverage, names, number, lang)
        for number in range(1, len(coverage["gaps"]) + 1)
    ]
    return {
        "title": say(lang, "title", county=county),
        "kicker": say(lang, "kicker", county=county),
        "headline": _headline(coverage, lang),
        "standfirst": say(lang, "standfirst", reach=_reach(coverage), **totals),
        "days": [_day(release, coverage, clock, day, lang) for day in DAYS],
        "services": list(_services(release, coverage, lang).items()),
        "gaps": gaps[:FIRST_GAPS],
        "more_gaps": gaps[FIRST_GAPS:],
        "gaps_title": _gaps_title(gaps, lang),
        "more_gaps_title": say(lang, "gaps_more", count=len(gaps[FIRST_GAPS:])),
        "limits": _limits(release, coverage, lang),
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
        "reach": _reach(coverage),
        "services": _services(release, coverage, lang),
        "words": {key: say(lang, key) for key in WORDS},
    }


def worst_slot(coverage: dict[str, Any]) -> tuple[str, int]:
    """The (day, hour) in which most riders have no stop: that of the headline."""
    rows = [row for row in coverage["clock"] if row["service"] == ANY_STOP]
    worst = max(rows, key=lambda row: row["total"] - row["covered"])
    return worst["day"], worst["hour"]


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
            {"id": row.id, "name": row.name, "lon": point.x, "lat": point.y, "slots": slots}
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
    text = str(coverage[f"headline_{lang}"]).rstrip("。.")
    return tied(text) if lang == "zh" else text


# --- the clock -----------------------------------------------------------------------------------


def _clock(coverage: dict[str, Any]) -> Clock:
    clock: Clock = {}
    for row in coverage["clock"]:
        hours = clock.setdefault((row["day"], row["service"]), [(0.0, 0.0)] * 24)
        hours[row["hour"]] = (row["covered"], row["total"])
    return clock


def _share(hours: Iterable[tuple[float, float]]) -> int:
    pairs = list(hours)
    return percent(sum(covered for covered, _ in pairs), sum(total for _, total in pairs))


def _day(
    release: Release, coverage: dict[str, Any], clock: Clock, day: str, lang: str
) -> dict[str, Any]:
    names = _services(release, coverage, lang)
    shares = {
        service: _share([pair for each in DAYS for pair in clock[each, service]])
        for service in names
        if service != ANY_STOP
    }
    # The scarcest on top; what nobody offers at all has one number to say and goes below.
    order = sorted(shares, key=lambda service: (shares[service] == 0, shares[service]))
    riders = [total for _, total in clock[day, ANY_STOP]]
    most = max(total for each in DAYS for _, total in clock[each, ANY_STOP]) or 1.0
    caption = say(
        lang,
        "clock_caption",
        day=say(lang, day),
        date=coverage["dates"][day],
        reach=_reach(coverage),
    )
    return {
        "code": day,
        "name": say(lang, day),
        "finding": _finding(clock[day, ANY_STOP], day, lang),
        "scarcest": _scarcest(clock, day, names, coverage, lang),
        "caption": caption,
        "riders": [
            {"hour": hour, "text": people(count), "height": round(20 * count / most, 1)}
            for hour, count in enumerate(riders)
        ],
        "riders_all_day": people(sum(riders)),
        "rows": [
            {
                "service": service,
                "name": names[service],
                "never": shares.get(service) == 0,
                "cells": [_cell(*pair) for pair in clock[day, service]],
                "all_day": _cell(*map(sum, zip(*clock[day, service], strict=True))),
            }
            for service in (ANY_STOP, *order)
        ],
    }


def _cell(covered: float, total: float) -> dict[str, Any]:
    """A cell of the heat map: its number and its step, 0–9, on the colour scale."""
    if total <= 0:
        return {"text": "–", "step": None}
    share = percent(covered, total)
    return {"text": str(share), "step": min(9, share // 10)}


def _finding(hours: list[tuple[float, float]], day: str, lang: str) -> str:
    """What the day's row of "any stop" says, as a title."""
    name = say(lang, day)
    peopled = [hour for hour, (_, total) in enumerate(hours) if total > 0]
    bad = [hour for hour in peopled if hours[hour][0] < 0.5 * hours[hour][1]]
    if not peopled:
        return say(lang, "finding_no_riders", day=name)
    if not bad:
        return say(lang, "finding_none", day=name)
    if len(bad) == len(peopled):
        return say(lang, "finding_all_day", day=name)
    return say(lang, "finding_night", day=name, hours=hours_text(lang, bad))


def _scarcest(
    clock: Clock, day: str, names: dict[str, str], coverage: dict[str, Any], lang: str
) -> str:
    shares = {
        service: _share(clock[day, service])
        for service in names
        if service != ANY_STOP and any(total for _, total in clock[day, service])
    }
    none = [service for service, share in shares.items() if share == 0]
    if none:
        services = _listed([names[service] for service in none], lang)
        return say(lang, "scarcest_none", services=services, reach=_reach(coverage))
    if not shares:
        return ""
    service = min(shares, key=lambda each: shares[each])
    name = names[service] if lang == "zh" else names[service].lower()
    return say(lang, "scarcest", service=name, share=shares[service], reach=_reach(coverage))


# --- the gaps ------------------------------------------------------------------------------------


def _gap(
    release: Release, coverage: dict[str, Any], names: dict[str, str], number: int, lang: str
) -> dict[str, Any]:
    gap = coverage["gaps"][number - 1]
    slots = [slot.split() for slot in gap["hours"]]
    if gap["nearest_station"] is None or gap["nearest_minutes"] is None:
        nearest = say(lang, "nearest_none")
    else:
        minutes = max(1, round(gap["nearest_minutes"]))
        name = names.get(gap["nearest_station"], gap["nearest_station"])
        nearest = say(lang, "nearest_text", name=name, minutes=minutes)
    services = _services(release, coverage, lang)
    missing = _listed([services[code] for code in gap["services"]], lang)
    if len(gap["services"]) == len(services) - 1:
        missing = say(lang, "missing_all")
    return {
        "id": gap["id"],
        "number": number,
        "name": gap["name"],
        "rider_hours": say(lang, "rider_hours", count=people(gap["rider_hours"])),
        "when": slots_text(lang, gap["hours"]),
        "slots": [(int(hour), DAYS.index(day)) for day, hour in slots],
        "remedy": say(lang, f"remedy_{gap['cause']}", reach=_reach(coverage)),
        "nearest": nearest,
        "missing": missing,
    }


def _listed(names: list[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(names)


def _gaps_title(gaps: list[dict[str, Any]], lang: str) -> str:
    if not gaps:
        return say(lang, "gaps_none")
    key = "gaps_one" if len(gaps) == 1 else "gaps_title"
    return say(lang, key, count=len(gaps), name=gaps[0]["name"])


# --- the limits ----------------------------------------------------------------------------------


def _limits(release: Release, coverage: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """(term, description) pairs: where the numbers come from, and what they leave out."""
    provenance = {
        key: PROVENANCE_ZH[value] if lang == "zh" else value
        for key, value in release.manifest["provenance"].items()
        if value is not None
    }
    unknown, unreachable = len(coverage["unknown_hours"]), len(coverage["unreachable_cells"])
    sources = say(
        lang,
        "sources_text",
        **{key: provenance.get(key, "–") for key in ("stations", "streets", "demand")},
    )
    weakest = say(lang, "weakest", weakest=provenance["weakest"])
    texts = {
        "sources": sources + ("" if lang == "zh" else " ") + weakest,
        "dates": say(lang, "dates_text", as_of=coverage["as_of"], **coverage["dates"]),
        "reach": say(lang, "reach_text", reach=_reach(coverage)),
        "unknown_hours": say(lang, "unknown_hours_text", count=unknown)
        if unknown
        else say(lang, "unknown_hours_none"),
        "unreachable": say(lang, "unreachable_text", count=unreachable)
        if unreachable
        else say(lang, "unreachable_none"),
        "shares": say(lang, "shares_text"),
    }
    return [(say(lang, key), text) for key, text in texts.items()]


# --- words of the release ------------------------------------------------------------------------


def _services(release: Release, coverage: dict[str, Any], lang: str) -> dict[str, str]:
    """Code → name of the services of the clock, "any stop" first."""
    codes = dict.fromkeys(row["service"] for row in coverage["clock"])
    names = {code: _service_name(release, code, lang) for code in codes}
    return {ANY_STOP: names.pop(ANY_STOP), **names}


def _station_names(release: Release) -> dict[str, str]:
    features = release.json("public/stations.geojson")["features"]
    return {said["id"]: said["name"] for said in (each["properties"] for each in features)}


def _service_name(release: Release, code: str, lang: str) -> str:
    if code == ANY_STOP:
        return say(lang, ANY_STOP)
    said = release.manifest.get("services", {}).get(code)
    return str(said[lang] if said else getattr(word("services", code), lang))


def _is_stop(release: Release, kind: str) -> bool:
    return kind != "friendly_estate"


def _reach(coverage: dict[str, Any]) -> str:
    return f"{coverage['reach_min']:g}"
