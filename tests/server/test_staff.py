"""The staff's pages: who may open them, what they take, what they give back."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from locator.checks.rules import RULES
from locator.geo.datum import convert_datum
from locator.server.app import Settings, create_app
from locator.server.staff import uploads
from locator.server.staff_door import is_loopback
from locator.server.staff_forms import ANSWERS
from locator.server.staff_uploads import Uploads, shown_name
from locator.stations import cells
from locator.stations.readers import MAX_BYTES
from locator.stations.table import DATUM_ANSWERS
from tests.quick import first_quick
from tests.server.conftest import NOW
from tests.server.tiny_release import write_release

PATH = "/staff/check"
HEADINGS = ("编号", "类型", "名称", "经度", "纬度", "开放时间", "坐标来源")
GOOD = ("341523-101", "暖新驿站", "文昌路（示意）", 116.9512, 31.4601, "08:00-20:00", "高德")
#: What is illustrative makes way for it, and is no drop in numbers.
REAL = (*GOOD[:2], "文昌路", *GOOD[3:])
LOST = ("341523-102", "暖新驿站", "南门（示意）", "", "", "08:00-20:00", "高德")


@pytest.fixture
def app(tmp_path: Path, data: Path) -> Flask:
    """A server before the first release: nothing is compared with one."""
    return create_app(Settings(var=tmp_path, now=lambda: NOW, data=data, staff=True))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def token(client: FlaskClient) -> str:
    return token_of(client.get(PATH).text)


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found.group(1)


def sheet(*rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    book = openpyxl.Workbook()
    for row in (headings, *rows):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(
    client: FlaskClient, token: str, content: bytes, name: str = "台账.xlsx", **form: str
) -> TestResponse:
    """Post the form, as bytes: the client would leave its own file for a large one open."""
    edge = "edge-of-a-part"
    parts = {"token": token, "county": "shucheng", "datum": "", **form}
    body = b"".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in parts.items()
    )
    body += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="'.encode()
    body += (
        name.replace("\\", "\\\\").encode() + b'"\r\n\r\n' + content + f"\r\n--{edge}--".encode()
    )
    return client.post(PATH, data=body, content_type=f"multipart/form-data; boundary={edge}")


def checked(client: FlaskClient, token: str, content: bytes, **form: str) -> str:
    """The address of the result."""
    answer = send(client, token, content, **form)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def files_kept(app: Flask) -> list[Path]:
    with app.app_context():
        folder = uploads().new_path("x")[1].parent
    return sorted(folder.iterdir())


# --- the door -------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST"])
def test_these_addresses_are_of_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "map.example.cn", ""])
def test_these_are_not(host: str) -> None:
    assert not is_loopback(host)


def test_without_the_setting_there_is_no_such_page(tmp_path: Path, data: Path) -> None:
    write_release(tmp_path)
    for settings in (Settings(var=tmp_path, data=data), Settings(var=tmp_path, staff=True)):
        client = create_app(settings).test_client()
        assert client.get(PATH).status_code == 404
        assert client.post(PATH).status_code == 404
        assert not [
            each for each in client.application.url_map.iter_rules() if "staff" in str(each)
        ]


@pytest.mark.parametrize(
    "request_",
    [
        {"environ_base": {"REMOTE_ADDR": "192.168.1.7"}},
        {"environ_base": {"REMOTE_ADDR": "::ffff:10.0.0.1"}},
        {"environ_base": {"REMOTE_ADDR": ""}},
        {"headers": {"Host": "evil.example"}},
        {"headers": {"Host": "localhost.evil.example"}},
        {"headers": {"Host": "127.0.0.1.evil.example:8000"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
        {"headers": {"Via": "1.1 proxy"}},
        {"headers": {"X-Forwarded-Proto": "https"}},
        {"environ_overrides": {"SERVER_PROTOCOL": "HTTP/1.0"}},
        {"environ_overrides": {"SERVER_PROTOCOL": "HTTP/1"}},  # as Granian calls it
    ],
)
def test_nobody_from_elsewhere_learns_that_it_exists(
    client: FlaskClient, request_: dict[str, Any]
) -> None:
    there_is_none = client.get("/staffroom", **request_)
    for path in ("/staff", "/staff/", PATH, PATH + "/x", PATH + "/x/answer", "//staff/check"):
        for method in (client.get, client.post, client.put, client.delete, client.options):
            answer = method(path, **request_)
            assert answer.status_code in {404, 400, 308}, (path, method)
            assert "Allow" not in answer.headers
            assert "核对" not in answer.text
    assert client.get(PATH, **request_).status_code == there_is_none.status_code


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:9"])
def test_this_machine_by_its_names(client: FlaskClient, host: str) -> None:
    answer = client.get(PATH, headers={"Host": host})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def posts(app: Flask) -> list[str]:
    return [
        rule.rule.replace("<key>", "0" * 32)
        for rule in app.url_map.iter_rules()
        if rule.methods and "POST" in rule.methods
    ]


def test_every_form_needs_the_token_and_a_page_of_ours(app: Flask, client: FlaskClient) -> None:
    token = token_of(client.get(PATH).text)
    assert len(posts(app)) == 3
    for path in posts(app):
        assert client.post(path, data={}).status_code == 400
        assert client.post(path, data={"token": "x" * len(token)}).status_code == 400
        for headers in (
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            answer = client.post(path, data={"token": token}, headers=headers)
            assert answer.status_code == 400, (path, headers)
        own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        assert client.post(path, data={"token": token}, headers=own).status_code in {400, 404}


def test_no_other_site_may_embed_it(tmp_path: Path, data: Path) -> None:
    write_release(tmp_path)
    settings = Settings(
        var=tmp_path, data=data, staff=True, frame_ancestors=("https://app.example.cn",)
    )
    client = create_app(settings).test_client()
    answer = client.get(PATH)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


# --- what is taken --------------------------------------------------------------------------------


def test_without_a_file_it_says_so(client: FlaskClient, token: str) -> None:
    answer = client.post(PATH, data={"token": token, "county": "shucheng"})
    assert (answer.status_code, "还没有选文件" in answer.text) == (400, True)


@pytest.mark.slow
def test_a_file_may_have_20_mb_and_other_requests_64_kb(client: FlaskClient, token: str) -> None:
    answer = send(client, token, b"x" * (MAX_BYTES + 100_000))
    assert answer.status_code == 413
    assert "最多 20 MB" in answer.text
    assert send(client, token, b"x" * 1_000_000).status_code == 422
    far = client.post(PATH + "/x/answer", data={"token": token, "datum": "x" * 100_000})
    assert far.status_code == 413


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"not a workbook", "a.xlsx", "不是 Excel 工作簿"),
        (b"", "a.csv", "文件是空的"),
        (b"<OGRVRTDataSource/>", "stations.geojson", "内容却是 XML"),
        (b"MZ", "a.exe", "只认 .xlsx、.csv 和 .geojson"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.xls", "旧版 .xls 请另存为 .xlsx"),
        ("编号,名称\n1,甲".encode(), "b.csv", "缺少必填的列"),
    ],
)
def test_what_cannot_be_read_is_told_in_the_reader_s_words(
    app: Flask, client: FlaskClient, token: str, content: bytes, name: str, sentence: str
) -> None:
    answer = send(client, token, content, name)
    assert answer.status_code == 422
    assert "这个文件读不了" in answer.text
    assert sentence in answer.text
    assert name in answer.text
    assert files_kept(app) == []


@pytest.mark.child
def test_a_bomb_is_refused(app: Flask, client: FlaskClient, token: str) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sheet(GOOD))) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in good.namelist():
            bomb.writestr(name, good.read(name))
        bomb.writestr("xl/media/x.xml", b"0" * 80_000_000)
    started = time.monotonic()
    answer = send(client, token, out.getvalue())
    assert answer.status_code == 422
    assert "内部结构不正常" in answer.text
    assert time.monotonic() - started < 5
    assert files_kept(app) == []


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.xlsx",
        "C:\\Users\\x\\台账.xlsx",
    ],
)
def test_a_file_s_own_name_never_reaches_the_disk(
    app: Flask, client: FlaskClient, token: str, name: str
) -> None:
    answer = send(client, token, sheet(GOOD), name)
    assert answer.status_code == 303
    (kept,) = files_kept(app)
    assert re.fullmatch(r"[0-9a-f]{32}\.xlsx", kept.name)
    assert kept.parent.stat().st_mode & 0o077 == 0
    page = client.get(answer.location).text
    assert kept.name not in page
    assert str(kept.parent) not in page
    assert ".xlsx" in page


def test_the_name_that_is_shown() -> None:
    assert shown_name("C:\\Users\\张\\台账.xlsx") == "台账.xlsx"
    assert shown_name("../a\u202e\n.csv") == "a.csv"
    assert shown_name("") == shown_name(None) == "ledger"
    assert len(shown_name("x" * 500 + ".csv")) == 100


def test_text_of_the_file_is_text_on_the_page(client: FlaskClient, token: str) -> None:
    bad = "<script>alert(1)</script>${x}{{7*7}}"
    row = (*GOOD[:1], bad, bad, *GOOD[3:])
    page = client.get(checked(client, token, sheet(row))).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_one_check_at_a_time(app: Flask, client: FlaskClient, token: str) -> None:
    with app.app_context():
        busy = uploads().busy
    with busy:
        answer = send(client, token, sheet(GOOD))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "正在核对另一个文件" in answer.text
    assert files_kept(app) == []
    assert send(client, token, sheet(GOOD)).status_code == 303


# --- what is kept ---------------------------------------------------------------------------------


def test_a_check_is_gone_after_an_hour(app: Flask, client: FlaskClient, token: str) -> None:
    address = checked(client, token, sheet(GOOD))
    assert client.get(address).status_code == 200
    assert len(files_kept(app)) == 1
    with app.app_context():
        (timer,) = uploads()._timers.values()
    assert (timer.is_alive(), timer.daemon, timer.interval) == (True, True, 3600)
    timer.function(*timer.args)
    assert files_kept(app) == []
    answer = client.get(address)
    assert (answer.status_code, "已经删掉了" in answer.text) == (404, True)


@pytest.mark.slow
def test_only_so_many_are_kept(app: Flask, client: FlaskClient, token: str) -> None:
    app.extensions["locator-uploads"] = Uploads(kept=2)
    addresses = [checked(client, token, sheet(GOOD)) for _ in range(3)]
    assert [client.get(each).status_code for each in addresses] == [404, 200, 200]
    assert len(files_kept(app)) == 2


@pytest.mark.parametrize("key", ["nothing", "..", "%2e%2e%2fx", "0" * 32])
def test_a_key_is_no_path(client: FlaskClient, key: str) -> None:
    assert client.get(f"{PATH}/{key}").status_code in {404, 308}


# --- what is said ---------------------------------------------------------------------------------


def test_rows_are_conserved_and_the_worst_comes_first(client: FlaskClient, token: str) -> None:
    page = client.get(checked(client, token, sheet(REAL, LOST, REAL))).text
    assert "共 3 行 = 可发布 1 + 退回 1 + 重复 1" in page
    assert "1 行要改，其余 1 行可以发布" in page
    assert page.index('id="row-3"') < page.index('id="row-4"')
    assert "第 3 行没有填坐标" in page


def test_every_finding_of_the_example_is_on_the_page(
    client: FlaskClient, token: str, data: Path
) -> None:
    content = (data / "examples/ledger-with-faults.xlsx").read_bytes()
    address = checked(client, token, content)
    page = client.get(address).text
    said = re.findall(r'<li class="remark remark-(\w+)[^"]*">', page)
    counted = dict(re.findall(r"(错误|提醒|说明) (\d+)</a>", page))
    assert len(said) == sum(map(int, counted.values()))
    assert said.count("error") == int(counted["错误"])
    only = client.get(f"{address}?only=error").text
    assert set(re.findall(r'class="row row-(\w+)"', only)) == {"error"}
    assert client.get(f"{address}?lang=en").status_code == 200


def test_a_file_that_says_nothing_of_its_datum_is_asked(client: FlaskClient, token: str) -> None:
    address = checked(client, token, sheet(GOOD[:6], headings=HEADINGS[:6]))
    page = client.get(address).text
    assert "坐标从哪抄的？" in page
    for answer in ANSWERS:
        assert f'name="datum" value="{answer}"' in page
    again = client.post(f"{address}/answer", data={"token": token, "datum": "高德"})
    assert again.location == address
    page = client.get(address).text
    assert "按「高德」换算的坐标" in page
    assert "退回 0" in page
    assert client.post(f"{address}/answer", data={"token": token, "datum": "x"}).status_code == 400


@pytest.mark.slow
def test_what_stops_the_whole_file_can_be_let_pass(tmp_path: Path, data: Path) -> None:
    write_release(tmp_path)
    app = create_app(Settings(var=tmp_path, now=lambda: NOW, data=data, staff=True))
    client = app.test_client()
    token = token_of(client.get(PATH).text)
    # Two rows where the release has three: over a fifth fewer.
    address = checked(client, token, sheet(GOOD, LOST))
    page = client.get(address).text
    assert "1 行要改；整个文件也先不发布" in page
    assert 'name="pass" value="count_dropped"' in page
    bad = client.post(f"{address}/answer", data={"token": token, "pass": "null_island"})
    assert bad.status_code == 400
    client.post(f"{address}/answer", data={"token": token, "pass": "count_dropped"})
    page = client.get(address).text
    assert "可发布 1 + 退回 1" in page
    assert 'name="pass"' not in page


def test_every_answer_is_a_datum() -> None:
    assert {DATUM_ANSWERS[cells.fold(answer)] for answer in ANSWERS} == {
        "gcj02", "bd09", "wgs84", "cgcs2000",
    }  # fmt: skip


@pytest.mark.slow
def test_the_county_is_that_of_the_rows_unless_chosen(client: FlaskClient, token: str) -> None:
    assert "舒城县" in client.get(checked(client, token, sheet(GOOD), county="")).text
    wrong = client.get(checked(client, token, sheet(GOOD), county="kuandian")).text
    assert "这份表里没有宽甸满族自治县的行" in wrong
    unknown = send(client, token, sheet(("x", *GOOD[1:])), county="")
    assert (unknown.status_code, "看不出是哪个县" in unknown.text) == (422, True)
    assert send(client, token, sheet(GOOD), county="../x").status_code == 400


@pytest.mark.slow
def test_a_row_needs_no_id_before_the_ledger_is_adopted(client: FlaskClient, token: str) -> None:
    without = sheet(REAL[1:], headings=HEADINGS[1:])
    page = client.get(checked(client, token, without)).text
    assert "1 行没有编号" in page
    assert "可发布 1" in page
    half = client.get(checked(client, token, sheet(REAL, ("", *REAL[1:2], "南门", *REAL[3:])))).text
    assert "1 行没有编号" in half
    assert "行没有编号" not in client.get(checked(client, token, sheet(REAL))).text


def test_made_up_streets_are_said_to_be(client: FlaskClient, token: str) -> None:
    assert "<strong>示意数据</strong>" in client.get(checked(client, token, sheet(REAL))).text


@pytest.mark.slow
def test_what_was_chosen_stays_chosen(client: FlaskClient, token: str) -> None:
    page = send(client, token, b"x", county="kuandian", datum="百度").text
    assert '<option value="kuandian" selected>' in page
    assert '<option value="百度" selected>' in page


def test_a_good_ledger_is_quiet(client: FlaskClient, token: str, data: Path) -> None:
    content = sheet(REAL)
    page = client.get(checked(client, token, content)).text
    assert "mood-good" in page or "最好再看看" in page
    assert "拿回工作簿" in page


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_its_page(client: FlaskClient, code: str) -> None:
    answer = client.get(f"/staff/rules/{code}")
    assert answer.status_code == 200
    assert RULES[code].title_zh in answer.text


def test_no_other_rule_has(client: FlaskClient) -> None:
    assert client.get("/staff/rules/nothing").status_code == 404


# --- what goes back -------------------------------------------------------------------------------


def island(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page, re.S)
    assert found
    said: dict[str, Any] = json.loads(found.group(1))
    return said


def back(client: FlaskClient, token: str, address: str, picks: str = "[]") -> TestResponse:
    return client.post(f"{address}/workbook", data={"token": token, "picks": picks})


def book_of(answer: TestResponse) -> Any:
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


@pytest.fixture
def twice(client: FlaskClient, token: str) -> str:
    """The address of a check of one good row and one without a position."""
    return checked(client, token, sheet(GOOD, LOST))


def test_the_workbook_comes_back_marked(client: FlaskClient, token: str, twice: str) -> None:
    answer = back(client, token, twice)
    assert "attachment" in answer.headers["Content-Disposition"]
    book = book_of(answer)
    assert book.sheetnames[0] == "Sheet"
    assert "检查结果" in book.sheetnames
    said = [cell.comment.text for row in book["Sheet"] for cell in row if cell.comment]
    assert any("没有填坐标" in text for text in said)
    assert "台账.xlsx" in "".join(str(cell.value) for row in book["检查结果"] for cell in row)


def test_a_picked_point_is_in_it_and_the_fault_is_gone(
    client: FlaskClient, token: str, twice: str
) -> None:
    answer = back(client, token, twice, "[[3, 116.952, 31.461]]")
    ledger = book_of(answer)["Sheet"]
    assert (ledger["D3"].value, ledger["E3"].value, ledger["G3"].value) == (
        116.952,
        31.461,
        "手机GPS",
    )
    assert "在地图上选的点" in ledger["D3"].comment.text
    assert "原来空着" in ledger["D3"].comment.text
    assert ledger["G2"].value == "高德"
    again = client.get(checked(client, token, answer.data)).text
    assert "共 2 行 = 可发布 2 + 退回 0 + 重复 0" in again
    assert "没有填坐标" not in again


@pytest.mark.slow
def test_an_answer_is_written_where_nothing_was_said(client: FlaskClient, token: str) -> None:
    content = sheet(GOOD[:6], LOST[:6], headings=HEADINGS[:6])
    address = checked(client, token, content, datum="百度")
    answer = back(client, token, address, "[[3, 116.952, 31.461]]")
    ledger = book_of(answer)["Sheet"]
    assert [cell.value for cell in ledger["G"]] == ["坐标来源", "百度", "手机GPS"]
    assert ledger["D2"].value == GOOD[3]
    again = client.get(checked(client, token, answer.data)).text
    assert "坐标从哪抄的？" not in again


def shifted(data: Path) -> bytes:
    """The county's stations as copied from Baidu, said to be from Amap; one of them swapped."""
    stations = json.loads((data / "stations.geojson").read_text("utf-8"))["features"]
    rows: list[tuple[Any, ...]] = []
    for station in stations:
        said = station["properties"]
        if said["county"] in ("341523", "舒城县"):
            lon, lat = station["geometry"]["coordinates"]
            x, y = (float(v) for v in convert_datum(lon, lat, source="wgs84", target="bd09"))
            x, y = (y, x) if len(rows) == 3 else (x, y)
            place = (said.get("township"), said.get("address"))
            rows.append((said["id"], "暖新驿站", said["name"], x, y, "24/7", "高德", *place))
    return sheet(*rows, headings=(*HEADINGS, "乡镇", "地址"))


