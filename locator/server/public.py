"""The rider's pages and the files they read: all from what is published."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as BaseResponse

from locator.county import web_root
from locator.errors import ReleaseError, UnknownRelease
from locator.outputs.lineage import listed_on, plan_notices, rider_notices
from locator.outputs.links import marker_link
from locator.release.publish import Release
from locator.server import at_once, bundles, published
from locator.server.basemaps import Basemap
from locator.server.cards import LINK_SOURCE, Card, county_cards
from locator.server.files import (
    ASK_AGAIN,
    FOREVER,
    send,
    send_text,
    send_whole,
    static_version,
)
from locator.server.former import former_station
from locator.server.icons import icon, sprite
from locator.server.list_parts import part_urls
from locator.server.openness import open_json
from locator.server.planner import plan_settings, plan_view
from locator.server.planner_files import FILE_NAME, SUFFIXES, derived_file, file_name
from locator.server.planner_stations import station_slots
from locator.server.wechat import WeChat
from locator.server.words import Language, language, list_words, say, script_words

pages = Blueprint("public", __name__)

#: The only files of a release that are ever sent; all of them are below ``public/``.
PUBLIC_FILES = frozenset(
    {
        "stations.geojson", "open.json", "coverage.json", "cells.json", "basemap.pmtiles",
        "streets.bin", "matrix.bin", "gaps.json", "actions.json", "places.json",
        "hourly.json", "overview.svg",
    }
)  # fmt: skip
#: What the list asks for when it stands, as ask-for.js reads it.
_TOOLS = ("rider-tools", "../css/card.css", "../css/rider-late.css")
#: Where the riders' modules lie in parts, beside the folder in which they are single.
_PART = re.compile(r"rider/([a-z-]+)\.js")
STATION_ID = re.compile(r"[a-z0-9-]{1,32}")
#: So much of a name goes into a code: longer ones make it dense, and in the end none at all.
CODE_LETTERS = 40
#: What the planner's page reads beside.
_PLAN_FILES = {"matrix": "matrix.bin", "gaps": "gaps.json", "hourly": "hourly.json"}
#: The blueprints whose pages are there in both languages.
_TWO_TONGUES = {"public", "go", "staff"}
#: The endpoints whose addresses keep the language.
_SPOKEN = ("public.", "go.", "offline.", "parts.")
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b", re.ASCII)
RELEASE_HASH = re.compile(r"[0-9a-f]{16}")


@pages.app_url_defaults
def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static":
        values.setdefault("version", static_version())
    elif endpoint.startswith(_SPOKEN) and g.get("lang", "zh") != "zh":
        values.setdefault("lang", g.lang)


@pages.before_app_request
def _set_language() -> None:
    g.lang = language()


@pages.app_template_filter()
def dates(text: str) -> Markup:
    """``text`` with each date in it as one word, which no line breaks at its hyphens."""
    return Markup(_DATE.sub(r"<time>\g<0></time>", str(escape(text))))


@pages.app_context_processor
def _template_words() -> dict[str, Any]:
    lang = language()

    def t(key: str, **values: object) -> str:
        return say(key, lang, **values)

    return {
        "lang": lang,
        "t": t,
        "icon": icon,
        "sprite": sprite(),
        "other_language": _same_page("en" if lang == "zh" else None),
        "counties": lambda: published.counties(lang),
    }


def _same_page(lang: Language | None) -> str:
    """This page in another language; a page that does not exist leads to the front."""
    # Never the path as it was asked for: "//host/" would lead away.
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()) or request.blueprint not in _TWO_TONGUES:
        return url_for("public.index", lang=lang)
    return url_for(rule.endpoint, **(request.view_args or {}), lang=lang)


@pages.get("/")
def index() -> str | BaseResponse:
    """Choose a county, or go straight to the only one."""
    found = published.releases()
    if len(found) == 1:
        return redirect(url_for("public.county", slug=found[0].county["slug"]))
    notices = {each.path: rider_notices(each.manifest, language()) for each in found}
    here = "staff" in current_app.blueprints  # only where this machine alone is served
    return render_template("index.html", releases=found, notices_of=notices, staff_here=here)


@pages.get("/c/<slug>/")
def county(slug: str) -> str:
    """The list and the map of a county."""
    settings = published.settings()
    release = published.release(slug)
    return _county_page(release.path, language(), settings.basemaps, settings.wechat)


@pages.get("/c/<slug>/plan")
def plan(slug: str) -> str:
    """The planner's page of a county."""
    return _plan_page(published.release(slug).path, language())


