"""What a workbook holds that would be lost if the library wrote it anew.

openpyxl reads and writes cells, styles, widths, drop-downs, plain conditional formats, tables and
comments; what it does not know it leaves out in silence. So the archive is looked through first:
every part that is not known to survive counts as lost, by the name that a clerk knows it by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Loss = tuple[str, str]

#: A sheet of more takes the library minutes, and it makes a cell for each of a merged range.
MOST_CELLS = 300_000
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_RANGE = re.compile(
    rb"<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref\s*=\s*[\"']"
    rb"([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})"
)

#: Parts that come through, and those that nobody misses (the order of calculation, the printer's
#: own settings, a picture of the first page).
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core|custom)\.xml|docProps/thumbnail\.\w+"
    r"|xl/(workbook|styles|sharedStrings|calcChain)\.xml|xl/theme/theme\d+\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/sheet\d*\.xml"
    r"|xl/worksheets/_rels/sheet\d*\.xml\.rels|xl/tables/table\d+\.xml|xl/comments/?\w*\d*\.xml"
    r"|xl/drawings/(commentsDrawing|vmlDrawing)\d*\.vml|xl/printerSettings/printerSettings\d+\.bin"
    r"|.*/",
    re.IGNORECASE,
)
#: LibreOffice writes one to every sheet with comments, with nothing in it.
_DRAWING = re.compile(r"xl/drawings/drawing\d+\.xml")
#: The first that fits names the part.
_PARTS: tuple[tuple[str, Loss], ...] = (
    (r"vbaProject|vbaData|macrosheets|dialogsheets", ("宏", "macros")),
    (r"_xmlsignatures|origin\.sigs", ("数字签名", "a digital signature")),
    (r"xl/charts|xl/chartsheets|chartstyle|chartcolors", ("图表", "charts")),
    (r"xl/pivot", ("数据透视表", "pivot tables")),
    (r"slicer|timeline", ("切片器", "slicers")),
    (r"ctrlProps|activeX", ("窗体控件", "form controls")),
    (r"externalLinks", ("外部链接", "links to other workbooks")),
    (r"xl/(queryTables|connections|model|queries)", ("外部数据", "external data")),
    (r"threadedComments|persons", ("对话批注", "threaded comments")),
    (r"embeddings|oleObject", ("嵌入的对象", "embedded objects")),
    (r"diagrams", ("SmartArt 图形", "SmartArt")),
    (r"media|cellimages|drawings/drawing|drawings/_rels", ("图片或图形", "pictures or shapes")),
    (r"metadata\.xml|richData", ("动态数组或富数据", "dynamic arrays or rich data")),
    (r"customXml", ("自定义 XML", "custom XML")),
    (r"docMetadata|labelinfo", ("保密标签", "a sensitivity label")),
    (r"revisions|userNames", ("共享修订记录", "a record of shared changes")),
    (r"customUI|customKeyboard", ("自定义菜单", "a custom menu")),
)
#: What stands inside a sheet or the workbook's own part.
_MARKS: tuple[tuple[bytes, Loss], ...] = (
    (b"sparklineGroup", ("迷你图", "sparklines")),
    (b"x14:dataValidation", ("引用别的工作表的下拉列表", "drop-downs from another sheet")),
    (b"x14:conditionalFormatting", ("新式条件格式", "newer conditional formats")),
    (b"<controls", ("窗体控件", "form controls")),
    (b"<oleObjects", ("嵌入的对象", "embedded objects")),
    (b"<customSheetViews", ("自定义视图", "custom views")),
    (b"<protectedRanges", ("允许编辑的区域", "ranges open for editing")),
    (b"<legacyDrawingHF", ("页眉里的图片", "pictures in the header")),
    (b"<picture", ("背景图片", "a background picture")),
    (b"<dataConsolidate", ("合并计算", "a consolidation")),
)


def lost_parts(names: Iterable[str], parts: Mapping[str, bytes]) -> list[Loss]:
    """What would be lost of a workbook, in Chinese and English, each once.

    ``names`` are all the members of its archive, ``parts`` those of XML.
    """
    lost: dict[str, Loss] = {}
    for name in names:
        empty = _DRAWING.fullmatch(name) and b"Anchor" not in parts.get(name, b"Anchor")
        if empty or _KEPT.fullmatch(name):
            continue
        known = (loss for mark, loss in _PARTS if re.search(mark, name, re.IGNORECASE))
        zh, en = next(known, (f"「{name[:60]}」", name[:60]))
        lost.setdefault(zh, (zh, en))
    if sum(map(_area, parts.values())) > MOST_CELLS:
        zh, en = "太多格子，或合并了一大片格子", "too many cells, or a very large merged range"
        lost.setdefault(zh, (zh, en))
    for xml in (xml for name, xml in parts.items() if name.startswith("xl/worksheets/")):
        for mark, (zh, en) in _MARKS:
            if mark in xml:
                lost.setdefault(zh, (zh, en))
    return list(lost.values())


def _area(xml: bytes) -> int:
    """How many cells a sheet has the library make."""
    cells = sum(1 for _ in _CELL.finditer(xml))
    for left, top, right, bottom in _RANGE.findall(xml):
        cells += (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)
    return cells


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
