"""Which township a cell, an address and a point mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from locator.checks.rule import Known
from locator.checks.townships import TownshipNames
from locator.checks.validate import Report, validate
from locator.counties import find_county
from locator.county import County

from .conftest import AS_OF
from .drawn_town import at, on_real_streets, surroundings, two_townships
from .ledgers import GOOD, codes, write_csv

CheckIn = Callable[..., Report]


@pytest.fixture(scope="module")
def kuandian(data: Path) -> County:
    return find_county(data, "kuandian")


@pytest.mark.parametrize(
    ("said", "township"),
    [
        ("城关镇", "城关镇"),
        ("城关", "城关镇"),
        (" 城 关 镇 ", "城关镇"),
        ("舒城县城关镇", "城关镇"),
        ("安徽省六安市舒城县城关镇", "城关镇"),
        ("六安市城关镇三里街社区", "城关镇"),
        ("城关镇人民政府", "城关镇"),
        ("春秋镇", "春秋乡"),  # a township that became a town
        ("舒城县经济开发区", "舒城县经济开发区"),
        ("经济开发区", "舒城县经济开发区"),
        ("县经开区", None),
        ("经开区", "舒城县经济开发区"),
        ("开发区", "舒城县经济开发区"),
        ("肥西镇", None),
        ("县城", None),
        ("城", None),
        ("舒城县", None),
    ],
)
def test_how_people_write_a_township(shucheng: County, said: str, township: str | None) -> None:
    assert TownshipNames(shucheng).read(said) == township


@pytest.mark.parametrize("said", ["下露河朝鲜族乡", "下露河乡", "下露河", "宽甸满族自治县下露河乡"])
def test_a_nationality_may_be_left_out(kuandian: County, said: str) -> None:
    assert TownshipNames(kuandian).read(said) == "下露河朝鲜族乡"


def test_two_of_one_name_are_told_apart_by_what_they_are(shucheng: County) -> None:
    county = shucheng.model_copy(update={"townships": ("汤池镇", "汤池乡")})
    names = TownshipNames(county)
    assert [names.read(said) for said in ("汤池镇", "汤池乡", "汤池")] == ["汤池镇", "汤池乡", None]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("舒城县桃溪镇街道 1 号", ["桃溪镇"]),
        ("桃溪路 1 号", []),
        ("桃溪镇路 1 号", []),
        ("桃溪镇中心学校东 50 米", ["桃溪镇"]),
        ("桃溪镇中学旁", []),
        ("城关镇与桃溪镇交界", ["城关镇", "桃溪镇"]),
        ("下露河乡", []),
        ("", []),
    ],
)
def test_what_an_address_names(shucheng: County, address: str, named: list[str]) -> None:
    assert list(TownshipNames(shucheng).named(address)) == named


class TestOutlines:
    @pytest.fixture
    def check_in(self, shucheng: County, tmp_path: Path) -> CheckIn:
        def run(x: float, said: str, address: str = "", y: float = 5) -> Report:
            county = on_real_streets(shucheng, townships=("西镇", "东镇", "南镇"))
            known = {county.code: Known(surroundings(townships=two_townships()))}
            rows = [
                {**row, **at(place, 5), "乡镇": "", "地址": ""}
                for row, place in zip(GOOD, (0, 200, 300, 400), strict=True)
            ]
            rows[0] |= {**at(x, y), "乡镇": said, "地址": address}
            path = write_csv(tmp_path / "ledger.csv", rows)
            return validate([path], county, datum="wgs84", as_of=AS_OF, known=known)

        return run

    @pytest.mark.parametrize(
        ("x", "said", "fault"),
        [
            (-395, "西镇", False),
            (-395, "西", False),
            (-250, "东镇", False),  # within the tolerance of the outlines
            (-395, "东镇", True),
            (395.5, "西镇", True),
            (395.5, "南镇", False),  # its outline is not known
            (395.5, "北镇", True),  # the county has none
            (395.5, "", False),
        ],
    )
    def test_stated_against_where_the_point_lies(
        self,
        check_in: CheckIn,
        x: float,
        said: str,
        fault: bool,
    ) -> None:
        assert codes(check_in(x, said)) == [("township_mismatch", 2)] * fault

    def test_a_county_may_have_outlines_and_no_list(self, shucheng: County, tmp_path: Path) -> None:
        county = on_real_streets(shucheng, townships=())
        known = {county.code: Known(surroundings(townships=two_townships()))}
        rows = [{**GOOD[0], **at(-395, 5), "乡镇": "北镇", "地址": ""}]
        path = write_csv(tmp_path / "ledger.csv", rows)
        (finding,) = validate([path], county, datum="wgs84", as_of=AS_OF, known=known).findings
        assert finding.code == "township_mismatch"
        assert "比如「西镇」" in finding.message_zh

    def test_the_message_names_both(self, check_in: CheckIn) -> None:
        (finding,) = check_in(-395, "东镇").findings
        assert "填的是东镇，位置却落在西镇" in finding.message_zh
        assert finding.detail == {"stated": "东镇", "found": "西镇"}
        assert (finding.field, finding.value) == ("township", "东镇")

    def test_with_outlines_the_address_is_not_asked(self, check_in: CheckIn) -> None:
        """A street may be named for the next township."""
        assert codes(check_in(-395, "西镇", "东镇大街 5 号")) == []
        assert codes(check_in(-395, "西镇", "东镇 5 号")) == []

    def test_a_point_in_the_wrong_place_is_told_of_once(self, check_in: CheckIn) -> None:
        (finding,) = check_in(750, "西镇", y=300).findings
        assert finding.code == "in_water"
        assert "，也不在填的西镇。" in finding.message_zh
        (finding,) = check_in(600, "西镇", y=-200).findings
        assert finding.code == "far_from_street"
        assert "，也不在填的西镇。" in finding.message_zh
        assert "not in 西镇 as stated" in finding.message_en
