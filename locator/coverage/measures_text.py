"""Clock, measures and gaps as text for a terminal, in Chinese (``zh``) or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locator.coverage.demand import DAYS
from locator.coverage.gap_report import CAUSES
from locator.coverage.report import UNKNOWN_EN, UNKNOWN_ZH
from locator.coverage.scenario import FAULTS
from locator.coverage.supply import ANY_STOP
from locator.coverage.week import DAY_WORDS
from locator.coverage.what_if import PROBLEMS

_SHOWN = 10
_STATIONS_SHOWN = 5


def coverage_text(result: dict[str, Any], lang: str = "zh") -> str:
    """The result of `coverage_json`: sentence, clock, gaps, and the measures where it has them."""
    zh = lang == "zh"
    lines = [result[f"headline_{lang}"], sources_text(result, lang)]
    if not result["clock"]:
        return "\n".join(lines)
    dates = [f"{DAY_WORDS[day][lang]} {result['dates'][day]}" for day in DAYS]
    lines += ["", *clock_lines(result["clock"], lang=lang), ("，" if zh else ", ").join(dates)]
    gaps = result["gaps"]
    lines += ["", f"缺口 {len(gaps)} 处" if zh else f"{len(gaps)} gaps"]
    lines += [
        f"{number:>3}. {gap['name']}  {_count(gap['rider_hours'])} 骑手时/周"
        f"  {CAUSES[gap['cause']][0]}  {gap['id']}"
        if zh
        else f"{number:>3}. {gap.get('name_en', gap['name'])}  {_count(gap['rider_hours'])} "
        f"rider-hours a week  {CAUSES[gap['cause']][1]}  {gap['id']}"
        for number, gap in enumerate(gaps[:_SHOWN], start=1)
    ]
    if (more := len(gaps) - _SHOWN) > 0:
        lines.append(f"     … 另有 {more} 处" if zh else f"     … {more} more")
    if "measures" in result:
        lines += ["", *county_lines(result["measures"], lang)]
    return "\n".join(lines)


def sources_text(result: Mapping[str, Any], lang: str) -> str:
    """Where the figures of `coverage_json` come from."""
    if lang == "zh":
        return str(result["provenance_zh"])
    sources = ", ".join(f"{name} {source}" for name, source in result["sources"].items())
    return f"Sources: {sources}; the weakest: {result['provenance']}"


def inquiry_text(
    found: dict[str, Any],
    service: str = ANY_STOP,
    day: str | None = None,
    *,
    names: Mapping[str, str] | None = None,
    lang: str = "zh",
) -> str:
    """The result of `inquire`, its clock for one service, and one day if not both.

    ``names`` are what services are called, by code.
    """
    zh = lang == "zh"
    named = names or {}
    where = found["area"] or (
        ("画出的范围" if zh else "The area drawn")
        if found["drawn"]
        else ("全县" if zh else "The whole county")
    )
    reach = f"{found['reach_min']:g}"
    lines = [
        f"{where}：{reach} 分钟内，{found['cells']} 格"
        if zh
        else f"{where}: within {reach} minutes, {found['cells']} cells"
    ]
    if found["measures"] is None:
        return "\n".join([*lines, UNKNOWN_ZH if zh else UNKNOWN_EN])
    asked = service, day, named.get(service)
    lines += [
        *area_lines(found["measures"], lang),
        "",
        *clock_lines(found["clock"], *asked, lang=lang),
    ]
    then = found["what_if"]
    if then is None:
        return "\n".join(lines)
    lines += ["", f"设想：{then['text']}" if zh else f"What if: {then['text']}"]
    lines += [
        f"  {FAULTS[fault['code']][0]}：{fault['text']}"
        if zh
        else f"  {FAULTS[fault['code']][1]}: {fault['text']}"
        for fault in then["faults"]
    ]
    lines += [
        f"  {problem['station']}：{PROBLEMS[problem['code']][0]}"
        if zh
        else f"  {problem['station']}: {PROBLEMS[problem['code']][1]}"
        for problem in then["problems"]
    ]
    gain = then["gain"]
    lines.append(
        f"每周多覆盖 {gain[ANY_STOP]:+,.0f} 骑手时"
        if zh
        else f"{gain[ANY_STOP]:+,.0f} rider-hours a week covered"
    )
    others = [
        f"{named.get(code, code)} {value:+,.0f}"
        for code, value in gain.items()
        if value and code != ANY_STOP
    ]
    if others:
        lines.append(f"  {'各项服务：' if zh else 'by service: '}{' · '.join(others)}")
    return "\n".join(
        [
            *lines,
            *area_lines(then["measures"], lang),
            "",
            *clock_lines(then["clock"], *asked, lang=lang),
        ]
    )


def area_lines(area: dict[str, Any], lang: str = "zh") -> list[str]:
    """What `area_json` says of one area, a line a measure."""
    zh = lang == "zh"
    covered, backup, minutes = area["covered"], area["backup"], area["minutes"]["week"]
    reaches = sorted(area["within"].items(), key=lambda item: int(item[0]))
    unit = "分钟" if zh else "min"
    within = " · ".join(f"{reach} {unit} {_percent(each['week'], zh)}" for reach, each in reaches)
    week, workday, dayoff = (_percent(covered[key], zh) for key in ("week", "workday", "dayoff"))
    half, most = (_within(minutes[key], zh) for key in ("p50", "p90"))
    worst, tenth = area["worst_hour"], area["worst_tenth"]
    who = " · ".join(
        f"{row['name'] or _unknown(zh)} {_count(row['rider_hours'])}" for row in tenth["townships"]
    )
    when = " · ".join(f"{_slot(row, zh)} {_count(row['rider_hours'])}" for row in tenth["slots"])
    without, no_street = _count(tenth["without"]), _count(area["no_street"])
    if zh:
        lines = [
            f"骑手时：每周 {_count(area['rider_hours'])}",
            f"有站可去：{week}（工作日 {workday}，休息日 {dayoff}）",
            f"几分钟内有开着的站：{within}",
            f"到最近的开着的站：一半{half}，九成{most}",
            f"有两处以上可选：{_percent(backup['week'], zh)}",
        ]
        if worst is not None:
            lines.append(
                f"最缺的一小时：{_slot(worst, zh)}，{_count(worst['uncovered'])} 人无站可去"
                f"（{_percent(worst['share'], zh)}）"
            )
        lines.append(f"最差的一成：{_tenth(tenth, zh)}；每周 {without} 骑手时到不了任何站")
        lines += [f"  在哪里：{who}"] if who else []
        lines += [f"  什么时候：{when}"] if when else []
        return [*lines, f"没有街道通到：每周 {no_street} 骑手时"] if area["no_street"] else lines
    lines = [
        f"Rider-hours a week: {_count(area['rider_hours'])}",
        f"With a stop: {week} (workday {workday}, day off {dayoff})",
        f"An open stop within: {within}",
        f"To the nearest open stop: half {half}, nine tenths {most}",
        f"Two stops or more to choose from: {_percent(backup['week'], zh)}",
    ]
    if worst is not None:
        lines.append(
            f"Worst hour: {_slot(worst, zh)}, {_count(worst['uncovered'])} riders without a stop "
            f"({_percent(worst['share'], zh)})"
        )
    lines.append(
        f"Worst-served tenth: {_tenth(tenth, zh)}; {without} rider-hours a week reach no stop"
    )
    lines += [f"  where: {who}"] if who else []
    lines += [f"  when: {when}"] if when else []
    lines += [f"No street leads to: {no_street} rider-hours a week"] if area["no_street"] else []
    return lines


def clock_lines(
    clock: list[dict[str, Any]],
    service: str = ANY_STOP,
    day: str | None = None,
    name: str | None = None,
    *,
    lang: str = "zh",
) -> list[str]:
    """The clock of a service in per cent, a line a day; ``name`` is what the service is called."""
    if service == ANY_STOP:
        name = "有站可去" if lang == "zh" else "with a stop"
    hours = " ".join(f"{hour:>3}" for hour in range(24))
    lines = ["        " + hours + f"   %，{name or service}"]
    if lang != "zh":
        lines = ["        " + hours + f"   %, {name or service}"]
    for each in DAYS if day is None else (day,):
        rows = [row for row in clock if row["service"] == service and row["day"] == each]
        shares = [
            f"{row['covered'] / row['total'] * 100:3.0f}" if row["total"] else "  –" for row in rows
        ]
        lines.append(day_heading(each, lang) + " ".join(shares))
    return lines


def day_heading(day: str, lang: str) -> str:
    """A day before a row of hours, eight columns wide on a terminal (a Chinese sign takes two)."""
    return f"{DAY_WORDS[day]['zh']}  " if lang == "zh" else f"{DAY_WORDS[day]['en']:<8}"


def county_lines(measures: dict[str, Any], lang: str = "zh") -> list[str]:
    """What ``coverage.json["measures"]`` says: the county, its townships, its stations."""
    zh = lang == "zh"
    whole = measures["county"]
    lines = ["全县" if zh else "The whole county", *area_lines(whole, lang)] if whole else []
    rows = sorted(measures["townships"], key=lambda row: -(row["rider_hours"] or 0))
    lines += ["", "各乡镇" if zh else "By township"]
    lines += [_township(row, zh) for row in rows[:_SHOWN]]
    if (more := len(rows) - _SHOWN) > 0:
        lines.append(f"  … 另有 {more} 个" if zh else f"  … {more} more")
    dear = [row for row in measures["stations"] if row["lost"]][:_STATIONS_SHOWN]
    if dear:
        lines += ["", "关了损失最大的站" if zh else "Closing hurts most"]
        lines += [
            f"  {row['rank']}. {row['name']} {row['id']}  −{_count(row['lost'])} "
            + ("骑手时/周" if zh else "rider-hours a week")
            for row in dear
        ]
    crowded = [row for row in measures["stations"] if row["crowding"] is not None]
    unknown = sum(row["seats"] is None for row in measures["stations"])
    if whole:
        lines += ["", "最挤的站，每座几人" if zh else "Most crowded, riders a seat"]
        crowded.sort(key=lambda row: (-max(row["crowding"]), row["id"]))
        lines += [
            f"  {row['name']} {row['id']}  {max(row['crowding']):.1f}  "
            f"{_slot(row['most_guests'], zh)}"
            for row in crowded[:_STATIONS_SHOWN]
            if row["most_guests"]
        ]
        lines.append(
            f"  座位数不详：{unknown} 站" if zh else f"  {unknown} stations: seats unknown"
        )
    return lines


def _township(row: dict[str, Any], zh: bool) -> str:
    stops, night, unsure = row["stops"], row["open_at_night"], row["unknown_hours"]
    name = row["name"] or ("乡镇不详" if zh else "township unknown")
    known = row["rider_hours"] is not None
    minutes = row["minutes"]["week"] if known else {}
    riders = _count(row["rider_hours"]) if known else _unknown(zh)
    half, most = (_within(minutes.get(key), zh) for key in ("p50", "p90"))
    workday, dayoff = (
        _percent(row["covered"][day] if known else None, zh) for day in ("workday", "dayoff")
    )
    worst = _slot(row["worst_hour"], zh) if known and row["worst_hour"] else None
    if zh:
        said = f"{stops} 站，夜里开 {night}" + (f"，时间不详 {unsure}" if unsure else "")
        if not known:
            return f"  {name}：骑手不详；{said}"
        return (
            f"  {name}：每周 {riders} 骑手时，有站可去 {workday}（休息日 {dayoff}），"
            f"一半{half}，九成{most}{f'，最缺 {worst}' if worst else ''}；{said}"
        )
    said = f"{stops} stops, {night} by night" + (f", hours unknown {unsure}" if unsure else "")
    if not known:
        return f"  {name}: riders unknown; {said}"
    return (
        f"  {name}: {riders} rider-hours a week, with a stop {workday} (day off {dayoff}), half "
        f"{half}, nine tenths {most}{f', worst {worst}' if worst else ''}; {said}"
    )


def _unknown(zh: bool) -> str:
    return "不详" if zh else "unknown"


def _percent(value: float | None, zh: bool) -> str:
    return _unknown(zh) if value is None else f"{value * 100:.0f} %"


def _slot(row: dict[str, Any], zh: bool) -> str:
    return f"{DAY_WORDS[row['day']]['zh' if zh else 'en']} {row['hour']:02d}:00"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _within(value: float | None, zh: bool) -> str:
    if value is None:
        return "到不了" if zh else "reach none"
    return f" {value:.1f} 分钟内" if zh else f"within {value:.1f} min"


def _tenth(tenth: dict[str, Any], zh: bool) -> str:
    """How far the worst-served tenth has it; nobody says a mean of what is out of reach."""
    start, mean = tenth["from_minutes"], tenth["mean_minutes"]
    if start is None or mean is None:
        return "到不了" if zh else "out of reach"
    return (
        f"要 {start:.1f} 分钟以上，平均 {mean:.1f} 分钟"
        if zh
        else f"{start:.1f} min or more, {mean:.1f} on average"
    )
