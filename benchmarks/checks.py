"""The three checks that every ledger needs, against the usual chain of three libraries.

200,000 stations in 400 counties (`drawn_ledger`). Ours: `parse_rows` (every cell read and typed,
WGS-84 positions made), `shape_at` (the county of each point), `near_points` (pairs within 30 m).
The chain: a pydantic model a row with the same vocabulary, ``geopandas.sjoin``, and scikit-learn's
``BallTree`` with the haversine metric. Both start from the same cells of text in memory, each in
its own form: a table, and a list of records.

The chain is spared what ours does besides: its model takes hours as text, where ours turns them
into opening_hours, and coordinates are WGS-84 already, so nobody converts a datum. Ours alone
knows wrong cells; every row here is right.

What must agree is every value that both read (kind, services, status, seats, date, position), the
county of every point, and every pair; the difference is the number of those that differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, Field, field_validator

from benchmarks.drawn_ledger import STATIONS, ledger, outlines, positions
from benchmarks.harness import Claim, Contestant, Unavailable
from locator.checks.neighbours import NEAR_M, near_points
from locator.counties import find_county
from locator.county import County
from locator.geo.crs import EARTH_RADIUS_M, WGS84
from locator.geo.within import shape_at
from locator.stations.intake import Ledger, gather
from locator.stations.parsing import parse_rows

DATA = Path(__file__).parents[1] / "data"
SEED = 20261129


@dataclass(frozen=True)
class Checked:
    """The answer: what the cells say (column → values), whose each point is, the pairs (i < j)."""

    said: dict[str, list[Any]]
    county: NDArray[np.int64]
    pairs: NDArray[np.int64]


def claim() -> Claim:
    """The claim, if scikit-learn is here; raises Unavailable where it is not."""
    if find_spec("sklearn") is None:
        raise Unavailable("scikit-learn is not installed; make bench installs it.")
    county = find_county(DATA, "shucheng")
    rng = np.random.default_rng(SEED)
    shapes = outlines(rng)
    lon, lat = positions(rng, list(shapes), STATIONS)
    table = ledger(rng, lon, lat, {"code": county.code, "name": county.name_zh})
    rows = gathered(table)
    records = table.to_dict("records")
    model = station_model(county)
    named = gpd.GeoDataFrame({"number": np.arange(len(shapes))}, geometry=shapes, crs=WGS84)
    return Claim(
        name="fields, county and pairs within 30 m, 200,000 stations",
        unit="values that differ",
        ours=Contestant("ours", partial(ours, rows, county, shapes), STATIONS),
        peers=(
            Contestant(
                "pydantic, sjoin, BallTree",
                partial(usual_chain, records, model, named),
                STATIONS,
                "scikit-learn",
                target=5.0,
                note="One model a row, geopandas.sjoin over 400 outlines of 200 points, "
                "BallTree.query_radius with the haversine metric. Hours are not read by it.",
            ),
        ),
        difference=difference,
        rounds=5,
    )


def gathered(table: pd.DataFrame) -> pd.DataFrame:
    """The cells as `gather` lays them out."""
    names = list(table.columns)
    return gather([
        Ledger("drawn.csv", "csv", tuple(names), {name: at for at, name in enumerate(names)},
               tuple(range(2, len(table) + 2)), table.to_numpy().tolist(), None)
    ])  # fmt: skip


def ours(rows: pd.DataFrame, county: County, shapes: NDArray[np.object_]) -> Checked:
    parsed = parse_rows(rows, county)
    lon, lat = parsed["lon"].to_numpy(), parsed["lat"].to_numpy()
    inside = shape_at(shapes, lon, lat)
    placed = np.flatnonzero(np.isfinite(lon))
    one, other = near_points(lon[placed], lat[placed], NEAR_M)
    once = one < other
    said = {
        "kind": parsed["kind_code"], "services": parsed["service_codes"],
        "status": parsed["status_code"], "seats": parsed["seat_count"],
        "verified_on": parsed["verified"], "lon": parsed["lon"], "lat": parsed["lat"],
    }  # fmt: skip
    return Checked(said, inside, placed[np.column_stack([one[once], other[once]])])


def usual_chain(
    records: list[dict[str, str]], model: type[BaseModel], named: gpd.GeoDataFrame
) -> Checked:
    from sklearn.neighbors import BallTree

    stations: list[Any] = [model.model_validate(record) for record in records]
    lon = np.array([station.lon for station in stations])
    lat = np.array([station.lat for station in stations])
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=WGS84)
    inside = gpd.sjoin(points, named, how="left", predicate="intersects")["number"]
    radians = np.radians(np.column_stack([lat, lon]))
    tree = BallTree(radians, metric="haversine")
    near = tree.query_radius(radians, NEAR_M / EARTH_RADIUS_M)
    one = np.repeat(np.arange(len(near)), [len(each) for each in near])
    other = np.concatenate(near)
    once = one < other
    said = {
        name: [getattr(station, name) for station in stations]
        for name in ("kind", "services", "status", "seats", "verified_on", "lon", "lat")
    }
    county = inside.fillna(-1).to_numpy(np.int64)
    return Checked(said, county, np.column_stack([one[once], other[once]]))


def difference(one: Checked, other: Checked) -> float:
    """How many values, counties and pairs differ."""
    apart = sum(
        a != b for name in one.said for a, b in zip(one.said[name], other.said[name], strict=True)
    )
    apart += int((one.county != other.county).sum())
    return float(apart + len(_pairs(one) ^ _pairs(other)))


def _pairs(checked: Checked) -> set[tuple[int, int]]:
    return {(one, other) for one, other in checked.pairs.tolist()}


def station_model(county: County) -> type[BaseModel]:
    """A pydantic model of a ledger's row, as one would write it for this county."""
    kinds = {kind.zh: code for code, kind in county.kinds.items()}
    services = {word.zh: code for code, word in county.services.items()}
    order = {code: at for at, code in enumerate(county.services)}
    statuses = {"开放": "open", "暂停开放": "temporarily_closed", "规划中": "planned"}
    split = re.compile(r"[;；、,，]")

    class Station(BaseModel):
        id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
        county: str
        kind: str
        name: Annotated[str, Field(min_length=1)]
        lon: Annotated[float, Field(ge=-180, le=180)]
        lat: Annotated[float, Field(ge=-90, le=90)]
        township: str = ""
        address: str = ""
        services: list[str] = []
        hours: str = ""
        status: Literal["open", "temporarily_closed", "planned", "closed"] = "open"
        seats: Annotated[int, Field(ge=0)] | None = None
        verified_on: date | None = None
        source_datum: str = ""

        @field_validator("kind", mode="before")
        @classmethod
        def known_kind(cls, text: str) -> str:
            return kinds[text]

        @field_validator("status", mode="before")
        @classmethod
        def known_status(cls, text: str) -> str:
            return statuses[text]

        @field_validator("services", mode="before")
        @classmethod
        def known_services(cls, text: str) -> list[str]:
            codes = [services[word.strip()] for word in split.split(text) if word.strip()]
            return sorted(codes, key=order.__getitem__)

    return Station
