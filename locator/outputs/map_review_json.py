"""What a ledger beside a map's list says to a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from locator.checks.reconcile.decisions import Decisions
from locator.checks.reconcile.map_review import ListReview, Paired, Side
from locator.checks.validate import Report
from locator.errors import Finding
from locator.outputs.map_review_words import shift_words, why


def review_json(
    reviews: Sequence[ListReview], report: Report, decisions: Decisions
) -> dict[str, Any]:
    """All lists as JSON: a record for each."""
    return {
        "ledger": {"files": list(report.files), "counts": dict(report.counts)},
        "unreadable_decisions": [
            {"line": number, "why_zh": zh, "why_en": en} for number, zh, en in decisions.bad
        ],
        "lists": [_review_record(review) for review in reviews],
    }


def _review_record(review: ListReview) -> dict[str, Any]:
    shift = review.shift
    said = shift_words(review)
    return {
        "keeper": review.source,
        "files": list(review.files),
        "datum": review.datum,
        "datum_declared": review.declared,
        "entries": review.entries,
        "unplaced": review.unplaced,
        "shift": None
        if shift is None or said is None
        else {
            "metres": round(shift.metres, 1),
            "bearing_deg": round(shift.bearing_deg, 1),
            "pairs": shift.pairs,
            "message_zh": said[0],
            "message_en": said[1],
        },
        "matched": [_pair_record(each) for each in review.paired],
        "doubtful": [_pair_record(each) for each in review.doubtful],
        "not_on_map": [_finding(each) for each in review.missing],
        "on_map_only": [_finding(each) for each in review.extra],
        "stale_decisions": [
            {**asdict(each.decision), "why_zh": each.zh, "why_en": each.en} for each in review.stale
        ],
        "not_expected": review.not_expected,
        "ignored": review.ignored,
        "elsewhere": review.elsewhere,
        "other_trades": review.other_trades,
    }


def _pair_record(each: Paired) -> dict[str, Any]:
    signs = {
        name: (round(value, 3) if np.isfinite(value) else None)
        if isinstance(value, float)
        else value
        for name, value in asdict(each.match.signs).items()
    }
    why_zh, why_en = why(each)
    return {
        "id": each.ours.key,
        "row": each.ours.row,
        "name": each.ours.name,
        "key": each.theirs.key,
        "map_file": each.theirs.file,
        "map_row": each.theirs.row,
        "map_name": each.theirs.name,
        "verdict": each.match.verdict,
        "points": round(each.match.points, 2),
        "signs": signs,
        "why_zh": why_zh,
        "why_en": why_en,
        "differences": [asdict(one) for one in each.differences],
    }


def _finding(pair: tuple[Side, Finding]) -> dict[str, Any]:
    record = asdict(pair[1])
    # JSON has no NaN: an entry without a position.
    known = {name: None if value != value else value for name, value in record["detail"].items()}
    return {**record, "detail": known}
