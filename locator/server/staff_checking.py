"""A ledger that staff handed in is checked. Loads the heavy libraries: import it when needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from locator.checks.rule import Known
from locator.checks.validate import Report, validate
from locator.county import County
from locator.release.publish import Release
from locator.stations import cells
from locator.stations.intake import assign_counties, gather, read_ledger
from locator.stations.table import DATUM_ANSWERS


def county_of(path: Path, counties: Sequence[County]) -> County | None:
    """Of which county most rows of the ledger are; None where they do not tell."""
    rows = gather([read_ledger(path)])
    told = assign_counties(rows, counties, ())
    most = told[told != ""].mode()
    return next((each for each in counties if len(most) and each.code == most.iloc[0]), None)


def check_ledger(
    path: Path,
    county: County,
    *,
    all_counties: Sequence[County],
    answer: str,
    now: datetime,
    before: Release | None,
) -> Report:
    """What there is to say of the ledger ``path`` of ``county`` today.

    ``answer`` is what was said to 坐标从哪抄的, "" for 「表里写了」; ``before`` is what the county
    has published. Raises LedgerError where the file cannot be used.
    """
    return validate(
        [path],
        county,
        all_counties=all_counties,
        datum=DATUM_ANSWERS[cells.fold(answer)] if answer else None,
        as_of=now.astimezone(ZoneInfo(county.timezone)).date(),
        known={county.code: Known(before=before.stations() if before else None)},
    )
