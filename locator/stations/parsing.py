"""What the cells of a county's rows say, and the station table of those that passed.

Nothing is guessed: what can't be understood stays text, and the checks tell of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from locator.county import ENTRY_ZH, PROVENANCE_ORDER, PROVENANCE_ZH, STATUS_ZH, County
from locator.errors import HoursError
from locator.geo.datum import DATUMS, convert_datum
from locator.stations import cells
from locator.stations.hours import normalise_hours
from locator.stations.pasted import Axis, degrees
from locator.stations.positions import ALIKE, Contradiction
from locator.stations.shared_links import GivenPoint
from locator.stations.table import DATUM_ANSWERS, stations_of

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
#: Some five metres: more than rounding does, less than any mix-up of datums.
_MOVED_DEG = 5e-5
_DECIMAL = re.compile(r"-?[0-9]{1,3}\.[0-9]{1,15}").fullmatch


def parse_rows(rows: pd.DataFrame, county: County) -> pd.DataFrame:
    """What the cells of a county's rows say; text that can't be understood stays text.

    Adds to the columns of `gather` (which stay as they are): ``station_id``, ``kind_code``
    (None), ``service_codes`` and ``service_unknown`` (lists), ``osm_hours`` (None) and
    ``hours_state`` (ok, unknown, unparsable), ``osm_service_hours`` and ``service_hours_bad``
    (records), ``x_text``, ``y_text``, ``x``, ``y`` (as given, NaN where no number), ``hidden_in``
    (the map app, zh and en, of a link without its point, else None), ``lon``, ``lat`` (WGS-84, NaN
    where not to be had), ``verified`` (date or None), ``status_code``,
    ``entry_code``, ``provenance_code``, ``seat_count``, ``socket_count``.
    """
    rows = rows.copy()
    kinds = cells.lookup({code: (kind.zh, kind.en) for code, kind in county.kinds.items()})
    rows["station_id"] = cells.each(rows["id"], cells.fold)
    rows["kind_code"] = cells.each(rows["kind"], lambda text: kinds.get(cells.fold(text)))
    services = _service_words(county)
    order = {code: at for at, code in enumerate(county.services)}
    rows["service_codes"], rows["service_unknown"] = cells.parts(
        rows["services"], lambda text: _services(text, services, order), 2
    )
    rows["osm_hours"], rows["hours_state"] = cells.parts(rows["hours"], _hours, 2)
    rows["osm_service_hours"], rows["service_hours_bad"] = cells.parts(
        rows["service_hours"], lambda text: _service_hours(text, services), 2
    )
    rows["verified"] = cells.each(rows["verified_on"], cells.day)
    rows["status_code"] = cells.each(
        rows["status"], lambda t: _STATUS.get(cells.fold(t)) if t else "open"
    )
    rows["entry_code"] = cells.each(rows["entry"], lambda text: _ENTRY.get(cells.fold(text)))
    rows["seat_count"] = cells.each(rows["seats"], cells.count)
    rows["socket_count"] = cells.each(rows["sockets"], cells.count)
    rows["provenance_code"] = cells.each(rows["provenance"], _provenance)
    # Marks a made-up station, whatever else was filled in since.
    rows.loc[rows["name"].str.contains("示意", regex=False), "provenance_code"] = "illustrative"
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
        "awards": [cells.words(value) if value else [] for value in rows["awards"]],
        "provenance": [code or "ledger" for code in rows["provenance_code"]],
        "source_datum": rows["kept_datum"].tolist(),
        "source_x": rows["kept_x"].tolist(),
        "source_y": rows["kept_y"].tolist(),
    }
    return stations_of(columns, rows["lon"], rows["lat"])


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


def _provenance(text: str) -> str | None:
    return _PROVENANCE.get(cells.fold(text)) if text else "ledger"


def _positions(rows: pd.DataFrame) -> pd.DataFrame:
    x_text, y_text = (
        rows["lon"].to_numpy(object, copy=True),
        rows["lat"].to_numpy(object, copy=True),
    )
    whole = rows["coordinate"].to_numpy(object)
    crammed = (whole != "") & (x_text == "") & (y_text == "")
    x_text[crammed] = whole[crammed]
    hidden_in = np.full(len(rows), None, dtype=object)
    points: list[GivenPoint | None] = rows["given_point"].tolist()
    for at in np.flatnonzero(rows["given_point"].notna()).tolist():
        point = points[at]
        if point is None:
            continue
        if point.hidden_in is None:
            x_text[at], y_text[at] = point.x, point.y
        else:
            hidden_in[at] = point.hidden_in
            x_text[at], y_text[at] = x_text[at] or y_text[at], ""
    rows["hidden_in"] = hidden_in
    rows["x_text"], rows["y_text"] = x_text, y_text
    rows["x"], rows["y"] = _numbers(x_text, "lon"), _numbers(y_text, "lat")
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
    is; where somebody has moved the point since, the moved point is the source. In a sheet the new
    point may be in the datum that the row still names, or in WGS-84 as this program writes it:
    that can't be told, and is a contradiction.
    """
    # Copies: what is kept must not write into what is given.
    kept_x, kept_y = (rows[name].to_numpy(object, copy=True) for name in ("x_text", "y_text"))
    kept_datum = rows["datum"].to_numpy(object, copy=True)
    clashes = rows["contradiction"].to_numpy(object, copy=True)
    carried = np.flatnonzero((rows["source_x"] != "") & (rows["source_y"] != ""))
    x = _numbers(rows["source_x"].iloc[carried], "lon")
    y = _numbers(rows["source_y"].iloc[carried], "lat")
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
        if ALIKE.get(datum, datum) != "wgs84":
            off = np.maximum(
                np.abs(lon - rows["lon"].to_numpy()[at]), np.abs(lat - rows["lat"].to_numpy()[at])
            )
            for row in at[(off > _MOVED_DEG) & (rows["format"].to_numpy()[at] != "geojson")]:
                clashes[row] = Contradiction("source", "wgs84", "row", datum)
    rows["contradiction"] = clashes
    rows["kept_x"], rows["kept_y"], rows["kept_datum"] = kept_x, kept_y, kept_datum
    return rows


def _numbers(texts: Iterable[str], axis: Axis) -> np.ndarray[Any, np.dtype[np.float64]]:
    # Nearly every cell is a plain decimal, and there may be many.
    values = [float(text) if _DECIMAL(text) else degrees(text, axis) for text in texts]
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
