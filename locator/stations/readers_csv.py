"""CSV as Excel, WPS and editors write it: UTF-8, GB18030, marked UTF-16; `,` `;` or tab."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

from locator.stations.readers import (
    HEADER_WITHIN,
    MAX_CELL,
    BadFile,
    Cells,
    known_headings,
    long_cell,
    table,
)

DELIMITERS = (",", ";", "\t")


def read_csv(content: bytes, headings: frozenset[str]) -> Cells:
    """The cells of a CSV file. Rows are numbered as a spreadsheet does: a record is a row, even
    where a quoted cell runs over several lines.

    Raises BadFile for an unknown encoding, or quotes that do not close.
    """
    text = _decode(content)
    delimiter = max(
        DELIMITERS, key=lambda mark: _score(text, mark, headings)
    )  # the first of equals: the comma
    return table(_records(text, delimiter), headings)


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]  # Excel's "Unicode text"; only with its mark
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadFile(
        "文字编码认不出来（不是 UTF-8，也不是 GB18030）。请用 Excel 另存为「CSV UTF-8」。",
        "neither UTF-8 nor GB18030 text; save it as CSV UTF-8.",
    )


def _score(text: str, delimiter: str, headings: frozenset[str]) -> int:
    try:
        first = list(islice(_records(text, delimiter), HEADER_WITHIN))
    except BadFile:
        return 0
    return max((known_headings(cells, headings) for _, cells in first), default=0)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        if "limit" in str(error):
            raise long_cell(number + 1) from error
        raise BadFile(
            f'第 {number + 1} 行的引号没有配对（{error}）。请检查这一行的 " 号。',
            f'row {number + 1}: the quotes do not match ({error}); check the " of this row.',
            row=number + 1,
        ) from error
