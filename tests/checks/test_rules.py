"""Each rule on a table drawn by hand: quiet when it is good, and heard when one row is changed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from locator.checks.rules import RULES, rules_json, rules_list, rules_page
from locator.county import County
from locator.errors import UsageError
from tests.quick import first_quick

from .conftest import Check
from .ledgers import GOOD, changed, codes, write_geojson, write_xlsx


def test_a_good_table_is_quiet(check: Check) -> None:
    report = check(GOOD)
    assert codes(report) == []
    assert report.counts == {"rows": 4, "published": 4, "quarantined": 0, "duplicates": 0}
    assert not report.blocked
    assert not report.has_errors
    assert report.stations["id"].tolist() == [row["编号"] for row in GOOD]
    first = report.stations.iloc[0]
    assert first["services"][:3] == ["drinking_water", "meal_heating", "rest_seats"]
    assert first["hours"] == "08:00-20:00"
    assert first["verified_on"] == "2026-10-01"
    assert (first["source_x"], first["source_y"]) == ("116.94403", "31.46207")
    assert report.stations["verified_on"].tolist()[-1] == "2026-10-04"


#: The check digit is right, the region does not exist.
AN_ID = "999999190001010007"
AT_THE_CANTEEN = {"经度": "116.94803", "纬度": "31.46207"}
NEAR_THE_CANTEEN = {"经度": "116.94813", "纬度": "31.46207"}
MEALS = {"类型": "小哥食堂", "服务": "供餐"}

#: (code, the row changed (0 = line 2), what it is changed to, severity)
ONE_FAULT = [
    ("missing_required_field", 1, {"名称": ""}, "error"),
    ("missing_required_field", 1, {"编号": ""}, "error"),
    ("missing_required_field", 1, {"类型": "  "}, "error"),
    ("missing_required_field", 1, {"经度": ""}, "error"),
    ("missing_required_field", 1, {"经度": "", "纬度": ""}, "error"),
    ("missing_required_field", 1, {"编号": "017"}, "error"),
    ("missing_required_field", 1, {"编号": "341523_017"}, "error"),
    ("missing_required_field", 1, {"县": "霍山县"}, "error"),
    ("unknown_kind", 2, {"类型": "暖心小屋"}, "error"),
    ("unknown_service", 0, {"服务": "饮水；理发"}, "warning"),
    ("unknown_service", 0, {"服务": "充电"}, "warning"),
    ("coordinate_not_number", 3, {"经度": "东经某度"}, "error"),
    ("coordinate_not_number", 3, {"纬度": "31°77′43″"}, "error"),
    ("coordinate_not_number", 3, {"纬度": "314.66"}, "error"),
    ("coordinate_not_number", 3, {"纬度": "nan"}, "error"),
    ("coordinate_not_number", 3, {"纬度": "1e999"}, "error"),
    ("coordinate_not_number", 3, {"经度": "116.95 31.46", "纬度": ""}, "error"),
    ("coordinate_not_number", 3, {"经度": "", "纬度": "116.95 31.46"}, "error"),
    ("short_link", 2, {"经度": "【驿站】https://surl.amap.com/x", "纬度": ""}, "error"),
    ("short_link", 2, {"经度": "https://j.map.baidu.com/x", "纬度": ""}, "error"),
    ("datum_contradicted", 2, {
        "经度": "https://api.map.baidu.com/marker?location=31.4640,116.9520", "纬度": "",
        "坐标来源": "高德",
    }, "error"),
    ("coordinate_swapped", 2, {"经度": "31.46407", "纬度": "116.95203"}, "error"),
    ("null_island", 2, {"经度": "0", "纬度": "0"}, "error"),
    ("null_island", 2, {"纬度": "0"}, "error"),
    ("projected_coordinates", 2, {"经度": "13018968.6", "纬度": "3693456.7"}, "error"),
    ("outside_county", 2, {"经度": "117.2831", "纬度": "31.8563"}, "error"),
    ("outside_county", 2, {"经度": "-116.9520", "纬度": "-31.4640"}, "error"),
    ("shared_coordinate", 2, AT_THE_CANTEEN, "warning"),
    ("possible_duplicate", 2, {**NEAR_THE_CANTEEN, **MEALS, "名称": "桥头"}, "warning"),
    ("possible_duplicate", 2, {**AT_THE_CANTEEN, **MEALS, "名称": "桥头"}, "warning"),
    ("same_place_two_kinds", 2, {**NEAR_THE_CANTEEN, "名称": "桥头"}, "info"),
    ("same_place_two_kinds", 2, {**AT_THE_CANTEEN, "名称": "桥头驿站"}, "info"),
    ("township_mismatch", 1, {"乡镇": "肥西镇"}, "warning"),
    ("township_mismatch", 1, {"乡镇": "城关镇", "地址": "桃溪镇街道 1 号"}, "warning"),
    ("hours_unparsable", 1, {"开放时间": "看情况"}, "warning"),
    ("hours_missing", 1, {"开放时间": ""}, "warning"),
    ("hours_missing", 1, {"开放时间": "以现场为准"}, "warning"),
    ("hours_partly_unknown", 1, {"开放时间": "夏天6:00-21:00，冬天7:00-20:00"}, "warning"),
    ("hours_partly_unknown", 1, {"开放时间": "8:00-20:00，以现场为准"}, "warning"),
    ("hours_partly_unknown", 1, {"开放时间": "8:00-20:00（需预约）"}, "info"),
    ("hours_partly_unknown", 0, {"开放时间": "8:00-20:00（春节除外）"}, "info"),
    ("hours_partly_unknown", 0, {"服务时间": "热饭: 夏季9:00-18:00"}, "warning"),
    ("verification_expired", 1, {"核实日期": "2026-05-19"}, "warning"),
    ("verification_expired", 1, {"核实日期": "去年"}, "warning"),
    ("verification_expired", 1, {"核实日期": "2027-01-01"}, "warning"),
    ("never_verified", 1, {"核实日期": ""}, "info"),
    ("phone_invalid", 1, {"电话": "0564-200000"}, "warning"),
    ("phone_invalid", 1, {"电话": "12351、见门口"}, "warning"),
    ("name_contains_closed_word", 2, {"名称": "梅河驿站（装修中）"}, "error"),
    ("name_contains_closed_word", 2, {"名称": "梅河驿站-已搬迁"}, "error"),
    ("name_contains_closed_word", 2, {"名称": "梅河驿站（已撤）"}, "error"),
    ("name_contains_closed_word", 2, {"名称": "梅河驿站（关了）"}, "error"),
    ("name_contains_closed_word", 2, {"名称": "梅河驿站-装修"}, "error"),
    ("personal_data_in_field", 2, {"依托单位": "梅河社区，联系人：王某某"}, "warning"),
    ("personal_data_in_field", 2, {"地址": f"梅河路 {AN_ID}"}, "error"),
    ("low_precision", 2, {"经度": "116.952", "纬度": "31.464"}, "warning"),
    ("low_precision", 2, {"经度": "116.95", "纬度": "31.46"}, "warning"),
    ("overnight_ambiguous", 0, {"开放时间": "8:00-12:00,2:00-6:00"}, "warning"),
    ("overnight_ambiguous", 0, {"开放时间": "20:00-08:00"}, "warning"),
    ("overnight_ambiguous", 0, {"开放时间": "8:00-8:00"}, "warning"),
    ("season_expired", 0, {"开放时间": "2025 Jun 1-2025 Aug 31 08:00-20:00"}, "warning"),
    ("service_hours_outside_hours", 0, {"服务时间": "如厕: 24小时"}, "warning"),
    ("service_hours_outside_hours", 0, {"服务时间": "供餐: 11:00-13:00"}, "warning"),
    ("holiday_rule_missing", 0, {"开放时间": "周一至周五 08:00-18:00"}, "info"),
    ("holiday_rule_missing", 0, {"开放时间": "Mo-Fr 08:00-20:00; Sa-Su 09:00-17:00"}, "info"),
    ("closed_at_peak", 0, {"开放时间": "08:00-12:00,14:30-18:00"}, "info"),
    ("closed_at_peak", 1, {"开放时间": "16:00-24:00"}, "info"),
    ("canteen_without_hot_meal", 1, {"服务": "饮水、歇脚"}, "warning"),
    ("canteen_without_hot_meal", 1, {"服务": ""}, "warning"),
    ("basic_services_incomplete", 0, {"服务": "饮水、热饭、歇脚"}, "info"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "at", "fields", "severity"), first_quick(ONE_FAULT, 1, of=lambda fault: fault[0])
)
def test_one_change_is_one_finding_in_its_row(
    check: Check, code: str, at: int, fields: dict[str, str], severity: str
) -> None:
    report = check(changed(at, **fields))
    assert codes(report) == [(code, at + 2)]
    (finding,) = report.findings
    assert finding.severity == severity
    assert f"第 {at + 2} 行" in finding.message_zh
    assert f"row {at + 2}" in finding.message_en
    held = 1 if severity == "error" else 0
    assert report.counts == {"rows": 4, "published": 4 - held, "quarantined": held, "duplicates": 0}
    assert [row.codes for row in report.quarantined] == [(code,)] * held
    if held:
        kept = {name: text for name, text in {**GOOD[at], **fields}.items() if text}
        assert report.quarantined[0].original == kept


def test_the_message_says_what_where_and_what_to_do(check: Check) -> None:
    (finding,) = check(changed(0, 经度="东经某度")).findings
    assert finding.message_zh == (
        "第 2 行「东经某度」不是数字坐标。请在高德地图长按该点，复制「116.94,31.46」这样的坐标。"
    )
    assert (finding.field, finding.value, finding.id) == ("lon", "东经某度", "341523-901")


def test_a_swap_is_proposed_and_not_made(check: Check) -> None:
    report = check(changed(0, 经度="31.46207", 纬度="116.94403"))
    assert "经度 116.94403、纬度 31.46207" in report.findings[0].message_zh
    assert "341523-901" not in report.stations["id"].tolist()


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [
        ("13018968.6", "3693456.7", "Web Mercator"),
        ("494680.2", "3482143.5", "Gauss-Krüger"),
        ("3482143.5", "494680.2", "Gauss-Krüger"),
        ("39494680.2", "3482143.5", "Gauss-Krüger"),
        ("200", "200", "no system known here"),
    ],
)
def test_metres_are_named(check: Check, x: str, y: str, name: str) -> None:
    (finding,) = check(changed(0, 经度=x, 纬度=y)).findings
    assert finding.code == "projected_coordinates"
    assert name in finding.message_en


def test_every_row_of_a_shared_id_is_held_back(check: Check) -> None:
    report = check(changed(3, 编号="341523-901"))
    assert codes(report) == [("duplicate_station_id", 2), ("duplicate_station_id", 5)]
    assert "第 5 行" in report.findings[0].message_zh
    assert report.counts["quarantined"] == 2


def test_case_and_width_do_not_make_another_id(check: Check) -> None:
    rows = changed(3, 编号="３４１５２３－９０１")
    assert {code for code, _ in codes(check(rows))} == {"duplicate_station_id"}


def test_an_exact_copy_counts_once(check: Check) -> None:
    report = check([*GOOD, dict(GOOD[1])])
    assert codes(report) == [("exact_copy", 6)]
    assert report.counts == {"rows": 5, "published": 4, "quarantined": 0, "duplicates": 1}


def test_a_torn_row_is_held_back_whole(check: Check, tmp_path: Path) -> None:
    path = tmp_path / "torn.csv"
    path.write_text(
        "编号,类型,名称,经度,纬度,核实日期,服务,开放时间\n"
        "341523-901,友好小区,鼓楼小区,116.94403,31.46207,2026-10-01,停车,24小时\n"
        "341523-902,友好小区,桥头小区,116.94803,31.46207,2026-10-01,停车,饮水,24小时\n",
        "utf-8",
    )
    report = check(path)
    assert codes(report) == [("missing_required_field", 3)]
    assert "逗号" in report.findings[0].message_zh


def test_names_with_other_figures_are_other_places(check: Check) -> None:
    near = {"经度": "116.94813", "纬度": "31.46207"}
    rows = [dict(row) for row in GOOD]
    rows[1]["名称"], rows[2] = "桃溪路1号驿站", {**rows[2], **near, "名称": "桃溪路2号驿站"}
    assert codes(check(rows)) == []


def test_planned_stations_need_no_hours(check: Check) -> None:
    assert codes(check(changed(0, 状态="规划中", 开放时间=""))) == []


def test_a_status_nobody_can_read_is_never_published_as_open(check: Check) -> None:
    report = check(changed(0, 状态="老板跑了"))
    assert codes(report) == [("unreadable_status", 2)]
    assert report.counts["quarantined"] == 1


def test_cells_that_are_left_out_are_told(check: Check) -> None:
    report = check(changed(0, 座位="很多", 进门方式="翻墙", 插座="4 个", 备注="好"))
    assert sorted(codes(report)) == [
        ("columns_not_understood", None), ("unreadable_value", 2), ("unreadable_value", 2)
    ]  # fmt: skip
    assert report.stations["sockets"].tolist()[0] == 4
    assert report.stations["entry"].tolist()[0] is None


class TestPasted:
    AMAP = "【桥头】示意路 https://uri.amap.com/marker?position=116.9537,31.4599&name=a"

    def test_a_link_is_read_in_its_own_datum(self, check: Check) -> None:
        rows = [{**row, "坐标": "", "坐标来源": "GPS"} for row in changed(1, 经度="", 纬度="")]
        rows[1] |= {"坐标": self.AMAP, "坐标来源": ""}
        report = check(rows, datum=None)
        assert codes(report) == []
        station = report.stations.iloc[1]
        assert [station[f"source_{part}"] for part in ("x", "y", "datum")] == [
            "116.9537", "31.4599", "gcj02"
        ]  # fmt: skip
        assert station.geometry.x == pytest.approx(116.94857, abs=1e-5)

    def test_a_heading_against_the_file_stops_the_file(self, check: Check) -> None:
        named = {"经度": "百度经度", "纬度": "百度纬度"}
        rows = [{named.get(name, name): text for name, text in row.items()} for row in GOOD]
        report = check(rows, datum="gcj02")
        assert codes(report) == [("datum_contradicted", None)]
        assert report.blocked
        assert report.counts["quarantined"] == 4
        report = check(rows, datum=None)
        assert set(report.stations["source_datum"]) == {"bd09"}

    def test_a_heading_against_a_row_holds_the_row_back(self, check: Check) -> None:
        rows = [{**row, "经度（高德）": row["经度"], "坐标来源": ""} for row in GOOD]
        rows[2]["坐标来源"] = "百度"
        report = check([{k: v for k, v in row.items() if k != "经度"} for row in rows], datum=None)
        assert codes(report) == [("datum_contradicted", 4)]

    def test_degrees_are_kept_as_written(self, check: Check) -> None:
        report = check(changed(1, 经度="116°56′52.8″E", 纬度="北纬31.462"))
        assert codes(report) == []
        station = report.stations.iloc[1]
        assert station["source_x"] == "116°56′52.8″E"
        assert station.geometry.x == pytest.approx(116.948)


class TestDatum:
    def test_a_silent_sheet_is_stopped_with_the_question(
        self, check: Check, tmp_path: Path
    ) -> None:
        for path in (None, write_xlsx(tmp_path / "ledger.xlsx", GOOD)):
            report = check(path or GOOD, datum=None)
            assert codes(report) == [("datum_undeclared", None)]
            assert report.blocked
            assert report.has_errors
            assert report.counts["published"] == 0
            assert report.counts["quarantined"] == report.counts["rows"] == 4
            assert "坐标从哪抄的" in report.findings[0].message_zh

    def test_one_silent_row_among_others_is_held_back(self, check: Check) -> None:
        rows = [{**row, "坐标来源": "手机GPS" if i else ""} for i, row in enumerate(GOOD)]
        report = check(rows, datum=None)
        assert codes(report) == [("datum_undeclared", 2)]
        assert not report.blocked
        assert report.counts["quarantined"] == 1

    def test_an_unknown_answer_is_held_back(self, check: Check) -> None:
        report = check(changed(0, 坐标来源="谷歌"), datum="wgs84")
        assert codes(report) == [("datum_undeclared", 2)]

    def test_geojson_is_wgs84_with_one_warning(self, check: Check, tmp_path: Path) -> None:
        report = check(write_geojson(tmp_path / "a.geojson", GOOD), datum=None)
        assert codes(report) == [("datum_undeclared", None)]
        assert report.findings[0].severity == "warning"
        assert not report.blocked
        assert report.counts["published"] == 4

    def test_the_row_comes_before_the_file(self, check: Check) -> None:
        as_wgs84 = check(GOOD).stations.geometry
        report = check(changed(0, 坐标来源="高德"), datum="wgs84")
        moved = report.stations.geometry
        assert moved.iloc[1:].geom_equals(as_wgs84.iloc[1:]).all()
        assert 0.004 < as_wgs84.iloc[0].distance(moved.iloc[0]) < 0.007  # some 540 m
        assert report.stations["source_datum"].tolist()[:2] == ["gcj02", "wgs84"]


class TestPages:
    def test_every_rule_is_an_essay_in_two_languages(self) -> None:
        for entry in rules_json():
            assert all(entry.values())
            assert len(entry["page_zh"]) > 50
            assert len(entry["page_en"]) > 100
            assert entry["code"] in rules_page(entry["code"], "zh")
            assert entry["title_en"] in rules_page(entry["code"], "en")
            assert entry["code"] in rules_list("zh")

    def test_an_unknown_rule_is_an_error(self) -> None:
        with pytest.raises(UsageError):
            rules_page("no_such_rule")


def test_every_rule_has_a_case(shucheng: County) -> None:
    elsewhere = {
        "duplicate_station_id", "datum_undeclared",
        "moved_since_last_release", "moved_as_a_whole", "count_dropped",  # test_rules_release
        "unreadable_status", "unreadable_value",
        "columns_not_understood", "summary_row", "other_sheet", "other_county", "exact_copy",
        "illustrative_evicted", "merged_cells", "hidden_cells", "cell_without_value",
        "id_not_given_yet",  # test_validate
        "in_water", "unreachable_by_ebike", "far_from_street", "surroundings_unread",
        "datum_suspect", "datum_undecided",
        "ledger_not_on_map", "map_not_in_ledger",
        "file_not_found", "file_not_a_ledger", "file_damaged", "file_too_large", "file_empty",
        "header_not_found", "column_missing", "column_twice",  # test_refusals
    }  # fmt: skip
    assert {case[0] for case in ONE_FAULT} | elsewhere == set(RULES)


def test_what_is_found_before_the_rules_has_a_page_and_its_severity(root: Path) -> None:
    """``Finding("code", "severity", …)`` and the readers' ``notes.append(("code", …))``."""
    found = set()
    for path in (root / "locator").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            match call:
                case ast.Call(
                    ast.Name("Finding"), [ast.Constant(str(code)), ast.Constant(severity), *_]
                ):
                    assert RULES[code].severity == severity
                    found.add(code)
                case ast.Call(
                    ast.Attribute(ast.Attribute(attr="notes"), "append"),
                    [ast.Tuple([ast.Constant(str(code)), *_])],
                ):
                    assert RULES[code].severity == "warning"
                    found.add(code)
    assert found == {code for code in RULES if RULES[code].check.__module__.endswith(".intake")}


