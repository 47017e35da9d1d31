"""Take the README's pictures from the running product: the rider's page, the planner's, a sign;
the example ledger on the staff's page; and the two kinds of signs.

    python docs/make_pictures.py

A release of 舒城 is built for a fixed day into a temporary folder and served; the real browser of
the tests photographs it at a fixed time of that day. Nothing in the pictures is drawn by hand.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from locator.counties import find_county, list_counties
from locator.outputs.signs.direction import direction_signs
from locator.outputs.signs.door import door_signs
from locator.outputs.signs.sites import read_sign_sites
from locator.outputs.signs.sizes import SIZES, Paper
from locator.release.build import build_release
from locator.release.publish import publish
from locator.server.app import Settings, create_app
from locator.streets.frozen import read_frozen

ROOT = Path(__file__).parent.parent
AS_OF = date(2026, 11, 20)
TAKEN_AT = datetime(2026, 11, 20, 11, 40, tzinfo=UTC)  # 19:40 in the county
STATION, SITE = "341523-001", "341523-g02"

HEIGHT, MARGIN = 1010, 40
GROUND, EDGE = "#EDE6DA", "#D5CABA"


def main() -> None:
    """Write docs/overview.png, docs/check.png and docs/signs.png."""
    with TemporaryDirectory() as folder:
        var = Path(folder)
        county = find_county(ROOT / "data", "shucheng")
        release = build_release(
            county,
            all_counties=list_counties(ROOT / "data"),
            data=ROOT / "data",
            var=var,
            as_of=AS_OF,
        )
        publish(var, county.slug, release.hash)
        signs = door_signs(release, var / "signs", Paper(SIZES["A4"], lang="both"))
        sign = next(path for path in signs.written if path.stem == STATION)
        assert county.sign_sites is not None
        sites, _ = read_sign_sites(county.path(county.sign_sites), county.centre)
        towards = direction_signs(
            release, county, [site for site in sites if site.id == SITE], read_frozen(county),
            var / "signs", Paper(SIZES["A4"]),
        ).written[0]  # fmt: skip
        settings = Settings(var=var, data=ROOT / "data", staff=True, now=lambda: TAKEN_AT)
        server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            site = f"http://127.0.0.1:{server.server_port}"
            address = f"{site}/c/{county.slug}/"
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox"]
                )
                photograph(browser, address, var / "rider.png", 390, 844)
                photograph(browser, f"{address}plan", var / "plan.png", 1100, 844)
                check_ledger(browser, f"{site}/staff/check", var / "check.png")
                browser.close()
        finally:
            server.shutdown()
        page = pypdfium2.PdfDocument(sign)[0]
        direction = pypdfium2.PdfDocument(towards)[0]
        compose(direction.render(scale=2).to_pil(), page.render(scale=2).to_pil()).save(
            ROOT / "docs" / "signs.png", optimize=True
        )
        compose(
            Image.open(var / "rider.png"),
            Image.open(var / "plan.png"),
            page.render(scale=2).to_pil(),
        ).save(ROOT / "docs" / "overview.png", optimize=True)
        compose(Image.open(var / "check.png")).save(ROOT / "docs" / "check.png", optimize=True)


def photograph(browser: Browser, url: str, out: Path, width: int, height: int) -> None:
    """A page as its reader sees it, at the fixed time."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2, locale="zh-CN"
    )
    page = context.new_page()
    page.clock.set_fixed_time(TAKEN_AT)
    page.goto(url)
    page.wait_for_timeout(5_000)  # the map draws in software here
    page.screenshot(path=str(out))
    context.close()


def check_ledger(browser: Browser, url: str, out: Path) -> None:
    """The example ledger as staff see it checked, with a row chosen on the map."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 860}, device_scale_factor=1.5, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(url)
    page.set_input_files("#file", ROOT / "data/examples/ledger-with-faults.xlsx")
    page.click("#submit")
    page.click("button[name=pass]")  # the example holds fewer stations than the release
    page.wait_for_selector("#found-title")
    page.wait_for_timeout(5_000)
    page.locator(".both").evaluate("both => both.scrollIntoView()")
    page.wait_for_timeout(1_000)
    page.screenshot(path=str(out))
    context.close()


def compose(*pictures: Image.Image) -> Image.Image:
    """The pictures beside one another, all of one height."""
    height = HEIGHT - 2 * MARGIN
    scaled = [
        picture.convert("RGB").resize(
            (round(picture.width * height / picture.height), height), Image.Resampling.LANCZOS
        )
        for picture in pictures
    ]
    width = sum(picture.width + MARGIN for picture in scaled) + MARGIN
    sheet = Image.new("RGB", (width, HEIGHT), GROUND)
    left = MARGIN
    for picture in scaled:
        sheet.paste(EDGE, (left - 1, MARGIN - 1, left + picture.width + 1, MARGIN + height + 1))
        sheet.paste(picture, (left, MARGIN))
        left += picture.width + MARGIN
    return sheet.quantize(256, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
