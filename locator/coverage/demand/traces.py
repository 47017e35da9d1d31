"""From riders' points to rider-hours of one calendar month, by H3 cell and slot.

A rider who is seen in an hour counts as one rider there in that hour, shared among the cells in
which they were seen by the number of points. An order stands for a rider who needs rest a
declared lag later (``lag_min``). Of position points the ends of each trip are trimmed, so that no
home shows.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import h3
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.demand.hexes import cells_at
from locator.coverage.demand.points import Batch, Read, read_batches
from locator.coverage.demand.privacy import LEVELS, Presence
from locator.coverage.demand.sheets import cells_outside
from locator.coverage.demand.stays import stays
from locator.coverage.demand.table import DAYS
from locator.errors import DemandError
from locator.geo.crs import haversine_m
from locator.stations.workdays import is_holiday, is_makeup_workday

Kind = Literal["orders", "gps"]
#: A rider not seen for so long has ended a trip and begins another.
TRIP_GAP_S = 30 * 60
#: What is trimmed of a trip: all that lies so near its first or last point, in metres or seconds.
TRIM_M, TRIM_S = 200.0, 300
#: A day with fewer points than this part of a usual day of its kind is one of a failure: ten days
#: without data are not ten days without riders.
FAILED = 0.1
#: No zone's clock is off UTC by another fraction of an hour.
_QUARTER_S = 900
_SATURDAY = 5
#: Days are counted from the beginning of 2000; older points have no time that is believed.
_EPOCH = date(2000, 1, 1).toordinal()
_LOW = 0xFFFFF
#: So many riders' hours are spread out in memory at a time.
_RIDERS_AT_ONCE = 500

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Month:
    """One whole calendar month: its first day, how many days of each kind it has, and on which of
    them the traces were recorded at all."""

    first: date
    days: tuple[date, ...]
    is_dayoff: tuple[bool, ...]
    recorded: tuple[bool, ...]

    def count(self, day: str) -> int:
        """How many of its days are of a kind."""
        return sum(off == (day == DAYS[1]) for off in self.is_dayoff)

    def count_recorded(self, day: str) -> int:
        """How many of them have points: what is divided by."""
        return sum(
            seen and off == (day == DAYS[1])
            for off, seen in zip(self.is_dayoff, self.recorded, strict=True)
        )


def read_month(
    paths: Sequence[Path],
    county: County,
    kind: Kind,
    *,
    month: str | None,
    datum: str | None,
    lag_min: int = 0,
) -> tuple[Presence, Month, dict[str, Any]]:
    """The rider-hours of a month's traces, and a count of all that was read and left out.

    ``month`` is ``2026-10``, by the county's local time of the need; not given, the points must be
    of one month. Working days are those of the country's calendar, make-up workdays too.
    Raises DemandError where the points cannot be read, none is of the county and the month, or they
    do not reach from the month's first day to its last.
    """
    read = Read()
    batches = read_batches(paths, county, datum, read)
    hours = _Hours(lag_min * 60, county.timezone)
    trimmed = 0
    for batch in by_rider(batches) if kind == "gps" else batches:
        kept = trim(batch) if kind == "gps" else batch
        trimmed += len(batch.rider) - len(kept.rider)
        hours.add(kept)
    return _in_month(hours, read, trimmed, county, month)


class _Hours:
    """Distinct riders, local hours and cells, and the points of each, added up batch by batch.

    Each is packed into one number: 21 bits of rider, 20 of hours since `_EPOCH`, 20 of cell.
    """

    def __init__(self, lag_s: int, timezone: str) -> None:
        self.lag_s, self.timezone = lag_s, timezone
        self.cells: dict[int, int] = {}
        #: Keys in order and their points, a pair for some millions of points.
        self.parts: list[tuple[Ints, Ints]] = []
        self._new: list[Ints] = []

    def add(self, batch: Batch) -> None:
        """Add points."""
        cells, number = cells_at(batch.lon, batch.lat, LEVELS[0])
        codes = [self.cells.setdefault(int(cell), len(self.cells)) for cell in cells]
        cell = np.asarray(codes, dtype=np.int64)[number]
        day, hour = _local((batch.second + self.lag_s) // _QUARTER_S, self.timezone)
        self._new.append(batch.rider << 40 | ((day - _EPOCH) * 24 + hour) << 20 | cell)
        if sum(map(len, self._new)) > 2_000_000:
            self.settle()

    def settle(self) -> None:
        """Add up what is equal among the newest points."""
        if self._new:
            keys, points = np.unique(np.concatenate(self._new), return_counts=True)
            self.parts.append((keys, points.astype(np.int32)))
            self._new = []

    def of_riders(self, first: int, end: int) -> tuple[Ints, Ints]:
        """The keys of riders from ``first`` up to ``end``, in order, and their points."""
        ends = (first << 40, end << 40)
        cuts = [slice(*np.searchsorted(keys, ends)) for keys, _ in self.parts]
        keys = np.concatenate([part[0][cut] for part, cut in zip(self.parts, cuts, strict=True)])
        points = np.concatenate([part[1][cut] for part, cut in zip(self.parts, cuts, strict=True)])
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        return keys[starts], np.add.reduceat(points[order], starts) if len(starts) else points


def _in_month(
    hours: _Hours, read: Read, trimmed: int, county: County, month: str | None
) -> tuple[Presence, Month, dict[str, Any]]:
    hours.settle()
    names = [h3.int_to_str(code) for code in hours.cells]
    out = np.array(cells_outside(county, names), dtype=bool)
    by_day, outside = np.zeros(1), 0
    for keys, points in hours.parts:
        away = out[keys & _LOW]
        outside += int(points[away].sum())
        days_of = ((keys[~away] >> 20) & _LOW) // 24
        counts = np.zeros(max(len(by_day), int(days_of.max(initial=0)) + 1))
        counts[: len(by_day)] = by_day
        np.add.at(counts, days_of, points[~away])
        by_day = counts
    counted = {
        "points": read.points, "no_rider": read.no_rider, "no_time": read.no_time,
        "no_place": read.no_place, "far": read.far, "trimmed": trimmed, "outside": outside,
    }  # fmt: skip
    chosen = _month(month, by_day, counted)
    length = calendar.monthrange(chosen.year, chosen.month)[1]
    begun = chosen.toordinal()
    of_month = by_day[begun - _EPOCH : begun - _EPOCH + length]
    seen = int(np.count_nonzero(of_month))
    if not (of_month[0] and len(of_month) == length and of_month[-1]):
        raise DemandError(
            f"{chosen:%Y-%m} 的数据不到月头月尾（{seen}/{length} 天）；只按整月公开 / "
            f"the points do not reach from the first to the last day of {chosen:%Y-%m} "
            f"({seen} of {length} days); only whole months are published."
        )
    days = tuple(chosen + timedelta(days=n) for n in range(length))
    is_off = tuple(_is_dayoff(one, county.country) for one in days)
    used = int(of_month.sum())
    counted |= {"used": used, "other_months": int(by_day.sum()) - used}
    recorded = _recorded(of_month, np.array(is_off))
    counted["days_without_points"] = length - sum(recorded)
    first = (begun - _EPOCH) * 24
    parts = []
    for rider in range(0, len(read.numbers), _RIDERS_AT_ONCE):
        keys, points = hours.of_riders(rider, rider + _RIDERS_AT_ONCE)
        since = ((keys >> 20) & _LOW) - first
        use = ~out[keys & _LOW] & (since >= 0) & (since < length * 24)
        if use.any():
            parts.append(_presence(keys[use], points[use], np.repeat(is_off, 24), first))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Presence(names, *columns), Month(chosen, days, is_off, recorded), counted


def _recorded(points: NDArray[np.float64], is_off: NDArray[np.bool_]) -> tuple[bool, ...]:
    """Which days of a month have the points of a day at work, by their number on each day.

    By comparison and not at the first point, so that one rider alone makes no day count.
    """
    usual = np.zeros(len(points))
    for kind in (is_off, ~is_off):
        some = points[kind & (points > 0)]
        usual[kind] = np.median(some) if len(some) else np.inf
    return tuple((points >= FAILED * usual).tolist())


def _presence(
    keys: Ints, points: Ints, is_off: NDArray[np.bool_], first: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], NDArray[np.float64]]:
    """Each hour of a rider is one, shared among the cells by points; added up by slot.

    ``keys`` are in order, so that a rider's hour stands together; ``is_off`` is of each hour of
    the month, which begins with the hour ``first``.
    """
    starts = np.flatnonzero(np.diff(keys >> 20, prepend=-1))
    total = np.add.reduceat(points, starts)
    share = points / np.repeat(total, np.diff(starts, append=len(keys)))
    hour = (keys >> 20) & _LOW
    slot = is_off[hour - first] * 24 + hour % 24
    packed = (keys >> 40) << 26 | (keys & _LOW) << 6 | slot
    order = np.argsort(packed, kind="stable")
    packed = packed[order]
    starts = np.flatnonzero(np.diff(packed, prepend=-1))
    found = packed[starts]
    hours = np.add.reduceat(share[order], starts)
    rider, cell = (found >> 26).astype(np.int32), ((found >> 6) & _LOW).astype(np.int32)
    return rider, cell, (found & 63).astype(np.int8), hours


def _local(quarter: Ints, timezone: str) -> tuple[Ints, Ints]:
    """Local days (as ``date.toordinal``) and hours of quarters of an hour since 1970."""
    unique, inverse = np.unique(quarter, return_inverse=True)
    local = pd.to_datetime(unique * _QUARTER_S, unit="s", utc=True).tz_convert(timezone)
    epoch = date(1970, 1, 1).toordinal()
    days = local.tz_localize(None).to_numpy("datetime64[D]").astype(np.int64) + epoch
    return days[inverse], local.hour.to_numpy(dtype=np.int64)[inverse]


def _month(month: str | None, by_day: NDArray[np.float64], counted: dict[str, Any]) -> date:
    """The first day of the month that is asked for, or of the only one there is.

    ``by_day`` are the points of each day from `_EPOCH` on.
    """
    if not by_day.any():
        raise DemandError(
            f"没有可用的点：{counted} / no usable point ({counted}); are longitude and latitude "
            "swapped, or is it another county's file?"
        )
    found: dict[str, int] = {}
    for one in np.flatnonzero(by_day).tolist():
        key = f"{date.fromordinal(_EPOCH + one):%Y-%m}"
        found[key] = found.get(key, 0) + int(by_day[one])
    said = "、".join(f"{key} ({found[key]:,})" for key in sorted(found))
    if month is None and len(found) > 1:
        raise DemandError(
            f"数据有几个月：{said}，请用 --month 选一个 / the points are of several months "
            f"({said}); choose one with --month."
        )
    key = month or next(iter(found))
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", key):
        raise DemandError(f"--month {key}: 请写成 2026-10 / write it as 2026-10.")
    if key not in found:
        raise DemandError(f"{key} 没有数据，有的是 {said} / no point is of {key}; there is {said}.")
    return date.fromisoformat(f"{key}-01")


def _is_dayoff(day: date, country: str) -> bool:
    if is_makeup_workday(day, country):
        return False
    return day.weekday() >= _SATURDAY or is_holiday(day, country)


# --- trips ----------------------------------------------------------------------------------------


def trim(points: Batch) -> Batch:
    """The points without the ends of their riders' trips, in the order of riders and time.

    Left out is all that lies within `TRIM_M` of a trip's first or last point, or within `TRIM_S`
    of its beginning or end; a trip ends where the rider is not seen for `TRIP_GAP_S`, and where a
    long stay begins (see `stays`), which is left out whole.
    """
    order = np.lexsort((points.second, points.rider))
    rider, second = points.rider[order], points.second[order]
    lon, lat = points.lon[order], points.lat[order]
    stayed = stays(rider, second, lon, lat)
    new = (np.diff(rider, prepend=-1) != 0) | (np.diff(second, prepend=0) > TRIP_GAP_S)
    # A stay's first point ends the trip before it, and its last one begins the next.
    inside = stayed >= 0
    first = inside & (np.diff(stayed, prepend=-1) != 0)
    new[1:] |= first[:-1]
    new |= inside & (np.diff(stayed, append=-1) != 0)
    starts = np.flatnonzero(new)
    trip = np.cumsum(new) - 1
    ends = np.append(starts[1:], len(rider)) - 1
    keep = ~inside
    for at in (starts[trip], ends[trip]) if len(starts) else ():
        keep &= np.abs(second - second[at]) >= TRIM_S
        keep &= haversine_m(lon, lat, lon[at], lat[at]) >= TRIM_M
    return Batch(rider[keep], second[keep], lon[keep], lat[keep])


def by_rider(batches: Iterable[Batch], size: int = 1_000_000) -> Iterator[Batch]:
    """The points anew in batches that hold all the points of their riders.

    All points are held meanwhile, in 16 bytes each: degrees as multiples of 1e-7 (1 cm).
    """
    parts = [
        (b.rider.astype(np.int32), b.second.astype(np.uint32), _packed(b.lon), _packed(b.lat))
        for b in batches
    ]
    rider, second, lon, lat = (np.concatenate(column) for column in zip(*parts, strict=True))
    del parts
    order = np.argsort(rider, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(rider[order])) + 1, len(order))
    at = 0
    while at < len(order):
        end = int(ends[np.searchsorted(ends, min(at + size, len(order)))])
        part = order[at:end]
        yield Batch(
            rider[part].astype(np.int64), second[part].astype(np.int64),
            lon[part] / 1e7, lat[part] / 1e7,
        )  # fmt: skip
        at = end


def _packed(degrees: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.rint(degrees * 1e7).astype(np.int32)
