"""What would help most, as the hand-out tells it: a list beside the map, and a mark for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from locator.outputs.coverage_words import people
from locator.outputs.markup import Markup, tag

if TYPE_CHECKING:
    from locator.release.publish import Release

FILE = "public/actions.json"
#: Half the side of the piece of map that an action's entry leads to, in degrees.
_AROUND = 0.004


def actions_of(release: Release) -> list[dict[str, Any]]:
    """The actions that a release proposes, the best first; none in one that was made before."""
    return release.json(FILE)["actions"] if FILE in release.files else []


def actions_panel(release: Release) -> list[Markup]:
    """The list of actions, with what each costs; empty without any."""
    actions = actions_of(release)
    if not actions:
        return []
    rows = [_entry(action, number) for number, action in enumerate(actions, start=1)]
    said = release.json(FILE).get("assumptions_zh") or ""
    return [
        tag("h2", f"怎么补：多覆盖最多的 {len(actions)} 件"),
        tag("ol", *rows, class_="gaps actions"),
        *([tag("p", said, class_="quiet")] if said else []),
    ]


def action_card(action: Mapping[str, Any]) -> Markup:
    """What a click on an action's mark shows."""
    return tag(
        "div",
        tag("p", "建议", class_="quiet"),
        tag("h3", action["name_zh"]),
        tag("p", action["what_zh"]),
        tag("p", _amounts(action)),
        tag("p", action.get("robust_zh") or "", class_="quiet"),
    )


def _entry(action: Mapping[str, Any], number: int) -> Markup:
    lon, lat = action["lon"], action["lat"]
    south, west, north, east = (
        lat - _AROUND, lon - _AROUND, lat + _AROUND, lon + _AROUND,
    )  # fmt: skip
    return tag(
        "li",
        tag(
            "button",
            tag("span", number, class_="number action"),
            tag("strong", f"{action['name_zh']}：{action['what_zh']}"),
            tag("span", f"+{people(action['gain'])} 骑手时/周", class_="amount"),
            tag("span", _amounts(action), class_="quiet"),
            tag("span", action.get("robust_zh") or "", class_="quiet"),
            type="button",
            data_bounds=f"[[{south:.6f},{west:.6f}],[{north:.6f},{east:.6f}]]",
        ),
    )


def _amounts(action: Mapping[str, Any]) -> str:
    return f"每周多服务 {people(action['gain'])} 骑手时，约 {action['cost'] / 10_000:.3g} 万元/年"
