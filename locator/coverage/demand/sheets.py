"""What all sheets of demand share: rows under Chinese or English headings, and set-aside rows.

A row that cannot be used is set aside with its reason, and the rest is still computed: the report
of the demand names such rows, and ``locator demand`` shows them.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h3
import numpy as np
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.demand.table import DAYS, SLOTS
from locator.errors import DatumError, DemandError, LedgerError
from locator.geo.crs import haversine_m
from locator.geo.datum import convert_datum
from locator.geo.outline import outside_outline_m
from locator.stations.readers import known_heading
from locator.stations.readers_child import read_in_child
from locator.stations.table import DATUM_ANSWERS

#: The first of each is the heading of the documentation.
Headings = Mapping[str, tuple[str, ...]]
DAY_HEADINGS = ("日类型", "day")
HOUR_HEADINGS = ("时段", "hours")
RIDER_HEADINGS = ("人数", "riders")
_DAY_WORDS = {"工作日": "workday", "workday": "workday", "休息日": "dayoff", "dayoff": "dayoff"}
_SPAN = re.compile(r"(\d{1,2}):00\s*[-–—~～至到]+\s*(?:次日)?(\d{1,2}):00")
#: Farther from the county's middle than this no place of it lies; swapped coordinates do.
FAR_M = 300_000
#: A span of more hours over midnight is rather two times in the wrong order.
LONGEST_NIGHT = 12
#: A report names so many rows of each sort, and counts the others.
SHOWN = 10


class Fault(Exception):
    """What is wrong with one row, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en


@dataclass
class SetAside:
    """Rows that are not computed: those with a fault, and places outside the county."""

    faults: list[dict[str, Any]] = field(default_factory=list)
    outside: list[dict[str, Any]] = field(default_factory=list)

    def fault(self, row: int, fault: Fault) -> None:
        """Note a row that cannot be used."""
        self.faults.append({"row": row, "zh": fault.zh, "en": fault.en})

    def report(self) -> dict[str, Any]:
        """Counts of both sorts, the first of each by row."""
        return {
            "faulty": len(self.faults),
            "faults": self.faults[:SHOWN],
            "outside": len(self.outside),
            "outside_rider_hours": round(sum(one["rider_hours"] for one in self.outside), 3),
            "outside_places": self.outside[:SHOWN],
        }

    def require_some(self, path: Path, used: int) -> None:
        """Raise DemandError, naming the rows, where nothing is left to be computed."""
        if used:
            return
        if not self.faults and not self.outside:
            raise DemandError(f"{path}: 表里没有人数 / it holds no headcount; fill it in.")
        said = [f"第 {o['row']} 行：{o['zh']} / line {o['row']}: {o['en']}" for o in self.faults]
        said += [
            f"第 {o['row']} 行：{o['place']}在县外 / line {o['row']}: {o['place']} lies outside"
            for o in self.outside
        ]
        more = len(said) - SHOWN
        shown = "\n".join(said[:SHOWN]) + (f"\n… {more}" if more > 0 else "")
        raise DemandError(
            f"{path}: 没有一行可用，{len(said)} 行有误 / "
            f"no usable line, {len(said)} bad lines:\n{shown}"
        )


