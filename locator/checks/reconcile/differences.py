"""In what the ledger and a map differ about one station, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from locator.checks.reconcile import likeness
from locator.checks.reconcile.pair_points import Signs
from locator.county import County
from locator.errors import HoursError
from locator.stations import cells
from locator.stations.hours import normalise_hours, open_intervals
from locator.stations.hours_in_chinese import hours_shown, spoken_hours
from locator.stations.map_list import closed_words

#: Doors are entered this well by hand; nearer is no difference.
DOOR_M = 50.0
#: From here on two addresses are one, written differently.
_ONE_ADDRESS = 0.85
_SENTENCES, _SHOWN = ("name", "address", "phone"), 60
_BRACKETS = re.compile(r"[(（\[【](.*?)[)）\]】]")
#: A week without a holiday: which one is no matter, both sides are read in it.
_ANY_MONDAY = date(2026, 11, 16)
_WAYS = (
    ("北", "north"), ("东北", "north-east"), ("东", "east"), ("东南", "south-east"),
    ("南", "south"), ("西南", "south-west"), ("西", "west"), ("西北", "north-west"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: what the ledger says and what the map says ("" for nothing), and a sentence."""

    field: str
    ours: str
    theirs: str
    zh: str
    en: str


def way_words(bearing_deg: float) -> tuple[str, str]:
    """One of eight directions, in Chinese and English."""
    return _WAYS[round(bearing_deg / 45.0) % 8]


def differences(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], signs: Signs, county: County
) -> tuple[Difference, ...]:
    """The fields in which a station (a row of the station table) and a map's entry differ.

    What only the map knows (a telephone number, hours) is told as well; what only the ledger knows
    is not, since maps know little.
    """
    ours, theirs = _shortened(ours), _shortened(theirs)
    found = (
        _status(ours, theirs),
        _name(ours, theirs, county),
        _position(signs),
        _address(ours, theirs, county),
        _phone(ours, theirs),
        _hours(ours, theirs),
        _services(ours, theirs, county),
    )
    return tuple(each for each in found if each is not None)


def _shortened(side: Mapping[str, Any]) -> dict[str, Any]:
    """The side without what nobody would read in a sentence."""
    return {
        name: value[:_SHOWN] if name in _SENTENCES and isinstance(value, str) else value
        for name, value in side.items()
    }


def _status(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Difference | None:
    gone, paused = closed_words()
    name = theirs["name"].casefold()
    # Only at the end of a name, or in brackets: 汽车维修中心 is not 维修中.
    said = " ".join([theirs["status"].casefold(), *_BRACKETS.findall(name)])
    status = ours["status"]
    for words, state, zh, en in (
        (gone, "closed", "已经关闭", "closed for good"),
        (paused, "temporarily_closed", "暂停开放", "closed for now"),
    ):
        word = next((word for word in words if word in said or name.endswith(word)), None)
        if word is not None and status not in (state, "closed"):
            return Difference(
                "status", status, word,
                f"地图上写着「{word}」，台账是开着的。请核实是不是{zh}了。",
                f"the map says {word!r} ({en}), the ledger {status}; go and see.",
            )  # fmt: skip
        if word is not None:
            return None
    if status in ("closed", "planned"):
        zh, en = ("已撤销", "closed") if status == "closed" else ("规划中", "planned")
        return Difference(
            "status", status, "",
            f"台账里{zh}，地图上还像开着。请在地图上改，免得骑手白跑。",
            f"{en} in the ledger, and on the map as if it were open; have the map corrected.",
        )  # fmt: skip
    return None


def _name(ours: Mapping[str, Any], theirs: Mapping[str, Any], county: County) -> Difference | None:
    common = likeness.common_words(county)
    one, other = (likeness.name_of(side["name"] or "", common) for side in (ours, theirs))
    if one == other or not theirs["name"]:
        return None
    return Difference(
        "name", ours["name"], theirs["name"],
        f"名称不同：台账「{ours['name']}」，地图「{theirs['name']}」。门头怎么写，就都怎么写。",
        f"the ledger says {ours['name']!r}, the map {theirs['name']!r}; both should say what the "
        "signboard says.",
    )  # fmt: skip


def _position(signs: Signs) -> Difference | None:
    if not np.isfinite(signs.metres) or signs.metres <= DOOR_M:
        return None
    zh, en = way_words(signs.bearing_deg)
    metres = f"{signs.metres:.0f}"
    return Difference(
        "position", "", metres,
        f"地图上的点在台账的{zh}面 {metres} 米。请到门口核对，改错的一边。",
        f"the map's point lies {metres} m to the {en} of the ledger's; check at the door.",
    )  # fmt: skip


def _address(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], county: County
) -> Difference | None:
    if not ours["address"] or not theirs["address"]:
        return None
    one, other = (likeness.address_core(side["address"], county) for side in (ours, theirs))
    alike = float(likeness.addresses_alike([one], [other])[0])
    if not alike < _ONE_ADDRESS:
        return None
    return Difference(
        "address", ours["address"], theirs["address"],
        f"地址不同：台账「{ours['address']}」，地图「{theirs['address']}」。",
        f"addresses differ: {ours['address']!r} in the ledger, {theirs['address']!r} on the map.",
    )  # fmt: skip


