from __future__ import annotations

import gzip
import html
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from locator.outputs.links import navigation_links
from locator.outputs.words import one_line
from locator.server.app import Settings, create_app
from locator.server.cards import LINK_SOURCE
from locator.server.go import device_of
from tests.server.agents import AGENTS
from tests.server.conftest import NOW
from tests.server.test_public import PAYLOADS, skeleton
from tests.server.tiny_release import STATIONS, point, write_release

WARM, CANTEEN, POST = STATIONS
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; V1936A) Chrome/80.0 Mobile Safari"}
WECHAT = {"User-Agent": PHONE["User-Agent"] + " MicroMessenger/8.0.30"}
IN_APP = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; V1936A; wv) Chrome/80.0 Mobile Safari"}
PACKED = {"Accept-Encoding": "gzip"}
SCANNED = {"headers": PHONE}


def served(
    var: Path, *lists: list[dict[str, Any]], now: datetime = NOW, **kept: Any
) -> FlaskClient:
    """A client of a county that published ``lists``, one a month from September on."""
    names = [
        write_release(var, each, as_of=f"2026-{9 + month:02}-01", publish=False, **kept)
        for month, each in enumerate(lists)
    ]
    point(var, names)
    return create_app(Settings(var=var, now=lambda: now)).test_client()


def text_of(client: FlaskClient, path: str, agent: dict[str, str] = PHONE) -> str:
    answer = client.get(path, headers=agent)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def buttons(page: str) -> list[str]:
    """Where the navigation buttons lead, in the order in which they stand."""
    return re.findall(r'class="button button-go" href="([^"]+)"', page)


def first_link(station: dict[str, Any]) -> str:
    lon, lat = station["at"]
    return navigation_links(lon, lat, station["name"], src=LINK_SOURCE)[0].url


# --- a station that is there ---------------------------------------------------------------------


def test_a_sign_says_all_that_one_asks_before_a_door(client: FlaskClient) -> None:
    page = text_of(client, "/go/341523-001")
    for words in (WARM["name"], "暖新驿站 · 城关镇", "开着 · 全天", "按 20:40 算", "今天全天开",
                  "要会员码", WARM["address"], "2026-10-08", "341523-001", "tel:12351",
                  "【驿站有误】341523-001", "示意数据", "示意点位，现场没有驿站",
                  "名单截至"):  # fmt: skip
        assert words in page
    assert 'href="/s/341523-001"' in page
    assert 'href="/c/shucheng/#341523-001"' in page
    assert 'class="go-near"' not in page  # it is open: there is nothing to look for elsewhere


def test_it_runs_no_script_and_takes_nothing_in(client: FlaskClient) -> None:
    page = text_of(client, "/go/341523-001")
    for tag in ("<script", "<form", "<input", "<iframe", "onclick", "with-js"):
        assert tag not in page
    plain = client.get("/go/341523-002", **SCANNED).data
    asked = client.get("/go/341523-002?to=//evil.example&url=https://evil.example", **SCANNED)
    assert asked.data == plain


