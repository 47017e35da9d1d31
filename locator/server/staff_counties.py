"""The counties that this server shows to staff, and what each has published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort

from locator.counties import Counties, read_counties
from locator.county import County
from locator.errors import ReleaseError, UnknownRelease
from locator.release.publish import Release, open_release
from locator.server import published

if TYPE_CHECKING:
    from locator.server.staff_checking import Against


def against(county: County) -> Against:
    """What a ledger of ``county`` is checked against."""
    from locator.server.staff_checking import Against

    return Against(county, _counties().known, published.settings().now(), published_of(county.slug))


def published_of(slug: str) -> Release | None:
    """What the county ``slug`` has published, None where that is nothing that can be read."""
    try:
        return open_release(published.settings().var, slug)
    except (UnknownRelease, ReleaseError):
        return None


def served() -> tuple[County, ...]:
    """The counties that can be chosen."""
    asked = published.settings().counties
    return tuple(each for each in _counties().whole if not asked or each.slug in asked)


def county_called(slug: str) -> County:
    """The county ``slug``; a form that names another is refused."""
    found = next((each for each in served() if each.slug == slug), None)
    if found is None:
        abort(400)
    return found


def _counties() -> Counties:
    data = published.settings().data
    assert data is not None  # create_app adds these pages only where there is one
    return read_counties(data)
