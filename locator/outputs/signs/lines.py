"""Words into lines: where a name may break, and how large it may be set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from locator.outputs.typeface import Face

#: Words that names of stations are made of and that stay on one line.
WHOLE_WORDS = (
    "驿站", "食堂", "小哥食堂", "小区", "社区", "广场", "公园", "中心", "服务中心", "活动中心",
    "党群", "新时代", "文明", "实践站", "联合", "工会", "医院", "学校", "小学", "中学", "大桥",
    "街道", "市场", "北门", "南门", "东门", "西门", "总店", "分店",
    "小店", "街边", "门前", "对面",
)  # fmt: skip


def split_tail(name: str) -> tuple[str, str]:
    """A name and the short bracket at its end, which is set smaller: 驿站 + （示意）."""
    found = re.fullmatch(r"(.*[^（(])([（(][^（）()]{1,10}[）)])", name)
    return (found[1], found[2]) if found else (name, "")


def pieces(name: str, known: list[str]) -> list[str]:
    """A name as pieces between which a line may break: no word is torn apart."""
    whole = "|".join(map(re.escape, sorted({*known, *WHOLE_WORDS}, key=len, reverse=True)))
    return re.findall(rf"{whole}|[^\s\u2e80-\uffef\u200b]+\s*|.", name)


def breakable(text: str) -> str:
    """``text`` with places to break in runs of Latin letters that no line could hold."""
    return re.sub(r"[^\s\u2e80-\uffef]{18}(?=[^\s\u2e80-\uffef])", "\\g<0>\u200b", text)


def wrapped(parts: Sequence[str], face: Face, size: float, width: float) -> list[str] | None:
    """``parts`` in lines no longer than ``width``, None where one part alone is longer."""
    lines = [""]
    for part in parts:
        if face.width(part.rstrip(), size) > width:
            return None
        if face.width((lines[-1] + part).rstrip(), size) > width:
            lines.append("")
        lines[-1] += part
    return [line.strip() for line in lines]


def fitted(
    parts: Sequence[str], face: Face, width: float, sizes: Iterable[tuple[float, int]]
) -> tuple[float, list[str]] | None:
    """The first of ``sizes`` (a size and how many lines it may take) at which ``parts`` fit, and
    the lines, as even as they can be; None where none does."""
    for size, most in sizes:
        lines = wrapped(parts, face, size, width)
        if lines is None or len(lines) > most:
            continue
        # Two lines of like length read better than a full one and a word.
        for share in range(50, 100, 5):
            even = wrapped(parts, face, size, width * share / 100)
            if even is not None and len(even) == len(lines):
                return size, even
        return size, lines
    return None
