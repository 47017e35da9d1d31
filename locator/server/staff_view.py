"""A checked ledger as the page shows it: row by row, worst first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from locator.checks.rule import ACCEPTABLE
from locator.checks.rules import RULES
from locator.county import County
from locator.errors import Finding, Severity
from locator.geo.crs import haversine_m
from locator.geo.outline import FAR_M
from locator.server.staff_offers import Offer, offers_json, offers_of
from locator.server.staff_uploads import Check
from locator.server.words import Language, say

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
#: Rows that one page lists, and points that one map draws; the workbook holds them all.
LISTED_ROWS = 300
DRAWN_POINTS = 5000
_POSITION = {"lon", "lat", "coordinate"}
#: Findings whose ``detail`` says where the row truly is.
_PROPOSES = {"coordinate_swapped", "datum_suspect"}


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding as the page says it; ``code`` leads to its page.

    ``offer`` mends a source; ``passable`` says that a person may let it pass; ``of_point`` that a
    picked point answers it.
    """

    severity: Severity
    code: str
    title: str
    text: str
    offer: Offer | None = None
    passable: bool = False
    of_point: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the ledger with what was found in it.

    ``worst`` is the severity of its worst finding, "" where there is none. ``lon`` and ``lat`` are
    WGS-84 degrees, None where not to be had; ``doubtful`` says that a finding is about them, and
    ``proposal`` is where (lon, lat) a finding thinks that the row truly is. ``sign`` is how the map
    shows the row: its worst severity, or that of a finding on its whole source.
    """

    number: int
    name: str
    lon: float | None
    lat: float | None
    worst: str
    sign: str
    doubtful: bool
    remarks: tuple[Remark, ...]
    proposal: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class View:
    """What the page of a check says.

    ``whole`` are the remarks on the file itself, ``rows`` the rows listed and ``found`` how many
    rows there are to list; ``counts`` counts the findings by severity. ``asks_datum`` means that
    no row can be placed before 坐标从哪抄的 is answered; otherwise ``unsaid`` rows do not say it.
    ``made_up`` says that rows or streets shown are invented.
    ``offers`` are for the map (see `offers_json`).
    """

    headline: str
    mood: str
    summary: str
    whole: tuple[Remark, ...]
    rows: tuple[Row, ...]
    found: int
    counts: dict[Severity, int]
    asks_datum: bool
    unsaid: int
    made_up: bool
    points: tuple[Row, ...]
    undrawn: int
    offers: list[dict[str, Any]]


def view_of(check: Check, county: County, lang: Language, only: str = "") -> View:
    """The page of ``check``, a ledger of ``county``.

    ``only`` keeps the rows with a finding of that severity.
    """
    report = check.report
    rows = _rows(check, county, lang)
    listed = [row for row in rows if row.remarks]
    if only:
        listed = [row for row in listed if any(each.severity == only for each in row.remarks)]
    # What the page asks with buttons is not said a second time.
    asked = "datum_undeclared" if asks_datum(check) else ""
    offers = {offer.at: offer for offer in offers_of(report)}
    whole = [
        _remark(each, lang, offers.get(at))
        for at, each in enumerate(report.findings)
        if each.row is None and each.code != asked
    ]
    drawn = [row for row in rows if row.lon is not None]
    counts = report.counts
    return View(
        headline=_headline(check, rows, county, lang),
        mood=_mood(check),
        summary=say("summary", lang, "staff", **{name: f"{counts[name]:,}" for name in counts}),
        whole=tuple(sorted(whole, key=lambda each: SEVERITIES.index(each.severity))),
        rows=tuple(listed[:LISTED_ROWS]),
        found=len(listed),
        counts={
            severity: sum(each.severity == severity for each in report.findings)
            for severity in SEVERITIES
        },
        asks_datum=asks_datum(check),
        unsaid=sum(each.code == "datum_undeclared" for each in report.findings if each.row),
        made_up=county.streets.provenance == "illustrative"
        or "illustrative" in set(report.stations["provenance"]),
        points=tuple(drawn[:DRAWN_POINTS]),
        undrawn=max(0, len(drawn) - DRAWN_POINTS),
        offers=offers_json(
            report,
            {row.number: (row.lon, row.lat) for row in drawn[:DRAWN_POINTS] if row.lon and row.lat},
        ),
    )


def points_json(rows: Sequence[Row]) -> list[list[Any]]:
    """The rows' points for the map, each as row number, lon, lat, sign, name."""
    return [[row.number, row.lon, row.lat, row.sign, row.name] for row in rows]


