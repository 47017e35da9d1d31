"""Words for what a start finds, and how the two languages put them together."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: So many names or reasons are written out; the rest is counted.
SHOWN = 6

LAYERS_ZH = {
    "buildings": "房屋",
    "roads": "道路",
    "green": "绿地",
    "landuse": "用地",
    "bare": "裸地",
    "water": "水面",
    "waterways": "河流",
    "rails": "铁路",
    "places": "地名",
    "pois": "地标",
}
ACTIONS = {
    "place_cabin": ("放一间小屋", "place a cabin"),
    "sign_up_shop": ("请店铺加入", "sign up a shop"),
    "open_full_station": ("开一处驿站", "open a station"),
    "extend_hours": ("延长开放", "open longer"),
    "extend_hours_24h": ("全天开放", "open day and night"),
}
SIGNS = {
    "park": ("公园", "parks"),
    "plaza": ("广场", "plazas"),
    "estate_gate": ("小区门口", "estate gates"),
    "townhall": ("办事大厅", "town halls"),
    "bus_station": ("汽车站", "bus stations"),
}
OUTLINE = {
    "largest": ("数据里最大的行政边界", "the extract's largest boundary"),
    "within": ("数据里的行政边界", "a boundary of the extract"),
    "file": ("所给的边界文件", "the file given"),
    "adcode": ("按区划代码", "by the county's code"),
}
COUNTRY = {
    "given": ("按所给", "as given"),
    "boundary": ("行政边界上写着", "the boundary says so"),
    "addresses": ("地址里写着", "addresses say so"),
    "adcode": ("按区划代码", "by the code"),
    "guess": ("猜的", "a guess"),
}
LOOK = {
    "country": ("country（猜的）", "country (a guess)"),
    "timezone": ("timezone（猜的）", "timezone (a guess)"),
    "name_zh": ("name_zh（没有中文名）", "name_zh (no Chinese name)"),
    "name_en": ("name_en（没有英文名）", "name_en (no English name)"),
}


@dataclass(frozen=True)
class Speech:
    """One of the two languages."""

    zh: bool

    def __call__(self, zh: str, en: str) -> str:
        """The one of the two that is spoken."""
        return zh if self.zh else en

    def pair(self, words: tuple[str, str]) -> str:
        """The same of a pair."""
        return words[0] if self.zh else words[1]

    def number(self, value: float) -> str:
        """With commas; a fraction to a tenth."""
        return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"

    def listed(self, names: Iterable[str]) -> str:
        """The first names, and how many more there are."""
        every = list(names)
        text = self("、", ", ").join(every[:SHOWN])
        more = len(every) - SHOWN
        return text + (self(" 等", f" and {more} more") if more > 0 else "")

    def counted(self, counts: Mapping[str, int], words: Mapping[str, tuple[str, str]]) -> str:
        """``饮水点 16；公共厕所 13``: the most frequent, and the rest added up."""
        ordered = sorted(counts.items(), key=lambda pair: -pair[1])
        shown = [
            f"{self.pair(words[key]) if key in words else key} {self.number(count)}"
            for key, count in ordered[:SHOWN]
        ]
        rest = sum(count for _, count in ordered[SHOWN:])
        if rest:
            shown.append(f"{self('其他', 'others')} {self.number(rest)}")
        return self("；", "; ").join(shown)

    def because(self, counts: Mapping[str, int], words: Mapping[str, tuple[str, str]]) -> str:
        """The counts in brackets, nothing for none."""
        return self("（{}）", " ({})").format(self.counted(counts, words)) if counts else ""


def width(text: str) -> int:
    """The columns that a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
