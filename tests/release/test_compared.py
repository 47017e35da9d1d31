"""With which release a build compares, and what that does to its name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from locator.checks.rule import ACCEPTABLE
from locator.checks.rules import RULES
from locator.county import County, load_county
from locator.errors import ReleaseError
from locator.release.build import build_release
from locator.release.compared import COMPARING
from locator.release.known import KnownCounties
from locator.release.publish import Release, publish

from .conftest import station_features

AS_OF = date(2026, 11, 20)


def build(county: County, *accepted: str, as_of: date = AS_OF) -> Release:
    data = county.folder.parent
    return build_release(
        county, all_counties=[county], data=data, var=data.parent / "var", as_of=as_of,
        accepted=frozenset(accepted),
    )  # fmt: skip


def built_and_published(county: County, *accepted: str, as_of: date = AS_OF) -> Release:
    release = build(county, *accepted, as_of=as_of)
    publish(county.folder.parent.parent / "var", county.slug, release.hash)
    return release


def drop_one(county: County) -> None:
    ledger = {"type": "FeatureCollection", "features": station_features()[:-1]}
    (county.folder / "stations.geojson").write_text(json.dumps(ledger), "utf-8")


@pytest.mark.slow
def test_the_first_release_is_compared_with_none(county: County) -> None:
    first = built_and_published(county)
    assert first.manifest["compared_with"] is None
    assert first.manifest["accepted"] == []
    assert build(county).hash == first.hash, "nor is it with itself"


def test_a_build_that_is_stopped_says_how_it_is_accepted(county: County) -> None:
    built_and_published(county)
    drop_one(county)
    with pytest.raises(ReleaseError, match="locator build xiaocheng --accept count_dropped"):
        build(county)


@pytest.mark.slow
def test_what_is_accepted_is_said_and_stays_accepted(county: County) -> None:
    first = built_and_published(county)
    drop_one(county)
    second = built_and_published(county, "count_dropped")
    assert second.manifest["compared_with"] == first.hash
    assert second.manifest["accepted"] == ["count_dropped"]
    (told,) = [f for f in second.json("staff/findings.json")["findings"] if f["row"] is None
               and f["code"] == "count_dropped"]  # fmt: skip
    assert told["severity"] == "warning"
    assert "已确认" in told["message_zh"]
    assert build(county).hash == second.hash
    (second.path.parent / "built.json").unlink()
    assert build(county).hash == second.hash, "without the cache as well"


@pytest.mark.slow
def test_what_was_accepted_holds_for_that_ledger_alone(county: County) -> None:
    built_and_published(county)
    drop_one(county)
    built_and_published(county, "count_dropped")
    ledger = {"type": "FeatureCollection", "features": station_features()[:2]}
    (county.folder / "stations.geojson").write_text(json.dumps(ledger), "utf-8")
    with pytest.raises(ReleaseError, match="--accept count_dropped"):
        build(county)


@pytest.mark.slow
def test_a_comparison_without_a_finding_leaves_no_mark(county: County) -> None:
    """Else who goes back to an earlier ledger would never get its release again."""
    whole = (county.folder / "stations.geojson").read_bytes()
    drop_one(county)
    small = built_and_published(county)
    (county.folder / "stations.geojson").write_bytes(whole)
    grown = built_and_published(county, "count_dropped")
    assert grown.manifest["compared_with"] is None
    assert grown.manifest["accepted"] == []
    assert grown.hash != small.hash


@pytest.mark.slow
def test_a_part_of_the_ledgers_is_compared_with_nothing(county: County, tmp_path: Path) -> None:
    built_and_published(county)
    var = county.folder.parent.parent / "var"
    assert KnownCounties([county], var, files=1)[county.code].before is not None
    two = county.model_copy(update={"ledgers": ("stations.geojson", "more.csv")})
    assert KnownCounties([two], var, files=1)[county.code].before is None


@pytest.mark.slow
def test_a_published_release_that_is_damaged_stops_no_check(county: County) -> None:
    release = built_and_published(county)
    (release.path / "public/stations.geojson").write_text("", "utf-8")
    var = county.folder.parent.parent / "var"
    known = KnownCounties([county], var, files=1)[county.code]
    assert known.before is None
    assert "已发布的版本没能打开" in known.unread[0][0]


@pytest.mark.slow
def test_another_datum_for_the_same_ledger_is_a_change(county: County) -> None:
    """The settings say how the ledger is read: its bytes alone don't tell where stations are."""
    first = built_and_published(county)
    settings = county.folder / "county.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("[streets]", 'ledger_datum = "gcj02"\n\n[streets]'), "utf-8")
    moved = load_county(county.folder)
    with pytest.raises(ReleaseError, match="locator build xiaocheng --accept moved_as_a_whole"):
        build(moved)
    second = built_and_published(moved, "moved_as_a_whole")
    assert second.manifest["compared_with"] == first.hash
    assert build(moved).hash == second.hash
    assert build(moved, "count_dropped").hash == second.hash, "what nobody needs leaves no mark"


def test_the_rules_named_here_exist() -> None:
    assert set(ACCEPTABLE) < COMPARING <= set(RULES)


@pytest.mark.slow
def test_gaps_follow_the_last_release_of_an_earlier_day(county: County) -> None:
    first = built_and_published(county)
    ledger = {"type": "FeatureCollection", "features": station_features()}
    for feature in ledger["features"]:
        feature["properties"]["hours"] = "24/7"
    (county.folder / "stations.geojson").write_text(json.dumps(ledger), "utf-8")
    same_day = build(county)
    assert same_day.json("public/coverage.json")["gaps_since"] is None
    second = built_and_published(county, as_of=date(2026, 12, 18))
    said = second.json("public/coverage.json")
    assert second.manifest["gaps_since"] == first.hash
    assert said["gaps_since"] == {"release": first.hash, "as_of": AS_OF.isoformat()}
    before = {gap["id"] for gap in first.json("public/coverage.json")["gaps"]}
    now = {gap["id"] for gap in said["gaps"]}
    told = {change["id"]: change["change"] for change in said["gap_changes"]}
    assert told, "longer hours have changed something"
    assert {id_ for id_, change in told.items() if change == "closed"} == before - now
    assert {id_ for id_, change in told.items() if change == "new"} == now - before
    assert all("开放时间" in change["reason_zh"] for change in said["gap_changes"])
    assert build(county, as_of=date(2026, 12, 18)).hash == second.hash, "not itself"
    assert build(county).hash == same_day.hash, "nor a later one"