def asks_datum(check: Check) -> bool:
    """Whether nothing can be said before 坐标从哪抄的 is answered for the whole file."""
    return any(
        each.code == "datum_undeclared" and each.row is None for each in check.report.findings
    )


def _mood(check: Check) -> str:
    if check.report.blocked or not check.report.counts["rows"]:
        return "blocked"
    if check.report.has_errors:
        return "error"
    return "warning" if any(f.severity == "warning" for f in check.report.findings) else "good"


def _headline(check: Check, rows: Sequence[Row], county: County, lang: Language) -> str:
    counts, mood = check.report.counts, _mood(check)
    suspected = 0
    if not counts["rows"]:
        key = "headline_none"
    elif asks_datum(check):
        key = "headline_datum"
    elif suspected := sum(len(offer.rows) for offer in offers_of(check.report)):
        key = "headline_suspect"
    elif mood == "blocked" and counts["quarantined"] and counts["published"]:
        key = "headline_blocked_rows"
    elif mood == "error":
        key = "headline_error" if counts["published"] else "headline_error_all"
    else:
        key = f"headline_{mood}"
    warned = sum(any(each.severity == "warning" for each in row.remarks) for row in rows)
    return say(
        key, lang, "staff", county=county.name_zh if lang == "zh" else county.name_en,
        suspected=f"{suspected:,}", held=f"{counts['quarantined']:,}",
        good=f"{counts['published']:,}", warned=f"{warned:,}",
    )  # fmt: skip


def _rows(check: Check, county: County, lang: Language) -> list[Row]:
    """All rows, worst first, then as they stand in the file.

    A position that no county reaches to (0, 0; or lon and lat exchanged) is none.
    """
    remarks: dict[int, list[Remark]] = {}
    proposals: dict[int, tuple[float, float]] = {}
    suspected = {number for offer in offers_of(check.report) for number in offer.rows}
    # Exchanged in a datum that is in doubt, a point would only be wrong in another way.
    proposing = {"datum_suspect"} if suspected else _PROPOSES
    about_position: set[int] = set()
    for finding in check.report.findings:
        if finding.row is not None:
            remarks.setdefault(finding.row, []).append(_remark(finding, lang))
            if finding.code in proposing and finding.detail and "lon" in finding.detail:
                proposals[finding.row] = (finding.detail["lon"], finding.detail["lat"])
            if finding.field in _POSITION or finding.row in proposals:
                about_position.add(finding.row)
    table = check.report.rows.copy()
    far = haversine_m(table["lon"].to_numpy(), table["lat"].to_numpy(), *county.centre) > FAR_M
    table.loc[far, ["lon", "lat"]] = math.nan
    rows = [
        _row(record, remarks, about_position, proposals, suspected)
        for record in table.to_dict("records")
    ]
    rank: dict[str, int] = {severity: at for at, severity in enumerate(SEVERITIES)}
    return sorted(rows, key=lambda row: (rank.get(row.worst, len(rank)), row.number))


def _row(
    record: Mapping[Any, Any],
    remarks: Mapping[int, list[Remark]],
    about_position: set[int],
    proposals: Mapping[int, tuple[float, float]],
    suspected: Set[int],
) -> Row:
    number, lon, lat = int(record["row"]), float(record["lon"]), float(record["lat"])
    known = math.isfinite(lon) and math.isfinite(lat)
    mine = sorted(remarks.get(number, []), key=lambda each: SEVERITIES.index(each.severity))
    worst = mine[0].severity if mine else ""
    return Row(
        number=number,
        name=str(record["name"]) or str(record["id"]),
        lon=round(lon, 6) if known else None,
        lat=round(lat, 6) if known else None,
        worst=worst,
        sign=worst or ("warning" if number in suspected else ""),
        doubtful=not known or number in about_position,
        remarks=tuple(mine),
        proposal=proposals.get(number),
    )


def _remark(finding: Finding, lang: Language, offer: Offer | None = None) -> Remark:
    rule = RULES[finding.code]
    return Remark(
        severity=finding.severity,
        code=finding.code,
        title=rule.title_zh if lang == "zh" else rule.title_en,
        text=finding.message_zh if lang == "zh" else finding.message_en,
        offer=offer,
        passable=finding.severity == "error" and finding.code in ACCEPTABLE,
        of_point=finding.field in (*_POSITION, "source_datum") and finding.row is not None,
    )
