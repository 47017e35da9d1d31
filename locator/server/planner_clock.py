"""The coverage clock as a page prints it: a table for each day, its title, its colours.

Pure: ``coverage.json`` goes in, words and numbers come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from locator.outputs.coverage_words import DAYS, hours_text, listed, people, percent
from locator.server.planner_words import say

ANY_STOP = "any_stop"
#: Where the minutes of the reach stand in a sentence: the template puts them in, so that the page
#: can change them when another reach is chosen.
REACH = "{reach}"

#: (covered, total) rider-hours of each hour, by day and service.
Clock = dict[tuple[str, str], list[tuple[float, float]]]


def clock_days(coverage: dict[str, Any], names: dict[str, str], lang: str) -> list[dict[str, Any]]:
    """Both days of the clock; ``names`` gives the services in words, "any stop" first.

    No day at all where the demand is unknown.
    """
    clock = _clock(coverage)
    if not clock:
        return []
    return [_day(coverage, clock, names, day, lang) for day in DAYS]


def has_riders(coverage: dict[str, Any]) -> bool:
    """Whether any riders are known at all; without, nothing is covered and nothing is missing."""
    return any(row["total"] > 0 for row in coverage["clock"])


def day_shares(coverage: dict[str, Any]) -> dict[str, int]:
    """Per cent of each day's rider-hours that have any stop."""
    clock = _clock(coverage)
    return {day: _share(clock[day, ANY_STOP]) for day in DAYS}


def worst_slot(coverage: dict[str, Any]) -> tuple[str, int]:
    """The (day, hour) in which most riders have no stop, that of the headline; the first of all
    where the demand is unknown."""
    rows = [row for row in coverage["clock"] if row["service"] == ANY_STOP]
    if not rows:
        return DAYS[0], 0
    worst = max(rows, key=lambda row: row["total"] - row["covered"])
    return worst["day"], worst["hour"]


def reach_text(coverage: Mapping[str, Any]) -> str:
    """The reach in minutes, as one writes it: 5, not 5.0."""
    return f"{coverage['reach_min']:g}"


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
    coverage: dict[str, Any], clock: Clock, names: dict[str, str], day: str, lang: str
) -> dict[str, Any]:
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
        reach=REACH,
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
        every = len(none) == len(shares) > 1
        services = listed([names[service] for service in none], lang)
        return say(
            lang,
            "scarcest_unsure" if coverage["unknown_hours"] else "scarcest_none",
            services=say(lang, "missing_all") if every else services,
            reach=reach_text(coverage),
        )
    if not shares:
        return ""
    service = min(shares, key=lambda each: shares[each])
    name = names[service] if lang == "zh" else names[service].lower()
    return say(lang, "scarcest", service=name, share=shares[service], reach=reach_text(coverage))
