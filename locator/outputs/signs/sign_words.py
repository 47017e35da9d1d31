"""What a direction sign says beside names and numbers, in Chinese, English or both."""

from __future__ import annotations

from typing import Literal

Lang = Literal["zh", "en", "both"]

WORDS: dict[str, tuple[str, str]] = {
    "late": ("深夜也开，离这里最近", "Nearest one open late at night"),
    "near": ("离这里最近", "Nearest from here"),
    "others": ("附近还有", "Also nearby"),
    "none": ("一小时车程内没有站点", "No station within an hour's ride"),
    "here": ("您在此", "You are here"),
    "ride": ("骑行 {n} 分钟", "{n} min ride"),
    "about": ("骑行约 {n} 分钟", "about {n} min ride"),
    "on_foot": ("步行约 {n} 分钟", "about {n} min walk"),
    "walk": ("步行 {n} 分钟", "{n} min walk"),
    "metres": ("{n} 米", "{n} m"),
    "kilometres": ("{n} 公里", "{n} km"),
    "metre": ("米", "m"),
    "unknown": ("时间不详", "Hours not known"),
    "see": ("时段见扫码页", "Scan for its hours"),
    "all_day": ("每天 24 小时", "24 hours, every day"),
    "heads_up": ("图的上方是您的正前方", "Up is straight ahead"),
    "north": ("北", "N"),
    "scan": ("扫码去 {n} 号站", "Scan: the way to no. {n}"),
    "only": ("只认这个网址", "Trust this address only"),
    "hotline": ("职工维权热线", "Workers' hotline"),
    "data": ("资料日期 {date}", "Data of {date}"),
    "check": ("{date} 前须复核", "check again by {date}"),
    "approval": ("审图号：{number}", "Map approval no. {number}"),
    "made_up": ("示意点位，现场没有驿站，不可张贴",
                "Made up: there is no station on site; do not put up"),
    "streets_made_up": ("图上的街道是编的，不可张贴", "The streets are made up; do not put up"),
}  # fmt: skip


class Words:
    """The words in one language, and what stands small beside them where both are wanted."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __call__(self, key: str, **values: object) -> str:
        """The words themselves: Chinese, or English where that alone is wanted."""
        return WORDS[key][self.lang == "en"].format(**values)

    def beside(self, key: str, **values: object) -> str:
        """The English beside the Chinese, "" where one language is wanted."""
        return WORDS[key][1].format(**values) if self.lang == "both" else ""
