"""Stations of an OSM extract: what it holds that serves a rider, as the rows of a ledger."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from locator.errors import HoursError
from locator.starter.extract import Place
from locator.starter.found import Found, entry_for, feature, keys_of, names, objection, once_each
from locator.starter.offers import Offer, Offers, load_offers
from locator.stations.hours import normalise_hours
from locator.streets.graph import StreetGraph
from locator.streets.snap import snap

#: Of use to whoever keeps the ledger (riders see none of it), and the values that say nothing.
_NOTED = {
    "fee": ("no",),
    "charge": (),
    "access": ("yes", "public", "permissive"),
    "seasonal": ("no", "all_year"),
}
_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def stations(
    places: Sequence[Place],
    *,
    code: str,
    country: str,
    as_of: date | None = None,
    streets: StreetGraph | None = None,
) -> Found:
    """The stations among ``places`` by the mapping of ``offers.toml``.

    Every place with an amenity, and every other that the mapping names, is either a feature or
    counted by the reason why not. A feature's properties are the columns of a ledger, with the id
    ``code-n123``; hours go in as they were written. ``as_of`` is the day on which the extract is
    read: what opens later is planned, what ended before is closed. With ``streets``, what nobody
    can ride to (farther from any street than 300 m) is passed over, and things without a name are
    told apart by the street beside them.
    """
    said = load_offers()
    chosen: list[tuple[Place, Offer]] = []
    passed_over: Counter[str] = Counter()
    keys = keys_of((*said.offers, *said.passed_over)) | {"amenity"}
    for place in places:
        if keys.isdisjoint(place.tags):
            continue
        offer = entry_for(said.offers, place.tags)
        reason = _reason(place, offer, said, as_of)
        if offer is not None and reason is None:
            chosen.append((place, offer))
        elif reason is not None:
            passed_over[reason] += 1
    if streets is not None and chosen:
        lon, lat = ([getattr(place, axis) for place, _ in chosen] for axis in ("lon", "lat"))
        beside = snap(streets, lon, lat).edge >= 0
        passed_over["off_road"] += int((~beside).sum())
        chosen = [pair for pair, near in zip(chosen, beside, strict=True) if near]
    alike = [said.offers.index(offer) for _, offer in chosen]
    kept = [chosen[at] for at in once_each([place for place, _ in chosen], alike)]
    if len(kept) < len(chosen):
        passed_over["same_place"] = len(chosen) - len(kept)
    called = names([place for place, _ in kept], [offer.unnamed for _, offer in kept], streets)
    features = [
        feature(place, _columns(place, offer, said, code, country, as_of, name))
        for (place, offer), name in zip(kept, called, strict=True)
    ]
    return Found(
        features=features,
        taken=Counter(offer.kind for _, offer in kept),
        passed_over=+passed_over,
        hours=Counter(_hours_state(each["properties"].get("hours")) for each in features),
    )


def kinds_used(features: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The tables ``[kinds.*]`` that a county with these stations needs, in the mapping's order."""
    used = {each["properties"]["kind"] for each in features}
    return {
        code: kind.model_dump(exclude_defaults=True)
        for code, kind in load_offers().kinds.items()
        if code in used
    }


def _reason(place: Place, offer: Offer | None, said: Offers, as_of: date | None) -> str | None:
    """Why a place is passed over; None of one that is taken, or was never looked at."""
    tags = place.tags
    if offer is None:
        because = next((each for each in said.passed_over if each.holds(tags)), None)
        return because.reason if because else "other" if "amenity" in tags else None
    if as_of is not None and (ended := _day(tags.get("end_date"))) and ended < as_of:
        return "closed"
    reason = objection(offer, place, said.left_out)
    if reason is None and offer.stated and not _services(offer, tags, said):
        return "nothing_stated"
    return reason


