"""The pure modules of the page, asked in the browser they are written for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from locator.geo.crs import haversine_m
from locator.server.openness import packed
from locator.server.public import static_version
from tests.server.agents import AGENTS

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


def test_what_the_server_packs_the_page_unpacks(ask: Ask) -> None:
    hours = {
        "always": {"door": [[7, 20167]], "services": {}},
        "days": {"door": [[9, 20], [33, 44]], "services": {"meal": [[10, 12]], "tea": []}},
        "perhaps": {"door": [[9, 20], [33, 44]], "maybe": [[20, 33]], "services": {}},
        "nobody": {"door": None, "services": {}},
    }
    said = {"from": 7, "to": 20167, "stations": hours}
    assert ask("openness", f"m.readOpen({json.dumps(packed(said))})") == said


def test_unknown_closed_for_now_and_always(ask: Ask) -> None:
    assert ask("openness", f"m.stateAt('open', null, {KNOWN}, 5).code") == "unknown"
    assert ask("openness", f"m.stateAt('planned', [[0, 9]], {KNOWN}, 5).code") == "closed"
    always = ask("openness", f"m.stateAt('open', [[0, 20160]], {KNOWN}, 5)")
    assert always == {"code": "open", "until": None, "reason": None}


def test_what_the_hours_leave_open_is_never_said_to_be_closed(ask: Ask) -> None:
    door, maybe = "[[600, 700]]", "[[480, 600], [1920, 2640]]"
    state = ask("openness", f"m.stateAt('open', {door}, {KNOWN}, 500, {maybe})")
    assert state == {"code": "unknown", "until": None, "reason": None}
    assert ask("openness", f"m.stateAt('open', {door}, {KNOWN}, 800, {maybe}).code") == "closed"
    entry = f"{{door: {door}, maybe: {maybe}, services: {{}}}}"
    assert ask("openness", f"m.offeredAt({entry}, 'water', 500)") is None
    call = f"m.onArrival('open', {entry}, [], {KNOWN}, 500, 510, 10)"
    assert ask("arrival", f"{call}.turn === m.TURN.unknown")
    today = f"m.todayText({entry}, {{from: 0, to: 99999}}, 2000, 'UTC', key => key)"
    assert ask("card-facts", today) == "today_maybe"


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
    ("minutes", "metres", "exact", "text"),
    [(0.1, 1, False, "about_minutes 1 metres 10"), (2.6, 700, True, "minutes 3 metres 700"),
     (6, 1400, True, "minutes 6 kilometres 1.4"),
     (56, 14_000, False, "about_minutes 56 kilometres 14"),
     (61, 28_000, True, "far kilometres 28")],
)  # fmt: skip
def test_ways_in_words(ask: Ask, minutes: float, metres: float, exact: bool, text: str) -> None:
    say = "(key, values) => [key].concat(Object.values(values || {})).join(' ')"
    ride = f"{{minutes: {minutes}, metres: () => {metres}, exact: {str(exact).lower()}}}"
    assert ask("distance", f"m.wayText({ride}, {say})").replace(" · ", " ") == text


def test_an_estimated_ride_makes_a_detour(ask: Ask) -> None:
    found = ask(
        "distance",
        """(ride => [ride.minutes, ride.metres(), ride.exact, ride.line()])(
             m.estimatedRide({lon: 116.95, lat: 31.46}, {lon: 116.95, lat: 31.47}))""",
    )
    metres = float(haversine_m(116.95, 31.46, 116.95, 31.47)) * 1.4
    assert found[:2] == pytest.approx([metres / 250, metres], rel=1e-3)
    assert found[2:] == [False, [[116.95, 31.46], [116.95, 31.47]]]


#: Open 10:00–20:00 on two days; meals 11:00–13:00.
DOOR = "[[600, 1200], [2040, 2640]]"
MEAL = "[[660, 780], [2100, 2220]]"


@pytest.mark.parametrize(
    ("now", "ride", "services", "turn", "at", "why"),
    [
        (700, 5, [], "served", 705, ""),
        (590, 15, [], "served", 605, "opens"),
        (590, 5, [], "missed", 600, ""),
        (1180, 10, [], "served", 1190, ""),
        (1180, 11, [], "missed", 2040, "short"),
        (1195, 15, [], "missed", 2040, "shuts"),
        (2630, 5, [], "missed", None, "short"),
        (640, 20, ["meal"], "served", 660, ""),
        (640, 10, ["meal"], "missed", 660, "lacks"),
        (765, 10, ["meal"], "missed", 2100, "lacks"),
        (700, 10, ["meal", "water"], "served", 710, ""),
        (20155, 10, [], "unknown", 20165, ""),
    ],
)
def test_arrivals_on_paper(
    ask: Ask, now: int, ride: int, services: list[str], turn: str, at: int | None, why: str
) -> None:
    entry = f"{{door: {DOOR}, services: {{meal: {MEAL}}}}}"
    found = ask(
        "arrival",
        f"(a => [a.turn === m.TURN.{turn}, a.at === Infinity ? null : a.at, a.why])"
        f"(m.onArrival('open', {entry}, {services}, {KNOWN}, {now}, {now + ride}, 10))",
    )
    assert found == [True, at, why]


def test_what_is_shut_comes_by_when_it_opens(ask: Ask) -> None:
    doors = {"late": [[900, 960]], "soon": [[720, 780]], "never": [], "now": [[0, 800]]}
    cards = [
        {"id": name, "order": at, "status": "open", "stop": True, "services": [], "ride": None,
         "entry": {"door": door, "services": {}}}
        for at, (name, door) in enumerate(doors.items())
    ]  # fmt: skip
    order = (
        f"(all => (m.setArrivals(all, {KNOWN}, [], 700), m.takeTurns(all), all.sort(m.inOrder)))"
    )
    found = ask("arrival", f"{order}({json.dumps(cards)}).map(card => card.id)")
    assert found == ["now", "soon", "late", "never"]
    first = ask("arrival", f"m.firstServed({json.dumps(cards[:3])}, {KNOWN}, [], 700)")
    assert (first["card"]["id"], first["at"]) == ("soon", 720)
    unknown = json.dumps([{**cards[0], "entry": None}])
    assert ask("arrival", f"m.firstServed({unknown}, {KNOWN}, [], 700)") is None


def test_arrivals_where_nobody_knows_or_nobody_opens(ask: Ask) -> None:
    for status, entry, turn in (("open", "null", "unknown"), ("open", "{door: null}", "unknown"),
                                ("planned", f"{{door: {DOOR}}}", "missed")):  # fmt: skip
        call = f"m.onArrival('{status}', {entry}, [], {KNOWN}, 700, 705, 10)"
        assert ask("arrival", f"{call}.turn === m.TURN.{turn}"), status
    # The last of what is known does not shut the door.
    always = f"m.onArrival('open', {{door: [[0, 20160]]}}, [], {KNOWN}, 20150, 20155, 10)"
    assert ask("arrival", f"{always}.turn === m.TURN.served")


@pytest.mark.parametrize(("agent", "device"), AGENTS)
def test_devices(ask: Ask, agent: str, device: str) -> None:
    assert ask("navigate", f"m.deviceOf('{agent}')") == device


def test_words_are_filled_as_text(ask: Ask) -> None:
    assert ask("page", "m.fill('{a} {b} {c}', {a: '<b>', b: '$&', c: 0})") == "<b> $& 0"


@pytest.mark.parametrize(
    ("wish", "answers"),
    [
        ("{}", True),
        ("{power: true}", True),
        ("{faceless: true}", True),
        ("{services: ['battery_swap']}", False),
        ("{night: true}", True),  # asked at 23:00: until six
        ("{night: true}, {door: [[1320, 1700]]}", False),
        ("{at: '02:00'}", True),
        ("{at: '12:00'}", False),
        ("{open: true, services: ['ebike_charging']}", False),  # charges by day alone
        ("{at: '02:00'}, {status: 'planned'}", False),
        ("{faceless: true}, {entryBy: 'face'}", False),
        ("{faceless: true}, {entryBy: ''}", False),
        ("{text: 'GuLou 341'}", True),
    ],
)
def test_wishes_on_paper(ask: Ask, wish: str, answers: bool) -> None:
    """A door open from 22:00 to 06:00, asked at 23:00; its chargers from 08:00 to 20:00."""
    made = (
        "((wish, other) => m.matches(Object.assign({kind: 'canteen', status: 'open', entryBy: "
        "'bell', services: ['ebike_charging'], text: 'gulou', id: '341523-001', entry: {door: "
        "(other || {}).door || [[1320, 1800]], services: {ebike_charging: [[480, 1200]]}}}, "
        "other), Object.assign(m.noWishes(), wish), 1380, 'UTC'))"
    )
    assert ask("filters", f"{made}({wish})") is answers


def test_wishes_come_back_from_an_address(ask: Ask) -> None:
    query = "open=1&faceless=1&at=21:30&kind=canteen&service=toilet&q=%E9%BC%93%26%3C"
    read = f"m.wishesOf('{query}', ['canteen'], ['toilet', 'wifi'])"
    assert ask("filters", f"m.queryOf({read})") == query
    assert ask("filters", "m.queryOf(m.wishesOf('kind=x&at=7&open=yes', ['y'], []))") == ""
