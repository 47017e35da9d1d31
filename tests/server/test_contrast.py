"""The words of the rider's page are read in the sun: contrast as WCAG reckons it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

#: Words on their ground, and the least that they keep: 7 is AAA; 4.5 is AA, and AAA for large
#: bold ones.
PAIRS = {
    ("ink", "paper"): 7, ("muted", "paper"): 7, ("muted", "surface"): 7, ("paper", "ink"): 7,
    ("open", "open-ground"): 7, ("closing", "closing-ground"): 7, ("closed", "closed-ground"): 7,
    ("unknown", "unknown-ground"): 7, ("open", "paper"): 7, ("closing", "paper"): 7,
    ("ember-deep", "ember-ground"): 7, ("on-ember", "ember-deep"): 7,
    ("on-ember", "ember"): 4.5, ("muted", "sunken"): 4.5, ("map-label-muted", "map-land"): 4.5,
}  # fmt: skip


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_words_stand_out(root: Path, night: bool) -> None:
    text = (root / "web/static/css/tokens.css").read_text("utf-8")
    day, dark = text.split("@media screen and (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", day))
    if night:
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
    short = {
        f"{words} on {ground}": round(contrast(colours[words], colours[ground]), 2)
        for (words, ground), least in PAIRS.items()
        if contrast(colours[words], colours[ground]) < least
    }
    assert short == {}
