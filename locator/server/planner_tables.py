"""The tables of the planner's page: township by township, station by station.

Pure: the ``measures`` of ``coverage.json`` go in; columns and rows of cells come out, each cell a
text and the key by which it sorts ("" for what nobody knows).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from locator.outputs.coverage_words import people, slots_text
from locator.outputs.words import one_line
from locator.server.planner_clock import reach_text
from locator.server.planner_words import say

_TOWNSHIPS = ("township", "riders", "workday", "dayoff", "worst", "p50", "p90", "backup")
_STATIONS = ("station", "loss", "loss_when", "crowding")
#: Columns of words; all others hold figures.
_WORDS = {"township", "station", "loss_when"}
#: From so many hours on they are counted, not listed.
_MANY_HOURS = 24

Cell = dict[str, Any]


def townships_table(coverage: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Riders, shares, worst hour, minutes and backup of each township, most riders first."""
    title = say(lang, "townships_title")
    measures = coverage.get("measures")
    if not measures:
        return {"title": title, "note": say(lang, "townships_missing"), "rows": []}
    rows = sorted(measures["townships"], key=lambda row: -(row["rider_hours"] or 0.0))
    return {
        "title": title,
        "note": say(lang, "townships_what", reach=reach_text(coverage)),
        "columns": _columns(_TOWNSHIPS, "riders", lang),
        "rows": [{"cells": _township(row, lang)} for row in rows],
    }


def stations_table(
    coverage: Mapping[str, Any], names: Mapping[str, str], lang: str
) -> dict[str, Any]:
    """What would be lost with each station, and how crowded it gets; the worst loss first."""
    title = say(lang, "stations_title")
    rows = (coverage.get("measures") or {}).get("stations", [])
    return {
        "title": title,
        "note": say(lang, "stations_what", count=len(rows), reach=reach_text(coverage)),
        "columns": _columns(_STATIONS, "loss", lang),
        "rows": [{"id": row["id"], "cells": _station(row, names, lang)} for row in rows],
    }


def _columns(codes: Sequence[str], sorted_by: str, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "name": say(lang, f"col_{code}"),
            "number": code not in _WORDS,
            "sorted": "descending" if code == sorted_by else None,
        }
        for code in codes
    ]


def _township(row: Mapping[str, Any], lang: str) -> list[Cell]:
    name = one_line(row["name"]) if row["name"] else say(lang, "unknown_township")
    covered, backup = row["covered"] or {}, row["backup"] or {}
    minutes = (row["minutes"] or {}).get("week", {})
    riders = row["rider_hours"]
    return [
        {"text": name, "key": name},
        _unknown(lang) if riders is None else {"text": people(riders), "key": riders},
        _share(covered.get("workday"), lang),
        _share(covered.get("dayoff"), lang),
        _worst(row["worst_hour"], riders, lang),
        _minutes(minutes.get("p50"), riders, lang),
        _minutes(minutes.get("p90"), riders, lang),
        _share(backup.get("week"), lang),
    ]


def _station(row: Mapping[str, Any], names: Mapping[str, str], lang: str) -> list[Cell]:
    name = names.get(row["id"], row["id"])
    lost, hours, crowding = row["lost"], row["lost_hours"], row["crowding"]
    when = _unknown(lang)
    if hours is not None:
        listed = (
            say(lang, "loss_hours", count=len(hours))
            if len(hours) >= _MANY_HOURS
            else slots_text(lang, hours)
        )
        when = {"text": listed or "–", "key": len(hours)}
    return [
        {"text": name, "key": name},
        _unknown(lang) if lost is None else {"text": people(lost), "key": lost},
        when,
        _unknown(lang)
        if crowding is None
        else {"text": f"{max(crowding):.1f}", "key": max(crowding)},
    ]


def _share(share: float | None, lang: str) -> Cell:
    if share is None:
        return _unknown(lang)
    shown = min(99, max(1, round(100 * share))) if 0 < share < 1 else round(100 * share)
    return {"text": f"{shown} %" if lang == "zh" else f"{shown}%", "key": share}


def _worst(worst: Mapping[str, Any] | None, riders: float | None, lang: str) -> Cell:
    """The hour in which most go without; a dash where every hour has a stop for all."""
    if riders is None:
        return _unknown(lang)
    if worst is None:
        return {"text": "–", "key": 0}
    return {
        "text": say(
            lang,
            "worst_hour",
            day=say(lang, worst["day"]),
            hour=f"{worst['hour']:02}:00",
            riders=people(worst["uncovered"]),
        ),
        "key": worst["uncovered"],
    }


def _minutes(minutes: float | None, riders: float | None, lang: str) -> Cell:
    """Minutes; where too few can reach any open stop, that is said, and it sorts as the worst."""
    if riders is None:
        return _unknown(lang)
    if minutes is None:
        return {"text": say(lang, "none_reached"), "key": 1e9}
    return {"text": f"{minutes:.1f}", "key": minutes}


def _unknown(lang: str) -> Cell:
    return {"text": say(lang, "unknown"), "key": "", "unknown": True}
