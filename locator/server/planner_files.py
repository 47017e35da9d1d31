"""The files a planner takes along, made of a release when first asked for and then kept.

They are kept by the release and by the exporters that wrote them: a release never changes, but a
mended exporter writes other files.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import locator.outputs
from locator.files import locked
from locator.release.publish import Release

SUFFIXES = ("gpkg", "geojson", "xlsx")
#: ``<county>-<release>.<suffix>``
FILE_NAME = re.compile(r"([a-z0-9][a-z0-9_-]*)-([0-9a-f]{16})\.(gpkg|geojson|xlsx)")


def file_name(release: Release, suffix: str) -> str:
    """What a release's file is called."""
    return f"{release.county['slug']}-{release.hash}.{suffix}"


def derived_file(release: Release, var: Path, suffix: str) -> Path:
    """The file of ``release`` below ``var/derived``, written once.

    Where ``var`` is read-only it is kept for as long as the server runs.
    """
    kept = var if _writable(var) else Path(_scratch().name)
    folder = kept / "derived" / f"{release.hash}-{edition()}"
    path = folder / file_name(release, suffix)
    if not path.is_file():
        with locked(folder, suffix):
            if not path.is_file():
                _write(release, path, suffix)
    return path


@cache
def edition() -> str:
    """Which exporters these are: a hash over what makes the outputs."""
    root = Path(locator.outputs.__file__).parent
    digest = hashlib.sha256(locator.__version__.encode())
    for path in sorted(root.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:8]


def _writable(var: Path) -> bool:
    folder = var / "derived"
    return os.access(folder if folder.exists() else var, os.W_OK)


@cache
def _scratch() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="planner-files-")


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
