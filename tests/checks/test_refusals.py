"""A file that is refused has a code, a sentence and a place, and does not take the others along."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from locator.checks.findings import report_json, report_text
from locator.checks.rules import RULES
from locator.checks.validate import validate, validate_readable
from locator.cli import main
from locator.county import County
from locator.errors import LedgerError
from locator.stations.intake import read_ledger

from .conftest import AS_OF
from .ledgers import GOOD, write_csv, write_geojson

pytestmark = pytest.mark.child

HEAD = "编号,类型,名称,经度,纬度\n"
ROW = "341523-001,暖新驿站,鼓楼驿站,116.95,31.46\n"
SURFACE = '{"type":"FeatureCollection","features":[%s]}'

#: (code, the file's name, its content, the row that is named)
REFUSED = [
    ("file_not_a_ledger", "a.pdf", b"%PDF-1.7", None),
    ("file_not_a_ledger", "a.csv", b"%PDF-1.7", None),
    ("file_not_a_ledger", "a.csv", b"PK\x03\x04", None),
    ("file_not_a_ledger", "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, None),
    ("file_not_a_ledger", "a.geojson", b'{"type":"Topology"}', None),
    ("file_damaged", "a.csv", (HEAD + ROW + '"没有配对\n').encode(), 3),
    ("file_damaged", "a.csv", HEAD.encode() + b"\xff\xfe\x00\x01\xff", None),
    ("file_damaged", "a.geojson", b"{", None),
    ("file_damaged", "a.geojson", (SURFACE % '{"type":"Feature","geometry":{}}').encode(), 1),
    ("file_damaged", "a.geojson", (SURFACE % "3").encode(), 1),
    ("file_too_large", "a.csv", (HEAD + ROW + "甲" * 10_001 + ",a,b,1,2\n").encode(), 3),
    ("file_too_large", "a.csv", (",".join(f"c{i}" for i in range(101)) + HEAD).encode(), None),
    ("file_empty", "a.csv", b"", None),
    ("file_empty", "a.csv", HEAD.encode(), None),
    ("header_not_found", "a.csv", "甲,乙\n1,2\n".encode(), None),
    ("column_missing", "a.csv", "编号,名称\n1,2\n".encode(), None),
    ("column_twice", "a.csv", (HEAD.strip() + ",名称\n" + ROW).encode(), None),
    ("column_twice", "a.csv", (HEAD.strip() + ",lon\n" + ROW).encode(), None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "content", "row"), REFUSED)
def test_each_refusal_has_its_code(
    tmp_path: Path, code: str, name: str, content: bytes, row: int | None
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LedgerError) as caught:
        read_ledger(path)
    assert (caught.value.code, caught.value.row) == (code, row)
    assert code in RULES
    assert caught.value.zh
    assert caught.value.zh != caught.value.en


def test_what_is_no_file_has_its_code(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name in ("missing.csv", "folder.csv"):
        with pytest.raises(LedgerError) as caught:
            read_ledger(tmp_path / name)
        assert caught.value.code == "file_not_found"


def test_the_other_files_are_checked(shucheng: County, tmp_path: Path) -> None:
    good = write_csv(tmp_path / "城区.csv", GOOD[:2])
    broken = tmp_path / "乡镇.csv"
    broken.write_bytes((HEAD + '"没有配对\n').encode())
    points = write_geojson(tmp_path / "新建.geojson", GOOD[2:])
    report = validate_readable([good, broken, points], shucheng, datum="wgs84", as_of=AS_OF)
    assert report.files == ("城区.csv", "新建.geojson")
    assert report.refused == ("乡镇.csv",)
    assert report.blocked
    assert report.counts["rows"] == report.counts["published"] == 4
    (told,) = [finding for finding in report.findings if finding.severity == "error"]
    assert (told.code, told.file, told.row) == ("file_damaged", "乡镇.csv", None)
    assert told.detail == {"row": 2}
    assert "第 2 行" in told.message_zh
    for lang, words in (
        ("zh", "没有读进来的文件 1 个：乡镇.csv"),
        ("en", "Not read (1): 乡镇.csv"),
    ):
        assert words in report_text(report, lang)
    said = report_json(report)
    assert said["refused"] == ["乡镇.csv"]
    schema = Path(report_json.__code__.co_filename).with_name("report.schema.json")
    jsonschema.validate(said, json.loads(schema.read_text("utf-8")))
    with pytest.raises(LedgerError, match=r"乡镇\.csv"):  # a build stops
        validate([good, broken], shucheng, datum="wgs84", as_of=AS_OF)


def test_where_nothing_can_be_read_that_is_the_error(shucheng: County, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="找不到"):
        validate_readable([tmp_path / "a.csv", tmp_path / "b.csv"], shucheng, as_of=AS_OF)


@pytest.mark.slow
def test_the_command_goes_on_and_says_so(data: Path, tmp_path: Path) -> None:
    good, broken = write_csv(tmp_path / "a.csv", GOOD), tmp_path / "b.csv"
    broken.write_bytes(b"")
    asked = ["--data", str(data), "--var", str(tmp_path / "var"), "validate"]
    rest = ["--county", "shucheng", "--datum", "wgs84", "--as-of", AS_OF.isoformat()]
    done = CliRunner().invoke(main, [*asked, str(good), str(broken), *rest])
    assert done.exit_code == 1
    assert "没有读进来的文件 1 个：b.csv" in done.output
    assert "file_empty" in done.output
    done = CliRunner().invoke(main, [*asked, str(broken), *rest])
    assert done.exit_code == 2
    assert "b.csv：文件是空的" in done.output
