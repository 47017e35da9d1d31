"""What the list carries inside itself: its styles and first script, so that one answer paints it.

On a slow line every further answer is two seconds away. The policy of every page names these two
texts by their hashes, and lets no other style or script be inside a page.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from markupsafe import Markup

from locator.county import web_root
from locator.server.bundles import bare_script, source
from locator.server.files import bare_style

_STYLES = ("tokens", "base", "rider")


@cache
def style() -> Markup:
    """The styles of the list, in their order, without remarks."""
    folder = web_root() / "static/css"
    text = b"".join(bare_style((folder / f"{name}.css").read_bytes()) for name in _STYLES)
    return Markup(text.decode())


@cache
def script() -> Markup:
    """The script that runs before the first paint, without remarks."""
    return Markup(bare_script(source("early")))


def policy_hash(text: str) -> str:
    """The word by which a content security policy lets ``text`` be inside a page."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
