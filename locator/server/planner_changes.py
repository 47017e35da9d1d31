"""What became of the gaps since the release before, as the planner's page prints it.

Pure: ``coverage.json`` goes in, words come out. Releases made before changes were told hold neither
``gaps_since`` nor ``gap_changes``; of them nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locator.outputs.coverage_words import people
from locator.outputs.words import one_line
from locator.server.planner_words import say

#: In the order in which they are told: the good news first.
_KINDS = ("closed", "shrunk", "new", "grown")


def changes_view(coverage: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    """Title, a note, and the changed gaps by kind, in ``lang`` ("zh" or "en"); None if untold.

    Each gap: name, ``size`` (rider-hours of a week, before → now) and ``why``, ""
    where no reason can be told.
    """
    if "gap_changes" not in coverage or not coverage["clock"]:
        return None
    since = coverage.get("gaps_since")
    if since is None:
        return {"title": say(lang, "changes_title"), "note": say(lang, "changes_first")}
    by_kind = {
        kind: [row for row in coverage["gap_changes"] if row["change"] == kind] for kind in _KINDS
    }
    told = {kind: rows for kind, rows in by_kind.items() if rows}
    counts = [say(lang, f"changes_{kind}", count=len(rows)) for kind, rows in told.items()]
    apart = "，" if lang == "zh" else ", "
    return {
        "title": say(lang, "changes_counts", counts=apart.join(counts))
        if counts
        else say(lang, "changes_none"),
        "note": say(lang, "changes_since", as_of=since["as_of"], release=since["release"]),
        "kinds": [
            {"code": kind, "name": say(lang, f"change_{kind}"), "gaps": _rows(rows, lang)}
            for kind, rows in told.items()
        ],
    }


def _rows(rows: list[Mapping[str, Any]], lang: str) -> list[dict[str, str]]:
    return [
        {
            "name": one_line(str(row.get(f"name_{lang}") or row["name"])),
            "size": _size(row["rider_hours_before"], row["rider_hours"], lang),
            "why": one_line(str(row.get(f"reason_{lang}") or "")),
        }
        for row in rows
    ]


def _size(before: float | None, now: float | None, lang: str) -> str:
    """Before → now; of a gap that closed what it was, of a new one what it is."""
    counts = [people(count) for count in (before, now) if count is not None]
    return say(lang, "rider_hours", count=" → ".join(counts))
