"""WeChat's own map for those who read the pages inside WeChat, where an operator has registered.

WeChat opens its map for a page only if the page names an official account, and proves with a
signature of its address that the account's ticket is known here. Tickets live for two hours and
come from WeChat's servers, which this program never asks: a job of the operator's writes them into
a file. Nothing of this happens outside of WeChat, or unless it is configured.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, request

from locator.errors import UsageError
from locator.server import published

#: Where WeChat publishes the script that its pages load.
SCRIPT = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"
#: What a ticket of WeChat's lives, in seconds; an older one proves nothing.
TICKET_S = 7200
_KEYS = {"app_id", "ticket_file", "script"}
_APP = re.compile(r"wx[0-9a-f]{16}")
_TICKET = re.compile(r"[\w-]{20,512}")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")

pages = Blueprint("wechat", __name__)


@dataclass(frozen=True, slots=True)
class WeChat:
    """An official account: its ``app_id``, the file with its present ticket, WeChat's script."""

    app_id: str
    ticket_file: Path
    script: str = SCRIPT

    @property
    def host(self) -> str:
        """The origin of the script."""
        parts = urlsplit(self.script)
        return f"{parts.scheme}://{parts.netloc}"


def read_wechat(path: Path) -> WeChat:
    """The account of an operator's file; a relative ``ticket_file`` lies beside it.

    Raises UsageError for a file that cannot be read, and a key that is lacking, unknown or wrong.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: 读不了 / cannot be read as TOML: {error}") from error
    wrong = sorted((_KEYS - {"script"} - said.keys()) | (said.keys() - _KEYS))
    if wrong or not all(isinstance(value, str) for value in said.values()):
        raise UsageError(
            f"{path}: 要有文字的 app_id 和 ticket_file，可以有 script / must hold the texts app_id "
            f"and ticket_file, and may hold script{': ' + ', '.join(wrong) if wrong else ''}."
        )
    if not _APP.fullmatch(said["app_id"]):
        raise UsageError(
            f"{path}: app_id 是 {said['app_id']!r}，应是 wx 加 16 位十六进制 / "
            "is not wx and sixteen hexadecimal digits."
        )
    script = urlsplit(said.get("script", SCRIPT))
    if script.scheme != "https" or not _HOST.fullmatch(script.netloc):
        raise UsageError(f"{path}: script 要是 https 地址 / script must be an https address.")
    return WeChat(said["app_id"], path.parent / said["ticket_file"], script.geturl())


def signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """What proves to WeChat that a page at ``url`` knows the account's ticket.

    SHA-1 over the four in the order of their names, as the guide of WeChat's JS-SDK prescribes
    (附录1, 签名算法).
    """
    said = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()


@pages.get("/wechat.json")
def proof() -> Response:
    """What a page of ours, named by ``url``, hands to WeChat; 404 for another page, 503 without a
    ticket of the last two hours."""
    account = published.settings().wechat
    url = request.args.get("url", "")
    if account is None or not _is_ours(url):
        abort(404)
    now = int(published.settings().now().timestamp())
    ticket = _ticket(account.ticket_file, now)
    if ticket is None:
        abort(503)
    nonce = secrets.token_hex(8)
    answer = jsonify(
        appId=account.app_id,
        timestamp=now,
        nonceStr=nonce,
        signature=signature(ticket, nonce, now, url),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_ours(url: str) -> bool:
    """Whether a page of this site lies there: for others nothing is proved."""
    known = published.settings().public_url or request.host_url
    asked, here = urlsplit(url), urlsplit(known)
    return (asked.scheme, asked.netloc) == (here.scheme, here.netloc) and not asked.fragment


def _ticket(path: Path, now: int) -> str | None:
    try:
        ticket, written = path.read_text("utf-8").strip(), path.stat().st_mtime
    except (OSError, ValueError):
        return None
    return ticket if _TICKET.fullmatch(ticket) and now - written < TICKET_S else None
