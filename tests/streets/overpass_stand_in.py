"""An Overpass server of our own on this host, which can misbehave in every way that matters.

It understands the one question that is asked of it, ``way["highway"](poly:'lat lon …');>;``, and
answers from a list of nodes and ways as Overpass does: every way that touches the polygon, whole,
with all of its nodes and their tags.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

import osmium
import shapely

Element = dict[str, Any]
QUESTION = re.compile(
    r"\[out:json\]\[timeout:\d+\];\(way\[\"highway\"\]\(poly:'([-\d. ]+)'\);>;\);out;"
)
DATA_TIME = "2026-11-23T22:15:00Z"


def drawn(
    nodes: Mapping[int, tuple[float, float]],
    *ways: tuple[Sequence[int], Mapping[str, str]],
    barriers: Mapping[int, Mapping[str, str]] | None = None,
) -> list[Element]:
    """Elements from nodes as {id: (lon, lat)}, ways as (node ids, tags)."""
    elements: list[Element] = []
    for number, (lon, lat) in nodes.items():
        tags = dict((barriers or {}).get(number, {}))
        node = {"type": "node", "id": number, "lat": lat, "lon": lon}
        elements.append(node | ({"tags": tags} if tags else {}))
    for number, (refs, tags) in enumerate(ways, start=1):
        elements.append({"type": "way", "id": number, "nodes": list(refs), "tags": dict(tags)})
    return elements


def extracted(path: Path) -> list[Element]:
    """The elements of an extract: all nodes, and all ways with ``highway``."""
    elements: list[Element] = []
    for item in osmium.FileProcessor(path, osmium.osm.NODE | osmium.osm.WAY):
        tags = {tag.k: tag.v for tag in item.tags}
        said = {"id": item.id} | ({"tags": tags} if tags else {})
        if isinstance(item, osmium.osm.Node):
            elements.append({"type": "node", "lat": item.lat, "lon": item.lon, **said})
        elif "highway" in tags:
            nodes = [node.ref for node in item.nodes]
            elements.append({"type": "way", "nodes": nodes, **said})
    return elements


@dataclass
class StandIn:
    """The server: its address, what it was asked, and how it answers (``mood``)."""

    elements: list[Element]
    mood: str = "whole"
    url: str = ""
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    stopped: Event = field(default_factory=Event)

    def answer(self, query: str) -> dict[str, Any]:
        """What Overpass answers to ``query``."""
        found = QUESTION.fullmatch(query)
        assert found, f"a question that the stand-in does not know: {query[:200]}"
        numbers = [float(number) for number in found[1].split()]
        area = shapely.Polygon(list(zip(numbers[1::2], numbers[0::2], strict=True)))
        shapely.prepare(area)
        nodes = {item["id"]: item for item in self.elements if item["type"] == "node"}
        ways = []
        for item in self.elements:
            if item["type"] == "way":
                known = [nodes[ref] for ref in item["nodes"] if ref in nodes]
                points = [(node["lon"], node["lat"]) for node in known]
                if len(points) > 1 and area.intersects(shapely.LineString(points)):
                    # Overpass has every node; an extract may have been cut.
                    refs = [ref for ref in item["nodes"] if ref in nodes]
                    ways.append(item | {"nodes": refs})
        used = sorted({ref for way in ways for ref in way["nodes"]})
        return {
            "version": 0.6,
            "generator": "Overpass API 0.7.62.4 (a stand-in)",
            "osm3s": {"timestamp_osm_base": DATA_TIME, "copyright": "ODbL"},
            "elements": [*(nodes[ref] for ref in used), *ways],
        }


@contextmanager
def overpass(elements: list[Element], mood: str = "whole") -> Iterator[StandIn]:
    """Run a stand-in on a free port of 127.0.0.1 until the block ends."""
    stand_in = StandIn(elements, mood)

    class Handler(_Handler):
        place = stand_in

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_port}/api"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    place: StandIn
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        assert self.path == "/api/status"
        self._send(
            200,
            b"Connected as: 1\nCurrent time: 2026-11-24T00:00:00Z\nAnnounced endpoint: none\n"
            b"Rate limit: 2\n2 slots available now.\nCurrently running queries:\n",
            "text/plain",
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path != "/api/interpreter":
            self._send(404, b"<html>nothing here</html>", "text/html")
            return
        query = parse_qs(body)["data"][0]
        self.place.asked.append(query)
        self.place.agents.append(self.headers["User-Agent"])
        getattr(self, "_" + self.place.mood)(query)

    # --- moods ---

    def _whole(self, query: str) -> None:
        self._json(self.place.answer(query))

    def _packed(self, query: str) -> None:
        """As the real ones answer: gzip, in chunks, with no length told beforehand."""
        content = gzip.compress(json.dumps(self.place.answer(query)).encode())
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(content), 100):
            part = content[start : start + 100]
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def _too_many(self, query: str) -> None:
        self._send(429, b"<html>rate_limited</html>", "text/html", {"Retry-After": "42"})

    def _too_busy(self, query: str) -> None:
        self._send(504, b"<html>The server is probably too busy.</html>", "text/html")

    def _bad_question(self, query: str) -> None:
        self._send(400, b"<html>parse error</html>", "text/html")

    def _moved(self, query: str) -> None:
        self._send(302, b"", "text/html", {"Location": "https://other.example/api/interpreter"})

    def _web_page(self, query: str) -> None:
        self._send(200, b"<!DOCTYPE html>\n<html><body>Sign in to the Wi-Fi</body></html>")

    def _other_json(self, query: str) -> None:
        self._send(200, b'{"error": "no such method"}')

    def _list(self, query: str) -> None:
        self._send(200, b"[]")

    def _cut_json(self, query: str) -> None:
        content = json.dumps(self.place.answer(query)).encode()
        self._send(200, content[: len(content) // 2])

    def _broken_line(self, query: str) -> None:
        content = json.dumps(self.place.answer(query)).encode()
        self._head(200, len(content))
        self.wfile.write(content[: len(content) // 2])
        self.close_connection = True

    def _remark(self, query: str) -> None:
        remark = 'runtime error: Query timed out in "recurse" at line 1 after 181 seconds.'
        said = self.place.answer(query)
        self._json(said | {"elements": said["elements"][:3], "remark": remark})

    def _no_ways(self, query: str) -> None:
        self._json(self.place.answer(query) | {"elements": []})

    def _without_nodes(self, query: str) -> None:
        said = self.place.answer(query)
        ways = [item for item in said["elements"] if item["type"] == "way"]
        self._json(said | {"elements": ways})

    def _strange_node(self, query: str) -> None:
        said = self.place.answer(query)
        said["elements"] = [{**said["elements"][0], "lat": 200.0}, *said["elements"][1:]]
        self._json(said)

    def _strange_tag(self, query: str) -> None:
        self._strange(query, {"tags": {"highway": "a\0b"}})

    def _strange_text(self, query: str) -> None:
        self._strange(query, {"tags": {"name": "\ud800"}})

    def _long_tag(self, query: str) -> None:
        self._strange(query, {"tags": {"name": "x" * 5000}})

    def _strange_id(self, query: str) -> None:
        self._strange(query, {"id": 2**70})

    def _strange(self, query: str, said: Mapping[str, Any]) -> None:
        answer = self.place.answer(query)
        answer["elements"][-1] |= said
        self._json(answer)

    def _nested(self, query: str) -> None:
        self._send(200, b"[" * 200_000)

    def _bad_gzip(self, query: str) -> None:
        self._send(200, b"no gzip at all", headers={"Content-Encoding": "gzip"})

    def _only_motorways(self, query: str) -> None:
        said = self.place.answer(query)
        keep = [
            item
            for item in said["elements"]
            if item["type"] == "node" or item["tags"]["highway"] == "motorway"
        ]
        self._json(said | {"elements": keep})

    def _elsewhere(self, query: str) -> None:
        said = self.place.answer(query)
        moved = [
            item | ({"lon": item["lon"] + 1.0} if item["type"] == "node" else {})
            for item in said["elements"]
        ]
        self._json(said | {"elements": moved})

    def _silent(self, query: str) -> None:
        self.place.stopped.wait(5)
        self.close_connection = True

    def _dripping(self, query: str) -> None:
        self._head(200, 1_000_000)
        for _ in range(100):
            if self.place.stopped.wait(0.05):
                return
            try:
                self.wfile.write(b" ")
            except OSError:
                return
        self.close_connection = True

    # ---

    def _json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode())

    def _head(
        self,
        status: int,
        length: int,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def _send(
        self,
        status: int,
        content: bytes,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._head(status, len(content), kind, headers)
        self.wfile.write(content)
