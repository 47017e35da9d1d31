"""A county's present stations as rows of its template: with their ids, in a clerk's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from locator.checks.validate import Quarantined, Report
from locator.county import ENTRY_ZH, PROVENANCE_ZH, STATUS_ZH, County
from locator.outputs.template_words import SOURCES
from locator.stations.headings import column_of
from locator.stations.hours_in_chinese import spoken_hours
from locator.stations.pasted import pasted_point


def template_rows(county: County, report: Report) -> list[dict[str, str]]:
    """The stations that ``report`` (on the county's own ledgers) lets pass, by id, and below them
    the rows that it holds back, as they were given.

    A position is written as it was first given, with where it was copied from, so that reading
    the template leads to the same point.
    """
    table = report.stations
    records = table.drop(columns="geometry").to_dict("records")
    places = zip(table.geometry.x.tolist(), table.geometry.y.tolist(), strict=True)
    good = [
        _row(county, {str(name): value for name, value in record.items()}, *place)
        for record, place in zip(records, places, strict=True)
    ]
    return good + [_as_given(row) for row in report.quarantined]


def _row(county: County, said: Mapping[str, Any], lon: float, lat: float) -> dict[str, str]:
    words = {code: service.zh for code, service in county.services.items()}
    given = f"{said['source_x']},{said['source_y']}"
    kept = pasted_point(given) is not None
    served = said["service_hours"].items()
    row = {
        **{name: said[name] for name in ("id", "name", "township", "address", "host", "phone")},
        "kind": county.kinds[said["kind"]].zh,
        "source_datum": SOURCES[said["source_datum"] if kept else "wgs84"],
        "coordinate": given if kept else f"{lon:.7f},{lat:.7f}",
        "services": "、".join(words[code] for code in said["services"]),
        "hours": spoken_hours(said["hours"]) if said["hours"] else None,
        "service_hours": " | ".join(f"{words[code]}: {spoken_hours(own)}" for code, own in served),
        "entry": ENTRY_ZH.get(said["entry"] or ""),
        "seats": said["seats"],
        "sockets": said["sockets"],
        "status": STATUS_ZH[said["status"]],
        "verified_on": said["verified_on"],
        "awards": "、".join(said["awards"]),
        "provenance": PROVENANCE_ZH[said["provenance"]],
    }
    return {name: str(value) for name, value in row.items() if value and not pd.isna(value)}


def _as_given(row: Quarantined) -> dict[str, str]:
    given = dict(_named(row.original))
    if "lon" in given or "lat" in given:
        given["coordinate"] = f"{given.pop('lon', '')},{given.pop('lat', '')}"
    carried = "source_x" in given and "source_y" in given  # such a row is in WGS-84 itself
    unsaid = "source_datum" not in given and row.file.endswith((".geojson", ".json"))
    if carried or unsaid:
        given["source_datum"] = SOURCES["wgs84"]
    return given


def _named(original: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for heading, text in original.items():
        name = column_of(heading)
        if name is not None:
            yield name, text
