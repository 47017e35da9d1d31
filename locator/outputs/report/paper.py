"""The report as a PDF on A4, set by typst from ``report.typ``."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from locator.outputs.fonts import font_folder, glyphs
from locator.outputs.palette import tokens
from locator.outputs.report.words import say

#: The printers' mark for a sort that is not in the case.
_INSTEAD = "〓"
TEMPLATE = Path(__file__).parent / "report.typ"


def write_paper(content: Mapping[str, Any], as_of: str, path: Path) -> None:
    """Write the report of `report_content` as a PDF; the same content gives the same bytes.

    A character that the faces cannot draw is set as 〓, which says that something is missing; a
    font would leave it out in silence. Raises FontError when a face is missing, OSError when
    ``path`` cannot be written.
    """
    lang, fonts = content["lang"], font_folder()
    data = {
        **_drawable(content, glyphs(fonts)),
        "colours": tokens(),
        "page": say(lang, "page", page="{page}"),
        "watermark": say(lang, "watermark"),
    }
    compiler = typst.Compiler(
        TEMPLATE, root=TEMPLATE.parent, font_paths=[fonts], ignore_system_fonts=True
    )
    compiler.compile(
        output=path,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(datetime.fromisoformat(as_of).replace(tzinfo=UTC).timestamp()),
        pdf_standards=["a-2b"],
    )


def _drawable(value: Any, known: frozenset[int]) -> Any:
    if isinstance(value, str):
        return "".join(sign if _known(sign, known) else _INSTEAD for sign in value)
    if isinstance(value, Mapping):
        return {key: _drawable(part, known) for key, part in value.items()}
    if isinstance(value, list):
        return [_drawable(part, known) for part in value]
    return value


def _known(sign: str, known: frozenset[int]) -> bool:
    """Whether ``sign`` can be set: by a glyph, or because it is a blank, which needs none."""
    return ord(sign) in known or unicodedata.category(sign) in ("Zs", "Cc")
