# ruff: noqa: E501  (tables: one line, one item)
"""How many riders are where at which hour: an invented headcount, in the sheet a county would fill."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from illustrative.geometry import XY, Frame
from illustrative.kuandian import at

#: The hours a headcount is taken for. A night market runs past midnight.
BANDS = (
    "00:00-06:00",
    "06:00-09:00",
    "09:00-11:00",
    "11:00-14:00",
    "14:00-17:00",
    "17:00-21:00",
    "21:00-24:00",
)
#: For each sort of place and day: the part of its peak that is there in each band.
PROFILES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "food": ((0.04, 0.12, 0.35, 1.0, 0.45, 0.95, 0.42), (0.06, 0.10, 0.35, 0.95, 0.60, 1.0, 0.55)),
    "homes": ((0.05, 0.20, 0.30, 0.70, 0.35, 1.0, 0.40), (0.06, 0.15, 0.35, 0.85, 0.45, 1.0, 0.48)),
    "night": ((0.30, 0.05, 0.05, 0.25, 0.15, 0.80, 1.0), (0.40, 0.05, 0.05, 0.30, 0.20, 0.90, 1.0)),
    "hospital": (
        (0.15, 0.40, 0.75, 1.0, 0.65, 0.80, 0.30),
        (0.15, 0.30, 0.50, 0.80, 0.50, 0.70, 0.30),
    ),
    "school": ((0.0, 0.25, 0.20, 1.0, 0.35, 0.85, 0.30), (0.0, 0.05, 0.10, 0.30, 0.15, 0.35, 0.10)),
    "parcels": (
        (0.45, 1.0, 0.85, 0.55, 0.70, 0.60, 0.40),
        (0.40, 0.85, 0.70, 0.45, 0.55, 0.45, 0.30),
    ),
    "works": (
        (0.05, 0.30, 0.35, 1.0, 0.40, 0.60, 0.20),
        (0.03, 0.10, 0.15, 0.40, 0.20, 0.30, 0.10),
    ),
    "trucks": (
        (0.60, 1.0, 0.70, 0.60, 0.65, 0.80, 0.70),
        (0.55, 0.80, 0.60, 0.55, 0.55, 0.70, 0.60),
    ),
    "offices": (
        (0.0, 0.30, 0.45, 1.0, 0.50, 0.45, 0.10),
        (0.0, 0.05, 0.10, 0.30, 0.15, 0.25, 0.10),
    ),
}


@dataclass(frozen=True)
class Counted:
    """A place where riders were counted (they were not: it is made up)."""

    name: str
    at: XY
    radius_m: int
    sort: str
    peak: float


def headcount(frame: Frame, places: list[Counted]) -> str:
    """The sheet as CSV text: 商圈,经度,纬度,半径米,日类型,时段,人数."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(["商圈", "经度", "纬度", "半径米", "日类型", "时段", "人数"])
    for place in places:
        lon, lat = frame.lonlat(*place.at)
        for day, profile in zip(("工作日", "休息日"), PROFILES[place.sort], strict=True):
            for band, part in zip(BANDS, profile, strict=True):
                count = round(place.peak * part, 1)
                if count:
                    writer.writerow(
                        [
                            place.name,
                            f"{lon:.5f}",
                            f"{lat:.5f}",
                            place.radius_m,
                            day,
                            band,
                            f"{count:g}",
                        ]
                    )
    return sheet.getvalue()


