"""Tables as clerks and web systems make them: each is read as Excel shows it, or refused in a
sentence that says what it is and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from locator.errors import LedgerError
from locator.stations.intake import read_ledger

HEAD = ["编号", "类型", "名称", "经度", "纬度", "乡镇", "核实日期", "开放时间"]
ROWS = [
    [f"341523-90{at}", "暖新驿站", f"示意驿站{at}", 116.95, 31.46 + at / 100, None, None, None]
    for at in range(1, 5)
]
CSV = "编号,类型,名称,经度,纬度\n341523-901,暖新驿站,示意驿站,116.95,31.46\n"
TSV = CSV.replace(",", "\t")
HTML = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head>'
    "<body><table><tr><td>编号</td><td>名称</td></tr></table></body></html>"
)
XML_SHEET = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
)
GEOJSON = '{"type":"FeatureCollection","features":[]}'


class TestDisguises:
    @pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv", "a.txt", "a.geojson"])
    @pytest.mark.parametrize(
        ("content", "is_really"),
        [
            (HTML, "网页表格（HTML）"),
            ("\ufeff" + HTML, "网页表格（HTML）"),
            ("<!-- 导出 -->\n<table><tr><td>编号</td></tr></table>", "网页表格（HTML）"),
            (f'<?xml version="1.0"?>{HTML}', "网页表格（HTML）"),
            ("MIME-Version: 1.0\nX-Document-Type: Workbook\n", "MHTML"),
            (XML_SHEET, "XML 表格"),
        ],
    )
    def test_a_web_page_under_another_name(
        self, tmp_path: Path, name: str, content: str, is_really: str
    ) -> None:
        said = refused(tmp_path, name, content.encode())
        assert is_really in said
        assert "另存为 .xlsx" in said

    @pytest.mark.parametrize(
        ("name", "content", "remedy"),
        [
            ("a.xlsx", CSV.encode(), "后缀改成 .csv"),
            ("a.xlsx", CSV.encode("gb18030"), "后缀改成 .csv"),
            ("a.xlsx", TSV.encode("utf-16"), "后缀改成 .csv"),
            ("a.xls", TSV.encode("gb18030"), "后缀改成 .csv"),
            ("a.xls", (CSV * 500).encode("gb18030"), "后缀改成 .csv"),
            ("a.xlsx", GEOJSON.encode(), "后缀改成 .geojson"),
            ("a.csv", GEOJSON.encode(), "后缀改成 .geojson"),
            ("a.csv", b"PK\x03\x04\x14\x00\x06\x00", "后缀改成 .xlsx"),
            ("a.xls", b"PK\x03\x04\x14\x00\x06\x00", "后缀改成 .xlsx"),
            ("a.geojson", b"PK\x03\x04\x14\x00\x06\x00", "后缀改成 .xlsx"),
            ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .xlsx"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .xlsx"),
        ],
    )
    def test_what_it_is_and_what_to_do(
        self, tmp_path: Path, name: str, content: bytes, remedy: str
    ) -> None:
        assert remedy in refused(tmp_path, name, content)

    def test_the_remedy_helps(self, tmp_path: Path) -> None:
        for encoding in ("utf-8", "gb18030", "utf-16"):  # the last is Excel's "Unicode text"
            path = tmp_path / "a.csv"
            path.write_bytes(TSV.encode(encoding))
            assert read_ledger(path).cells[0][0] == "341523-901"


def refused(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(LedgerError) as caught:
        read_ledger(path)
    assert caught.value.code == "file_not_a_ledger"
    assert "\n" not in caught.value.zh
    return caught.value.zh
