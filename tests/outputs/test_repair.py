"""`locator validate --repair`: what is written, and what is not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from locator.cli import main
from locator.geo.crs import haversine_m
from locator.geo.datum import convert_datum
from tests.quick import rest_at_length

# Each runs the command with all of a county's surroundings.
pytestmark = pytest.mark.slow

Row = dict[str, str]


@pytest.fixture
def stations(data: Path) -> list[tuple[Row, float, float]]:
    """舒城's illustrative stations, copied from Amap by a clerk who says that it was a GPS."""
    found = []
    for feature in json.loads((data / "stations.geojson").read_text("utf-8"))["features"]:
        own, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
        if own["county"] != "341523":
            continue
        x, y = convert_datum(lon, lat, source="wgs84", target="gcj02")
        row = {
            "编号": own["id"], "类型": own["kind"], "名称": own["name"], "经度": f"{x:.5f}",
            "纬度": f"{y:.5f}", "依托单位": own["host"], "备注": "=1+1", "坐标来源": "手机GPS",
        }  # fmt: skip
        found.append((row, lon, lat))
    return found


@pytest.fixture
def ledger(stations: list[tuple[Row, float, float]], tmp_path: Path) -> Path:
    path = tmp_path / "台账.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(stations[0][0]))
        writer.writeheader()
        writer.writerows(row for row, _, _ in stations)
    return path


