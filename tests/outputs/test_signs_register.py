"""The register of printed signs, and which of them mislead."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from locator.errors import ReleaseError
from locator.outputs.signs.batch import MadeSign
from locator.outputs.signs.register import (
    REGISTER,
    Entry,
    append,
    entries_of,
    read_register,
    stale_signs,
)
from locator.outputs.signs.sites import SignSite
from locator.release.publish import Release

from .town import STATIONS, lonlat, write_release

TODAY = date(2026, 12, 1)
SITE = SignSite("g01", "鼓楼广场", *lonlat(0, 0), 90.0, "ledger")
HOW = {"size": [210, 297], "lang": "both"}


def entries(release: Release, check_by: str = "2027-05-20") -> list[Entry]:
    doors = [MadeSign(row["id"], row["name"], Path(), (row["id"],)) for row in STATIONS[:2]]
    towards = [MadeSign("g01", "鼓楼广场", Path(), ("341523-001", "341523-002"))]
    return [
        *entries_of("door", doors, release, HOW, check_by),
        *entries_of("direction", towards, release, HOW, check_by, [SITE]),
    ]


def changed(folder: Path, **values: Any) -> Release:
    """The town with its first station changed."""
    return write_release(folder, stations=[{**STATIONS[0], **values}, *STATIONS[1:]])


def why(found: list[Any]) -> dict[str, list[str]]:
    return {sign.entry.id: [zh for zh, _ in sign.reasons] for sign in found}


def test_what_was_made_is_kept_in_order(town: Release, tmp_path: Path) -> None:
    folder = tmp_path / "signs"
    folder.mkdir()
    made = entries(town)
    append(folder, made[:1])
    first = (folder / REGISTER).read_bytes()
    append(folder, made[1:])
    assert (folder / REGISTER).read_bytes().startswith(first), "nothing that stands is changed"
    assert read_register(folder) == made
    assert made[0].release == town.hash
    assert made[2].site == (SITE.lon, SITE.lat, 90.0)
    assert [told.hours for told in made[2].stations] == ["24/7", STATIONS[1]["hours"]]


def test_nothing_is_stale_on_the_day_it_was_made(town: Release) -> None:
    assert stale_signs(entries(town), town, TODAY, [SITE]) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"status": "temporarily_closed"}, "暂停开放"),
        ({"status": "closed"}, "已撤"),
        ({"at": (12, 90)}, "搬了 78 米"),
        ({"name": "新名驿站"}, "改名为「新名驿站」"),
        ({"hours": "Mo-Su 08:00-20:00"}, "开放时间改了"),
    ],
)
def test_a_changed_station_makes_its_signs_stale(
    town: Release, tmp_path: Path, values: dict[str, Any], said: str
) -> None:
    found = why(stale_signs(entries(town), changed(tmp_path, **values), TODAY, [SITE]))
    assert set(found) == {"341523-001", "g01"}
    assert found["341523-001"] == [said]
    assert found["g01"] == [f"1 号「城关暖新驿站（示意）」{said}"]


def test_a_small_correction_moves_no_sign(town: Release, tmp_path: Path) -> None:
    assert stale_signs(entries(town), changed(tmp_path, at=(12, 30)), TODAY, [SITE]) == []


def test_the_sign_of_a_station_that_is_gone_is_taken_down(town: Release, tmp_path: Path) -> None:
    gone = write_release(tmp_path, stations=STATIONS[1:])
    found = stale_signs(entries(town), gone, TODAY, [SITE])
    assert why(found)["341523-001"] == ["已不在台账里"]
    again = {sign.entry.id: sign.again for sign in found}
    assert again == {"341523-001": False, "g01": True}


def test_a_date_and_a_site_that_moved(town: Release) -> None:
    late = stale_signs(entries(town, "2026-11-30"), town, TODAY, None)
    assert all(
        reason.startswith("过了复核日期") for reasons in why(late).values() for reason in reasons
    )
    assert len(late) == 3
    turned = SignSite(SITE.id, SITE.name, *lonlat(20, 0), 200.0, "ledger")
    assert why(stale_signs(entries(town), town, TODAY, [turned])) == {
        "g01": ["立牌处的位置改了", "立牌处的朝向改了"]
    }
    (gone,) = stale_signs(entries(town), town, TODAY, [])
    assert not gone.again


def test_the_last_print_counts(town: Release, tmp_path: Path) -> None:
    moved = changed(tmp_path, name="新名驿站")
    assert why(stale_signs([*entries(town), *entries(moved)], moved, TODAY, [SITE])) == {}


def test_a_line_cut_short_is_passed_over_and_a_damaged_one_is_named(
    town: Release, tmp_path: Path
) -> None:
    append(tmp_path, entries(town))
    path = tmp_path / REGISTER
    whole = path.read_text("utf-8")
    path.write_text(whole + whole[:50], "utf-8")
    assert read_register(tmp_path) == entries_like(town, read_register(tmp_path))
    lines = whole.splitlines()
    path.write_text("\n".join([lines[0], "{broken", *lines[1:]]) + "\n", "utf-8")
    with pytest.raises(ReleaseError, match="第 2 行"):
        read_register(tmp_path)
    assert json.loads(lines[0])["kind"] == "door"


def entries_like(town: Release, read: list[Entry]) -> list[Entry]:
    assert [entry.id for entry in read] == [entry.id for entry in entries(town)]
    return read


def test_no_register_yet(tmp_path: Path) -> None:
    assert read_register(tmp_path) == []
