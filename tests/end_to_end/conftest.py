"""A real browser, a real server, and a visit that notices what should not happen."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from locator.server.app import Settings, create_app

#: A quiet browser: it asks nobody anything of its own accord, and draws WebGL in software.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--ignore-gpu-blocklist",
    "--enable-unsafe-swiftshader",
)


@dataclass
class Visit:
    """A page and what it did: requests to other hosts, errors in the console, failed answers."""

    page: Page
    base: str
    foreign: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        self.page.goto(self.base + address)
        return self.page

    def assert_clean(self) -> None:
        assert self.foreign == []
        assert self.troubles == []


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium: run tests/browser.sh")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serving() -> Iterator[Callable[[Path], str]]:
    """Serve the releases below a folder; gives the address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running: dict[Path, Any] = {}

    def start(var: Path) -> str:
        if var not in running:
            server = make_server("127.0.0.1", 0, create_app(Settings(var=var)), threaded=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            running[var] = server
        return f"http://127.0.0.1:{running[var].port}"

    yield start
    for server in running.values():
        server.shutdown()
        server.server_close()


@pytest.fixture
def visit(chromium: Browser, serving: Callable[[Path], str]) -> Callable[..., Any]:
    """``with visit(var, width=390, …) as seen: page = seen.open("/")``."""

    @contextmanager
    def start(var: Path, *, width: int = 1280, height: int = 800, **kind: Any) -> Iterator[Visit]:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", **kind
        )
        base = serving(var)
        seen = Visit(context.new_page(), base)
        page = seen.page
        page.set_default_timeout(20_000)
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((base, "data:", "blob:"))
                else seen.foreign.append(request.url)
            ),
        )
        page.on(
            "console",
            lambda said: (
                seen.troubles.append(said.text) if said.type in {"error", "warning"} else None
            ),
        )
        page.on("pageerror", lambda error: seen.troubles.append(str(error)))
        page.on(
            "response",
            lambda answer: (
                seen.troubles.append(f"{answer.status} {answer.url}")
                if answer.status >= 400
                else None
            ),
        )
        page.on("dialog", lambda dialog: seen.troubles.append(f"dialog: {dialog.message}"))
        try:
            yield seen
        finally:
            context.close()

    return start
