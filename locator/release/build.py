"""From a county's files to a release: checked, covered, mapped, written, named by its content.

The folder is written beside the releases and takes its name in one step when it is whole, so that
a crash at any moment leaves the releases as they were. The same inputs on the same day give the
same folder, and then nothing is written twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import locator
from locator.county import County
from locator.errors import ReleaseError, UnknownRelease
from locator.files import locked, sync, write_atomically
from locator.release.compared import Compared, compared
from locator.release.manifest import input_entries, size, versions
from locator.release.publish import (
    MANIFEST,
    Release,
    canonical_json,
    county_folder,
    open_release,
    verify,
)

#: Told after each step what was done: the step's name and one line of figures.
Progress = Callable[[str, str, str], None]

#: A folder of this name is a build under way, or what a crash left of one.
_DRAFT = ".building-"
#: The last build, so that an unchanged county is not built again; never the truth of anything.
_CACHE = "built.json"


def build_release(
    county: County,
    *,
    all_counties: Sequence[County],
    data: Path,
    var: Path,
    as_of: date,
    accepted: frozenset[str] = frozenset(),
    progress: Progress = lambda stage, zh, en: None,
) -> Release:
    """Build ``county``'s release as on the day ``as_of`` below ``var``; publishes nothing.

    ``all_counties`` are those that share the ledgers, ``data`` the folder against which inputs
    are named. ``accepted`` are codes of whole-file findings (`ACCEPTABLE`) that a person lets pass.
    What is published is one of the inputs (see `compared`). Returns the release that exists already
    when nothing has changed. Raises LedgerError, StreetsError, DemandError or ReleaseError in one
    sentence, with the releases as they were; ReleaseError as well where an input changes under the
    build.
    """
    folder = county_folder(var, county.slug)
    with locked(folder, "build"):
        _sweep(folder)
        inputs = input_entries(county, data)
        against = compared(
            county, data=data, var=var, inputs=inputs, as_of=as_of, accepted=accepted
        )
        key = _cache_key(county, all_counties, inputs, as_of, against)
        known = _built_before(var, county.slug, key)
        if known is not None:
            _built_now(known)
            progress("release", f"{known.hash}，没有变化", f"{known.hash}, nothing has changed")
            return known
        progress(
            "inputs",
            f"{len(inputs)} 个文件，{size(inputs)}",
            f"{len(inputs)} files, {size(inputs)}",
        )
        # Here, so that an unchanged county needs none of the numerical libraries.
        from locator.release.contents import write_contents

        draft = folder / f"{_DRAFT}{os.getpid()}"
        try:
            manifest = write_contents(draft, county, all_counties, as_of, inputs, against, progress)
            if input_entries(county, data) != inputs:
                raise ReleaseError(
                    f"{county.slug}：构建时县里的文件变了，什么都没有建，请重新构建 / a file "
                    "of the county was changed while its release was being built, so nothing has "
                    "been built; build it again."
                )
            release = _seal(draft, var, manifest)
            _built_now(release)
            write_atomically(folder / _CACHE, canonical_json({"key": key, "release": release.hash}))
        except OSError as error:
            raise ReleaseError(
                f"{error.filename or folder}：写不了，已发布的照旧 / cannot be written "
                f"({error.strerror}); what was published stays published."
            ) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    whole = size(release.manifest["files"])
    progress("release", f"{release.hash}，{whole}", f"{release.hash}, {whole}")
    return release


def _seal(draft: Path, var: Path, manifest: dict[str, Any]) -> Release:
    """Give the draft its name in one step, all of it on the disk before."""
    folder = draft.parent
    name = str(manifest["release"])
    if existing := _whole(var, folder.name, name):
        return existing
    for path in [*draft.rglob("*"), draft]:
        sync(path)
    damaged = folder / f"{_DRAFT}damaged"
    if (folder / name).exists():  # what is whole takes its place
        (folder / name).rename(damaged)
    draft.rename(folder / name)
    sync(folder)
    shutil.rmtree(damaged, ignore_errors=True)
    return Release(folder / name, manifest)


def _built_now(release: Release) -> None:
    """Make the release the newest: who goes back to an earlier ledger means to publish that."""
    with suppress(OSError):  # then the order of the list is stale, and nothing else
        os.utime(release.path / MANIFEST)


def _sweep(folder: Path) -> None:
    """Remove what builds that were cut short have left; the lock says that none is under way."""
    for path in folder.glob(f"{_DRAFT}*"):
        shutil.rmtree(path, ignore_errors=True)


def _built_before(var: Path, slug: str, key: str) -> Release | None:
    """The release that the last build made of the very same inputs, if it is still whole."""
    try:
        cache = json.loads((county_folder(var, slug) / _CACHE).read_text("utf-8"))
        return _whole(var, slug, str(cache["release"])) if cache["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _whole(var: Path, slug: str, name: str) -> Release | None:
    try:
        release = open_release(var, slug, name)
    except (ReleaseError, UnknownRelease):
        return None
    return None if verify(release) else release


def _cache_key(
    county: County,
    all_counties: Sequence[County],
    inputs: list[dict[str, Any]],
    as_of: date,
    against: Compared,
) -> str:
    code = hashlib.sha256()
    for path in sorted(Path(locator.__file__).parent.rglob("*")):
        if path.suffix in {".py", ".toml"}:
            code.update(path.read_bytes())
    return hashlib.sha256(
        canonical_json(
            {
                "inputs": inputs,
                "as_of": as_of.isoformat(),
                "counties": [each.model_dump_json(exclude={"folder"}) for each in all_counties],
                "county": county.slug,
                "compared_with": against.release.hash if against.release else None,
                "gaps_since": against.earlier.hash if against.earlier else None,
                "accepted": sorted(against.accepted),
                "code": code.hexdigest(),
                "versions": versions(),
            }
        )
    ).hexdigest()
