"""Text that a spreadsheet must not take for a formula, and back again.

A cell that begins with ``= + - @``, a tab or a line end may be run as a formula, at the latest when
the sheet is saved as CSV and opened again. An apostrophe before it says that it is text. Writing
adds it, reading takes it off, so that a table comes back as it was.
"""

from __future__ import annotations

TRIGGERS = frozenset("=+-@\t\r\n＝＋－＠")


def guarded(text: str) -> str:
    """``text`` fit for a cell: an apostrophe before what would be a formula."""
    return f"'{text}" if text[:1] in TRIGGERS else text


def unguarded(text: str) -> str:
    """``text`` without the apostrophe that `guarded` (or a clerk) put before it."""
    return text[1:] if text[:1] == "'" and text[1:2] in TRIGGERS else text
