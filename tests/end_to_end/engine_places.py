"""Places for the what-if engine, as the study finds them and as the browser gets them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from locator.checks.validate import validate
from locator.counties import find_county
from locator.county import County, load_county
from locator.coverage.study import Study, study
from locator.coverage.supply import Supply
from locator.release.compact_streets import compact_streets
from locator.release.matrix_file import matrix_file
from locator.streets.graph import StreetGraph
from locator.streets.osm import read_streets

AS_OF = date(2026, 11, 24)

_REAL_TOML = """
code = "990101"
name_zh = "实地（试验）"
name_en = "Real ground"
centre = [{lon}, {lat}]
ledgers = ["stations.geojson"]
ledger_datum = "wgs84"
[streets]
file = "{file}"
provenance = "osm"
[demand]
file = "headcount.csv"
provenance = "illustrative"
"""
_HOURS = ("24/7", "08:00-20:00", "Mo-Fr 07:40-21:50; Sa-Su 10:00-18:00", "22:00-06:00",
          "08:00-12:00,12:15-18:30", None)  # fmt: skip
_SERVICES = ["drinking_water", "hot_meal", "toilet", "rest_seats", "ebike_charging"]


@dataclass(frozen=True)
class Place:
    """A county measured, and the two files that are made of it."""

    county: County
    stations: gpd.GeoDataFrame
    study: Study
    files: dict[str, bytes]

    @property
    def supply(self) -> Supply:
        """What the stations offer today."""
        return self.study.coverage.supply


def measured(county: County) -> Place:
    """The county as its files have it."""
    stations = validate(county.ledger_paths, [county], as_of=AS_OF).stations
    found = study(county, stations, AS_OF)
    files = {
        "streets.bin": compact_streets(found.streets, county),
        "matrix.bin": matrix_file(found, county),
    }
    return Place(county, stations, found, files)


def illustrative(data: Path, slug: str) -> Place:
    """One of the project's own counties."""
    return measured(find_county(data, slug))


def real_ground(folder: Path, extract: Path, stations: int = 40, places: int = 25) -> Place:
    """A county on the real streets of an extract, with seeded stations and riders beside them."""
    rng = random.Random(20261124)
    graph = read_streets(extract)
    spots = [_beside(graph, rng) for _ in range(stations + places)]
    lon, lat = np.mean(spots, axis=0)
    county = folder / "ground"
    county.mkdir(parents=True)
    (county / extract.name).symlink_to(extract)
    toml = _REAL_TOML.format(lon=round(lon, 4), lat=round(lat, 4), file=extract.name)
    (county / "county.toml").write_text(toml, "utf-8")
    features = [_station(number, spot, rng) for number, spot in enumerate(spots[:stations], 1)]
    ledger = {"type": "FeatureCollection", "features": features}
    (county / "stations.geojson").write_text(json.dumps(ledger, ensure_ascii=False), "utf-8")
    lines = ["商圈,经度,纬度,半径米,日类型,时段,人数"]
    for number, (x, y) in enumerate(spots[stations:]):
        radius = rng.choice([0, 500, 1500])
        for day in ("工作日", "休息日"):
            begin, riders = rng.randrange(20), rng.randint(1, 90)
            hours = f"{begin}:00-{begin + 4}:00"
            lines.append(f"商圈{number},{x},{y},{radius},{day},{hours},{riders}")
    (county / "headcount.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return measured(load_county(county))


def _beside(graph: StreetGraph, rng: random.Random) -> tuple[float, float]:
    """A point up to about 250 m from a bend of a street."""
    at = rng.randrange(len(graph.shape_lon))
    return (
        round(float(graph.shape_lon[at]) + rng.uniform(-0.002, 0.002), 6),
        round(float(graph.shape_lat[at]) + rng.uniform(-0.002, 0.002), 6),
    )


def _station(number: int, spot: tuple[float, float], rng: random.Random) -> dict[str, Any]:
    said = {
        "id": f"990101-{number:03d}", "county": "990101", "name": f"{number} 号驿站（示意）",
        "kind": rng.choice(["warm_station", "warm_station", "canteen", "friendly_estate"]),
        "hours": rng.choice(_HOURS), "services": ";".join(rng.sample(_SERVICES, 3)),
        "service_hours": rng.choice(["", "hot_meal: 11:00-13:00", "toilet: 24/7"]),
        "status": rng.choice(["open", "open", "open", "temporarily_closed"]),
        "verified_on": "2026-10-01", "provenance": "illustrative",
    }  # fmt: skip
    return {"type": "Feature", "properties": said,
            "geometry": {"type": "Point", "coordinates": list(spot)}}  # fmt: skip
