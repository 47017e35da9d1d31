"""Sites of an OSM extract: where a station could stand or do more, and where a map could stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from locator.geo.crs import bearing_deg
from locator.starter.extract import Place
from locator.starter.found import (
    EntryT,
    Found,
    entry_for,
    feature,
    keys_of,
    names,
    objection,
    on_sphere,
    once_each,
    radius_m,
)
from locator.starter.offers import Because, Estate, SignSite, load_offers
from locator.streets.graph import StreetGraph
from locator.streets.snap import snap

#: A gate stands on the outline of its estate; an estate is longer than it is wide.
_OUTLINE = 1.6
_GATE_M = 20.0
#: Closer to the street than this, the bearing to it means nothing.
_ON_STREET_M = 1.0


def candidates(places: Sequence[Place], code: str, streets: StreetGraph | None = None) -> Found:
    """Where a station could stand, or one that is there could do more.

    Features have ``id`` (``code-c-n123``), ``name``, ``actions`` and ``provenance``. What an action
    would cost is not written: nobody knows. For ``streets`` see `stations`.
    """
    said = load_offers()
    chosen, passed_over = _choose(places, said.candidates, said.left_out, lambda place: None)
    called = names([place for place, _ in chosen], [entry.unnamed for _, entry in chosen], streets)
    features = [
        feature(
            place,
            {
                "id": f"{code}-c-{place.ref}",
                "name": name,
                "actions": list(entry.actions),
                "provenance": "osm",
            },
        )
        for (place, entry), name in zip(chosen, called, strict=True)
    ]
    taken = Counter(action for _, entry in chosen for action in entry.actions)
    return Found(features, taken, passed_over)


def sign_sites(places: Sequence[Place], code: str, streets: StreetGraph | None = None) -> Found:
    """Where a map could stand: parks, plazas, the gates of estates, bus stations, town halls.

    Features have ``id`` (``code-g-n123``), ``name``, ``kind``, ``facing`` and ``provenance``.
    ``facing`` (degrees from north, clockwise) is the way in which the reader looks: from the street
    at the place, at a gate out of the estate. With ``streets`` the sign of a park or plaza stands
    where the nearest street or path passes; without them only gates know which way they face.
    """
    said = load_offers()
    estates = _estates(places, said.estate)
    of_gate = _nearest_estate(places, estates)

    def gate_of_nothing(place: Place) -> str | None:
        entry = entry_for(said.sign_sites, place.tags)
        lost = entry is not None and entry.of_estate and place.ref not in of_gate
        return "no_estate" if lost else None

    chosen, passed_over = _choose(
        places,
        said.sign_sites,
        [because for because in said.left_out if because.reason == "closed"],
        gate_of_nothing,
    )
    # A gate is called after its estate: its own tags tell of the gate.
    owners = [of_gate[p.ref] if entry.of_estate else p for p, entry in chosen]
    called = names(owners, [entry.unnamed for _, entry in chosen], streets)
    foot = _feet([place for place, _ in chosen], streets)
    features = []
    for at, ((place, entry), owner, name) in enumerate(zip(chosen, owners, called, strict=True)):
        stands, facing = _stand(place, owner, entry, foot[at])
        properties: dict[str, Any] = {
            "id": f"{code}-g-{place.ref}",
            "name": f"{name}大门" if entry.of_estate else name,
            "kind": entry.kind,
            "facing": facing,
            "provenance": "osm",
        }
        features.append(feature(stands, properties))
    return Found(features, Counter(entry.kind for _, entry in chosen), passed_over)


def _choose(
    places: Sequence[Place],
    entries: Sequence[EntryT],
    left_out: Sequence[Because],
    also: Callable[[Place], str | None],
) -> tuple[list[tuple[Place, EntryT]], Counter[str]]:
    """The places that an entry fits, each once, and the reasons of those passed over."""
    chosen: list[tuple[Place, EntryT]] = []
    passed_over: Counter[str] = Counter()
    keys = keys_of(entries)
    for place in places:
        entry = None if keys.isdisjoint(place.tags) else entry_for(entries, place.tags)
        if entry is None:
            continue
        reason = objection(entry, place, left_out) or also(place)
        if reason is None:
            chosen.append((place, entry))
        else:
            passed_over[reason] += 1
    kept = once_each([place for place, _ in chosen], [entries.index(entry) for _, entry in chosen])
    if len(kept) < len(chosen):
        passed_over["same_place"] = len(chosen) - len(kept)
    return [chosen[at] for at in kept], passed_over


def _estates(places: Sequence[Place], estate: Estate) -> list[Place]:
    return [
        place
        for place in places
        if 0.0 < place.area_m2 <= estate.most_m2
        and any(when.holds(place.tags) for when in estate.any)
    ]


def _nearest_estate(places: Sequence[Place], estates: Sequence[Place]) -> dict[str, Place]:
    """The estate of each place with a barrier that may stand on the outline of one, by ref.

    The outline itself is not known here: a gate belongs to an estate whose middle is no farther
    than 1.6 times the radius of a circle of its size, and 20 m. Of several, to that whose circle it
    is nearest to.
    """
    gates = [place for place in places if "barrier" in place.tags]
    if not gates or not estates:
        return {}
    radius = np.array([radius_m(estate) for estate in estates])
    reach = _OUTLINE * radius + _GATE_M
    middles = on_sphere((e.lon for e in estates), (e.lat for e in estates))
    points = on_sphere((g.lon for g in gates), (g.lat for g in gates))
    tree = cKDTree(middles)
    found = {}
    for gate, point in zip(gates, points, strict=True):
        near = np.array(sorted(tree.query_ball_point(point, float(reach.max()))), dtype=int)
        apart = np.linalg.norm(point - middles[near], axis=1)
        near, apart = near[apart <= reach[near]], apart[apart <= reach[near]]
        if near.size:
            found[gate.ref] = estates[near[np.argmin(np.abs(apart - radius[near]))]]
    return found


def _feet(places: Sequence[Place], streets: StreetGraph | None) -> list[tuple[float, float] | None]:
    """Where the nearest street passes each place (lon, lat); None where none is near."""
    if streets is None or not places:
        return [None] * len(places)
    lon, lat = [place.lon for place in places], [place.lat for place in places]
    near = snap(streets, lon, lat)
    feet: list[tuple[float, float] | None] = []
    for edge, fraction in zip(near.edge, near.fraction, strict=True):
        feet.append(_along(streets, int(edge), float(fraction)) if edge >= 0 else None)
    return feet


def _along(streets: StreetGraph, edge: int, fraction: float) -> tuple[float, float]:
    """The point ``fraction`` of the way along an edge."""
    span = slice(streets.shape_start[edge], streets.shape_start[edge + 1])
    lon, lat = streets.shape_lon[span], streets.shape_lat[span]
    steps = np.hypot(np.diff(lon) * np.cos(np.radians(lat[:-1])), np.diff(lat))
    reached = np.concatenate([[0.0], np.cumsum(steps)])
    at = fraction * reached[-1]
    return float(np.interp(at, reached, lon)), float(np.interp(at, reached, lat))


def _stand(
    place: Place, owner: Place, entry: SignSite, foot: tuple[float, float] | None
) -> tuple[Place, int | None]:
    """Where the sign of a place stands, and which way its reader looks."""
    here = (place.lon, place.lat)
    if entry.looks == "out":
        way = ((owner.lon, owner.lat), here) if owner is not place else (here, foot)
        return place, _facing(*way)
    stands = place
    if foot is not None and entry.wide and place.area_m2 > 0:
        stands = replace(place, lon=round(foot[0], 7), lat=round(foot[1], 7))
    return stands, _facing(foot, here)


def _facing(start: tuple[float, float] | None, end: tuple[float, float] | None) -> int | None:
    """The bearing from ``start`` to ``end`` in whole degrees, None where it means nothing."""
    if start is None or end is None:
        return None
    points = on_sphere((start[0], end[0]), (start[1], end[1]))
    if float(np.linalg.norm(points[1] - points[0])) < _ON_STREET_M:
        return None
    return round(float(bearing_deg(*start, *end))) % 360
