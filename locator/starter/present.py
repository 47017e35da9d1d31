"""The stations that a county has before it takes its own ledger, and the file they stand in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from locator.checks.validate import Report, validate
from locator.county import County
from locator.errors import LedgerError
from locator.starter.store import STORE, Store, read_store
from locator.stations import cells
from locator.stations.headings import column_of
from locator.stations.intake import is_provisional
from locator.stations.table import TABLE_COLUMNS, empty_stations, stations_to_geojson
from locator.stations.whose import assign_counties


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says: the columns of the station table, and where it is (WGS-84 lon, lat)."""

    properties: Mapping[str, Any]
    point: tuple[float, float]

    @property
    def name(self) -> str:
        """What the signboard says."""
        return str(self.properties["name"])

    @property
    def provenance(self) -> str:
        """Where the row is from: surveyed, ledger, osm, illustrative."""
        return str(self.properties["provenance"])


@dataclass(frozen=True)
class Present:
    """The county's stations as they are. ``own`` says which features of the store they are: place
    there → id; they are none of them where the store takes over from other ledgers."""

    path: Path
    before: bytes | None
    takes_over: bool
    store: Store
    own: Mapping[int, str]
    real: gpd.GeoDataFrame
    said: Mapping[str, Said]
    ids: frozenset[str]
    withheld: int

    @property
    def whole(self) -> bool:
        """Whether the store holds what is said, and nothing else of the county."""
        return not self.takes_over and len(self.own) == len(self.said)


def read_present(county: County, all_counties: Sequence[County], as_of: date) -> Present:
    """The stations that ``county`` has, read as a build reads them.

    Raises LedgerError where its ledgers cannot be read.
    """
    path, takes_over = _store_of(county)
    before, store = read_store(path)
    ids: set[str] = set()
    said: dict[str, Said] = {}
    real = empty_stations()
    withheld = 0
    files = [each for each in county.ledger_paths if each != path or store.features]
    if files:
        report = validate(files, county, all_counties=all_counties, as_of=as_of, without_ids=True)
        if report.blocked:
            raise LedgerError(
                f"{'、'.join(report.files)}：现有台账整个文件都不能用，没法比对。"
                f"请先运行 locator validate {files[0]}。"
                " / the present ledger is stopped as a whole; validate it first."
            )
        said = {
            at: each for at, each in said_by(report).items() if not is_provisional(at, county.code)
        }
        table = report.stations
        real = table[table["id"].isin(said.keys()) & (table["provenance"] != "illustrative")]
        ids |= said.keys() | {cells.fold(each.id) for each in report.findings if each.id}
        withheld = report.counts["published"] + report.counts["quarantined"] - len(said)
    own = {} if takes_over else _own(path, store, county, all_counties)
    return Present(
        path=path,
        before=before,
        takes_over=takes_over,
        store=Store() if takes_over else store,
        own=own,
        real=real,
        said=said,
        ids=frozenset(at for at in ids.union(own.values()) if not is_provisional(at, county.code)),
        withheld=withheld,
    )


def _store_of(county: County) -> tuple[Path, bool]:
    """The file that the county's stations are written to, and whether county.toml must be told.

    The one that is its only ledger, if it is a store: its own, or that beside the counties'
    folders. Ledgers of other names are somebody's files, and stay as they are.
    """
    folder = county.folder.resolve()
    for path in (folder / STORE, folder.parent / STORE):
        if county.ledger_paths == (path,):
            return path, False
    return folder / STORE, True


def _own(
    path: Path, store: Store, county: County, all_counties: Sequence[County]
) -> dict[int, str]:
    """Which features of the store are the county's: place → id, as its rows are read."""
    rows = pd.DataFrame([_whose(json.loads(text)) for text in store.features])
    if rows.empty:
        return {}
    # In a file of its own whatever does not say otherwise is the county's; in a shared one it is
    # nobody's.
    whose = [county] if path.parent == county.folder.resolve() else all_counties
    codes = assign_counties(rows, whose, all_counties)
    ids = [cells.fold(text) for text in rows["id"]]
    return {at: ids[at] for at, code in enumerate(codes) if code == county.code}


def _whose(feature: Any) -> dict[str, str]:
    """What a feature says of its id and county, under whatever heading."""
    said = {"id": feature.get("id"), "county": None}
    for heading, value in (feature.get("properties") or {}).items():
        name = column_of(heading)
        if name in said:
            said[name] = value
    return {name: cells.clean(str(value or "")) for name, value in said.items()}


def said_by(report: Report) -> dict[str, Said]:
    """What the published rows say, by id.

    A cell that could not be read stays as it was written, so that each build goes on saying so.
    """
    said = {}
    for feature in stations_to_geojson(report.stations)["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        said[feature["id"]] = Said(feature["properties"], (lon, lat))
    at_row = {origin: id_text for id_text, origin in report.origins.items()}
    for finding in report.findings:
        row = said.get(at_row.get((finding.file, finding.row or 0), ""))
        if row is None or not finding.value:
            continue
        properties: Any = row.properties
        if finding.code == "unknown_service":
            properties["services"] = [*properties["services"], *cells.words(finding.value)]
        elif finding.field == "service_hours":
            properties["service_hours"] = {
                **properties["service_hours"],
                **cells.record(finding.value),
            }
        elif finding.field in TABLE_COLUMNS and properties[finding.field] is None:
            properties[finding.field] = finding.value
    return said