def sheet_rows(
    path: Path, headings: Headings, optional: frozenset[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV (UTF-8 or GB18030) or XLSX sheet, by the names of ``headings``, with their
    numbers as the clerk's program shows them. Lines that begin with # above the headings are left
    out, and so are blank rows.

    Raises DemandError for a file that is no such sheet, or lacks a column that is not optional.
    """
    if path.suffix.lower() == ".xlsx":
        yield from _workbook_rows(path, headings, optional)
        return
    text = sheet_text(path)
    comments = 0
    while text.startswith("#"):
        text = text.partition("\n")[2]
        comments += 1
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = _columns(path, next(rows, []), headings, optional)
        for row in rows:
            if any(cell.strip() for cell in row):
                yield rows.line_num + comments, _fields(row, columns)
    except csv.Error as error:
        line = rows.line_num + comments
        raise DemandError(
            f"{path}: 第 {line} 行不是完整的 CSV，请重新导出 / "
            f"line {line} is no CSV ({error}); export the sheet again."
        ) from error


def _workbook_rows(
    path: Path, headings: Headings, optional: frozenset[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    known = frozenset(alias for aliases in headings.values() for alias in aliases)
    try:
        _, found = read_in_child(path, known)
    except LedgerError as error:
        if error.code == "header_not_found":
            _columns(path, [], headings, optional)
        raise DemandError(f"{path}: {error.zh} / {error.en}") from error
    columns = _columns(path, [known_heading(c, known) or "" for c in found.columns], headings,
                       optional)  # fmt: skip
    for number, cells in zip(found.numbers, found.cells, strict=True):
        yield number, _fields(cells, columns)


def sheet_text(path: Path) -> str:
    """The text of a file in UTF-8 or GB18030."""
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


def _columns(
    path: Path, header: Sequence[str], headings: Headings, optional: frozenset[str]
) -> dict[int, str]:
    names = {alias: name for name, aliases in headings.items() for alias in aliases}
    columns = {
        at: names[heading.strip().lower()]
        for at, heading in enumerate(header)
        if heading.strip().lower() in names
    }
    missing = [n for n in headings if n not in columns.values() and n not in optional]
    if missing:
        zh = "、".join(headings[name][0] for name in missing)
        raise DemandError(
            f"{path}: 第 1 行缺少列「{zh}」/ line 1 lacks the columns {', '.join(missing)}; "
            "add them."
        )
    if len(set(columns.values())) < len(columns):
        raise DemandError(f"{path}: 第 1 行有重复的列 / line 1 names a column twice; remove one.")
    return columns


def _fields(row: Sequence[str], columns: Mapping[int, str]) -> dict[str, str]:
    return {name: row[at].strip() if at < len(row) else "" for at, name in columns.items()}


# --- cells of a row -------------------------------------------------------------------------------


def number(text: str, zh: str, en: str, *, lowest: float = 0.0, highest: float = math.inf) -> float:
    """The number that a cell holds; Fault where it is none, or beyond the two limits."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Fault(f"{zh}「{text}」不是数字", f"{en} {text!r} is not a number")
    if value < lowest:
        raise Fault(f"{zh} {text} 太小", f"{en} {text} is below {lowest:g}")
    if value > highest:
        raise Fault(f"{zh} {text} 太大", f"{en} {text} is above {highest:g}")
    return value


def slots_of(day: str, hours: str) -> list[int]:
    """The slots of a kind of day and a span: ``22:00-02:00`` is 22, 23, 0, 1 of that day."""
    kind = _DAY_WORDS.get(day.lower())
    if kind is None:
        raise Fault(f"日类型「{day}」应为工作日或休息日", f"day {day!r} must be workday or dayoff")
    return [DAYS.index(kind) * 24 + hour for hour in _hours(hours)]


def _hours(text: str) -> Iterable[int]:
    found = _SPAN.fullmatch(text.replace("：", ":"))
    if found is None:
        raise Fault(
            f"时段「{text}」应写成 10:00-14:00（整点）",
            f"hours {text!r} must be written 10:00-14:00, in whole hours",
        )
    start, end = int(found[1]), int(found[2])
    if start > 23 or end > 24 or start == end:
        raise Fault(f"时段「{text}」不是一段时间", f"hours {text!r} are no span of a day")
    if start < end:
        return range(start, end)
    if 24 - start + end > LONGEST_NIGHT:
        raise Fault(
            f"时段「{text}」起止颠倒；跨夜请分成两行",
            f"hours {text!r} are in the wrong order; write a long night as two lines",
        )
    return [*range(start, 24), *range(end)]


def wgs84_point(lon_text: str, lat_text: str, datum: str, county: County) -> tuple[float, float]:
    """A point in WGS-84 degrees; Fault where it is none, or far from the county."""
    lon = number(lon_text, "经度", "lon", lowest=-180, highest=180)
    lat = number(lat_text, "纬度", "lat", lowest=-90)
    answer = datum or "wgs84"
    try:
        lon, lat = (
            float(x) for x in convert_datum(lon, lat, source=datum_of(answer), target="wgs84")
        )
    except DatumError as error:
        raise Fault(
            f"坐标来源「{answer}」不认识，可填 高德、百度、手机 GPS、天地图",
            f"source_datum {answer!r} is not known; say gcj02, bd09, wgs84 or cgcs2000",
        ) from error
    if abs(lat) > 90 or haversine_m(lon, lat, *county.centre) > FAR_M:
        raise Fault(
            f"坐标 {lon_text}, {lat_text} 远在{county.name_zh}之外，经纬度是否颠倒",
            f"{lon_text}, {lat_text} is far from {county.name_en}; are they swapped?",
        )
    return lon, lat


def datum_of(answer: str) -> str:
    """The datum that a person's answer to 坐标从哪抄的 means; the answer itself where unknown."""
    return DATUM_ANSWERS.get(answer.lower().replace(" ", ""), answer)


def outside(county: County, lon: Sequence[float], lat: Sequence[float]) -> NDArray[np.bool_]:
    """Which points (WGS-84) lie outside the county and its outline's tolerance of 300 m; none
    where no outline is known."""
    if county.outline is None or not len(lon):
        return np.zeros(len(lon), dtype=bool)
    path = county.path(county.outline)
    return np.asarray(outside_outline_m(path, county.centre, lon, lat) > 0)


def cells_outside(county: County, cells: Sequence[str]) -> NDArray[np.bool_]:
    """Which cells have their centre outside the county (see `outside`)."""
    centres = [h3.cell_to_latlng(cell) for cell in cells]
    return outside(county, [lon for _, lon in centres], [lat for lat, _ in centres])


def rider_hours(riders: NDArray[np.float64]) -> dict[str, float]:
    """Rider-hours of one day of each kind (the sum of cells × 48 slots)."""
    return {
        day: round(float(riders[:, at * 24 : at * 24 + 24].sum()), 6) for at, day in enumerate(DAYS)
    }


def by_name(totals: Mapping[str, NDArray[np.float64]]) -> tuple[list[str], NDArray[np.float64]]:
    """Cells in the order of their names, and their riders as one table."""
    cells = sorted(totals)
    return cells, np.array([totals[cell] for cell in cells]).reshape(-1, len(SLOTS))
