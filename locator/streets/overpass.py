"""Asking an Overpass server for the streets of an area: one question, one whole answer or none.

osmnx writes the question and sends it; the answer is taken as the server gave it. What osmnx saves
of its own graph is less: as OSM XML it opens roundabouts both ways and turns ``oneway=-1`` round
(of Liechtenstein's 164 one-way pieces 53 are lost), as GraphML it forgets which pieces were one
way. No host is asked but the one that was named.
"""

from __future__ import annotations

import json
import math
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import shapely

from locator import __version__
from locator.errors import StreetsError, UsageError

OVERPASS = "https://overpass-api.de/api"
#: The whole talk may take this long, in seconds; the first word of it CONNECT_S.
TIMEOUT_S = 180.0
CONNECT_S = 15.0
#: The streets of a large county are 50 MB of JSON.
#: Python takes eight times as much to read it.
MAX_BYTES = 250_000_000
CHUNK_BYTES = 1 << 16
#: What OpenStreetMap allows: ids of 64 bits, keys and values of 255 characters.
MAX_ID = 1 << 62
MAX_TAG = 255
DATA_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

_ANOTHER_ZH, _ANOTHER_EN = "或用 --overpass 换一个服务器", "name another server with --overpass"
_IS_IT_ZH = f"这是 Overpass 服务器的地址吗，例如 {OVERPASS}"
_IS_IT_EN = f"is this the address of an Overpass server, such as {OVERPASS}?"
_IN_MINUTES = "in a few minutes"

#: Told in Chinese and in English.
Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class Answer:
    """What an Overpass server said: its nodes and ways, each by its id, and the question.

    ``nodes`` holds (lon, lat, tags) in WGS-84 degrees, ``ways`` (node ids, tags); every node of
    a way is there. ``data_time`` is the moment of the server's data, as it states it.
    """

    server: str
    query: str
    data_time: str
    nodes: dict[int, tuple[float, float, dict[str, str]]]
    ways: dict[int, tuple[list[int], dict[str, str]]]
    size: int


def ask_overpass(
    area: shapely.Polygon | shapely.MultiPolygon,
    server: str = OVERPASS,
    *,
    timeout_s: float = TIMEOUT_S,
    progress: Progress = lambda zh, en: None,
) -> Answer:
    """Every way with ``highway`` in ``area`` (WGS-84 degrees) or half a kilometre around it.

    Ways come whole, also where they leave the area. Raises UsageError for an address that is none,
    and StreetsError, one sentence, when the server cannot be reached, says no, takes longer than
    ``timeout_s``, or gives anything but a whole answer with ways.
    """
    import osmnx  # heavy, and needed for this command alone
    import requests

    server = _server(server)
    talk = _Talk(server, time.monotonic() + timeout_s, timeout_s, progress)
    settings = {
        "use_cache": False,  # nothing is left in the working folder
        "cache_only_mode": True,  # ask, but make no graph of the answer
        "overpass_url": server,
        "overpass_settings": f"[out:json][timeout:{math.ceil(timeout_s)}]{{maxsize}}",
        # One question a run: the server itself lets it wait, or says 429. To ask for a slot first
        # costs a minute where there is no network.
        "overpass_rate_limit": False,
        "max_query_area_size": math.inf,
        "doh_url_template": None,  # else osmnx asks 8.8.8.8 for the server's address
        "requests_timeout": (min(CONNECT_S, timeout_s), timeout_s),
        "requests_kwargs": {"hooks": {"response": talk.hear}},
        "http_user_agent": f"yizhangtu-locator/{__version__}",
        "http_referer": "",
    }
    progress(
        f"正在问 {server}（最多 {timeout_s:.0f} 秒）",
        f"asking {server} (at most {timeout_s:.0f} s)",
    )
    try:
        with _set(osmnx.settings, settings):
            osmnx.graph_from_polygon(area, custom_filter='["highway"]')
    except InterruptedError:  # osmnx has heard the answer, and makes no graph of it
        return _answer(server, talk)
    except requests.exceptions.ReadTimeout as error:
        raise _late(server, timeout_s) from error
    except (requests.exceptions.RequestException, OSError) as error:
        zh, en = _reason(error)
        raise StreetsError(
            f"{server}：连不上（{zh}），请看网络，{_ANOTHER_ZH} / "
            f"cannot be reached ({en}); see to the internet connection, or {_ANOTHER_EN}."
        ) from error
    raise AssertionError("osmnx asks the server first, and stops there")


