"""What a release says of itself: its inputs, its versions, its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import locator
from locator.county import County
from locator.errors import ReleaseError

#: Libraries whose answers are in the release.
_LIBRARIES = ("h3", "holidays", "opening-hours-py", "osmium", "pyproj", "scipy", "shapely")
_OSM_CREDIT = "© OpenStreetMap contributors"


def attribution(county: County) -> str:
    """OSM is credited for its own streets only, never for invented ones."""
    if county.streets.provenance != "osm":
        return county.streets.attribution
    return county.streets.attribution or _OSM_CREDIT


def input_entries(county: County, data: Path) -> list[dict[str, Any]]:
    """Every file that the release is made from: {path, sha256, bytes}, by path."""
    paths = {county.folder / "county.toml", *county.ledger_paths, county.path(county.streets.file)}
    if county.demand is not None:
        paths.add(county.path(county.demand.file))
    if county.outline is not None:
        paths.add(county.path(county.outline))
    entries = []
    for path in paths:
        try:
            entries.append(entry(path.resolve(), data.resolve()))
        except OSError as error:
            raise ReleaseError(
                f"{path}: cannot be read ({error.strerror}); {county.slug}/county.toml names it."
            ) from error
    return sorted(entries, key=lambda each: str(each["path"]))


def entry(path: Path, root: Path) -> dict[str, Any]:
    """{path, sha256, bytes} of a file, named from ``root`` where it lies below."""
    content = path.read_bytes()
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return {
        "path": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }


def versions() -> dict[str, str]:
    """The versions that had a hand in the release."""
    return {"locator": locator.__version__, **{name: version(name) for name in _LIBRARIES}}


def size(entries: Iterable[dict[str, Any]]) -> str:
    """The size of some files, for people."""
    return f"{sum(each['bytes'] for each in entries) / 1e6:.1f} MB"
