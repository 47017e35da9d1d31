"""What the tests of the checks share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from locator.checks.validate import Report, validate
from locator.counties import list_counties
from locator.county import County

from .ledgers import Row, write_csv

AS_OF = date(2026, 11, 20)
Check = Callable[..., Report]


@pytest.fixture(scope="session")
def counties(data: Path) -> tuple[County, ...]:
    return list_counties(data)


@pytest.fixture(scope="session")
def shucheng(counties: tuple[County, ...]) -> County:
    return next(county for county in counties if county.slug == "shucheng")


@pytest.fixture
def check(shucheng: County, counties: tuple[County, ...], tmp_path: Path) -> Check:
    """Check rows of 舒城 as a CSV file in WGS-84 (or an existing file)."""

    def run(rows: Sequence[Row] | Path, *, datum: str | None = "wgs84", lang: str = "zh") -> Report:
        path = rows if isinstance(rows, Path) else write_csv(tmp_path / "ledger.csv", rows)
        return validate([path], shucheng, all_counties=counties, datum=datum, as_of=AS_OF)

    return run
