"""A place that is mapped twice is there once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from locator.geo.crs import haversine_m
from locator.starter.extract import Place
from locator.starter.found import TWICE_M, WIDEST_M, once_each, radius_m
from tests.quick import examples
from tests.starter.drawn import at

_PLACES = st.lists(
    st.builds(
        lambda name, x, y, area_m2, level, alike: (
            {"name": name, "level": level} if name else {"level": level},
            at(x, y),
            area_m2,
            alike,
        ),
        st.sampled_from(["", "Wolf", "WOLF", "Bär"]),
        st.integers(-15, 15),
        st.integers(-15, 15),
        st.sampled_from([0.0, 0.0, 60.0, 500.0, 1e6]),
        st.sampled_from(["0", "1"]),
        st.integers(0, 1),
    ),
    max_size=14,
)


def reach_m(place: Place) -> float:
    return min(2 * radius_m(place), WIDEST_M) + TWICE_M


@settings(max_examples=examples(60))
@given(_PLACES)
def test_what_is_dropped_repeats_something_kept(
    drawn: list[tuple[dict[str, str], tuple[float, float], float, int]],
) -> None:
    places = [Place(f"n{n}", tags, *xy, area) for n, (tags, xy, area, _) in enumerate(drawn)]
    alike = [each for *_, each in drawn]

    def one_thing(one: int, other: int) -> bool:
        """The rule as the docstring has it, pair by pair."""
        a, b = places[one], places[other]
        if alike[one] != alike[other] or a.tags["level"] != b.tags["level"]:
            return False
        called = {each.tags.get("name", "").lower() for each in (a, b)}
        apart = float(haversine_m(a.lon, a.lat, b.lon, b.lat))
        areas = [each for each in (a, b) if each.area_m2]
        if len(areas) == 1:
            return apart <= reach_m(areas[0]) and (len(called) == 1 or "" in called)
        return apart <= TWICE_M and len(called) == 1

    kept = once_each(places, alike)
    assert kept == sorted(set(kept))
    for dropped in set(range(len(places))) - set(kept):
        assert any(one_thing(dropped, stays) for stays in kept)
    for number, one in enumerate(kept):
        assert not any(one_thing(one, other) for other in kept[number + 1 :])


def test_a_crowd_on_one_spot_is_quick_to_sort_out() -> None:
    crowd = [Place(f"n{n}", {"name": str(n % 2)}, *at(n % 25, n // 25)) for n in range(400)]
    kept = once_each(crowd, [0] * len(crowd))
    assert 10 < len(kept) < 60


def test_copies_of_one_thing_are_quick_to_sort_out() -> None:
    """An import that ran many times: the best of them stays, wherever it stands in the list."""
    crowd = [Place(f"n{n}", {"name": str(n % 2)}, *at(0, 0)) for n in range(5000)]
    crowd.append(Place("n5000", {"name": "1", "opening_hours": "24/7"}, *at(0, 0)))
    assert once_each(crowd, [0] * len(crowd)) == [0, 5000]
