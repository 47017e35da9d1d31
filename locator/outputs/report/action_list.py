"""What would help most: the actions of a release, with gain, cost and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from locator.outputs.coverage_words import people
from locator.outputs.report.charts import curve_chart
from locator.outputs.report.words import money, say
from locator.outputs.words import one_line

#: So many actions are told.
MOST_ACTIONS = 5


def action_list(actions: Mapping[str, Any] | None, lang: str) -> dict[str, Any]:
    """The actions in their order, with running totals as a curve.

    ``actions`` is the release's actions.json, None in a release that was made before there was one.
    """
    title = say(lang, "actions")
    if actions is None or not actions["actions"]:
        lead = say(lang, "actions_old" if actions is None else "actions_none")
        return {"title": title, "lead": lead, "items": [], "curve": "", "note": ""}
    chosen = actions["actions"][:MOST_ACTIONS]
    spend = np.cumsum([each["cost"] for each in chosen])
    gain = np.cumsum([each["gain"] for each in chosen])
    pairs = ", ".join(f"{x / 10_000:.3g}: {people(y)}" for x, y in zip(spend, gain, strict=True))
    return {
        "title": title,
        "lead": say(lang, "actions_lead", count=len(chosen), gain=people(float(gain[-1])),
                    cost=money(lang, float(spend[-1]))),
        "items": [_action(each, number, lang) for number, each in enumerate(chosen, start=1)],
        "curve": curve_chart(
            (spend / 10_000).tolist(), gain.tolist(), (say(lang, "curve_x"), say(lang, "curve_y"))
        ),
        "curve_alt": say(lang, "curve_alt", pairs=pairs),
        "note": one_line(actions.get(f"assumptions_{lang}") or ""),
    }  # fmt: skip


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
