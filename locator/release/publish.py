"""What is published: one small pointer a county, moved whole or not at all.

``var/releases/<slug>/<hash>/`` is a release, a folder that never changes; the file
``var/releases/<slug>/current`` says which of them riders are served, and is the only truth of it.
Publishing and rolling back move that pointer and touch nothing else.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from locator.errors import ReleaseError, UnknownRelease
from locator.files import locked, write_atomically

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MANIFEST = "manifest.json"
POINTER = "current"
SCHEMA = 1

_HASH = re.compile(r"[0-9a-f]{16}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Release:
    """One release: ``path`` is its folder, ``manifest`` what its ``manifest.json`` says."""

    path: Path
    manifest: dict[str, Any]

    @property
    def hash(self) -> str:
        """Sixteen hexadecimal digits over everything in the release; also its folder's name."""
        return str(self.manifest["release"])

    @property
    def county(self) -> dict[str, Any]:
        """The county as the manifest has it: slug, code, names, timezone, centre, bbox."""
        county: dict[str, Any] = self.manifest["county"]
        return county

    @cached_property
    def files(self) -> frozenset[str]:
        """The names of the release's files, such as ``public/stations.geojson``."""
        return frozenset(entry["path"] for entry in self.manifest["files"])

    def file(self, name: str) -> Path:
        """The path of the release's file ``name``; only names of the manifest are given out."""
        if name not in self.files:
            raise UnknownRelease(
                f"版本 {self.hash} 里没有文件 {name} / "
                f"release {self.hash} holds no file {name!r}; see its manifest."
            )
        return self.path / name

    def json(self, name: str) -> Any:
        """What a JSON file of the release holds."""
        return json.loads(self.file(name).read_text("utf-8"))

    def stations(self) -> GeoDataFrame:
        """The published station table (EPSG:4326, sorted by id)."""
        from locator.stations.table import stations_from_geojson

        return stations_from_geojson(self.json("public/stations.geojson"))

    def layers(self) -> dict[str, list[dict[str, Any]]]:
        """The base map for prints: layer name → GeoJSON features, in drawing order."""
        packed = self.file("staff/layers.geojson.gz").read_bytes()
        layers: dict[str, list[dict[str, Any]]] = {}
        for feature in json.loads(gzip.decompress(packed))["features"]:
            layers.setdefault(feature["properties"]["layer"], []).append(feature)
        return layers


@dataclass(frozen=True)
class Pointer:
    """What a county has published: ``release`` now, ``history`` oldest first, ending in it."""

    release: str | None = None
    history: tuple[str, ...] = ()


def county_folder(var: Path, slug: str) -> Path:
    """``var/releases/<slug>``; refuses a slug that is no plain folder name."""
    if not _SLUG.fullmatch(slug):
        raise UnknownRelease(
            f"没有叫“{slug}”的县，请写 data/ 里的文件夹名 / "
            f"{slug!r} is no county's name; give the name of its folder in data/."
        )
    return var / "releases" / slug


def release_hash(manifest: dict[str, Any]) -> str:
    """The hash that names a release: 16 hex digits of SHA-256 over its canonical manifest.

    The manifest lists the SHA-256 of every file, so the name stands for all of the content.
    """
    body = {key: value for key, value in manifest.items() if key != "release"}
    return hashlib.sha256(canonical_json(body)).hexdigest()[:16]


