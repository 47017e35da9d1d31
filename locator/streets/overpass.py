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

Progress = Callable[[str], None]


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
    progress: Progress = lambda text: None,
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
    progress(f"asking {server} (at most {timeout_s:.0f} s)")
    try:
        with _set(osmnx.settings, settings):
            osmnx.graph_from_polygon(area, custom_filter='["highway"]')
    except InterruptedError:  # osmnx has heard the answer, and makes no graph of it
        return _answer(server, talk)
    except requests.exceptions.ReadTimeout as error:
        raise _late(server, timeout_s) from error
    except (requests.exceptions.RequestException, OSError) as error:
        raise StreetsError(
            f"{server}: cannot be reached ({_reason(error)}); see to the internet connection, or "
            "name another server with --overpass."
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
        self.progress(f"{_size(len(self.content))} received")
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
                        f"{self.server}: its answer is larger than {_size(MAX_BYTES)}; "
                        "take streets for so large an area from an extract."
                    )
        except ReadTimeoutError as error:
            raise _late(self.server, self.timeout_s) from error
        except HTTPError as error:
            broke = f"the line broke after {_size(len(content))}"
            raise _half(self.server, broke) from error
        return bytes(content)


def _answer(server: str, talk: _Talk) -> Answer:
    """The answer in our own terms; StreetsError unless it is a whole one with ways."""
    try:
        said = json.loads(talk.content)
    except (ValueError, RecursionError) as error:
        start = talk.content[:200].lstrip().lower()
        if start.startswith(b"<"):
            raise StreetsError(
                f"{server}: answers with a web page instead of streets; is this the address of "
                "an Overpass server, such as https://overpass-api.de/api?"
            ) from error
        raise _half(server, "it is not whole JSON") from error
    if not isinstance(said, dict) or not isinstance(said.get("elements"), list):
        raise StreetsError(
            f"{server}: answers with JSON that is no Overpass answer; is this the address of an "
            "Overpass server, such as https://overpass-api.de/api?"
        )
    if remark := said.get("remark"):
        raise _half(server, f"the server remarks: {_short(str(remark))}")
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
            f"{server}: its answer holds an object that is none of OpenStreetMap "
            f"({type(error).__name__}: {error}); try another server with --overpass."
        ) from error
    if not ways:
        raise StreetsError(
            f"{server}: knows no street in this area; are the county's outline and stations where "
            "they should be?"
        )
    missing = {ref for refs, _ in ways.values() for ref in refs} - nodes.keys()
    if missing:
        raise _half(server, f"{len(missing)} nodes of its ways are missing")
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
            f"{address!r} is not the address of an Overpass server; give one like {OVERPASS}."
        )
    return base


def _refusal(server: str, response: Any) -> str:
    status = response.status_code
    if status == 429:
        wait = response.headers.get("Retry-After", "")
        when = f"in {wait} s" if wait.isdecimal() else "in a few minutes"
        return (
            f"{server}: too many questions were asked from here (429); try again {when}, or name "
            "another server with --overpass."
        )
    if status == 504:
        return (
            f"{server}: too busy to answer (504); try again in a few minutes, or name another "
            "server with --overpass."
        )
    if 300 <= status < 400:
        return (
            f"{server}: has moved to {_short(response.headers.get('Location', 'elsewhere'))} "
            f"({status}); if you trust that address, give it with --overpass."
        )
    return (
        f"{server}: answers {status} {_short(response.reason or '')}; is this the address of an "
        f"Overpass server, such as {OVERPASS}?"
    )


def _late(server: str, timeout_s: float) -> StreetsError:
    return StreetsError(
        f"{server}: gave no whole answer within {timeout_s:.0f} s; try again later, or name "
        "another server with --overpass."
    )


def _half(server: str, how: str) -> StreetsError:
    return StreetsError(
        f"{server}: gave half an answer ({how}); try again later, or name another server with "
        "--overpass."
    )


def _reason(error: Exception) -> str:
    """The innermost cause, which is the one that a person can do something about."""
    text = str(error)
    for known, said in (
        ("resolve", "its name is not known"),
        ("Name or service", "its name is not known"),
        ("refused", "connection refused"),
        ("unreachable", "network unreachable"),
        ("timed out", "no connection in time"),
        ("Tunnel connection failed", "the proxy does not let it through"),
        ("CERTIFICATE", "its certificate is not trusted"),
    ):
        if known in text:
            return said
    return type(error).__name__


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
