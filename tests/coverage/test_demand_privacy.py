"""Nobody can be picked out of the cells made from traces: on paper, then by attack."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import h3
import numpy as np
import pytest

from locator.coverage.demand.privacy import (
    LEVELS,
    ROUND_TO,
    SHARE,
    K,
    Presence,
    Published,
    merged,
    publish,
    rounded,
)

PARENT = h3.latlng_to_cell(31.46, 116.95, 7)
CHILDREN = sorted(h3.cell_to_children(PARENT, 8))
FAR = h3.latlng_to_cell(31.9, 117.6, 8)


def presence(*seen: tuple[int, str, int, float]) -> Presence:
    """From (rider, cell, slot, rider-hours)."""
    cells = sorted({cell for _, cell, _, _ in seen})
    rows = sorted((rider, cells.index(cell), slot, hours) for rider, cell, slot, hours in seen)
    rider, cell, slot, hours = (np.array(column) for column in zip(*rows, strict=True))
    return Presence(cells, rider, cell, slot, hours.astype(float))


def crowd(riders: range, cell: str, slot: int, hours: float = 2.0) -> list[tuple]:
    return [(rider, cell, slot, hours) for rider in riders]


def crowds(children: range, size: int) -> list[tuple]:
    """So many other riders in each of these cells."""
    return [row for at in children
            for row in crowd(range(at * 100, at * 100 + size), CHILDREN[at], 12)]  # fmt: skip


def shown(found: Published) -> dict[tuple[str, tuple[int, ...]], int | None]:
    return {(region.cell, region.slots): region.rider_hours for region in found.regions}


# --- on paper -------------------------------------------------------------------------------------


def test_ten_riders_show_and_nine_do_not():
    assert shown(publish(presence(*crowd(range(K), CHILDREN[0], 12)))) == {(CHILDREN[0], (12,)): 20}
    assert shown(publish(presence(*crowd(range(K - 1), CHILDREN[0], 12)))) == {}


def test_a_crowd_of_one_rider_does_not_show():
    busy = [(0, CHILDREN[0], 12, 8.0)]
    calm = crowd(range(1, 11), CHILDREN[0], 12)
    assert SHARE == 0.3
    assert SHARE > 8.0 / 28.0
    assert shown(publish(presence(*busy, *calm))) == {(CHILDREN[0], (12,)): 30}
    busy = [(0, CHILDREN[0], 12, 9.0)]  # 9 of 29 rider-hours
    assert shown(publish(presence(*busy, *calm))) == {}


def test_ten_riders_who_hardly_stop_are_not_shown_as_nobody():
    brief = crowd(range(K), CHILDREN[0], 12, 0.2)
    assert shown(publish(presence(*brief))) == {}
    assert shown(publish(presence(*brief), [(CHILDREN[0], (12,))])) == {(CHILDREN[0], (12,)): None}
    assert shown(publish(presence(*crowd(range(K), CHILDREN[0], 12, 0.5)))) == {
        (CHILDREN[0], (12,)): 5
    }
    # Together with the hour beside it, it is enough.
    more = crowd(range(K), CHILDREN[0], 13, 0.4)
    assert list(shown(publish(presence(*brief, *more)))) == [(CHILDREN[0], tuple(range(12, 18)))]


def test_small_cells_join_their_parent_and_none_is_lost():
    few = [*crowd(range(6), CHILDREN[0], 12), *crowd(range(6, 12), CHILDREN[3], 12)]
    found = publish(presence(*few))
    assert shown(found) == {(PARENT, (12,)): rounded(24)}
    assert (found.place == 1).all()


def test_a_parent_takes_its_parts_back_in_for_a_remainder_of_enough_riders_alone():
    many = crowd(range(30), CHILDREN[0], 12)
    one = crowd(range(30, 31), CHILDREN[1], 12, 1.0)
    some = [
        row for at in range(2, 7) for row in crowd(range(at * 100, at * 100 + 4), CHILDREN[at], 12)
    ]
    assert shown(publish(presence(*many, *one))) == {(CHILDREN[0], (12,)): 60}
    assert shown(publish(presence(*many, *some))) == {(PARENT, (12,)): 100}
    hint = [(rider, cell, slot, hours / 8) for rider, cell, slot, hours in some]  # 5 of 65
    assert shown(publish(presence(*many, *hint))) == {(CHILDREN[0], (12,)): 60}


def test_thin_hours_join_their_quarter_of_the_day():
    seen = [
        row for hour in (18, 19, 20, 21) for row in crowd(range(hour, hour + 4), CHILDREN[0], hour)
    ]
    night = crowd(range(3), CHILDREN[0], 3)
    assert shown(publish(presence(*seen))) == {}  # seven riders, whatever the hour
    seen += crowd(range(30, 36), CHILDREN[0], 22)
    assert shown(publish(presence(*seen, *night))) == {(CHILDREN[0], (18, 19, 20, 21, 22, 23)): 45}


def test_rounding():
    assert [rounded(h) for h in (0, 2.4, 2.5, 7.49, 7.5, 123)] == [0, 0, 5, 5, 10, 125]


def test_a_month_keeps_the_regions_of_the_month_before():
    many = crowd(range(30), CHILDREN[0], 12)
    few = [*crowd(range(6), CHILDREN[1], 12), *crowd(range(6, 12), CHILDREN[2], 12)]
    first = publish(presence(*crowd(range(6), CHILDREN[0], 12), *few))
    assert shown(first) == {(PARENT, (12,)): 35}
    kept = [(region.cell, region.slots) for region in first.regions]
    # The crowd would show by itself; then the parent's remainder would be the difference.
    assert shown(publish(presence(*many, *few), kept)) == {(PARENT, (12,)): 85}
    # And the other way round: what showed by itself never joins the parent.
    split = publish(presence(*many))
    kept = [(region.cell, region.slots) for region in split.regions]
    some = [
        row for at in range(1, 7) for row in crowd(range(at * 100, at * 100 + 9), CHILDREN[at], 12)
    ]
    assert shown(publish(presence(*many, *some), kept)) == {(CHILDREN[0], (12,)): 60}
    # Too few this month: left empty, and remembered for the month after.
    gone = publish(presence(*crowd(range(3), CHILDREN[0], 12)), kept)
    assert shown(gone) == {(CHILDREN[0], (12,)): None}


def test_keys_that_a_row_may_not_have_are_never_used():
    riders = np.arange(20)
    keys = np.array([[1] * 20, [-1] * 10 + [5] * 10])
    assert merged(keys, riders, np.ones(20)).tolist() == [0] * 20
    keys[0] = -1
    assert merged(keys, riders, np.ones(20)).tolist() == [-1] * 10 + [1] * 10


# --- by attack ------------------------------------------------------------------------------------


def town(rng: np.random.Generator) -> Presence:
    """A month of riders who each keep to a few places and hours; some go where nobody else does."""
    middle = h3.latlng_to_cell(31.46, 116.95, 8)
    near = np.array(sorted(h3.grid_disk(middle, 4)))
    far = np.array(sorted(h3.grid_ring(middle, 9)))
    weights = rng.dirichlet(np.full(len(near), 0.3))
    seen: dict[tuple[int, str, int], float] = {}
    for rider in range(int(rng.integers(20, 90))):
        places = rng.choice(near, size=3, p=weights).tolist()
        if rng.random() < 0.2:
            places.append(str(rng.choice(far)))
        for cell in places:
            for slot in rng.choice(48, size=int(rng.integers(1, 8))).tolist():
                seen[rider, cell, slot] = round(float(rng.uniform(0.2, 22)), 2)
    return presence(*((*key, hours) for key, hours in seen.items()))


parent_of = lru_cache(maxsize=None)(h3.cell_to_parent)


def without(there: Presence, rider: int) -> Presence:
    keep = there.rider != rider
    return Presence(there.cells, there.rider[keep], there.cell[keep], there.slot[keep],
                    there.hours[keep])  # fmt: skip


def held(there: Presence, cell: str, slots: tuple[int, ...]) -> dict[int, float]:
    """The riders of a region and their hours, counted anew and slowly."""
    level = h3.get_resolution(cell)
    inside = np.array([parent_of(name, level) == cell for name in there.cells])
    rows = inside[there.cell] & np.isin(there.slot, slots)
    riders, at = np.unique(there.rider[rows], return_inverse=True)
    return dict(zip(riders.tolist(), np.bincount(at, there.hours[rows]).tolist(), strict=True))


def check_month(there: Presence, found: Published) -> None:
    """Every region that shows holds enough riders, no two overlap, and the sums are right."""
    for region in found.regions:
        riders = held(there, region.cell, region.slots)
        if region.rider_hours is not None:
            assert len(riders) >= K
            assert max(riders.values()) <= SHARE * sum(riders.values()) + 1e-9
            assert region.rider_hours > 0
            assert region.rider_hours % ROUND_TO == 0
            assert abs(region.rider_hours - sum(riders.values())) <= ROUND_TO / 2 + 1e-9
    assert_disjoint({(region.cell, region.slots) for region in found.regions})


def assert_disjoint(regions: set[tuple[str, tuple[int, ...]]]) -> None:
    """No region lies within another, in space or in time: no sum or difference makes a new one."""
    by_hour: dict[tuple[str, int], int] = {}
    for cell, slots in regions:
        for slot in slots:
            by_hour[cell, slot] = by_hour.get((cell, slot), 0) + 1
    assert set(by_hour.values()) <= {1}
    cells = {cell for cell, _ in regions}
    for cell in cells:
        for level in LEVELS:
            if level < h3.get_resolution(cell):
                assert parent_of(cell, level) not in cells


def seen_in(there: Presence, regions: dict[tuple[str, tuple[int, ...]], int | None]) -> np.ndarray:
    """The level and the number of hours of the region that shows each row, -1 where none does."""
    found = {
        (cell, slot): (h3.get_resolution(cell), len(slots))
        for (cell, slots), hours in regions.items()
        if hours is not None
        for slot in slots
    }
    names = [[parent_of(name, level) for level in LEVELS] for name in there.cells]
    return np.array([
        next((found[name, slot] for name in names[cell] if (name, slot) in found), (-1, -1))
        for cell, slot in zip(there.cell.tolist(), there.slot.tolist(), strict=True)
    ])  # fmt: skip


def subtract(before: Presence, after: Presence, first: Published, second: Published) -> int:
    """Month 2 − month 1 of all that can be added up in both: cells of a level, hours, quarters,
    days. Returns of how few riders a difference is made, where one file shows riders and the other
    does not show that part; K where there is none such."""
    fewest = K
    for there, by, and_not in ((before, first, second), (after, second, first)):
        one, other = seen_in(there, shown(by)).T, seen_in(there, shown(and_not)).T
        for level in LEVELS:
            parents = [parent_of(name, level) for name in there.cells]
            for hours in (1, 6, 24):
                in_one, in_other = ((res >= level) & (long <= hours) for res, long in (one, other))
                riders: dict[tuple[str, int], set[int]] = {}
                for row in np.flatnonzero(in_one & ~in_other).tolist():
                    key = parents[there.cell[row]], int(there.slot[row]) // hours
                    riders.setdefault(key, set()).add(int(there.rider[row]))
                fewest = min([fewest, *map(len, riders.values())])
    return fewest


def attack(seed: int) -> tuple[int, int]:
    """One trial; returns how many regions showed, and how many came or went with the rider."""
    rng = np.random.default_rng(seed)
    there = town(rng)
    found = publish(there)
    check_month(there, found)
    rider = int(rng.choice(np.unique(there.rider)))
    less = without(there, rider)
    check_month(less, publish(less))
    # Two months that are the same but for one rider, who leaves or comes.
    changes = 0
    for before, after in ((there, less), (less, there)):
        first = publish(before)
        kept = [(region.cell, region.slots) for region in first.regions]
        second = publish(after, kept)
        check_month(after, second)
        assert_disjoint({*shown(first), *shown(second)})
        differ = {key for key in {*shown(first), *shown(second)}
                  if shown(first).get(key) is None or shown(second).get(key) is None}  # fmt: skip
        assert subtract(before, after, first, second) >= K
        changes += len(differ)
    # A rider where nobody else is: the same regions and numbers.
    lone = Presence(
        [*there.cells, FAR], np.append(there.rider, 999), np.append(there.cell, len(there.cells)),
        np.append(there.slot, 3), np.append(there.hours, 22.0),
    )  # fmt: skip
    assert publish(lone).regions == found.regions
    return len(found.regions), changes


@pytest.mark.slow
def test_attacks():
    tried = [attack(seed) for seed in range(30)]
    assert sum(regions for regions, _ in tried) > 100  # there is something to attack


@pytest.mark.campaign
def test_a_thousand_attacks():
    tried = [attack(seed) for seed in range(1000)]
    assert sum(changes for _, changes in tried) > 100  # riders do make the difference


@pytest.mark.slow
def test_a_year_of_months_is_one_partition():
    """Differing months, each after the one before: all regions of the year lie apart."""
    rng = np.random.default_rng(7)
    kept: list[tuple[str, tuple[int, ...]]] = []
    theirs, months = [], []
    for _ in range(12):
        there = town(rng)
        months.append(publish(there, kept))
        check_month(there, months[-1])
        theirs.append(there)
        kept = [(region.cell, region.slots) for region in months[-1].regions]
    assert_disjoint({key for month in months for key in shown(month)})
    for (was, before), (now, after) in pairwise(zip(theirs, months, strict=True)):
        assert shown(before).keys() <= shown(after).keys()
        assert subtract(was, now, before, after) >= K


def test_without_the_month_before_a_subtraction_finds_somebody():
    """The attack can succeed: nine riders beside a crowd, which shows by itself the month after."""
    few = [*crowd(range(6), CHILDREN[1], 12), *crowd(range(6, 9), CHILDREN[2], 12)]
    before = presence(*crowd(range(50, 56), CHILDREN[0], 12), *few)
    after = presence(*crowd(range(50, 80), CHILDREN[0], 12), *few)
    first = publish(before)
    assert subtract(before, after, first, publish(after)) == 9
    kept = [(region.cell, region.slots) for region in first.regions]
    assert subtract(before, after, first, publish(after, kept)) == K
