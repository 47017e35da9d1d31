from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import shapely
from shapely.geometry import box

from locator.outputs.maplabels import Mark
from locator.outputs.paper import index_layers
from locator.outputs.report import write_report
from locator.outputs.report.charts import clock_chart, curve_chart
from locator.outputs.report.content import report_content
from locator.outputs.report.gap_hour import open_then
from locator.outputs.report.gap_maps import SCALES, gap_map
from locator.outputs.report.page import report_page
from locator.outputs.report.paper import write_paper
from locator.outputs.report.words import WORDS, money
from locator.release.publish import Release

from .actions import ACTIONS, with_files
from .town import PLAIN, STATIONS, lonlat, write_release

A4_POINTS = (595.276, 841.89)


@pytest.fixture(scope="module")
def content(town: Release) -> dict[str, Any]:
    return report_content(town, None, "zh")


def test_it_says_what_the_release_says(content: dict[str, Any]) -> None:
    assert content["headline"].replace("\u202f", " ") == ("20:00 有 3 骑手（38 %）5 分钟内无站可去")
    gap = content["gaps"]["items"][0]
    assert (gap["name"], gap["rider_hours"]) == ("近梅河路（城关镇）", "20\u202f骑手时/周")
    assert ["示意数据", "站点、街道和骑手人数都是编的，现场没有驿站；算出的缺口不可引用。"] in (
        content["notices"]
    )
    assert content["changes"]["lead"].startswith("这是第一版")


def test_the_figures_are_those_of_the_clock(town: Release, content: dict[str, Any]) -> None:
    rows = [r for r in town.json("public/coverage.json")["clock"] if r["service"] == "any_stop"]
    of = [row for row in rows if row["day"] == "workday"]
    share = 100 * sum(row["covered"] for row in of) / sum(row["total"] for row in of)
    assert content["figures"][0]["value"] == f"{share:.0f} %"
    first = content["clock"]["tables"][0]["rows"][0]
    assert first[0] == "任一站点"
    for row in of:
        expected = f"{100 * row['covered'] / row['total']:.0f}" if row["total"] else "–"
        assert first[1 + row["hour"]] == expected


def test_english_has_no_word_of_chinese_of_ours(town: Release) -> None:
    for zh, en in WORDS.values():
        assert en
        assert not re.search("[\u4e00-\u9fff]", en)
        assert set(re.findall(r"\{(\w+)\}", zh)) - {"year", "month"} <= set(
            re.findall(r"\{(\w+)\}", en)
        )
    said = report_content(town, None, "en")
    assert said["title"] == "Shucheng: coverage of rest stops"
    assert said["month"] == "November 2026"
    assert "米" not in "".join(gap["map"] for gap in said["gaps"]["items"])
    assert "○ one that is closed then" in said["gaps"]["legend"]


def test_riders_withheld_are_a_limit(town: Release) -> None:
    some = Release(town.path, {**town.manifest, "demand": {"withheld": 12}})
    told = {lang: dict(report_content(some, None, lang)["limits"]) for lang in ("zh", "en")}
    assert told["zh"]["不公开的人数"].startswith("骑手数据里有\u202f12\u202f个格子时段人太少")
    assert told["en"]["Riders withheld"].startswith("For 12 cells and hours")
    assert "不公开的人数" not in dict(report_content(town, None, "zh")["limits"])


