"""The list works in engines of 2020 (Chrome 80): no younger syntax, no younger built-ins.

The map is a module of its own that may need a newer engine; it is loaded after the list, by
``import()``, and the list does without it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

MAP = "rider-map.js"
#: What came after Chrome 80, by its version.
YOUNGER = {
    r"\?\.(?!\d)|\?\?": "80, and many WebViews are a little older",
    r"(\|\||&&)=": "85",
    r"#[a-zA-Z_]": "84: private methods",
    r"\bstatic\s*\{": "94",
    r"(?<![\w$])\d+_\d": "75",
    r"\.(replaceAll|at|findLast|findLastIndex|toSorted|toReversed|with)\(": "85 to 110",
    r"\b(structuredClone|Promise\.any|Object\.hasOwn|AbortSignal\.|WeakRef)\b": "84 to 116",
    r"\b(randomUUID|userAgentData|scheduler)\b": "90 to 94",
    r"^(?!.*\basync\b)(?=\S).*\bawait\b": "89: await outside of functions",
}
#: The same of styles, where a page would be laid out wrongly without them.
YOUNGER_STYLES = (
    r"(?<![\w-])(inset|aspect-ratio|gap|row-gap|column-gap)\s*:"
    r"|:(is|where|has)\(|\d[sdl]v[hw]\b|@(layer|container)\b"
)
_COMMENT = r"//[^\n]*|/\*.*?\*/"
_STRING = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
_PATTERN = r"(?:(?<=[(!])|(?<=[(,=:!&|] ))/(?![/*])(?:\\.|[^/\\\n])+/"


def without_words(code: str) -> str:
    """Code without its comments, its strings and its regular expressions."""
    return re.sub(f"{_STRING}|{_COMMENT}|{_PATTERN}", '""', code, flags=re.S)


def modules(scripts: Path) -> set[str]:
    """What the list loads, at once or later, without the map."""
    found, waiting = set[str](), ["rider.js", "service-worker.js", "early.js"]
    while waiting:
        name = waiting.pop()
        if name not in found and name != MAP:
            found.add(name)
            code = (scripts / name).read_text("utf-8")
            waiting += re.findall(r"(?:from|import\() ?\"\./([\w-]+\.js)\"", code)
    return found


def test_no_script_of_the_list_is_younger_than_its_engines(root: Path) -> None:
    scripts = root / "web/static/js"
    names = modules(scripts)
    assert names >= {"rides.js", "street-snap.js", "place-picker.js", "openness.js"}
    assert "basemap.js" not in names
    faults = [
        f"{name}: {line.strip()} ({what})"
        for name in sorted(names)
        for line in without_words((scripts / name).read_text("utf-8")).splitlines()
        for pattern, what in YOUNGER.items()
        if re.search(pattern, line)
    ]
    assert faults == []


def test_no_style_of_the_list_is_either(root: Path) -> None:
    for name in ("tokens", "base", "card", "rider"):
        text = (root / f"web/static/css/{name}.css").read_text("utf-8")
        rules = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        assert re.findall(YOUNGER_STYLES, rules) == [], name


@pytest.mark.parametrize(
    "code",
    [
        "a?.b",
        "a ?? b",
        "a ||= 1",
        "this.#x = 1;",
        "list.at(-1)",
        "await x;",
        "1_000",
        "s.replaceAll(a, b)",
    ],
)
def test_the_test_itself_sees_what_is_younger(code: str) -> None:
    assert any(re.search(pattern, without_words(code)) for pattern in YOUNGER)
