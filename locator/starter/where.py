"""In which country and time zone a county lies, and how surely that is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import numpy as np

from locator.geo.crs import haversine_m
from locator.starter.extract import Place

#: Tags of a boundary that begin with the country's code.
_CODES = ("ISO3166-1:alpha2", "ISO3166-1", "ISO3166-2", "is_in:country_code", "addr:country")
#: One time for all of the country, though tz knows a second zone.
_ONE_ZONE = {"CN": "Asia/Shanghai"}
#: Where names may be Chinese on both sides of a line that a nearest zone does not see.
_BY_SCRIPT = {"HK", "MO", "TW", "CN"}
#: The same twenty words of signboards, as the mainland writes them and as others do.
_SIMPLIFIED = frozenset("东门车华龙园区广国学馆医银邮药饭铁湾业乐")
_TRADITIONAL = frozenset("東門車華龍園區廣國學館醫銀郵藥飯鐵灣業樂")

Surety = Literal["given", "boundary", "addresses", "adcode", "guess"]


@dataclass(frozen=True)
class Zone:
    """A line of tz's zone.tab: a country's zone and its main place (WGS-84 degrees)."""

    country: str
    name: str
    lon: float
    lat: float


def country_of(
    centre: tuple[float, float],
    boundaries: Sequence[Mapping[str, str]],
    places: Iterable[Place],
) -> tuple[str, Surety]:
    """The country's two letters, and what says so.

    ``boundaries`` are the tags of the county's boundary and of those around it, then come the
    addresses. Where neither speaks it is a guess: the country of the nearest place that names a
    time zone, and among the Chinese-writing ones the mainland where signs are in its characters.
    """
    known = {zone.country for zone in zones()}
    for tags in boundaries:
        for key in _CODES:
            code = tags.get(key, "").strip()[:2].upper()
            if code in known:
                return code, "boundary"
    said = Counter(place.tags.get("addr:country", "").strip().upper() for place in places)
    spoken = [(-count, code) for code, count in said.items() if code in known]
    if spoken:
        return min(spoken)[1], "addresses"
    guess = _nearest(list(zones()), centre).country
    if guess in _BY_SCRIPT:
        text = Counter(char for place in places for char in place.tags.get("name", ""))
        simplified = sum(text[char] for char in _SIMPLIFIED)
        if simplified > sum(text[char] for char in _TRADITIONAL):
            guess = "CN"
    return guess, "guess"


def timezone_of(country: str, centre: tuple[float, float]) -> str:
    """The zone of ``country`` whose main place is nearest to ``centre``; UTC for no country."""
    if country in _ONE_ZONE:
        return _ONE_ZONE[country]
    own = [zone for zone in zones() if zone.country == country]
    return _nearest(own, centre).name if own else "UTC"


@cache
def zones() -> tuple[Zone, ...]:
    """The zones of tz's zone.tab (public domain), as the package tzdata carries it."""
    text = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, place, name = line.split("\t")[:3]
            lat, lon = re.findall(r"[+-]\d+", place)
            found.append(Zone(country, name, _degrees(lon, 3), _degrees(lat, 2)))
    return tuple(found)


def _degrees(text: str, digits: int) -> float:
    """±DDMM or ±DDMMSS (``digits`` of degrees) as degrees."""
    sign, number = (-1 if text[0] == "-" else 1), text[1:]
    minutes, seconds = number[digits : digits + 2], number[digits + 2 :] or "0"
    return sign * (int(number[:digits]) + int(minutes) / 60 + int(seconds) / 3600)


def _nearest(among: Sequence[Zone], centre: tuple[float, float]) -> Zone:
    lon, lat = np.array([zone.lon for zone in among]), np.array([zone.lat for zone in among])
    return among[int(np.argmin(haversine_m(lon, lat, *centre)))]
