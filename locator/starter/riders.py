"""Where riders are likely to be: a proxy from restaurants and homes, by the hour.

Nobody has counted these riders. They are reckoned from what is on the map by the assumptions under
``[demand]`` in ``offers.toml``, so that a county can see its clock at all; its own headcounts
replace them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import h3
import numpy as np
from scipy.spatial import cKDTree

from locator.coverage.demand import DAYS, RESOLUTION
from locator.coverage.demand.headcount import cells_within
from locator.errors import HoursError
from locator.starter.extract import Place
from locator.starter.found import given_name, keys_of, on_sphere, once_each, radius_m
from locator.starter.offers import Building, Homes, Offers, load_offers
from locator.stations.hours import normalise_hours, open_intervals
from locator.stations.workdays import clock_dates

DAY_ZH = {"workday": "工作日", "dayoff": "休息日"}
#: No building has more; a slip of the key has.
_MOST_LEVELS = 120
#: Farther from the next village than this, a place is not called after it.
_NAMED_AFTER_M = 5000.0
_SETTLEMENTS = (
    "city", "town", "village", "hamlet", "suburb", "quarter", "neighbourhood", "isolated_dwelling",
)  # fmt: skip


class Headcount(NamedTuple):
    """A row of the demand sheet, in the order of its columns."""

    place: str
    lon: float
    lat: float
    radius_m: int
    day: str
    hours: str
    riders: float


def headcounts(
    places: Sequence[Place],
    *,
    country: str,
    timezone: str,
    as_of: date,
) -> list[Headcount]:
    """The demand sheet of the riders who wait at restaurants and hand over at homes.

    Restaurants stay one by one, with their names, in the hours in which they are open on the
    clock's two days after ``as_of``; homes are added up in H3 cells. Hours of equal headcount are
    one row.
    """
    said = load_offers()
    days = clock_dates(as_of, country)
    presence = [
        *_at_restaurants(places, said, days, country, timezone),
        *_at_homes(places, said.demand.homes),
    ]
    return [row for there in presence for row in _rows(there)]


class _Presence(NamedTuple):
    """Riders at one place: for each kind of day 24 hours."""

    place: str
    lon: float
    lat: float
    radius_m: int
    riders: Mapping[str, Sequence[float]]


def _rows(there: _Presence) -> Iterator[Headcount]:
    """Hours of equal headcount joined; hours without a rider left out."""
    for day in DAYS:
        riders = [round(count, 4) for count in there.riders[day]]
        start = 0
        for hour in range(1, 25):
            if hour == 24 or riders[hour] != riders[start]:
                if riders[start]:
                    span = f"{start:02}:00-{hour:02}:00"
                    yield Headcount(*there[:4], DAY_ZH[day], span, riders[start])
                start = hour


# --- restaurants ----------------------------------------------------------------------------------


def _at_restaurants(
    places: Sequence[Place], said: Offers, days: Mapping[str, date], country: str, timezone: str
) -> Iterator[_Presence]:
    demand = said.demand
    chosen = []
    keys = keys_of(demand.restaurants)
    for place in places:
        if keys.isdisjoint(place.tags):
            continue
        fits = next((each for each in demand.restaurants if each.holds(place.tags)), None)
        if fits and not any(because.holds(place.tags) for because in said.left_out):
            chosen.append((place, fits))
    alike = [demand.restaurants.index(fits) for _, fits in chosen]
    for at in once_each([place for place, _ in chosen], alike):
        place, fits = chosen[at]
        hours = _readable(place.tags.get("opening_hours")) or demand.assumed_hours
        riders = {
            day: [
                count * fits.weight if is_open else 0.0
                for count, is_open in zip(
                    demand.waiting.of(day),
                    _open_hours(hours, days[day], timezone, country),
                    strict=True,
                )
            ]
            for day in DAYS
        }
        name = given_name(place.tags) or place.ref
        yield _Presence(name, place.lon, place.lat, demand.radius_m, riders)


def _readable(hours: str | None) -> str | None:
    try:
        return normalise_hours(hours)
    except HoursError:
        return None


@lru_cache(maxsize=4096)
def _open_hours(hours: str, day: date, timezone: str, country: str) -> tuple[bool, ...]:
    """Whether these hours are open at half past each hour of a day."""
    spans = open_intervals(hours, day, 1, timezone, country)
    zone = ZoneInfo(timezone)
    halves = [int(datetime.combine(day, time(h, 30), zone).timestamp()) // 60 for h in range(24)]
    return tuple(bool(((spans[:, 0] <= at) & (at < spans[:, 1])).any()) for at in halves)


# --- homes ----------------------------------------------------------------------------------------


def _at_homes(places: Sequence[Place], homes: Homes) -> Iterator[_Presence]:
    floor = floor_by_cell(places, homes)
    cells = sorted(floor)
    centres = [h3.cell_to_latlng(cell)[::-1] for cell in cells]
    for cell, (lon, lat), name in zip(cells, centres, _cell_names(places, centres), strict=True):
        peak = floor[cell] / 1000 * homes.riders_per_1000_m2
        riders = {day: [peak * part for part in homes.of(day)] for day in DAYS}
        yield _Presence(name, round(lon, 7), round(lat, 7), 0, riders)


def floor_by_cell(places: Sequence[Place], homes: Homes) -> dict[str, float]:
    """The floor of homes in m² by H3 cell: that of the buildings, or of the residential land.

    Residential land is spread evenly over the cells of a circle of its size, and counts only where
    next to no home is drawn on it (the share ``drawn_from`` of what the land would give). In each
    cell the larger of the two counts.
    """
    built: defaultdict[str, float] = defaultdict(float)
    estates = []
    keys = keys_of(homes.buildings) | {"landuse"}
    for place in places:
        if place.area_m2 <= 0 or keys.isdisjoint(place.tags):
            continue
        fits = next((each for each in homes.buildings if each.holds(place.tags)), None)
        if fits is not None:
            cell = str(h3.latlng_to_cell(place.lat, place.lon, RESOLUTION))
            built[cell] += home_floor_m2(place, fits, homes.flat_m2)
        elif place.tags.get("landuse") == "residential":
            estates.append(place)
    land: defaultdict[str, float] = defaultdict(float)
    for place in estates:
        cells = cells_within(place.lon, place.lat, radius_m(place))
        by_land = place.area_m2 * homes.floor_of_land
        if sum(built.get(cell, 0.0) for cell in cells) < homes.drawn_from * by_land:
            for cell in cells:
                land[cell] += by_land / len(cells)
    floor = {cell: max(built.get(cell, 0.0), land.get(cell, 0.0)) for cell in {*built, *land}}
    return {cell: floor[cell] for cell in sorted(floor) if floor[cell] > 0}


def home_floor_m2(place: Place, sort: Building, flat_m2: float) -> float:
    """The floor of the homes in a building: its flats, else its ground times its storeys.

    0 where its ground is no home's, or its tags say that something else is in it.
    """
    tags = place.tags
    if not sort.least_m2 <= place.area_m2 <= sort.most_m2 or any(
        key in tags for key in sort.unless
    ):
        return 0.0
    if flats := _number(tags.get("building:flats")):
        return flats * flat_m2
    levels = min(_number(tags.get("building:levels")) or sort.levels, _MOST_LEVELS)
    return place.area_m2 * levels * sort.share


def _number(text: str | None) -> float:
    """The first number of ``4``, ``2.5``, ``3-5`` or ``5;6``; 0 where there is none."""
    found = re.match(r"\s*(\d{1,4}(?:\.\d{1,2})?)", text or "")
    return float(found[1]) if found else 0.0


def _cell_names(places: Sequence[Place], centres: Sequence[tuple[float, float]]) -> list[str]:
    """``Vaduz住宅区3`` for a cell: after the nearest settlement, counted where it has several."""
    settlements = [
        place
        for place in places
        if place.tags.get("place") in _SETTLEMENTS and given_name(place.tags)
    ]
    if not centres:
        return []
    nearest = ["" for _ in centres]
    if settlements:
        tree = cKDTree(on_sphere((s.lon for s in settlements), (s.lat for s in settlements)))
        points = on_sphere((lon for lon, _ in centres), (lat for _, lat in centres))
        _, indices = tree.query(points, distance_upper_bound=_NAMED_AFTER_M)
        nearest = [
            given_name(settlements[at].tags) or "" if at < len(settlements) else ""
            for at in np.asarray(indices).tolist()
        ]
    counted: defaultdict[str, int] = defaultdict(int)
    names = []
    for name in nearest:
        counted[name] += 1
        names.append(f"{name}住宅区{counted[name]}")
    return names
