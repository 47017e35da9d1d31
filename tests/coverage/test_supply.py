"""Windows and masks: what a station's hours mean for one who rides so many minutes to it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from locator.coverage import mask_kernel
from locator.coverage.demand import SLOTS
from locator.coverage.supply import ANY_STOP, covered, mask_arrays, supply_of
from locator.stations.hours import clock_dates, normalise_hours
from tests.coverage.reference_clock import count_covering
from tests.quick import examples

AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def supply(county, table):
    def make(*stations, as_of=AS_OF, county=county):
        return supply_of(table(*stations), county, clock_dates(as_of, county.country))

    return make


def of_slot(supply, hour, service=0, day="workday"):
    slot = SLOTS.index((day, hour))
    rows = supply.windows
    return rows[(rows[:, 1] == service) & (rows[:, 2] == slot)][:, [0, 3, 4]].tolist()


def test_one_who_leaves_at_half_past_and_stays_ten_minutes(supply):
    found = supply({"hours": "08:00-20:00"})
    # On the way at 8:30, to be there by 8:45: always open. At 19:30 too; at 20:30 never.
    assert of_slot(found, 8) == [[0, 0, 9000]]
    assert of_slot(found, 19) == [[0, 0, 9000]]
    assert of_slot(found, 20) == of_slot(found, 7) == []


def test_a_door_that_opens_or_shuts_on_the_way(supply):
    # It opens 4 minutes after the rider left, and shuts 20 minutes after: be there by then.
    assert of_slot(supply({"hours": "07:34-07:50"}), 7) == [[0, 4 * 600, 10 * 600]]
    # Exactly ten minutes fit a single moment; nine none.
    assert of_slot(supply({"hours": "07:34-07:44"}), 7) == [[0, 2400, 2400]]
    assert of_slot(supply({"hours": "07:34-07:43"}), 7) == []
    # A short break leaves two windows.
    assert of_slot(supply({"hours": "07:00-07:42,07:44-12:00"}), 7) == [
        [0, 0, 1200],
        [0, 8400, 9000],
    ]


def test_midnight_and_the_two_days(supply):
    found = supply({"hours": "22:00-02:00"})
    assert [slot for _, _, slot, *_ in found.windows.tolist()] == [0, 1, 22, 23, 24, 25, 46, 47]
    always = supply({"hours": "24/7"})
    assert always.windows[:, 3:].tolist() == [[0, 9000]] * 48


def test_who_has_no_window(supply):
    none = [{"hours": None}, {"status": "planned"}, {"kind": "friendly_estate"}, {"hours": "off"}]
    assert len(supply(*none).windows) == 0
    assert len(supply().windows) == 0


def test_the_steps_of_a_mask(supply):
    masks = supply({"hours": "07:34-07:50"}, {"hours": None}).masks
    assert masks.start.tolist() == [0, 3, 4]
    assert masks.tau.tolist() == [0, 2400, 6001, 0]
    assert masks.words.shape == (4, 3)  # 3 services × 48 hours in three words
    assert masks.words[1].tolist() == [1 << 7 | 1 << (24 + 7), 0, 0]
    assert not masks.words[[0, 2, 3]].any()


def test_what_if(supply):
    """Each is what the table with these hours gives."""
    base = [
        {"hours": "08:00-20:00", "services": ["toilet"]},
        {"hours": None},
        {"status": "planned"},
    ]
    found = supply(*base)

    def same(scenario, *stations):
        expected = supply(*stations)
        assert scenario.windows.tolist() == expected.windows.tolist()
        assert scenario.windows.dtype == np.int32

    one, two, three = (offer.station for offer in found.offers)
    longer = {**base[0], "hours": "06:00-24:00"}
    same(found.replaced(one, hours="06:00-24:00"), longer, *base[1:])
    same(found.replaced(two, hours="24/7"), base[0], {"hours": "24/7"}, base[2])
    same(found.replaced(three, hours="24/7"), *base[:2], {})
    same(found.replaced(three, services=["toilet"]), *base)
    # A day that is not named stays as it is: 8 to 20 of the first, closed of the planned one.
    sunday = {"dayoff": "10:00-12:00"}
    either = {**base[0], "hours": "Mo-Sa 08:00-20:00; Su 10:00-12:00"}
    same(found.replaced(one, hours=sunday), either, *base[1:])
    same(found.replaced(three, hours=sunday), *base[:2], {"hours": "Su 10:00-12:00"})
    same(found.replaced(one, services=[]), {**base[0], "services": []}, *base[1:])
    meals = {"services": ["hot_meal"], "service_hours": {"hot_meal": "11:00-13:00"}}
    same(found.replaced(one, **meals), {**base[0], **meals}, *base[1:])
    same(found.without(one), {**base[0], "status": "closed"}, *base[1:])
    same(found.with_station("new", "24/7"), *base, {"services": ["toilet", "hot_meal"]})
    same(found.with_station("new", sunday, []), *base, {"hours": "Su 10:00-12:00"})
    same(found.with_station("new", "09:00-10:00", []), *base, {"hours": "09:00-10:00"})
    assert found.windows.tolist() == supply(*base).windows.tolist()  # itself unchanged
    with pytest.raises(KeyError):
        found.without("nobody")


# ── the same as the plainest arithmetic ─────────────────────────────────────────────────────────

CLOCK = st.integers(0, 96).map(lambda quarter: quarter * 15) | st.integers(0, 1440)


@st.composite
def spans(draw):
    """Opening hours of up to two spans a day, to the minute, over midnight too."""
    times = sorted(draw(st.lists(CLOCK, min_size=2, max_size=4, unique=True)))
    pairs = list(zip(times[::2], times[1::2], strict=False))
    if draw(st.booleans()):
        pairs = [(pairs[-1][1] % 1440, pairs[0][0] + 1440)]
    return ",".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in pairs)


HOURS = st.sampled_from([None, "24/7", "off", "Mo-Fr 07:00-21:00; Sa-Su,PH 10:00-16:00"]) | spans()
STATION = st.fixed_dictionaries(
    {
        "hours": HOURS,
        "kind": st.sampled_from(["warm_station", "canteen", "friendly_estate"]),
        "status": st.sampled_from(["open", "open", "open", "planned"]),
        "services": st.lists(st.sampled_from(["toilet", "hot_meal"]), unique=True),
        "service_hours": st.just({}) | st.fixed_dictionaries({"hot_meal": spans()}),
    }
)
DS = st.just(0) | st.integers(1, 9000)


@st.composite
def places(draw):
    stations = [
        {**station, "hours": normalise_hours(station["hours"])}
        for station in draw(st.lists(STATION, max_size=5))
    ]
    cells = draw(st.integers(1, 5))
    row = st.lists(DS, min_size=len(stations), max_size=len(stations))
    times = draw(st.lists(row, min_size=cells, max_size=cells))
    return stations, csr_array(np.array(times, dtype=np.int32).reshape(cells, len(stations)))


@settings(max_examples=examples(150), deadline=None)
@given(
    places(),
    st.floats(0.1, 15) | st.integers(1, 15),
    st.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "UTC", "Asia/Kathmandu"]),
    st.dates(date(2026, 1, 1), date(2027, 6, 1)),
)
def test_the_clock_is_that_of_the_plainest_arithmetic(county, table, place, reach, zone, as_of):
    stations, matrix = place
    there = county.model_copy(update={"timezone": zone})
    dates = clock_dates(as_of, there.country)
    found = supply_of(table(*stations), there, dates)
    expected = count_covering(matrix, table(*stations), there, dates, reach)
    np.testing.assert_array_equal(covered(matrix, found, reach), expected > 0)
    _, twice = mask_kernel.covered_twice(*mask_arrays(matrix, found), reach)
    bits = np.unpackbits(twice.view(np.uint8), axis=1, bitorder="little")[:, : 3 * len(SLOTS)]
    np.testing.assert_array_equal(bits.T.reshape(expected.shape), expected > 1)
    assert found.services == (ANY_STOP, "toilet", "hot_meal")
    rows = found.windows
    assert np.array_equal(rows, rows[np.lexsort(rows.T[::-1])])
    assert ((rows[:, 3] >= 0) & (rows[:, 3] <= rows[:, 4]) & (rows[:, 4] <= 9000)).all()
