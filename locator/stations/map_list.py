"""A list that somebody else keeps of the same places: a map app's export, the union app, OSM.

Read as strictly as a ledger and by the same readers, but its headings are its keeper's, and what it
holds is never published: it is only laid beside the ledger.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from locator.errors import LedgerError, UsageError
from locator.geo.datum import DATUMS, convert_datum
from locator.stations import cells
from locator.stations.headings import OF_MAPS, map_heading
from locator.stations.pasted import degrees, pasted_point
from locator.stations.readers import fold_heading
from locator.stations.readers_child import read_in_child
from locator.stations.table import DATUM_ANSWERS

#: The columns of `MapList.rows`, besides where a row stands and its position.
TEXTS = ("key", "name", "address", "host", "phone", "hours", "services", "status", "kind", "trade",
         "district")  # fmt: skip
_LONGEST_KEY = 80
#: Of files whose keeper is not known.
OTHER = "other"

_NAMED = {
    axis: re.compile(rf"['\"]?(?:{names})['\"]?\s*[:=：]\s*([+-]?\d{{1,3}}(?:\.\d{{0,20}})?)")
    for axis, names in (("lon", "lng|lon|longitude"), ("lat", "lat|latitude"))
}


@dataclass(frozen=True, slots=True)
class MapList:
    """A list of places by another keeper.

    ``source`` is the keeper's code in ``map_lists.toml``, or ``other``; ``declared`` says whether a
    person named the datum (else the keeper's own is taken, and that must be said). ``rows`` has
    ``file``, ``row``, ``format``, the texts of `TEXTS` ("" where empty), ``lon`` and ``lat`` in
    WGS-84 (NaN where not to be had), and ``key``: what the keeper calls the place, the same from
    one export to the next, else name and position.
    """

    file: str
    source: str
    datum: str
    declared: bool
    rows: pd.DataFrame = field(repr=False)
    sha256: str

    @property
    def keeper_zh(self) -> str:
        """Who keeps the list, in Chinese."""
        return str(_said()["providers"].get(self.source, {}).get("zh", self.file))

    @property
    def keeper_en(self) -> str:
        """Who keeps the list, in English."""
        return str(_said()["providers"].get(self.source, {}).get("en", self.file))


def read_map_list(path: Path, *, keeper: str | None = None) -> MapList:
    """Read a CSV, XLSX or GeoJSON list strictly, in a limited child process.

    ``keeper`` is who made it (``amap``, ``高德`` …), the datum of its coordinates, or both
    (``union+gcj02``). Without it the
    headings may tell, as may the file itself; GeoJSON counts as WGS-84. Raises LedgerError where
    the file can't be used: no names, no positions, no row, or nobody knows the datum; UsageError
    for a keeper not known.
    """
    given_source, given_datum = _keeper(keeper) if keeper else (None, None)
    kind, found = read_in_child(path, frozenset(_aliases()) | OF_MAPS)
    columns = _columns(found.columns)
    if "name" not in columns:
        raise _lacking(path, found.columns, "名称", "name, title", "names")
    if "coordinate" not in columns and not {"lon", "lat"} <= columns.keys():
        raise _lacking(path, found.columns, "经度、纬度", "location, lng + lat", "positions")
    if not found.cells:
        raise LedgerError(
            f"{path.name}：只有表头，没有一行。请重新导出。"
            " / there is no row in it; export it again."
        )
    source = given_source or _source(found.columns) or OTHER
    rows = pd.DataFrame(
        {
            "file": path.name,
            "row": found.numbers,
            "format": kind,
            **{name: _text(found.cells, columns.get(name, ())) for name in _said()["headings"]},
        }
    )
    declared = given_datum or found.datum or _heading_datum(path, found.columns)
    datum = declared or _provider(source).get("datum") or ("wgs84" if kind == "geojson" else None)
    rows["datum"] = _datums(path, rows, datum)
    rows["address"] = rows["address"].where(
        rows["address"] != "", (rows["street"] + " " + rows["housenumber"]).str.strip()
    )
    rows["district"] = rows["district"].where(rows["district"] != "", rows["county"])
    rows["lon"], rows["lat"] = _positions(rows)
    if rows["lon"].isna().all():
        raise LedgerError(
            f"{path.name}：没有一行有能用的经纬度。请核对是不是写反了、空着，或不是度。"
            " / no row has a usable position; are longitude and latitude swapped, or empty?"
        )
    rows["key"] = _keys(rows, source)
    return MapList(
        path.name,
        source,
        str(datum or rows["datum"].iloc[0]),
        declared is not None or datum is None,
        rows[["file", "row", "format", *TEXTS, "lon", "lat"]],
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def split_keeper(text: str) -> tuple[Path, str | None]:
    """``poi.csv@baidu`` as a path and a keeper; a file that has such a name is that file."""
    name, at, keeper = text.rpartition("@")
    if not at or Path(text).exists() or not keeper or "/" in keeper or "\\" in keeper:
        return Path(text), None
    return Path(name), keeper


def other_trade(row: Mapping[str, Any]) -> str | None:
    """The word by which an entry is of another trade (a parcel shop, an inn), or None."""
    said = f"{row['name']}\n{row['trade']}"
    return next((word for word in _said()["other_trades"]["words"] if word in said), None)


def closed_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that say that a place is no more, and those that it is closed for now."""
    said = _said()["closed"]
    return tuple(said["gone"]), tuple(said["paused"])


# --- whose it is ---------------------------------------------------------------------------------


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("map_lists.toml").read_text("utf-8"))


