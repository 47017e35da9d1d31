"""The report of a start as a person reads it: what was found, what is lacking, what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from locator.starter.offers import load_offers
from locator.starter.words import (
    ACTIONS,
    COUNTRY,
    LAYERS_ZH,
    LOOK,
    OUTLINE,
    SIGNS,
    Speech,
    width,
)
from locator.streets.reasons import in_words

#: An extract older than this shows another town than the one that riders ride through.
OLD_DAYS = 365


def report_text(report: Mapping[str, Any], lang: str = "zh", locator: str = "locator") -> str:
    """The report of `locator.starter.init.start_county` in Chinese (``zh``) or English.

    ``locator`` is how the commands that come next begin, with the folders that were given.
    """
    say = Speech(lang == "zh")
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
        (say("接下来", "Next"), list(_next(report, say, locator))),
    ):
        if rows:
            wide = max(width(label) for label, _ in rows) + 2
            lines += ["", heading]
            lines += [f"  {label}{' ' * (wide - width(label))}{text}" for label, text in rows]
    return "\n".join(lines)


def _found(report: Mapping[str, Any], say: Speech) -> Iterator[tuple[str, str]]:
    county, streets, stations = report["county"], report["streets"], report["stations"]
    if outline := report["outline"]:
        how = say.pair(OUTLINE[outline["how"]])
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
    layers = {key: (zh, key) for key, zh in LAYERS_ZH.items()}
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
        ("candidates", ACTIONS, say("可设站处", "candidate sites")),
        ("sign_sites", SIGNS, say("可立牌处", "sign sites")),
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
    known = say.pair(COUNTRY[county["country_from"]])
    yield (
        say("国家时区", "country"),
        f"{county['country']} · {county['timezone']}" + say(f"（{known}）", f" ({known})"),
    )


def _lacking(report: Mapping[str, Any], say: Speech) -> Iterator[tuple[str, str]]:
    days = report["extract"]["age_days"]
    if days is not None and days > OLD_DAYS:
        years = f"{days / 365.25:.0f}"
        yield (
            say("新数据", "new data"),
            say(
                f"这份是 {years} 年前的，后来新开的、关掉的都不在里面；有新的就用新的",
                f"this extract is some {years} years old and knows nothing of what came since",
            ),
        )
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
    total, hours = stations["count"], stations["hours"]
    label = say("开放时间", "hours")
    if unknown := hours.get("unknown"):
        yield (
            label,
            say(
                f"{total} 个驿站里 {unknown} 个没有写（地图上显示「时间不详」）",
                f"unknown at {unknown} of {total} stations (and shown so)",
            ),
        )
        label = ""
    if unreadable := hours.get("unreadable"):
        examples = [say(f"「{text}」", f"“{text}”") for text in stations["hours_unreadable"]]
        yield (
            label,
            say(f"{unreadable} 个读不懂：", f"unreadable at {unreadable}: ")
            + say("、", ", ").join(examples),
        )
    for key, label in (
        ("without_phone", say("电话", "phone")),
        ("without_township", say("所在乡镇", "township")),
    ):
        if stations[key] and (key != "without_township" or units["names"]):
            yield (
                label,
                say(
                    f"{total} 个驿站里 {stations[key]} 个没有",
                    f"none at {stations[key]} of {total} stations",
                ),
            )
    if stations["quarantined"]:
        yield (
            say("退回", "held back"),
            say(
                f"{stations['quarantined']} 个驿站核对不过，不会发布（locator validate 说明原因）",
                f"{stations['quarantined']} stations fail the checks and are not published "
                "(locator validate says why)",
            ),
        )
    if not report["demand"]["rows"]:
        yield (
            say("骑手", "riders"),
            say(
                "数据里没有餐馆和住宅：需求未知",
                "no restaurants or homes in the extract: demand is unknown",
            ),
        )
    reasons = {key: (words["zh"], words["en"]) for key, words in load_offers().reasons.items()}
    for key, label in (
        ("stations", say("不算驿站", "not stations")),
        ("candidates", say("不算站址", "not candidates")),
        ("sign_sites", say("不算立牌处", "not sign sites")),
    ):
        if passed_over := report[key]["passed_over"]:
            count = sum(passed_over.values())
            yield label, say.number(count) + say.because(passed_over, reasons)
    if shut := dict(in_words(streets["ways_closed"], "zh" if say.zh else "en")):
        yield (
            say("不通的街道", "closed streets"),
            say(f"{sum(shut.values()):,} 段", f"{sum(shut.values()):,} ways")
            + say.because(shut, {}),
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
    say: Speech,
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
            yield label, say(f"{count:,} {zh}", f"{en}: {count:,}")
            label = ""


def _next(report: Mapping[str, Any], say: Speech, locator: str) -> Iterator[tuple[str, str]]:
    county, hours = report["county"], report["stations"]["hours"]
    slug, guessed = county["slug"], [key for key in county["guessed"] if key in LOOK]
    number = iter(range(1, 9))
    if "code" in county["guessed"]:
        yield (
            f"{next(number)}.",
            say(
                f"编号以 {county['code']} 开头，是编的；要用行政区划代码，"
                "现在就删掉这个文件夹，加 --code 重来",
                f"ids begin with {county['code']}, made up; for a code of your own delete this "
                "folder now and start again with --code",
            ),
        )
    if guessed:
        yield (
            f"{next(number)}.",
            say(
                f"核对 {report['folder']}/county.toml：",
                f"look at {report['folder']}/county.toml: ",
            )
            + say("、", ", ").join(say.pair(LOOK[key]) for key in guessed),
        )
    for command, zh, en in (
        (f"{locator} build {slug} --publish", "建成并发布", "build and publish"),
        (f"{locator} serve {slug}", "打开看看", "look at it"),
        (f"{locator} adopt {slug} {say('台账.xlsx', 'LEDGER.xlsx')}", "换成本县自己的台账",
         "put the county's own ledger in its place"),
    ):  # fmt: skip
        yield f"{next(number)}.", f"{command}    {say(zh, en)}"
    if unclear := hours.get("unknown", 0) + hours.get("unreadable", 0):
        yield (
            f"{next(number)}.",
            say(
                f"补上 {unclear} 个驿站的开放时间：不知道开不开的，不算覆盖"
                "（写在台账的「开放时间」里，或 stations.geojson 的 hours）",
                f"state the hours of {unclear} stations (in the ledger, or hours in "
                "stations.geojson): a door that may be shut covers nobody",
            ),
        )


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: count for key, count in counts.items() if count}
