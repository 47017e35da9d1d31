"""The files a planner takes along, made of a release when first asked for and then kept."""

from __future__ import annotations

import re
from pathlib import Path

from locator.files import locked
from locator.release.publish import Release

SUFFIXES = ("gpkg", "geojson", "xlsx")
#: ``<county>-<release>.<suffix>``
FILE_NAME = re.compile(r"([a-z0-9][a-z0-9_-]*)-([0-9a-f]{16})\.(gpkg|geojson|xlsx)")


def file_name(release: Release, suffix: str) -> str:
    """What a release's file is called."""
    return f"{release.county['slug']}-{release.hash}.{suffix}"


def derived_file(release: Release, var: Path, suffix: str) -> Path:
    """The file of ``release`` below ``var/derived``, written once: a release never changes."""
    folder = var / "derived" / release.hash
    path = folder / file_name(release, suffix)
    if not path.is_file():
        with locked(folder, suffix):
            if not path.is_file():
                _write(release, path, suffix)
    return path


def _write(release: Release, path: Path, suffix: str) -> None:
    # Here, so that serving riders needs none of these libraries.
    if suffix == "gpkg":
        from locator.outputs.geopackage import write_geopackage

        write_geopackage(release, path)
    elif suffix == "geojson":
        from locator.outputs.geojson_file import write_geojson

        write_geojson(release, path)
    else:
        from locator.outputs.export_workbook import write_workbook

        write_workbook(release, path)
