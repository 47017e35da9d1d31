"""Releases built from real ledgers, served and opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from locator.counties import find_county, list_counties
from locator.release.build import build_release
from locator.release.publish import Release, publish
from tests.end_to_end.conftest import DESKTOP, Watch


def build(data: Path, var: Path, name: str, as_of: date) -> Release:
    """Build and publish a county's release below ``var``."""
    built = build_release(
        find_county(data, name), all_counties=list_counties(data), data=data, var=var, as_of=as_of
    )
    return publish(var, built.county["slug"], built.hash)


@contextmanager
def opened(
    browser: Browser, site: str, path: str, *, moment: datetime | None = None, **options: Any
) -> Iterator[Page]:
    """A page of ``site`` (1280 px wide unless said); at the end nothing strange may have happened.

    No other host was asked, no request failed, the console holds no error. With ``moment`` the
    page's clock stands still there.
    """
    ours = {"viewport": DESKTOP, "locale": "zh-CN", "service_workers": "block"}
    context = browser.new_context(**{**ours, **options})
    page = context.new_page()
    page.set_default_timeout(20_000)
    if moment is not None:
        page.clock.set_fixed_time(moment)
    watch = Watch(site)
    watch.look_at(page)
    page.goto(site + path)
    try:
        yield page
        watch.assert_clean()
        # A map that moves on lets go of the tiles it no longer needs.
        assert [url for url in watch.failed if not url.endswith(".pmtiles")] == []
    finally:
        context.close()
