"""The hand-out's clock: which hour and service its map shows, and the figures to draw them from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locator.coverage.week import DAY_WORDS, WEEK
from locator.outputs.coverage_words import DAYS
from locator.outputs.markup import Markup, tag
from locator.outputs.planner_panel import nice_breaks, step
from locator.outputs.words import one_line, word

ANY_STOP = "any_stop"
#: Fewer riders in a cell and hour have the lightest colour, and no step of their own.
LEAST_RIDERS = 0.1
#: Shares of riders without a stop, in the clock: the upper end of each step of the ramp.
CLOCK_STEPS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)


def slot_figures(
    manifest: Mapping[str, Any], coverage: Mapping[str, Any], cells: Mapping[str, Any]
) -> dict[str, Any]:
    """What the hand-out's script draws any hour from.

    ``riders`` is cells × 48 slots; of each service ``covered`` is a string of 48 bits a cell,
    ``need`` the riders in need for each one present, by slot, and ``hour`` and ``day`` are the
    upper ends of the colour steps for one hour and for a week (`nice_breaks`); ``week`` is how
    often each slot comes in one.
    """
    riders = np.array([cell["riders"] for cell in cells["cells"]], dtype=float).reshape(-1, 48)
    totals = _totals(coverage)
    present = np.array(totals.get(ANY_STOP, [0.0] * 48))
    found = []
    for code in cells["services"]:
        need = np.divide(
            totals.get(code, present), present, out=np.zeros(48), where=present > 0
        ).round(6)
        bits = [cell["covered"][code] for cell in cells["cells"]]
        missing = riders * need * (1 - _matrix(bits))
        name = "任一站点" if code == ANY_STOP else word(manifest, "services", code).zh
        found.append(
            {
                "code": code,
                "name": one_line(name),
                "need": need.tolist(),
                "covered": bits,
                "hour": nice_breaks(missing[missing >= LEAST_RIDERS].tolist()),
                "day": nice_breaks((missing @ WEEK).tolist()),
            }
        )
    return {
        "riders": riders.tolist(),
        "week": WEEK.tolist(),
        "services": found,
        "reach": f"{coverage['reach_min']:g}",
        "steps": list(CLOCK_STEPS),
    }


def figures_element(figures: Mapping[str, Any]) -> Markup:
    """The figures as a data element that nothing in them can close."""
    text = json.dumps(figures, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(f'<script type="application/json" id="slot-figures">{text}</script>')


def clock_panel(coverage: Mapping[str, Any], figures: Mapping[str, Any]) -> Markup:
    """The clock as two rows of buttons, the choice of a service, and what the map shows."""
    rows = {
        (row["day"], row["hour"]): row for row in coverage["clock"] if row["service"] == ANY_STOP
    }
    worst = max(rows.values(), key=lambda row: row["total"] - row["covered"], default=None)
    days = []
    for at, day in enumerate(DAYS):
        buttons = []
        for hour in range(24):
            row = rows[day, hour]
            missing = row["total"] - row["covered"]
            share = missing / row["total"] if row["total"] else 0.0
            mark = " worst" if row is worst and missing > 0 else ""
            said = f"{DAY_WORDS[day]['zh']} {hour}:00，{missing:,.0f} 人没有站可去，占 {share:.0%}"
            buttons.append(
                tag(
                    "button",
                    type="button",
                    class_=f"s{step(share, CLOCK_STEPS[1:])}{mark}",
                    data_slot=24 * at + hour,
                    title=said,
                    aria_label=said,
                    aria_pressed="false",
                )
            )
        days.append(tag("div", tag("b", DAY_WORDS[day]["zh"]), *buttons, class_="day"))
    ticks = [tag("span", hour if hour % 6 == 0 else "") for hour in range(24)]
    days.append(tag("div", tag("b"), *ticks, class_="day hours"))
    options = [tag("option", each["name"], value=each["code"]) for each in figures["services"]]
    chooser = tag(
        "p",
        tag("label", "看哪项服务 ", tag("select", *options, id="slot-service")),
        tag("button", "看一整天", type="button", id="slot-all", class_="plain"),
        class_="choose",
    )
    note = (
        "点一个钟点，地图就画那一小时。颜色越深，没有站可去的骑手占比越高；黑框是人最多的一小时。"
    )
    return tag(
        "div",
        chooser,
        *days,
        tag("p", id="slot-said", role="status", class_="slot"),
        tag("p", note, class_="quiet clock-how"),
    )


def _totals(coverage: Mapping[str, Any]) -> dict[str, list[float]]:
    totals: dict[str, list[float]] = {}
    for row in coverage["clock"]:
        at = 24 * DAYS.index(row["day"]) + row["hour"]
        totals.setdefault(row["service"], [0.0] * 48)[at] = row["total"]
    return totals


def _matrix(bits: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[float(bit) for bit in each] for each in bits]).reshape(-1, 48)
