"""What an earlier release is said to have lacked, whatever the unit of its program."""

from __future__ import annotations

from typing import Any

import pandas as pd

from locator.release.before import read_before


class Earlier:
    """A release of one cell: two riders always, a stop from 6 to 22."""

    hash = "0123456789abcdef"

    def __init__(self, gap: dict[str, Any], **said: Any) -> None:
        bits = "0" * 6 + "1" * 16 + "00"
        cell = {"h3": "8931a", "riders": [2.0] * 48, "covered": {"any_stop": bits * 2}}
        days = {"workday": "2026-10-14", "dayoff": "2026-10-18"}
        coverage = {"as_of": "2026-10-12", "dates": days, "reach_min": 5.0, "gaps": [gap], **said}
        self.files = {"public/coverage.json": None}
        self._json = {"public/coverage.json": coverage, "public/cells.json": {"cells": [cell]}}

    def json(self, name: str) -> Any:
        return self._json[name]

    def stations(self) -> pd.DataFrame:
        return pd.DataFrame()


HOURS = [f"{day} {hour}" for day in ("workday", "dayoff") for hour in (0, 1, 2, 3, 4, 5, 22, 23)]
TWO_DAYS = {"id": "1", "cells": ["8931a"], "hours": HOURS, "rider_hours": 32.0}
WEEK = 8 * 2 * 7


def before(gap: dict[str, Any], **said: Any) -> float:
    (found,) = read_before(Earlier(gap, **said)).gaps["any_stop"]  # type: ignore[arg-type]
    return float(found["rider_hours"])


def test_gaps_of_two_days_are_compared_by_the_week() -> None:
    assert before(TWO_DAYS) == WEEK
    assert before({**TWO_DAYS, "riders": [2.0] * 16}) == WEEK


def test_gaps_of_a_week_are_taken_as_they_are() -> None:
    assert before({**TWO_DAYS, "rider_hours": 112.004}, gap_hours="week") == 112.004
