"""Order or position points with time, read in batches: columns, datum, local time.

The points are riders' traces. They are read where they lie and go nowhere else: nothing of them is
written, and what is kept in memory is a number for each rider.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.demand.point_files import tables
from locator.coverage.demand.sheets import FAR_M, datum_of
from locator.errors import DemandError
from locator.geo.crs import haversine_m
from locator.geo.datum import DATUMS, convert_datum

#: More points than this do not fit into the memory that is promised.
MOST_POINTS = 40_000_000
MOST_RIDERS = 2_000_000
#: 2 January 2000: clocks that were never set say less. And 2100, beyond which nobody has been.
EARLIEST_S, LATEST_S = 946_771_200, 4_102_444_800
#: A rider's number as sheets and databases write it: 1001, 01001, 1001.0.
_NUMBER = re.compile(r"0*([0-9]+)(?:\.0*)?")
#: A time without any sign in it: 20261001123000.
_COMPACT = re.compile(r"(2[0-9]{13})(?:\.0*)?")
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$")
#: Seconds since 1970 are below, milliseconds above.
_MILLISECONDS = 1e11

Floats = NDArray[np.float64]


@dataclass
class Read:
    """What was read and left out, in points."""

    points: int = 0
    no_rider: int = 0
    no_time: int = 0
    no_place: int = 0
    far: int = 0
    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, names: Sequence[str], codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The riders' ``names`` (of which ``codes`` are positions) as numbers, the same for one
        name in every batch."""
        table = np.full(len(names), -1, dtype=np.int64)
        for at in np.unique(codes).tolist():
            table[at] = self.numbers.setdefault(names[at], len(self.numbers))
        if len(self.numbers) > MOST_RIDERS:
            raise DemandError(
                f"骑手编号超过 {MOST_RIDERS:,} 个，是不是订单号 / "
                f"more than {MOST_RIDERS:,} riders; is it the number of the order?"
            )
        return table[codes]


@dataclass(frozen=True)
class Batch:
    """Usable points: rider numbers, seconds since 1970 (UTC), WGS-84 degrees."""

    rider: NDArray[np.int64]
    second: NDArray[np.int64]
    lon: Floats
    lat: Floats


def read_batches(
    paths: Sequence[Path], county: County, datum: str | None, read: Read
) -> Iterator[Batch]:
    """The points of CSV and Parquet files (columns 骑手 rider, 时间 time, 经度 lon, 纬度 lat).

    ``datum`` is where the positions were copied from (高德, gps, …; see `DATUMS`). A time without
    an offset is the county's local one; numbers are seconds or milliseconds since 1970. Points
    without rider, time or place, and those far from the county, are counted in ``read``.
    Raises DemandError for a file that cannot be read, lacks a column, or says no datum.
    """
    if datum is None or datum_of(datum) not in DATUMS:
        raise DemandError(
            "坐标从哪抄的？请用 --datum 说明：高德、腾讯 gcj02，百度 bd09，手机 GPS wgs84 / "
            f"which datum are the points in? Say it with --datum: {', '.join(DATUMS)}."
        )
    for path in paths:
        for table in tables(path):
            read.points += len(table)
            if read.points > MOST_POINTS:
                raise DemandError(
                    f"{path}: 超过 {MOST_POINTS:,} 个点，请抽稀到每分钟一点 / more than "
                    f"{MOST_POINTS:,} points; thin them to one a minute."
                )
            yield _usable(table, county, datum_of(datum), read)


def _usable(table: pd.DataFrame, county: County, datum: str, read: Read) -> Batch:
    lon = pd.to_numeric(table["lon"], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    lat = pd.to_numeric(table["lat"], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    lon, lat = convert_datum(lon, lat, source=datum, target="wgs84")
    second = seconds(table["time"], county.timezone)
    codes, found = pd.factorize(table["rider"])
    names = [rider_name(name) for name in found]
    named = (codes >= 0) & np.array([*map(bool, names), False])[codes]
    placed = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    timed = (second >= EARLIEST_S) & (second < LATEST_S)
    near = placed.copy()
    near[placed] = haversine_m(lon[placed], lat[placed], *county.centre) <= FAR_M
    read.no_rider += int((~named).sum())
    read.no_time += int((named & ~timed).sum())
    read.no_place += int((named & timed & ~placed).sum())
    read.far += int((named & timed & placed & ~near).sum())
    use = named & timed & near
    return Batch(read.number(names, codes[use]), second[use], lon[use], lat[use])


def rider_name(name: object) -> str:
    """One spelling of a rider's name or number; "" where there is none.

    Nobody may count twice because one file says 1001, the next " 1001", １００１ or 1001.0: that
    would be two people where there is one, and ten are what makes a place fit to be shown. Two
    riders told apart by nothing else (7 and 007) count as one, which shows less, not more.
    """
    if isinstance(name, float | np.floating) and float(name).is_integer():
        name = int(name)
    text = name.decode(errors="replace") if isinstance(name, bytes) else str(name)
    text = "".join(filter(str.isprintable, unicodedata.normalize("NFKC", text))).strip()
    number = _NUMBER.fullmatch(text)
    return number[1] if number else text


def seconds(times: pd.Series[Any], timezone: str) -> NDArray[np.int64]:
    """Seconds since 1970 (UTC) of times as text, numbers or timestamps; -1 where unreadable.

    Fourteen digits that begin with a 2 are a time of the clock (20261001123000): as milliseconds
    they would be of the year 2600.
    """
    if isinstance(times.dtype, pd.DatetimeTZDtype) or times.dtype.kind == "M":
        return _seconds(times, timezone)
    numbers = np.full(len(times), np.nan)
    plain = np.ones(len(times), dtype=bool)
    if isinstance(times.dtype, pd.StringDtype):
        # No number has a colon, and to find that a text is none takes longer than all the rest.
        plain = ~times.str.contains(":", regex=False).to_numpy(dtype=bool, na_value=False)
    numbers[plain] = pd.to_numeric(times[plain], errors="coerce").to_numpy(
        np.float64, na_value=np.nan
    )
    compact = (numbers >= 2e13) & (numbers < 3e13)
    numbers = np.where(compact, np.nan, numbers)
    scaled = np.where(numbers > _MILLISECONDS, numbers / 1000, numbers)
    believed = (scaled >= 0) & (scaled < LATEST_S)
    found = np.where(believed, scaled, -1).astype(np.int64)
    text = times[np.isnan(numbers)].astype(str).str.strip()
    if not len(text):
        return found
    if compact.any():
        text = text.str.replace(_COMPACT, _with_signs, regex=True)
    offset = text.str.contains(_OFFSET).to_numpy(dtype=bool) & (text.str.len() > 10)
    of_text = np.full(len(text), -1, dtype=np.int64)
    for mask, local in ((offset, False), (~offset, True)):
        if mask.any():
            parsed = pd.to_datetime(
                text[mask].str.replace("/", "-"), format="ISO8601", errors="coerce", utc=not local
            )
            of_text[mask] = _seconds(parsed, timezone)
    found[np.isnan(numbers)] = of_text
    return found


def _with_signs(compact: re.Match[str]) -> str:
    digits = compact[1]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:]}"


def _seconds(times: pd.Series[Any], timezone: str) -> NDArray[np.int64]:
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        # An hour that summer time skips or repeats is no certain time.
        times = times.dt.tz_localize(timezone, ambiguous="NaT", nonexistent="NaT")
    utc = times.dt.tz_convert(UTC).dt.tz_localize(None).to_numpy("datetime64[s]")
    found = utc.astype(np.int64)
    return np.where(np.isnat(utc) | (found < 0), -1, found)
