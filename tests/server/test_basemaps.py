from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from locator.errors import UsageError
from locator.server.app import Settings, security_headers
from locator.server.basemaps import Basemap, read_basemaps

GOOD = """
[[basemap]]
name_zh = "测绘院"
name_en = "Institute"
datum = "cgcs2000"
layers = [
  "https://maps.example.cn/wmts?z={z}&x={x}&y={y}",
  "https://maps.example.cn:8443/{z}/{y}/{x}",
]
attribution = "GS(2024)1号"
"""


def read(tmp_path: Path, text: str) -> tuple[Basemap, ...]:
    file = tmp_path / "basemaps.toml"
    file.write_text(text, "utf-8")
    return read_basemaps(file)


def test_a_map_in_the_stations_datum_is_read(tmp_path: Path) -> None:
    (one,) = read(tmp_path, GOOD)
    assert one.hosts == ("https://maps.example.cn", "https://maps.example.cn:8443")
    assert one.said("en")["name"] == "Institute"
    policy = security_headers(Settings(tmp_path, basemaps=(one,)))["Content-Security-Policy"]
    assert "connect-src 'self' https://maps.example.cn https://maps.example.cn:8443;" in policy
    assert policy.count("example.cn") == 2
    assert "maps.example" not in security_headers(Settings(tmp_path))["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("cgcs2000", "gcj02", "hundreds of metres"),
        ("cgcs2000", "bd09", "hundreds of metres"),
        ("maps.example.cn:8443", "wprd01.is.autonavi.com", "hundreds of metres"),
        ("maps.example.cn:8443", "rt0.map.gtimg.com", "hundreds of metres"),
        ("maps.example.cn:8443", "maponline0.bdimg.com", "hundreds of metres"),
        ("https://maps.example.cn/", "http://maps.example.cn/", "no address of tiles"),
        ("maps.example.cn:8443", "[", "no address of tiles"),
        ("maps.example.cn:8443", "a.cn; script-src *", "no address of tiles"),
        ("&y={y}", "", "no address of tiles"),
        ("name_en", "name", "lacking or unknown"),
        ("[[basemap]]", "[basemap]", "nothing else"),
        ("[[basemap]]", "[[basemap", "TOML"),
        ('"GS(2024)1号"', '""', "must hold text"),
    ],
)
def test_what_would_mislead_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read(tmp_path, GOOD.replace(old, new))


def test_the_example_of_the_document_is_read(root: Path, tmp_path: Path) -> None:
    text = (root / "docs/basemaps.md").read_text("utf-8")
    found = re.search(r"```toml\n(.*?)```", text, re.S)
    assert found
    assert len(tomllib.loads(found[1])["basemap"]) == 1
    (one,) = read(tmp_path, found[1])
    assert one.hosts == ("https://t0.tianditu.gov.cn",)
