"""The web application: what it is made of, what its answers carry, how failures are told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.wrappers import Response as BaseResponse

from locator.county import web_root
from locator.errors import (
    LocatorError,
    ReleaseError,
    UnknownCounty,
    UnknownRelease,
    UsageError,
)
from locator.server import api, at_once, go, list_parts, offline, public, staff, wechat
from locator.server.basemaps import Basemap
from locator.server.files import ASK_AGAIN, compress
from locator.server.published import county_asked, suggestions
from locator.server.staff_uploads import Uploads
from locator.server.wechat import WeChat
from locator.server.words import language, say

#: From a class of error to a status of HTTP; a subclass goes with its nearest parent here.
STATUS: dict[type[LocatorError], int] = {
    UsageError: 400,
    UnknownCounty: 404,
    UnknownRelease: 503,  # a county that has not published yet
    ReleaseError: 503,
    LocatorError: 500,
}
#: What browsers heed on pages and workers alone. Our styles and modules are neither, and a list
#: that comes in fifteen of them over two bars of signal is six kilobytes lighter without.
_FOR_PAGES = {"Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy",
              "Referrer-Policy", "X-Frame-Options"}  # fmt: skip
_NEVER_A_PAGE = (".css", ".js")  # a worker is an .mjs
#: Only a ledger that staff hand in is larger; see ``staff``.
MAX_BODY_BYTES = 64 * 1024


@dataclass(frozen=True)
class Settings:
    """What an operator decides.

    ``var`` holds the releases. ``counties`` are the slugs served, None for all that have been
    published. ``public_url`` is the address riders know (https), if there is one.
    ``frame_ancestors`` are the sites that may embed the pages, such as a provincial app's.
    ``trusted_hosts`` are the Host names answered to; without any, those of ``public_url`` and of
    this machine, and every name when there is no ``public_url`` (no address is ever built from
    the name asked for). ``now`` gives the present time. With ``staff`` the pages that check a
    ledger are there too, on this machine only; they need ``data``, the folder of the counties, and
    keep the ledgers in ``uploads``, a private folder, or in one of their own. ``basemaps`` may be
    chosen under the riders' map; only then is their host asked. ``wechat`` is the account by which
    WeChat opens its own map for these pages; only inside WeChat is its host asked.
    """

    var: Path
    counties: tuple[str, ...] | None = None
    public_url: str = ""
    frame_ancestors: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = ()
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    data: Path | None = None
    staff: bool = False
    uploads: Path | None = None
    basemaps: tuple[Basemap, ...] = ()
    wechat: WeChat | None = None


def create_app(settings: Settings) -> Flask:
    """The application that serves what is published below ``settings.var``."""
    app = Flask(
        __name__,
        static_folder=None,
        template_folder=str(web_root() / "templates"),
    )
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=_trusted_hosts(settings),
    )
    app.extensions["locator"] = settings
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.add_url_rule("/static/<version>/<path:filename>", "static", public.static)
    app.register_blueprint(public.pages)
    app.register_blueprint(list_parts.parts)
    app.register_blueprint(go.pages)
    app.register_blueprint(offline.offline)
    app.register_blueprint(api.api)
    if settings.wechat:
        app.register_blueprint(wechat.pages)
    if settings.staff and settings.data is not None:
        # Where other sites may embed the riders' pages, they still may not embed these.
        unframed = security_headers(replace(settings, frame_ancestors=(), basemaps=(), wechat=None))
        staff.add_staff(app, Uploads(settings.uploads), unframed)
    app.register_error_handler(LocatorError, _explain)
    app.register_error_handler(HTTPException, _explain)
    headers = security_headers(settings)

    @app.after_request
    def finish(response: Response) -> Response:
        bare = request.endpoint == "static" and request.path.endswith(_NEVER_A_PAGE)
        for name, value in headers.items():
            if not (bare and name in _FOR_PAGES):
                response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", ASK_AGAIN)
        if response.location:
            # Every redirect stays here. To the proper spelling of an address, Werkzeug leads by
            # the host that was asked for, which may be anyone's, or the http inside a proxy.
            led = urlsplit(response.location)
            here = led._replace(scheme="", netloc="", path="/" + led.path.lstrip("/"))
            response.location = here.geturl()
        if _is_made_page(response):
            response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32], weak=True)
            response.make_conditional(request)
        return compress(response)

    return app


def security_headers(settings: Settings) -> dict[str, str]:
    """The headers of every answer.

    The map needs no exception but ``data:`` images, for the signs on its zoom buttons: its worker
    is a file of ours, and it sets styles through the DOM. Hosts of other base maps, and that of
    WeChat's script, are named where they are configured. The browser tests fail on any violation.
    """
    ancestors = " ".join(settings.frame_ancestors) or "'none'"
    others = (host for basemap in settings.basemaps for host in basemap.hosts)
    scripts = ["'self'", f"'{at_once.policy_hash(at_once.script())}'"]
    if settings.wechat:
        scripts.append(settings.wechat.host)
    policy = {
        "default-src": "'none'",
        "script-src": " ".join(scripts),
        "style-src": f"'self' '{at_once.policy_hash(at_once.style())}'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": " ".join(("'self'", *dict.fromkeys(others))),
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": ancestors,
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if not settings.frame_ancestors:
        headers["X-Frame-Options"] = "DENY"
    if settings.public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def status_of(error: LocatorError) -> int:
    """The status of HTTP that tells ``error``."""
    return next(STATUS[parent] for parent in type(error).__mro__ if parent in STATUS)


def _trusted_hosts(settings: Settings) -> list[str] | None:
    if settings.trusted_hosts:
        return list(settings.trusted_hosts)
    host = urlsplit(settings.public_url).hostname
    return [host, "localhost", "127.0.0.1", "[::1]"] if host else None


def _is_made_page(response: Response) -> bool:
    return (
        response.status_code == 200
        and request.method in {"GET", "HEAD"}
        and not response.direct_passthrough
        and "ETag" not in response.headers
    )


def _explain(error: Exception) -> BaseResponse:
    """One answer for every failure: JSON to a program, a page that helps to a person."""
    if isinstance(error, SecurityError):
        # Asked for by a name that is not ours: no page of ours can be addressed from there.
        return Response("unknown host\n", 400, mimetype="text/plain")
    if isinstance(error, LocatorError):
        status, text = status_of(error), str(error)
    else:
        failure = error if isinstance(error, HTTPException) else InternalServerError()
        if isinstance(failure.response, BaseResponse):
            return failure.response
        status, text = failure.code or 500, failure.description or ""
    if status >= 500 and not isinstance(error, UnknownRelease):
        # What went wrong inside names files; the log keeps it, the reader gets what to do.
        current_app.logger.error("%s %s: %s", request.method, request.path, error)
        text = ""
    if request.path.startswith("/api/"):
        code = _code(error)
        body = {"error": {"code": code, "message": text or say("error_500_what", "en")}}
        answer = Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
    else:
        answer = Response(_error_page(error, status), status)
    for name, value in getattr(error, "get_headers", list)():
        if name.lower() == "allow":
            answer.headers[name] = value
    if status == 503:
        answer.headers["Retry-After"] = "60"
    return answer


def _code(error: Exception) -> str:
    name = type(error).__name__
    return "".join("_" + sign.lower() if sign.isupper() else sign for sign in name).lstrip("_")


def _error_page(error: Exception, status: int) -> str:
    lang = language()
    if isinstance(error, UnknownRelease):
        title, what = "error_no_release", "error_no_release_what"
    else:
        title = f"error_{status}" if status in {400, 404, 405, 413, 503} else "error_500"
        station = status == 404 and request.path.startswith(("/s/", "/go/"))
        title = "error_404_station" if station else title
        what = "error_404_what" if status == 404 else "error_500_what" if status >= 500 else ""
    context: dict[str, Any] = {
        "heading": say(title, lang),
        "what": say(what, lang) if what else "",
        "status": status,
        "asked": county_asked(request.path, lang) if status == 404 else None,
        "near": suggestions(request.path, lang) if status == 404 else [],
    }
    return render_template("error.html", **context)
