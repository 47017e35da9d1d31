"""The code on a sign: where it leads, and how it is drawn."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np
import segno

from locator.errors import UsageError
from locator.outputs.drawing import Item, Shape, box
from locator.outputs.links import marker_link

#: The sender's name in links of a county without an address of its own.
SOURCE = "yizhangtu"
#: The largest version of code (45 modules) that is made at level H; longer texts are at Q.
STRONG_VERSION = 7
#: Modules of white around a code that readers need.
QUIET = 4
#: The least side of a code in mm, its white border not counted.
LEAST_MM = 25.0


def address(station: Mapping[str, Any], base: str) -> str:
    """What the code of a station says: ``base``/go/<id>, which outlives a move of the station, or
    without a public address the place in Amap."""
    if base:
        return f"{base}/go/{quote(station['id'], safe='')}"
    place = station["geometry"]
    return marker_link(place.x, place.y, station["name"], src=SOURCE)


def code_side(text: str, wanted: float) -> float:
    """How large a code is with its border, in mm: as ``wanted``, but never too small to read."""
    modules = len(_made(text).matrix)
    return max(wanted, LEAST_MM * (modules + 2 * QUIET) / modules)


def code_items(text: str, x: float, y: float, side: float) -> list[Item]:
    """A code with its quiet zone, ``side`` mm wide, its upper left corner at x, y."""
    matrix = np.array([list(row) for row in _made(text).matrix], dtype=bool)
    module = side / (len(matrix) + 2 * QUIET)
    runs = []
    for row, dark in enumerate(matrix):
        turns = np.flatnonzero(np.diff(np.concatenate([[0], dark, [0]])))
        runs += [(begin, row, end - begin) for begin, end in turns.reshape(-1, 2).tolist()]
    left, top = x + QUIET * module, y + QUIET * module
    # A hair higher than a module, so that no white line shows between the rows.
    dark = [
        box(left + at * module, top + row * module, length * module, module * 1.02)
        for at, row, length in runs
    ]
    return [
        Shape([box(x, y, side, side)], fill="#ffffff", closed=True),
        Shape(dark, fill="#000000", closed=True),
    ]


@lru_cache(maxsize=256)
def _made(text: str) -> segno.QRCode:
    # Choosing among the masks takes most of a sign's time, and many signs lead to one station.
    strong = segno.make(text, error="h", micro=False, boost_error=False)
    # Our own short address stands level H on as large modules as it needs; a map app's long one
    # would need such small ones that Q is read sooner.
    if int(strong.version) <= STRONG_VERSION:
        return strong
    return segno.make(text, error="q", micro=False, boost_error=False)


def check_public_url(url: str) -> str:
    """``url`` without its last slash; raises UsageError unless a rider's phone could open it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise UsageError(
            f"对外网址 public_url {url}：不是网址，写成 https://map.example.cn 这样。 "
            "This is no web address; give one like https://map.example.cn"
        )
    try:
        address = ipaddress.ip_address(host)
        here = address.is_loopback or address.is_unspecified or address.is_link_local
    except ValueError:
        here = host == "localhost" or host.endswith(".localhost")
    if here:
        raise UsageError(
            f"对外网址 public_url {url}：只是这台电脑自己，扫门牌的手机打不开；"
            "请写对外的网址，或者不写。 "
            "This is this computer alone, where no phone that scans a sign gets: "
            "give the public address, or none."
        )
    return url.rstrip("/")
