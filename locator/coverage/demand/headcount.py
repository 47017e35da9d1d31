"""A headcount sheet: places with riders by time of day, spread over H3 cells."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import h3
import numpy as np
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.demand.table import DAYS, RESOLUTION, SLOTS, Demand
from locator.errors import DatumError, DemandError
from locator.geo.crs import haversine_m
from locator.geo.datum import convert_datum
from locator.stations.table import DATUM_ANSWERS

#: Column → its headings, the first one being that of the documentation.
HEADINGS: dict[str, tuple[str, ...]] = {
    "place": ("商圈", "地点", "place"),
    "lon": ("经度", "lon"),
    "lat": ("纬度", "lat"),
    "radius_m": ("半径米", "radius_m"),
    "day": ("日类型", "day"),
    "hours": ("时段", "hours"),
    "riders": ("人数", "riders"),
    "datum": ("坐标来源", "source_datum"),
}
_OPTIONAL = frozenset({"place", "radius_m", "datum"})
_DAY_WORDS = {"工作日": "workday", "workday": "workday", "休息日": "dayoff", "dayoff": "dayoff"}
_SPAN = re.compile(r"(\d{1,2}):00\s*[-–—~～至到]+\s*(?:次日)?(\d{1,2}):00")

MAX_RADIUS_M = 20_000
#: Farther than this from the county's middle no place of it lies; swapped coordinates do.
FAR_M = 300_000
#: A span of more hours over midnight is rather two times in the wrong order.
LONGEST_NIGHT = 12
_SHOWN_FAULTS = 10
#: No two neighbouring cells' centres are closer, anywhere on earth.
_CELL_PITCH_M = 200.0


@dataclass(frozen=True)
class _Count:
    place: str
    lon: float
    lat: float
    radius_m: float
    slots: tuple[int, ...]
    riders: float


class _Fault(Exception):
    """What is wrong with one line, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en


def read_headcount(path: Path, county: County) -> Demand:
    """Read a sheet of places with headcounts by time of day (CSV, UTF-8 or GB18030).

    Columns, in Chinese or English: 商圈 place, 经度 lon, 纬度 lat, 半径米 radius_m, 日类型 day
    (工作日 or 休息日), 时段 hours (``10:00-14:00``, whole hours; ``22:00-02:00`` runs over midnight
    within the same kind of day), 人数 riders: there on average in each of these hours. They are
    spread evenly over the cells whose centre lies within the radius, or stand in the cell of the
    point where there is none. Degrees are WGS-84 unless 坐标来源 says otherwise. Counts of the same
    place and hour add up.
    Raises DemandError that names every bad line (up to ten), in Chinese and English.
    """
    counts = _read_counts(path, county)
    totals: dict[str, NDArray[np.float64]] = {}
    for count in counts:
        cells = cells_within(count.lon, count.lat, count.radius_m)
        for cell in cells:
            row = totals.setdefault(cell, np.zeros(len(SLOTS)))
            row[list(count.slots)] += count.riders / len(cells)
    cells = sorted(totals)
    provenance = county.demand.provenance if county.demand else "headcount"
    riders = np.array([totals[cell] for cell in cells]).reshape(-1, len(SLOTS))
    return Demand(
        cells=cells,
        riders=riders,
        provenance=provenance,
        report={
            "lines": len(counts),
            "places": len({count.place for count in counts}),
            "cells": len(cells),
            "rider_hours": {
                day: round(float(riders[:, at * 24 : at * 24 + 24].sum()), 6)
                for at, day in enumerate(DAYS)
            },
        },
    )


def _read_counts(path: Path, county: County) -> list[_Count]:
    rows = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = next(rows, [])
        columns = _columns(path, header)
        counts: list[_Count] = []
        faults: list[str] = []
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            try:
                counts.append(_count(dict(_fields(row, columns)), county))
            except _Fault as fault:
                faults.append(
                    f"第 {rows.line_num} 行：{fault.zh} / line {rows.line_num}: {fault.en}"
                )
    except csv.Error as error:
        raise DemandError(
            f"{path}: 第 {rows.line_num} 行不是完整的 CSV，请重新导出 / "
            f"line {rows.line_num} is no CSV ({error}); export the sheet again."
        ) from error
    if faults:
        more = len(faults) - _SHOWN_FAULTS
        shown = "\n".join(faults[:_SHOWN_FAULTS]) + (f"\n… {more}" if more > 0 else "")
        raise DemandError(f"{path}: {len(faults)} 行有误 / {len(faults)} bad lines:\n{shown}")
    if not counts:
        raise DemandError(f"{path}: 表里没有人数 / the sheet holds no headcount; fill it in.")
    return counts


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DemandError(
            f"{path}: 读不了 / cannot be read ({error.strerror}); correct its name."
        ) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DemandError(
        f"{path}: 不是文本表格，请另存为 CSV UTF-8 / no text; save the sheet as CSV UTF-8."
    )


