"""Old against new: which findings an earlier check did not have, and which are gone since.

A finding of a row is known again by the station's id, the code, the column and the text in it, so
that rows that only moved make no noise; one of a whole file by its code alone. What is said twice
must have been said twice before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from locator.checks.rules import RULES
from locator.errors import Finding

SHOWN = 8
_Key = tuple[str, ...]


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
    before = Counter(_key_of(said) for said in earlier.findings)
    left = before.copy()
    new = []
    for finding in findings:
        key = _key(finding.row, finding.id, finding.code, finding.field, finding.value)
        new.append(left[key] <= 0)
        left[key] -= 1
    gone: list[Mapping[str, Any]] = []
    for said in reversed(earlier.findings):  # the last of equals is the one that is gone
        if left[_key_of(said)] > 0:
            left[_key_of(said)] -= 1
            gone.append(said)
    return Against(earlier.name_zh, earlier.name_en, tuple(new), tuple(reversed(gone)))


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
    left = [
        (str(one["code"]), str(one["message_zh" if zh else "message_en"])) for one in against.gone
    ]
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


def _key_of(said: Mapping[str, Any]) -> _Key:
    return _key(said["row"], said["id"], said["code"], said["field"], said["value"])


def _key(row: int | None, id_: str | None, code: str, field: str | None, value: str | None) -> _Key:
    return (code,) if row is None else (code, id_ or "", field or "", value or "")
