"""The report of a check as one HTML page: summary, map, and each row with what, where, what to do.

It stands alone: no script, nothing loaded, a content security policy that forbids both. Filters and
zoom are boxes and style. What people wrote can only ever be text: the template escapes all of it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from locator.checks.against import Against
from locator.checks.findings import NEXT_ZH, ORDER
from locator.checks.rules import RULES, SEVERITY_ZH
from locator.checks.surroundings import Surroundings
from locator.checks.validate import Report
from locator.errors import Finding
from locator.outputs.check_map import Drawing, Spot, findings_map
from locator.outputs.datum_picture import datum_pictures
from locator.outputs.one_file import day_tokens
from locator.outputs.words import one_line
from locator.stations.hours_in_chinese import hours_in_words
from locator.stations.table import COLUMNS

#: Rows shown one by one, and points drawn; what is beyond is counted.
MOST_ROWS = 400
MOST_SPOTS = 3_000
#: More marks than this stand without their numbers.
_NUMBERED = 150
_MOST_HOURS = 300
_HERE = Path(__file__).parent
_ZH = {column.name: column.zh for column in COLUMNS}
_ENDED = {"published": "可发布", "quarantined": "退回", "copy": "重复"}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as the page shows it."""

    severity: str
    severity_zh: str
    title: str
    field: str
    value: str
    zh: str
    en: str
    new: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A row with findings; ``shown`` is the class that tells the filter which severities it has.

    ``read`` is in words how its hours are read, ``osm`` the same as OSM has it, where that is
    another.
    """

    anchor: str
    where: str
    name: str
    ended: str
    shown: str
    new: bool
    on_map: bool
    findings: tuple[Said, ...]
    written: str
    read: str
    osm: str


def check_report(
    report: Report,
    *,
    as_of: date,
    grounds: Iterable[Surroundings] = (),
    credits: Iterable[str] = (),
    against: Against | None = None,
) -> str:
    """The page of ``report``, checked as on the day ``as_of``.

    ``grounds`` are the surroundings of its counties, where there are any: the map's streets;
    ``credits`` say whose streets they are.
    """
    grounds = tuple(grounds)
    new = against.new if against else (False,) * len(report.findings)
    by_row: dict[tuple[str, int], list[Said]] = {}
    of_file: list[Said] = []
    for finding, is_new in zip(report.findings, new, strict=True):
        said = _said(finding, is_new)
        if finding.row is None:
            of_file.append(said)
        else:
            by_row.setdefault((finding.file, finding.row), []).append(said)
    spots = _spots(report, by_row)
    drawing = findings_map(spots, grounds)
    on_map = {placed.spot.anchor for placed in drawing.placed} if drawing else set()
    cards = _cards(report, by_row, on_map)
    style = day_tokens() + (_HERE / "check_report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = {
        "files": [one_line(name) for name in report.files],
        "refused": [one_line(name) for name in report.refused],
        "as_of": as_of.isoformat(),
        "headline": _headline(report),
        "illustrative": bool(report.rows["name"].str.contains("示意", regex=False).any()),
        "blocked": report.blocked,
        "sums": _sums(report),
        "severities": [(code, SEVERITY_ZH[code]) for code in ORDER],
        # Remarks that need no mending wait behind what does.
        "hidden": ["info"] if {"info"} < {f.severity for f in report.findings} else [],
        "counts": {code: _count(report, code) for code in ORDER},
        "drawing": drawing,
        "credits": [one_line(text) for text in dict.fromkeys(credits) if text],
        "numbered": sum(bool(spot.severity) for spot in spots) <= _NUMBERED,
        "unplaced": _unplaced(report, drawing, spots),
        "of_file": sorted(of_file, key=_rank),
        "pictures": [Markup(svg) for svg in datum_pictures(report.findings, report.rows, grounds)],
        "of_file_shown": _shown(of_file),
        "of_file_new": any(one.new for one in of_file),
        "cards": cards[:MOST_ROWS],
        "cards_shown": _shown(one for card in cards[:MOST_ROWS] for one in card.findings),
        "cards_new": any(card.new for card in cards[:MOST_ROWS]),
        "more": _more(len(cards)),
        "rules": [RULES[code] for code in RULES if any(f.code == code for f in report.findings)],
        **_hours(report),
        **_compared(report, against),
    }
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("check_report.html")
    return template.render(page=page, style=Markup(style), style_hash=f"sha256-{digest}")


def _said(finding: Finding, new: bool) -> Said:
    return Said(
        finding.severity,
        SEVERITY_ZH[finding.severity],
        RULES[finding.code].title_zh,
        _ZH.get(finding.field or "", ""),
        one_line(finding.value or "")[:80],
        one_line(finding.message_zh),
        one_line(finding.message_en),
        new,
    )


def _rank(said: Said) -> int:
    return [*ORDER].index(said.severity)  # type: ignore[arg-type]


def _count(report: Report, severity: str) -> int:
    return sum(finding.severity == severity for finding in report.findings)


def _headline(report: Report) -> str:
    held = report.counts["quarantined"]
    if report.blocked:
        return "这份台账先不能发布"
    if held:
        return f"{report.counts['published']} 行可以发布，{held} 行要改"
    if report.findings:
        return f"{report.counts['published']} 行都可以发布，有几处最好看看"
    return f"{report.counts['published']} 行都可以发布，没有发现问题"


def _sums(report: Report) -> list[tuple[str, str, str]]:
    counts = report.counts
    rows = [
        ("共几行", f"{counts['rows']:,}", ""),
        ("= 可发布", f"{counts['published']:,}", ""),
        ("+ 退回", f"{counts['quarantined']:,}", ""),
        ("+ 重复", f"{counts['duplicates']:,}", ""),
    ]
    return rows + [
        (f"{SEVERITY_ZH[code]}（{NEXT_ZH[code]}）", f"{_count(report, code):,}", code)
        for code in ORDER
    ]


def _anchor(report: Report, file: str, row: int) -> str:
    return f"r{report.files.index(file)}-{row}" if file in report.files else f"r-{row}"


def _where(row: int, file: str, format_: str, *, many: bool) -> str:
    unit = "个要素" if format_ == "geojson" else "行"
    return f"{one_line(file)} 第 {row} {unit}" if many else f"第 {row} {unit}"


def _unit(file: str) -> str:
    return "geojson" if file.lower().endswith((".geojson", ".json")) else "table"


def _spots(report: Report, by_row: dict[tuple[str, int], list[Said]]) -> list[Spot]:
    """The rows that have a position, those with findings first where there are too many."""
    rows = report.rows[report.rows["lon"].notna() & report.rows["lat"].notna()]
    many = len(report.files) > 1
    spots = []
    row: Any
    for row in rows.itertuples():
        found = by_row.get((row.file, row.row), [])
        severity = min(found, key=_rank).severity if found else ""
        name = " ".join(part for part in (row.id, one_line(row.name)[:60]) if part)
        spots.append(
            Spot(
                _anchor(report, row.file, row.row),
                str(row.row),
                f"{_where(row.row, row.file, _unit(row.file), many=many)} {name}",
                severity,
                float(row.lon),
                float(row.lat),
            )
        )
    if len(spots) > MOST_SPOTS:
        spots.sort(key=lambda spot: ["error", "warning", "info", ""].index(spot.severity))
    return spots[:MOST_SPOTS]


def _cards(
    report: Report, by_row: dict[tuple[str, int], list[Said]], on_map: set[str]
) -> list[Card]:
    """The rows with findings: in their order, or the worst first where not all can be shown."""
    facts: dict[Any, Any] = {(row.file, row.row): row for row in report.rows.itertuples()}
    many = len(report.files) > 1
    order = {file: at for at, file in enumerate(report.files)}
    keys = sorted(by_row, key=lambda key: (order.get(key[0], len(order)), key[1]))
    if len(keys) > MOST_ROWS:
        keys.sort(key=lambda key: min(map(_rank, by_row[key])))
    cards = []
    for file, number in keys:
        found = tuple(sorted(by_row[file, number], key=_rank))
        row = facts.get((file, number))
        anchor = _anchor(report, file, number)
        # A copy has not been read, and what is written as it is read needs no line.
        shown = row if row and row.ended != "copy" and row.hours != row.osm_hours else None
        cards.append(
            Card(
                anchor,
                _where(number, file, _unit(file), many=many),
                " ".join(part for part in (row.id, one_line(row.name)) if part) if row else "",
                _ENDED[row.ended] if row else "",
                _shown(found),
                any(one.new for one in found),
                anchor in on_map,
                found,
                one_line(shown.hours)[:200] if shown else "",
                *_read(shown.osm_hours if shown else None),
            )
        )
    return cards


def _shown(found: Iterable[Said]) -> str:
    """The class by which the filter hides what holds none of the severities that are picked."""
    severities = {one.severity for one in found}
    return "only-" + "".join(code[0] for code in ORDER if code in severities)


def _read(osm: str | None) -> tuple[str, str]:
    """Hours as they are read, in Chinese, and as OSM writes them where that is another."""
    if not osm:
        return "时间不详", ""
    said = hours_in_words(osm)
    return said, osm if osm != said else ""


def _more(size: int) -> str:
    rest = size - MOST_ROWS
    return f"还有 {rest:,} 行没有列出（先列了最要紧的），全部见 --json。" if rest > 0 else ""


def _unplaced(report: Report, drawing: Drawing | None, spots: Sequence[Spot]) -> str:
    lost = int((report.rows["lon"].isna() | report.rows["lat"].isna()).sum())
    drawn = len(report.rows) - lost - len(spots)
    parts = [f"{lost:,} 行没有能用的坐标，或是重复的行" if lost else ""]
    parts.append(f"另有 {drawn:,} 行没画" if drawn else "")
    said = "；".join(part for part in parts if part)
    return f"{said}。" if said and drawing else ""


def _hours(report: Report) -> dict[str, Any]:
    """Every way in which hours are written, with how it is read and how often it comes."""
    rows = report.rows[(report.rows["hours"] != "") & (report.rows["ended"] != "copy")]
    pairs = rows.assign(osm_hours=rows["osm_hours"].fillna("")).groupby(["hours", "osm_hours"])
    sizes: dict[Any, int] = pairs.size().to_dict()
    counted = sorted(
        ((str(written), str(read), int(size)) for (written, read), size in sizes.items()),
        key=lambda one: (bool(one[1]), -one[2], one[0]),
    )
    return {
        "hours": [
            (one_line(written)[:200], *_read(read), size)
            for written, read, size in counted[:_MOST_HOURS]
        ],
        "hours_count": len(counted),
    }


def _compared(report: Report, against: Against | None) -> dict[str, Any]:
    if against is None:
        return {"against": "", "gone": [], "gone_count": 0}
    fresh, gone = sum(against.new), against.gone
    titles = ((RULES.get(str(each["code"])), each) for each in gone[:_MOST_HOURS])
    return {
        "against": f"和{one_line(against.name_zh)}比：新出现 {fresh}，已消失 {len(gone)}，"
        f"没变 {len(against.new) - fresh}",
        "gone": [
            (rule.title_zh if rule else str(each["code"]), one_line(str(each["message_zh"])))
            for rule, each in titles
        ],
        "gone_count": len(gone),
    }
