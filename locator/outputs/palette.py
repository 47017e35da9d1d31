"""The colours of prints and hand-outs: those of the page, read from its tokens.css.

One file names the colours of the product; what is printed reads the day colours from it, so that
the sign at the door and the map in the hand keep speaking with one voice.
"""

from __future__ import annotations

import re
from functools import cache

from locator.county import web_root
from locator.errors import ConfigError


@cache
def tokens() -> dict[str, str]:
    """The day colours of ``tokens.css`` by name (``ember`` → ``#b93a0a``, ``map-land``).

    Raises ConfigError when the file is missing or holds no colours.
    """
    path = web_root() / "static/css/tokens.css"
    try:
        day = path.read_text("utf-8").split("@media", 1)[0]
    except OSError as error:
        raise ConfigError(
            f"{path}：读不了，请重新安装本程序 / cannot be read ({error.strerror}); install again."
        ) from error
    colours = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-fA-F]{6})\s*;", day))
    if not colours:
        raise ConfigError(
            f"{path}：开头没有颜色，请恢复这个文件 / "
            "no colours in its first block; restore the file."
        )
    return colours


def mix(one: str, other: str, share: float) -> str:
    """The colour that lies ``share`` (0–1) of the way from ``one`` to ``other``, both #rrggbb."""
    ends = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (one, other)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(*ends, strict=True))
