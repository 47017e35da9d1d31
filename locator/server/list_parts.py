"""What the list fetches once it stands: its cards whole, by the hundred, and what a search hears.

They are made of a release by the templates of this version: their address holds both.
"""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for

from locator.release.publish import Release
from locator.server import published
from locator.server.cards import CountyCards, county_cards
from locator.server.files import ASK_AGAIN, FOREVER, static_version
from locator.server.words import Language, language, script_words

_HASH = re.compile(r"[0-9a-f]{16}")

parts = Blueprint("parts", __name__)

#: So many cards come together; the list's script counts by the same number (cards-load.js).
CARDS_A_PART = 100
#: So many of them a phone keeps for when there is no network: of thousands of stations, those that
#: the list begins with.
KEPT_PARTS = 10


@parts.get("/c/<slug>/r/<release_hash>/cards-<int:at>.json")
def cards(slug: str, release_hash: str, at: int) -> Response:
    """The whole cards of one part of the list, by their numbers, as the station's page has them."""
    release = _asked(slug, release_hash)
    return _answer(_cards(release.path, language(), at))


@parts.get("/c/<slug>/r/<release_hash>/heard.json")
def heard(slug: str, release_hash: str) -> Response:
    """What a search listens to beside the words on the cards: hosts, and names as pinyin."""
    release = _asked(slug, release_hash)
    return _answer(_heard(release.path, language()))


@parts.get("/words.json")
def words() -> Response:
    """All the words of the page's modules: the list itself carries only those it starts with."""
    said = json.dumps(script_words(language()), ensure_ascii=False, separators=(",", ":"))
    return _answer(said.encode())


def part_urls(release: Release, lang: Language) -> dict[str, list[str] | str]:
    """The addresses of the parts: ``cards`` in the order of the list, ``heard``, ``words``."""
    tongue: dict[str, Any] = {"v": static_version(), "lang": None if lang == "zh" else lang}
    said = {"slug": release.county["slug"], "release_hash": release.hash, **tongue}
    count = math.ceil(len(county_cards(release, lang).cards) / CARDS_A_PART)
    return {
        "cards": [url_for("parts.cards", at=at, **said) for at in range(count)],
        "heard": url_for("parts.heard", **said),
        "words": url_for("parts.words", **tongue),
    }


def part_bytes(release: Release, lang: Language) -> int:
    """How much the parts that a phone keeps are, in bytes; by the first, where there are more."""
    count = min(len(part_urls(release, lang)["cards"]), KEPT_PARTS)
    first = len(_cards(release.path, lang, 0)) if count else 0
    return first * count + len(_heard(release.path, lang))


def _asked(slug: str, release_hash: str) -> Release:
    if not _HASH.fullmatch(release_hash):
        abort(404)
    return published.earlier_release(slug, release_hash)


def _answer(made: bytes) -> Response:
    answer = Response(made, mimetype="application/json")
    current = request.args.get("v") == static_version()
    answer.headers["Cache-Control"] = FOREVER if current else ASK_AGAIN
    return answer


def _of(folder: Path, lang: Language) -> tuple[Release, CountyCards]:
    release = published.opened(folder)
    return release, county_cards(release, lang)


@lru_cache(maxsize=256)
def _cards(folder: Path, lang: Language, at: int) -> bytes:
    release, found = _of(folder, lang)
    some = found.cards[at * CARDS_A_PART : (at + 1) * CARDS_A_PART]
    if not some:
        abort(404)
    context: dict[str, Any] = {"county": release.county}
    current_app.update_template_context(context)
    drawn = current_app.jinja_env.get_template("_card.html").make_module(context)
    said = {card.id: drawn.station_card(card) for card in some}  # type: ignore[attr-defined]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


@lru_cache(maxsize=32)
def _heard(folder: Path, lang: Language) -> bytes:
    _, found = _of(folder, lang)
    said = {card.id: card.heard_text for card in found.cards}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
