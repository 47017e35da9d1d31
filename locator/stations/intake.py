"""From ledger files to one table of rows, with nothing lost and nothing guessed.

`read_ledger` takes a file into cells of text; `gather` lays the ledgers under each other and
finds exact copies. Whose a row is says ``whose``; what the cells say is read in ``parsing``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from locator.errors import Finding, HoursError, LedgerError, UsageError
from locator.geo.datum import DATUMS
from locator.stations import cells
from locator.stations.headings import HEADINGS, column_of, near, understand
from locator.stations.hours import normalise_hours
from locator.stations.positions import datums, given_points
from locator.stations.readers import BEYOND
from locator.stations.readers_child import Format, read_in_child
from locator.stations.sheet_notes import aside_finding, columns_finding, is_aside
from locator.stations.table import COLUMNS

_NAMES = tuple(column.name for column in COLUMNS)
_REQUIRED = tuple(column for column in COLUMNS if column.required)


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it was given: its number in the clerk's program, and heading → text."""

    row: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger file as cells of text.

    ``columns`` maps the names of the station table to the headings found; ``datum`` is what the
    whole file is declared to be in, ``heading_datum`` what the heading of its coordinates says
    (百度经度), each None where nobody has said. ``aside`` are the rows (number, cells) under the
    table that are no stations: totals, signatures, remarks. ``header``, ``sheet`` and
    ``left`` say where in the file the table stands (see `Cells`).
    """

    file: str
    format: Format
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    numbers: tuple[int, ...]
    cells: Sequence[Sequence[str]] = field(repr=False)
    datum: str | None
    notices: tuple[Finding, ...] = ()
    header: int = 0
    sheet: str | None = None
    left: int = 0
    heading_datum: str | None = None
    aside: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def row(self, at: int) -> RawRow:
        """The row at index ``at``, as given; empty cells are left out."""
        given = zip(self.headings, self.cells[at], strict=True)
        return RawRow(self.numbers[at], {name: text for name, text in given if text})


def read_ledger(path: Path, *, datum: str | None = None, without_ids: bool = False) -> Ledger:
    """Read a GeoJSON, CSV or XLSX ledger strictly, in a limited child process.

    ``datum`` declares the coordinates of rows that do not say themselves (column 坐标来源);
    ``without_ids`` takes a sheet that has no column 编号 as well. Raises LedgerError where the file
    can't be used, lacks a required column or holds no row, and UsageError for an unknown datum.
    """
    if datum is not None and datum not in DATUMS:
        raise UsageError(
            f"--datum {datum}：没有这种坐标系，只能写 {'、'.join(DATUMS)} / "
            f"no datum known here; give one of {', '.join(DATUMS)}."
        )
    kind, found = read_in_child(path, frozenset(HEADINGS))
    understood = understand(_of_rows(found.columns) if kind == "geojson" else found.columns)
    columns = dict(understood.columns)
    if understood.twice:
        one, other = (found.columns[at] for at in understood.twice)
        raise _refusal(
            path.name,
            f"「{one}」和「{other}」是同一列。请只留一列。",
            f"{one!r} and {other!r} are one column; keep one.",
            "column_twice",
        )
    if len(understood.datums) > 1:
        raise _refusal(
            path.name,
            f"经度和纬度的表头写着不同的地图（{'、'.join(understood.datums)}）。请只留一种。",
            f"the headings of the coordinates name {' and '.join(understood.datums)}; keep one.",
            "column_twice",
        )
    if kind != "geojson":  # there each feature has its own properties: that is asked row by row
        _insist_on_columns(
            path.name, {*columns, "id"} if without_ids else columns.keys(), found.columns
        )
    numbers, rows = found.numbers, found.cells
    aside: tuple[tuple[int, tuple[str, ...]], ...] = ()
    if kind != "geojson":
        no_station = [is_aside(row, columns) for row in rows]
        if any(no_station):
            given = list(zip(numbers, map(tuple, rows), no_station, strict=True))
            aside = tuple((number, row) for number, row, told in given if told)
            numbers = [number for number, _, told in given if not told]
            rows = [row for row, told in zip(rows, no_station, strict=True) if not told]
    if not rows:
        raise _refusal(
            path.name,
            "只有表头，没有一行驿站。请填好台账再传。",
            "there is no station in it; fill in the ledger.",
            "file_empty",
        )
    as_hours = _hours_under_another_name(columns, rows)
    if as_hours is not None:
        columns["hours"] = columns.pop("service_hours")
    notices = [
        Finding(code, "warning", path.name, None, None, zh, en) for code, zh, en in found.notes
    ]
    strange = columns_finding(
        path.name, found.columns, replace(understood, columns=columns),
        as_hours=None if as_hours is None else found.columns[as_hours],
    )  # fmt: skip
    notices += [strange] if strange else []
    notices += [aside_finding(path.name, aside)] if aside else []
    return Ledger(
        path.name, kind, tuple(found.columns), columns, tuple(numbers), rows,
        found.datum or datum, tuple(notices), found.header, found.sheet, found.left,
        next(iter(understood.datums), None), aside,
    )  # fmt: skip


def gather(ledgers: Sequence[Ledger]) -> pd.DataFrame:
    """All rows of all ledgers, one below the other, in the order given.

    Columns: ``ledger`` and ``at`` (where to find the original), ``file``, ``row``, ``format``,
    ``sheet`` (its title, "" where the file has none), the cleaned text of every ledger column (""
    where empty), ``beyond`` (cells past the last heading),
    ``datum`` ("" where it can't be told; GeoJSON counts as wgs84), ``datum_voice`` (who says so, a
    `Voice`), ``file_declares`` (whether any row of its file comes with one), ``given_point``
    (`GivenPoint` where the position is not two plain numbers, else None), ``contradiction``
    (`Contradiction` or None) and ``exact_copy_of``: the index of the earlier row that says the
    very same, else -1.
    """
    parts: list[pd.DataFrame] = []
    first: dict[tuple[str, ...], int] = {}
    copies: list[int] = []
    repeated = _repeated_ids(ledgers)  # a row whose id comes once repeats no other
    for number, ledger in enumerate(ledgers):
        size = len(ledger.numbers)
        columns = [cells.cleaned(column) for column in zip(*ledger.cells, strict=True)]
        blank = [""] * size
        data = {name: columns[ledger.columns[name]] if name in ledger.columns else blank
                for name in _NAMES}  # fmt: skip
        used = set(ledger.columns.values())
        beyond = ledger.headings.index(BEYOND) if BEYOND in ledger.headings else None
        rest = [
            [f"{heading}={text}" if text else "" for text in columns[at]]
            for at, heading in sorted(zip(range(len(columns)), ledger.headings, strict=True),
                                      key=lambda pair: pair[1])
            if at not in used
        ]  # fmt: skip
        points = given_points(data["lon"], data["lat"], data["coordinate"])
        datum, voices, clashes = datums(
            data, points, heading=ledger.heading_datum, file=ledger.datum,
            otherwise="wgs84" if ledger.format == "geojson" else "",
        )  # fmt: skip
        base = len(copies)
        copies += [-1] * size
        for at in [at for at, text in enumerate(data["id"]) if text in repeated]:
            known = (text for text in (datum[at], *(column[at] for column in rest)) if text)
            key = (*(column[at] for column in data.values()), *known)
            copy = first.setdefault(key, base + at)
            copies[base + at] = -1 if copy == base + at else copy
        parts.append(
            pd.DataFrame(
                {
                    "ledger": number, "at": range(size), "file": ledger.file,
                    "row": ledger.numbers, "format": ledger.format, "sheet": ledger.sheet or "",
                    **{name: pd.Series(column, dtype=object) for name, column in data.items()},
                    "beyond": columns[beyond] if beyond is not None else blank,
                    "datum": datum, "datum_voice": voices, "file_declares": any(voices),
                    "given_point": _placed(points, size), "contradiction": _placed(clashes, size),
                }
            )
        )  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)
    rows["exact_copy_of"] = copies
    return rows


def provisional_ids(rows: pd.DataFrame) -> pd.Series[str]:
    """The ids of rows, where a row without one gets a name for this run alone.

    Such a name begins with the county's code as every id does, is like no id in use (two hyphens),
    and keeps the order of the rows: ``341523--000017``. Rows of no county stay without.
    """
    named = [
        id_text or (code and f"{code}--{at:06}")
        for at, id_text, code in zip(rows.index, rows["id"], rows["county_code"], strict=True)
    ]
    return pd.Series(named, index=rows.index, dtype=object)


def given_id(id_text: str) -> str:
    """The id that a row was given; "" where it goes by a provisional one, which is nobody's to
    read."""
    return "" if re.fullmatch(r"[a-z0-9]+--\d{6,}", id_text) else id_text


def is_provisional(id_text: str, code: str) -> bool:
    """Whether an id of the county ``code`` names a row for one run alone."""
    return id_text.startswith(f"{code}--") and not given_id(id_text)


# --- the file -------------------------------------------------------------------------------------


def _of_rows(properties: Sequence[str]) -> list[str]:
    """The properties of features, without those that the geometry says better (经度 beside it)."""
    point = {name for name in ("lon", "lat") if name in properties}
    return [
        "" if heading not in point and column_of(heading) in point else heading
        for heading in properties
    ]


def _hours_under_another_name(
    columns: Mapping[str, int], rows: Sequence[Sequence[str]]
) -> int | None:
    """The place of a column 服务时间 that holds the hours of the door: each cell reads as hours.

    Only where no column says 开放时间; hours of single services name their service.
    """
    if "hours" in columns or "service_hours" not in columns:
        return None
    place = columns["service_hours"]
    told = {text for row in rows if (text := row[place].strip())}
    try:
        read = [normalise_hours(text) for text in told]
    except HoursError:
        return None
    return place if any(read) else None


def _insist_on_columns(file: str, columns: Set[str], headings: Sequence[str]) -> None:
    missing = [
        column
        for column in _REQUIRED
        if column.name not in columns
        and not (column.kind == "coordinate" and "coordinate" in columns)
    ]
    if not missing:
        return
    names = [column.name for column in missing]
    meant = [
        (heading, like)
        for heading in headings
        if column_of(heading) is None and (like := near(heading, names))
    ]
    hint = "".join(f"「{heading}」是不是「{like}」？" for heading, like in meant[:3])
    also = "；".join(f"「{column.zh}」也可写{'、'.join(column.aliases[:3])}" for column in missing)
    unnumbered = "id" in names
    raise _refusal(
        file,
        f"缺少必填的列{''.join(f'「{column.zh}」' for column in missing)}，请补上。{hint}"
        f"{'没有编号的台账用 locator adopt，编号由系统来编。' if unnumbered else ''}（{also}）",
        f"the columns {', '.join(names)} are missing; add them"
        f"{' (`locator adopt` gives ids to a ledger without)' if unnumbered else ''}.",
        "column_missing",
    )


def _refusal(file: str, zh: str, en: str, code: str) -> LedgerError:
    return LedgerError(f"{file}：{zh} / {en}", code=code, zh=zh, en=en)


def _placed(found: Mapping[int, Any], size: int) -> pd.Series[Any]:
    """A column of ``size`` with what was found at its places, None elsewhere."""
    column = pd.Series([None] * size, dtype=object)
    for at, value in found.items():
        column.iat[at] = value
    return column


def _repeated_ids(ledgers: Sequence[Ledger]) -> set[str]:
    """The ids that more than one row has, "" among them where a ledger has none."""
    counted: Counter[str] = Counter()
    for ledger in ledgers:
        at = ledger.columns.get("id")
        counted.update([""] * 2 if at is None else cells.cleaned([row[at] for row in ledger.cells]))
    return {text for text, count in counted.items() if count > 1}


# --- the county ---------------------------------------------------------------------------------
