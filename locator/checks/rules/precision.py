"""How often each rule is right on real places, as ``precision.toml`` has it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_WHY_NOT = {
    "before": (
        "真实的地方只有一期，没有上一版可比，还没有量过。",
        "of the real places there is one state only, with no release before it: not measured.",
    ),
    "map": (
        "要有两份名单才有结果，见 locator reconcile 的测试，这里没有量。",
        "it takes two lists: not measured here.",
    ),
}


@cache
def measured() -> dict[str, Any]:
    """The tables of ``precision.toml``."""
    return tomllib.loads(Path(__file__).with_name("precision.toml").read_text("utf-8"))


def precision_text(code: str, lang: str) -> str:
    """One line for the page of the rule ``code``: what it found on real places, and what of it was
    right."""
    table = measured()
    zh = lang == "zh"
    reason = table["not_measured"].get(code)
    if reason is not None:
        return f"真实数据：{_WHY_NOT[reason][0]}" if zh else f"On real data: {_WHY_NOT[reason][1]}"
    said = table.get(code, {})
    parts = []
    for name, place in table["places"].items():
        found = said.get(name, {"findings": 0, "right": 0})
        findings, right, stations = found["findings"], found["right"], place["stations"]
        if zh:
            counted = f"报 {findings} 处，核对为真 {right} 处" if findings else "没有报"
            parts.append(f"在{place['zh']} {stations} 个驿站里{counted}")
        else:
            counted = f"{findings} findings, {right} of them right," if findings else "none"
            parts.append(f"{counted} on the {stations} stations of {place['en']}")
    return f"真实数据：{'；'.join(parts)}。" if zh else f"On real data: {'; '.join(parts)}."
