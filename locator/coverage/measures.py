"""Coverage as figures, for a county, its townships or any area: see ``docs/coverage.md``.

With r(c, t) the riders in cell c and slot t, and τ(c, t) the minutes from the cell to the nearest
stop that is open then, the share within R minutes is Σ r·[τ ≤ R] ÷ Σ r. Everything is summed over
the area's cells and the slots of a day, or of a week (five workdays and two days off).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from locator.coverage.areas import groups_of
from locator.coverage.demand import SLOTS
from locator.coverage.ground import Ground
from locator.coverage.minutes import WorstTenth, quantile_min, worst_tenth
from locator.coverage.served import Floats, Served, rider_sums
from locator.coverage.station_measures import StationMeasures, station_measures
from locator.coverage.supply import DS_PER_MIN, covered_words
from locator.coverage.week import PERIODS, WEEK

#: The reaches, in minutes, whose shares are told.
REACHES_MIN = (5, 10, 15)
QUANTILES = {"p50": 0.5, "p90": 0.9}


@dataclass(frozen=True)
class AreaMeasures:
    """How one area is served.

    ``inside`` marks its cells.
    ``total``, ``covered`` and ``twice`` are rider-hours, services × 48 slots: in need of the
    service, with one station within reach that offers it then, with two. ``within`` are the
    rider-hours (48) with an open stop within so many minutes. ``minutes`` are the quantiles of the
    minutes to the nearest open stop, however far, by period ("workday", "dayoff", "week"), and
    ``minutes_by_slot`` those of each slot; None where nobody can tell. ``tenth`` is the
    worst-served tenth of a week's rider-hours, ``no_street`` the rider-hours a week in cells that
    no trip leaves.
    """

    name: str | None
    inside: NDArray[np.bool_]
    total: Floats
    covered: Floats
    twice: Floats
    within: dict[int, Floats]
    minutes: dict[str, dict[str, float | None]]
    minutes_by_slot: dict[str, list[float | None]]
    tenth: WorstTenth
    no_street: float


@dataclass(frozen=True)
class Measures:
    """The measures of a county: all of it, by township, by kind of station, by station.

    Of a county whose demand nobody knows all figures are nought, and none may be told.
    """

    served: Served
    county: AreaMeasures
    townships: list[AreaMeasures]
    kinds: dict[str, Floats]
    stations: StationMeasures


def measures(found: Served, ground: Ground) -> Measures:
    """All measures of a county from what serves its cells."""
    everywhere = np.ones(len(found.no_street), dtype=bool)
    return Measures(
        served=found,
        county=area_measures(found, everywhere),
        townships=township_measures(found, ground.cell_townships, ground.station_townships),
        kinds=kind_measures(found, ground.stations["kind"].tolist(), everywhere),
        stations=station_measures(found),
    )


def township_measures(
    found: Served, townships: list[str | None], others: list[str | None]
) -> list[AreaMeasures]:
    """The measures of each township, by name; that of the cells of no known one (None) is last.

    ``townships`` are those of the cells; of ``others`` there may be one without a cell.
    """
    names, group = groups_of([*townships, *others])
    return _measured(found, names, group[: len(townships)])


def area_measures(found: Served, inside: NDArray[np.bool_]) -> AreaMeasures:
    """The measures of some cells, such as those `cells_in` an outline."""
    return _measured(found, [None], np.where(inside, 0, -1).astype(np.int32))[0]


def kind_measures(found: Served, kinds: list[str], inside: NDArray[np.bool_]) -> dict[str, Floats]:
    """The rider-hours covered by stations of each kind alone, services × 48 slots.

    ``kinds`` are those of the stations, in the order of the supply; ``inside`` marks the cells
    that count.
    """
    group = np.where(inside, 0, -1).astype(np.int32)
    of = np.array(kinds, dtype=object)
    in_service = np.array([offer.in_service for offer in found.supply.offers], dtype=bool)
    return {
        kind: rider_sums(
            found,
            covered_words(found.matrix, found.supply.only(of == kind), found.reach_min),
            group,
            1,
        )[0]
        for kind in sorted(set(of[in_service]))
    }


def share(part: Floats, total: Floats, period: str) -> float | None:
    """The share of the rider-hours (48 each) of a period; None where there are none."""
    whole = float(total @ PERIODS[period])
    return float(part @ PERIODS[period]) / whole if whole > 0 else None


def worst_slot(total: Floats, part: Floats) -> int | None:
    """The slot in which most riders go without (the first such); None where nobody does."""
    missing = total - part
    slot = int(missing.argmax())
    return slot if missing[slot] > 0 else None


def _measured(
    found: Served, names: list[str | None], group: NDArray[np.int32]
) -> list[AreaMeasures]:
    groups = len(names)
    everything = np.full_like(found.once, np.iinfo(np.uint64).max)
    total = rider_sums(found, everything, group, groups)
    covered = rider_sums(found, found.once, group, groups)
    twice = rider_sums(found, found.twice, group, groups)
    return [
        _of_area(found, name, group == at, total[at], covered[at], twice[at])
        for at, name in enumerate(names)
    ]


def _of_area(
    found: Served,
    name: str | None,
    inside: NDArray[np.bool_],
    total: Floats,
    covered: Floats,
    twice: Floats,
) -> AreaMeasures:
    riders = found.demand.riders[inside].T
    time_ds = found.nearest.time_ds[:, inside]
    reached = time_ds >= 0
    return AreaMeasures(
        name=name,
        inside=inside,
        total=total,
        covered=covered,
        twice=twice,
        within={
            reach: np.sum(riders * (reached & (time_ds <= reach * DS_PER_MIN)), axis=1)
            for reach in REACHES_MIN
        },
        minutes={
            period: {
                name: quantile_min(time_ds, riders * weights[:, None], quantile)
                for name, quantile in QUANTILES.items()
            }
            for period, weights in PERIODS.items()
        },
        minutes_by_slot={
            name: [
                quantile_min(time_ds[slot], riders[slot], quantile) for slot in range(len(SLOTS))
            ]
            for name, quantile in QUANTILES.items()
        },
        tenth=worst_tenth(time_ds, riders * WEEK[:, None]),
        no_street=float((riders[:, found.no_street[inside]] * WEEK[:, None]).sum()),
    )
