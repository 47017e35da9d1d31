from __future__ import annotations

import pytest

from locator.county import Streets
from locator.streets.traffic import blocked, passage, speed_kmh

SPEEDS = Streets(file="streets.osm", provenance="illustrative")


def tags(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


@pytest.mark.parametrize(
    ("way", "mode"),
    [
        ("highway=primary", "ride"),
        ("highway=trunk", "ride"),
        ("highway=cycleway", "ride"),
        ("highway=service access=destination", "ride"),
        ("highway=service access=no bicycle=yes", "ride"),
        ("highway=residential access=private bicycle=designated", "ride"),
        ("highway=residential vehicle=no bicycle=permissive", "ride"),
        ("highway=residential foot=no", "ride"),
        ("highway=busway bicycle=yes", "ride"),
        ("highway=track", "track"),
        ("highway=path", "track"),
        ("highway=path sac_scale=hiking", "track"),
        ("highway=footway bicycle=yes", "track"),
        ("highway=pedestrian bicycle=designated", "track"),
        ("highway=footway", "push"),
        ("highway=footway access=yes", "push"),
        ("highway=footway bicycle=no", "push"),
        ("highway=pedestrian access=no foot=yes", "push"),
        ("highway=residential bicycle=no", "push"),
        ("highway=residential bicycle=dismount", "push"),
        ("highway=residential vehicle=no", "push"),
        ("highway=residential access=no foot=yes", "push"),
        ("highway=steps", "steps"),
        ("highway=steps bicycle=yes", "steps"),
        ("highway=steps bicycle=no", "steps"),
    ],
)
def test_open_ways(way: str, mode: str) -> None:
    verdict = passage(tags(way))
    assert (verdict.mode, verdict.closed) == (mode, "")


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("highway=motorway", "highway=motorway"),
        ("highway=motorway_link bicycle=yes", "highway=motorway_link"),
        ("highway=construction", "highway=construction"),
        ("highway=busway", "highway=busway"),
        ("highway=bridleway bicycle=no", "highway=bridleway"),
        ("highway=trunk motorroad=yes", "motorroad"),
        ("highway=primary motorroad=yes", "motorroad"),
        ("highway=service route=ferry", "ferry"),
        ("highway=residential access=no", "no access"),
        ("highway=residential access=private", "no access"),
        ("highway=residential bicycle=no foot=no", "no access"),
        ("highway=trunk bicycle=no", "no access"),
        ("highway=footway foot=no", "no access"),
        ("highway=steps access=private", "no access"),
        ("highway=steps conveying=yes", "escalator"),
        ("highway=path sac_scale=alpine_hiking", "mountain path"),
        ("highway=primary bicycle=use_sidepath", "bicycle=use_sidepath"),
    ],
)
def test_closed_ways_say_why(way: str, reason: str) -> None:
    verdict = passage(tags(way))
    assert (verdict.mode, verdict.closed) == (None, reason)


@pytest.mark.parametrize(
    ("way", "directions"),
    [
        ("", (True, True)),
        ("oneway=no", (True, True)),
        ("oneway=yes", (True, False)),
        ("oneway=true", (True, False)),
        ("oneway=1", (True, False)),
        ("oneway=-1", (False, True)),
        ("oneway=reverse", (False, True)),
        ("oneway=yes oneway:bicycle=no", (True, True)),
        ("oneway=no oneway:bicycle=yes", (True, False)),
        ("oneway:bicycle=-1", (False, True)),
        ("oneway=yes cycleway=opposite_lane", (True, True)),
        ("oneway=yes cycleway:left=opposite_track", (True, True)),
        ("oneway=yes cycleway=lane", (True, False)),
        ("junction=roundabout", (True, False)),
        ("junction=circular", (True, False)),
        ("junction=roundabout oneway=no", (True, True)),
        ("junction=roundabout oneway=-1", (False, True)),
        ("oneway=reversible", (True, True)),
    ],
)
def test_directions(way: str, directions: tuple[bool, bool]) -> None:
    verdict = passage(tags(f"highway=residential {way}"))
    assert (verdict.forward, verdict.backward) == directions


@pytest.mark.parametrize(
    ("barrier", "stops"),
    [
        ("barrier=bollard", False),
        ("barrier=gate", False),
        ("barrier=gate access=private", True),
        ("barrier=gate access=private foot=yes", False),
        ("barrier=gate access=no bicycle=yes", False),
        ("barrier=gate vehicle=no", False),
        ("barrier=bollard bicycle=no foot=no", True),
        ("barrier=turnstile", True),
        ("barrier=turnstile bicycle=yes", False),
        ("barrier=kissing_gate bicycle=dismount", False),
    ],
)
def test_barriers(barrier: str, stops: bool) -> None:
    assert blocked(tags(barrier)) is stops


@pytest.mark.parametrize(
    ("mode", "way", "kmh"),
    [
        ("ride", "", 15),
        ("track", "", 10),
        ("push", "", 4.5),
        ("steps", "", 2),
        ("ride", "maxspeed=50", 15),
        ("ride", "maxspeed=10", 10),
        ("ride", "maxspeed=5mph", 5 * 1.609344),
        ("ride", "maxspeed=walk", 15),
        ("ride", "maxspeed=0", 15),
        ("push", "maxspeed=10", 4.5),
    ],
)
def test_speeds(mode: str, way: str, kmh: float) -> None:
    assert speed_kmh(mode, tags(way), SPEEDS) == pytest.approx(kmh)


def test_no_speed_is_above_the_cap() -> None:
    fast = Streets(file="streets.osm", provenance="illustrative", ride_kmh=40)
    assert speed_kmh("ride", {}, fast) == 25
