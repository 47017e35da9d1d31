"""How many bytes a rider waits for. What is counted here is what a server sends, gzipped, with the
headers of each answer; ``benchmarks/web`` times the same over a slow line."""

from __future__ import annotations

import gzip
import json
import re
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from locator.server.app import Settings, create_app
from tests.server.conftest import NOW
from tests.server.hundred import stations
from tests.server.tiny_release import write_release

PACKED = {"Accept-Encoding": "gzip"}
#: What a server puts on each answer beside our headers: the status, its name, the date.
ITS_OWN = len("HTTP/1.1 200 OK\r\nServer: waitress\r\nDate: Mon, 02 Nov 2026 04:00:00 GMT\r\n")


class Visit:
    """A first visit to the list of a hundred stations: the page, and what it asks for by itself."""

    def __init__(self, client: FlaskClient, path: str) -> None:
        self.client = client
        self.bytes: dict[str, int] = {}
        page = self.get(path)
        found = re.search(r'id="page-data">(.*?)</script>', page, re.S)
        assert found
        self.island = json.loads(found[1])
        self.styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        self.scripts = re.findall(r'<script[^>]* src="([^"]+)"', page)
        self.at_once = re.findall(r'rel="modulepreload" href="([^"]+)"', page)

    def get(self, path: str) -> str:
        """Fetch an address, as text, and count what it took."""
        answer = self.client.get(path, headers=PACKED)
        assert answer.status_code == 200, path
        self.bytes[path] = len(answer.data) + len(str(answer.headers)) + ITS_OWN
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(answer.data) if packed else answer.data).decode()

    def fetch(self, paths: list[str]) -> int:
        """Fetch addresses; how many bytes they took."""
        for path in paths:
            self.get(path)
        return sum(self.bytes[path] for path in set(paths))


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    var = tmp_path_factory.mktemp("hundred")
    write_release(var, stations(100), with_map=True)
    return Visit(create_app(Settings(var=var, now=lambda: NOW)).test_client(), "/c/shucheng/")


def test_a_list_of_a_hundred_is_read_within_thirty_two_kilobytes(visit: Visit) -> None:
    """Usable: every station by name with its hours, services and the way there (the page and its
    styles), and then which are open now and in what order (the script it starts with and
    open.json). Filters, "near me" and the card come after, the map last."""
    assert visit.styles == []  # they are inside
    printed = visit.bytes["/c/shucheng/"]
    ranked = visit.fetch([*visit.scripts, *visit.at_once, visit.island["urls"]["open"]])
    assert set(visit.scripts) <= set(visit.at_once)
    assert len(visit.at_once) == 1
    assert printed <= 24_000
    assert printed + ranked <= 32_000


def test_what_the_list_asks_for_next_stays_small(visit: Visit) -> None:
    """All our scripts before the map; and with them the drawing that stands in for it."""
    (first,) = visit.at_once
    *names, drawing = visit.island["tools"]
    assert "rider-map" not in names
    scripts = [urljoin(first, f"{name}.js") for name in names if "/" not in name]
    assert {f"{name}.js" for name in ("rider-tools", "overview")} == {
        each.rpartition("/")[2] for each in scripts
    }
    assert visit.fetch([first, *scripts]) <= 30_000
    styles = [urljoin(first, name) for name in names if name.endswith(".css")]
    assert visit.fetch([*scripts, *styles, drawing]) <= 40_000