@pages.get("/c/<slug>/plan/<name>")
def plan_file(slug: str, name: str) -> Response:
    """A release as a file to take along. Asked for again each time: its exporter may be mended."""
    match = FILE_NAME.fullmatch(name)
    if match is None or match[1] != slug:
        abort(404)
    release = published.earlier_release(slug, match[2])
    return send_whole(derived_file(release, published.settings().var, match[3]), ASK_AGAIN)


@pages.get("/c/<slug>/plan-slots.json")
def plan_slots(slug: str) -> list[dict[str, Any]]:
    """Which stations are open, and offer what, in each hour of the planner's clock."""
    return _plan_slots(published.release(slug).path, language())


# A release never changes, so what is made of it is made once; what is published is asked each time.


@lru_cache(maxsize=32)
def _county_page(
    folder: Path, lang: Language, basemaps: tuple[Basemap, ...], wechat: WeChat | None
) -> str:
    release = published.opened(folder)
    found = county_cards(release, lang)
    page = _settings(release, lang, release.county["bbox"])
    page["urls"].update(part_urls(release, lang))
    page["services"] = found.services
    page |= _within_wechat(wechat)
    page["basemaps"] = [each.said(lang) for each in basemaps]
    drawing = page["urls"]["overview"]
    page["tools"] = [*_TOOLS, *(("overview", drawing) if drawing else ())]
    page["words"] = list_words(lang)
    return render_template(
        "county.html",
        manifest=release.manifest,
        county=release.county,
        notices=rider_notices(release.manifest, lang),
        listed_on=listed_on(release.manifest),
        found=found,
        style=at_once.style(),
        script=at_once.script(),
        sprite=sprite(found.without(release.manifest)),
        page=page,
    )


@lru_cache(maxsize=32)
def _plan_page(folder: Path, lang: Language) -> str:
    release = published.opened(folder)
    slug = release.county["slug"]
    page = _settings(release, lang, release.county["bbox"])
    page["urls"]["slots"] = url_for("public.plan_slots", slug=slug)
    for key, name in _PLAN_FILES.items():
        page["urls"][key] = file_url(release, name)
    files = {
        suffix: url_for("public.plan_file", slug=slug, name=file_name(release, suffix), lang=None)
        for suffix in SUFFIXES
    }
    return render_template(
        "plan.html",
        manifest=release.manifest,
        county=release.county,
        notices=plan_notices(release.manifest, lang),
        plan=plan_view(release, lang),
        list_url=url_for("public.county", slug=slug),
        files=files,
        page={**page, **plan_settings(release, lang)},
    )


@lru_cache(maxsize=32)
def _plan_slots(folder: Path, lang: Language) -> list[dict[str, Any]]:
    return station_slots(published.opened(folder), lang)


@pages.get("/s/<station_id>")
def station(station_id: str) -> str | BaseResponse:
    """One station, by the number on its sign; what is told of one that is gone is told there."""
    lang = language()
    try:
        release, card = _station(station_id, lang)
    except NotFound:
        if STATION_ID.fullmatch(station_id) and former_station(station_id, lang):
            return redirect(url_for("go.page", station_id=station_id))
        raise
    return render_template(
        "station.html",
        manifest=release.manifest,
        county=release.county,
        notices=rider_notices(release.manifest, lang),
        card=card,
        page={
            **_settings(release, lang, [card.lon, card.lat, card.lon, card.lat]),
            **_within_wechat(published.settings().wechat),
        },
    )


