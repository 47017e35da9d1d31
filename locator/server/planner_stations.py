"""The stations as the planner's page shows and changes them: state by the hour, hours, services."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from locator.outputs.coverage_words import DAYS
from locator.outputs.words import one_line
from locator.release.publish import Release
from locator.server.planner_clock import ANY_STOP
from locator.server.words import Language
from locator.stations.hours import open_intervals, service_intervals, week_text


def station_slots(release: Release, lang: Language) -> list[dict[str, Any]]:
    """Which stations are open, and offer what, at half past each hour of the clock's two days.

    One dict a station: id, name, kind, lon, lat (WGS-84), hours (in words, or None), services
    (codes), seats (or None) and ``slots``: for ``any_stop`` (left out for
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
    asked = {row["service"] for row in coverage["clock"]}
    table = release.stations()
    found = []
    for row, point in zip(table.itertuples(), table.geometry, strict=True):
        offered = [service for service in row.services if service in asked]
        slots = _slots(row, offered, days, minutes, release.county)
        if not is_stop(release, row.kind):
            del slots[ANY_STOP]
        found.append(
            {
                "id": row.id,
                "name": one_line(row.name),
                "kind": row.kind,
                "lon": point.x,
                "lat": point.y,
                "hours": _hours(row, lang),
                "services": list(row.services),
                "seats": None if pd.isna(row.seats) else int(row.seats),
                "slots": slots,
            }
        )
    return found


def _hours(row: Any, lang: Language) -> str | None:
    """The station's hours in words, or None where nobody knows them."""
    if row.hours is None:
        return None
    semicolon = "；" if lang == "zh" else "; "
    return semicolon.join(" ".join(line).strip() for line in week_text(row.hours, lang=lang))


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


def is_stop(release: Release, kind: str) -> bool:
    """Whether a kind of station is a place to rest."""
    said = release.manifest["kinds"].get(kind)
    return bool(said["stop"]) if said else True
