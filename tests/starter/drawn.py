"""Places drawn by hand, on a plane in metres around a corner of the world."""

from __future__ import annotations

import math

from locator.starter.extract import Place

LON, LAT = 116.95, 31.46
_DEGREE_M = 111_195.0


def at(x: float, y: float) -> tuple[float, float]:
    """The longitude and latitude of a point ``x`` m east and ``y`` m north of the corner."""
    east = LON + x / (_DEGREE_M * math.cos(math.radians(LAT)))
    return round(east, 7), round(LAT + y / _DEGREE_M, 7)


def place(ref: str, x: float = 0.0, y: float = 0.0, area_m2: float = 0.0, **tags: str) -> Place:
    """A place; a tag such as ``addr:street`` is written ``addr__street``."""
    lon, lat = at(x, y)
    said = {key.replace("__", ":"): value for key, value in tags.items()}
    return Place(ref, said, lon, lat, area_m2)
