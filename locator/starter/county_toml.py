"""The ``county.toml`` of a county that was just started, with a word on each thing to look at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from locator.starter.facts import Facts
from locator.starter.outline import Outline

#: What is written behind a key that was guessed: reason → words.
_LOOK = {
    "guess": "是猜的，请核对 / a guess: check it",
    "local_name": "没有这种语言的名称，先用当地的 / no such name found: the local one for now",
    "folder_name": "没有名称，先用文件夹的 / no name found: the folder's for now",
    "made_up": "是编的，驿站编号以它开头：不要在这里改，要换就删掉这个文件夹，加 --code 重新 init "
    "/ made up, and ids begin with it: not to be changed here but by a new init with --code",
    "several_zones": "这个国家不止一个时区，请核对 / the country has several zones: check it",
}


def county_toml(
    facts: Facts,
    *,
    extract: str,
    sha256: str,
    dated: date | None,
    outline: Outline | None,
    townships: Sequence[str],
    kinds: Mapping[str, Mapping[str, Any]],
    demand: bool,
) -> str:
    """The file's text. ``sha256`` is that of the street file, ``dated`` the day of the extract."""
    file = _text(extract)[1:-1]
    day = f"，数据截至 {dated}" if dated else ""
    day_en = f" as of {dated}" if dated else ""
    lines = [
        f"# 由开放街图（OpenStreetMap）数据 {file} 生成{day}。哪些要核对，写在各键上面。",
        f"# Started from the OpenStreetMap extract {file}{day_en}. Comments say what to look at.",
        "# 各键的意思 / What the keys mean: CONTRIBUTING.md, “Add a county”.",
        "",
    ]
    for key in ("code", "name_zh", "name_en", "country", "timezone"):
        look = facts.guessed.get(key)
        if look:
            lines.append(f"# {key} {_LOOK[look]}")
        lines.append(f"{key} = {_text(getattr(facts, key))}")
    lines += [
        "# 地图打开时的中心（经度, 纬度，WGS-84） / where the map opens",
        f"centre = [{facts.centre[0]}, {facts.centre[1]}]",
    ]
    if outline:
        lines += [
            "# 县界只用于核对坐标，不画出来 / for checks only, never drawn",
            'outline = "outline.geojson"',
        ]
    lines += [
        "# 换成本县的台账： / Put the county's own ledger in its place:",
        f"#   locator adopt {facts.slug} LEDGER.xlsx",
        'ledgers = ["stations.geojson"]',
        'ledger_datum = "wgs84"',
        "# 可以设驿站的地方、可以立导览牌的地方 / where a station, where a sign could stand",
        'candidates = "candidates.geojson"',
        'sign_sites = "sign_sites.geojson"',
    ]
    if townships:
        lines += [
            "townships = [",
            *(f"  {_text(name)}," for name in townships),
            "]",
            "# 只用来分乡镇，不画出来 / to tell townships apart, never drawn",
            'township_outlines = "townships.geojson"',
        ]
    lines += [
        "",
        "[streets]",
        'file = "streets.osm.pbf"',
        'provenance = "osm"',
        *([f"frozen_on = {dated}"] if dated else []),
        f"source = {_text(extract)}",
        f'sha256 = "{sha256}"',
        'attribution = "© OpenStreetMap contributors"',
    ]
    if demand:
        lines += [
            "",
            "# 骑手人数由餐馆和住宅推算；有订单或清点的人数就换掉",
            "# Reckoned from restaurants and homes; put orders or headcounts in its place.",
            "[demand]",
            'file = "demand.csv"',
            'provenance = "proxy"',
        ]
    if kinds:
        lines += ["", "# 开放街图里有、台账里没有的类型 / kinds that OpenStreetMap has"]
    for number, (code, kind) in enumerate(kinds.items()):
        lines += [*([""] if number else []), f"[kinds.{code}]"]
        lines += [f"{key} = {_value(value)}" for key, value in kind.items()]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    return _text(value) if isinstance(value, str) else str(value).lower()


def _text(text: str) -> str:
    """A basic string of TOML: JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