def _columns(
    place: Place,
    offer: Offer,
    said: Offers,
    code: str,
    country: str,
    as_of: date | None,
    name: str,
) -> dict[str, Any]:
    """The columns of a ledger that a place fills."""
    tags = place.tags
    hours, doubt = _hours(tags)
    # `fee` is free text: anything but a plain "no" leaves the way in unknown.
    free = offer.entry == "free" and tags.get("fee", "no") == "no"
    notes = [f"{key}={tags[key]}" for key in _NOTED if key in tags and tags[key] not in _NOTED[key]]
    seats = tags.get("seats", "")
    return {
        "id": f"{code}-{place.ref}",
        "county": code,
        "kind": offer.kind,
        "name": name,
        "township": tags.get("addr:township") or tags.get("addr:subdistrict"),
        "address": _address(tags, country),
        "host": tags.get("operator"),
        "phone": next(
            (tags[key] for key in ("phone", "contact:phone", "contact:mobile") if key in tags), None
        ),
        "services": _services(offer, tags, said),
        "hours": hours,
        "entry": "free" if free else None,
        "seats": int(seats) if seats.isascii() and seats.isdecimal() else None,
        "status": _status(tags, said, as_of),
        "verified_on": tags.get("check_date") or tags.get("survey:date"),
        "provenance": "osm",
        "note": "; ".join(notes + doubt) or None,
    }


def _services(offer: Offer, tags: Mapping[str, str], said: Offers) -> list[str]:
    holding = [each for each in said.stated if each.holds(tags)]
    lacking = {service for each in holding for service in each.without}
    stated = [service for each in holding for service in each.services]
    return [each for each in dict.fromkeys([*offer.services, *stated]) if each not in lacking]


def _hours(tags: Mapping[str, str]) -> tuple[str | None, list[str]]:
    """The hours as written; of a thing that is there for a season only, if they say which one.

    A tap that is turned off in winter is not there 24/7, whatever its hours say; they become a
    note, and the hours unknown.
    """
    hours = tags.get("opening_hours")
    seasonal = tags.get("seasonal", "no") not in _NOTED["seasonal"]
    if hours and seasonal and not _MONTH.search(hours):
        return None, [f"opening_hours={hours}"]
    return hours, []


def _hours_state(hours: str | None) -> str:
    try:
        return "unknown" if normalise_hours(hours) is None else "known"
    except HoursError:
        return "unreadable"


def _status(tags: Mapping[str, str], said: Offers, as_of: date | None) -> str:
    if as_of is not None and (begins := _day(tags.get("start_date"))) and begins > as_of:
        return "planned"
    return next((each.status for each in said.status if each.holds(tags)), "open")


def _day(text: str | None) -> date | None:
    """The first day of ``2027``, ``2027-03`` or ``2027-03-01``; None of all else."""
    found = _DATE.fullmatch(text.strip()) if text else None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
    except ValueError:
        return None


def _address(tags: Mapping[str, str], country: str) -> str | None:
    """The address in the order of the country: from the province down in China."""

    def said(*keys: str) -> str:
        return next((text for key in keys if (text := tags.get(f"addr:{key}", "").strip())), "")

    if country != "CN":
        street = " ".join(filter(None, (said("street", "place"), said("housenumber"))))
        parts = [said("full") or street or said("housename"), _floor(tags, "level {}")]
        return ", ".join(filter(None, parts)) or None
    number = said("housenumber")
    parts = [
        said("province", "state"),
        said("city"),
        said("district", "county"),
        said("township", "subdistrict", "town"),
        said("street", "place"),
        f"{number}号" if number.isdecimal() else number,
        said("housename"),
    ]
    whole = said("full") or "".join(dict.fromkeys(filter(None, parts)))
    return whole + _floor(tags, "{}层") or None


def _floor(tags: Mapping[str, str], words: str) -> str:
    """The floor where it is another than the ground's; the ground's is 0 in OSM, 1 in China."""
    level = tags.get("level", "")
    if not re.fullmatch(r"-?\d{1,3}", level) or int(level) == 0:
        return ""
    if words != "{}层":
        return words.format(int(level))
    return f"{int(level) + 1}层" if int(level) > 0 else f"地下{-int(level)}层"