def test_the_page_stands_alone_and_its_style_is_the_one_allowed(content: dict[str, Any]) -> None:
    page = report_page(content)
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!data:|#)', page)
    assert not re.findall(r"url\((?!['\"]?data:)", page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page
    assert page == report_page(content)


def test_words_of_people_stay_words(tmp_path: Path) -> None:
    evil = "</style><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(2)>"
    rows = [{**row, "name": evil} for row in STATIONS]
    release = write_release(tmp_path, stations=rows)
    content = report_content(release, None, "zh")
    page = report_page(content)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    pictures = re.findall(r"base64,([A-Za-z0-9+/=]+)", page)
    assert all(b"<script" not in base64.b64decode(picture) for picture in pictures)
    write_paper(content, "2026-11-20", tmp_path / "evil.pdf")
    assert len(pypdfium2.PdfDocument(tmp_path / "evil.pdf")) >= 1


def test_the_paper_is_a4_and_says_the_same(town: Release, tmp_path: Path) -> None:
    first = write_report(town, None, tmp_path / "one")
    again = write_report(town, None, tmp_path / "two")
    assert [path.suffix for path in first] == [".html", ".pdf"]
    for one, two in zip(first, again, strict=True):
        assert one.read_bytes() == two.read_bytes()
    assert not {p.name for p in write_report(town, None, tmp_path / "one", lang="en")} & {
        p.name for p in first
    }, "one language does not overwrite the other"
    document = pypdfium2.PdfDocument(first[1])
    assert document[0].get_size() == pytest.approx(A4_POINTS, abs=0.1)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for words in ("近梅河路（城关镇）", "示意", "数据和局限", town.hash, "20:00"):
        assert words in text, words


def test_what_no_face_can_draw_is_marked_in_the_print(tmp_path: Path) -> None:
    content = report_content(write_release(tmp_path), None, "zh")
    content["headline"] = "缺\U0001f6b2字"
    write_paper(content, "2026-11-20", tmp_path / "marked.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "marked.pdf")
    assert "缺〓字" in document[0].get_textpage().get_text_range()


def test_actions_are_told_in_their_order_with_what_all_gain(
    town: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = with_files(town, {"public/actions.json": ACTIONS}, monkeypatch)
    actions = report_content(told, None, "zh")["actions"]
    assert [each["name"] for each in actions["items"]] == ["梅河路候选点", "河西店"]
    assert "140" in actions["lead"], "not the sum of what each gains by itself"
    assert "已证明最优" in actions["lead"]
    assert "8.5\u202f万元/年" in actions["lead"]
    assert actions["note"].endswith("花费是假定的。")
    assert "花\u202f5\u202f万元/年，3\u202f件能到\u202f120\u202f骑手时" in actions["lead"]
    assert actions["curve"].startswith("<svg")


def test_the_release_before_is_compared_with(town: Release, tmp_path: Path) -> None:
    fewer = write_release(tmp_path, stations=STATIONS[:4])
    changes = report_content(town, fewer, "zh")["changes"]
    assert fewer.hash in changes["lead"]
    assert any(
        "4 → 5 处：新增 1，撤去 0" in item.replace("\u202f", " ") for item in changes["items"]
    )
    same = report_content(town, town, "zh")["changes"]
    assert same["items"] == ["没有变化。"]


def test_the_nearest_stop_is_one_that_is_open_when_most_go_without(
    town: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    coverage = town.json("public/coverage.json")
    coverage["gaps"][0] |= {
        "riders": [1.5, 2.5], "open_station": ["341523-001"] * 2, "open_minutes": [8.2, 8.2],
    }  # fmt: skip
    changed = with_files(town, {"public/coverage.json": coverage}, monkeypatch)
    content = report_content(changed, None, "zh")
    facts = dict(content["gaps"]["items"][0]["facts"])
    assert facts["最近的站"].replace("\u202f", " ") == (
        f"{PLAIN}，约 9 分钟（工作日 21:00–22:00，人最多时）；"
        "更近的工会驿站（示意）（7 分钟）时间不详"
    )
    dates = coverage["dates"]
    assert open_then(town, dates, "workday 21") == {"341523-001", "341523-004"}
    assert "341523-002" in open_then(town, dates, "workday 11")


def test_a_closed_stop_is_a_ring_on_the_map(town: Release) -> None:
    gap = box(*lonlat(-150, -100), *lonlat(150, 100))
    dot, ring = (
        gap_map(index_layers(town.layers()), gap, [Mark(*lonlat(0, 0), "", "#123456", hollow)])
        for hollow in (False, True)
    )
    assert ring.count("<circle") == dot.count("<circle") + 1
    assert re.search(r'fill="#123456".*?fill="#ffffff"', ring)


def test_the_gap_lies_in_the_middle_of_its_map(town: Release) -> None:
    west, south = lonlat(-150, -100)
    east, north = lonlat(150, 100)
    svg = gap_map(index_layers(town.layers()), box(west, south, east, north), [])
    drawn = re.search(r'<path d="([^"]+)" fill="#7a0f3c"', svg)
    assert drawn is not None
    points = np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", drawn[1]), dtype=float)
    assert (points.min(axis=0) + points.max(axis=0)) / 2 == pytest.approx([42, 23], abs=0.05)
    assert np.ptp(points[:, 0]) == pytest.approx(300_000 / SCALES[0], abs=0.3)


@pytest.mark.parametrize("side_m", [200, 900, 5_000, 60_000])
def test_every_gap_fits_its_map(town: Release, side_m: int) -> None:
    gap = shapely.box(*lonlat(-side_m / 2, -side_m / 2), *lonlat(side_m / 2, side_m / 2))
    marks = [Mark(*lonlat(0, 0), "站", "#123456")]
    svg = gap_map(index_layers(town.layers()), gap, marks)
    drawn = re.search(r'<path d="([^"]+)" fill="#7a0f3c"', svg)
    assert drawn is not None
    points = np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", drawn[1]), dtype=float)
    if side_m <= 5_000:  # beyond the coarsest scale a gap is cut by the paper
        assert points.min() >= 0
        assert (points.max(axis=0) <= [84, 46]).all()


@pytest.mark.slow
def test_charts_are_the_same_every_time_and_hold_no_letters_of_a_font() -> None:
    shares = np.linspace(0, 1, 2 * 3 * 24).reshape(2, 3, 24)
    shares[0, 1, 5] = np.nan
    one = clock_chart(["工作日", "休息日"], ["任一站点", "饮水", "热饭"], shares)
    assert one == clock_chart(["工作日", "休息日"], ["任一站点", "饮水", "热饭"], shares)
    assert "<text" not in one
    assert 'href="http' not in one
    assert "<text" not in curve_chart([1, 2], [10.0, 12.0], ("花费", "骑手时"))


def test_money_is_said_as_people_say_it() -> None:
    assert money("zh", 85_000) == "8.5\u202f万元/年"
    assert money("zh", 5_000) == "5,000\u202f元/年"
    assert money("en", 85_000) == "¥85,000 a year"


MEASURES: dict[str, Any] = {
    "county": {
        "within": {"15": {"week": 0.93}}, "minutes": {"week": {"p50": 3.44, "p90": 11.2}},
        "backup": {"week": 0.416},
    },
    "townships": [
        {"name": None, "rider_hours": 3.0, "covered": {"week": None}, "backup": {"week": None},
         "minutes": {"week": {"p50": None, "p90": None}}, "worst_hour": None, "stops": 0,
         "open_at_night": 0},
        {"name": "城关镇", "rider_hours": 900.0, "covered": {"week": 0.5}, "backup": {"week": 0.1},
         "minutes": {"week": {"p50": 3.25, "p90": 12.0}}, "stops": 3, "open_at_night": 1,
         "worst_hour": {"day": "workday", "hour": 20}},
        {"name": "空镇", "rider_hours": 0.0, "covered": {"week": None}, "backup": {"week": None},
         "minutes": {"week": {"p50": None, "p90": None}}, "worst_hour": None, "stops": 0,
         "open_at_night": 0},
    ],
    "stations": [
        {"id": "341523-001", "lost": 55.0, "rank": 1, "lost_hours": ["workday 20", "dayoff 20"]},
        {"id": "341523-002", "lost": 0.0, "rank": 2, "lost_hours": []},
        {"id": "341523-003", "lost": None, "rank": None, "lost_hours": None},
    ],
}  # fmt: skip


def test_measures_are_told_and_what_nobody_knows_is_a_dash(
    town: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert report_content(town, None, "zh")["townships"] == {}, "made before there were measures"
    coverage = {**town.json("public/coverage.json"), "measures": MEASURES}
    told = with_files(town, {"public/coverage.json": coverage}, monkeypatch)
    content = report_content(told, None, "zh")
    far = content["far"].replace("\u202f", " ")
    assert "一半的骑手时 3.4 分钟内" in far
    assert "占 93 %" in far
    assert "占 42 %" in far
    rows = content["townships"]["rows"]
    assert [row[0] for row in rows] == ["城关镇", "乡镇不详"], "the empty one is left out"
    assert rows[0][1:] == [
        "900", "50\u202f%", "10\u202f%", "3.2", "12", "工作日20:00", "3（1）",
    ]  # fmt: skip
    assert set(rows[1][2:7]) == {"—"}
    assert content["losses"]["rows"] == [["城关暖新驿站（示意）", "55", "每天\u202f20:00–21:00"]]
    write_paper(content, "2026-11-20", tmp_path / "measured.pdf")
    pages = pypdfium2.PdfDocument(tmp_path / "measured.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "城关镇" in text
