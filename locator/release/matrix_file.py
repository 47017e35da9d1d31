"""The travel times and hours behind the clock as a file, for what-ifs in the browser.

The format is told in ``docs/matrix-format.md``, the reader is ``matrix-file.js``. With
``streets.bin`` it is all that the clock is made of, so whoever reads both finds the clock that is
found here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from locator.county import County
from locator.coverage.demand import DAYS
from locator.coverage.served import need_of
from locator.coverage.study import Study
from locator.coverage.supply import LONGEST_DS, STAY_MIN, Calendar, Offer
from locator.release.columns import pack
from locator.stations.hours import open_intervals
from locator.streets.graph import StreetGraph
from locator.streets.snap import Snap

FORMAT, VERSION = "yizhangtu-matrix", 1
#: Riders are kept in millionths, so that the sum over a county errs by less than a thousandth.
RIDER_UNIT = 1_000_000
_DS_PER_MIN = 600

Spans = list[list[int]]


def matrix_file(study: Study, county: County) -> bytes:
    """What ``study`` found, as the bytes of ``matrix.bin``."""
    coverage = study.coverage
    supply = coverage.supply
    columns = study.ground.access.matrix.tocsc()
    columns.sort_indices()
    midnight = {day: _midnight_min(supply.calendar, day) for day in DAYS}
    departures = supply.calendar.departures_ds // _DS_PER_MIN
    header = {
        "format": FORMAT,
        "version": VERSION,
        "county": county.slug,
        "as_of": coverage.as_of.isoformat(),
        "dates": {day: coverage.dates[day].isoformat() for day in DAYS},
        "reach_min": coverage.reach_min,
        "longest_ds": LONGEST_DS,
        "stay_min": STAY_MIN,
        "rider_unit": RIDER_UNIT,
        "demand": study.demand.provenance,
        "departures_min": [
            int(leave) - midnight[DAYS[slot // 24]] for slot, leave in enumerate(departures)
        ],
        "services": list(supply.services),
        # The same on both days.
        "need": need_of(county)[:, :24].tolist(),
        "stations": [
            _station(offer, supply.services, supply.calendar, midnight) for offer in supply.offers
        ],
    }
    return pack(
        header,
        {
            **_snapped(study.streets, study.ground.cells),
            "riders": ("uint", np.rint(study.demand.riders * RIDER_UNIT).ravel()),
            "entries": ("uint", np.diff(columns.indptr)),
            "entry_cell": ("delta", columns.indices),
            "entry_ds": ("uint", columns.data),
        },
    )


def _snapped(graph: StreetGraph, cells: Snap) -> dict[str, Any]:
    """Where the cells meet the streets: piece (from 1 on; 0 where no street is near), tenths of a
    second along it, whether that is its very start (1) or end (2), and to get there."""
    near = cells.edge >= 0
    position = np.floor(np.nan_to_num(cells.fraction) * graph.edge_time_ds[cells.edge] + 0.5)
    piece = np.searchsorted(graph.pieces, cells.edge)
    return {
        "cell_piece": ("uint", np.where(near, piece + 1, 0)),
        "cell_along": ("uint", np.where(near, position, 0)),
        "cell_end": ("uint", (cells.fraction == 0) * 1 + (cells.fraction == 1) * 2),
        "cell_snap": ("uint", np.where(near, cells.time_ds, 0)),
    }


def _station(
    offer: Offer, services: tuple[str, ...], calendar: Calendar, midnight: Mapping[str, int]
) -> dict[str, Any]:
    """What a station offers; its hours in minutes of each day of the clock, null where unknown."""

    def spans(hours: str, day: str) -> Spans:
        where = (calendar.dates[day], 1, calendar.timezone, calendar.country)
        found: Spans = (open_intervals(hours, *where) - midnight[day]).tolist()
        return found

    own = [code for code in services if code in offer.service_hours]
    door = offer.hours
    return {
        "id": offer.station,
        "stop": offer.stop,
        "in_service": offer.in_service,
        "hours": {day: None if (hours := door[day]) is None else spans(hours, day) for day in DAYS},
        "services": [code for code in services if code in offer.services],
        "own": {code: {day: spans(offer.service_hours[code], day) for day in DAYS} for code in own},
    }


def _midnight_min(calendar: Calendar, day: str) -> int:
    """The minute since 1970 UTC at which a day of the clock begins."""
    begin = datetime.combine(calendar.dates[day], time(), ZoneInfo(calendar.timezone))
    return int(begin.timestamp()) // 60
