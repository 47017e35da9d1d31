"""The words of the planner's page, Chinese first; the browser's modules get the same table."""

from __future__ import annotations

from typing import Any

from locator.outputs.coverage_words import SHARED, worded
from locator.server.planner_tool_words import TOOL_WORDS

WORDS: dict[str, tuple[str, str]] = {
    **SHARED,
    "title": ("{county}：什么时候、在哪里缺站点", "{county}: when and where stops are missing"),
    "kicker": ("{county} · 覆盖与缺口", "{county} · coverage and gaps"),
    "list": ("驿站列表", "Stations"),
    "workday": ("工作日", "Workday"),
    "dayoff": ("休息日", "Day off"),
    "standfirst_shares": (
        "照此算，工作日有 {workday} %、休息日有 {dayoff} % 的骑手时有站可去"
        "（一名骑手在场一小时是一骑手时）。",
        "So counted, {workday}% of rider-hours on a workday and {dayoff}% on a day off have one (a "
        "rider-hour is one rider there for one hour).",
    ),
    "standfirst_unknown": (
        "{count} 处站点里有 {unknown} 处没写开放时间，一处也没算进来：先把时间问清，再看缺口。",
        "Of {count} stations {unknown} state no hours and do not count at all: ask for their hours "
        "before looking at the gaps.",
    ),
    "headline": (
        "{day} {hour} 有 {riders} 骑手（{share} %）{reach} 分钟内无站可去",
        "{day} at {hour}, {riders} riders ({share}%) have no stop within {reach} minutes",
    ),
    "headline_none": (
        "无论何时，骑手 {reach} 分钟内都有站可去",
        "At every hour, every rider has a stop within {reach} minutes",
    ),
    "on_workday": ("工作日", "On a workday"),
    "on_dayoff": ("休息日", "On a day off"),
    "finding_none": (
        "{day}：每个小时都有过半骑手有站可去",
        "{day}: in every hour more than half of the riders have a stop",
    ),
    "finding_night": (
        "{day} {hours}，过半骑手无站可去",
        "{day} {hours}: more than half of the riders have no stop",
    ),
    "finding_all_day": (
        "{day}全天，过半骑手无站可去",
        "{day}: at no hour do more than half of the riders have a stop",
    ),
    "finding_no_riders": ("{day}：没有骑手数据", "{day}: no riders are known"),
    "scarcest": (
        "最缺的是{service}：一天里只有 {share} % 的需要，能在 {reach} 分钟内得到满足。",
        "Scarcest is {service}: {share}% of the day's need is met within {reach} minutes.",
    ),
    "scarcest_none": (
        "{services}：{reach} 分钟内一处也没有。",
        "None within {reach} minutes: {services}.",
    ),
    "scarcest_unsure": (
        "{services}：{reach} 分钟内没有一处确知开着。",
        "None within {reach} minutes is known to be open: {services}.",
    ),
    "clock_caption": (
        "{day}（{date}）各小时的覆盖率，%：有需要的骑手中，{reach} 分钟内能到一处开着、"
        "有此服务的站点的占比。缺得多的在上，一处也没有的在下。“全天”按各项需要的时段算，"
        "所以需要多在有站时段的服务会高过“任一站点”。",
        "Coverage by hour, %, on a {day} ({date}): of the riders in need, those within {reach} "
        "minutes of an open station with the service. Scarcest on top, those nobody offers below. "
        "All day weighs each hour by its need, so a service wanted at well-served hours can exceed "
        "any stop.",
    ),
    "service": ("服务", "Service"),
    "hour": ("时", "Hour"),
    "all_day": ("全天", "All day"),
    "riders": ("骑手（人）", "Riders"),
    "choose_day": ("看哪一天", "Which day"),
    "choose_hour": ("几点", "Hour"),
    "choose_service": ("哪项服务", "Service"),
    "cell_hint": (
        "点一格，地图就转到那个小时、那项服务；方向键可以移动。",
        "Choose a cell to see that hour and service on the map; arrow keys move.",
    ),
    "legend_low": ("0 %", "0%"),
    "legend_high": ("100 %", "100%"),
    "legend_clock": ("有站可去的骑手占比", "Share of riders with a stop"),
    "no_riders": ("此时没有骑手", "no riders then"),
    "slot_any": (
        "{day} {hour}：{total} 名骑手，{uncovered} 名 {reach} 分钟内无站可去",
        "{day} {hour}: of {total} riders, {uncovered} have no stop within {reach} minutes",
    ),
    "slot_service": (
        "{day} {hour} {service}：{total} 名骑手需要，{uncovered} 名 {reach} 分钟内得不到",
        "{day} {hour}, {service}: of {total} riders in need, {uncovered} get none within "
        "{reach} minutes",
    ),
    "slot_empty": ("{day} {hour}：没有骑手数据", "{day} {hour}: no riders are known"),
    "map": ("地图", "Map"),
    "zoom_in": ("放大", "Zoom in"),
    "zoom_out": ("缩小", "Zoom out"),
    "map_label": ("无站可去的骑手和站点的地图", "Map of unserved riders and of the stations"),
    "map_hint": (
        "点地图上的格子，看那里的骑手和最近的站点。",
        "Choose a cell on the map to read it.",
    ),
    "map_missing": (
        "这个浏览器画不了地图（需要 WebGL2）；上面的时钟和下面的缺口不受影响。",
        "This browser cannot draw the map (it needs WebGL2); the clock and the gaps are complete.",
    ),
    "map_failed": (
        "数据没有读到，请检查网络后刷新本页。",
        "The data did not arrive; check the network and reload the page.",
    ),
    "map_print": (
        "地图只在网页上；打印请用 locator map。",
        "The map is on the page only; to print one use locator map.",
    ),
    "legend_riders": ("每格无站可去的骑手，人", "Riders without a stop in a cell"),
    "legend_open": ("此时开着", "Open then"),
    "legend_closed": ("此时关着", "Closed then"),
    "legend_unknown": ("时间不详", "Hours unknown"),
    "legend_gap": ("缺口，编号同列表", "Gap, numbered as listed"),
    "legend_unreachable": ("路网到不了", "Off the street network"),
    "cell_text": (
        "这一格：{total} 名骑手，{uncovered} 名无站可去；最近的站点{near}。",
        "This cell: {total} riders, {uncovered} without; the nearest station is {near}.",
    ),
    "near": ("约 {minutes} 分钟", "about {minutes} minutes away"),
    "near_unknown": ("在路网上到不了", "not to be reached by street"),
    "no_riders_headline": (
        "还没有骑手数据，说不出哪里、什么时候缺站",
        "No riders are known yet, so nothing can be said of where or when stops are missing",
    ),
    "demand_unknown": (
        "需求未知，不是没有需求：这个县还没有骑手人数表。交一张“商圈、时段、人数”的表"
        "（county.toml 的 [demand]），这里就有时钟、地图和缺口。驿站列表和门牌不受影响。",
        "Demand is unknown, which is not the same as none: the county has no sheet of riders yet. "
        "Hand in a sheet of places, hours and headcounts ([demand] in county.toml), and the clock, "
        "the map and the gaps appear here. The list of stations and the signs work without it.",
    ),
    "demand_withheld": (
        "需求未知，不是没有需求：骑手数据里每个格子时段都因人太少而不公开，所以没有时钟、地图和缺口。"
        "驿站列表和门牌不受影响。",
        "Demand is unknown, which is not the same as none: in the riders' file every cell and hour "
        "has too few of them to be shown, so there is no clock, map or gap. The list of stations "
        "and the signs work without it.",
    ),
    "gaps_not_known": ("没有骑手数据，找不出缺口", "Without riders no gap can be found"),
    "gaps_none": (
        "没有缺口：每格、每小时都有站可去",
        "No gaps: every cell has a stop at every hour",
    ),
    "gaps_title": (
        "{count} 处缺口，最大一处{name}",
        "{count} gaps, the largest {name}",
    ),
    "gaps_one": ("一处缺口：{name}", "One gap: {name}"),
    "gaps_what": (
        "相连的、无站可去的格子合成一处；按一周的骑手时（五个工作日、两个休息日）从多到少排。",
        "Neighbouring cells without a stop make one gap; ranked by the rider-hours of a week, five "
        "workdays and two days off.",
    ),
    "gaps_more": ("另有 {count} 处较小的缺口", "{count} smaller gaps"),
    "when": ("何时", "When"),
    "missing": ("还缺", "Missing"),
    "missing_all": ("各项服务", "every service"),
    "remedy": ("怎么办", "What helps"),
    "remedy_closed": (
        "{reach} 分钟内有站，但那时关着：延长开放时间",
        "A stop is within {reach} minutes but closed then: longer hours",
    ),
    "remedy_hours_unknown": (
        "{reach} 分钟内的站开放时间不详：先打电话问清",
        "Nobody knows the hours of the stop within {reach} minutes: ask for them first",
    ),
    "remedy_no_street": (
        "没有街道通到这里：先核对街道数据",
        "No street leads there: check the street data first",
    ),
    "remedy_no_stop": (
        "{reach} 分钟内没有站：在这里设一处",
        "No stop within {reach} minutes: a new one here",
    ),
    "nearest_none": ("没有到得了的站点", "no station can be reached"),
    "show_gap": ("在地图上看{name}", "Show {name} on the map"),
    "limits": ("怎样算的，不能说明什么", "How it is reckoned, and its limits"),
    "sources": ("数据来源与取舍", "Sources, and what was left out"),
    "weakest": (
        "结论的可信度取其中最弱的一项：{weakest}。",
        "The results are worth no more than the weakest: {weakest}.",
    ),
    "reach": ("怎样算有站", "What counts"),
    "reach_text": (
        "整点过半出发，骑行加停车不超过 {reach} 分钟，到时开着并再开 10 分钟，且提供所问的服务。"
        "友好小区等不能歇脚的地方不算“任一站点”。",
        "Leaving at half past, riding and parking take at most {reach} minutes; the station is "
        "open on arrival and for 10 minutes more and offers the service. Places that are no stop "
        "to rest at do not count as 'any stop'.",
    ),
    "unknown_hours_none": ("每处站点都写明了开放时间。", "Every station states its hours."),
    "unreachable": ("到不了的格子", "Cells off the network"),
    "unreachable_text": (
        "{count} 格离道路太远，算不出骑行时间，按无站可去计，在地图上画虚线。",
        "{count} cells are too far from a street to reckon with; they count as without a stop and "
        "are drawn dashed.",
    ),
    "unreachable_none": ("每格都接得上路网。", "Every cell connects to the streets."),
    "shares": ("各项服务的需要", "Need for services"),
    "shares_text": (
        "每项服务的需要，是在场骑手乘以假定的比例和时段曲线，不是调查结果。",
        "The need for a service is the riders present times an assumed share and daily profile; "
        "nobody has surveyed it.",
    ),
    "files": ("数据文件", "Data files"),
    "files_text": ("版本 {release}，数据日期 {as_of}", "Release {release}, as of {as_of}"),
    "file_coverage": ("覆盖与缺口", "Coverage and gaps"),
    "file_cells": ("每格的骑手", "Riders by cell"),
    "file_stations": ("站点", "Stations"),
    **TOOL_WORDS,
}  # fmt: skip


def say(lang: str, key: str, **values: Any) -> str:
    """The words ``key`` in ``lang`` ("zh" or "en") with ``values`` put in."""
    return worded(WORDS, lang, key, **values)
