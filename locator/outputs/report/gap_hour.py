"""The hour in which most riders of a gap go without, and the stops that are open then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from locator.stations.hours import open_intervals

if TYPE_CHECKING:
    from locator.release.publish import Release


def worst_at(gap: Mapping[str, Any]) -> int | None:
    """Which of a gap's hours that is, the first of several; None where the release is too old to
    tell the riders of each hour."""
    riders = gap.get("riders")
    return riders.index(max(riders)) if riders else None


def open_then(release: Release, dates: Mapping[str, str], slot: str) -> frozenset[str]:
    """The stations (ids) that are open at half past, when the riders of the clock leave.

    ``slot`` is a day and an hour ("workday 20"), ``dates`` the clock's two days. Those whose hours
    nobody knows are not among them.
    """
    day, hour = slot.split()
    zone = release.county["timezone"]
    when = date.fromisoformat(dates[day])
    minute = int(datetime.combine(when, time(int(hour), 30), ZoneInfo(zone)).timestamp()) // 60
    country = release.county.get("country", "CN")
    return frozenset(
        row.id
        for row in release.stations().itertuples()
        if row.status == "open"
        and row.hours is not None
        and any(
            begin <= minute < end
            for begin, end in open_intervals(row.hours, when, 1, zone, country).tolist()
        )
    )
