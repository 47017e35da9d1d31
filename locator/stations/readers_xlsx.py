"""Excel workbooks: the archive is checked and packed anew before the workbook reader sees it.

A few kilobytes of .xlsx can ask for gigabytes: a cell in the last row and column, a sheet that
unpacks a thousandfold, entities that multiply. So the members are read with a bound, looked over,
and only the plain XML parts are handed on.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from locator.stations.readers import (
    HEADER_WITHIN,
    MAX_COLUMNS,
    MAX_ROWS,
    BadFile,
    Cells,
    known_headings,
    table,
)
from locator.stations.sheet_traps import fill_merged, sheet_xml, tell_hidden, tell_without_value

MAX_MEMBERS = 200
MAX_UNPACKED = 100_000_000
MAX_RATIO = 100
#: The workbook reader keeps every cell of the rectangle, empty or not.
MAX_AREA = 8_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A cell with something in it: `<c r="B7" …>`, not the merely coloured `<c r="B7" …/>`.
_CELL = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,5})([0-9]{1,9})[\"'][^>]*(?<!/)>"
)


def read_xlsx(content: bytes, headings: frozenset[str]) -> Cells:
    """The cells of the sheet that looks most like a ledger, as the clerk sees them.

    Hidden sheets are not read; another sheet that looks like a ledger, hidden or not, is named in
    the notes, and so are merged, hidden and uncomputed cells (see ``sheet_traps``). Raises BadFile
    for another format, a password, or an archive that asks for too much.
    """
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise BadFile(
                "工作簿加了密码。请在 Excel 里去掉密码再传。",
                "the workbook has a password; remove it in Excel.",
                "file_not_a_ledger",
            )
        raise BadFile(
            "这是旧版 .xls 格式。请在 Excel 里另存为 .xlsx。",
            "this is the old .xls format; save it as .xlsx.",
            "file_not_a_ledger",
        )
    packed = repack(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(packed))
        sheets = [
            (at, about.visible == SheetVisibleEnum.Visible)
            for at, about in enumerate(workbook.sheets_metadata)
            if about.typ == SheetTypeEnum.WorkSheet
        ]
        places = [at for at, visible in sheets if visible]
        candidates = [workbook.get_sheet_by_index(at) for at in places]
        hidden = [workbook.get_sheet_by_index(at) for at, visible in sheets if not visible]
    except CalamineError as error:
        raise BadFile(
            f"工作簿坏了，打不开（{error}）。请在 Excel 里打开后另存一份。",
            f"the workbook is broken ({error}); open it in Excel and save a copy.",
        ) from error
    if not candidates:
        raise BadFile(
            "工作簿里没有可见的工作表。", "the workbook has no visible sheet.", "file_empty"
        )
    scores = [_score(sheet, headings) for sheet in candidates]
    best = scores.index(max(scores))
    found = table(_rows(candidates[best]), headings)
    found.sheet, found.left = candidates[best].name, (candidates[best].start or (0, 0))[1]
    for sheet, score in zip(candidates, scores, strict=True):
        if sheet is not candidates[best] and score >= 3:
            found.notes.append((
                "other_sheet",
                f"工作表「{sheet.name}」也像台账，这次只读了「{candidates[best].name}」。要一起查，请合成一张表。",
                f"the sheet {sheet.name!r} looks like a ledger too, but only "
                f"{candidates[best].name!r} was read; join them into one sheet.",
            ))  # fmt: skip
    for sheet in hidden:
        if _score(sheet, headings) >= 3:
            found.notes.append((
                "other_sheet",
                f"隐藏的工作表「{sheet.name}」也像台账，没有读，只读了「{found.sheet}」。要一起查，请取消隐藏，"
                "合成一张表；是旧表，就不用管。",
                f"the hidden sheet {sheet.name!r} looks like a ledger too and was not read, only "
                f"{found.sheet!r} was; show it and join them into one sheet, or leave an old one.",
            ))  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        xml = sheet_xml(archive, places[best])
    fill_merged(found, candidates[best].merged_cell_ranges or ())
    tell_hidden(found, xml)
    tell_without_value(found, xml)
    return found


def repack(content: bytes) -> bytes:
    """The XML members of the archive, each read with a bound, in a new archive of our own.

    Raises BadFile for what is no workbook, asks for too much, or is built strangely.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _checked(archive, len(content))
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        NotImplementedError,
        zlib.error,
    ) as error:
        raise BadFile(
            "不是 Excel 工作簿（.xlsx），或文件没传完整。请在 Excel 里打开后另存一份。",
            "not an Excel workbook (.xlsx), or only a part of it; save a copy in Excel.",
            "file_not_a_ledger",
        ) from error