def _phone(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Difference | None:
    one, other = (likeness.phones_of(side["phone"] or "") for side in (ours, theirs))
    if not other or one & other:
        return None
    mine = ours["phone"] or ""
    return Difference(
        "phone", mine, theirs["phone"],
        f"电话不同：台账「{mine}」，地图「{theirs['phone']}」。" if mine
        else f"台账没有电话，地图写着「{theirs['phone']}」。",
        f"telephone: {mine or 'none'} in the ledger, {theirs['phone']} on the map.",
    )  # fmt: skip


def _hours(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Difference | None:
    text = theirs["hours"]
    if not text:
        return None
    mine = ours["hours"] or ""
    mine_zh = hours_shown(mine) if mine else ""
    try:
        read = normalise_hours(text)
    except HoursError:
        return Difference(
            "hours", mine, text,
            f"地图上的时间「{text[:40]}」读不懂，台账"
            f"{f'是「{mine_zh}」' if mine else '没有写'}，请人看一眼。",
            f"the map's hours {text[:40]!r} can't be read; the ledger says {mine or 'nothing'}.",
        )  # fmt: skip
    if read is None or (mine and _one_week(read, mine)):
        return None
    shown = hours_shown(read)
    if text not in (read, spoken_hours(read)):
        shown = f"{shown}，原文「{text[:40]}」"
    return Difference(
        "hours", mine, read,
        f"时间不同：台账「{mine_zh}」，地图「{shown}」。" if mine
        else f"台账没有时间，地图写着「{shown}」。",
        f"hours: {mine or 'none'} in the ledger, {read} on the map.",
    )  # fmt: skip


def _one_week(one: str, other: str) -> bool:
    """Whether two hours open and close a door alike, however they are written."""
    ours, theirs = (open_intervals(hours, _ANY_MONDAY, 7, "UTC") for hours in (one, other))
    return one == other or np.array_equal(ours, theirs)


def _services(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], county: County
) -> Difference | None:
    known = {
        **cells.SERVICE_SYNONYMS,
        **cells.lookup({code: (word.zh, word.en) for code, word in county.services.items()}),
    }
    folded = {cells.fold(word) for word in cells.words(theirs["services"])}
    said = {known[word] for word in folded & known.keys()} & county.services.keys()
    mine = set(ours["services"])
    if not said or not mine or said == mine:
        return None
    more = [code for code in county.services if code in said - mine]
    less = [code for code in county.services if code in mine - said]
    parts_zh = [f"地图多出{_names(more, county)}"] if more else []
    parts_zh += [f"地图缺{_names(less, county)}"] if less else []
    return Difference(
        "services", ";".join(sorted(mine)), ";".join(sorted(said)),
        f"服务不同：{'，'.join(parts_zh)}。",
        f"services: only on the map {', '.join(more) or 'none'}, only in the ledger "
        f"{', '.join(less) or 'none'}.",
    )  # fmt: skip


def _names(codes: list[str], county: County) -> str:
    return "、".join(county.services[code].zh for code in codes)
