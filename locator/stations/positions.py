"""Where a row's point is written, and in which datum: what the row, its link, its headings say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from locator.stations import cells
from locator.stations.pasted import degrees, is_pair, pasted_point
from locator.stations.shared_links import GivenPoint
from locator.stations.table import DATUM_ANSWERS

#: Decimetres apart: to say one of them for the other is no contradiction.
ALIKE = {"cgcs2000": "wgs84"}
#: Who says what datum a row is in: its link, its 坐标来源, the heading of the coordinates, or the
#: file itself, county.toml or ``--datum``; "" where nobody does.
Voice = Literal["link", "row", "heading", "file", ""]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two datums said of one point: by its link or the heading, and by another voice.

    ``voice`` and ``other_voice`` are ``link``, ``heading``, ``row`` (column 坐标来源) or ``file``
    (what the file itself, county.toml or ``--datum`` says); ``source`` is a row that carries its
    source (原始经度、原始纬度), which no longer leads to its point.
    """

    voice: Literal["link", "heading", "source"]
    datum: str
    other_voice: Literal["heading", "row", "file"]
    other: str


def given_points(
    lon: Sequence[str], lat: Sequence[str], coordinate: Sequence[str]
) -> dict[int, GivenPoint]:
    """The points that are not two plain numbers in two cells, by the place of their row.

    A cell 坐标 counts where 经度 and 纬度 are both empty. A link, or degrees that name their axis,
    may also stand in 经度 or 纬度 while the other is empty (or says the same, as merged cells do);
    two plain numbers may not: what was to stand in the other cell is for the clerk to say.
    """
    read: dict[str, GivenPoint | None] = {}
    found: dict[int, GivenPoint] = {}
    for at, (x, y, whole) in enumerate(zip(lon, lat, coordinate, strict=True)):
        if x and y and x != y:
            continue
        text = x or y or whole
        if text not in read:
            alone = text != whole and (degrees(text, "lon") is not None or is_pair(text))
            read[text] = None if alone or not text else pasted_point(text)
        point = read[text]
        if point is not None:
            found[at] = point
    return found


def datums(
    data: Mapping[str, Sequence[str]],
    points: Mapping[int, GivenPoint],
    *,
    heading: str | None,
    file: str | None,
    otherwise: str,
) -> tuple[list[str], list[Voice], dict[int, Contradiction]]:
    """The datum of each row ("" where it can't be told), who declared it, and clashes.

    The nearest voice counts: a link, then the row's 坐标来源, then the heading of the coordinates,
    then the file; ``otherwise`` where nobody speaks. A row that carries its source was made by this
    program and is WGS-84.
    """
    answers = {text: DATUM_ANSWERS.get(cells.fold(text), "") for text in set(data["source_datum"])}
    datum: list[str] = []
    voices: list[Voice] = []
    clashes: dict[int, Contradiction] = {}
    given = zip(data["source_datum"], data["source_x"], data["source_y"], strict=True)
    for at, (text, x, y) in enumerate(given):
        if x and y:
            datum.append("wgs84")
            voices.append("row")
            continue
        link = points[at].datum if at in points else None
        row = answers[text] if text else ""
        datum.append(link or row if link or text else heading or file or otherwise)
        voices.append(
            "link" if link else "row" if text else "heading" if heading else "file" if file else ""
        )
        if link or heading:
            clash = _clash(link, row, heading, file)
            if clash is not None:
                clashes[at] = clash
    return datum, voices, clashes


def _clash(
    link: str | None, row: str, heading: str | None, file: str | None
) -> Contradiction | None:
    """What is said of the file is said of the rows that do not say themselves: a link does."""
    others: tuple[tuple[Literal["row", "heading", "file"], str | None], ...] = (
        ("row", row), ("heading", heading), ("file", file),
    )  # fmt: skip
    for voice, other in others:
        if link and other and voice != "file" and _differ(link, other):
            return Contradiction("link", link, voice, other)
        if heading and other and voice != "heading" and _differ(heading, other):
            return Contradiction("heading", heading, voice, other)
    return None


def _differ(one: str, other: str) -> bool:
    return ALIKE.get(one, one) != ALIKE.get(other, other)
