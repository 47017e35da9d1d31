"""The column beside the planner's hand-out map: the finding, the clock, the legend, the gaps."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from shapely.geometry import shape

from locator.county import ENTRY_ZH, STATUS_ZH
from locator.outputs.coverage_words import slots_text
from locator.outputs.lineage import plan_notices, provenance_of
from locator.outputs.markup import Markup, join, safe, tag
from locator.outputs.words import word
from locator.stations.hours import week_text

#: The part of the stations from which on unknown hours are said beside the finding.
MANY_UNKNOWN = 1 / 3
#: What a reader is told of a station that is not the county's own.
SOURCES_ZH = {"osm": "开放街图，不是县里设的驿站，未经核实", "illustrative": "示意，现场没有驿站"}


def column(
    manifest: Mapping[str, Any],
    coverage: Mapping[str, Any],
    stations: Sequence[Mapping[str, Any]],
    breaks: Sequence[float],
    clock: Markup,
    actions: Sequence[Markup],
) -> Markup:
    """The whole column; ``breaks`` are the upper ends of the steps in which cells are drawn.

    ``clock`` and ``actions`` are set in their places. Where the demand is unknown (the clock is
    empty) neither clock nor gaps are spoken of.
    """
    county = manifest["county"]
    known = bool(coverage["clock"])
    return tag(
        "aside",
        tag("p", f"{county['name_zh']} · 覆盖与缺口", class_="quiet"),
        tag("h1", Markup(safe(coverage["headline_zh"]).replace(" %", "&nbsp;%"))),
        _banner(manifest, coverage),
        *_unknown_hours(coverage, len(stations)),
        *([tag("h2", "一天里，哪个钟点缺"), clock] if known else []),
        tag("h2", "图例"),
        *([_ramp(breaks)] if known else []),
        _marks(manifest, stations, gaps=bool(coverage["gaps"]), actions=bool(actions)),
        *(
            [
                tag("h2", f"缺口 {len(coverage['gaps'])} 处，从大到小"),
                _gaps(coverage, {row["id"]: row["name"] for row in stations}),
            ]
            if known
            else []
        ),
        *actions,
        _imprint(manifest),
        class_="column",
    )


def pin(manifest: Mapping[str, Any], kind: str, status: str = "open", name: str = "") -> Markup:
    """A station's mark: its kind's icon on a disc in its kind's hue; ``name`` is read aloud."""
    said = word(manifest, "kinds", kind)
    drawn = Markup(f'<svg viewBox="0 0 24 24" aria-hidden="true">{said.icon}</svg>')
    css = "pin" if status == "open" else "pin not-open"
    return tag("span", drawn, tag("b", name), class_=css, style=f"background:{said.colour}")


def station_card(manifest: Mapping[str, Any], station: Mapping[str, Any]) -> Markup:
    """What a click on a station shows, in the order in which a rider would ask."""
    kind = word(manifest, "kinds", station["kind"])
    hours = (
        [f"{days} {times}" for days, times in week_text(station["hours"])]
        if _said(station["hours"])
        else ["时间不详"]
    )
    services = [word(manifest, "services", code).zh for code in station["services"]]
    facts = {
        "开放": join([tag("div", line) for line in hours]),
        "服务": "、".join(services),
        "进门": ENTRY_ZH.get(station["entry"], station["entry"]),
        "地址": station["address"],
        "核实": station["verified_on"],
        "来源": SOURCES_ZH.get(provenance_of(station)),
        "编号": station["id"],
    }
    status = station["status"]
    return tag(
        "div",
        tag("p", kind.zh, class_="quiet"),
        tag("h3", station["name"]),
        *([] if status == "open" else [tag("p", STATUS_ZH.get(status, status))]),
        _facts(facts),
    )


def gap_card(gap: Mapping[str, Any], names: Mapping[str, str]) -> Markup:
    """What a click on a gap shows."""
    return tag(
        "div",
        tag("p", "缺口", class_="quiet"),
        tag("h3", gap["name"]),
        _facts(
            {
                "少了": f"每周 {gap['rider_hours']:,.0f} 骑手时",
                "时段": slots_text("zh", gap["hours"]),
                "最近": _nearest(gap, names),
            }
        ),
    )


def step(value: float, breaks: Sequence[float]) -> int:
    """The step of the ramp for ``value``: 0 for none, then 1, 2 … by the upper ends ``breaks``."""
    return 0 if value <= 0 else 1 + sum(value > end for end in breaks[:-1])