@pytest.mark.slow
def test_a_wrong_source_is_drawn_offered_and_mended_when_accepted(
    client: FlaskClient, token: str, data: Path
) -> None:
    address = checked(client, token, shifted(data))
    page = client.get(address).text
    assert "行的坐标来源多半选错了，先核对再发布" in page
    (offer,) = island(page)["offers"]
    assert offer["word"] == "百度"
    assert len(offer["moves"]) > 25
    signs = {sign for _, _, _, sign, _ in island(page)["points"]}
    assert "" not in signs, "a row of a doubted source does not count as fine"
    assert "data-take" not in page, "the swapped one's datum is in doubt as well"

    untouched = book_of(back(client, token, address))["Sheet"]
    assert {cell.value for cell in untouched["G"][1:]} == {"高德"}
    form = {"token": token, "picks": "[]", "accepted": f"[{offer['at']}]"}
    answer = client.post(f"{address}/workbook", data=form)
    ledger = book_of(answer)["Sheet"]
    words = [cell.value for cell in ledger["G"]]
    assert words.count("百度") == len(offer["moves"])
    assert words[4] == "高德", "the swapped row is another question"
    assert "原来写的是「高德」" in ledger["G2"].comment.text
    assert "坐标来源多半选错了" not in client.get(checked(client, token, answer.data)).text


