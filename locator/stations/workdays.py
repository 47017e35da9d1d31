"""Holidays and working days as a country's own calendar has them.

In China the State Council moves rest days about: a holiday takes the weekend beside it along and
is paid for with make-up workdays (调休), Saturdays and Sundays on which everybody works. The dates
come from `holidays`, which knows the make-up workdays only once the yearly notice is out, in
November of the year before; until then a year has its festivals and no make-up workday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from locator.errors import UsageError

_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6
_WEDNESDAY = 2


@dataclass(frozen=True, slots=True)
class _Year:
    holidays: frozenset[date]
    makeup_workdays: frozenset[date]


def is_holiday(day: date, country: str) -> bool:
    """Whether ``day`` is a public holiday in ``country`` (ISO 3166 code, "CN").

    In China the weekend days that touch a holiday belong to it, as in the State Council's notices
    ("10 月 1 日至 7 日放假"), make-up workdays never.
    """
    year = _year(country, day.year)
    if day in year.holidays:
        return True
    if country != "CN" or day.weekday() < _SATURDAY or day in year.makeup_workdays:
        return False
    other = day + (_DAY if day.weekday() == _SATURDAY else -_DAY)
    weekend = sorted({day, other} - year.makeup_workdays)
    return (
        other in year.holidays
        or weekend[0] - _DAY in year.holidays
        or weekend[-1] + _DAY in year.holidays
    )


def is_makeup_workday(day: date, country: str) -> bool:
    """Whether ``day`` is a Saturday or Sunday on which the country works (调休上班)."""
    return day in _year(country, day.year).makeup_workdays


def clock_dates(as_of: date, country: str) -> dict[str, date]:
    """The two dates that stand for all others: ``{"workday": …, "dayoff": …}``.

    The first Wednesday and the first Sunday after ``as_of`` that are neither a holiday nor a
    make-up workday.
    """

    def first(weekday: int) -> date:
        day = as_of + _DAY
        while (
            day.weekday() != weekday or is_holiday(day, country) or is_makeup_workday(day, country)
        ):
            day += _DAY
        return day

    return {"workday": first(_WEDNESDAY), "dayoff": first(_SUNDAY)}


@cache
def _year(country: str, year: int) -> _Year:
    """The calendar of ``year`` and the days next to it (a holiday may touch New Year's Eve)."""
    try:
        known = holidays.country_holidays(country, years=(year - 1, year, year + 1))
    except NotImplementedError as error:
        raise UsageError(
            f"不知道“{country}”的公共假日，请写两个字母的国家代码，如 CN / "
            f"country {country!r}: no calendar of its public holidays is known; "
            "give a two-letter ISO code, such as CN."
        ) from error
    return _Year(frozenset(known), frozenset(getattr(known, "weekend_workdays", ())))
