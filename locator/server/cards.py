"""A station as its card says it: words, hours and links, ready to be put into a page."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from locator.county import ENTRY_ZH
from locator.outputs.links import Link, marker_link, navigation_links
from locator.outputs.words import one_line
from locator.release.publish import MANIFEST, Release
from locator.server.icons import known_icon
from locator.server.words import Language
from locator.stations.hours import week_text

#: The name under which map apps count our links.
LINK_SOURCE = "yizhangtu"
#: In pinyin letters and figures are typed, and nothing else.
_NOT_HEARD = re.compile(r"[^a-z0-9]")
_BEYOND_ASCII = re.compile(r"(?:%[89A-F][0-9A-F])+")


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
    stop: bool
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
    entry_code: str | None
    seats: int | None
    sockets: int | None
    verified_on: str | None
    awards: tuple[str, ...]
    provenance: str
    heard: tuple[str, ...]
    ride: Link
    ebike: Link
    others: tuple[Link, ...]
    place_url: str

    @property
    def illustrative(self) -> bool:
        """Whether the station is made up: there is none on site."""
        return self.provenance == "illustrative"

    @property
    def barred(self) -> bool:
        """Whether one is known to need more than an open door to get in: a code, a face, a bell."""
        return self.entry_code not in (None, "free")

    @property
    def copy_text(self) -> str:
        """What "copy the address" puts on the clipboard."""
        return " ".join(part for part in (self.name, self.address) if part)

    @property
    def point(self) -> str:
        """Where it is in GCJ-02, as map apps take it: longitude, latitude."""
        return ",".join(parse_qs(urlsplit(self.ride.url).query)["to"][0].split(",")[:2])

    @property
    def ride_readable(self) -> str:
        """The link to ride there with its letters beyond ASCII as they are, which a browser encodes
        by itself: beside the name in the page they cost next to nothing to send."""
        return _BEYOND_ASCII.sub(lambda found: unquote(found[0]), self.ride.url)

    @property
    def hours_line(self) -> str:
        """The hours of the week in one line."""
        return " · ".join(f"{days} {times}" for days, times in self.hours)

    @property
    def heard_text(self) -> str:
        """What the search looks through beside the words of the short card: the host, names and
        places as pinyin and as its initials, and what people call its kind and services."""
        spoken = [part for part in (self.name, self.township, self.address) if part]
        parts = (self.host, *_pinyin(spoken), *self.heard)
        return " ".join(part for part in parts if part).lower()

    @property
    def search_text(self) -> str:
        """What the search looks through."""
        parts = (self.name, self.kind_name, self.township, self.address)
        services = [service.name for service in self.services]
        said = " ".join(part for part in (*parts, *services) if part).lower()
        return f"{said} {self.heard_text}"


@dataclass(frozen=True, slots=True)
class CountyCards:
    """The cards of a release in one language, and the choices that its filters offer."""

    cards: tuple[Card, ...]
    kinds: tuple[tuple[str, str, str], ...]
    services: tuple[tuple[str, str, str], ...]

    @property
    def power(self) -> bool:
        """Whether an empty battery can be charged at one station and swapped at another."""
        return {"ebike_charging", "battery_swap"} <= {code for code, _, _ in self.services}

    @property
    def faceless(self) -> bool:
        """Whether some doors want a face and others are known to want none."""
        ways = {card.entry_code for card in self.cards} - {None}
        return "face" in ways and len(ways) > 1

    @property
    def offered(self) -> dict[str, int]:
        """Where each service stands in the list of them, by which the short cards name it."""
        return {code: at for at, (code, _, _) in enumerate(self.services)}

    def without(self, manifest: Mapping[str, Any]) -> frozenset[str]:
        """The drawings of kinds and services that no station here is or has."""
        drawn = {drawing for table in (self.kinds, self.services) for _, _, drawing in table}
        every = {known_icon(said.get("icon") or code)
                 for table in ("kinds", "services")
                 for code, said in manifest[table].items()}  # fmt: skip
        return frozenset(every - drawn)

    def find(self, station_id: str) -> Card | None:
        """The card of one station."""
        return next((card for card in self.cards if card.id == station_id), None)


def county_cards(release: Release, lang: Language) -> CountyCards:
    """The cards of ``release``; a release never changes, so they are made once and kept."""
    return _county_cards(release.path, lang)


@lru_cache(maxsize=16)
def _county_cards(folder: Path, lang: Language) -> CountyCards:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    table = json.loads((folder / "public/stations.geojson").read_text("utf-8"))
    every = [_card(feature, manifest, lang) for feature in table["features"]]
    cards = tuple(sorted(every, key=lambda card: not card.stop))  # where one can rest comes first
    of_kind = Counter((card.kind, card.kind_name, card.kind_icon, card.stop) for card in cards)
    kinds = sorted(of_kind, key=lambda kind: (not kind[3], -of_kind[kind]))
    counts: dict[tuple[str, str, str], int] = {}
    for card in cards:
        for service in card.services:
            choice = (service.code, service.name, service.icon)
            counts[choice] = counts.get(choice, 0) + 1
    return CountyCards(
        cards,
        tuple(kind[:3] for kind in kinds),
        tuple(sorted(counts, key=lambda each: -counts[each])),
    )


def _card(feature: Mapping[str, Any], manifest: Mapping[str, Any], lang: Language) -> Card:
    lon, lat = feature["geometry"]["coordinates"]
    said = feature["properties"]
    name = one_line(said["name"]) or said["id"]
    kind_name, kind_icon = _words(manifest, "kinds", said["kind"], lang)
    ebike, ride, *others = navigation_links(lon, lat, name, src=LINK_SOURCE)
    return Card(
        id=said["id"],
        name=name,
        kind=said["kind"],
        kind_name=kind_name,
        kind_icon=kind_icon,
        stop=manifest["kinds"].get(said["kind"], {}).get("stop", True),
        lon=lon,
        lat=lat,
        township=_text(said["township"]),
        address=_text(said["address"]),
        host=_text(said["host"]),
        phone=_text(said["phone"]),
        phone_link=_dialled(said["phone"]),
        status=said["status"],
        services=tuple(
            _service(code, said["service_hours"] or {}, manifest, lang) for code in said["services"]
        ),
        hours=tuple(week_text(said["hours"], lang=lang)) if said["hours"] else (),
        entry=_entry(said["entry"], lang),
        entry_code=said["entry"],
        seats=said["seats"],
        sockets=said["sockets"],
        verified_on=said["verified_on"],
        awards=tuple(one_line(award) for award in said["awards"]),
        provenance=said["provenance"] or "ledger",
        heard=_heard(said["kind"], said["services"], manifest),
        ride=ride,
        ebike=ebike,
        others=tuple(others),
        place_url=marker_link(lon, lat, name, src=LINK_SOURCE),
    )


def _service(
    code: str, own_hours: Mapping[str, str], manifest: Mapping[str, Any], lang: Language
) -> ServiceLine:
    name, drawing = _words(manifest, "services", code, lang)
    hours = tuple(week_text(own_hours[code], lang=lang)) if code in own_hours else ()
    return ServiceLine(code, name, drawing, hours)


def _words(manifest: Mapping[str, Any], table: str, code: str, lang: Language) -> tuple[str, str]:
    """(name, icon) of a kind or service: the county's own words; an unknown code names itself."""
    said = manifest[table].get(code, {})
    return said.get(lang) or code, known_icon(said.get("icon") or code)


def _heard(kind: str, services: list[str], manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """What people call a station's kind and services beside their names, each word once."""
    said = [manifest["kinds"].get(kind, {})]
    said += [manifest["services"].get(code, {}) for code in services]
    return tuple(dict.fromkeys(word for each in said for word in each.get("heard", ())))


def _text(value: str | None) -> str | None:
    return one_line(value) or None if value else None


def _dialled(phone: str | None) -> str:
    return "".join(sign for sign in phone or "" if sign in "+0123456789")


def _pinyin(texts: list[str]) -> list[str]:
    """The pinyin of texts, and its initials: 鼓楼 is found by gulou and by gl."""
    from pypinyin import Style, lazy_pinyin  # half a second of dictionaries

    heard = [[lazy_pinyin(text, style=style) for style in (Style.NORMAL, Style.FIRST_LETTER)]
             for text in texts]  # fmt: skip
    return [_NOT_HEARD.sub("", "".join(syllables)) for pair in heard for syllables in pair]


def _entry(code: str | None, lang: Language) -> str | None:
    if not code:
        return None
    return ENTRY_ZH.get(code, code) if lang == "zh" else code.replace("_", " ")