def test_a_swapped_row_is_offered_the_other_way_round(client: FlaskClient, token: str) -> None:
    swapped = (*LOST[:3], 31.4601, 116.9512, *LOST[5:])
    page = client.get(checked(client, token, sheet(GOOD, swapped))).text
    assert re.search(r'data-take data-lon="116\.94\d+" data-lat="31\.46\d+"', page)


def test_a_table_too_large_for_a_workbook_is_told(
    client: FlaskClient, token: str, twice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locator.outputs.checked_workbook.MOST_CELLS", 5)
    answer = back(client, token, twice)
    assert (answer.status_code, "分成几个文件" in answer.text) == (422, True)


@pytest.mark.parametrize(
    "accepted", first_quick(["", "x", "[1.5, null]", "{", "7", "[1e999]", "[" * 100_000])
)
def test_offers_that_are_none_are_refused(
    client: FlaskClient, token: str, twice: str, accepted: str
) -> None:
    form = {"token": token, "picks": "[]", "accepted": accepted}
    assert client.post(f"{twice}/workbook", data=form).status_code == 400


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "geojson"])
def test_other_files_come_back_as_a_workbook(client: FlaskClient, token: str, kind: str) -> None:
    if kind == "csv":
        text = "\n".join(",".join(map(str, row)) for row in (HEADINGS, GOOD, LOST))
        row = 3
    else:
        text = (
            '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point",'
            '"coordinates":[116.95,31.46]},"properties":{"id":"341523-101","kind":"暖新驿站",'
            '"name":"文昌路（示意）"}},{"type":"Feature","geometry":null,"properties":{"id":'
            '"341523-102","kind":"暖新驿站","name":"南门（示意）"}}]}'
        )
        row = 2
    sent = send(client, token, text.encode(), f"台账.{kind}")
    assert sent.status_code == 303, sent.text
    answer = back(client, token, sent.location, f"[[{row}, 116.952, 31.461]]")
    assert "%E5%89%AF%E6%9C%AC" in answer.headers["Content-Disposition"]  # 副本
    again = client.get(checked(client, token, answer.data)).text
    assert "共 2 行 = 可发布 2 + 退回 0 + 重复 0" in again


