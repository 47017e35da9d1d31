"""Names by which riders say where they are, for phones that cannot be located."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import shapely

from locator.geo.crs import haversine_m

#: What is named on the map but is no place to stand at.
_NO_SPOT = {"water", "peak"}
#: The end of a long bridge is not another bridge.
_SAME_WITHIN_M = 400.0


def places_json(tables: Mapping[str, gpd.GeoDataFrame]) -> dict[str, list[list[Any]]]:
    """What ``places.json`` says of the layers of a base map.

    {settlements: [[name, lon, lat], …], landmarks: …}, WGS-84: towns, townships and villages, the
    greatest first; then estates, hospitals, schools, bridges and the like, by name. Of one name
    within 400 m there is one.
    """
    places, pois = tables["places"], tables["pois"]
    estates = places["class"] == "estate"
    settlements = places[~estates].sort_values(["rank", "name"], kind="stable")
    spots = pois[~pois["class"].isin(_NO_SPOT)]
    landmarks = [*_named(places[estates]), *_named(spots)]
    return {"settlements": _once(_named(settlements)), "landmarks": _once(sorted(landmarks))}


def _named(table: gpd.GeoDataFrame) -> list[list[Any]]:
    """[name, lon, lat] of each row that has a name; 1e-5 degrees are a metre."""
    named = table[table["name"].fillna("") != ""]
    spot = shapely.point_on_surface(named.geometry.to_numpy())
    lon, lat = shapely.get_x(spot).round(5), shapely.get_y(spot).round(5)
    return [list(row) for row in zip(named["name"], lon.tolist(), lat.tolist(), strict=True)]


def _once(rows: list[list[Any]]) -> list[list[Any]]:
    """Without those that bear the name of one before them which is near."""
    kept: dict[str, list[list[Any]]] = {}
    for row in rows:
        namesakes = kept.setdefault(row[0], [])
        if all(haversine_m(*row[1:], *each[1:]) > _SAME_WITHIN_M for each in namesakes):
            namesakes.append(row)
    return [row for rows_ in kept.values() for row in rows_]
