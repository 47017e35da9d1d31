from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pypdfium2 as pdfium
import pytest

from locator.outputs.drawing import Sheet, Text
from locator.outputs.pdf import Book


@pytest.mark.parametrize("turn", [-180.0, -90.0, -22.0, 0.0, 1e-12, 30.0, 90.0, 180.0, 270.0])
def test_words_are_seen_however_they_are_turned(turn: float) -> None:
    """A quarter turn's cosine is nearly nought, and PDF has no way to write 6e-17."""
    book = Book("", "", datetime(2026, 11, 30, tzinfo=UTC))
    book.page(Sheet(60, 60, [Text("驿站", 30, 30, 10, "#000000", anchor=0.5, turn=turn)]))
    image = pdfium.PdfDocument(book.pdf())[0].render(scale=3).to_numpy()[..., :3]
    dark = np.argwhere((image < 128).all(axis=2))
    assert len(dark) > 500
    high, wide = np.ptp(dark, axis=0)
    assert (high > wide) == (round(abs(np.sin(np.radians(turn))), 3) > 0.8)