@cache
def _aliases() -> dict[str, tuple[str, int]]:
    """Folded heading → our column, and how good it is (0 is best)."""
    return {
        fold_heading(alias): (name, rank)
        for name, aliases in _said()["headings"].items()
        for rank, alias in enumerate(aliases)
    }


def _provider(source: str) -> dict[str, Any]:
    found: dict[str, Any] = _said()["providers"].get(source, {})
    return found


def _keeper(text: str) -> tuple[str | None, str | None]:
    """The keeper and the datum that a person means: ``amap``, ``bd09``, ``union+gcj02``."""
    source, datum = None, None
    for part in text.split("+"):
        code = _keeper_code(part)
        known = DATUM_ANSWERS.get(cells.fold(part))
        if code is None and known is None:
            raise UsageError(
                f"@{text}：不认识。文件名后面可以写 @amap（高德）、@tencent（腾讯）、"
                f"@baidu（百度）、@osm、@union，或坐标系 @{' @'.join(DATUMS)}，"
                "也可以都写：@union+gcj02。"
                " / no keeper and no datum goes by that name."
            )
        source = code or source
        datum = (_provider(code).get("datum") if code else known) or datum
    return source, datum


def _keeper_code(text: str) -> str | None:
    folded = cells.fold(text)
    for code, provider in _said()["providers"].items():
        name = cells.fold(provider["zh"])
        if folded in (code, name, name.removesuffix("地图")):
            return str(code)
    return None


def _source(headings: Sequence[str]) -> str | None:
    present = {fold_heading(heading) for heading in headings}
    for code, provider in _said()["providers"].items():
        if any(present.issuperset(marks) for marks in provider.get("marks", ())):
            return str(code)
    for heading in headings:
        for code, provider in _said()["providers"].items():
            if map_heading(heading) and provider["zh"].removesuffix("地图") in heading:
                return str(code)
    return None


def _heading_datum(path: Path, headings: Sequence[str]) -> str | None:
    """What the headings of the coordinates say they are in (高德经度); LedgerError for two."""
    said = dict.fromkeys(named[1] for heading in headings if (named := map_heading(heading)))
    if len(said) > 1:
        raise LedgerError(
            f"{path.name}：经度和纬度的表头写着不同的地图（{'、'.join(said)}）。请只留一种。"
            f" / the headings of the coordinates name {' and '.join(said)}; keep one."
        )
    return next(iter(said), None)


def _lacking(path: Path, headings: Sequence[str], zh: str, en: str, what: str) -> LedgerError:
    seen = "、".join(heading for heading in headings if heading)[:80]
    return LedgerError(
        f"{path.name}：没找到「{zh}」列（表头是：{seen}）。请把表头改成「{zh}」再来。"
        f" / no column holds {what}; name it {en}."
    )


