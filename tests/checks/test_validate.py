"""Whose a row is, what a release reads back, and the reports."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from locator.checks.findings import SHOWN, report_json, report_text
from locator.checks.validate import validate, validate_readable
from locator.county import County
from locator.errors import UsageError
from locator.geo.datum import convert_datum
from locator.stations.table import stations_to_geojson

from .conftest import AS_OF, Check
from .ledgers import GOOD, changed, codes, write_csv

KUANDIAN = {
    "编号": "210624-901", "县": "宽甸", "类型": "工会驿站", "名称": "江边驿站", "经度": "124.78405",
    "纬度": "40.73102", "开放时间": "24/7", "核实日期": "2026-10-01",
}  # fmt: skip


class TestFiles:
    def test_two_files_of_one_name_are_told_apart(self, shucheng: County, tmp_path: Path) -> None:
        """A sheet that does not say its datum is stopped, whatever its namesake says."""
        files = []
        for number, source in enumerate(("高德", "")):
            (tmp_path / str(number)).mkdir()
            row = {**GOOD[number], "坐标来源": source}
            files.append(write_csv(tmp_path / str(number) / "台账.csv", [row]))
        for order in (files, files[::-1]):
            report = validate(order, [shucheng], as_of=AS_OF)
            assert report.blocked
            assert report.counts["published"] == report.counts["quarantined"] == 1
            assert {finding.file for finding in report.findings} == {"1/台账.csv"}
            assert report.quarantined[0].file == "1/台账.csv"

    @pytest.mark.parametrize("names", [("经度", "纬度"), ("lng", "lat"), ("X", "Y")])
    def test_geojson_that_repeats_its_position_as_properties(
        self, shucheng: County, tmp_path: Path, names: tuple[str, str]
    ) -> None:
        """As every map program writes it that made the points from a table's columns."""
        said = {key: text for key, text in GOOD[0].items() if key not in ("经度", "纬度")}
        said = {names[0]: "1", names[1]: "2", **said}
        point = {"type": "Point", "coordinates": [116.944, 31.462]}
        feature = {"type": "Feature", "geometry": point, "properties": said}
        path = tmp_path / "map.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
        report = validate([path], [shucheng], as_of=AS_OF)
        assert report.counts["published"] == 1
        assert (report.stations.geometry.x[0], report.stations.geometry.y[0]) == (116.944, 31.462)
        (told,) = (each for each in report.findings if each.code == "columns_not_understood")
        assert names[0] in told.message_zh


class TestRowsAside:
    UNDER = ({"编号": "合计", "名称": "4 个"}, {"编号": "填表人：示意"})

    def test_totals_and_signatures_are_told_and_not_counted(self, check: Check) -> None:
        report = check([*GOOD, *self.UNDER])
        assert codes(report) == [("summary_row", None)]
        assert report.findings[0].detail == {"rows": [6, 7]}
        assert report.counts == {"rows": 4, "published": 4, "quarantined": 0, "duplicates": 0}


class TestCounties:
    def test_rows_of_another_county_are_set_aside_and_told(self, check: Check) -> None:
        report = check([*GOOD, KUANDIAN])
        assert codes(report) == [("other_county", None)]
        assert report.counts["rows"] == report.counts["published"] == 4

    def test_each_row_goes_to_its_own(self, counties: tuple[County, ...], tmp_path: Path) -> None:
        rows = [{**row, "县": ""} for row in [*GOOD, KUANDIAN]]  # the id tells
        path = write_csv(tmp_path / "both.csv", rows)
        report = validate([path], counties, all_counties=counties, datum="wgs84", as_of=AS_OF)
        assert codes(report) == []
        assert report.stations["county"].tolist() == ["210624"] + ["341523"] * 4
        assert report.stations.crs is not None

    def test_a_row_of_nobody_is_held_back(
        self, counties: tuple[County, ...], tmp_path: Path
    ) -> None:
        path = write_csv(tmp_path / "both.csv", changed(0, 编号="999999-1", 县=""))
        report = validate([path], counties, all_counties=counties, datum="wgs84", as_of=AS_OF)
        assert codes(report) == [("missing_required_field", 2)]
        assert report.findings[0].field == "county"

    @pytest.mark.parametrize("name", ["安徽省六安市舒城县", "舒城", "SHUCHENG", " 舒城县 "])
    def test_names_of_a_county(self, check: Check, name: str) -> None:
        assert codes(check(changed(0, 县=name))) == []

    def test_a_name_that_says_it_is_made_up_is_believed(self, check: Check) -> None:
        """A copied row whose source somebody has filled in is no surveyed station."""
        rows = [{**row, "来源": "实地核实"} for row in changed(0, 名称="鼓楼驿站（示意）")]
        assert check(rows).stations["provenance"].tolist() == ["illustrative"] + ["surveyed"] * 3

    def test_a_provenance_that_cannot_be_read_is_that_of_a_ledger(self, check: Check) -> None:
        report = check(changed(1, 来源="听说的"))
        assert codes(report) == [("unreadable_value", 3)]
        assert set(report.stations["provenance"]) == {"ledger"}
        json.dumps(stations_to_geojson(report.stations), allow_nan=False)

    def test_a_real_ledger_evicts_the_illustrative_one(
        self, shucheng: County, tmp_path: Path
    ) -> None:
        made_up = [
            {**row, "编号": f"341523-{i}", "名称": f"{row['名称']}（示意）"}
            for i, row in enumerate(GOOD)
        ]
        files = [
            write_csv(tmp_path / "made-up.csv", made_up), write_csv(tmp_path / "real.csv", GOOD)
        ]  # fmt: skip
        alone = validate(files[:1], shucheng, datum="wgs84", as_of=AS_OF)
        assert set(alone.stations["provenance"]) == {"illustrative"}
        report = validate(files, shucheng, datum="wgs84", as_of=AS_OF)
        assert codes(report) == [("illustrative_evicted", None)]
        assert set(report.stations["provenance"]) == {"ledger"}
        assert report.counts["rows"] == 4


