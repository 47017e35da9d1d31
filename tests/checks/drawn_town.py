"""The surroundings of 舒城 as one can draw them on paper, in metres from the county's centre.

   y
 400  ┌───────┬───────┐            ·  a lake lies from x 600 to 900, y 0 to 400, with a road along
      │       │       │    lake       its west bank (x 590) and a bridge over it (y 200)
   0  ├───────┼───────┤            ·  a one-way street leads off at x -1000 to -1400, y 0: a trap
      │       │       │            ·  西镇 reaches from x -3000 to 0, 东镇 from 0 to 3000
-400  └───────┴───────┘
    -400      0      400   x
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from locator.checks.surroundings import Landmarks, Surroundings
from locator.county import County
from locator.streets.graph import build_graph
from locator.streets.pieces import Line

LON0, LAT0 = 116.944, 31.462
#: Metres in a degree, east and north, at the centre.
EAST_M, NORTH_M = 94_960.0, 110_870.0

XY = tuple[float, float]


def degrees(point: XY) -> tuple[float, float]:
    """The longitude and latitude of a place in the drawing."""
    return LON0 + point[0] / EAST_M, LAT0 + point[1] / NORTH_M


def at(x: float, y: float) -> dict[str, str]:
    """The cells 经度 and 纬度 of a place in the drawing."""
    lon, lat = degrees((x, y))
    return {"经度": f"{lon:.6f}", "纬度": f"{lat:.6f}"}


def box(west: float, south: float, east: float, north: float) -> Any:
    return shapely.box(*degrees((west, south)), *degrees((east, north)))


def line(*points: XY, backward: bool = True, name: str = "示意路") -> Line:
    lon, lat = zip(*map(degrees, points), strict=True)
    return Line(name, "residential", 15.0, True, backward, points, lon, lat)


def street_lines() -> list[Line]:
    grid = [line(*((x, y) for x in (-400, 0, 400))) for y in (-400, 0, 400)]
    grid += [line(*((x, y) for y in (-400, 0, 400))) for x in (-400, 0, 400)]
    lake = [line((400, 0), (590, 0), (590, 200), (590, 400)), line((590, 200), (950, 200))]
    # Off the town lies a ring of its own, large enough not to be an islet; its spur is a trap.
    ring = [(-1000, 0), (-1000, -400), (-800, -400), (-800, 0), (-1000, 0)]
    return [*grid, *lake, line(*ring), line((-1000, 0), (-1400, 0), backward=False)]


def surroundings(
    *,
    townships: Sequence[tuple[str, Any]] = (),
    water: Sequence[Any] | None = None,
    buildings: Sequence[Any] = (),
) -> Surroundings:
    lake = [box(600, 0, 900, 400)] if water is None else water
    ordered = sorted(townships, key=lambda pair: float(pair[1].area))
    return Surroundings(
        build_graph(street_lines(), {}),
        np.array(lake, dtype=object),
        np.array(buildings, dtype=object),
        Landmarks.of([], [], []),
        tuple(name for name, _ in ordered),
        np.array([shape for _, shape in ordered], dtype=object),
    )


def two_townships() -> list[tuple[str, Any]]:
    return [("西镇", box(-3000, -3000, 0, 3000)), ("东镇", box(0, -3000, 3000, 3000))]


def on_real_streets(county: County, **changes: Any) -> County:
    """The county as if its streets were no invention: rules on the ground speak then."""
    streets = county.streets.model_copy(update={"provenance": "osm"})
    return county.model_copy(update={"streets": streets, **changes})
