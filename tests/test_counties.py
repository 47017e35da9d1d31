"""Which counties there are, which of them cannot be read, and by what names they go."""

from __future__ import annotations

from pathlib import Path

import pytest

from locator.counties import find_county, list_counties, read_counties
from locator.errors import ConfigError, UnknownCounty
from tests.test_county import TOML, write


def test_two_counties_with_one_code(tmp_path: Path) -> None:
    write(tmp_path, "one")
    write(tmp_path, "two")
    with pytest.raises(ConfigError, match=r"one.county\.toml.*990101.*two as well"):
        list_counties(tmp_path)


OTHER = TOML.replace("990101", "990102").replace("纸上县", "远方县").replace("Paper", "Far")


@pytest.mark.parametrize(
    "text",
    ["code =", "", OTHER + "\nreach_min = 99", OTHER.replace("centre", "center"), OTHER + "\n[[["],
)
def test_a_broken_county_leaves_the_others_alone(tmp_path: Path, text: str) -> None:
    write(tmp_path, "far", text)
    write(tmp_path)
    counties = read_counties(tmp_path)
    assert [county.slug for county in counties.whole] == ["paper"]
    assert list(counties.broken) == ["far"]
    assert find_county(tmp_path, "纸上县").slug == "paper"
    with pytest.raises(ConfigError, match=r"far.county\.toml"):
        find_county(tmp_path, "far")
    with pytest.raises(ConfigError, match=r"far.county\.toml"):
        list_counties(tmp_path)


def test_a_broken_county_still_tells_whose_rows_are_its_own(tmp_path: Path) -> None:
    write(tmp_path, "far", OTHER + "\nreach_min = 99")
    write(tmp_path)
    counties = read_counties(tmp_path)
    assert [(each.slug, each.code, each.name_zh) for each in counties.known] == [
        ("far", "990102", "远方县"), ("paper", "990101", "纸上县"),
    ]  # fmt: skip
    with pytest.raises(ConfigError, match="reach_min"):
        find_county(tmp_path, "远方县")


def test_nobody_takes_the_code_of_a_broken_county(tmp_path: Path) -> None:
    write(tmp_path, "broken", TOML + "\nreach_min = 99")
    write(tmp_path)
    write(tmp_path, "far", OTHER)
    with pytest.raises(ConfigError, match=r"paper.county\.toml.*990101.*broken as well"):
        find_county(tmp_path, "paper")
    assert find_county(tmp_path, "far").code == "990102"


@pytest.mark.parametrize(
    "name", ["paper", "990101", "纸上县", "纸上", "Paper County", "paper COUNTY"]
)
def test_a_county_goes_by_its_names(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    assert find_county(tmp_path, name).slug == "paper"


def test_an_unknown_county_hears_of_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownCounty, match="--data"):
        find_county(tmp_path, "paper")
    write(tmp_path)
    with pytest.raises(UnknownCounty, match=r"there is: paper \(纸上县\)"):
        find_county(tmp_path, "atlantis")


def test_the_strictest_way_of_naming_a_county_goes_first(tmp_path: Path) -> None:
    write(tmp_path, "a", OTHER.replace("远方县", "纸上县城"))
    write(tmp_path, "b")
    assert find_county(tmp_path, "纸上县").slug == "b"
    write(tmp_path, "纸上", OTHER.replace("990102", "990103"))
    assert find_county(tmp_path, "纸上").slug == "纸上"


@pytest.mark.parametrize("name", ["朝阳区", "朝阳"])
def test_two_counties_of_one_name_are_not_taken_for_each_other(tmp_path: Path, name: str) -> None:
    write(tmp_path, "beijing", TOML.replace("纸上县", "朝阳区"))
    write(tmp_path, "changchun", OTHER.replace("远方县", "朝阳区"))
    with pytest.raises(UnknownCounty, match=r"beijing、changchun.* give the folder or the code"):
        find_county(tmp_path, name)
    assert find_county(tmp_path, "990102").slug == "changchun"


def test_where_all_are_broken_the_first_says_why(tmp_path: Path) -> None:
    write(tmp_path, "far", OTHER + "\nreach_min = 99")
    assert read_counties(tmp_path).whole == ()
    with pytest.raises(ConfigError, match="reach_min"):
        find_county(tmp_path, "atlantis")
