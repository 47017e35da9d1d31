"""The words that prints and hand-outs put beside a station's codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from locator.county import web_root
from locator.outputs.palette import tokens

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
#: Zero-width and bidirectional marks, lone surrogates, non-characters.
_INVISIBLE = re.compile(
    "[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A kind or a service: its names, its hue, and the inner part of its 24-unit SVG icon.

    ``icon`` is "" for one without an icon, ``colour`` is ink for one without a hue. A kind of a
    county's own that borrows an icon has its hue too.
    """

    zh: str
    en: str
    icon: str
    colour: str


def word(manifest: Mapping[str, Any], table: str, code: str) -> Word:
    """What a release's manifest calls ``code`` of its ``table`` ("kinds" or "services").

    A code that is not in it is its own name, so that nothing a county offers goes unsaid.
    """
    entry = manifest[table].get(code, {})
    mark = entry.get("icon") or code
    colours = tokens()
    hue = colours.get(mark.replace("_", "-"), colours["ink"])
    return Word(entry.get("zh", code), entry.get("en", code), icon(mark), hue)


@cache
def icon(name: str) -> str:
    """The inner part of one of our SVG icons, in ``currentColor`` on 24 units; "" without one."""
    path = web_root() / "static/icons" / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9_]+", name) or not path.is_file():
        return ""
    opening, inner = path.read_text("utf-8").split(">", 1)
    style = " ".join(re.findall(r'(?:fill|stroke)[a-z-]*="[^"]*"', opening))
    return f"<g {style}>{inner.rsplit('</svg>', 1)[0]}</g>"


def one_line(text: str) -> str:
    """``text`` without line breaks, control characters and invisible marks; blanks joined."""
    return " ".join(_INVISIBLE.sub("", _CONTROLS.sub(" ", text)).split())