def run(data: Path, *words: object) -> Result:
    result = CliRunner().invoke(
        main, ["--data", str(data), "validate", *map(str, words), "--county", "shucheng"]
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def test_without_a_word_of_acceptance_nothing_is_written(
    data: Path, ledger: Path, tmp_path: Path
) -> None:
    out = tmp_path / "改好.csv"
    result = run(data, ledger, "--repair", out)
    assert "datum_suspect" in result.output
    assert "第 2-36 行（35 行）" in result.output
    assert "什么都没有改" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["台账.csv"]


@pytest.mark.parametrize("suffix", rest_at_length([".csv", ".xlsx", ".geojson"], ".xlsx"))
def test_the_copy_stands_right_and_says_all_else_as_before(
    data: Path, ledger: Path, stations: list[tuple[Row, float, float]], tmp_path: Path, suffix: str
) -> None:
    before = ledger.read_bytes()
    out, report = tmp_path / f"改好{suffix}", tmp_path / "report.json"
    result = run(data, ledger, "--repair", out, "--accept-repair", "all", "--as-of", "2026-11-20")
    assert "改了 35 行" in result.output
    assert ledger.read_bytes() == before
    again = run(data, out, "--json", report)
    assert "datum_suspect" not in again.output
    assert json.loads(report.read_text("utf-8"))["counts"]["rows"] == 35
    rows = table(out)
    assert len(rows) == len(stations)
    for row, (was, lon, lat) in zip(rows, stations, strict=True):
        assert haversine_m(float(row["经度"]), float(row["纬度"]), lon, lat) < 1.5
        for name in ("编号", "类型", "名称", "依托单位", "坐标来源"):
            assert row[name] == was[name]
        assert row["备注"] == ("=1+1" if suffix == ".geojson" else "'=1+1")
    log = sheet(out, "修改记录") if suffix == ".xlsx" else table(tmp_path / f"改好{suffix}.log.csv")
    assert len(log) == 35
    assert log[0]["行"] == "2"
    assert log[0]["声明的坐标系"] == "WGS-84（手机 GPS、天地图）"
    assert log[0]["真实的坐标系"] == "GCJ-02（高德、腾讯）"
    assert log[0]["日期"] == "2026-11-20"
    assert log[0]["命令"].startswith("locator validate 台账.csv --repair")


@pytest.mark.parametrize("suffix", rest_at_length([".csv", ".xlsx"], ".csv"))
def test_totals_and_stray_signs_are_in_the_copy(
    data: Path, ledger: Path, tmp_path: Path, suffix: str
) -> None:
    given = ledger.read_text("utf-8-sig").replace("=1+1", "\x0b=1+1")
    ledger.write_text(f"{given}合计,,35 个,,,,,\n", "utf-8-sig")
    out = tmp_path / f"改好{suffix}"
    run(data, ledger, "--repair", out, "--accept-repair", "all")
    if suffix == ".csv":
        rows = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    else:
        sheet = openpyxl.load_workbook(out)["台账"]
        rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert {row[6] for row in rows[1:36]} == {"'=1+1"}
    assert rows[-1][:3] == ["合计", "", "35 个"]


def test_the_templates_own_workbook_keeps_what_it_offers(data: Path, tmp_path: Path) -> None:
    given, out = tmp_path / "台账.xlsx", tmp_path / "改好.xlsx"
    command = ["--data", str(data), "--var", str(tmp_path / "var"), "template", "shucheng"]
    CliRunner().invoke(main, [*command, "--with-stations", "--out", str(given)])
    book = openpyxl.load_workbook(given)
    ledger = book.worksheets[0]
    source = next(cell.column for cell in ledger[1] if cell.value == "坐标从哪抄的*")
    for row in ledger.iter_rows(min_row=2):
        row[source - 1].value = "百度"
    book.save(given)
    assert "改了 35 行" in run(data, given, "--repair", out, "--accept-repair", "all").output
    made = openpyxl.load_workbook(out)
    assert made.sheetnames == [*book.sheetnames, "修改记录"]
    now = made.worksheets[0]
    assert now.freeze_panes == ledger.freeze_panes
    assert len(now.data_validations.dataValidation) == len(ledger.data_validations.dataValidation)
    assert now["A1"].fill.fgColor.rgb == ledger["A1"].fill.fgColor.rgb
    assert made["修改记录"]["G2"].value == "BD-09（百度）"
    assert "datum_suspect" not in run(data, out).output


def test_a_file_that_is_there_or_a_name_of_another_kind_is_refused(
    data: Path, ledger: Path, tmp_path: Path
) -> None:
    (tmp_path / "改好.csv").write_text("工作", "utf-8")
    for name, why in (("改好.csv", "已经有这个文件"), ("改好.pdf", "文件名要以")):
        result = run(data, ledger, "--repair", tmp_path / name)
        assert (result.exit_code, why in result.output) == (2, True)
    assert (tmp_path / "改好.csv").read_text("utf-8") == "工作"


def test_only_the_rows_that_are_named_move(data: Path, ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "改好.csv"
    run(data, ledger, "--repair", out, "--accept-repair", "3", "--accept-repair", "10-12")
    moved = [
        at
        for at, (a, b) in enumerate(zip(table(ledger), table(out), strict=True), start=2)
        if a["经度"] != b["经度"]
    ]
    assert moved == [3, 10, 11, 12]


@pytest.mark.parametrize("word", ["99", "2-"])
def test_a_word_that_names_no_proposal_is_refused(
    data: Path, ledger: Path, tmp_path: Path, word: str
) -> None:
    out = tmp_path / "改好.csv"
    result = run(data, ledger, "--repair", out, f"--accept-repair={word}")
    assert result.exit_code != 0
    assert not out.exists()


def test_the_ledger_is_never_written_over(data: Path, ledger: Path) -> None:
    before = ledger.read_bytes()
    result = run(data, ledger, "--repair", ledger, "--accept-repair", "all")
    assert result.exit_code != 0
    assert ledger.read_bytes() == before


def test_a_geojson_ledger_keeps_all_that_it_holds(
    data: Path, stations: list[tuple[Row, float, float]], tmp_path: Path
) -> None:
    features = [
        {"type": "Feature", "geometry":
         {"type": "Point", "coordinates": [float(row["经度"]), float(row["纬度"])]},
         "properties": {**row, "座位": 4, "标签": ["甲", "乙"]}}
        for row, _, _ in stations
    ]  # fmt: skip
    path, out = tmp_path / "台账.geojson", tmp_path / "改好.geojson"
    was = {"type": "FeatureCollection", "features": features, "note": "示意"}
    path.write_text(json.dumps(was, ensure_ascii=False), "utf-8")
    assert "改了 35 行" in run(data, path, "--repair", out, "--accept-repair", "all").output
    now = json.loads(out.read_text("utf-8"))
    for feature, (_, lon, lat) in zip(now["features"], stations, strict=True):
        x, y = feature.pop("geometry")["coordinates"]
        assert haversine_m(x, y, lon, lat) < 1.5
    for feature in was["features"]:
        feature.pop("geometry")
    assert now == was


def table(path: Path) -> list[Row]:
    if path.suffix == ".xlsx":
        return sheet(path, "台账")
    if path.suffix == ".geojson":
        return [
            {**feature["properties"], "经度": str(feature["geometry"]["coordinates"][0]),
             "纬度": str(feature["geometry"]["coordinates"][1])}
            for feature in json.loads(path.read_text("utf-8"))["features"]
        ]  # fmt: skip
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def sheet(path: Path, title: str) -> list[Row]:
    head, *rows = openpyxl.load_workbook(path)[title].iter_rows(values_only=True)
    return [dict(zip(map(str, head), map(str, row), strict=True)) for row in rows]
