"""What a sheet of a workbook shows otherwise than its cells say: merged, hidden, not computed.

Excel shows one value over all the rows of a merged cell, shows nothing of rows that a filter
hides, and computes a formula when the file is opened. The reader of cells knows none of it, so it
is looked up in the sheet's own part, and each of them is told in one note a file.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from posixpath import join, normpath
from xml.etree import ElementTree

from locator.stations.readers import Cells

#: Rows 0-based, columns 0-based: the first and the last corner.
Merged = tuple[tuple[int, int], tuple[int, int]]

_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d{1,7})[\"']")
_FROM_TO = re.compile(rb"\s(min|max)\s*=\s*[\"'](\d{1,5})[\"']")
_FORMULA = rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|(?<!/)>[^<]*</(?:\w+:)?f>)\s*"
_ERROR = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*\bt\s*=\s*[\"']e[\"'][^>]*)>\s*(?:" + _FORMULA + rb")?"
    rb"<(?:\w+:)?v>([^<]{1,20})<"
)
_UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*)>\s*" + _FORMULA + rb"(?:<(?:\w+:)?v\s*/>|"
    rb"<(?:\w+:)?v>\s*</(?:\w+:)?v>\s*)?</(?:\w+:)?c>"
)
#: A formula whose result is text, here an empty one, as =IF(A1="","",A1) gives.
_TEXT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
#: Cells and rows named in one note; the rest is counted.
_SHOWN = 10


def sheet_xml(archive: zipfile.ZipFile, at: int) -> bytes:
    """The part of the sheet that is the ``at``-th of the workbook; empty where it is not found."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        sheets = [element for element in book.iter() if element.tag.endswith("}sheet")]
        own = next(text for name, text in sheets[at].items() if name.endswith("}id"))
        target = next(link.get("Target", "") for link in links if link.get("Id") == own)
        return archive.read(normpath(join("/xl", target)).lstrip("/"))
    except (ElementTree.ParseError, KeyError, IndexError, StopIteration):
        return b""


def fill_merged(found: Cells, merged: Iterable[Merged]) -> None:
    """Give the rows under a merged cell its value, as Excel shows it, and note it.

    Only rows that hold something themselves are rows, and only empty cells are filled. What is
    merged sideways (a title, a heading over two columns) is left as it is.
    """
    places = {number: at for at, number in enumerate(found.numbers)}
    filled: dict[str, list[int]] = {}
    for (top, left), (bottom, _) in merged:
        first, column = places.get(top + 1), left - found.left
        if first is None or top == bottom or not 0 <= column < len(found.columns):
            continue
        value = found.cells[first][column]
        for number in range(top + 2, bottom + 2):
            below = places.get(number)
            if below is not None and value.strip() and not found.cells[below][column]:
                found.cells[below][column] = value
                filled.setdefault(found.columns[column], []).append(number)
    if not filled:
        return
    rows = sorted({number for numbers in filled.values() for number in numbers})
    names = list(filled)
    found.notes.append((
        "merged_cells",
        f"列{''.join(f'「{name}」' for name in names)}里有合并的单元格，"
        f"{_rows_zh(rows)}照合并格的值读了。请核对；最好取消合并，每行各填一个。",
        f"cells are merged in {', '.join(names)}; {_rows_en(rows)} took the value of the merged "
        "cell. Look whether it is meant for each; better unmerge and fill in every row.",
    ))  # fmt: skip


def tell_hidden(found: Cells, xml: bytes) -> None:
    """Note that rows or columns hidden in the sheet were read all the same."""
    if not _HIDDEN.search(xml):
        return
    known = set(found.numbers)
    rows = [
        number
        for tag in _ROW.findall(xml)
        if _HIDDEN.search(tag) and (own := _NUMBER.search(tag)) and (number := int(own[1])) in known
    ]
    names: list[str] = []
    for tag in _COLUMN.findall(xml):
        if _HIDDEN.search(tag):
            ends = {key: int(value) for key, value in _FROM_TO.findall(tag)}
            first = max(ends.get(b"min", 1) - 1 - found.left, 0)
            names += found.columns[first : max(ends.get(b"max", 0) - found.left, 0)]
    if not rows and not names:
        return
    zh = [_rows_zh(rows)] if rows else []
    zh += ["列" + "".join(f"「{name}」" for name in names[:_SHOWN])] if names else []
    en = [_rows_en(rows)] if rows else []
    en += [f"the columns {', '.join(names[:_SHOWN])}"] if names else []
    found.notes.append((
        "hidden_cells",
        f"{'和'.join(zh)}在表里是隐藏的（筛选或手动隐藏），也照样读了。"
        "请取消筛选和隐藏，看看；不要的请删去。",
        f"{' and '.join(en)} are hidden in the sheet (by a filter or by hand) and were read all "
        "the same. Show them and look; delete what is not wanted.",
    ))  # fmt: skip


def tell_without_value(found: Cells, xml: bytes) -> None:
    """Note cells that hold an error (#N/A), or a formula that nothing has computed yet."""
    places = [(tag, value.decode(errors="replace")) for tag, value in _ERROR.findall(xml)]
    places += [(tag, "") for tag in _UNCOMPUTED.findall(xml) if not _TEXT.search(tag)]
    known = set(found.numbers)
    told: list[tuple[int, str, str]] = []
    for tag, value in places:
        place = _PLACE.search(tag)
        if place is None or int(place[2]) not in known:
            continue
        column = _column(place[1]) - found.left
        if 0 <= column < len(found.columns):
            told.append((int(place[2]), found.columns[column], value))
    if not told:
        return
    told.sort()
    more = f"等 {len(told)} 格" if len(told) > _SHOWN else ""
    zh = "、".join(
        f"第 {row} 行「{name}」{f'是错误值 {value}' if value else '是没有算出值的公式'}"
        for row, name, value in told[:_SHOWN]
    )
    en = ", ".join(
        f"row {row} {name}: {value or 'a formula without its value'}"
        for row, name, value in told[:_SHOWN]
    )
    found.notes.append((
        "cell_without_value",
        f"{zh}{more}，当作没填。公式请在 Excel 里打开、保存一次；错误值请改成真正的值。",
        f"{len(told)} cells have no value and count as empty ({en}). Open and save the file in "
        "Excel, so that formulas are computed; replace errors by the value that is meant.",
    ))  # fmt: skip


def _column(letters: bytes) -> int:
    width = 0
    for letter in letters.upper():
        width = width * 26 + letter - 64
    return width - 1


def _rows_zh(rows: Sequence[int]) -> str:
    more = f"等 {len(rows)} 行" if len(rows) > _SHOWN else " 行"
    return f"第 {'、'.join(map(str, rows[:_SHOWN]))}{more}"


def _rows_en(rows: Sequence[int]) -> str:
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return f"row {', '.join(map(str, rows[:_SHOWN]))}{more}"
