"""Order or position points with time, read in batches: columns, datum, local time.

The points are riders' traces. They are read where they lie and go nowhere else: nothing of them is
written, and what is kept in memory is a number for each rider.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.demand.sheets import FAR_M, datum_of
from locator.errors import DemandError
from locator.geo.crs import haversine_m
from locator.geo.datum import DATUMS, convert_datum

HEADINGS: dict[str, tuple[str, ...]] = {
    "rider": ("骑手", "骑手编号", "骑手id", "rider", "rider_id", "courier_id"),
    "time": ("时间", "下单时间", "定位时间", "time", "timestamp", "datetime", "order_time"),
    "lon": ("经度", "lon", "lng", "longitude"),
    "lat": ("纬度", "lat", "latitude"),
}
BATCH = 200_000
#: More points than this do not fit into the memory that is promised.
MOST_POINTS = 40_000_000
MOST_RIDERS = 2_000_000
#: 2 January 2000: clocks that were never set say less.
EARLIEST_S = 946_771_200
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$")
#: Seconds since 1970 are below, milliseconds above.
_MILLISECONDS = 1e11
_SNIFF = 1 << 20

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

    def number(self, riders: pd.Series[Any]) -> NDArray[np.int64]:
        """The riders' names as numbers, the same for one name in every batch."""
        codes, names = pd.factorize(riders)
        numbers = [self.numbers.setdefault(str(name), len(self.numbers)) for name in names]
        if len(self.numbers) > MOST_RIDERS:
            raise DemandError(
                f"骑手编号超过 {MOST_RIDERS:,} 个，是不是订单号 / "
                f"more than {MOST_RIDERS:,} riders; is it the number of the order?"
            )
        return np.asarray(numbers, dtype=np.int64)[codes]


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
        parquet = path.suffix.lower() in (".parquet", ".pq")
        for table in _parquet(path) if parquet else _csv(path):
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
    rider = table["rider"]
    named = (rider.notna() & (rider.astype(str).str.strip() != "")).to_numpy(dtype=bool)
    placed = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    timed = second >= EARLIEST_S
    near = placed.copy()
    near[placed] = haversine_m(lon[placed], lat[placed], *county.centre) <= FAR_M
    read.no_rider += int((~named).sum())
    read.no_time += int((named & ~timed).sum())
    read.no_place += int((named & timed & ~placed).sum())
    read.far += int((named & timed & placed & ~near).sum())
    use = named & timed & near
    return Batch(read.number(rider[use]), second[use], lon[use], lat[use])


def seconds(times: pd.Series[Any], timezone: str) -> NDArray[np.int64]:
    """Seconds since 1970 (UTC) of times as text, numbers or timestamps; -1 where unreadable."""
    if isinstance(times.dtype, pd.DatetimeTZDtype) or times.dtype.kind == "M":
        return _seconds(times, timezone)
    numbers = pd.to_numeric(times, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    scaled = np.where(numbers > _MILLISECONDS, numbers / 1000, numbers)
    found = np.where(np.isfinite(scaled) & (scaled >= 0), scaled, -1).astype(np.int64)
    text = times[np.isnan(numbers)].astype(str).str.strip()
    if not len(text):
        return found
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


def _seconds(times: pd.Series[Any], timezone: str) -> NDArray[np.int64]:
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        # An hour that summer time skips or repeats is no certain time.
        times = times.dt.tz_localize(timezone, ambiguous="NaT", nonexistent="NaT")
    utc = times.dt.tz_convert(UTC).dt.tz_localize(None).to_numpy("datetime64[s]")
    found = utc.astype(np.int64)
    return np.where(np.isnat(utc) | (found < 0), -1, found)


def _csv(path: Path) -> Iterator[pd.DataFrame]:
    encoding, header, delimiter = _sniffed(path)
    columns = _columns(path, header)
    try:
        with pd.read_csv(
            path, sep=delimiter, encoding=encoding, encoding_errors="replace", dtype=str,
            usecols=sorted(columns), header=0, names=range(len(header)), index_col=False,
            chunksize=BATCH, keep_default_na=False,
        ) as chunks:  # fmt: skip
            for chunk in chunks:
                yield chunk.rename(columns=columns)
    except (OSError, ValueError, pd.errors.ParserError) as error:
        raise DemandError(
            f"{path}: 不是完整的 CSV，请重新导出 / is no CSV ({error}); export it again."
        ) from error


def _sniffed(path: Path) -> tuple[str, list[str], str]:
    """Encoding, headings and delimiter, by the beginning of the file."""
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFF)
    except OSError as error:
        raise DemandError(
            f"{path}: 读不了 / cannot be read ({error.strerror}); correct its name."
        ) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(start)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        delimiter = max(",\t;", key=first.count)
        return encoding, next(csv.reader([first.strip("\r")], delimiter=delimiter), []), delimiter
    raise DemandError(f"{path}: 不是文本表格 / no text; save it as CSV UTF-8 or Parquet.")


def _parquet(path: Path) -> Iterator[pd.DataFrame]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise DemandError(
            f"{path}: 读 Parquet 要先装 pyarrow / Parquet needs pyarrow: pip install "
            "'yizhangtu-locator[parquet]', or export the points as CSV."
        ) from error
    try:
        with pq.ParquetFile(path) as file:
            columns = _columns(path, file.schema_arrow.names)
            names = {file.schema_arrow.names[at]: name for at, name in columns.items()}
            for batch in file.iter_batches(batch_size=BATCH, columns=sorted(names)):
                yield batch.to_pandas().rename(columns=names)
    except (OSError, pa.ArrowException) as error:
        raise DemandError(
            f"{path}: 读不了，不是完整的 Parquet / cannot be read as Parquet ({error}); "
            "export it again."
        ) from error


def _columns(path: Path, header: Sequence[str]) -> dict[int, str]:
    names = {alias: name for name, aliases in HEADINGS.items() for alias in aliases}
    columns: dict[int, str] = {}
    for at, heading in enumerate(header):
        name = names.get(heading.strip().lower())
        if name is not None and name not in columns.values():
            columns[at] = name
    missing = [name for name in HEADINGS if name not in columns.values()]
    if missing:
        zh = "、".join(HEADINGS[name][0] for name in missing)
        raise DemandError(
            f"{path}: 缺少列「{zh}」/ lacks the columns {', '.join(missing)}. 没有骑手编号就数不出"
            "有几个不同的人，不能公开；编号可以是化名 / without a rider (any pseudonym will do) "
            "nobody can count how many people a place stands for."
        )
    return columns
