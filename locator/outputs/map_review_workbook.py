"""A review of map lists as a workbook to be worked through, and the answers read back from it.

Each part is a sheet, and the first heading of a sheet is its name, by which it is found again. The
clerk fills 处理 and sends the workbook back; whatever else was changed in it is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from locator.checks.reconcile.deciding import NO_ID
from locator.checks.reconcile.decisions import CHOICES_ZH, Choice, check_choice
from locator.checks.reconcile.map_review import ListReview, Paired, Side
from locator.errors import LedgerError, UsageError
from locator.outputs.map_review_words import shift_words, why
from locator.outputs.workbook_bytes import SAVED, legal, saved
from locator.stations.guard import guarded, unguarded
from locator.stations.intake import given_id
from locator.stations.readers_child import read_in_child

MISSING, DIFFERING, EXTRA, DOUBTFUL = "地图上没有", "有差异", "只在地图上", "拿不准"
#: Sheet → what may be answered in it.
ANSWERS: dict[str, tuple[Choice, ...]] = {
    DOUBTFUL: ("same", "different", "ignore"),
    MISSING: ("ignore",),
    DIFFERING: ("different", "ignore"),
    EXTRA: ("ignore",),
}
ID, SOURCE, KEY, ANSWER, NOTE = "编号", "地图来源", "地图键", "处理", "备注"
_HEADINGS = {
    DOUBTFUL: (DOUBTFUL, ID, "台账名称", "地图名称", "为什么", ANSWER, NOTE, "台账行", "地图行",
               SOURCE, KEY),
    MISSING: (MISSING, ID, "台账名称", "说明", ANSWER, NOTE, "台账行", SOURCE),
    DIFFERING: (DIFFERING, ID, "台账名称", "地图名称", "差异", ANSWER, NOTE, "台账行", "地图行",
                SOURCE, KEY),
    EXTRA: (EXTRA, "地图名称", "说明", ANSWER, NOTE, "地图行", SOURCE, KEY),
}  # fmt: skip
_WIDTHS = {ID: 14, "台账名称": 30, "地图名称": 30, "台账行": 15, "地图行": 26, "为什么": 44,
           "差异": 56, "说明": 56, SOURCE: 10, KEY: 20, ANSWER: 14, NOTE: 24}  # fmt: skip
_NARROW, _LINE_POINTS = 11, 15.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A line that somebody has filled: what it is about, and the decision."""

    where: str
    ledger_id: str
    source: str
    key: str
    choice: Choice
    note: str


def review_workbook(reviews: Sequence[ListReview]) -> bytes:
    """The reviews as an .xlsx file: the same reviews give the same bytes."""
    book: Any = Workbook()
    book.properties.created = book.properties.modified = SAVED
    book.remove(book.active)
    lines = _lines(reviews)
    # The headings are looked for in the first rows, so not more than three.
    notes = [said[0] for review in reviews if (said := shift_words(review))][:3]
    for title, headings in _HEADINGS.items():
        _sheet(book.create_sheet(title), title, headings, lines[title], notes)
    return saved(book)


def read_answers(path: Path) -> list[Answer]:
    """What was filled under 处理 in a workbook that came back.

    Raises LedgerError where it is no such workbook, UsageError for a word that is no answer (with
    the sheet and the row).
    """
    answers: list[Answer] = []
    found = 0
    for title, headings in _HEADINGS.items():
        kind, sheet = read_in_child(path, frozenset(headings))
        if kind != "xlsx" or not sheet.columns or sheet.columns[0] != title:
            continue  # the clerk has removed this sheet
        found += 1
        at = {heading: place for place, heading in enumerate(sheet.columns)}
        if ANSWER not in at or SOURCE not in at:
            raise LedgerError(
                f"{path.name}：工作表「{title}」里没有「{ANSWER}」或「{SOURCE}」列。请用原来的工作簿。"
                f" / the sheet {title} lacks {ANSWER} or {SOURCE}; use the workbook as it was."
            )
        for number, cells in zip(sheet.numbers, sheet.cells, strict=True):
            said = {name: unguarded(cells[place].strip()) for name, place in at.items()}
            if said[ANSWER]:
                answers.append(_answer(f"{path.name}「{title}」第 {number} 行", title, said))
    if not found:
        raise LedgerError(
            f"{path.name}：不是对账工作簿（没有「{DOUBTFUL}」工作表）。请用 --out 写出的那份。"
            " / not a workbook that `locator reconcile --out` wrote."
        )
    return answers