@pytest.mark.parametrize(
    ("agent", "link", "label"),
    [
        (PHONE, 0, "高德电动车"),
        ({"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Safari"}, 0, "高德电动车"),
        (WECHAT, 1, "高德骑行"),
        (IN_APP, 1, "高德骑行"),
        ({"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}, None, "高德地图"),
        ({"User-Agent": ""}, None, "高德地图"),
    ],
)
def test_the_button_is_what_the_phone_can_open(
    client: FlaskClient, agent: dict[str, str], link: int | None, label: str
) -> None:
    links = navigation_links(*WARM["at"], WARM["name"], src=LINK_SOURCE)
    page = text_of(client, "/go/341523-001", agent)
    (first,) = buttons(page)
    assert f'<span class="go-by">{label}</span>' in page
    if link is None:
        assert first.startswith("https://uri.amap.com/marker?")
    else:
        assert first == links[link].url.replace("callnative=1", f"callnative={int(link == 0)}")
    *others, apple = links[2:] if link is not None else links[1:]
    assert all(f'href="{each.url}"' in page for each in others)
    assert (apple.url in page) == ("iPhone" in agent["User-Agent"])
    assert "待实测" not in page
    # What no app answers has an https address right below it.
    assert (f'go-fallback" href="{links[1].url}"' in page) == (link == 0)
    inside = agent in (WECHAT, IN_APP)
    assert ("右上角" in page) == inside
    assert ("这个 App 里" in page) == (agent is IN_APP)
    assert ("amapuri" in page or "callnative=1" in page) != inside


@pytest.mark.parametrize(("agent", "device"), AGENTS)
def test_devices_are_told_apart_as_the_page_does(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_no_answer_is_kept_for_another_kind_of_phone(client: FlaskClient) -> None:
    answer = client.get("/go/341523-001", **SCANNED)
    assert answer.headers["Cache-Control"] == "max-age=60"
    assert {"User-Agent", "Accept-Encoding"} <= set(answer.vary)
    again = client.get("/go/341523-001", headers={**PHONE, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_door_that_is_shut_now_offers_one_that_is_open(client: FlaskClient) -> None:
    page = text_of(client, "/go/341523-002")  # 20:40, and it closed at 20:00
    assert "关着 · 明天 10:00 开门" in page
    assert "今天 10:00–20:00" in page
    assert buttons(page) == [first_link(WARM)]  # the one to take stands out
    assert f'class="button go-shut" href="{first_link(CANTEEN)}"' in page
    assert "往西北 1.2 公里" in page
    assert 'href="/go/341523-001"' in page


def test_hours_that_nobody_knows_are_not_called_shut(client: FlaskClient) -> None:
    page = text_of(client, "/go/341523-003")
    assert page.count("时间不详") == 2
    assert buttons(page) == [first_link(POST)]


def test_a_sign_in_english(client: FlaskClient) -> None:
    page = text_of(client, "/go/341523-002?lang=en")
    assert '<html lang="en">' in page
    assert "Closed · opens tomorrow 10:00" in page
    assert "1.2 km north-west" in page
    for path in ("/s/341523-002", "/go/341523-001", "/c/shucheng/"):
        assert f'href="{path}?lang=en' in page
    assert 'href="/go/341523-002"' in page  # the way back to Chinese


# --- one that is not -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said", "why"),
    [
        ("temporarily_closed", "暂停开放", "这个站点暂停开放，请先去别处。"),
        ("planned", "还在筹建", "这个站点还没建好，请先去别处。"),
        ("closed", "已撤销", "这个站点撤销了，请去别处。"),
    ],
)
def test_out_of_service_it_says_so_and_leads_elsewhere(
    tmp_path: Path, status: str, said: str, why: str
) -> None:
    client = served(tmp_path, [WARM, {**CANTEEN, "status": status}, POST])
    page = text_of(client, "/go/341523-002")
    assert said in page
    assert why in page
    assert buttons(page) == [first_link(WARM)]
    assert "示意点位，现场没有驿站" in page
    assert 'href="/s/341523-002"' in page


def test_a_station_that_is_gone_is_remembered(tmp_path: Path) -> None:
    moved = {**CANTEEN, "at": (116.9460, 31.4640), "name": "河畔食堂二店（示意）"}
    client = served(tmp_path, [WARM, CANTEEN], [WARM, moved], [WARM, POST], [WARM, POST])
    page = text_of(client, "/go/341523-002")
    assert "河畔食堂二店（示意）" in page  # as it was last, not as it was first
    assert "不在名单里了" in page
    assert "从 <time>2026-11-01</time> 的名单起没有这个站点了" in page
    assert "<time>2026-10-01</time>" in page
    assert "【标牌该换】341523-002" in page
    assert buttons(page) == [first_link(WARM)]
    assert "往西南 100 米" in page  # from where it stood last
    assert "/s/341523-002" not in page  # there is no such page any more
    assert 'href="/c/shucheng/"' in page
    for lang in ("", "?lang=en"):
        led = client.get(f"/s/341523-002{lang}")
        assert (led.status_code, led.location) == (302, f"/go/341523-002{lang}")
    english = text_of(client, "/go/341523-002?lang=en")
    assert "Not on the list since <time>2026-11-01</time>" in english


def test_the_nearest_is_one_that_is_open_on_arrival(tmp_path: Path) -> None:
    lon, lat = CANTEEN["at"]
    others = [
        {**WARM, "id": "341523-011", "name": "远", "at": (lon + 0.03, lat), "hours": "24/7"},
        {**WARM, "id": "341523-012", "name": "快关", "at": (lon, lat + 0.005),
         "hours": "Mo-Su 08:00-20:45"},
        {**WARM, "id": "341523-013", "name": "近", "at": (lon - 0.01, lat), "hours": "24/7"},
        {**WARM, "id": "341523-014", "name": "小区", "at": (lon, lat), "hours": "24/7",
         "kind": "friendly_estate"},
        {**WARM, "id": "341523-015", "name": "停", "at": (lon, lat), "status": "closed"},
        {**WARM, "id": "341523-016", "name": "将开", "at": (lon + 0.02, lat),
         "hours": "Mo-Su 20:45-23:00"},
    ]  # fmt: skip
    client = served(tmp_path, [CANTEEN, *others], others)
    page = text_of(client, "/go/341523-002")
    assert re.findall(r'<h3><a href="/go/([^"]+)"', page) == [
        "341523-013", "341523-016", "341523-011",
    ]  # fmt: skip
    assert "到了还开着的，近的在前" in page
    assert "往西 950 米" in page
    assert "往东 1.9 公里" in page


def test_where_none_is_open_the_nearest_say_when(tmp_path: Path) -> None:
    early = {**WARM, "hours": "Mo-Su 06:00-20:00"}
    page = text_of(served(tmp_path, [early, CANTEEN], [early]), "/go/341523-002")
    assert "附近现在都没开，最近的是" in page
    assert "关着 · 明天 06:00 开门" in page
    assert buttons(page) == [first_link(WARM)]


def test_where_there_is_no_other_the_page_stands(tmp_path: Path) -> None:
    page = text_of(served(tmp_path, [CANTEEN], []), "/go/341523-002")
    assert "不在名单里了" in page
    assert 'class="go-near"' not in page


def test_what_was_never_published_is_unknown(tmp_path: Path) -> None:
    client = served(tmp_path, [WARM, CANTEEN], [WARM])
    write_release(tmp_path, [POST], as_of="2026-12-01", publish=False)  # built, or rolled back
    for asked in ("341523-003", "341523-999", "210624-001", "341523", "A" * 40, "-"):
        assert client.get(f"/go/{asked}").status_code == 404, asked
    assert 'href="/s/341523-001"' in client.get("/go/341523-01").text  # the page that helps


def test_a_list_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    client = served(tmp_path, [WARM, CANTEEN], [WARM, CANTEEN], [WARM])
    write_release(tmp_path, slug="kuandian")
    (tmp_path / "releases/kuandian/current").write_text("{half a poin")
    assert "不在名单里了" in text_of(client, "/go/341523-002")
    assert client.get("/go/210624-001").status_code == 503  # it may well be in the other


def test_when_it_went_is_not_guessed(tmp_path: Path) -> None:
    client = served(tmp_path, [WARM, CANTEEN], [WARM, CANTEEN], [WARM])
    history = json.loads((tmp_path / "releases/shucheng/current").read_text())["history"]
    (tmp_path / "releases/shucheng" / history[1] / "manifest.json").write_text("{}")
    # The last list that can be read is the first; what stood in the next one nobody can tell.
    page = text_of(client, "/go/341523-002")
    assert "现在的名单里没有这个站点了" in page
    assert "<time>2026-09-01</time>" in page


def test_a_list_that_is_damaged_within_is_passed_over(tmp_path: Path) -> None:
    client = served(tmp_path, [WARM, CANTEEN], [WARM])
    history = json.loads((tmp_path / "releases/shucheng/current").read_text())["history"]
    (tmp_path / "releases/shucheng" / history[0] / "public/stations.geojson").write_text("{")
    assert client.get("/go/341523-002").status_code == 404


# --- whatever is sent in -------------------------------------------------------------------------


def test_nothing_leads_elsewhere(client: FlaskClient) -> None:
    for evil in ("//evil.example", "/\\evil.example", "%2f%2fevil.example", "https:evil.example",
                 "341523-001%0d%0aLocation:x", "../healthz", "341523-999", "A" * 40):  # fmt: skip
        answer = client.get(f"/go/{evil}")
        assert answer.status_code in {308, 404}
        assert "evil" not in (answer.location or "").split("/")[2:3]


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_hostile_name_changes_no_tag(name: str, tmp_path: Path) -> None:
    found = []
    for place, said in (("harmless", "驿站"), ("hostile", name)):
        hostile = {**WARM, "name": said, "address": said, "township": said, "phone": said}
        (tmp_path / place).mkdir()
        client = served(tmp_path / place, [{**hostile, "id": "341523-009"}, hostile], [hostile])
        found.append([client.get(f"/go/341523-00{last}", **SCANNED).text for last in (1, 9)])
    harmless, pages = found
    if one_line(name):
        assert [skeleton(page) for page in pages] == [skeleton(page) for page in harmless]
    for page in pages:
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", page)


def test_it_is_light(tmp_path: Path) -> None:
    """Page and styles together, gzipped, with their headers: what a first visit waits for."""
    long = "舒城县城关镇三里河路与龙津大道交叉口向北一百米路西工会服务中心一楼驿站"
    stations = [
        {**WARM, "id": f"341523-{number:03}", "name": f"{number}{long}", "address": long,
         "phone": "0564-8621234", "hours": "Mo-Fr 08:30-12:00,14:00-17:30; Sa-Su,PH off"}
        for number in range(100)
    ]  # fmt: skip
    client = served(tmp_path, stations, stations[1:])
    sent = {}
    for path in ("/go/341523-000", "/go/341523-001"):
        page = client.get(path, headers={**PHONE, **PACKED})
        text = gzip.decompress(page.data).decode()
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)
        assert len(styles) == 5
        answers = [
            page,
            *(client.get(each, headers={"Accept-Encoding": "gzip"}) for each in styles),
        ]
        sent[path] = sum(len(each.data) + len(str(each.headers)) for each in answers)
        assert not re.findall(r'\bsrc="', text)
    assert max(sent.values()) <= 20_000, sent
