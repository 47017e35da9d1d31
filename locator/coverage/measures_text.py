"""The measures as text for a terminal, Chinese and English side by side."""

from __future__ import annotations

from typing import Any

from locator.coverage.demand import DAYS
from locator.coverage.report import UNKNOWN_EN, UNKNOWN_ZH
from locator.coverage.scenario import FAULTS_ZH
from locator.coverage.supply import ANY_STOP
from locator.coverage.week import DAYS_ZH
from locator.coverage.what_if import PROBLEMS_EN, PROBLEMS_ZH

UNKNOWN = "不详"
_SHOWN = 10


def inquiry_text(found: dict[str, Any], service: str = ANY_STOP, day: str | None = None) -> str:
    """The result of `inquire`, its clock for one service, and one day if not both."""
    where = found["area"] or ("画出的范围 / the drawn area" if found["drawn"] else "全县 / county")
    lines = [f"{where}  {found['reach_min']:g} 分钟 min · {found['cells']} 格 cells"]
    if found["measures"] is None:
        return "\n".join([*lines, UNKNOWN_ZH, UNKNOWN_EN])
    lines += area_lines(found["measures"])
    lines += ["", *clock_lines(found["clock"], service, day)]
    then = found["what_if"]
    if then is None:
        return "\n".join(lines)
    lines += ["", f"设想 / what if: {then['text']}"]
    lines += [
        f"  {FAULTS_ZH[fault['code']]} ({fault['code']}): {fault['text']}"
        for fault in then["faults"]
    ]
    lines += [
        f"  {problem['station']}: {PROBLEMS_ZH[problem['code']]} / {PROBLEMS_EN[problem['code']]}"
        for problem in then["problems"]
    ]
    gain = then["gain"]
    lines.append(f"多覆盖 / more covered: {gain[ANY_STOP]:+,.0f} 骑手时/周 rider-hours a week")
    others = [f"{code} {value:+,.0f}" for code, value in gain.items() if value and code != ANY_STOP]
    lines += [f"  其中服务 / services: {' · '.join(others)}"] if others else []
    return "\n".join(
        [*lines, *area_lines(then["measures"]), "", *clock_lines(then["clock"], service, day)]
    )


def area_lines(area: dict[str, Any]) -> list[str]:
    """What `area_json` says of one area, a line a measure."""
    covered, backup, minutes = area["covered"], area["backup"], area["minutes"]["week"]
    reaches = sorted(area["within"].items(), key=lambda item: int(item[0]))
    within = [f"{reach} min {percent(each['week'])}" for reach, each in reaches]
    workday, dayoff = percent(covered["workday"]), percent(covered["dayoff"])
    far = f"p50 {_minutes(minutes['p50'])}，p90 {_minutes(minutes['p90'])}"
    lines = [
        f"骑手时/周 rider-hours a week: {_count(area['rider_hours'])}",
        f"任一站点，有站可去 any stop, covered: {percent(covered['week'])}"
        f"（工作日 workday {workday}，休息日 day off {dayoff}）",
        f"几分钟内有站开门 open stop within: {' · '.join(within)}",
        f"到最近开门的站 nearest open stop: {far}",
        f"有第二个站 backup: {percent(backup['week'])}",
    ]
    worst, tenth = area["worst_hour"], area["worst_tenth"]
    if worst is not None:
        lines.append(
            f"最缺的时刻 worst hour: {_slot(worst)}，{_count(worst['uncovered'])} 人无站可去 "
            f"without a stop（{percent(worst['share'])}）"
        )
    lines.append(
        f"最差的一成 worst-served tenth: 从 from {_minutes(tenth['from_minutes'])}，"
        f"平均 mean {_minutes(tenth['mean_minutes'])}，"
        f"无站可达 without any {_count(tenth['without'])} 骑手时/周"
    )
    who = [f"{row['name'] or UNKNOWN} {_count(row['rider_hours'])}" for row in tenth["townships"]]
    when = [f"{_slot(row)} {_count(row['rider_hours'])}" for row in tenth["slots"]]
    lines += [f"  在哪 where: {' · '.join(who)}"] if who else []
    lines += [f"  何时 when: {' · '.join(when)}"] if when else []
    if area["no_street"]:
        lines.append(f"没有街道通到 no street: {_count(area['no_street'])} 骑手时/周")
    return lines