SHUCHENG = [
    Counted("星光广场商圈（示意）", (330, 460), 260, "food", 62),
    Counted("老街（示意）", (0, -150), 380, "food", 48),
    Counted("书院夜市（示意）", (40, -480), 220, "night", 46),
    Counted("飞霞美食街（示意）", (80, 760), 300, "food", 40),
    Counted("新城商圈（示意）", (1000, 700), 380, "food", 38),
    Counted("东关商场（示意）", (1570, 190), 260, "food", 26),
    Counted("县医院（示意）", (1040, 280), 200, "hospital", 20),
    Counted("中医院（示意）", (-920, 80), 200, "hospital", 13),
    Counted("客运站（示意）", (1600, 720), 220, "trucks", 22),
    Counted("示意第一中学周边", (940, 1480), 260, "school", 18),
    Counted("示意第二中学周边", (1200, -1560), 260, "school", 14),
    Counted("职业学校周边（示意）", (-880, 1160), 260, "school", 22),
    Counted("政务服务中心（示意）", (340, 1510), 240, "offices", 16),
    Counted("城北小区片（示意）", (250, 1800), 650, "homes", 40),
    Counted("东苑小区片（示意）", (1650, 1350), 620, "homes", 28),
    Counted("凤池小区片（示意）", (1350, -330), 520, "homes", 30),
    Counted("龙塔小区片（示意）", (-900, 560), 420, "homes", 24),
    Counted("孔集小区片（示意）", (-1600, -120), 620, "homes", 34),
    Counted("西溪小区片（示意）", (-1500, -680), 420, "homes", 18),
    Counted("南岸商圈（示意）", (-320, -1400), 380, "food", 30),
    Counted("南溪小区片（示意）", (650, -1350), 560, "homes", 30),
    Counted("龙祥小区片（示意）", (-1050, -1600), 520, "homes", 24),
    Counted("柳浦片（示意）", (1700, -1250), 420, "homes", 14),
    Counted("快递分拨中心（示意）", (-2080, 800), 240, "parcels", 44),
    Counted("开发区厂区（示意）", (-1750, 1450), 620, "works", 36),
    Counted("环城货车停靠区（示意）", (-2300, 250), 260, "trucks", 26),
    Counted("青竹路货运站（示意）", (2300, 1900), 260, "trucks", 18),
    Counted("柏林乡集镇（示意）", (-1780, 4600), 330, "homes", 9),
    Counted("千人桥镇集镇（示意）", (4360, 3780), 330, "homes", 13),
    Counted("干汊河镇集镇（示意）", (-4480, -3200), 330, "homes", 12),
    Counted("百神庙镇集镇（示意）", (4360, -3160), 330, "homes", 9),
    Counted("杭埠镇方向集镇（示意）", (5000, 1020), 330, "works", 14),
    Counted("舒茶镇集镇（示意）", (1200, -4320), 330, "homes", 8),
]

KUANDIAN = [
    Counted("山城广场商圈（示意）", at(380, 470), 240, "food", 34),
    Counted("中心菜市场（示意）", at(-600, 100), 260, "food", 24),
    Counted("山城商场（示意）", at(860, 80), 240, "food", 20),
    Counted("豆坊夜市（示意）", at(-390, -120), 180, "night", 24),
    Counted("县医院（示意）", at(900, 470), 180, "hospital", 12),
    Counted("客运站（示意）", at(-1320, 80), 200, "trucks", 10),
    Counted("火车站（示意）", at(-270, -850), 220, "trucks", 14),
    Counted("快递分拨中心（示意）", at(-600, -680), 200, "parcels", 22),
    Counted("示意中学周边", at(1450, 820), 220, "school", 12),
    Counted("政务服务中心（示意）", at(-150, 860), 200, "offices", 9),
    Counted("新华小区片（示意）", at(-1450, 600), 460, "homes", 20),
    Counted("安居小区片（示意）", at(-1950, 120), 380, "homes", 12),
    Counted("北环小区片（示意）", at(-400, 900), 420, "homes", 15),
    Counted("公园小区片（示意）", at(850, 850), 420, "homes", 14),
    Counted("世纪小区片（示意）", at(1950, 200), 420, "homes", 14),
    Counted("铁南小区片（示意）", at(150, -700), 420, "homes", 12),
    Counted("铁长小区片（示意）", at(-1350, -620), 380, "homes", 10),
    Counted("城东厂区（示意）", at(1750, -550), 380, "works", 12),
    Counted("石湖沟乡集镇（示意）", at(-3900, 430), 260, "homes", 5),
    Counted("红石镇集镇（示意）", at(3900, 400), 260, "homes", 6),
    Counted("永甸镇集镇（示意）", at(420, -3300), 240, "homes", 4),
    Counted("大川头镇集镇（示意）", at(560, 3250), 240, "homes", 4),
]
