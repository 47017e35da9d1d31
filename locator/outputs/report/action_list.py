"""What would help most: the actions of a release, with gain, cost and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locator.outputs.coverage_words import people
from locator.outputs.report.charts import curve_chart
from locator.outputs.report.words import joined, money, say
from locator.outputs.words import one_line

#: So many actions are told.
MOST_ACTIONS = 5
#: A cheaper set is worth a sentence: less than so much of the money, more than so much of the gain.
MUCH_LESS = 0.7
NEARLY = 0.7


def action_list(actions: Mapping[str, Any] | None, lang: str) -> dict[str, Any]:
    """The actions in their order, and the curve of what any spend would gain.

    ``actions`` is the release's actions.json, None in a release that was made before there was one.
    """
    title = say(lang, "actions")
    if actions is None or not actions["actions"]:
        lead = say(lang, "actions_old" if actions is None else "actions_none")
        note = one_line((actions or {}).get(f"note_{lang}") or "")
        return {"title": title, "lead": lead, "items": [], "curve": "", "note": note}
    chosen = actions["actions"][:MOST_ACTIONS]
    points = actions["curve"]
    spend = [point["spend"] / 10_000 for point in points]
    gain = [point["gain"] for point in points]
    pairs = ", ".join(f"{x:.3g}: {people(y)}" for x, y in zip(spend, gain, strict=True))
    return {
        "title": title,
        "lead": joined(
            lang,
            say(lang, "actions_lead", count=len(chosen), gain=people(actions["gain"]),
                cost=money(lang, actions["cost"])),
            one_line(actions.get(f"note_{lang}") or ""),
            _cheaper(actions, lang),
        ),
        "items": [_action(each, number, lang) for number, each in enumerate(chosen, start=1)],
        "curve": curve_chart(spend, gain, (say(lang, "curve_x"), say(lang, "curve_y")))
        if points
        else "",
        "curve_alt": say(lang, "curve_alt", pairs=pairs),
        "note": joined(
            lang, say(lang, "gains_overlap"), one_line(actions.get(f"assumptions_{lang}") or "")
        ),
    }  # fmt: skip


def _cheaper(actions: Mapping[str, Any], lang: str) -> str:
    """The point of the curve that gains nearly as much for much less; "" where there is none."""
    points = [
        point
        for point in actions["curve"]
        if point["spend"] < MUCH_LESS * actions["cost"] and point["gain"] > NEARLY * actions["gain"]
    ]
    if not points:
        return ""
    best = max(points, key=lambda point: (point["gain"], -point["spend"]))
    return say(
        lang, "cheaper", cost=money(lang, best["spend"]), count=best["actions"],
        gain=people(best["gain"]),
    )  # fmt: skip


def _action(action: Mapping[str, Any], number: int, lang: str) -> dict[str, Any]:
    per = action["gain"] / action["cost"] * 10_000 if action["cost"] else None
    return {
        "number": number,
        "name": one_line(action[f"name_{lang}"]),
        "what": one_line(action[f"what_{lang}"]),
        "gain": say(lang, "gain", gain=people(action["gain"])),
        "cost": money(lang, action["cost"]),
        "per": say(lang, "per_cost", gain=people(per)) if per is not None else "",
        "robust": one_line(action.get(f"robust_{lang}") or ""),
    }
