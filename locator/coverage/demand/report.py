"""What a county's demand is made of, in words: read, merged, left out, unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import h3

from locator.county import PROVENANCE_ZH, County
from locator.coverage.demand.cells import resolutions
from locator.coverage.demand.table import Demand

_FORMATS = {
    "headcount": ("人数表", "headcount sheet"),
    "cells": ("H3 格子表", "H3 cells"),
    "grid": ("网格", "grid of shapes"),
}
_MADE = {
    "month": ("月份", "month"),
    "lag_min": ("下单到休息（分钟）", "from order to rest (min)"),
    "days": ("天数", "days"),
    "days without data": ("没有数据的天数", "days without data"),
    "unknown": ("未知的部分", "unknown part"),
}


def demand_report(demand: Demand, county: County) -> dict[str, Any]:
    """The account of a county's demand: where from, how much, and what is not in it."""
    source = county.demand
    return {
        "county": county.slug,
        "file": source.file if source else None,
        "provenance": demand.provenance,
        "lag_min": source.lag_min if source else None,
        "resolutions": resolutions(demand.cells),
        "area_km2": round(sum(h3.cell_area(cell, unit="km^2") for cell in demand.cells), 1),
        **demand.report,
    }


def demand_text(report: Mapping[str, Any], lang: str = "zh") -> str:
    """`demand_report` as lines, in Chinese or English."""
    zh = lang == "zh"
    if report["file"] is None:
        return (
            "需求未知：county.toml 没有 [demand]。填一张人数表就有。"
            if zh
            else "Demand is unknown: county.toml names no [demand]. A headcount sheet will do."
        )
    if report["provenance"] is None:
        lines = [
            f"{report['file']}：人数全都不公开，需求未知"
            if zh
            else f"{report['file']}: every number is withheld; demand is unknown"
        ]
        return "\n".join([*lines, *_withheld(report, zh), *_left_out(report, zh)])
    name = _FORMATS[report["format"]][0 if zh else 1]
    whence = PROVENANCE_ZH[report["provenance"]] if zh else report["provenance"]
    hours = report["rider_hours"]
    cells = ", ".join(f"{n:,} × {level}" for level, n in report["resolutions"].items())
    if zh:
        lines = [
            f"{report['file']}：{name}，来源为{whence}，用了 {report['lines']:,} 行",
            f"骑手时：工作日 {hours['workday']:,.0f}，休息日 {hours['dayoff']:,.0f}（每天）",
            f"格子（个数 × H3 级别）：{cells}，共 {report['area_km2']:,} km²",
        ]
    else:
        lines = [
            f"{report['file']}: {name}, provenance {whence}, {report['lines']:,} lines used",
            f"Rider-hours a day: workday {hours['workday']:,.0f}, day off {hours['dayoff']:,.0f}",
            f"Cells (number × H3 resolution): {cells}, {report['area_km2']:,} km² in all",
        ]
    if report["provenance"] == "proxy":
        lines.append(
            "由餐馆和住宅推算，没有人数过；有人数、订单或网格就换掉"
            if zh
            else "Reckoned from restaurants and homes, never counted; replace it when you can."
        )
    made = report.get("made", {})
    lines += [f"{words[0 if zh else 1]}：{made[key]}" if zh else f"{words[1]}: {made[key]}"
              for key, words in _MADE.items() if key in made]  # fmt: skip
    return "\n".join([*lines, *_withheld(report, zh), *_left_out(report, zh)])


def _withheld(report: Mapping[str, Any], zh: bool) -> list[str]:
    if not report.get("withheld"):
        return []
    return [
        f"不公开的格子时段：{report['withheld']:,}（人太少；未知，不是没有，只是没有算进去）"
        if zh
        else f"Withheld cells and hours: {report['withheld']:,} (too few riders; unknown, not "
        "none, and not in the figures)"
    ]


