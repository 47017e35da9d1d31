"""With which release a build compares the county's ledgers, and what a person has accepted of that.

A build tells what has changed since the release that riders are served, so that release is one of
its inputs. Once the new one is published it would be compared with itself; it is compared with the
same release as the first time instead, for as long as the ledgers stay as they are. So the same
ledgers go on giving the same release, and what was accepted of them stays accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from locator.county import County
from locator.errors import ReleaseError, UnknownRelease
from locator.release.manifest import named
from locator.release.publish import Release, open_release, read_pointer

#: The rules that compare with a release: where one has spoken, the manifest names that release.
COMPARING = frozenset({"count_dropped", "moved_as_a_whole", "moved_since_last_release"})


@dataclass(frozen=True)
class Compared:
    """The release to compare the ledgers with (None: nothing to compare), the codes accepted, and
    the ``earlier`` release that the gaps follow."""

    release: Release | None = None
    accepted: frozenset[str] = frozenset()
    earlier: Release | None = None


def compared(
    county: County,
    *,
    data: Path,
    var: Path,
    inputs: list[dict[str, Any]],
    as_of: date,
    accepted: frozenset[str] = frozenset(),
) -> Compared:
    """What a build of ``inputs`` (see `input_entries`) on the day ``as_of`` compares with.

    ``accepted`` are the codes that a person gives with this build. A release that is gone or
    damaged is none.
    """
    earlier = earlier_release(var, county.slug, as_of)
    published = _open(var, county.slug, None)
    if published is None or _of_ledgers(published.manifest["inputs"], county, data) != _of_ledgers(
        inputs, county, data
    ):
        return Compared(published, accepted, earlier)
    before = published.manifest.get("compared_with")
    return Compared(
        _open(var, county.slug, before) if before else None,
        accepted.union(published.manifest.get("accepted", ())),
        earlier,
    )


def earlier_release(var: Path, slug: str, as_of: date) -> Release | None:
    """The last release published of a day before ``as_of``: the one whose gaps a new one follows.

    One that is gone or damaged is none. A build that is made again on the same day, or after its
    own release has been published, follows the same one as the first time, and so the same inputs
    go on giving the same release.
    """
    try:
        history = read_pointer(var, slug).history
    except ReleaseError:
        return None
    for name in reversed(history):
        release = _open(var, slug, name)
        if release is not None and date.fromisoformat(release.manifest["as_of"]) < as_of:
            return release
    return None


def _open(var: Path, slug: str, release: str | None) -> Release | None:
    try:
        return open_release(var, slug, release)
    except (UnknownRelease, ReleaseError):
        return None


def _of_ledgers(inputs: list[dict[str, Any]], county: County, data: Path) -> list[dict[str, Any]]:
    """The entries of the ledgers, and of the file that says how to read them."""
    paths = {county.folder / "county.toml", *county.ledger_paths}
    names = {named(path.resolve(), data.resolve()) for path in paths}
    return [each for each in inputs if each["path"] in names]
