"""A county's checked ledger beside the lists of its map apps: what is missing, what differs.

The lists are matched (`reconcile`), what people decided before is respected (`decisions`), and what
is left over becomes findings. Nothing is changed: neither the ledger nor any map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from locator.checks.position import outside_m
from locator.checks.reconcile import Match, reconcile
from locator.checks.reconcile.decisions import Decision, Decisions, said_of, still_fits
from locator.checks.reconcile.differences import Difference, differences
from locator.checks.reconcile.list_shift import Shift
from locator.checks.rules import RULES
from locator.checks.validate import Report
from locator.county import County
from locator.errors import Finding, LedgerError, UsageError
from locator.stations import cells
from locator.stations.intake import given_id
from locator.stations.map_list import OTHER, MapList, other_trade

#: No sign is longer; the rest of a hostile cell is not shown.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair as a person looks it up: where it stands, and what it is called there."""

    file: str
    row: int
    place_zh: str
    place_en: str
    key: str
    name: str
    lon: float
    lat: float

    @property
    def found_zh(self) -> str:
        """Where it stands, and its id where it has one that a person may read."""
        return f"{self.place_zh} {given_id(self.key)}".rstrip()

    @property
    def found_en(self) -> str:
        """The same in English."""
        return f"{self.place_en} {given_id(self.key)}".rstrip()

    @property
    def says(self) -> str:
        """What is noted of it beside a decision."""
        return said_of(self.name, self.lon, self.lat)


@dataclass(frozen=True, slots=True)
class Paired:
    """A station of the ledger (``ours.key`` is its id) and an entry of the map, and how they
    differ."""

    ours: Side
    theirs: Side
    match: Match
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """A decision that no longer fits, and why."""

    decision: Decision
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ListReview:
    """The ledger beside one list. Every station of the ledger is in ``paired``, ``doubtful`` or
    ``missing``, or is counted in ``not_expected`` (closed or planned) or ``ignored``.

    ``paired`` are certain or decided; ``doubtful`` pairs wait for a person; ``missing`` and
    ``extra`` are sides with their findings.
    ``ledger_datums`` are those in which the ledger's coordinates were given.
    ``unplaced`` counts entries without a position, which are matched by name alone,
    ``elsewhere`` entries outside the county, ``other_trades`` those of parcel shops and inns
    by the word that says so.
    """

    keeper_zh: str
    keeper_en: str
    source: str
    datum: str
    declared: bool
    files: tuple[str, ...]
    entries: int
    unplaced: int
    shift: Shift | None
    ledger_datums: frozenset[str]
    paired: tuple[Paired, ...]
    doubtful: tuple[Paired, ...]
    missing: tuple[tuple[Side, Finding], ...]
    extra: tuple[tuple[Side, Finding], ...]
    stale: tuple[Stale, ...]
    not_expected: int
    ignored: int
    elsewhere: int
    other_trades: int


def join_lists(lists: Sequence[MapList]) -> list[MapList]:
    """The lists of one keeper as one: a search comes in pages, and each page is a file.

    Entries with one key count once. Files whose keeper is not known stay apart. Raises UsageError
    where a file is given twice.
    """
    first: dict[str, str] = {}
    for each in lists:
        if each.sha256 in first:
            raise UsageError(
                f"{each.file}：和 {first[each.sha256]} 内容完全一样，给了两次。请去掉一个。"
                " / the same file is given twice; leave one out."
            )
        first[each.sha256] = each.file

    def keeper(each: MapList) -> tuple[str, str]:
        return (each.source, each.file if each.source == OTHER else each.datum)

    order = {each: at for at, each in reversed([*enumerate(map(keeper, lists))])}
    joined = []
    for _, group in groupby(sorted(lists, key=lambda each: order[keeper(each)]), key=keeper):
        parts = list(group)
        rows = pd.concat([each.rows for each in parts], ignore_index=True)
        rows = rows.drop_duplicates("key", ignore_index=True)
        joined.append(replace(parts[0], rows=rows, declared=all(each.declared for each in parts)))
    return joined


