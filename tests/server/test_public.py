from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from locator.outputs.links import navigation_links
from locator.outputs.words import one_line
from locator.server.app import Settings, create_app
from locator.server.cards import LINK_SOURCE
from locator.server.public import PUBLIC_FILES, static_version
from tests.quick import first_quick
from tests.server.conftest import NOW
from tests.server.tiny_release import STATIONS, point, write_release


def release_hash(client: FlaskClient) -> str:
    return str(client.get("/healthz").get_json()["releases"]["shucheng"])


def island(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page, re.S)
    assert found
    said: dict[str, Any] = json.loads(found.group(1))
    return said


# --- the list, without JavaScript ----------------------------------------------------------------


def test_the_only_county_is_opened_at_once(client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (302, "/c/shucheng/")


def test_two_counties_are_a_choice(client: FlaskClient, var: Path) -> None:
    write_release(var, slug="kuandian")
    page = client.get("/").text
    assert 'href="/c/shucheng/"' in page
    assert 'href="/c/kuandian/"' in page


def test_the_list_says_where_to_go_without_a_script(client: FlaskClient) -> None:
    page = html.unescape(client.get("/c/shucheng/").text)
    for station in STATIONS:
        assert station["name"] in page
        assert station["address"] in page
        assert f'href="/s/{station["id"]}"' in page
    for words in ("暖新驿站", "小哥食堂", "工会驿站", "饮水", "供餐", "10:00–20:00",
                  "全天", "时间不详", "城关镇", "要会员码"):  # fmt: skip
        assert words in page
    # The place of the map has a name, and drawings their size, before anything else comes.
    assert '<p class="map-ground" aria-hidden="true">舒城县</p>' in page
    assert ".offer-icon .icon {" in page
    assert page.count("要会员码") == 1
    assert "要直接进" not in page


def test_a_stations_page_says_the_rest(client: FlaskClient) -> None:
    page = html.unescape("".join(client.get(f"/s/{each['id']}").text for each in STATIONS))
    for words in ("11:00–13:00", "会员码", "12 个座位", "2026-10-08", "全省最美驿站"):
        assert words in page


def test_the_cards_come_whole_after_the_list(client: FlaskClient) -> None:
    urls = island(client.get("/c/shucheng/").text)["urls"]
    answer = client.get(urls["cards"][0])
    assert "immutable" in answer.headers["Cache-Control"]
    assert list(answer.get_json()) == [station["id"] for station in STATIONS]
    whole = client.get("/s/341523-002").text
    assert re.sub("<(/?)h2", "<\\1h1", answer.get_json()["341523-002"]).strip() in whole
    heard = client.get(urls["heard"]).get_json()
    assert "hepanxiaogeshitang" in heard["341523-002"]
    for word in ("厕所", "充电宝", "微波炉", "沙发", "开水"):  # said where a card says 如厕
        assert word in heard["341523-001"]
        assert (word in heard["341523-003"]) == (word == "开水")
    for word in ("吃饭", "食堂", "盒饭"):
        assert word in heard["341523-002"]
    # A page from before an update asks by the old version: what it gets is not kept.
    old = client.get(urls["cards"][0].replace("?v=", "?v=0"))
    assert old.headers["Cache-Control"] == "no-cache"
    for nothing in (urls["cards"][0].replace("cards-0", "cards-1"),
                    re.sub(r"/r/\w+/", "/r/0123456789abcdef/", urls["heard"])):  # fmt: skip
        assert client.get(nothing).status_code == 404


def test_each_station_has_its_golden_links(client: FlaskClient) -> None:
    page = html.unescape(client.get("/c/shucheng/").text)
    for station in STATIONS:
        lon, lat = station["at"]
        links = navigation_links(lon, lat, station["name"], src=LINK_SOURCE)
        ride = next(link.url for link in links if link.app == "amap_ride")
        # A browser encodes the letters beyond ASCII by itself.
        assert ride in [quote(url, safe=":/?=&,%") for url in re.findall(r'href="(.*?)"', page)]
        whole = html.unescape(client.get(f"/s/{station['id']}").text)
        for link in links[1:]:
            assert f'"{link.url}"' in whole
        assert "®" not in page + whole  # &region read as an entity


def test_made_up_places_are_never_mistakable(client: FlaskClient) -> None:
    for path in ("/c/shucheng/", "/s/341523-001"):
        page = client.get(path).text
        assert "示意数据" in page
        assert "示意点位，现场没有驿站" in page  # on the card, or before a map opens
        assert "OpenStreetMap" not in page
        assert "示意街道" in page


def test_a_real_county_credits_its_streets(tmp_path: Path) -> None:
    write_release(
        tmp_path,
        [{**STATIONS[0], "provenance": "surveyed", "name": "文昌路驿站"}],
        illustrative=False,
        approval_number="GS(2026)0001号",
    )
    page = create_app(Settings(var=tmp_path)).test_client().get("/c/shucheng/").text
    assert "© OpenStreetMap contributors" in page
    assert "审图号：GS(2026)0001号" in page
    assert 'class="notice"' not in page
    assert 'class="warning"' not in page
    assert "data-illustrative" not in page


# --- a station -----------------------------------------------------------------------------------


def test_a_station_by_its_number(client: FlaskClient) -> None:
    page = client.get("/s/341523-002").text
    assert "河畔小哥食堂（示意）" in page
    assert "文昌路暖新驿站" not in page


def test_an_unknown_page_helps(client: FlaskClient) -> None:
    answer = client.get("/s/341523-02")
    assert answer.status_code == 404
    assert "名单里没有这个编号" in answer.text
    assert "舒城县全部站点" in answer.text
    assert "舒城县全部站点" not in client.get("/s/999999-001").text
    assert "舒城县全部站点" in client.get("/c/shucheng/nothing").text
    assert "没有这一页" in client.get("/nothing").text
    assert 'href="/s/341523-002"' in answer.text
    assert 'href="/c/shucheng/"' in answer.text
    assert 'href="/c/shucheng/"' in client.get("/c/shuchen/").text


def test_no_heading_lies_inside_a_span(client: FlaskClient, var: Path) -> None:
    write_release(var, slug="kuandian")
    for path in ("/", "/s/341523-02", "/c/shuchen/"):
        page = client.get(path).text
        assert '<ul class="places">' in page
        assert not re.search(r"<span[^>]*>\s*<h\d", page), path


# --- files of the release ------------------------------------------------------------------------


#: What the hand-drawn release is without, as releases made before these files existed are.
LATER_FILES = {
    "places.json",
    "streets.bin",
    "matrix.bin",
    "gaps.json",
    "actions.json",
    "overview.svg",
    "hourly.json",
}


@pytest.mark.parametrize("name", sorted(PUBLIC_FILES - LATER_FILES))
def test_public_files_never_change(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/c/shucheng/r/{release_hash(client)}/{name}")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["ETag"]


@pytest.mark.parametrize("name", sorted(LATER_FILES))
def test_a_file_that_an_older_release_is_without_is_not_there(
    client: FlaskClient, name: str
) -> None:
    assert client.get(f"/c/shucheng/r/{release_hash(client)}/{name}").status_code == 404


def test_no_file_for_staff_is_ever_served(client: FlaskClient, var: Path) -> None:
    name = release_hash(client)
    folder = var / "releases/shucheng" / name
    inside = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "public"
    ]
    assert len(inside) >= 4  # the manifest and what is in staff/
    asked = {
        f"/c/shucheng/r/{name}/{way}"
        for each in [*inside, "current"]
        for way in (
            each, f"../{each}", f"..%2f{each}", f"%2e%2e/{each}", f"public/../{each}",
            each.replace("/", "%2f"), each.replace("/", "%5c"), f"{each}%00.json", f"./{each}",
            Path(each).name,
        )
    }  # fmt: skip
    asked |= {f"/static/{static_version()}/../../../{each}" for each in inside}
    asked |= {f"/static/{static_version()}/%2e%2e/templates/base.html", "/static/x//etc/passwd"}
    for path in sorted(asked):
        answer = client.get(path)
        assert answer.status_code in {308, 404}, path
        assert b"for staff only" not in answer.data


@pytest.mark.parametrize("name", ["0" * 16, "../shucheng", "current", "F" * 16, "0" * 15])
def test_only_published_hashes(client: FlaskClient, name: str) -> None:
    assert client.get(f"/c/shucheng/r/{name}/stations.geojson").status_code == 404


def test_a_release_not_published_stays_inside(client: FlaskClient, var: Path) -> None:
    first = release_hash(client)
    later = write_release(var, as_of="2026-11-08", publish=False)
    address = "/c/shucheng/r/{}/stations.geojson"
    assert client.get(address.format(later)).status_code == 404
    point(var, [first, later])
    assert client.get(address.format(first)).status_code == 200
    assert client.get(address.format(later)).status_code == 200
    point(var, [first])
    assert client.get(address.format(later)).status_code == 404


def test_the_map_is_sent_in_ranges(client: FlaskClient) -> None:
    address = f"/c/shucheng/r/{release_hash(client)}/basemap.pmtiles"
    whole = client.get(address)
    part = client.get(address, headers={"Range": "bytes=256-511", "Accept-Encoding": "gzip"})
    assert part.status_code == 206
    assert part.data == whole.data[256:512]
    assert part.headers["Content-Range"] == f"bytes 256-511/{len(whole.data)}"
    assert "Content-Encoding" not in part.headers
    assert client.get(address, headers={"Range": "bytes=99999-"}).status_code == 416


def test_the_page_reads_only_what_its_own_release_holds(client: FlaskClient) -> None:
    said = island(client.get("/c/shucheng/").text)
    for younger in ("streets", "places", "overview"):  # than this release
        assert said["urls"].pop(younger) == ""
    assert said["urls"].pop("worker") == "/sw.js"
    assert said["urls"].pop("station") == "/s/"
    assert client.get(said["urls"].pop("words")).get_json().keys() > said["words"].keys()
    for address in (*said["urls"].pop("cards"), *said["urls"].values()):
        assert address.startswith("/c/shucheng/")
        assert client.get(address).status_code == 200


def test_open_json_begins_today(client: FlaskClient) -> None:
    said = client.get("/c/shucheng/open.json").get_json()
    now = int(NOW.timestamp()) // 60
    assert said["from"] <= now < said["from"] + 24 * 60
    assert said["to"] - said["from"] == 14 * 24 * 60
    plan, own = said["stations"]["341523-001"]
    assert (said["plans"][plan], own) == ([0, 14 * 24 * 60], {})
    assert said["stations"]["341523-003"] == [None, {}]
    _, own = said["stations"]["341523-002"]
    assert list(own) == ["hot_meal"]
    assert said["plans"][own["hot_meal"]] == [11 * 60, 2 * 60, *[22 * 60, 2 * 60] * 13]


# --- our own files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("js/rider.js", "text/javascript"),
        ("vendor/maplibre-gl.mjs", "text/javascript"),
        ("css/tokens.css", "text/css"),
        ("icons/mark.svg", "image/svg+xml"),
    ],
)
def test_types_and_keeping(client: FlaskClient, name: str, kind: str) -> None:
    answer = client.get(f"/static/{static_version()}/{name}")
    assert answer.status_code == 200
    assert answer.mimetype == kind
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(f"/static/0123456789ab/{name}").headers["Cache-Control"] == "no-cache"


