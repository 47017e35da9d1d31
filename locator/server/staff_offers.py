"""What the datum doctor proposes for whole sources, as the page draws and offers it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyproj import Geod

from locator.checks.datum_doctor.words import proposes
from locator.outputs.template_words import SOURCES

if TYPE_CHECKING:
    from locator.checks.validate import Report


@dataclass(frozen=True, slots=True)
class Offer:
    """A source whose 坐标来源 is most likely wrong.

    ``at`` is the finding's place in the report, ``rows`` the rows meant, ``word`` what they should
    say, "" where no answer means that datum. The arrow is ``shift_m`` metres towards
    ``bearing_deg`` (clockwise from north).
    """

    at: int
    rows: tuple[int, ...]
    word: str
    shift_m: float
    bearing_deg: float


def offers_of(report: Report) -> list[Offer]:
    """The offers for whole sources; a single row's is a point, not an answer."""
    return [
        Offer(
            at,
            tuple(finding.detail["rows"]),
            _answer(finding.detail),
            finding.detail["shift_m"],
            finding.detail["bearing_deg"],
        )
        for at, finding in enumerate(report.findings)
        if proposes(finding) and finding.detail and "rows" in finding.detail
    ]


def _answer(detail: Mapping[str, Any]) -> str:
    """The word that, under 坐标来源, sets the rows right; what a link or a heading says stands
    above it, and must be put right itself."""
    return "" if detail["by"] in ("link", "heading") else SOURCES.get(detail["from"], "")


def accepted_words(report: Report, accepted: Collection[int]) -> dict[int, str]:
    """Row number → what it shall say under 坐标来源, of the offers that a person accepted."""
    return {
        number: offer.word
        for offer in offers_of(report)
        if offer.at in accepted and offer.word
        for number in offer.rows
    }


def offers_json(
    report: Report, positions: Mapping[int, tuple[float, float]]
) -> list[dict[str, Any]]:
    """The offers for the browser: word, and each row with where it truly is (WGS-84 degrees).

    ``positions`` are the rows drawn: number → lon, lat.
    """
    return [
        {"at": offer.at, "word": offer.word, "moves": _moves(offer, positions)}
        for offer in offers_of(report)
    ]


def _moves(offer: Offer, positions: Mapping[int, tuple[float, float]]) -> list[list[float]]:
    rows = [number for number in offer.rows if number in positions]
    lon, lat = [positions[number][0] for number in rows], [positions[number][1] for number in rows]
    bearing, metres = [offer.bearing_deg] * len(rows), [offer.shift_m] * len(rows)
    to_lon, to_lat, _ = Geod(ellps="WGS84").fwd(lon, lat, bearing, metres)
    return [
        [number, round(x, 6), round(y, 6)]
        for number, x, y in zip(rows, to_lon, to_lat, strict=True)
    ]
