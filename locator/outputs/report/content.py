"""What the monthly report says: figures, sentences and pictures, for page and paper alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from locator.outputs.coverage_words import (
    DAY_WORDS,
    DAYS,
    listed,
    people,
    percent,
    slots_text,
    tied,
)
from locator.outputs.lineage import plan_notices
from locator.outputs.maplabels import Mark
from locator.outputs.palette import tokens
from locator.outputs.paper import Layers, index_layers
from locator.outputs.report.charts import clock_chart, curve_chart
from locator.outputs.report.gap_maps import gap_map
from locator.outputs.report.words import MONTHS_EN, money, say
from locator.outputs.signs.fonts import font_folder, missing_glyphs
from locator.outputs.words import one_line, word

if TYPE_CHECKING:
    from locator.release.publish import Release

ANY_STOP = "any_stop"
#: Gaps shown with a map, and actions told.
MOST_GAPS = 10
MOST_ACTIONS = 5
_NIGHT = (22, 23, 0, 1, 2, 3, 4, 5)
_CHANGES = ("closed", "new", "grown", "shrunk")


def report_content(release: Release, before: Release | None, lang: str) -> dict[str, Any]:
    """Everything that the report of ``release`` shows, as strings, numbers and SVG.

    ``before`` is the release it is compared with; ``lang`` is "zh" or "en". What a release of an
    older program does not hold is said to be missing.
    """
    coverage, manifest = release.json("public/coverage.json"), release.manifest
    as_of = date.fromisoformat(manifest["as_of"])
    month = say(
        lang, "month", year=as_of.year, month=as_of.month, month_en=MONTHS_EN[as_of.month - 1]
    )
    county = manifest["county"][f"name_{lang}"]
    actions = release.json("public/actions.json") if _has(release, "public/actions.json") else None
    imprint = [
        say(lang, "imprint", as_of=manifest["as_of"], release=release.hash),
        manifest["attribution"],
        say(lang, "approval", number=manifest["approval_number"])
        if manifest["approval_number"]
        else "",
        "一张图",
    ]
    return {
        "lang": lang,
        "title": say(lang, "title", county=county),
        "month": month,
        "notices": [list(notice) for notice in plan_notices(manifest, lang)],  # type: ignore[arg-type]
        "illustrative": bool(manifest["illustrative"]),
        "headline": _headline(coverage, lang),
        "rule": say(lang, "rule", reach=_reach(coverage)),
        "figures": _figures(release, coverage, lang),
        "clock": _clock(manifest, coverage, lang),
        "changes": _changes(release, before, coverage, lang),
        "actions": _actions(actions, lang),
        "gaps": _gaps(release, coverage, actions, lang),
        "townships": _townships(coverage, lang),
        "limits_title": say(lang, "limits"),
        "limits": _limits(manifest, coverage, actions, lang),
        "imprint": [part for part in imprint if part],
    }


def _has(release: Release, name: str) -> bool:
    return name in release.files


def _reach(coverage: Mapping[str, Any]) -> str:
    return f"{coverage['reach_min']:g}"


def _headline(coverage: Mapping[str, Any], lang: str) -> str:
    text = str(coverage[f"headline_{lang}"])
    return tied(text.rstrip("。")) if lang == "zh" else text.rstrip(".")


# --- figures -------------------------------------------------------------------------------------


def _shares(coverage: Mapping[str, Any], day: str | None, hours: Sequence[int]) -> int:
    rows = [
        row
        for row in coverage["clock"]
        if row["service"] == ANY_STOP and day in (None, row["day"]) and row["hour"] in hours
    ]
    return percent(sum(row["covered"] for row in rows), sum(row["total"] for row in rows))


def _figures(release: Release, coverage: Mapping[str, Any], lang: str) -> list[dict[str, str]]:
    """The few numbers that a reader carries away."""
    found = []
    if coverage["clock"]:
        for key, day, hours in (
            ("share_workday", "workday", range(24)),
            ("share_dayoff", "dayoff", range(24)),
            ("share_night", None, _NIGHT),
        ):
            share = _shares(coverage, day, tuple(hours))
            found.append({"value": f"{share} %", "label": say(lang, key)})
    return found


def _clock(manifest: Mapping[str, Any], coverage: Mapping[str, Any], lang: str) -> dict[str, Any]:
    rows = coverage["clock"]
    if not rows:
        return {}
    services = list(dict.fromkeys(row["service"] for row in rows))
    shares: NDArray[np.float64] = np.full((len(DAYS), len(services), 24), np.nan)
    for row in rows:
        if row["total"] > 0:
            at = DAYS.index(row["day"]), services.index(row["service"]), row["hour"]
            shares[at] = row["covered"] / row["total"]
    names = [_service(manifest, code, lang) for code in services]
    days = [DAY_WORDS[day][lang] for day in DAYS]
    bad = [
        f"{day} {hour}"
        for at, day in enumerate(DAYS)
        for hour in np.flatnonzero(shares[at, 0] < 0.5)
    ]
    title = say(lang, "clock_some", slots=slots_text(lang, bad)) if bad else say(lang, "clock_none")
    return {
        "kicker": say(lang, "clock"),
        "title": title,
        "note": f"{say(lang, 'clock_note', reach=_reach(coverage))}{_gap_of(lang)}"
        f"{say(lang, 'need_assumed')}",
        "svg": clock_chart(days, names, shares),
        "hour": say(lang, "hour"),
        "tables": [
            {
                "caption": f"{day} · {say(lang, 'share_of_riders')}",
                "rows": [
                    [name, *("–" if math.isnan(s) else f"{s * 100:.0f}" for s in shares[at, row])]
                    for row, name in enumerate(names)
                ],
            }
            for at, day in enumerate(days)
        ],
    }


def _service(manifest: Mapping[str, Any], code: str, lang: str) -> str:
    if code == ANY_STOP:
        return "任一站点" if lang == "zh" else "Any stop"
    said = word(manifest, "services", code)
    return said.zh if lang == "zh" else said.en


def _gap_of(lang: str) -> str:
    return "" if lang == "zh" else " "


# --- what changed --------------------------------------------------------------------------------


def _changes(
    release: Release, before: Release | None, coverage: Mapping[str, Any], lang: str
) -> dict[str, Any]:
    title = say(lang, "changes")
    if before is None:
        return {"title": title, "lead": say(lang, "changes_first"), "items": [], "gaps": []}
    then = before.json("public/coverage.json")
    items = []
    for day in DAYS:
        was, now = (_shares(each, day, range(24)) for each in (then, coverage))
        if coverage["clock"] and then["clock"] and was != now:
            name = DAY_WORDS[day][lang]
            items.append(
                say(lang, "changes_share", day=name if lang == "zh" else name.lower(),
                    before=was, now=now)
            )  # fmt: skip
    ids = [set(each.stations()["id"]) for each in (before, release)]
    if ids[0] != ids[1]:
        items.append(
            say(lang, "changes_stations", before=len(ids[0]), now=len(ids[1]),
                added=len(ids[1] - ids[0]), gone=len(ids[0] - ids[1]))
        )  # fmt: skip
    if len(then["gaps"]) != len(coverage["gaps"]):
        items.append(say(lang, "changes_gaps", before=len(then["gaps"]), now=len(coverage["gaps"])))
    gaps = _gap_changes(coverage, lang)
    lead = say(lang, "changes_since", as_of=before.manifest["as_of"], release=before.hash)
    return {
        "title": title,
        "lead": lead,
        "items": items or ([] if gaps else [say(lang, "changes_same")]),
        "gaps": gaps,
    }


def _gap_changes(coverage: Mapping[str, Any], lang: str) -> list[dict[str, str]]:
    """The gaps that closed, appeared, grew or shrank, as the release tells them."""
    found = coverage.get("gap_changes") or []
    rows = [each for each in found if each["change"] in _CHANGES]
    rows.sort(key=lambda each: _CHANGES.index(each["change"]))
    return [
        {
            "what": say(lang, f"gap_{each['change']}"),
            "name": one_line(each.get(f"name_{lang}") or each["name"]),
            "count": " → ".join(
                people(each[key])
                for key in ("rider_hours_before", "rider_hours")
                if each.get(key) is not None
            ),
            "why": one_line(each.get(f"reason_{lang}") or ""),
        }
        for each in rows
    ]


# --- what to do ----------------------------------------------------------------------------------


def _actions(actions: Mapping[str, Any] | None, lang: str) -> dict[str, Any]:
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


# --- the gaps ------------------------------------------------------------------------------------


def _gaps(
    release: Release,
    coverage: Mapping[str, Any],
    actions: Mapping[str, Any] | None,
    lang: str,
) -> dict[str, Any]:
    gaps = coverage["gaps"]
    if not gaps:
        title = say(lang, "gaps_none" if coverage["clock"] else "gaps_unknown")
        return {"title": title, "note": "", "items": []}
    shown = gaps[:MOST_GAPS]
    layers, fonts = index_layers(release.layers()), font_folder()
    stations = release.stations().to_dict("records")
    names = {row["id"]: one_line(row["name"]) for row in stations}
    kinds = release.manifest["kinds"]
    stops = {
        row["id"]: Mark(
            row["geometry"].x,
            row["geometry"].y,
            names[row["id"]],
            word(release.manifest, "kinds", row["kind"]).colour,
        )
        for row in stations
        if row["status"] == "open" and kinds.get(row["kind"], {}).get("stop", True)
    }
    proposed = [
        Mark(each["lon"], each["lat"], "", tokens()["ember"])
        for each in (actions or {"actions": []})["actions"]
        if each["kind"] == "open"
    ]

    def drawable(text: str) -> bool:
        return not missing_glyphs([text], fonts)

    return {
        "title": say(lang, "gaps", count=len(shown)),
        "note": f"{say(lang, 'gaps_all', count=len(gaps))} · {say(lang, 'rider_hours_note')}",
        "items": [
            _gap(gap, number, release, coverage, names, layers, stops, proposed, drawable, lang)
            for number, gap in enumerate(shown, start=1)
        ],
    }


def _gap(
    gap: Mapping[str, Any],
    number: int,
    release: Release,
    coverage: Mapping[str, Any],
    names: Mapping[str, str],
    layers: Layers,
    stops: Mapping[str, Mark],
    proposed: Sequence[Mark],
    drawable: Callable[[str], bool],
    lang: str,
) -> dict[str, Any]:
    name = one_line(gap.get(f"name_{lang}", gap["name"]))
    never = [_service(release.manifest, code, lang) for code in gap["services"]]
    every = len(never) == len({row["service"] for row in coverage["clock"]}) - 1
    outline = shapely.make_valid(shape(gap["geometry"]))
    # The nearest stop alone is named: more names would cover the gap.
    marks = [
        mark if each == gap["nearest_station"] else replace(mark, label="")
        for each, mark in stops.items()
    ]
    facts = [(say(lang, "when"), slots_text(lang, gap["hours"]))]
    if cause := gap.get("cause"):
        facts.append((say(lang, "why"), say(lang, f"cause_{cause}", reach=_reach(coverage))))
    facts.append((say(lang, "nearest"), _nearest(gap, names, lang)))
    if never:
        missing = say(lang, "missing_all") if every else listed(never, lang)
        facts.append((say(lang, "missing"), missing))
    return {
        "id": gap["id"],
        "number": number,
        "name": name,
        "rider_hours": say(lang, "rider_hours", count=people(gap["rider_hours"])),
        "facts": [list(fact) for fact in facts],
        "map": gap_map(layers, outline, marks, proposed, drawable=drawable),
        "alt": say(lang, "map_alt", name=name),
    }


def _nearest(gap: Mapping[str, Any], names: Mapping[str, str], lang: str) -> str:
    station, minutes = gap["nearest_station"], gap["nearest_minutes"]
    if station is None or minutes is None:
        return say(lang, "nearest_none")
    # Rounded up: what lies beyond the reach must not read as if it lay within.
    name, minutes = names.get(station, station), max(1, math.ceil(minutes))
    return say(lang, "nearest_text", name=name, minutes=minutes)


def _townships(coverage: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {}


# --- limits --------------------------------------------------------------------------------------


def _limits(
    manifest: Mapping[str, Any],
    coverage: Mapping[str, Any],
    actions: Mapping[str, Any] | None,
    lang: str,
) -> list[list[str]]:
    found = []
    if coverage["clock"]:
        found.append(
            [say(lang, "dates"),
             say(lang, "dates_text", as_of=coverage["as_of"], **coverage["dates"])]
        )  # fmt: skip
    for key, count in (
        ("unknown_hours", len(coverage["unknown_hours"])),
        ("unreachable", len(coverage["unreachable_cells"])),
    ):
        if count:
            found.append([say(lang, key), say(lang, f"{key}_text", count=count)])
    if actions and actions.get(f"assumptions_{lang}"):
        found.append([say(lang, "costs"), one_line(actions[f"assumptions_{lang}"])])
    return found
