"""HTML for hand-outs, in which what people wrote can only ever be text.

Folium puts popups into JavaScript template literals, and reads what it has made of an element
(options and GeoJSON data included) once more as a Jinja template: there a name such as
``${alert(1)}`` or ``{{7*7}}``, a backslash or a backtick is program, and escaping HTML alone does
not help. So every character with a meaning in any of the three becomes an entity here, and
folium is handed nothing but Markup.
"""

from __future__ import annotations

from locator.outputs.words import one_line

_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in "&<>\"'`\\${}"}


class Markup(str):
    """HTML that is safe to hand to folium."""

    __slots__ = ()


def safe(text: object) -> Markup:
    """A value as one line of text: no character of it means anything to HTML, JS or Jinja."""
    return text if isinstance(text, Markup) else Markup(one_line(str(text)).translate(_ENTITIES))


def tag(name: str, *content: object, **attributes: object) -> Markup:
    """An element; what is not Markup is escaped. ``class_`` is the attribute ``class``."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{safe(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{said}>{''.join(map(safe, content))}</{name}>")


def join(parts: list[Markup]) -> Markup:
    """Elements one after the other."""
    return Markup("".join(parts))