def _columns(path: Path, header: Sequence[str]) -> dict[int, str]:
    names = {alias: name for name, aliases in HEADINGS.items() for alias in aliases}
    columns = {
        at: names[heading.strip().lower()]
        for at, heading in enumerate(header)
        if heading.strip().lower() in names
    }
    missing = [n for n in HEADINGS if n not in columns.values() and n not in _OPTIONAL]
    if missing:
        headings = "、".join(HEADINGS[name][0] for name in missing)
        raise DemandError(
            f"{path}: 第 1 行缺少列「{headings}」/ line 1 lacks the columns {', '.join(missing)}; "
            "add them."
        )
    if len(set(columns.values())) < len(columns):
        raise DemandError(f"{path}: 第 1 行有重复的列 / line 1 names a column twice; remove one.")
    return columns


def _fields(row: Sequence[str], columns: dict[int, str]) -> Iterator[tuple[str, str]]:
    for at, name in columns.items():
        yield name, row[at].strip() if at < len(row) else ""


def _count(row: dict[str, str], county: County) -> _Count:
    lon, lat = _place(row, county)
    radius_m = _number(row, "radius_m", highest=MAX_RADIUS_M) if row.get("radius_m") else 0.0
    riders = _number(row, "riders")
    day = _DAY_WORDS.get(row["day"].lower())
    if day is None:
        raise _Fault(
            f"日类型「{row['day']}」应为工作日或休息日",
            f"day {row['day']!r} must be workday or dayoff",
        )
    first = DAYS.index(day) * 24
    slots = tuple(first + hour for hour in _hours(row["hours"]))
    return _Count(row.get("place") or f"{lon},{lat}", lon, lat, radius_m, slots, riders)


def _place(row: dict[str, str], county: County) -> tuple[float, float]:
    lon, lat = _number(row, "lon", lowest=-180, highest=180), _number(row, "lat", lowest=-90)
    answer = row.get("datum") or "wgs84"
    try:
        datum = DATUM_ANSWERS.get(answer.lower().replace(" ", ""), answer)
        lon, lat = (float(x) for x in convert_datum(lon, lat, source=datum, target="wgs84"))
    except DatumError as error:
        raise _Fault(
            f"坐标来源「{answer}」不认识，可填 高德、百度、手机 GPS、天地图",
            f"source_datum {answer!r} is not known; say gcj02, bd09, wgs84 or cgcs2000",
        ) from error
    if abs(lat) > 90 or haversine_m(lon, lat, *county.centre) > FAR_M:
        raise _Fault(
            f"坐标 {row['lon']}, {row['lat']} 远在{county.name_zh}之外，经纬度是否颠倒",
            f"{row['lon']}, {row['lat']} is far from {county.name_en}; are they swapped?",
        )
    return lon, lat


def _number(
    row: dict[str, str], name: str, *, lowest: float = 0.0, highest: float = math.inf
) -> float:
    heading, text = HEADINGS[name][0], row[name]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _Fault(f"{heading}「{text}」不是数字", f"{name} {text!r} is not a number")
    if value < lowest:
        raise _Fault(f"{heading} {text} 太小", f"{name} {text} is below {lowest:g}")
    if value > highest:
        raise _Fault(f"{heading} {text} 太大", f"{name} {text} is above {highest:g}")
    return value


def _hours(text: str) -> range | list[int]:
    """The hours of a span: ``22:00-02:00`` is 22, 23, 0, 1."""
    found = _SPAN.fullmatch(text.replace("：", ":"))
    if found is None:
        raise _Fault(
            f"时段「{text}」应写成 10:00-14:00（整点）",
            f"hours {text!r} must be written 10:00-14:00, in whole hours",
        )
    start, end = int(found[1]), int(found[2])
    if start > 23 or end > 24 or start == end:
        raise _Fault(f"时段「{text}」不是一段时间", f"hours {text!r} are no span of a day")
    if start < end:
        return range(start, end)
    if 24 - start + end > LONGEST_NIGHT:
        raise _Fault(
            f"时段「{text}」起止颠倒；跨夜请分成两行",
            f"hours {text!r} are in the wrong order; write a long night as two lines",
        )
    return [*range(start, 24), *range(end)]


def cells_within(lon: float, lat: float, radius_m: float) -> list[str]:
    """The cells whose centre lies within ``radius_m``; at least the one that holds the point."""
    own = str(h3.latlng_to_cell(lat, lon, RESOLUTION))
    disk = sorted(h3.grid_disk(own, math.ceil(radius_m / _CELL_PITCH_M)))
    centres = np.array([h3.cell_to_latlng(cell) for cell in disk])
    near = haversine_m(lon, lat, centres[:, 1], centres[:, 0]) <= radius_m
    return [cell for cell, inside in zip(disk, near, strict=True) if inside] or [own]