def test_what_was_published_comes_back_the_same(
    check: Check, shucheng: County, tmp_path: Path
) -> None:
    first = check(GOOD, datum="gcj02").stations
    path = tmp_path / "stations.geojson"
    path.write_text(json.dumps(stations_to_geojson(first), ensure_ascii=False), "utf-8")
    report = validate([path], shucheng, as_of=AS_OF)
    assert codes(report) == []
    assert stations_to_geojson(report.stations) == stations_to_geojson(first)
    assert report.stations["source_datum"].tolist() == ["gcj02"] * 4


def test_a_point_moved_since_is_its_own_source(
    check: Check, shucheng: County, tmp_path: Path
) -> None:
    collection = stations_to_geojson(check(GOOD, datum="gcj02").stations)
    collection["features"][0]["geometry"]["coordinates"] = [116.95, 31.47]
    path = tmp_path / "stations.geojson"
    path.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")
    first = validate([path], shucheng, as_of=AS_OF).stations.iloc[0]
    assert (first.geometry.x, first.geometry.y) == (116.95, 31.47)
    assert (first["source_datum"], first["source_x"]) == ("wgs84", "116.95")


def test_in_a_sheet_a_point_that_left_its_source_is_asked_about(check: Check) -> None:
    carried = {"坐标来源": "高德", "原始经度": "116.95750", "原始纬度": "31.46400"}
    x, y = (
        f"{float(v):.7f}" for v in convert_datum(116.9575, 31.464, source="gcj02", target="wgs84")
    )
    assert codes(check(changed(2, **carried, 经度=x, 纬度=y))) == []
    # Copied anew from the same map: 540 m off if it were taken for WGS-84, and nobody can tell.
    report = check(changed(2, **carried, 经度="116.95810", 纬度="31.46410"))
    assert codes(report) == [("datum_contradicted", 4)]
    assert "原始经度" in report.findings[0].message_zh


def test_the_datum_of_county_toml_speaks_for_its_own_ledgers_only(
    shucheng: County, tmp_path: Path
) -> None:
    settings = {**shucheng.model_dump(), "folder": tmp_path, "ledgers": ("own.csv",)}
    county = County(**{**settings, "ledger_datum": "gcj02", "outline": None})
    own = write_csv(tmp_path / "own.csv", GOOD)
    other = write_csv(tmp_path / "other.csv", GOOD)
    assert not validate([own], county, as_of=AS_OF).blocked
    assert validate([other], county, as_of=AS_OF).blocked


def test_a_county_without_outline_is_not_checked_for_it(shucheng: County, tmp_path: Path) -> None:
    county = shucheng.model_copy(update={"outline": None})
    path = write_csv(tmp_path / "a.csv", changed(0, 经度="117.2831", 纬度="31.8563"))
    assert codes(validate([path], county, datum="wgs84", as_of=AS_OF)) == []


