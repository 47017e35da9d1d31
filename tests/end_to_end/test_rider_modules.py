"""The pure modules of the page, asked in the browser they are written for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from locator.geo.crs import haversine_m
from locator.server.public import static_version

pytestmark = pytest.mark.browser

Ask = Callable[[str, str], Any]


@pytest.fixture(scope="module")
def ask(chromium: Browser, site: str) -> Ask:
    """``ask(module, expression)``: the value of an expression over ``m``, the module."""
    page = chromium.new_page(timezone_id="America/New_York")
    page.goto(site + "/s/341523-001")
    folder = f"/static/{static_version()}/js"

    def ask_(module: str, expression: str) -> Any:
        return page.evaluate(f"import('{folder}/{module}.js').then(m => {expression})")

    return ask_


KNOWN = "{from: 0, to: 20160}"


@pytest.mark.parametrize(
    ("minute", "code", "until"),
    [
        (599, "closed", 600),
        (600, "open", 1200),
        (1169, "open", 1200),
        (1170, "closing", 1200),
        (1199, "closing", 1200),
        (1200, "closed", 2040),
        (2640, "closed", None),
        (-1, "unknown", None),
        (20160, "unknown", None),
    ],
)
def test_states_on_paper(ask: Ask, minute: int, code: str, until: int | None) -> None:
    door = "[[600, 1200], [2040, 2640]]"
    state = ask("openness", f"m.stateAt('open', {door}, {KNOWN}, {minute})")
    assert (state["code"], state["until"]) == (code, until)


def test_unknown_closed_for_now_and_always(ask: Ask) -> None:
    assert ask("openness", f"m.stateAt('open', null, {KNOWN}, 5).code") == "unknown"
    assert ask("openness", f"m.stateAt('planned', [[0, 9]], {KNOWN}, 5).code") == "closed"
    always = ask("openness", f"m.stateAt('open', [[0, 20160]], {KNOWN}, 5)")
    assert always == {"code": "open", "until": None, "reason": None}


def test_moments_are_said_in_the_countys_time(ask: Ask) -> None:
    # 2026-11-02 12:00 in Shanghai; the browser itself stands in New York.
    noon = 1_793_592_000 // 60

    def said(minutes: int) -> str:
        date = "(values.day ? values.month + '/' + values.day + ' ' : '')"
        say = f"(key, values) => key + ' ' + {date} + values.time"
        text: str = ask(
            "openness", f"m.momentText({noon + minutes}, {noon}, 'Asia/Shanghai', {say})"
        )
        return text

    assert said(8 * 60) == "20:00"
    assert said(12 * 60) == "tomorrow 00:00"
    assert said(18 * 60) == "tomorrow 06:00"
    assert said(42 * 60) == "weekday_3 06:00"
    assert said((6 * 24 + 6) * 60) == "weekday_0 18:00"
    assert said((31 * 24 - 6) * 60) == "on_date 12/3 06:00"


def test_distance_agrees_with_the_server(ask: Ask) -> None:
    here, there = (116.95, 31.46), (116.96, 31.47)
    ours = ask("distance", f"m.metresBetween({here[0]}, {here[1]}, {there[0]}, {there[1]})")
    assert ours == pytest.approx(float(haversine_m(*here, *there)), rel=1e-3)


@pytest.mark.parametrize(
    ("straight", "text"),
    [(1, "minutes 1 metres 10"), (500, "minutes 3 metres 700"), (1000, "minutes 6 kilometres 1.4"),
     (10_000, "minutes 56 kilometres 14"), (20_000, "far kilometres 28")],
)  # fmt: skip
def test_ways_in_words(ask: Ask, straight: float, text: str) -> None:
    say = "(key, values) => [key].concat(Object.values(values || {})).join(' ')"
    assert ask("distance", f"m.wayText({straight}, {say})").replace(" · ", " ") == text


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Linux; Android 10) Chrome/80.0 Mobile", "phone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 13_3 like Mac OS X) Safari", "phone"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1", "phone"),
        ("Mozilla/5.0 (Linux; Android 10) MicroMessenger/8.0", "wechat"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) MicroMessenger/7.0", "wechat"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120", "desktop"),
    ],
)
def test_devices(ask: Ask, agent: str, device: str) -> None:
    assert ask("navigate", f"m.deviceOf('{agent}')") == device


def test_words_are_filled_as_text(ask: Ask) -> None:
    assert ask("page", "m.fill('{a} {b} {c}', {a: '<b>', b: '$&', c: 0})") == "<b> $& 0"
