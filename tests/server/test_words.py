from __future__ import annotations

import re
from pathlib import Path

import pytest

from locator.server.staff_view import SEVERITIES
from locator.server.words import LANGUAGES, catalogue, say, script_words

TEMPLATES = (
    "base", "index", "county", "station", "error", "list_file", "_card", "_filters", "_map",
    "_dialogs", "go",
)  # fmt: skip
STAFF_TEMPLATES = ("staff_check", "staff_result", "staff_rule")


@pytest.mark.parametrize("section", ["page", "script", "staff", "staff_script"])
def test_every_word_is_there_in_both_languages(section: str) -> None:
    for key, texts in catalogue()[section].items():
        assert list(texts) == list(LANGUAGES), key
        assert all(text.strip() for text in texts.values()), key
        braces = [sorted(re.findall(r"\{(\w+)\}", text)) for text in texts.values()]
        if not key.startswith("on_date"):
            assert braces[0] == braces[1], key


def test_templates_use_every_page_word_and_no_other(root: Path) -> None:
    used: set[str] = set()
    for name in (*TEMPLATES, *STAFF_TEMPLATES):
        text = (root / f"web/templates/{name}.html").read_text("utf-8")
        used |= set(re.findall(r"\bt\([\"'](\w+)[\"']", text))
        # No words of a person's language stand in a template.
        assert not re.search("[\u4e00-\u9fff]", re.sub(r"\{#.*?#\}", "", text, flags=re.S)), name
    said = set(catalogue()["page"])
    assert used <= said
    in_python = {key for key in said if key.startswith(("error_", "by_", "compass_"))}
    assert said - used - in_python == set()


def test_staff_templates_use_every_staff_word_and_no_other(root: Path) -> None:
    texts = [(root / f"web/templates/{name}.html").read_text("utf-8") for name in STAFF_TEMPLATES]
    used = {key for text in texts for key in re.findall(r"\bs\([\"'](\w+)[\"']", text)}
    severities = {f"{each}{end}" for each in SEVERITIES for end in ("", "_means")}
    in_python = {key for key in catalogue()["staff"] if key.startswith(("headline_", "trouble_"))}
    assert used | severities | in_python | {"summary"} == set(catalogue()["staff"])


def test_staff_scripts_use_every_word_of_theirs_and_no_other(root: Path) -> None:
    paths = (root / "web/static/js").glob("staff-*.js")
    text = "\n".join(path.read_text("utf-8") for path in paths)
    said = set(catalogue()["staff_script"])
    assert set(re.findall(r"\bsay\(\"(\w+)\"", text)) <= said
    assert said == {key for key in said if re.search(rf"\b(say\(\"|words\.){key}\b", text)}


def test_scripts_use_every_script_word_and_no_other(root: Path) -> None:
    used, asked = set[str](), set[str]()
    for path in (root / "web/static/js").glob("*.js"):
        if not path.name.startswith(("plan", "staff")):
            code = re.sub(r"^\s*(//|\*|/\*).*$", "", path.read_text("utf-8"), flags=re.M)
            assert not re.search("[\u4e00-\u9fff]", code), path.name
            used |= set(re.findall(r"[\"'](\w+)[\"']", code))
            asked |= set(re.findall(r"\bsay\(\"(\w+)\"\s*[,)]", code))
    said = set(catalogue()["script"])
    assert asked <= said
    weekdays = {f"weekday_{day}" for day in range(7)}
    assert said - used - weekdays == set()
    assert {word for word in used if word.startswith(("state_", "locate_"))} - said <= {
        "state_",
    }


def test_braces_are_filled() -> None:
    assert say("as_of", "zh", date="2026-11-01") == "名单截至 2026-11-01"
    assert script_words("en")["tomorrow"] == "tomorrow {time}"