def canonical_json(value: Any) -> bytes:
    """JSON with one spelling: sorted keys, no spaces, UTF-8, finite numbers only."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def read_pointer(var: Path, slug: str) -> Pointer:
    """What ``slug`` has published; an empty Pointer when nothing has been published yet."""
    path = county_folder(var, slug) / POINTER
    try:
        said = json.loads(path.read_text("utf-8"))
        pointer = Pointer(said["release"], tuple(said["history"]))
    except (FileNotFoundError, NotADirectoryError):
        return Pointer()
    except OSError as error:
        raise ReleaseError(
            f"{path}：读不了，请看文件权限 / cannot be read ({error.strerror}); see to its rights."
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise ReleaseError(
            f"{path}：坏了，请重新发布一版 / not a pointer to a release; publish one again."
        ) from error
    if pointer.history[-1:] != (pointer.release,) or not all(
        isinstance(name, str) and _HASH.fullmatch(name) for name in pointer.history
    ):
        raise ReleaseError(
            f"{path}：坏了，请重新发布一版 / not a pointer to a release; publish one again."
        )
    return pointer


def open_release(var: Path, slug: str, release: str | None = None) -> Release:
    """Open a county's published release, or the one with the hash ``release``.

    The manifest must add up to the folder's name (cheap); :func:`verify` looks at every file.
    Raises UnknownRelease when there is none, ReleaseError when it is damaged.
    """
    folder = county_folder(var, slug)
    name = release if release is not None else read_pointer(var, slug).release
    if name is None:
        raise UnknownRelease(
            f"{slug} 还没有发布过，请先构建 / "
            f"has no published release yet; run: locator build {slug}"
        )
    if not _HASH.fullmatch(name) or not (folder / name).is_dir():
        raise UnknownRelease(
            f"{slug} 没有 {name!r} 这一版 / has no release {name!r}; see: locator releases {slug}"
        )
    return _open(folder / name)


def _open(path: Path) -> Release:
    try:
        manifest = json.loads((path / MANIFEST).read_text("utf-8"))
        damaged = manifest["release"] != path.name or release_hash(manifest) != path.name
    except OSError as error:
        raise ReleaseError(
            f"{path / MANIFEST}：读不了，请重新构建 / cannot be read ({error.strerror}); build the "
            "release again."
        ) from error
    except (ValueError, TypeError, KeyError):
        damaged = True
    if damaged:
        raise ReleaseError(
            f"{path / MANIFEST}：被改过，请删掉这个文件夹重新构建 / "
            "does not match the release's name, so it has been changed; remove the folder and "
            "build again."
        )
    if manifest["schema"] != SCHEMA:
        raise ReleaseError(
            f"{path}：是别的版本的程序做的，请重新构建 / "
            f"made by another version (schema {manifest['schema']}); build it again."
        )
    return Release(path, manifest)


def verify(release: Release) -> list[str]:
    """Compare every file with the manifest; one sentence for each that differs, [] when whole."""
    faults = []
    for entry in release.manifest["files"]:
        path = release.path / entry["path"]
        try:
            whole = hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        except OSError as error:
            faults.append(f"{path}: cannot be read ({error.strerror}).")
            continue
        if not whole:
            faults.append(f"{path}: is not what was built; the file has been changed.")
    known = release.files | {MANIFEST}
    for path in sorted(release.path.rglob("*")):
        name = path.relative_to(release.path).as_posix()
        if not path.is_dir() and name not in known:
            faults.append(f"{path}: does not belong to the release.")
    return faults


def newest(var: Path, slug: str) -> Release:
    """The release that was built last, published or not; raises UnknownRelease without one."""
    built = _built(var, slug)
    if not built:
        raise UnknownRelease(
            f"{slug} 还没有版本，请先构建 / has no release yet; run: locator build {slug}"
        )
    return built[0]


def releases(var: Path, slug: str) -> list[dict[str, Any]]:
    """A county's releases, last built first: release, as_of, built_at (the county's own time, to
    the minute), stations, published (served now).

    Folders that are damaged or unfinished are left out.
    """
    served = read_pointer(var, slug).release
    return [
        {
            "release": release.hash,
            "as_of": release.manifest["as_of"],
            "built_at": _built_at(release),
            "stations": release.manifest["counts"]["published"],
            "published": release.hash == served,
        }
        for release in _built(var, slug)
    ]


def _built_at(release: Release) -> str:
    moment = (release.path / MANIFEST).stat().st_mtime
    zone = ZoneInfo(release.county.get("timezone", "UTC"))
    return datetime.fromtimestamp(moment, zone).replace(tzinfo=None).isoformat(" ", "minutes")


def _built(var: Path, slug: str) -> list[Release]:
    """Whole releases, the one built last first; a build that finds its release there counts.

    The time is that of the manifest; where a copy of the folder has lost it, ``as_of`` decides.
    """
    found = []
    folder = county_folder(var, slug)
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if not _HASH.fullmatch(path.name):
            continue
        try:
            release = _open(path)
        except ReleaseError:
            continue
        found.append(((path / MANIFEST).stat().st_mtime_ns, release.manifest["as_of"], release))
    return [release for _, _, release in sorted(found, key=lambda row: row[:2], reverse=True)]


def release_before(var: Path, release: Release) -> Release | None:
    """The release with which the gaps of ``release`` were compared when it was built.

    One that does not say (an older program made it) is compared with what riders were served
    before it. None where there is none, or where it can no longer be opened.
    """
    slug = str(release.county["slug"])
    if "gaps_since" in release.manifest:
        name = release.manifest["gaps_since"]
    else:
        history = read_pointer(var, slug).history
        served = history[: history.index(release.hash)] if release.hash in history else history
        name = next((each for each in reversed(served) if each != release.hash), None)
    try:
        return open_release(var, slug, name) if name else None
    except (UnknownRelease, ReleaseError):
        return None


def publish(var: Path, slug: str, release: str) -> Release:
    """Serve the release ``release`` from now on; a release that is served already stays so.

    Every file is verified first. Readers see the old release or the new one, never a mixture,
    whatever happens meanwhile.
    """
    opened = open_release(var, slug, release)
    if faults := verify(opened):
        raise ReleaseError(
            f"没有发布，请重新构建 / not published: {faults[0]} Build the release again."
        )
    with locked(county_folder(var, slug), "publish"):
        try:
            pointer = read_pointer(var, slug)
        except ReleaseError:  # damaged: this is how a person mends it
            pointer = Pointer()
        if pointer.release != release:
            _point(var, slug, (*pointer.history, release))
    return opened


def rollback(var: Path, slug: str) -> Release:
    """Serve the release that was published before the present one, and give it back.

    The present one leaves the history, so that a second rollback goes one further back; its
    folder stays, and ``publish`` with its hash brings it back.
    """
    with locked(county_folder(var, slug), "publish"):
        history = read_pointer(var, slug).history
        if not history:
            raise UnknownRelease(
                f"{slug} 还没有发布过，请先构建 / "
                f"has no published release yet; run: locator build {slug}"
            )
        if len(history) == 1:
            raise UnknownRelease(
                f"{slug}：{history[0]} 是第一次发布的，前面没有了 / "
                "is the first release published; "
                "there is none before it."
            )
        previous = open_release(var, slug, history[-2])
        if faults := verify(previous):
            raise ReleaseError(
                "没有退回，请按版本号发布另一版 / "
                f"not rolled back: {faults[0]} Publish another release by its hash."
            )
        _point(var, slug, history[:-1])
    return previous


def _point(var: Path, slug: str, history: tuple[str, ...]) -> None:
    path = county_folder(var, slug) / POINTER
    content = canonical_json({"release": history[-1], "history": history}) + b"\n"
    try:
        write_atomically(path, content)
    except OSError as error:
        raise ReleaseError(
            f"{path}：写不了，已发布的照旧 / cannot be written ({error.strerror}); what was "
            "published stays published."
        ) from error
