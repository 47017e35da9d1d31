from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from locator.server.moments import Door, distance_text, state_of, today_text

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = "2026-11-02"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def door(*spans: tuple[str, str], status: str = "open") -> Door:
    minutes = [
        (int(at(begin).timestamp()) // 60, int(at(end).timestamp()) // 60) for begin, end in spans
    ]
    return Door(status, tuple(minutes))


DAY = door((f"{MONDAY} 10:00", f"{MONDAY} 20:00"), ("2026-11-04 10:00", "2026-11-04 20:00"))


@pytest.mark.parametrize(
    ("now", "code", "text"),
    [
        ("09:59:59", "closed", "关着 · 10:00 开门"),
        ("10:00", "open", "开着 · 20:00 关门"),
        ("19:29:59", "open", "开着 · 20:00 关门"),
        ("19:30", "closing", "开着 · 30 分钟后关门"),
        ("19:58:30", "closing", "开着 · 2 分钟后关门"),
        ("19:59:59", "closing", "开着 · 1 分钟后关门"),
        ("20:00", "closed", "关着 · 周三 10:00 开门"),
    ],
)
def test_a_day_from_door_to_door(now: str, code: str, text: str) -> None:
    state = state_of(DAY, at(f"{MONDAY} {now}"), ZONE, "zh")
    assert (state.code, state.text) == (code, text)


@pytest.mark.parametrize(
    ("spans", "text"),
    [
        ([(f"{MONDAY} 10:00", "2026-11-03 00:00")], "Open · closes 24:00"),
        ([(f"{MONDAY} 10:00", "2026-11-03 02:00")], "Open · closes tomorrow 02:00"),
        ([(f"{MONDAY} 00:00", "2026-11-16 00:00")], "Open · all day"),
        ([("2026-11-03 08:00", "2026-11-03 09:00")], "Closed · opens tomorrow 08:00"),
        ([("2026-11-12 08:00", "2026-11-12 09:00")], "Closed · opens 12/11 08:00"),
        ([], "Closed"),
    ],
)
def test_how_a_change_is_said(spans: list[tuple[str, str]], text: str) -> None:
    assert state_of(door(*spans), at(f"{MONDAY} 12:00"), ZONE, "en").text == text


@pytest.mark.parametrize(
    ("status", "text"),
    [("temporarily_closed", "暂停开放"), ("planned", "还在筹建"), ("closed", "已撤销")],
)
def test_out_of_service_no_hour_counts(status: str, text: str) -> None:
    shut = door((f"{MONDAY} 10:00", f"{MONDAY} 20:00"), status=status)
    state = state_of(shut, at(f"{MONDAY} 12:00"), ZONE, "zh")
    assert (state.code, state.text) == ("closed", text)
    assert shut.span_at(at(f"{MONDAY} 12:00").timestamp() / 60) is None
    assert today_text(shut, at(f"{MONDAY} 12:00"), ZONE, "zh") == ""


def test_hours_that_nobody_knows_are_no_hours() -> None:
    unknown = Door("open", None)
    assert state_of(unknown, at(MONDAY), ZONE, "zh").code == "unknown"
    assert today_text(unknown, at(MONDAY), ZONE, "zh") == ""


def test_times_that_the_hours_leave_open_are_neither() -> None:
    both = Door("open", DAY.spans, door((f"{MONDAY} 20:00", "2026-11-04 00:00")).spans or ())
    assert state_of(both, at(f"{MONDAY} 12:00"), ZONE, "zh").code == "open"
    assert state_of(both, at(f"{MONDAY} 21:00"), ZONE, "zh").code == "unknown"
    assert today_text(both, at(MONDAY), ZONE, "zh") == "今天 10:00–20:00"
    assert today_text(both, at("2026-11-03"), ZONE, "zh") == "今天不一定开，以现场为准"
    assert today_text(both, at("2026-11-05"), ZONE, "zh") == "今天不开"


def test_today() -> None:
    split = door((f"{MONDAY} 08:30", f"{MONDAY} 12:00"), (f"{MONDAY} 22:00", "2026-11-03 02:00"))
    assert today_text(split, at(MONDAY), ZONE, "zh") == "今天 08:30–12:00、22:00–24:00"
    assert today_text(split, at("2026-11-03"), ZONE, "zh") == "今天 00:00–02:00"
    assert today_text(split, at("2026-11-04"), ZONE, "zh") == "今天不开"
    whole = door((f"{MONDAY} 00:00", "2026-11-05 00:00"))
    assert today_text(whole, at("2026-11-03"), ZONE, "en") == "Open all day today"


@pytest.mark.parametrize(
    ("metres", "text"),
    [(0, "10 米"), (344, "340 米"), (949, "950 米"), (950, "0.9 公里"), (1240, "1.2 公里"),
     (9960, "10 公里")],
)  # fmt: skip
def test_distances(metres: float, text: str) -> None:
    assert distance_text(metres, "zh") == text
