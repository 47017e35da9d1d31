"""Stations that riders were once told of and are told of no longer.

A sign outlives its station. What a county published stays in its line of releases, so what a sign
once stood for can still be said, and where that was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from locator.errors import ReleaseError, UnknownRelease
from locator.outputs.lineage import listed_on
from locator.release.publish import Release, open_release, read_pointer
from locator.server import published
from locator.server.cards import Card, county_cards
from locator.server.words import Language


@dataclass(frozen=True, slots=True)
class Former:
    """A station of an earlier list: ``card`` as it was last published, in the list of ``last_on``.

    ``release`` is what its county has published now. ``gone_on`` is the day of the first list
    without it, None when that list can no longer be opened.
    """

    release: Release
    card: Card
    last_on: str
    last_release: str
    gone_on: str | None


def former_station(station_id: str, lang: Language) -> Former | None:
    """The station as the last list that had it knew it; None when no list of ours ever had it.

    Asked of the counties whose code the id begins with, as each id does; what was published and
    then taken back was never in their line of releases.
    """
    var = published.settings().var
    for slug in published.slugs():
        try:
            release = published.release(slug)
            history = read_pointer(var, slug).history
        except (ReleaseError, UnknownRelease):
            continue
        if not station_id.startswith(release.county["code"]):
            continue
        at = _last_seen(var, slug, history).get(station_id)
        last = None if at is None else _opened(var, slug, history[at])
        if at is None or last is None:
            continue
        card = county_cards(last, lang).find(station_id)
        after = _opened(var, slug, history[at + 1]) if at + 1 < len(history) else None
        if card is not None:
            gone_on = listed_on(after.manifest) if after else None
            return Former(release, card, listed_on(last.manifest), last.hash, gone_on)
    return None


@lru_cache(maxsize=64)
def _last_seen(var: Path, slug: str, history: tuple[str, ...]) -> dict[str, int]:
    """Where in ``history`` each station was listed last; what cannot be read is passed over."""
    seen: dict[str, int] = {}
    for at, name in enumerate(history):
        release = _opened(var, slug, name)
        if release is None:
            continue
        try:
            table = release.json("public/stations.geojson")["features"]
        except (OSError, ValueError, UnknownRelease):
            continue
        seen.update((feature["properties"]["id"], at) for feature in table)
    return seen


def _opened(var: Path, slug: str, name: str) -> Release | None:
    try:
        return open_release(var, slug, name)
    except (ReleaseError, UnknownRelease):
        return None