def test_a_ledger_not_adopted_yet_may_lack_ids(
    shucheng: County, counties: tuple[County, ...], tmp_path: Path
) -> None:
    rows = changed(1, 编号="")
    path = write_csv(tmp_path / "new.csv", rows)
    report = validate_readable([path], shucheng, all_counties=counties, datum="wgs84", as_of=AS_OF)
    assert codes(report) == [("id_not_given_yet", None)]
    assert "1 行没有编号" in report.findings[0].message_zh
    assert report.counts["published"] == 4
    # Nobody reads the name that the row has for this run.
    assert report.rows["id"].tolist()[1] == ""
    whole = changed(1, 编号="", 名称="")
    (_, nameless) = validate_readable(
        [write_csv(tmp_path / "two.csv", whole)], shucheng, datum="wgs84", as_of=AS_OF
    ).findings
    assert (nameless.code, nameless.id) == ("missing_required_field", None)


def test_a_ledger_in_use_needs_ids(shucheng: County, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "own.csv", changed(1, 编号=""))
    own = County.model_validate({**shucheng.model_dump(), "ledgers": (str(path),)})
    report = validate_readable([path], own, datum="wgs84", as_of=AS_OF)
    assert codes(report) == [("missing_required_field", 3)]


def test_the_same_file_twice_is_copies(shucheng: County, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", GOOD)
    report = validate([path, path], shucheng, datum="wgs84", as_of=AS_OF)
    assert report.counts == {"rows": 8, "published": 4, "quarantined": 0, "duplicates": 4}


def test_nothing_to_check_is_wrong_use(shucheng: County) -> None:
    with pytest.raises(UsageError):
        validate([], shucheng, as_of=AS_OF)


class TestReports:
    def test_text_sums_up_first_and_caps_each_code(self, check: Check) -> None:
        rows = [{**GOOD[0], "编号": f"341523-{i}", "经度": "", "纬度": ""} for i in range(20)]
        text = report_text(check(rows))
        first, *rest = text.splitlines()
        assert first == "ledger.csv：共 20 行 = 可发布 0 + 退回 20 + 重复 0"
        assert sum("没有填坐标" in line for line in rest) == SHOWN
        assert f"还有 {20 - SHOWN} 处" in text
        assert "× 20" in text
        assert "20 errors" in report_text(check(rows), "en")

    def test_text_of_a_good_table(self, check: Check) -> None:
        assert report_text(check(GOOD)).endswith("没有发现问题。")

    def test_json_is_what_the_contract_says(self, check: Check) -> None:
        result = json.loads(json.dumps(report_json(check(changed(0, 类型="小屋")))))
        assert result["counts"] == {
            "rows": 4, "published": 3, "quarantined": 1, "duplicates": 0
        }  # fmt: skip
        assert result["blocked"] is False
        assert result["findings"][0] == {
            "code": "unknown_kind", "severity": "error", "file": "ledger.csv", "row": 2,
            "id": "341523-901", "field": "kind", "value": "小屋", "detail": None,
            "message_zh": "第 2 行的类型「小屋」不认识。"
            "请填：暖新驿站、工会驿站、小哥食堂、友好小区。",
            "message_en": "row 2: '小屋' is no kind of this county; use warm_station, union_post, "
            "canteen, friendly_estate.",
        }  # fmt: skip
        (held,) = result["quarantine"]
        assert held["codes"] == ["unknown_kind"]
        assert held["original"]["类型"] == "小屋"


class TestTheExample:
    """``data/examples/README.md`` says what is wrong in which line of the example."""

    @pytest.fixture
    def expected(self, data: Path) -> set[tuple[str, int]]:
        text = (data / "examples/README.md").read_text("utf-8")
        return {
            (code, int(line)) for line, code in re.findall(r"^\| (\d+) \| `(\w+)` \|", text, re.M)
        }

    def test_each_fault_is_found_in_its_line_and_no_other(
        self, data: Path, shucheng: County, counties: tuple[County, ...],
        expected: set[tuple[str, int]],
    ) -> None:  # fmt: skip
        path = data / "examples/ledger-with-faults.xlsx"
        report = validate([path], shucheng, all_counties=counties, as_of=date(2026, 11, 20))
        found = {(each.code, each.row) for each in report.findings if each.severity != "info"}
        assert len(expected) >= 15
        assert found == expected
        assert report.counts["rows"] == 40
        assert report.counts["duplicates"] == 1

    def test_both_counties_have_no_error(self, data: Path, counties: tuple[County, ...]) -> None:
        path = data / "stations.geojson"
        report = validate([path], counties, all_counties=counties, as_of=date(2026, 11, 20))
        assert not report.has_errors
        assert report.counts == {"rows": 76, "published": 76, "quarantined": 0, "duplicates": 0}
