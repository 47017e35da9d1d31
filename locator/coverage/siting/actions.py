"""What a county may do.

Stations stay where they are; an action opens a stop at a candidate site, keeps a station open
longer, or has it offer one more service (or both at once). All actions at one place are a group:
at most one of them is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import geopandas as gpd

from locator.county import County
from locator.coverage.demand import DAYS, SLOTS
from locator.coverage.scenario import Item, print_scenario
from locator.coverage.siting.candidates import Candidate
from locator.coverage.siting.hours import (
    LONGER,
    Spans,
    as_hours,
    hours_more,
    hours_words,
    longer,
    scenario_hours,
    spans_of,
)
from locator.coverage.siting.places import Places, can_do_more
from locator.coverage.siting.problem import Floats
from locator.coverage.supply import ANY_STOP, Calendar, Offer
from locator.coverage.week import WEEK

Kind = Literal["open", "hours", "service"]


@dataclass(frozen=True)
class Aim:
    """What is to be covered: ``services`` (`ANY_STOP` or codes of the clock), in which slots.

    ``weight`` is by slot: how many of its hours a week has.
    """

    services: tuple[str, ...]
    slots: tuple[int, ...]

    @property
    def weight(self) -> Floats:
        """Hours a week, for each of the slots."""
        return WEEK[list(self.slots)]


@dataclass(frozen=True)
class Action:
    """One thing that may be done. ``cost`` is in yuan a year, ``stated`` says that a file told it.

    ``place`` is the id of the station or of the candidate site, ``offer`` what would be offered
    there, ``scenario`` the same as the planner's page writes a what-if.
    """

    id: str
    kind: Kind
    place: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    what_zh: str
    what_en: str
    cost: float
    stated: bool
    offer: Offer
    scenario: str


def aim_of(
    services: Sequence[str] = (),
    hours: Sequence[int] = tuple(range(24)),
    days: Sequence[str] = DAYS,
) -> Aim:
    """The aim in these hours (0–23) of these days; of any stop, if no service is named."""
    slots = tuple(at for at, (day, hour) in enumerate(SLOTS) if day in days and hour in hours)
    return Aim(tuple(services) or (ANY_STOP,), slots)


def actions_of(
    county: County,
    stations: gpd.GeoDataFrame,
    offers: Sequence[Offer],
    places: Places,
    calendar: Calendar,
    aim: Aim,
) -> list[Action]:
    """Every action, by place. ``offers`` are those of ``stations`` (WGS-84), in their order.

    A station that cannot do more (see `can_do_more`) gets none: what it lacks is not more hours.
    """
    found: list[Action] = []
    wanted = [code for code in aim.services if code != ANY_STOP]
    points = zip(stations.geometry.x, stations.geometry.y, strict=True)
    for name, (lon, lat), offer in zip(stations["name"], points, offers, strict=True):
        if can_do_more(offer):
            site = places.own.get(offer.station)
            found += _at_station(county, offer, (str(name), lon, lat), site, wanted, calendar)
    for site in places.others:
        found += _at_site(county, site, calendar)
    return found


def _at_station(
    county: County,
    offer: Offer,
    where: tuple[str, float, float],
    site: Candidate | None,
    wanted: Sequence[str],
    calendar: Calendar,
) -> list[Action]:
    hours = next(iter(offer.hours.values())) or ""
    today = spans_of(hours, calendar)
    lacking = [code for code in wanted if code not in offer.services]
    more: list[tuple[str, ...]] = [(), *((code,) for code in lacking)]
    if len(lacking) > 1:
        more.append(tuple(lacking))
    opened: list[tuple[str, Spans | None]] = [("", None), *longer(today).items()]
    found = []
    for code, spans in opened:
        for services in more:
            if spans is None and not services:
                continue
            cost = sum(
                county.costs.add_service.get(one, county.costs.other_service) for one in services
            )
            stated = code == "24h" and site is not None and site.cost is not None
            if spans is not None:
                by_hour = hours_more(today, spans) * county.costs.extend_hour
                cost += site.cost if stated and site and site.cost is not None else by_hour
            zh = "，".join(
                [*([LONGER[code][0]] if code else []),
                 *(f"增加{county.services[one].zh}" for one in services)]
            )  # fmt: skip
            en = ", ".join(
                [*([LONGER[code][1]] if code else []),
                 *(f"add {county.services[one].en.lower()}" for one in services)]
            )  # fmt: skip
            item = Item(
                "change",
                station=offer.station,
                hours=None if spans is None else scenario_hours(spans),
                services=["*", *services] if services else None,
            )
            found.append(
                Action(
                    id="+".join(filter(None, [offer.station, code, *services])),
                    kind="hours" if code else "service",
                    place=offer.station,
                    name_zh=where[0], name_en=where[0], lon=where[1], lat=where[2],
                    what_zh=zh, what_en=_sentence(en), cost=round(cost, 2), stated=stated,
                    offer=replace(
                        offer,
                        hours=offer.hours if spans is None else as_hours(spans),
                        services=(*offer.services, *services),
                    ),
                    scenario=print_scenario([item]),
                )
            )  # fmt: skip
    return found


def _at_site(county: County, site: Candidate, calendar: Calendar) -> list[Action]:
    found = []
    for code in site.actions:
        opening = county.openings[code]
        spans = spans_of(site.hours or opening.hours, calendar)
        services = tuple(s for s in county.clock_services if s in opening.services)
        open_zh, open_en = hours_words(spans)
        # Where nothing of the clock is offered, a door is: without a word it would be everything.
        offered = list(services) or [ANY_STOP]
        item = Item(
            "add", place=(site.lon, site.lat), hours=scenario_hours(spans), services=offered
        )
        # One cost in the file is for whatever is done there.
        cost = opening.cost if site.cost is None else site.cost
        found.append(
            Action(
                id=f"{site.id}+{code}",
                kind="open",
                place=site.id,
                name_zh=site.name, name_en=site.name, lon=site.lon, lat=site.lat,
                what_zh=f"{opening.zh}，{open_zh}", what_en=f"{_sentence(opening.en)}, {open_en}",
                cost=round(cost, 2), stated=site.cost is not None,
                offer=Offer(site.id, True, True, as_hours(spans), {}, services),
                scenario=print_scenario([item]),
            )
        )  # fmt: skip
    return found


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
