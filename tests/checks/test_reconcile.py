"""A ledger beside another keeper's list: what is a pair for certain, what is asked, what is not."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import reconcile as claim
from locator.checks.reconcile import Match, Reconciled, reconcile
from locator.checks.reconcile.list_shift import mixed_up
from locator.county import County
from locator.geo.crs import EARTH_RADIUS_M
from locator.geo.datum import convert_datum
from tests.quick import examples

LON, LAT = 116.944, 31.462
METRE = math.degrees(1 / EARTH_RADIUS_M)

#: name, metres east, metres north, and what else is said.
Spec = tuple[str, float, float] | tuple[str, float, float, dict[str, Any]]


def table(*entries: Spec) -> pd.DataFrame:
    rows: list[claim.Entry] = []
    for name, east, north, *rest in entries:
        said: dict[str, Any] = rest[0] if rest else {}
        lon = LON + east * METRE / math.cos(math.radians(LAT))
        rows.append({"name": name, "lon": lon, "lat": LAT + north * METRE, **said})
    return claim.as_table(rows)


def match(ours: list[Spec], theirs: list[Spec], county: County, **decided: Any) -> Reconciled:
    found = reconcile(table(*ours), table(*theirs), county, **decided)
    hold_the_law(found, len(ours), len(theirs))
    return found


def hold_the_law(found: Reconciled, ours: int, theirs: int) -> None:
    """No row is lost, and what is certain or decided is one to one."""
    assert {m.ours for m in found.matches} | {*found.ours_alone} == set(range(ours))
    assert {m.theirs for m in found.matches} | {*found.theirs_alone} == set(range(theirs))
    settled = [m for m in found.matches if m.verdict != "doubtful"]
    assert len({m.ours for m in settled}) == len({m.theirs for m in settled}) == len(settled)


def verdicts(found: Reconciled) -> list[tuple[int, int, str]]:
    return [(m.ours, m.theirs, m.verdict) for m in found.matches]


def only(found: Reconciled) -> Match:
    (match,) = found.matches
    return match


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("鼓楼社区暖新驿站（示意）", 0, 0), ("鼓楼社区暖新驿站", 30, 10)),
        (("鼓楼社区暖新驿站", 0, 0), ("舒城县鼓楼社区驿站", 30, 10)),
        (("鼓楼社区暖新驿站", 0, 0), ("鼓楼社区工会驿站(户外劳动者服务站点)", 30, 10)),
        (("文化馆一号驿站", 0, 0), ("文化馆1号驿站", 30, 10)),
        (("桥头食堂", 0, 0, {"host": "梅河路菜市场"}), ("梅河路菜市场", 15, 10)),
        (
            ("桥头驿站", 0, 0, {"phone": "0564-8600001"}),
            ("桥头便民点", 60, 0, {"phone": "8600001"}),
        ),
        (("Café Strindberg", 0, 0), ("CAFE STRINDBERG", 40, 0)),
        (("鼓楼社区驿站", 0, 0), ("鼓楼社区驿站", 210, 0)),
    ],
)
def test_one_place_by_two_hands_is_a_certain_pair(
    ours: Spec, theirs: Spec, shucheng: County
) -> None:
    assert only(match([ours], [theirs], shucheng)).verdict == "certain"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("文化馆1号驿站", 0, 0), ("文化馆2号驿站", 20, 0)),
        (("城东社区驿站", 0, 0), ("城西社区驿站", 60, 0)),
        (("鼓楼驿站", 0, 0), ("鼓楼驿站", 1400, 0)),
        (("鼓楼驿站（东门）", 0, 0), ("鼓楼驿站（西门）", 30, 0)),
        (("工会驿站", 0, 0), ("暖新驿站", 60, 0)),
        (("桥头驿站", 0, 0), ("新华书店", 10, 0)),
        (("桥头驿站", 0, 0), ("新华书店", 500, 0)),
    ],
)
def test_what_may_be_two_places_is_never_certain(
    ours: Spec, theirs: Spec, shucheng: County
) -> None:
    assert "certain" not in [m.verdict for m in match([ours], [theirs], shucheng).matches]


def test_a_unique_name_far_away_is_asked_about(shucheng: County) -> None:
    assert verdicts(match([("鼓楼社区驿站", 0, 0)], [("鼓楼社区驿站", 6000, 0)], shucheng)) == [
        (0, 0, "doubtful")
    ]


def test_two_names_at_one_door_are_asked_about(shucheng: County) -> None:
    found = match([("桥头驿站", 0, 0)], [("新华书店", 8, 0)], shucheng)
    assert verdicts(found) == [(0, 0, "doubtful")]


def test_of_two_namesakes_near_each_other_nothing_is_certain(shucheng: County) -> None:
    ours: list[Spec] = [("公园驿站", 0, 0), ("公园驿站", 70, 0)]
    found = match(ours, [("公园驿站", 40, 0)], shucheng)
    assert {m.verdict for m in found.matches} == {"doubtful"}
    assert {(m.ours, m.theirs) for m in found.matches} == {(0, 0), (1, 0)}


def test_pairs_are_one_to_one_and_the_best_together(shucheng: County) -> None:
    ours: list[Spec] = [(f"梅河{n}号驿站", 40.0 * n, 0) for n in range(1, 9)]
    theirs: list[Spec] = [(f"梅河路{n}号驿站", 40.0 * n + 25, 10) for n in range(8, 0, -1)]
    found = match(ours, theirs, shucheng)
    assert verdicts(found) == [(n, 7 - n, "certain") for n in range(8)]


def test_a_place_twice_on_the_map_is_said(shucheng: County) -> None:
    theirs: list[Spec] = [("鼓楼驿站", 10, 0), ("鼓楼暖新驿站", 60, 0)]
    found = match([("鼓楼驿站", 0, 0)], theirs, shucheng)
    assert verdicts(found) == [(0, 0, "certain"), (0, 1, "doubtful")]
    assert found.matches[1].twice == 0


def test_a_decision_goes_before_all_points(shucheng: County) -> None:
    ours: list[Spec] = [("鼓楼驿站", 0, 0), ("桥头驿站", 900, 0)]
    theirs: list[Spec] = [("鼓楼驿站", 10, 0), ("新华书店", 2000, 0)]
    assert verdicts(match(ours, theirs, shucheng)) == [(0, 0, "certain")]
    same = match(ours, theirs, shucheng, same=[(1, 1)])
    assert verdicts(same) == [(0, 0, "certain"), (1, 1, "decided")]
    apart = match(ours, theirs, shucheng, different=[(0, 0)])
    assert (0, 0) not in [(m.ours, m.theirs) for m in apart.matches]


def test_entries_without_position_or_name_are_never_certain_by_chance(shucheng: County) -> None:
    nowhere = {"lon": math.nan, "lat": math.nan}
    found = match([("鼓楼驿站", 0, 0)], [("鼓楼驿站", 0, 0, nowhere), ("", 5, 0)], shucheng)
    assert {m.verdict for m in found.matches} <= {"certain", "doubtful"}
    assert all(m.theirs == 0 for m in found.matches if m.verdict == "certain")
    assert match([], [("鼓楼驿站", 0, 0)], shucheng).theirs_alone == (0,)
    assert match([("鼓楼驿站", 0, 0)], [], shucheng).ours_alone == (0,)


@pytest.mark.parametrize(
    ("true", "read"), [("gcj02", "wgs84"), ("bd09", "gcj02"), ("bd09", "wgs84"), ("wgs84", "gcj02")]
)
def test_a_list_in_another_datum_is_noticed_once_and_still_matched(
    true: str, read: str, shucheng: County
) -> None:
    random = Random(5)
    ours: list[Spec] = [
        (f"{name}社区驿站", random.uniform(-4000, 4000), random.uniform(-4000, 4000))
        for name in ("鼓楼", "桥头", "梅河", "文翁", "龙塔", "府前", "新华", "北环", "凤池")
    ]
    ledger = table(*ours)
    x, y = convert_datum(ledger["lon"], ledger["lat"], source="wgs84", target=true)
    lon, lat = convert_datum(x, y, source=read, target="wgs84")
    found = reconcile(ledger, ledger.assign(lon=lon, lat=lat), shucheng)
    assert verdicts(found) == [(n, n, "certain") for n in range(9)]
    assert max(m.signs.metres for m in found.matches) < 50
    assert found.shift is not None
    assert found.shift.pairs == 9
    theirs, mixed = mixed_up(found.shift, read)
    assert true in theirs
    assert all(pair[0] != pair[1] for pair in mixed)


def test_doors_read_anew_are_no_shift(shucheng: County) -> None:
    random = Random(6)
    ours: list[Spec] = [(f"{word}驿站", 300.0 * n, 0) for n, word in enumerate("鼓桥梅文龙府新")]
    theirs: list[Spec] = [
        (name, east + random.uniform(-70, 70), random.uniform(-70, 70)) for name, east, *_ in ours
    ]
    assert match(ours, theirs, shucheng).shift is None


names = st.sampled_from(["鼓楼驿站", "桥头驿站", "鼓楼1号", "工会驿站", "", "Café", "鼓楼（东门）"])
spots = st.floats(-800, 800, allow_nan=False)
entries = st.lists(st.tuples(names, spots, spots), max_size=9)


@settings(max_examples=examples(40))
@given(ours=entries, theirs=entries)
def test_no_row_is_lost_whatever_the_lists(ours: list[Spec], theirs: list[Spec]) -> None:
    county = claim.load_county(claim.ROOT / "data/shucheng")
    match(ours, theirs, county)


def test_the_answer_does_not_depend_on_the_order(shucheng: County) -> None:
    played = claim.play(claim.crowd(120, 3), 3)
    found = reconcile(played.ledger, played.entries, shucheng)
    turned = reconcile(
        played.ledger.iloc[::-1].reset_index(drop=True),
        played.entries.iloc[::-1].reset_index(drop=True),
        shucheng,
    )
    last = len(played.ledger) - 1
    # Of two entries that say the very same either will do.
    assert {m.ours for m in found.matches if m.verdict == "certain"} == {
        last - m.ours for m in turned.matches if m.verdict == "certain"
    }


def test_certain_is_right_on_a_crowded_list(shucheng: County) -> None:
    judged = claim.judge(claim.play(claim.crowd(400, 9), 9), shucheng)
    assert judged.wrong <= 0.01 * judged.certain
    assert judged.found >= 0.95 * judged.there


@pytest.mark.campaign
def test_certain_is_right_on_real_lists(shared: Path) -> None:
    """A slice of ``benchmarks/reconcile.py``."""
    assert shared.is_dir()
    runs = [
        claim.judge(claim.play(ledger, seed), county)
        for county, ledger in claim.real_lists().values()
        for seed in (201,)
    ]
    assert sum(run.wrong for run in runs) <= 0.01 * sum(run.certain for run in runs)
    assert sum(run.found for run in runs) >= 0.95 * sum(run.there for run in runs)


def test_names_that_are_all_alike_cost_no_more_than_others(shucheng: County) -> None:
    crowd: list[Spec] = [
        (f"鼓楼社区驿站{at:04}", 20.0 * (at % 40), 20.0 * (at // 40)) for at in range(1500)
    ]
    found = match(crowd, crowd, shucheng)
    assert [m.theirs for m in found.matches if m.verdict == "certain"] == list(range(1500))


@pytest.mark.campaign
def test_five_thousand_at_one_place_take_seconds(shucheng: County) -> None:
    random = Random(3)
    crowd = [("鼓楼驿站", random.uniform(0, 400), random.uniform(0, 400)) for _ in range(5000)]
    ours, theirs = table(*crowd), table(*crowd[::-1])
    found = reconcile(ours, theirs, shucheng)
    hold_the_law(found, 5000, 5000)
    assert not any(m.verdict == "certain" for m in found.matches)
