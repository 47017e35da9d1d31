"""An id never wanders: what is matched, what is asked, and what is refused."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from random import Random

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.checks.succession import Matches, find_successors, name_key
from locator.geo.crs import EARTH_RADIUS_M
from locator.stations.table import make_stations
from tests.quick import examples

LON, LAT = 116.944, 31.462
METRE = math.degrees(1 / EARTH_RADIUS_M)

#: id, name, metres east, metres north, and what else is said.
Spec = tuple[str, str, float, float] | tuple[str, str, float, float, dict[str, object]]


def table(*stations: Spec) -> gpd.GeoDataFrame:
    records, lon, lat = [], [], []
    for id_text, name, east, north, *rest in stations:
        said = rest[0] if rest else {}
        records.append({"id": id_text, "name": name, "kind": "warm_station", **said})
        lon.append(LON + east * METRE / math.cos(math.radians(LAT)))
        lat.append(LAT + north * METRE)
    return make_stations(records, lon, lat)


def match(old: Sequence[Spec], new: Sequence[Spec]) -> Matches:
    """Rows of the new list whose id begins with a letter state none."""
    loose = {spec[0] for spec in new if spec[0][0].isalpha()}
    found = find_successors(table(*old), table(*new), unnumbered=loose)
    hold_the_law(found, [spec[0] for spec in old], [spec[0] for spec in new])
    return found


def hold_the_law(found: Matches, old: Sequence[str], new: Sequence[str]) -> None:
    """Each station and each row ends in one place, once."""
    paired = [*found.kept, *found.conflicts]
    assert sorted([*(pair.old for pair in paired), *found.gone]) == sorted(old)
    assert sorted([*(pair.new for pair in paired), *found.added]) == sorted(new)
    assert {pair.old for pair in found.questions} <= set(found.gone)
    assert {pair.new for pair in found.questions} <= set(found.added)


def pairs(found: Matches) -> list[tuple[str, str, str]]:
    return [(pair.old, pair.new, pair.why) for pair in found.kept]


def questions(found: Matches) -> list[tuple[str, str, str]]:
    return [(pair.old, pair.new, pair.why) for pair in found.questions]


class TestNames:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("鼓楼驿站", "鼓楼"),
            ("鼓楼驿站", "鼓楼站"),
            ("鼓楼驿站（东门）", "鼓楼驿站 (东门)"),
            ("Ａ１ 驿站", "a1驿站"),
            ("桥头 · 食堂", "桥头食堂"),
        ],
    )
    def test_one_name(self, one: str, other: str) -> None:
        assert name_key(one) == name_key(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("鼓楼驿站（东门）", "鼓楼驿站（西门）"),
            ("鼓楼驿站（东门）", "鼓楼驿站"),
            ("1号站", "2号站"),
            ("广场站", "广场点"),
            ("鼓楼工会驿站", "鼓楼暖新驿站"),
        ],
    )
    def test_two_names(self, one: str, other: str) -> None:
        assert name_key(one) != name_key(other)

    @pytest.mark.parametrize("name", ["驿站", "站", "🏠", "（）"])
    def test_a_name_is_never_nothing(self, name: str) -> None:
        assert name_key(name)


class TestStated:
    def test_an_id_is_kept_whatever_else_changed(self) -> None:
        found = match([("1", "鼓楼驿站", 0, 0)], [("1", "新名驿站", 400, 0, {"kind": "canteen"})])
        assert pairs(found) == [("1", "1", "id")]
        assert found.kept[0].metres == pytest.approx(400, abs=0.1)

    def test_a_station_that_moved_house_keeps_its_id(self) -> None:
        assert pairs(match([("1", "鼓楼驿站", 0, 0)], [("1", "鼓楼驿站", 3000, 0)]))

    def test_another_name_elsewhere_is_a_conflict(self) -> None:
        found = match([("1", "鼓楼驿站", 0, 0)], [("1", "桥头驿站", 600, 0)])
        assert not found.kept
        assert [(pair.old, pair.why) for pair in found.conflicts] == [("1", "elsewhere")]

    def test_a_similar_name_elsewhere_is_none(self) -> None:
        assert pairs(match([("1", "鼓楼驿站", 0, 0)], [("1", "鼓楼广场驿站", 600, 0)]))

    def test_a_column_sorted_without_the_rest(self) -> None:
        old = [("1", "鼓楼驿站", 0, 0), ("2", "桥头驿站", 200, 0)]
        found = match(old, [("2", "鼓楼驿站", 0, 0), ("1", "桥头驿站", 200, 0)])
        assert not found.kept
        assert {(pair.old, pair.why) for pair in found.conflicts} == {
            ("1", "other"),
            ("2", "other"),
        }

    def test_a_column_pasted_one_row_off_under_one_name(self) -> None:
        """A name tells nothing where all have it: the place does."""
        old = [(str(at), "爱心驿站", 200.0 * at, 0.0) for at in range(1, 5)]
        new = [(str(at + 1), "爱心驿站", 200.0 * at, 3.0) for at in range(1, 4)]
        found = match(old, [*new, ("9", "爱心驿站", 800, 0)])
        assert not found.kept
        assert {(pair.old, pair.new, pair.why) for pair in found.conflicts} == {
            ("2", "2", "other"), ("3", "3", "other"), ("4", "4", "other"),
        }  # fmt: skip
        # A namesake that is accounted for leaves the place to whoever moves there.
        moved = match(old[:2], [("1", "爱心驿站", 420, 0), ("2", "爱心驿站", 400, 0)])
        assert not moved.conflicts

    def test_names_alike_but_for_one_word_are_two_places_far_apart(self) -> None:
        old = [("1", "舒城县城关镇鼓楼社区工会驿站", 0, 0)]
        found = match(old, [("1", "舒城县城关镇桥头社区工会驿站", 600, 0)])
        assert [(pair.old, pair.why) for pair in found.conflicts] == [("1", "elsewhere")]
        assert pairs(match(old, [("1", "舒城县城关镇桥头社区工会驿站", 400, 0)]))

    def test_a_neighbours_name_is_no_conflict_while_the_neighbour_has_it(self) -> None:
        old = [("1", "鼓楼一号驿站", 0, 0), ("2", "鼓楼驿站", 100, 0)]
        found = match(old, [("1", "鼓楼驿站", 0, 0), ("2", "鼓楼驿站", 100, 0)])
        assert {pair[0] for pair in pairs(found)} == {"1", "2"}
        assert not found.conflicts

    def test_a_row_that_states_a_new_id_takes_no_old_one_but_is_asked(self) -> None:
        found = match([("1", "鼓楼驿站", 0, 0)], [("9", "鼓楼驿站", 0, 0)])
        assert found.added == ("9",)
        assert questions(found) == [("1", "9", "name")]

    def test_a_name_for_this_run_is_no_id(self) -> None:
        assert not match([("a", "鼓楼驿站", 0, 0)], [("a", "桥头驿站", 10, 0)]).kept


class TestNamed:
    def test_one_name_at_one_place(self) -> None:
        assert pairs(match([("1", "鼓楼驿站", 0, 0)], [("a", "鼓楼", 15, 0)])) == [
            ("1", "a", "name")
        ]

    @pytest.mark.parametrize(("away", "certain"), [(149, True), (151, False)])
    def test_a_new_reading_of_the_same_door(self, away: float, certain: bool) -> None:
        found = match([("1", "鼓楼驿站", 0, 0)], [("a", "鼓楼驿站", away, 0)])
        assert bool(found.kept) == certain
        assert bool(found.questions) != certain

    def test_one_name_far_away_is_nothing(self) -> None:
        found = match([("1", "鼓楼驿站", 0, 0)], [("a", "鼓楼驿站", 1600, 0)])
        assert (found.added, found.gone, found.questions) == (("a",), ("1",), ())

    def test_another_kind_is_asked(self) -> None:
        found = match([("1", "鼓楼驿站", 0, 0)], [("a", "鼓楼驿站", 5, 0, {"kind": "canteen"})])
        assert questions(found) == [("1", "a", "name")]

    def test_a_similar_name_close_by_is_asked(self) -> None:
        other = ("a", "鼓楼暖新驿站", 20.0, 0.0, {"kind": "canteen"})
        assert questions(match([("1", "鼓楼驿站", 0, 0)], [other])) == [("1", "a", "near")]

    def test_a_station_renamed_where_it_stands_is_asked(self) -> None:
        found = match([("1", "鼓楼驿站", 0, 0)], [("a", "先锋驿站", 0, 0)])
        assert questions(found) == [("1", "a", "near")]

    def test_another_kind_and_name_next_door_is_another_station(self) -> None:
        found = match([("1", "鼓楼驿站", 0, 0)], [("a", "先锋食堂", 5, 0, {"kind": "canteen"})])
        assert not found.questions

    def test_two_of_one_name_that_nobody_can_tell_apart(self) -> None:
        old = [("1", "社区驿站", 0, 0), ("2", "社区驿站", 100, 0)]
        found = match(old, [("a", "社区驿站", 50, 0)])
        assert not found.kept
        assert {pair[0] for pair in questions(found)} == {"1", "2"}

    def test_a_namesake_in_the_next_street_is_asked_about_only_where_none_is_at_the_door(
        self,
    ) -> None:
        old = [("1", "社区驿站", 0, 0), ("2", "社区驿站", 40, 0), ("3", "社区驿站", 900, 0)]
        found = match(old, [("a", "社区驿站", 20, 0)])
        assert {pair[0] for pair in questions(found)} == {"1", "2"}
        assert questions(match(old[2:], [("a", "社区驿站", 20, 0)])) == [("3", "a", "name")]

    def test_one_station_that_two_rows_claim(self) -> None:
        found = match(
            [("1", "社区驿站", 0, 0)], [("a", "社区驿站", 5, 0), ("b", "社区驿站", 15, 0)]
        )
        assert not found.kept
        assert questions(found) == [("1", "a", "name"), ("1", "b", "name")]

    def test_two_of_one_name_each_clearly_nearer(self) -> None:
        old = [("1", "社区驿站", 0, 0), ("2", "社区驿站", 100, 0)]
        found = match(old, [("a", "社区驿站", 90, 0), ("b", "社区驿站", 10, 0)])
        assert pairs(found) == [("1", "b", "name"), ("2", "a", "name")]

    def test_a_numbered_namesake_is_a_rival(self) -> None:
        found = match(
            [("1", "社区驿站", 0, 0)], [("a", "社区驿站", 20, 0), ("9", "社区驿站", 0, 20)]
        )
        assert not found.kept

    @pytest.mark.parametrize("away", [19, 21])
    def test_a_new_station_that_takes_the_name_of_a_renamed_one(self, away: float) -> None:
        """The row at the old place may be the station renamed: past 20 m a person decides."""
        found = match(
            [("1", "社区驿站", 0, 0)], [("a", "先锋驿站", 1, 0), ("b", "社区驿站", away, 0)]
        )
        assert bool(found.kept) == (away < 20)
        assert all(pair[1] == "b" for pair in pairs(found))

    def test_an_old_station_that_may_have_taken_the_name(self) -> None:
        old = [("1", "社区驿站", 0, 0), ("2", "先锋驿站", 60, 0)]
        assert not match(old, [("a", "社区驿站", 60, 0)]).kept

    def test_a_neighbour_that_is_matched_itself_is_no_rival(self) -> None:
        old = [("1", "社区驿站", 0, 0), ("2", "先锋驿站", 60, 0)]
        found = match(old, [("a", "社区驿站", 60, 0), ("b", "先锋驿站", 60, 0)])
        assert pairs(found) == [("1", "a", "name"), ("2", "b", "unchanged")]

    def test_an_empty_list(self) -> None:
        assert match([], [("a", "鼓楼驿站", 0, 0)]).added == ("a",)
        assert match([("1", "鼓楼驿站", 0, 0)], []).gone == ("1",)


class TestUnchanged:
    def test_two_floors_of_one_name_keep_their_ids_month_after_month(self) -> None:
        floors = [{"hours": "08:00-20:00"}, {"hours": "24/7"}]
        old = [("1", "大厦驿站", 0.0, 0.0, floors[0]), ("2", "大厦驿站", 0.0, 0.0, floors[1])]
        found = match(
            old, [("a", "大厦驿站", 0.0, 0.0, floors[1]), ("b", "大厦驿站", 0.0, 0.0, floors[0])]
        )
        assert pairs(found) == [("1", "b", "unchanged"), ("2", "a", "unchanged")]

    def test_two_rows_that_say_the_very_same(self) -> None:
        old = [("1", "大厦驿站", 0.0, 0.0), ("2", "大厦驿站", 0.0, 0.0)]
        found = match(old, [("a", "大厦驿站", 0.0, 0.0), ("b", "大厦驿站", 0.0, 0.0)])
        assert pairs(found) == [("1", "a", "unchanged"), ("2", "b", "unchanged")]


# --- properties ----------------------------------------------------------------------------------

NAMES = ("鼓楼驿站", "桥头驿站", "社区驿站", "社区", "一号站", "二号站")


@st.composite
def copies(draw: st.DrawFn) -> tuple[list[Spec], list[Spec], dict[str, str]]:
    """A crowded town, a shuffled copy of it without ids, and which row is which station.

    Each row of the copy is moved by at most 20 m; some are renamed, to names of their own; some
    are left out; some stations are new, under names that nobody had.
    """
    size = draw(st.integers(1, 14))
    spread = draw(st.sampled_from([30, 120, 600]))
    random = Random(draw(st.integers(0, 2**32)))
    old: list[Spec] = [
        (str(100 + at), random.choice(NAMES), random.uniform(0, spread), random.uniform(0, spread))
        for at in range(size)
    ]
    renamed, left_out, moved = (random.choice([0.0, 0.3]) for _ in range(3))
    rows: list[tuple[str | None, str, float, float]] = []
    for at, (id_text, name, east, north, *_) in enumerate(old):
        if random.random() < left_out:
            continue
        away = random.uniform(0, 20) if random.random() >= moved else 0.0
        turn = random.uniform(0, 2 * math.pi)
        name = f"新名{'甲乙丙丁戊己庚辛壬癸子丑寅卯'[at]}" if random.random() < renamed else name
        rows.append((id_text, name, east + away * math.cos(turn), north + away * math.sin(turn)))
    rows += [
        (None, f"初设{letter}", random.uniform(0, spread), random.uniform(0, spread))
        for letter in "一二三"[: random.randrange(4)]
    ]
    random.shuffle(rows)
    new: list[Spec] = [(f"r{at:03}", *row[1:]) for at, row in enumerate(rows)]
    return old, new, {f"r{at:03}": row[0] for at, row in enumerate(rows) if row[0]}


def never_wrong(drawn: tuple[list[Spec], list[Spec], dict[str, str]]) -> None:
    old, new, truth = drawn
    for pair in match(old, new).kept:
        assert truth.get(pair.new) == pair.old


@given(copies())
@settings(max_examples=examples(20))
def test_a_moved_and_renamed_copy_never_gets_a_wrong_id(
    drawn: tuple[list[Spec], list[Spec], dict[str, str]],
) -> None:
    never_wrong(drawn)


@pytest.mark.slow
@given(copies())
@settings(max_examples=examples(1500))
def test_never_a_wrong_id_at_length(
    drawn: tuple[list[Spec], list[Spec], dict[str, str]],
) -> None:
    never_wrong(drawn)


@pytest.mark.slow
@given(copies())
@settings(max_examples=examples(300))
def test_an_id_stated_rightly_is_never_a_conflict(
    drawn: tuple[list[Spec], list[Spec], dict[str, str]],
) -> None:
    old, new, truth = drawn
    found = match(old, [(truth.get(spec[0], f"9{spec[0][1:]}"), *spec[1:]) for spec in new])
    assert not found.conflicts
    assert {pair.old for pair in found.kept} == set(truth.values())


@given(copies())
@settings(max_examples=examples(8))
def test_the_same_list_again_keeps_every_id(
    drawn: tuple[list[Spec], list[Spec], dict[str, str]],
) -> None:
    old = drawn[0]
    again: list[Spec] = [(f"r{spec[0]}", *spec[1:]) for spec in old]
    assert [(p.old, p.new) for p in match(old, again).kept] == [(s[0], f"r{s[0]}") for s in old]


@given(copies(), st.randoms())
@settings(max_examples=examples(6))
def test_the_order_of_rows_does_not_matter(
    drawn: tuple[list[Spec], list[Spec], dict[str, str]], random: Random
) -> None:
    old, new, _ = drawn
    shuffled = random.sample(new, len(new))
    assert match(old, new) == match(random.sample(old, len(old)), shuffled)


def test_a_town_of_distinct_names_keeps_every_id_through_moves() -> None:
    random = Random(341523)
    names = [f"{a}{b}驿站" for a in "东南西北中" for b in "街巷坊桥门"]
    old: list[Spec] = [
        (str(at), name, random.uniform(0, 2000), random.uniform(0, 2000))
        for at, name in enumerate(names, start=100)
    ]
    new: list[Spec] = [
        (f"r{id_text}", name, east + random.uniform(-14, 14), north + random.uniform(-14, 14))
        for id_text, name, east, north, *_ in old
    ]
    assert len(match(old, new).kept) == len(names)


@pytest.mark.slow
@pytest.mark.parametrize("crowded", [False, True])
def test_five_thousand_rows_in_two_seconds(crowded: bool) -> None:
    """``crowded``: everything at one point under one name, as a hostile ledger has it."""
    random = Random(1)
    spread = 0 if crowded else 30_000
    old: list[Spec] = [
        (
            str(10_000 + at),
            "驿站" if crowded else f"{at % 700}号驿站",
            random.uniform(0, spread),
            random.uniform(0, spread),
            {"seats": at},
        )
        for at in range(5000)
    ]
    new: list[Spec] = [
        (f"r{id_text}", name, east + random.uniform(0, 10), north, {"seats": 1})
        for id_text, name, east, north, *_ in old
    ]
    before, after = table(*old), table(*new)
    start = time.process_time()
    found = find_successors(before, after, unnumbered=[spec[0] for spec in new])
    seconds = time.process_time() - start
    assert (len(found.kept) > 4900) != crowded
    assert seconds < 2, seconds
