"""What a phone keeps to work without a network, and how the page is installed on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, url_for

from locator.county import web_root
from locator.outputs.lineage import listed_on
from locator.release.publish import Release
from locator.server import published
from locator.server.bundles import RIDER
from locator.server.files import ASK_AGAIN, send, static_version
from locator.server.list_parts import KEPT_PARTS, part_bytes, part_urls
from locator.server.public import file_url
from locator.server.words import language, say

offline = Blueprint("offline", __name__)

#: What the riders' pages are made of, now or later.
_SHELL = ("css/tokens.css", "css/base.css", "css/card.css", "css/rider.css",
          "css/rider-late.css", "icons/mark.svg", "icons/mark-192.png", "js/early.js",
          *(f"rider/{name}.js" for name in RIDER))  # fmt: skip
#: What draws the map; some phones cannot, and need not keep it.
_DRAWING = (
    "vendor/maplibre-gl.css",
    "vendor/maplibre-gl.mjs",
    "vendor/maplibre-gl-worker.mjs",
    "vendor/pmtiles.js",
)
#: Files of a release that the list works with; the map is kept apart.
_LIST_FILES = ("streets.bin", "places.json", "overview.svg")
_ICONS = (
    ("mark.svg", "any", "any"),
    ("mark-192.png", "192x192", "any"),
    ("mark-512.png", "512x512", "any"),
    ("mark-maskable.png", "512x512", "maskable"),
)


@offline.get("/sw.js")
def worker() -> Response:
    """The service worker, at the root of what it serves."""
    return send(web_root() / "static/js/service-worker.js", ASK_AGAIN)


@offline.get("/c/<slug>/offline.json")
def files(slug: str) -> Response:
    """All that the list of a county needs, and its map, with their sizes in bytes."""
    release = published.release(slug)
    lang = None if language() == "zh" else language()
    kept = [name for name in _LIST_FILES if f"public/{name}" in release.files]
    parts = part_urls(release, language())
    return jsonify(
        {
            "county": slug,
            "release": release.hash,
            "version": static_version(),
            "as_of": listed_on(release.manifest),
            "page": url_for("public.county", slug=slug, lang=lang),
            "shell": [url_for("static", filename=name) for name in _SHELL],
            "drawing": [url_for("static", filename=name) for name in _DRAWING],
            "list": [
                *(file_url(release, name) for name in kept),
                *parts["cards"][:KEPT_PARTS],
                parts["heard"],
                parts["words"],
            ],
            "pack": file_url(release, "basemap.pmtiles"),
            "bytes": {
                "list": _bytes(release, kept) + part_bytes(release, language()),
                "pack": _bytes(release, ["basemap.pmtiles"]),
            },
        }
    )


@offline.get("/c/<slug>/manifest.webmanifest")
def manifest(slug: str) -> Response:
    """How a county's list looks on a phone's home screen."""
    lang = language()
    release = published.release(slug)
    name = release.county[f"name_{lang}"]
    start = url_for("public.county", slug=slug, lang=None if lang == "zh" else lang)
    said: dict[str, Any] = {
        "id": start,
        "name": f"{say('product', lang)} · {name}",
        "short_name": say("product", lang),
        "description": say("product_what", lang),
        "lang": "zh-CN" if lang == "zh" else "en",
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "background_color": "#fffcf7",
        "theme_color": "#fffcf7",
        "icons": [
            {"src": url_for("static", filename=f"icons/{file}"), "sizes": sizes, "purpose": purpose,
             "type": "image/svg+xml" if file.endswith("svg") else "image/png"}
            for file, sizes, purpose in _ICONS
        ],
    }  # fmt: skip
    answer = jsonify(said)
    answer.mimetype = "application/manifest+json"
    return answer


def _bytes(release: Release, names: list[str]) -> int:
    return sum(release.file(f"public/{name}").stat().st_size for name in names)
