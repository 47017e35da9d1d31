"""Where the words of a sheet are, by the outlines of their letters."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import shapely

from locator.outputs.drawing import Clip, Item, Scaled, Sheet, Text
from locator.outputs.typeface import outlined


def texts(items: list[Item]) -> list[Text]:
    found: list[Text] = []
    for item in items:
        if isinstance(item, Text):
            found.append(item)
        elif isinstance(item, Clip):
            found += texts(list(item.items))
        elif isinstance(item, Scaled):
            found += [
                replace(text, x=text.x * item.factor + item.x, y=text.y * item.factor + item.y,
                        size=text.size * item.factor)
                for text in texts(list(item.items))
            ]  # fmt: skip
    return found


def inks(sheet_texts: list[Text]) -> list[tuple[str, Any]]:
    """Each text with the rectangle around its ink, turned as it is."""
    found = []
    for text in sheet_texts:
        if text.words.strip() and text.opacity == 1:
            ink = shapely.MultiPoint(np.concatenate(outlined(text)[-1].lines))
            found.append((text.words, ink.minimum_rotated_rectangle))
    return found


def assert_clean(sheet: Sheet, margin_mm: float = 5.0) -> None:
    """No two texts overlap, and all of them are within the margin."""
    found = inks(texts(sheet.items))
    for (one, first), (other, second) in combinations(found, 2):
        assert first.intersection(second).area < 0.05, (one, other)
    margin = shapely.box(margin_mm, margin_mm, sheet.width - margin_mm, sheet.height - margin_mm)
    for words, ink in found:
        assert margin.contains(ink), words