def test_a_swapped_point_in_one_cell_is_corrected_in_one_cell(check: Check) -> None:
    plain = {name: text for name, text in GOOD[0].items() if name not in ("经度", "纬度")}
    (found,) = check([{**plain, "坐标": "31.46407,116.95203"}]).findings
    assert found.code == "coordinate_swapped"
    assert "请改成「116.95203,31.46407」，经度在前" in found.message_zh


def test_air_conditioning_is_for_warming_or_for_cooling(check: Check) -> None:
    (found,) = [f for f in check([{**GOOD[0], "服务": "饮水、空调"}]).findings
                if f.code == "unknown_service"]  # fmt: skip
    assert "是不是「取暖」、「纳凉」？" in found.message_zh


def test_a_message_names_the_column_as_the_ledger_does(check: Check) -> None:
    as_template = [
        {("坐标从哪抄的*" if name == "坐标来源" else name): text for name, text in row.items()}
        for row in [{**row, "坐标来源": "高德"} for row in GOOD[:3]]
    ]
    as_template[1]["坐标从哪抄的*"] = ""
    as_template[2] |= {"坐标从哪抄的*": "", "经度": "", "纬度": ""}
    found = [(f.code, f.row, f.message_zh) for f in check(as_template, datum=None).findings]
    assert [said[:2] for said in found if said[0].startswith("datum")] == [("datum_undeclared", 3)]
    assert "没有填「坐标从哪抄的」" in next(
        zh for code, _, zh in found if code == "datum_undeclared"
    )
    assert ("missing_required_field", 4) in [said[:2] for said in found]
