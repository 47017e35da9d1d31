"""The workbook that goes out to be answered, and what is read when it comes back."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from locator.checks.reconcile.decisions import Decisions
from locator.checks.reconcile.map_review import ListReview, review_list
from locator.checks.validate import validate
from locator.counties import find_county
from locator.errors import LedgerError, UsageError
from locator.outputs.map_review_json import review_json
from locator.outputs.map_review_words import review_text
from locator.outputs.map_review_workbook import (
    ANSWER,
    DIFFERING,
    DOUBTFUL,
    EXTRA,
    MISSING,
    read_answers,
    review_workbook,
)
from locator.stations.map_list import read_map_list
from tests.checks.ledgers import GOOD, write_csv


@pytest.fixture(scope="module")
def review(data: Path) -> ListReview:
    county = find_county(data, "shucheng")
    report = validate([data / "stations.geojson"], county, as_of=date(2026, 11, 20))
    return review_list(
        report, county, read_map_list(data / "examples/map-export.csv"), Decisions({})
    )


def filled(folder: Path, content: bytes, answers: dict[str, dict[int, str]]) -> Path:
    """The workbook with answers: sheet → row below the headings (from 1) → what is written."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for title, rows in answers.items():
        sheet = book[title]
        headings = [cell.value for cell in sheet[1]]
        for at, text in rows.items():
            sheet.cell(at + 1, headings.index(ANSWER) + 1, text)
    path = folder / "returned.xlsx"
    book.save(path)
    return path


@pytest.mark.slow
def test_each_part_is_a_sheet_and_the_bytes_are_always_the_same(review: ListReview) -> None:
    content = review_workbook([review])
    assert content == review_workbook([review])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [DOUBTFUL, MISSING, DIFFERING, EXTRA]
    sizes = [len(review.doubtful), len(review.missing),
             sum(bool(each.differences) for each in review.paired), len(review.extra)]  # fmt: skip
    assert [sheet.max_row - 1 for sheet in book.worksheets] == sizes
    assert min(sizes[1:]) > 0


def test_answers_come_back_by_sheet_and_row(review: ListReview, tmp_path: Path) -> None:
    path = filled(
        tmp_path, review_workbook([review]),
        {MISSING: {1: "不用管"}, EXTRA: {1: "ignore"}, DIFFERING: {2: "不是同一处"}},
    )  # fmt: skip
    answers = read_answers(path)
    first, _ = review.missing[0]
    assert {(a.ledger_id, a.key != "", a.choice) for a in answers} == {
        (first.key, False, "ignore"),
        ("", True, "ignore"),
        ([p for p in review.paired if p.differences][1].ours.key, True, "different"),
    }
    assert {a.source for a in answers} == {"amap"}
    assert "第 2 行" in answers[0].where


def test_what_is_no_answer_is_refused_with_its_place(review: ListReview, tmp_path: Path) -> None:
    content = review_workbook([review])
    with pytest.raises(UsageError, match=r"「地图上没有」第 3 行.*处理只能填"):
        read_answers(filled(tmp_path, content, {MISSING: {2: "也许"}}))
    with pytest.raises(UsageError, match="这张表的处理只能填不用管"):
        read_answers(filled(tmp_path, content, {MISSING: {2: "是同一处"}}))


def test_a_sheet_may_be_gone_but_not_all(review: ListReview, tmp_path: Path) -> None:
    path = filled(tmp_path, review_workbook([review]), {MISSING: {1: "不用管"}})
    book = openpyxl.load_workbook(path)
    del book[EXTRA]
    book.save(path)
    assert len(read_answers(path)) == 1
    other = openpyxl.Workbook()
    sheet = other.active
    assert sheet is not None
    sheet.append(["编号", "地图来源", "处理"])
    other.save(path)
    with pytest.raises(LedgerError, match="不是对账工作簿"):
        read_answers(path)