def test_every_address_on_the_pages_answers(client: FlaskClient) -> None:
    for path in ("/c/shucheng/", "/s/341523-001", "/nothing"):
        page = html.unescape(client.get(path).text)
        for address in re.findall(r'(?:src|href)="(/[^"]*)"', page):
            assert client.get(address).status_code in {200, 302}, address


def test_no_page_names_another_host_but_the_map_apps(client: FlaskClient) -> None:
    apps = ("https://uri.amap.com/", "https://api.map.baidu.com/", "https://apis.map.qq.com/",
            "https://maps.apple.com/", "http://www.w3.org/2000/svg")  # fmt: skip
    for path in ("/c/shucheng/", "/s/341523-001", "/c/shucheng/plan", "/nothing"):
        for address in re.findall(r"https?://[^\s\"'<]+", client.get(path).text):
            assert address.startswith(apps), address


# --- languages -----------------------------------------------------------------------------------


def test_english_stays_english(client: FlaskClient) -> None:
    page = client.get("/c/shucheng/?lang=en").text
    assert '<html lang="en">' in page
    assert "Rest stops in Shucheng" in page
    assert 'href="/s/341523-001?lang=en"' in page
    assert 'href="/c/shucheng/"' in page  # the way back to Chinese


def test_awards_are_joined_as_the_language_joins(tmp_path: Path) -> None:
    write_release(tmp_path, [{**STATIONS[0], "awards": ["最美驿站", "五星驿站"]}])
    pages = create_app(Settings(var=tmp_path)).test_client()
    assert "最美驿站、五星驿站" in pages.get("/s/341523-001").text
    assert "最美驿站, 五星驿站" in pages.get("/s/341523-001?lang=en").text


