"""Where a point lies in a drawn town: on a street, in the lake, in a field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.checks.ground import ASHORE_M, FAR_M, SPOT_M, find_ground
from locator.checks.rule import Known
from locator.checks.surroundings import Surroundings
from locator.checks.validate import Report, validate
from locator.county import County
from locator.streets.snap import snap
from tests.quick import examples

from .conftest import AS_OF
from .drawn_town import at, box, degrees, on_real_streets, surroundings
from .ledgers import GOOD, Row, codes, write_csv

CheckAt = Callable[..., Report]

#: The good table with its stations beside the drawn streets.
TOWN: list[Row] = [
    {**row, **at(x, y)} for row, (x, y) in zip(GOOD, [(5, 0), (200, 8), (-395, 100), (0, 395)],
                                               strict=True)
]  # fmt: skip


@pytest.fixture
def check_at(shucheng: County, tmp_path: Path) -> CheckAt:
    """Check the good table with its first station moved to a place of the drawing."""

    def run(x: float, y: float, around: Surroundings | None = None, **cells: str) -> Report:
        rows = [{**TOWN[0], **at(x, y), **cells}, *TOWN[1:]]
        county = on_real_streets(shucheng)
        known = {county.code: Known(around or surroundings())}
        path = write_csv(tmp_path / "ledger.csv", rows)
        return validate([path], county, datum="wgs84", as_of=AS_OF, known=known)

    return run


def test_a_good_table_is_quiet(check_at: CheckAt) -> None:
    assert codes(check_at(5, 0)) == []


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [
        (200, 200, "far_from_street"),  # the middle of a block of 400 m
        (200, 145, None),
        (750, 300, "in_water"),
        (750, 206, None),  # on the bridge
        (604, 100, None),  # on the bank, as banks are drawn
        (598, 100, None),
        (3000, 3000, "unreachable_by_ebike"),
        (-1400, 20, "unreachable_by_ebike"),  # at the end of a one-way street
        (-1050, 20, None),
        (400, -650, "far_from_street"),
        (400, -720, "unreachable_by_ebike"),
    ],
)
def test_a_point_has_one_fault_or_none(
    check_at: CheckAt, x: float, y: float, code: str | None
) -> None:
    report = check_at(x, y)
    assert codes(report) == ([(code, 2)] if code else [])
    if code:
        (finding,) = report.findings
        assert finding.severity == "warning"
        assert finding.field == "lon"
        assert report.counts["published"] == 4, "a warning holds nothing back"


def test_the_message_says_how_far_and_what_to_do(check_at: CheckAt) -> None:
    (far,) = check_at(200, 200).findings
    assert "离最近的街 200 米" in far.message_zh
    assert "核对坐标" in far.message_zh
    assert far.detail == {"street_m": pytest.approx(200, abs=1)}
    (wet,) = check_at(750, 300).findings
    assert "在水里，离岸 100 米" in wet.message_zh
    (gone,) = check_at(3000, 3000).findings
    assert "离最近的街 3.5 公里" in gone.message_zh
    (trap,) = check_at(-1400, 20).findings
    assert "只有骑进去就出不来的街" in trap.message_zh


def test_a_house_over_the_water_is_no_fault(check_at: CheckAt) -> None:
    pier = surroundings(buildings=[box(740, 290, 760, 310)])
    assert codes(check_at(750, 300, pier)) == []


def test_without_water_the_middle_of_the_lake_is_judged_by_its_streets(check_at: CheckAt) -> None:
    assert codes(check_at(760, 360, surroundings(water=[]))) == [("far_from_street", 2)]


def test_real_stations_are_not_judged_by_invented_streets(shucheng: County, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "ledger.csv", [{**TOWN[0], **at(750, 300)}, *TOWN[1:]])
    report = validate(
        [path], shucheng, datum="wgs84", as_of=AS_OF,
        known={shucheng.code: Known(surroundings())},
    )  # fmt: skip
    assert codes(report) == [("surroundings_unread", None)]
    assert report.findings[0].severity == "info"
    invented = [{**row, "来源": "示意"} for row in [{**TOWN[0], **at(750, 300)}, *TOWN[1:]]]
    report = validate(
        [write_csv(tmp_path / "b.csv", invented)], shucheng, datum="wgs84", as_of=AS_OF,
        known={shucheng.code: Known(surroundings())},
    )  # fmt: skip
    assert codes(report) == [("in_water", 2)]


def test_what_could_not_be_read_is_said_and_the_rest_is_checked(
    shucheng: County, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "ledger.csv", [{**TOWN[0], "开放时间": ""}, *TOWN[1:]])
    known = {shucheng.code: Known(unread=(("街道没能读进来。", "the streets could not be read."),))}
    report = validate([path], shucheng, datum="wgs84", as_of=AS_OF, known=known)
    assert codes(report) == [("surroundings_unread", None), ("hours_missing", 2)]
    assert report.findings[0].severity == "warning"
    assert not report.blocked


def test_a_row_without_a_position_has_no_ground(check_at: CheckAt) -> None:
    assert codes(check_at(5, 0, 经度="0", 纬度="0")) == [("null_island", 2)]


def _rows(xy: list[tuple[float, float]]) -> pd.DataFrame:
    lon, lat = np.array([degrees(point) for point in xy], dtype=np.float64).T
    return pd.DataFrame({"position_fault": "", "grounded": True, "lon": lon, "lat": lat})


DRAWN = surroundings()
PLACES = st.lists(
    st.tuples(st.floats(-1500, 1500), st.floats(-1500, 1500)), min_size=1, max_size=30
)


@given(xy=PLACES)
@settings(max_examples=examples(25), deadline=None)
def test_distances_are_those_of_the_street_graph(
    shucheng: County, xy: list[tuple[float, float]]
) -> None:
    """The quick distance against the exact one, by which coverage goes."""
    rows = _rows(xy)
    found = find_ground(rows, shucheng, DRAWN)
    exact_m = snap(DRAWN.streets, rows["lon"], rows["lat"], max_m=5000.0).distance_m
    over_m = found["street_m"].to_numpy() - exact_m
    assert (over_m >= -0.1).all(), "two planes differ by some centimetres"
    assert (over_m <= np.hypot(exact_m, SPOT_M / 2) - exact_m + 0.1).all()


def test_the_limits_are_what_the_pages_say() -> None:
    assert (FAR_M, ASHORE_M) == (150.0, 15.0)
