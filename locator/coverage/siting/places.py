"""Which candidate sites are stations that are to open longer, and which are places of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np

from locator.coverage.demand import DAYS
from locator.coverage.siting.candidates import Candidate
from locator.coverage.supply import Offer
from locator.geo.crs import haversine_m

#: A site that is to open longer and lies this near a station is that station.
SAME_PLACE_M = 60.0
LONGER_AT_STATION = "extend_hours_24h"
ALWAYS = "24/7"


@dataclass(frozen=True)
class Places:
    """Sites by the id of the station that they are (``own``), and the ``others``.

    ``left_out`` (reason → ids) are those whose station another site extends, or is always open.
    """

    own: dict[str, Candidate]
    others: tuple[Candidate, ...]
    left_out: dict[str, list[str]]


def can_do_more(offer: Offer) -> bool:
    """Whether a station is a stop in service whose hours are known."""
    return offer.in_service and offer.stop and all(offer.hours[day] for day in DAYS)


def places_of(
    candidates: Sequence[Candidate], stations: gpd.GeoDataFrame, offers: Sequence[Offer]
) -> Places:
    """The places of ``candidates``; ``offers`` are those of ``stations`` (WGS-84), in their order.

    A station that is closed, planned or no stop, or whose hours nobody knows, is not the place that
    is to open longer: a site beside it opens a place of its own. What else may be done at a site
    that is a station is done beside it.
    """
    usable = [offer for offer in offers if can_do_more(offer)]
    points = stations.geometry[np.array([can_do_more(offer) for offer in offers], dtype=bool)]
    lon, lat = points.x.to_numpy(), points.y.to_numpy()
    own: dict[str, Candidate] = {}
    others: list[Candidate] = []
    left_out: dict[str, list[str]] = {}
    for site in candidates:
        away = haversine_m(site.lon, site.lat, lon, lat)
        if LONGER_AT_STATION not in site.actions or not (away <= SAME_PLACE_M).any():
            others.append(site)
            continue
        station = usable[int(away.argmin())]
        if all(hours == ALWAYS for hours in station.hours.values()):
            left_out.setdefault("always_open", []).append(site.id)
        elif station.station in own:
            left_out.setdefault("same_station", []).append(site.id)
        else:
            own[station.station] = site
        if rest := tuple(code for code in site.actions if code != LONGER_AT_STATION):
            others.append(replace(site, actions=rest))
    return Places(own, tuple(others), left_out)
