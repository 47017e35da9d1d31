from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from locator.errors import UsageError
from locator.server.app import Settings, create_app, security_headers
from locator.server.wechat import SCRIPT, TICKET_S, WeChat, read_wechat, signature
from tests.server.conftest import NOW
from tests.server.tiny_release import write_release

APP = "wx0123456789abcdef"
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
GOOD = f'app_id = "{APP}"\nticket_file = "ticket"\n'
PAGE = "https://rest.example.cn/c/shucheng/"


def test_the_signature_of_wechats_own_guide() -> None:
    """The example of its appendix on the algorithm."""
    url = "http://mp.weixin.qq.com?params=value"
    said = signature(TICKET, "Wm3WZYTPz0wzccnW", 1414587457, url)
    assert said == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def read(tmp_path: Path, text: str) -> WeChat:
    file = tmp_path / "wechat.toml"
    file.write_text(text, "utf-8")
    return read_wechat(file)


def test_an_account_is_read(tmp_path: Path) -> None:
    account = read(tmp_path, GOOD)
    assert account == WeChat(APP, tmp_path / "ticket", SCRIPT)
    other = read(tmp_path, GOOD + 'script = "https://cdn.example.cn/weixin.js"\n')
    assert other.host == "https://cdn.example.cn"
    policy = security_headers(Settings(tmp_path, wechat=other))["Content-Security-Policy"]
    assert "script-src 'self' 'sha256-" in policy
    assert policy.count("https://cdn.example.cn") == 1
    assert "weixin" not in security_headers(Settings(tmp_path))["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("app_id =", "TOML"),
        (f'app_id = "{APP}"\n', "ticket_file"),
        (GOOD + 'secret = "x"\n', "secret"),
        (GOOD.replace('"ticket"', "7"), "texts"),
        (GOOD.replace(APP, "gh_0123456789ab"), "sixteen"),
        (GOOD + 'script = "http://res.wx.qq.com/a.js"\n', "https"),
        (GOOD + 'script = "https://a.cn; script-src */a.js"\n', "https"),
    ],
)
def test_what_would_not_work_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read(tmp_path, text)


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    write_release(tmp_path)
    ticket = tmp_path / "ticket"
    ticket.write_text(TICKET + "\n", "utf-8")
    written(ticket, 60)
    settings = Settings(
        var=tmp_path, now=lambda: NOW, wechat=WeChat(APP, ticket), public_url=PAGE[:-12]
    )
    return create_app(settings).test_client()


def written(ticket: Path, seconds_ago: float) -> None:
    at = (NOW - timedelta(seconds=seconds_ago)).timestamp()
    os.utime(ticket, (at, at))


def ask(client: FlaskClient, url: str):
    return client.get("/wechat.json", query_string={"url": url})


def test_a_page_of_ours_is_proved(client: FlaskClient) -> None:
    said = ask(client, PAGE + "?lang=en").get_json()
    assert said["appId"] == APP
    assert said["timestamp"] == int(NOW.timestamp())
    wanted = signature(TICKET, said["nonceStr"], said["timestamp"], PAGE + "?lang=en")
    assert said["signature"] == wanted
    assert ask(client, PAGE).headers["Cache-Control"] == "no-store"
    assert ask(client, PAGE).get_json()["nonceStr"] != said["nonceStr"]
    assert TICKET not in ask(client, PAGE).text


@pytest.mark.parametrize(
    "url",
    ["", "https://evil.example/", "http://rest.example.cn/", "https://rest.example.cn.evil.cn/",
     PAGE + "#hash", "https://rest.example.cn@evil.cn/", "//rest.example.cn/"],
)  # fmt: skip
def test_nothing_is_proved_for_others(client: FlaskClient, url: str) -> None:
    assert ask(client, url).status_code == 404


@pytest.mark.parametrize("ticket", ["", "short", "spaces in the ticket are no ticket", None])
def test_without_a_ticket_there_is_no_proof(
    client: FlaskClient, tmp_path: Path, ticket: str | None
) -> None:
    file = tmp_path / "ticket"
    if ticket is None:
        file.unlink()
    else:
        file.write_text(ticket, "utf-8")
    assert ask(client, PAGE).status_code == 503


def test_an_old_ticket_is_none(client: FlaskClient, tmp_path: Path) -> None:
    written(tmp_path / "ticket", TICKET_S + 1)
    assert ask(client, PAGE).status_code == 503


def test_pages_name_the_script_only_where_it_is_configured(
    client: FlaskClient, tmp_path: Path
) -> None:
    for path in ("/c/shucheng/", "/s/341523-001"):
        assert SCRIPT in client.get(path).text
    plain = create_app(Settings(var=tmp_path, now=lambda: NOW)).test_client()
    for path in ("/c/shucheng/", "/s/341523-001"):
        assert "wx.qq.com" not in plain.get(path).text
    assert plain.get("/wechat.json?url=http://localhost/").status_code == 404
