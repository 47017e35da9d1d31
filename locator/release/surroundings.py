"""What lies around a county's stations, from the files that its release is made of."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from locator.checks.surroundings import Landmarks, Surroundings
from locator.county import County
from locator.coverage.townships import Townships, read_townships
from locator.geo.crs import haversine_m
from locator.release.features import Features, read_features
from locator.streets.frozen import read_frozen
from locator.streets.graph import StreetGraph

#: How far a place reaches from its point, in metres, where its outline is not known: the usual
#: radius of such a place, rounded up.
EXTENT_M = {
    "township": 1500.0, "village": 500.0, "hamlet": 250.0, "estate": 150.0, "landmark": 50.0,
    "station": 100.0, "hospital": 100.0, "government": 50.0, "school": 150.0, "mall": 50.0,
    "plaza": 100.0, "park": 200.0, "bridge": 100.0, "water": 500.0, "peak": 500.0,
}  # fmt: skip
#: Layers whose areas may have a name that the map does not show.
_NAMED = ("buildings", "landuse", "green")


def read_surroundings(county: County) -> Surroundings:
    """Read what lies around ``county``'s stations: streets, base map, outlines of townships.

    A GraphML file holds streets and the names of bridges alone, and so does what comes of it.
    Raises StreetsError where a street file cannot be read or has changed since it was frozen,
    ConfigError where the townships cannot be read.
    """
    return surroundings_of(
        read_frozen(county), read_county_features(county), read_townships(county)
    )


def read_county_features(county: County) -> Features:
    """What is drawn on the county's base map."""
    return read_features(county.path(county.streets.basemap or county.streets.file))


def surroundings_of(streets: StreetGraph, features: Features, townships: Townships) -> Surroundings:
    """The same of what has been read already."""
    tables = features.tables
    return Surroundings(
        streets=streets,
        water=tables["water"].geometry.to_numpy(),
        buildings=tables["buildings"].geometry.to_numpy(),
        landmarks=_landmarks(tables),
        township_names=townships.names,
        township_shapes=townships.shapes,
    )


def _landmarks(tables: dict[str, gpd.GeoDataFrame]) -> Landmarks:
    """What the map names, and buildings and grounds whose name it does not show.

    A place with an outline reaches as far as that does; what is known as a point alone, as far as
    its kind.
    """
    shown = pd.concat([tables["places"], tables["pois"]], ignore_index=True)
    grounds = pd.concat([tables[layer] for layer in _NAMED], ignore_index=True)
    others = grounds[grounds["name"].notna() & ~grounds["osm"].isin(shown["osm"])]
    named = pd.concat([shown, others], ignore_index=True)
    point = shapely.point_on_surface(named.geometry.to_numpy())
    lon, lat = shapely.get_x(point), shapely.get_y(point)
    extent = named["class"].map(EXTENT_M).fillna(0.0).to_numpy(dtype=np.float64).copy()
    area = grounds.drop_duplicates("osm").set_index("osm").geometry
    outlined = named["osm"].isin(area.index).to_numpy()
    extent[outlined] = _reach_m(
        area.loc[named["osm"][outlined]].to_numpy(), lon[outlined], lat[outlined]
    )
    return Landmarks.of(
        named["name"].tolist(), lon, lat, kinds=named["class"].tolist(), extent_m=extent
    )


def _reach_m(
    areas: NDArray[np.object_], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How far each area's farthest corner is from its point, in metres."""
    corners, of = shapely.get_coordinates(areas, return_index=True)
    away = haversine_m(corners[:, 0], corners[:, 1], lon[of], lat[of])
    reach = np.zeros(len(areas))
    np.maximum.at(reach, of, away)
    return reach
