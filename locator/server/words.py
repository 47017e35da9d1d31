"""The words of the pages in two languages, read from ``strings.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from flask import request

from locator.server.bundles import modules_of, source

Language = Literal["zh", "en"]
_QUOTED = re.compile(r'"(\w+)"')
#: The first is spoken unless another is asked for.
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Section → key → language → text."""
    path = Path(__file__).parent / "strings.toml"
    return tomllib.loads(path.read_text("utf-8"))


def say(key: str, lang: Language, section: str = "page", /, **values: object) -> str:
    """The words ``key`` of the templates in ``lang``, with ``values`` put into their braces."""
    return catalogue()[section][key][lang].format(**values)


def script_words(lang: Language, section: str = "script") -> dict[str, str]:
    """The words that the browser's modules need; braces are filled in there."""
    return {key: texts[lang] for key, texts in catalogue()[section].items()}


def list_words(lang: Language) -> dict[str, str]:
    """Those of the modules' words that the list starts with: the others follow (list_parts.py)."""
    code = "".join(map(source, modules_of("rider")))
    needed = set(_QUOTED.findall(code))
    return {
        key: text
        for key, text in script_words(lang).items()
        if key in needed or key.startswith("weekday_")
    }


def language() -> Language:
    """The language of this request: Chinese, unless ``?lang=`` says otherwise."""
    asked = request.args.get("lang")
    return next((lang for lang in LANGUAGES if lang == asked), LANGUAGES[0])
