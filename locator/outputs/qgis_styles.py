"""The layers' styles for QGIS (QML): the colours of the page, labels in Chinese.

A style is a handful of symbols and rules; the XML around them is what QGIS 3 writes itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from locator.outputs.export_layers import ANY_STOP, gaps_of, service_word
from locator.outputs.palette import mix, tokens
from locator.outputs.words import one_line, word
from locator.release.publish import Release
from locator.stations.table import COLUMNS

_FONT = "Noto Sans SC"
#: Uncovered rider-hours a week of a cell, from which each shade begins.
_SHADES = (0.1, 3, 10, 30, 100, 300)
#: Where labels stand: round a point, across an area, along a line (from 1 : 15,000).
_AROUND = '<placement placement="6"/>'
_ACROSS = '<placement placement="4"/>'
_ALONG = (
    '<placement placement="3"/>'
    '<rendering scaleVisibility="1" scaleMin="0" scaleMax="15000" mergeLines="1"/>'
)
_DAYS = {"workday": "工作日", "dayoff": "休息日", "week": "一周"}
_TOWNSHIPS = {
    "name": "乡镇", "cells": "格数", "rider_hours": "骑手时/周", "stops": "站",
    "open_at_night": "夜里开的站", "unknown_hours": "时间不详的站",
    **{f"covered_{day}": f"有站可去，{zh}" for day, zh in _DAYS.items()},
    **{f"backup_{day}": f"两处以上可选，{zh}" for day, zh in _DAYS.items()},
    **{f"within_{reach}_{day}": f"{reach} 分钟内有开着的站，{zh}"
       for reach in (5, 10, 15) for day, zh in _DAYS.items()},
    **{f"minutes_{day}_{part}": f"到最近的开着的站，{said}几分钟内，{zh}"
       for part, said in (("p50", "一半"), ("p90", "九成")) for day, zh in _DAYS.items()},
    "worst_hour_day": "最缺的一小时：日子", "worst_hour_hour": "最缺的一小时：钟点",
    "worst_hour_uncovered": "最缺的一小时：无站可去的骑手",
    "worst_hour_share": "最缺的一小时：占比",
}  # fmt: skip
_COLUMNS = {
    "townships": _TOWNSHIPS,
    "stations": {**{one.name: one.zh for one in COLUMNS}, "kind_zh": "类型"},
    "gaps": {
        "service_zh": "服务", "rank": "名次", "name": "名称", "rider_hours": "骑手时/周",
        "when_zh": "时段", "riders": "各时段人数", "open_station": "当时最近的开着的站",
        "open_minutes": "到那里的分钟", "cause_zh": "原因", "services_never": "从来没有的服务",
        "township": "乡镇", "street": "街道", "nearest_name": "最近的站",
        "nearest_minutes": "到最近的站的分钟", "reach_min": "时限（分钟）",
    },
    "cells": {
        "nearest_min": "到最近的站的分钟", "riders": "骑手时/周",
        "uncovered": "无站可去的骑手时/周",
    },
    "actions": {"name_zh": "地点", "what_zh": "做什么", "gain": "每周多覆盖的骑手时",
                "cost": "每年花费（元）"},
    "streets": {"name": "名称", "class": "等级"},
}  # fmt: skip
_ROADS = ("motorway", "major", "secondary")


class _Rule(NamedTuple):
    """What is drawn, where the expression holds, and how the legend calls it."""

    where: str
    label: str
    symbol: str
    shown: bool = True


def style(layer: str, release: Release) -> str:
    """The QML of a layer of `export_layers`, with its legend in Chinese."""
    worst = f'"service" = \'{ANY_STOP}\' AND "rank" <= 10'
    labels = {
        "gaps": _labels("name", 9, "gap-many", _ACROSS, worst),
        "townships": _labels("name", 10, "ink", _AROUND),
        "actions": _labels("what_zh", 9, "ember", _AROUND),
        "stations": _labels("name", 8, "ink", _AROUND),
        "streets": _labels("name", 7, "muted", _ALONG),
    }
    label = labels.get(layer, "")
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.22.0" styleCategories="Symbology|Labeling|Fields"'
        f' labelsEnabled="{int(bool(label))}">{_renderer(_rules(layer, release))}{label}'
        f"{_aliases(layer)}</qgis>"
    )


def _rules(layer: str, release: Release) -> list[_Rule]:
    if layer == "streets":
        return _streets()
    if layer == "cells":
        return _cells()
    if layer == "gaps":
        return _gaps(release)
    if layer == "stations":
        return _stations(release)
    if layer == "actions":
        return [_Rule("", "建议措施", _marker("star", "ember", 5.0))]
    return [_Rule("", "乡镇", _marker("circle", "ink", 1.6))]


def _streets() -> list[_Rule]:
    major = ", ".join(f"'{name}'" for name in _ROADS)
    return [
        _Rule(f'"class" IN ({major})', "主要道路", _line("map-major-edge", 0.9)),
        _Rule("ELSE", "其他街道", _line("map-path", 0.3)),
    ]


def _cells() -> list[_Rule]:
    """Riders who go without, in one hue; cells where all are served are left as they are."""
    few, many = tokens()["gap-few"], tokens()["gap-many"]
    rules = []
    for at, least in enumerate(_SHADES):
        colour = mix(few, many, at / (len(_SHADES) - 1))
        most = _SHADES[at + 1] if at + 1 < len(_SHADES) else None
        where = f'"uncovered" >= {least:g}' + (f' AND "uncovered" < {most:g}' if most else "")
        until = f"{least:g} – {most:g}" if most else f"≥ {least:g}"
        rules.append(_Rule(where, f"无站可去 {until} 骑手时/周", _fill(colour, 0.75, colour, 0.1)))
    served = _fill("#ffffff", 0.0, tokens()["line-strong"], 0.1)
    return [*rules, _Rule("ELSE", "都有站可去", served)]


def _gaps(release: Release) -> list[_Rule]:
    """One rule a service; those of any stop are switched on."""
    dark = tokens()["gap-many"]
    return [
        _Rule(
            f"\"service\" = '{service}'",
            f"缺口：{service_word(release, service)}",
            _fill(dark, 0.08, dark, 0.6),
            service == ANY_STOP,
        )
        for service in gaps_of(release)
    ]


def _stations(release: Release) -> list[_Rule]:
    """A shape and a hue for each kind; what is not in service is grey."""
    shapes = {
        "warm_station": "pentagon",
        "union_post": "square",
        "canteen": "circle",
        "friendly_estate": "diamond",
    }
    rules = [_Rule("\"status\" <> 'open'", "不在用", _marker("cross2", "closed", 2.6))]
    for code in sorted(release.manifest["kinds"]):
        said = word(release.manifest, "kinds", code)
        symbol = _marker(shapes.get(code, "triangle"), said.colour, 3.4)
        where = f"\"status\" = 'open' AND \"kind\" = '{code}'"
        rules.append(_Rule(where, one_line(said.zh), symbol))
    return rules


def _renderer(rules: Sequence[_Rule]) -> str:
    said = "".join(
        f'<rule key="r{at}" symbol="{at}" label={quoteattr(rule.label)}'
        + (f" filter={quoteattr(rule.where)}" if rule.where else "")
        + ("" if rule.shown else ' checkstate="0"')
        + "/>"
        for at, rule in enumerate(rules)
    )
    symbols = "".join(rule.symbol.format(name=at) for at, rule in enumerate(rules))
    return (
        '<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0">'
        f'<rules key="root">{said}</rules><symbols>{symbols}</symbols></renderer-v2>'
    )


def _marker(shape: str, colour: str, size_mm: float) -> str:
    return _symbol(
        "marker", "SimpleMarker",
        name=shape, color=_rgba(colour), outline_color=_rgba("surface"), outline_width="0.4",
        size=f"{size_mm:g}", size_unit="MM",
    )  # fmt: skip


def _line(colour: str, width_mm: float) -> str:
    return _symbol(
        "line", "SimpleLine",
        line_color=_rgba(colour), line_width=f"{width_mm:g}", line_width_unit="MM",
        capstyle="round", joinstyle="round",
    )  # fmt: skip


def _fill(colour: str, alpha: float, edge: str, width_mm: float) -> str:
    return _symbol(
        "fill", "SimpleFill",
        color=_rgba(colour, alpha), outline_color=_rgba(edge), outline_width=f"{width_mm:g}",
        outline_width_unit="MM", style="solid",
    )  # fmt: skip


def _symbol(type_: str, class_: str, **options: str) -> str:
    """A symbol whose name is still open (``{name}``)."""
    said = "".join(
        f'<Option type="QString" name="{key}" value={quoteattr(value)}/>'
        for key, value in options.items()
    )
    return (
        f'<symbol type="{type_}" name="{{name}}" alpha="1"><layer class="{class_}" enabled="1"'
        f' pass="0" locked="0"><Option type="Map">{said}</Option></layer></symbol>'
    )


def _aliases(layer: str) -> str:
    """What the columns are called in Chinese, where QGIS shows a row."""
    named = "".join(
        f'<alias field="{column}" name={quoteattr(zh)}/>'
        for column, zh in _COLUMNS.get(layer, {}).items()
    )
    return f"<aliases>{named}</aliases>" if named else ""


def _labels(column: str, size_pt: int, colour: str, placement: str, where: str = "") -> str:
    """Labels of a column with a paper-coloured edge, where the expression holds."""
    field = f'CASE WHEN {where} THEN "{column}" END' if where else column
    return (
        '<labeling type="simple"><settings calloutType="simple"><text-style'
        f' fieldName={quoteattr(field)} isExpression="{int(bool(where))}" fontFamily="{_FONT}"'
        f' fontSize="{size_pt}" fontSizeUnit="Point" textColor="{_rgba(colour)}">'
        f'<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM"'
        f' bufferColor="{_rgba("paper")}"/></text-style>{placement}</settings></labeling>'
    )


def _rgba(colour: str, alpha: float = 1.0) -> str:
    """A colour (``#rrggbb``, or the name of one of the page's) as QGIS writes it."""
    value = colour if colour.startswith("#") else tokens()[colour]
    parts = [int(value[at : at + 2], 16) for at in (1, 3, 5)]
    return ",".join(map(str, [*parts, round(alpha * 255)]))
