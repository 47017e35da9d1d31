"""A real browser on a real server: pages are opened, watched, and tapped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from locator.county import web_root
from locator.release.publish import Release, open_release
from locator.server.app import Settings, create_app
from tests.server.tiny_release import write_release

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
ANDROID = "Mozilla/5.0 (Linux; Android 10; V1936A) AppleWebKit/537.36 Chrome/80.0 Mobile Safari"
WECHAT = ANDROID + " MicroMessenger/8.0.30"


#: A Monday noon in Shucheng: the server's clock and, unless a test says otherwise, the phone's.
NOON = datetime.fromisoformat("2026-11-02T12:00:00+08:00")


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing."""

    def send_header(self, keyword: str, value: str) -> None:
        """Without today's date: a page's clock stands where its test has put it."""
        if keyword != "Date":
            super().send_header(keyword, value)


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The address of a server that runs for the time of the block."""
    server = make_server(
        "127.0.0.1", 0, create_app(settings), threaded=True, request_handler=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Watch:
    """What a page did that it should not have."""

    origin: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def look_at(self, page: Page) -> None:
        page.on("request", lambda request: self._request(request.url))
        page.on("requestfailed", lambda request: self.failed.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self._console(said.type, said.text))

    def assert_clean(self) -> None:
        """No other host was asked, nothing was refused by the policy, nothing threw."""
        assert self.foreign == []
        assert self.errors == []

    def _request(self, url: str) -> None:
        if not url.startswith((self.origin + "/", "data:", "blob:")):
            self.foreign.append(url)

    def _console(self, kind: str, text: str) -> None:
        # A browser without a graphics card warns of its own slowness.
        if kind == "error" or ("Content Security Policy" in text):
            self.errors.append(text)


def wait_until(page: Page, met: Callable[[], bool]) -> None:
    """Look again and again; a map without a graphics card takes its time."""
    for _ in range(40):
        if met():
            return
        page.wait_for_timeout(250)
    raise AssertionError("it did not come to pass in ten seconds")


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds to be in the way of a reader of the page as it stands."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:120]}"
        for rule in found
        for node in rule["nodes"]
    ]


Open = Callable[..., tuple[Page, Watch]]


@pytest.fixture(scope="session")
def axe() -> str:
    """The checker's text: put in by evaluating it, since the pages let no foreign script in."""
    path = web_root() / "node_modules/axe-core/axe.min.js"
    if not path.is_file():
        pytest.fail(f"{path} is missing; make setup fetches it")
    return path.read_text("utf-8")


@pytest.fixture(scope="session")
def counties_var(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the releases of both illustrative counties, never changed by a test."""
    from tests.end_to_end.built import build  # which needs what stands above

    var = tmp_path_factory.mktemp("counties")
    for slug in ("kuandian", "shucheng"):
        build(data, var, slug, NOON.date())
    return var


@pytest.fixture(scope="session")
def counties_site(counties_var: Path) -> Iterator[str]:
    """The address of both illustrative counties' server."""
    with served(Settings(var=counties_var, now=lambda: NOON)) as address:
        yield address


@pytest.fixture(scope="session")
def shucheng(counties_var: Path) -> Release:
    """What is published of 舒城."""
    return open_release(counties_var, "shucheng")


@pytest.fixture(scope="session")
def tiny_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the hand-drawn county and its map."""
    var = tmp_path_factory.mktemp("tiny")
    write_release(var, with_map=True)
    return var


@pytest.fixture(scope="session")
def site(tiny_var: Path) -> Iterator[str]:
    """The address of the hand-drawn county's server."""
    with served(Settings(var=tiny_var, now=lambda: NOON)) as address:
        yield address


@pytest.fixture
def open_page(chromium: Browser, site: str) -> Iterator[Open]:
    """``open_page(path, moment=NOON, viewport=PHONE, …)`` gives a watched page."""
    contexts = []

    def open_(path: str, *, moment: datetime = NOON, **options: Any) -> tuple[Page, Watch]:
        options = {
            "viewport": PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai",
            "service_workers": "block", **options,
        }  # fmt: skip
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.clock.set_fixed_time(moment)
        watch = Watch(site)
        watch.look_at(page)
        page.goto(site + path)
        return page, watch

    yield open_
    for context in contexts:
        context.close()
