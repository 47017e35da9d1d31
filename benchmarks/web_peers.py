"""Two pages that others would make of the same stations, and a server for them and for their hosts.

One is what folium writes, the other a plain Leaflet page that fetches the stations as GeoJSON and
lists them. Both ask other hosts for scripts and tiles. There is no way to these hosts here, so each
is stood in for by a name of this machine (``<host>.localhost``), which the browser slows down like
any other: Leaflet and jQuery come from npm, a tile is a blank picture of 100 bytes, and what is not
at hand (Bootstrap, Font Awesome, awesome-markers) is answered empty. All of that is in the peers'
favour: real tiles weigh some 15 kB each, those files some 100 kB, and no name is looked up.
"""

from __future__ import annotations

import gzip
import json
import re
import struct
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import folium
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from locator.county import web_root

_HOSTS = re.compile(r"https://([a-z0-9.-]+)/")
#: What npm has put beside the page, by the end of the address.
_AT_HAND = {"leaflet.js": "leaflet/dist/leaflet.js", "leaflet.css": "leaflet/dist/leaflet.css",
            "jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
            "marker-icon.png": "leaflet/dist/images/marker-icon.png",
            "marker-icon-2x.png": "leaflet/dist/images/marker-icon-2x.png",
            "marker-shadow.png": "leaflet/dist/images/marker-shadow.png"}  # fmt: skip
_TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}
_LEAFLET_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Leaflet</title>
<link rel="stylesheet" href="https://unpkg.com/leaflet@1.9.4/dist/leaflet.css">
<style>body{margin:0;font-family:sans-serif}#map{height:40vh}li{padding:12px 0}</style></head>
<body><div id="map"></div><ul id="list"></ul>
<script src="https://unpkg.com/leaflet@1.9.4/dist/leaflet.js"></script><script>
const map = L.map("map").setView([31.46, 116.95], 13);
L.tileLayer("https://tile.openstreetmap.org/{z}/{x}/{y}.png", {attribution: "OSM"}).addTo(map);
fetch("/stations.geojson").then(answer => answer.json()).then(data => {
  L.geoJSON(data, {onEachFeature: (one, layer) => layer.bindPopup(one.properties.name)}).addTo(map);
  data.features.forEach(one => {
    const item = document.createElement("li");
    item.textContent = one.properties.name + " " + (one.properties.hours || "");
    document.getElementById("list").append(item);
  });
});
</script></body></html>"""


def folium_page(stations: Mapping[str, Any]) -> str:
    """The page that folium makes of a collection of stations, as its own documentation does."""
    chart = folium.Map([31.46, 116.95], zoom_start=13)
    for station in stations["features"]:
        lon, lat = station["geometry"]["coordinates"]
        said = station["properties"]
        popup = folium.Popup(f"{said['name']} {said['hours'] or ''}", parse_html=True)
        folium.Marker([lat, lon], popup=popup).add_to(chart)
    return str(chart.get_root().render())


@contextmanager
def peers_served(stations: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The address below which ``/folium`` and ``/leaflet`` lie, and the hosts that are stood in for
    (filled as they are met)."""
    hosts: list[str] = []
    pages = {"/folium": folium_page(stations), "/leaflet": _LEAFLET_PAGE}
    port = 0

    @Request.application
    def answer(request: Request) -> Response:
        if request.path in pages:
            page = _HOSTS.sub(lambda found: stand_in(found[1]), pages[request.path])
            return _packed(page.encode(), "text/html")
        if request.path == "/stations.geojson":
            return _packed(
                json.dumps(stations, ensure_ascii=False).encode(), "application/geo+json"
            )
        name = request.path.rpartition("/")[2]
        kind = _TYPES.get(Path(name).suffix, "text/plain")
        path = web_root() / "node_modules" / _AT_HAND.get(name, "nothing")
        if path.is_file():
            return _packed(path.read_bytes(), kind)
        return _packed(_blank() if kind == "image/png" else b"", kind)

    def stand_in(host: str) -> str:
        if host not in hosts:
            hosts.append(host)
        return f"http://{host}.localhost:{port}/"

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=_Silent)
    port = server.port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}", hosts
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing."""


def _packed(body: bytes, kind: str) -> Response:
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=31536000"}
    if len(body) > 600 and not kind.startswith("image/"):
        return Response(gzip.compress(body), 200, {**headers, "Content-Encoding": "gzip"}, kind)
    return Response(body, 200, headers, content_type=kind)


def _blank() -> bytes:
    """A grey tile."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    head = struct.pack(">IIBBBBB", 256, 256, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\0" * 32) * 256)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
