"""Gaps of last month and of this one, drawn on one row of cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.coverage.clock import coverage
from locator.coverage.gap_changes import gap_changes
from locator.coverage.gap_report import gap_records, gaps_json
from locator.coverage.gap_succession import Before, heirs, inherit_ids, inherited
from locator.coverage.gaps import find_gaps
from locator.coverage.nearest_open import nearest_by_service
from locator.coverage.supply import supply_of
from locator.coverage.townships import read_townships
from tests.quick import examples

THEN, NOW = date(2026, 10, 26), date(2026, 11, 23)
ROW = sorted(h3.grid_path_cells("8931aa42b4fffff", h3.grid_ring("8931aa42b4fffff", 12)[0]))
A, B, C, D, E, *_ = ROW
ONE = dict.fromkeys(ROW, 1.0)


def table(**gaps):
    """Gaps by id, each of some cells."""
    shapes = gpd.points_from_xy([0] * len(gaps), [0] * len(gaps))
    found = gpd.GeoDataFrame({"id": list(gaps), "cells": list(gaps.values())}, geometry=shapes)
    found["id"] = found["id"].astype(object)
    return found


def test_the_same_cells_are_the_same_gap():
    assert heirs({"old": [A, B]}, {"new": [B, A]}, ONE) == {"new": "old"}


def test_a_gap_that_falls_in_two_has_one_heir():
    """The part that holds most riders, however few its cells."""
    found = heirs({"old": [A, B, C]}, {"few": [A, B], "many": [C]}, {A: 1, B: 1, C: 5})
    assert found == {"many": "old"}


def test_two_gaps_that_become_one_have_one_heir():
    assert heirs({"old": [A], "larger": [B, C]}, {"new": [A, B, C]}, ONE) == {"new": "larger"}


def test_the_pair_that_shares_most_goes_first():
    """``x`` would follow either; ``y`` shares only with ``p``, but less than ``x`` does."""
    found = heirs({"p": [A, B, C], "q": [D]}, {"x": [A, B, D], "y": [C]}, ONE)
    assert found == {"x": "p"}, "q is closed, although x has its cell"


def test_of_pairs_alike_the_first_by_name():
    assert heirs({"b": [A], "a": [B]}, {"n": [A, B]}, ONE) == {"n": "a"}
    assert heirs({"old": [A, B]}, {"m": [A], "n": [B]}, ONE) == {"m": "old"}


def test_nothing_in_common():
    assert heirs({"old": [A]}, {"new": [B]}, ONE) == {}
    assert heirs({}, {"new": [B]}, ONE) == heirs({"old": [A]}, {}, ONE) == {}


def test_a_cell_merged_into_a_larger_one_is_still_that_place():
    parent = h3.cell_to_parent(A, 8)
    assert heirs({"old": [A]}, {"new": [parent]}, {parent: 7.0}) == {"new": "old"}
    assert heirs({"old": [parent]}, {"new": [A]}, {A: 1.0}) == {"new": "old"}
    other = next(cell for cell in ROW if h3.cell_to_parent(cell, 8) != parent)
    assert heirs({"old": [other]}, {"new": [parent]}, {parent: 7.0}) == {}


def test_an_id_that_another_gap_inherits_is_not_given_twice():
    """The old gap's worst cell was A, which its smaller part now holds."""
    named = inherit_ids(
        table(id_of_a=[A], id_of_b=[B, C]), [{"id": "id_of_a", "cells": [A, B, C]}], ONE,
        "any_stop", "990101",
    )  # fmt: skip
    assert named["id"].tolist()[1] == "id_of_a"
    assert named["id"][0].startswith("990101-gap-")


GAPS = st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=5), max_size=5)


def gaps_of(drawn, prefix):
    """Gaps that share no cell, as those of one release."""
    found, seen = {}, set()
    for number, cells in enumerate(drawn):
        own = sorted({ROW[cell] for cell in cells} - seen)
        seen.update(own)
        if own:
            found[f"{prefix}{number}"] = own
    return found


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(GAPS, GAPS, st.lists(st.integers(0, 5), min_size=12, max_size=12), st.randoms())
def test_every_old_gap_is_inherited_once_or_closed(before, after, riders, random):
    old, new = gaps_of(before, "g"), gaps_of(after, "g")
    weight = dict(zip(ROW, map(float, riders), strict=False))
    found = heirs(old, new, weight)
    assert set(found) <= set(new)
    assert len(set(found.values())) == len(found)
    assert set(found.values()) <= set(old)
    for now, was in found.items():
        assert set(new[now]) & set(old[was])
    free_old, free_new = set(old) - set(found.values()), set(new) - set(found)
    for was in free_old:
        for now in free_new:
            assert not set(old[was]) & set(new[now]), "two that share a place stay apart"
    shuffled = [
        dict(random.sample([(k, random.sample(v, len(v))) for k, v in side.items()], len(side)))
        for side in (old, new)
    ]
    assert heirs(*shuffled, weight) == found

    records = [{"id": id_, "cells": cells} for id_, cells in old.items()]
    named = inherit_ids(table(**new), records, weight, "any_stop", "990101")
    assert len(set(named["id"])) == len(named)
    assert set(named["id"]) & set(old) == set(found.values())


@pytest.fixture(scope="module")
def month(county, table, riders, reach, search_of, town):
    """A month's coverage, gaps and stations, and what the next one is told of them."""

    def run(stations, minutes, counts=(5.0, 3.0), as_of=NOW, reach_min=5.0):
        made = table(*stations)
        found = coverage(reach(*minutes), made, riders(*counts), county, as_of, reach_min)
        nearest = nearest_by_service(search_of(*minutes), supply_of(made, county, found.dates))
        gaps = find_gaps(found, nearest, town, made, county, read_townships(county))
        told = Before(
            "0" * 16, as_of, found.dates, reach_min, gaps_json(gaps), made,
            dict(zip(found.demand.cells, found.demand.riders.tolist(), strict=True)),
        )  # fmt: skip
        return found, gaps, made, told

    return run


