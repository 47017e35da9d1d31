"""The recommended actions of a release as the planner's page prints them, with the curve of gain
against spend.

Pure: ``actions.json`` goes in (None in releases made before there was one), words and places on a
drawing come out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locator.outputs.coverage_words import people
from locator.outputs.words import one_line
from locator.server.planner_words import say

#: The drawing's plot, in its own units: left, right, top, bottom.
_PLOT = (44.0, 352.0, 12.0, 118.0)


def actions_view(actions: Mapping[str, Any] | None, lang: str) -> dict[str, Any]:
    """Title, actions, curve and assumptions in ``lang`` ("zh" or "en")."""
    if actions is None:
        return {"title": say(lang, "actions_none"), "note": say(lang, "actions_missing")}
    found = [_action(each, lang) for each in actions["actions"]]
    if not found:
        title = say(lang, "actions_none")
    elif len(found) == 1:
        title = say(lang, "actions_one")
    else:
        title = say(lang, "actions_title", count=len(found))
    return {
        "title": title,
        "note": _together(actions, lang) if len(found) > 1 else "",
        "actions": found,
        "curve": _curve(actions.get("curve") or [], bool(actions.get("concave")), lang),
        "assumptions": one_line(str(actions.get(f"assumptions_{lang}") or "")),
    }


def _together(actions: Mapping[str, Any], lang: str) -> str:
    """What all of them bring together: the gains of single actions do not add up."""
    gain, cost = actions.get("gain"), actions.get("cost")
    if gain is None or cost is None:
        return ""
    return say(lang, "actions_together", count=people(gain), yuan=f"{cost:,.0f}")


def _action(action: Mapping[str, Any], lang: str) -> dict[str, Any]:
    cost = action.get("cost")
    return {
        "id": action["id"],
        "name": one_line(str(action[f"name_{lang}"])),
        "what": one_line(str(action[f"what_{lang}"])),
        "gain": say(lang, "action_gain", count=people(action["gain"])),
        "cost": "" if cost is None else say(lang, "action_cost", yuan=f"{cost:,.0f}"),
        "robust": one_line(str(action.get(f"robust_{lang}") or "")),
        "scenario": action["scenario"],
    }


def _curve(points: list[Mapping[str, Any]], concave: bool, lang: str) -> dict[str, Any] | None:
    """The curve as a path, or None where there is nothing to draw a line between.

    Its title is the finding; only where the curve is ``concave`` does each yuan bring less.
    """
    spends = [(float(point["spend"]), float(point["gain"])) for point in points]
    spends = sorted({(0.0, 0.0), *spends})
    most_spend, most_gain = spends[-1][0], max(gain for _, gain in spends)
    if len(spends) < 3 or most_spend <= 0 or most_gain <= 0:
        return None
    left, right, top, bottom = _PLOT
    step = _round_step(most_gain)
    ceiling = step * -(-most_gain // step)
    places = [
        (
            round(left + (right - left) * spend / most_spend, 1),
            round(bottom - (bottom - top) * gain / ceiling, 1),
        )
        for spend, gain in spends
    ]
    lines = [step * count for count in range(int(ceiling / step) + 1)]
    yuan = say(lang, "curve_spend")
    return {
        "title": say(lang, "curve_title" if concave else "curve_title_plain"),
        "text": say(lang, "curve_what", spend=f"{most_spend:,.0f}", gain=people(spends[-1][1])),
        "path": "M" + "L".join(f"{x} {y}" for x, y in places),
        "dots": [{"x": x, "y": y} for x, y in places[1:]],
        "grid": [
            {"y": round(bottom - (bottom - top) * value / ceiling, 1), "text": f"{value:,.0f}"}
            for value in lines
        ],
        "ticks": [
            {"x": left, "text": "0", "anchor": "start"},
            {"x": right, "text": f"{most_spend:,.0f} {yuan}", "anchor": "end"},
        ],
    }


def _round_step(most: float) -> float:
    """A round distance (1, 2 or 5 times a power of ten) for at most four lines below ``most``."""
    size = 1.0
    while size * 10 <= most / 4:
        size *= 10
    while size / 10 >= most / 4:
        size /= 10
    return next(size * factor for factor in (1, 2, 5, 10) if size * factor >= most / 4)
