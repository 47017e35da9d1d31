"""The official calendar: what the State Council's notices say, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.errors import UsageError
from locator.stations.hours import clock_dates
from locator.stations.workdays import is_holiday, is_makeup_workday

# 国务院办公厅关于 2025 年、2026 年部分节假日安排的通知: first and last day of each holiday.
NOTICES = {
    2025: (
        [("01-01", "01-01"), ("01-28", "02-04"), ("04-04", "04-06"), ("05-01", "05-05"),
         ("05-31", "06-02"), ("10-01", "10-08")],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"),
         ("06-19", "06-21"), ("09-25", "09-27"), ("10-01", "10-07")],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}  # fmt: skip


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=i) for i in range(365)]


@pytest.mark.parametrize("year", NOTICES)
def test_the_notice_of_the_state_council(year):
    holidays, makeup = NOTICES[year]
    off = {
        day
        for first, last in holidays
        for day in days_of(year)
        if f"{year}-{first}" <= day.isoformat() <= f"{year}-{last}"
    }
    assert {day for day in days_of(year) if is_holiday(day, "CN")} == off
    worked = {day for day in days_of(year) if is_makeup_workday(day, "CN")}
    assert {day.strftime("%m-%d") for day in worked} == set(makeup)


def test_a_year_without_a_notice_has_its_festivals():
    assert is_holiday(date(2027, 2, 6), "CN")
    assert is_holiday(date(2027, 10, 1), "CN")
    assert not is_holiday(date(2027, 3, 8), "CN")


def test_elsewhere_a_weekend_beside_a_holiday_is_a_weekend():
    assert is_holiday(date(2026, 12, 25), "FI")
    assert is_holiday(date(2026, 12, 26), "FI")
    assert not is_holiday(date(2026, 12, 27), "FI")
    assert not is_makeup_workday(date(2026, 10, 10), "FI")


def test_an_unknown_country_is_said_to_be_one():
    with pytest.raises(UsageError, match="ISO code"):
        is_holiday(date(2026, 1, 1), "Atlantis")


@pytest.mark.parametrize(
    ("as_of", "workday", "dayoff"),
    [
        ("2026-11-02", "2026-11-04", "2026-11-08"),
        ("2026-11-04", "2026-11-11", "2026-11-08"),  # after the date, not on it
        ("2026-11-08", "2026-11-11", "2026-11-15"),
        ("2026-09-30", "2026-10-14", "2026-10-11"),  # 7 October is a holiday, so is Sunday the 4th
        ("2026-09-17", "2026-09-23", "2026-10-11"),  # 20 September is worked, the 27th is a holiday
        ("2026-02-12", "2026-02-25", "2026-03-01"),  # the Spring Festival
        ("2025-12-31", "2026-01-07", "2026-01-11"),  # Sunday 4 January is worked
    ],
)
def test_the_two_dates_of_the_clock(as_of, workday, dayoff):
    assert clock_dates(date.fromisoformat(as_of), "CN") == {
        "workday": date.fromisoformat(workday),
        "dayoff": date.fromisoformat(dayoff),
    }


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.sampled_from(["CN", "FI"]))
def test_the_dates_are_ordinary_and_not_far(as_of, country):
    dates = clock_dates(as_of, country)
    assert [day.strftime("%a") for day in dates.values()] == ["Wed", "Sun"]
    for day in dates.values():
        assert timedelta(0) < day - as_of <= timedelta(days=28)
        assert not is_holiday(day, country)
        assert not is_makeup_workday(day, country)
