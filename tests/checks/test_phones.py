"""Telephone numbers: none of these is anybody's."""

from __future__ import annotations

import pytest

from locator.checks.phones import not_a_number

GOOD = [
    "13800000000", "138 0000 0000", "138-0000-0000", "+86 138-0000-0000", "8613800000000",
    "0564-2000000", "(0564)2000000", "（0564）2000000", "０５６４－２００００００",
    "05642000000",
    "010-62000000", "2000000", "0564-2000000转801", "0564-2000000-801", "0564-2000000 ext 8",
    "0564-2000000/35", "0564-2000000、13800000000", "0564-2000000 13800000000",
    "12351;12345", "110", "95598", "400-000-0000", "4000000000", "值班室：0564-2000000",
    "电话0564-2000000（白天）", "+852 2000 0000", "无", "暂无", "", "-",
]  # fmt: skip
BAD = [
    ("1380000000", "1380000000"), ("138000000000", "138000000000"), ("0564-200000", "0564-200000"),
    ("12800000000", "12800000000"), ("010-1200000", "010-1200000"), ("见门口", "见门口"),
    ("0564-2000000、138", None), ("13800000000、1380000", "1380000"),
    ("+86 1380000", "+86 1380000"),
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_what_can_be_dialled_in_china(text: str) -> None:
    assert not_a_number(text, "CN") is None


@pytest.mark.parametrize(("text", "part"), BAD)
def test_what_cannot(text: str, part: str | None) -> None:
    assert not_a_number(text, "CN") == part


@pytest.mark.parametrize(
    "text", ["+423 000 00 00", "000 00 00; 000 00 01", "+49 30 000000 ext. 12"]
)
def test_elsewhere_only_the_length_counts(text: str) -> None:
    assert not_a_number(text, "LI") is None


@pytest.mark.parametrize("text", ["ask inside", "12", "+423 000 000 000 000 000"])
def test_elsewhere_too_words_are_no_number(text: str) -> None:
    assert not_a_number(text, "LI") == text
