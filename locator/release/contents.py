"""What is in a release: each file, made from the county's inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import shapely

from locator.checks.findings import report_json, rows_text
from locator.checks.rule import ACCEPTABLE, Known
from locator.checks.validate import Report, validate
from locator.county import County, Provenance, Streets, weakest
from locator.coverage.clock import Coverage
from locator.coverage.demand.report import demand_report
from locator.coverage.gap_report import changes_json, gaps_json
from locator.coverage.measures_report import measures_json
from locator.coverage.report import cells_json, coverage_json, provenance_words
from locator.coverage.siting.candidates import Candidates
from locator.coverage.siting.recommend import county_candidates, recommended_actions
from locator.coverage.study import study
from locator.coverage.supply import ANY_STOP
from locator.coverage.townships import fill_townships, read_townships
from locator.errors import ReleaseError
from locator.release.basemap import write_basemap
from locator.release.before import read_before
from locator.release.compact_streets import compact_streets
from locator.release.compared import COMPARING, Compared
from locator.release.manifest import attribution, entry, size, versions
from locator.release.matrix_file import matrix_file
from locator.release.openness import DAYS, openness
from locator.release.overview import frame_of, overview
from locator.release.places import places_json
from locator.release.publish import MANIFEST, SCHEMA, canonical_json, release_hash
from locator.release.surroundings import read_county_features, surroundings_of
from locator.stations.table import stations_to_geojson
from locator.streets.frozen import read_frozen

if TYPE_CHECKING:
    from locator.release.build import Progress

_STATUS_ZH = {
    "unknown": "需求未知", "nothing": "没有可做的",
    "optimal": "已证明最优", "bounded": "未证明最优",
}  # fmt: skip


def write_contents(
    draft: Path,
    county: County,
    all_counties: Sequence[County],
    as_of: date,
    inputs: list[dict[str, Any]],
    against: Compared,
    progress: Progress,
) -> dict[str, Any]:
    """Make every file of a release in the empty folder ``draft``; returns its manifest.

    ``inputs`` are the entries of the files read, ``against`` what the ledgers are compared with.
    Raises what a file's reader raises, ReleaseError
    when the ledgers leave nothing to publish, and OSError when the folder cannot be written.
    """
    (draft / "public").mkdir(parents=True)
    (draft / "staff").mkdir()
    streets, features = read_frozen(county), read_county_features(county)
    townships = read_townships(county)
    known = Known(
        surroundings_of(streets, features, townships),
        against.release.stations() if against.release else None,
        against.accepted,
    )
    report = _checked(county, all_counties, as_of, known)
    table, told = fill_townships(report.stations, townships)
    stations = stations_to_geojson(table)
    said = report_json(report)
    _write(draft / "public/stations.geojson", stations)
    _write(draft / "staff/findings.json", said)
    _write(draft / "staff/quarantine.json", said["quarantine"])
    progress("ledgers", rows_text(report.counts), rows_text(report.counts, "en"))

    before = read_before(against.earlier) if against.earlier else None
    found = study(county, table, as_of, streets=streets, before=before)
    covered = {
        **coverage_json(found.coverage, found.gaps[ANY_STOP], county),
        **changes_json(before, found.gap_changes),
        "measures": measures_json(found.measures, found.ground),
    }
    _write(draft / "public/coverage.json", covered)
    _write(draft / "public/gaps.json", gaps_json(found.gaps))
    _write(draft / "public/cells.json", cells_json(found.coverage, found.ground.cell_townships))
    (draft / "public/streets.bin").write_bytes(compact_streets(streets, county))
    (draft / "public/matrix.bin").write_bytes(matrix_file(found, county))
    progress("coverage", covered["headline_zh"], covered["headline_en"])
    demand = demand_report(found.demand, county)
    if demand.get("faulty") or demand.get("outside"):
        progress(
            "demand",
            f"{demand['faulty']} 行有误、{demand['outside']} 处在县外，没有算；"
            f"用 locator demand {county.slug} 看是哪些",
            f"{demand['faulty']} faulty lines and {demand['outside']} places outside are left out; "
            f"locator demand {county.slug} names them",
        )
    water = features.tables["water"].geometry.to_numpy()
    sites = county_candidates(county, streets, water)
    recommended, by_hour = recommended_actions(county, found, sites)
    _write(draft / "public/actions.json", recommended)
    _write(draft / "public/hourly.json", by_hour)
    progress("siting", *_recommended(recommended))

    properties = [feature["properties"] for feature in stations["features"]]
    _write(
        draft / "public/open.json",
        openness(properties, as_of, county.timezone, county.country),
    )
    _write(draft / "public/places.json", places_json(features.tables))
    progress(
        "opening",
        f"{len(properties)} 站，{as_of} 起 {DAYS} 天",
        f"{len(properties)} stations, {DAYS} days from {as_of}",
    )
    lineage = _lineage(table, found.coverage, sites)
    credit = attribution(county, {*_provenances(table), found.coverage.provenance.get("demand")})
    map_ = write_basemap(
        features,
        draft / "public/basemap.pmtiles",
        draft / "staff/layers.geojson.gz",
        attribution=attribution(county),
    )
    frame = frame_of(shapely.get_coordinates(table.geometry.to_numpy()), map_["bounds"])
    (draft / "public/overview.svg").write_text(overview(features.tables, frame), "utf-8")
    weight = f"{map_['bytes'] / 1e6:.1f} MB"
    progress("map", f"{map_['tiles']} 块，{weight}", f"{map_['tiles']} tiles, {weight}")
    manifest = {
        "schema": SCHEMA,
        "county": {
            "slug": county.slug,
            "code": county.code,
            "name_zh": county.name_zh,
            "name_en": county.name_en,
            "country": county.country,
            "timezone": county.timezone,
            "centre": list(county.centre),
            "bbox": map_["bounds"],
        },
        # The county's own words travel along: pages and prints read nothing but the release.
        "kinds": {
            code: kind.model_dump(mode="json", include={"zh", "en", "heard", "icon", "stop"})
            for code, kind in county.kinds.items()
        },
        "services": {
            code: service.model_dump(mode="json", include={"zh", "en", "heard", "icon"})
            for code, service in county.services.items()
        },
        "as_of": as_of.isoformat(),
        **lineage,
        "attribution": credit,
        "approval_number": county.public.approval_number,
        "inputs": inputs,
        **_told_of(report, against),
        "stations": {
            "provenance": dict(sorted(Counter(_provenances(table)).items())),
            "township": told,
        },
        "streets": {
            **_copied(county.streets),
            "attribution": attribution(county),
            **found.streets.report,
        },
        "demand": demand,
        "basemap": {key: value for key, value in map_.items() if key != "bounds"},
        "counts": {
            **report.counts,
            "cells": len(found.demand.cells),
            "gaps": len(found.gaps[ANY_STOP]),
            "unknown_hours": len(found.coverage.unknown_hours),
        },
        "versions": versions(),
        "files": [entry(path, draft) for path in sorted(draft.rglob("*")) if path.is_file()],
    }
    manifest["release"] = release_hash(manifest)
    _write(draft / MANIFEST, manifest)
    count, weight = len(manifest["files"]), size(manifest["files"])
    progress("files", f"{count} 个，{weight}", f"{count} files, {weight}")
    return manifest


def _lineage(stations: gpd.GeoDataFrame, coverage: Coverage, sites: Candidates) -> dict[str, Any]:
    """Where stations, streets, demand and candidate sites come from, and the weakest of it; in
    words as well.

    ``illustrative`` says that some of it is made up, ``provenance`` which.
    """
    of = {"stations": weakest(_provenances(stations)), **coverage.provenance}
    if sites.sites:
        of["candidates"] = weakest([site.provenance for site in sites.sites])
    return {
        "illustrative": "illustrative" in of.values(),
        "provenance": {**of, "weakest": weakest(list(of.values()))},
        "provenance_zh": provenance_words(of, coverage.mixed_stations),
    }


def _provenances(stations: gpd.GeoDataFrame) -> list[Provenance]:
    return [cast("Provenance", value or "ledger") for value in stations["provenance"]]


def _told_of(report: Report, against: Compared) -> dict[str, Any]:
    """The release that the gaps follow; that with which the findings compare, where they do; and
    what a person let pass."""
    codes = {finding.code for finding in report.findings}
    compares = against.release is not None and not codes.isdisjoint(COMPARING)
    return {
        "gaps_since": against.earlier.hash if against.earlier else None,
        "compared_with": against.release.hash if against.release and compares else None,
        "accepted": sorted(against.accepted & codes),
    }


def _copied(streets: Streets) -> dict[str, Any]:
    """What the street file is a copy of, and of which day."""
    said = streets.model_dump(mode="json", include={"provenance", "source", "query", "frozen_on"})
    return {key: value for key, value in said.items() if value}


def _checked(county: County, all_counties: Sequence[County], as_of: date, known: Known) -> Report:
    report = validate(
        county.ledger_paths,
        [county],
        all_counties=all_counties,
        as_of=as_of,
        known={county.code: known},
    )
    if report.blocked:
        raise ReleaseError(_why_blocked(report, county))
    if report.stations.empty:
        files = " ".join(str(path) for path in county.ledger_paths)
        raise ReleaseError(
            f"{files}：核对之后{county.name_zh}一站也没有剩下，什么都没有建 / "
            "no station is left after the checks, so nothing has "
            f"been built (ids must begin with its code, {county.code}); see what they say: "
            f"locator validate {files} --county {county.slug}"
        )
    return report


def _why_blocked(report: Report, county: County) -> str:
    """Why nothing is built; where a person may accept it, with which command."""
    stops = [each for each in report.findings if each.severity == "error" and each.row is None]
    final = [each for each in stops if each.code not in ACCEPTABLE]
    worst = (final or stops)[0]
    said = f"{worst.message_zh} {worst.message_en} 什么都没有建 / Nothing has been built."
    if final:
        return said
    accept = " ".join(f"--accept {code}" for code in dict.fromkeys(each.code for each in stops))
    return f"{said} 核对过、确实如此的话 / if it is right: locator build {county.slug} {accept}"


def _recommended(actions: dict[str, Any]) -> tuple[str, str]:
    left_out = sum(len(ids) for ids in actions["left_out"].values())
    zh = f"{len(actions['actions'])} 件，{_STATUS_ZH[actions['status']]}"
    en = f"{len(actions['actions'])} actions, {actions['status']}"
    if not left_out:
        return zh, en
    return (
        f"{zh}；{left_out} 处候选点没有算，原因见 actions.json",
        f"{en}; {left_out} candidates are left out, actions.json says why",
    )


def _write(path: Path, value: Any) -> None:
    path.write_bytes(canonical_json(value) + b"\n")
