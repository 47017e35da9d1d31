from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from locator.county import County, load_county
from locator.errors import StreetsError
from locator.release.known import KnownCounties
from locator.release.surroundings import EXTENT_M, read_surroundings

from .conftest import write_county
from .drawn_osm import SOUTH, STEP, WEST, Drawing

#: One step of the grid in metres, north and east.
NORTH_M, EAST_M = 111.2, 94.9


@pytest.fixture
def drawn(county: County) -> County:
    """A street, a pond, a village known as a point, a school in its grounds, a named building."""
    town = Drawing()
    town.way([(0, 0), (8, 0)], highway="residential", name="示意路")
    town.ring(2, 1, 1, natural="water", name="示意塘")
    town.spot((5, 3), place="village", name="示意村")
    town.ring(6, 1, 1, amenity="school", name="示意学校")
    town.ring(4, 1, 0.5, building="yes", name="示意大楼")
    town.ring(4, 2, 0.5, building="yes")
    town.write(county.folder / "streets.osm")
    return county


def test_what_a_county_s_files_say(drawn: County) -> None:
    found = read_surroundings(drawn)
    assert set(found.streets.edge_name) == {"示意路"}
    assert (len(found.water), len(found.buildings)) == (1, 2)
    assert (found.township_names, len(found.township_shapes)) == ((), 0)
    marks = found.landmarks
    assert dict(zip(marks.names, marks.kinds, strict=True)) == {
        "示意塘": "water", "示意村": "village", "示意学校": "school", "示意大楼": "building",
    }  # fmt: skip


def test_a_place_reaches_as_far_as_its_outline_or_its_kind(drawn: County) -> None:
    marks = read_surroundings(drawn).landmarks
    extent = dict(zip(marks.names, marks.extent_m, strict=True))
    assert extent["示意村"] == EXTENT_M["village"]
    # A point within a square of one step is at most its diagonal from a corner, at least half.
    for name, side in (("示意学校", 1.0), ("示意大楼", 0.5)):
        diagonal = side * float(np.hypot(NORTH_M, EAST_M))
        assert diagonal / 2 - 1 <= extent[name] <= diagonal + 1
    village = marks.names.index("示意村")
    assert marks.lon[village] == pytest.approx(WEST + 5 * STEP)
    assert marks.lat[village] == pytest.approx(SOUTH + 3 * STEP)


def test_streets_that_have_changed_since_they_were_frozen_are_not_read(drawn: County) -> None:
    settings = drawn.folder / "county.toml"
    said = settings.read_text("utf-8").replace(
        'provenance = "illustrative"', f'provenance = "illustrative"\nsha256 = "{"0" * 64}"', 1
    )
    settings.write_text(said, "utf-8")
    with pytest.raises(StreetsError, match="changed since"):
        read_surroundings(load_county(drawn.folder))


def test_what_cannot_be_read_is_left_out_and_said(county: County, tmp_path: Path) -> None:
    (county.folder / "streets.osm").unlink()
    known = KnownCounties([county], tmp_path / "var", files=1)[county.code]
    assert known.surroundings is None
    assert known.before is None, "nothing is published: nothing is unread"
    ((zh, en),) = known.unread
    assert "小城县的街道没能读进来" in zh
    assert "could not be read" in en


def test_a_county_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    county = write_county(tmp_path / "data")
    known = KnownCounties([county])
    (county.folder / "streets.osm").write_text("", "utf-8")
    assert list(known) == [county.code]
    assert known.get("999999") is None
    assert known[county.code].unread
    assert known[county.code] is known[county.code]
