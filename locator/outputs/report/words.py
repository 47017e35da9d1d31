"""The words of the monthly report, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locator.outputs.coverage_words import SHARED, tied, worded
from locator.outputs.words import word

#: The service that every stop offers: a door to go in by.
ANY_STOP = "any_stop"

WORDS: dict[str, tuple[str, str]] = {
    **SHARED,
    "title": ("{county}驿站覆盖月报", "{county}: coverage of rest stops"),
    "month": ("{year} 年 {month} 月", "{month_en} {year}"),
    "share_workday": ("工作日的骑手时有站可去", "of rider-hours on a workday have a stop"),
    "share_dayoff": ("休息日的骑手时有站可去", "of rider-hours on a day off have a stop"),
    "share_night": (
        "夜里（22–6 点）的骑手时有站可去",
        "of rider-hours at night (22–6) have a stop",
    ),
    "clock": ("什么钟点缺，缺什么", "At which hour, and what is missing"),
    "clock_some": (
        "{slots}，过半骑手无站可去",
        "{slots}: more than half of the riders have no stop",
    ),
    "clock_none": (
        "每个钟点都有过半骑手有站可去",
        "At every hour more than half of the riders have a stop",
    ),
    "clock_note": (
        "格中是覆盖率（%）：有此需要的骑手里，{reach} 分钟内有站可去的占比。颜色越暗，缺得越多。",
        "In the cells coverage in %: of the riders in need, those with a stop within {reach} "
        "minutes. The darker, the more go without.",
    ),
    "need_assumed": (
        "各项服务的需要按假定的比例和时段推算，没有调查过。",
        "The need for a service is an assumed share and daily profile; nobody has surveyed it.",
    ),
    "share_of_riders": ("覆盖率，%", "Coverage, %"),
    "changes_first": (
        "这是第一版，没有可比的。下个月起，这里列出关上的、新出现的和变大的缺口。",
        "This is the first release, with nothing to compare. From next month on, the gaps that "
        "closed, appeared or grew stand here.",
    ),
    "changes_since": ("上一版：{as_of}（{release}）", "Last release: {as_of} ({release})"),
    "changes_share": (
        "{day}覆盖率 {before} % → {now} %",
        "Coverage on a {day}: {before}% → {now}%",
    ),
    "changes_stations": (
        "站点 {before} → {now} 处：新增 {added}，撤去 {gone}",
        "Stations {before} → {now}: {added} added, {gone} gone",
    ),
    "changes_gaps": ("缺口 {before} → {now} 处", "Gaps {before} → {now}"),
    "changes_same": ("没有变化。", "Nothing has changed."),
    "actions": ("怎么补：多覆盖最多的几件", "What would cover most"),
    "actions_lead": (
        "这 {count} 件都做，每周多 {gain} 骑手时有站可去，约花 {cost}。",
        "All {count} together serve {gain} more rider-hours a week for about {cost}.",
    ),
    "actions_none": (
        "这一版没有算建议：没有候选点，或骑手人数未知。",
        "No action is proposed: there is no candidate site, or the number of riders is unknown.",
    ),
    "actions_old": (
        "这一版里没有建议（旧程序生成的）：重新生成一版即可。",
        "This release holds no actions (an older program made it): build it again.",
    ),
    "cheaper": (
        "不求最多、只求划算的话：花 {cost}，{count} 件能到 {gain} 骑手时。",
        "If the money counts more: {count} actions for {cost} reach {gain} rider-hours.",
    ),
    "gains_overlap": (
        "每件的数是单做这一件多出来的；帮的是同一批骑手时，几件不能相加。",
        "Each figure is for that action alone; where actions help the same riders they do not "
        "add up.",
    ),
    "gain": ("每周多服务 {gain} 骑手时", "{gain} more rider-hours a week"),
    "cost": ("约 {cost}", "about {cost}"),
    "per_cost": ("每万元 {gain} 骑手时", "{gain} rider-hours per ¥10,000"),
    "curve_x": ("花费，万元/年", "Spend, ¥10,000 a year"),
    "curve_y": ("每周多服务的骑手时", "Rider-hours gained a week"),
    "curve_alt": (
        "随花费增加，每周多服务的骑手时：{pairs}",
        "Rider-hours gained a week by spend: {pairs}",
    ),
    "gaps": ("最大的 {count} 处缺口", "The {count} largest gaps"),
    "gaps_all": ("全县共 {count} 处缺口", "{count} gaps in the county"),
    "gaps_none": ("没有缺口。", "There is no gap."),
    "gaps_unknown": (
        "骑手人数未知，说不出缺口在哪里。先交一张人数表。",
        "Nobody knows where the gaps are: the number of riders is unknown. Hand in a headcount.",
    ),
    "rider_hours_note": (
        "骑手时：没有站可去的骑手乘以小时，一周（五个工作日、两个休息日）合计。",
        "Rider-hours: riders without a stop times hours, in a week of five workdays and two days "
        "off.",
    ),
    "when": ("什么时候", "When"),
    "nearest_none": ("骑行能到的地方没有站", "no stop can be reached"),
    "nearest_open": (
        "{name}，约 {minutes} 分钟（{slot}，人最多时）",
        "{name}, about {minutes} minutes ({slot}, when most are concerned)",
    ),
    "nearest_none_open": (
        "没有开着的骑得到（{slot}，人最多时）",
        "no open stop can be reached ({slot}, when most are concerned)",
    ),
    "nearer_closed": (
        "；更近的{name}（{minutes} 分钟）关着",
        "; {name}, nearer at {minutes} minutes, is closed",
    ),
    "nearer_unknown": (
        "；更近的{name}（{minutes} 分钟）时间不详",
        "; {name} is nearer at {minutes} minutes, its hours are unknown",
    ),
    "missing": ("从来没有", "Never there"),
    "missing_all": ("所有服务", "all services"),
    "why": ("原因", "Why"),
    "cause_closed": (
        "{reach} 分钟内有站，但那时关着",
        "A stop is within {reach} minutes but closed then",
    ),
    "cause_hours_unknown": (
        "{reach} 分钟内的站开放时间不详",
        "Nobody knows the hours of the stop within {reach} minutes",
    ),
    "cause_no_street": ("没有街道通到这里", "No street leads there"),
    "cause_no_stop": ("{reach} 分钟内没有站", "No stop within {reach} minutes"),
    "metres": ("米", "m"),
    "map_legend": (
        "图上：色块是缺口；● 是人最多那一小时开着的站，○ 是那时关着或时间不详的站（只写最近的）。",
        "On the maps: the tinted area is the gap, ● a stop that is open in its worst hour, ○ one "
        "that is closed then or whose hours are unknown (the nearest are named).",
    ),
    "map_legend_proposed": (
        "图上：色块是缺口；● 是人最多那一小时开着的站，○ 是那时关着或时间不详的站（只写最近的），"
        "◎ 是建议新设的站。",
        "On the maps: the tinted area is the gap, ● a stop that is open in its worst hour, ○ one "
        "that is closed then or whose hours are unknown (the nearest are named), ◎ a stop "
        "proposed.",
    ),
    "map_alt": ("{name}的街道图，缺口涂红", "Street map of {name}, the gap in red"),
    "far": (
        "一半的骑手时 {p50} 分钟内到得了开着的站，九成 {p90} 分钟内；15 分钟内的占 {within} %。",
        "Half of the rider-hours reach an open stop within {p50} minutes, nine tenths within "
        "{p90}; {within}% within 15.",
    ),
    "far_none": (
        "15 分钟内到得了开着的站的骑手时占 {within} %。",
        "{within}% of the rider-hours reach an open stop within 15 minutes.",
    ),
    "backup": (
        "有两处以上可选的占 {share} %：其余的只靠一处，它一关门就没有。",
        "{share}% have two stops or more to choose from; the rest depend on one.",
    ),
    "col_covered": ("有站可去", "Covered"),
    "col_backup": ("两处以上", "Two stops"),
    "col_p50": ("一半，分钟", "Half, min"),
    "col_p90": ("九成，分钟", "Nine tenths, min"),
    "col_worst": ("最缺的一小时", "Worst hour"),
    "col_stops": ("站（夜里开）", "Stops (at night)"),
    "townships_note": (
        "有站可去、两处以上：占一周骑手时的比例；分钟：到最近的、当时开着的站。“—”：说不出。",
        "Covered and two stops: shares of a week's rider-hours; minutes: to the nearest stop open "
        "then. “—”: cannot be told.",
    ),
    "losses": ("关掉哪一处，损失最大", "Which closure would hurt most"),
    "col_station": ("站点", "Stop"),
    "col_lost": ("每周失去，骑手时", "Lost a week, rider-hours"),
    "col_when": ("什么时候", "When"),
    "losses_note": (
        "关掉后没有别的站可去的骑手时。别处能顶上的不算。",
        "Rider-hours left without any stop; those that another stop serves do not count.",
    ),
    "limits": ("数据和局限", "Data and limits"),
    "stations": ("站点", "Stations"),
    "streets": ("街道", "Streets"),
    "demand": ("骑手", "Riders"),
    "unreachable": ("接不上路网", "Off the network"),
    "unreachable_text": (
        "{count} 格离街道太远，按无站可去计。",
        "{count} cells are too far from a street and count as without a stop.",
    ),
    "imprint": (
        "数据日期 {as_of} · 版本 {release}",
        "As of {as_of} · release {release}",
    ),
    "approval": ("审图号：{number}", "Map approval: {number}"),
    "watermark": ("示意", "Illustrative"),
    "page": ("第 {page} 页", "Page {page}"),
}  # fmt: skip

MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def money(lang: str, yuan: float) -> str:
    """A cost of ``yuan`` a year as one says it: 8.5 万元/年."""
    if lang == "en":
        return f"¥{yuan:,.0f} a year"
    return tied(f"{yuan / 10_000:.3g} 万元/年") if yuan >= 10_000 else tied(f"{yuan:,.0f} 元/年")


def say(lang: str, key: str, **values: Any) -> str:
    """The words ``key`` in ``lang`` ("zh" or "en") with ``values`` put in."""
    return worded(WORDS, lang, key, **values)


def joined(lang: str, *sentences: str) -> str:
    """Sentences one after the other, as the language sets them."""
    return ("" if lang == "zh" else " ").join(each for each in sentences if each)


def reach_text(coverage: Mapping[str, Any]) -> str:
    """The reach in minutes, as one writes it: 5, not 5.0."""
    return f"{coverage['reach_min']:g}"


def service_name(manifest: Mapping[str, Any], code: str, lang: str) -> str:
    """What a release calls a service of its clock."""
    if code == ANY_STOP:
        return say(lang, "any_stop")
    said = word(manifest, "services", code)
    return said.zh if lang == "zh" else said.en
