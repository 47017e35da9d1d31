"""Door signs: one PDF for each station of a release, set by typst from ``door.typ``."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typst

from locator.errors import FontError, HoursError, LocatorError, UsageError
from locator.outputs.paper import index_layers
from locator.outputs.signs.fonts import font_folder
from locator.outputs.signs.sheet import sheet

if TYPE_CHECKING:
    from locator.release.publish import Release

#: Paper in mm, upright.
SIZES = {"A4": (210, 297), "A3": (297, 420)}
TEMPLATE = Path(__file__).parent / "door.typ"


@dataclass(frozen=True, slots=True)
class SignFailure:
    """A station that got no sign, and why."""

    id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignBatch:
    """What a run made: the files, in the order of the stations, and the stations without one."""

    written: tuple[Path, ...]
    failed: tuple[SignFailure, ...]


def door_signs(
    release: Release, out_dir: Path, *, size: str = "A4", public_url: str = ""
) -> SignBatch:
    """Write one PDF a station of ``release`` into ``out_dir``, named by the station's id.

    The code leads to ``public_url``/go/<id>, so that it outlives a move of the station; without
    a public address it opens the place in Amap. A station whose sign cannot be made (a character
    without a glyph, hours that cannot be read) does not stop the others. The same release gives
    the same bytes. Raises UsageError for an unknown size or an address that no phone can reach,
    FontError when the fonts are missing, LocatorError when ``out_dir`` cannot be written.
    """
    if size not in SIZES:
        raise UsageError(f"no paper size {size!r}; give one of {', '.join(SIZES)}.")
    base = check_public_url(public_url) if public_url else ""
    fonts = font_folder()
    stations = release.stations().to_dict("records")
    layers = index_layers(release.layers())
    as_of = datetime.fromisoformat(release.manifest["as_of"]).replace(tzinfo=UTC)
    compiler = typst.Compiler(
        TEMPLATE, root=TEMPLATE.parent, font_paths=[fonts], ignore_system_fonts=True
    )
    written, failed = [], []
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        for station in stations:
            try:
                data = sheet(release.manifest, station, stations, layers, SIZES[size], base, fonts)
                path = out_dir / f"{station['id']}.pdf"
                compiler.compile(
                    output=path,
                    format="pdf",
                    sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                    timestamp=int(as_of.timestamp()),
                    pdf_standards=["a-2b"],
                )
            except (FontError, HoursError) as error:
                failed.append(SignFailure(station["id"], station["name"], str(error)))
            else:
                written.append(path)
    except OSError as error:
        raise LocatorError(
            f"{error.filename or out_dir}: cannot be written ({error.strerror}); "
            "give another folder."
        ) from error
    return SignBatch(tuple(written), tuple(failed))


def check_public_url(url: str) -> str:
    """``url`` without its last slash; raises UsageError unless a rider's phone could open it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise UsageError(
            f"public_url {url!r} is no web address; give one like https://map.example.cn"
        )
    try:
        address = ipaddress.ip_address(host)
        here = address.is_loopback or address.is_unspecified or address.is_link_local
    except ValueError:
        here = host == "localhost" or host.endswith(".localhost")
    if here:
        raise UsageError(
            f"public_url {url!r} is this computer alone, where no phone that scans a sign gets: "
            "give the public address, or none."
        )
    return url.rstrip("/")
