"""The icons of the page: one sprite, made of the files in ``static/icons``.

Each file is drawn on a 24 px grid in the current colour. They are put into the page once, as
symbols, and used by name: no request for each, and no old WebView stumbles over them.
"""

from __future__ import annotations

import re
from functools import cache
from xml.etree import ElementTree

from markupsafe import Markup

from locator.county import web_root

_SVG = "http://www.w3.org/2000/svg"
#: Drawn for a service or kind that a county made up and has no icon for.
FALLBACK = "service"


@cache
def icon_names() -> frozenset[str]:
    """Every icon there is."""
    return frozenset(path.stem for path in (web_root() / "static/icons").glob("*.svg"))


@cache
def sprite(without: frozenset[str] = frozenset()) -> Markup:
    """One hidden SVG with a symbol ``i-<name>`` for every icon, but those ``without``."""
    symbols = "".join(_symbol(name) for name in sorted(icon_names() - without))
    return Markup('<svg class="sprite" aria-hidden="true" xmlns="{}">{}</svg>').format(
        _SVG, Markup(symbols)
    )


def known_icon(name: str | None) -> str:
    """``name``, or the icon for what has none of its own."""
    return name if name in icon_names() else FALLBACK


def icon(name: str) -> Markup:
    """The markup that draws an icon; decoration, since words always stand beside it."""
    return Markup(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="#i-{}"></use></svg>'
    ).format(known_icon(name))


def _symbol(name: str) -> str:
    # These are the project's own files, not anyone's upload; parsing them here means that a
    # drawing that is not well-formed stops the start, not the page.
    text = (web_root() / "static/icons" / f"{name}.svg").read_text("utf-8")
    root = ElementTree.fromstring(text)
    body = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", text, flags=re.DOTALL)
    kept = " ".join(
        f'{key}="{value}"' for key, value in root.attrib.items() if key not in {"color"}
    )
    return f'<symbol id="i-{name}" {kept}>{body}</symbol>'
