from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from locator.release.openness import openness

DAY = date(2026, 11, 20)
#: 2026-11-20 00:00 in Shanghai, in minutes since 1970 UTC.
MIDNIGHT = int(datetime(2026, 11, 19, 16, tzinfo=UTC).timestamp()) // 60


def station(hours: str | None, **service_hours: str) -> dict[str, Any]:
    return {"id": "a", "hours": hours, "service_hours": service_hours}


def said(*stations: dict[str, Any], days: int = 2) -> dict[str, Any]:
    return openness(stations, DAY, "Asia/Shanghai", days=days)


def test_the_window_is_whole_local_days() -> None:
    result = said()
    assert result == {
        "as_of": "2026-11-20", "from": MIDNIGHT, "to": MIDNIGHT + 2 * 1440,
        "timezone": "Asia/Shanghai", "stations": {},
    }  # fmt: skip


def test_two_weeks_unless_asked_otherwise() -> None:
    result = openness([], DAY, "Asia/Shanghai")
    assert result["to"] - result["from"] == 14 * 1440


def test_the_day_the_clocks_change_is_shorter() -> None:
    result = openness([], date(2026, 3, 29), "Europe/Helsinki", "FI", days=1)
    assert result["to"] - result["from"] == 23 * 60


def test_the_door_in_minutes() -> None:
    opening = said(station("Mo-Su 08:00-20:00"))["stations"]["a"]
    assert opening["door"] == [
        [MIDNIGHT + 480, MIDNIGHT + 1200],
        [MIDNIGHT + 1920, MIDNIGHT + 2640],
    ]
    assert opening["services"] == {}


def test_unknown_is_not_closed() -> None:
    assert said(station(None))["stations"]["a"] == {"door": None, "services": {}}
    assert said(station("off"))["stations"]["a"]["door"] == []


def test_times_that_the_hours_leave_open_are_neither_open_nor_closed() -> None:
    on_site = said(station('08:00-20:00 unknown "以现场为准"'), days=1)["stations"]["a"]
    assert on_site == {"door": [], "maybe": [[MIDNIGHT + 480, MIDNIGHT + 1200]], "services": {}}
    season = 'Jun-Aug 08:00-21:00; Dec-Feb 08:00-18:00; Mar-May,Sep-Nov unknown "没写明月份"'
    autumn = said(station(season), days=1)["stations"]["a"]
    assert (autumn["door"], autumn["maybe"]) == ([], [[MIDNIGHT, MIDNIGHT + 1440]])
    assert "maybe" not in said(station("Mo-Su 08:00-20:00"))["stations"]["a"]


def test_only_services_with_times_of_their_own() -> None:
    opening = said(
        station(
            "Mo-Su 08:00-20:00", hot_meal="Mo-Su 11:00-13:00", toilet="24/7", wifi="08:00-20:00"
        ),
        days=1,
    )["stations"]["a"]
    # A toilet open round the clock behind a door that is not: the door's hours, so not listed.
    assert opening["services"] == {"hot_meal": [[MIDNIGHT + 660, MIDNIGHT + 780]]}