def review_list(
    report: Report, county: County, map_list: MapList, decisions: Decisions
) -> ListReview:
    """The published rows of ``report`` beside ``map_list``, under the decisions in force.

    Raises LedgerError where no entry of the list is in the county or fits a station.
    """
    stations, entries = _records(report.stations.drop(columns="geometry")), _records(map_list.rows)
    ours, theirs = ledger_sides(report), map_sides(map_list)
    standing, stale = _standing(decisions, map_list.source, ours, theirs)
    at_id = {side.key: at for at, side in enumerate(ours)}
    at_key = {side.key: at for at, side in enumerate(theirs)}

    def pairs(choice: str) -> list[tuple[int, int]]:
        return [
            (at_id[d.ledger_id], at_key[d.key])
            for d in standing
            if d.decision == choice and d.ledger_id and d.key
        ]

    found = reconcile(
        _our_table(stations, ours), _their_table(entries, county), county,
        same=pairs("same"), different=pairs("different"),
    )  # fmt: skip
    hushed = set(pairs("ignore"))
    quiet_ours = {at_id[d.ledger_id] for d in standing if d.decision == "ignore" and not d.key}
    quiet_theirs = {at_key[d.key] for d in standing if d.decision == "ignore" and not d.ledger_id}
    listed = [
        Paired(
            ours[m.ours], theirs[m.theirs], m,
            () if (m.ours, m.theirs) in hushed or m.verdict == "doubtful"
            else differences(stations[m.ours], entries[m.theirs], m.signs, county),
        )
        for m in found.matches
    ]  # fmt: skip
    doubtful = [each for each in listed if each.match.verdict == "doubtful"]
    asked = [each for each in doubtful if (each.match.ours, each.match.theirs) not in hushed]
    outside = _outside(map_list.rows, county)
    if len(entries) and not listed and outside.all():
        raise _elsewhere(map_list, county)
    # A pair that is not to be asked about again is answered on both sides.
    quiet_ours |= {i for i, _ in hushed}
    quiet_theirs |= {j for _, j in hushed}
    alone = [at for at in found.ours_alone if at not in quiet_ours]
    wanted = [at for at in alone if stations[at]["status"] not in ("closed", "planned")]
    others = [at for at in found.theirs_alone if at not in quiet_theirs]
    here = [at for at in others if not outside[at]]
    strange = [at for at in here if other_trade(entries[at])]
    keeper = map_list.keeper_zh, map_list.keeper_en
    return ListReview(
        *keeper,
        source=map_list.source,
        datum=map_list.datum,
        declared=map_list.declared,
        files=tuple(dict.fromkeys(map_list.rows["file"])),
        entries=len(entries),
        unplaced=int(map_list.rows["lon"].isna().sum()),
        shift=found.shift,
        ledger_datums=frozenset(report.stations["source_datum"]),
        paired=tuple(each for each in listed if each.match.verdict != "doubtful"),
        doubtful=tuple(asked),
        missing=tuple((ours[at], _missing(ours[at], *keeper)) for at in wanted),
        extra=tuple(
            (theirs[at], _extra(theirs[at])) for at in here if at not in set(strange)
        ),
        stale=tuple(stale),
        not_expected=len(alone) - len(wanted),
        ignored=len(hushed)
        + len(quiet_ours.intersection(found.ours_alone))
        + len(quiet_theirs.intersection(found.theirs_alone)),
        elsewhere=len(others) - len(here),
        other_trades=len(strange),
    )  # fmt: skip


# --- the sides -----------------------------------------------------------------------------------


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def ledger_sides(report: Report) -> list[Side]:
    """The published stations of a report, in the order of its station table."""
    table, points = report.stations, report.stations.geometry
    columns = table["id"], table["name"], points.x, points.y
    return [
        Side(*origin, *_place(*origin), id_text, (name or "")[:_SHOWN], lon, lat)
        for id_text, name, lon, lat in zip(*columns, strict=True)
        for origin in [report.origins[id_text]]
    ]


def map_sides(map_list: MapList) -> list[Side]:
    """The entries of a list, in its order."""
    rows = map_list.rows
    columns = (rows[name].tolist() for name in ("file", "row", "key", "name", "lon", "lat"))
    return [
        Side(file, row, *_place(file, row), key, name[:_SHOWN], lon, lat)
        for file, row, key, name, lon, lat in zip(*columns, strict=True)
    ]


def _place(file: str, row: int) -> tuple[str, str]:
    if file.lower().endswith((".geojson", ".json")):
        return f"第 {row} 个要素", f"feature {row}"
    return f"第 {row} 行", f"row {row}"


def _our_table(stations: Sequence[dict[str, Any]], sides: Sequence[Side]) -> pd.DataFrame:
    texts = {
        name: [station[name] or "" for station in stations]
        for name in ("name", "host", "address", "phone", "kind")
    }
    return pd.DataFrame(
        {**texts, "lon": [side.lon for side in sides], "lat": [side.lat for side in sides]}
    )


