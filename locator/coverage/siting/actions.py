"""What a county may do, and what each action would cover: from its files to a problem.

Stations stay where they are; an action opens a stop at a candidate site, keeps a station open
longer, or has it offer one more service (or both at once). All actions at one place are a group:
at most one of them is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from locator.county import County
from locator.coverage.demand import DAYS, SLOTS, Demand
from locator.coverage.siting.candidates import Candidate
from locator.coverage.siting.hours import (
    ALL_DAY,
    LONGER,
    PER_WEEK,
    Spans,
    as_hours,
    as_scenario,
    hours_more,
    longer,
    spans_of,
)
from locator.coverage.siting.problem import Bools, Floats, Problem, merged_problem
from locator.coverage.supply import (
    ANY_STOP,
    DS_PER_MIN,
    Calendar,
    Offer,
    Supply,
    supply_of_offers,
)
from locator.geo.crs import haversine_m
from locator.streets.access import Access

Kind = Literal["open", "hours", "service"]
#: A site that is to open longer and lies this near a station is that station.
SAME_PLACE_M = 60.0
_STEPS = 10_000  # more than the longest ride in tenths of a second


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
        return np.array([float(PER_WEEK[SLOTS[slot][0]]) for slot in self.slots])


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
    candidates: Sequence[Candidate],
    calendar: Calendar,
    aim: Aim,
) -> list[Action]:
    """Every action, by place. ``offers`` are those of ``stations`` (WGS-84), in their order.

    A station whose hours nobody knows, or that is not in service, or is no stop, gets none: what
    it lacks is not more hours.
    """
    found: list[Action] = []
    places = zip(stations.geometry.x, stations.geometry.y, strict=True)
    at = dict(zip(stations["id"], places, strict=True))
    own_sites, sites = _of_stations(candidates, at)
    wanted = [code for code in aim.services if code != ANY_STOP]
    for name, offer in zip(stations["name"], offers, strict=True):
        if offer.in_service and offer.stop and all(offer.hours[day] for day in DAYS):
            where = (str(name), *at[offer.station])
            site = own_sites.get(offer.station)
            found += _at_station(county, offer, where, site, wanted, calendar)
    for site in sites:
        found += _at_site(county, site, calendar)
    return found


def _of_stations(
    candidates: Sequence[Candidate], at: dict[str, tuple[float, float]]
) -> tuple[dict[str, Candidate], list[Candidate]]:
    """Sites that are a station which is to open longer, by its id, and those that are not."""
    ids = list(at)
    lon, lat = np.array(list(at.values())).reshape(-1, 2).T
    own: dict[str, Candidate] = {}
    others = []
    for site in candidates:
        away = haversine_m(site.lon, site.lat, lon, lat)
        if len(ids) and "extend_hours_24h" in site.actions and away.min() <= SAME_PLACE_M:
            own.setdefault(ids[int(away.argmin())], site)
        else:
            others.append(site)
    return own, others


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
            changed = "" if spans is None else f"@{as_scenario(spans)}"
            added = f";*,{','.join(services)}" if services else ""
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
                    scenario=f"{offer.station}{changed}{added}",
                )
            )  # fmt: skip
    return found


def _at_site(county: County, site: Candidate, calendar: Calendar) -> list[Action]:
    found = []
    for code in site.actions:
        opening = county.openings[code]
        spans = spans_of(site.hours or opening.hours, calendar)
        services = tuple(s for s in county.clock_services if s in opening.services)
        open_zh, open_en = _hours_words(spans)
        place = f"+{site.lon:.6f},{site.lat:.6f}"
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
                scenario=f"{place}@{as_scenario(spans)};{','.join(services)}",
            )
        )  # fmt: skip
    return found


def _hours_words(spans: Spans) -> tuple[str, str]:
    if all(spans[day] == ALL_DAY for day in DAYS):
        return "全天开放", "day and night"
    hours = as_hours(spans)
    workday, dayoff = (hours[day].replace("off", "休息") for day in DAYS)
    if workday == dayoff:
        return f"每天 {workday}", f"every day {workday}"
    english = [hours[day].replace("off", "closed") for day in DAYS]
    return (
        f"工作日 {workday}，休息日 {dayoff}",
        f"on workdays {english[0]}, on days off {english[1]}",
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Options:
    """The actions as columns: who reaches them, and in which slots they would cover whom.

    ``entries`` (cells × actions) holds travel times within reach; ``offered`` (a row an entry) the
    slots of each service of the aim, service by service.
    """

    actions: tuple[Action, ...]
    entries: csr_array
    offered: Bools


def options_of(
    actions: Sequence[Action],
    stations: Sequence[str],
    access: Access,
    sites: Sequence[str],
    to_sites: Access,
    county: County,
    calendar: Calendar,
    aim: Aim,
    reach_min: float,
) -> Options:
    """Whom each action would cover; ``access`` is to ``stations``, ``to_sites`` to ``sites``."""
    columns = csr_array(hstack([access.matrix, to_sites.matrix], format="csc"))
    number = {place: at for at, place in enumerate([*stations, *sites])}
    times = columns.tocsc()[:, [number[action.place] for action in actions]]
    times.data[times.data > reach_min * DS_PER_MIN] = 0
    times.eliminate_zeros()
    entries = csr_array(times.tocsr())
    entries.sort_indices()
    supply = supply_of_offers([action.offer for action in actions], county, calendar.dates)
    return Options(tuple(actions), entries, _offered(entries, supply, aim))


def _offered(entries: csr_array, supply: Supply, aim: Aim) -> Bools:
    """What each entry covers, in the slots of the aim: entries × (services × slots)."""
    masks = supply.masks
    steps = np.repeat(np.arange(len(supply.offers)), np.diff(masks.start)) * _STEPS + masks.tau
    at = np.searchsorted(steps, entries.indices * _STEPS + entries.data, side="right") - 1
    octets = masks.words.astype("<u8").view(np.uint8)
    bits = np.unpackbits(octets, axis=1, bitorder="little")
    rows = [supply.services.index(code) for code in aim.services]
    columns = np.array([row * len(SLOTS) + slot for row in rows for slot in aim.slots], dtype=int)
    return np.asarray(bits[:, columns].astype(bool)[at])


def problem_of(
    options: Options,
    demand: Demand,
    covered: NDArray[np.bool_],
    county: County,
    aim: Aim,
) -> Problem:
    """What there is to gain: rider-hours a week that no station covers today.

    ``covered`` is today's coverage, services × 48 × cells, as `Coverage` has it.
    """
    services = (ANY_STOP, *county.clock_services)
    slots = list(aim.slots)
    weights = []
    for code in aim.services:
        need = np.array(
            [1.0 if code == ANY_STOP else county.services[code].need(SLOTS[s][1]) for s in slots]
        )
        missing = ~covered[services.index(code)][slots].T
        weights.append(demand.riders[:, slots] * missing * need * aim.weight)
    places = [action.place for action in options.actions]
    numbers = {place: at for at, place in enumerate(dict.fromkeys(places))}
    return merged_problem(
        options.entries,
        options.offered,
        np.concatenate(weights, axis=1),
        [action.cost for action in options.actions],
        [numbers[place] for place in places],
    )
