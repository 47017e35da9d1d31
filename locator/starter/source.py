"""An extract at the door: is it one, is it whole, and what does it hold at all?

libosmium reads the file. It takes no XML entities (so no XML bomb goes off) and reads in small
pieces; what is left to see to here is the sort of file, and how far a packed one unpacks.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import osmium

from locator.errors import ExtractError, LocatorError
from locator.release.osm_file import readable

#: The names that an extract may have.
SUFFIXES = (".pbf", ".osm", ".xml", ".osm.gz", ".xml.gz", ".osm.bz2", ".xml.bz2")
#: OSM XML packs about 1:15; what unpacks to more than this many times its size is no map.
MAX_RATIO = 100
#: Below this it may unpack as it likes.
_SMALL = 16_000_000
_HEAD = 65_536
_PIECE = 1 << 20
#: What comes before the root of an XML file, and the root's name.
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<([A-Za-z!]+)", re.DOTALL
)
#: The root of our own invented streets, which must never pass for OpenStreetMap's.
_MADE_UP = re.compile(rb"osm\b[^>]*\sgenerator=[\"']illustrative[\"']")


@dataclass(frozen=True)
class Source:
    """An extract that can be read.

    ``file`` is what libosmium takes: the extract, or a copy in order where it is in none.
    ``dated`` is the day of its data, the header's, else that of the newest way. ``counts`` are its
    ways, relations and streets.
    """

    path: Path
    file: Path | osmium.io.File
    sha256: str
    dated: date | None
    counts: dict[str, int]

    @property
    def is_ordered_pbf(self) -> bool:
        """Whether the extract itself may be taken as a street file."""
        return self.file == self.path and self.path.suffix.lower() == ".pbf"


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open an extract for any number of passes.

    Raises ExtractError, one sentence, for whatever is no whole OSM extract with streets.
    """
    _check(path)
    try:
        with readable(path) as file:
            dated, counts = _census(file)
            if not counts["streets"]:
                raise ExtractError(
                    f"{path}：有 {counts['ways']} 条线，但没有街道（highway=*），"
                    "请连街道一起重新截取 / "
                    f"holds {counts['ways']} ways, but no street (highway=*); cut the "
                    "extract anew with its streets."
                )
            yield Source(path, file, sha256_of(path), dated, counts)
    except LocatorError:
        raise
    except (RuntimeError, osmium.InvalidLocationError) as error:  # all that libosmium raises
        raise ExtractError(
            f"{path}：不是完整的街图文件，请重新下载或截取 / "
            f"not a whole OSM extract ({error}); fetch or cut it again."
        ) from error


def _check(path: Path) -> None:
    name = path.name.lower()
    if path.is_dir():
        raise ExtractError(
            f"{path}：是个文件夹，请写里面的街图文件 / is a folder; name an OSM extract in it."
        )
    if not path.is_file():
        raise ExtractError(
            f"{path}：没有这个文件，请改街图的文件名 / "
            "there is no such file; correct the name of the extract."
        )
    if name.endswith(".graphml"):
        raise _graphml(path)
    if not name.endswith(SUFFIXES):
        raise ExtractError(
            f"{path}：看名字不是街图，要以 {'、'.join(SUFFIXES)} 结尾 / "
            "not known as an OSM extract by its name; it must end in "
            f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}."
        )
    try:
        with _unpacked(path) as stream:
            head = stream.read(_HEAD)
            if name.endswith(".pbf"):
                if b"OSMHeader" not in head[:64]:
                    raise ExtractError(
                        f"{path}：不是 OSM PBF 文件，请重新下载或截取 / "
                        "not an OSM PBF file; fetch or cut it again."
                    )
                return
            _check_root(path, head)
            if name.endswith((".gz", ".bz2")):
                _check_ratio(path, stream)
    except (OSError, EOFError, zlib.error) as error:
        raise ExtractError(
            f"{path}：读不完整，请重新下载或截取 / "
            f"cannot be read whole ({error}); fetch or cut it again."
        ) from error


def _unpacked(path: Path) -> BufferedIOBase:
    if path.suffix.lower() == ".gz":
        return gzip.open(path)
    if path.suffix.lower() == ".bz2":
        return bz2.open(path)
    return path.open("rb")


def _check_root(path: Path, head: bytes) -> None:
    root = _ROOT.match(head)
    if root and root[1] == b"graphml":
        raise _graphml(path)
    if root and root[1] == b"!DOCTYPE":
        raise ExtractError(
            f"{path}：声明了文档类型，街图从来没有（可能是恶意文件），请从信得过的地方重新下载 / "
            "declares a document type, which OSM XML never does (it may be an XML bomb); "
            "fetch it again from where you trust it."
        )
    if root and _MADE_UP.match(head, root.start(1)):
        raise ExtractError(
            f"{path}：里面是编的街道（文件自己写明），请用真实的开放街图数据，"
            "或复制这些街道所在县的文件夹 / "
            "holds invented streets (it says so itself); start a county from data of "
            "OpenStreetMap, or copy the folder of the county that these belong to."
        )
    if not root or root[1] != b"osm":
        raise ExtractError(
            f"{path}：不是 OSM XML（开头不是 <osm>），请写街图文件 / "
            "not OSM XML (its root is no <osm>); name an OSM extract."
        )


def _check_ratio(path: Path, stream: BufferedIOBase) -> None:
    most = max(_SMALL, MAX_RATIO * path.stat().st_size)
    read = _HEAD
    while piece := stream.read(_PIECE):
        read += len(piece)
        if read > most:
            raise ExtractError(
                f"{path}：解压后超过 {MAX_RATIO} 倍，街图不会这样，请从信得过的地方重新下载 / "
                f"unpacks to more than {MAX_RATIO} times its size, which no OSM extract "
                "does; fetch it again from where you trust it."
            )


def _graphml(path: Path) -> ExtractError:
    return ExtractError(
        f"{path}：GraphML 只有街道，没有地方；请给 locator init 一个街图文件（.osm.pbf、.osm），"
        "或手工建县的文件夹，在 county.toml 的 [streets] 里写这个文件 / "
        "GraphML holds streets and no places; give `locator init` an OSM extract "
        "(.osm.pbf, .osm), or make the county's folder by hand and name this file under "
        "[streets] file in its county.toml."
    )


def _census(file: Path | osmium.io.File) -> tuple[date | None, dict[str, int]]:
    """The day of the data, and how many ways, relations and streets there are."""
    counts = dict.fromkeys(("ways", "relations", "streets"), 0)
    newest = datetime.min.replace(tzinfo=UTC)
    item: Any
    for item in osmium.FileProcessor(file, osmium.osm.WAY | osmium.osm.RELATION):
        if item.is_way():
            counts["ways"] += 1
            counts["streets"] += "highway" in item.tags
        else:
            counts["relations"] += 1
        newest = max(newest, item.timestamp)
    return _header_date(file) or (newest.date() if newest.year > 2000 else None), counts


def _header_date(file: Path | osmium.io.File) -> date | None:
    with osmium.io.Reader(file) as reader:
        header = reader.header()
    for key in ("osmosis_replication_timestamp", "timestamp"):
        try:
            return datetime.fromisoformat(header.get(key)).date()
        except ValueError:
            continue
    return None


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
