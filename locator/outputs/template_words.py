"""What a clerk is asked in the template: the columns in the order of thinking, each explained.

The headings are those of a ledger (a star marks what must be filled in, and is read over), so that
the filled template is a ledger like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from locator.county import ENTRY_ZH, PROVENANCE_ZH, STATUS_ZH, County, Provenance

#: The answers to 坐标从哪抄的, by the datum that each means.
SOURCES = {
    "gcj02": "高德",
    "bd09": "百度",
    "wgs84": "手机GPS",
    "cgcs2000": "天地图",
}
#: 腾讯 means what 高德 means; a clerk looks for the name of the app that was used.
SOURCE_CHOICES = ("高德", "腾讯", "百度", "手机GPS", "天地图")
_PROVENANCES: tuple[Provenance, ...] = ("surveyed", "ledger", "osm", "illustrative")
#: Services that are often together, by their codes; those that a county has are offered.
_TOGETHER = (
    ("drinking_water", "rest_seats", "phone_charging", "toilet"),
    ("drinking_water", "meal_heating", "rest_seats", "phone_charging", "first_aid", "toilet"),
    ("hot_meal", "drinking_water", "rest_seats"),
    ("parking", "drinking_water"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A column of the template.

    ``width`` is in characters; ``strict`` says that nothing but ``choices`` may be typed.
    """

    name: str
    heading: str
    width: int
    how: str
    example: str
    choices: tuple[str, ...] = ()
    strict: bool = False
    number_format: str = "@"

    @property
    def required(self) -> bool:
        """Whether the column must be filled in."""
        return self.heading.endswith("*")


def asked(county: County) -> tuple[Asked, ...]:
    """The columns for a county: its kinds, services and townships are the choices."""
    lon, lat = county.centre
    kinds = tuple(kind.zh for kind in county.kinds.values())
    together = combinations(county)
    served = next((service for service in county.services.values() if service.basic), None)
    served = county.services.get("meal_heating", served)
    town = county.townships[0] if county.townships else ""
    return (
        Asked(
            "id", "编号", 14,
            f"以 {county.code} 开头，定了不再改：印在门牌上，骑手的收藏和网址也认它。"
            "新驿站没有编号就先空着，台账收下时系统来编。",
            f"{county.code}-017",
        ),
        Asked("kind", "类型*", 12, "点下拉选一个。", kinds[0] if kinds else "", kinds, strict=True),
        Asked("name", "名称*", 28, "招牌上写的名字。", "示例社区驿站（示意）"),
        Asked(
            "township", "乡镇", 14, "点下拉选，或照实写。", town, county.townships,
        ),
        Asked("address", "地址", 30, "路名和门牌号，写到骑手找得到门。", "示例路 1 号（示意）"),
        Asked(
            "source_datum", "坐标从哪抄的*", 14,
            "坐标是在哪个地图里抄的。几家地图差几百米，选错了驿站就偏到隔壁街。",
            "高德", SOURCE_CHOICES, strict=True,
        ),
        Asked(
            "coordinate", "坐标*", 26,
            "驿站入口，经度在前、纬度在后，中间用逗号。在地图 App 里长按入口就能看到；"
            "高德、百度、腾讯分享出来的长链接也可以整条粘进来。",
            f"{lon + 0.00012:.5f},{lat + 0.00034:.5f}",
        ),
        Asked("host", "依托单位", 22, "哪个单位在管。", "示例社区居委会（示意）"),
        Asked("phone", "电话", 16, "单位对外的电话，带区号。不写个人手机号。", "区号-号码"),
        Asked(
            "hours", "开放时间", 26,
            "几点到几点，如 08:00-20:00；周一至周五 08:30-12:00,13:00-17:30；24小时。"
            "说不准就写「不详」。",
            "08:00-20:00",
        ),
        Asked(
            "services", "服务", 40,
            "点下拉选一种常见组合，再改；或自己写，用顿号隔开。能写的词见「填写说明」。",
            together[0] if together else "", together,
        ),
        Asked(
            "service_hours", "服务时间", 28,
            "哪项服务和开门时间不一样，就写哪项，用竖线隔开。",
            f"{served.zh}: 11:00-13:30" if served else "",
        ),
        Asked(
            "entry", "进门方式", 12, "点下拉选一个。", ENTRY_ZH["free"],
            tuple(ENTRY_ZH.values()), strict=True,
        ),
        Asked("seats", "座位", 8, "几个座位，写数字。", "12", number_format="0"),
        Asked("sockets", "插座", 8, "几个插座，写数字。", "6", number_format="0"),
        Asked(
            "status", "状态", 12, "点下拉选一个；空着就是开放。", STATUS_ZH["open"],
            tuple(STATUS_ZH.values()), strict=True,
        ),
        Asked(
            "verified_on", "核实日期", 14, "最近一次去现场或打电话核实的日子，如 2026-10-01。",
            "2026-10-01", number_format="yyyy-mm-dd",
        ),
        Asked("awards", "荣誉", 18, "得过的称号，用顿号隔开；没有就空着。", ""),
        Asked(
            "provenance", "来源", 12, "这一行怎么来的；空着就是台账。", PROVENANCE_ZH["surveyed"],
            tuple(PROVENANCE_ZH[name] for name in _PROVENANCES), strict=True,
        ),
    )  # fmt: skip


def combinations(county: County) -> tuple[str, ...]:
    """Services that often come together, as a clerk writes them; the basic ones first."""
    basic = tuple(code for code, service in county.services.items() if service.basic)
    all_words = [_words(county, codes) for codes in (basic, *_TOGETHER)]
    return tuple(dict.fromkeys("、".join(words) for words in all_words if len(words) > 1))


def _words(county: County, codes: tuple[str, ...]) -> list[str]:
    return [county.services[code].zh for code in codes if code in county.services]
