"""The point in a link that a map app shares, read from its text alone: nothing is looked up.

Each app writes the point in its own order and datum, and its link says which: Amap and Tencent are
GCJ-02, Baidu is BD-09 unless ``coord_type`` says otherwise, OpenStreetMap and ``geo:`` are WGS-84.
What Apple and Google write for a place in China is contested, so their links declare no datum. A
short link hides the point, and so does one that holds only the middle of the map on the screen:
that is where somebody looked, not where the station is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from locator.geo.datum import Datum

_LINK = re.compile(
    r"(?:https?://|(?:amapuri|androidamap|iosamap|baidumap|bdapp|qqmap)://|geo:(?=-?\d)"
    r"|(?<![\w.])(?:[a-z0-9-]+\.)+(?:com|cn|org|gl)/)\S+",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?<![\w.])([+-]?\d{1,9}(?:\.\d{0,20})?)\s*,\s*([+-]?\d{1,9}(?:\.\d{0,20})?)(?![\d.])"
)
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{0,20})?")

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GivenPoint:
    """A point as a text gives it: lon and lat as written, and the datum that the text declares.

    ``hidden_in`` names the map app (zh, en) of a link that does not show its point; ``x`` and
    ``y`` are empty then.
    """

    x: str
    y: str
    datum: Datum | None = None
    hidden_in: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _App:
    """How one map app writes a point.

    ``pairs`` are parameters with two numbers and whether the latitude comes first, ``couples`` are
    parameters of one number each (lon, lat); ``path`` finds a pair (lat first) outside of them.
    """

    name: tuple[str, str]
    places: tuple[str, ...]
    datum: Callable[[Values], Datum | None]
    pairs: tuple[tuple[str, bool], ...] = ()
    couples: tuple[tuple[str, str], ...] = ()
    path: re.Pattern[str] | None = None


def _amap_datum(values: Values) -> Datum:
    return "wgs84" if values.get("coordinate") == "wgs84" or values.get("dev") == "1" else "gcj02"


def _baidu_datum(values: Values) -> Datum | None:
    said: dict[str, Datum] = {"": "bd09", "bd09": "bd09", "gcj02": "gcj02", "wgs84": "wgs84"}
    # Baidu's own pages write each with and without the ending for degrees.
    return said.get(values.get("coord_type", "").lower().removesuffix("ll"))


def _tencent_datum(values: Values) -> Datum | None:
    said: dict[str, Datum] = {"": "gcj02", "2": "gcj02", "5": "gcj02", "1": "wgs84"}
    return said.get(values.get("coord_type", ""))


def _wgs84(_: Values) -> Datum:
    return "wgs84"


def _contested(_: Values) -> None:
    return None


_LAT_FIRST, _LON_FIRST = True, False
_APPS = (
    _App(
        ("高德", "Amap"), ("amap.com", "gaode.com", "amapuri", "androidamap", "iosamap"),
        _amap_datum,
        (("position", _LON_FIRST), ("to", _LON_FIRST), ("dest", _LON_FIRST),
         ("lnglat", _LON_FIRST), ("markers", _LON_FIRST), ("p", _LAT_FIRST), ("q", _LAT_FIRST)),
        (("dlon", "dlat"), ("lng", "lat"), ("lon", "lat"), ("longitude", "latitude")),
    ),
    _App(
        ("百度", "Baidu"), ("map.baidu.com", "maps.baidu.com", "baidumap", "bdapp"), _baidu_datum,
        (("location", _LAT_FIRST), ("latlng", _LAT_FIRST), ("destination", _LAT_FIRST)),
    ),
    _App(
        ("腾讯", "Tencent"), ("map.qq.com", "url.cn", "qqmap"), _tencent_datum,
        (("marker", _LAT_FIRST), ("coord", _LAT_FIRST), ("tocoord", _LAT_FIRST)),
        (("pointx", "pointy"),),
    ),
    _App(
        ("开放街图", "OpenStreetMap"), ("openstreetmap.org", "osm.org"), _wgs84,
        (), (("mlon", "mlat"),),
    ),
    _App(
        ("苹果", "Apple"), ("maps.apple.com", "maps.apple"), _contested,
        (("coordinate", _LAT_FIRST), ("daddr", _LAT_FIRST), ("ll", _LAT_FIRST), ("q", _LAT_FIRST)),
    ),
    _App(
        ("谷歌", "Google"), ("google.com", "google.cn", "goo.gl"), _contested,
        (("destination", _LAT_FIRST), ("query", _LAT_FIRST), ("q", _LAT_FIRST),
         ("daddr", _LAT_FIRST), ("ll", _LAT_FIRST)), (),
        re.compile(r"!3d([+-]?\d+\.\d+)!4d([+-]?\d+\.\d+)"),
    ),
)  # fmt: skip


def shared_point(text: str) -> GivenPoint | None:
    """The point of the link in a text, or the app of a link that hides it; None without a link.

    Words around the link do no harm (【驿站】… https://…). Of several points in one link none is
    taken: it can't be told which is meant.
    """
    plain = unicodedata.normalize("NFKC", text).replace("&amp;", "&")
    found = _LINK.search(plain)
    if found is None:
        return None
    link = found[0]
    if link.lower().startswith("geo:"):
        return _geo(link)
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        place = (parts.hostname or "").lower()
    except ValueError:  # [ in the host
        return None
    for app in _APPS:
        if parts.scheme.lower() in app.places or any(
            place == name or place.endswith(f".{name}") for name in app.places
        ):
            return _of_app(app, parts)
    return None


def _of_app(app: _App, parts: SplitResult) -> GivenPoint:
    values = {name.lower(): unquote(value) for name, value in parse_qsl(parts.query)}
    datum = app.datum(values)
    for name, lat_first in app.pairs:
        value = values.get(name, "")
        pairs = _PAIR.findall(value.partition(",")[2] if name == "p" else value)  # p=ID,lat,lon
        if pairs and not (len(pairs) > 1 and "|" in value):
            one, other = pairs[0]
            return GivenPoint(other, one, datum) if lat_first else GivenPoint(one, other, datum)
    for lon, lat in app.couples:
        x, y = values.get(lon, ""), values.get(lat, "")
        if _NUMBER.fullmatch(x) and _NUMBER.fullmatch(y):
            return GivenPoint(x, y, datum)
    beside = app.path.findall(unquote(parts.path)) if app.path else []
    if len(beside) == 1:
        return GivenPoint(beside[0][1], beside[0][0], datum)
    return GivenPoint("", "", None, app.name)


def _geo(link: str) -> GivenPoint | None:
    """RFC 5870: ``geo:LAT,LON``, WGS-84 unless ``crs`` says otherwise."""
    body, _, query = link[4:].partition("?")
    label = _PAIR.match(unquote(query).removeprefix("q="))
    pair = label or _PAIR.match(body)
    if pair is None:
        return None
    crs = re.search(r";crs=([\w-]+)", body, re.IGNORECASE)
    other = crs is not None and crs[1].lower() != "wgs84"
    return GivenPoint(pair[2], pair[1], None if other else "wgs84")
