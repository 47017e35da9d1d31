"""What all tests share."""

from __future__ import annotations

import importlib
import io
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from locator.stations import readers_child

# No deadline for an example: the first one of a run may load a library, and machines are shared.
if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("quick", deadline=None, max_examples=10)  # in `make check`
settings.register_profile("locator", deadline=None, max_examples=40)  # in `make test`
settings.register_profile("long", deadline=None, max_examples=100)  # in `make test-long`
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


@pytest.fixture(autouse=True)
def _readers_in_this_process(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are read without a child of their own, whose start takes longer than most tests.

    Tests of the child and of files that harm their reader are marked ``child`` and have it, and so
    have those of the browser.
    """
    if any(map(request.node.get_closest_marker, ("child", "browser"))):
        return

    def run(
        command: Sequence[str], *, input: bytes, **_: object
    ) -> subprocess.CompletedProcess[bytes]:
        with monkeypatch.context() as instead, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the child's go to its own stderr
            said = io.BytesIO()
            instead.setattr(readers_child, "_limit", lambda: None)
            instead.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(input)))
            instead.setattr(sys, "stdout", io.TextIOWrapper(said, write_through=True))
            importlib.import_module(command[-1]).main()
            return subprocess.CompletedProcess(command, 0, said.getvalue(), b"")

    monkeypatch.setattr(
        readers_child,
        "subprocess",
        SimpleNamespace(run=run, TimeoutExpired=subprocess.TimeoutExpired),
    )


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