@pages.get("/s/<station_id>/code.svg")
def station_code(station_id: str) -> Response:
    """A QR code that opens the place in a map app on the phone that scans it."""
    _, card = _station(station_id, "zh")
    drawn = io.BytesIO()
    place = marker_link(card.lon, card.lat, card.name[:CODE_LETTERS], src=LINK_SOURCE)
    segno.make(place, error="m").save(drawn, kind="svg", border=4, scale=4, xmldecl=False)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@pages.get("/c/<slug>/open.json")
def open_now(slug: str) -> Response:
    """When each station is open from today on."""
    release = published.release(slug)
    return Response(open_json(release, published.settings().now()), mimetype="application/json")


@pages.get("/c/<slug>/r/<release_hash>/<name>")
def release_file(slug: str, release_hash: str, name: str) -> Response:
    """A file of a release; its address holds the hash, so it never changes."""
    if not RELEASE_HASH.fullmatch(release_hash) or name not in PUBLIC_FILES:
        abort(404)
    release = published.earlier_release(slug, release_hash)
    if f"public/{name}" not in release.files:  # made before there was such a file
        abort(404)
    return send(release.file(f"public/{name}"), FOREVER)


def static(version: str, filename: str) -> Response:
    """Our own styles, scripts and drawings, under the version they belong to."""
    # A page from before an update asks for the old version: it gets what there is, unkept.
    kept = FOREVER if version == static_version() else ASK_AGAIN
    if (part := _PART.fullmatch(filename)) and part[1] in bundles.RIDER:
        return send_text(bundles.part(part[1]), ".js", kept)
    path = safe_join(str(web_root() / "static"), filename)
    if path is None or not Path(path).is_file():
        abort(404)
    return send(Path(path), kept)


@pages.get("/favicon.ico")
def favicon() -> BaseResponse:
    """For browsers that ask without reading the page."""
    return redirect(url_for("static", filename="icons/mark.svg"))


@pages.get("/healthz")
def healthz() -> tuple[dict[str, Any], int]:
    """Whether riders can be served, and which release each county has published."""
    said: dict[str, str] = {}
    well = True
    for slug in published.slugs():
        try:
            said[slug] = published.release(slug).hash
        except (ReleaseError, UnknownRelease):
            said[slug], well = "unreadable", False
    well = well and bool(said)
    return {"status": "ok" if well else "unavailable", "releases": said}, 200 if well else 503


def _station(station_id: str, lang: Language) -> tuple[Release, Card]:
    found = published.station(station_id, lang) if STATION_ID.fullmatch(station_id) else None
    if found is None:
        abort(404)
    return found


def _settings(release: Release, lang: Language, bounds: list[float]) -> dict[str, Any]:
    """What the browser's modules start from."""
    slug, manifest = release.county["slug"], release.manifest
    return {
        "lang": lang,
        "county": slug,
        "release": release.hash,
        "version": static_version(),
        "timezone": release.county["timezone"],
        "bounds": bounds,
        "urls": {
            "open": url_for("public.open_now", slug=slug, lang=None),
            "station": url_for("public.station", station_id="-", lang=None)[:-1],
            "pack": file_url(release, "basemap.pmtiles"),
            "overview": file_url(release, "overview.svg"),
            "stations": file_url(release, "stations.geojson"),
            "coverage": file_url(release, "coverage.json"),
            "cells": file_url(release, "cells.json"),
            "streets": file_url(release, "streets.bin"),
            "places": file_url(release, "places.json"),
            "offline": url_for("offline.files", slug=slug),
            "worker": url_for("offline.worker", lang=None),
        },
        "approval": manifest.get("approval_number") or "",
        "attribution": manifest.get("attribution") or "",
        "words": script_words(lang),
    }


def _within_wechat(account: WeChat | None) -> dict[str, dict[str, str]]:
    """Where the page finds WeChat's script and our proof; nothing where WeChat knows no account."""
    if account is None:
        return {}
    return {"wechat": {"script": account.script, "proof": url_for("wechat.proof", lang=None)}}


def file_url(release: Release, name: str) -> str:
    """The address of a public file; "" where the release was made before there was such a file."""
    if f"public/{name}" not in release.files:
        return ""
    slug = release.county["slug"]
    return url_for(
        "public.release_file", slug=slug, release_hash=release.hash, name=name, lang=None
    )
