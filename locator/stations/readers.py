"""What the strict file readers share: limits, the table they give, and how a header is found.

The readers (``readers_csv``, ``readers_xlsx``, ``readers_geojson``) run in a child process
(``readers_child``) and know nothing of stations: they turn bytes into cells of text, or raise
`BadFile`. They import only light modules, so that the child starts in a twentieth of a second.
None of them hands a byte to GDAL, which would open whatever a file's *content* asks it to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from locator.stations.guard import unguarded

MAX_BYTES = 20_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 100
MAX_CELL = 10_000
#: Of all cells together: one shared string can stand in a million cells.
MAX_CHARACTERS = 50_000_000
#: A title, a unit and a date may stand above the header, but no more than that.
HEADER_WITHIN = 5

_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")

#: The column that takes the cells of a row beyond the last heading.
BEYOND = "…"


class BadFile(Exception):
    """The file cannot be used; the two texts say why and what to do, ``row`` where."""

    def __init__(
        self, zh: str, en: str, code: str = "file_damaged", row: int | None = None
    ) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.code = code
        self.row = row


@dataclass(slots=True)
class Cells:
    """A file as cells of text. ``numbers`` are the row numbers as the clerk's program shows them.

    ``datum`` is set where the file itself declares one; ``notes`` are (code, zh, en) of what a
    person should hear. ``header`` is the row number of the headings (0 where there is none),
    ``sheet`` the name of a workbook's sheet that was read, and ``left`` how many columns of it
    stand empty before the first heading.
    """

    columns: list[str]
    numbers: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    datum: str | None = None
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    header: int = 0
    sheet: str | None = None
    left: int = 0


def fold_heading(text: str) -> str:
    """One spelling for a heading: full-width letters, blanks, case and a required mark folded."""
    plain = unicodedata.normalize("NFKC", text).replace("\ufeff", "")
    return "".join(plain.split()).strip("*:").lower()


def remarks(text: str) -> list[str]:
    """What stands in brackets in a heading, folded: 高德 of ``经度（高德）``."""
    return [inner.strip("()[]【】") for inner in _REMARK.findall(fold_heading(text))]


def known_heading(text: str, headings: frozenset[str]) -> str | None:
    """The heading that a cell means, one of ``headings``; None where it means none of them.

    A remark in brackets does no harm: ``开放时间（必填）``, ``座位（个）``.
    """
    folded = fold_heading(text)
    if folded in headings:
        return folded
    bare = _REMARK.sub("", folded).strip("*:")
    return bare if bare in headings else None


def known_headings(cells: Iterable[str], headings: frozenset[str]) -> int:
    """How many different cells of a row are headings that a ledger knows."""
    return len({known_heading(cell, headings) for cell in cells} - {None})


def table(rows: Iterable[tuple[int, list[str]]], headings: frozenset[str]) -> Cells:
    """The cells below the header, which is the best row of the first five.

    A header may take two rows (位置 above 经度 and 纬度): see `_whole_header`. ``rows`` are
    (number, cells). Wholly blank rows are no rows. Raises BadFile where no row holds two known
    headings, where a heading comes twice, or where a limit is passed.
    """
    stream = iter(rows)
    first = _first_rows(stream)
    scores = [known_headings(cells, headings) for _, cells in first]
    if not scores:
        raise BadFile(
            "文件里没有内容。请填好台账再传。",
            "the file is empty; fill in the ledger.",
            "file_empty",
        )
    at = scores.index(max(scores))
    if scores[at] < 2:
        seen = "、".join(cell for cell in first[0][1] if cell.strip())[:60]
        raise BadFile(
            f"前 {HEADER_WITHIN} 行里没找到表头（第一行是「{seen}」）。"
            "表头至少要有「编号」「类型」「名称」「经度」「纬度」（或 id kind name lon lat）。",
            f"no header in the first {HEADER_WITHIN} rows; it needs id, kind, name, lon, lat "
            "(or the Chinese headings).",
            "header_not_found",
        )
    header, at = _whole_header(first, at, headings)
    found = Cells(_headings(header), header=first[at][0])
    torn: dict[int, str] = {}
    characters = 0
    width = len(found.columns)
    for number, cells in chain(first[at + 1 :], stream):
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        if len(found.cells) == MAX_ROWS:
            raise BadFile(
                f"超过 {MAX_ROWS:,} 行。请分成几个文件。",
                f"more than {MAX_ROWS:,} rows; split the file.",
                "file_too_large",
                number,
            )
        for cell in cells:
            characters += len(cell)
            if len(cell) > MAX_CELL:
                raise long_cell(number)
        if characters > MAX_CHARACTERS:
            raise BadFile(
                "全部文字加起来超过五千万字。请分成几个文件。",
                "more than fifty million characters in all; split the file.",
                "file_too_large",
                number,
            )
        beyond = "\t".join(cell for cell in cells[width:] if cell.strip())
        if beyond:
            torn[len(found.cells)] = beyond
        found.numbers.append(number)
        kept = [unguarded(cell) if cell[:1] == "'" else cell for cell in cells[:width]]
        found.cells.append([*kept, *([""] * (width - len(cells)))])
    if torn:
        found.columns.append(BEYOND)
        for index, row in enumerate(found.cells):
            row.append(torn.get(index, ""))
    return found


def long_cell(number: int) -> BadFile:
    """The refusal of a cell that no ledger needs."""
    return BadFile(
        f"第 {number} 行有一格超过 {MAX_CELL:,} 个字。请删短后再传。",
        f"row {number}: a cell of more than {MAX_CELL:,} characters; shorten it.",
        "file_too_large",
        number,
    )


def _first_rows(stream: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    first: list[tuple[int, list[str]]] = []
    for number, cells in stream:
        if any(cell.strip() for cell in cells):
            first.append((number, cells))
        if len(first) == HEADER_WITHIN:
            break
    return first


def _whole_header(
    first: list[tuple[int, list[str]]], at: int, headings: frozenset[str]
) -> tuple[list[str], int]:
    """The headings, and the last row of them, where the best row is the upper or lower of two.

    The lower row of a header names parts of what stands above it and holds nothing but headings;
    what the upper row says counts where the lower one is empty, as under merged cells.
    """
    number, cells = first[at]
    if at + 1 < len(first) and first[at + 1][0] == number + 1:
        below = first[at + 1][1]
        named = [cell for cell in below if cell.strip()]
        if len(named) > 1 and known_headings(named, headings) == len(named):
            return _stacked(cells, below), at + 1
    if at > 0 and first[at - 1][0] == number - 1:
        above = first[at - 1][1]
        lacking = [cell if not own.strip() else "" for cell, own in _side_by_side(above, cells)]
        if known_headings(lacking, headings):
            return _stacked(lacking, cells), at
    return cells, at


def _stacked(above: list[str], below: list[str]) -> list[str]:
    return [own if own.strip() else over for over, own in _side_by_side(above, below)]


def _side_by_side(one: list[str], other: list[str]) -> list[tuple[str, str]]:
    return list(zip_longest(one, other, fillvalue=""))


def _headings(cells: list[str]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MAX_COLUMNS:
        raise too_many_columns(len(columns))
    seen: set[str] = set()
    for at, column in enumerate(columns):
        folded = fold_heading(column)
        if not folded:
            columns[at] = f"（第 {at + 1} 列）"
        elif folded in seen:
            raise BadFile(
                f"表头「{column}」出现了两次。请只留一列。",
                f"the heading {column!r} comes twice; keep one column.",
                "column_twice",
            )
        seen.add(folded)
    return columns


def too_many_columns(count: int) -> BadFile:
    """The refusal of a table wider than any ledger."""
    return BadFile(
        f"有 {count} 列，最多 {MAX_COLUMNS} 列。请删去用不到的列。",
        f"{count} columns, and {MAX_COLUMNS} is the limit; remove the columns not needed.",
        "file_too_large",
    )
