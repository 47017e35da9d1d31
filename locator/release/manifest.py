"""What a release says of itself: its inputs, its versions, its files."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import locator
from locator.county import County, Provenance
from locator.errors import ReleaseError

#: Libraries whose answers are in the release.
_LIBRARIES = ("h3", "holidays", "opening-hours-py", "osmium", "pyproj", "scipy", "shapely")
_OSM_CREDIT = "© OpenStreetMap contributors"
#: What of a map is OSM's, beside the streets: stations as they are there, demand made from it.
_FROM_OSM: dict[Provenance, str] = {"osm": "站点", "proxy": "需求"}


def attribution(county: County, provenances: Collection[Provenance | None] = ()) -> str:
    """Whose data is drawn: the streets', and OSM's for what else is drawn from it.

    ``provenances`` are those of the stations and of the demand. OSM is never credited for invented
    streets, nor for another's.
    """
    streets = county.streets.attribution
    if county.streets.provenance == "osm":
        return streets or _OSM_CREDIT
    others = [zh for made_of, zh in _FROM_OSM.items() if made_of in provenances]
    if not others or "OpenStreetMap" in streets:
        return streets
    return " · ".join(part for part in (streets, f"{'、'.join(others)} {_OSM_CREDIT}") if part)


def input_entries(county: County, data: Path) -> list[dict[str, Any]]:
    """Every file that the release is made from: {path, sha256, bytes}, by path.

    Without the candidates' file a release is made all the same, without the others it is not.
    """
    streets = county.streets
    named = [streets.file, streets.basemap, county.outline, county.township_outlines]
    if county.demand is not None:
        named.append(county.demand.file)
    paths = {county.folder / "county.toml", *county.ledger_paths}
    paths |= {county.path(name) for name in named if name is not None}
    if county.candidates is not None and county.path(county.candidates).is_file():
        paths.add(county.path(county.candidates))
    entries = []
    for path in paths:
        try:
            entries.append(entry(path.resolve(), data.resolve()))
        except OSError as error:
            raise ReleaseError(
                f"{path}：读不了，它写在 {county.slug}/county.toml 里 / cannot be read "
                f"({error.strerror}); {county.slug}/county.toml names it."
            ) from error
    return sorted(entries, key=lambda each: str(each["path"]))


def changed_inputs(
    then: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]
) -> list[str]:
    """The names of the files that have changed, come or gone between two lists of entries."""
    before = {each["path"]: each["sha256"] for each in then}
    after = {each["path"]: each["sha256"] for each in now}
    return sorted(name for name in before | after if before.get(name) != after.get(name))


def entry(path: Path, root: Path) -> dict[str, Any]:
    """{path, sha256, bytes} of a file, named from ``root`` where it lies below."""
    content = path.read_bytes()
    return {
        "path": named(path, root),
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }


def named(path: Path, root: Path) -> str:
    """The name of a file in a manifest: from ``root`` where it lies below."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def versions() -> dict[str, str]:
    """The versions that had a hand in the release."""
    return {"locator": locator.__version__, **{name: version(name) for name in _LIBRARIES}}


def size(entries: Iterable[dict[str, Any]]) -> str:
    """The size of some files, for people."""
    return f"{sum(each['bytes'] for each in entries) / 1e6:.1f} MB"
