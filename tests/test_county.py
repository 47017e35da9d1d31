"""What county.toml may say, and the sentence when it says something else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from locator.county import load_county, weakest
from locator.errors import ConfigError

TOML = """
code = "990101"
name_zh = "纸上县"
name_en = "Paper County"
centre = [116.95, 31.46]
ledgers = ["stations.geojson"]
[streets]
file = "streets.osm"
provenance = "osm"
"""


def write(data: Path, slug: str = "paper", text: str = TOML) -> Path:
    folder = data / slug
    folder.mkdir(parents=True)
    (folder / "county.toml").write_text(text, "utf-8")
    return folder


def test_the_smallest_county(tmp_path: Path) -> None:
    county = load_county(write(tmp_path))
    assert (county.slug, county.reach_min, county.demand) == ("paper", 5.0, None)
    assert county.ledger_paths == (tmp_path / "paper/stations.geojson",)
    assert not county.kinds["friendly_estate"].stop
    assert county.services["drinking_water"].zh == "饮水"


def test_a_county_adds_its_own_words_and_keeps_the_shared_ones(tmp_path: Path) -> None:
    own = (
        '[services.sauna]\nzh = "桑拿"\nen = "Sauna"\n[kinds.canteen]\nzh = "食堂"\n'
        "[services.toilet]\nshare = 0.5\n"
    )
    county = load_county(write(tmp_path, text=TOML + own))
    assert county.services["sauna"].en == "Sauna"
    assert county.kinds["canteen"].zh == "食堂"
    assert county.kinds["canteen"].en, "what is not said anew stays"
    assert county.services["toilet"].need(3) == 0.5
    assert county.services["toilet"].zh == "如厕"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('timezone = "Asia/Shangai"', "timezone"),
        ('timezone = "Asia"', "timezone"),
        ('timezone = "../etc/passwd"', "timezone"),
        ('timezone = ""', "timezone"),
        ("kinds = 3", "kinds"),
        ('services = ["toilet"]', "services"),
        ("kinds = { canteen = 3 }", "kinds"),
        ("verified_months = 99999999", "verified_months"),
        ("verified_months = 0", "verified_months"),
        ("reach_min = 16", "reach_min"),
        ("reach_min = nan", "reach_min"),
        ('outline = "a\\u0000b"', "outline"),
        ('clock_services = ["sauna"]', "sauna"),
        ('colour = "red"', "colour"),
        ('slug = "other"', "slug"),
        ("code =", "TOML"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, line: str, said: str) -> None:
    folder = write(tmp_path, text=f"{line}\n{TOML}")
    with pytest.raises(ConfigError) as failure:
        load_county(folder)
    text = str(failure.value)
    assert said in text
    assert str(folder / "county.toml") in text


@pytest.mark.parametrize("centre", ["[nan, 31.46]", "[31.46, 116.95]", "[1, 2, 3]", "[inf, 0]"])
def test_a_centre_is_a_longitude_and_a_latitude(tmp_path: Path, centre: str) -> None:
    text = re.sub("centre = .*", f"centre = {centre}", TOML)
    with pytest.raises(ConfigError, match="centre"):
        load_county(write(tmp_path, text=text))


def test_no_folder_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a county needs this file"):
        load_county(tmp_path / "nowhere")
    folder = write(tmp_path)
    (folder / "county.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not a TOML file"):
        load_county(folder)


def test_the_weakest_is_what_an_output_may_claim() -> None:
    assert weakest(["surveyed", "osm", "ledger"]) == "osm"
    assert weakest(["proxy", "illustrative", "gps"]) == "illustrative"
