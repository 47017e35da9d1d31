# ruff: noqa: E501  (tables: one line, one item)
"""The invented stations: who hosts them, when they are open, what they offer.

Each line of the tables below is one station: where (metres; the entrance goes to the nearest
street), what it is called, its host, its hours and what it offers. Township and community names
are real, everything else is made up; so every name says （示意）.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from shapely import Point, STRtree

from illustrative.geometry import XY
from illustrative.streets import HALF_WIDTH_M
from illustrative.town import Town

#: Door hours of every shape a ledger has, in OSM's opening_hours.
HOURS: dict[str, str | None] = {
    "day": "Mo-Su 08:00-20:00",
    "early": "Mo-Su 05:30-19:00",
    "long": "Mo-Su 07:00-22:00",
    "late": "Mo-Su 10:00-24:00",
    "night": "Mo-Su 16:00-02:00",
    "always": "24/7",
    "office": "Mo-Fr 08:30-17:30; PH off",
    "split": "Mo-Fr 08:30-12:00,14:00-17:30; Sa-Su,PH off",
    "split_daily": "Mo-Su 09:00-13:00,15:00-19:00",
    "weekend": "Sa-Su 09:00-17:00",
    "short_weekend": "Mo-Fr 08:00-20:00; Sa-Su 09:00-17:00",
    "winter": "Nov-Mar Mo-Su 06:30-21:00; Apr-Oct Mo-Su 07:30-20:00",
    "holiday": "Mo-Su 08:30-20:30; PH 10:00-16:00",
    "meals": "Mo-Su 10:30-14:00,16:30-20:30",
    "three_meals": "Mo-Su 06:00-09:00,10:30-13:30,16:30-19:30",
    "unknown": None,
}

_TEN = (
    "drinking_water", "meal_heating", "rest_seats", "phone_charging", "first_aid",
    "heating", "cooling", "toilet", "reading", "wifi",
)  # fmt: skip
#: What is offered; the codes are those of ``locator/vocabulary.toml``.
OFFERS: dict[str, tuple[str, ...]] = {
    "ten": _TEN,
    "full": (*_TEN, "ebike_charging", "rain_gear", "repair_tools", "microwave", "legal_aid", "health_check"),
    "hub": (*_TEN, "ebike_charging", "battery_swap", "shower", "sleep", "microwave", "parking"),
    "ten_charge": (*_TEN, "ebike_charging"),
    "shop": ("drinking_water", "meal_heating", "rest_seats", "phone_charging", "cooling", "heating", "wifi"),
    "kiosk": ("drinking_water", "rest_seats", "phone_charging", "battery_swap"),
    "clinic": ("drinking_water", "rest_seats", "phone_charging", "first_aid", "toilet", "health_check"),
    "library": ("drinking_water", "rest_seats", "phone_charging", "heating", "cooling", "toilet", "reading", "wifi", "printing"),
    "ten_meals": (*_TEN, "hot_meal"),
    "market_meals": ("drinking_water", "meal_heating", "hot_meal", "rest_seats", "toilet", "microwave"),
    "market": ("drinking_water", "meal_heating", "rest_seats", "toilet", "microwave"),
    "park": ("drinking_water", "rest_seats", "toilet", "cooling"),
    "canteen": ("drinking_water", "hot_meal", "rest_seats", "phone_charging", "heating", "cooling", "toilet"),
    "canteen_plus": ("drinking_water", "hot_meal", "meal_heating", "rest_seats", "phone_charging", "heating", "cooling", "toilet", "wifi"),
    "estate": ("parking",),
    "estate_charge": ("parking", "ebike_charging", "phone_charging"),
    "estate_water": ("parking", "drinking_water", "toilet"),
    "mother": (*_TEN, "mother_care"),
}  # fmt: skip


@dataclass(frozen=True)
class Spec:
    """One line of a table: a station before it has a place on the map."""

    at: XY
    kind: str
    title: str
    host: str
    hours: str
    offers: str
    township: str
    more: dict[str, Any]


def spec(
    x: float, y: float, title: str, host: str, hours: str, offers: str,
    *, kind: str = "warm_station", township: str = "城关镇", **more: Any,
) -> Spec:  # fmt: skip
    """Write a line of a table shortly."""
    return Spec((x, y), kind, title, host, hours, offers, township, more)


def features(town: Town, code: str, specs: list[Spec], seed: int) -> list[dict[str, Any]]:
    """GeoJSON features of the stations, in the columns and the order of the station table."""
    rng = Random(seed)
    kinds = {
        "warm_station": "暖新驿站",
        "union_post": "工会驿站",
        "canteen": "江城小哥食堂",
        "friendly_estate": "友好小区",
    }
    made: list[dict[str, Any]] = []
    used: set[str] = set()
    for number, line in enumerate(specs, 1):
        x, y, street = entrance(town, line.at)
        title = line.title
        if line.kind == "friendly_estate":  # it lies at the gate of the estate nearest by
            title, _, (x, y) = min(
                (e for e in town.estates if e[0] not in used),
                key=lambda estate: Point(estate[2]).distance(Point(line.at)),
            )
            used.add(title)
        lon, lat = town.plan.frame.lonlat(x, y)
        more = dict(line.more)
        hours = HOURS[line.hours]
        status = more.pop("status", "open")
        stop = line.kind != "friendly_estate"
        made.append(
            {
                "type": "Feature",
                "properties": {
                    "id": f"{code}-{number:03d}",
                    "county": code,
                    "kind": line.kind,
                    "name": f"{title}{kinds[line.kind]}（示意）",
                    "township": line.township,
                    "address": f"{line.township}{street}{rng.randrange(2, 199)}号（示意）",
                    "host": f"{line.host or title}（示意）",
                    "services": list(OFFERS[line.offers]),
                    "hours": hours,
                    "service_hours": _record(more.pop("service_hours", "")),
                    "entry": more.pop("entry", "free"),
                    "seats": rng.choice([4, 6, 6, 8, 10, 12, 16, 20]) if stop else None,
                    "sockets": rng.choice([2, 4, 4, 6, 8, 10, 12]) if stop else None,
                    "status": status,
                    "verified_on": more.pop("verified_on", _verified(rng)),
                    "awards": more.pop("awards", []),
                    "provenance": "illustrative",
                    "source_datum": "wgs84",
                },
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
            }
        )
        if more:
            raise ValueError(f"{line.title}: unknown {sorted(more)}")
    return made


def _record(text: str) -> dict[str, str]:
    """``hot_meal: Mo-Su 11:00-13:00 | toilet: 24/7`` as a record."""
    return dict(part.strip().split(": ", 1) for part in text.split("|") if part.strip())


def _verified(rng: Random) -> str | None:
    """Most were looked at this summer or autumn; some not for more than half a year."""
    month = rng.choice([1, 3, 4, 6, 6, 7, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10])
    return f"2026-{month:02d}-{rng.randrange(1, 29):02d}"


def entrance(town: Town, at: XY) -> tuple[float, float, str]:
    """An entrance beside the named street nearest to ``at``, on the side ``at`` lies on.

    Returns x, y and the street's name; clear of water, of buildings and of bridges.
    """
    streets = [
        s for s in town.streets
        if s.name and not s.level and "bridge" not in s.tags
        and s.highway in ("primary", "secondary", "tertiary", "residential", "living_street", "unclassified")
    ]  # fmt: skip
    here = Point(at)
    tree = STRtree([b.area for b in town.buildings])
    for street in sorted(streets, key=lambda s: s.line.distance(here))[:6]:
        along = street.line.project(here)
        along = min(
            max(along, min(18.0, street.line.length / 2)),
            max(street.line.length - 18, street.line.length / 2),
        )
        foot = street.line.interpolate(along)
        before, after = (
            street.line.interpolate(max(0, along - 1)),
            street.line.interpolate(along + 1),
        )
        dx, dy = after.x - before.x, after.y - before.y
        norm = (dx * dx + dy * dy) ** 0.5 or 1.0
        side = 1.0 if dx * (at[1] - foot.y) - dy * (at[0] - foot.x) >= 0 else -1.0
        for sign in (side, -side):
            off = HALF_WIDTH_M[street.highway] + 2.0
            x, y = foot.x - sign * off * dy / norm, foot.y + sign * off * dx / norm
            spot = Point(x, y)
            if town.plan.river.distance(spot) < 8 or any(
                c.distance(spot) < w for c, w, _ in town.plan.canals
            ):
                continue
            if any(s.line.distance(spot) < 4.5 for s in town.streets):
                continue
            if len(tree.query(spot, predicate="intersects")):
                continue
            return round(x, 2), round(y, 2), street.name
    raise ValueError(f"no street side near {at}")


SHUCHENG: list[Spec] = [
    spec(-130, -50, "鼓楼社区党群服务中心", "鼓楼社区党群服务中心", "long", "full", awards=["全省最美驿站"], service_hours="health_check: Sa 09:00-11:00 | legal_aid: We 14:30-17:00"),
    spec(330, -400, "龙津桥社区党群服务中心", "龙津桥社区党群服务中心", "day", "ten"),
    spec(-390, -540, "码头社区", "码头社区居委会", "split", "ten"),
    spec(290, 60, "老街菜市场", "菜市场管理处", "early", "market_meals", service_hours="hot_meal: Mo-Su 06:00-09:00,11:00-13:30 | toilet: 24/7"),
    spec(30, 250, "护城河畔街边小店", "街边便利店", "day", "shop", entry="bell"),
    spec(-480, -150, "老街街边小店", "街边小吃店", "unknown", "shop"),
    spec(260, 430, "星光广场", "广场管理处", "late", "full", awards=["全省最美驿站"], service_hours="meal_heating: Mo-Su 10:00-21:30 | toilet: Mo-Su 06:00-24:00"),
    spec(500, 460, "星光城市广场一层", "商场服务台", "late", "mother"),
    spec(200, 720, "飞霞社区党群服务中心", "飞霞社区党群服务中心", "day", "full", service_hours="health_check: Fr 14:30-16:30"),
    spec(-480, 620, "飞霞社区药房", "社区药房", "holiday", "clinic"),
    spec(1000, 780, "新城社区党群服务中心", "新城社区党群服务中心", "day", "ten_meals", service_hours="hot_meal: Mo-Su 11:00-13:00,17:00-19:00"),
    spec(700, 1010, "新城社区图书室", "新城社区图书室", "split_daily", "library"),
    spec(1060, 270, "县医院门前", "便民服务亭", "always", "clinic", entry="member_code", service_hours="health_check: Mo-Fr 14:30-16:30"),
    spec(1610, 740, "汽车客运站候车厅", "汽车客运站", "early", "ten", service_hours="first_aid: Mo-Su 07:00-18:00"),
    spec(1600, 190, "东关商场", "东关商场服务台", "late", "shop"),
    spec(1080, -480, "凤池苑社区党群服务中心", "凤池苑社区党群服务中心", "winter", "ten", service_hours="heating: Nov 15-Mar 15 Mo-Su 08:00-20:00"),
    spec(1720, -340, "中大社区", "中大社区居委会", "office", "ten"),
    spec(1600, 1380, "东苑社区党群服务中心", "东苑社区党群服务中心", "short_weekend", "ten_charge"),
    spec(1960, 1060, "体育中心", "体育中心", "weekend", "park"),
    spec(340, 1540, "政务服务中心", "政务服务中心", "office", "library"),
    spec(-270, 1650, "舒怡社区党群服务中心", "舒怡社区党群服务中心", "day", "ten"),
    spec(650, 1790, "春秋苑社区", "春秋苑社区居委会", "split", "ten"),
    spec(-260, 1060, "望湖公园", "公园管理房", "winter", "park", service_hours="toilet: 24/7"),
    spec(-900, 640, "龙塔社区党群服务中心", "龙塔社区党群服务中心", "day", "ten_meals", service_hours="hot_meal: Mo-Fr 11:00-13:00"),
    spec(-900, 100, "中医院旁街边小店", "街边便利店", "long", "shop"),
    spec(-1480, -50, "孔集社区党群服务中心", "孔集社区党群服务中心", "day", "ten"),
    spec(-1050, -600, "马河口社区", "马河口社区居委会", "office", "ten", verified_on="2026-02-11"),
    spec(-1620, -480, "西溪公园", "公园管理房", "unknown", "park", verified_on=None),
    spec(-2080, 830, "快递分拨中心", "快递分拨中心", "always", "hub", township="舒城县经济开发区", entry="face", service_hours="shower: Mo-Su 06:00-23:00 | sleep: Mo-Su 12:00-15:00,22:00-06:00"),
    spec(-1750, 1560, "三里河社区党群服务中心", "三里河社区党群服务中心", "day", "ten", township="舒城县经济开发区", awards=["全省最美驿站"]),
    spec(-1500, 1100, "开发区工业园", "园区服务站", "office", "shop", township="舒城县经济开发区", status="temporarily_closed"),
    spec(-900, -1620, "龙祥社区党群服务中心", "龙祥社区党群服务中心", "day", "ten"),
    spec(-300, -1520, "南岸农贸市场", "市场管理处", "early", "market_meals", service_hours="hot_meal: Mo-Su 06:00-09:00,11:00-13:30"),
    spec(640, -1330, "南溪社区党群服务中心", "南溪社区党群服务中心", "long", "ten_charge", service_hours="ebike_charging: 24/7"),
    spec(1300, -1500, "南溪社区", "物业服务处", "split_daily", "kiosk", status="planned", verified_on=None),
]  # fmt: skip

_POST = {"kind": "union_post", "township": "宽甸镇"}
_CANTEEN = {"kind": "canteen", "township": "宽甸镇"}
_ESTATE = {"kind": "friendly_estate", "township": "宽甸镇"}


def _kuandian() -> list[Spec]:
    from illustrative.kuandian import at

    def post(
        s: float, t: float, title: str, host: str, hours: str, offers: str, **more: Any
    ) -> Spec:
        return spec(*at(s, t), title, host, hours, offers, **{**_POST, **more})

    def canteen(s: float, t: float, title: str, hours: str, meals: str, **more: Any) -> Spec:
        served = f"hot_meal: {meals}"
        offers = more.pop("offers", "canteen")
        return spec(
            *at(s, t),
            title,
            "社区食堂",
            hours,
            offers,
            service_hours=served,
            **{**_CANTEEN, **more},
        )

    def estate(s: float, t: float, offers: str, hours: str = "always", **more: Any) -> Spec:
        return spec(*at(s, t), "", "", hours, offers, **{**_ESTATE, **more})

    return [
        post(-640, 400, "中心社区", "中心社区居委会", "day", "full", service_hours="legal_aid: We 14:00-16:00"),
        post(-150, 560, "府前社区", "府前社区居委会", "short_weekend", "ten"),
        post(330, 520, "山城广场", "广场管理处", "long", "ten_charge", service_hours="toilet: 24/7"),
        post(-1350, 620, "新华社区", "新华社区居委会", "winter", "ten", service_hours="heating: Nov 01-Mar 31 Mo-Su 06:30-21:00"),
        post(-600, 960, "北环社区", "北环社区居委会", "split", "ten"),
        post(880, 860, "公园社区", "公园社区居委会", "day", "ten", entry="bell"),
        post(1500, 480, "城东社区", "城东社区居委会", "day", "ten_charge"),
        post(1950, 180, "世纪社区", "世纪社区居委会", "office", "ten"),
        post(-1950, 400, "安居社区", "安居社区居委会", "day", "ten"),
        post(300, -120, "昌德社区", "昌德社区居委会", "winter", "ten"),
        post(-100, -640, "铁南社区", "铁南社区居委会", "early", "ten"),
        post(-1200, -600, "铁长社区", "铁长社区居委会", "split_daily", "shop"),
        post(-1450, 40, "北营社区", "北营社区居委会", "office", "ten", verified_on="2026-03-05"),
        post(900, 430, "县医院门前", "便民服务亭", "always", "clinic", entry="member_code"),
        post(-1300, 100, "汽车客运站", "汽车客运站", "early", "library"),
        post(860, 90, "山城商场", "商场服务台", "late", "mother"),
        post(-560, -640, "快递分拨中心", "快递分拨中心", "always", "hub", entry="face", service_hours="shower: Mo-Su 06:00-22:00"),
        post(-200, 860, "政务服务中心", "政务服务中心", "office", "library", entry="id_card"),
        post(-3900, 430, "石湖沟乡", "乡工会", "holiday", "ten", township="石湖沟乡"),
        post(3900, 380, "红石镇", "镇工会", "unknown", "shop", township="红石镇", verified_on=None),
        canteen(-650, 120, "中心社区", "three_meals", "Mo-Su 06:00-08:30,11:00-13:00,17:00-19:00", offers="canteen_plus"),
        canteen(-80, 420, "府前社区", "meals", "Mo-Su 11:00-13:00,17:00-19:30"),
        canteen(700, 250, "山城大街", "day", "Mo-Su 11:00-13:00", offers="canteen_plus"),
        canteen(1250, 640, "城东社区", "meals", "Mo-Fr 11:00-13:00"),
        canteen(-1500, 300, "新华社区", "short_weekend", "Mo-Fr 11:00-13:00,17:00-18:30"),
        canteen(-250, -560, "站前", "early", "Mo-Su 05:30-09:00,10:30-13:30"),
        canteen(320, -180, "昌德社区", "meals", "Mo-Su 10:30-13:30,16:30-20:00"),
        canteen(1800, 260, "世纪社区", "day", "Mo-Sa 11:00-13:00", status="temporarily_closed"),
        canteen(-860, 880, "北环社区", "night", "Mo-Su 17:00-24:00"),
        canteen(420, -3300, "永甸镇", "meals", "Mo-Su 11:00-13:00", township="永甸镇"),
        canteen(560, 3200, "大川头镇", "unknown", "Mo-Su 11:00-12:30", township="大川头镇", verified_on="2026-04-02"),
        estate(-1700, 500, "estate_charge"), estate(-1100, 800, "estate"), estate(-1200, -420, "estate_water"),
        estate(250, 850, "estate_charge"), estate(1350, 880, "estate"), estate(1600, 420, "estate_water"),
        estate(2050, 60, "estate_charge"), estate(-200, -700, "estate"),
        estate(-1900, -100, "estate_charge", "long"), estate(350, -650, "estate", "unknown", verified_on=None),
    ]  # fmt: skip


KUANDIAN: list[Spec] = _kuandian()
