"""One question to siting and its answer: what to do, for how much, and what each yuan gains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.demand import Demand
from locator.coverage.siting.actions import Action, Aim, actions_of
from locator.coverage.siting.candidates import Candidates
from locator.coverage.siting.exact import Choice, another, best_choice, cheapest_alike
from locator.coverage.siting.options import Options, options_of, problem_of
from locator.coverage.siting.places import Places, places_of
from locator.coverage.siting.problem import SAME, Ints, Problem
from locator.coverage.study import Study
from locator.coverage.supply import Supply, covered, supply_of_offers
from locator.errors import UsageError
from locator.streets.access import Access, access_matrix
from locator.streets.snap import Snap, snap

#: The curve of gain against spend has so many points at most.
CURVE_POINTS = 8


@dataclass(frozen=True)
class Question:
    """At most so many ``actions``, or a ``budget`` in yuan a year: one of them is given."""

    aim: Aim
    actions: int | None = None
    budget: float | None = None

    def __post_init__(self) -> None:
        if (self.actions is None) == (self.budget is None):
            raise UsageError("件数和预算给一样 / give either a number of actions or a budget.")
        if (self.actions or 0) < 0 or not 0 <= (self.budget or 0) < np.inf:
            raise UsageError(
                "件数和预算都不能小于 0 / a number of actions or a budget is 0 or more."
            )

    def answer(self, problem: Problem) -> Choice:
        """The best choice; of those within a number of actions that gain the same, the cheapest."""
        choice = best_choice(*self.asked_of(problem))
        if self.actions is None:
            return choice
        return cheapest_alike(problem, float(self.actions), choice)

    def asked_of(self, problem: Problem) -> tuple[Problem, float]:
        """The problem and the limit with which the searches take this question."""
        if self.actions is not None:
            return problem.counted(), float(self.actions)
        return problem, float(self.budget or 0.0)


@dataclass(frozen=True)
class Case:
    """A county whose coverage is known, and its candidate sites."""

    county: County
    found: Study
    sites: Candidates

    @property
    def demand(self) -> Demand:
        """The riders."""
        return self.found.demand

    @property
    def reach_min(self) -> float:
        """The time limit in minutes."""
        return self.found.coverage.reach_min

    @property
    def supply(self) -> Supply:
        """What the stations offer today."""
        return self.found.coverage.supply

    @cached_property
    def places(self) -> Places:
        """Which sites are stations, and which are places of their own."""
        return places_of(self.sites.sites, self.found.ground.stations, self.supply.offers)

    @property
    def left_out(self) -> dict[str, list[str]]:
        """The sites of which nothing is made: reason (`LEFT_OUT`) → ids."""
        return {**self.sites.left_out, **self.places.left_out}

    @cached_property
    def site_doors(self) -> Snap:
        """Where the sites meet the streets."""
        lon = [site.lon for site in self.sites.sites]
        lat = [site.lat for site in self.sites.sites]
        streets = self.county.streets
        return snap(self.found.streets, lon, lat, streets.snap_max_m, streets.snap_kmh)

    @cached_property
    def _reached(self) -> dict[float, Reached]:
        return {}

    def reached(self, speed: float) -> Reached:
        """Who reaches what at ``speed`` times the speed; found once."""
        if speed in self._reached:
            return self._reached[speed]
        ground, streets = self.found.ground, self.found.streets
        if speed != 1.0:
            scaled = np.floor(streets.edge_time_ds / speed + 0.5)
            streets = replace(streets, edge_time_ds=np.maximum(1, scaled).astype(np.int32))
        parking_s = self.county.streets.parking_s
        sites = access_matrix(streets, ground.cells, self.site_doors, parking_s=parking_s)
        stations, today = ground.access, self.found.coverage.covered
        if speed != 1.0:
            stations = access_matrix(streets, ground.cells, ground.doors, parking_s=parking_s)
            today = covered(stations.matrix, self.supply, self.reach_min)
        self._reached[speed] = Reached(stations, sites, today)
        return self._reached[speed]

    def seen(self, actions: Sequence[Action], aim: Aim, speed: float = 1.0) -> Seen:
        """Whom the actions would cover, and today's coverage, at ``speed`` times the speed."""
        stations, sites, today = self.reached(speed)
        ids = self.found.ground.stations["id"].tolist()
        names = [site.id for site in self.sites.sites]
        options = options_of(
            actions, ids, stations, names, sites, self.offered(actions), aim, self.reach_min
        )
        return Seen(options, today)

    @cached_property
    def _offered(self) -> dict[tuple[str, ...], Supply]:
        return {}

    def offered(self, actions: Sequence[Action]) -> Supply:
        """What the actions would offer, hour by hour; found once."""
        named = tuple(action.id for action in actions)
        if named not in self._offered:
            offers = [action.offer for action in actions]
            self._offered[named] = supply_of_offers(offers, self.county, self.supply.calendar.dates)
        return self._offered[named]


