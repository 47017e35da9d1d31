"""What was frozen is read as it was frozen, or not at all."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from locator.county import County, load_county
from locator.errors import StreetsError
from locator.streets.frozen import check_frozen, freeze, is_frozen

ROAD = {"highway": "residential"}
TOML = """\
code = "990101"
name_zh = "纸上县"
name_en = "Paper County"
centre = [0.0, 0.0]
ledgers = ["stations.geojson"]

[streets]
file = "plan.osm"
provenance = "osm"
frozen_on = 2026-11-01
"""


@pytest.fixture
def folder(plan, tmp_path: Path) -> Path:
    plan({1: (0, 0), 2: (100, 0)}, ([1, 2], ROAD))
    (tmp_path / "county.toml").write_text(TOML, "utf-8")
    return tmp_path


def frozen(folder: Path, **said: str) -> County:
    lines = "".join(f'{key} = "{value}"\n' for key, value in said.items())
    (folder / "county.toml").write_text(TOML + lines, "utf-8")
    return load_county(folder)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_streets_without_a_hash_are_read_as_they_are(folder: Path) -> None:
    county = load_county(folder)
    check_frozen(county)
    assert is_frozen(county) is None


def test_the_file_that_was_frozen(folder: Path) -> None:
    county = frozen(folder, sha256=sha256(folder / "plan.osm"))
    check_frozen(county)
    assert is_frozen(county) is True


def test_a_changed_file_is_not_read(folder: Path) -> None:
    county = frozen(folder, sha256=sha256(folder / "plan.osm"))
    with (folder / "plan.osm").open("a") as stream:
        stream.write("\n")
    with pytest.raises(StreetsError) as failure:
        check_frozen(county)
    assert str(failure.value) == (
        f"{folder / 'plan.osm'}：街道文件和锁定时不一样了，请换回来；确认无误就用 "
        f"locator streets {folder.name} --freeze / "
        "the street file has changed since it was frozen on 2026-11-01 (streets.sha256 in "
        "county.toml); restore it, or accept it as it is with "
        f"`locator streets {folder.name} --freeze`."
    )
    assert is_frozen(county) is False


def test_a_frozen_file_that_is_gone(folder: Path) -> None:
    county = frozen(folder, sha256="0" * 64)
    (folder / "plan.osm").unlink()
    with pytest.raises(StreetsError, match=r"plan\.osm：.* / the street file cannot be read"):
        check_frozen(county)


def test_accepting_a_file_as_it_is(folder: Path) -> None:
    freeze(frozen(folder, sha256="0" * 64, source="old.osm.pbf"), date(2026, 11, 24))
    assert load_county(folder).streets.source == ""  # it is a copy of that no longer
    county = load_county(folder)
    assert county.streets.sha256 == sha256(folder / "plan.osm")
    assert county.streets.frozen_on == date(2026, 11, 24)
    check_frozen(county)


def test_a_file_exchanged_while_it_is_accepted_is_not_the_frozen_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = sha256(folder / "plan.osm")
    monkeypatch.setattr(
        "locator.streets.frozen.read_streets", lambda path, _: path.write_text("another")
    )
    freeze(frozen(folder), date(2026, 11, 24))
    assert load_county(folder).streets.sha256 == read
    with pytest.raises(StreetsError, match="has changed"):
        check_frozen(load_county(folder))


def test_what_is_no_street_file_is_not_accepted(folder: Path) -> None:
    county = frozen(folder, sha256="0" * 64)
    before = (folder / "county.toml").read_bytes()
    (folder / "plan.osm").write_text("<osm version='0.6'></osm>", "utf-8")
    with pytest.raises(StreetsError, match="no street"):
        freeze(county, date(2026, 11, 24))
    assert (folder / "county.toml").read_bytes() == before
