"""What one cell says, drawn by hand."""

from __future__ import annotations

from datetime import date

import pytest

from locator.stations import cells


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("116.95", 116.95), ("１１６．９５", 116.95), ("-3", -3.0), ("1e2", 100.0), (".5", 0.5),
        ("", None), ("nan", None), ("inf", None), ("1e999", None), ("116,95", None), ("1_0", None),
        ("东经116度", None), ("0x10", None), ("9" * 400, None),
    ],
)  # fmt: skip
def test_number(text: str, value: float | None) -> None:
    assert cells.number(text) == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-01", date(2026, 10, 1)), ("2026/10/1", date(2026, 10, 1)),
        ("2026年10月1日", date(2026, 10, 1)), ("20261001", date(2026, 10, 1)),
        ("2026.10.1", date(2026, 10, 1)), ("2026-10-01 08:30", date(2026, 10, 1)),
        ("2026年10月", date(2026, 10, 1)), ("2026-02-30", None), ("去年", None), ("", None),
    ],
)  # fmt: skip
def test_day(text: str, day: date | None) -> None:
    assert cells.day(text) == day


def test_clean_takes_off_what_the_eye_does_not_see() -> None:
    assert cells.clean("\ufeff 鼓楼\u202e驿站\u200b\n二楼\u3000") == "鼓楼驿站 二楼"
    assert cells.clean("👩\u200d🍳食堂") == "👩\u200d🍳食堂"
    assert cells.clean("a  b") == "a  b"


def test_words_and_records() -> None:
    assert cells.words("饮水；热饭、歇脚, 饮水;") == ["饮水", "热饭", "歇脚"]
    assert cells.record("供餐：11:00-13:00 | toilet: 24/7") == {
        "供餐": "11:00-13:00", "toilet": "24/7"
    }  # fmt: skip
    assert cells.record('toilet: Mo 10:00-12:00 || "ask"') == {"toilet": 'Mo 10:00-12:00 || "ask"'}


def test_count() -> None:
    assert [cells.count(text) for text in ("12", "12 个", "１２", "12.0", "很多", "-1")] == [
        12, 12, 12, 12, None, None
    ]  # fmt: skip