class Reached(NamedTuple):
    """Times to the stations and to the sites, and today's coverage (services × 48 × cells)."""

    stations: Access
    sites: Access
    covered: NDArray[np.bool_]


@dataclass(frozen=True)
class Seen:
    """Options, and today's coverage (services × 48 × cells)."""

    options: Options
    covered: NDArray[np.bool_]


@dataclass(frozen=True)
class Point:
    """A point of the curve: the most that a budget of ``spend`` yuan a year gains."""

    spend: float
    gain: float
    actions: int
    proven: bool


@dataclass(frozen=True)
class Plan:
    """The answer. ``order`` are the chosen options, those that gain most by themselves first.

    ``problem`` has the true costs; ``tie`` is another choice that gains the same, if one was found.
    """

    case: Case
    question: Question
    seen: Seen
    problem: Problem
    choice: Choice
    order: Ints
    tie: Ints | None
    curve: tuple[Point, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions that are recommended, in order."""
        return tuple(self.seen.options.actions[j] for j in self.order)

    @property
    def cost(self) -> float:
        """What they cost together, in yuan a year."""
        return float(self.problem.cost[self.order].sum())


def plan(case: Case, question: Question) -> Plan:
    """The best actions for a question. Of what cannot be asked (no demand) the gain is 0."""
    seen, problem = considered(case, question.aim)
    asked, limit = question.asked_of(problem)
    choice = question.answer(problem)
    return Plan(
        case, question, seen, problem, choice, in_order(problem, choice.chosen),
        another(asked, limit, choice), _curve(problem),
    )  # fmt: skip


def every_action(case: Case, aim: Aim) -> list[Action]:
    """All that may be done for an aim."""
    return actions_of(
        case.county, case.found.ground.stations, case.supply.offers, case.places,
        case.supply.calendar, aim,
    )  # fmt: skip


def considered(case: Case, aim: Aim) -> tuple[Seen, Problem]:
    """Every action, and what there is to gain."""
    seen = case.seen(every_action(case, aim), aim)
    return seen, problem_of(seen.options, case.demand, seen.covered, case.county, aim)


def in_order(problem: Problem, chosen: Ints) -> Ints:
    """Options, those that gain most by themselves first."""
    alone = np.array([problem.gain([j]) for j in chosen])
    return np.asarray(chosen[np.lexsort((chosen, -alone))], dtype=np.int64)


def _curve(problem: Problem) -> tuple[Point, ...]:
    """The best for budgets that are evenly spread up to what all that can be had costs."""
    most = best_choice(problem, float(problem.cost.sum()))
    whole = float(problem.cost[most.chosen].sum())
    points = [Point(0.0, 0.0, 0, True)]
    for part in range(1, CURVE_POINTS + 1):
        choice = most if part == CURVE_POINTS else best_choice(problem, whole * part / CURVE_POINTS)
        if choice.gain <= points[-1].gain * (1 + SAME):
            continue
        cost = float(problem.cost[choice.chosen].sum())
        points.append(Point(cost, choice.gain, len(choice.chosen), choice.status == "optimal"))
    return tuple(points)


def concave(points: Sequence[Point]) -> bool:
    """Whether each yuan more gains less than the one before, all along the curve."""
    slopes = [
        (after.gain - before.gain) / max(after.spend - before.spend, SAME)
        for before, after in pairwise(points)
    ]
    return all(b <= a * (1 + SAME) for a, b in pairwise(slopes))


def cheapest(plan_: Plan) -> tuple[Action, float] | None:
    """The cheapest action that gains anything, and its cost."""
    alone = np.asarray(plan_.problem.items_of.T @ plan_.problem.weight)
    useful = np.flatnonzero(alone > 0)
    if len(useful) == 0:
        return None
    best = useful[np.lexsort((useful, -alone[useful], plan_.problem.cost[useful]))][0]
    return plan_.seen.options.actions[best], float(plan_.problem.cost[best])
