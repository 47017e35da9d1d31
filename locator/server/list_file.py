"""The list of a county as one HTML file, for chat groups and USB sticks: it asks for nothing.

Drawn with the page's own card, styles and modules, put into the file; without JavaScript it is the
whole list with its printed hours.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from locator.county import web_root
from locator.outputs.lineage import listed_on, rider_notices
from locator.release.openness import openness
from locator.release.publish import Release
from locator.server.at_once import policy_hash
from locator.server.bundles import bundle
from locator.server.cards import county_cards
from locator.server.icons import icon, sprite
from locator.server.public import dates
from locator.server.words import Language, say, script_words

#: How long the file knows who is open; later, and without JavaScript, it has the printed hours.
DAYS = 60
_STYLES = ("tokens", "base", "card", "rider", "list-file")


def write_list(release: Release, path: Path, lang: Language = "zh") -> None:
    """Write `list_file` to ``path``."""
    path.write_text(list_file(release, lang), "utf-8", newline="\n")


def list_file(release: Release, lang: Language = "zh") -> str:
    """The text of the file; the same for the same release, whenever it is written."""
    manifest, county = release.manifest, release.county
    features = release.json("public/stations.geojson")["features"]
    start = date.fromisoformat(manifest["as_of"])
    table = [feature["properties"] for feature in features]
    settings = {
        "timezone": county["timezone"],
        "words": script_words(lang),
        "open": openness(table, start, county["timezone"], county["country"], days=DAYS),
    }
    style = "\n".join(_static(f"css/{name}.css") for name in _STYLES)
    script = "\n".join((_static("js/early.js"), f"(function () {{\n{bundle('list-file')}}})();\n"))
    return _environment(lang).get_template("list_file.html").render(
        manifest=manifest,
        county=county,
        notices=rider_notices(manifest, lang),
        listed_on=listed_on(manifest),
        found=county_cards(release, lang),
        days=DAYS,
        release=release.hash,
        style=Markup(style),
        style_hash=policy_hash(style),
        script=Markup(script),
        script_hash=policy_hash(script),
        settings=Markup(json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")),
    )  # fmt: skip


def _environment(lang: Language) -> Environment:
    found = Environment(
        loader=FileSystemLoader(web_root() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )

    def t(key: str, **values: object) -> str:
        return say(key, lang, **values)

    found.globals |= {"t": t, "lang": lang, "icon": icon, "sprite": sprite()}
    found.filters["dates"] = dates
    return found


def _static(name: str) -> str:
    return (web_root() / "static" / name).read_text("utf-8")