def test_the_other_language_of_no_page_is_the_front(client: FlaskClient) -> None:
    for path in ("/nothing", "//evil.example/", "/%2f%2fevil.example"):
        answer = client.get(path)
        assert 'href="//' not in answer.text
        assert "evil" not in (answer.location or "")
    assert 'href="/?lang=en"' in client.get("/nothing").text


def test_an_unknown_language_is_chinese(client: FlaskClient) -> None:
    assert '<html lang="zh-CN">' in client.get("/c/shucheng/?lang=fr%22%3E").text


# --- hostile names -------------------------------------------------------------------------------

PAYLOADS = [
    "<script>alert(1)</script>", "${alert(1)}", "`${alert(1)}`", "{{7*7}}", "</script><script>x",
    '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "javascript:alert(1)",
    "\u202egnp.exe\u202c", "a\x00b", "\u2028\u2029", "&lt;b&gt;&region", "<!--", "]]>",
    "驿站${夜间}A", "{% raw %}", "\\u003cscript\\u003e", "%3Cscript%3E", "A" * 3000, "\ufeff\u200b",
]  # fmt: skip


def pages_with(name: str, var: Path) -> list[str]:
    write_release(
        var,
        [{**STATIONS[0], "name": name, "address": name, "host": name, "phone": name,
          "township": name, "awards": [name], "services": ["drinking_water"]}],
    )  # fmt: skip
    client = create_app(Settings(var=var)).test_client()
    texts = []
    for path in ("/c/shucheng/", "/s/341523-001", "/nothing"):
        answer = client.get(path)
        assert answer.status_code in {200, 404}
        texts.append(answer.text)
    return texts