def clock_lines(
    clock: list[dict[str, Any]], service: str = ANY_STOP, day: str | None = None
) -> list[str]:
    """The clock of a service in per cent, a line a day."""
    lines = ["        " + " ".join(f"{hour:>3}" for hour in range(24)) + f"   % {service}"]
    for each in DAYS if day is None else (day,):
        rows = [row for row in clock if row["service"] == service and row["day"] == each]
        shares = [
            f"{row['covered'] / row['total'] * 100:3.0f}" if row["total"] else "  –" for row in rows
        ]
        lines.append(f"{DAYS_ZH[each]}  " + " ".join(shares))
    return lines


def county_lines(measures: dict[str, Any]) -> list[str]:
    """What ``coverage.json["measures"]`` says: the county, its townships, its stations."""
    whole = measures["county"]
    lines = ["全县 / the whole county", *area_lines(whole)] if whole else []
    rows = sorted(measures["townships"], key=lambda row: -(row["rider_hours"] or 0))
    lines += ["", "乡镇 / townships"]
    lines += [_township(row) for row in rows[:_SHOWN]]
    lines += [f"  … {len(rows) - _SHOWN}"] if len(rows) > _SHOWN else []
    dear = [row for row in measures["stations"] if row["lost"]][:5]
    if dear:
        lines += ["", "关了损失最大的站 / closing hurts most, rider-hours a week"]
        lines += [
            f"  {row['rank']}. {row['name']} {row['id']}  −{_count(row['lost'])} 骑手时/周"
            for row in dear
        ]
    crowded = [row for row in measures["stations"] if row["crowding"] is not None]
    unknown = sum(row["seats"] is None for row in measures["stations"])
    if whole:
        lines += ["", "座位拥挤 / riders a seat"]
        crowded.sort(key=lambda row: (-max(row["crowding"]), row["id"]))
        lines += [
            f"  {row['name']} {row['id']}  {max(row['crowding']):.1f}  {_slot(row['most_guests'])}"
            for row in crowded[:5]
            if row["most_guests"]
        ]
        lines.append(f"  座位不详 seats unknown: {unknown} 站 stations")
    return lines


def percent(value: float | None) -> str:
    """A share in per cent, or the word for unknown."""
    return UNKNOWN if value is None else f"{value * 100:.0f} %"


def _township(row: dict[str, Any]) -> str:
    name = row["name"] or f"乡镇{UNKNOWN} unknown"
    stops = f"{row['stops']} 站，夜里开 by night {row['open_at_night']}"
    if row["unknown_hours"]:
        stops += f"，时间不详 hours unknown {row['unknown_hours']}"
    if row["rider_hours"] is None:
        return f"  {name}：骑手{UNKNOWN}；{stops}"
    minutes = row["minutes"]["week"]
    worst = f"，最缺 worst {_slot(row['worst_hour'])}" if row["worst_hour"] else ""
    return (
        f"  {name}：{_count(row['rider_hours'])} 骑手时/周，"
        f"覆盖 covered {percent(row['covered']['workday'])} / {percent(row['covered']['dayoff'])}，"
        f"p50 {_minutes(minutes['p50'])}，p90 {_minutes(minutes['p90'])}{worst}；{stops}"
    )


def _slot(row: dict[str, Any]) -> str:
    return f"{DAYS_ZH[row['day']]} {row['hour']:02d}:00"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _minutes(value: float | None) -> str:
    return "到不了 none" if value is None else f"{value:.1f} min"
