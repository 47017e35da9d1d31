"""The strict readers: what they take, what they refuse and in which words, and what it costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from locator.errors import LedgerError
from locator.stations.intake import HEADINGS, read_ledger
from locator.stations.readers import BEYOND, MAX_CELL, Cells
from locator.stations.readers_child import read_in_child

pytestmark = pytest.mark.child

HEAD = "编号,类型,名称,经度,纬度\n"
ROW = "341523-001,暖新驿站,鼓楼驿站,116.95,31.46\n"
POINT = (
    '{"type":"Feature","geometry":{"type":"Point","coordinates":[116.95,31.46]},"properties":%s}'
)
SLOWEST_S = 5.0

Write = Callable[[str, bytes | str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def run(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return run


def cells_of(path: Path, headings: frozenset[str] = frozenset(HEADINGS)) -> Cells:
    return read_in_child(path, headings)[1]


def collection(*properties: str) -> str:
    features = ",".join(POINT % each for each in properties)
    return '{"type":"FeatureCollection","features":[' + features + "]}"


def refused(path: Path) -> str:
    """The sentence with which a file is refused, within the time allowed."""
    started = time.monotonic()
    with pytest.raises(LedgerError) as caught:
        read_ledger(path)
    assert time.monotonic() - started < SLOWEST_S * 2  # twice, for a busy machine
    text = str(caught.value)
    assert text.startswith(f"{path.name}：")
    assert " / " in text
    assert "\n" not in text
    assert "Traceback" not in text
    return text


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_encodings(self, write: Write, encoding: str) -> None:
        found = cells_of(write("a.csv", (HEAD + ROW).encode(encoding)))
        assert found.columns == ["编号", "类型", "名称", "经度", "纬度"]
        assert found.cells == [["341523-001", "暖新驿站", "鼓楼驿站", "116.95", "31.46"]]
        assert found.numbers == [2]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_delimiters(self, write: Write, delimiter: str) -> None:
        found = cells_of(write("a.csv", (HEAD + ROW).replace(",", delimiter)))
        assert len(found.columns) == 5

    def test_rows_are_numbered_as_a_spreadsheet_does(self, write: Write) -> None:
        text = "舒城县驿站台账\n\n" + HEAD + '1,a,"两\n行",1,2\n\n' + ROW
        found = cells_of(write("a.csv", text))
        assert found.numbers == [4, 6]
        assert found.cells[0][2] == "两\n行"

    def test_cells_beyond_the_header_are_kept(self, write: Write) -> None:
        found = cells_of(write("a.csv", HEAD + ROW.strip() + ",甲,乙\n" + ROW))
        assert found.columns[-1] == BEYOND
        assert [row[-1] for row in found.cells] == ["甲\t乙", ""]

    def test_headings_may_be_wide_starred_or_english(self, write: Write) -> None:
        text = "ＩＤ,Kind*, 名 称 ,LON,lat：,备注\n" + ROW.strip() + ",x\n"
        ledger = read_ledger(write("a.csv", text))
        assert {*ledger.columns} == {"id", "kind", "name", "lon", "lat"}
        assert [notice.code for notice in ledger.notices] == ["columns_not_understood"]
        assert ledger.row(0).values["备注"] == "x"

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            ("", "空的"),
            ("\n \n", "空的"),
            (HEAD, "没有一行驿站"),
            ("甲,乙\n1,2\n", "没找到表头"),
            ("编号,名称\n1,2\n", "「类型」「经度」「纬度」"),
            (HEAD.strip() + ",名称\n" + ROW, "出现了两次"),
            (HEAD.strip() + ",lon\n" + ROW, "是同一列"),
            (HEAD + '"没有配对的引号\n' + ROW, "引号没有配对"),
            (HEAD + ROW.replace("鼓楼", "鼓" * (MAX_CELL + 1)), "超过 10,000 个字"),
            (HEAD.encode() + b"\xff\xfe\x00\x01\xff", "编码"),
            (b"\0" * 100, "编码"),
            (HEAD.encode("utf-16-le"), "编码"),
            (b"PK\x03\x04", "Excel/zip"),
            (",".join(f"c{i}" for i in range(200)) + ",编号,名称\n", "列"),
        ],
    )
    def test_refused(self, write: Write, content: bytes | str, word: str) -> None:
        assert word in refused(write("a.csv", content))

    def test_too_many_rows(self, write: Write) -> None:
        assert "200,000 行" in refused(write("a.csv", "id,kind,name,lon,lat\n" + "1\n" * 200_001))

    @pytest.mark.campaign
    def test_the_rows_of_a_whole_country_are_read(self, write: Write) -> None:
        rows = "".join(f"341523-{i},canteen,n,116,31\n" for i in range(200_000))
        assert len(cells_of(write("a.csv", "id,kind,name,lon,lat\n" + rows)).cells) == 200_000


class TestGeojson:
    def test_properties_become_text(self, write: Write) -> None:
        ledger = read_ledger(
            write(
                "a.geojson",
                collection(
                    '{"id":"a","services":["x","y"],"service_hours":{"x":"24/7"},"seats":4,'
                    '"phone":null,"ok":true,"lon":"a remark"}'
                ),
            )
        )
        assert ledger.row(0).row == 1
        assert ledger.row(0).values == {
            "id": "a", "services": "x;y", "service_hours": "x: 24/7", "seats": "4", "ok": "true",
            "properties.lon": "a remark", "lon": "116.95", "lat": "31.46",
        }  # fmt: skip

    def test_numbers_stay_as_written(self, write: Write) -> None:
        text = collection("{}").replace("116.95", "116.9500").replace("31.46", "3.146e1")
        assert cells_of(write("a.geojson", text)).cells == [["116.9500", "3.146e1"]]

    @pytest.mark.parametrize(
        ("geometry", "x", "y"),
        [
            ("null", "", ""),
            ('{"type":"Point","coordinates":[]}', "", ""),
            ('{"type":"Point","coordinates":["东经",31]}', "东经", "31"),
            ('{"type":"Point","coordinates":[116.95,31.46,12]}', "116.95", "31.46"),
            ('{"type":"Point","coordinates":[[1,2],null]}', "1;2", ""),
        ],
    )
    def test_odd_points_are_for_the_checks(
        self, write: Write, geometry: str, x: str, y: str
    ) -> None:
        text = '{"type":"FeatureCollection","features":[{"type":"Feature","id":7,"geometry":%s}]}'
        ledger = read_ledger(write("a.geojson", text % geometry))
        assert ledger.row(0).values.get("lon", "") == x
        assert ledger.row(0).values.get("lat", "") == y

    @pytest.mark.parametrize(
        ("crs", "datum"),
        [("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"), ("urn:ogc:def:crs:EPSG::4490", "cgcs2000")],
    )
    def test_an_old_crs_member_declares(self, write: Write, crs: str, datum: str) -> None:
        member = '"crs":' + json.dumps({"properties": {"name": crs}}) + ',"features"'
        text = collection('{"id":"a"}').replace('"features"', member)
        assert read_ledger(write("a.geojson", text)).datum == datum

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("{", "JSON"),
            ("[1,2]", "最外层是 list"),
            ("12", "最外层是"),
            ("null", "最外层是"),
            ('{"type":"Topology"}', "Topology"),
            ('{"type":"FeatureCollection"}', "features 应为列表"),
            ('{"type":"FeatureCollection","features":[]}', "没有一行驿站"),
            ('{"type":"FeatureCollection","features":[3]}', "第 1 个要素"),
            (collection("[]").replace("[]", '["a"]'), "properties 应为对象"),
            (collection("{}").replace("[116.95,31.46]", '"here"'), "没有坐标"),
            (collection("{}").replace('"Point"', '"Polygon"'), "Polygon"),
            (collection('{"a":NaN}'), "NaN"),
            (collection('{"a":-Infinity}'), "-Infinity"),
            (collection('{"a":1e999}'), "1e999"),
            (collection('{"a":' + "9" * 5000 + "}"), "999"),
            (collection('{"a":1,"a":2}'), "两次"),
            ("[" * 100_000, "嵌套太深"),
            ('{"a":' * 100_000, "嵌套太深"),
            (collection('{"a":"\\ud800"}'), "孤立代理项"),
            (collection('{"\\udfff":"a"}'), "孤立代理项"),
            (collection(json.dumps({"a": "x" * (MAX_CELL + 1)})), "10,000"),
            (collection(json.dumps({f"k{i}": 1 for i in range(120)})), "列"),
            (b"\xff\xfe" + collection("{}").encode("utf-16-le"), "UTF-8"),
            (collection("{}").replace('"features"', '"crs":"EPSG:3857","features"'), "3857"),
        ],
    )
    def test_refused(self, write: Write, text: bytes | str, word: str) -> None:
        assert word in refused(write("a.geojson", text))


class TestXlsx:
    def test_cells_are_as_the_clerk_sees_them(self, tmp_path: Path) -> None:
        import datetime

        book = openpyxl.Workbook()
        sheet = book.active
        sheet.merge_cells("A1:C1")
        sheet["A1"] = "舒城县暖新驿站台账"
        sheet.append([])
        sheet.append(["编号", "类型", "名称", "经度", "纬度", "核实日期", "开放时间", "座位"])
        sheet.append(
            [
                "0017",
                "a",
                True,
                116.95000000000002,
                31,
                datetime.date(2026, 10, 1),
                datetime.time(8, 0),
                12,
            ]
        )
        sheet.append([None] * 8)
        sheet.append(
            [
                "341523-017",
                "b",
                "c",
                "116.95",
                1.5e-7,
                datetime.datetime(2026, 10, 1, 8, 30),
                datetime.timedelta(hours=24),
                0.5,
            ]
        )
        path = tmp_path / "a.xlsx"
        book.save(path)
        found = cells_of(path)
        assert found.numbers == [4, 6]
        assert found.cells == [
            ["0017", "a", "TRUE", "116.95", "31", "2026-10-01", "08:00", "12"],
            ["341523-017", "b", "c", "116.95", "1.5e-07", "2026-10-01 08:30", "24:00", "0.5"],
        ]  # fmt: skip

    def test_the_sheet_that_is_a_ledger_is_read(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.active["A1"] = "填表说明"
        for title in ("台账", "旧台账"):
            sheet = book.create_sheet(title)
            for line in (HEAD + ROW).splitlines():
                sheet.append(line.split(","))
        hidden = book.create_sheet("隐藏")
        hidden.append(HEAD.strip().split(","))
        hidden.sheet_state = "hidden"
        path = tmp_path / "a.xlsx"
        book.save(path)
        found = cells_of(path)
        assert len(found.cells) == 1
        assert [note[0] for note in found.notes] == ["other_sheet", "other_sheet"]
        assert "旧台账" in found.notes[0][1]
        assert "隐藏的工作表「隐藏」也像台账，没有读" in found.notes[1][1]

    def test_coloured_empty_cells_far_out_do_no_harm(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        for line in (HEAD + ROW).splitlines():
            book.active.append(line.split(","))
        book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
        path = tmp_path / "a.xlsx"
        book.save(path)
        assert len(cells_of(path).cells) == 1


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    "%s</sheetData></worksheet>"
)


def bomb(path: Path, sheet: str, *, extra: dict[str, bytes] | None = None, head: str = "") -> Path:
    """A workbook whose only sheet is the XML given."""
    book = openpyxl.Workbook()
    book.active["A1"] = "编号"
    plain = path.with_name("plain.xlsx")
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = (head + SHEET % sheet).encode()
            out.writestr(name, content)
        for name, content in (extra or {}).items():
            out.writestr(name, content)
    return path


def cell(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


class TestBombs:
    def test_one_cell_in_the_last_corner(self, tmp_path: Path) -> None:
        sheet = (
            f'<row r="1">{cell("A1", "x")}</row><row r="1048576">{cell("XFD1048576", "x")}</row>'
        )
        assert "第 1,048,576 行" in refused(bomb(tmp_path / "a.xlsx", sheet))

    def test_the_corner_spelt_with_entities(self, tmp_path: Path) -> None:
        corner = cell("&#88;FD1048576", "x")
        sheet = f'<row r="1">{cell("A1", "x")}</row><row r="1048576">{corner}</row>'
        refused(bomb(tmp_path / "a.xlsx", sheet))

    @pytest.mark.slow
    def test_a_huge_cell(self, tmp_path: Path) -> None:
        sheet = f'<row r="1">{cell("A1", "x" * 200_000_000)}</row>'
        assert "内部结构不正常" in refused(bomb(tmp_path / "a.xlsx", sheet))

    @pytest.mark.campaign
    def test_many_rows(self, tmp_path: Path) -> None:
        rows = "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 300_000))
        refused(bomb(tmp_path / "a.xlsx", rows))

    def test_a_part_that_unpacks_a_thousandfold(self, tmp_path: Path) -> None:
        zeros = {"xl/media/a.bin": b"\0" * 60_000_000}
        assert "60 MB" in refused(bomb(tmp_path / "a.xlsx", "", extra=zeros))

    def test_many_members(self, tmp_path: Path) -> None:
        extra = {f"xl/{i}.xml": b"" for i in range(300)}
        assert "个部分" in refused(bomb(tmp_path / "a.xlsx", "", extra=extra))

    def test_entities_that_multiply(self, tmp_path: Path) -> None:
        entities = "".join(
            f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' if i else '<!ENTITY a0 "ha">'
            for i in range(10)
        )
        head = f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>'
        path = bomb(tmp_path / "a.xlsx", f'<row r="1">{cell("A1", "&a9;")}</row>', head=head)
        assert "DOCTYPE" in refused(path)

    @pytest.mark.parametrize("name", ["../../evil.xml", "/etc/evil.xml", "xl\\..\\evil.xml"])
    def test_names_that_climb(self, tmp_path: Path, name: str) -> None:
        assert "内部结构" in refused(bomb(tmp_path / "a.xlsx", "", extra={name: b"x"}))
        assert not (tmp_path.parent.parent / "evil.xml").exists()

    def test_a_password(self, write: Write) -> None:
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        assert "密码" in refused(write("a.xlsx", ole + "EncryptedPackage".encode("utf-16-le")))
        assert "旧版 .xls" in refused(write("a.xlsx", ole))

    @pytest.mark.parametrize(
        "content", [b"PK\x03\x04 nothing", b"%PDF-1.7", b"PK\x05\x06" + b"\0" * 18]
    )
    def test_no_workbook(self, write: Write, content: bytes) -> None:
        assert "工作簿" in refused(write("a.xlsx", content))

    def test_a_file_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        with path.open("wb") as file:
            file.truncate(30_000_000)
        assert "30 MB" in refused(path)

    def test_what_is_no_file(self, tmp_path: Path) -> None:
        assert "找不到" in refused(tmp_path / "missing.csv")
        (tmp_path / "folder.csv").mkdir()
        assert "不是文件" in refused(tmp_path / "folder.csv")
        if hasattr(os, "mkfifo"):
            os.mkfifo(tmp_path / "pipe.csv")
            assert "不是文件" in refused(tmp_path / "pipe.csv")
        assert "只认" in refused(tmp_path / "what.pdf")


class TestNothingElseIsRead:
    """A file that GDAL would follow to another file gives nothing of that file away."""

    CANARY = "canary-7f3a"

    def disguises(self, target: Path) -> list[tuple[str, bytes]]:
        vrt = (
            f'<OGRVRTDataSource><OGRVRTLayer name="c"><SrcDataSource>{target}</SrcDataSource>'
            "</OGRVRTLayer></OGRVRTDataSource>"
        ).encode()
        gdalg = json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline "
                            f"! read {target}"}).encode()  # fmt: skip
        shapes = [vrt, b"\xef\xbb\xbf" + vrt, b"  \n" + vrt, vrt.decode().encode("utf-16"), gdalg,
                  f"/vsicurl/http://127.0.0.1:1/{target}".encode()]  # fmt: skip
        return [
            (f"a{i}{suffix}", content)
            for i, content in enumerate(shapes)
            for suffix in (".geojson", ".json", ".csv", ".txt", ".xlsx", ".zip")
        ]

    @pytest.mark.slow
    def test_disguises(self, write: Write, tmp_path: Path) -> None:
        target = tmp_path / "secret.csv"
        target.write_text(HEAD + ROW.replace("鼓楼驿站", self.CANARY), "utf-8")
        for name, content in self.disguises(target):
            assert self.CANARY not in refused(write(name, content))

    def test_no_module_here_knows_gdal(self) -> None:
        code = (
            "import sys; import locator.stations.readers_child, locator.stations.readers_csv, "
            "locator.stations.readers_geojson, locator.stations.readers_xlsx; "
            "print({'geopandas', 'pyogrio', 'fiona', 'osgeo', 'numpy', 'numba'} & {*sys.modules})"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        assert done.stdout.strip() == b"set()"


class TestChild:
    def test_it_starts_quickly(self, write: Write) -> None:
        path = write("a.csv", HEAD + ROW)
        best = min(self._time(path) for _ in range(5))
        assert best < 0.3

    def _time(self, path: Path) -> float:
        started = time.monotonic()
        read_ledger(path)
        return time.monotonic() - started

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no resource limits")
    def test_memory_is_limited(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        from locator.stations import readers_child

        hungry = readers_child._START.replace("main()", "_limit(); x = b'x' * 2_000_000_000")
        monkeypatch.setattr(readers_child, "_START", hungry.replace("import main", "import _limit"))
        assert "内存或时间" in refused(write("a.csv", HEAD + ROW))

    def test_time_is_limited(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        from locator.stations import readers_child

        monkeypatch.setattr(readers_child, "WALL_S", 0.3)
        monkeypatch.setattr(readers_child, "_START", "import time; time.sleep(60)")
        assert "内存或时间" in refused(write("a.csv", HEAD + ROW))
