"""A workbook as bytes that do not change from one saving to the next."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

#: What stands where a program writes the time of saving: the same workbook has the same bytes.
SAVED = datetime(2026, 1, 1)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
# What XML 1.0 can't hold.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def saved(book: Any, change: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """The openpyxl workbook as an .xlsx file; ``change`` may rewrite a member (name, content)."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    stamp = rb"\g<1>" + f"{SAVED:%Y-%m-%dT%H:%M:%SZ}".encode()
    with (
        zipfile.ZipFile(raw) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = _MODIFIED.sub(stamp, body)
            elif change is not None:
                body = change(name, body)
            entry = zipfile.ZipInfo(name, SAVED.timetuple()[:6])
            entry.create_system = 3  # else it tells on which system it was made
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, body)
    return out.getvalue()


def legal(text: str) -> str:
    """``text`` without the characters that a workbook cannot hold."""
    return _ILLEGAL.sub("", text)
