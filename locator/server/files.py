"""Sending files: types, caching, compression, byte ranges.

Text and columns of numbers are gzipped once and kept in memory; the tile pack is sent in the byte
ranges asked for.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path

from flask import Response, request, send_file

from locator.county import web_root

#: A file under an address that holds its hash never changes.
FOREVER = "public, max-age=31536000, immutable"
#: Everything else is asked for again, and answered 304 while it is the same.
ASK_AGAIN = "no-cache"

# Named here, since Python's own table depends on the machine; browsers refuse a module whose type
# is not JavaScript.
TYPES = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".geojson": "application/geo+json",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
OTHER_TYPES = {
    ".gpkg": "application/geopackage+sqlite3",
    ".pmtiles": "application/vnd.pmtiles",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Styles travel without their remarks: these are a sixth of what a list waits for.
_REMARK, _SPACE = re.compile(rb"/\*(?!!).*?\*/", re.DOTALL), re.compile(rb"\s+")
#: Shorter than this, gzip gains nothing.
_WORTH_BYTES = 600


def send(path: Path, cache_control: str) -> Response:
    """Answer with a file: text and columns compressed, anything else with byte ranges."""
    suffix = path.suffix.lower()
    if suffix in TYPES:
        stat = path.stat()
        plain, packed, tag = _text(path, stat.st_mtime_ns, stat.st_size)
        response = Response(content_type=TYPES[suffix])
        response.set_etag(tag, weak=True)
        _fill(response, plain, packed)
    else:
        return send_whole(path, cache_control)
    response.headers["Cache-Control"] = cache_control
    response.make_conditional(request)
    return response


def send_text(text: str, suffix: str, cache_control: str) -> Response:
    """Answer with a text made here, of the kind that files of this suffix are, compressed."""
    plain = text.encode()
    response = Response(content_type=TYPES[suffix])
    response.set_etag(hashlib.sha256(plain).hexdigest()[:16], weak=True)
    _fill(response, plain, _packed(plain))
    response.headers["Cache-Control"] = cache_control
    response.make_conditional(request)
    return response


def send_whole(path: Path, cache_control: str) -> Response:
    """Answer with a file as it lies there, in byte ranges: one too big to be kept in memory."""
    kind = (TYPES | OTHER_TYPES).get(path.suffix.lower(), "application/octet-stream")
    response = send_file(path, mimetype=kind, conditional=True)
    response.headers["Cache-Control"] = cache_control
    return response


def compress(response: Response) -> Response:
    """Compress a made page or answer, when the browser takes it and it is worth it."""
    wanted = response.mimetype in {"text/html", "application/json", "application/geo+json"}
    if not wanted or response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    plain = response.get_data()
    _fill(response, plain, _packed(plain) if _takes_gzip() else b"")
    return response


@lru_cache(maxsize=64)
def _packed(plain: bytes) -> bytes:
    return gzip.compress(plain, 9, mtime=0)


@lru_cache(maxsize=256)
def _text(path: Path, mtime_ns: int, size: int) -> tuple[bytes, bytes, str]:
    """Content, gzipped content and tag; the time and size in the key notice a changed file."""
    plain = path.read_bytes()
    if path.suffix == ".css":
        plain = bare_style(plain)
    return plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:16]


def _fill(response: Response, plain: bytes, packed: bytes) -> None:
    response.vary.add("Accept-Encoding")
    if packed and _takes_gzip() and len(plain) >= _WORTH_BYTES:
        response.set_data(packed)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.set_data(plain)


def _takes_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


def bare_style(text: bytes) -> bytes:
    """A style sheet without its remarks and line ends."""
    return _SPACE.sub(b" ", _REMARK.sub(b"", text))


@cache
def static_version() -> str:
    """A hash over what the pages are made of: addresses hold it, so files are kept for good."""
    root, here = web_root(), Path(__file__).parent
    made_of = [*(root / "static").rglob("*"), *(root / "templates").glob("*.html"),
               here / "bundles.py", here / "strings.toml"]  # fmt: skip
    digest = hashlib.sha256()
    for path in sorted(made_of):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
