"""The faces that signs are set in, and the proof that they can set a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from locator.county import web_root
from locator.errors import FontError

FACES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")


def font_folder() -> Path:
    """The folder of the faces; raises FontError naming the one that is missing."""
    folder = web_root() / "fonts"
    for face in FACES:
        if not (folder / face).is_file():
            raise FontError(
                f"字体 {face} 不在 {folder}，请重新安装本程序。/ "
                f"The font {face} is not in {folder}; install the program again (its build fetches "
                "the fonts)."
            )
    return folder


@cache
def glyphs(folder: Path) -> frozenset[int]:
    """The code points that every face in ``folder`` can draw."""
    drawn: set[int] | None = None
    for face in FACES:
        try:
            with TTFont(folder / face, lazy=True) as font:
                own = set(font.getBestCmap())
        except (TTLibError, OSError) as error:
            raise FontError(
                f"字体 {face} 已损坏，请重新安装。/ The font {folder / face} cannot be read "
                f"({error}); install the program again."
            ) from error
        drawn = own if drawn is None else drawn & own
    return frozenset(drawn or ())


def missing_glyphs(texts: Iterable[str], folder: Path) -> list[str]:
    """The characters of ``texts`` that the faces cannot draw, sorted; print hides them."""
    known = glyphs(folder)
    return sorted({sign for text in texts for sign in text if ord(sign) not in known})


def require_glyphs(texts: Iterable[str], folder: Path) -> None:
    """Raise FontError naming each character of ``texts`` that has no glyph."""
    missing = missing_glyphs(texts, folder)
    if missing:
        named = "、".join(
            f"「{sign}」(U+{ord(sign):04X} {unicodedata.name(sign, '?')})" for sign in missing[:5]
        )
        raise FontError(
            f"字体里没有这些字：{named}。请在台账里换一种写法。/ "
            f"No glyph in the font for {len(missing)} character(s) named above; "
            "write the ledger's text in other words."
        )
