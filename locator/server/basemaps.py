"""Other base maps under the riders' map: those that an operator names in a file, and no other.

Nothing is asked of their hosts before a reader chooses one. Stations stand in WGS-84, and CGCS2000
differs from it by centimetres; a map in GCJ-02 or BD-09 would show every door hundreds of metres
off, and its tiles cannot be moved back without redrawing them: such maps are refused.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from locator.errors import UsageError
from locator.server.words import Language

_KEYS = {"name_zh", "name_en", "datum", "layers", "attribution"}
_TRUE_DATUMS = ("wgs84", "cgcs2000")
#: Their tiles are in GCJ-02 or BD-09, whatever a file says.
_SHIFTED = re.compile(
    r"(^|\.)(amap\.com|autonavi\.com|gaode\.com|bdimg\.com|baidu\.com|gtimg\.com|qq\.com|"
    r"google\.cn|map\.geoq\.cn)$"
)
#: A service on the same machine may do without https.
_HERE = {"localhost", "127.0.0.1"}
_PLACES = ("{z}", "{x}", "{y}")
_WORD = re.compile(r"[A-Za-z0-9.:\[\]-]+")


@dataclass(frozen=True, slots=True)
class Basemap:
    """A base map by its tiles: ``layers`` are addresses with {z}, {x} and {y} in web Mercator, the
    lowest first."""

    name_zh: str
    name_en: str
    layers: tuple[str, ...]
    attribution: str

    @property
    def hosts(self) -> tuple[str, ...]:
        """The origins that its tiles come from."""
        parts = [urlsplit(layer) for layer in self.layers]
        return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))

    def said(self, lang: Language) -> dict[str, Any]:
        """What the page's module reads of it."""
        return {
            "name": {"zh": self.name_zh, "en": self.name_en}[lang],
            "layers": self.layers,
            "attribution": self.attribution,
            "host": ", ".join(urlsplit(host).hostname or "" for host in self.hosts),
        }


def read_basemaps(path: Path) -> tuple[Basemap, ...]:
    """The base maps of an operator's file.

    Raises UsageError for a file that cannot be read, a key that is lacking or unknown, an address
    that is no tile's, and a map in a datum that is not the stations'.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: 读不了 / cannot be read as TOML: {error}") from error
    rows = said.get("basemap")
    if set(said) != {"basemap"} or not isinstance(rows, list) or not rows:
        raise UsageError(
            f"{path}: 要有 [[basemap]]，不能有别的 / give [[basemap]] and nothing else."
        )
    return tuple(_basemap(row, f"{path}, [[basemap]] {at}") for at, row in enumerate(rows, 1))


def _basemap(row: dict[str, Any], where: str) -> Basemap:
    if set(row) != _KEYS:
        wrong = ", ".join(sorted(set(row) ^ _KEYS))
        raise UsageError(f"{where}: 缺了或不认识 / lacking or unknown: {wrong}.")
    layers = row["layers"]
    texts = [row[key] for key in sorted(_KEYS - {"layers"})]
    if not (isinstance(layers, list) and layers) or not all(
        isinstance(text, str) and text.strip() for text in (*texts, *layers)
    ):
        raise UsageError(f"{where}: 每一项都要有文字，layers 是地址的列表 / each must hold text.")
    for layer in layers:
        _check_address(layer, where)
    if row["datum"] not in _TRUE_DATUMS:
        raise UsageError(
            f"{where}: datum 是 {row['datum']!r}，驿站会偏几百米；只能是 wgs84 或 cgcs2000 / "
            "such a map lies hundreds of metres beside the stations; it must be wgs84 or cgcs2000."
        )
    return Basemap(row["name_zh"], row["name_en"], tuple(layers), row["attribution"])


def _check_address(layer: str, where: str) -> None:
    try:
        parts = urlsplit(layer)
    except ValueError:
        parts = urlsplit("")
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _HERE):
        host = ""
    if not host or not _WORD.fullmatch(parts.netloc) or any(p not in layer for p in _PLACES):
        raise UsageError(
            f"{where}: {layer!r} 不是瓦片地址，要 https，带 {{z}}、{{x}}、{{y}} / "
            "is no address of tiles: https, with {z}, {x} and {y}."
        )
    if _SHIFTED.search(host):
        raise UsageError(
            f"{where}: {host} 的图是加偏的（GCJ-02 或 BD-09），驿站会偏几百米 / "
            "serves maps that lie hundreds of metres beside the stations."
        )
