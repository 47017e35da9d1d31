"""What a person of the county's office reads after a slip in ``county.toml``: Chinese, English."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from locator.county import load_county
from locator.errors import ConfigError


@pytest.fixture
def folder(data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data / "shucheng", tmp_path / "shucheng"))


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        ('code = "341523"', "code = “341523”", "行第 8 列写法不对", "not a TOML file (Invalid"),
        ('code = "341523"', 'code = "341523', "写法不对", "not a TOML file (Illegal"),
        ('code = "341523"', "code = 341523", "code：要写成文字", "valid string"),
        ('code = "341523"', 'code = "安徽"', "code：写法不对，要符合 ^[a-z", "pattern"),
        ('code = "341523"', "", "code：缺这一项", "Field required"),
        ("reach_min = 5", 'reach_min = "五"', "reach_min：要写一个数", "valid number"),
        ("reach_min = 5", "reach_min = 60", "reach_min：不能大于 15", "less than or equal"),
        ("reach_min = 5", "reach_min = 0", "reach_min：要大于 0", "greater than 0"),
        ("reach_min = 5", "reach = 5", "reach：没有这一项", "no such key"),
        ("reach_min = 5", 'timezone = "北京"', "timezone：没有这个时区", "no time zone"),
        ("reach_min = 5", 'slug = "b"', "slug 和 folder 不在这里写", "remove that key"),
        ("reach_min = 5", 'ledgers = "a.xlsx"', "ledgers：要写成方括号里的一列", "valid tuple"),
        ("reach_min = 5", "ledgers = []", "ledgers：至少要写 1 个", "at least 1"),
        ("reach_min = 5", 'ledger_datum = "高德"', "ledger_datum：只能写 'wgs84'", "should be"),
        ("reach_min = 5", 'clock_services = ["理发"]', "没有“理发”这项服务", "no service of"),
        ("reach_min = 5", 'kinds = "驿站"', "kinds 下面每个代码要有一个表", "one table for each"),
        ("reach_min = 5", 'public = "网址"', "public：要写成一个表", "valid dictionary"),
    ],
)
def test_a_slip_is_said_in_chinese_then_in_english(
    folder: Path, old: str, new: str, zh: str, en: str
) -> None:
    path = folder / "county.toml"
    text = path.read_text("utf-8")
    key = new.split(" = ")[0]
    if key != old.split(" = ")[0]:  # what stands there already goes, so that no key comes twice
        text = "\n".join(line for line in text.splitlines() if not line.startswith(f"{key} ="))
    if old not in text:
        text = f"{old}\n{text}"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_county(folder)
    said = str(caught.value)
    chinese, english = said.split(" / ")
    assert chinese.startswith(f"{path}：")
    assert zh in chinese
    assert en in english
    assert "\n" not in said


def test_another_encoding_is_named(folder: Path) -> None:
    path = folder / "county.toml"
    path.write_bytes(path.read_text("utf-8").encode("gb18030"))
    with pytest.raises(ConfigError, match="不是 UTF-8 编码，请另存为 UTF-8 / not a TOML file"):
        load_county(folder)


def test_factors_that_are_not_24_are_said_in_both(folder: Path) -> None:
    path = folder / "county.toml"
    text = path.read_text("utf-8")
    path.write_text(text + "\n[services.drinking_water]\nprofile = [1.0]\n", "utf-8")
    with pytest.raises(ConfigError, match="profile：要写 24 个数，都不为负，请改正 / it needs 24"):
        load_county(folder)
