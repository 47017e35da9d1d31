"""What the gaps of a new release are told of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from locator.coverage.gap_succession import Before
from locator.coverage.supply import ANY_STOP
from locator.coverage.week import WEEK, week_hours
from locator.release.publish import Release


def read_before(release: Release) -> Before:
    """What a release says of its gaps and of what they were made from.

    Releases made before there were gaps of services have those of any stop alone; where the gaps
    of an earlier program sum two days (no ``gap_hours``), they are given as a week's here.
    """
    coverage = release.json("public/coverage.json")
    cells = release.json("public/cells.json")["cells"]
    of_services = "public/gaps.json" in release.files
    gaps = release.json("public/gaps.json") if of_services else {ANY_STOP: coverage["gaps"]}
    if coverage.get("gap_hours") != "week":
        missing = {cell["h3"]: _missing(cell) for cell in cells}
        gaps = {
            service: [{**gap, "rider_hours": _week(gap, missing)} for gap in each]
            for service, each in gaps.items()
        }
    return Before(
        release=release.hash,
        as_of=date.fromisoformat(coverage["as_of"]),
        dates={day: date.fromisoformat(said) for day, said in coverage["dates"].items()},
        reach_min=coverage["reach_min"],
        gaps=gaps,
        stations=release.stations(),
        riders={cell["h3"]: cell["riders"] for cell in cells},
    )


def _week(gap: Mapping[str, Any], missing: Mapping[str, float]) -> float:
    """A gap's rider-hours a week; ``missing`` are those of each cell without any stop."""
    if "riders" not in gap:  # of any stop, since others have always had them
        return round(sum(missing[cell] for cell in gap["cells"]), 3)
    return round(week_hours(gap["hours"], gap["riders"]), 3)


def _missing(cell: Mapping[str, Any]) -> float:
    without = [bit == "0" for bit in cell["covered"][ANY_STOP]]
    return float(WEEK @ (np.array(cell["riders"]) * without))