class _Talk:
    """Listens to the server for osmnx: says no to every answer that is not whole and in time."""

    def __init__(self, server: str, end: float, timeout_s: float, progress: Progress) -> None:
        self.server, self.end, self.timeout_s, self.progress = server, end, timeout_s, progress
        self.query = ""
        self.content = b""

    def hear(self, response: Any, *_: object, **__: object) -> Any:
        """Called by requests with the headers of an answer; returns one with a body read."""
        import requests

        with response:
            if response.status_code != 200:
                raise StreetsError(_refusal(self.server, response))
            self.query = parse_qs(response.request.body)["data"][0]
            self.content = self._body(response.raw)
        size = _size(len(self.content))
        self.progress(f"收到 {size}", f"{size} received")
        whole = requests.Response()
        whole.status_code, whole.url = response.status_code, response.url
        whole.raw = BytesIO(b"{}")  # osmnx would parse the answer only to throw it away
        return whole

    def _body(self, raw: Any) -> bytes:
        """The answer's bytes, unpacked; read as they come, so that a trickle ends in time too."""
        from urllib3.exceptions import HTTPError, ReadTimeoutError

        content = bytearray()
        try:
            while chunk := raw.read1(CHUNK_BYTES, decode_content=True):
                content += chunk
                if time.monotonic() > self.end:
                    raise _late(self.server, self.timeout_s)
                if len(content) > MAX_BYTES:
                    raise StreetsError(
                        f"{self.server}：回答超过 {_size(MAX_BYTES)}，"
                        "这么大的范围请用下载好的街图 / "
                        f"its answer is larger than {_size(MAX_BYTES)}; "
                        "take streets for so large an area from an extract."
                    )
        except ReadTimeoutError as error:
            raise _late(self.server, self.timeout_s) from error
        except HTTPError as error:
            size = _size(len(content))
            raise _half(
                self.server, f"收到 {size} 后断了", f"the line broke after {size}"
            ) from error
        return bytes(content)


def _answer(server: str, talk: _Talk) -> Answer:
    """The answer in our own terms; StreetsError unless it is a whole one with ways."""
    try:
        said = json.loads(talk.content)
    except (ValueError, RecursionError) as error:
        start = talk.content[:200].lstrip().lower()
        if start.startswith(b"<"):
            raise StreetsError(
                f"{server}：回的是网页，不是街道，{_IS_IT_ZH} / "
                f"answers with a web page instead of streets; {_IS_IT_EN}"
            ) from error
        raise _half(server, "JSON 不完整", "it is not whole JSON") from error
    if not isinstance(said, dict) or not isinstance(said.get("elements"), list):
        raise StreetsError(
            f"{server}：回的 JSON 不是 Overpass 的回答，{_IS_IT_ZH} / "
            f"answers with JSON that is no Overpass answer; {_IS_IT_EN}"
        )
    if remark := said.get("remark"):
        said = _short(str(remark))
        raise _half(server, f"服务器说：{said}", f"the server remarks: {said}")
    try:
        nodes = {
            _id(item["id"]): (*_position(item), _tags(item))
            for item in said["elements"]
            if item["type"] == "node"
        }
        ways = {
            _id(item["id"]): ([_id(ref) for ref in item["nodes"]], _tags(item))
            for item in said["elements"]
            if item["type"] == "way"
        }
        stated = str(said.get("osm3s", {}).get("timestamp_osm_base", ""))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StreetsError(
            f"{server}：回答里有不是开放街图的东西，{_ANOTHER_ZH} / "
            "its answer holds an object that is none of OpenStreetMap "
            f"({type(error).__name__}: {error}); {_ANOTHER_EN}."
        ) from error
    if not ways:
        raise StreetsError(
            f"{server}：这一带没有街道，请核对县的范围和站点的位置 / "
            "knows no street in this area; are the county's outline and stations where they "
            "should be?"
        )
    missing = {ref for refs, _ in ways.values() for ref in refs} - nodes.keys()
    if missing:
        raise _half(
            server,
            f"缺 {len(missing)} 个路上的点",
            f"{len(missing)} nodes of its ways are missing",
        )
    data_time = stated if DATA_TIME.fullmatch(stated) else ""
    return Answer(server, talk.query, data_time, nodes, ways, len(talk.content))


