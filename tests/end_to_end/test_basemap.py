"""The base map in a real browser: there, and not in part."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from .conftest import DESKTOP, PHONE, Open

pytestmark = pytest.mark.browser

Box = tuple[int, int, int, int]

#: So short that a card has to be scrolled.
SHORT = {"width": 390, "height": 560}


def still(page: Page) -> None:
    """Wait until two pictures, some time apart, are the same."""
    last, until = b"", time.monotonic() + 30
    while time.monotonic() < until:
        page.wait_for_timeout(700)
        now = page.screenshot()
        if now == last:
            return
        last = now
    pytest.fail("the page does not come to rest")


def pixels(page: Page, box: Box) -> Any:
    """A part of the page as it is seen. (A picture of that part alone would be drawn anew.)"""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return np.asarray(picture.crop(box)).astype(int)


def seen_and_all(page: Page) -> tuple[Any, Any]:
    """What can be seen of the map above or beside the open card, with it and without it."""
    card, whole = page.locator("#panel").bounding_box(), page.locator("#map").bounding_box()
    assert card
    assert whole
    left, top = round(whole["x"]) + 1, round(whole["y"]) + 1
    right, bottom = left + int(whole["width"]) - 2, top + int(whole["height"]) - 2
    if card["width"] < whole["width"]:  # on a wide page it stands beside
        left = round(card["x"] + card["width"])
    else:
        bottom = min(bottom, int(card["y"]))
    with_card = pixels(page, (left, top, right, bottom))
    page.locator("#panel").evaluate("panel => { panel.style.visibility = 'hidden'; }")
    page.wait_for_timeout(500)
    return with_card, pixels(page, (left, top, right, bottom))


@pytest.mark.parametrize(
    ("viewport", "slow"),
    [
        pytest.param(SHORT, 6, id="short and slow"),
        pytest.param(PHONE, 1, id="phone", marks=pytest.mark.campaign),
        pytest.param(DESKTOP, 1, id="desktop", marks=pytest.mark.campaign),
    ],
)
def test_the_map_behind_an_open_card_is_not_blank(
    open_page: Open, viewport: dict[str, int], slow: int
) -> None:
    """A card over the lower part of the map must not take the upper part away, and tiles that were
    dropped half-way while the map moved must come back."""
    page, watch = open_page("/c/shucheng/", viewport=viewport)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slow})
    page.wait_for_selector("#map[data-ready=yes]", timeout=60_000)
    for link in page.locator("[data-open]").all()[:2]:
        link.evaluate("link => link.click()")
    still(page)
    seen, whole = seen_and_all(page)
    # Near the card its shadow lies on the map.
    differ = (np.abs(seen - whole).max(axis=2) > 24).mean()
    assert differ < 0.05
    assert len(np.unique(seen.reshape(-1, 3), axis=0)) > 20
    watch.assert_clean()