def _left_out(report: Mapping[str, Any], zh: bool) -> list[str]:
    lines = []
    if report["outside"]:
        hours = report["outside_rider_hours"]
        lines.append(
            f"县外，没有算：{report['outside']:,} 处，{hours:,.0f} 骑手时"
            if zh
            else f"Outside the county, left out: {report['outside']:,}, {hours:,.0f} rider-hours"
        )
        lines += [
            f"  第 {one['row']} 行 {one['place']}" if zh else f"  line {one['row']} {one['place']}"
            for one in report["outside_places"]
        ]
    if report["faulty"]:
        lines.append(
            f"有误，没有算：{report['faulty']:,} 行"
            if zh
            else f"Faulty, not computed: {report['faulty']:,} lines"
        )
        lines += [
            f"  第 {one['row']} 行：{one['zh']}" if zh else f"  line {one['row']}: {one['en']}"
            for one in report["faults"]
        ]
    return lines


def traces_text(account: Mapping[str, Any], lang: str = "zh") -> str:
    """The account of a month of traces, for the county alone."""
    zh = lang == "zh"
    read, shown, joined = account["read"], account["published"], account["merged"]
    total = account["rider_hours"] or 1.0

    def part(hours: float) -> str:
        return f"{hours:,.0f} ({hours / total:.1%})"

    levels = ", ".join(f"{one['cells']:,} × {level}" for level, one in
                       shown["by_resolution"].items() if one["cells"])  # fmt: skip
    left = {
        "县外" if zh else "outside the county": read["outside"],
        "其他月份" if zh else "of other months": read["other_months"],
        "行程首尾" if zh else "ends of trips": read["trimmed"],
        "没有骑手编号" if zh else "without rider": read["no_rider"],
        "时间读不懂" if zh else "without time": read["no_time"],
        "坐标读不懂" if zh else "without place": read["no_place"],
        "离县很远" if zh else "far away": read["far"],
    }
    said = "，".join(f"{name} {count:,}" for name, count in left.items() if count)
    days, n = account["days"], account["days"]["workday"] + account["days"]["dayoff"]
    if zh:
        return "\n".join([
            f"{account['month']}：{days['workday']} 个工作日，{days['dayoff']} 个休息日，"
            f"{n - read['days_without_points']} 天有数据；下单到休息 {account['lag_min']} 分钟",
            f"读到 {read['points']:,} 个点，用了 {read['used']:,}；没用：{said or '无'}",
            f"{account['riders']:,} 名骑手，{total:,.0f} 骑手时（整月）",
            f"公开：{part(shown['rider_hours'])}，取整后 {shown['rounded']:,}；"
            f"格子（个数 × 级别）{levels or '无'}",
            f"其中并入上级格子：{part(joined['into_parents'])}；"
            f"并成六小时：{part(joined['into_quarter_days'])}",
            f"人太少，不公开（未知）：{part(account['unknown'])}；"
            f"空着的旧格子时段 {account['withheld']:,}",
            "以上是给县里自己看的，请勿公开；能公开的只有那个格子文件。",
        ])  # fmt: skip
    return "\n".join([
        f"{account['month']}: {days['workday']} workdays, {days['dayoff']} days off, "
        f"{n - read['days_without_points']} with points; {account['lag_min']} min from order to "
        "rest",
        f"{read['points']:,} points read, {read['used']:,} used; left out: {said or 'none'}",
        f"{account['riders']:,} riders, {total:,.0f} rider-hours in the month",
        f"published: {part(shown['rider_hours'])}, {shown['rounded']:,} rounded; "
        f"cells (number × resolution) {levels or 'none'}",
        f"of it merged into parents: {part(joined['into_parents'])}; into six hours: "
        f"{part(joined['into_quarter_days'])}",
        f"too few riders, unknown: {part(account['unknown'])}; withheld of earlier months: "
        f"{account['withheld']:,}",
        "This account is for the county alone; only the cells file is fit to be shown.",
    ])  # fmt: skip
