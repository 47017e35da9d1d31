"""The cells file that a month of traces becomes, and the account of what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h3
import numpy as np

from locator.county import County
from locator.coverage.demand.cells import Span, cells_text, read_header, read_spans
from locator.coverage.demand.privacy import (
    LEVELS,
    ROUND_TO,
    SHARE,
    K,
    Presence,
    Published,
    publish,
)
from locator.coverage.demand.table import DAYS, SLOTS
from locator.coverage.demand.traces import Kind, Month, read_month
from locator.errors import DemandError

#: How much is unknown is told to the public in these steps alone (parts of one).
_STEPS = ((0.0, "0"), (0.01, "under 1 %"), (0.05, "1 to 5 %"), (0.2, "5 to 20 %"),
          (0.5, "20 to 50 %"), (1.0, "over 50 %"))  # fmt: skip


def cells_of_traces(
    paths: Sequence[Path],
    county: County,
    kind: Kind,
    *,
    month: str | None = None,
    datum: str | None = None,
    lag_min: int = 0,
    earlier: Path | None = None,
) -> tuple[str, dict[str, Any]]:
    """The text of the cells file of one month, fit to be shown, and the exact account of it.

    ``earlier`` is the file of the month before: its cells and hours are kept (see `privacy`). The
    account is for the county alone. Raises DemandError as `read_month` does, and where ``earlier``
    is of the same month or a later one, or of other traces.
    """
    before = read_header(earlier) if earlier is not None else {}
    if earlier is not None and before.get("source") != kind:
        raise DemandError(
            f"{earlier}: 不是由 {kind} 做的格子文件 / it is no cells file made from {kind}."
        )
    there, of, counted = read_month(paths, county, kind, month=month, datum=datum, lag_min=lag_min)
    name = f"{of.first:%Y-%m}"
    if earlier is not None and before.get("month", "") >= name:
        raise DemandError(
            f"{earlier}: 不是 {name} 之前的月份；一个月只公开一次，接着上个月 / "
            f"not of a month before {name}; a month is published once, and after the one before."
        )
    found = publish(there, read_spans(earlier) if earlier is not None else ())
    spans = [
        Span(
            region.cell,
            SLOTS[region.slots[0]][0],
            _hours(region.slots),
            None if region.rider_hours is None else _riders(region.rider_hours, region.slots, of),
            region.rider_hours,
        )
        for region in found.regions
    ]
    header = {
        "骑手需求，按格子和时段": "riders in need of rest by H3 cell and hour, on average a day",
        "source": kind,
        "month": name,
        "timezone": county.timezone,
        "days": ", ".join(f"{of.count_recorded(day)} {day}" for day in DAYS),
        "days without data": len(of.days) - sum(of.recorded),
        "lag_min": lag_min,
        "riders a cell and hour": f"{K} or more over the month, none more than {SHARE:.0%} of it",
        "rounded to": f"{ROUND_TO} rider-hours of the month",
        "unknown": _unknown(there, found),
        "withheld": "riders left empty: shown in an earlier month, too few in this one",
        "h3 resolution": f"{LEVELS[0]} and coarser",
    }
    if earlier is not None:
        header["after"] = before["month"]
    return cells_text(spans, header), _account(there, found, of, counted) | {
        "source": kind,
        "lag_min": lag_min,
        "after": before.get("month"),
    }


def _riders(rider_hours: int, slots: tuple[int, ...], of: Month) -> float:
    """On average in each hour of a day of this kind, of those that were recorded."""
    days = of.count_recorded(SLOTS[slots[0]][0])
    return rider_hours / days / len(slots) if days else 0.0


def _hours(slots: tuple[int, ...]) -> str:
    return f"{slots[0] % 24:02}:00-{slots[-1] % 24 + 1:02}:00"


def _unknown(there: Presence, found: Published) -> str:
    """The unknown part of the rider-hours, in steps; of riders who are somewhere shown, so that
    somebody who is nowhere shown leaves no trace here either."""
    shown = found.place >= 0
    known_riders = np.isin(there.rider, np.unique(there.rider[shown]))
    total = float(there.hours[known_riders].sum())
    part = float(there.hours[known_riders & ~shown].sum()) / total if total else 1.0
    return next(words for most, words in _STEPS if part <= most)


def _account(
    there: Presence, found: Published, of: Month, counted: dict[str, Any]
) -> dict[str, Any]:
    """What became of the rider-hours, exactly."""
    shown = found.place >= 0
    hours = there.hours

    def total(mask: Any) -> float:
        return round(float(hours[mask].sum()), 3)

    cells = {region.cell for region in found.regions if region.rider_hours is not None}
    return {
        "month": f"{of.first:%Y-%m}",
        "days": {day: of.count(day) for day in DAYS},
        "read": counted,
        "riders": len(np.unique(there.rider)),
        "rider_hours": total(np.ones(len(hours), dtype=bool)),
        "published": {
            "rider_hours": total(shown),
            "rounded": sum(region.rider_hours or 0 for region in found.regions),
            "cells": len(cells),
            "by_resolution": {
                str(level): {
                    "cells": sum(h3.get_resolution(cell) == level for cell in cells),
                    "rider_hours": total(shown & (found.place == at)),
                }
                for at, level in enumerate(LEVELS)
            },
        },
        "merged": {
            "into_parents": total(shown & (found.place > 0)),
            "into_quarter_days": total(shown & (found.time > 0)),
        },
        "withheld": sum(region.rider_hours is None for region in found.regions),
        "unknown": total(~shown),
    }
