"""A folium page as one file: our copies of its scripts and styles, the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from branca.element import Element, Figure

from locator.county import web_root
from locator.errors import ConfigError
from locator.outputs.palette import mix, tokens

HERE = Path(__file__).parent


class Raw(Element):
    """Text that goes into the page as it is: folium would read it as a Jinja template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """The text."""
        return self.text


def self_contained(figure: Figure) -> str:
    """The page with our copies of scripts and styles in it, and the same bytes every time."""
    elements = list(_walk(figure))
    for element in elements:
        for kind in ("default_js", "default_css"):
            if hasattr(element, kind):
                setattr(element, kind, [])
    ramp = [mix(tokens()["gap-few"], tokens()["gap-many"], share / 4) for share in range(5)]
    steps = "".join(f"--step-{number}:{colour};" for number, colour in enumerate(ramp, start=1))
    style = [_vendored("leaflet.css"), day_tokens(), f":root{{{steps}}}", _own("planner_map.css")]
    script = [_vendored("jquery.min.js"), _vendored("leaflet.js"), _own("planner_map.js")]
    figure.header.add_child(Raw(_inline("script", "\n".join(script))), name="scripts", index=1)
    page = figure.render()
    # After folium's own styles, so that ours hold.
    page = page.replace("</head>", _inline("style", "\n".join(style)) + "\n</head>", 1)
    page = page.replace("<html>", '<html lang="zh-CN">', 1)
    numbers = {element._id: f"{number:04x}" for number, element in enumerate(elements)}
    return re.sub(r"[0-9a-f]{32}", lambda found: numbers.get(found[0], found[0]), page)


def _walk(element: Element) -> Iterator[Element]:
    """Every element of the tree, with those that popups and figures keep aside."""
    yield element
    aside = (getattr(element, name, None) for name in ("header", "html", "script", "icon"))
    for child in (*element._children.values(), *aside):
        if isinstance(child, Element) and child is not element._parent:
            yield from _walk(child)


def _inline(name: str, text: str) -> str:
    """``text`` as an element that nothing in it can close."""
    closed = re.sub(f"</(?={name})", r"<\\/", text, flags=re.IGNORECASE)
    return f"<{name}>\n{closed}\n</{name}>"


def _vendored(name: str) -> str:
    path = web_root() / "static/vendor" / name
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(
            f"{path}：读不了，请重新安装本程序 / cannot be read ({error.strerror}); install the "
            "program again (its build fetches the browser's files)."
        ) from error
    # Neither pictures beside the style sheet nor a source map: the file stands alone.
    text = (
        re.sub(r"url\((?!['\"]?(?:data:|#))[^)]*\)", "none", text) if name.endswith("css") else text
    )
    return re.sub(r"/[/*][#@] sourceMappingURL=.*", "", text)


def _own(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def day_tokens() -> str:
    """The day colours and the sizes: a hand-out is printed and passed on, and stays light."""
    return (web_root() / "static/css/tokens.css").read_text("utf-8").split("@media", 1)[0]
