"""An adoption as a program reads it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from locator.checks.findings import report_json
from locator.checks.succession import Pair
from locator.checks.validate import Report
from locator.county import County
from locator.starter.adopt import Adoption
from locator.starter.adopt_write import doubts
from locator.starter.present import Said


def changed_fields(old: Said, new: Said) -> dict[str, tuple[Any, Any]]:
    """The columns in which two rows of one station differ: column → (before, after)."""
    return {
        name: (old.properties.get(name), new.properties.get(name))
        for name in old.properties.keys() | new.properties.keys()
        if old.properties.get(name) != new.properties.get(name)
    }


def adoption_json(adoption: Adoption, *, written: bool) -> dict[str, Any]:
    """What changes, as JSON: ``counts``, the stations by what becomes of them, and the check."""
    old, new = adoption.old, adoption.new
    return {
        "county": adoption.county.slug,
        "store": str(adoption.store),
        "written": written,
        "changes_nothing": adoption.changes_nothing,
        "counts": counts(adoption),
        "shift_m": adoption.shift_m and round(adoption.shift_m),
        "doubts": {code: english for code, (_, english) in doubts(adoption).items()},
        "added": [_row(adoption, at) for at in adoption.added],
        "back": [_row(adoption, at) for at in adoption.back],
        "kept": [
            {
                **_row(adoption, at),
                "was": old[at].name,
                "moved_m": round(metres, 1),
                "changed": {
                    name: list(values)
                    for name, values in sorted(changed_fields(old[at], new[at]).items())
                },
            }
            for at, metres in sorted(adoption.kept.items())
        ],
        "gone": [
            {"id": at, "name": old[at].name, "provenance": old[at].provenance}
            for at in adoption.gone
        ],
        "stays": list(adoption.stays),
        "questions": [_asked(adoption, pair) for pair in adoption.questions],
        "conflicts": [_asked(adoption, pair) for pair in adoption.conflicts],
        "check": report_json(adoption.report),
    }


def refusal_json(report: Report, county: County) -> dict[str, Any]:
    """The check of a ledger that is not adopted, as JSON."""
    return {"county": county.slug, "written": False, "check": report_json(report)}


def counts(adoption: Adoption) -> dict[str, int]:
    """How many stations there are in each part of the plan."""
    parts = ("added", "back", "kept", "gone", "stays", "questions", "conflicts")
    return {
        "rows": len(adoption.new),
        "stations": len(adoption.old),
        **{part: len(getattr(adoption, part)) for part in parts},
        "withheld": adoption.withheld,
    }


def old_name(adoption: Adoption, at: str) -> str:
    """The name of a station that is there, or was."""
    if at in adoption.old:
        return adoption.old[at].name
    return str((adoption.retired[at] or {})["name"])


def _row(adoption: Adoption, at: str) -> dict[str, Any]:
    file, row = adoption.origins[at]
    return {"id": at, "name": adoption.new[at].name, "file": file, "row": row}


def _asked(adoption: Adoption, pair: Pair) -> dict[str, Any]:
    file, row = adoption.origins[pair.new]
    return {
        **asdict(pair),
        "metres": round(pair.metres, 1),
        "old_name": old_name(adoption, pair.old),
        "new_name": adoption.new[pair.new].name,
        "file": file,
        "row": row,
    }
