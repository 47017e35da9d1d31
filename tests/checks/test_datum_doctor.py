"""The datum doctor on towns that one can draw: what it says, and when it holds its tongue."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.datum_doctor import Cell, line_of, wordless
from benchmarks.datum_scenes import lattice, off_the_streets, stations
from locator.checks.datum_doctor import degrees_given
from locator.checks.datum_doctor.names import gazetteer, mentions, plain
from locator.checks.datum_doctor.shifts import TRUTHS, arrow, positions
from locator.checks.rule import Known
from locator.checks.surroundings import Landmarks, Surroundings
from locator.checks.validate import Report, validate
from locator.county import County
from locator.geo.datum import convert_datum

from .conftest import AS_OF
from .drawn_town import degrees, on_real_streets, surroundings, two_townships
from .ledgers import Row, write_csv

#: Landmarks of the drawn town, in metres from its centre.
MARKS = {
    "城西第一中学": (-390, 395), "鼓楼影剧院": (15, -395), "梅河水厂": (390, 10),
    "文翁书院": (-395, -10), "桥头粮站": (200, 405), "飞霞茶社": (10, 210), "城南渡口": (405, 380),
}  # fmt: skip
XY = tuple[float, float]
Doctor = Callable[..., Report]


@pytest.fixture
def doctor(shucheng: County, tmp_path: Path) -> Doctor:
    """Check stations at places of the drawing (metres), written in ``true`` and said to be in
    ``declared``; some may be written in another datum."""

    def run(
        stations: Sequence[tuple[str, XY]],
        *,
        true: str,
        declared: str,
        pasted: dict[int, str] | None = None,
        around: Surroundings | None = None,
        before: Report | None = None,
        accepted: frozenset[str] = frozenset(),
        heading: str = "经度",
        **cells: str,
    ) -> Report:
        county = on_real_streets(shucheng)
        rows: list[Row] = []
        for at, (name, xy) in enumerate(stations):
            x, y = written(xy, (pasted or {}).get(at, true))
            rows.append(
                {"编号": f"341523-{900 + at}", "类型": "暖新驿站", "名称": f"{name}驿站",
                 heading: f"{x:.4f}", "纬度": f"{y:.4f}", "开放时间": "24小时",
                 "核实日期": "2026-10-01", "坐标来源": declared, **cells}
            )  # fmt: skip
        path = write_csv(tmp_path / "ledger.csv", rows)
        earlier = None if before is None else before.stations
        known = Known(around or marked(), before=earlier, accepted=accepted)
        return validate([path], county, as_of=AS_OF, known={county.code: known})

    return run


def marked(**changes: object) -> Surroundings:
    lon, lat = np.array([degrees(xy) for xy in MARKS.values()]).T
    return replace(surroundings(), landmarks=Landmarks.of(list(MARKS), lon, lat), **changes)


def written(xy: XY, datum: str) -> tuple[float, float]:
    lon, lat = degrees(xy)
    for target in ("gcj02", "gcj02") if datum == "gcj02_twice" else (datum,):
        lon, lat = (float(v) for v in convert_datum(lon, lat, source="wgs84", target=target))
    return lon, lat


def doctored(report: Report) -> list[tuple[str, int | None]]:
    return [(f.code, f.row) for f in report.findings if f.code.startswith("datum_su")
            or f.code == "datum_undecided"]  # fmt: skip


def named(*names: str) -> list[tuple[str, XY]]:
    return [(name, MARKS[name]) for name in names]


ALL = named(*MARKS)


@pytest.mark.parametrize(
    ("true", "declared", "away_m", "bearing"),
    [
        ("gcj02", "wgs84", 542, 296),
        ("bd09", "gcj02", 890, 225),
        ("bd09", "wgs84", 1180, 251),
        ("wgs84", "gcj02", 542, 116),
        ("gcj02_twice", "wgs84", 1084, 296),
    ],
)
def test_names_the_mistake_its_arrow_and_what_speaks_for_it(
    doctor: Doctor, true: str, declared: str, away_m: float, bearing: float
) -> None:
    report = doctor(ALL, true=true, declared=declared)
    assert doctored(report) == [("datum_suspect", None)]
    (found,) = [f for f in report.findings if f.code == "datum_suspect"]
    assert found.detail is not None
    assert (found.detail["from"], found.detail["as"]) == (true, declared)
    assert found.detail["probability"] > 0.97
    # The signatures of datums.md, turned round: the arrow leads back.
    assert found.detail["shift_m"] == pytest.approx(away_m, abs=15)
    assert found.detail["bearing_deg"] == pytest.approx(bearing, abs=3)
    assert found.detail["rows"] == list(range(2, 9))
    assert "7 行离写明的地方" in found.message_zh
    assert found.severity == "warning"


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09", "天地图"])
def test_is_silent_where_the_declared_datum_holds(doctor: Doctor, datum: str) -> None:
    true = "wgs84" if datum == "天地图" else datum
    assert doctored(doctor(ALL, true=true, declared=datum)) == []


def test_a_row_pasted_from_another_app_stands_against_its_source(doctor: Doctor) -> None:
    report = doctor(ALL, true="wgs84", declared="wgs84", pasted={2: "bd09"})
    assert doctored(report) == [("datum_suspect", 4)]
    (found,) = [f for f in report.findings if f.code == "datum_suspect"]
    assert found.detail is not None
    lon, lat = degrees(MARKS["梅河水厂"])
    assert (found.detail["lon"], found.detail["lat"]) == pytest.approx((lon, lat), abs=1e-4)


def of_position(report: Report) -> list[tuple[str, int | None]]:
    return [(f.code, f.row) for f in report.findings if f.code.startswith(("datum", "moved"))]


def test_a_wrong_datum_that_moves_the_whole_table_is_told_once(doctor: Doctor) -> None:
    before = doctor(ALL, true="wgs84", declared="wgs84")
    report = doctor(ALL, true="gcj02", declared="wgs84", before=before)
    assert of_position(report) == [("moved_as_a_whole", None)]
    (found,) = [f for f in report.findings if f.code == "moved_as_a_whole"]
    assert report.blocked
    assert found.severity == "error"
    assert "7 个一起向东南挪了约" in found.message_zh
    assert "更像 GCJ-02（高德、腾讯）" in found.message_zh
    assert "应往西北移" in found.message_zh
    assert "是的话改「坐标来源」" in found.message_zh
    assert found.detail is not None
    assert (found.detail["from"], found.detail["as"]) == ("gcj02", "wgs84")
    assert found.detail["rows"] == list(range(2, 9))
    assert found.detail["metres"] == pytest.approx(found.detail["shift_m"], abs=15)


def test_a_person_may_let_pass_what_is_told_once(doctor: Doctor) -> None:
    before = doctor(ALL, true="wgs84", declared="wgs84")
    passed = frozenset({"moved_as_a_whole"})
    report = doctor(ALL, true="gcj02", declared="wgs84", before=before, accepted=passed)
    assert of_position(report) == [("moved_as_a_whole", None)]
    assert not report.blocked


def test_a_doubtful_datum_that_moves_the_table_is_told_once(doctor: Doctor) -> None:
    lon, lat = np.array([degrees(xy) for xy in MARKS.values()]).T
    wide = replace(surroundings(), landmarks=Landmarks.of(list(MARKS), lon, lat, extent_m=200.0))
    three = [*ALL[:2], ("甲", (10.0, 0.0))]
    before = doctor(three, true="wgs84", declared="wgs84", around=wide)
    assert of_position(doctor(three, true="gcj02", declared="wgs84", around=wide)) == [
        ("datum_undecided", None)
    ]
    report = doctor(three, true="gcj02", declared="wgs84", around=wide, before=before)
    assert of_position(report) == [("moved_as_a_whole", None)]
    (found,) = [f for f in report.findings if f.code == "moved_as_a_whole"]
    assert "高德、腾讯的坐标当成了 WGS-84" in found.message_zh


def test_a_pasted_row_has_not_moved_as_well(doctor: Doctor) -> None:
    before = doctor(ALL, true="wgs84", declared="wgs84")
    report = doctor(ALL, true="wgs84", declared="wgs84", pasted={2: "bd09"}, before=before)
    assert of_position(report) == [("datum_suspect", 4)]


def test_says_to_change_the_heading_where_that_names_the_map(doctor: Doctor) -> None:
    report = doctor(ALL, true="bd09", declared="", heading="高德经度")
    (found,) = [f for f in report.findings if f.code == "datum_suspect"]
    assert found.message_zh.endswith("请在地图上核对，是的话改坐标那几列的表头。")
    assert found.message_en.endswith("Check on a map and correct the heading of the coordinates.")


def test_a_row_that_is_right_is_left_out_of_what_its_source_has_wrong(doctor: Doctor) -> None:
    report = doctor(ALL, true="gcj02", declared="wgs84", pasted={0: "wgs84"})
    (found,) = [f for f in report.findings if f.code == "datum_suspect"]
    assert found.row is None
    assert found.detail is not None
    assert found.detail["rows"] == list(range(3, 9))


#: Doors that name nothing, apart from all streets: they tell nothing by themselves.
MUTE = [("甲", (61.0, 147.0)), ("乙", (-141.0, 52.0)), ("丙", (255.0, -163.0))]
HALVES = {0: "bd09", 1: "bd09", 2: "bd09", 3: "bd09"}


def test_of_a_mixture_only_rows_with_evidence_of_their_own_are_named(doctor: Doctor) -> None:
    report = doctor([*ALL, *MUTE], true="gcj02", declared="gcj02", pasted=HALVES | {7: "bd09"})
    (found,) = [f for f in report.findings if f.code.startswith("datum_")]
    assert found.code == "datum_suspect"
    assert found.detail is not None
    assert (found.detail["from"], found.detail["rows"]) == ("bd09", [2, 3, 4, 5])
    assert found.detail["mixed"] == {"as_declared": 3, "untold": 3}
    assert "像是混了两种坐标：4 行（第 2-5 行）说是 GCJ-02" in found.message_zh
    assert "3 行看不出是哪种，别整列一起改" in found.message_zh


def test_the_fewer_of_a_mixture_are_named_together_too(doctor: Doctor) -> None:
    report = doctor([*ALL, *MUTE], true="bd09", declared="bd09", pasted={0: "gcj02", 6: "gcj02"})
    (found,) = [f for f in report.findings if f.code == "datum_suspect"]
    assert found.detail is not None
    assert (found.detail["from"], found.detail["rows"]) == ("gcj02", [2, 8])


def test_rows_that_stayed_since_the_last_release_speak_against_a_mistake(doctor: Doctor) -> None:
    rows = [*ALL, *MUTE]
    before = doctor(rows, true="gcj02", declared="gcj02")
    report = doctor(rows, true="gcj02", declared="gcj02", pasted=dict.fromkeys(range(7), "bd09"),
                    before=before)  # fmt: skip
    (found,) = [f for f in report.findings if f.code == "datum_suspect"]
    assert found.detail is not None
    assert found.detail["rows"] == list(range(2, 9))
    assert found.detail["mixed"] == {"as_declared": 3, "untold": 0}


def test_a_table_that_stayed_as_a_whole_may_have_been_wrong_then_too(doctor: Doctor) -> None:
    before = doctor(ALL, true="bd09", declared="gcj02")
    report = doctor(ALL, true="bd09", declared="gcj02", before=before)
    assert doctored(report) == [("datum_suspect", None)]


def test_one_row_that_names_one_place_is_enough(doctor: Doctor) -> None:
    assert doctored(doctor(named("梅河水厂"), true="gcj02", declared="wgs84")) == [
        ("datum_suspect", 2)
    ]


def test_a_name_that_two_places_bear_is_no_evidence(doctor: Doctor) -> None:
    lon, lat = np.array([degrees(xy) for xy in ((390, 10), (-390, 10))]).T
    twins = replace(surroundings(), landmarks=Landmarks.of(["梅河水厂"] * 2, lon, lat))
    assert doctored(doctor(named("梅河水厂"), true="gcj02", declared="wgs84", around=twins)) == []


def test_a_large_place_says_little(doctor: Doctor) -> None:
    lon, lat = np.array([degrees((390, 10))]).T
    large = replace(surroundings(), landmarks=Landmarks.of(["梅河水厂"], lon, lat, extent_m=600.0))
    assert doctored(doctor(named("梅河水厂"), true="gcj02", declared="wgs84", around=large)) == []


def test_says_that_it_cannot_tell_where_the_evidence_is_thin(doctor: Doctor) -> None:
    lon, lat = np.array([degrees(xy) for xy in MARKS.values()]).T
    wide = replace(surroundings(), landmarks=Landmarks.of(list(MARKS), lon, lat, extent_m=200.0))
    report = doctor(ALL[:2], true="gcj02", declared="wgs84", around=wide)
    assert doctored(report) == [("datum_undecided", None)]
    (found,) = [f for f in report.findings if f.code == "datum_undecided"]
    assert found.severity == "info"
    assert found.detail is not None
    assert 0.9 < found.detail["probability"] < 0.97
    assert doctored(doctor(ALL[:2], true="wgs84", declared="wgs84", around=wide)) == []


def test_rows_outside_the_county_are_told_the_likely_cause(
    shucheng: County, tmp_path: Path
) -> None:
    west, east = degrees((-700, -700)), degrees((450, 700))
    ring = [west, (east[0], west[1]), east, (west[0], east[1]), west]
    (tmp_path / "outline.geojson").write_text(
        json.dumps({"type": "Polygon", "coordinates": [ring]}), "utf-8"
    )
    county = on_real_streets(shucheng, folder=tmp_path, outline="outline.geojson")
    rows: list[Row] = []
    for at, (name, xy) in enumerate(ALL):
        x, y = written(xy, "gcj02")
        rows.append({"编号": f"341523-{900 + at}", "类型": "暖新驿站", "名称": f"{name}驿站",
                     "经度": f"{x:.6f}", "纬度": f"{y:.6f}", "坐标来源": "wgs84"})  # fmt: skip
    path = write_csv(tmp_path / "ledger.csv", rows)
    report = validate([path], county, as_of=AS_OF, known={county.code: Known(marked())})
    outside = [f for f in report.findings if f.code == "outside_county"]
    assert outside
    assert all("多半是「坐标来源」选错了" in f.message_zh for f in outside)
    (found,) = [f for f in report.findings if f.code == "datum_suspect"]
    assert "行在县界外，换过来就在县里" in found.message_zh


def test_says_nothing_with_nothing_to_go_by(doctor: Doctor) -> None:
    rows = [("甲", (5.0, 0.0)), ("乙", (200.0, 8.0))]
    assert doctored(doctor(rows, true="bd09", declared="wgs84")) == []


def test_township_outlines_are_evidence_where_rows_stand_near_their_edge(doctor: Doctor) -> None:
    rows = [(f"西边{at}号", (-30.0 - 90 * at, 600.0 * at - 2400)) for at in range(9)]
    around = replace(surroundings(townships=two_townships()), landmarks=Landmarks.of([], [], []))
    report = doctor(rows, true="gcj02", declared="wgs84", around=around, 乡镇="西镇")
    (found,) = [f for f in report.findings if f.code.startswith("datum_")]
    assert "落在写明的乡镇" in found.message_zh
    # What the doctor has explained, no other rule of the position tells again.
    if found.code == "datum_suspect":
        assert not [f for f in report.findings if f.code == "township_mismatch"]


def test_the_positions_are_those_of_the_conversions() -> None:
    x, y = written((0, 0), "gcj02_twice")
    lon, lat = positions([x], [y])
    found = dict(zip(TRUTHS, zip(lon[:, 0], lat[:, 0], strict=True), strict=True))
    assert found["gcj02_twice"] == pytest.approx(degrees((0, 0)), abs=1e-9)
    assert found["wgs84"] == (x, y)
    # datums.md: read as WGS-84 it lies 1,084 m off, at 116 degrees.
    metres, bearing = arrow(*(np.array([v]) for v in (*degrees((0, 0)), x, y)))
    assert (metres, bearing) == (pytest.approx(1084, abs=3), pytest.approx(116, abs=0.5))


@pytest.mark.campaign
def test_a_slice_of_the_measurement() -> None:
    """docs/datum-doctor.md has the whole: here a few files a line, none of them named wrongly."""
    rng = np.random.default_rng(5)
    own = stations("shucheng")
    towns = [lattice(300, rng) for _ in range(3)]
    denser = [lattice(200, rng) for _ in range(3)]
    astray = [off_the_streets(town, 100, rng) for town in denser]
    for cell, least in (
        (Cell("names", [own.only("landmarks")], 20), 95),
        (Cell("streets", towns, 30), 95),
        (Cell("denser streets", denser, 20), 95),
        (Cell("doors off them", astray, 20), 0),
        (Cell("none", [wordless(own.only())], 20), 0),
    ):
        line = line_of(cell, 3, 3)
        assert line.shares["wrong"] == line.clean_wrong == 0
        assert line.shares["right"] >= least
        assert line.shares["silent"] == (0 if least else 100)


class TestNames:
    def test_the_longest_name_is_taken(self) -> None:
        assert mentions(["南湖公园北门", "南湖"], ["南湖公园", "南湖"]).tolist() == [0, 1]
        assert mentions(["", "城"], ["南湖公园"]).tolist() == [-1, -1]

    def test_what_every_town_has_or_two_places_bear_is_left_out(self) -> None:
        marks = Landmarks.of(["派出所", "示意县医院", "站前小学", "站前小学", "东苑"],
                             [116.9, 116.9, 116.9, 116.95, 116.9], [31.4] * 5)  # fmt: skip
        assert gazetteer(marks, "舒城县").names == ("县医院",)

    def test_plain(self) -> None:
        assert plain("舒城县 体育中心（示意）", "舒城县") == "体育中心"
        assert plain("舒城县", "舒城县") == "舒城县"


def test_points_in_degrees_and_minutes_are_examined_as_the_others() -> None:
    given = pd.Series(["116°57′00″E", "116.95", "东经116.95"])
    assert degrees_given(given, "lon") == pytest.approx([116.95] * 3)
