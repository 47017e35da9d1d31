"""Which stations a direction sign names: the nearest by e-bike, and the nearest open late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from locator.errors import HoursError
from locator.geo.crs import bearing_deg, haversine_m
from locator.outputs.signs.sites import SignSite
from locator.stations.hours import open_intervals
from locator.streets.access import times_within
from locator.streets.graph import StreetGraph
from locator.streets.route import route
from locator.streets.snap import Snap, snap

#: A station is open late when its door is open at this hour on each of seven days.
LATE_HOUR = 23
#: Farther than an hour's ride no sign sends anybody.
LONGEST_S = 3600
#: Where no street is near: how much longer than the straight line a way is, and how fast one goes.
DETOUR, RIDE_KMH = 1.4, 15.0
#: So far along a ride is the way in which one sets out.
SETTING_OUT_M = 120.0
#: 4.5 km/h, the speed of the rings.
WALK_M_PER_MIN = 75


@dataclass(frozen=True, slots=True)
class Way:
    """A station as seen from a site: ``row`` of the table, its ``bearing`` from north and straight
    ``metres``, the e-bike ``minutes``, which are only ``about`` so many where no street is near."""

    row: Mapping[str, Any]
    bearing: float
    metres: float
    minutes: int
    about: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Ride:
    """The way along the streets to a station: its ``line`` in degrees, its length, and the
    ``bearing`` (from north) in which it sets out."""

    line: NDArray[np.float64]
    metres: float
    bearing: float


class Surroundings:
    """The stations that signs may name and the streets between; made once for all sites.

    ``stations`` are rows of the station table. Without ``streets`` all minutes are about so many.
    """

    def __init__(
        self,
        stations: Sequence[Mapping[str, Any]],
        streets: StreetGraph | None,
        *,
        snap_max_m: float = 300.0,
        snap_kmh: float = 4.5,
        parking_s: int = 60,
        as_of: date,
        timezone: str,
        country: str,
    ) -> None:
        self._stations = list(stations)
        self._streets = streets
        self._speed = (snap_max_m, snap_kmh)
        self._parking_s = parking_s
        self._lon = np.array([row["geometry"].x for row in stations])
        self._lat = np.array([row["geometry"].y for row in stations])
        self._late = [_open_late(row["hours"], as_of, timezone, country) for row in stations]
        self._doors = (
            snap(streets, self._lon, self._lat, *self._speed) if streets and len(stations) else None
        )

    def ways(self, sites: Sequence[SignSite]) -> list[list[Way]]:
        """For each site all stations, the nearest in minutes first."""
        if not self._stations:
            return [[] for _ in sites]
        ride_ds = self._ride_ds(sites)
        found = []
        for site, ds in zip(sites, ride_ds, strict=True):
            metres = haversine_m(site.lon, site.lat, self._lon, self._lat)
            bearings = bearing_deg(site.lon, site.lat, self._lon, self._lat)
            about_ds = (metres * DETOUR / RIDE_KMH * 36 + self._parking_s * 10).astype(np.int64)
            about = ds < 0
            best = np.where(about, about_ds, ds)
            # 0 is where the streets do not lead: across a river no straight line is a way.
            near = (best > 0) & (best <= LONGEST_S * 10)
            found.append(
                [
                    Way(
                        self._stations[at],
                        float(bearings[at]),
                        float(metres[at]),
                        max(1, int(best[at] + 300) // 600),
                        bool(about[at]),
                        self._late[at],
                    )
                    for at in np.lexsort((metres, best))
                    if near[at]
                ]
            )
        return found

    def _ride_ds(self, sites: Sequence[SignSite]) -> NDArray[np.int64]:
        """Sites × stations in tenths of a second: 0 where the streets do not lead within the hour,
        -1 where no street is near the one or the other."""
        if self._streets is None or self._doors is None or not sites:
            return np.full((len(sites), len(self._stations)), -1, dtype=np.int64)
        places = self._at(sites)
        times = times_within(self._streets, places, self._doors, LONGEST_S, self._parking_s)
        ds = np.asarray(times.toarray()).astype(np.int64)
        ds[(places.edge[:, None] < 0) | (self._doors.edge[None] < 0)] = -1
        return ds

    def ride(self, site: SignSite, station_id: str) -> Ride | None:
        """The way along the streets to a station, None where the streets do not lead."""
        if self._streets is None or self._doors is None:
            return None
        at = [row["id"] for row in self._stations].index(station_id)
        door = Snap(*(column[at : at + 1] for column in vars(self._doors).values()))
        line = route(self._streets, self._at([site]), door)
        if line is None or len(line) < 2:
            return None
        steps = haversine_m(*line[:-1].T, *line[1:].T)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        ahead = [float(np.interp(SETTING_OUT_M, along, line[:, axis])) for axis in (0, 1)]
        return Ride(line, float(along[-1]), float(bearing_deg(site.lon, site.lat, *ahead)))

    def _at(self, sites: Sequence[SignSite]) -> Snap:
        assert self._streets is not None
        lon, lat = [site.lon for site in sites], [site.lat for site in sites]
        return snap(self._streets, lon, lat, *self._speed)


def _open_late(hours: str | None, as_of: date, timezone: str, country: str) -> bool:
    """Whether the door is open at ``LATE_HOUR`` on each of the seven days from ``as_of``."""
    if not isinstance(hours, str) or not hours:
        return False
    try:
        spans = open_intervals(hours, as_of, 8, timezone, country)
    except HoursError:
        return False
    zone = ZoneInfo(timezone)
    for day in range(7):
        local = datetime(as_of.year, as_of.month, as_of.day, LATE_HOUR, tzinfo=zone)
        minute = int((local + timedelta(days=day)).timestamp()) // 60
        if not any(begin <= minute < end for begin, end in spans):
            return False
    return True
