"""Personal data is found where it is, masked, and never repeated. All of it is invented."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.checks.findings import report_json, report_text
from locator.checks.private import find_personal, masked
from tests.quick import examples

from .conftest import Check
from .ledgers import changed, codes

AN_ID = "999999190001010007"
A_CARD = "6200 0000 0000 0000 000"

FOUND = [
    (f"梅河路 {AN_ID}", ["id_number"]),
    (AN_ID.replace("7", "x")[:-1] + "7", ["id_number"]),
    ("梅河路 8 号 13800000000", ["mobile"]),
    ("138 0000 0000", ["mobile"]),
    ("社区（联系人：王某某 13800000000）", ["person", "mobile"]),
    ("负责人李某", ["person"]),
    ("李某某先生", ["person"]),
    (A_CARD, ["bank_card"]),
]
QUIET = [
    AN_ID[:-1] + "8",  # a wrong check digit
    "999999190013010000",  # no thirteenth month
    "116.9513800000000", "13018968.6", "3693456.7", "341523-017", "2026-10-01 08:00",
    "08:00-12:00,13:00-18:00", "王府井社区", "王师傅面馆", "负责人：梅河社区居委会",
    "方先生路口社区",
    "0564-2000000", "400-000-0000", "6200 0000 0000 0000 001",
]  # fmt: skip


@pytest.mark.parametrize(("text", "sorts"), FOUND)
def test_what_is_personal_is_found_and_masked(text: str, sorts: list[str]) -> None:
    assert [datum.sort for datum in find_personal(text)] == sorts
    hidden = masked(text)
    for datum in find_personal(text):
        assert text[datum.begin : datum.end] not in hidden
    assert len(hidden) == len(text)
    assert masked(hidden) == hidden


@pytest.mark.parametrize("text", QUIET)
def test_what_only_looks_so_is_left(text: str) -> None:
    assert find_personal(text) == ()
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "13800000000", "值班室 0564-2000000", "高新区服务台 12345", "高新区 0564-2000000",
        "马路口 0564-2000000", "0564-2000000（高新区）", "0564-2000000 万达店", "12345 高温可拨打",
        "0564-2000000（白天）", "0564-2000000 夏季", "常用 0564-2000000",
    ],
)  # fmt: skip
def test_a_column_for_numbers_may_hold_numbers(text: str) -> None:
    assert find_personal(text, is_phone=True) == ()


def test_a_name_beside_a_number_is_found() -> None:
    assert masked("王某某 13800000000", is_phone=True) == "王** 138******00"
    assert masked("13800000000 王某", is_phone=True) == "138******00 王*"
    assert masked("13800000000（王某某）", is_phone=True) == "138******00（王**）"


@given(st.text(max_size=40))
@settings(max_examples=examples(60), deadline=None)
def test_any_text_can_be_masked(text: str) -> None:
    assert len(masked(text)) == len(text)


@pytest.mark.parametrize("column", ["名称", "地址", "依托单位", "开放时间", "服务", "乡镇", "电话"])
def test_no_report_repeats_it(check: Check, column: str) -> None:
    report = check(changed(0, **{column: f"梅河 {AN_ID}"}))
    held = report_json(report)
    held.pop("quarantine")  # the row itself, for whoever sent it
    said = json.dumps(held, ensure_ascii=False) + report_text(report) + report_text(report, "en")
    assert ("personal_data_in_field", 2) in codes(report)
    assert AN_ID not in said
    assert "phone_invalid" not in {code for code, _ in codes(report)}
    assert report.counts["quarantined"] == 1


def test_a_mobile_in_a_name_is_published_and_masked_in_the_report(check: Check) -> None:
    report = check(changed(0, 名称="鼓楼驿站 13800000000"))
    (finding,) = report.findings
    assert (finding.code, finding.severity) == ("personal_data_in_field", "warning")
    assert finding.value == "鼓楼驿站 138******00"
    assert "13800000000" not in finding.message_zh + finding.message_en


def test_a_number_that_a_name_stands_beside_is_not_shown() -> None:
    assert masked("张三13856789012", is_phone=True) == "张*138******12"
    assert masked("13856789012 张三", is_phone=True) == "138******12 张*"
    assert masked("13856789012", is_phone=True) == "13856789012"
    assert masked("0564-8621234 张三", is_phone=True) == "0564-8621234 张*"
