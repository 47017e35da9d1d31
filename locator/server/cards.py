"""A station as its card says it: words, hours and links, ready to be put into a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from locator.county import ENTRY_ZH
from locator.outputs.links import Link, marker_link, navigation_links
from locator.outputs.words import one_line, word
from locator.release.publish import Release
from locator.stations.hours import week_text

#: The name under which map apps count our links.
LINK_SOURCE = "yizhangtu"


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service of a station; ``hours`` are its own rows of (days, times), where they differ."""

    code: str
    name: str
    icon: str
    hours: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What one card says. Position in WGS-84; ``hours`` is empty where nobody knows them."""

    id: str
    name: str
    kind: str
    kind_name: str
    kind_icon: str
    lon: float
    lat: float
    township: str | None
    address: str | None
    host: str | None
    phone: str | None
    phone_link: str
    status: str
    services: tuple[ServiceLine, ...]
    hours: tuple[tuple[str, str], ...]
    entry: str | None
    seats: int | None
    sockets: int | None
    verified_on: str | None
    awards: tuple[str, ...]
    illustrative: bool
    ride: Link
    ebike: Link
    others: tuple[Link, ...]
    place_url: str

    @property
    def copy_text(self) -> str:
        """What "copy the address" puts on the clipboard."""
        return " ".join(part for part in (self.name, self.address) if part)

    @property
    def search_text(self) -> str:
        """What the search looks through."""
        services = [service.name for service in self.services]
        parts = (self.name, self.kind_name, self.township, self.address, self.host, *services)
        return " ".join(part for part in parts if part).lower()


@dataclass(frozen=True, slots=True)
class CountyCards:
    """The cards of a release in one language, and the choices that its filters offer."""

    cards: tuple[Card, ...]
    kinds: tuple[tuple[str, str, str], ...]
    services: tuple[tuple[str, str, str], ...]

    def find(self, station_id: str) -> Card | None:
        """The card of one station."""
        return next((card for card in self.cards if card.id == station_id), None)


def county_cards(release: Release, lang: str) -> CountyCards:
    """The cards of ``release``; a release never changes, so they are made once and kept."""
    return _county_cards(release.file("public/stations.geojson"), lang)


@lru_cache(maxsize=16)
def _county_cards(stations: Path, lang: str) -> CountyCards:
    features = json.loads(stations.read_text("utf-8"))["features"]
    cards = tuple(_card(feature, lang) for feature in features)
    kinds = {card.kind: (card.kind, card.kind_name, card.kind_icon) for card in cards}
    counts: dict[tuple[str, str, str], int] = {}
    for card in cards:
        for service in card.services:
            choice = (service.code, service.name, service.icon)
            counts[choice] = counts.get(choice, 0) + 1
    return CountyCards(
        cards, tuple(kinds.values()), tuple(sorted(counts, key=lambda each: -counts[each]))
    )


def _card(feature: Mapping[str, Any], lang: str) -> Card:
    lon, lat = feature["geometry"]["coordinates"]
    said = feature["properties"]
    name = one_line(said["name"])
    kind = word("kinds", said["kind"])
    own_hours = said.get("service_hours") or {}
    ebike, ride, *others = navigation_links(lon, lat, name, src=LINK_SOURCE)
    return Card(
        id=said["id"],
        name=name,
        kind=said["kind"],
        kind_name=getattr(kind, lang),
        kind_icon=said["kind"],
        lon=lon,
        lat=lat,
        township=_text(said.get("township")),
        address=_text(said.get("address")),
        host=_text(said.get("host")),
        phone=_text(said.get("phone")),
        phone_link=_dialled(said.get("phone")),
        status=said.get("status") or "open",
        services=tuple(
            ServiceLine(
                code,
                getattr(word("services", code), lang),
                code,
                tuple(week_text(own_hours[code], lang=lang)) if own_hours.get(code) else (),
            )
            for code in said["services"]
        ),
        hours=tuple(week_text(said["hours"], lang=lang)) if said.get("hours") else (),
        entry=_entry(said.get("entry"), lang),
        seats=said.get("seats"),
        sockets=said.get("sockets"),
        verified_on=said.get("verified_on"),
        awards=tuple(one_line(award) for award in said.get("awards") or ()),
        illustrative=said.get("provenance") == "illustrative",
        ride=ride,
        ebike=ebike,
        others=tuple(others),
        place_url=marker_link(lon, lat, name, src=LINK_SOURCE),
    )


def _text(value: str | None) -> str | None:
    return one_line(value) or None if value else None


def _dialled(phone: str | None) -> str:
    return "".join(sign for sign in phone or "" if sign in "+0123456789")


def _entry(code: str | None, lang: str) -> str | None:
    if not code:
        return None
    return ENTRY_ZH.get(code, code) if lang == "zh" else code.replace("_", " ")
