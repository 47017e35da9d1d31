"""What signs say beside names and numbers, in Chinese, English or both."""

from __future__ import annotations

from typing import Literal

Lang = Literal["zh", "en", "both"]

#: The number for workers' rights, by country.
HOTLINES = {"CN": "12351"}

WORDS: dict[str, tuple[str, str]] = {
    "late": ("深夜也开，离这里最近", "Nearest one open late at night"),
    "near": ("离这里最近", "Nearest from here"),
    "others": ("附近还有", "Also nearby"),
    "none": ("一小时车程内没有站点", "No station within an hour's ride"),
    "here": ("您在此", "You are here"),
    "ride": ("骑行 {n} 分钟", "{n} min ride"),
    "about": ("骑行约 {n} 分钟", "about {n} min ride"),
    "on_foot": ("步行约 {n} 分钟", "about {n} min walk"),
    "walk": ("直线步行 {n} 分钟", "{n} min walk, straight"),
    "straight": ("箭头和距离按直线", "arrows and distances are straight"),
    "north_up": ("图的上方是北", "North is up"),
    "metres": ("{n} 米", "{n} m"),
    "kilometres": ("{n} 公里", "{n} km"),
    "metre": ("米", "m"),
    "unknown": ("时间不详", "Hours not known"),
    "see": ("时段见扫码页", "Scan for its hours"),
    "see_there": ("时段见现场告示", "Hours: see the notice there"),
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
    "made_up_streets": ("示意街道", "Made-up streets"),
    "opening": ("开放时间", "Opening hours"),
    "every_day": ("每天", "Every day"),
    "24_hours": ("24 小时", "24 hours"),
    "notice": ("进门前请看现场告示", "Look for a notice at the door"),
    "getting_in": ("怎么进门", "Getting in"),
    "see_notice": ("看现场告示", "See the notice"),
    "address": ("地址", "Address"),
    "services": ("这里有", "Here you find"),
    "star_page": ("时段见扫码页", "scan for the hours"),
    "star_notice": ("时段见现场告示", "see the notice for the hours"),
    "scan_door": ("扫码导航", "Scan for the way here"),
    "source": ("来源 {origin}", "Source: {origin}"),
    "verified": ("现场核实 {date}", "Checked on site {date}"),
}  # fmt: skip

#: The English of the ledger's codes; the Chinese stands with the codes themselves.
CODES_EN = {
    "free": "Walk in", "bell": "Ring the bell", "member_code": "Member code", "face": "Face scan",
    "id_card": "ID card", "temporarily_closed": "Closed for now", "planned": "Planned",
    "closed": "Closed for good", "surveyed": "survey on site", "ledger": "the county's ledger",
    "illustrative": "made-up data",
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
