"""Where the code on a printed sign leads: one light page without a script.

Whoever scans it stands before a door, often inside WeChat and with two bars of signal. The page
says what this door is and whether it is open, and leads there in one tap; where the station is
shut, or is gone while its sign still hangs, it says so and leads to the nearest that is open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, render_template, request

from locator.errors import ReleaseError
from locator.geo.crs import bearing_deg, haversine_m
from locator.outputs.lineage import listed_on, rider_notices
from locator.outputs.links import Link
from locator.release.publish import Release
from locator.server import published
from locator.server.cards import Card, county_cards
from locator.server.former import Former, former_station
from locator.server.icons import icon_names, sprite
from locator.server.moments import (
    Door,
    State,
    distance_text,
    doors,
    state_of,
    today_text,
)
from locator.server.public import STATION_ID
from locator.server.words import Language, language, say

pages = Blueprint("go", __name__)

#: A state of a minute ago misleads nobody, and a busy sign is answered from near by.
_CACHE = "max-age=60"
#: How many other stations are offered.
NEAREST = 3
#: Of the straight line a ride makes this much a minute: 15 km/h over streets that are 1.4 times as
#: long. Open means on arrival and for so many minutes more. Both as on the rider's page.
_STRAIGHT_M_PER_MIN, _STAY_MIN = 15_000 / 60 / 1.4, 10
_WECHAT = re.compile("MicroMessenger", re.IGNORECASE)
#: Pages within other apps: on Android the engine says so, on iOS the sign of every browser lacks.
_IN_APP = re.compile(r"; wv\)|^(?!.*Safari).*(?:iPhone|iPad|iPod)")
_IOS = re.compile("iPhone|iPad|iPod")
_PHONE = re.compile("Android|iPhone|iPad|iPod|HarmonyOS|OpenHarmony", re.IGNORECASE)
#: What the page draws beside the services, which it leaves out, and the kinds.
_DRAWN = {"mark", "navigate", "next", "clock", "door", "place", "phone", "number", "verified",
          "wrong", "state_open", "state_closing", "state_closed", "state_unknown"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ways:
    """How to get to a station on this device: ``url`` first, by the app ``by``; then the others.

    ``fallback`` is for where the first does not answer.
    """

    url: str
    by: str
    fallback: Link | None
    others: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Another station, as the page offers it: ``way`` says where it lies from the sign's own."""

    card: Card
    state: State
    way: str
    url: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """The stations offered; ``reached`` where they are open on arrival, else merely the nearest."""

    stations: tuple[Near, ...]
    reached: bool


@pages.get("/go/<station_id>")
def page(station_id: str) -> Response:
    """A station by the number on its sign: never an address, and never leading elsewhere."""
    lang = language()
    if not STATION_ID.fullmatch(station_id):
        abort(404)
    try:
        found = published.station(station_id, lang)
        former = None if found else former_station(station_id, lang)
    except ReleaseError:
        # It may be in the list that cannot be read, unless its own county's list can.
        found, former = None, former_station(station_id, lang)
        if former is None:
            raise
    if found is not None:
        text = _present(*found, lang)
    elif former is not None:
        text = _gone(former, lang)
    else:
        abort(404)
    answer = make_response(text)
    answer.headers["Cache-Control"] = _CACHE
    answer.vary.add("User-Agent")
    return answer


def _present(release: Release, card: Card, lang: Language) -> str:
    now, zone = _clock(release)
    every = doors(release, now)
    door = every[card.id]
    state = state_of(door, now, zone, lang)
    return _page(
        release,
        card,
        lang,
        state=state,
        today=today_text(door, now, zone, lang),
        in_service=door.status == "open",
        nearest=_nearest(release, card, every, lang) if state.code == "closed" else None,
    )


def _gone(former: Former, lang: Language) -> str:
    now, _ = _clock(former.release)
    nearest = _nearest(former.release, former.card, doors(former.release, now), lang)
    return _page(former.release, former.card, lang, former=former, nearest=nearest)


def _page(release: Release, card: Card, lang: Language, **said: object) -> str:
    now, zone = _clock(release)
    agent = request.headers.get("User-Agent", "")
    device = device_of(agent)
    return render_template(
        "go.html",
        county=release.county,
        attribution=release.manifest.get("attribution") or "",
        listed_on=listed_on(release.manifest),
        notices=rider_notices(release.manifest, lang),
        sprite=sprite(icon_names() - _DRAWN - {card.kind_icon}),
        card=card,
        clock=now.astimezone(zone).strftime("%H:%M"),
        device=device,
        ways=_ways(card, device, lang, ios=bool(_IOS.search(agent))),
        **said,
    )


def _clock(release: Release) -> tuple[datetime, ZoneInfo]:
    return published.settings().now(), ZoneInfo(release.county["timezone"])


def _nearest(release: Release, card: Card, every: dict[str, Door], lang: Language) -> Nearest:
    """The stations nearest to ``card`` in a straight line that are open when one gets there.

    Where none is, the nearest whatever they are: their states say when they open.
    """
    now, zone = _clock(release)
    device = device_of(request.headers.get("User-Agent", ""))
    others = [
        each
        for each in county_cards(release, lang).cards
        if each.stop and each.status == "open" and each.id != card.id
    ]
    lon, lat = [each.lon for each in others], [each.lat for each in others]
    metres = haversine_m(card.lon, card.lat, lon, lat).tolist()
    bearings = bearing_deg(card.lon, card.lat, lon, lat).tolist()
    ranked = sorted(zip(metres, bearings, others, strict=True), key=lambda row: row[0])
    minute = now.timestamp() / 60
    reached = [
        row for row in ranked if _open_at(every[row[2].id], minute + row[0] / _STRAIGHT_M_PER_MIN)
    ]
    offered = (reached or ranked)[:NEAREST]
    return Nearest(
        tuple(
            Near(
                card=each,
                state=state_of(every[each.id], now, zone, lang),
                way=say(f"compass_{round(bearing / 45) % 8}", lang, far=distance_text(far, lang)),
                url=_ways(each, device, lang).url,
            )
            for far, bearing, each in offered
        ),
        reached=bool(reached),
    )


def _open_at(door: Door, minute: float) -> bool:
    span = door.span_at(minute)
    return span is not None and span[1] >= minute + _STAY_MIN


def device_of(agent: str) -> str:
    """Where the page is read, as navigate.js tells it apart: wechat, inapp, phone or desktop."""
    if _WECHAT.search(agent):
        return "wechat"
    if _IN_APP.search(agent):
        return "inapp"
    return "phone" if _PHONE.search(agent) else "desktop"


def _ways(card: Card, device: str, lang: Language, *, ios: bool = False) -> Ways:
    # As navigate.js has it: the e-bike navigation answers in the app only; WeChat blocks it and
    # every call of an app, as other apps may; Amap's web page knows no riding on a computer, so the
    # place is shown. Apple's maps are on iOS alone.
    by = say(f"by_{device}", lang)
    others = tuple(link for link in card.others if ios or link.app != "apple")
    if device in {"wechat", "inapp"}:
        return Ways(_web_only(card.ride).url, by, None, tuple(map(_web_only, others)))
    if device == "phone":
        return Ways(card.ebike.url, by, card.ride, others)
    return Ways(card.place_url, by, None, (card.ride, *others))


def _web_only(link: Link) -> Link:
    url = link.url.replace("callnative=1", "callnative=0")
    return Link(link.app, link.label_zh, link.label_en, url, scheme=link.scheme)
