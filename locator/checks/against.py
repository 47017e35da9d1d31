"""Old against new: which findings an earlier check did not have, and which are gone since.

A finding of a row is known again by the station's id, the code, the column and the text in it, so
that rows that only moved make no noise, or else by what is said of it: 饮水 for drinking_water is
no other fault, nor 周一至周五8:30-17:30 for Mo-Fr 08:30-17:30. A row whose id has still to be given
(adopting a ledger gives one) is known by its name. One of a whole file is known by its code alone.
What is said twice must have been said twice before. That a release's ledger held another county's
rows as well is no fault that could be gone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from locator.checks.rules import RULES
from locator.errors import Finding, HoursError
from locator.stations.hours import normalise_hours

SHOWN = 8
_Key = tuple[str, ...]
_KNOWN_BY = ("row", "id", "code", "field", "value", "message_zh")
#: Where a row stands: with it each message begins.
_PLACE = re.compile(r"^第 \d+ (?:行|个要素)")
_PLACE_EN = re.compile(r"^(?:row|feature) \d+(?=:)")


@dataclass(frozen=True, slots=True)
class Earlier:
    """The findings of an earlier check, as `report_json` gave them, and what to call it."""

    name_zh: str
    name_en: str
    findings: Sequence[Mapping[str, Any]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Against:
    """What has changed: ``new`` says so of each of the present findings, in their order; ``gone``
    are the earlier ones that are no longer there."""

    name_zh: str
    name_en: str
    new: tuple[bool, ...]
    gone: tuple[Mapping[str, Any], ...]


def compare(findings: Sequence[Finding], earlier: Earlier) -> Against:
    """Which of ``findings`` are new, and what is gone since the ``earlier`` check."""
    present = [{name: getattr(finding, name) for name in _KNOWN_BY} for finding in findings]
    new = [True] * len(findings)
    left = list(earlier.findings)
    for key_of in (_by_value, _by_words, _by_name):
        waiting = Counter(map(key_of, left))
        for at, finding in enumerate(present):
            if new[at] and waiting[key := key_of(finding)] > 0:
                waiting[key] -= 1
                new[at] = False
        gone: list[Mapping[str, Any]] = []
        for said in reversed(left):  # the last of equals is the one that is gone
            if waiting[key_of(said)] > 0:
                waiting[key_of(said)] -= 1
                gone.append(said)
        left = [said for said in gone[::-1] if said["code"] != "other_county"]
    return Against(earlier.name_zh, earlier.name_en, tuple(new), tuple(left))


def against_text(findings: Sequence[Finding], against: Against, lang: str = "zh") -> str:
    """The comparison for a terminal: the counts, then what is new and what is gone."""
    zh = lang == "zh"
    fresh = [one for one, is_new in zip(findings, against.new, strict=True) if is_new]
    same, gone = len(findings) - len(fresh), len(against.gone)
    lines = [
        f"和{against.name_zh}比：新出现 {len(fresh)}，已消失 {gone}，没变 {same}"
        if zh
        else f"Compared with {against.name_en}: {len(fresh)} new, {gone} gone, {same} unchanged"
    ]
    said = [(one.code, one.message_zh if zh else one.message_en) for one in fresh]
    left = [(str(one["code"]), _found_again(one, zh=zh)) for one in against.gone]
    for heading, found in (("新出现" if zh else "New", said), ("已消失" if zh else "Gone", left)):
        lines += [f"  {heading}：" if zh else f"  {heading}:"] if found else []
        lines += [f"    {_title(code, zh=zh)}  {text}" for code, text in found[:SHOWN]]
        if len(found) > SHOWN:
            rest = len(found) - SHOWN
            lines.append(
                f"    …… 还有 {rest} 处，见 --json" if zh else f"    … {rest} more, see --json"
            )
    return "\n".join(lines)


def _title(code: str, *, zh: bool) -> str:
    rule = RULES.get(code)  # an older release may know a rule that there is no more
    return code if rule is None else rule.title_zh if zh else rule.title_en


def _by_value(said: Mapping[str, Any]) -> _Key:
    return _key(said, str(said["value"] or ""))


def _by_words(said: Mapping[str, Any]) -> _Key:
    return _key(said, _words(said))


def _by_name(said: Mapping[str, Any]) -> _Key:
    words = _words(said)
    return _key({**said, "id": ""} if words.startswith("「") else said, words)


def _words(said: Mapping[str, Any]) -> str:
    """What is said of a row wherever it stands, its hours in their one spelling."""
    words = _PLACE.sub("", str(said["message_zh"]))
    value = said["value"]
    if said["field"] == "hours" and value:
        with suppress(HoursError):
            return words.replace(str(value), normalise_hours(str(value)) or "")
    return words


def _found_again(said: Mapping[str, Any], *, zh: bool) -> str:
    """A message of old, beginning with the station's id: its row number is one of another file."""
    message = str(said["message_zh" if zh else "message_en"])
    place = (_PLACE if zh else _PLACE_EN).match(message)
    if place is None or not said["id"]:
        return message
    return f"{said['id']}{message[place.end() :]}"


def _key(said: Mapping[str, Any], last: str) -> _Key:
    code = str(said["code"])
    return (code,) if said["row"] is None else (code, said["id"] or "", said["field"] or "", last)