def test_no_cell_is_a_formula_whatever_the_map_says(data: Path, tmp_path: Path) -> None:
    county = find_county(data, "shucheng")
    report = validate([data / "stations.geojson"], county, as_of=date(2026, 11, 20))
    path = tmp_path / "poi.csv"
    lines = (data / "examples/map-export.csv").read_text("utf-8").splitlines()
    evil = lines[1].split(",")
    evil[0], evil[1] = "=1+1", '"=HYPERLINK(""x"")\x0b鼓楼"'
    path.write_text("\n".join([*lines, ",".join(evil)]), "utf-8")
    found = review_list(report, county, read_map_list(path), Decisions({}))
    book = openpyxl.load_workbook(io.BytesIO(review_workbook([found])))
    texts = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert not any(cell.data_type == "f" for cell in texts)
    assert any(str(cell.value).startswith("'=") for cell in texts)


def test_text_and_json_say_the_same_in_two_languages(data: Path, review: ListReview) -> None:
    county = find_county(data, "shucheng")
    report = validate([data / "stations.geojson"], county, as_of=date(2026, 11, 20))
    nothing = Decisions({}, ((3, "没有写明是哪一处", "it does not say what it is about"),))
    zh = review_text([review], report, nothing, county)
    en = review_text([review], report, nothing, county, lang="en")
    record = review_json([review], report, nothing)
    (one,) = record["lists"]
    assert one["keeper"] == "amap"
    assert f"地图上没有 {len(one['not_on_map'])}" in zh
    assert f"{len(one['not_on_map'])} not on the map" in en
    assert "第 3 行读不懂" in zh
    assert "line 3 is not used" in en
    assert all(pair["why_zh"] and pair["why_en"] for pair in one["matched"])


def test_json_of_an_entry_without_a_position_has_no_nan(data: Path, tmp_path: Path) -> None:
    county = find_county(data, "shucheng")
    report = validate([data / "stations.geojson"], county, as_of=date(2026, 11, 20))
    path = tmp_path / "poi.csv"
    text = (data / "examples/map-export.csv").read_text("utf-8")
    path.write_text(text + "示意9999,无处书店（示意）,,,,,,,,\n", "utf-8")
    found = review_list(report, county, read_map_list(path), Decisions({}))
    record = review_json([found], report, Decisions({}))
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert "1 条没有能用的位置" in review_text([found], report, Decisions({}), county)


def test_hostile_names_go_through_every_output(data: Path, tmp_path: Path) -> None:
    county = find_county(data, "shucheng")
    report = validate([data / "stations.geojson"], county, as_of=date(2026, 11, 20))
    nasty = [
        "=1+1",
        "\u202e驿站",
        "鼓" * 5000,
        "{0}%s</x>",
        "\ud7ff\ufffe驿",
        "（",
        "）（",
        "·",
        " ",
    ]
    path = tmp_path / "poi.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(
            ["uid", "name", "lat", "lng", "address", "telephone", "opening_hours", "status"]
        )
        for at, text in enumerate(nasty):
            point = [31.4600 + at / 1000, 116.9440]
            rows.writerow([text or at, text, *point, text, text, text[:200], text[:50]])
    found = review_list(report, county, read_map_list(path), Decisions({}))
    text = review_text([found], report, Decisions({}), county)
    assert max(map(len, text.splitlines())) < 600
    assert "\u202e" not in text
    json.dumps(review_json([found], report, Decisions({})), allow_nan=False)
    openpyxl.load_workbook(io.BytesIO(review_workbook([found])))


def test_a_row_without_an_id_shows_none_and_takes_no_answer(data: Path, tmp_path: Path) -> None:
    county = find_county(data, "shucheng")
    ledger = write_csv(
        tmp_path / "a.csv", [{**row, "编号": "", "坐标来源": "高德"} for row in GOOD]
    )
    report = validate([ledger], county, as_of=date(2026, 11, 20), without_ids=True)
    review = review_list(
        report, county, read_map_list(data / "examples/map-export.csv"), Decisions({})
    )
    sheet = openpyxl.load_workbook(io.BytesIO(review_workbook([review])))[MISSING]
    headings = [cell.value for cell in sheet[1]]
    said = dict(zip(headings, (cell.value for cell in sheet[2]), strict=True))
    assert said["编号"] == "没有编号"
    assert "locator adopt" in said["备注"]
    assert "--0000" not in review_text([review], report, Decisions({}), county)
