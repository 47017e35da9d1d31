"""What is published at this moment, asked of the pointers anew for every request."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app, url_for

from locator.errors import ReleaseError, UnknownCounty, UnknownRelease
from locator.release.publish import MANIFEST, POINTER, Release, open_release, read_pointer
from locator.server.cards import Card, county_cards
from locator.server.words import Language

if TYPE_CHECKING:
    from locator.server.app import Settings

#: How many near misses a "no such page" names.
NEAR = 5


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["locator"]
    return found


def slugs() -> tuple[str, ...]:
    """The counties that have something published and are served here."""
    mine = settings()
    found = sorted(path.parent.name for path in (mine.var / "releases").glob(f"*/{POINTER}"))
    return tuple(slug for slug in found if not mine.counties or slug in mine.counties)


def releases() -> list[Release]:
    """What every county has published; one that cannot be opened does not take the rest along.

    Raises UnknownRelease when none has published, ReleaseError when none can be opened.
    """
    found = _open_releases()
    if not found and slugs():
        return [open_release(settings().var, slug) for slug in slugs()]
    if not found:
        raise UnknownRelease(
            "还没有一个县发布过，请先运行 locator build --publish / "
            "no county has a published release yet; run: locator build --publish"
        )
    return found


def release(slug: str) -> Release:
    """What one county has published.

    Raises UnknownCounty for a name that is not served here, UnknownRelease before a county's
    first publishing.
    """
    mine = settings()
    if slug in slugs() or slug in (mine.counties or ()):
        return open_release(mine.var, slug)
    raise UnknownCounty(f"no county {slug!r} here; there is {', '.join(slugs()) or 'none'}.")


def earlier_release(slug: str, release_hash: str) -> Release:
    """A release that is published now or was before: a page opened then may still ask for it.

    Raises UnknownCounty when it never was: what is only built, or was rolled back, stays inside.
    """
    if slug in slugs() and release_hash in read_pointer(settings().var, slug).history:
        return open_release(settings().var, slug, release_hash)
    raise UnknownCounty(f"no release {release_hash!r} of {slug!r} is published.")


def opened(folder: Path) -> Release:
    """The release in a folder that was opened, and so checked, before."""
    return Release(folder, json.loads((folder / MANIFEST).read_text("utf-8")))


def station(station_id: str, lang: Language) -> tuple[Release, Card] | None:
    """A published station and the release it is in, wherever it is.

    Raises ReleaseError when it is not found but may be in a release that cannot be opened.
    """
    found = releases()
    for each in found:
        card = county_cards(each, lang).find(station_id)
        if card:
            return each, card
    if len(found) < len(slugs()):
        raise ReleaseError(f"{station_id}: not found, and not every release can be opened.")
    return None


def suggestions(path: str, lang: Language) -> list[tuple[str, str, str]]:
    """(name, number, address) of pages whose name is near to what ``path`` asked for."""
    asked = path.rstrip("/").rsplit("/", 1)[-1].lower()
    names: dict[str, tuple[str, str, str]] = {}
    for each in _open_releases():
        county, slug = each.county, each.county["slug"]
        page = (county[f"name_{lang}"], "", url_for("public.county", slug=slug))
        names.update({slug: page, county["name_zh"]: page, county["name_en"].lower(): page})
        for card in county_cards(each, lang).cards:
            page = (card.name, card.id, url_for("public.station", station_id=card.id))
            names.update({card.id: page, card.name.lower(): page})
    near = difflib.get_close_matches(asked[:64], names, NEAR, cutoff=0.55)
    return list(dict.fromkeys(names[name] for name in near))


def county_asked(path: str, lang: Language) -> tuple[str, str] | None:
    """(name, address) of the county that ``path`` asked for: by its slug, or by a station's number,
    which begins with the county's code."""
    words = path.strip("/").lower().split("/")
    asked = words[1] if len(words) > 1 else words[0]
    for each in _open_releases():
        county = each.county
        if asked == county["slug"] or asked.startswith(f"{county['code']}-"):
            return county[f"name_{lang}"], url_for("public.county", slug=county["slug"])
    return None


def counties(lang: Language) -> list[tuple[str, str]]:
    """(name, address) of every county that can be opened."""
    return [
        (each.county[f"name_{lang}"], url_for("public.county", slug=each.county["slug"]))
        for each in _open_releases()
    ]


def _open_releases() -> list[Release]:
    """What is published, without the counties that cannot be opened."""
    found = []
    for slug in slugs():
        try:
            found.append(open_release(settings().var, slug))
        except (ReleaseError, UnknownRelease):
            continue
    return found
