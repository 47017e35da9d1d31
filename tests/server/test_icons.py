from __future__ import annotations

import tomllib
from pathlib import Path
from xml.etree import ElementTree

from locator.server.icons import FALLBACK, icon, icon_names, known_icon, sprite


def test_every_kind_and_service_has_its_own_drawing(root: Path) -> None:
    words = tomllib.loads((root / "locator/vocabulary.toml").read_text("utf-8"))
    assert set(words["kinds"]) | set(words["services"]) <= icon_names()


def test_drawings_keep_to_the_grid(root: Path) -> None:
    for path in (root / "web/static/icons").glob("*.svg"):
        drawing = ElementTree.fromstring(path.read_text("utf-8"))
        assert drawing.get("viewBox") == "0 0 24 24", path.name
        assert "currentColor" in path.read_text("utf-8"), path.name
        if drawing.get("stroke") and not path.stem.startswith("state_"):
            assert drawing.get("stroke-width") == "2", path.name
            assert drawing.get("stroke-linejoin") == "round", path.name


def test_the_sprite_holds_them_all() -> None:
    drawn = ElementTree.fromstring(str(sprite()))
    ids = {symbol.get("id") for symbol in drawn}
    assert ids == {f"i-{name}" for name in icon_names()}


def test_what_a_county_made_up_is_drawn_too() -> None:
    assert known_icon("karaoke") == FALLBACK
    assert f"#i-{FALLBACK}" in icon('"><script>')