# --- what it says --------------------------------------------------------------------------------


def _columns(headings: Sequence[str]) -> dict[str, list[int]]:
    """Our column → the places of the headings that hold it, the best first."""
    ranked: dict[str, list[tuple[int, int]]] = {}
    for at, heading in enumerate(headings):
        known = _aliases().get(fold_heading(heading))
        of_map = map_heading(heading)
        if known is not None:
            ranked.setdefault(known[0], []).append((known[1], at))
        elif of_map is not None:  # as good as the plain heading is
            ranked.setdefault(of_map[0], []).append((0, at))
    return {name: [at for _, at in sorted(places)] for name, places in ranked.items()}


def _text(table: Sequence[Sequence[str]], places: Sequence[int]) -> list[str]:
    """The first filled cell of each row among ``places``; 高德 writes [] for nothing."""
    texts = ([cells.clean(row[at]) for at in places] for row in table)
    return [next((text for text in each if text and text != "[]"), "") for each in texts]


def _datums(path: Path, rows: pd.DataFrame, datum: str | None) -> list[str]:
    """The datum of each row; LedgerError where nobody knows it."""
    said = []
    for text, x, y in zip(rows["datum"], rows["source_x"], rows["source_y"], strict=True):
        # A row that carries its source was written by this program: WGS-84.
        known = "wgs84" if x and y else DATUM_ANSWERS.get(cells.fold(text)) if text else None
        said.append(known or datum or "")
    if "" in said:
        raise LedgerError(
            f"{path.name}：没有说坐标从哪抄的。请在文件名后面写上来源，如 {path.name}@amap"
            f"（高德、腾讯）、{path.name}@baidu（百度）、{path.name}@wgs84（手机 GPS、OSM）。"
            " / it does not say where its coordinates are from; write @amap, @baidu or @wgs84 "
            "behind its name."
        )
    return said


def _positions(rows: pd.DataFrame) -> tuple[Any, Any]:
    """Longitude and latitude in WGS-84, NaN where a row has none that can be understood."""
    x, y = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for at, (lon, lat, pair) in enumerate(
        zip(rows["lon"], rows["lat"], rows["coordinate"], strict=True)
    ):
        point = (lon, lat) if lon and lat else _pair(pair)
        numbers = [degrees(point[0], "lon"), degrees(point[1], "lat")]
        if None not in numbers:
            x[at], y[at] = numbers
    plausible = (np.abs(x) <= 180) & (np.abs(y) <= 90) & ((x != 0) | (y != 0))
    lon, lat = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for datum in DATUMS:
        where = np.flatnonzero(plausible & (rows["datum"] == datum).to_numpy())
        lon[where], lat[where] = convert_datum(x[where], y[where], source=datum, target="wgs84")
    return lon, lat


def _pair(text: str) -> tuple[str, str]:
    """The longitude and the latitude in one cell: ``116.95,31.46`` or ``{'lat': …, 'lng': …}``."""
    named = {axis: pattern.search(text) for axis, pattern in _NAMED.items()}
    if named["lon"] and named["lat"]:
        return named["lon"][1], named["lat"][1]
    point = pasted_point(text)
    # A link has a datum of its own, which the file's may not be.
    return (point.x, point.y) if point and point.datum is None else ("", "")


def _keys(rows: pd.DataFrame, source: str) -> list[str]:
    """What the keeper calls each place: its own key, else name and position.

    The id of a file whose keeper is not known may be a row number, which is another place's next
    time; so is one that comes twice.
    """
    own = rows["key"] if source != OTHER else pd.Series("", index=rows.index)
    own = own.where(~own.str[:_LONGEST_KEY].duplicated(keep=False), "")
    return [
        key[:_LONGEST_KEY] or f"{name[:_LONGEST_KEY]}@{lon:.5f},{lat:.5f}"
        for key, name, lon, lat in zip(own, rows["name"], rows["lon"], rows["lat"], strict=True)
    ]
