"""A town on paper with streets, riders and doors: siting asks about it as about a real county."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import pytest

from locator.county import County, load_county
from locator.coverage.clock import coverage
from locator.coverage.siting.candidates import Candidate, Candidates
from locator.coverage.siting.plan import Case
from locator.coverage.study import study
from locator.stations.table import make_stations
from locator.streets.graph import StreetGraph

AS_OF = date(2026, 11, 29)
SHEET = """商圈,经度,纬度,半径米,日类型,时段,人数
西街,116.9350,31.4600,300,工作日,00:00-24:00,24
西街,116.9350,31.4600,300,休息日,00:00-24:00,9
桥头,116.9700,31.4600,300,工作日,10:00-02:00,31
桥头,116.9700,31.4600,300,休息日,18:00-23:00,50
北街,116.9500,31.4800,0,工作日,06:00-22:00,7
"""


@pytest.fixture(scope="session")
def peopled(county: County) -> County:
    """The county on paper with a headcount."""
    (county.folder / "headcount.csv").write_text(SHEET, "utf-8")
    return load_county(county.folder)


@pytest.fixture(scope="session")
def doors() -> Callable[..., gpd.GeoDataFrame]:
    """Two stops and a closed one, west, east and north; what is named of them is changed."""

    def make(*changes: dict[str, Any]) -> gpd.GeoDataFrame:
        rows = [
            {
                "id": f"990101-{number:03d}", "county": "990101", "kind": "warm_station",
                "name": f"{number} 号站", "services": ["toilet"], "hours": "08:00-20:00",
                "service_hours": {}, "status": "open", "provenance": "ledger",
            }
            for number in (1, 2, 3)
        ]  # fmt: skip
        rows[2]["status"] = "closed"
        for row, change in zip(rows, changes, strict=False):
            row.update(change)
        return make_stations(rows, [116.936, 116.968, 116.95], [31.46, 31.46, 31.478])

    return make


@pytest.fixture(scope="session")
def paper_case(
    peopled: County, town: StreetGraph, doors: Callable[..., gpd.GeoDataFrame]
) -> Callable[..., Case]:
    """The case of some candidate sites; the stations are ``doors`` with these changes."""
    whole = study(peopled, doors(), AS_OF, streets=town)

    def make(sites: list[Candidate], *changes: dict[str, Any]) -> Case:
        stations = doors(*changes)
        ground = replace(whole.ground, stations=stations)
        # The ways stay, and so would the gaps and measures, of which siting reads nothing.
        clock = coverage(ground.access, stations, ground.demand, peopled, AS_OF)
        return Case(
            peopled, replace(whole, ground=ground, coverage=clock), Candidates(tuple(sites))
        )

    return make