def _id(number: Any) -> int:
    if type(number) is not int or not -MAX_ID < number < MAX_ID:
        raise ValueError(f"the id {_short(repr(number))}")
    return number


def _position(item: dict[str, Any]) -> tuple[float, float]:
    lon, lat = float(item["lon"]), float(item["lat"])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"node {item['id']} at lon {lon}, lat {lat}")
    return lon, lat


def _tags(item: dict[str, Any]) -> dict[str, str]:
    """The tags of an object, as OpenStreetMap allows them; osmium does not survive a NUL."""
    tags: dict[str, str] = item.get("tags", {})
    for text in (*tags, *tags.values()):
        if not isinstance(text, str) or len(text) > MAX_TAG or "\0" in text:
            raise ValueError(f"the tag {_short(repr(text))} of {item['type']} {item['id']}")
        text.encode("utf-8")
    return tags


def _server(address: str) -> str:
    """The address of the API without ``/interpreter``, as osmnx wants it."""
    base = address.strip().rstrip("/").removesuffix("/interpreter")
    try:
        parts = urlsplit(base)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username or parts.query or parts.fragment:
        raise UsageError(
            f"“{address}”不是 Overpass 服务器的地址，写成 {OVERPASS} 这样 / "
            f"{address!r} is not the address of an Overpass server; give one like {OVERPASS}."
        )
    return base


def _refusal(server: str, response: Any) -> str:
    status = response.status_code
    if status == 429:
        wait = response.headers.get("Retry-After", "")
        zh, en = (f"{wait} 秒", f"in {wait} s") if wait.isdecimal() else ("几分钟", _IN_MINUTES)
        return (
            f"{server}：从这里问得太多（429），请过{zh}再试，{_ANOTHER_ZH} / "
            f"too many questions were asked from here (429); try again {en}, or {_ANOTHER_EN}."
        )
    if status == 504:
        return (
            f"{server}：太忙，没有回答（504），请过几分钟再试，{_ANOTHER_ZH} / "
            f"too busy to answer (504); try again {_IN_MINUTES}, or {_ANOTHER_EN}."
        )
    if 300 <= status < 400:
        where = _short(response.headers.get("Location", "elsewhere"))
        return (
            f"{server}：搬到了 {where}（{status}），信得过就用 --overpass 写这个地址 / "
            f"has moved to {where} ({status}); if you trust that address, give it with --overpass."
        )
    said = f"{status} {_short(response.reason or '')}"
    return f"{server}：回答 {said}，{_IS_IT_ZH} / answers {said}; {_IS_IT_EN}"


def _late(server: str, timeout_s: float) -> StreetsError:
    return StreetsError(
        f"{server}：{timeout_s:.0f} 秒内没有给全，请稍后再试，{_ANOTHER_ZH} / "
        f"gave no whole answer within {timeout_s:.0f} s; try again later, or {_ANOTHER_EN}."
    )


def _half(server: str, zh: str, en: str) -> StreetsError:
    return StreetsError(
        f"{server}：只给了一半（{zh}），请稍后再试，{_ANOTHER_ZH} / "
        f"gave half an answer ({en}); try again later, or {_ANOTHER_EN}."
    )


def _reason(error: Exception) -> tuple[str, str]:
    """The innermost cause, which is the one that a person can do something about."""
    text = str(error)
    for known, zh, en in (
        ("resolve", "没有这个网址", "its name is not known"),
        ("Name or service", "没有这个网址", "its name is not known"),
        ("refused", "对方拒绝连接", "connection refused"),
        ("unreachable", "网络不通", "network unreachable"),
        ("timed out", "等太久没有连上", "no connection in time"),
        ("Tunnel connection failed", "代理不放行", "the proxy does not let it through"),
        ("CERTIFICATE", "证书不可信", "its certificate is not trusted"),
    ):
        if known in text:
            return zh, en
    return type(error).__name__, type(error).__name__


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else line[:159] + "…"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.1f} kB"


@contextmanager
def _set(settings: Any, values: dict[str, Any]) -> Iterator[None]:
    """Set osmnx's settings for a while; and put back the resolver that osmnx exchanges."""
    before = {name: getattr(settings, name) for name in values}
    resolver = socket.getaddrinfo
    for name, value in values.items():
        setattr(settings, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
        socket.getaddrinfo = resolver
