"""A street file that says what it is: its hash in ``county.toml``, checked before it is read."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from locator.county import County
from locator.county_file import write_keys
from locator.errors import StreetsError
from locator.streets.graph import StreetGraph
from locator.streets.osm import read_streets


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file as 64 hexadecimal digits; StreetsError where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise StreetsError(
            f"{path}：街道文件读不了，请放回去或改 county.toml / "
            f"the street file cannot be read ({error.strerror}); restore it, or correct "
            "its name in county.toml."
        ) from error


def is_frozen(county: County) -> bool | None:
    """Whether the street file is the one that was frozen; None where none was.

    Raises StreetsError where the file cannot be read.
    """
    if county.streets.sha256 is None:
        return None
    return file_sha256(county.path(county.streets.file)) == county.streets.sha256


def check_frozen(county: County) -> None:
    """Raise StreetsError when the street file has changed since it was frozen."""
    if is_frozen(county) is False:
        frozen_on = f" on {county.streets.frozen_on}" if county.streets.frozen_on else ""
        raise StreetsError(
            f"{county.path(county.streets.file)}：街道文件和锁定时不一样了，请换回来；确认无误就用 "
            f"locator streets {county.slug} --freeze / the street file has changed since it was "
            f"frozen{frozen_on} (streets.sha256 in county.toml); restore it, or accept it as it "
            f"is with `locator streets {county.slug} --freeze`."
        )


def read_frozen(county: County) -> StreetGraph:
    """The county's street graph; StreetsError as well where it is not the one that was frozen."""
    check_frozen(county)
    return read_streets(county.path(county.streets.file), county.streets)


def freeze(county: County, on: date) -> None:
    """Accept the street file as it is: its hash and the day ``on`` go into ``county.toml``.

    Of a file that has changed since it was frozen nobody knows what it is a copy of: what
    ``source`` and ``query`` said of the one before goes.
    Raises StreetsError with nothing changed when it holds no streets that can be read.
    """
    path = county.path(county.streets.file)
    sha256 = file_sha256(path)  # first: a file exchanged while it is read is not the frozen one
    read_streets(path, county.streets)
    changes: dict[str, Any] = {"streets.frozen_on": on, "streets.sha256": sha256}
    if county.streets.sha256 not in (None, sha256):
        changes |= {"streets.source": None, "streets.query": None}
    write_keys(county.folder, changes)
