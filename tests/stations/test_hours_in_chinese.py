"""Canonical hours back in Chinese."""

from __future__ import annotations

import pytest

from locator.stations.hours import normalise_hours
from locator.stations.hours_in_chinese import hours_in_words, hours_shown, spoken_hours


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("Mo-Fr 08:00-18:00; PH off", "周一至周五08:00-18:00；法定节假日休息"),
        ("08:00-20:00", "08:00-20:00"),
        ("Mo-Su 16:00-02:00", "每天16:00-次日02:00"),
        ("Mo-Fr 08:00-20:00; Sa-Su 09:00-17:00", "周一至周五08:00-20:00；周末09:00-17:00"),
        ("24/7", "24小时"),
        ("Mo[1] 09:00-12:00", "Mo[1] 09:00-12:00"),
    ],
)
def test_a_clerk_s_words_read_back_as_the_same(hours: str, said: str) -> None:
    assert spoken_hours(hours) == said
    assert normalise_hours(said) == hours


def test_what_no_clerk_would_write_is_told_rule_by_rule() -> None:
    hours = normalise_hours("夏季6:00-21:00，冬季7:00-20:00")
    assert hours is not None
    assert spoken_hours(hours) == hours
    assert hours_in_words(hours) == (
        "6月–8月 06:00–21:00；12月–2月 07:00–20:00；3月–5月、9月–11月 不一定开（没写明月份）"
    )


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        ("08:00-20:00", "08:00-20:00"),
        ("24/7", "24小时（24/7）"),
        ("Mo-Fr 08:00-18:00", "周一至周五08:00-18:00（Mo-Fr 08:00-18:00）"),
        ("week 1-10 08:00-18:00", "week 1-10 08:00-18:00"),
    ],
)
def test_both_are_shown_where_they_differ(hours: str, shown: str) -> None:
    assert hours_shown(hours) == shown