def nice_breaks(values: Sequence[float], steps: int = 5) -> list[float]:
    """Upper ends of ``steps`` classes with as many values each, at round numbers.

    Fewer classes come back where values are few or alike; the last end is no less than them all.
    """
    ranked = sorted(value for value in values if value > 0)
    if not ranked:
        return []
    ends: list[float] = []
    for share in range(1, steps + 1):
        value = ranked[math.ceil(share * len(ranked) / steps) - 1]
        unit = 10.0 ** (math.floor(math.log10(value)) - 1)
        end = round(math.ceil(value / unit - 1e-9) * unit, 6)
        if not ends or end > ends[-1]:
            ends.append(end)
    return ends


def _said(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _facts(facts: Mapping[str, Any]) -> Markup:
    said = [(name, value) for name, value in facts.items() if _said(value)]
    return tag(
        "dl", *(part for name, value in said for part in (tag("dt", name), tag("dd", value)))
    )


def _banner(manifest: Mapping[str, Any], coverage: Mapping[str, Any]) -> Markup:
    notices = plan_notices(manifest, "zh")
    if not notices:
        return tag("p", coverage["provenance_zh"], class_="quiet")
    return join(
        [
            tag("p", tag("strong", heading), what, class_="notice", role="note")
            for heading, what in notices
        ]
    )


def _unknown_hours(coverage: Mapping[str, Any], stations: int) -> list[Markup]:
    """Stations whose hours nobody knows cover nobody: said where they are many."""
    unknown = len(coverage["unknown_hours"])
    if not unknown or unknown < stations * MANY_UNKNOWN:
        return []
    text = (
        f"{stations} 处站点里有 {unknown} 处没写开放时间，一处也没算进来：先把时间问清，再看缺口。"
    )
    return [tag("p", text, class_="quiet")]


def _ramp(breaks: Sequence[float]) -> Markup:
    if not breaks:
        return tag("p", "没有缺站的格子。", class_="quiet")
    first = 6 - len(breaks)
    parts = [
        tag("span", tag("i", class_=f"s{first + index}"), f"≤ {end:,g}")
        for index, end in enumerate(breaks)
    ]
    note = "没有着色，是有站可去，或没有骑手。"
    return join(
        [
            tag("div", *parts, class_="ramp", id="slot-ramp"),
            tag(
                "p",
                tag("span", "每个六边形里每周没有站可去的骑手时。", id="slot-unit"),
                note,
                class_="quiet",
            ),
        ]
    )


def _marks(
    manifest: Mapping[str, Any],
    stations: Sequence[Mapping[str, Any]],
    *,
    gaps: bool,
    actions: bool,
) -> Markup:
    """What each mark on the map stands for."""
    counted = Counter(row["kind"] for row in stations)
    rows = [
        tag("li", pin(manifest, kind), f"{word(manifest, 'kinds', kind).zh} {count}")
        for kind, count in counted.most_common()
    ]
    if idle := [row for row in stations if row["status"] != "open"]:
        said = "、".join(dict.fromkeys(STATUS_ZH.get(row["status"], "") for row in idle))
        rows.append(tag("li", pin(manifest, idle[0]["kind"], idle[0]["status"]), said))
    if gaps:
        rows.append(tag("li", tag("span", "1", class_="number"), "缺口，编号同列表"))
    if actions:
        rows.append(tag("li", tag("span", "1", class_="number action"), "建议，编号同列表"))
    return tag("ul", *rows, class_="kinds")


def _gaps(coverage: Mapping[str, Any], names: Mapping[str, str]) -> Markup:
    rows = []
    for number, gap in enumerate(coverage["gaps"], start=1):
        west, south, east, north = shape(gap["geometry"]).bounds
        rows.append(
            tag(
                "li",
                tag(
                    "button",
                    tag("span", number, class_="number"),
                    tag("strong", gap["name"]),
                    tag("span", f"{gap['rider_hours']:,.0f} 骑手时/周", class_="amount"),
                    tag("span", slots_text("zh", gap["hours"]), class_="quiet"),
                    tag("span", _nearest(gap, names), class_="quiet"),
                    type="button",
                    data_bounds=f"[[{south:.6f},{west:.6f}],[{north:.6f},{east:.6f}]]",
                ),
            )
        )
    return tag("ol", *rows, class_="gaps")


def _nearest(gap: Mapping[str, Any], names: Mapping[str, str]) -> str:
    station, minutes = gap["nearest_station"], gap["nearest_minutes"]
    if station is None or minutes is None:
        return "骑行能到的地方没有站"
    return f"最近的站：{names.get(station, station)}，约 {max(1, math.ceil(minutes))} 分钟"


def _imprint(manifest: Mapping[str, Any]) -> Markup:
    parts = [
        f"资料日期 {manifest['as_of']}",
        manifest["attribution"],
        f"审图号：{manifest['approval_number']}" if manifest["approval_number"] else "",
        f"版本 {manifest['release']}",
        "一张图",
    ]
    return tag("p", *(tag("span", part) for part in parts if part), class_="quiet imprint")
