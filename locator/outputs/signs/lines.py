"""Words into lines: where a name may break, and how large it may be set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from locator.errors import LocatorError
from locator.outputs.typeface import Face

#: Words that names of stations are made of and that stay on one line.
WHOLE_WORDS = (
    "驿站", "食堂", "小哥食堂", "小区", "社区", "广场", "公园", "中心", "服务中心", "活动中心",
    "党群", "新时代", "文明", "实践站", "联合", "工会", "医院", "学校", "小学", "中学", "大桥",
    "街道", "市场", "北门", "南门", "东门", "西门", "总店", "分店", "小店", "街边", "门前",
    "对面", "旁边", "入口", "出口", "一楼", "二楼", "图书室", "图书馆", "阅览室", "活动室",
    "候车厅", "候车室", "大厅", "客运站", "汽车站", "火车站", "卫生院", "卫生室", "派出所",
    "居委会", "村委会", "加油站", "服务区", "工业园", "产业园", "开发区", "农贸", "菜市场",
    "超市", "药房", "药店", "银行", "大厦", "商场", "商城", "花园", "家园", "体育馆", "文化馆",
    "博物馆", "幼儿园", "政务", "便民", "法院", "公司", "快递", "外卖", "骑手", "职工", "户外",
    "劳动者", "工友", "爱心",
)  # fmt: skip

#: The number of a house, a floor or a room.
_COUNTED = r"[\d一二三四五六七八九十][\d一二三四五六七八九十-]*\s*[号幢栋楼室层]"
_HAN_LATIN = re.compile(r"(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3400-\u9fff])")
#: Signs that no line may begin with, and those that none may end with.
_CLOSING, _OPENING = "，。、；：！？）》」』】〉”’…", "（《「『【〈“‘"


class NoRoom(LocatorError):
    """Words of a sign that do not fit at their least readable size."""


def spaced(text: str) -> str:
    """``text`` with a space between Chinese and Latin letters or figures, as good print has it; in
    our faces it is a quarter as wide as a character."""
    return _HAN_LATIN.sub(" ", text)


def split_tail(name: str) -> tuple[str, str]:
    """A name and the short bracket at its end, which is set smaller: 驿站 + （示意）."""
    found = re.fullmatch(r"(.*[^（(])([（(][^（）()]{1,10}[）)])", name)
    return (found[1], found[2]) if found else (name, "")


def pieces(name: str, known: Iterable[str] = ()) -> list[str]:
    """A name as pieces between which a line may break: no word is torn apart, ``known`` words and
    the number of a house stay whole, and a comma begins no line.

    A run of Latin letters that no line could hold breaks after each 18, and any where it holds a
    zero-width space, which is left off.
    """
    whole = "|".join(map(re.escape, sorted({*known, *WHOLE_WORDS}, key=len, reverse=True)))
    long = r"[^\s\u2e80-\uffef\u200b]{18}(?=[^\s\u2e80-\uffef\u200b])"
    run = r"[^\s\u2e80-\uffef\u200b]+\s*"
    out: list[str] = []
    for piece in re.findall(rf"{whole}|{_COUNTED}|{long}|{run}|.", name):
        if piece == "\u200b":
            continue
        ends_open = bool(out) and out[-1] in _OPENING
        closes = bool(out) and piece in _CLOSING and out[-1][-1] not in _CLOSING
        if ends_open or closes:
            out[-1] += piece
        else:
            out.append(piece)
    return out


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
        for share in range(48, 100, 2):
            even = wrapped(parts, face, size, width * share / 100)
            if even is not None and len(even) == len(lines):
                return size, even
        return size, lines
    return None
