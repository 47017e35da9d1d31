"""What the monthly report says: figures, sentences and pictures, for page and paper alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from locator.coverage.week import DAY_WORDS, DAYS_A_WEEK
from locator.outputs.coverage_words import DAYS, people, percent, slots_text, tied
from locator.outputs.lineage import plan_notices, withheld_rows
from locator.outputs.report.action_list import action_list
from locator.outputs.report.charts import clock_chart
from locator.outputs.report.gap_cards import gap_cards
from locator.outputs.report.tables import distances, loss_table, township_table
from locator.outputs.report.words import (
    ANY_STOP,
    MONTHS_EN,
    joined,
    reach_text,
    say,
    service_name,
)
from locator.outputs.words import one_line

if TYPE_CHECKING:
    from locator.release.publish import Release

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
        "rule": say(lang, "rule", reach=reach_text(coverage)),
        "figures": _figures(release, coverage, lang),
        "clock": _clock(manifest, coverage, lang),
        "changes": _changes(release, before, coverage, lang),
        "actions": action_list(actions, lang),
        "gaps": gap_cards(release, coverage, actions, lang),
        "far": distances(coverage, lang),
        "townships": township_table(coverage, lang),
        "losses": loss_table(release, coverage, lang),
        "limits_title": say(lang, "limits"),
        "limits": _limits(manifest, coverage, lang),
        "imprint": [part for part in imprint if part],
    }


def _has(release: Release, name: str) -> bool:
    return name in release.files


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
    weights = [DAYS_A_WEEK[row["day"]] for row in rows]
    covered, total = (
        sum(weight * row[key] for weight, row in zip(weights, rows, strict=True))
        for key in ("covered", "total")
    )
    return percent(covered, total)


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
    names = [service_name(manifest, code, lang) for code in services]
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
        "note": joined(
            lang,
            say(lang, "clock_note", reach=reach_text(coverage)),
            say(lang, "need_assumed"),
        ),
        "svg": clock_chart(days, names, shares),
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


# --- what changed --------------------------------------------------------------------------------


def _changes(
    release: Release, before: Release | None, coverage: Mapping[str, Any], lang: str
) -> dict[str, Any]:
    title = say(lang, "changes_title")
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
            "what": say(lang, f"change_{each['change']}"),
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


# --- limits --------------------------------------------------------------------------------------


def _limits(
    manifest: Mapping[str, Any],
    coverage: Mapping[str, Any],
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
        ("withheld", withheld_rows(manifest)),
    ):
        if count:
            found.append([say(lang, key), say(lang, f"{key}_text", count=count)])
    return found
