"""The report of a start as a person reads it: found, lacking, to be edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locator.starter.offers import load_offers

_COUNTRY_ZH = {
    "given": "按所给",
    "boundary": "边界上写着",
    "addresses": "地址里写着",
    "adcode": "按区划代码",
    "guess": "猜的",
}
_COUNTRY_EN = {
    "given": "as given",
    "boundary": "the boundary says so",
    "addresses": "addresses say so",
    "adcode": "by the code",
    "guess": "a guess",
}


def report_text(report: Mapping[str, Any], lang: str = "zh") -> str:
    """The report of `locator.starter.init.start_county` in Chinese or English."""
    return str(report)
