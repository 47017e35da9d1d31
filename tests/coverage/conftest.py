"""A town one can check on paper: one long street, a cell's centre every few hundred metres."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import h3
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from locator.county import County, load_county
from locator.coverage.demand import SLOTS, Demand
from locator.coverage.ground import Ground
from locator.coverage.townships import Townships
from locator.stations.table import make_stations
from locator.streets.access import Access, Search
from locator.streets.graph import Line, StreetGraph, build_graph

COUNTY = """
code = "990101"
name_zh = "纸上县"
name_en = "Paper County"
centre = [116.95, 31.46]
ledgers = ["stations.geojson"]
clock_services = ["toilet", "hot_meal"]
[streets]
file = "streets.osm"
provenance = "illustrative"
[demand]
file = "headcount.csv"
provenance = "headcount"
"""


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    folder = tmp_path_factory.mktemp("data") / "paper"
    folder.mkdir()
    (folder / "county.toml").write_text(COUNTY, "utf-8")
    return load_county(folder)


@pytest.fixture(scope="session")
def table() -> Callable[..., gpd.GeoDataFrame]:
    """A station table; each station is a dict of what matters, at a place of no matter."""

    def make(*stations: dict[str, Any]) -> gpd.GeoDataFrame:
        records = [
            {
                "id": f"990101-{number:03d}", "county": "990101", "kind": "warm_station",
                "name": f"{number} 号站", "services": [], "hours": "24/7", "service_hours": {},
                "status": "open", "provenance": "ledger", **station,
            }
            for number, station in enumerate(stations, start=1)
        ]  # fmt: skip
        return make_stations(records, [116.95] * len(records), [31.46] * len(records))

    return make


@pytest.fixture(scope="session")
def riders() -> Callable[..., Demand]:
    """Demand in neighbouring cells along a line: so many riders in each, at every hour."""

    def make(*counts: float) -> Demand:
        first = h3.latlng_to_cell(31.46, 116.95, 9)
        end = h3.latlng_to_cell(31.46, 117.05, 9)
        cells = sorted(h3.grid_path_cells(first, end)[: len(counts)])
        table = np.repeat(np.array(counts, dtype=float)[:, None], len(SLOTS), axis=1)
        return Demand(cells, table, "headcount", {})

    return make


@pytest.fixture(scope="session")
def reach() -> Callable[..., Access]:
    """Access from a table of minutes, cells × stations; None where there is no way."""

    def make(*minutes: list[float | None]) -> Access:
        full = np.array(minutes, dtype=float) * 600
        near = np.where(full <= 9000, full, 0)
        best = np.where(np.isnan(full), np.inf, full)
        nearest = best.min(axis=1) if full.shape[1] else np.full(len(full), np.inf)
        found = np.isfinite(nearest)
        return Access(
            matrix=csr_array(np.nan_to_num(near).astype(np.int32)),
            nearest_ds=np.where(found, np.where(found, nearest, 0), -1).astype(np.int32),
            nearest_station=np.where(
                found, best.argmin(axis=1) if full.shape[1] else -1, -1
            ).astype(np.int32),
            unreachable_cells=np.flatnonzero(~found).astype(np.int32),
            unreachable_stations=np.flatnonzero(np.isinf(best).all(axis=0)).astype(np.int32),
        )

    return make


@pytest.fixture(scope="session")
def search_of() -> Callable[..., Search]:
    """The search over a table of minutes, cells × stations; None where there is no way."""

    def make(*minutes: list[float | None]) -> Search:
        times = np.array(minutes, dtype=float).reshape(len(minutes), -1) * 600

        def search(allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
            open_ = np.where(allowed & ~np.isnan(times), times, np.inf)
            best = open_.min(axis=1, initial=np.inf)
            found = np.isfinite(best)
            which = open_.argmin(axis=1) if times.shape[1] else np.zeros(len(times), dtype=int)
            return (
                np.where(found, np.where(found, best, 0), -1).astype(np.int32),
                np.where(found, which, -1).astype(np.int32),
            )

        return search

    return make


@pytest.fixture(scope="session")
def paper_ground(
    table: Callable[..., gpd.GeoDataFrame],
    reach: Callable[..., Access],
    search_of: Callable[..., Search],
) -> Callable[..., Ground]:
    """What coverage is made from, of stations and a table of minutes; without any streets."""

    def make(
        stations: list[dict[str, Any]],
        minutes: list[list[float | None]],
        demand: Demand,
        townships: list[str | None] | None = None,
    ) -> Ground:
        nobody = np.empty(0, dtype=np.int32)
        none = Access(csr_array(np.empty((0, len(stations)), dtype=np.int32)), *[nobody] * 4)
        unused: Any = None
        rows = table(*stations)
        return Ground(
            streets=unused,
            demand=demand,
            stations=rows,
            cells=unused,
            doors=unused,
            access=reach(*minutes) if minutes else none,
            search=search_of(*minutes) if minutes else lambda _: (nobody, nobody),
            townships=Townships((), np.array([], dtype=object)),
            cell_townships=townships or [None] * len(demand.cells),
            station_townships=rows["township"].tolist(),
        )

    return make


@pytest.fixture(scope="session")
def town() -> StreetGraph:
    """A river road and a market street, crossing in the middle of the county."""
    return build_graph(
        [
            Line("滨河路", "primary", 15.0, True, True, ["w", "x", "e"],
                 [116.92, 116.95, 116.98], [31.46] * 3),
            Line("集市街", "residential", 15.0, True, True, ["s", "x", "n"],
                 [116.95] * 3, [31.43, 31.46, 31.49]),
        ],
        {},
        (("城关镇", 116.95, 31.46),),
    )  # fmt: skip


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """A headcount sheet of the given lines under the Chinese heading."""

    def write(*lines: str, header: str = "商圈,经度,纬度,半径米,日类型,时段,人数") -> Path:
        path = tmp_path / "headcount.csv"
        path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
        return path

    return write
