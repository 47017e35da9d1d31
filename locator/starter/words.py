"""The report of a start as a person reads it: what was found, what is lacking, what to do next."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from locator.starter.offers import load_offers

#: So many names or reasons are written out; the rest is counted.
SHOWN = 6

_WHY_CLOSED_ZH = {
    "no access": "不准通行",
    "mountain path": "山路",
    "ferry": "渡轮",
    "motorroad": "汽车专用路",
    "escalator": "自动扶梯",
    "bicycle=use_sidepath": "须走旁边的自行车道",
    "fewer than two nodes": "只有一个点",
    "fewer than two known nodes": "缺点位",
    "abandoned": "已荒废",
    "disused": "已停用",
    "construction": "在建",
    "proposed": "规划中",
    "highway=motorway": "高速公路",
    "highway=motorway_link": "高速匝道",
    "highway=construction": "在建",
    "highway=proposed": "规划中",
    "highway=bridleway": "马道",
    "highway=platform": "站台",
}
_LAYERS_ZH = {
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
_ACTIONS = {
    "place_cabin": ("放一间小屋", "place a cabin"),
    "sign_up_shop": ("请店铺加入", "sign up a shop"),
    "open_full_station": ("开一处驿站", "open a station"),
    "extend_hours": ("延长开放", "open longer"),
    "extend_hours_24h": ("全天开放", "open day and night"),
}
_SIGNS = {
    "park": ("公园", "parks"),
    "plaza": ("广场", "plazas"),
    "estate_gate": ("小区门口", "estate gates"),
    "townhall": ("办事大厅", "town halls"),
    "bus_station": ("汽车站", "bus stations"),
}
_OUTLINE = {
    "largest": ("数据里最大的行政边界", "the extract's largest boundary"),
    "within": ("数据里的行政边界", "a boundary of the extract"),
    "file": ("所给的边界文件", "the file given"),
    "adcode": ("按区划代码", "by the county's code"),
}
_COUNTRY = {
    "given": ("按所给", "as given"),
    "boundary": ("行政边界上写着", "the boundary says so"),
    "addresses": ("地址里写着", "addresses say so"),
    "adcode": ("按区划代码", "by the code"),
    "guess": ("猜的", "a guess"),
}
_LOOK = {
    "country": ("country（猜的）", "country (a guess)"),
    "timezone": ("timezone（猜的）", "timezone (a guess)"),
    "code": ("code（编的）", "code (made up)"),
    "name_zh": ("name_zh（没有中文名）", "name_zh (no Chinese name)"),
    "name_en": ("name_en（没有英文名）", "name_en (no English name)"),
}


@dataclass(frozen=True)
class _Speech:
    """One of the two languages."""

    zh: bool

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def pair(self, words: tuple[str, str]) -> str:
        return words[0] if self.zh else words[1]

    def number(self, value: float) -> str:
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
        return self("（{}）", " ({})").format(self.counted(counts, words)) if counts else ""


def report_text(report: Mapping[str, Any], lang: str = "zh") -> str:
    """The report of `locator.starter.init.start_county` in Chinese (``zh``) or English."""
    say = _Speech(lang == "zh")
    county, extract = report["county"], report["extract"]
    day = extract["dated"] or say("日期不详", "no date")
    lines = [
        say("已建立：", "Started: ") + f"{county['name_zh']} · {report['folder']}",
        say(
            f"来自开放街图数据 {extract['file']}（{day}）",
            f"from the OpenStreetMap extract {extract['file']} ({day})",
        ),
    ]
    for heading, rows in (
        (say("找到", "Found"), list(_found(report, say))),
        (say("缺少", "Lacking"), list(_lacking(report, say))),
        (say("接下来", "Next"), list(_next(report, say))),
    ):
        if rows:
            width = max(_width(label) for label, _ in rows) + 2
            lines += ["", heading]
            lines += [f"  {label}{' ' * (width - _width(label))}{text}" for label, text in rows]
    return "\n".join(lines)


def _found(report: Mapping[str, Any], say: _Speech) -> Iterator[tuple[str, str]]:
    county, streets, stations = report["county"], report["streets"], report["stations"]
    if outline := report["outline"]:
        how = say.pair(_OUTLINE[outline["how"]])
        area = say(f"{outline['area_km2']:,} 平方公里，", f"{outline['area_km2']:,} km², ")
        which = " ".join(filter(None, (outline["name"], outline["source"])))
        yield say("县界", "outline"), f"{area}{how}{say('：', ': ')}{which}"
    if names := report["townships"]["names"]:
        yield (
            say("乡镇", "townships"),
            say(f"{len(names)} 个：", f"{len(names)}: ") + say.listed(names),
        )
    yield (
        say("街道", "streets"),
        say(
            f"{say.number(streets['km'])} 公里骑得通，共 {say.number(streets['ways_used'])} 段",
            f"{say.number(streets['km'])} km open to an e-bike, {say.number(streets['ways_used'])}"
            " ways",
        ),
    )
    features = report["basemap"]["features"]
    layers = {key: (zh, key) for key, zh in _LAYERS_ZH.items()}
    yield (
        say("底图", "base map"),
        say.number(sum(features.values())) + say.because(_some(features), layers),
    )
    offers = load_offers()
    kinds = {code: (kind.zh, kind.en) for code, kind in offers.kinds.items()}
    yield (
        say("驿站", "stations"),
        say.number(stations["count"]) + say.because(stations["taken"], kinds),
    )
    for key, words, label in (
        ("candidates", _ACTIONS, say("可设站处", "candidate sites")),
        ("sign_sites", _SIGNS, say("可立牌处", "sign sites")),
    ):
        sites = report[key]
        yield label, say.number(sites["count"]) + say.because(sites["taken"], words)
    demand = report["demand"]
    if demand["rows"]:
        yield (
            say("骑手", "riders"),
            say(
                f"工作日 12 时约 {demand['riders_at_noon']:,.0f} 人，"
                f"由 {demand['restaurants']:,} 家餐馆和 {demand['home_cells']:,} 片住宅推算，"
                "没有人清点过",
                f"about {demand['riders_at_noon']:,.0f} at noon on a workday, reckoned from "
                f"{demand['restaurants']:,} restaurants and {demand['home_cells']:,} cells of "
                "homes; counted by nobody",
            ),
        )
    known = say.pair(_COUNTRY[county["country_from"]])
    yield (
        say("国家时区", "country"),
        f"{county['country']} · {county['timezone']}" + say(f"（{known}）", f" ({known})"),
    )


def _lacking(report: Mapping[str, Any], say: _Speech) -> Iterator[tuple[str, str]]:
    county, streets, stations = report["county"], report["streets"], report["stations"]
    places, units, lost = report["places"], report["townships"], report["basemap"]["lost"]
    outline = report["outline"]
    if outline is None:
        yield (
            say("县界", "outline"),
            say(
                "没有：坐标是否在县内无从核对，乡镇也分不出",
                "none: nothing tells whether a station lies in the county, nor in which township",
            ),
        )
    elif outline["closed_m"]:
        yield (
            say("县界", "outline"),
            say(
                f"有缺口，用 {outline['closed_m']:,} 米直线补上",
                f"has gaps, closed by {outline['closed_m']:,} m of straight lines",
            ),
        )
    if outline and not units["names"]:
        yield say("乡镇", "townships"), say("数据里没有乡镇界", "no boundaries of any")
    elif units["closed"]:
        yield (
            say("乡镇", "townships"),
            say("用直线补了缺口：", "gaps closed by straight lines: ")
            + say.listed(units["closed"]),
        )
    unnamed = [say("县", "the county")] if "name_zh" in county["guessed"] else []
    if units["without_chinese_name"]:
        count = units["without_chinese_name"]
        unnamed.append(say(f"{count} 个乡镇", f"{count} townships"))
    if unnamed:
        yield say("中文名", "Chinese names"), say.listed(unnamed)
    hours = stations["hours"]
    if hours.get("unknown"):
        yield (
            say("开放时间", "hours"),
            say(
                f"{hours['unknown']} 个驿站没有写（地图上显示「时间不详」）",
                f"{hours['unknown']} stations do not say theirs (shown as unknown)",
            ),
        )
    if hours.get("unreadable"):
        examples = say("、", ", ").join(
            say(f"「{text}」", f"“{text}”") for text in stations["hours_unreadable"]
        )
        yield (
            say("", ""),
            say(f"{hours['unreadable']} 个读不懂：", f"{hours['unreadable']} cannot be read: ")
            + examples,
        )
    for key, zh, en in (
        ("without_phone", "电话", "phone"),
        ("without_township", "所在乡镇", "township"),
    ):
        if stations[key] and (key != "without_township" or units["names"]):
            yield say(zh, en), say(f"{stations[key]} 个驿站没有", f"{stations[key]} stations")
    if stations["quarantined"]:
        yield (
            say("退回", "held back"),
            say(
                f"{stations['quarantined']} 个驿站核对不过，不会发布（locator validate 说明原因）",
                f"{stations['quarantined']} stations fail the checks and are not published "
                "(locator validate says why)",
            ),
        )
    reasons = {key: (words["zh"], words["en"]) for key, words in load_offers().reasons.items()}
    for key, label in (
        ("stations", say("不算驿站", "no stations")),
        ("candidates", say("不算站址", "no candidates")),
        ("sign_sites", say("不算立牌处", "no sign sites")),
    ):
        if passed_over := report[key]["passed_over"]:
            count = sum(passed_over.values())
            yield label, say.number(count) + say.because(passed_over, reasons)
    closed = {key: (zh, key) for key, zh in _WHY_CLOSED_ZH.items()}
    if shut := streets["ways_closed"]:
        yield (
            say("不通的街道", "closed streets"),
            say(f"{sum(shut.values()):,} 段", f"{sum(shut.values()):,} ways")
            + say.because(shut, closed),
        )
    if streets["islets_ways"]:
        yield (
            say("孤立的街道", "islets"),
            say(
                f"{streets['islets_ways']} 段（{streets['islets_km']:.1f} 公里）同别的路不相连",
                f"{streets['islets_ways']} ways ({streets['islets_km']:.1f} km) that meet no other "
                "street",
            ),
        )
    if streets["ways_left"]:
        yield (
            say("裁去", "cut away"),
            say(
                f"离县界 5 公里以外的 {streets['ways_left']:,} 段线",
                f"{streets['ways_left']:,} ways more than 5 km beyond the outline",
            ),
        )
    if places["outside"]:
        yield (
            say("县界以外", "outside"),
            say(f"{places['outside']:,} 个地点", f"{places['outside']:,} places"),
        )
    yield from _broken(places, streets, lost, say)


def _broken(
    places: Mapping[str, int],
    streets: Mapping[str, Any],
    lost: Mapping[str, int],
    say: _Speech,
) -> Iterator[tuple[str, str]]:
    """What the extract speaks of and does not hold, or holds in pieces."""
    label = say("数据残缺", "broken data")
    for count, zh, en in (
        (
            places["areas_cut"],
            "个多边形在数据边上被切断",
            "multipolygons cut at the extract's edge",
        ),
        (places["areas_broken"], "个多边形画错，拼不成", "multipolygons drawn wrongly"),
        (places["without_position"], "个地点没有点位", "places without a position"),
        (streets["nodes_missing"], "个街道的点不在数据里", "nodes of streets not in the extract"),
        (streets["ways_cut"], "段街道在数据边上被切断", "streets cut at the extract's edge"),
        (sum(lost.values()), "个要素画不进底图", "objects that the base map cannot draw"),
    ):
        if count:
            yield label, f"{count:,} {en}" if not say.zh else f"{count:,} {zh}"
            label = ""


def _next(report: Mapping[str, Any], say: _Speech) -> Iterator[tuple[str, str]]:
    county = report["county"]
    slug, guessed = county["slug"], county["guessed"]
    number = iter(range(1, 9))
    if guessed:
        yield (
            f"{next(number)}.",
            say(
                f"核对 {report['folder']}/county.toml：",
                f"look at {report['folder']}/county.toml: ",
            )
            + say("、", ", ").join(say.pair(_LOOK[key]) for key in guessed),
        )
    for command, zh, en in (
        (f"locator build {slug} --publish", "建成并发布", "build and publish"),
        (f"locator serve {slug}", "打开看看", "look at it"),
        (f"locator adopt {slug} {say('台账.xlsx', 'LEDGER.xlsx')}", "换成本县自己的台账",
         "put the county's own ledger in its place"),
    ):  # fmt: skip
        yield f"{next(number)}.", f"{command}{say('    ', '    ')}{say(zh, en)}"


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: count for key, count in counts.items() if count}


def _width(text: str) -> int:
    """The columns that a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
