"""What all tests share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

# No deadline for an example: the first one of a run may load a library, and machines are shared.
if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("locator", deadline=None)
settings.load_profile("locator")

ROOT = Path(__file__).parent.parent
# Root needs --no-sandbox; the others keep the browser from calling home.
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """The two illustrative counties."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data and bad inputs that are kept beside the project, not in it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder of shared test data beside the project")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, once for all tests: a second one beside it cannot be started."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed_chromium(), args=BROWSER_ARGUMENTS
        )
        yield browser
        browser.close()


def installed_chromium() -> str:
    """Where the system's browser is."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("chromium is not installed; tests/browser.sh installs it")
    return path