@pytest.fixture(scope="module")
def changes(month, county):
    def run(before, after):
        told = month(*before[:2], as_of=THEN, **(before[2] if before[2:] else {}))[3]
        found, gaps, stations, _ = month(*after[:2], **(after[2] if after[2:] else {}))
        named = inherited(gaps, told, found, county)
        return gap_changes(named["any_stop"], told, stations, found, county), named, told

    return run


def test_nothing_changed(changes):
    same = [{"hours": "08:00-20:00"}], [[4.0], [9.0]]
    found, named, told = changes(same, same)
    assert found == []
    for service, gaps in named.items():
        assert gaps["id"].tolist() == [gap["id"] for gap in told.gaps[service]]


def test_a_gap_closes_when_a_station_opens(changes):
    before = [{}, {"status": "planned", "name": "新站"}], [[9.0, 4.0], [9.0, 4.0]]
    after = [{}, {"name": "新站"}], before[1]
    found, _, told = changes(before, after)
    (gap,) = found
    assert (gap["change"], gap["rider_hours_before"], gap["rider_hours"]) == (
        "closed",
        8 * 168,
        None,
    )
    assert gap["reason_zh"] == "「新站」开放了"
    assert gap["reason_en"] == "新站 opened"
    assert gap["geometry"] == told.gaps["any_stop"][0]["geometry"]
    assert gap["name"] == told.gaps["any_stop"][0]["name"]
    assert len(gap["hours"]) == 48


def test_and_is_new_when_it_closes(changes):
    after = [{}, {"status": "closed", "name": "旧站"}], [[9.0, 4.0], [9.0, 4.0]]
    found, named, _ = changes(([{}, {"name": "旧站"}], after[1]), after)
    (gap,) = found
    assert (gap["change"], gap["rider_hours_before"], gap["rider_hours"]) == ("new", None, 8 * 168)
    assert gap["reason_zh"] == "「旧站」不再开放"
    assert gap["id"] == named["any_stop"]["id"][0]
    assert "geometry" not in gap


def test_longer_and_shorter_hours(changes):
    short, long = [{"hours": "08:00-20:00"}], [{"hours": "08:00-22:00"}]
    minutes = [[4.0], [4.0]]
    (gap,), named, told = changes((short, minutes), (long, minutes))
    assert (gap["change"], gap["reason_zh"]) == ("shrunk", "「1 号站」延长了开放时间")
    assert gap["id"] == told.gaps["any_stop"][0]["id"] == named["any_stop"]["id"][0]
    (gap,), _, _ = changes((long, minutes), (short, minutes))
    assert (gap["change"], gap["reason_en"]) == ("grown", "1 号站 has shorter hours")


def test_hours_that_have_become_known(changes):
    minutes = [[4.0], [4.0]]
    (gap,), _, _ = changes(([{"hours": None}], minutes), ([{"hours": "24/7"}], minutes))
    assert (gap["change"], gap["reason_zh"]) == ("closed", "「1 号站」的开放时间补上了")


def test_fewer_riders_and_another_reach(changes):
    minutes = [[9.0], [9.0]]
    (gap,), _, _ = changes(([{}], minutes), ([{}], minutes, {"counts": (5.0, 1.0)}))
    assert gap["change"] == "shrunk"
    assert gap["reason_zh"] == "这里的骑手从每周 1344 骑手时变为 1008 骑手时"
    (gap,), _, _ = changes(([{}], minutes), ([{}], minutes, {"reach_min": 10.0}))
    assert (gap["change"], gap["reason_en"]) == ("closed", "the reach changed from 5 to 10 minutes")


def test_a_reason_that_cannot_be_told_is_not_made_up(changes):
    """The streets have become faster, and nothing else has changed."""
    (gap,), _, _ = changes(([{}], [[9.0], [9.0]]), ([{}], [[4.0], [4.0]]))
    assert gap["change"] == "closed"
    assert gap["reason_zh"] is gap["reason_en"] is None


def test_a_station_far_away_is_no_reason(month, county):
    _, _, _, told = month([{}], [[9.0], [9.0]], as_of=THEN)
    found, gaps, stations, _ = month([{}, {}], [[4.0, None], [4.0, None]])
    far = stations.copy()
    far.loc[1, "geometry"] = gpd.points_from_xy([117.5], [31.9])[0]
    (gap,) = gap_changes(gaps["any_stop"], told, far, found, county)
    assert gap["reason_zh"] is None


def test_closed_comes_first_and_the_largest_of_a_kind(changes):
    before = [{"hours": "08:00-20:00"}], [[4.0], [9.0], [4.0]], {"counts": (5.0, 3.0, 2.0)}
    after = [{"hours": "08:00-19:00"}], [[4.0], [4.0], [9.0]], {"counts": (5.0, 3.0, 2.0)}
    found, _, _ = changes(before, after)
    kinds = [gap["change"] for gap in found]
    assert kinds == sorted(kinds, key=("closed", "new", "grown", "shrunk").index)


def test_a_release_without_gaps_of_services(month, county):
    _, _, _, told = month([{}], [[9.0], [9.0]], as_of=THEN)
    found, gaps, _, _ = month([{}], [[9.0], [9.0]])
    old = replace(told, gaps={"any_stop": told.gaps["any_stop"]})
    named = inherited(gaps, old, found, county)
    assert gap_records(named["toilet"]) == gap_records(gaps["toilet"])
