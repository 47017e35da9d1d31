"""What is wrong with a TOML file, in Chinese and English: people of the county's office edit it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"at line (\d+), column (\d+)")
#: What pydantic says of a value, by the type of its error; the braces hold what it says besides.
_VALUES_ZH = {
    "missing": "缺这一项",
    "extra_forbidden": "没有这一项",
    "string_pattern_mismatch": "写法不对，要符合 {pattern}",
    "literal_error": "只能写 {expected}",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "要小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "too_short": "至少要写 {min_length} 个",
    "too_long": "最多写 {max_length} 个",
    "int_from_float": "要写整数",
    "finite_number": "要写一个数",
}
#: The same of the form that a value must have, by the first word of the type.
_FORMS_ZH = {
    "string": "要写成文字，放在半角引号里",
    "int": "要写整数",
    "float": "要写一个数",
    "bool": "只能写 true 或 false",
    "date": "要写成 2026-11-20 这样的日期",
    "tuple": "要写成方括号里的一列",
    "dict": "要写成一个表",
    "model": "要写成一个表",
}


def not_toml(error: ValueError) -> tuple[str, str]:
    """Why a file cannot be read as TOML (Chinese, English), with the place where that is known."""
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码，请另存为 UTF-8", f"not UTF-8 text: {error}"
    place = _PLACE.search(str(error))
    where = f"第 {place[1]} 行第 {place[2]} 列" if place else "末尾"
    return f"{where}写法不对（等号、引号、括号要用半角，成对）", str(error)


def wrong_value(fault: Mapping[str, Any]) -> tuple[str, str]:
    """Why a value cannot be used (Chinese, English); ``fault`` is an entry of pydantic's errors.

    What our own checks say is in both languages already: Chinese, a stroke, English.
    """
    en = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "value_error":
        zh, _, english = en.partition(" / ")
        return zh, english or en
    said = _VALUES_ZH.get(fault["type"]) or _FORMS_ZH.get(fault["type"].split("_")[0])
    return (said or "不能这样写").format_map(fault.get("ctx", {})), en
