"""What a rule is: a function whose name is its code and whose docstring is its page.

The docstring has four paragraphs: the two titles on one line (``中文 | English``); what is wrong,
why it matters and what to do in Chinese; the same in English; and an example (``例：… |``, and on
the next line ``Example: …``). A rule takes parsed rows (exact copies left out) and yields hits; it
changes nothing.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from locator.checks.surroundings import Surroundings
from locator.county import County
from locator.errors import Severity

#: Rules that stop a whole file, and that a person who has looked at it may let pass once.
ACCEPTABLE = ("count_dropped", "moved_as_a_whole")


@dataclass(frozen=True, slots=True)
class Known:
    """What a check is handed of a county besides its ledgers; None where it is not known.

    ``before`` is the station table of the release that is published (EPSG:4326). ``accepted`` are
    codes of whole-file findings that a person has looked at and lets pass this once. ``unread``
    says of what should be known, but could not be read, why (Chinese, English).
    """

    surroundings: Surroundings | None = None
    before: gpd.GeoDataFrame | None = None
    accepted: frozenset[str] = frozenset()
    unread: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the rows: whose they are, on which day they are judged, and
    what is known of the county."""

    county: County
    as_of: date
    known: Known = Known()


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's result on the row with this index; ``row`` None means the whole ``file``.

    ``instead_of`` is the code of an earlier finding on the same cell of the same file that this one
    tells as well: a fault is told once.
    """

    row: int | None
    zh: str
    en: str
    field: str | None = None
    value: str | None = None
    file: str | None = None
    severity: Severity | None = None
    detail: Mapping[str, Any] | None = None
    instead_of: str | None = None


Check = Callable[[pd.DataFrame, Context], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check and what a person reads of it.

    ``last`` rules see only the rows that are fit to be published, once all others have spoken.
    """

    code: str
    severity: Severity
    check: Check
    title_zh: str
    title_en: str
    page_zh: str
    page_en: str
    example_zh: str
    example_en: str
    last: bool = False


#: The rules by code; `locator.checks.rules` puts them in the order in which they are told and run.
RULES: dict[str, Rule] = {}


def rule(severity: Severity, *, last: bool = False) -> Callable[[Check], Check]:
    """Register a function as a rule of this severity; for ``last`` see `Rule`."""

    def register(check: Check) -> Check:
        code = check.__name__
        titles, zh, en, *rest = inspect.cleandoc(check.__doc__ or "").split("\n\n")
        title_zh, title_en = titles.split(" | ")
        example_zh, example_en = _example(rest[0]) if rest else ("", "")
        RULES[code] = Rule(
            code, severity, check, title_zh, title_en, zh, en, example_zh, example_en, last
        )
        return check

    return register


def _example(paragraph: str) -> tuple[str, str]:
    """The two halves of ``例：… | Example: …``; the break of a line is a blank in English only."""
    zh, en = re.split(r"\s+\|\s+", paragraph)
    return zh.replace("\n", ""), en.replace("\n", " ")


@dataclass(frozen=True, slots=True)
class Place:
    """How a person finds a row again."""

    index: int
    zh: str
    en: str
    row: Any

    @property
    def zh_named(self) -> str:
        """第 12 行「鼓楼驿站」, or 第 12 行 where the row has no name."""
        return f"{self.zh}「{self.row.name}」" if self.row.name else self.zh


def places(rows: pd.DataFrame, where: pd.Series[bool] | None = None) -> Iterator[Place]:
    """The rows, or those of them ``where`` something holds, with the words for where they are:
    第 12 行, or in GeoJSON 第 12 个要素.

    Hand over the condition rather than ``rows[condition]``: that copies all of sixty columns, even
    where the condition holds nowhere, as in a good table.
    """
    found = np.arange(len(rows)) if where is None else np.flatnonzero(where.to_numpy(dtype=bool))
    if not len(found):
        return
    columns = _Columns(rows, found)
    for at, index in enumerate(rows.index[found].tolist()):
        record: Any = _Record(columns, at)
        unit_zh, unit_en = ("个要素", "feature") if record.format == "geojson" else ("行", "row")
        zh, en = f"第 {record.row} {unit_zh}", f"{unit_en} {record.row}"
        yield Place(index, zh, en, record)


class _Columns(dict[str, list[Any]]):
    """The cells of some rows by column, each column read when it is first asked for: few rules need
    more than three of sixty."""

    def __init__(self, rows: pd.DataFrame, at: NDArray[np.intp]) -> None:
        self._rows, self._at = rows, at

    def __missing__(self, name: str) -> list[Any]:
        if name not in self._rows:
            raise AttributeError(f"the rows have no column {name!r}")
        column: list[Any] = self._rows[name].take(self._at).tolist()
        self[name] = column
        return column


class _Record:
    """A row, its cells as attributes."""

    __slots__ = ("_at", "_columns")

    def __init__(self, columns: _Columns, at: int) -> None:
        self._columns, self._at = columns, at

    def __getattr__(self, name: str) -> Any:
        return self._columns[name][self._at]
