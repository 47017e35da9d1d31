"""How far riders have it, township by township, and which stops they would miss most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from locator.coverage.week import DAY_WORDS
from locator.outputs.coverage_words import people, slots_text
from locator.outputs.report.words import joined, say
from locator.outputs.words import one_line

if TYPE_CHECKING:
    from locator.release.publish import Release

#: So many stops are told.
MOST_LOSSES = 5


def distances(coverage: Mapping[str, Any], lang: str) -> str:
    """How far riders have it, in a sentence or two; nothing where nobody measured it."""
    county = coverage.get("measures", {}).get("county")
    if not county or county["within"]["15"]["week"] is None:
        return ""
    within, minutes = county["within"]["15"]["week"], county["minutes"]["week"]
    told = None not in (minutes["p50"], minutes["p90"])
    said = say(
        lang, "far" if told else "far_none", within=round(100 * within),
        **({key: _minutes(minutes[key]) for key in ("p50", "p90")} if told else {}),
    )  # fmt: skip
    backup = say(lang, "backup", share=round(100 * county["backup"]["week"]))
    return joined(lang, said, backup)


def township_table(coverage: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """How each township is served, the one with most riders first; {} where nobody measured it."""
    found = [
        each
        for each in coverage.get("measures", {}).get("townships", [])
        if each["rider_hours"] or each["stops"]
    ]
    if not found:
        return {}
    found.sort(key=lambda each: (each["name"] is None, -(each["rider_hours"] or 0)))
    columns = ("township", "riders", "covered", "backup", "p50", "p90", "worst", "stops")
    return {
        "title": say(lang, "townships_title"),
        "columns": [say(lang, f"col_{name}") for name in columns],
        "rows": [_township(each, lang) for each in found],
        "note": say(lang, "townships_note"),
    }


def _township(row: Mapping[str, Any], lang: str) -> list[str]:
    minutes = (row["minutes"] or {}).get("week", {})
    worst = row["worst_hour"]
    hour = (
        f"{DAY_WORDS[worst['day']][lang]}{'' if lang == 'zh' else ' '}{worst['hour']:02d}:00"
        if worst
        else "—"
    )
    return [
        one_line(row["name"] or say(lang, "unknown_township")),
        "—" if row["rider_hours"] is None else people(row["rider_hours"]),
        _percent((row["covered"] or {}).get("week")),
        _percent((row["backup"] or {}).get("week")),
        _minutes(minutes.get("p50")),
        _minutes(minutes.get("p90")),
        hour,
        f"{row['stops']}（{row['open_at_night']}）"
        if lang == "zh"
        else f"{row['stops']} ({row['open_at_night']})",
    ]


def loss_table(release: Release, coverage: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The stops whose closing would leave most riders without any."""
    rows = [
        each
        for each in coverage.get("measures", {}).get("stations", [])
        if each["lost"] and each["rank"] is not None
    ][:MOST_LOSSES]
    if not rows:
        return {}
    names = {row.id: one_line(row.name) for row in release.stations().itertuples()}
    return {
        "title": say(lang, "losses"),
        "columns": [say(lang, f"col_{name}") for name in ("station", "lost", "when")],
        "rows": [
            [names.get(each["id"], each["id"]), people(each["lost"]),
             slots_text(lang, each["lost_hours"])]
            for each in rows
        ],
        "note": say(lang, "losses_note"),
    }  # fmt: skip


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{round(100 * share)}\u202f%"


def _minutes(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}" if value < 10 else f"{value:.0f}"
