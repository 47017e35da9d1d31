"""A ledger that staff handed in is checked, and made into the workbook that goes back.

Loads the heavy libraries: it is imported when it is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from zoneinfo import ZoneInfo

from locator.checks.rule import Known
from locator.checks.validate import Quarantined, Report, validate
from locator.county import County, load_county
from locator.errors import Finding
from locator.outputs.checked_workbook import CheckedWorkbook, checked_workbook, copy_note
from locator.outputs.picked_points import Point, picked_workbook
from locator.release.known import KnownCounties
from locator.release.publish import Release
from locator.server.staff_offers import accepted_words
from locator.server.staff_uploads import Check
from locator.stations import cells
from locator.stations.intake import gather, read_ledger
from locator.stations.table import DATUM_ANSWERS
from locator.stations.whose import assign_counties

_Said = TypeVar("_Said", Finding, Quarantined)


@dataclass(frozen=True)
class Against:
    """What a ledger is checked against.

    ``all_counties`` tell whose a row is, ``now`` the day, ``before`` is what the county has
    published.
    """

    county: County
    all_counties: Sequence[County]
    now: datetime
    before: Release | None


def county_of(path: Path, counties: Sequence[County]) -> County | None:
    """Of which county most rows of the ledger are; None where they do not tell."""
    told = assign_counties(gather([read_ledger(path, without_ids=True)]), counties, ())
    most = told[told != ""].mode()
    return next((each for each in counties if len(most) and each.code == most.iloc[0]), None)


def check_ledger(
    path: Path,
    name: str,
    against: Against,
    answer: str = "",
    passed: frozenset[str] = frozenset(),
) -> Report:
    """What there is to say of the ledger ``path``, which the report calls by ``name``.

    ``answer`` is what was said to 坐标从哪抄的, "" for 「表里写了」; ``passed`` are codes of
    findings on the whole file that somebody lets pass. A row may lack its id: it gets one when the
    ledger is adopted. Raises LedgerError where the file cannot be used.
    """
    county = against.county
    report = validate(
        [path],
        county,
        all_counties=against.all_counties,
        datum=DATUM_ANSWERS[cells.fold(answer)] if answer else None,
        as_of=against.now.astimezone(ZoneInfo(county.timezone)).date(),
        without_ids=True,
        known={county.code: replace(_known(county, against.before), accepted=passed)},
    )
    return _called(report, name)


def workbook_back(
    check: Check, points: Sequence[Point], accepted: Collection[int], against: Against
) -> CheckedWorkbook:
    """The checked ledger as a workbook: picked points and answers in it, what is left marked.

    ``accepted`` are offers (see `accepted_words`). What has changed was checked again, as the rest.
    """
    words = accepted_words(check.report, accepted)
    if not points and not words and not check.answer:
        return checked_workbook(check.path, check.report)
    picked = picked_workbook(check.path, check.report, points, answer=check.answer, words=words)
    above = [copy_note(picked.copied_zh)] if picked.copied_zh else []
    if points:
        above.append(f"{len(points)} 行的位置是在地图上选的，见格上的批注。")
    if words:
        above.append(f"{len(words)} 行的「坐标来源」是核对时同意改的，见格上的批注。")
    if check.answer:
        above.append(f"没写「坐标来源」的行，按核对时答的填了「{check.answer}」。")
    with TemporaryDirectory(dir=check.path.parent) as folder:
        path = Path(folder) / "picked.xlsx"
        path.write_bytes(picked.content)
        report = check_ledger(path, check.name, against, passed=check.passed)
        made = checked_workbook(path, report, above=above)
    return replace(made, copied_zh=picked.copied_zh, copied_en=picked.copied_en)


def _known(county: County, before: Release | None) -> Known:
    """What is known of the county; the ground around its stations is read once."""
    files = sorted(path for path in county.folder.iterdir() if path.is_file())
    ground = _ground(county.folder, tuple((path, path.stat().st_mtime_ns) for path in files))
    # One ledger of several is a part of what is published, and no comparison is made.
    alone = before is not None and len(county.ledgers) <= 1
    return replace(ground, before=before.stations() if before and alone else None)


@lru_cache(maxsize=4)
def _ground(folder: Path, _: tuple[tuple[Path, int], ...]) -> Known:
    county = load_county(folder)
    return KnownCounties([county])[county.code]


def _called(report: Report, name: str) -> Report:
    """The report with the name that the clerk knows in place of the one on the disk."""
    (on_disk,) = report.files

    def called(each: _Said) -> _Said:
        zh, en = (text.replace(on_disk, name) for text in (each.message_zh, each.message_en))
        return replace(each, file=name, message_zh=zh, message_en=en)

    return replace(
        report,
        files=(name,),
        findings=tuple(map(called, report.findings)),
        quarantined=tuple(map(called, report.quarantined)),
        origins={id_: (name, row) for id_, (_, row) in report.origins.items()},
        rows=report.rows.assign(file=name),
    )
