"""Columns of numbers, byte by byte."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.release.columns import pack
from tests.release.columns_reader import unpack


def test_a_file_on_paper() -> None:
    raw = pack(
        {"format": "x"},
        {
            "a": ("uint", [0, 127, 128, 300]),
            "b": ("int", [0, -1, 1, -64, 64]),
            "c": ("delta", [5, 5, 3]),
            "d": ("text", ["街"]),
        },
    )
    head = int.from_bytes(raw[4:8], "little")
    assert raw[:4] == b"YZT1"
    assert json.loads(raw[8 : 8 + head]) == {
        "format": "x",
        "columns": [["a", "uint", 4, 6], ["b", "int", 5, 6], ["c", "delta", 3, 3],
                    ["d", "text", 1, 7]],
    }  # fmt: skip
    assert (
        raw[8 + head :]
        == bytes([0, 0x7F, 0x80, 1, 0xAC, 2, 0, 1, 2, 0x7F, 0x80, 1, 10, 0, 3]) + '["街"]'.encode()
    )


whole = st.lists(st.integers(-(2**50), 2**50))


@given(whole, st.lists(st.integers(0, 2**53 - 1)))
def test_whatever_goes_in_comes_out(signed: list[int], unsigned: list[int]) -> None:
    raw = pack({}, {"u": ("uint", unsigned), "i": ("int", signed), "d": ("delta", signed)})
    _, columns = unpack(raw)
    assert columns == {"u": unsigned, "i": signed, "d": signed}


@pytest.mark.parametrize("number", [-1, 2**53])
def test_what_a_phone_cannot_count_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=r"0 to 2\*\*53"):
        pack({}, {"u": ("uint", [number])})
