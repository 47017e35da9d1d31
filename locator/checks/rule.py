"""What a rule is: a function whose name is its code and whose docstring is its page.

The docstring has three paragraphs: the two titles on one line (``中文 | English``), what is wrong,
why it matters and what to do in Chinese, and the same in English. A rule takes parsed rows (exact
copies left out) and yields hits; it changes nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from locator.checks.surroundings import Surroundings
from locator.county import County
from locator.errors import Severity


@dataclass(frozen=True, slots=True)
class Known:
    """What a check is handed of a county besides its ledgers; None where it is not known.

    ``before`` is the station table of the release that is published (EPSG:4326). ``accepted`` are
    codes of whole-file findings that a person has looked at and lets pass this once.
    """

    surroundings: Surroundings | None = None
    before: gpd.GeoDataFrame | None = None
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the rows: whose they are, on which day they are judged, and
    what is known of the county."""

    county: County
    as_of: date
    known: Known = Known()


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's result on the row with this index; ``row`` None means the whole ``file``."""

    row: int | None
    zh: str
    en: str
    field: str | None = None
    value: str | None = None
    file: str | None = None
    severity: Severity | None = None
    detail: Mapping[str, Any] | None = None


Check = Callable[[pd.DataFrame, Context], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check and what a person reads of it."""

    code: str
    severity: Severity
    check: Check
    title_zh: str
    title_en: str
    page_zh: str
    page_en: str


#: The documented rules by code, in the order in which they are told and run.
RULES: dict[str, Rule] = {}
#: Remarks of the intake on cells that it could not use; not rules of the ledger's content.
NOTICES: dict[str, Rule] = {}


def rule(severity: Severity) -> Callable[[Check], Check]:
    """Register a function as a rule of this severity."""
    return _register(RULES, severity)


def notice(severity: Severity) -> Callable[[Check], Check]:
    """Register a function as a notice."""
    return _register(NOTICES, severity)


def _register(registry: dict[str, Rule], severity: Severity) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        code = check.__name__
        titles, zh, en = inspect.cleandoc(check.__doc__ or "").split("\n\n")
        title_zh, title_en = titles.split(" | ")
        registry[code] = Rule(code, severity, check, title_zh, title_en, zh, en)
        return check

    return register


@dataclass(frozen=True, slots=True)
class Place:
    """How a person finds a row again."""

    index: int
    zh: str
    en: str
    row: Any


def places(rows: pd.DataFrame) -> Iterator[Place]:
    """The rows with the words for where they are: 第 12 行, or in GeoJSON 第 12 个要素."""
    if rows.empty:  # a good table is quick
        return
    record: Any
    for record in rows.itertuples():
        unit_zh, unit_en = ("个要素", "feature") if record.format == "geojson" else ("行", "row")
        zh, en = f"第 {record.row} {unit_zh}", f"{unit_en} {record.row}"
        yield Place(int(record.Index), zh, en, record)