def _answer(where: str, title: str, said: dict[str, str]) -> Answer:
    try:
        choice = check_choice(said[ANSWER])
    except UsageError as error:
        raise UsageError(f"{where}：{error}") from error
    if choice not in ANSWERS[title]:
        able = "、".join(CHOICES_ZH[each] for each in ANSWERS[title])
        raise UsageError(
            f"{where}：这张表的处理只能填{able}。 / answer one of {', '.join(ANSWERS[title])} here."
        )
    return Answer(
        where, said.get(ID, ""), said[SOURCE], said.get(KEY, ""), choice, said.get(NOTE, "")
    )


# --- the sheets ----------------------------------------------------------------------------------


def _lines(reviews: Sequence[ListReview]) -> dict[str, list[dict[str, str]]]:
    """For each sheet its lines, by heading."""
    return {
        DOUBTFUL: [
            {**_pair(review, each), "为什么": why(each)[0]}
            for review in reviews
            for each in review.doubtful
        ],
        MISSING: [
            {
                **_id(side),
                "台账名称": side.name,
                "说明": f"「{review.keeper_zh}」上找不到。请到那边添加；不用上的填「不用管」。",
                "台账行": side.place_zh,
                SOURCE: review.source,
            }
            for review in reviews
            for side, _ in review.missing
        ],
        DIFFERING: [
            {**_pair(review, each), "差异": "\n".join(one.zh for one in each.differences)}
            for review in reviews
            for each in review.paired
            if each.differences
        ],
        EXTRA: [
            {
                "地图名称": side.name,
                "说明": "台账里没有。请核实：补进台账、请地图删掉；不是驿站的填「不用管」。",
                "地图行": _where(side),
                SOURCE: review.source,
                KEY: side.key,
            }
            for review in reviews
            for side, _ in review.extra
        ],
    }


def _pair(review: ListReview, each: Paired) -> dict[str, str]:
    return {
        **_id(each.ours),
        "台账名称": each.ours.name,
        "地图名称": each.theirs.name,
        "台账行": each.ours.place_zh,
        "地图行": _where(each.theirs),
        SOURCE: review.source,
        KEY: each.theirs.key,
    }


def _id(side: Side) -> dict[str, str]:
    """The station's id; where it has none yet, nothing on it could be kept, and why is said."""
    if given_id(side.key):
        return {ID: side.key}
    return {ID: NO_ID, NOTE: "先用 locator adopt 采用台账，有了编号再答"}


def _where(side: Side) -> str:
    return f"{side.file} {side.place_zh}"


def _sheet(
    sheet: Any,
    title: str,
    headings: Sequence[str],
    lines: Sequence[dict[str, str]],
    notes: Iterable[str],
) -> None:
    bold, ground = Font(bold=True), PatternFill("solid", fgColor="F3EEE6")
    to_fill, faint = PatternFill("solid", fgColor="FFF6D6"), Font(color="7A756C")
    top = 1
    for note in notes:
        sheet.cell(top, 2, legal(guarded(note))).font = bold
        top += 1
    for column, heading in enumerate(headings, start=1):
        cell = sheet.cell(top, column, heading)
        cell.font, cell.fill = bold, ground
        sheet.column_dimensions[get_column_letter(column)].width = _width(heading)
    for at, line in enumerate(lines, start=1):
        said = {title: str(at), **line}
        for column, heading in enumerate(headings, start=1):
            cell = sheet.cell(top + at, column, legal(guarded(said.get(heading, ""))) or None)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if heading in (ANSWER, NOTE) and said.get(ID) != NO_ID:
                cell.fill = to_fill
            elif heading in (SOURCE, KEY, "台账行", "地图行"):
                cell.font = faint
        # Given, because not every program fits a row to its text.
        tall = max(_rows(text, _width(heading)) for heading, text in said.items())
        sheet.row_dimensions[top + at].height = _LINE_POINTS * tall
    sheet.freeze_panes = sheet.cell(top + 1, 3)
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    letter = get_column_letter(headings.index(ANSWER) + 1)
    choices = ",".join(CHOICES_ZH[choice] for choice in ANSWERS[title])
    rule: Any = DataValidation("list", formula1=f'"{choices}"', allow_blank=True)
    rule.error, rule.errorTitle = f"只能填：{choices}", "处理"
    for at in [at for at, line in enumerate(lines, 1) if line.get(ID) != NO_ID] or [1]:
        rule.add(f"{letter}{top + at}")
    sheet.add_data_validation(rule)


def _width(heading: str) -> int:
    return _WIDTHS.get(heading, _NARROW)


def _rows(text: str, width: int) -> int:
    """How many rows a text takes in a column: a Chinese character is two wide."""
    wide = (sum(1 if letter.isascii() else 2 for letter in part) for part in text.split("\n"))
    return sum(max(1, -(-size // (width - 1))) for size in wide)
