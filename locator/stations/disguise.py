"""What a file really is, by its first bytes, where that is not what its name says.

Web systems put a web page or plain text into a file that they call .xls or .xlsx; a program shows
it all the same, so nobody notices. Such a file is named for what it is, with what to do.
"""

from __future__ import annotations

import codecs
import re

from locator.stations.readers import BadFile

#: How much of the beginning is looked at.
HEAD_BYTES = 4096

_EXCEL = (".xlsx", ".xls")
_GEOJSON = (".geojson", ".json")
_OLE = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAVE = "请用 Excel 或 WPS 打开（提示格式和后缀不符时点「是」），另存为 .xlsx 再传。"
_SAVE_EN = "open it in Excel (answer Yes when asked about its ending) and save it as .xlsx."
_OTHER = "请传做它用的 Excel 工作簿（.xlsx）。"
_OTHER_EN = "send the Excel workbook (.xlsx) that it was made from."
#: What text begins with, what that is in Chinese and English. The first that fits holds.
_TEXTS = (
    (r"<\?xml[^>]*>\s*(?:<!--.*?-->\s*)?<\?mso-application|.{0,500}<Workbook\b"
     r"[^>]*office:spreadsheet", "XML 表格", "an XML spreadsheet"),
    (r"mime-version:", "单个文件的网页（MHTML）", "a web page in one file (MHTML)"),
    (r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|style|div|table)"
     r"\b", "网页表格（HTML）", "a web page (HTML)"),
)  # fmt: skip
_BINARIES = (
    (_OLE, "旧版 .xls 或 WPS 的 .et", "an old .xls", _SAVE, _SAVE_EN),
    (b"%PDF", "PDF", "a PDF", _OTHER, _OTHER_EN),
    (b"SQLite", "SQLite", "SQLite", _OTHER, _OTHER_EN),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MARKS = re.compile(r"[,;\t]")


def disguised(head: bytes, ending: str) -> BadFile | None:
    """The refusal of a file whose first bytes ``head`` are not what ``ending`` (".csv") says.

    None where they may be. Broken files are for the readers to describe: only what is surely
    something else is named here.
    """
    bare = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if ending != ".xlsx" and bare.startswith(b"PK\x03\x04"):
        return _renamed(ending, "Excel 工作簿（Excel/zip）", "an Excel workbook (zip)", ".xlsx")
    for magic, zh, en, remedy, remedy_en in _BINARIES:
        if bare.startswith(magic) and not (magic == _OLE and ending in _EXCEL):
            return _refusal(ending, zh, en, remedy, remedy_en)
    text = _text(head)
    if text is None:
        return None
    for pattern, zh, en in _TEXTS:
        if re.match(pattern, text, re.IGNORECASE | re.DOTALL):
            return _refusal(ending, zh, en, _SAVE, _SAVE_EN)
    if text.startswith("<"):
        return _refusal(ending, "XML", "XML", _SAVE, _SAVE_EN)
    if text.startswith("{") and '"type"' in text and ending not in _GEOJSON:
        return _renamed(ending, "GeoJSON", "GeoJSON", ".geojson")
    if ending in _EXCEL and "\n" in text and _MARKS.search(text):
        return _renamed(ending, "用逗号或制表符分开的文字（CSV）", "plain text (CSV)", ".csv")
    return None


def _renamed(ending: str, zh: str, en: str, right: str) -> BadFile:
    return _refusal(
        ending, zh, en, f"请把后缀改成 {right} 再传。", f"rename it to end in {right}."
    )  # fmt: skip


def _refusal(ending: str, zh: str, en: str, remedy: str, remedy_en: str) -> BadFile:
    return BadFile(
        f"文件名是 {ending}，内容却是{' ' if zh[0].isascii() else ''}{zh}。{remedy}",
        f"named {ending}, but the content is {en}; {remedy_en}",
        "file_not_a_ledger",
    )


def _text(head: bytes) -> str | None:
    """The beginning as text, without blanks in front; None where it is none."""
    encodings = ("utf-16",) if head.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text.lstrip()
    return None
