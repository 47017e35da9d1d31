"""What was found among the places of an extract: each once, with a name, all accounted for."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from locator.geo.crs import EARTH_RADIUS_M
from locator.starter.extract import Place
from locator.starter.offers import Because, Entry, When
from locator.streets.graph import StreetGraph
from locator.streets.names import streets_near

#: Two nodes of one name are one place mapped twice when no farther apart than this.
TWICE_M = 5.0
#: A larger area is so wide that a node within it may well be another thing.
WIDEST_M = 250.0
#: A thing without a name is told by the street beside it.
BESIDE_M = 150.0

EntryT = TypeVar("EntryT", bound=Entry)


@dataclass(frozen=True)
class Found:
    """GeoJSON ``features``, and what became of every place that was looked at.

    ``taken`` counts the features by kind, ``passed_over`` the places that gave none by reason
    (words for both in ``offers.toml``): together they are all that were looked at. ``hours``
    counts the features whose opening hours are known, unknown or unreadable.
    """

    features: list[dict[str, Any]]
    taken: Counter[str]
    passed_over: Counter[str]
    hours: Counter[str] = field(default_factory=Counter)


def keys_of(entries: Iterable[When]) -> frozenset[str]:
    """The keys that some entry asks for: of a place with none of them no entry can hold."""
    return frozenset(key for entry in entries for key in entry.tags)


def entry_for(entries: Iterable[EntryT], tags: Mapping[str, str]) -> EntryT | None:
    """The first entry that fits ``tags``."""
    return next((entry for entry in entries if entry.holds(tags)), None)


def objection(entry: Entry, place: Place, left_out: Iterable[Because]) -> str | None:
    """The reason why a place that fits ``entry`` is passed over, None if there is none."""
    for because in (*left_out, *entry.never):
        if because.holds(place.tags):
            return because.reason
    if entry.must and not entry.must.holds(place.tags):
        return entry.must.reason
    return "too_small" if 0.0 < place.area_m2 < entry.least_m2 else None


def once_each(places: Sequence[Place], alike: Sequence[int]) -> list[int]:
    """The positions of ``places`` without those that map a thing a second time.

    Only places with the same number in ``alike`` (those of one entry), on the same level, may be
    one thing: two nodes or two areas of one name within 5 m, or a node within an area that has the
    same name or none. The one with opening hours stays, else that with a name, else that with more
    tags, else the first.
    """
    groups: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for at, place in enumerate(places):
        groups[alike[at], place.tags.get("level", "")].append(at)
    dropped: set[int] = set()
    for group in groups.values():
        dropped |= _repeats([places[at] for at in group], group) if len(group) > 1 else set()
    return [at for at in range(len(places)) if at not in dropped]


def given_name(tags: Mapping[str, str]) -> str | None:
    """The name that a thing has, Chinese first, else its brand."""
    keys = ("name:zh", "name:zh-Hans", "name", "brand:zh", "brand")
    return next((text for key in keys if (text := tags.get(key, "").strip())), None)


def names(
    places: Sequence[Place], unnamed: Sequence[str], streets: StreetGraph | None
) -> list[str]:
    """A name for each place: its own, else ``unnamed`` with the street beside it, in brackets.

    The street is that of the address, else the nearest within 150 m (when ``streets`` are given),
    else the operator stands in for it.
    """
    own = [given_name(place.tags) for place in places]
    lost = [at for at, name in enumerate(own) if name is None]
    near: dict[int, str] = {}
    if streets is not None and lost and any(streets.edge_name):
        lon, lat = ([getattr(places[at], axis) for at in lost] for axis in ("lon", "lat"))
        near = {
            at: beside[0]
            for at, beside in zip(lost, streets_near(streets, lon, lat, BESIDE_M), strict=True)
            if beside
        }
    made = []
    for at, place in enumerate(places):
        where = place.tags.get("addr:street") or near.get(at) or place.tags.get("operator")
        made.append(own[at] or (f"{unnamed[at]}（{where}）" if where else unnamed[at]))
    return made


def feature(place: Place, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A GeoJSON point at ``place``; properties that nobody knows (None) are left out."""
    known = {name: value for name, value in properties.items() if value is not None}
    return {
        "type": "Feature",
        "properties": known,
        "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
    }


def on_sphere(lon: Iterable[float], lat: Iterable[float]) -> NDArray[np.float64]:
    """Points in degrees as metres in space (n × 3), where near points are as far apart as here."""
    x, y = np.radians(np.asarray(list(lon))), np.radians(np.asarray(list(lat)))
    return EARTH_RADIUS_M * np.column_stack(
        [np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)]
    )


def radius_m(place: Place) -> float:
    """The radius of a circle as large as the place's ground."""
    return math.sqrt(place.area_m2 / math.pi)


def _repeats(places: Sequence[Place], labels: Sequence[int]) -> set[int]:
    """Which of places of one sort repeat one that stays, by their labels."""
    worth = sorted(range(len(places)), key=lambda at: (*_worth(places[at]), at))
    # One of each kind of copy stands for all: a crowd on one spot has pairs without end.
    firsts: dict[tuple[float, float, float, str], int] = {}
    for at in worth:
        place = places[at]
        firsts.setdefault((place.lon, place.lat, place.area_m2, _called(place)), at)
    copies = {labels[at] for at in set(worth).difference(firsts.values())}
    places, labels = [places[at] for at in firsts.values()], [labels[at] for at in firsts.values()]
    points = on_sphere((place.lon for place in places), (place.lat for place in places))
    reach = max(TWICE_M, *(_reach_m(place) for place in places))
    others: defaultdict[int, list[int]] = defaultdict(list)
    for one, other in cKDTree(points).query_pairs(reach, output_type="ndarray").tolist():
        apart = float(np.linalg.norm(points[one] - points[other]))
        if _one_thing(places[one], places[other], apart):
            others[one].append(other)
            others[other].append(one)
    kept: set[int] = set()
    for at in sorted(others):  # the best first, as they stand in ``firsts``
        if kept.isdisjoint(others[at]):
            kept.add(at)
    return copies | {labels[at] for at in others if at not in kept}


def _one_thing(one: Place, other: Place, apart_m: float) -> bool:
    names = {_called(one), _called(other)}
    areas = [place for place in (one, other) if place.area_m2 > 0]
    if len(areas) == 1:
        return apart_m <= _reach_m(areas[0]) and (len(names) == 1 or "" in names)
    return apart_m <= TWICE_M and len(names) == 1


def _called(place: Place) -> str:
    return (given_name(place.tags) or "").casefold()


def _reach_m(place: Place) -> float:
    """How far from an area's point a node may lie and still be in it.

    The point may be the door, and an area is longer than it is wide: its radius twice.
    """
    return min(2 * radius_m(place), WIDEST_M) + TWICE_M


def _worth(place: Place) -> tuple[bool, bool, int]:
    return "opening_hours" not in place.tags, given_name(place.tags) is None, -len(place.tags)