def skeleton(page: str) -> list[str]:
    """The tags and attribute names of a page: what a name may never change."""
    tags = re.findall(r"<(/?[a-zA-Z][^\s>/]*)((?:\"[^\"]*\"|[^>\"])*)>", page)
    return [tag + " " + " ".join(re.findall(r"([\w-]+)=\"", rest)) for tag, rest in tags]


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    return [skeleton(page) for page in pages_with("驿站", tmp_path_factory.mktemp("harmless"))[:2]]


def hold(name: str, var: Path, harmless: list[list[str]]) -> None:
    pages = pages_with(name, var)
    if not one_line(name):  # nothing to show: the rows are left out, the number stands in
        assert "<h1" in pages[1]
        return
    assert [skeleton(page) for page in pages[:2]] == harmless
    for page in pages:
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", page)
        assert "49" not in name or "{{" in name or "4949" not in page


@pytest.mark.parametrize("name", first_quick(PAYLOADS, 6))
def test_a_hostile_name_changes_no_tag(
    name: str, tmp_path: Path, harmless: list[list[str]]
) -> None:
    hold(name, tmp_path, harmless)


@pytest.mark.slow
def test_naughty_strings_change_no_tag(
    shared: Path, tmp_path: Path, harmless: list[list[str]]
) -> None:
    naughty = json.loads((shared / "corpora/blns/blns.json").read_text("utf-8"))
    for number, name in enumerate(naughty[::12]):
        if name.strip():
            hold(name, tmp_path / str(number), harmless)