@pytest.mark.parametrize(
    "picks",
    first_quick(
        ["", "[[1,2]]", "[[3, NaN, 31]]", "{", "[1]", "[[99, 116.9, 31.4]]", "[[3, 1e999, 31]]",
         "[[3, 116.9, 91]]", '[["x", 1, 2]]', "{}x", "[[1e999, 116.9, 31.4]]", "[" * 100_000]
    ),
)  # fmt: skip
def test_picks_that_are_none_are_refused(
    client: FlaskClient, token: str, twice: str, picks: str
) -> None:
    assert back(client, token, twice, picks).status_code == 400


# --- whose ledger it is ---------------------------------------------------------------------------

#: As the template asks: the id is left empty, and there is no column 县.
NO_ID = ("", *REAL[1:])


def titled(content: bytes, title: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0].title = title
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_title_of_the_sheet_says_whose_ledger_it_is(client: FlaskClient, token: str) -> None:
    found = checked(client, token, titled(sheet(NO_ID), "舒城县驿站台账"), county="")
    assert "舒城县" in client.get(found).text


def test_a_ledger_that_does_not_say_whose_it_is_is_kept_till_it_is_said(
    client: FlaskClient, token: str, app: Flask
) -> None:
    answer = send(client, token, sheet(NO_ID), "我的台账.xlsx", county="")
    assert answer.status_code == 422
    assert "看不出是哪个县的台账" in answer.text
    assert "我的台账.xlsx" in answer.text
    key = re.search(r'name="held" value="([^"]+)"', answer.text)
    assert key
    again = send(client, token, b"", "", held=key[1])
    assert again.status_code == 303, again.text
    assert "我的台账.xlsx" in client.get(again.location).text
    with app.app_context():
        assert uploads().held(key[1]) is None
    assert len([path for path in files_kept(app) if path.suffix == ".xlsx"]) == 1


def test_the_choice_of_counties_leads_staff_to_their_page(
    client: FlaskClient, tmp_path: Path, data: Path
) -> None:
    for slug in ("kuandian", "shucheng"):
        write_release(tmp_path, slug=slug)
    assert 'href="/staff/check"' in client.get("/").text
    riders = create_app(Settings(var=tmp_path, now=lambda: NOW, data=data)).test_client()
    assert "/staff" not in riders.get("/").text
