"""The measures as JSON: ``coverage.json["measures"]``.

Figures are rounded to a thousandth. What nobody can tell is null: every figure where the demand is
unknown, a share of nobody, minutes where no open stop can be reached, the crowding of a station
without stated seats, the loss of one whose hours nobody knows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from locator.coverage.demand import SLOTS
from locator.coverage.ground import Ground
from locator.coverage.measures import AreaMeasures, Measures, share, worst_slot
from locator.coverage.served import Floats
from locator.coverage.station_measures import ranks
from locator.coverage.supply import Supply
from locator.coverage.week import DAYS_A_WEEK, PERIODS, WEEK

#: A station that is open at night is open in all of these hours, on both days.
NIGHT_HOURS = (22, 23, 0, 1, 2, 3, 4, 5)
_SHOWN = 5


def measures_json(found: Measures, ground: Ground) -> dict[str, Any]:
    """All measures of a county.

    ``county`` and ``townships`` are as `area_json` has them (townships without the figures of each
    hour, but with their stops), ``kinds`` the rider-hours covered by each kind of station alone
    (service → 48 slots), ``stations`` as `stations_json` has them.
    """
    known = found.served.demand.provenance is not None
    services = found.served.supply.services
    return {
        "week": DAYS_A_WEEK,
        "reach_min": found.served.reach_min,
        "county": area_json(found.county, services, ground) if known else None,
        "townships": _townships(found, ground, known),
        "kinds": kinds_json(found.kinds, services) if known else {},
        "stations": stations_json(found, ground, known),
    }


def area_json(area: AreaMeasures, services: tuple[str, ...], ground: Ground) -> dict[str, Any]:
    """One area: what all periods have, the figures of each of the 48 hours, the worst tenth."""
    return {
        **_summary(area),
        "no_street": _number(area.no_street),
        "services": {
            service: {
                "total": _number(area.total[row] @ WEEK),
                "covered": _shares(area.covered[row], area.total[row]),
                "backup": _shares(area.twice[row], area.total[row]),
            }
            for row, service in enumerate(services)
        },
        "hours": {
            "total": _rounded(area.total[0]),
            "covered": _slots(area.covered[0], area.total[0]),
            "backup": _slots(area.twice[0], area.total[0]),
            "within": {
                str(reach): _slots(within, area.total[0]) for reach, within in area.within.items()
            },
            **{
                name: [_number(value) for value in values]
                for name, values in area.minutes_by_slot.items()
            },
        },
        "worst_tenth": _tenth(area, ground),
    }


def kinds_json(kinds: dict[str, Floats], services: tuple[str, ...]) -> dict[str, Any]:
    """The rider-hours covered by each kind of station: service → 48 slots, where there are any."""
    return {
        kind: {
            service: _rounded(covered[row])
            for row, service in enumerate(services)
            if covered[row].any()
        }
        for kind, covered in kinds.items()
    }


def clock_json(area: AreaMeasures, services: tuple[str, ...]) -> list[dict[str, Any]]:
    """The clock of an area, in the form of ``coverage.json["clock"]``."""
    return [
        {
            **_slot(slot),
            "service": service,
            "covered": _number(area.covered[row, slot]),
            "total": _number(area.total[row, slot]),
        }
        for row, service in enumerate(services)
        for slot in range(len(SLOTS))
    ]


def stations_json(found: Measures, ground: Ground, known: bool) -> list[dict[str, Any]]:
    """Each station in service, the one whose closing would cost most first.

    ``lost`` are the rider-hours a week without any stop, were it closed (``lost_services`` those
    of each service), ``lost_hours`` the slots in which; ``crowding`` the riders in each slot for
    whom it is the nearest open stop within reach, for each of its ``seats``; ``most_guests`` is the
    slot with most of them (None: they never come).
    """
    lost = found.stations.lost_a_week
    rank = ranks(lost[:, 0])
    services = found.served.supply.services
    rows = []
    for at, (offer, seats) in enumerate(
        zip(found.served.supply.offers, ground.stations["seats"], strict=True)
    ):
        if not offer.in_service:
            continue
        told = known and all(hours is not None for hours in offer.hours.values())
        places = None if pd.isna(seats) or seats <= 0 else int(seats)
        guests = found.stations.guests[at]
        rows.append(
            {
                "id": offer.station,
                "name": ground.stations["name"].iloc[at],
                "rank": int(rank[at]) if told else None,
                "lost": _number(lost[at, 0]) if told else None,
                "lost_services": {
                    code: _number(lost[at, row])
                    for row, code in enumerate(services)
                    if row and round(lost[at, row], 3)
                }
                if told
                else None,
                "lost_hours": [
                    f"{day} {hour}"
                    for slot, (day, hour) in enumerate(SLOTS)
                    if found.stations.lost[at, 0, slot] > 0
                ]
                if told
                else None,
                "seats": places,
                "most_guests": {**_slot(int(guests.argmax())), "riders": _number(guests.max())}
                if told and guests.any()
                else None,
                "crowding": _rounded(guests / places) if told and places else None,
            }
        )
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["id"]))


def open_at_night(supply: Supply) -> list[bool]:
    """Which stops let a rider in at any hour from 22 to 6, on both days."""
    night = [slot for slot, (_, hour) in enumerate(SLOTS) if hour in NIGHT_HOURS]
    rows = supply.windows
    at_once = rows[(rows[:, 1] == 0) & np.isin(rows[:, 2], night) & (rows[:, 3] == 0)]
    hours = np.bincount(at_once[:, 0], minlength=len(supply.offers))
    return [bool(count == len(night)) for count in hours]


def _townships(found: Measures, ground: Ground, known: bool) -> list[dict[str, Any]]:
    supply = found.served.supply
    by_night = open_at_night(supply)
    rows = []
    for area in found.townships:
        here = [
            at
            for at, (offer, name) in enumerate(
                zip(supply.offers, ground.station_townships, strict=True)
            )
            if name == area.name and offer.in_service and offer.stop
        ]
        unknown = sum(None in supply.offers[at].hours.values() for at in here)
        rows.append(
            {
                "name": area.name,
                **(_summary(area) if known else dict.fromkeys(_summary(area))),
                "stops": len(here),
                "open_at_night": sum(by_night[at] for at in here),
                "unknown_hours": unknown,
            }
        )
    return rows


def _summary(area: AreaMeasures) -> dict[str, Any]:
    total, covered = area.total[0], area.covered[0]
    worst = worst_slot(total, covered)
    return {
        "cells": int(area.inside.sum()),
        "rider_hours": _number(total @ WEEK),
        "covered": _shares(covered, total),
        "backup": _shares(area.twice[0], total),
        "within": {str(reach): _shares(within, total) for reach, within in area.within.items()},
        "minutes": {
            period: {name: _number(value) for name, value in quantiles.items()}
            for period, quantiles in area.minutes.items()
        },
        "worst_hour": None
        if worst is None
        else {
            **_slot(worst),
            "uncovered": _number(total[worst] - covered[worst]),
            "share": _number((total[worst] - covered[worst]) / total[worst]),
        },
    }


def _tenth(area: AreaMeasures, ground: Ground) -> dict[str, Any]:
    """The worst-served tenth: how far, who (by township), and when."""
    weights = area.tenth.weights
    by_slot = weights.sum(axis=1)
    names = [name for name, here in zip(ground.cell_townships, area.inside, strict=True) if here]
    by_name: dict[str | None, float] = {}
    for name, riders in zip(names, weights.sum(axis=0), strict=True):
        by_name[name] = by_name.get(name, 0.0) + float(riders)
    townships = sorted(by_name.items(), key=lambda item: (-round(item[1], 6), item[0] or ""))
    worst = np.lexsort((np.arange(len(SLOTS)), -by_slot.round(6)))
    return {
        "rider_hours": _number(weights.sum()),
        "from_minutes": _number(area.tenth.from_min),
        "mean_minutes": _number(area.tenth.mean_min),
        "without": _number(area.tenth.without),
        "townships": [
            {"name": name, "rider_hours": _number(riders)}
            for name, riders in townships[:_SHOWN]
            if riders > 0
        ],
        "slots": [
            {**_slot(slot), "rider_hours": _number(by_slot[slot])}
            for slot in worst[:_SHOWN].tolist()
            if by_slot[slot] > 0
        ],
    }


def _slot(slot: int) -> dict[str, Any]:
    day, hour = SLOTS[slot]
    return {"day": day, "hour": hour}


def _shares(part: Floats, total: Floats) -> dict[str, float | None]:
    return {period: _number(share(part, total, period)) for period in PERIODS}


def _slots(part: Floats, total: Floats) -> list[float | None]:
    return [
        _number(riders / whole) if whole > 0 else None
        for riders, whole in zip(part.tolist(), total.tolist(), strict=True)
    ]


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 3) for value in values]


def _number(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)
