"""From ledger files to one table of rows, with nothing lost and nothing guessed.

`read_ledger` takes a file into cells of text; `gather` lays the ledgers under each other and
finds exact copies; `assign_counties` says whose a row is; `parse_rows` reads what the cells of one
county's rows say; `to_stations` makes the station table of those that passed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from locator.county import ENTRY_ZH, PROVENANCE_ORDER, PROVENANCE_ZH, STATUS_ZH, County
from locator.errors import Finding, HoursError, LedgerError, UsageError
from locator.geo.datum import DATUMS, convert_datum
from locator.stations import cells
from locator.stations.hours import normalise_hours
from locator.stations.readers import BEYOND, fold_heading
from locator.stations.readers_child import Format, read_in_child
from locator.stations.table import COLUMNS, DATUM_ANSWERS, make_stations

#: Folded heading → column.
HEADINGS: dict[str, str] = {
    fold_heading(heading): column.name
    for column in COLUMNS
    for heading in (column.name, column.zh, *column.aliases)
}
_NAMES = tuple(column.name for column in COLUMNS)
_REQUIRED = tuple(column for column in COLUMNS if column.required)
_STATUS = cells.lookup({
    "open": (STATUS_ZH["open"], "正常", "正常开放", "营业", "运营中"),
    "temporarily_closed": (STATUS_ZH["temporarily_closed"], "暂停", "暂停营业", "装修中", "维修中"),
    "planned": (STATUS_ZH["planned"], "规划", "在建", "拟建", "筹建"),
    "closed": (STATUS_ZH["closed"], "撤销", "关闭", "已关闭", "停用"),
})  # fmt: skip
_ENTRY = cells.lookup({code: (zh,) for code, zh in ENTRY_ZH.items()})
_PROVENANCE = cells.lookup({code: (PROVENANCE_ZH[code],) for code in PROVENANCE_ORDER} | {
    "illustrative": (PROVENANCE_ZH["illustrative"], "示意"),
    "surveyed": (PROVENANCE_ZH["surveyed"], "实测"),
})  # fmt: skip
#: A row that carries its source and its position agrees with itself to a centimetre or two.
_SAME_DEG = 2e-7


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it was given: its number in the clerk's program, and heading → text."""

    row: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger file as cells of text.

    ``columns`` maps the names of the station table to the headings found; ``datum`` is what the
    whole file is declared to be in, or None where nobody has said.
    """

    file: str
    format: Format
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    numbers: tuple[int, ...]
    cells: Sequence[Sequence[str]] = field(repr=False)
    datum: str | None
    notices: tuple[Finding, ...] = ()

    def row(self, at: int) -> RawRow:
        """The row at index ``at``, as given; empty cells are left out."""
        given = zip(self.headings, self.cells[at], strict=True)
        return RawRow(self.numbers[at], {name: text for name, text in given if text})


def read_ledger(path: Path, *, datum: str | None = None) -> Ledger:
    """Read a GeoJSON, CSV or XLSX ledger strictly, in a limited child process.

    ``datum`` declares the coordinates of rows that do not say themselves (column 坐标来源).
    Raises LedgerError where the file can't be used, lacks a required column or holds no row, and
    UsageError for an unknown datum.
    """
    if datum is not None and datum not in DATUMS:
        raise UsageError(f"--datum {datum}: no datum known here; give one of {', '.join(DATUMS)}.")
    kind, found = read_in_child(path, frozenset(HEADINGS))
    columns: dict[str, int] = {}
    for at, heading in enumerate(found.columns):
        name = HEADINGS.get(fold_heading(heading))
        if name in columns:
            raise LedgerError(
                f"{path.name}：「{found.columns[columns[name]]}」和「{heading}」是同一列。请只留一列。"
                f" / {found.columns[columns[name]]!r} and {heading!r} are one column; keep one."
            )
        if name is not None:
            columns[name] = at
    _insist_on_columns(path.name, kind, columns)
    if not found.cells:
        raise LedgerError(
            f"{path.name}：只有表头，没有一行驿站。请填好台账再传。"
            " / there is no station in it; fill in the ledger."
        )
    notices = [
        Finding(code, "warning", path.name, None, None, zh, en) for code, zh, en in found.notes
    ]
    unknown = [
        heading
        for at, heading in enumerate(found.columns)
        if at not in columns.values() and heading != BEYOND
    ]
    if unknown:
        notices.append(
            Finding(
                "unknown_column", "info", path.name, None, None,
                f"{path.name} 里的列 {'、'.join(f'「{name}」' for name in unknown[:10])} "
                "不认识，没有采用。如果要用，请改成标准表头。",
                f"{path.name}: the columns {', '.join(unknown[:10])} are not known and not used; "
                "rename them if they should be.",
            )
        )  # fmt: skip
    return Ledger(
        path.name, kind, tuple(found.columns), columns, tuple(found.numbers), found.cells,
        found.datum or datum, tuple(notices),
    )  # fmt: skip


def gather(ledgers: Sequence[Ledger]) -> pd.DataFrame:
    """All rows of all ledgers, one below the other, in the order given.

    Columns: ``ledger`` and ``at`` (where to find the original), ``file``, ``row``, ``format``, the
    cleaned text of every ledger column ("" where empty), ``beyond`` (cells past the last heading),
    ``datum`` ("" where it can't be told; GeoJSON counts as wgs84), ``datum_declared`` and
    ``file_declares`` (whether the row, or any row of its file, comes with one) and
    ``exact_copy_of``: the index of the earlier row that says the very same, else -1.
    """
    parts: list[pd.DataFrame] = []
    first: dict[tuple[str, ...], int] = {}
    copies: list[int] = []
    for number, ledger in enumerate(ledgers):
        size = len(ledger.numbers)
        columns = [
            [cells.clean(text) for text in column] for column in zip(*ledger.cells, strict=True)
        ]
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
        datum, declared = _datums(ledger, data)
        base = len(copies)
        for at, key in enumerate(zip(*data.values(), datum, *rest, strict=True)):
            known = tuple(text for text in key[len(_NAMES) :] if text)
            copy = first.setdefault((*key[: len(_NAMES)], *known), base + at)
            copies.append(-1 if copy == base + at else copy)
        parts.append(
            pd.DataFrame(
                {
                    "ledger": number, "at": range(size), "file": ledger.file,
                    "row": ledger.numbers, "format": ledger.format,
                    **{name: pd.Series(column, dtype=object) for name, column in data.items()},
                    "beyond": columns[beyond] if beyond is not None else blank,
                    "datum": datum, "datum_declared": declared,
                    "file_declares": any(declared),
                }
            )
        )  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)
    rows["exact_copy_of"] = copies
    return rows


def assign_counties(
    rows: pd.DataFrame, counties: Sequence[County], known: Sequence[County]
) -> pd.Series[str]:
    """Whose each row is: a county's code, or "" where that can't be told.

    The column 县 decides (code, folder name, Chinese or English name), else the code with which
    the id begins, else, where one county is asked about, that county. ``known`` are all counties
    that there are: a row may clearly belong to another than those asked about.
    """
    all_counties = {county.code: county for county in [*known, *counties]}
    alone = counties[0].code if len(counties) == 1 else ""
    codes = sorted(all_counties, key=len, reverse=True)

    def by_id(text: str) -> str:
        folded = cells.fold(text)
        return next((code for code in codes if folded.startswith(code)), alone)

    named = _map(rows["county"], lambda text: _named(text, all_counties))
    told = [
        by_id(id_text) if not text else code
        for text, code, id_text in zip(rows["county"], named, rows["id"], strict=True)
    ]
    return pd.Series(told, index=rows.index, dtype=object)


def parse_rows(rows: pd.DataFrame, county: County) -> pd.DataFrame:
    """What the cells of a county's rows say; text that can't be understood stays text.

    Adds to the columns of `gather` (which stay as they are): ``station_id``, ``kind_code``
    (None), ``service_codes`` and ``service_unknown`` (lists), ``osm_hours`` (None) and
    ``hours_state`` (ok, unknown, unparsable), ``osm_service_hours`` and ``service_hours_bad``
    (records), ``x_text``, ``y_text``, ``x``, ``y`` (as given, NaN where no number), ``lon``,
    ``lat`` (WGS-84, NaN where not to be had), ``verified`` (date or None), ``status_code``,
    ``entry_code``, ``provenance_code``, ``seat_count``, ``socket_count``.
    """
    rows = rows.copy()
    kinds = cells.lookup({code: (kind.zh, kind.en) for code, kind in county.kinds.items()})
    rows["station_id"] = _map(rows["id"], cells.fold)
    rows["kind_code"] = _map(rows["kind"], lambda text: kinds.get(cells.fold(text)))
    services = _service_words(county)
    order = {code: at for at, code in enumerate(county.services)}
    split = _map(rows["services"], lambda text: _services(text, services, order))
    rows["service_codes"] = _map(split, lambda pair: pair[0])
    rows["service_unknown"] = _map(split, lambda pair: pair[1])
    hours = _map(rows["hours"], _hours)
    rows["osm_hours"] = _map(hours, lambda pair: pair[0])
    rows["hours_state"] = _map(hours, lambda pair: pair[1])
    own = _map(rows["service_hours"], lambda text: _service_hours(text, services))
    rows["osm_service_hours"] = _map(own, lambda pair: pair[0])
    rows["service_hours_bad"] = _map(own, lambda pair: pair[1])
    rows["verified"] = _map(rows["verified_on"], cells.day)
    rows["status_code"] = _map(
        rows["status"], lambda t: _STATUS.get(cells.fold(t)) if t else "open"
    )
    rows["entry_code"] = _map(rows["entry"], lambda text: _ENTRY.get(cells.fold(text)))
    rows["seat_count"] = _map(rows["seats"], cells.count)
    rows["socket_count"] = _map(rows["sockets"], cells.count)
    rows["provenance_code"] = [
        _provenance(text, name) for text, name in zip(rows["provenance"], rows["name"], strict=True)
    ]
    return _positions(rows)


def to_stations(rows: pd.DataFrame, county: County) -> gpd.GeoDataFrame:
    """The station table of parsed rows that passed every check."""
    text = {name: rows[name].tolist() for name in ("name", "township", "address", "host", "phone")}
    columns: dict[str, list[Any]] = {
        **{name: [value or None for value in values] for name, values in text.items()},
        "id": rows["station_id"].tolist(),
        "county": [county.code] * len(rows),
        "kind": rows["kind_code"].tolist(),
        "services": [list(codes) for codes in rows["service_codes"]],
        "hours": rows["osm_hours"].tolist(),
        "service_hours": [dict(record) for record in rows["osm_service_hours"]],
        "entry": rows["entry_code"].tolist(),
        "seats": rows["seat_count"].tolist(),
        "sockets": rows["socket_count"].tolist(),
        "status": rows["status_code"].tolist(),
        "verified_on": [day.isoformat() if day else None for day in rows["verified"]],
        "awards": [cells.words(value) for value in rows["awards"]],
        "provenance": [code or "ledger" for code in rows["provenance_code"]],
        "source_datum": rows["kept_datum"].tolist(),
        "source_x": rows["kept_x"].tolist(),
        "source_y": rows["kept_y"].tolist(),
    }
    records = [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]
    return make_stations(records, rows["lon"], rows["lat"])


# --- the file -------------------------------------------------------------------------------------


def _insist_on_columns(file: str, kind: Format, columns: Mapping[str, int]) -> None:
    # In GeoJSON each feature has its own properties, so that is asked row by row.
    if kind == "geojson":
        return
    missing = [
        column
        for column in _REQUIRED
        if column.name not in columns
        and not (column.kind == "coordinate" and "coordinate" in columns)
    ]
    if missing:
        raise LedgerError(
            f"{file}：缺少必填的列{''.join(f'「{column.zh}」' for column in missing)}，请补上。"
            f" / the columns {', '.join(column.name for column in missing)} are missing; add them."
        )


def _datums(ledger: Ledger, data: Mapping[str, list[str]]) -> tuple[list[str], list[bool]]:
    """The datum of each row ("" where it can't be told), and whether anybody declared it."""
    answers = {text: DATUM_ANSWERS.get(cells.fold(text), "") for text in set(data["source_datum"])}
    otherwise = ledger.datum or ("wgs84" if ledger.format == "geojson" else "")
    datum, declared = [], []
    for text, x, y in zip(data["source_datum"], data["source_x"], data["source_y"], strict=True):
        if x and y:  # a row that carries its source was made by this program: WGS-84
            datum.append("wgs84")
        else:
            datum.append(answers[text] if text else otherwise)
        declared.append(bool(text or (x and y) or ledger.datum))
    return datum, declared


# --- the cells ------------------------------------------------------------------------------------


def _map(values: pd.Series[Any], read: Callable[[Any], Any]) -> pd.Series[Any]:
    """``read`` of every cell, called once for each different text (or record)."""
    seen: dict[int | str, Any] = {}
    out = []
    for value in values:
        key = value if isinstance(value, str) else id(value)
        if key not in seen:
            seen[key] = read(value)
        out.append(seen[key])
    return pd.Series(out, index=values.index, dtype=object)


def _named(text: str, counties: Mapping[str, County]) -> str:
    if not text:
        return ""
    folded = cells.fold(text)
    for code, county in counties.items():
        if folded in (code, county.slug.lower(), cells.fold(county.name_en)):
            return code
        if folded.endswith(cells.fold(county.name_zh)):  # 安徽省六安市舒城县
            return code
    short = folded.rstrip("县市区旗")
    alike = [code for code, county in counties.items() if county.name_zh.startswith(short)]
    return alike[0] if len(short) >= 2 and len(alike) == 1 else ""


def _service_words(county: County) -> dict[str, str]:
    own = cells.lookup({code: (word.zh, word.en) for code, word in county.services.items()})
    return {**cells.SERVICE_SYNONYMS, **own}


def _services(
    text: str, known: Mapping[str, str], order: Mapping[str, int]
) -> tuple[list[str], list[str]]:
    codes, unknown = set(), []
    for word in cells.words(text):
        code = known.get(cells.fold(word))
        if code is not None and code in order:
            codes.add(code)
        else:
            unknown.append(word)
    return sorted(codes, key=order.__getitem__), unknown


def _hours(text: str) -> tuple[str | None, str]:
    try:
        hours = normalise_hours(text)
    except HoursError:
        return None, "unparsable"
    return hours, "ok" if hours is not None else "unknown"


def _service_hours(text: str, known: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    good, bad = {}, {}
    for name, value in cells.record(text).items():
        code = known.get(cells.fold(name))
        hours, state = _hours(value)
        if code is None or state == "unparsable":
            bad[name] = value
        elif hours is not None:
            good[code] = hours
    return good, bad


def _provenance(text: str, name: str) -> str | None:
    if not text:
        # A name that says 示意 marks a made-up station, whatever else is left empty.
        return "illustrative" if "示意" in name else "ledger"
    return _PROVENANCE.get(cells.fold(text))


def _positions(rows: pd.DataFrame) -> pd.DataFrame:
    pairs = rows["coordinate"].where((rows["lon"] == "") & (rows["lat"] == ""), "")
    points = _map(pairs, cells.point)
    x_text, y_text = [], []
    for lon, lat, whole, pair in zip(rows["lon"], rows["lat"], pairs, points, strict=True):
        x_text.append(pair[0] if pair else lon or whole)
        y_text.append(pair[1] if pair else lat)
    rows["x_text"], rows["y_text"] = x_text, y_text
    rows["x"], rows["y"] = _numbers(x_text), _numbers(y_text)
    plausible = (rows["x"].abs() <= 180) & (rows["y"].abs() <= 90)
    lon, lat = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for datum in DATUMS:
        where = np.flatnonzero(plausible & (rows["datum"] == datum))
        lon[where], lat[where] = convert_datum(
            rows["x"].to_numpy()[where], rows["y"].to_numpy()[where], source=datum, target="wgs84"
        )
    rows["lon"], rows["lat"] = lon, lat
    return _sources(rows)


def _sources(rows: pd.DataFrame) -> pd.DataFrame:
    """``kept_x``, ``kept_y``, ``kept_datum``: the position as it was first given.

    A row that this program wrote carries them, and they stay as long as they lead to where the row
    is; where somebody has moved the point since, the moved point is the source.
    """
    kept_x, kept_y = rows["x_text"].to_numpy(object), rows["y_text"].to_numpy(object)
    kept_datum = rows["datum"].to_numpy(object)
    carried = np.flatnonzero((rows["source_x"] != "") & (rows["source_y"] != ""))
    x, y = _numbers(rows["source_x"].iloc[carried]), _numbers(rows["source_y"].iloc[carried])
    names = [DATUM_ANSWERS.get(cells.fold(t), "wgs84") for t in rows["source_datum"].iloc[carried]]
    for datum in set(names):
        of = np.flatnonzero(np.array(names) == datum)
        lon, lat = convert_datum(x[of], y[of], source=datum, target="wgs84")
        at = carried[of]
        same = (np.abs(lon - rows["lon"].to_numpy()[at]) < _SAME_DEG) & (
            np.abs(lat - rows["lat"].to_numpy()[at]) < _SAME_DEG
        )
        kept_x[at[same]] = rows["source_x"].to_numpy(object)[at[same]]
        kept_y[at[same]] = rows["source_y"].to_numpy(object)[at[same]]
        kept_datum[at[same]] = datum
    rows["kept_x"], rows["kept_y"], rows["kept_datum"] = kept_x, kept_y, kept_datum
    return rows


def _numbers(texts: Sequence[str] | pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = (cells.number(text) for text in texts)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
