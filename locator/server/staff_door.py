"""Who may open the staff's pages: there are no accounts yet, so only who sits at this machine.

The server must listen on a loopback address, the request come from one, under a name of this
machine (another name would be a foreign page that had its name led here), and through no proxy.
Anybody else is told that there is no such page. What changes something must come from a page of
ours: by the browser's word, and by a token that no other site can read.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets

from flask import Flask, abort, current_app, request

_TOKEN = "locator-token"
_STAFF = re.compile(r"/+staff(?:/|$)")
_THIS_MACHINE = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_PROXY = re.compile(r"Forwarded|Via|X-Forwarded-.+|X-Real-IP|CF-Connecting-IP", re.IGNORECASE)


def is_loopback(host: str) -> bool:
    """Whether a server that listens on ``host`` is reached from this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def guard(app: Flask) -> None:
    """Stand at the door of every address below ``/staff``."""
    app.extensions[_TOKEN] = secrets.token_urlsafe(32)
    app.before_request(_let_in)


def token() -> str:
    """What a form of ours carries; new with each start of the server."""
    found: str = current_app.extensions[_TOKEN]
    return found


def insist_on_token() -> None:
    """Refuse a form that is not ours."""
    if not hmac.compare_digest(request.form.get("token", "").encode(), token().encode()):
        abort(400)


def _let_in() -> None:
    # Before the route is looked at: a wrong method must not tell that there is one.
    if not _STAFF.match(request.path):
        return
    here = (
        is_loopback(request.remote_addr or "")
        and _THIS_MACHINE.fullmatch(request.environ.get("HTTP_HOST", ""))
        and not any(_PROXY.fullmatch(name) for name, _ in request.headers)
        # What no browser has spoken for twenty years, but nginx does unless told otherwise; it
        # then also calls this machine by its name and adds no header of a proxy.
        and request.environ.get("SERVER_PROTOCOL") not in {"HTTP/1", "HTTP/1.0"}
    )
    if not here:
        abort(404)
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        own = f"{request.scheme}://{request.host}"
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            abort(400)
        if request.headers.get("Origin", own) != own:
            abort(400)
