"""A county's rows with all that the rules ask for, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from locator.checks.datum_doctor import find_datums
from locator.checks.ground import find_ground
from locator.checks.neighbours import find_neighbours
from locator.checks.position import classify
from locator.checks.private import masked
from locator.checks.rule import Context, Hit, Rule
from locator.checks.rules import RULES
from locator.checks.townships import find_townships
from locator.errors import Finding
from locator.stations.intake import Ledger, given_id
from locator.stations.parsing import parse_rows

_SOURCE = "坐标来源"


def examine(own: pd.DataFrame, context: Context) -> pd.DataFrame:
    """The rows with all that the rules ask for.

    ``grounded`` says whether the county's surroundings say anything of the row, and
    ``datum_explained`` that a wrong datum explains where it lies: of that one finding tells.
    """
    county, surroundings = context.county, context.known.surroundings
    parsed = parse_rows(own, county)
    # Of invented streets nothing follows for a real station, nor of real ones for an invented.
    invented = county.streets.provenance == "illustrative"
    parsed["grounded"] = (parsed["provenance_code"] == "illustrative") == invented
    parsed["position_fault"] = classify(parsed, county)
    parsed = parsed.join(find_ground(parsed, county, surroundings))
    parsed = parsed.join(find_townships(parsed, county, surroundings))
    parsed = parsed.join(find_datums(parsed, county, surroundings, context.known.before))
    return parsed.join(find_neighbours(parsed, county))


def findings_of(
    rows: pd.DataFrame, context: Context, *, untold: bool = False, last: bool = False
) -> Iterator[tuple[Hit, Finding]]:
    """What the rules (the ``last``, or the others) say of the rows.

    Of rows whose county can't be told (``untold``), only that. A row with more cells than the
    header is out of step from some cell on: nothing else is said of it. Personal data is masked
    whichever rule quotes it.
    """
    torn = rows["beyond"] != ""
    in_step = rows[~torn] if torn.any() else rows
    rules = [rule for rule in RULES.values() if rule.last == last]
    if untold:
        rules = [RULES["missing_required_field"]] if not last else []
    files, numbers, ids = (
        dict(zip(rows.index.tolist(), rows[name].tolist(), strict=True))
        for name in ("file", "row", "id")
    )
    for rule in rules:
        for hit in rule.check(rows if rule.code == "missing_required_field" else in_step, context):
            where = (
                (hit.file or "", None, None)
                if hit.row is None
                else (files[hit.row], int(numbers[hit.row]), given_id(ids[hit.row]) or None)
            )
            yield hit, _finding(rule, hit, context.known.accepted, *where)


def source_heading(ledger: Ledger) -> str:
    """What the ledger calls the column 坐标来源: 坐标从哪抄的, in the template."""
    at = ledger.columns.get("source_datum")
    return _SOURCE if at is None else ledger.headings[at].strip().rstrip("*＊") or _SOURCE


def in_its_words(
    told: Iterable[tuple[Hit, Finding]], headings: Mapping[str, str]
) -> Iterator[tuple[Hit, Finding]]:
    """What the rules say, with the heading that the clerk sees in the file."""
    for hit, finding in told:
        heading = headings.get(finding.file, _SOURCE)
        if heading != _SOURCE and (zh := f"「{_SOURCE}」") in finding.message_zh:
            named = finding.message_zh.replace(zh, f"「{heading}」")
            yield hit, replace(finding, message_zh=named)
        else:
            yield hit, finding


def _finding(
    rule: Rule,
    hit: Hit,
    accepted: frozenset[str],
    file: str,
    row: int | None,
    id_text: str | None,
) -> Finding:
    severity = hit.severity or rule.severity
    is_phone = hit.field == "phone"
    zh, en = masked(hit.zh, is_phone=is_phone), masked(hit.en, is_phone=is_phone)
    value = hit.value and masked(hit.value, is_phone=is_phone)
    if row is None and severity == "error" and rule.code in accepted:
        severity = "warning"
        zh, en = f"{zh}（已确认，这次放行。）", f"{en} (Accepted: let pass this once.)"
    return Finding(rule.code, severity, file, row, id_text, zh, en, hit.field, value, hit.detail)
