"""The register of printed signs, and which of them mislead."""

from __future__ import annotations

import errno
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
    Stale,
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
HOW = {"size": [210, 297], "scale": None, "lang": "both", "facing": None, "format": "pdf",
       "bleed": 0, "sites": None}  # fmt: skip
ADDRESS = "https://map.example.cn/go/"


def entries(release: Release, check_by: str = "2027-05-20", **more: Any) -> list[Entry]:
    how = {**HOW, **more}
    doors = [MadeSign(row["id"], row["name"], Path(), (row["id"],)) for row in STATIONS[:2]]
    towards = [MadeSign("g01", "鼓楼广场", Path(), ("341523-001", "341523-002"))]
    return [
        *entries_of("door", doors, release, how, check_by, ADDRESS),
        *entries_of("direction", towards, release, how, check_by, ADDRESS, [SITE]),
    ]


def changed(folder: Path, **values: Any) -> Release:
    """The town with its first station changed."""
    return write_release(folder, stations=[{**STATIONS[0], **values}, *STATIONS[1:]])


def why(found: list[Any]) -> dict[str, list[str]]:
    return {sign.entry.id: [zh for zh, _ in sign.reasons] for sign in found}


def stale(
    register: list[Entry],
    release: Release,
    sites: list[SignSite] | None = [SITE],  # noqa: B006
) -> list[Stale]:
    listed = {} if sites is None else {None: sites}
    return stale_signs(register, release, TODAY, ADDRESS, listed)


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
    assert [told.facts["hours"] for told in made[2].stations] == ["24/7", STATIONS[1]["hours"]]


def test_nothing_is_stale_on_the_day_it_was_made(town: Release) -> None:
    assert stale(entries(town), town) == []


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
    found = why(stale(entries(town), changed(tmp_path, **values)))
    assert set(found) == {"341523-001", "g01"}
    assert found["341523-001"] == [said]
    assert found["g01"] == [f"1 号「城关暖新驿站（示意）」{said}"]


def test_a_small_correction_moves_no_sign(town: Release, tmp_path: Path) -> None:
    assert stale(entries(town), changed(tmp_path, at=(12, 30))) == []


def test_the_sign_of_a_station_that_is_gone_is_taken_down(town: Release, tmp_path: Path) -> None:
    gone = write_release(tmp_path, stations=STATIONS[1:])
    found = stale(entries(town), gone)
    assert why(found)["341523-001"] == ["已不在台账里"]
    again = {sign.entry.id: sign.again for sign in found}
    assert again == {"341523-001": False, "g01": True}


def test_a_date_and_a_site_that_moved(town: Release) -> None:
    late = stale(entries(town, "2026-11-30"), town, None)
    assert all(
        reason.startswith("过了复核日期") for reasons in why(late).values() for reason in reasons
    )
    assert len(late) == 3
    turned = SignSite(SITE.id, SITE.name, *lonlat(20, 0), 200.0, "ledger")
    assert why(stale(entries(town), town, [turned])) == {
        "g01": ["立牌处的位置改了", "立牌处的朝向改了"]
    }
    (gone,) = stale(entries(town), town, [])
    assert not gone.again


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"services": ["toilet"]}, "服务改了"),
        ({"entry": "bell"}, "进门方式改了"),
        ({"address": "新街 1 号"}, "地址改了"),
        ({"service_hours": {"toilet": "Mo-Su 08:00-10:00"}}, "服务时间改了"),
        ({"kind": "canteen"}, "类型改了"),
    ],
)
def test_all_that_a_door_sign_tells_is_held_to(
    town: Release, tmp_path: Path, values: dict[str, Any], said: str
) -> None:
    found = why(stale(entries(town), changed(tmp_path, **values)))
    assert found["341523-001"] == [said]
    assert ("g01" in found) == (said in ("服务改了", "类型改了")), "what a direction sign shows"


def test_a_sign_that_says_closed_is_not_stale_while_it_is(tmp_path: Path) -> None:
    shut = changed(tmp_path, status="temporarily_closed")
    assert why(stale(entries(shut)[:2], shut)) == {}
    assert why(stale(entries(shut)[:2], changed(tmp_path / "b"))) == {"341523-001": ["状态改了"]}


def test_another_public_address_makes_all_codes_stale(town: Release) -> None:
    found = stale_signs(entries(town), town, TODAY, "https://other.example.cn/go/", {})
    assert {reason for reasons in why(found).values() for reason in reasons} == {"二维码的网址改了"}
    assert len(found) == 3


def test_each_paper_and_language_is_a_sign_of_its_own(town: Release, tmp_path: Path) -> None:
    moved = changed(tmp_path, name="新名驿站")
    register = [*entries(town), *entries(town, size=[594, 841]), *entries(moved)]
    found = stale(register, moved)
    assert [sign.entry.how["size"] for sign in found] == [[594, 841]] * 2


def test_signs_made_from_another_file_are_held_to_that(town: Release) -> None:
    register = entries(town, sites="/elsewhere.geojson")[2:]
    assert stale(register, town, []) == [], "that file is not there: nothing is known of it"
    (gone,) = stale_signs(register, town, TODAY, ADDRESS, {"/elsewhere.geojson": []})
    assert not gone.again


def test_a_full_disk_leaves_the_register_as_it_was(
    town: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(tmp_path, entries(town)[:1])
    before = (tmp_path / REGISTER).read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("locator.outputs.signs.register.os.fsync", full)
    with pytest.raises(ReleaseError, match="没能登记"):
        append(tmp_path, entries(town)[1:])
    assert (tmp_path / REGISTER).read_bytes() == before


def test_the_last_print_counts(town: Release, tmp_path: Path) -> None:
    moved = changed(tmp_path, name="新名驿站")
    assert why(stale([*entries(town), *entries(moved)], moved)) == {}


@pytest.mark.parametrize("cut", [1, 50, 200])
def test_a_line_cut_short_is_passed_over_and_taken_away(
    town: Release, tmp_path: Path, cut: int
) -> None:
    made = entries(town)
    path = append(tmp_path, made[:2])
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:cut])  # 200 bytes end within a Chinese letter, or may
    assert read_register(tmp_path) == made[:2]
    append(tmp_path, made[2:])
    assert read_register(tmp_path) == made
    assert path.read_bytes().startswith(whole)


@pytest.mark.parametrize("damage", ["{broken", "[]", '{"kind": "door"}'])
def test_a_damaged_line_is_named(town: Release, tmp_path: Path, damage: str) -> None:
    path = append(tmp_path, entries(town))
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0], damage, *lines[1:]]) + "\n", "utf-8")
    with pytest.raises(ReleaseError, match="第 2 行"):
        read_register(tmp_path)
    odd = json.loads(lines[1])
    odd["how"]["surprise"] = 1
    path.write_text("\n".join([lines[0], json.dumps(odd)]) + "\n", "utf-8")
    with pytest.raises(ReleaseError, match="第 2 行"):
        read_register(tmp_path)


def test_no_register_yet(tmp_path: Path) -> None:
    assert read_register(tmp_path) == []