def _checked(archive: zipfile.ZipFile, packed_size: int) -> bytes:
    members = archive.infolist()
    names = [member.filename for member in members]
    if "xl/workbook.xml" not in names:
        raise BadFile(
            "压缩包里没有 Excel 工作簿。请用 Excel 另存为 .xlsx。",
            "the archive holds no Excel workbook; save it as .xlsx.",
            "file_not_a_ledger",
        )
    odd = [name for name in names if name.startswith("/") or "\\" in name or ".." in name]
    total = sum(member.file_size for member in members)
    if (
        odd
        or len(set(names)) != len(names)
        or len(members) > MAX_MEMBERS
        or total > MAX_UNPACKED
        or total > MAX_RATIO * packed_size
    ):
        raise BadFile(
            f"工作簿的内部结构不正常（{len(members)} 个部分，展开后 {total / 1e6:.0f} MB），"
            "为安全起见不读。请把数据复制到新的工作簿再传。",
            f"the workbook is built strangely ({len(members)} parts, {total / 1e6:.0f} MB unpacked)"
            " and is not read; copy the data into a new workbook.",
            "file_too_large",
        )
    if any(member.flag_bits & 1 for member in members):
        raise BadFile(
            "压缩包加了密码。请去掉密码再传。",
            "the archive has a password; remove it.",
            "file_not_a_ledger",
        )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as fresh:
        for member in members:
            if not member.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(member) as source:
                xml = source.read(member.file_size + 1)
            if b"\0" in xml[:200] or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
                raise BadFile(
                    f"「{member.filename[:60]}」里有不该有的定义（DOCTYPE），为安全起见不读。",
                    f"{member.filename[:60]} holds a DOCTYPE or an odd encoding, and is not read.",
                )
            if member.filename.startswith("xl/worksheets/"):
                _check_area(xml)
            fresh.writestr(member.filename, xml)
    return target.getvalue()


def _check_area(xml: bytes) -> None:
    # Columns by their letters: longer is farther right, then alphabetical.
    width = height = 0
    cells = {(len(a), a.upper(), int(b)) for a, b in _CELL.findall(xml)}
    if cells:
        _, letters, _ = max(cells)
        height = max(row for _, _, row in cells)
        for letter in letters:
            width = width * 26 + letter - 64
    if width > MAX_COLUMNS or height > MAX_ROWS + HEADER_WITHIN or width * height > MAX_AREA:
        raise BadFile(
            f"表格铺到了第 {height:,} 行、第 {width:,} 列，最多 {MAX_ROWS:,} 行、{MAX_COLUMNS} 列。"
            "多半是远处有一格误填，请删去多余的行和列。",
            f"the sheet reaches to row {height:,} and column {width:,}; the limits are "
            f"{MAX_ROWS:,} and {MAX_COLUMNS}. Remove stray cells far out.",
            "file_too_large",
        )


def _score(sheet: CalamineSheet, headings: frozenset[str]) -> int:
    first = []
    for _, cells in _rows(sheet):
        if any(cells):
            first.append(known_headings(cells, headings))
        if len(first) == HEADER_WITHIN:
            break
    return max(first, default=0)


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    if sheet.start is None:
        return
    # The reader leaves out empty columns at the left, but not the empty rows above.
    for number, values in enumerate(sheet.iter_rows(), start=1):
        yield number, [value if type(value) is str else _shown(value) for value in values]


def _shown(value: Any) -> str:
    """A cell as the clerk sees it: 15 digits of a number, a date without its midnight."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        text = value.isoformat(sep=" ", timespec="minutes")
        return text.removesuffix(" 00:00")
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, datetime.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value)
