"""The whole clock of a large county against one search for the nearest station; and what-ifs.

On the real streets of Andorra. Cells, riders and stations are drawn with a seed: 20,000 cells
beside the streets with riders in each of 48 slots, 35 and 2,000 stations at junctions, each with
some of eleven services and with hours of eight sorts, half hours, breaks and nights among them.

*The clock* is the rider-hours covered of 12 services in 48 slots at 15 minutes, from the travel
times and the windows, the masks made anew. *One nearest pass* is the project's own search of the
streets for each cell's nearest station, with all made ready that can be. They run in turn, and the
ratio is that of the medians. *A what-if* is the county with one of its stations closed, with other
hours, and with one station more: the windows and masks of the supposed supply. The clock of it
costs what the clock costs.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from benchmarks.harness import Budget, Unavailable
from locator.coverage.demand import DAYS, SLOTS
from locator.coverage.mask_kernel import rider_sums
from locator.coverage.supply import Supply, covered_words
from locator.coverage.windows import ANY_STOP, Calendar, Offer, windows_of
from locator.stations.hours import clock_dates
from locator.streets.access import Search, access_matrix, nearest_search
from locator.streets.osm import read_streets
from locator.streets.snap import snap

EXTRACT = Path(__file__).parents[2] / "shared/data/osm/andorra.osm.pbf"
CELLS = 20_000
STATIONS = (35, 2_000)
REACH_MIN = 15.0
TURNS = 9
SERVICES = (ANY_STOP, *(f"service_{number}" for number in range(11)))
HOURS = (
    "24/7", "08:00-20:00", "Mo-Fr 08:30-17:30", "07:00-22:00", "09:00-12:00,14:00-18:00",
    "06:30-23:30", "18:00-02:00", "10:15-21:45",
)  # fmt: skip
#: How often the clock may take as long as one nearest pass, and how long a what-if may take.
MOST_PASSES, MOST_MS = 10.0, 100.0


@dataclass(frozen=True)
class _County:
    matrix: csr_array
    search: Search
    supply: Supply
    riders: NDArray[np.float64]

    def clock(self) -> NDArray[np.float64]:
        """The rider-hours covered, services × slots in a row."""
        anew = replace(self.supply)  # without the masks that are kept
        words = covered_words(self.matrix, anew, REACH_MIN)
        everyone = np.zeros(CELLS, dtype=np.int32)
        bits = len(SERVICES) * len(SLOTS)
        sums: NDArray[np.float64] = rider_sums(words, self.riders, everyone, 1, bits)
        return sums

    def nearest(self) -> None:
        """Each cell's nearest station."""
        self.search(np.ones(len(self.supply.offers), dtype=bool))

    def what_if(self) -> None:
        """Close a station, change one, add one; a third of the time is that of each."""
        supposed = (
            self.supply.without("3"),
            self.supply.replaced("3", hours="06:00-24:00"),
            self.supply.with_station("new", "24/7"),
        )
        for each in supposed:
            _ = each.masks


def claim() -> Budget:
    """The claim, if the extract is here; raises Unavailable where it is not."""
    if not EXTRACT.is_file():
        raise Unavailable("no folder of shared test data beside the project, so no extract.")
    counties = {count: _drawn(count) for count in STATIONS}

    def run() -> Mapping[str, float]:
        found = {}
        for count, county in counties.items():
            clock, nearest = _in_turn(county.clock, county.nearest)
            (what_if,) = _in_turn(county.what_if)
            found[f"clock, {count} stations"] = clock / nearest
            found[f"what-if, {count} stations"] = what_if / 3 * 1000
        return found

    return Budget(
        name=f"the whole clock, {CELLS} cells, 12 services × 48 slots",
        run=run,
        limits={
            figure: limit
            for count in STATIONS
            for figure, limit in (
                (f"clock, {count} stations", (MOST_PASSES, "nearest passes")),
                (f"what-if, {count} stations", (MOST_MS, "ms")),
            )
        },
        note="Andorra's streets; cells, riders, stations and hours drawn with a seed",
    )


def _in_turn(*works: Callable[[], object]) -> list[float]:
    """The median seconds of each work; the first turn, which compiles, does not count."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(TURNS + 1):
        for taken, work in zip(seconds, works, strict=True):
            begin = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begin)
    return [statistics.median(taken[1:]) for taken in seconds]


def _drawn(stations: int) -> _County:
    graph = read_streets(EXTRACT)
    rng = np.random.default_rng(20261129)
    junctions = len(graph.node_lon)
    home, place = rng.integers(junctions, size=CELLS), rng.integers(junctions, size=stations)
    away = rng.normal(0, 5e-4, (2, CELLS))
    cells = snap(graph, graph.node_lon[home] + away[0], graph.node_lat[home] + away[1])
    doors = snap(graph, graph.node_lon[place], graph.node_lat[place])
    offers = tuple(
        Offer(
            station=str(number),
            in_service=True,
            stop=True,
            hours=dict.fromkeys(DAYS, HOURS[rng.integers(len(HOURS))]),
            service_hours={},
            services=tuple(code for code in SERVICES[1:] if rng.random() < 0.6),
        )
        for number in range(stations)
    )
    calendar = Calendar(clock_dates(date(2026, 11, 29), "CN"), "Asia/Shanghai", "CN")
    windows = np.concatenate(
        [
            np.insert(windows_of(offer, SERVICES, calendar), 0, at, axis=1)
            for at, offer in enumerate(offers)
        ]
    )
    return _County(
        matrix=access_matrix(graph, cells, doors).matrix,
        search=nearest_search(graph, cells, doors),
        supply=Supply(SERVICES, offers, windows, calendar),
        riders=rng.random((CELLS, len(SLOTS))) * 3,
    )