def _their_table(entries: Sequence[dict[str, Any]], county: County) -> pd.DataFrame:
    kinds = cells.lookup({code: (kind.zh, kind.en) for code, kind in county.kinds.items()})
    table = pd.DataFrame(
        {
            name: [entry[name] for entry in entries]
            for name in ("name", "host", "address", "phone", "kind", "lon", "lat")
        }
    )
    # What the map calls a kind means nothing here unless it is one of the county's own words.
    return table.assign(kind=[kinds.get(cells.fold(text), "") for text in table["kind"]])


def _outside(rows: pd.DataFrame, county: County) -> Any:
    """Which entries lie, or say that they lie, in another county."""
    short = county.name_zh.rstrip("县市区旗")
    elsewhere = [
        bool(text) and not text.isascii() and short not in text and text not in county.townships
        for text in rows["district"]
    ]
    return (outside_m(rows, county) > 0) | np.array(elsewhere, dtype=bool)


# --- decisions -----------------------------------------------------------------------------------


def _standing(
    decisions: Decisions, source: str, ours: Sequence[Side], theirs: Sequence[Side]
) -> tuple[list[Decision], list[Stale]]:
    """The decisions on this list that still fit, and those that don't.

    A side that is gone is said only where it had been found to be the same as the other: nobody
    misses what was to be ignored. Nor can a list of a keeper not known be told from another one.
    """
    by_id = {side.key: side for side in ours}
    by_key = {side.key: side for side in theirs}
    standing, stale = [], []
    for each in decisions.in_force.values():
        if each.source != source:
            continue
        mine, other = by_id.get(each.ledger_id), by_key.get(each.key)
        gone = (each.ledger_id and mine is None) or (each.key and other is None)
        if gone and (each.decision != "same" or source == OTHER):
            continue
        why = _why_not(each, mine, other)
        if why is None:
            standing.append(each)
        else:
            stale.append(Stale(each, *why))
    return standing, stale


def _why_not(each: Decision, ours: Side | None, theirs: Side | None) -> tuple[str, str] | None:
    """Why a decision no longer fits the two sides; None where it does."""
    for wanted, side, noted, zh, en in (
        (each.ledger_id, ours, each.ledger_says, "台账里", "in the ledger"),
        (each.key, theirs, each.map_says, "地图上", "on the map"),
    ):
        if wanted and side is None:
            return f"{zh}没有「{wanted}」了", f"{wanted!r} is no longer {en}"
        if side is not None and not still_fits(noted, side.says):
            return f"{zh}从「{noted}」变成了「{side.says}」", f"{en} {noted!r} became {side.says!r}"
    return None


# --- findings ------------------------------------------------------------------------------------


def _missing(side: Side, keeper_zh: str, keeper_en: str) -> Finding:
    return Finding(
        "ledger_not_on_map", RULES["ledger_not_on_map"].severity, side.file, side.row,
        given_id(side.key) or None,
        f"{side.found_zh}「{side.name}」在「{keeper_zh}」上找不到。"
        "请到那边添加，或填「不用管」。",
        f"{side.found_en} {side.name!r} is not on {keeper_en}; add it there, or ignore.",
        "name", side.name, {"lon": side.lon, "lat": side.lat},
    )  # fmt: skip


def _extra(side: Side) -> Finding:
    return Finding(
        "map_not_in_ledger", RULES["map_not_in_ledger"].severity, side.file, side.row, None,
        f"{side.place_zh}「{side.name}」台账里没有。请核实：补进台账、请地图删掉，或填「不用管」。",
        f"{side.place_en} {side.name!r} is not in the ledger; enter it, have it taken off the map, "
        "or ignore it.",
        "name", side.name, {"key": side.key, "lon": side.lon, "lat": side.lat},
    )  # fmt: skip


def _elsewhere(map_list: MapList, county: County) -> LedgerError:
    rows = map_list.rows
    turned = rows.assign(lon=rows["lat"], lat=rows["lon"])
    swapped = bool((rows["lon"].abs() <= 90).all()) and not outside_m(turned, county).any()
    files = "、".join(dict.fromkeys(rows["file"]))
    zh = (
        "经纬度像是写反了，请对调两列。"
        if swapped
        else "请核对是不是导出了别的县，或坐标来源写错了。"
    )
    en = "longitude and latitude seem swapped" if swapped else "is it another county's export?"
    return LedgerError(
        f"{files}：{len(rows)} 行没有一行在{county.name_zh}，也没有一行对得上台账。{zh}"
        f" / none of its rows lies in {county.name_en} or fits the ledger; {en}"
    )
